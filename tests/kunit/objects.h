/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What holds for every object: COM's rules, and that none is left over.
 */
#ifndef _WAVEPCI_KUNIT_OBJECTS_H
#define _WAVEPCI_KUNIT_OBJECTS_H

#include <kunit/test.h>

#include <wavepci/portcls.h>

/**
 * typedef make_object - makes an object
 * @test: the test
 * @outer: who aggregates it, or NULL
 * @face: receives one of its interfaces
 *
 * Return: 0 or an error.
 */
typedef int (*make_object)(struct kunit *test, struct iunknown *outer,
			   struct iunknown **face);

/* A service sink that counts: the simplest object there is. */
struct test_sink {
	struct cunknown base;

	CUNKNOWN_FACE(iservice_sink, sink);
	struct wait_queue_head wait;
	int calls;
	int released;
	bool in_interrupt;
	ktime_t time;
};

int objects_init(struct kunit *test);
u32 references(struct iunknown *unknown);
void expect_com(struct kunit *test, struct iunknown *face,
		const guid_t *const *iids);
void expect_aggregation(struct kunit *test, make_object make,
			const guid_t *iid);
struct device *test_device(struct kunit *test);
struct test_sink *test_sink_new(struct kunit *test);
void test_put(struct kunit *test, struct iunknown *unknown);

#endif
