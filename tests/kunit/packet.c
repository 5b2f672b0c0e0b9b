// SPDX-License-Identifier: GPL-2.0
/*
 * The ring cut into packets and mappings: the properties of any geometry.
 */
#include <linux/prandom.h>

#include <kunit/test.h>

#include "objects.h"
/* It is pure: no need to have it exported. */
#include "../../src/wave/packet.c"

#define GEOMETRIES	120000
#define RUNS_MAX	24
#define SEED		0x57617665	/* another one finds other geometries */

struct geometry {
	struct packet_layout layout;
	struct packet_run runs[RUNS_MAX];
	u32 align;
	u64 boundary_mask;
};

static u32 below(struct rnd_state *random, u32 ceiling)
{
	return prandom_u32_state(random) % ceiling;
}

/*
 * Pieces of up to 16 units: next to the one before, or somewhere else. A piece
 * crosses no boundary by itself: pages don't.
 */
static void random_runs(struct rnd_state *random, struct geometry *g)
{
	struct packet_layout *layout = &g->layout;
	u32 unit = g->align + 1, count = 1 + below(random, RUNS_MAX);
	dma_addr_t next = (dma_addr_t)below(random, 1 << 20) * unit;
	u32 i;

	for (i = 0; i < count; i++) {
		u64 bytes = unit * (1 + below(random, 16));

		if (below(random, 2))
			next += (dma_addr_t)unit * (1 + below(random, 100));
		bytes = min(bytes, (~next & g->boundary_mask) + 1);
		wave_packet_add_piece(layout, next, bytes, g->boundary_mask);
		next += bytes;
	}
	layout->ring_bytes = layout->runs[layout->run_count - 1].end;
}

static void random_geometry(struct rnd_state *random, struct geometry *g)
{
	struct packet_layout *layout = &g->layout;
	u32 unit, units, last;

	memset(g, 0, sizeof(*g));
	layout->runs = g->runs;
	unit = 1u << below(random, 4);
	g->align = unit - 1;
	g->boundary_mask = below(random, 2) ? U64_MAX : unit * 32 - 1;
	random_runs(random, g);

	/* The ring may end inside the last piece, anywhere if not aligned. */
	last = layout->runs[layout->run_count - 1].start;
	layout->ring_bytes -= below(random, (layout->ring_bytes - last) / unit) *
			      unit;
	layout->runs[layout->run_count - 1].end = layout->ring_bytes;
	units = layout->ring_bytes / unit;
	layout->packet_bytes = unit * (1 + below(random, units));
	layout->mapping_bytes = unit * (1 + below(random, 20));
	layout->lead_bytes = unit * (1 + below(random, layout->mapping_bytes /
						       unit));
}

static const struct packet_run *run_of(const struct packet_layout *layout,
				       u32 offset)
{
	const struct packet_run *run = layout->runs;

	while (offset >= run->end)
		run++;
	return run;
}

static const char *check_mapping(const struct geometry *g, u32 offset,
				 const struct packet_mapping *m)
{
	const struct packet_layout *layout = &g->layout;
	const struct packet_run *run = run_of(layout, offset);
	u32 packet = offset - offset % layout->packet_bytes;
	u32 packet_end = min(packet + layout->packet_bytes, layout->ring_bytes);
	u32 limit = offset == packet ? layout->lead_bytes :
				       layout->mapping_bytes;
	u32 end = offset + m->bytes;

	if (m->offset != offset)
		return "not where the one before ended";
	if (!m->bytes)
		return "empty";
	if (m->bytes > limit)
		return "longer than its limit";
	if (end > packet_end)
		return "goes over its packet's end";
	if (end > run->end)
		return "goes over its run's end";
	if (m->address != run->address + offset - run->start)
		return "not where the memory is";
	if (m->last != (end == packet_end))
		return "the last of its packet isn't marked, or another is";
	if ((m->address | m->bytes) & g->align)
		return "not aligned";
	if ((m->address ^ (m->address + m->bytes - 1)) & ~g->boundary_mask)
		return "crosses a boundary";
	if (end != packet_end && end != run->end && m->bytes < limit)
		return "shorter than it could be";
	return NULL;
}

static const char *check_lap(const struct geometry *g,
			     struct packet_cursor *cursor, u64 *count)
{
	const struct packet_layout *layout = &g->layout;
	struct packet_mapping m;
	const char *wrong;
	u32 offset = 0;

	for (*count = 0; offset < layout->ring_bytes; ++*count) {
		wave_packet_next(layout, cursor, &m);
		wrong = check_mapping(g, offset, &m);
		if (wrong)
			return wrong;
		offset += m.bytes;
	}
	return NULL;
}

/* A ring as long as it says fits at worst, and one more packet doesn't. */
static const char *check_reach(const struct packet_layout *layout, u32 mappings)
{
	u32 piece = 16 * (1 + layout->mapping_bytes % 7), offset;
	u32 reach = wave_packet_reach(layout, piece, mappings, 1 << 20);
	u64 count = 0, more;

	if (reach % layout->packet_bytes)
		return "reaches into the middle of a packet";
	/* Each piece by itself, in a packet of its own: count them all. */
	for (offset = 0, more = 0; offset < reach + layout->packet_bytes;) {
		u32 packet = offset - offset % layout->packet_bytes;
		u32 end = min3(packet + layout->packet_bytes,
			       offset - offset % piece + piece,
			       offset + (offset == packet ?
					 layout->lead_bytes :
					 layout->mapping_bytes));

		more++;
		offset = end;
		if (offset == reach)
			count = more;
	}
	if (count > mappings)
		return "reaches too far";
	if (more <= mappings && reach + layout->packet_bytes <= 1 << 20)
		return "could reach further";
	return NULL;
}

static bool rounds(const struct packet_layout *layout, u64 bytes, u64 floor,
		   u64 ceil)
{
	return wave_packet_floor(layout, bytes) == floor &&
	       wave_packet_ceil(layout, bytes) == ceil;
}

/* The ends and the middle of each packet, some laps from the beginning. */
static const char *check_rounding(const struct packet_layout *layout, u64 laps)
{
	u64 start = laps * layout->ring_bytes;
	u64 ring_end = start + layout->ring_bytes, end;

	for (; start < ring_end; start = end) {
		end = min(start + layout->packet_bytes, ring_end);
		if (!rounds(layout, start, start, start) ||
		    !rounds(layout, end, end, end))
			return "the end of a packet is rounded";
		if (end - start > 1 &&
		    (!rounds(layout, start + 1, start, end) ||
		     !rounds(layout, (start + end) / 2, start, end) ||
		     !rounds(layout, end - 1, start, end)))
			return "floor or ceil is wrong";
	}
	return NULL;
}

static const char *check_geometry(const struct geometry *g, u64 laps)
{
	struct packet_cursor cursor, start;
	u64 first, second;
	const char *wrong;

	wave_packet_cursor_reset(&g->layout, &cursor);
	start = cursor;
	wrong = check_lap(g, &cursor, &first);
	if (wrong)
		return wrong;
	if (memcmp(&start, &cursor, sizeof(start)))
		return "the cursor isn't at the beginning again";
	wrong = check_lap(g, &cursor, &second);
	if (wrong)
		return wrong;
	if (first != second)
		return "the second lap isn't like the first";
	if (wave_packet_count_mappings(&g->layout) != first)
		return "wave_packet_count_mappings() is wrong";
	return check_rounding(&g->layout, laps);
}

static void show(struct kunit *test, const struct geometry *g)
{
	const struct packet_layout *layout = &g->layout;
	u32 i;

	kunit_info(test,
		   "ring %u, packet %u, mapping %u, lead %u, align %u, boundary %#llx\n",
		   layout->ring_bytes, layout->packet_bytes,
		   layout->mapping_bytes, layout->lead_bytes, g->align + 1,
		   g->boundary_mask);
	for (i = 0; i < layout->run_count; i++)
		kunit_info(test, "run %u: %u to %u at %#llx\n", i,
			   layout->runs[i].start, layout->runs[i].end,
			   (u64)layout->runs[i].address);
}

static void packet_any_geometry(struct kunit *test)
{
	struct geometry *g = kunit_kzalloc(test, sizeof(*g), GFP_KERNEL);
	struct rnd_state random;
	const char *wrong;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, g);
	prandom_seed_state(&random, SEED);
	for (i = 0; i < GEOMETRIES; i++) {
		random_geometry(&random, g);
		wrong = check_geometry(g, below(&random, U32_MAX));
		if (!wrong)
			continue;
		show(test, g);
		KUNIT_FAIL(test, "seed %#x, geometry %u: %s", SEED, i, wrong);
		return;
	}
}

static void packet_rings_that_fit(struct kunit *test)
{
	struct geometry *g = kunit_kzalloc(test, sizeof(*g), GFP_KERNEL);
	struct rnd_state random;
	const char *wrong;
	u32 i, mappings;

	KUNIT_ASSERT_NOT_NULL(test, g);
	prandom_seed_state(&random, SEED);
	for (i = 0; i < GEOMETRIES / 20; i++) {
		random_geometry(&random, g);
		mappings = 1 + below(&random, 300);
		wrong = check_reach(&g->layout, mappings);
		if (!wrong)
			continue;
		show(test, g);
		KUNIT_FAIL(test, "seed %#x, geometry %u, %u mappings: %s", SEED,
			   i, mappings, wrong);
		return;
	}
}

static void packet_one_byte(struct kunit *test)
{
	struct packet_run run;
	struct packet_layout layout = {
		.ring_bytes = 3, .packet_bytes = 2, .mapping_bytes = 1,
		.lead_bytes = 1, .runs = &run,
	};
	struct packet_cursor cursor;
	struct packet_mapping m;
	u32 i;

	KUNIT_EXPECT_EQ(test, wave_packet_add_piece(&layout, 0x1001, 3,
						    U64_MAX), 1);
	wave_packet_cursor_reset(&layout, &cursor);
	for (i = 0; i < 6; i++) {
		wave_packet_next(&layout, &cursor, &m);
		KUNIT_EXPECT_EQ(test, m.bytes, 1);
		KUNIT_EXPECT_EQ(test, m.address, 0x1001 + i % 3);
		KUNIT_EXPECT_EQ(test, m.last, i % 3 > 0);
	}
	KUNIT_EXPECT_EQ(test, wave_packet_count_mappings(&layout), 3);
}

/* Pieces next to each other are one run, but not across a boundary. */
static void packet_pieces_join(struct kunit *test)
{
	struct packet_run runs[4];
	struct packet_layout layout = { .runs = runs };

	KUNIT_EXPECT_EQ(test, wave_packet_add_piece(&layout, 0xe000, 0x1000,
						    0xffff), 1);
	KUNIT_EXPECT_EQ(test, wave_packet_add_piece(&layout, 0xf000, 0x1000,
						    0xffff), 1);
	KUNIT_EXPECT_EQ(test, wave_packet_add_piece(&layout, 0x10000, 0x1000,
						    0xffff), 2);
	KUNIT_EXPECT_EQ(test, wave_packet_add_piece(&layout, 0x20000, 0x1000,
						    0xffff), 3);
	KUNIT_EXPECT_EQ(test, runs[0].end, 0x2000);
	KUNIT_EXPECT_EQ(test, runs[1].start, 0x2000);
	KUNIT_EXPECT_EQ(test, runs[2].address, 0x20000);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(packet_any_geometry),
	KUNIT_CASE(packet_rings_that_fit),
	KUNIT_CASE(packet_one_byte),
	KUNIT_CASE(packet_pieces_join),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-packet",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
