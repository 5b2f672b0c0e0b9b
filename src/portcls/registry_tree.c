// SPDX-License-Identifier: GPL-2.0
/*
 * The tree of settings: nodes with values in them, kept as long as the port
 * is loaded.
 *
 * A value never changes: writing puts a new one in the place of the old. So
 * whoever holds a value reads it without the lock.
 */
#include <linux/device.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "registry.h"
#include "portcls.h"

#define DATA_MAX	SZ_1M

/* The keys of the devices; the lock protects the whole tree. */
LIST_HEAD(portcls_registry);
DEFINE_MUTEX(portcls_registry_mutex);

/* Values */

static bool data_fits(u32 type, const void *data, u32 length)
{
	switch (type) {
	case REG_SZ:
		return length && strnlen(data, length) == length - 1;
	case REG_DWORD:
		return length == sizeof(u32);
	default:
		return type == REG_BINARY;
	}
}

/**
 * portcls_value_new() - make a value
 * @name: its name
 * @type: %REG_SZ and so on
 * @data: its bytes; NULL when they are to be filled in
 * @length: how many
 *
 * Context: may sleep.
 * Return: the value, with a reference; -EINVAL for data that isn't of the type, or
 * too long; -ENOMEM.
 */
struct registry_value *portcls_value_new(const char *name, u32 type,
					 const void *data, u32 length)
{
	size_t name_size = strlen(name) + 1;
	struct registry_value *value;

	if (length > DATA_MAX || !data_fits(type, data, length))
		return ERR_PTR(-EINVAL);
	value = kmalloc(sizeof(*value) + length + name_size, GFP_KERNEL);
	if (!value)
		return ERR_PTR(-ENOMEM);
	kref_init(&value->refs);
	value->type = type;
	value->length = length;
	value->name = memcpy(value->data + length, name, name_size);
	if (data)
		memcpy(value->data, data, length);
	return value;
}

/**
 * portcls_string_new() - make a value that is a string
 * @name: its name
 * @string: the string
 *
 * Context: may sleep.
 * Return: as portcls_value_new().
 */
struct registry_value *portcls_string_new(const char *name,
					  const char *string)
{
	return portcls_value_new(name, REG_SZ, string,
				 string ? strlen(string) + 1 : 0);
}

static void value_free(struct kref *refs)
{
	kfree(container_of(refs, struct registry_value, refs));
}

/**
 * portcls_value_put() - give a reference of a value back
 * @value: the value
 *
 * Context: any.
 */
void portcls_value_put(struct registry_value *value)
{
	kref_put(&value->refs, value_free);
}

/**
 * portcls_values_free() - forget the values of a list
 * @values: the list, empty afterwards
 *
 * Context: may sleep.
 */
void portcls_values_free(struct list_head *values)
{
	struct registry_value *value, *next;

	list_for_each_entry_safe(value, next, values, list)
		portcls_value_put(value);
	INIT_LIST_HEAD(values);
}

/**
 * portcls_value_find() - look for a value
 * @values: in this list
 * @name: its name, in capitals or not
 *
 * Context: may sleep, @portcls_registry_mutex held.
 * Return: the value or NULL.
 */
struct registry_value *portcls_value_find(struct list_head *values,
					  const char *name)
{
	struct registry_value *value;

	list_for_each_entry(value, values, list)
		if (!strcasecmp(value->name, name))
			return value;
	return NULL;
}

/* Nodes */

/**
 * portcls_node_find() - look for a node
 * @nodes: in this list
 * @name: its name, in capitals or not
 *
 * Context: may sleep, @portcls_registry_mutex held.
 * Return: the node or NULL.
 */
struct registry_node *portcls_node_find(struct list_head *nodes,
					const char *name)
{
	struct registry_node *node;

	list_for_each_entry(node, nodes, list)
		if (!strcasecmp(node->name, name))
			return node;
	return NULL;
}

/**
 * portcls_node_add() - make an empty node
 * @nodes: the list that it goes into
 * @name: its name
 *
 * Context: may sleep, @portcls_registry_mutex held.
 * Return: the node, with the reference of the tree, or NULL.
 */
struct registry_node *portcls_node_add(struct list_head *nodes,
				       const char *name)
{
	size_t size = strlen(name) + 1;
	struct registry_node *node;

	node = kzalloc(struct_size(node, name, size), GFP_KERNEL);
	if (!node)
		return NULL;
	kref_init(&node->refs);
	INIT_LIST_HEAD(&node->subkeys);
	INIT_LIST_HEAD(&node->values);
	INIT_LIST_HEAD(&node->defaults);
	node->last_write_time = ktime_get_real();
	memcpy(node->name, name, size);
	list_add_tail(&node->list, nodes);
	return node;
}

/**
 * portcls_node_of_device() - find or make a device's own node
 * @device: the device
 *
 * Context: may sleep, @portcls_registry_mutex held.
 * Return: the node, or NULL where there is no memory for it.
 */
struct registry_node *portcls_node_of_device(struct device *device)
{
	struct registry_node *node;

	node = portcls_node_find(&portcls_registry, dev_name(device)) ?:
	       portcls_node_add(&portcls_registry, dev_name(device));
	if (node)
		node->is_device = true;
	return node;
}

static void node_free(struct kref *refs)
{
	struct registry_node *node = container_of(refs, struct registry_node,
						  refs);

	portcls_values_free(&node->values);
	portcls_values_free(&node->defaults);
	kfree(node);
}

/**
 * portcls_node_put() - give a reference of a node back
 * @node: the node
 *
 * Context: any.
 */
void portcls_node_put(struct registry_node *node)
{
	kref_put(&node->refs, node_free);
}

/**
 * portcls_node_remove() - take a node out of the tree
 * @node: the node, without subkeys
 *
 * Context: may sleep, @portcls_registry_mutex held.
 */
void portcls_node_remove(struct registry_node *node)
{
	list_del(&node->list);
	node->deleted = true;
	portcls_node_put(node);
}

/**
 * portcls_node_value_at() - a value by its number
 * @node: the node
 * @index: from 0: what was written first, then the defaults of the rest
 *
 * Context: may sleep, @portcls_registry_mutex held.
 * Return: the value or NULL.
 */
struct registry_value *portcls_node_value_at(struct registry_node *node,
					     u32 index)
{
	struct registry_value *value;

	list_for_each_entry(value, &node->values, list)
		if (!index--)
			return value;
	list_for_each_entry(value, &node->defaults, list)
		if (!portcls_value_find(&node->values, value->name) &&
		    !index--)
			return value;
	return NULL;
}

/**
 * portcls_registry_free_all() - forget all settings
 *
 * Context: may sleep; when the port is unloaded.
 */
void portcls_registry_free_all(void)
{
	struct registry_node *node;

	mutex_lock(&portcls_registry_mutex);
	while (!list_empty(&portcls_registry)) {
		node = list_first_entry(&portcls_registry, struct registry_node, list);
		list_splice_init(&node->subkeys, &portcls_registry);
		portcls_node_remove(node);
	}
	mutex_unlock(&portcls_registry_mutex);
}
