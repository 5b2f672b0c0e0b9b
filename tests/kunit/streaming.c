// SPDX-License-Identifier: GPL-2.0
/*
 * The streaming queue: a packet is there when the application has written it.
 */
#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static struct fake *streaming_card(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->options.streaming = true;
	fake_start(fake);
	return fake;
}

static void streaming_waits_for_data(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD - 1), PERIOD - 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, application_write(app, 1), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get(stream), 0);
	KUNIT_EXPECT_EQ(test, stream->held[0].bytes, PERIOD);
	KUNIT_EXPECT_EQ(test, *(u8 *)(stream->held[0].area + 5), 5);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
}

static void streaming_available_once(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	/* Nobody asked in vain. */
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	/* Asked twice, told once. */
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 2);
}

static void streaming_starves(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	stream->greedy = true;
	KUNIT_EXPECT_EQ(test, application_write(app, 2 * PERIOD), 2 * PERIOD);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_get_all(stream);
	fake_finish_packets(stream, 2);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 2 * PERIOD);
	/* The old sound doesn't come again. */
	KUNIT_EXPECT_EQ(test, stream->count, 0);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, stream->count, 1);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 3 * PERIOD);
}

static void streaming_round_the_ring(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	int i;

	stream->greedy = true;
	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), PERIODS);
	for (i = 1; i <= 3 * PERIODS; i++) {
		fake_finish_packets(stream, 1);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), i * PERIOD);
		KUNIT_EXPECT_EQ(test, stream->count, PERIODS - 1);
		KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
		KUNIT_EXPECT_EQ(test, stream->count, PERIODS);
	}
}

/* A packet that is queued stays so; what follows is what was written anew. */
static void streaming_rewind(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct snd_pcm_substream *substream = app->substream;
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD + 100),
			PERIOD + 100);
	snd_pcm_stream_lock_irq(substream);
	substream->runtime->control->appl_ptr -= 200;
	KUNIT_EXPECT_EQ(test, substream->ops->ack(substream), 0);
	snd_pcm_stream_unlock_irq(substream);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, application_write(app, 200), 200);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD - 100),
			PERIOD - 100);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
}

static int drain(struct application *app)
{
	return snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN,
				    NULL);
}

static void streaming_drain_fills_up(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD + 100),
			PERIOD + 100);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, drain(app), -EAGAIN);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, area[PERIOD + 99], (PERIOD + 99) % 0x7f);
	KUNIT_EXPECT_EQ(test, area[PERIOD + 100], 0x80);
	KUNIT_EXPECT_EQ(test, area[2 * PERIOD - 1], 0x80);
	KUNIT_EXPECT_EQ(test, area[2 * PERIOD], 0);
	fake_finish_packets(stream, 2);
	KUNIT_EXPECT_EQ(test, (__force int)app->substream->runtime->state,
			(__force int)SNDRV_PCM_STATE_SETUP);
}

/* Started only to be drained: ALSA says nothing of that when it starts it. */
static void streaming_drain_starts(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD + 100),
			PERIOD + 100);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, drain(app), -EAGAIN);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(fake->wait,
			atomic_read(&stream->available) == 1, HZ));
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, runtime->dma_area[PERIOD + 100], 0x80);
	fake_finish_packets(stream, 2);
	KUNIT_EXPECT_EQ(test, (__force int)runtime->state,
			(__force int)SNDRV_PCM_STATE_SETUP);
}

/* What was taken back after it was queued is played; the drain ends behind it. */
static void streaming_drain_rewound(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct snd_pcm_substream *substream = app->substream;
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct fake_stream *stream = fake->streams[PLAY];

	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), PERIODS);
	snd_pcm_stream_lock_irq(substream);
	runtime->control->appl_ptr = 100;
	KUNIT_EXPECT_EQ(test, substream->ops->ack(substream), 0);
	snd_pcm_stream_unlock_irq(substream);
	fake_finish_packets(stream, PERIODS - 1);
	KUNIT_EXPECT_EQ(test, drain(app), -EAGAIN);
	KUNIT_EXPECT_EQ(test, runtime->dma_area[RING - 1], (RING - 1) % 0x7f);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 0);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, (__force int)runtime->state,
			(__force int)SNDRV_PCM_STATE_SETUP);
}

/* With a full ring, the end of the last packet is still being played. */
static void streaming_drain_full(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), PERIODS);
	/* The pointer within the first packet makes room in it. */
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 100);
	KUNIT_EXPECT_EQ(test, application_write(app, 50), 50);
	KUNIT_EXPECT_EQ(test, drain(app), -EAGAIN);
	KUNIT_EXPECT_EQ(test, area[60], 60);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, area[49], (RING + 49) % 0x7f);
	KUNIT_EXPECT_EQ(test, area[60], 0x80);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
}

/* After a reset the application goes on writing where the hardware is. */
static void streaming_reset(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct snd_pcm_substream *substream = app->substream;
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_write(app, 100), 100);
	KUNIT_EXPECT_EQ(test, substream->ops->ioctl(substream,
						    SNDRV_PCM_IOCTL1_RESET,
						    NULL), 0);
	runtime->control->appl_ptr = runtime->status->hw_ptr;
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD - 1), PERIOD - 1);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, application_write(app, 1), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
}

static void streaming_prepare_forgets(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, application_write(app, 2 * PERIOD), 2 * PERIOD);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 0);
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_PTR_EQ(test, stream->held[stream->first].area,
			    (void *)app->substream->runtime->dma_area);
}

/* Who writes where ALSA doesn't see it, as dmix does, is heard all the same. */
static void written_unseen(struct kunit *test, u32 appl_ptr)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];
	int lap;

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 0);
	app->substream->runtime->control->appl_ptr = appl_ptr;
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	for (lap = 1; lap <= 2; lap++) {
		fake_get_all(stream);
		stream->position = lap * RING;
		fake_finish_packets(stream, PERIODS);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), lap * RING);
	}
	/* The next one to prepare it writes as others do. */
	KUNIT_EXPECT_EQ(test, application_drop(app), 0);
	KUNIT_EXPECT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 0);
}

static void streaming_written_unseen(struct kunit *test)
{
	written_unseen(test, 0);
}

/* Of a ring that is mapped by way of OSS, ALSA says that all of it is written. */
static void streaming_written_by_oss(struct kunit *test)
{
	written_unseen(test, RING);
}

/* It is about playback: what is recorded nobody has to write. */
static void streaming_not_for_capture(struct kunit *test)
{
	struct fake *fake = streaming_card(test);
	struct application *app = application_running(test, fake,
						SNDRV_PCM_STREAM_CAPTURE);
	struct fake_stream *stream = fake->streams[1];

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), PERIODS);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(streaming_waits_for_data),
	KUNIT_CASE(streaming_available_once),
	KUNIT_CASE(streaming_starves),
	KUNIT_CASE(streaming_round_the_ring),
	KUNIT_CASE(streaming_rewind),
	KUNIT_CASE(streaming_drain_fills_up),
	KUNIT_CASE(streaming_drain_starts),
	KUNIT_CASE(streaming_drain_rewound),
	KUNIT_CASE(streaming_drain_full),
	KUNIT_CASE(streaming_reset),
	KUNIT_CASE(streaming_prepare_forgets),
	KUNIT_CASE(streaming_written_unseen),
	KUNIT_CASE(streaming_written_by_oss),
	KUNIT_CASE(streaming_not_for_capture),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-streaming",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
