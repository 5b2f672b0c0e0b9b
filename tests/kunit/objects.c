// SPDX-License-Identifier: GPL-2.0
/*
 * What holds for every object: COM's rules, and that none is left over.
 */
#include <linux/hardirq.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>

#include <kunit/device.h>

#include "objects.h"

#define SINKS	4

static unsigned int live_before;
static struct test_sink sinks[SINKS];
static unsigned int sink_count;

/* The first action of a test is the last to run: everything is released. */
static void expect_none_left(void *context)
{
	struct kunit *test = context;

	rcu_barrier();
	KUNIT_EXPECT_EQ_MSG(test, cunknown_live(), live_before,
			    "objects are left over, or one too many is gone");
}

/**
 * objects_init() - the init of every suite: watch for objects left over
 * @test: the test
 *
 * Return: 0 or -ENOMEM.
 */
int objects_init(struct kunit *test)
{
	rcu_barrier();
	live_before = cunknown_live();
	sink_count = 0;
	return kunit_add_action(test, expect_none_left, test);
}

/**
 * test_device() - make a device
 * @test: the test, at whose end it goes
 *
 * Return: the device; no two of a test have the same name.
 */
struct device *test_device(struct kunit *test)
{
	static unsigned int number;
	struct device *device;
	char name[16];

	snprintf(name, sizeof(name), "card%u", number++);
	device = kunit_device_register(test, name);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, device);
	return device;
}

static void put_action(void *context)
{
	iunknown_put(context);
}

/**
 * test_put() - release an object when the test ends
 * @test: the test
 * @unknown: the object
 */
void test_put(struct kunit *test, struct iunknown *unknown)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_action,
							unknown), 0);
}

/**
 * references() - how many references there are
 * @unknown: on whom
 *
 * Return: the count.
 */
u32 references(struct iunknown *unknown)
{
	iunknown_get(unknown);
	return unknown->vtbl->release(unknown);
}

/* Query for an interface and give it back; the pointer is good to compare. */
static struct iunknown *peek(struct kunit *test, struct iunknown *face,
			     const guid_t *iid)
{
	u32 before = references(face);
	struct iunknown *found;
	void *out = NULL;

	KUNIT_EXPECT_EQ(test, iunknown_query(face, iid, &out), 0);
	KUNIT_ASSERT_NOT_NULL(test, out);
	found = out;
	KUNIT_EXPECT_EQ(test, references(face), before + 1);
	KUNIT_EXPECT_EQ(test, found->vtbl->release(found), before);
	return found;
}

/**
 * expect_com() - expect an object to keep COM's rules
 * @test: the test
 * @face: any of its interfaces
 * @iids: all of its interfaces but IUnknown, ended by NULL
 */
void expect_com(struct kunit *test, struct iunknown *face,
		const guid_t *const *iids)
{
	static const guid_t nobodys = GUID_INIT(1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
						11);
	struct iunknown *identity = peek(test, face, &iid_iunknown);
	const guid_t *const *from, *const *to;
	void *none = test;

	for (from = iids; *from; from++) {
		struct iunknown *a = peek(test, face, *from);

		/* Identity, and the same pointer each time. */
		KUNIT_EXPECT_PTR_EQ(test, peek(test, a, &iid_iunknown),
				    identity);
		KUNIT_EXPECT_PTR_EQ(test, peek(test, identity, *from), a);
		/* Reflexivity, symmetry and transitivity. */
		for (to = iids; *to; to++) {
			struct iunknown *b = peek(test, a, *to);

			KUNIT_EXPECT_PTR_EQ(test, peek(test, b, *from), a);
			KUNIT_EXPECT_PTR_EQ(test, peek(test, face, *to), b);
		}
		/* What it hasn't got is -ENOENT and NULL, from anywhere. */
		KUNIT_EXPECT_EQ(test, iunknown_query(a, &nobodys, &none),
				-ENOENT);
		KUNIT_EXPECT_NULL(test, none);
		KUNIT_EXPECT_EQ(test, iunknown_query(a, &iid_iunknown, NULL),
				-EINVAL);
	}
}

/* Who aggregates: has nothing of its own but IUnknown. */
struct aggregator {
	struct iunknown unknown;
	struct iunknown *inner;
	u32 refs;
};

static int aggregator_query(struct iunknown *self, const guid_t *iid,
			    void **out)
{
	struct aggregator *a = container_of(self, struct aggregator, unknown);

	if (!guid_equal(iid, &iid_iunknown) || !out)
		return iunknown_query(a->inner, iid, out);
	a->refs++;
	*out = self;
	return 0;
}

static u32 aggregator_add_ref(struct iunknown *self)
{
	return ++container_of(self, struct aggregator, unknown)->refs;
}

static u32 aggregator_release(struct iunknown *self)
{
	return --container_of(self, struct aggregator, unknown)->refs;
}

static const struct iunknown_vtbl aggregator_vtbl = {
	.query_interface = aggregator_query,
	.add_ref = aggregator_add_ref,
	.release = aggregator_release,
};

/**
 * expect_aggregation() - expect that an object can be part of another
 * @test: the test
 * @make: makes it
 * @iid: the interface that @make gives
 */
void expect_aggregation(struct kunit *test, make_object make,
			const guid_t *iid)
{
	struct aggregator *a = kunit_kzalloc(test, sizeof(*a), GFP_KERNEL);
	const guid_t *const iids[] = { iid, NULL };
	struct iunknown *face = NULL;
	unsigned int live;

	KUNIT_ASSERT_NOT_NULL(test, a);
	a->unknown.vtbl = &aggregator_vtbl;
	a->refs = 1;
	/* What the card's start has let go of may still be on its way. */
	rcu_barrier();
	live = cunknown_live();
	KUNIT_ASSERT_EQ(test, make(test, &a->unknown, &face), 0);
	KUNIT_EXPECT_EQ_MSG(test, a->refs, 1, "it counts its aggregator");
	a->inner = cunknown_inner(face);

	/* Its interface is the aggregate's; its inner unknown is its own. */
	expect_com(test, face, iids);
	KUNIT_EXPECT_PTR_EQ(test, peek(test, face, &iid_iunknown),
			    &a->unknown);
	KUNIT_EXPECT_PTR_EQ(test, peek(test, a->inner, &iid_iunknown),
			    a->inner);
	KUNIT_EXPECT_PTR_EQ(test, peek(test, &a->unknown, iid), face);
	KUNIT_EXPECT_EQ(test, face->vtbl->add_ref(face), 2);
	KUNIT_EXPECT_EQ(test, references(a->inner), 1);
	KUNIT_EXPECT_EQ(test, face->vtbl->release(face), 1);
	KUNIT_EXPECT_EQ(test, a->refs, 1);

	KUNIT_EXPECT_GT(test, cunknown_live(), live);
	KUNIT_EXPECT_EQ(test, a->inner->vtbl->release(a->inner), 0);
	KUNIT_EXPECT_EQ(test, cunknown_live(), live);
}

static void sink_request_service(struct iservice_sink *self)
{
	struct test_sink *sink = container_of(self, struct test_sink, sink);

	sink->in_interrupt = in_hardirq();
	sink->time = ktime_get();
	WRITE_ONCE(sink->calls, sink->calls + 1);
	wake_up(&sink->wait);
}

static const struct iservice_sink_vtbl sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.request_service = sink_request_service,
};

static const struct cunknown_interface sink_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct test_sink, sink,
			   sink_vtbl),
	{}
};

/* The memory stays: what became of it can be looked at. */
static void sink_destroy(struct cunknown *object)
{
	container_of(object, struct test_sink, base)->released++;
}

static const struct cunknown_class sink_class = {
	.name = "test sink",
	.interfaces = sink_interfaces,
	.destroy = sink_destroy,
};

/**
 * test_sink_new() - make a sink
 * @test: the test, which has a few of them
 *
 * Return: the sink, with a reference.
 */
struct test_sink *test_sink_new(struct kunit *test)
{
	struct test_sink *sink = &sinks[sink_count];

	KUNIT_ASSERT_LT(test, sink_count++, SINKS);
	memset(sink, 0, sizeof(*sink));
	init_waitqueue_head(&sink->wait);
	cunknown_init(&sink->base, &sink_class, NULL);
	return sink;
}

MODULE_DESCRIPTION("Tests of the WavePci port class");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(WAVEPCI_NAMESPACE);
