// SPDX-License-Identifier: GPL-2.0
/*
 * Service: of a filter and of a stream, by Notify, by the sink itself, and by
 * the port's own timer.
 */
#include "application.h"

#define PLAY		SNDRV_PCM_STREAM_PLAYBACK
#define RECORD		SNDRV_PCM_STREAM_CAPTURE
#define TIMER_MS	20

static void service_of_filter(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->filter_group = true;
	fake_start(fake);
	fake->port->vtbl->notify(fake->port, fake->group);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->served), 1);
	fake->port->vtbl->notify(fake->port, fake->group);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->served), 2);
}

static void service_of_stream(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct fake_stream *stream;

	application_running(test, fake, PLAY);
	stream = fake->streams[0];
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, stream->served, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->served), 0);
}

static void service_only_in_run(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);
	struct fake_stream *stream;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	stream = fake->streams[0];
	fake_notify(stream);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, stream->served, 0);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, stream->served, 1);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, stream->served, 1);
}

/* The port stream is a sink itself: a member of any group. */
static void service_by_sink(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct fake_stream *stream;
	struct iservice_sink *sink;

	application_running(test, fake, PLAY);
	stream = fake->streams[0];
	KUNIT_ASSERT_EQ(test, iservice_sink_query(&stream->port_stream->unknown,
						  &sink), 0);
	sink->vtbl->request_service(sink);
	KUNIT_EXPECT_EQ(test, stream->served, 1);
	iunknown_put(&sink->unknown);
}

static void service_with_interrupts_off(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	fake_get_all(stream);
	local_irq_disable();
	fake_finish(stream, 1);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
}

/* After the stream is closed, the group has nobody to call. */
static void service_after_close(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct iservice_group *group = fake->streams[0]->group;

	iunknown_get(&group->unknown);
	application_close(app);
	KUNIT_EXPECT_NULL(test, fake->streams[0]);
	fake->port->vtbl->notify(fake->port, group);
	iunknown_put(&group->unknown);
}

static bool wait_for_service(struct fake_stream *stream, int served)
{
	return wait_event_timeout(stream->fake->wait,
				  READ_ONCE(stream->served) >= served,
				  10 * HZ);
}

/* Time in which nothing may happen to a stream: another's timer counts it. */
static void let_time_pass(struct kunit *test, struct fake *fake)
{
	struct application *app;

	fake->stream_group = false;
	app = application_running(test, fake, RECORD);
	KUNIT_ASSERT_TRUE(test, wait_for_service(fake->streams[RECORD], 4));
	application_close(app);
}

static void service_by_timer(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;
	struct fake_stream *stream;
	ktime_t start;
	int served;

	fake->stream_group = false;
	fake_start(fake);
	app = application_prepared(test, fake, PLAY);
	stream = fake->streams[0];
	fake_get_all(stream);
	stream->greedy = true;
	atomic_set(&stream->to_finish, 1);
	start = ktime_get();
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_ASSERT_TRUE(test, wait_for_service(stream, 5));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start),
			5 * TIMER_MS);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);

	/* It stops with the stream, and starts again with it. */
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	served = stream->served;
	let_time_pass(test, fake);
	KUNIT_EXPECT_EQ(test, stream->served, served);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_TRUE(test, wait_for_service(stream, served + 2));
}

/* A stream with a group is left alone. */
static void service_no_timer_with_group(struct kunit *test)
{
	struct fake *fake = fake_card(test);

	application_running(test, fake, PLAY);
	let_time_pass(test, fake);
	KUNIT_EXPECT_EQ(test, fake->streams[0]->served, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(service_of_filter),
	KUNIT_CASE(service_of_stream),
	KUNIT_CASE(service_only_in_run),
	KUNIT_CASE(service_by_sink),
	KUNIT_CASE(service_with_interrupts_off),
	KUNIT_CASE(service_after_close),
	KUNIT_CASE(service_by_timer),
	KUNIT_CASE(service_no_timer_with_group),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-service",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
