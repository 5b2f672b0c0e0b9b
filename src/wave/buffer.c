// SPDX-License-Identifier: GPL-2.0
/*
 * A stream's ring: pages, one by one.
 *
 * ALSA's memalloc hands out scatter/gather memory too, but without an IOMMU it
 * tries one contiguous block first. A ring of ours never needs more than a
 * page in one place: each page is a memalloc buffer of its own, and a mapping
 * of the kernel's makes them look like one to the CPU.
 */
#include <linux/cc_platform.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <sound/core.h>
#include <sound/memalloc.h>

#include "buffer.h"
#include "packet.h"

/* For all rings of a card together: what ALSA's own allocations are held to. */
#define CARD_BYTES_MAX	(32u << 20)

/* Count the memory where ALSA counts that of its own rings. */
static int count_bytes(struct wave_buffer *buffer, struct snd_card *card,
		       size_t bytes)
{
	bool room;

	mutex_lock(&card->memory_mutex);
	room = card->total_pcm_alloc_bytes + bytes <= CARD_BYTES_MAX;
	if (room)
		card->total_pcm_alloc_bytes += bytes;
	mutex_unlock(&card->memory_mutex);
	if (!room) {
		dev_err_ratelimited(card->dev,
				    "the rings of a card may not be longer than %u bytes together: %zu more are refused\n",
				    CARD_BYTES_MAX, bytes);
		return -ENOMEM;
	}
	buffer->card = card;
	buffer->counted = bytes;
	return 0;
}

static void uncount_bytes(struct wave_buffer *buffer)
{
	struct snd_card *card = buffer->card;

	if (!card)
		return;
	mutex_lock(&card->memory_mutex);
	card->total_pcm_alloc_bytes -= buffer->counted;
	mutex_unlock(&card->memory_mutex);
}

/**
 * wave_buffer_free() - free the memory of a ring
 * @buffer: the ring; may be empty, and is afterwards
 *
 * Context: may sleep. The device doesn't touch the memory any more.
 */
void wave_buffer_free(struct wave_buffer *buffer)
{
	vunmap(buffer->area);
	while (buffer->count)
		snd_dma_free_pages(&buffer->pieces[--buffer->count]);
	kvfree(buffer->pieces);
	kvfree(buffer->pages);
	uncount_bytes(buffer);
	memset(buffer, 0, sizeof(*buffer));
}

/**
 * wave_buffer_is_ours() - see whether nobody else holds a ring's pages
 * @buffer: the ring
 *
 * An application can keep pages of a ring that it had mapped, by io_uring or
 * vmsplice.
 *
 * Context: any.
 * Return: true when all pages are the ring's alone.
 */
bool wave_buffer_is_ours(const struct wave_buffer *buffer)
{
	unsigned int i;

	for (i = 0; i < buffer->count; i++)
		if (page_count(buffer->pages[i]) != 1)
			return false;
	return true;
}

/*
 * The application, the kernel and the device see the same memory at the same
 * time. Where that takes flushing or decrypting, this isn't the way. Behind an
 * IOMMU kernels before 6.10 say that it takes syncing even where there is
 * nothing to be done, for memory that is mapped where it is.
 */
static bool shared_by_all(struct wave_buffer *buffer, struct device *device)
{
	bool as_it_is = !buffer->pieces[0].dev.need_sync ||
			(device_iommu_mapped(device) &&
			 dev_is_dma_coherent(device));

	if (as_it_is && !cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return true;
	dev_err_ratelimited(device,
			    "memory isn't coherent for this device: not supported\n");
	return false;
}

/**
 * wave_buffer_alloc() - allocate the memory of a ring
 * @buffer: the ring, empty
 * @card: whose it is; the memory counts as the card's
 * @device: who does DMA
 * @direction: which way
 * @bytes: how long; rounded up to pages
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM, also when the card's rings would be too long together;
 * -EOPNOTSUPP where memory isn't coherent; and then the ring is empty.
 */
int wave_buffer_alloc(struct wave_buffer *buffer, struct snd_card *card,
		      struct device *device, enum dma_data_direction direction,
		      size_t bytes)
{
	unsigned int count = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	unsigned int i;
	int err;

	err = count_bytes(buffer, card, PAGE_ALIGN(bytes));
	if (err)
		return err;
	err = -ENOMEM;
	buffer->pieces = kvcalloc(count, sizeof(*buffer->pieces), GFP_KERNEL);
	buffer->pages = kvcalloc(count, sizeof(*buffer->pages), GFP_KERNEL);
	if (!buffer->pieces || !buffer->pages)
		goto fail;

	for (i = 0; i < count; i++) {
		if (snd_dma_alloc_dir_pages(SNDRV_DMA_TYPE_NONCONTIG, device,
					    direction, PAGE_SIZE,
					    &buffer->pieces[i]))
			goto fail;
		buffer->count++;
		buffer->pages[i] = snd_sgbuf_get_page(&buffer->pieces[i], 0);
	}

	if (!shared_by_all(buffer, device)) {
		err = -EOPNOTSUPP;
		goto fail;
	}
	buffer->area = vmap(buffer->pages, count, VM_MAP, PAGE_KERNEL);
	if (!buffer->area)
		goto fail;
	buffer->bytes = (size_t)count << PAGE_SHIFT;
	return 0;

fail:
	wave_buffer_free(buffer);
	return err;
}

/**
 * wave_buffer_lay_out() - tell a layout where the device finds the ring
 * @buffer: the ring
 * @device: who does DMA
 * @layout: receives the runs; the caller frees them with kvfree(). Its
 *	ring_bytes say how much of the memory is used, perhaps not all.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int wave_buffer_lay_out(const struct wave_buffer *buffer,
			struct device *device, struct packet_layout *layout)
{
	unsigned int count = DIV_ROUND_UP(layout->ring_bytes, PAGE_SIZE);
	u64 boundary = dma_get_seg_boundary(device);
	unsigned int i;

	layout->run_count = 0;
	layout->runs = kvcalloc(count, sizeof(*layout->runs), GFP_KERNEL);
	if (!layout->runs)
		return -ENOMEM;

	for (i = 0; i < count; i++)
		wave_packet_add_piece(layout, buffer->pieces[i].addr, PAGE_SIZE,
				      boundary);
	layout->runs[layout->run_count - 1].end = layout->ring_bytes;
	return 0;
}
