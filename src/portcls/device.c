// SPDX-License-Identifier: GPL-2.0
/*
 * Which adapter a device has. A device's driver data is its driver's, so this
 * is a resource of the device.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "portcls.h"

/**
 * struct adapter_link - a device's resource
 * @adapter: the adapter
 * @free: frees it, when the device's driver leaves it behind
 */
struct adapter_link {
	struct adapter *adapter;
	void (*free)(struct adapter *adapter);
};

static void link_release(struct device *device, void *resource)
{
	struct adapter_link *link = resource;

	link->free(link->adapter);
}

/**
 * portcls_adapter_link() - have a device's adapter be found
 * @adapter: the adapter, with its device filled in
 * @free: frees it; called when the driver has left the device and the adapter
 *	is still linked. It isn't found any more then.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int portcls_adapter_link(struct adapter *adapter,
			 void (*free)(struct adapter *adapter))
{
	struct adapter_link *link = devres_alloc(link_release, sizeof(*link),
						 GFP_KERNEL);

	if (!link)
		return -ENOMEM;
	link->adapter = adapter;
	link->free = free;
	devres_add(adapter->device, link);
	return 0;
}

/**
 * portcls_adapter_unlink() - have a device's adapter be found no more
 * @adapter: the adapter
 *
 * Context: any.
 */
void portcls_adapter_unlink(struct adapter *adapter)
{
	devres_destroy(adapter->device, link_release, NULL, NULL);
}

/**
 * portcls_adapter_of() - the adapter of a device
 * @device: the device
 *
 * Context: any.
 * Return: the adapter, or NULL when the device isn't one.
 */
struct adapter *portcls_adapter_of(struct device *device)
{
	struct adapter_link *link = devres_find(device, link_release, NULL,
						NULL);

	return link ? link->adapter : NULL;
}
