// SPDX-License-Identifier: GPL-2.0
/*
 * A stream's ring: pages, in pieces as long as they can easily be had.
 *
 * ALSA's memalloc hands out scatter/gather memory too, but the kernel moves other
 * people's pages out of the way for it. A ring of ours never needs more than a
 * page in one place. What lies side by side saves the device descriptors, and all
 * of us mappings, so it is taken where it can be had without effort; where it can't
 * the ring is of single pages. A mapping of the kernel's makes the pieces look
 * like one to the CPU.
 */
#include <linux/cc_platform.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <sound/core.h>

#include "buffer.h"
#include "packet.h"

/* For all rings of a card together: what ALSA's own allocations are held to. */
#define CARD_BYTES_MAX	(32u << 20)

/* A page is worth waiting for; a longer piece is taken or not. */
#define GFP_PAGE	(GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)
#define GFP_PIECE	((GFP_KERNEL & ~__GFP_RECLAIM) | __GFP_NORETRY | \
			 __GFP_NOWARN)

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
	struct wave_piece *piece;

	vunmap(buffer->area);
	while (buffer->piece_count) {
		piece = &buffer->pieces[--buffer->piece_count];
		dma_free_noncontiguous(buffer->device, piece->bytes,
				       piece->table, buffer->direction);
	}
	kvfree(buffer->pieces);
	kvfree(buffer->pages);
	uncount_bytes(buffer);
	memset(buffer, 0, sizeof(*buffer));
}

/*
 * The application, the kernel and the device see the same memory at the same
 * time. Where that takes flushing or decrypting, this isn't the way. Behind an
 * IOMMU kernels before 6.10 say that it takes syncing even where there is
 * nothing to be done, for memory that is mapped where it is.
 */
static bool shared_by_all(struct wave_buffer *buffer)
{
	struct device *device = buffer->device;
	dma_addr_t address = sg_dma_address(buffer->pieces[0].table->sgl);
	bool as_it_is = !dma_need_sync(device, address) ||
			(device_iommu_mapped(device) &&
			 dev_is_dma_coherent(device));

	if (as_it_is && !cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return true;
	dev_err_ratelimited(device,
			    "memory isn't coherent for this device: not supported\n");
	return false;
}

static struct sg_table *alloc_table(struct wave_buffer *buffer, size_t bytes,
				    gfp_t gfp)
{
	return dma_alloc_noncontiguous(buffer->device, bytes, buffer->direction,
				       gfp, 0);
}

/* As long a piece as can be had without effort, @bytes at most; or a page. */
static struct sg_table *alloc_easily(struct wave_buffer *buffer, size_t *bytes)
{
	struct sg_table *table;

	for (; *bytes > PAGE_SIZE; *bytes /= 2) {
		table = alloc_table(buffer, *bytes, GFP_PIECE);
		if (table)
			return table;
	}
	return alloc_table(buffer, PAGE_SIZE, GFP_PAGE);
}

static void add_piece(struct wave_buffer *buffer, struct sg_table *table,
		      size_t bytes)
{
	struct sg_page_iter page;

	buffer->pieces[buffer->piece_count++] = (struct wave_piece) {
		.table = table,
		.bytes = bytes,
	};
	for_each_sgtable_page(table, &page, 0)
		buffer->pages[buffer->page_count++] = sg_page_iter_page(&page);
}

/* How long a piece may be for the device: a power of two. */
static size_t longest_piece(struct device *device)
{
	u64 bytes = min_t(u64, WAVE_MAPPING_BYTES_MAX,
			  dma_get_max_seg_size(device));

	bytes = min_t(u64, bytes - 1, dma_get_seg_boundary(device)) + 1;
	return max_t(size_t, rounddown_pow_of_two(bytes), PAGE_SIZE);
}

/* An IOMMU puts single pages in a row. Else what is too long once stays so. */
static int alloc_pieces(struct wave_buffer *buffer, size_t bytes)
{
	bool merges = dma_get_merge_boundary(buffer->device);
	size_t piece = longest_piece(buffer->device);
	struct sg_table *table;

	for (; bytes; bytes -= piece) {
		if (merges) {
			piece = bytes;
			table = alloc_table(buffer, piece, GFP_PAGE);
		} else {
			piece = min(piece, rounddown_pow_of_two(bytes));
			table = alloc_easily(buffer, &piece);
		}
		if (!table)
			return -ENOMEM;
		add_piece(buffer, table, piece);
	}
	return 0;
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
	int err;

	err = count_bytes(buffer, card, PAGE_ALIGN(bytes));
	if (err)
		return err;
	buffer->device = device;
	buffer->direction = direction;
	err = -ENOMEM;
	buffer->pieces = kvcalloc(count, sizeof(*buffer->pieces), GFP_KERNEL);
	buffer->pages = kvcalloc(count, sizeof(*buffer->pages), GFP_KERNEL);
	if (!buffer->pieces || !buffer->pages ||
	    alloc_pieces(buffer, PAGE_ALIGN(bytes)))
		goto fail;

	if (!shared_by_all(buffer)) {
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

/* How many pages from page n on, before @end, lie side by side. */
static unsigned long side_by_side(const struct wave_buffer *buffer,
				  unsigned long n, unsigned long end)
{
	unsigned long pfn = page_to_pfn(buffer->pages[n]), count = 1;

	while (n + count < end &&
	       page_to_pfn(buffer->pages[n + count]) == pfn + count)
		count++;
	return count;
}

/**
 * wave_buffer_map() - show a ring to an application
 * @buffer: the ring
 * @vma: where, and which part of it
 *
 * By number, so that the application can't keep hold of a page longer than of
 * the stream: the longer pieces have no count of their own in each page.
 *
 * Context: may sleep; the mmap lock held for writing.
 * Return: 0; -EINVAL beyond the ring, or for a private copy; -ENOMEM.
 */
int wave_buffer_map(const struct wave_buffer *buffer,
		    struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start, n = vma->vm_pgoff, end, bytes;
	int err = 0;

	end = n + vma_pages(vma);
	if (end < n || end > buffer->page_count ||
	    is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	for (; !err && n < end; address += bytes, n += bytes >> PAGE_SHIFT) {
		bytes = side_by_side(buffer, n, end) << PAGE_SHIFT;
		err = remap_pfn_range(vma, address,
				      page_to_pfn(buffer->pages[n]), bytes,
				      vma->vm_page_prot);
	}
	return err;
}

/*
 * Put what is contiguous for the device at the end of a layout, up to the end of
 * the ring. Returns how much of the ring is still to come.
 */
static u32 lay_out_segment(struct packet_layout *layout, u32 left,
			   dma_addr_t address, size_t bytes, u64 boundary)
{
	u32 part;

	for (bytes = min_t(size_t, bytes, left); bytes; bytes -= part) {
		part = min_t(u64, bytes - 1,
			     boundary - (address & boundary)) + 1;
		wave_packet_add_piece(layout, address, part, boundary);
		address += part;
		left -= part;
	}
	return left;
}

/**
 * wave_buffer_lay_out() - tell a layout where the device finds the ring
 * @buffer: the ring
 * @layout: receives the runs; the caller frees them with kvfree(). Its
 *	ring_bytes say how much of the memory is used, perhaps not all.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int wave_buffer_lay_out(const struct wave_buffer *buffer,
			struct packet_layout *layout)
{
	unsigned int count = DIV_ROUND_UP(layout->ring_bytes, PAGE_SIZE);
	u64 boundary = dma_get_seg_boundary(buffer->device);
	u32 left = layout->ring_bytes;
	struct wave_piece *piece;
	struct scatterlist *sg;
	int i;

	layout->run_count = 0;
	layout->runs = kvcalloc(count, sizeof(*layout->runs), GFP_KERNEL);
	if (!layout->runs)
		return -ENOMEM;

	for (piece = buffer->pieces; left; piece++) {
		for_each_sgtable_dma_sg(piece->table, sg, i)
			left = lay_out_segment(layout, left, sg_dma_address(sg),
					       sg_dma_len(sg), boundary);
	}
	return 0;
}
