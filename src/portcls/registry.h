/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of the registry: the tree of what is kept, a key that opens a
 * place in it, and the query of several values.
 */
#ifndef _WAVEPCI_PORTCLS_REGISTRY_H
#define _WAVEPCI_PORTCLS_REGISTRY_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <wavepci/kernel.h>
#include <wavepci/registry_key.h>

/**
 * struct registry_value - a value; it never changes once it is there
 * @list: in its node
 * @refs: one of the node, one of each who reads it
 * @type: %REG_SZ and so on
 * @length: bytes of @data
 * @name: its name, behind the data
 * @data: the value
 */
struct registry_value {
	struct list_head list;
	struct kref refs;
	u32 type;
	u32 length;
	const char *name;
	u8 data[];
};

/**
 * struct registry_node - a key in the tree
 * @list: in its parent's subkeys
 * @refs: one of the tree, one of each IRegistryKey
 * @subkeys: the keys in it
 * @values: what was written
 * @defaults: what holds until it is written
 * @last_write_time: when it or its values were written last
 * @is_device: it is a device's own key
 * @deleted: it isn't in the tree any more
 * @name: its name
 */
struct registry_node {
	struct list_head list;
	struct kref refs;
	struct list_head subkeys;
	struct list_head values;
	struct list_head defaults;
	ktime_t last_write_time;
	bool is_device;
	bool deleted;
	char name[];
};

/*
 * struct registry_key - IRegistryKey
 * @base: object
 * @key: the interface
 * @device: whose settings they are
 * @node: the key in the tree
 * @access: what it was opened for
 */
struct registry_key {
	struct cunknown base;

	CUNKNOWN_FACE(iregistry_key, key);
	struct device *device;
	struct registry_node *node;
	u32 access;
};

/* registry_tree.c */

extern struct list_head portcls_registry;
extern struct mutex portcls_registry_mutex;

struct registry_value *portcls_value_new(const char *name, u32 type,
					 const void *data, u32 length);
struct registry_value *portcls_string_new(const char *name,
					  const char *string);
void portcls_value_put(struct registry_value *value);
struct registry_value *portcls_value_find(struct list_head *values,
					  const char *name);

void portcls_values_free(struct list_head *values);
struct registry_node *portcls_node_find(struct list_head *nodes,
					const char *name);
struct registry_node *portcls_node_add(struct list_head *nodes,
				       const char *name);
struct registry_node *portcls_node_of_device(struct device *device);
void portcls_node_put(struct registry_node *node);
void portcls_node_remove(struct registry_node *node);
struct registry_value *portcls_node_value_at(struct registry_node *node,
					     u32 index);

/* registry_firmware.c */

struct registry_value *portcls_firmware_value(struct device *device,
					      const char *name);

/* registry_value.c */

int portcls_key_lock(struct registry_key *key, u32 access);
struct registry_value *portcls_key_value(struct registry_key *key,
					 const char *name);
struct registry_value *portcls_key_value_at(struct registry_key *key,
					    u32 index);

/* registry_query.c */

int portcls_query_values(struct registry_key *key,
			 const struct rtl_query_registry_table *query_table,
			 void *context);

#endif
