/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring as the controller has it: all of its mappings in one list, which the
 * controller goes round for as long as it runs. Arithmetic only.
 */
#ifndef _WAVEPCI_HDA_RING_H
#define _WAVEPCI_HDA_RING_H

#include <linux/types.h>

#define HDA_DESCRIPTORS		256

/* One is left for a list that begins in the middle of a mapping. */
#define HDA_MAPPINGS_MAX	(HDA_DESCRIPTORS - 1)

#define HDA_DESCRIPTOR_INTERRUPT	1

/**
 * struct hda_descriptor - an entry of the controller's list
 * @address: where the memory is
 * @bytes: how long it is
 * @flags: %HDA_DESCRIPTOR_INTERRUPT, to have an interrupt when it is done
 */
struct hda_descriptor {
	__le64 address;
	__le32 bytes;
	__le32 flags;
};

/**
 * struct hda_mapping - a mapping of the ring
 * @address: where the device finds it
 * @bytes: how long it is
 * @interrupt: whether somebody waits for it
 */
struct hda_mapping {
	dma_addr_t address;
	u32 bytes;
	bool interrupt;
};

/**
 * struct hda_ring - a ring of mappings, and how far it was played or recorded
 * @count: how many mappings there are
 * @bytes: how long they are together
 * @whole: these are all
 * @interrupts: some are waited for
 * @next: place of the mapping that is put next, once these are all
 * @done: number of the first mapping that isn't done, counted from STOP on
 * @place: its place
 * @done_end: where it ends, in bytes since STOP
 * @mappings: the mappings
 */
struct hda_ring {
	u32 count;
	u32 bytes;
	bool whole;
	bool interrupts;
	u32 next;
	u32 done;
	u32 place;
	u64 done_end;
	struct hda_mapping mappings[HDA_MAPPINGS_MAX];
};

void hda_ring_reset(struct hda_ring *ring);
bool hda_ring_put(struct hda_ring *ring, dma_addr_t address, u32 bytes,
		  bool interrupt);
u32 hda_ring_advance(struct hda_ring *ring, u64 position);
u64 hda_ring_next_interrupt(const struct hda_ring *ring);
u32 hda_ring_list(const struct hda_ring *ring, u32 offset,
		  struct hda_descriptor *list);

#endif
