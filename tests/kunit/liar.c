// SPDX-License-Identifier: GPL-2.0
/*
 * A miniport that lies: its streams break rules, from each context that they
 * can be in. They get an error, and nothing else happens: the stream goes on,
 * and so does the other one of the card, with the right packets.
 */
#include <linux/irq_work.h>
#include <linux/timer.h>

#include "pair.h"

#define STORM		100

/* --- contexts ------------------------------------------------------------ */

/**
 * struct breach - a rule being broken
 * @stream: who breaks it
 * @how: what it does; returns what it got for that
 * @result: that
 * @work: does it in a hard interrupt
 * @timer: does it in a soft one
 */
struct breach {
	struct fake_stream *stream;
	int (*how)(struct fake_stream *stream);
	int result;
	struct irq_work work;
	struct timer_list timer;
};

static struct breach breach;

static void break_it(struct fake_stream *stream)
{
	breach.result = breach.how(stream);
}

static void break_in_irq(struct irq_work *work)
{
	break_it(breach.stream);
}

static void break_in_timer(struct timer_list *timer)
{
	break_it(breach.stream);
}

static void in_process(struct application *app)
{
	break_it(breach.stream);
}

static void in_hard_interrupt(struct application *app)
{
	breach.work = IRQ_WORK_INIT_HARD(break_in_irq);
	irq_work_queue(&breach.work);
	irq_work_sync(&breach.work);
}

static void in_soft_interrupt(struct application *app)
{
	timer_setup(&breach.timer, break_in_timer, 0);
	mod_timer(&breach.timer, jiffies);
	while (timer_pending(&breach.timer))
		schedule_timeout_uninterruptible(1);
	del_timer_sync(&breach.timer);
}

/* With ALSA's stream lock held, as SetState and GetPosition are called. */
static void in_position(struct application *app)
{
	breach.stream->fake->on_position = break_it;
	application_ask_hw_ptr(app);
	breach.stream->fake->on_position = NULL;
}

/* Once: what it does may have the port call Service again. */
static void break_once(struct fake_stream *stream)
{
	stream->fake->on_service = NULL;
	break_it(breach.stream);
}

static void in_service(struct application *app)
{
	breach.stream->fake->on_service = break_once;
	fake_notify(breach.stream);
}

static const struct context {
	const char *name;
	void (*run)(struct application *app);
} contexts[] = {
	{ "a process", in_process },
	{ "a hard interrupt", in_hard_interrupt },
	{ "a soft interrupt", in_soft_interrupt },
	{ "GetPosition", in_position },
	{ "Service", in_service },
};

/* --- what a stream can do wrong ------------------------------------------ */

/* And forget it, as a miniport would: it counts when its turn comes. */
static int release_early(struct fake_stream *stream)
{
	u32 second = (stream->first + 1) % FAKE_HELD;
	int err = release_tag(stream, stream->held[second].tag);

	stream->held[second] = stream->held[stream->first];
	stream->first = second;
	stream->count--;
	return err;
}

static int release_again(struct fake_stream *stream)
{
	return release_tag(stream, (void *)(stream->held[stream->first].tag - 1));
}

static int release_storm(struct fake_stream *stream)
{
	int i, err = -EINVAL;

	for (i = 0; i < STORM && err == -EINVAL; i++)
		err = release_unknown(stream);
	return err;
}

static int get_storm(struct fake_stream *stream)
{
	int i, err = -ENOENT;

	for (i = 0; i < STORM && err == -ENOENT; i++)
		err = get_into_nothing(stream);
	return err;
}

static int notify_nobody(struct fake_stream *stream)
{
	struct iport_wavepci *port = stream->fake->port;

	port->vtbl->notify(port, NULL);
	return -ENODATA;
}

static int notify_storm(struct fake_stream *stream)
{
	int i;

	for (i = 0; i < STORM; i++)
		fake_notify(stream);
	return -ENODATA;
}

/* Each with what it gets for it while it plays. */
static const struct wrong {
	const char *name;
	int (*how)(struct fake_stream *stream);
	int error;
} wrongs[] = {
	{ "release of an unknown tag", release_unknown, -EINVAL },
	{ "release before its turn", release_early, -EINVAL },
	{ "release for the second time", release_again, -EINVAL },
	{ "a storm of releases", release_storm, -EINVAL },
	{ "a storm of GetMapping", get_storm, -ENOENT },
	{ "TerminatePacket of what plays", terminate_packet, -EOPNOTSUPP },
	{ "Notify of no group", notify_nobody, -ENODATA },
	{ "a storm of Notify", notify_storm, -ENODATA },
};

/* --- while it runs ------------------------------------------------------- */

/* The oldest packet takes the next one with it, which was released early. */
static void expect_two_packets(struct kunit *test, struct pair *pair,
			       int direction, const char *where)
{
	struct application *app = pair->apps[direction];
	u64 done = (pair->packets[direction] += 2) * (u64)PERIOD;

	pair->streams[direction]->position = done;
	fake_finish_packets(pair->streams[direction], 1);
	KUNIT_EXPECT_TRUE_MSG(test, application_wait(app, done), "in %s",
			      where);
	KUNIT_EXPECT_EQ_MSG(test, application_hw_ptr(app), done, "in %s",
			    where);
}

static void break_everywhere(struct kunit *test, struct pair *pair,
			     const struct wrong *wrong, int liar)
{
	size_t c;

	for (c = 0; c < ARRAY_SIZE(contexts); c++) {
		breach.stream = pair->streams[liar];
		breach.how = wrong->how;
		breach.result = 1;
		contexts[c].run(pair->apps[liar]);
		KUNIT_EXPECT_EQ_MSG(test, breach.result, wrong->error,
				    "%s in %s", wrong->name, contexts[c].name);
		expect_packet(test, pair, !liar, wrong->name, contexts[c].name);
		if (wrong->how == release_early)
			expect_two_packets(test, pair, liar, contexts[c].name);
		expect_packet(test, pair, liar, wrong->name, contexts[c].name);
	}
}

static void liar_rules(struct kunit *test)
{
	struct pair pair;
	size_t w;

	pair_start(test, &pair, false);
	for (w = 0; w < ARRAY_SIZE(wrongs); w++)
		break_everywhere(test, &pair, &wrongs[w], PLAY);
}

static void liar_rules_recording(struct kunit *test)
{
	struct pair pair;
	size_t w;

	pair_start(test, &pair, false);
	for (w = 0; w < ARRAY_SIZE(wrongs); w++)
		if (wrongs[w].how != terminate_packet)
			break_everywhere(test, &pair, &wrongs[w], RECORD);
}

/* --- states -------------------------------------------------------------- */

static void expect_nothing_to_get(struct kunit *test, struct pair *pair)
{
	static const struct wrong stopped[] = {
		{ "GetMapping in STOP", get_into_nothing, -EBADFD },
		{ "release in STOP", release_unknown, -EINVAL },
		{ "TerminatePacket in STOP", terminate_packet, -EBADFD },
	};
	struct breach *b = &breach;
	size_t s, c;

	b->stream = pair->streams[RECORD];
	for (s = 0; s < ARRAY_SIZE(stopped); s++)
		/* Who is stopped isn't served. */
		for (c = 0; c < ARRAY_SIZE(contexts) - 2; c++) {
			b->how = stopped[s].how;
			b->result = 1;
			contexts[c].run(pair->apps[RECORD]);
			KUNIT_EXPECT_EQ_MSG(test, b->result, stopped[s].error,
					    "%s in %s", stopped[s].name,
					    contexts[c].name);
			expect_packet(test, pair, PLAY, stopped[s].name,
				      contexts[c].name);
		}
}

static void liar_in_stop(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	KUNIT_ASSERT_EQ(test, application_drop(pair.apps[RECORD]), 0);
	/* Only new parameters take it down to STOP and leave it there. */
	KUNIT_ASSERT_EQ(test, application_hw_params(pair.apps[RECORD], NULL),
			0);
	KUNIT_ASSERT_EQ(test, pair.streams[RECORD]->state, KSSTATE_STOP);
	expect_nothing_to_get(test, &pair);
	KUNIT_ASSERT_EQ(test, application_prepare(pair.apps[RECORD]), 0);
	KUNIT_ASSERT_EQ(test, application_start(pair.apps[RECORD]), 0);
	fake_get_all(pair.streams[RECORD]);
	pair.packets[RECORD] = 0;
	expect_packet(test, &pair, RECORD, "after", "STOP");
}

static void terminate_each_state(struct fake_stream *stream, enum ksstate state)
{
	if (stream->capture && state != KSSTATE_RUN)
		KUNIT_EXPECT_EQ(stream->fake->test, terminate_packet(stream),
				-EBADFD);
}

static void get_and_release(struct fake_stream *stream, enum ksstate state)
{
	struct kunit *test = stream->fake->test;

	KUNIT_EXPECT_EQ(test, release_unknown(stream), -EINVAL);
	if (state == KSSTATE_STOP)
		KUNIT_EXPECT_EQ(test, get_into_nothing(stream), -EBADFD);
	else
		fake_get_all(stream);
}

static void liar_in_set_state(struct kunit *test)
{
	static void (*const hooks[])(struct fake_stream *, enum ksstate) = {
		terminate_each_state, get_and_release,
	};
	struct pair pair;
	size_t h;

	pair_start(test, &pair, false);
	for (h = 0; h < ARRAY_SIZE(hooks); h++) {
		pair.fake->on_state = hooks[h];
		KUNIT_EXPECT_EQ(test, application_drop(pair.apps[RECORD]), 0);
		KUNIT_EXPECT_EQ(test, application_prepare(pair.apps[RECORD]),
				0);
		KUNIT_EXPECT_EQ(test, application_start(pair.apps[RECORD]), 0);
		pair.fake->on_state = NULL;
		fake_get_all(pair.streams[RECORD]);
		pair.packets[RECORD] = 0;
		expect_packet(test, &pair, RECORD, "SetState", "any state");
		expect_packet(test, &pair, PLAY, "SetState", "any state");
	}
}

/* --- groups -------------------------------------------------------------- */

static int liar_calls;

static void foreign_request(struct iservice_sink *sink)
{
	liar_calls++;
}

static const struct iservice_group_vtbl foreign_vtbl = {
	.sink = { .request_service = foreign_request },
};

/* A group that the port hasn't made is asked, and that's all. */
static void liar_foreign_group(struct kunit *test)
{
	static struct iservice_group group = { .vtbl = &foreign_vtbl };
	struct iport_wavepci *port;
	struct pair pair;

	pair_start(test, &pair, false);
	port = pair.fake->port;
	liar_calls = 0;
	port->vtbl->notify(port, &group);
	KUNIT_EXPECT_EQ(test, liar_calls, 1);
	expect_packet(test, &pair, PLAY, "Notify", "a foreign group");
	expect_packet(test, &pair, RECORD, "Notify", "a foreign group");
}

/* --- Notify from everywhere ---------------------------------------------- */

static void notify_in_state(struct fake_stream *stream, enum ksstate state)
{
	fake_notify(stream);
}

static void liar_notify_in_callbacks(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	pair.fake->on_state = notify_in_state;
	pair.fake->on_revoke = fake_notify;
	pair.fake->on_position = fake_notify;
	pair.fake->on_available = fake_notify;
	application_ask_hw_ptr(pair.apps[RECORD]);
	pair_restart(test, &pair, RECORD);
	expect_packet(test, &pair, RECORD, "Notify", "each callback");
	expect_packet(test, &pair, PLAY, "Notify", "each callback");
	pair.fake->on_position = NULL;
	pair.fake->on_available = NULL;
	pair.fake->on_revoke = NULL;
	pair.fake->on_state = NULL;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(liar_rules),
	KUNIT_CASE(liar_rules_recording),
	KUNIT_CASE(liar_in_stop),
	KUNIT_CASE(liar_in_set_state),
	KUNIT_CASE(liar_foreign_group),
	KUNIT_CASE(liar_notify_in_callbacks),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-liar",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
