// SPDX-License-Identifier: GPL-2.0
/*
 * What could stop a machine, or a stream for good: calls that come when they
 * shouldn't, laps that nobody saw, rings too short for ALSA's arithmetic, and
 * memory without end.
 */
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>
#include <sound/core.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

/* --- calls at the wrong time ------------------------------------------------ */

/* As START does that races with hw_params on a kernel that lets it. */
static void safety_start_unprepared(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	expect_log(fake, "new-p acquire pause acquire stop gone-p");
}

static snd_pcm_uframes_t ask_pointer(struct application *app)
{
	snd_pcm_uframes_t pointer;

	snd_pcm_stream_lock_irq(app->substream);
	pointer = app->substream->ops->pointer(app->substream);
	snd_pcm_stream_unlock_irq(app->substream);
	return pointer;
}

static void safety_pointer_unprepared(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);

	KUNIT_EXPECT_EQ(test, ask_pointer(app), 0);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, ask_pointer(app), SNDRV_PCM_POS_XRUN);
}

static int map_pages(struct application *app, unsigned long first,
		     unsigned long count)
{
	struct vm_area_struct area = {
		.vm_end = count << PAGE_SHIFT,
		.vm_pgoff = first,
	};

	return app->substream->ops->mmap(app->substream, &area);
}

/* Nothing but the ring is mapped, and nothing when it is gone. */
static void safety_page_beyond(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	unsigned long pages = DIV_ROUND_UP(RING, PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, map_pages(app, 0, pages + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, pages, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, ~0ul, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, ~0ul, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, map_pages(app, 0, 1), -EBADFD);
}

/* Told of a period in its own trigger, ALSA may stop a stream twice. */
static void safety_trigger_is_silent(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[RECORD];

	fake_get_all(stream);
	stream->position = PERIOD + 100;
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD + 100);
}

/* A card that queues what is written, and an application ready to play on it. */
static struct fake_stream *fake_streaming(struct kunit *test,
					  struct application **out_app)
{
	struct fake *fake = fake_new(test);

	fake->options.streaming = true;
	fake_start(fake);
	*out_app = application_prepared(test, fake, PLAY);
	return fake->streams[PLAY];
}

/* --- laps ------------------------------------------------------------------- */

/* All that was written is played between two looks: the pointer is the same. */
static void safety_lap_unseen(struct kunit *test)
{
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	runtime->stop_threshold = RING;
	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	stream->position = RING;
	fake_finish_packets(stream, PERIODS);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), RING);
	KUNIT_EXPECT_EQ(test, (__force int)runtime->state,
			(__force int)SNDRV_PCM_STATE_XRUN);
}

static bool wait_for_state(struct application *app, snd_pcm_state_t state)
{
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	return wait_event_timeout(runtime->sleep,
				  READ_ONCE(runtime->state) == state, 10 * HZ);
}

/*
 * Nothing moves any more that ALSA could take for the end of the drain: a packet
 * of silence does.
 */
static void safety_drain_when_dry(struct kunit *test)
{
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_NULL(test, memchr_inv(area + PERIOD, 0x80, PERIOD));
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_state(app, SNDRV_PCM_STATE_SETUP));
}

static void safety_lap_in_a_ring(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[RECORD];
	int lap;

	stream->greedy = true;
	fake_get_all(stream);
	for (lap = 1; lap <= 3; lap++) {
		stream->position = lap * RING;
		fake_finish_packets(stream, PERIODS);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), lap * RING);
	}
}

/* --- one at a time ---------------------------------------------------------- */

static atomic_t inside, most, calls;
static bool may_leave;

static void stay_inside(struct fake_stream *stream)
{
	int now = atomic_inc_return(&inside), patience = 5000;

	atomic_inc(&calls);
	if (now > atomic_read(&most))
		atomic_set(&most, now);
	while (!READ_ONCE(may_leave) && patience--)
		mdelay(1);
	atomic_dec(&inside);
}

static struct fake_stream *notified;

static void notify(struct work_struct *work)
{
	fake_notify(notified);
}

static bool wait_for(atomic_t *value, int least)
{
	int patience = 500;

	while (atomic_read(value) < least && patience--)
		msleep(20);
	return atomic_read(value) >= least;
}

/* Whoever comes while Service runs leaves word; nothing is forgotten. */
static void safety_one_at_a_time(struct kunit *test)
{
	static DECLARE_WORK(work, notify);
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);

	notified = stream;
	WRITE_ONCE(may_leave, false);
	atomic_set(&most, 0);
	atomic_set(&calls, 0);
	stream->fake->on_service = stay_inside;
	queue_work(system_unbound_wq, &work);
	KUNIT_ASSERT_TRUE(test, wait_for(&inside, 1));
	/* A mapping is to be had again, and the card interrupts once more. */
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, atomic_read(&calls), 1);

	WRITE_ONCE(may_leave, true);
	flush_work(&work);
	KUNIT_EXPECT_TRUE(test, wait_for(&stream->available, 1));
	KUNIT_EXPECT_TRUE(test, wait_for(&calls, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&most), 1);
	stream->fake->on_service = NULL;
}

/* --- time without wakeups --------------------------------------------------- */

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

static void safety_short_ring_wakes(struct kunit *test)
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

static void safety_streaming_wakes(struct kunit *test)
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
static void safety_pause_without_wakeups(struct kunit *test)
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
	KUNIT_EXPECT_TRUE(test, wait_for_state(app, SNDRV_PCM_STATE_SETUP));
}

static void safety_drain_without_wakeups(struct kunit *test)
{
	drain_without_wakeups(test, true);
}

static void safety_start_to_drain_without_wakeups(struct kunit *test)
{
	drain_without_wakeups(test, false);
}

/* Nothing is played yet then: it becomes silent as it is. */
static void safety_drain_full_without_wakeups(struct kunit *test)
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
	KUNIT_EXPECT_TRUE(test, wait_for_state(app, SNDRV_PCM_STATE_SETUP));
}

/* --- memory ----------------------------------------------------------------- */

static void safety_rings_are_counted(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct snd_card *card = pc_get_card(fake->device);
	struct application *app = application_open(test, fake, PLAY);
	size_t others = (32 << 20) - RING + 1;

	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, 0);
	card->total_pcm_alloc_bytes = others;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), -ENOMEM);
	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, others);
	card->total_pcm_alloc_bytes = --others;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, 32 << 20);
	card->total_pcm_alloc_bytes -= others;
}

static void safety_spare_is_empty(struct kunit *test)
{
	struct application_params half = { .period_bytes = PERIOD / 2 };
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct application other = { .test = test };

	memset(app->substream->runtime->dma_area, 0x77, RING);
	application_close(app);
	KUNIT_ASSERT_EQ(test, application_try_open(&other, fake, 0, PLAY), 0);
	KUNIT_EXPECT_EQ(test, application_hw_params(&other, &half), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(other.substream->runtime->dma_area +
					   RING / 2, 0, RING / 2));
	application_close(&other);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(safety_start_unprepared),
	KUNIT_CASE(safety_pointer_unprepared),
	KUNIT_CASE(safety_page_beyond),
	KUNIT_CASE(safety_trigger_is_silent),
	KUNIT_CASE(safety_lap_unseen),
	KUNIT_CASE(safety_drain_when_dry),
	KUNIT_CASE(safety_lap_in_a_ring),
	KUNIT_CASE(safety_one_at_a_time),
	KUNIT_CASE(safety_short_ring_wakes),
	KUNIT_CASE(safety_streaming_wakes),
	KUNIT_CASE(safety_pause_without_wakeups),
	KUNIT_CASE(safety_drain_without_wakeups),
	KUNIT_CASE(safety_start_to_drain_without_wakeups),
	KUNIT_CASE(safety_drain_full_without_wakeups),
	KUNIT_CASE(safety_rings_are_counted),
	KUNIT_CASE(safety_spare_is_empty),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-safety",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
