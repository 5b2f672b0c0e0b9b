// SPDX-License-Identifier: GPL-2.0
/*
 * HD Audio: a ring in the controller's list, and formats as numbers.
 */
#include <linux/prandom.h>

#include <kunit/test.h>

#include "objects.h"
/* They are pure: no need to have them exported. */
#include "../../src/hda/format.c"
#include "../../src/hda/ring.c"

#define RINGS	2000
#define SEED	0x48444121

static u32 below(struct rnd_state *random, u32 ceiling)
{
	return prandom_u32_state(random) % ceiling;
}

/* Mappings that are nowhere next to each other; the last one is waited for. */
static void random_ring(struct rnd_state *random, struct hda_ring *ring)
{
	u32 count = 2 + below(random, HDA_MAPPINGS_MAX - 1), n;

	hda_ring_reset(ring);
	for (n = 0; n < count; n++)
		hda_ring_put(ring, (dma_addr_t)n << 20 | below(random, 4096),
			     4 * (1 + below(random, 1000)),
			     n == count - 1 || !below(random, 3));
	ring->whole = true;
}

/* Where a byte of the ring is in memory, and whether it ends a period. */
static dma_addr_t address_of(const struct hda_ring *ring, u32 offset, bool *last)
{
	const struct hda_mapping *m = ring->mappings;

	offset %= ring->bytes;
	while (offset >= m->bytes)
		offset -= (m++)->bytes;
	*last = m->interrupt && offset == m->bytes - 1;
	return m->address + offset;
}

/* The list has each byte of the ring once, from the offset on. */
static const char *check_list(const struct hda_ring *ring, u32 offset,
			      const struct hda_descriptor *list, u32 count)
{
	u32 at = offset, n;
	bool last;

	for (n = 0; n < count; n++) {
		u32 bytes = le32_to_cpu(list[n].bytes);

		if (!bytes)
			return "an empty descriptor";
		if (le64_to_cpu(list[n].address) !=
		    address_of(ring, at, &last))
			return "a descriptor that begins elsewhere";
		at += bytes;
		if (le64_to_cpu(list[n].address) + bytes - 1 !=
		    address_of(ring, at - 1, &last))
			return "a descriptor over the end of a mapping";
		if (last != !!le32_to_cpu(list[n].flags))
			return "an interrupt too many, or one that is missing";
	}
	return at - offset == ring->bytes ? NULL : "not the whole ring";
}

static void hda_lists(struct kunit *test)
{
	struct hda_descriptor *list = kunit_kcalloc(test, HDA_DESCRIPTORS,
						    sizeof(*list), GFP_KERNEL);
	struct hda_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	struct rnd_state random;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, list);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	prandom_seed_state(&random, SEED);
	for (i = 0; i < RINGS; i++) {
		u32 offset, count;
		const char *wrong;

		random_ring(&random, ring);
		offset = i % 5 ? below(&random, ring->bytes / 4) * 4 : 0;
		count = hda_ring_list(ring, offset, list);
		KUNIT_ASSERT_LE(test, count, HDA_DESCRIPTORS);
		wrong = check_list(ring, offset, list, count);
		KUNIT_ASSERT_NULL_MSG(test, wrong, "ring %d from %u on: %s", i,
				      offset, wrong ?: "");
	}
}

/* However the position moves on: as many are done as end before it. */
static void hda_laps(struct kunit *test)
{
	struct hda_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	struct rnd_state random;
	int i, step;

	KUNIT_ASSERT_NOT_NULL(test, ring);
	prandom_seed_state(&random, SEED);
	for (i = 0; i < RINGS / 20; i++) {
		u64 at = 0, end = 0;
		u32 done = 0;

		random_ring(&random, ring);
		for (step = 0; step < 100; step++) {
			u64 next;

			at += below(&random, ring->bytes);
			if (step % 10 == 9)
				at += below(&random, 50) * (u64)ring->bytes;
			while (end + ring->mappings[done % ring->count].bytes <=
			       at)
				end += ring->mappings[done++ %
						      ring->count].bytes;
			KUNIT_ASSERT_EQ(test, hda_ring_advance(ring, at), done);
			next = hda_ring_next_interrupt(ring);
			KUNIT_ASSERT_GT(test, next, at);
			KUNIT_ASSERT_LE(test, next, at + ring->bytes);
		}
	}
}

/* Nobody goes through all the laps up to there. */
static void hda_far_away(struct kunit *test)
{
	struct hda_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	struct rnd_state random;
	u64 at = 1ull << 60, next;

	KUNIT_ASSERT_NOT_NULL(test, ring);
	prandom_seed_state(&random, SEED);
	random_ring(&random, ring);
	hda_ring_advance(ring, at);
	next = hda_ring_next_interrupt(ring);
	KUNIT_EXPECT_GT(test, next, at);
	KUNIT_EXPECT_LE(test, next, at + ring->bytes);
}

static void hda_ring_is_the_same(struct kunit *test)
{
	struct hda_ring *ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	u32 n;

	KUNIT_ASSERT_NOT_NULL(test, ring);
	for (n = 0; n < HDA_MAPPINGS_MAX; n++)
		KUNIT_EXPECT_TRUE(test, hda_ring_put(ring, n * 4096, 4096,
						     n & 1));
	KUNIT_EXPECT_FALSE(test, hda_ring_put(ring, n * 4096, 4096, true));
	KUNIT_EXPECT_EQ(test, ring->bytes, HDA_MAPPINGS_MAX * 4096);
	KUNIT_EXPECT_TRUE(test, ring->interrupts);
	ring->whole = true;
	for (n = 0; n < 2 * HDA_MAPPINGS_MAX; n++) {
		u32 place = n % HDA_MAPPINGS_MAX;

		KUNIT_ASSERT_TRUE(test, hda_ring_put(ring, place * 4096, 4096,
						     place & 1));
	}
	KUNIT_EXPECT_FALSE(test, hda_ring_put(ring, 4096, 4096, false));
	KUNIT_EXPECT_FALSE(test, hda_ring_put(ring, 4096, 64, true));
	KUNIT_EXPECT_FALSE(test, hda_ring_put(ring, 2 * 4096, 4096, true));
	hda_ring_reset(ring);
	KUNIT_EXPECT_EQ(test, ring->count, 0);
	KUNIT_EXPECT_FALSE(test, ring->whole);
}

static void hda_formats(struct kunit *test)
{
	static const struct {
		u32 rate, channels, bits;
		u16 format;
	} rows[] = {
		{ 48000, 2, 16, 0x0011 }, { 44100, 2, 16, 0x4011 },
		{ 96000, 2, 24, 0x0831 }, { 192000, 8, 32, 0x1847 },
		{ 88200, 6, 20, 0x4825 }, { 176400, 2, 24, 0x5831 },
		{ 8000, 1, 8, 0x0500 }, { 11025, 1, 16, 0x4310 },
		{ 16000, 2, 16, 0x0211 }, { 22050, 2, 16, 0x4111 },
		{ 32000, 2, 16, 0x0a11 }, { 48000, 16, 32, 0x004f },
		{ 48001, 2, 16, 0 }, { 48000, 0, 16, 0 }, { 48000, 17, 16, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ(test, hda_format(rows[i].rate, rows[i].channels,
						 rows[i].bits), rows[i].format);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(hda_lists),
	KUNIT_CASE(hda_laps),
	KUNIT_CASE(hda_far_away),
	KUNIT_CASE(hda_ring_is_the_same),
	KUNIT_CASE(hda_formats),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-hda",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
