// SPDX-License-Identifier: GPL-2.0
/*
 * A miniport that lies when it is asked: errors of SetState, how many mappings
 * were revoked, where a stream is. The stream ends with an error or goes on,
 * and the other one of the card plays.
 */
#include "pair.h"

/* --- states -------------------------------------------------------------- */

/* Upwards an error is an error, whatever number it is; and then it works. */
static void answers_state_errors_up(struct kunit *test)
{
	static const enum ksstate up[] = { KSSTATE_ACQUIRE, KSSTATE_PAUSE };
	static const int errors[] = { -EIO, -1, -4095, 1 };
	struct pair pair;
	size_t s, e;

	pair_start(test, &pair, false);
	for (e = 0; e < ARRAY_SIZE(errors); e++) {
		KUNIT_EXPECT_EQ(test, application_drop(pair.apps[RECORD]), 0);
		for (s = 0; s < ARRAY_SIZE(up); s++) {
			KUNIT_EXPECT_EQ(test, application_hw_params(
						pair.apps[RECORD], NULL), 0);
			pair.fake->state_errors[up[s]] = errors[e];
			KUNIT_EXPECT_LT_MSG(test, application_prepare(
					    pair.apps[RECORD]), 0,
					    "state %d, error %d", up[s],
					    errors[e]);
			pair.fake->state_errors[up[s]] = 0;
		}
		KUNIT_EXPECT_EQ(test, application_prepare(pair.apps[RECORD]),
				0);
		pair.fake->state_errors[KSSTATE_RUN] = errors[e];
		KUNIT_EXPECT_LT(test, application_start(pair.apps[RECORD]), 0);
		pair.fake->state_errors[KSSTATE_RUN] = 0;
		KUNIT_EXPECT_EQ(test, application_prepare(pair.apps[RECORD]),
				0);
		KUNIT_EXPECT_EQ(test, application_start(pair.apps[RECORD]), 0);
		fake_get_all(pair.streams[RECORD]);
		pair.packets[RECORD] = 0;
		expect_packet(test, &pair, RECORD, "an error", "SetState");
		expect_packet(test, &pair, PLAY, "an error", "SetState");
	}
}

static void answers_state_errors_down(struct kunit *test)
{
	struct pair pair;
	int state;

	pair_start(test, &pair, false);
	for (state = KSSTATE_STOP; state <= KSSTATE_RUN; state++)
		pair.fake->state_errors[state] = state < KSSTATE_RUN ? -EIO : 0;
	application_drop(pair.apps[RECORD]);
	application_hw_free(pair.apps[RECORD]);
	KUNIT_EXPECT_NULL(test, pair.fake->streams[RECORD]);
	for (state = KSSTATE_STOP; state <= KSSTATE_RUN; state++)
		pair.fake->state_errors[state] = 0;
	expect_packet(test, &pair, PLAY, "errors", "the way down");
}

/* --- revoking ------------------------------------------------------------ */

static void revoke_and_more(struct fake_stream *stream)
{
	struct kunit *test = stream->fake->test;

	KUNIT_EXPECT_LT(test, get_into_nothing(stream), 0);
	KUNIT_EXPECT_EQ(test, release_unknown(stream), -EINVAL);
	KUNIT_EXPECT_EQ(test, terminate_packet(stream), -EBADFD);
	fake_notify(stream);
}

static void answers_revoke(struct kunit *test)
{
	static const struct {
		u32 fewer;
		int error;
	} lies[] = {
		{ 1 }, { PERIODS }, { (u32)-1 }, { (u32)-1000 }, { 1u << 31 },
		{ 0, -EIO }, { 0, -EINVAL }, { 0, 1 }, { 1, -EIO },
	};
	struct pair pair;
	size_t i;

	pair_start(test, &pair, false);
	pair.fake->on_revoke = revoke_and_more;
	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		pair.fake->revoke_fewer = lies[i].fewer;
		pair.fake->revoke_error = lies[i].error;
		KUNIT_EXPECT_EQ(test, application_drop(pair.apps[RECORD]), 0);
		KUNIT_EXPECT_EQ(test, application_prepare(pair.apps[RECORD]),
				0);
		KUNIT_EXPECT_EQ(test, application_start(pair.apps[RECORD]), 0);
		/* What was revoked can't be released any more. */
		KUNIT_EXPECT_EQ(test, release_tag(pair.streams[RECORD],
				pair.streams[RECORD]->revoked_first), -EINVAL);
		fake_get_all(pair.streams[RECORD]);
		pair.packets[RECORD] = 0;
		expect_packet(test, &pair, RECORD, "a lie", "RevokeMappings");
		expect_packet(test, &pair, PLAY, "a lie", "RevokeMappings");
	}
	pair.fake->on_revoke = NULL;
}

/* --- positions ----------------------------------------------------------- */

static void answers_position(struct kunit *test)
{
	static const u64 lies[] = {
		~0ull, ~0ull - RING, 1ull << 63, 1ull << 32, (1ull << 32) - 1,
		0x7fffffff, RING * 1000ull, 1, 0,
	};
	struct pair pair;
	u64 before, after;
	size_t i;

	pair_start(test, &pair, false);
	expect_packet(test, &pair, RECORD, "before", "a lie");
	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		before = application_ask_hw_ptr(pair.apps[RECORD]);
		pair.streams[RECORD]->position = lies[i];
		after = application_ask_hw_ptr(pair.apps[RECORD]);
		/* Never back, and no further than what was got: a ring ahead. */
		KUNIT_EXPECT_GE(test, after, before);
		KUNIT_EXPECT_LE(test, after, (u64)RING + PERIOD);
		pair.streams[RECORD]->position_error = -EIO;
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(pair.apps[RECORD]),
				after);
		pair.streams[RECORD]->position_error = 0;
		expect_packet(test, &pair, PLAY, "a lie", "GetPosition");
	}
	/* Prepared anew it begins at the beginning. */
	pair_restart(test, &pair, RECORD);
	expect_packet(test, &pair, RECORD, "after", "a lie");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(answers_state_errors_up),
	KUNIT_CASE(answers_state_errors_down),
	KUNIT_CASE(answers_revoke),
	KUNIT_CASE(answers_position),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-answers",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
