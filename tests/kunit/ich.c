// SPDX-License-Identifier: GPL-2.0
/*
 * AC'97: a channel that was stopped goes on with a whole frame. Its registers are
 * memory here, and it is where they say.
 */
#include <kunit/test.h>

#include "objects.h"
/* It knows no more than its registers: no need to have it exported. */
#include "../../src/ich/engine.c"

#define CHANNELS	6
#define FRAME		(2 * CHANNELS)
#define MAPPING		4096
#define FIRST		0x10000
#define SECOND		0x50000

struct channel {
	struct ich_engine engine;
	struct ich_descriptor list[ICH_DESCRIPTORS];
	u32 registers[4];
};

static struct channel *new_channel(struct kunit *test)
{
	struct channel *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->engine.registers = (void __iomem *)c->registers;
	c->engine.list = c->list;
	c->engine.frame_bytes = FRAME;
	ich_engine_rewind(&c->engine);
	ich_engine_put(&c->engine, FIRST, MAPPING, true);
	ich_engine_put(&c->engine, SECOND, MAPPING, true);
	return c;
}

/* Have it stopped somewhere, and let it run again: where does its list begin? */
static u32 goes_on(struct kunit *test, struct channel *c, u32 bytes)
{
	u32 mapping = bytes / MAPPING;
	u32 left = (MAPPING - bytes % MAPPING) / 2;
	u32 address, samples;

	ich_engine_start(&c->engine);
	c->registers[ICH_CIV / 4] = mapping | ICH_SR_DCH << 16;
	c->registers[ICH_PICB / 4] = left | (mapping + 1) << 16;
	ich_engine_stop(&c->engine);
	ich_engine_start(&c->engine);
	address = le32_to_cpu(c->list[0].address);
	samples = le32_to_cpu(c->list[0].control) & 0xffff;
	KUNIT_EXPECT_EQ(test, (address + 2 * samples) % MAPPING, 0);
	KUNIT_EXPECT_EQ(test, c->engine.position % FRAME, 0);
	return address;
}

static void ich_pause_in_a_frame(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, goes_on(test, new_channel(test), 1008),
			FIRST + 1008);
	KUNIT_EXPECT_EQ(test, goes_on(test, new_channel(test), 1000),
			FIRST + 1008);
}

/* The frame began in the mapping before, which may be gone. */
static void ich_pause_between_mappings(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, goes_on(test, new_channel(test), 4096),
			SECOND + 8);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ich_pause_in_a_frame),
	KUNIT_CASE(ich_pause_between_mappings),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-ich",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
