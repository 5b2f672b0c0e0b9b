// SPDX-License-Identifier: GPL-2.0
/*
 * What the firmware says of a device, as values of the registry.
 */
#include <linux/device.h>
#include <linux/property.h>
#include <linux/sizes.h>

#include "registry.h"

#define PROPERTY_MAX	SZ_1M

/* Software nodes take any property for a string, but they know its type. */
static struct registry_value *software_value(struct fwnode_handle *fwnode,
					     const char *name)
{
	const struct software_node *node = to_software_node(fwnode);
	const struct property_entry *entry = node ? node->properties : NULL;
	const void *data;

	while (entry && entry->name && strcmp(entry->name, name))
		entry++;
	if (!entry || !entry->name)
		return ERR_PTR(-ENOENT);
	data = entry->is_inline ? &entry->value : entry->pointer;
	if (entry->type == DEV_PROP_STRING)
		return portcls_string_new(name, *(const char * const *)data);
	return portcls_value_new(name, entry->type == DEV_PROP_U32 &&
				 entry->length == sizeof(u32) ?
				 REG_DWORD : REG_BINARY, data, entry->length);
}

static struct registry_value *bytes_value(struct device *device,
					  const char *name)
{
	int count = device_property_count_u8(device, name);
	struct registry_value *value;

	if (count <= 0 || count > PROPERTY_MAX)
		return ERR_PTR(-ENOENT);
	value = portcls_value_new(name, REG_BINARY, NULL, count);
	if (IS_ERR(value) ||
	    !device_property_read_u8_array(device, name, value->data, count))
		return value;
	portcls_value_put(value);
	return ERR_PTR(-ENOENT);
}

/**
 * portcls_firmware_value() - what the firmware says of a device
 * @device: the device
 * @name: name of the property
 *
 * Context: may sleep.
 * Return: the value, with a reference; -ENOENT; -EINVAL or -ENOMEM.
 */
struct registry_value *portcls_firmware_value(struct device *device,
					      const char *name)
{
	struct fwnode_handle *fwnode = dev_fwnode(device);
	struct registry_value *value;
	const char *string;
	u32 dword;

	if (!fwnode)
		return ERR_PTR(-ENOENT);
	value = software_value(fwnode, name);
	if (value == ERR_PTR(-ENOENT))
		value = software_value(fwnode->secondary, name);
	if (value != ERR_PTR(-ENOENT))
		return value;
	if (!device_property_read_string(device, name, &string) && *string)
		return portcls_string_new(name, string);
	if (device_property_count_u32(device, name) == 1 &&
	    !device_property_read_u32(device, name, &dword))
		return portcls_value_new(name, REG_DWORD, &dword,
					 sizeof(dword));
	return bytes_value(device, name);
}
