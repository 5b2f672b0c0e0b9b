// SPDX-License-Identifier: GPL-2.0
/*
 * IRegistryKey: a key opens a place in the tree of settings.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "registry.h"

#define KEY_NAME_MAX	255

static struct registry_key *from_key(struct iregistry_key *key)
{
	return container_of(key, struct registry_key, key);
}

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
	while ((value = portcls_node_value_at(node, full.values))) {
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

static int key_query_key(struct iregistry_key *self,
			 enum key_information_class information_class,
			 void *key_information, u32 length, u32 *result_length)
{
	struct registry_key *key = from_key(self);
	int err = portcls_key_lock(key, KEY_QUERY_VALUE);

	if (err)
		return err;
	err = tell_key(key->node, information_class, &(struct answer) {
		       key_information, length, result_length });
	mutex_unlock(&portcls_registry_mutex);
	return err;
}

static int key_enumerate_key(struct iregistry_key *self, u32 index,
			     enum key_information_class information_class,
			     void *key_information, u32 length,
			     u32 *result_length)
{
	struct registry_key *key = from_key(self);
	struct registry_node *node;
	int err = portcls_key_lock(key, KEY_ENUMERATE_SUB_KEYS);

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
	mutex_unlock(&portcls_registry_mutex);
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
	portcls_value_put(value);
	return err;
}

static int key_query_value_key(struct iregistry_key *self,
			const char *value_name,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length)
{
	return tell_and_put(portcls_key_value(from_key(self), value_name ?: ""),
			    information_class, &(struct answer) {
			    value_information, length, result_length });
}

static int key_enumerate_value_key(struct iregistry_key *self, u32 index,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length)
{
	return tell_and_put(portcls_key_value_at(from_key(self), index),
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
	value = portcls_value_new(value_name ?: "", type, data, data_size);
	if (IS_ERR(value))
		return PTR_ERR(value);
	err = portcls_key_lock(key, KEY_SET_VALUE);
	if (err) {
		portcls_value_put(value);
		return err;
	}
	old = portcls_value_find(&key->node->values, value->name);
	if (old) {
		list_replace(&old->list, &value->list);
		portcls_value_put(old);
	} else {
		list_add_tail(&value->list, &key->node->values);
	}
	key->node->last_write_time = ktime_get_real();
	mutex_unlock(&portcls_registry_mutex);
	return 0;
}

static int key_delete_key(struct iregistry_key *self)
{
	struct registry_key *key = from_key(self);
	int err = portcls_key_lock(key, KEY_ACCESS_DELETE);

	if (err)
		return err;
	if (key->node->is_device)
		err = -EACCES;
	else if (!list_empty(&key->node->subkeys))
		err = -ENOTEMPTY;
	else
		portcls_node_remove(key->node);
	mutex_unlock(&portcls_registry_mutex);
	return err;
}

static int key_query_registry_values(struct iregistry_key *self,
			const struct rtl_query_registry_table *query_table,
			void *context)
{
	return portcls_query_values(from_key(self), query_table, context);
}

static const struct cunknown_class key_class;

/* With the lock held. @node may be NULL: it couldn't be allocated. */
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
	err = portcls_key_lock(key, 0);
	if (err)
		return err;
	node = portcls_node_find(&key->node->subkeys, sub_key_name);
	if (!node && key->access & KEY_CREATE_SUB_KEY)
		node = new = portcls_node_add(&key->node->subkeys,
					      sub_key_name);
	else if (!node)
		err = -EACCES;
	if (!err)
		err = key_open(registry_sub_key, outer_unknown, key->device,
			       desired_access, node);
	if (err && new)
		portcls_node_remove(new);
	else if (!err && disposition)
		*disposition = new ? REG_CREATED_NEW_KEY :
				     REG_OPENED_EXISTING_KEY;
	mutex_unlock(&portcls_registry_mutex);
	return err;
}

static void key_free(struct cunknown *object)
{
	struct registry_key *key = container_of(object, struct registry_key,
						base);

	portcls_node_put(key->node);
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

DEFINE_CUNKNOWN_CLASS(key_class, "registry key", key_free,
	CUNKNOWN_INTERFACE(iid_iregistry_key, struct registry_key, key,
			   key_vtbl));

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
 * without a valid name; -ENOMEM; -EOPNOTSUPP where the port was built without
 * the registry.
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
	mutex_lock(&portcls_registry_mutex);
	err = key_open(&own, general ? NULL : outer_unknown, device,
		       general ? KEY_CREATE_SUB_KEY : desired_access,
		       portcls_node_of_device(device));
	mutex_unlock(&portcls_registry_mutex);
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
EXPORT_SYMBOL_WAVEPCI(pc_new_registry_key);
