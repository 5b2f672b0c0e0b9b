// SPDX-License-Identifier: GPL-2.0
/*
 * GetPosition, and IPreFetchOffset, which is ahead of it.
 */
#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

static void position_is_the_pointer(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	stream->greedy = true;
	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
	stream->position = 123;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 123);
	/* Since the beginning of the stream; the port knows the ring. */
	stream->position = RING - 1;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), RING - 1);
	fake_finish_packets(stream, 1);
	stream->position = RING + 7;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), RING + 7);
}

static void position_in_frames(struct kunit *test)
{
	struct application_params stereo = {
		.format = APPLICATION_FORMAT(SNDRV_PCM_FORMAT_S16_LE),
		.channels = 2,
	};
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &stereo), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_get_all(fake->streams[0]);
	/* A sample in the middle of a frame is in that frame. */
	fake->streams[0]->position = 4 * 10 + 3;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 10);
}

static void position_never_backwards(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	stream->position = 1000;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	stream->position = 999;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	stream->position = 0;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	stream->position = 1001;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1001);
}

static void position_error(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	stream->position = 1000;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	stream->position = 2000;
	stream->position_error = -EIO;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	stream->position_error = 0;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 2000);
}

/* Nobody can have played what was never got, whatever a card says. */
static void position_has_an_end(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	stream->position = 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	stream->position = ~0ull;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
	/* It is believed again as soon as it tells the truth. */
	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	stream->position = PERIOD + 5;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD + 5);
}

/* A completed packet counts, even if the card is asked a little too early. */
static void position_after_a_packet(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	stream->position = PERIOD - 3;
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
	stream->position = PERIOD + 3;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD + 3);
}

static void position_zero_after_stop(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	stream->position = 1000;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	stream->position = 0;
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
}

static void set_prefetch(struct fake_stream *stream, u32 bytes)
{
	struct iunknown *port = &stream->port_stream->unknown;
	struct iprefetch_offset *prefetch;

	KUNIT_ASSERT_EQ(stream->fake->test,
			iprefetch_offset_query(port, &prefetch), 0);
	prefetch->vtbl->set_prefetch_offset(prefetch, bytes);
	iunknown_put(&prefetch->unknown);
}

/* However much is claimed, the pointer is what is heard. */
static void prefetch_is_no_position(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	set_prefetch(stream, 64);
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 100);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->delay, 0);
	set_prefetch(stream, U32_MAX);
	stream->position = 200;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 200);
}

/*
 * What has come from the converter and isn't in memory yet nobody reads;
 * it is delay.
 */
static void prefetch_holds_capture_back(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	fake_get_all(stream);
	set_prefetch(stream, 64);
	stream->position = 40;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->delay, 40);
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 36);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->delay, 64);
	/* What was released is in memory, whatever was claimed. */
	stream->position = PERIOD + 10;
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_ASSERT_TRUE(test, application_wait(app, PERIOD));
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->delay, 10);
	/* Nothing is held back any more. */
	set_prefetch(stream, 0);
	stream->position = PERIOD + 20;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD + 20);
}

/* The time of the sample at the converter, as the miniport reckons it. */
static void position_as_time(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct snd_pcm_runtime *runtime = app->substream->runtime;
	struct fake_stream *stream = fake->streams[0];
	u64 bytes = PERIOD - 10, expected;

	runtime->tstamp_mode = SNDRV_PCM_TSTAMP_ENABLE;
	runtime->audio_tstamp_config.type_requested =
		SNDRV_PCM_AUDIO_TSTAMP_TYPE_LINK;
	fake_get_all(stream);
	stream->position = bytes;
	expected = bytes * 10000000 /
		   stream->format.wave_format.avg_bytes_per_sec * 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), bytes);
	KUNIT_EXPECT_TRUE(test, runtime->audio_tstamp_report.actual_type ==
				SNDRV_PCM_AUDIO_TSTAMP_TYPE_LINK);
	KUNIT_EXPECT_EQ(test, runtime->status->audio_tstamp.tv_sec, 0);
	KUNIT_EXPECT_EQ(test, runtime->status->audio_tstamp.tv_nsec, expected);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(position_is_the_pointer),
	KUNIT_CASE(position_in_frames),
	KUNIT_CASE(position_never_backwards),
	KUNIT_CASE(position_error),
	KUNIT_CASE(position_has_an_end),
	KUNIT_CASE(position_after_a_packet),
	KUNIT_CASE(position_zero_after_stop),
	KUNIT_CASE(position_as_time),
	KUNIT_CASE(prefetch_is_no_position),
	KUNIT_CASE(prefetch_holds_capture_back),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-position",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
