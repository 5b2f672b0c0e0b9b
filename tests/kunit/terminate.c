// SPDX-License-Identifier: GPL-2.0
/*
 * TerminatePacket: what is recorded so far is readable at once.
 */
#include "application.h"

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

/* Going from RUN to STOP does it, too: what was recorded can be drained. */
static void terminate_by_stopping(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	stream->greedy = true;
	fake_get_all(stream);
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
	stream->position = PERIOD + 100;
	snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD + 100);
	KUNIT_EXPECT_EQ(test, (__force int)app->substream->runtime->state,
			(__force int)SNDRV_PCM_STATE_DRAINING);
	KUNIT_EXPECT_EQ(test, stream->state, KSSTATE_PAUSE);
}

static void terminate_by_stopping_early(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[1];

	fake_get_all(stream);
	stream->position = 100;
	KUNIT_ASSERT_EQ(test, application_trigger(app,
						  SNDRV_PCM_TRIGGER_STOP), 0);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 100);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(terminate_playback),
	KUNIT_CASE(terminate_not_running),
	KUNIT_CASE(terminate_readable_at_once),
	KUNIT_CASE(terminate_at_a_period),
	KUNIT_CASE(terminate_by_stopping),
	KUNIT_CASE(terminate_by_stopping_early),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-terminate",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
