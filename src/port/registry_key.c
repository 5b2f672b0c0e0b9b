// SPDX-License-Identifier: GPL-2.0
/*
 * IRegistryKey: settings of a device, kept as long as the port is loaded.
 *
 * A value never changes: writing puts a new one in the place of the old. So
 * whoever holds a value reads it without the lock.
 */
#include <linux/device.h>
#include <linux/property.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <wavepci/registry_key.h>

#include "wave.h"

#define KEY_NAME_MAX	255
#define DATA_MAX	SZ_1M

#define QUERY_FLAGS \
	(RTL_QUERY_REGISTRY_REQUIRED | RTL_QUERY_REGISTRY_NOEXPAND | \
	 RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK)

struct registry_value {
	struct list_head list;
	struct kref refs;
	u32 type;
	u32 length;
	const char *name;
	u8 data[];
};

/*
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

/* The keys of the devices; the lock protects the whole tree. */
static LIST_HEAD(registry);
static DEFINE_MUTEX(registry_mutex);

static struct registry_key *from_key(struct iregistry_key *key)
{
	return container_of(key, struct registry_key, key);
}

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

/* Without data, bytes are to be filled in. */
static struct registry_value *value_new(const char *name, u32 type,
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

static struct registry_value *string_new(const char *name, const char *string)
{
	return value_new(name, REG_SZ, string, string ? strlen(string) + 1 : 0);
}

static void value_free(struct kref *refs)
{
	kfree(container_of(refs, struct registry_value, refs));
}

static void value_put(struct registry_value *value)
{
	kref_put(&value->refs, value_free);
}

static void values_free(struct list_head *values)
{
	struct registry_value *value, *next;

	list_for_each_entry_safe(value, next, values, list)
		value_put(value);
	INIT_LIST_HEAD(values);
}

static struct registry_value *value_find(struct list_head *values,
					 const char *name)
{
	struct registry_value *value;

	list_for_each_entry(value, values, list)
		if (!strcasecmp(value->name, name))
			return value;
	return NULL;
}

/* Firmware properties */

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
		return string_new(name, *(const char * const *)data);
	return value_new(name, entry->type == DEV_PROP_U32 &&
			       entry->length == sizeof(u32) ?
			       REG_DWORD : REG_BINARY, data, entry->length);
}

static struct registry_value *bytes_value(struct device *device,
					  const char *name)
{
	int count = device_property_count_u8(device, name);
	struct registry_value *value;

	if (count <= 0 || count > DATA_MAX)
		return ERR_PTR(-ENOENT);
	value = value_new(name, REG_BINARY, NULL, count);
	if (IS_ERR(value) ||
	    !device_property_read_u8_array(device, name, value->data, count))
		return value;
	value_put(value);
	return ERR_PTR(-ENOENT);
}

/* In a device tree, a small number would do as an empty string. */
static struct registry_value *firmware_value(struct device *device,
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
		return string_new(name, string);
	if (device_property_count_u32(device, name) == 1 &&
	    !device_property_read_u32(device, name, &dword))
		return value_new(name, REG_DWORD, &dword, sizeof(dword));
	return bytes_value(device, name);
}

/* Nodes */

static struct registry_node *node_find(struct list_head *nodes,
				       const char *name)
{
	struct registry_node *node;

	list_for_each_entry(node, nodes, list)
		if (!strcasecmp(node->name, name))
			return node;
	return NULL;
}

static struct registry_node *node_add(struct list_head *nodes,
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

static struct registry_node *node_of_device(struct device *device)
{
	struct registry_node *node = node_find(&registry, dev_name(device));

	node = node ?: node_add(&registry, dev_name(device));
	if (node)
		node->is_device = true;
	return node;
}

static void node_free(struct kref *refs)
{
	struct registry_node *node = container_of(refs, struct registry_node,
						  refs);

	values_free(&node->values);
	values_free(&node->defaults);
	kfree(node);
}

static void node_remove(struct registry_node *node)
{
	list_del(&node->list);
	node->deleted = true;
	kref_put(&node->refs, node_free);
}

static struct registry_value *node_value_at(struct registry_node *node,
					    u32 index)
{
	struct registry_value *value;

	list_for_each_entry(value, &node->values, list)
		if (!index--)
			return value;
	list_for_each_entry(value, &node->defaults, list)
		if (!value_find(&node->values, value->name) && !index--)
			return value;
	return NULL;
}

/**
 * registry_free_all() - forget all settings
 *
 * Context: may sleep; when the port is unloaded.
 */
void registry_free_all(void)
{
	struct registry_node *node;

	mutex_lock(&registry_mutex);
	while (!list_empty(&registry)) {
		node = list_first_entry(&registry, struct registry_node, list);
		list_splice_init(&node->subkeys, &registry);
		node_remove(node);
	}
	mutex_unlock(&registry_mutex);
}

/* Telling */

struct answer {
	void *information;
	u32 length;
	u32 *result_length;
};

/* A struct, then a name and data, if there are any; nothing if too long. */
static int tell(const struct answer *answer, const void *head, size_t head_size,
		const char *name, u32 data_offset, const void *data,
		u32 data_length)
{
	void *information = answer->information;
	u32 needed = data_offset + data_length;

	if (!answer->result_length || (answer->length && !information))
		return -EINVAL;
	*answer->result_length = needed;
	if (needed > answer->length)
		return -ENOSPC;
	memcpy(information, head, head_size);
	if (name)
		memcpy(information + head_size, name, strlen(name) + 1);
	memcpy(information + data_offset, data, data_length);
	return 0;
}

static int tell_contents(struct registry_node *node,
			 const struct answer *answer)
{
	struct key_full_information full = {
		.last_write_time = node->last_write_time,
	};
	struct registry_node *subkey;
	struct registry_value *value;

	list_for_each_entry(subkey, &node->subkeys, list) {
		full.sub_keys++;
		full.max_name_len = max_t(u32, full.max_name_len,
					  strlen(subkey->name));
	}
	while ((value = node_value_at(node, full.values))) {
		full.values++;
		full.max_value_name_len = max_t(u32, full.max_value_name_len,
						strlen(value->name));
		full.max_value_data_len = max(full.max_value_data_len,
					      value->length);
	}
	return tell(answer, &full, sizeof(full), NULL, sizeof(full), NULL, 0);
}

static int tell_key(struct registry_node *node,
		    enum key_information_class information_class,
		    const struct answer *answer)
{
	struct key_basic_information basic = {
		.last_write_time = node->last_write_time,
		.name_length = strlen(node->name),
	};

	switch (information_class) {
	case KEY_BASIC_INFORMATION:
	case KEY_NODE_INFORMATION:
		return tell(answer, &basic, offsetof(typeof(basic), name),
			    node->name,
			    offsetof(typeof(basic), name[basic.name_length + 1]),
			    NULL, 0);
	case KEY_FULL_INFORMATION:
		return tell_contents(node, answer);
	default:
		return -EINVAL;
	}
}

static int tell_value(struct registry_value *value,
		      enum key_value_information_class information_class,
		      const struct answer *answer)
{
	u32 name_size = strlen(value->name) + 1;
	struct key_value_basic_information basic = {
		value->type, name_size - 1
	};
	struct key_value_partial_information partial = {
		value->type, value->length
	};
	struct key_value_full_information full = {
		value->type, ALIGN(sizeof(full) + name_size, sizeof(u64)),
		value->length, name_size - 1
	};

	switch (information_class) {
	case KEY_VALUE_BASIC_INFORMATION:
		return tell(answer, &basic, sizeof(basic), value->name,
			    sizeof(basic) + name_size, NULL, 0);
	case KEY_VALUE_FULL_INFORMATION:
		return tell(answer, &full, sizeof(full), value->name,
			    full.data_offset, value->data, value->length);
	case KEY_VALUE_PARTIAL_INFORMATION:
		return tell(answer, &partial, sizeof(partial), NULL,
			    sizeof(partial), value->data, value->length);
	default:
		return -EINVAL;
	}
}

/* The key */

/* Returns 0 with the lock held, or an error without. */
static int key_lock(struct registry_key *key, u32 access)
{
	if (access & ~key->access)
		return -EACCES;
	mutex_lock(&registry_mutex);
	if (!key->node->deleted)
		return 0;
	mutex_unlock(&registry_mutex);
	return -ENODEV;
}

static struct registry_value *key_value(struct registry_key *key,
					const char *name)
{
	struct registry_value *value;
	int err = key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return ERR_PTR(err);
	value = value_find(&key->node->values, name) ?:
		value_find(&key->node->defaults, name);
	if (value)
		kref_get(&value->refs);
	mutex_unlock(&registry_mutex);
	if (value)
		return value;
	return key->node->is_device ? firmware_value(key->device, name) :
				      ERR_PTR(-ENOENT);
}

static struct registry_value *key_value_at(struct registry_key *key, u32 index)
{
	struct registry_value *value;
	int err = key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return ERR_PTR(err);
	value = node_value_at(key->node, index);
	if (value)
		kref_get(&value->refs);
	mutex_unlock(&registry_mutex);
	return value ?: ERR_PTR(-ENOENT);
}

static int key_query_key(struct iregistry_key *self,
			 enum key_information_class information_class,
			 void *key_information, u32 length, u32 *result_length)
{
	struct registry_key *key = from_key(self);
	int err = key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return err;
	err = tell_key(key->node, information_class, &(struct answer) {
		       key_information, length, result_length });
	mutex_unlock(&registry_mutex);
	return err;
}

static int key_enumerate_key(struct iregistry_key *self, u32 index,
			     enum key_information_class information_class,
			     void *key_information, u32 length,
			     u32 *result_length)
{
	struct registry_key *key = from_key(self);
	struct registry_node *node;
	int err = key_lock(key, KEY_ENUMERATE_SUB_KEYS);

	if (err)
		return err;
	err = -ENOENT;
	list_for_each_entry(node, &key->node->subkeys, list) {
		if (index--)
			continue;
		err = tell_key(node, information_class, &(struct answer) {
			       key_information, length, result_length });
		break;
	}
	mutex_unlock(&registry_mutex);
	return err;
}

static int tell_and_put(struct registry_value *value,
			enum key_value_information_class information_class,
			const struct answer *answer)
{
	int err;

	if (IS_ERR(value))
		return PTR_ERR(value);
	err = tell_value(value, information_class, answer);
	value_put(value);
	return err;
}

static int key_query_value_key(struct iregistry_key *self,
			const char *value_name,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length)
{
	return tell_and_put(key_value(from_key(self), value_name ?: ""),
			    information_class, &(struct answer) {
			    value_information, length, result_length });
}

static int key_enumerate_value_key(struct iregistry_key *self, u32 index,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length)
{
	return tell_and_put(key_value_at(from_key(self), index),
			    information_class, &(struct answer) {
			    value_information, length, result_length });
}

static int key_set_value_key(struct iregistry_key *self,
			     const char *value_name, u32 type,
			     const void *data, u32 data_size)
{
	struct registry_key *key = from_key(self);
	struct registry_value *value, *old;
	int err;

	if (!data && data_size)
		return -EINVAL;
	value = value_new(value_name ?: "", type, data, data_size);
	if (IS_ERR(value))
		return PTR_ERR(value);
	err = key_lock(key, KEY_SET_VALUE);
	if (err) {
		value_put(value);
		return err;
	}
	old = value_find(&key->node->values, value->name);
	if (old) {
		list_replace(&old->list, &value->list);
		value_put(old);
	} else {
		list_add_tail(&value->list, &key->node->values);
	}
	key->node->last_write_time = ktime_get_real();
	mutex_unlock(&registry_mutex);
	return 0;
}

static int key_delete_key(struct iregistry_key *self)
{
	struct registry_key *key = from_key(self);
	int err = key_lock(key, KEY_ACCESS_DELETE);

	if (err)
		return err;
	if (key->node->is_device)
		err = -EACCES;
	else if (!list_empty(&key->node->subkeys))
		err = -ENOTEMPTY;
	else
		node_remove(key->node);
	mutex_unlock(&registry_mutex);
	return err;
}

/* Queries of several values */

static int query_tell(struct registry_value *value,
		      const struct rtl_query_registry_table *entry,
		      void *context)
{
	int err = entry->query_routine(value->name, value->type, value->data,
				       value->length, context,
				       entry->entry_context);

	return err == -ENOSPC ? 0 : err;
}

static int query_store(struct registry_value *value,
		       const struct rtl_query_registry_table *entry)
{
	u32 type = entry->default_type >> RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;

	if (!(entry->flags & RTL_QUERY_REGISTRY_TYPECHECK) ||
	    value->type != type)
		return -EINVAL;
	if (type == REG_SZ) {
		char *string = kstrdup(value->data, GFP_KERNEL);

		*(char **)entry->entry_context = string;
		return string ? 0 : -ENOMEM;
	}
	if (type != REG_DWORD)
		return -EINVAL;
	memcpy(entry->entry_context, value->data, sizeof(u32));
	return 0;
}

static struct registry_value *
query_default(const struct rtl_query_registry_table *entry)
{
	u32 type = entry->default_type & 0xff;

	if (type == REG_NONE || entry->flags & RTL_QUERY_REGISTRY_REQUIRED)
		return ERR_PTR(-ENOENT);
	if (!entry->default_data)
		return ERR_PTR(-EINVAL);
	if (type == REG_SZ && !entry->default_length)
		return string_new(entry->name, entry->default_data);
	return value_new(entry->name, type, entry->default_data,
			 entry->default_length);
}

static int query_one(struct registry_key *key,
		     const struct rtl_query_registry_table *entry,
		     void *context)
{
	bool required = entry->flags & RTL_QUERY_REGISTRY_REQUIRED;
	struct registry_value *value = key_value(key, entry->name);
	int err;

	if (value == ERR_PTR(-ENOENT))
		value = query_default(entry);
	if (IS_ERR(value))
		return value == ERR_PTR(-ENOENT) && !required ? 0 :
			PTR_ERR(value);
	if (entry->flags & RTL_QUERY_REGISTRY_DIRECT)
		err = query_store(value, entry);
	else
		err = query_tell(value, entry, context);
	value_put(value);
	return err;
}

static int query_all(struct registry_key *key,
		     const struct rtl_query_registry_table *entry,
		     void *context)
{
	struct registry_value *value;
	u32 index = 0;
	int err = 0;

	for (; !err; index++) {
		value = key_value_at(key, index);
		if (IS_ERR(value))
			break;
		err = query_tell(value, entry, context);
		value_put(value);
	}
	if (err || value != ERR_PTR(-ENOENT))
		return err ?: PTR_ERR(value);
	return !index && entry->flags & RTL_QUERY_REGISTRY_REQUIRED ?
		-ENOENT : 0;
}

static int query_entry(struct registry_key *key,
		       const struct rtl_query_registry_table *entry,
		       void *context)
{
	bool direct = entry->flags & RTL_QUERY_REGISTRY_DIRECT;

	if (entry->flags & ~QUERY_FLAGS || direct == !!entry->query_routine)
		return -EINVAL;
	if (entry->name)
		return query_one(key, entry, context);
	return direct ? -EINVAL : query_all(key, entry, context);
}

static int key_query_registry_values(struct iregistry_key *self,
			const struct rtl_query_registry_table *query_table,
			void *context)
{
	const struct rtl_query_registry_table *entry = query_table;
	int err = 0;

	if (!entry)
		return -EINVAL;
	for (; !err && (entry->query_routine || entry->name); entry++)
		err = query_entry(from_key(self), entry, context);
	return err;
}

/* Opening */

static const struct cunknown_class key_class;

/* With the lock held; no node is one that couldn't be allocated. */
static int key_open(struct iregistry_key **out, struct iunknown *outer_unknown,
		    struct device *device, u32 access,
		    struct registry_node *node)
{
	struct registry_key *key;

	key = node ? kzalloc(sizeof(*key), GFP_KERNEL) : NULL;
	if (!key)
		return -ENOMEM;
	cunknown_init(&key->base, &key_class, outer_unknown);
	key->device = get_device(device);
	key->access = access;
	key->node = node;
	kref_get(&node->refs);
	*out = &key->key;
	return 0;
}

static bool name_is_valid(const char *name)
{
	return name && *name && strlen(name) <= KEY_NAME_MAX &&
		!strchr(name, '\\');
}

static int key_new_sub_key(struct iregistry_key *self,
			   struct iregistry_key **registry_sub_key,
			   struct iunknown *outer_unknown, u32 desired_access,
			   const char *sub_key_name, u32 create_options,
			   u32 *disposition)
{
	struct registry_key *key = from_key(self);
	struct registry_node *node, *new = NULL;
	int err;

	if (!registry_sub_key || !name_is_valid(sub_key_name) ||
	    create_options & ~REG_OPTION_VOLATILE)
		return -EINVAL;
	err = key_lock(key, 0);
	if (err)
		return err;
	node = node_find(&key->node->subkeys, sub_key_name);
	if (!node && key->access & KEY_CREATE_SUB_KEY)
		node = new = node_add(&key->node->subkeys, sub_key_name);
	else if (!node)
		err = -EACCES;
	if (!err)
		err = key_open(registry_sub_key, outer_unknown, key->device,
			       desired_access, node);
	if (err && new)
		node_remove(new);
	else if (!err && disposition)
		*disposition = new ? REG_CREATED_NEW_KEY :
				     REG_OPENED_EXISTING_KEY;
	mutex_unlock(&registry_mutex);
	return err;
}

static void key_free(struct cunknown *object)
{
	struct registry_key *key = container_of(object, struct registry_key,
						base);

	kref_put(&key->node->refs, node_free);
	put_device(key->device);
	kfree(key);
}

static const struct iregistry_key_vtbl key_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.query_key = key_query_key,
	.enumerate_key = key_enumerate_key,
	.query_value_key = key_query_value_key,
	.enumerate_value_key = key_enumerate_value_key,
	.set_value_key = key_set_value_key,
	.query_registry_values = key_query_registry_values,
	.new_sub_key = key_new_sub_key,
	.delete_key = key_delete_key,
};

static const struct cunknown_interface key_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iregistry_key, struct registry_key, key,
			   key_vtbl),
	{}
};

static const struct cunknown_class key_class = {
	.name = "registry key",
	.interfaces = key_interfaces,
	.destroy = key_free,
};

/**
 * pc_new_registry_key() - PcNewRegistryKey: open a key of a device
 * @out_registry_key: receives it
 * @outer_unknown: who aggregates it, or NULL
 * @type: which key: the device's own, or a general one, which is in there
 * @desired_access: what it is opened for, %KEY_READ and so on
 * @device: the device
 * @subkey: name of a general key; not used for any other
 * @create_options: %REG_OPTION_VOLATILE or 0; not used for any other
 * @disposition: receives whether a general key was created or opened, or
 *	NULL; not used for any other
 *
 * See nf-portcls-pcnewregistrykey.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL without a device, for an unknown type, or a general key
 * without a valid name; -ENOMEM.
 */
int pc_new_registry_key(struct iregistry_key **out_registry_key,
			struct iunknown *outer_unknown,
			enum registry_key_type type, u32 desired_access,
			struct device *device, const char *subkey,
			u32 create_options, u32 *disposition)
{
	bool general = type == GENERAL_REGISTRY_KEY;
	struct iregistry_key *own;
	int err;

	if (!out_registry_key || !device ||
	    type > DEVICE_INTERFACE_REGISTRY_KEY)
		return -EINVAL;
	mutex_lock(&registry_mutex);
	err = key_open(&own, general ? NULL : outer_unknown, device,
		       general ? KEY_CREATE_SUB_KEY : desired_access,
		       node_of_device(device));
	mutex_unlock(&registry_mutex);
	if (err)
		return err;
	if (!general) {
		*out_registry_key = own;
		return 0;
	}
	err = key_new_sub_key(own, out_registry_key, outer_unknown,
			      desired_access, subkey, create_options,
			      disposition);
	iunknown_put(&own->unknown);
	return err;
}
EXPORT_SYMBOL_GPL(pc_new_registry_key);

static int add_default(struct list_head *values,
		       const struct registry_default *def)
{
	const char *name = def->name ?: "";
	struct registry_value *value = ERR_PTR(-EINVAL);

	if (value_find(values, name))
		return -EINVAL;
	if (def->type == REG_SZ)
		value = string_new(name, def->string);
	else if (def->type == REG_DWORD)
		value = value_new(name, REG_DWORD, &def->dword, sizeof(u32));
	if (IS_ERR(value))
		return PTR_ERR(value);
	list_add_tail(&value->list, values);
	return 0;
}

/**
 * pc_set_registry_defaults() - say what a device's key has until it is written
 * @device: the device
 * @defaults: the values, each name once; they are copied
 * @count: how many
 *
 * They take the place of those that were set before.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a wrong type or a name that is there twice; -ENOMEM.
 */
int pc_set_registry_defaults(struct device *device,
			     const struct registry_default *defaults,
			     size_t count)
{
	struct registry_node *node;
	LIST_HEAD(values);
	int err = 0;

	while (count-- && !err)
		err = add_default(&values, defaults++);
	mutex_lock(&registry_mutex);
	node = err ? NULL : node_of_device(device);
	if (node) {
		values_free(&node->defaults);
		list_splice_init(&values, &node->defaults);
	} else if (!err) {
		err = -ENOMEM;
	}
	mutex_unlock(&registry_mutex);
	values_free(&values);
	return err;
}
EXPORT_SYMBOL_GPL(pc_set_registry_defaults);
