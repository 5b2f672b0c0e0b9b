// SPDX-License-Identifier: GPL-2.0
/*
 * IUnknown: identity, counts, aggregation; with an object of our own that has
 * two interfaces.
 */
#include "objects.h"

struct pair {
	struct cunknown base;

	CUNKNOWN_FACE(iservice_sink, sink);
	CUNKNOWN_FACE(iprefetch_offset, prefetch);
	int destroyed;
};

static const struct iservice_sink_vtbl pair_sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
};

static const struct iprefetch_offset_vtbl pair_prefetch_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
};

static const struct cunknown_interface pair_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct pair, sink,
			   pair_sink_vtbl),
	CUNKNOWN_INTERFACE(iid_iprefetch_offset, struct pair, prefetch,
			   pair_prefetch_vtbl),
	{}
};

static void pair_destroy(struct cunknown *object)
{
	container_of(object, struct pair, base)->destroyed++;
}

static const struct cunknown_class pair_class = {
	.name = "pair",
	.interfaces = pair_interfaces,
	.destroy = pair_destroy,
};

static struct pair *pair_new(struct kunit *test, struct iunknown *outer)
{
	struct pair *pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pair);
	cunknown_init(&pair->base, &pair_class, outer);
	return pair;
}

static int make_pair(struct kunit *test, struct iunknown *outer,
		     struct iunknown **face)
{
	*face = &pair_new(test, outer)->sink.unknown;
	return 0;
}

static void object_rules(struct kunit *test)
{
	static const guid_t *const iids[] = {
		&iid_iservice_sink, &iid_iprefetch_offset, NULL
	};
	struct pair *pair = pair_new(test, NULL);

	expect_com(test, &pair->sink.unknown, iids);
	expect_com(test, &pair->prefetch.unknown, iids);
	expect_com(test, &pair->base.inner, iids);
	KUNIT_EXPECT_EQ(test, references(&pair->sink.unknown), 1);
	iunknown_put(&pair->sink.unknown);
}

static void object_counts(struct kunit *test)
{
	unsigned int live = cunknown_live();
	struct pair *pair = pair_new(test, NULL);
	struct iunknown *sink = &pair->sink.unknown;
	struct iunknown *prefetch = &pair->prefetch.unknown;

	/* One count, whichever interface it goes through. */
	KUNIT_EXPECT_EQ(test, cunknown_live(), live + 1);
	KUNIT_EXPECT_EQ(test, sink->vtbl->add_ref(sink), 2);
	KUNIT_EXPECT_EQ(test, prefetch->vtbl->add_ref(prefetch), 3);
	KUNIT_EXPECT_EQ(test, prefetch->vtbl->release(prefetch), 2);
	KUNIT_EXPECT_EQ(test, prefetch->vtbl->release(prefetch), 1);
	KUNIT_EXPECT_EQ(test, pair->destroyed, 0);
	KUNIT_EXPECT_EQ(test, sink->vtbl->release(sink), 0);
	KUNIT_EXPECT_EQ(test, pair->destroyed, 1);
	KUNIT_EXPECT_EQ(test, cunknown_live(), live);
}

static void object_aggregation(struct kunit *test)
{
	expect_aggregation(test, make_pair, &iid_iservice_sink);
}

static void object_put_nothing(struct kunit *test)
{
	iunknown_put(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(object_rules),
	KUNIT_CASE(object_counts),
	KUNIT_CASE(object_aggregation),
	KUNIT_CASE(object_put_nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-object",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
