// SPDX-License-Identifier: GPL-2.0
/*
 * PCPROPERTY_REQUEST, PcCompletePendingPropertyRequest: answers that come at
 * once, later, never, twice, or are too long.
 */
#include "fake_topology.h"

static struct mixer *mixer_with_volume(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);

	mixer_chain(mixer, NULL, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
	mixer->nodes[0].channels = LEFT;
	fake_start(mixer->fake);
	return mixer;
}

static int get(struct mixer *mixer, long *value)
{
	long right;

	return mixer_get(mixer_control(mixer, "Master Playback Volume"), value,
			 &right);
}

static void property_later(struct kunit *test)
{
	struct mixer *mixer = mixer_with_volume(test);
	long value;

	mixer->nodes[0].values[0] = -0x18000;
	mixer->nodes[0].answer = LATER;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 20);
	mixer->nodes[0].answer = BEFORE_RETURN;
	mixer->nodes[0].values[0] = 0;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 21);
}

/* The answer comes after that. */
static void property_after_a_signal(struct kunit *test)
{
	struct mixer *mixer = mixer_with_volume(test);
	long value;

	mixer->nodes[0].answer = NEVER;
	mixer_interrupted(mixer);
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(mixer->pending, 0),
			0);
	mixer->nodes[0].answer = AT_ONCE;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), 0);
}

/* It never comes: what was put off goes with the port. */
static void property_never(struct kunit *test)
{
	struct mixer *mixer = mixer_with_volume(test);

	mixer->nodes[0].answer = NEVER;
	mixer_interrupted(mixer);
	fake_stop(mixer->fake);
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(mixer->pending, 0),
			-EINVAL);
}

static void property_completed_wrongly(struct kunit *test)
{
	struct mixer *mixer = mixer_with_volume(test);
	struct pcproperty_request nobodys = {};
	long value;

	KUNIT_EXPECT_EQ(test, pc_complete_pending_property_request(NULL, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(&nobodys, 0),
			-EINVAL);
	mixer->nodes[0].answer = BEFORE_RETURN;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), 0);
	/* It has been answered; the pointer means nothing any more. */
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(mixer->pending, 0),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(&nobodys,
							     -EINPROGRESS),
			-EINVAL);
}

/* It says that it has written more than there was room for. */
static void property_too_long(struct kunit *test)
{
	struct mixer *mixer = mixer_with_volume(test);
	long value;

	mixer->nodes[0].too_long = 4;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), -ENOSPC);
	mixer->nodes[0].too_long = 0;
	KUNIT_EXPECT_EQ(test, get(mixer, &value), 0);
}

/* BASICSUPPORT, with as much room as there is. */
static void property_basic_support(struct kunit *test)
{
	static const struct ksproperty_stepping_long range = {
		.stepping_delta = 1,
		.signed_minimum = -7,
		.signed_maximum = 9,
	};
	struct ksproperty_basic_support_long answer;
	struct pcproperty_request request = { .value = &answer };

	request.value_size = sizeof(answer);
	KUNIT_EXPECT_EQ(test, ksproperty_basic_support(&request, 3, &range), 0);
	KUNIT_EXPECT_EQ(test, request.value_size, sizeof(answer));
	KUNIT_EXPECT_EQ(test, answer.description.access_flags, 3);
	KUNIT_EXPECT_EQ(test, answer.description.description_size,
			sizeof(answer));
	KUNIT_EXPECT_EQ(test, answer.description.members_list_count, 1);
	KUNIT_EXPECT_EQ(test, answer.header.members_flags,
			KSPROPERTY_MEMBER_STEPPEDRANGES);
	KUNIT_EXPECT_EQ(test, answer.range.signed_minimum, -7);
	KUNIT_EXPECT_EQ(test, answer.range.signed_maximum, 9);
	KUNIT_EXPECT_EQ(test, ksproperty_basic_support(&request, 3, NULL), 0);
	KUNIT_EXPECT_EQ(test, request.value_size, sizeof(answer.description));
	request.value_size = sizeof(answer) - 1;
	KUNIT_EXPECT_EQ(test, ksproperty_basic_support(&request, 3, &range), 0);
	KUNIT_EXPECT_EQ(test, request.value_size, sizeof(answer.description));
	request.value_size = 4;
	KUNIT_EXPECT_EQ(test, ksproperty_basic_support(&request, 2, &range), 0);
	KUNIT_EXPECT_EQ(test, request.value_size, 4);
	KUNIT_EXPECT_EQ(test, answer.description.access_flags, 2);
	request.value_size = 3;
	KUNIT_EXPECT_EQ(test, ksproperty_basic_support(&request, 2, &range),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, request.value_size, sizeof(answer));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(property_later),
	KUNIT_CASE(property_after_a_signal),
	KUNIT_CASE(property_never),
	KUNIT_CASE(property_completed_wrongly),
	KUNIT_CASE(property_too_long),
	KUNIT_CASE(property_basic_support),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-property",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
