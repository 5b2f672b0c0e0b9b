// SPDX-License-Identifier: GPL-2.0
/*
 * What values a key has: those that were written, the defaults, and those that
 * the firmware gives.
 */
#include <linux/err.h>

#include "registry.h"

/**
 * portcls_key_lock() - look at what a key has opened
 * @key: the key
 * @access: what for
 *
 * Context: may sleep.
 * Return: 0 with portcls_registry_mutex held; without it, -EACCES when the key
 * wasn't opened for this, -ENODEV when it was deleted.
 */
int portcls_key_lock(struct registry_key *key, u32 access)
{
	if (access & ~key->access)
		return -EACCES;
	mutex_lock(&portcls_registry_mutex);
	if (!key->node->deleted)
		return 0;
	mutex_unlock(&portcls_registry_mutex);
	return -ENODEV;
}

/**
 * portcls_key_value() - read a value of a key
 * @key: the key
 * @name: of the value; of a device, the firmware comes last
 *
 * Context: may sleep.
 * Return: the value, with a reference; -ENOENT; or the error of
 * portcls_key_lock().
 */
struct registry_value *portcls_key_value(struct registry_key *key,
					 const char *name)
{
	struct registry_value *value;
	int err = portcls_key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return ERR_PTR(err);
	value = portcls_value_find(&key->node->values, name) ?:
		portcls_value_find(&key->node->defaults, name);
	if (value)
		kref_get(&value->refs);
	mutex_unlock(&portcls_registry_mutex);
	if (value)
		return value;
	if (!key->node->is_device)
		return ERR_PTR(-ENOENT);
	return portcls_firmware_value(key->device, name);
}

/**
 * portcls_key_value_at() - read a value of a key by its number
 * @key: the key
 * @index: from 0
 *
 * Context: may sleep.
 * Return: as portcls_key_value().
 */
struct registry_value *portcls_key_value_at(struct registry_key *key,
					    u32 index)
{
	struct registry_value *value;
	int err = portcls_key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return ERR_PTR(err);
	value = portcls_node_value_at(key->node, index);
	if (value)
		kref_get(&value->refs);
	mutex_unlock(&portcls_registry_mutex);
	return value ?: ERR_PTR(-ENOENT);
}
