// SPDX-License-Identifier: GPL-2.0
/*
 * What a miniport may not do and would stop a machine that takes no notice: an
 * oops or a deadlock each.
 */
#include "pair.h"

static void complete_in_state(struct fake_stream *stream, enum ksstate state)
{
	if (state != KSSTATE_RUN)
		return;
	fake_get_all(stream);
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
}

/* A packet is complete before the start has come to its end. */
static void deadly_completes_in_set_state(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	KUNIT_EXPECT_EQ(test, application_drop(pair.apps[RECORD]), 0);
	KUNIT_EXPECT_EQ(test, application_prepare(pair.apps[RECORD]), 0);
	pair.fake->on_state = complete_in_state;
	KUNIT_EXPECT_EQ(test, application_start(pair.apps[RECORD]), 0);
	pair.fake->on_state = NULL;
	KUNIT_EXPECT_TRUE(test, application_wait(pair.apps[RECORD], PERIOD));
	pair.packets[RECORD] = 1;
	expect_packet(test, &pair, RECORD, "a packet", "SetState");
	expect_packet(test, &pair, PLAY, "a packet", "SetState");
}

static void complete_in_position(struct fake_stream *stream)
{
	stream->fake->on_position = NULL;
	stream->position = PERIOD;
	fake_finish_packets(stream, 1);
}

static void deadly_completes_in_position(struct kunit *test)
{
	struct pair pair;

	pair_start(test, &pair, false);
	pair.fake->on_position = complete_in_position;
	application_ask_hw_ptr(pair.apps[RECORD]);
	KUNIT_EXPECT_TRUE(test, application_wait(pair.apps[RECORD], PERIOD));
	pair.packets[RECORD] = 1;
	expect_packet(test, &pair, RECORD, "a packet", "GetPosition");
	expect_packet(test, &pair, PLAY, "a packet", "GetPosition");
}

static int give_no_stream(struct fake_stream *stream,
			  struct iminiport_wavepci_stream **out,
			  struct iservice_group **service_group)
{
	if (*service_group)
		iunknown_put(&(*service_group)->unknown);
	*service_group = NULL;
	*out = NULL;
	iunknown_put(&stream->stream.unknown);
	return 0;
}

/* Freed, as after an error, but still given. */
static int fail_and_give(struct fake_stream *stream,
			 struct iminiport_wavepci_stream **out,
			 struct iservice_group **service_group)
{
	if (*service_group)
		iunknown_put(&(*service_group)->unknown);
	iunknown_put(&stream->stream.unknown);
	return -EIO;
}

static int fail_positively(struct fake_stream *stream,
			   struct iminiport_wavepci_stream **out,
			   struct iservice_group **service_group)
{
	give_no_stream(stream, out, service_group);
	return 1;
}

static void deadly_new_stream(struct kunit *test)
{
	static int (*const lies[])(struct fake_stream *,
				   struct iminiport_wavepci_stream **,
				   struct iservice_group **) = {
		fail_and_give, fail_positively, give_no_stream,
	};
	struct fake *fake = fake_new(test);
	struct application app = { .test = test };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		fake->on_new_stream = lies[i];
		KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
		fake->on_new_stream = NULL;
		KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
		fake->on_new_stream = lies[i];
		KUNIT_ASSERT_EQ(test, application_try_open(&app, fake, 0, PLAY),
				0);
		KUNIT_EXPECT_LT(test, application_hw_params(&app, NULL), 0);
		KUNIT_EXPECT_LT(test, application_prepare(&app), 0);
		application_close(&app);
		fake->on_new_stream = NULL;
		expect_plays(test, fake);
		fake_stop(fake);
	}
}

static void deadly_nothing_there(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pins = NULL;
	KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
	fake->description.pins = fake->pins;
	fake->pins[0].data_ranges = NULL;
	KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
	fake->pins[0].data_ranges = fake->ranges;
	KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
	expect_plays(test, fake);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(deadly_completes_in_set_state),
	KUNIT_CASE(deadly_completes_in_position),
	KUNIT_CASE(deadly_new_stream),
	KUNIT_CASE(deadly_nothing_there),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-deadly",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
