// SPDX-License-Identifier: GPL-2.0
/*
 * IInterruptSync, with an interrupt line of our own that a piece of interrupt
 * work raises: real hard interrupts without hardware.
 */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "application.h"

struct line;

/**
 * struct routine - a service routine's context
 * @line: whose interrupt it is
 * @letter: its letter in the log
 * @mine: how often it will say that the interrupt is its own
 * @notify: a service group that it notifies, or NULL
 * @sink: a member of that
 * @seen: calls of @sink by the time it has notified
 * @in_interrupt: whether it was called in one
 * @calls: how often it was called
 */
struct routine {
	struct line *line;
	char letter;
	int mine;
	struct iservice_group *notify;
	struct test_sink *sink;
	int seen;
	bool in_interrupt;
	int calls;
};

/**
 * struct line - an interrupt line of a fake card
 * @fake: the fake card
 * @irq: Linux' number of it
 * @work: raises it
 * @resources: a list with the interrupt in it
 * @routines: its service routines
 * @log: which of them were called, a letter each
 */
struct line {
	struct fake *fake;
	int irq;
	struct irq_work work;
	struct iresource_list *resources;
	struct routine routines[3];
	char log[32];
};

static struct line *starting;

static int keep_resources(struct fake *fake, struct iresource_list *resources)
{
	struct cm_partial_resource_descriptor irq = {
		.type = CM_RESOURCE_TYPE_INTERRUPT,
		.bar = -1,
		.start = starting->irq,
		.length = 1,
	};
	struct iresource_list *list;
	int err;

	err = pc_new_resource_sublist(&list, NULL, resources, 1);
	if (err)
		return err;
	starting->resources = list;
	return list->vtbl->add_entry(list, &irq, &irq);
}

static void raise_line(struct irq_work *work)
{
	generic_handle_irq(container_of(work, struct line, work)->irq);
}

static void free_line(void *context)
{
	struct line *line = context;

	irq_work_sync(&line->work);
	irq_free_desc(line->irq);
}

static struct line *new_line(struct kunit *test)
{
	struct line *line = kunit_kzalloc(test, sizeof(*line), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, line);
	line->irq = irq_alloc_desc(NUMA_NO_NODE);
	KUNIT_ASSERT_GT(test, line->irq, 0);
	line->work = IRQ_WORK_INIT_HARD(raise_line);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_line,
							line), 0);
	irq_set_chip_and_handler(line->irq, &dummy_irq_chip,
				 handle_simple_irq);
	irq_modify_status(line->irq, IRQ_NOREQUEST | IRQ_NOPROBE, 0);

	line->fake = fake_new(test);
	line->fake->on_start = keep_resources;
	starting = line;
	fake_start(line->fake);
	test_put(test, &line->resources->unknown);
	return line;
}

static struct iinterrupt_sync *new_sync(struct kunit *test, struct line *line,
					enum interrupt_sync_mode mode)
{
	struct iinterrupt_sync *sync;

	KUNIT_ASSERT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
						    line->resources, 0, mode),
			0);
	test_put(test, &sync->unknown);
	return sync;
}

static int make_sync(struct kunit *test, struct iunknown *outer,
		     struct iunknown **face)
{
	struct iinterrupt_sync *sync;
	int err = pc_new_interrupt_sync(&sync, outer, starting->resources, 0,
					INTERRUPT_SYNC_MODE_ALL);

	*face = err ? NULL : &sync->unknown;
	return err;
}

static int run_routine(struct iinterrupt_sync *sync, void *context)
{
	struct routine *routine = context;
	struct line *line = routine->line;
	struct iport_wavepci *port = line->fake->port;
	char letter[] = { routine->letter, 0 };

	strlcat(line->log, letter, sizeof(line->log));
	routine->in_interrupt = in_hardirq();
	routine->calls++;
	if (routine->notify) {
		port->vtbl->notify(port, routine->notify);
		port->vtbl->notify(port, routine->notify);
		routine->seen = routine->sink->calls;
	}
	return routine->mine-- > 0 ? 0 : -ENXIO;
}

static struct routine *add(struct kunit *test, struct iinterrupt_sync *sync,
			   struct line *line, char letter, bool first)
{
	struct routine *routine = &line->routines[letter - 'a'];

	*routine = (struct routine) { .line = line, .letter = letter };
	KUNIT_ASSERT_EQ(test, sync->vtbl->register_service_routine(sync,
				run_routine, routine, first), 0);
	return routine;
}

static void raise(struct line *line)
{
	irq_work_queue(&line->work);
	irq_work_sync(&line->work);
}

/* Where shared interrupts are debugged, connecting calls the routines. */
static void start_over(struct line *line)
{
	*line->log = '\0';
}

static void interrupt_sync_object(struct kunit *test)
{
	static const guid_t *const iids[] = { &iid_iinterrupt_sync, NULL };
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;

	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	expect_com(test, &sync->unknown, iids);
	expect_aggregation(test, make_sync, &iid_iinterrupt_sync);
}

static void interrupt_sync_connect(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;

	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	KUNIT_EXPECT_EQ(test, sync->vtbl->get_kinterrupt(sync), -ENOTCONN);
	sync->vtbl->disconnect(sync);
	KUNIT_ASSERT_EQ(test, sync->vtbl->connect(sync), 0);
	KUNIT_EXPECT_EQ(test, sync->vtbl->get_kinterrupt(sync), line->irq);
	KUNIT_EXPECT_EQ(test, sync->vtbl->connect(sync), -EBUSY);
	sync->vtbl->disconnect(sync);
	KUNIT_EXPECT_EQ(test, sync->vtbl->get_kinterrupt(sync), -ENOTCONN);
	/* And again; the last reference disconnects it. */
	KUNIT_EXPECT_EQ(test, sync->vtbl->connect(sync), 0);
}

static void interrupt_sync_connect_fails(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;

	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	irq_modify_status(line->irq, 0, IRQ_NOREQUEST);
	KUNIT_EXPECT_EQ(test, sync->vtbl->connect(sync), -EINVAL);
	KUNIT_EXPECT_EQ(test, sync->vtbl->get_kinterrupt(sync), -ENOTCONN);
	irq_modify_status(line->irq, IRQ_NOREQUEST, 0);
	KUNIT_EXPECT_EQ(test, sync->vtbl->connect(sync), 0);
}

static irqreturn_t not_mine(int irq, void *data)
{
	return IRQ_NONE;
}

/* Two syncs of an adapter and somebody else on the same line. */
static void interrupt_sync_shares(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *first, *second;

	first = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	second = new_sync(test, line, INTERRUPT_SYNC_MODE_ALL);
	KUNIT_ASSERT_EQ(test, request_irq(line->irq, not_mine, IRQF_SHARED,
					  "other", line), 0);
	KUNIT_EXPECT_EQ(test, first->vtbl->connect(first), 0);
	KUNIT_EXPECT_EQ(test, second->vtbl->connect(second), 0);
	add(test, first, line, 'a', false);
	add(test, second, line, 'b', false);
	start_over(line);
	raise(line);
	KUNIT_EXPECT_STREQ(test, line->log, "ab");
	free_irq(line->irq, line);
}

static void interrupt_sync_refused(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;

	KUNIT_EXPECT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
			line->resources, 1, INTERRUPT_SYNC_MODE_ALL), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
			line->resources, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
			line->resources, 0, INTERRUPT_SYNC_MODE_REPEAT + 1),
			-EINVAL);
	/* Without an adapter. */
	fake_stop(line->fake);
	KUNIT_EXPECT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
			line->resources, 0, INTERRUPT_SYNC_MODE_ALL), -EINVAL);
}

static void interrupt_sync_routines(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;
	struct routine *a;

	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_ALL);
	add(test, sync, line, 'b', false);
	KUNIT_ASSERT_EQ(test, sync->vtbl->connect(sync), 0);
	start_over(line);
	/* Head and tail, also when it is connected. */
	add(test, sync, line, 'c', false);
	a = add(test, sync, line, 'a', true);
	raise(line);
	KUNIT_EXPECT_STREQ(test, line->log, "abc");
	KUNIT_EXPECT_TRUE(test, a->in_interrupt);
	sync->vtbl->disconnect(sync);
	start_over(line);
	/* Last of all: Linux keeps it for the next connect, in a tasklet. */
	raise(line);
	KUNIT_EXPECT_STREQ(test, line->log, "");
}

static void interrupt_sync_modes(struct kunit *test)
{
	static const struct {
		enum interrupt_sync_mode mode;
		int a, b;	/* how often it is theirs */
		const char *log;
	} tries[] = {
		{ INTERRUPT_SYNC_MODE_NORMAL, 1, 1, "a" },
		{ INTERRUPT_SYNC_MODE_NORMAL, 0, 1, "ab" },
		{ INTERRUPT_SYNC_MODE_NORMAL, 0, 0, "abc" },
		{ INTERRUPT_SYNC_MODE_ALL, 1, 1, "abc" },
		{ INTERRUPT_SYNC_MODE_ALL, 0, 0, "abc" },
		{ INTERRUPT_SYNC_MODE_REPEAT, 0, 0, "abc" },
		{ INTERRUPT_SYNC_MODE_REPEAT, 1, 1, "abcabc" },
		{ INTERRUPT_SYNC_MODE_REPEAT, 1, 3, "abcabcabcabc" },
	};
	struct line *line = new_line(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		struct iinterrupt_sync *sync;
		struct routine *a, *b;

		KUNIT_ASSERT_EQ(test, pc_new_interrupt_sync(&sync, NULL,
				line->resources, 0, tries[i].mode), 0);
		a = add(test, sync, line, 'a', false);
		b = add(test, sync, line, 'b', false);
		add(test, sync, line, 'c', false);
		KUNIT_EXPECT_EQ(test, sync->vtbl->connect(sync), 0);
		start_over(line);
		a->mine = tries[i].a;
		b->mine = tries[i].b;
		raise(line);
		KUNIT_EXPECT_STREQ(test, line->log, tries[i].log);
		iunknown_put(&sync->unknown);
	}
}

/* What a routine notifies runs after the routines, once, in the interrupt. */
static void interrupt_sync_notify(struct kunit *test)
{
	struct line *line = new_line(test);
	struct test_sink *sink = test_sink_new(test);
	struct iinterrupt_sync *sync;
	struct iservice_group *group;
	struct routine *a;

	test_put(test, &sink->sink.unknown);
	KUNIT_ASSERT_EQ(test, pc_new_service_group(&group, NULL), 0);
	test_put(test, &group->unknown);
	KUNIT_ASSERT_EQ(test, group->vtbl->add_member(group, &sink->sink), 0);
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_ALL);
	KUNIT_ASSERT_EQ(test, sync->vtbl->connect(sync), 0);
	a = add(test, sync, line, 'a', false);
	a->sink = sink;
	a->seen = -1;
	a->notify = group;
	add(test, sync, line, 'b', false);
	start_over(line);
	raise(line);
	KUNIT_EXPECT_STREQ(test, line->log, "ab");
	KUNIT_EXPECT_EQ_MSG(test, a->seen, 0, "called too early");
	KUNIT_EXPECT_EQ(test, sink->calls, 1);
	KUNIT_EXPECT_TRUE(test, sink->in_interrupt);
	raise(line);
	KUNIT_EXPECT_EQ(test, sink->calls, 2);
	sync->vtbl->disconnect(sync);
}

static int served_in_routine;

static int request_service(struct iinterrupt_sync *sync, void *context)
{
	struct fake_stream *stream = context;
	struct iservice_group *group = stream->group;

	group->vtbl->sink.request_service(&group->sink);
	served_in_routine = READ_ONCE(stream->served);
	return 0;
}

/* RequestService of a group does as Notify does, with the lock held. */
static void interrupt_sync_request(struct kunit *test)
{
	struct line *line = new_line(test);
	struct fake_stream *stream;
	struct iinterrupt_sync *sync;

	application_running(test, line->fake, SNDRV_PCM_STREAM_PLAYBACK);
	stream = line->fake->streams[0];
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	KUNIT_EXPECT_EQ(test, sync->vtbl->call_synchronized_routine(sync,
				request_service, stream), 0);
	KUNIT_EXPECT_EQ(test, served_in_routine, 0);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(line->fake->wait,
			READ_ONCE(stream->served) == 1, 10 * HZ));
}

/* The same from a synchronized routine: when its caller is through. */
static void interrupt_sync_notify_from_call(struct kunit *test)
{
	struct line *line = new_line(test);
	struct test_sink *sink = test_sink_new(test);
	struct iinterrupt_sync *sync;
	struct iservice_group *group;
	struct routine *a;

	test_put(test, &sink->sink.unknown);
	KUNIT_ASSERT_EQ(test, pc_new_service_group(&group, NULL), 0);
	test_put(test, &group->unknown);
	KUNIT_ASSERT_EQ(test, group->vtbl->add_member(group, &sink->sink), 0);
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_ALL);
	a = add(test, sync, line, 'a', false);
	a->sink = sink;
	a->notify = group;
	KUNIT_EXPECT_EQ(test, sync->vtbl->call_synchronized_routine(sync,
						run_routine, a), -ENXIO);
	KUNIT_EXPECT_EQ_MSG(test, a->seen, 0, "called too early");
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(sink->wait,
				READ_ONCE(sink->calls) == 1, 10 * HZ));
}

static int notify_and_release(struct iinterrupt_sync *sync, void *context)
{
	struct routine *routine = context;
	struct iport_wavepci *port = routine->line->fake->port;

	port->vtbl->notify(port, routine->notify);
	iunknown_put(&routine->notify->unknown);
	return 0;
}

/* A group that nobody holds any more stays until it has been run. */
static void interrupt_sync_keeps_notified(struct kunit *test)
{
	struct line *line = new_line(test);
	struct test_sink *sink = test_sink_new(test);
	struct routine routine = { .line = line };
	struct iinterrupt_sync *sync;

	KUNIT_ASSERT_EQ(test, pc_new_service_group(&routine.notify, NULL), 0);
	KUNIT_ASSERT_EQ(test, routine.notify->vtbl->add_member(routine.notify,
							&sink->sink), 0);
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_ALL);
	KUNIT_EXPECT_EQ(test, sync->vtbl->call_synchronized_routine(sync,
					notify_and_release, &routine), 0);
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(sink->wait,
				READ_ONCE(sink->calls) == 1, 10 * HZ));
	test_put(test, &sink->sink.unknown);
}

static int answer(struct iinterrupt_sync *sync, void *context)
{
	*(bool *)context = irqs_disabled();
	return -42;
}

static void interrupt_sync_call(struct kunit *test)
{
	struct line *line = new_line(test);
	struct iinterrupt_sync *sync;
	bool off = false;

	/* Connected or not. */
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	KUNIT_EXPECT_EQ(test, sync->vtbl->call_synchronized_routine(sync,
							answer, &off), -42);
	KUNIT_EXPECT_TRUE(test, off);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/**
 * struct contest - a synchronized routine against a service routine
 * @csd: runs the interrupt on another processor
 * @line: whose interrupt
 * @routine: its service routine
 * @raised: the other processor is on its way
 * @done: it has come back
 * @intruded: it got in
 */
struct contest {
	call_single_data_t csd;
	struct line *line;
	struct routine *routine;
	bool raised;
	bool done;
	bool intruded;
};

static void interrupt_there(void *context)
{
	struct contest *contest = context;

	WRITE_ONCE(contest->raised, true);
	generic_handle_irq(contest->line->irq);
	WRITE_ONCE(contest->done, true);
}

static int keep_out(struct iinterrupt_sync *sync, void *context)
{
	struct contest *contest = context;
	int before = contest->routine->calls;
	int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());

	if (smp_call_function_single_async(cpu, &contest->csd))
		return -EIO;
	/* However busy the machine is: if it never comes, all is lost anyway. */
	while (!READ_ONCE(contest->raised))
		cpu_relax();
	/* It is in the interrupt now, and this is time enough to get in. */
	mdelay(5);
	contest->intruded = READ_ONCE(contest->routine->calls) != before;
	return 0;
}

static void interrupt_sync_excludes(struct kunit *test)
{
	struct line *line;
	struct iinterrupt_sync *sync;
	struct contest *contest;
	struct routine *routine;
	int calls;

	if (num_online_cpus() < 2)
		kunit_skip(test, "it takes two processors");
	line = new_line(test);
	sync = new_sync(test, line, INTERRUPT_SYNC_MODE_NORMAL);
	contest = kunit_kzalloc(test, sizeof(*contest), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, contest);
	routine = add(test, sync, line, 'a', false);
	contest->line = line;
	contest->routine = routine;
	INIT_CSD(&contest->csd, interrupt_there, contest);
	KUNIT_ASSERT_EQ(test, sync->vtbl->connect(sync), 0);
	calls = routine->calls;

	KUNIT_EXPECT_EQ(test, sync->vtbl->call_synchronized_routine(sync,
						keep_out, contest), 0);
	KUNIT_EXPECT_FALSE(test, contest->intruded);
	while (!READ_ONCE(contest->done))
		cpu_relax();
	KUNIT_EXPECT_EQ(test, routine->calls, calls + 1);
	sync->vtbl->disconnect(sync);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(interrupt_sync_object),
	KUNIT_CASE(interrupt_sync_connect),
	KUNIT_CASE(interrupt_sync_connect_fails),
	KUNIT_CASE(interrupt_sync_shares),
	KUNIT_CASE(interrupt_sync_refused),
	KUNIT_CASE(interrupt_sync_routines),
	KUNIT_CASE(interrupt_sync_modes),
	KUNIT_CASE(interrupt_sync_notify),
	KUNIT_CASE(interrupt_sync_request),
	KUNIT_CASE(interrupt_sync_notify_from_call),
	KUNIT_CASE(interrupt_sync_keeps_notified),
	KUNIT_CASE(interrupt_sync_call),
	KUNIT_CASE(interrupt_sync_excludes),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-interrupt-sync",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
