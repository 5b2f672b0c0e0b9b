// SPDX-License-Identifier: GPL-2.0
/*
 * Two streams of a card, of which one breaks rules and the other doesn't.
 */
#include "pair.h"

/**
 * pair_start() - start a card that plays and records
 * @test: the test
 * @pair: receives the streams
 * @streaming: packets are queued when they have been written
 */
void pair_start(struct kunit *test, struct pair *pair, bool streaming)
{
	int i;

	pair->fake = fake_new(test);
	pair->fake->options.streaming = streaming;
	fake_start(pair->fake);
	for (i = 0; i < 2; i++) {
		pair->apps[i] = application_prepared(test, pair->fake, i);
		pair->streams[i] = pair->fake->streams[i];
		pair->streams[i]->greedy = true;
		if (streaming && i == PLAY)
			KUNIT_ASSERT_EQ(test, RING,
					application_write(pair->apps[i], RING));
		fake_get_all(pair->streams[i]);
		KUNIT_ASSERT_EQ(test, application_start(pair->apps[i]), 0);
		pair->packets[i] = 0;
	}
}

/**
 * pair_restart() - stop a stream, and start it from the beginning
 * @test: the test
 * @pair: the streams
 * @direction: which of them
 */
void pair_restart(struct kunit *test, struct pair *pair, int direction)
{
	struct application *app = pair->apps[direction];

	KUNIT_EXPECT_EQ(test, application_drop(app), 0);
	KUNIT_EXPECT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, application_start(app), 0);
	fake_get_all(pair->streams[direction]);
	pair->packets[direction] = 0;
}

/**
 * expect_packet() - the next packet is where it has to be, and completes
 * @test: the test
 * @pair: the streams
 * @direction: which of them
 * @what: what was tried before, for the message
 * @where: and where
 */
void expect_packet(struct kunit *test, struct pair *pair, int direction,
		   const char *what, const char *where)
{
	struct fake_stream *stream = pair->streams[direction];
	struct application *app = pair->apps[direction];
	struct fake_mapping *m = &stream->held[stream->first];
	u8 *area = app->substream->runtime->dma_area;
	u64 done = ++pair->packets[direction] * (u64)PERIOD;

	KUNIT_EXPECT_PTR_EQ_MSG(test, (u8 *)m->area,
				area + (done - PERIOD) % RING, "%s in %s",
				what, where);
	stream->position = done;
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_TRUE_MSG(test, application_wait(app, done), "%s in %s",
			      what, where);
	KUNIT_EXPECT_EQ_MSG(test, application_hw_ptr(app), done, "%s in %s",
			    what, where);
}

/**
 * release_tag() - release a mapping by its tag
 * @stream: whose
 * @tag: what it is called
 *
 * Context: any.
 * Return: what ReleaseMapping returned.
 */
int release_tag(struct fake_stream *stream, void *tag)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->release_mapping(port, tag);
}

/**
 * release_unknown() - release a mapping that never was
 * @stream: whose
 *
 * Context: any.
 * Return: what ReleaseMapping returned.
 */
int release_unknown(struct fake_stream *stream)
{
	return release_tag(stream, NEVER_GOT);
}

/**
 * get_into_nothing() - get a mapping, and forget it
 * @stream: for whom
 *
 * Context: any.
 * Return: what GetMapping returned.
 */
int get_into_nothing(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;
	dma_addr_t address;
	u32 bytes, flags;
	void *area;

	return port->vtbl->get_mapping(port, NEVER_GOT, &address, &area,
				       &bytes, &flags);
}

/**
 * terminate_packet() - end a packet here
 * @stream: whose
 *
 * Context: any.
 * Return: what TerminatePacket returned.
 */
int terminate_packet(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->terminate_packet(port);
}

/**
 * expect_plays() - it can be played as ever, so no nonsense has stayed
 * @test: the test
 * @fake: a card that has been started
 */
void expect_plays(struct kunit *test, struct fake *fake)
{
	struct application app = { .test = test };
	struct fake_stream *stream;

	KUNIT_ASSERT_EQ(test, application_try_open(&app, fake, 0, PLAY), 0);
	KUNIT_ASSERT_EQ(test, application_hw_params(&app, NULL), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(&app), 0);
	KUNIT_ASSERT_EQ(test, application_start(&app), 0);
	stream = fake->streams[PLAY];
	KUNIT_EXPECT_GT(test, fake_get_all(stream), 0);
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_TRUE(test, application_wait(&app, PERIOD));
	application_close(&app);
}
