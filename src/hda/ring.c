// SPDX-License-Identifier: GPL-2.0
/*
 * The ring as the controller has it. A controller goes round its list for as
 * long as it runs, and the list must not change meanwhile: so all of a ring is
 * in it before it runs. That works because the port cuts a looped ring the same
 * way in each lap: mapping n plus their number is mapping n again.
 */
#include <linux/kernel.h>
#include <linux/math64.h>

#include "ring.h"

/**
 * hda_ring_reset() - forget all mappings
 * @ring: the ring
 *
 * Context: any.
 */
void hda_ring_reset(struct hda_ring *ring)
{
	ring->count = 0;
	ring->bytes = 0;
	ring->whole = false;
	ring->interrupts = false;
	ring->next = 0;
	ring->done = 0;
	ring->place = 0;
	ring->done_end = 0;
}

static u32 behind(const struct hda_ring *ring, u32 place)
{
	return place + 1 == ring->count ? 0 : place + 1;
}

/**
 * hda_ring_put() - take a mapping into the ring
 * @ring: the ring
 * @address: where the device finds it
 * @bytes: how long it is
 * @interrupt: whether somebody waits for it
 *
 * In the first lap mappings are added; later ones must be those of before.
 *
 * Context: any.
 * Return: whether there is room for it, or it is what it was.
 */
bool hda_ring_put(struct hda_ring *ring, dma_addr_t address, u32 bytes,
		  bool interrupt)
{
	struct hda_mapping *mapping;

	if (ring->whole) {
		mapping = &ring->mappings[ring->next];
		ring->next = behind(ring, ring->next);
		return mapping->address == address && mapping->bytes == bytes &&
		       mapping->interrupt == interrupt;
	}
	if (ring->count == HDA_MAPPINGS_MAX)
		return false;
	ring->mappings[ring->count++] = (struct hda_mapping) {
		.address = address,
		.bytes = bytes,
		.interrupt = interrupt,
	};
	ring->bytes += bytes;
	ring->interrupts |= interrupt;
	if (ring->count == 1)
		ring->done_end = bytes;
	return true;
}

/**
 * hda_ring_advance() - find out which mappings are done
 * @ring: the ring, which is whole
 * @position: how far the controller is, in bytes since STOP
 *
 * A controller that lies can be millions of laps ahead: those are not gone
 * through.
 *
 * Context: any.
 * Return: the number of the first mapping that isn't done.
 */
u32 hda_ring_advance(struct hda_ring *ring, u64 position)
{
	if (unlikely(position >= ring->done_end + ring->bytes)) {
		u64 laps = div_u64(position - ring->done_end, ring->bytes);

		ring->done += laps * ring->count;
		ring->done_end += laps * ring->bytes;
	}
	while (ring->done_end <= position) {
		ring->done++;
		ring->place = behind(ring, ring->place);
		ring->done_end += ring->mappings[ring->place].bytes;
	}
	return ring->done;
}

/**
 * hda_ring_next_interrupt() - where the next mapping ends that is waited for
 * @ring: the ring, which is whole and has interrupts
 *
 * Context: any.
 * Return: the place, in bytes since STOP.
 */
u64 hda_ring_next_interrupt(const struct hda_ring *ring)
{
	u32 n = ring->place;
	u64 end = ring->done_end;

	while (!ring->mappings[n].interrupt) {
		n = behind(ring, n);
		end += ring->mappings[n].bytes;
	}
	return end;
}

static void put_descriptor(struct hda_descriptor *descriptor,
			   const struct hda_mapping *mapping, u32 skip,
			   u32 bytes, bool interrupt)
{
	descriptor->address = cpu_to_le64(mapping->address + skip);
	descriptor->bytes = cpu_to_le32(bytes);
	descriptor->flags = cpu_to_le32(interrupt ? HDA_DESCRIPTOR_INTERRUPT :
						    0);
}

/**
 * hda_ring_list() - write the controller's list
 * @ring: the ring, which is whole
 * @offset: where in the ring it begins
 * @list: room for %HDA_DESCRIPTORS
 *
 * Where it begins inside a mapping, the rest of that comes first, and its
 * beginning last.
 *
 * Context: any.
 * Return: how many descriptors there are.
 */
u32 hda_ring_list(const struct hda_ring *ring, u32 offset,
		  struct hda_descriptor *list)
{
	const struct hda_mapping *mapping = ring->mappings;
	u32 first, n, count = 0;

	while (offset >= mapping->bytes) {
		offset -= mapping->bytes;
		mapping++;
	}
	first = mapping - ring->mappings;
	put_descriptor(&list[count++], mapping, offset,
		       mapping->bytes - offset, mapping->interrupt);
	for (n = first + 1; n < first + ring->count; n++) {
		mapping = &ring->mappings[n % ring->count];
		put_descriptor(&list[count++], mapping, 0, mapping->bytes,
			       mapping->interrupt);
	}
	if (offset)
		put_descriptor(&list[count++], &ring->mappings[first], 0,
			       offset, false);
	return count;
}
