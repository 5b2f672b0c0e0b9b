// SPDX-License-Identifier: GPL-2.0
/*
 * An adapter whose methods may sleep: none of them is called where it can't,
 * whatever it was that made the port call it.
 */
#include <linux/delay.h>
#include <linux/irq_work.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static atomic_t calls[4], wrong;

/* Really, so that whoever waits for us has to. */
static void sleep(int which)
{
	atomic_inc(&calls[which]);
	if (preemptible())
		usleep_range(10, 20);
	else
		atomic_inc(&wrong);
}

static void on_state(struct fake_stream *stream, enum ksstate state)
{
	sleep(0);
}

static void on_position(struct fake_stream *stream)
{
	sleep(1);
}

static void on_service(struct fake_stream *stream)
{
	sleep(2);
}

static void on_available(struct fake_stream *stream)
{
	sleep(3);
}

static struct fake *sleeping_card(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		atomic_set(&calls[i], 0);
	atomic_set(&wrong, 0);
	fake->options.may_sleep = true;
	fake->on_state = on_state;
	fake->on_position = on_position;
	fake->on_service = on_service;
	fake->on_available = on_available;
	return fake;
}

struct interrupt {
	struct irq_work work;
	struct fake_stream *stream;
};

static void interrupt(struct irq_work *work)
{
	struct interrupt *i = container_of(work, struct interrupt, work);

	fake_notify(i->stream);
}

/* The card has finished a packet, and interrupts. */
static void finish_packet(struct fake_stream *stream)
{
	struct interrupt i = { .stream = stream };

	atomic_inc(&stream->to_finish);
	init_irq_work(&i.work, interrupt);
	irq_work_queue(&i.work);
	irq_work_sync(&i.work);
}

static void play(struct kunit *test, struct fake *fake)
{
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];
	int i;

	KUNIT_EXPECT_TRUE(test, app->substream->pcm->nonatomic);
	for (i = 1; i <= 2 * PERIODS; i++) {
		fake_get_all(stream);
		stream->position = i * PERIOD;
		finish_packet(stream);
		KUNIT_EXPECT_TRUE(test, application_wait(app, i * PERIOD));
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), i * PERIOD);
	}
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	KUNIT_EXPECT_EQ(test, application_drop(app), 0);
	application_close(app);
}

static void sleep_in_each_method(struct kunit *test)
{
	struct fake *fake = sleeping_card(test);
	size_t i;

	fake_start(fake);
	play(test, fake);
	KUNIT_EXPECT_EQ(test, atomic_read(&wrong), 0);
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		KUNIT_EXPECT_GT_MSG(test, atomic_read(&calls[i]), 0, "%zu", i);
}

static void sleep_with_the_ports_timer(struct kunit *test)
{
	struct fake *fake = sleeping_card(test);
	struct application *app;

	fake->stream_group = false;
	fake_start(fake);
	app = application_running(test, fake, PLAY);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(fake->wait,
				atomic_read(&calls[2]) > 2, HZ));
	application_close(app);
	KUNIT_EXPECT_EQ(test, atomic_read(&wrong), 0);
}

/* The filter's Service, too; none comes after the card is gone. */
static void sleep_in_the_filter(struct kunit *test)
{
	struct fake *fake = sleeping_card(test);

	fake->filter_group = true;
	fake_start(fake);
	fake->port->vtbl->notify(fake->port, fake->group);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(fake->wait,
				atomic_read(&fake->served), HZ));
	fake->port->vtbl->notify(fake->port, fake->group);
	fake_stop(fake);
}

/* Notified while it is stopped and closed, over and over. */
static void sleep_and_stop(struct kunit *test)
{
	struct fake *fake = sleeping_card(test);
	int round;

	fake_start(fake);
	for (round = 0; round < 10; round++) {
		struct application *app = application_running(test, fake, PLAY);
		struct fake_stream *stream = fake->streams[PLAY];

		fake_get_all(stream);
		finish_packet(stream);
		KUNIT_EXPECT_EQ(test, application_drop(app), 0);
		fake_notify(stream);
		application_close(app);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&wrong), 0);
}

/* By default they may not, and ALSA's lock is one that spins. */
static void sleep_is_not_the_default(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);

	KUNIT_EXPECT_FALSE(test, app->substream->pcm->nonatomic);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(sleep_in_each_method),
	KUNIT_CASE(sleep_with_the_ports_timer),
	KUNIT_CASE(sleep_in_the_filter),
	KUNIT_CASE(sleep_and_stop),
	KUNIT_CASE(sleep_is_not_the_default),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-sleep",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
