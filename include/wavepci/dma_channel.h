/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IDmaChannel: what a device can reach, and memory it shares with the driver.
 */
#ifndef _WAVEPCI_DMA_CHANNEL_H
#define _WAVEPCI_DMA_CHANNEL_H

#include <linux/types.h>

#include <wavepci/unknown.h>

struct device;
struct idma_channel;

/**
 * struct idma_channel_vtbl - methods of IDmaChannel
 * @unknown: IUnknown
 * @allocate_buffer: Allocate coherent memory, e.g. for a descriptor list. 0,
 *	%-EBUSY when there is one, %-EINVAL when it is zero or larger than
 *	@maximum_buffer_size, %-ENOMEM. May sleep.
 *	(nf-portcls-idmachannel-allocatebuffer)
 * @free_buffer: Free it; the device must not touch it any more. May sleep.
 *	(nf-portcls-idmachannel-freebuffer)
 * @transfer_count: Bytes that have been transferred; always 0: a bus master
 *	counts by itself. (nf-portcls-idmachannel-transfercount)
 * @maximum_buffer_size: The largest buffer in bytes that the channel was made
 *	for. (nf-portcls-idmachannel-maximumbuffersize)
 * @allocated_buffer_size: Bytes allocated, 0 without a buffer.
 *	(nf-portcls-idmachannel-allocatedbuffersize)
 * @buffer_size: Bytes in use. (nf-portcls-idmachannel-buffersize)
 * @set_buffer_size: Say how many bytes are in use; no more than are allocated.
 *	(nf-portcls-idmachannel-setbuffersize)
 * @system_address: The buffer for the CPU, NULL without one.
 *	(nf-portcls-idmachannel-systemaddress)
 * @physical_address: The buffer for the device.
 *	(nf-portcls-idmachannel-physicaladdress)
 * @get_adapter_object: The device that DMA is done for.
 *	(nf-portcls-idmachannel-getadapterobject)
 * @copy_to: Copy into the buffer. (nf-portcls-idmachannel-copyto)
 * @copy_from: Copy out of the buffer. (nf-portcls-idmachannel-copyfrom)
 *
 * Context: any, unless said otherwise. The caller sees to it that the buffer
 * isn't freed or resized meanwhile.
 */
struct idma_channel_vtbl {
	struct iunknown_vtbl unknown;
	int (*allocate_buffer)(struct idma_channel *self, u32 buffer_size);
	void (*free_buffer)(struct idma_channel *self);
	u32 (*transfer_count)(struct idma_channel *self);
	u32 (*maximum_buffer_size)(struct idma_channel *self);
	u32 (*allocated_buffer_size)(struct idma_channel *self);
	u32 (*buffer_size)(struct idma_channel *self);
	void (*set_buffer_size)(struct idma_channel *self, u32 buffer_size);
	void *(*system_address)(struct idma_channel *self);
	dma_addr_t (*physical_address)(struct idma_channel *self);
	struct device *(*get_adapter_object)(struct idma_channel *self);
	void (*copy_to)(struct idma_channel *self, void *destination,
			const void *source, u32 byte_count);
	void (*copy_from)(struct idma_channel *self, void *destination,
			  const void *source, u32 byte_count);
} __no_randomize_layout;

/**
 * struct idma_channel - IDmaChannel
 * @vtbl: methods
 * @unknown: base
 */
struct idma_channel {
	union {
		const struct idma_channel_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(idma_channel, unknown);

int pc_new_dma_channel(struct idma_channel **out_dma_channel,
		       struct iunknown *outer_unknown, struct device *device,
		       bool dma64bit_addresses, u32 maximum_length);

#endif
