// SPDX-License-Identifier: GPL-2.0
/*
 * IRegistryKey::QueryRegistryValues: several values by a table.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "registry.h"

#define QUERY_FLAGS \
	(RTL_QUERY_REGISTRY_REQUIRED | RTL_QUERY_REGISTRY_NOEXPAND | \
	 RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK)

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
		return portcls_string_new(entry->name, entry->default_data);
	return portcls_value_new(entry->name, type, entry->default_data,
				 entry->default_length);
}

static int query_one(struct registry_key *key,
		     const struct rtl_query_registry_table *entry,
		     void *context)
{
	bool required = entry->flags & RTL_QUERY_REGISTRY_REQUIRED;
	struct registry_value *value = portcls_key_value(key, entry->name);
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
	portcls_value_put(value);
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
		value = portcls_key_value_at(key, index);
		if (IS_ERR(value))
			break;
		err = query_tell(value, entry, context);
		portcls_value_put(value);
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

/**
 * portcls_query_values() - IRegistryKey::QueryRegistryValues
 * @key: the key
 * @query_table: what is wanted; ended by an entry with neither name nor routine
 * @context: for the routines
 *
 * Context: may sleep.
 * Return: 0, or the error of the first entry that has one.
 */
int portcls_query_values(struct registry_key *key,
			 const struct rtl_query_registry_table *query_table,
			 void *context)
{
	const struct rtl_query_registry_table *entry = query_table;
	int err = 0;

	if (!entry)
		return -EINVAL;
	for (; !err && (entry->query_routine || entry->name); entry++)
		err = query_entry(key, entry, context);
	return err;
}
