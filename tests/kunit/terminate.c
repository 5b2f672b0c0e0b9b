// SPDX-License-Identifier: GPL-2.0
/*
 * TerminatePacket: what is recorded so far is readable at once.
 *
 * ALSA counts in frames: of a frame that is recorded in part there is nothing
 * to read, and nothing is lost either; the first termination after its end has
 * all of it.
 */
#include <linux/prandom.h>
#include <linux/slab.h>

#include "application.h"

#define ROUNDS		6
#define TERMINATIONS	1000

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

static int terminate(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->terminate_packet(port);
}

static void terminate_playback(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);

	fake->streams[0]->position = 100;
	KUNIT_EXPECT_EQ(test, terminate(fake->streams[0]), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
}

static void terminate_not_running(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	KUNIT_EXPECT_EQ(test, terminate(stream), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_EXPECT_EQ(test, terminate(stream), -EBADFD);
}

static void terminate_readable_at_once(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	stream->greedy = true;
	fake_get_all(stream);
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, 100));
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 100);

	/* Again within the same period. */
	stream->position = 1000;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, 1000));
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 1000);

	/* Nothing is lost or invented: the period ends where it does. */
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	stream->position = PERIOD + 5;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, PERIOD + 5));
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 2 * PERIOD);
}

static void terminate_at_a_period(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	stream->greedy = true;
	fake_get_all(stream);
	stream->position = PERIOD;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_TRUE(test, application_wait(app, PERIOD));
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	stream->position = 2 * PERIOD;
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 2 * PERIOD);
}

/*
 * Going from RUN to STOP is no time to tell ALSA of anything: linked streams
 * are stopped with their group's lock held. What it has seen can be drained.
 */
static void terminate_not_by_stopping(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	stream->greedy = true;
	fake_get_all(stream);
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
	stream->position = PERIOD + 100;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, PERIOD + 100));
	stream->position = PERIOD + 200;
	snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD + 100);
	KUNIT_EXPECT_EQ(test, (__force int)app->substream->runtime->state,
			(__force int)SNDRV_PCM_STATE_DRAINING);
	KUNIT_EXPECT_EQ(test, stream->state, KSSTATE_PAUSE);
}

/* ALSA counts laps by the time without wakeups: no period is told of. */
static void terminate_without_wakeups(struct kunit *test)
{
	struct application_params params = { .no_wakeup = true };
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, RECORD);
	struct snd_pcm_runtime *runtime = app->substream->runtime;
	struct fake_stream *stream;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	stream = fake->streams[1];
	fake_get_all(stream);
	/*
	 * A little more than half of the ring ago. What has been recorded is
	 * subtracted from that before ALSA counts laps: so it has half a second
	 * to look.
	 */
	runtime->hw_ptr_jiffies -= RING * HZ / 8000 / 2 + 2;
	stream->position = PERIOD - 96;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, PERIOD - 96));
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD - 96);
}

/* The last period was more than half of the ring ago: it's no lap either. */
static void terminate_late(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	fake_get_all(stream);
	app->substream->runtime->hw_ptr_jiffies -= RING * HZ / 8000 / 2 + 2;
	stream->position = 100;
	KUNIT_EXPECT_EQ(test, terminate(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, 100));
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 100);
}

/* --- at random moments ----------------------------------------------------- */

/**
 * struct recording - a card that records, and an application that reads
 * @test: the test
 * @random: where the random numbers come from
 * @params: what the application has asked for
 * @app: the application
 * @stream: the card
 * @frame_bytes: length of a frame
 * @ring_bytes: length of the ring
 * @recorded: bytes that the card has recorded
 * @read: bytes that the application has read
 * @done: mappings that are full, but not released
 * @filled: bytes recorded into the next one
 * @buffer: what the application reads into
 */
struct recording {
	struct kunit *test;
	struct rnd_state random;
	struct application_params params;
	struct application *app;
	struct fake_stream *stream;
	u32 frame_bytes;
	u32 ring_bytes;
	u64 recorded;
	u64 read;
	u32 done;
	u32 filled;
	u8 *buffer;
};

static u32 below(struct recording *r, u32 end)
{
	return prandom_u32_state(&r->random) % end;
}

/* No two places of a ring, or of two rings in a row, look alike. */
static u8 sound_at(u64 place)
{
	return place + 7 * (place >> 8) + 31 * (place >> 16);
}

static void interrupt(struct recording *r)
{
	u32 done = r->done;

	r->done = 0;
	fake_finish(r->stream, done);
}

static void record(struct recording *r, u32 bytes)
{
	struct fake_stream *s = r->stream;

	while (bytes) {
		struct fake_mapping *m;
		u32 place = (s->first + r->done) % FAKE_HELD;

		if (r->done == s->count) {
			interrupt(r);
			KUNIT_ASSERT_GT(r->test, s->count, 0);
			continue;
		}
		m = &s->held[place];
		while (bytes && r->filled < m->bytes) {
			((u8 *)m->area)[r->filled++] = sound_at(r->recorded++);
			bytes--;
		}
		if (r->filled == m->bytes) {
			r->filled = 0;
			r->done++;
		}
	}
	s->position = r->recorded;
}

/* In bits and pieces, some of which end in an interrupt. */
static void record_some(struct recording *r)
{
	u32 unread = r->recorded - r->read;
	u32 bytes = below(r, r->ring_bytes - unread);

	while (bytes) {
		u32 piece = 1 + below(r, bytes);

		record(r, piece);
		if (below(r, 2))
			interrupt(r);
		bytes -= piece;
	}
}

static void terminate_in_service(struct fake_stream *stream)
{
	KUNIT_EXPECT_EQ(stream->fake->test, terminate(stream), 0);
}

static void terminate_somewhere(struct recording *r)
{
	struct fake *fake = r->stream->fake;

	if (below(r, 2)) {
		fake->on_service = terminate_in_service;
		interrupt(r);
		fake->on_service = NULL;
	} else {
		KUNIT_EXPECT_EQ(r->test, terminate(r->stream), 0);
	}
	KUNIT_EXPECT_TRUE(r->test, application_wait(r->app, r->recorded /
						    r->frame_bytes));
}

/* All that is recorded is readable: the last frame, when it is complete. */
static void read_all(struct recording *r)
{
	struct snd_pcm_substream *substream = r->app->substream;
	u64 frames = r->recorded / r->frame_bytes;
	u32 unread = frames - r->read / r->frame_bytes;
	u32 i, wrong = 0;

	KUNIT_ASSERT_EQ(r->test, application_hw_ptr(r->app), frames);
	KUNIT_ASSERT_EQ(r->test, snd_pcm_capture_avail(substream->runtime),
			unread);
	if (!unread)
		return;
	KUNIT_ASSERT_EQ(r->test, snd_pcm_kernel_read(substream, r->buffer,
						     unread), unread);
	for (i = 0; i < unread * r->frame_bytes; i++)
		wrong += r->buffer[i] != sound_at(r->read++);
	KUNIT_ASSERT_EQ(r->test, wrong, 0);
}

static void choose_shape(struct recording *r, struct fake *fake)
{
	static const snd_pcm_format_t formats[] = {
		SNDRV_PCM_FORMAT_U8, SNDRV_PCM_FORMAT_S16_LE,
	};
	u32 wide = below(r, 2);

	r->params.format = APPLICATION_FORMAT(formats[wide]);
	r->params.channels = 1 + below(r, 2);
	r->frame_bytes = r->params.channels << wide;
	r->params.period_bytes = (64 + below(r, 1000)) * r->frame_bytes;
	r->params.periods = 2 + below(r, 6);
	r->ring_bytes = r->params.period_bytes * r->params.periods;
	/* Mappings end anywhere, also within frames. */
	fake->framing.frame_size = r->ring_bytes / 1000 + 1 + below(r, 1000);
	fake->framing.frame_lead = 1 + below(r, fake->framing.frame_size);
	kunit_info(r->test, "frames of %u, periods of %u, ring of %u, mappings of %u bytes\n",
		   r->frame_bytes, r->params.period_bytes, r->ring_bytes,
		   fake->framing.frame_size);
}

static void start_recording(struct recording *r, struct fake *fake)
{
	struct kunit *test = r->test;
	struct snd_pcm_runtime *runtime;

	r->app = application_open(test, fake, RECORD);
	KUNIT_ASSERT_EQ(test, application_hw_params(r->app, &r->params), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(r->app), 0);
	KUNIT_ASSERT_EQ(test, application_start(r->app), 0);
	/* Time has nothing to do with how much this card records. */
	runtime = r->app->substream->runtime;
	runtime->hw_ptr_buffer_jiffies = MAX_JIFFY_OFFSET;
	r->stream = fake->streams[RECORD];
	r->stream->greedy = true;
	fake_get_all(r->stream);
	r->buffer = kunit_kmalloc(test, r->ring_bytes, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, r->buffer);
}

static void terminate_at_random(struct kunit *test)
{
	struct recording *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	int round, i;

	KUNIT_ASSERT_NOT_NULL(test, r);
	r->test = test;
	prandom_seed_state(&r->random, 1);
	for (round = 0; round < ROUNDS; round++) {
		struct fake *fake = fake_new(test);

		r->recorded = 0;
		r->read = 0;
		r->done = 0;
		r->filled = 0;
		choose_shape(r, fake);
		fake_start(fake);
		start_recording(r, fake);
		for (i = 0; i < TERMINATIONS; i++) {
			record_some(r);
			terminate_somewhere(r);
			read_all(r);
		}
		kunit_info(test, "%llu bytes recorded, %llu read\n",
			   r->recorded, r->read);
		expect_log(fake, "new-c acquire pause run");
		application_close(r->app);
		fake_stop(fake);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(terminate_playback),
	KUNIT_CASE(terminate_not_running),
	KUNIT_CASE(terminate_readable_at_once),
	KUNIT_CASE(terminate_at_a_period),
	KUNIT_CASE(terminate_not_by_stopping),
	KUNIT_CASE(terminate_without_wakeups),
	KUNIT_CASE(terminate_late),
	KUNIT_CASE_SLOW(terminate_at_random),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-terminate",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
