// SPDX-License-Identifier: GPL-2.0
/*
 * IDmaChannel: what a device can reach, and memory it shares with the driver.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "portcls.h"

/*
 * struct dma_channel - IDmaChannel
 * @base: object
 * @channel: the interface
 * @device: who does DMA
 * @narrow: reaches 4 GiB only
 * @maximum: the largest buffer
 * @area: the buffer, or NULL
 * @address: the same for the device
 * @allocated: its length
 * @size: how much of it is in use
 */
struct dma_channel {
	struct cunknown base;

	CUNKNOWN_FACE(idma_channel, channel);
	struct device *device;
	bool narrow;
	u32 maximum;
	void *area;
	dma_addr_t address;
	u32 allocated;
	u32 size;
};

static struct dma_channel *from_channel(struct idma_channel *channel)
{
	return container_of(channel, struct dma_channel, channel);
}

static int channel_allocate_buffer(struct idma_channel *self, u32 buffer_size)
{
	struct dma_channel *channel = from_channel(self);

	if (channel->area)
		return -EBUSY;
	if (!buffer_size || buffer_size > channel->maximum)
		return -EINVAL;
	channel->area = dma_alloc_coherent(channel->device, buffer_size,
					   &channel->address, GFP_KERNEL);
	if (!channel->area)
		return -ENOMEM;
	channel->allocated = buffer_size;
	channel->size = buffer_size;
	return 0;
}

static void channel_free_buffer(struct idma_channel *self)
{
	struct dma_channel *channel = from_channel(self);

	if (!channel->area)
		return;
	dma_free_coherent(channel->device, channel->allocated, channel->area,
			  channel->address);
	channel->area = NULL;
	channel->address = 0;
	channel->allocated = 0;
	channel->size = 0;
}

static u32 channel_transfer_count(struct idma_channel *self)
{
	return 0;
}

static u32 channel_maximum_buffer_size(struct idma_channel *self)
{
	return from_channel(self)->maximum;
}

static u32 channel_allocated_buffer_size(struct idma_channel *self)
{
	return from_channel(self)->allocated;
}

static u32 channel_buffer_size(struct idma_channel *self)
{
	return from_channel(self)->size;
}

static void channel_set_buffer_size(struct idma_channel *self, u32 buffer_size)
{
	struct dma_channel *channel = from_channel(self);

	channel->size = min(buffer_size, channel->allocated);
}

static void *channel_system_address(struct idma_channel *self)
{
	return from_channel(self)->area;
}

static dma_addr_t channel_physical_address(struct idma_channel *self)
{
	return from_channel(self)->address;
}

static struct device *channel_get_adapter_object(struct idma_channel *self)
{
	return from_channel(self)->device;
}

static void channel_copy(struct idma_channel *self, void *destination,
			 const void *source, u32 byte_count)
{
	memcpy(destination, source, byte_count);
}

/*
 * A mask is the device's, not the channel's: as long as there is a channel that
 * reaches no further than 4 GiB, all of them get memory there. And a driver that
 * has set one between 32 and 64 bits knows that its device reaches no further.
 */
static DEFINE_MUTEX(mask_mutex);

static u64 widest_mask(struct adapter *adapter, struct device *device)
{
	u64 mask = dma_get_mask(device);

	if (mask <= DMA_BIT_MASK(32))
		mask = DMA_BIT_MASK(64);
	if (!adapter)
		return mask;
	/* The first time it is the driver's; later it may be ours. */
	if (!adapter->widest_mask)
		adapter->widest_mask = mask;
	return adapter->widest_mask;
}

static int set_mask(struct dma_channel *channel)
{
	struct adapter *adapter = portcls_adapter_of(channel->device);
	bool narrow = channel->narrow;
	u64 widest;
	int err;

	mutex_lock(&mask_mutex);
	widest = widest_mask(adapter, channel->device);
	if (adapter)
		narrow |= adapter->narrow_channels;
	err = dma_set_mask_and_coherent(channel->device,
					narrow ? DMA_BIT_MASK(32) : widest);
	if (!err && adapter && channel->narrow)
		adapter->narrow_channels++;
	mutex_unlock(&mask_mutex);
	return err;
}

static void forget_mask(struct dma_channel *channel)
{
	struct adapter *adapter = portcls_adapter_of(channel->device);

	if (!adapter || !channel->narrow)
		return;
	mutex_lock(&mask_mutex);
	/* It may be the device's next adapter, which doesn't know us. */
	if (adapter->narrow_channels)
		adapter->narrow_channels--;
	mutex_unlock(&mask_mutex);
}

static void channel_free(struct cunknown *object)
{
	struct dma_channel *channel = container_of(object, struct dma_channel,
						   base);

	channel_free_buffer(&channel->channel);
	forget_mask(channel);
	kfree(channel);
}

static const struct idma_channel_vtbl channel_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.allocate_buffer = channel_allocate_buffer,
	.free_buffer = channel_free_buffer,
	.transfer_count = channel_transfer_count,
	.maximum_buffer_size = channel_maximum_buffer_size,
	.allocated_buffer_size = channel_allocated_buffer_size,
	.buffer_size = channel_buffer_size,
	.set_buffer_size = channel_set_buffer_size,
	.system_address = channel_system_address,
	.physical_address = channel_physical_address,
	.get_adapter_object = channel_get_adapter_object,
	.copy_to = channel_copy,
	.copy_from = channel_copy,
};

DEFINE_CUNKNOWN_CLASS(channel_class, "DMA channel", channel_free,
	CUNKNOWN_INTERFACE(iid_idma_channel, struct dma_channel, channel,
			   channel_vtbl));

/**
 * pc_new_dma_channel() - PcNewDmaChannel: make a DMA channel for a device
 * @out_dma_channel: receives it
 * @outer_unknown: who aggregates it, or NULL
 * @device: who does DMA
 * @dma64bit_addresses: whether it reaches more than 4 GiB
 * @maximum_length: the largest buffer in bytes, and the largest mapping of a
 *	stream
 *
 * Sets the device's DMA mask, to what the narrowest of its channels reaches;
 * never to more than a mask between 32 and 64 bits that the driver has set.
 * See nf-portcls-pcnewdmachannel.
 *
 * Context: may sleep. The buffer is freed with the channel, so giving the last
 * reference back may sleep, too.
 * Return: 0; -EINVAL without a length; -EIO when the platform can't; -ENOMEM.
 */
int pc_new_dma_channel(struct idma_channel **out_dma_channel,
		       struct iunknown *outer_unknown, struct device *device,
		       bool dma64bit_addresses, u32 maximum_length)
{
	struct dma_channel *channel;
	int err;

	if (!maximum_length)
		return -EINVAL;
	channel = kzalloc(sizeof(*channel), GFP_KERNEL);
	if (!channel)
		return -ENOMEM;
	channel->device = device;
	channel->narrow = !dma64bit_addresses;
	channel->maximum = maximum_length;
	err = set_mask(channel);
	if (err) {
		kfree(channel);
		return err;
	}
	cunknown_init(&channel->base, &channel_class, outer_unknown);
	*out_dma_channel = &channel->channel;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_dma_channel);
