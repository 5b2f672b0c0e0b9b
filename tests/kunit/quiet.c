// SPDX-License-Identifier: GPL-2.0
/*
 * Time without period wakeups: ALSA counts laps by the clock, and nobody is told
 * of a packet for long.
 */
#include <linux/iopoll.h>
#include <linux/jiffies.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static struct fake_stream *fake_quiet(struct kunit *test,
				      struct application **app)
{
	struct application_params params = { .no_wakeup = true };
	struct fake *fake = fake_card(test);

	*app = application_open(test, fake, PLAY);
	KUNIT_ASSERT_EQ(test, application_hw_params(*app, &params), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(*app), 0);
	return fake->streams[PLAY];
}

static void quiet_short_ring_wakes(struct kunit *test)
{
	struct application_params params = {
		.rate = 48000, .period_bytes = 64, .periods = 2,
		.no_wakeup = true,
	};
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_EXPECT_FALSE(test, runtime->no_period_wakeup);
	/* A frame less than four jiffies, and four. */
	params.period_bytes = 4 * 48000 / HZ / 2 - 1;
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_EXPECT_FALSE(test, runtime->no_period_wakeup);
	params.period_bytes++;
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_EXPECT_TRUE(test, runtime->no_period_wakeup);
}

static void quiet_streaming_wakes(struct kunit *test)
{
	struct application_params params = { .no_wakeup = true };
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->options.streaming = true;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_EXPECT_FALSE(test, app->substream->runtime->no_period_wakeup);
}

/* A pause isn't a thousand seconds of sound, and neither is a night's sleep. */
static void quiet_pause(struct kunit *test)
{
	static const int pauses[][2] = {
		{ SNDRV_PCM_TRIGGER_PAUSE_PUSH, SNDRV_PCM_TRIGGER_PAUSE_RELEASE },
		{ SNDRV_PCM_TRIGGER_SUSPEND, SNDRV_PCM_TRIGGER_RESUME },
	};
	struct application *app;
	struct fake_stream *stream = fake_quiet(test, &app);
	struct snd_pcm_runtime *runtime = app->substream->runtime;
	int i;

	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_get_all(stream);
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 100);
	for (i = 0; i < ARRAY_SIZE(pauses); i++) {
		KUNIT_EXPECT_EQ(test, application_trigger(app, pauses[i][0]),
				0);
		/* What ALSA does before it releases, or so long it was. */
		runtime->hw_ptr_jiffies = jiffies - HZ * 1000;
		KUNIT_EXPECT_EQ(test, application_trigger(app, pauses[i][1]),
				0);
		stream->position += 100;
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app),
				stream->position);
	}
}

/* It is seen to by a work, at half of the time that is left. */
static bool wait_for_silence(const u8 *byte)
{
	u8 value;

	return !read_poll_timeout(READ_ONCE, value, value == 0x80, 1000,
				  10 * USEC_PER_SEC, false, *byte);
}

/*
 * Nobody is told of a packet for long, but what was played before doesn't come
 * again, and the end is seen.
 */
static void drain_without_wakeups(struct kunit *test, bool started)
{
	struct application *app;
	struct fake_stream *stream = fake_quiet(test, &app);
	struct snd_pcm_substream *substream = app->substream;
	u8 *area = substream->runtime->dma_area;

	memset(area, 0x11, RING);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD + 100),
			PERIOD + 100);
	fake_get_all(stream);
	if (started)
		KUNIT_ASSERT_EQ(test, application_start(app), 0);
	snd_pcm_kernel_ioctl(substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_silence(&area[RING - 1]));
	KUNIT_EXPECT_EQ(test, area[PERIOD + 99], (PERIOD + 99) % 0x7f);
	KUNIT_EXPECT_NULL(test, memchr_inv(area + PERIOD + 100, 0x80,
					   RING - PERIOD - 100));
	KUNIT_EXPECT_EQ(test, (__force int)READ_ONCE(substream->runtime->state),
			(__force int)SNDRV_PCM_STATE_DRAINING);
	WRITE_ONCE(stream->position, PERIOD + 101);
	KUNIT_EXPECT_TRUE(test, application_wait_state(app,
						SNDRV_PCM_STATE_SETUP));
}

static void quiet_drain(struct kunit *test)
{
	drain_without_wakeups(test, true);
}

static void quiet_start_to_drain(struct kunit *test)
{
	drain_without_wakeups(test, false);
}

/* Nothing is played yet then: it becomes silent as it is. */
static void quiet_drain_full(struct kunit *test)
{
	struct application *app;
	struct fake_stream *stream = fake_quiet(test, &app);
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	WRITE_ONCE(stream->position, 3 * PERIOD);
	snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_silence(&area[3 * PERIOD - 1]));
	KUNIT_EXPECT_NULL(test, memchr_inv(area, 0x80, 3 * PERIOD));
	KUNIT_EXPECT_EQ(test, area[3 * PERIOD], 3 * PERIOD % 0x7f);
	WRITE_ONCE(stream->position, RING);
	KUNIT_EXPECT_TRUE(test, application_wait_state(app,
						SNDRV_PCM_STATE_SETUP));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(quiet_short_ring_wakes),
	KUNIT_CASE(quiet_streaming_wakes),
	KUNIT_CASE(quiet_pause),
	KUNIT_CASE(quiet_drain),
	KUNIT_CASE(quiet_start_to_drain),
	KUNIT_CASE(quiet_drain_full),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-quiet",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
