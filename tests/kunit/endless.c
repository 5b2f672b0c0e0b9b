// SPDX-License-Identifier: GPL-2.0
/*
 * A miniport that has always something to do: the port doesn't do it all at
 * once, since whoever calls it may have the processor for itself.
 */
#include <linux/ktime.h>

#include "pair.h"

#define PATIENCE_MS	500

static ktime_t until;

/* A card that is done with each mapping as soon as it has it. */
static void get_and_release_all(struct fake_stream *stream)
{
	if (ktime_after(ktime_get(), until))
		return;
	fake_get_all(stream);
	while (stream->count)
		fake_release(stream);
}

/* Who interrupts says when there is more, and doesn't do all of it at once. */
static void expect_back_in_time(struct kunit *test, struct pair *pair,
				const char *what)
{
	ktime_t begin = ktime_get();

	until = ktime_add_ms(begin, 4 * PATIENCE_MS);
	fake_notify(pair->streams[RECORD]);
	KUNIT_EXPECT_LT_MSG(test, ktime_ms_delta(ktime_get(), begin),
			    PATIENCE_MS, "%s", what);
	until = 0;
}

static void endless_releases_at_once(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	pair.streams[RECORD]->greedy = false;
	pair.fake->on_available = get_and_release_all;
	atomic_set(&pair.streams[RECORD]->to_finish, PERIODS);
	expect_back_in_time(test, &pair, "get and release in MappingAvailable");
	pair.fake->on_available = NULL;
	expect_packet(test, &pair, PLAY, "a storm", "MappingAvailable");
}

static void notify_for_a_while(struct fake_stream *stream)
{
	if (ktime_before(ktime_get(), until))
		fake_notify(stream);
}

static void endless_notifies_itself(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	pair.fake->on_service = notify_for_a_while;
	expect_back_in_time(test, &pair, "Notify in Service");
	pair.fake->on_service = NULL;
	expect_packet(test, &pair, PLAY, "a storm", "Notify");
	expect_packet(test, &pair, RECORD, "a storm", "Notify");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(endless_releases_at_once),
	KUNIT_CASE(endless_notifies_itself),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-endless",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
