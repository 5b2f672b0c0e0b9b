/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IRegistryKey: settings of a device, kept as long as the port is loaded.
 *
 * A key has values and subkeys, each found by name; upper and lower case are
 * the same. Every device has one key of its own, named like the device. In it
 * are found, in this order: what was written; the defaults that the adapter
 * driver gave; the device's firmware properties. In a subkey there is only
 * what was written.
 *
 * Names and strings are UTF-8 and end with a zero. A name's length doesn't
 * count the zero, a string value's length does.
 */
#ifndef _WAVEPCI_REGISTRY_KEY_H
#define _WAVEPCI_REGISTRY_KEY_H

#include <linux/ktime.h>
#include <linux/types.h>

#include <wavepci/unknown.h>

struct device;
struct iregistry_key;

/* Types of values. */
#define REG_NONE	0	/* none at all */
#define REG_SZ		1	/* string */
#define REG_BINARY	3	/* bytes */
#define REG_DWORD	4	/* u32 */

/* What a key is opened for. */
#define KEY_QUERY_VALUE		0x0001
#define KEY_SET_VALUE		0x0002
#define KEY_CREATE_SUB_KEY	0x0004
#define KEY_ENUMERATE_SUB_KEYS	0x0008
#define KEY_ACCESS_DELETE	0x10000	/* the model's DELETE */
#define KEY_READ	(KEY_QUERY_VALUE | KEY_ENUMERATE_SUB_KEYS)
#define KEY_WRITE	(KEY_SET_VALUE | KEY_CREATE_SUB_KEY)
#define KEY_ALL_ACCESS	(KEY_READ | KEY_WRITE | KEY_ACCESS_DELETE)

/* How a key is created. Either way it lives until the port is unloaded. */
#define REG_OPTION_NON_VOLATILE	0
#define REG_OPTION_VOLATILE	1

/* What became of it. */
#define REG_CREATED_NEW_KEY	1
#define REG_OPENED_EXISTING_KEY	2

/**
 * enum registry_key_type - which key pc_new_registry_key() opens
 * @GENERAL_REGISTRY_KEY: a subkey of the device's key; made when it isn't there
 * @DEVICE_REGISTRY_KEY: the device's key
 * @DRIVER_REGISTRY_KEY: the same one; a device has one driver here
 * @HW_PROFILE_REGISTRY_KEY: the same one; there are no hardware profiles here
 * @DEVICE_INTERFACE_REGISTRY_KEY: the same one
 */
enum registry_key_type {
	GENERAL_REGISTRY_KEY,
	DEVICE_REGISTRY_KEY,
	DRIVER_REGISTRY_KEY,
	HW_PROFILE_REGISTRY_KEY,
	DEVICE_INTERFACE_REGISTRY_KEY,
};

/**
 * enum key_information_class - what to tell of a key
 * @KEY_BASIC_INFORMATION: a &struct key_basic_information
 * @KEY_NODE_INFORMATION: the same: keys have no class here, which the model's
 *	adds
 * @KEY_FULL_INFORMATION: a &struct key_full_information
 */
enum key_information_class {
	KEY_BASIC_INFORMATION,
	KEY_NODE_INFORMATION,
	KEY_FULL_INFORMATION,
};

/**
 * struct key_basic_information - which key it is
 * @last_write_time: when it or its values were written last, in real time
 * @name_length: length of @name
 * @name: its name
 */
struct key_basic_information {
	ktime_t last_write_time;
	u32 name_length;
	char name[];
};

/**
 * struct key_full_information - what is in a key
 * @last_write_time: when it or its values were written last, in real time
 * @sub_keys: how many subkeys it has
 * @max_name_len: length of the longest name of a subkey
 * @values: how many values it has, firmware properties not counted
 * @max_value_name_len: length of the longest name of these
 * @max_value_data_len: length of the longest data of these
 */
struct key_full_information {
	ktime_t last_write_time;
	u32 sub_keys;
	u32 max_name_len;
	u32 values;
	u32 max_value_name_len;
	u32 max_value_data_len;
};

/**
 * enum key_value_information_class - what to tell of a value
 * @KEY_VALUE_BASIC_INFORMATION: a &struct key_value_basic_information
 * @KEY_VALUE_FULL_INFORMATION: a &struct key_value_full_information
 * @KEY_VALUE_PARTIAL_INFORMATION: a &struct key_value_partial_information
 */
enum key_value_information_class {
	KEY_VALUE_BASIC_INFORMATION,
	KEY_VALUE_FULL_INFORMATION,
	KEY_VALUE_PARTIAL_INFORMATION,
};

/**
 * struct key_value_basic_information - name and type of a value
 * @type: %REG_SZ, %REG_BINARY or %REG_DWORD
 * @name_length: length of @name
 * @name: its name
 */
struct key_value_basic_information {
	u32 type;
	u32 name_length;
	char name[];
};

/**
 * struct key_value_full_information - name, type and data of a value
 * @type: %REG_SZ, %REG_BINARY or %REG_DWORD
 * @data_offset: where the data begins, counted from the beginning of this
 *	struct; a multiple of 8
 * @data_length: length of the data
 * @name_length: length of @name
 * @name: its name
 */
struct key_value_full_information {
	u32 type;
	u32 data_offset;
	u32 data_length;
	u32 name_length;
	char name[];
};

/**
 * struct key_value_partial_information - type and data of a value
 * @type: %REG_SZ, %REG_BINARY or %REG_DWORD
 * @data_length: length of @data
 * @data: the data
 */
struct key_value_partial_information {
	u32 type;
	u32 data_length;
	u8 data[];
};

/*
 * Flags of a &struct rtl_query_registry_table. For a subkey, new_sub_key gives
 * a key to query.
 */
#define RTL_QUERY_REGISTRY_REQUIRED	0x004	/* fail when it isn't there */
#define RTL_QUERY_REGISTRY_NOEXPAND	0x010	/* nothing is ever expanded */
#define RTL_QUERY_REGISTRY_DIRECT	0x020	/* store it, don't call */
#define RTL_QUERY_REGISTRY_TYPECHECK	0x100	/* check the type */

/* Where in @default_type the type to check is. */
#define RTL_QUERY_REGISTRY_TYPECHECK_SHIFT	24

/**
 * typedef rtl_query_registry_routine - is told a value
 * @value_name: its name
 * @value_type: its type
 * @value_data: its data, valid until the routine returns
 * @value_length: length of the data
 * @context: as given to query_registry_values
 * @entry_context: as in the table
 *
 * Context: may sleep, and may use the key.
 * Return: 0 to go on; -ENOSPC to go on, too, as in the model; or an error.
 */
typedef int (*rtl_query_registry_routine)(const char *value_name,
					  u32 value_type,
					  const void *value_data,
					  u32 value_length, void *context,
					  void *entry_context);

/**
 * struct rtl_query_registry_table - one line of a query of several values
 * @query_routine: is told the value; NULL with %RTL_QUERY_REGISTRY_DIRECT
 * @flags: %RTL_QUERY_REGISTRY_REQUIRED and so on
 * @name: name of the value; NULL for all that can be enumerated
 * @entry_context: passed to @query_routine; or where the value is stored, see
 *	below
 * @default_type: in the lowest byte the type of the default, %REG_NONE for no
 *	default; in the highest byte the type to check
 * @default_data: the default
 * @default_length: its length; may be 0 for a string
 *
 * A line without @query_routine and @name ends the table.
 *
 * %RTL_QUERY_REGISTRY_DIRECT needs %RTL_QUERY_REGISTRY_TYPECHECK. A %REG_DWORD
 * is stored as a u32; a %REG_SZ as a `char *`, which the caller frees with
 * kfree(). A %REG_BINARY can't be had this way.
 */
struct rtl_query_registry_table {
	rtl_query_registry_routine query_routine;
	u32 flags;
	const char *name;
	void *entry_context;
	u32 default_type;
	const void *default_data;
	u32 default_length;
};

/**
 * struct iregistry_key_vtbl - methods of IRegistryKey
 * @unknown: IUnknown
 * @query_key: Tell something of the key. (nf-portcls-iregistrykey-querykey)
 * @enumerate_key: The same of its index'th subkey. %-ENOENT past the last one.
 *	(nf-portcls-iregistrykey-enumeratekey)
 * @query_value_key: Tell something of a value. %-ENOENT when there is none.
 *	(nf-portcls-iregistrykey-queryvaluekey)
 * @enumerate_value_key: The same of the index'th value: what was written and
 *	the defaults, each name once. %-ENOENT past the last one.
 *	(nf-portcls-iregistrykey-enumeratevaluekey)
 * @set_value_key: Write a value; NULL names the one without a name. %-EINVAL
 *	when the data doesn't fit the type or has more than 1 MiB.
 *	(nf-portcls-iregistrykey-setvaluekey)
 * @query_registry_values: Look several values up. %-ENOENT for what is
 *	required and isn't there; %-EINVAL for a line that is wrong or a value
 *	of another type than it says; or what a routine returned.
 *	(nf-portcls-iregistrykey-queryregistryvalues)
 * @new_sub_key: Open a subkey, or make it. %-EINVAL for a name that is empty,
 *	longer than 255 bytes or has a backslash in it.
 *	(nf-portcls-iregistrykey-newsubkey)
 * @delete_key: Delete the key. %-ENOTEMPTY while it has subkeys; %-EACCES for
 *	a device's own key. (nf-portcls-iregistrykey-deletekey)
 *
 * Where something is told, @result_length is the length of the information,
 * and %-ENOSPC says that the buffer is shorter than that; nothing is stored
 * then.
 *
 * Each of them returns 0 when it succeeds, %-ENODEV when the key is deleted,
 * %-EACCES when it wasn't opened for that, %-EINVAL for a parameter that is
 * wrong, %-ENOMEM.
 *
 * Context: may sleep; so does the last release.
 */
struct iregistry_key_vtbl {
	struct iunknown_vtbl unknown;
	int (*query_key)(struct iregistry_key *self,
			 enum key_information_class information_class,
			 void *key_information, u32 length,
			 u32 *result_length);
	int (*enumerate_key)(struct iregistry_key *self, u32 index,
			     enum key_information_class information_class,
			     void *key_information, u32 length,
			     u32 *result_length);
	int (*query_value_key)(struct iregistry_key *self,
			const char *value_name,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length);
	int (*enumerate_value_key)(struct iregistry_key *self, u32 index,
			enum key_value_information_class information_class,
			void *value_information, u32 length,
			u32 *result_length);
	int (*set_value_key)(struct iregistry_key *self,
			     const char *value_name, u32 type,
			     const void *data, u32 data_size);
	int (*query_registry_values)(struct iregistry_key *self,
			const struct rtl_query_registry_table *query_table,
			void *context);
	int (*new_sub_key)(struct iregistry_key *self,
			   struct iregistry_key **registry_sub_key,
			   struct iunknown *outer_unknown, u32 desired_access,
			   const char *sub_key_name, u32 create_options,
			   u32 *disposition);
	int (*delete_key)(struct iregistry_key *self);
} __no_randomize_layout;

/**
 * struct iregistry_key - IRegistryKey
 * @vtbl: methods
 * @unknown: base
 */
struct iregistry_key {
	union {
		const struct iregistry_key_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iregistry_key, unknown);

/**
 * struct registry_default - a value that a device has until it is written
 * @name: its name
 * @type: %REG_SZ, %REG_DWORD or %REG_BINARY
 * @string: the value of a %REG_SZ
 * @dword: the value of a %REG_DWORD
 * @binary: the value of a %REG_BINARY
 * @length: and its length in bytes
 * @subkey: the subkey that it is in, with backslashes where that is one of a
 *	subkey; NULL for the device's key itself
 */
struct registry_default {
	const char *name;
	u32 type;
	union {
		const char *string;
		u32 dword;
		const void *binary;
	};
	u32 length;
	const char *subkey;
};

int pc_new_registry_key(struct iregistry_key **out_registry_key,
			struct iunknown *outer_unknown,
			enum registry_key_type type, u32 desired_access,
			struct device *device, const char *subkey,
			u32 create_options, u32 *disposition);
int pc_set_registry_defaults(struct device *device,
			     const struct registry_default *defaults,
			     size_t count);

#endif
