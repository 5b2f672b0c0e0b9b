/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included into each file of the drivers when they are compiled for test_faults.py:
 * calls that allocate no memory, or not always, fail in their turn too, as if
 * they did. What counts is /proc/PID/fail-nth, as for memory.
 */
#ifndef WAVEPCI_FAIL_H
#define WAVEPCI_FAIL_H

#include <linux/dma-mapping.h>
#include <linux/fault-inject.h>
#include <linux/interrupt.h>
#include <linux/pci.h>

static inline bool fails_now(void)
{
	/* Counted, but never of itself, and without a report. */
	static struct fault_attr attr = {
		.require_end = ULONG_MAX,
		.stacktrace_depth = 32,
	};

	return should_fail(&attr, 1);
}

#define FAIL(error, call)	(fails_now() ? (error) : (call))

#define request_irq(...)	FAIL(-EBUSY, request_irq(__VA_ARGS__))
#define request_threaded_irq(...) \
	FAIL(-EBUSY, request_threaded_irq(__VA_ARGS__))
#define pcim_enable_device(...)	FAIL(-EIO, pcim_enable_device(__VA_ARGS__))
#define pci_request_regions(...) FAIL(-EBUSY, pci_request_regions(__VA_ARGS__))
#define pcim_iomap(...)		FAIL(NULL, pcim_iomap(__VA_ARGS__))
#define dma_set_mask(...)	FAIL(-EIO, dma_set_mask(__VA_ARGS__))
#define dma_set_coherent_mask(...) \
	FAIL(-EIO, dma_set_coherent_mask(__VA_ARGS__))
#define dma_set_mask_and_coherent(...) \
	FAIL(-EIO, dma_set_mask_and_coherent(__VA_ARGS__))
#define dma_alloc_coherent(...)	FAIL(NULL, dma_alloc_coherent(__VA_ARGS__))
#define dma_alloc_pages(...)	FAIL(NULL, dma_alloc_pages(__VA_ARGS__))
#define dma_map_page_attrs(...) \
	FAIL(DMA_MAPPING_ERROR, dma_map_page_attrs(__VA_ARGS__))
#define dma_map_single_attrs(...) \
	FAIL(DMA_MAPPING_ERROR, dma_map_single_attrs(__VA_ARGS__))
#define dma_alloc_noncontiguous(...) \
	FAIL(NULL, dma_alloc_noncontiguous(__VA_ARGS__))

#endif
