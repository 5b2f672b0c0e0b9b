/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stream's ring: pages, in pieces as long as they can easily be had.
 */
#ifndef _WAVEPCI_WAVE_BUFFER_H
#define _WAVEPCI_WAVE_BUFFER_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct page;
struct sg_table;
struct snd_card;
struct packet_layout;
struct vm_area_struct;

/* A mapping, and so a piece, is no longer than that. */
#define WAVE_MAPPING_BYTES_MAX	(16 * PAGE_SIZE)

/**
 * struct wave_piece - memory that was allocated at once
 * @table: its pages, and where the device finds them
 * @bytes: its length
 */
struct wave_piece {
	struct sg_table *table;
	size_t bytes;
};

/**
 * struct wave_buffer - the memory of a stream's ring
 * @area: all of it, for the CPU
 * @bytes: its length, whole pages
 * @pages: the same for the memory management
 * @page_count: how many of them there are
 * @pieces: what it was allocated as
 * @piece_count: number of these
 * @device: who does DMA
 * @direction: which way
 * @card: the card whose memory it counts as
 * @counted: how much is counted
 */
struct wave_buffer {
	void *area;
	size_t bytes;
	struct page **pages;
	unsigned int page_count;
	struct wave_piece *pieces;
	unsigned int piece_count;
	struct device *device;
	enum dma_data_direction direction;
	struct snd_card *card;
	size_t counted;
};

int wave_buffer_alloc(struct wave_buffer *buffer, struct snd_card *card,
		      struct device *device, enum dma_data_direction direction,
		      size_t bytes);
void wave_buffer_free(struct wave_buffer *buffer);
int wave_buffer_map(const struct wave_buffer *buffer,
		    struct vm_area_struct *vma);
int wave_buffer_lay_out(const struct wave_buffer *buffer,
			struct packet_layout *layout);

#endif
