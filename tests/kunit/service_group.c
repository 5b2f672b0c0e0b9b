// SPDX-License-Identifier: GPL-2.0
/*
 * IServiceGroup: members, requests, delayed requests.
 */
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include "objects.h"

#define PATIENCE	(10 * HZ)
#define MS_100NS	10000ll

static struct iservice_group *new_group(struct kunit *test)
{
	struct iservice_group *group;

	KUNIT_ASSERT_EQ(test, pc_new_service_group(&group, NULL), 0);
	test_put(test, &group->unknown);
	return group;
}

static int make_group(struct kunit *test, struct iunknown *outer,
		      struct iunknown **face)
{
	struct iservice_group *group;
	int err = pc_new_service_group(&group, outer);

	*face = err ? NULL : &group->unknown;
	return err;
}

/* A sink that is a member and has no other reference. */
static struct test_sink *add_sink(struct kunit *test,
				  struct iservice_group *group)
{
	struct test_sink *sink = test_sink_new(test);

	KUNIT_ASSERT_EQ(test, group->vtbl->add_member(group, &sink->sink), 0);
	KUNIT_EXPECT_EQ(test, references(&sink->sink.unknown), 2);
	iunknown_put(&sink->sink.unknown);
	return sink;
}

static void request(struct iservice_group *group)
{
	group->vtbl->sink.request_service(&group->sink);
}

static void service_group_object(struct kunit *test)
{
	static const guid_t *const iids[] = {
		&iid_iservice_group, &iid_iservice_sink, NULL
	};

	expect_com(test, &new_group(test)->unknown, iids);
	expect_aggregation(test, make_group, &iid_iservice_group);
}

static void service_group_calls_each(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *a, *b;

	request(group);
	a = add_sink(test, group);
	b = add_sink(test, group);
	request(group);
	KUNIT_EXPECT_EQ(test, a->calls, 1);
	KUNIT_EXPECT_EQ(test, b->calls, 1);
}

static void service_group_twice(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);

	KUNIT_EXPECT_EQ(test, group->vtbl->add_member(group, &sink->sink),
			-EEXIST);
	KUNIT_EXPECT_EQ(test, references(&sink->sink.unknown), 1);
	request(group);
	KUNIT_EXPECT_EQ(test, sink->calls, 1);
}

static void service_group_remove(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *gone = add_sink(test, group);
	struct test_sink *stays = add_sink(test, group);

	group->vtbl->remove_member(group, &gone->sink);
	request(group);
	KUNIT_EXPECT_EQ(test, gone->calls, 0);
	KUNIT_EXPECT_EQ(test, stays->calls, 1);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, gone->released, 1);
	KUNIT_EXPECT_EQ(test, stays->released, 0);
	/* One that isn't a member is left alone. */
	group->vtbl->remove_member(group, &gone->sink);
}

static void service_group_releases_members(struct kunit *test)
{
	struct iservice_group *group;
	struct test_sink *sink;

	KUNIT_ASSERT_EQ(test, pc_new_service_group(&group, NULL), 0);
	sink = add_sink(test, group);
	iunknown_put(&group->unknown);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, sink->released, 1);
}

static void service_group_nested(struct kunit *test)
{
	struct iservice_group *outer = new_group(test);
	struct iservice_group *inner = new_group(test);
	struct test_sink *sink = add_sink(test, inner);

	KUNIT_ASSERT_EQ(test, outer->vtbl->add_member(outer, &inner->sink), 0);
	request(outer);
	KUNIT_EXPECT_EQ(test, sink->calls, 1);
}

static void service_group_atomic(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);

	local_irq_disable();
	request(group);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, sink->calls, 1);
}

static bool wait_for_calls(struct test_sink *sink, int calls)
{
	return wait_event_timeout(sink->wait,
				  READ_ONCE(sink->calls) >= calls,
				  PATIENCE);
}

static void service_group_delayed_relative(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);
	ktime_t start;

	group->vtbl->support_delayed_service(group);
	start = ktime_get();
	group->vtbl->request_delayed_service(group, -30 * MS_100NS);
	KUNIT_ASSERT_TRUE(test, wait_for_calls(sink, 1));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(sink->time, start), 30);
	/* It is ready for the next one. */
	group->vtbl->request_delayed_service(group, -1 * MS_100NS);
	KUNIT_EXPECT_TRUE(test, wait_for_calls(sink, 2));
	KUNIT_EXPECT_EQ(test, sink->calls, 2);
}

static void service_group_delayed_absolute(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);
	ktime_t start;

	group->vtbl->support_delayed_service(group);
	start = ktime_get();
	group->vtbl->request_delayed_service(group, ktime_get_real_ns() / 100 +
					     30 * MS_100NS);
	KUNIT_ASSERT_TRUE(test, wait_for_calls(sink, 1));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(sink->time, start), 29);
	/* A time that is over is now. */
	group->vtbl->request_delayed_service(group, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_calls(sink, 2));
}

static void service_group_delayed_replaced(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);

	group->vtbl->support_delayed_service(group);
	/* From now, at a time, from now: each takes the other's place. */
	local_irq_disable();	/* none is so late that it goes off first */
	group->vtbl->request_delayed_service(group, -20 * MS_100NS);
	group->vtbl->request_delayed_service(group, ktime_get_real_ns() / 100 +
					     20 * MS_100NS);
	group->vtbl->request_delayed_service(group, -60 * MS_100NS);
	local_irq_enable();
	KUNIT_ASSERT_TRUE(test, wait_for_calls(sink, 1));
	KUNIT_EXPECT_EQ(test, sink->calls, 1);
}

static void service_group_delayed_cancelled(struct kunit *test)
{
	struct iservice_group *group = new_group(test);
	struct test_sink *sink = add_sink(test, group);
	struct iservice_group *clock = new_group(test);
	struct test_sink *later = add_sink(test, clock);

	/* Without a timer there is nothing to cancel. */
	group->vtbl->cancel_delayed_service(group);
	group->vtbl->support_delayed_service(group);
	clock->vtbl->support_delayed_service(clock);
	local_irq_disable();	/* it isn't so late that it goes off first */
	group->vtbl->request_delayed_service(group, -30 * MS_100NS);
	group->vtbl->cancel_delayed_service(group);
	local_irq_enable();
	clock->vtbl->request_delayed_service(clock, -60 * MS_100NS);
	KUNIT_ASSERT_TRUE(test, wait_for_calls(later, 1));
	KUNIT_EXPECT_EQ(test, sink->calls, 0);
}

static void service_group_delayed_destroyed(struct kunit *test)
{
	struct iservice_group *group;
	struct test_sink *sink;

	KUNIT_ASSERT_EQ(test, pc_new_service_group(&group, NULL), 0);
	sink = add_sink(test, group);
	group->vtbl->support_delayed_service(group);
	group->vtbl->request_delayed_service(group, -3600000 * MS_100NS);
	iunknown_put(&group->unknown);
	KUNIT_EXPECT_EQ(test, sink->calls, 0);
	KUNIT_EXPECT_EQ(test, sink->released, 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(service_group_object),
	KUNIT_CASE(service_group_calls_each),
	KUNIT_CASE(service_group_twice),
	KUNIT_CASE(service_group_remove),
	KUNIT_CASE(service_group_releases_members),
	KUNIT_CASE(service_group_nested),
	KUNIT_CASE(service_group_atomic),
	KUNIT_CASE(service_group_delayed_relative),
	KUNIT_CASE(service_group_delayed_absolute),
	KUNIT_CASE(service_group_delayed_replaced),
	KUNIT_CASE(service_group_delayed_cancelled),
	KUNIT_CASE(service_group_delayed_destroyed),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-service-group",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
