// SPDX-License-Identifier: GPL-2.0
/*
 * IDmaChannel, by PcNewDmaChannel; IPortWavePci's way to one is in port.c.
 */
#include <linux/dma-mapping.h>

#include "fake_miniport.h"
#include "objects.h"

#define MAXIMUM	8192

static struct idma_channel *new_channel(struct kunit *test)
{
	struct idma_channel *channel;

	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&channel, NULL,
						 test_device(test), false,
						 MAXIMUM), 0);
	test_put(test, &channel->unknown);
	return channel;
}

static int make_channel(struct kunit *test, struct iunknown *outer,
			struct iunknown **face)
{
	struct idma_channel *channel;
	int err = pc_new_dma_channel(&channel, outer, test_device(test), true,
				     MAXIMUM);

	*face = err ? NULL : &channel->unknown;
	return err;
}

static void dma_channel_object(struct kunit *test)
{
	static const guid_t *const iids[] = { &iid_idma_channel, NULL };

	expect_com(test, &new_channel(test)->unknown, iids);
	expect_aggregation(test, make_channel, &iid_idma_channel);
}

static void dma_channel_without_buffer(struct kunit *test)
{
	struct idma_channel *c = new_channel(test);

	KUNIT_EXPECT_EQ(test, c->vtbl->maximum_buffer_size(c), MAXIMUM);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocated_buffer_size(c), 0);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 0);
	KUNIT_EXPECT_NULL(test, c->vtbl->system_address(c));
	KUNIT_EXPECT_EQ(test, c->vtbl->transfer_count(c), 0);
	c->vtbl->set_buffer_size(c, 1);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 0);
	c->vtbl->free_buffer(c);
}

static void dma_channel_buffer(struct kunit *test)
{
	struct idma_channel *c = new_channel(test);
	char text[] = "wave";
	void *area;

	KUNIT_EXPECT_EQ(test, c->vtbl->allocate_buffer(c, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocate_buffer(c, MAXIMUM + 1),
			-EINVAL);
	KUNIT_ASSERT_EQ(test, c->vtbl->allocate_buffer(c, 100), 0);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocate_buffer(c, 100), -EBUSY);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocated_buffer_size(c), 100);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 100);
	area = c->vtbl->system_address(c);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_EXPECT_LE(test, c->vtbl->physical_address(c), U32_MAX);
	KUNIT_EXPECT_NE(test, c->vtbl->physical_address(c), 0);

	c->vtbl->copy_to(c, area + 10, text, sizeof(text));
	KUNIT_EXPECT_MEMEQ(test, area + 10, text, sizeof(text));
	memset(text, 0, sizeof(text));
	c->vtbl->copy_from(c, text, area + 10, sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, "wave");

	c->vtbl->free_buffer(c);
	c->vtbl->free_buffer(c);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocated_buffer_size(c), 0);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 0);
	KUNIT_EXPECT_NULL(test, c->vtbl->system_address(c));
	/* The last reference frees this one. */
	KUNIT_EXPECT_EQ(test, c->vtbl->allocate_buffer(c, MAXIMUM), 0);
}

static void dma_channel_buffer_size(struct kunit *test)
{
	struct idma_channel *c = new_channel(test);

	KUNIT_ASSERT_EQ(test, c->vtbl->allocate_buffer(c, 100), 0);
	c->vtbl->set_buffer_size(c, 60);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 60);
	KUNIT_EXPECT_EQ(test, c->vtbl->allocated_buffer_size(c), 100);
	c->vtbl->set_buffer_size(c, 101);
	KUNIT_EXPECT_EQ(test, c->vtbl->buffer_size(c), 100);
}

static void dma_channel_device(struct kunit *test)
{
	struct device *device = test_device(test);
	struct idma_channel *c;

	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&c, NULL, device, true, 1),
			0);
	KUNIT_EXPECT_PTR_EQ(test, c->vtbl->get_adapter_object(c), device);
	KUNIT_EXPECT_EQ(test, dma_get_mask(device), DMA_BIT_MASK(64));
	KUNIT_EXPECT_EQ(test, device->coherent_dma_mask, DMA_BIT_MASK(64));
	iunknown_put(&c->unknown);

	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&c, NULL, device, false, 1),
			0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(device), DMA_BIT_MASK(32));
	iunknown_put(&c->unknown);
}

/* A driver that knows of 40 bits has them, also after a narrow channel. */
static void dma_channel_mask_of_the_driver(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct idma_channel *wide, *narrow;

	fake->channel_bytes = 0;
	KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(fake->device,
							DMA_BIT_MASK(40)), 0);
	fake_start(fake);
	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&wide, NULL, fake->device,
						 true, 1), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(40));
	iunknown_put(&wide->unknown);
	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&narrow, NULL, fake->device,
						 false, 1), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(32));
	iunknown_put(&narrow->unknown);
	KUNIT_ASSERT_EQ(test, pc_new_dma_channel(&wide, NULL, fake->device,
						 true, 1), 0);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(40));
	iunknown_put(&wide->unknown);
}

static void dma_channel_refused(struct kunit *test)
{
	struct device *device = test_device(test);
	struct idma_channel *c;

	KUNIT_EXPECT_EQ(test, pc_new_dma_channel(&c, NULL, device, true, 0),
			-EINVAL);
	device->dma_mask = NULL;
	KUNIT_EXPECT_EQ(test, pc_new_dma_channel(&c, NULL, device, true, 1),
			-EIO);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(dma_channel_object),
	KUNIT_CASE(dma_channel_without_buffer),
	KUNIT_CASE(dma_channel_buffer),
	KUNIT_CASE(dma_channel_buffer_size),
	KUNIT_CASE(dma_channel_device),
	KUNIT_CASE(dma_channel_mask_of_the_driver),
	KUNIT_CASE(dma_channel_refused),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-dma-channel",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
