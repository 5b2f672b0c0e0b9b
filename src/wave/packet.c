// SPDX-License-Identifier: GPL-2.0
/*
 * The ring cut into packets, and packets into mappings.
 *
 * A mapping ends where its packet ends, where the memory stops being
 * contiguous for the device, or where it is as long as the device takes. It
 * is worked out when it is asked for, from a cursor that only moves forward:
 * no table of mappings, so the cost is the same whatever the ring's size.
 *
 * No locks, no ALSA, no allocation: callers see to these.
 */
#include <linux/kernel.h>
#include <linux/math64.h>

#include "packet.h"

/**
 * wave_packet_add_piece() - put a piece of memory at the end of the ring
 * @layout: the layout that is being built; it has room for the runs
 * @address: where the device finds the piece
 * @bytes: length of the piece
 * @boundary_mask: a run doesn't cross a multiple of this plus one
 *
 * Joins the piece to the last run where they are contiguous.
 *
 * Context: any.
 * Return: how many runs there are now.
 */
u32 wave_packet_add_piece(struct packet_layout *layout, dma_addr_t address,
			  u32 bytes, u64 boundary_mask)
{
	struct packet_run *last = NULL;
	u32 start = 0;

	if (layout->run_count) {
		last = &layout->runs[layout->run_count - 1];
		start = last->end;
	}
	if (last && last->address + (last->end - last->start) == address &&
	    address & boundary_mask) {
		last->end += bytes;
		return layout->run_count;
	}

	layout->runs[layout->run_count++] = (struct packet_run) {
		.start = start,
		.end = start + bytes,
		.address = address,
	};
	return layout->run_count;
}

static u32 packet_end(const struct packet_layout *layout, u32 offset)
{
	return min(offset + layout->packet_bytes, layout->ring_bytes);
}

/**
 * wave_packet_cursor_reset() - go to the beginning of the ring
 * @layout: the ring
 * @cursor: the cursor
 *
 * Context: any.
 */
void wave_packet_cursor_reset(const struct packet_layout *layout,
			      struct packet_cursor *cursor)
{
	cursor->offset = 0;
	cursor->run = 0;
	cursor->packet_end = packet_end(layout, 0);
	cursor->limit = layout->lead_bytes;
}

/**
 * wave_packet_next() - the mapping at the cursor; the cursor moves behind it
 * @layout: the ring
 * @cursor: the cursor; past the end of the ring it is at its beginning again
 * @mapping: receives the mapping
 *
 * Context: any. Constant time.
 */
void wave_packet_next(const struct packet_layout *layout,
		      struct packet_cursor *cursor,
		      struct packet_mapping *mapping)
{
	const struct packet_run *run = &layout->runs[cursor->run];
	u32 end = min3(cursor->packet_end, run->end,
		       cursor->offset + cursor->limit);

	mapping->address = run->address + (cursor->offset - run->start);
	mapping->offset = cursor->offset;
	mapping->bytes = end - cursor->offset;
	mapping->last = end == cursor->packet_end;

	if (end == layout->ring_bytes) {
		wave_packet_cursor_reset(layout, cursor);
		return;
	}
	cursor->offset = end;
	cursor->limit = layout->mapping_bytes;
	if (end == run->end)
		cursor->run++;
	if (mapping->last) {
		cursor->packet_end = packet_end(layout, end);
		cursor->limit = layout->lead_bytes;
	}
}

/**
 * wave_packet_count_mappings() - how many mappings once round the ring is
 * @layout: the ring
 *
 * Context: any. Linear in runs plus packets.
 * Return: the number of mappings.
 */
u64 wave_packet_count_mappings(const struct packet_layout *layout)
{
	u32 offset = 0, run = 0, end = packet_end(layout, 0);
	u32 lead = layout->lead_bytes;
	u64 count = 0;

	while (offset < layout->ring_bytes) {
		u32 stop = min(end, layout->runs[run].end);

		count++;
		if (stop - offset > lead)
			count += DIV_ROUND_UP(stop - offset - lead,
					      layout->mapping_bytes);
		offset = stop;
		lead = layout->mapping_bytes;
		if (offset == layout->runs[run].end)
			run++;
		if (offset == end) {
			end = packet_end(layout, offset);
			lead = layout->lead_bytes;
		}
	}
	return count;
}

/**
 * wave_packet_reach() - how long a ring of so many mappings can be
 * @layout: how it would be cut; @ring_bytes and @runs aren't looked at
 * @piece_bytes: contiguous memory is no longer than that, at worst
 * @mappings: how many there may be
 * @most: no ring is longer than that
 *
 * Context: any. Linear in @mappings.
 * Return: the length of the longest ring of whole packets.
 */
u32 wave_packet_reach(const struct packet_layout *layout, u32 piece_bytes,
		      u32 mappings, u32 most)
{
	u64 offset = 0, end = layout->packet_bytes, whole = 0;
	u32 limit = layout->lead_bytes, rest;

	while (mappings-- && whole + layout->packet_bytes <= most) {
		div_u64_rem(offset, piece_bytes, &rest);
		offset = min3(end, offset + piece_bytes - rest, offset + limit);
		limit = layout->mapping_bytes;
		if (offset < end)
			continue;
		whole = end;
		end += layout->packet_bytes;
		limit = layout->lead_bytes;
	}
	return whole;
}

/**
 * wave_packet_floor() - the end of the last whole packet
 * @layout: the ring
 * @bytes: a place in the stream
 *
 * Context: any.
 * Return: the last end of a packet that isn't after @bytes.
 */
u64 wave_packet_floor(const struct packet_layout *layout, u64 bytes)
{
	u32 rest;
	u64 laps = div_u64_rem(bytes, layout->ring_bytes, &rest);

	return laps * layout->ring_bytes + rest - rest % layout->packet_bytes;
}

/**
 * wave_packet_ceil() - the end of the packet that a place is in
 * @layout: the ring
 * @bytes: a place in the stream
 *
 * Context: any.
 * Return: the first end of a packet that isn't before @bytes.
 */
u64 wave_packet_ceil(const struct packet_layout *layout, u64 bytes)
{
	u64 floor = wave_packet_floor(layout, bytes);
	u32 offset;

	if (floor == bytes)
		return bytes;
	div_u64_rem(floor, layout->ring_bytes, &offset);
	return floor + packet_end(layout, offset) - offset;
}
