/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stream's ring: pages, one by one.
 */
#ifndef _WAVEPCI_WAVE_BUFFER_H
#define _WAVEPCI_WAVE_BUFFER_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct page;
struct snd_card;
struct snd_dma_buffer;
struct packet_layout;

/**
 * struct wave_buffer - the memory of a stream's ring
 * @area: all of it, for the CPU
 * @bytes: its length, whole pages
 * @count: number of pieces
 * @pieces: the pieces, a page each
 * @pages: the same for the memory management
 * @card: the card whose memory it counts as
 * @counted: how much is counted
 */
struct wave_buffer {
	void *area;
	size_t bytes;
	unsigned int count;
	struct snd_dma_buffer *pieces;
	struct page **pages;
	struct snd_card *card;
	size_t counted;
};

int wave_buffer_alloc(struct wave_buffer *buffer, struct snd_card *card,
		      struct device *device, enum dma_data_direction direction,
		      size_t bytes);
void wave_buffer_free(struct wave_buffer *buffer);
bool wave_buffer_is_ours(const struct wave_buffer *buffer);
int wave_buffer_lay_out(const struct wave_buffer *buffer,
			struct device *device, struct packet_layout *layout);

#endif
