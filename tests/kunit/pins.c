// SPDX-License-Identifier: GPL-2.0
/*
 * Pins: how many there are, how many can be open, what their buffers may be.
 */
#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

static bool has(struct snd_pcm *pcm, int direction)
{
	return pcm && pcm->streams[direction].substream_count;
}

/* The n-th of each direction are a PCM device together. */
static void pins_become_devices(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pin_count = 3;
	fake->pins[2].name = "Second";
	fake_start(fake);
	KUNIT_ASSERT_NOT_NULL(test, application_pcm(fake, 1));
	KUNIT_EXPECT_TRUE(test, has(application_pcm(fake, 0), PLAY));
	KUNIT_EXPECT_TRUE(test, has(application_pcm(fake, 0), RECORD));
	KUNIT_EXPECT_TRUE(test, has(application_pcm(fake, 1), PLAY));
	KUNIT_EXPECT_FALSE(test, has(application_pcm(fake, 1), RECORD));
	KUNIT_EXPECT_NULL(test, application_pcm(fake, 2));
	KUNIT_EXPECT_STREQ(test, application_pcm(fake, 0)->name, "Fake");
	KUNIT_EXPECT_STREQ(test, application_pcm(fake, 1)->name,
			   "Fake - Second");
}

static void pins_bridges_are_none(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->pins[0].communication = KSPIN_COMMUNICATION_NONE;
	fake_start(fake);
	KUNIT_EXPECT_FALSE(test, has(application_pcm(fake, 0), PLAY));
	KUNIT_EXPECT_TRUE(test, has(application_pcm(fake, 0), RECORD));
}

static void pins_wrong_descriptions(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pin_count = 0;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->description.pin_count = 2;
	fake->pins[1].data_ranges_count = 0;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->pins[1].data_ranges_count = 1;
	fake->ranges[0].maximum_channels = 0;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->ranges[0].maximum_channels = 2;
	fake->ranges[0].minimum_sample_frequency = 96000;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->ranges[0].minimum_sample_frequency = 8000;
	fake->framing.file_alignment = 2;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->framing.file_alignment = 0;
	fake->framing_error = -EIO;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EIO);
	fake->framing_error = 0;
	fake->stream_error = -ENODEV;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -ENODEV);
	fake->stream_error = 0;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), 0);
}

/* What comes first may be what only others understand: it is left out. */
static void pins_unknown_ranges(struct kunit *test)
{
	static const guid_t dolby = GUID_INIT(0xe06d802c, 0xdb46, 0x11cf, 0xb4,
					      0xd1, 0x00, 0x80, 0x5f, 0x6c,
					      0xbb, 0xea);
	struct fake *fake = fake_new(test);

	fake->ranges[0].data_range.sub_format = dolby;
	fake->pins[0].data_ranges_count = 2;
	fake->pins[1].data_ranges_count = 2;
	fake_start(fake);
	application_running(test, fake, PLAY);
	application_running(test, fake, RECORD);
}

static void pins_maximum_instances(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *first = application_open(test, fake, PLAY);
	struct application third = { .test = test };

	application_open(test, fake, PLAY);
	KUNIT_EXPECT_LT(test, application_try_open(&third, fake, 0, PLAY), 0);
	application_open(test, fake, RECORD);
	application_close(first);
	KUNIT_EXPECT_EQ(test, application_try_open(&third, fake, 0, PLAY), 0);
	application_close(&third);
}

/* What PinCount was told, and what it answers. */
static struct {
	u32 pin, necessary, current_filter, possible_filter, current_global,
	    possible_global;
	u32 allow_filter, allow_global;
} asked;

static void count_pins(u32 pin_id, u32 *filter_necessary, u32 *filter_current,
		       u32 *filter_possible, u32 *global_current,
		       u32 *global_possible)
{
	asked.pin = pin_id;
	asked.necessary = *filter_necessary;
	asked.current_filter = *filter_current;
	asked.possible_filter = *filter_possible;
	asked.current_global = *global_current;
	asked.possible_global = *global_possible;
	*filter_possible = asked.allow_filter;
	*global_possible = asked.allow_global;
}

static void pins_pin_count(struct kunit *test)
{
	struct application other = { .test = test };
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->description.pin_count = 3;
	fake->pin_count = count_pins;
	fake->pins[2].min_filter_instance_count = 1;
	fake->pins[2].max_global_instance_count = 7;
	fake_start(fake);
	asked.allow_filter = KSINSTANCE_INDETERMINATE;
	asked.allow_global = KSINSTANCE_INDETERMINATE;
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, fake->pin_counts, 1);
	KUNIT_EXPECT_EQ(test, asked.pin, 0);
	KUNIT_EXPECT_EQ(test, asked.necessary, 0);
	KUNIT_EXPECT_EQ(test, asked.current_filter, 0);
	KUNIT_EXPECT_EQ(test, asked.possible_filter, 2);
	KUNIT_EXPECT_EQ(test, asked.current_global, 0);
	KUNIT_EXPECT_EQ(test, asked.possible_global,
			KSINSTANCE_INDETERMINATE);

	/* One of this pin is all there may be: refused. */
	asked.allow_filter = 1;
	KUNIT_EXPECT_EQ(test, application_try_open(&other, fake, 0, PLAY),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, asked.current_filter, 1);
	/* One of them on all filters together: refused as well. */
	asked.allow_filter = KSINSTANCE_INDETERMINATE;
	asked.allow_global = 1;
	KUNIT_EXPECT_EQ(test, application_try_open(&other, fake, 0, PLAY),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, asked.current_global, 1);
	/* Another pin has its own count, and says what it needs. */
	KUNIT_EXPECT_EQ(test, application_try_open(&other, fake, 1, PLAY), 0);
	KUNIT_EXPECT_EQ(test, asked.pin, 2);
	KUNIT_EXPECT_EQ(test, asked.current_filter, 0);
	KUNIT_EXPECT_EQ(test, asked.current_global, 0);
	KUNIT_EXPECT_EQ(test, asked.necessary, 1);
	KUNIT_EXPECT_EQ(test, asked.possible_global, 7);
	application_close(&other);
	application_close(app);
	KUNIT_EXPECT_EQ(test, fake->pin_counts, 4);
}

static void pins_without_pin_count(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->plain = true;
	fake_start(fake);
	application_open(test, fake, PLAY);
	application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, fake->pin_counts, 0);
}

/* What the DMA channel is long is a limit for each mapping, not for the ring. */
static void pins_channel_limit(struct kunit *test)
{
	static const u32 tries[][2] = {
		{ 1000, 1000 }, { U32_MAX, 65536 }, { 0, 65536 }
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		struct fake *fake = fake_new(test);
		struct fake_stream *stream;
		struct application *app;

		fake->channel_bytes = tries[i][0];
		fake_start(fake);
		app = application_running(test, fake, PLAY);
		KUNIT_EXPECT_EQ(test,
				app->substream->runtime->hw.buffer_bytes_max,
				8 << 20);
		stream = fake->streams[PLAY];
		KUNIT_EXPECT_EQ(test, fake_get(stream), 0);
		KUNIT_EXPECT_LE(test, stream->held[stream->first].bytes,
				tries[i][1]);
		KUNIT_EXPECT_GE(test, stream->held[stream->first].bytes, 1000);
		application_close(app);
		fake_stop(fake);
	}
}

static void pins_aligned_periods(struct kunit *test)
{
	struct application_params odd = { .period_bytes = 1000 };
	struct application_params even = { .period_bytes = 1024 };
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->framing.file_alignment = 127;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &odd), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &even), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(pins_become_devices),
	KUNIT_CASE(pins_bridges_are_none),
	KUNIT_CASE(pins_wrong_descriptions),
	KUNIT_CASE(pins_unknown_ranges),
	KUNIT_CASE(pins_maximum_instances),
	KUNIT_CASE(pins_pin_count),
	KUNIT_CASE(pins_without_pin_count),
	KUNIT_CASE(pins_channel_limit),
	KUNIT_CASE(pins_aligned_periods),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-pins",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
