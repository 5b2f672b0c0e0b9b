// SPDX-License-Identifier: GPL-2.0
/*
 * What a miniport above a library of ALSA's needs: substreams shown, numbers of
 * PCM devices, no resume, and rings that are in a device's list as a whole.
 */
#include <sound/core.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

static void note_open(struct fake *fake, u32 pin_id,
		      struct snd_pcm_substream *substream)
{
	fake->substream = substream;
	KUNIT_EXPECT_EQ(fake->test, pin_id, substream->stream);
	/* What it narrows the port doesn't widen again. */
	snd_pcm_hw_constraint_minmax(substream->runtime,
				     SNDRV_PCM_HW_PARAM_RATE, 8000, 11025);
}

static void substream_is_shown(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application_params fast = { .rate = 48000 };
	struct application *app;
	struct application other = { .test = test };
	struct isubstream *face;

	fake->shows_substreams = true;
	fake->on_open = note_open;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	expect_log(fake, "open-p");
	KUNIT_EXPECT_PTR_EQ(test, fake->substream, app->substream);
	KUNIT_EXPECT_LT(test, application_hw_params(app, &fast), 0);
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_ASSERT_EQ(test, isubstream_query(
			&fake->streams[0]->port_stream->unknown, &face), 0);
	KUNIT_EXPECT_PTR_EQ(test, face->vtbl->substream(face), app->substream);
	iunknown_put(&face->unknown);
	application_close(app);
	expect_log(fake, "new-p gone-p close-p");
	/* It may refuse, and then nothing is left open. */
	fake->open_error = -EBUSY;
	KUNIT_EXPECT_EQ(test, application_try_open(&other, fake, 0, RECORD),
			-EBUSY);
	expect_log(fake, "open-c");
	fake->open_error = 0;
	KUNIT_EXPECT_EQ(test, application_try_open(&other, fake, 0, RECORD), 0);
	application_close(&other);
	expect_log(fake, "open-c close-c");
}

static void keep(struct fake *fake, u32 pin_id,
		 struct snd_pcm_substream *substream)
{
	substream->runtime->private_data = fake;
}

static void find_again(struct fake *fake, struct snd_pcm_substream *substream)
{
	KUNIT_EXPECT_PTR_EQ(fake->test, substream->runtime->private_data,
			    (void *)fake);
	substream->runtime->private_data = NULL;
}

/* A library's codec has its own in there, from open to close. */
static void substream_is_the_librarys(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->shows_substreams = true;
	fake->on_open = keep;
	fake->on_close = find_again;
	fake_start(fake);
	app = application_running(test, fake, PLAY);
	KUNIT_EXPECT_PTR_EQ(test, app->substream->runtime->private_data,
			    (void *)fake);
	application_close(app);
	expect_log(fake, "open-p new-p acquire pause run pause acquire stop gone-p close-p");
}

static int nobody(struct fake_stream *stream,
		  struct iminiport_wavepci_stream **out,
		  struct iservice_group **service_group)
{
	struct isubstream *face;

	if (isubstream_query(&stream->port_stream->unknown, &face))
		return -ENOENT;
	KUNIT_EXPECT_NULL(stream->fake->test, face->vtbl->substream(face));
	iunknown_put(&face->unknown);
	return 0;
}

/* The stream that is made when the pin is registered plays for nobody. */
static void substream_of_nobody(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->on_new_stream = nobody;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), 0);
}

static void substream_numbers(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pin_count = 4;
	fake->pcm.device = 3;
	fake_start(fake);
	KUNIT_EXPECT_NULL(test, application_pcm(fake, 0));
	KUNIT_EXPECT_NOT_NULL(test, application_pcm(fake, 3));
	KUNIT_EXPECT_NOT_NULL(test, application_pcm(fake, 4));
	fake_stop(fake);
	/* The last number will do, and none is left for the second pair. */
	fake->pcm.device = SNDRV_PCM_DEVICES - 1;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EBUSY);
	fake->description.pin_count = 2;
	fake_start(fake);
	KUNIT_EXPECT_NOT_NULL(test, application_pcm(fake,
						    SNDRV_PCM_DEVICES - 1));
}

static int try_ring(struct application *app, u32 period, u32 periods)
{
	struct application_params params = {
		.period_bytes = period,
		.periods = periods,
	};

	return application_hw_params(app, &params);
}

/* Of twelve mappings at most, whatever the memory: a page each, at worst. */
static void substream_whole_rings(struct kunit *test)
{
	const u32 page = PAGE_SIZE;
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->framing.frames = 12;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, try_ring(app, page, 12), 0);
	KUNIT_EXPECT_LT(test, try_ring(app, page, 13), 0);
	KUNIT_EXPECT_EQ(test, try_ring(app, page / 2, 12), 0);
	KUNIT_EXPECT_LT(test, try_ring(app, page / 2, 13), 0);
	KUNIT_EXPECT_EQ(test, try_ring(app, 3 * page, 4), 0);
	/* Eight pages and four ends of periods, two of them with a page's. */
	KUNIT_EXPECT_EQ(test, try_ring(app, page / 2 * 3, 5), 0);
	KUNIT_EXPECT_LT(test, try_ring(app, page / 2 * 3, 8), 0);
	KUNIT_EXPECT_EQ(test, try_ring(app, 64, 12), 0);
	KUNIT_EXPECT_LT(test, try_ring(app, 64, 13), 0);
	application_close(app);
	fake_stop(fake);

	/* What it merely prefers is no limit. */
	fake->framing.requirements_flags =
		KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, try_ring(app, page, 13), 0);
}

/* Whatever the period is, the longest ring that ALSA may choose fits. */
static void substream_ring_is_chosen(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application_params want = {};
	struct snd_pcm_hw_params *params;
	struct application *app;
	int err;

	fake->framing.frames = 12;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	params = kunit_kmalloc(test, sizeof(*params), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, params);
	for (want.period_bytes = 64; want.period_bytes <= 5 * PAGE_SIZE;
	     want.period_bytes += 64) {
		application_fill(params, &want);
		snd_interval_any(hw_param_interval(params,
					SNDRV_PCM_HW_PARAM_PERIODS));
		err = snd_pcm_kernel_ioctl(app->substream,
					   SNDRV_PCM_IOCTL_HW_PARAMS, params);
		KUNIT_ASSERT_EQ_MSG(test, err, 0, "periods of %u bytes",
				    want.period_bytes);
		application_hw_free(app);
	}
}

static void substream_no_resume(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->options.no_resume = true;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_FALSE(test, app->substream->runtime->hw.info &
				 SNDRV_PCM_INFO_RESUME);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(substream_is_shown),
	KUNIT_CASE(substream_is_the_librarys),
	KUNIT_CASE(substream_of_nobody),
	KUNIT_CASE(substream_numbers),
	KUNIT_CASE(substream_whole_rings),
	KUNIT_CASE(substream_ring_is_chosen),
	KUNIT_CASE(substream_no_resume),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-substream",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
