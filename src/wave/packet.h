/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring cut into packets, and packets into mappings: arithmetic only.
 */
#ifndef _WAVEPCI_WAVE_PACKET_H
#define _WAVEPCI_WAVE_PACKET_H

#include <linux/types.h>

/**
 * struct packet_run - a stretch of the ring that is contiguous for the device
 * @start: first byte in the ring
 * @end: byte after the last one
 * @address: where the device finds @start
 */
struct packet_run {
	u32 start;
	u32 end;
	dma_addr_t address;
};

/**
 * struct packet_layout - how a ring is cut
 * @ring_bytes: length of the ring
 * @packet_bytes: length of a packet; the last one of the ring may be shorter
 * @mapping_bytes: largest mapping
 * @lead_bytes: largest first mapping of a packet, no more than @mapping_bytes
 * @run_count: length of @runs
 * @runs: the ring from its beginning to its end, without gaps
 */
struct packet_layout {
	u32 ring_bytes;
	u32 packet_bytes;
	u32 mapping_bytes;
	u32 lead_bytes;
	u32 run_count;
	struct packet_run *runs;
};

/**
 * struct packet_cursor - a place in the ring, at the beginning of a mapping
 * @offset: the byte in the ring
 * @packet_end: where the packet ends that it is in
 * @run: the run that it is in
 * @limit: largest mapping here
 */
struct packet_cursor {
	u32 offset;
	u32 packet_end;
	u32 run;
	u32 limit;
};

/**
 * struct packet_mapping - one mapping
 * @address: where the device finds it
 * @offset: where it begins in the ring
 * @bytes: how long it is
 * @last: whether it ends its packet
 */
struct packet_mapping {
	dma_addr_t address;
	u32 offset;
	u32 bytes;
	bool last;
};

u32 wave_packet_add_piece(struct packet_layout *layout, dma_addr_t address,
			  u32 bytes, u64 boundary_mask);
void wave_packet_cursor_reset(const struct packet_layout *layout,
			      struct packet_cursor *cursor);
void wave_packet_next(const struct packet_layout *layout,
		      struct packet_cursor *cursor,
		      struct packet_mapping *mapping);
u64 wave_packet_count_mappings(const struct packet_layout *layout);
u32 wave_packet_reach(const struct packet_layout *layout, u32 piece_bytes,
		      u32 mappings, u32 most);
u64 wave_packet_floor(const struct packet_layout *layout, u64 bytes);
u64 wave_packet_ceil(const struct packet_layout *layout, u64 bytes);

#endif
