// SPDX-License-Identifier: GPL-2.0
/*
 * GetMapping, ReleaseMapping, MappingAvailable, with a looped ring.
 */
#include <linux/io.h>
#include <linux/mm.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static struct fake_mapping *held(struct fake_stream *stream, u32 index)
{
	return &stream->held[(stream->first + index) % FAKE_HELD];
}

/* All that is held: once round the ring, each byte where it belongs. */
static void expect_ring(struct kunit *test, struct application *app,
			struct fake_stream *stream, u32 period, u32 ring,
			u32 limit, u32 lead)
{
	void *area = app->substream->runtime->dma_area;
	u32 i, offset = 0;

	for (i = 0; i < stream->count; i++) {
		struct fake_mapping *m = held(stream, i);
		u32 end = offset + m->bytes;

		KUNIT_EXPECT_PTR_EQ(test, m->area, area + offset);
		KUNIT_EXPECT_EQ(test, m->address,
				page_to_phys(vmalloc_to_page(m->area)) +
				offset_in_page(m->area));
		KUNIT_EXPECT_GT(test, m->bytes, 0);
		KUNIT_EXPECT_LE(test, m->bytes,
				offset % period ? limit : lead);
		KUNIT_EXPECT_EQ(test, !!m->flags,
				end == ring || !(end % period));
		KUNIT_EXPECT_EQ(test, offset / period, (end - 1) / period);
		offset = end;
	}
	KUNIT_EXPECT_EQ(test, offset, ring);
}

static void mapping_round_the_ring(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_GE(test, fake_get_all(stream), PERIODS);
	expect_ring(test, app, stream, PERIOD, RING, 16 * PAGE_SIZE,
		    16 * PAGE_SIZE);
}

static void mapping_limits(struct kunit *test)
{
	static const struct {
		u32 segment, frame, align, lead, limit, period, periods;
	} tries[] = {
		{ 0, 0, 0, 0, 65536, 262144, 2 },	/* 16 pages */
		{ 4096, 0, 0, 0, 4096, 16384, 4 },	/* DMA segments */
		{ 0, 100, 0, 0, 100, 5000, 3 },		/* any length */
		{ 0, 1000, 127, 0, 896, 4096, 4 },	/* aligned */
		{ 4096, 256, 1, 6, 256, 1000, 5 },	/* and a lead */
		{ 0, 64, 0, 1, 64, 640, 2 },		/* of one byte */
		{ 0, 1, 0, 0, 1, 64, 2 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		struct fake *fake = fake_new(test);
		struct application_params params = {
			.period_bytes = tries[i].period,
			.periods = tries[i].periods,
		};
		struct application *app;
		struct fake_stream *stream;

		fake->framing.frame_size = tries[i].frame;
		fake->framing.file_alignment = tries[i].align;
		fake->framing.frame_lead = tries[i].lead;
		if (tries[i].segment)
			dma_set_max_seg_size(fake->device, tries[i].segment);
		fake_start(fake);
		app = application_open(test, fake, PLAY);
		KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
		KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
		stream = fake->streams[0];
		fake_get_all(stream);
		expect_ring(test, app, stream, tries[i].period,
			    tries[i].period * tries[i].periods,
			    tries[i].limit,
			    tries[i].lead ?: tries[i].limit);
		if (tries[i].lead)
			KUNIT_EXPECT_EQ(test, held(stream, 0)->bytes,
					tries[i].lead);
		application_close(app);
		fake_stop(fake);
	}
}

/* The memory of a short ring is had again, cleared; that of a long one isn't. */
static void mapping_memory_again(struct kunit *test)
{
	struct application_params shorter = { .period_bytes = 1024,
					      .periods = 3 };
	struct application_params longer = { .period_bytes = 65536,
					     .periods = 2 };
	struct application_params usual = {};
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	void *area = app->substream->runtime->dma_area;

	memset(area, 0x55, RING);
	application_close(app);
	app = application_open(test, fake, PLAY);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &shorter), 0);
	KUNIT_EXPECT_PTR_EQ(test, (void *)app->substream->runtime->dma_area,
			    area);
	KUNIT_EXPECT_NULL(test, memchr_inv(area, 0, 3 * 1024));
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	fake_get_all(fake->streams[0]);
	expect_ring(test, app, fake->streams[0], 1024, 3 * 1024,
		    16 * PAGE_SIZE, 16 * PAGE_SIZE);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &longer), 0);
	KUNIT_EXPECT_PTR_NE(test, (void *)app->substream->runtime->dma_area,
			    area);
	KUNIT_ASSERT_EQ(test, application_hw_free(app), 0);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &usual), 0);
	KUNIT_EXPECT_PTR_EQ(test, (void *)app->substream->runtime->dma_area,
			    area);
}

static void mapping_flags_without_wakeups(struct kunit *test)
{
	struct application_params quiet = { .no_wakeup = true };
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);
	struct fake_stream *stream;
	u32 i;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &quiet), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	stream = fake->streams[0];
	KUNIT_EXPECT_GT(test, fake_get_all(stream), 0);
	for (i = 0; i < stream->count; i++)
		KUNIT_EXPECT_EQ(test, held(stream, i)->flags, 0);
}

static void mapping_not_in_stop(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_EXPECT_EQ(test, fake_get(fake->streams[0]), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get(fake->streams[0]), 0);
}

static void get_one(struct fake_stream *stream, enum ksstate state)
{
	if (state == KSSTATE_ACQUIRE || state == KSSTATE_PAUSE)
		KUNIT_EXPECT_EQ(stream->fake->test, fake_get(stream), 0);
}

static void mapping_on_the_way_up(struct kunit *test)
{
	struct fake *fake = fake_card(test);

	fake->on_state = get_one;
	application_prepared(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, fake->streams[0]->count, 2);
	fake->on_state = NULL;
}

static void mapping_completes_period(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	int i;

	stream->greedy = true;
	fake_get_all(stream);
	/* Some times round. */
	for (i = 1; i <= 3 * PERIODS; i++) {
		fake_finish_packets(stream, 1);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), i * PERIOD);
		KUNIT_EXPECT_EQ(test, stream->count, PERIODS);
	}
	/* Several at once. */
	fake_finish_packets(stream, 2);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), (i + 1) * PERIOD);
	expect_log(fake, "new-p acquire pause run");
}

/* Only the last mapping of a packet completes it. */
static void mapping_part_of_a_period(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;
	struct fake_stream *stream;

	fake->framing.frame_size = PERIOD / 4;
	fake_start(fake);
	app = application_running(test, fake, PLAY);
	stream = fake->streams[0];
	fake_get_all(stream);
	fake_finish(stream, 3);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
}

/* Released in no service call: it is told all the same, a little later. */
static void mapping_released_elsewhere(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_EXPECT_TRUE(test, application_wait(app, PERIOD));
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(fake->wait,
				atomic_read(&stream->available) == 1,
				10 * HZ));
}

static void mapping_available_once(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct fake_stream *stream;

	application_running(test, fake, PLAY);
	stream = fake->streams[0];
	/* Nobody asked in vain: nobody is told. */
	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);

	/* Asked three times, told once. */
	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);

	/* It is what it says: there are two now. Then it begins again. */
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 2);
}

/* What was released in PAUSE is told of when the stream runs, by itself. */
static void mapping_available_after_pause(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	KUNIT_ASSERT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	KUNIT_ASSERT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(fake->wait,
				atomic_read(&stream->available) == 1,
				10 * HZ));
	KUNIT_EXPECT_EQ(test, fake_get(stream), 0);
}

static void mapping_available_not_too_early(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct fake_stream *stream;

	fake->framing.frame_size = PERIOD / 4;
	fake_start(fake);
	application_running(test, fake, PLAY);
	stream = fake->streams[0];
	fake_get_all(stream);
	/* A packet is queued again when it is complete, not before. */
	fake_finish(stream, 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	KUNIT_EXPECT_EQ(test, fake_get(stream), -ENOENT);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
}

/* From MappingAvailable itself. */
static void mapping_available_refills(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	int i;

	fake_get_all(stream);
	stream->greedy = true;
	for (i = 1; i <= 10; i++) {
		KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
		KUNIT_ASSERT_TRUE(test, application_wait(app, i * PERIOD));
		KUNIT_ASSERT_TRUE(test, wait_event_timeout(fake->wait,
				  READ_ONCE(stream->count) == PERIODS,
				  10 * HZ));
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 10);
}

static int release(struct fake_stream *stream, void *tag)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->release_mapping(port, tag);
}

/* What a stream prefers may depend on its format: each is asked. */
static void mapping_framing_of_a_stream(struct kunit *test)
{
	struct application_params params = {};
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);
	struct fake_stream *stream;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	stream = fake->streams[0];
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), PERIODS);
	fake->framing.frame_size = PERIOD / 2;
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &params), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2 * PERIODS);
	/* ALSA has been told of no alignment. */
	fake->framing.file_alignment = 127;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &params), -EINVAL);
	fake->framing.file_alignment = 0;
	fake->framing_error = -EIO;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &params), -EIO);
	fake->framing_error = 0;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &params), 0);
}

static void mapping_release_wrong(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	void *first, *second;

	/* Never got. */
	KUNIT_EXPECT_EQ(test, release(stream, (void *)1), -EINVAL);
	KUNIT_EXPECT_EQ(test, release(stream, NULL), -EINVAL);
	fake_get_all(stream);
	first = held(stream, 0)->tag;
	second = held(stream, 1)->tag;
	/* Before its turn: it counts when that comes. */
	KUNIT_EXPECT_EQ(test, release(stream, second), -EINVAL);
	KUNIT_EXPECT_EQ(test, release(stream, stream), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	stream->first++;
	stream->count--;
	/* Twice. */
	KUNIT_EXPECT_EQ(test, release(stream, first), -EINVAL);
	KUNIT_EXPECT_EQ(test, release(stream, second), -EINVAL);
	KUNIT_ASSERT_TRUE(test, application_wait(app, 2 * PERIOD));

	/* All goes on as it should. */
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 2 * PERIOD);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	KUNIT_EXPECT_PTR_EQ(test, held(stream, 2)->area,
			    (void *)app->substream->runtime->dma_area);
	expect_log(fake, "new-p acquire pause run");
}

/* The tag is the miniport's own affair: any value, also the same again. */
static void mapping_any_tag(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport_wavepci_stream *port;
	dma_addr_t address;
	void *area;
	u32 bytes, flags, i;

	application_prepared(test, fake, PLAY);
	port = fake->streams[0]->port_stream;
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, port->vtbl->get_mapping(port, NULL,
				&address, &area, &bytes, &flags), 0);
	KUNIT_EXPECT_EQ(test, port->vtbl->release_mapping(port, NULL), 0);
	KUNIT_EXPECT_EQ(test, port->vtbl->release_mapping(port, NULL), 0);
	KUNIT_EXPECT_EQ(test, port->vtbl->release_mapping(port, NULL),
			-EINVAL);
}

/* After PREPARE, and each time, it begins at the beginning. */
static void mapping_begins_again(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	fake_finish(stream, 1);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, stream->count, 0);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
	fake_get_all(stream);
	expect_ring(test, app, stream, PERIOD, RING, 16 * PAGE_SIZE,
		    16 * PAGE_SIZE);
	/* What was owed before isn't any more. */
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(mapping_round_the_ring),
	KUNIT_CASE(mapping_limits),
	KUNIT_CASE(mapping_memory_again),
	KUNIT_CASE(mapping_flags_without_wakeups),
	KUNIT_CASE(mapping_not_in_stop),
	KUNIT_CASE(mapping_on_the_way_up),
	KUNIT_CASE(mapping_completes_period),
	KUNIT_CASE(mapping_part_of_a_period),
	KUNIT_CASE(mapping_released_elsewhere),
	KUNIT_CASE(mapping_available_once),
	KUNIT_CASE(mapping_available_after_pause),
	KUNIT_CASE(mapping_available_not_too_early),
	KUNIT_CASE(mapping_available_refills),
	KUNIT_CASE(mapping_framing_of_a_stream),
	KUNIT_CASE(mapping_release_wrong),
	KUNIT_CASE(mapping_any_tag),
	KUNIT_CASE(mapping_begins_again),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-mapping",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
