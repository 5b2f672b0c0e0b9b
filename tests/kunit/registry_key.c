// SPDX-License-Identifier: GPL-2.0
/*
 * IRegistryKey: keys, values, defaults, firmware properties, queries.
 */
#include <linux/property.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "objects.h"

/* What is told of a value, with room for data. */
struct told_value {
	struct key_value_partial_information head;
	u8 data[64];
};

static struct iregistry_key *open_key(struct kunit *test,
				      struct device *device, u32 access)
{
	struct iregistry_key *key;

	KUNIT_ASSERT_EQ(test, pc_new_registry_key(&key, NULL,
			DEVICE_REGISTRY_KEY, access, device, NULL, 0, NULL),
			0);
	test_put(test, &key->unknown);
	return key;
}

static struct iregistry_key *new_key(struct kunit *test)
{
	return open_key(test, test_device(test), KEY_ALL_ACCESS);
}

static struct iregistry_key *sub_key(struct kunit *test,
				     struct iregistry_key *key,
				     const char *name, u32 access)
{
	struct iregistry_key *sub;

	KUNIT_ASSERT_EQ(test, key->vtbl->new_sub_key(key, &sub, NULL, access,
			name, REG_OPTION_NON_VOLATILE, NULL), 0);
	test_put(test, &sub->unknown);
	return sub;
}

static int set_dword(struct iregistry_key *key, const char *name, u32 value)
{
	return key->vtbl->set_value_key(key, name, REG_DWORD, &value,
					sizeof(value));
}

static int set_string(struct iregistry_key *key, const char *name,
		      const char *value)
{
	return key->vtbl->set_value_key(key, name, REG_SZ, value,
					strlen(value) + 1);
}

static int ask(struct iregistry_key *key, const char *name,
	       struct told_value *told)
{
	u32 length;

	return key->vtbl->query_value_key(key, name,
					  KEY_VALUE_PARTIAL_INFORMATION, told,
					  sizeof(*told), &length);
}

static void expect_dword(struct kunit *test, struct iregistry_key *key,
			 const char *name, u32 expected)
{
	struct told_value told = {};

	KUNIT_EXPECT_EQ(test, ask(key, name, &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.type, REG_DWORD);
	KUNIT_EXPECT_EQ(test, told.head.data_length, sizeof(u32));
	KUNIT_EXPECT_MEMEQ(test, told.head.data, &expected, sizeof(u32));
}

static void expect_string(struct kunit *test, struct iregistry_key *key,
			  const char *name, const char *expected)
{
	struct told_value told = {};

	KUNIT_EXPECT_EQ(test, ask(key, name, &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.type, REG_SZ);
	KUNIT_EXPECT_EQ(test, told.head.data_length, strlen(expected) + 1);
	KUNIT_EXPECT_STREQ(test, (char *)told.data, expected);
}

static int make_key(struct kunit *test, struct iunknown *outer,
		    struct iunknown **face)
{
	struct iregistry_key *key;
	int err = pc_new_registry_key(&key, outer, GENERAL_REGISTRY_KEY,
				      KEY_READ, test_device(test), "part", 0,
				      NULL);

	*face = err ? NULL : &key->unknown;
	return err;
}

static int make_device_key(struct kunit *test, struct iunknown *outer,
			   struct iunknown **face)
{
	struct iregistry_key *key;
	int err = pc_new_registry_key(&key, outer, DEVICE_REGISTRY_KEY,
				      KEY_READ, test_device(test), NULL, 0,
				      NULL);

	*face = err ? NULL : &key->unknown;
	return err;
}

static void registry_key_object(struct kunit *test)
{
	static const guid_t *const iids[] = { &iid_iregistry_key, NULL };

	expect_com(test, &new_key(test)->unknown, iids);
	expect_aggregation(test, make_key, &iid_iregistry_key);
	expect_aggregation(test, make_device_key, &iid_iregistry_key);
}

/* Four types are the same key; the fifth is one in it. */
static void registry_key_types(struct kunit *test)
{
	static const enum registry_key_type same[] = {
		DEVICE_REGISTRY_KEY, DRIVER_REGISTRY_KEY,
		HW_PROFILE_REGISTRY_KEY, DEVICE_INTERFACE_REGISTRY_KEY,
	};
	struct device *device = test_device(test);
	struct iregistry_key *key;
	u32 disposition;
	int i;

	for (i = 0; i < ARRAY_SIZE(same); i++) {
		KUNIT_ASSERT_EQ(test, pc_new_registry_key(&key, NULL, same[i],
				KEY_ALL_ACCESS, device, NULL, 0, NULL), 0);
		if (i)
			expect_dword(test, key, "count", i - 1);
		KUNIT_EXPECT_EQ(test, set_dword(key, "count", i), 0);
		iunknown_put(&key->unknown);
	}
	for (i = 0; i < 2; i++) {
		struct told_value told;

		KUNIT_ASSERT_EQ(test, pc_new_registry_key(&key, NULL,
				GENERAL_REGISTRY_KEY, KEY_ALL_ACCESS, device,
				"sub", REG_OPTION_VOLATILE, &disposition), 0);
		KUNIT_EXPECT_EQ(test, disposition, i ?
				REG_OPENED_EXISTING_KEY : REG_CREATED_NEW_KEY);
		KUNIT_EXPECT_EQ(test, ask(key, "count", &told), -ENOENT);
		iunknown_put(&key->unknown);
	}
}

static void registry_key_refused(struct kunit *test)
{
	struct device *device = test_device(test);
	struct iregistry_key *key;
	char long_name[257];

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			DEVICE_REGISTRY_KEY, KEY_READ, NULL, NULL, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(NULL, NULL,
			DEVICE_REGISTRY_KEY, KEY_READ, device, NULL, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			DEVICE_INTERFACE_REGISTRY_KEY + 1, KEY_READ, device,
			NULL, 0, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, NULL, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, "", 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, "a\\b", 0,
			NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, long_name, 0,
			NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, "a", 2, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_registry_key(&key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, device, long_name + 1,
			0, NULL), 0);
	iunknown_put(&key->unknown);
}

static void registry_key_values(struct kunit *test)
{
	struct iregistry_key *key = new_key(test);
	struct told_value told = {};

	KUNIT_EXPECT_EQ(test, ask(key, "Volume", &told), -ENOENT);
	KUNIT_EXPECT_EQ(test, set_dword(key, "Volume", 5), 0);
	expect_dword(test, key, "volume", 5);
	KUNIT_EXPECT_EQ(test, set_dword(key, "VOLUME", 6), 0);
	expect_dword(test, key, "Volume", 6);
	/* Another type in its place. */
	KUNIT_EXPECT_EQ(test, set_string(key, "volume", "loud"), 0);
	expect_string(test, key, "Volume", "loud");
	/* The one without a name. */
	KUNIT_EXPECT_EQ(test, set_string(key, NULL, ""), 0);
	expect_string(test, key, "", "");
	expect_string(test, key, NULL, "");
	/* Bytes, and none of them. */
	KUNIT_EXPECT_EQ(test, key->vtbl->set_value_key(key, "bytes",
			REG_BINARY, "\0\1", 2), 0);
	KUNIT_EXPECT_EQ(test, ask(key, "bytes", &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.type, REG_BINARY);
	KUNIT_EXPECT_EQ(test, told.head.data_length, 2);
	KUNIT_EXPECT_MEMEQ(test, told.data, "\0\1", 2);
	KUNIT_EXPECT_EQ(test, key->vtbl->set_value_key(key, "bytes",
			REG_BINARY, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, ask(key, "bytes", &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.data_length, 0);
}

static void registry_key_wrong_values(struct kunit *test)
{
	struct iregistry_key *key = new_key(test);
	static const struct {
		u32 type;
		const char *data;
		u32 size;
	} wrong[] = {
		{ REG_DWORD, "abcdef", 3 }, { REG_DWORD, "abcdef", 5 },
		{ REG_SZ, "abc", 3 }, { REG_SZ, "a\0c", 4 },
		{ REG_SZ, "", 0 }, { REG_SZ, NULL, 4 },
		{ REG_BINARY, NULL, 1 }, { REG_NONE, "", 0 },
		{ 99, "abc", 4 }, { REG_BINARY, "", SZ_1M + 1 },
	};
	struct told_value told;
	void *big;
	int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ_MSG(test, key->vtbl->set_value_key(key, "x",
				wrong[i].type, wrong[i].data, wrong[i].size),
				-EINVAL, "%d", i);
	KUNIT_EXPECT_EQ(test, ask(key, "x", &told), -ENOENT);
	big = kvzalloc(SZ_1M, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, big);
	KUNIT_EXPECT_EQ(test, key->vtbl->set_value_key(key, "x", REG_BINARY,
						       big, SZ_1M), 0);
	kvfree(big);
}

static void registry_key_value_information(struct kunit *test)
{
	struct iregistry_key *key = new_key(test);
	union {
		struct key_value_basic_information basic;
		struct key_value_full_information full;
		struct key_value_partial_information partial;
		u8 bytes[64];
	} u;
	u32 length, needed;
	int class;

	KUNIT_ASSERT_EQ(test, set_string(key, "Name", "data"), 0);
	for (class = KEY_VALUE_BASIC_INFORMATION;
	     class <= KEY_VALUE_PARTIAL_INFORMATION; class++) {
		memset(&u, 0x55, sizeof(u));
		needed = 0;
		KUNIT_ASSERT_EQ(test, key->vtbl->query_value_key(key, "name",
				class, NULL, 0, &needed), -ENOSPC);
		KUNIT_ASSERT_LT(test, needed, sizeof(u));
		KUNIT_EXPECT_EQ(test, key->vtbl->query_value_key(key, "name",
				class, &u, needed - 1, &length), -ENOSPC);
		KUNIT_EXPECT_EQ(test, length, needed);
		KUNIT_EXPECT_EQ(test, u.bytes[0], 0x55);
		KUNIT_ASSERT_EQ(test, key->vtbl->query_value_key(key, "name",
				class, &u, needed, &length), 0);
		KUNIT_EXPECT_EQ(test, u.bytes[needed], 0x55);
		KUNIT_EXPECT_EQ(test, u.basic.type, REG_SZ);
		switch (class) {
		case KEY_VALUE_BASIC_INFORMATION:
			KUNIT_EXPECT_EQ(test, u.basic.name_length, 4);
			KUNIT_EXPECT_STREQ(test, u.basic.name, "Name");
			break;
		case KEY_VALUE_FULL_INFORMATION:
			KUNIT_EXPECT_EQ(test, u.full.name_length, 4);
			KUNIT_EXPECT_STREQ(test, u.full.name, "Name");
			KUNIT_EXPECT_EQ(test, u.full.data_offset % 8, 0);
			KUNIT_EXPECT_EQ(test, u.full.data_length, 5);
			KUNIT_EXPECT_STREQ(test, (char *)u.bytes +
					   u.full.data_offset, "data");
			break;
		default:
			KUNIT_EXPECT_STREQ(test, (char *)u.partial.data,
					   "data");
		}
	}
	KUNIT_EXPECT_EQ(test, key->vtbl->query_value_key(key, "name", 99, &u,
			sizeof(u), &length), -EINVAL);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_value_key(key, "name",
			KEY_VALUE_BASIC_INFORMATION, &u, sizeof(u), NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_value_key(key, "name",
			KEY_VALUE_BASIC_INFORMATION, NULL, 10, &length),
			-EINVAL);
}

static int name_at(struct iregistry_key *key, u32 index, char *name)
{
	struct {
		struct key_value_basic_information head;
		char name[32];
	} told = {};
	u32 length;
	int err = key->vtbl->enumerate_value_key(key, index,
						 KEY_VALUE_BASIC_INFORMATION,
						 &told, sizeof(told), &length);

	strscpy(name, told.head.name, 32);
	return err;
}

static void expect_names(struct kunit *test, struct iregistry_key *key,
			 const char *expected)
{
	char names[128] = "", name[32];
	u32 i;

	for (i = 0; !name_at(key, i, name); i++) {
		strlcat(names, name, sizeof(names));
		strlcat(names, " ", sizeof(names));
	}
	KUNIT_EXPECT_STREQ(test, names, expected);
	KUNIT_EXPECT_EQ(test, name_at(key, i, name), -ENOENT);
	KUNIT_EXPECT_EQ(test, name_at(key, U32_MAX, name), -ENOENT);
}

static const struct registry_default defaults[] = {
	{ "Rate", REG_DWORD, .dword = 48000 },
	{ "Jack", REG_SZ, { .string = "rear" } },
};

static void registry_key_defaults(struct kunit *test)
{
	static const struct registry_default twice[] = {
		{ "a", REG_DWORD }, { "A", REG_DWORD },
	}, wrong = { "a", 77 }, no_string = { "a", REG_SZ };
	struct device *device = test_device(test);
	struct iregistry_key *key = open_key(test, device, KEY_ALL_ACCESS);
	struct told_value told;

	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, defaults, 2),
			0);
	expect_dword(test, key, "rate", 48000);
	expect_string(test, key, "jack", "rear");
	KUNIT_EXPECT_EQ(test, set_dword(key, "RATE", 44100), 0);
	KUNIT_EXPECT_EQ(test, set_dword(key, "own", 1), 0);
	/* What was written comes first, and each name once. */
	expect_dword(test, key, "Rate", 44100);
	expect_names(test, key, "RATE own Jack ");

	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, twice, 2),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, &wrong, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, &no_string, 1),
			-EINVAL);
	expect_string(test, key, "jack", "rear");
	/* They take the place of the ones before. */
	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, twice, 1), 0);
	KUNIT_EXPECT_EQ(test, ask(key, "jack", &told), -ENOENT);
	expect_names(test, key, "RATE own a ");
	/* A subkey hasn't got any. */
	key = sub_key(test, key, "sub", KEY_ALL_ACCESS);
	expect_names(test, key, "");
}

/* An INF file is full of subkeys and of bytes. */
static void registry_key_default_subkeys(struct kunit *test)
{
	static const u8 bytes[] = { 1, 0, 2 };
	static const struct registry_default some[] = {
		{ "Mode", REG_BINARY, .binary = bytes, .length = 3 },
		{ "Gain", REG_DWORD, .dword = 3, .subkey = "Settings" },
		{ "Gain", REG_DWORD, .dword = 4, .subkey = "settings\\Left" },
		{ "Empty", REG_BINARY, .subkey = "Settings" },
	}, bad[] = {
		{ "a", REG_DWORD, .subkey = "Other" },
		{ "a", REG_DWORD, .subkey = "Settings\\\\Left" },
	};
	struct device *device = test_device(test);
	struct iregistry_key *key = open_key(test, device, KEY_ALL_ACCESS);
	struct iregistry_key *reader = open_key(test, device, KEY_READ);
	struct iregistry_key *settings, *left, *none;
	struct told_value told;

	KUNIT_ASSERT_EQ(test, pc_set_registry_defaults(device, some, 4), 0);
	KUNIT_EXPECT_EQ(test, ask(key, "mode", &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.type, REG_BINARY);
	KUNIT_EXPECT_EQ(test, told.head.data_length, 3);
	KUNIT_EXPECT_MEMEQ(test, told.data, bytes, 3);
	/* Opened with no right to make one: they are there. */
	settings = sub_key(test, reader, "SETTINGS", KEY_READ);
	expect_dword(test, settings, "gain", 3);
	expect_names(test, settings, "Gain Empty ");
	left = sub_key(test, settings, "Left", KEY_ALL_ACCESS);
	expect_dword(test, left, "gain", 4);
	KUNIT_EXPECT_EQ(test, set_dword(left, "gain", 5), 0);
	expect_dword(test, left, "gain", 5);

	/* All or nothing. */
	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, bad, 2),
			-EINVAL);
	expect_dword(test, settings, "gain", 3);
	KUNIT_EXPECT_EQ(test, reader->vtbl->new_sub_key(reader, &none, NULL,
			KEY_READ, "Other", REG_OPTION_NON_VOLATILE, NULL),
			-EACCES);

	/* Others: what was written stays, and a key that is open. */
	KUNIT_EXPECT_EQ(test, pc_set_registry_defaults(device, bad, 1), 0);
	KUNIT_EXPECT_EQ(test, ask(settings, "gain", &told), -ENOENT);
	expect_dword(test, left, "gain", 5);
}

static void registry_key_firmware(struct kunit *test)
{
	static const struct property_entry properties[] = {
		PROPERTY_ENTRY_U32("gain", 7),
		PROPERTY_ENTRY_STRING("label", "front"),
		PROPERTY_ENTRY_U8("byte", 9),
		{}
	};
	struct device *device = test_device(test);
	struct iregistry_key *key = open_key(test, device, KEY_ALL_ACCESS);
	struct told_value told = {};

	KUNIT_ASSERT_EQ(test, device_create_managed_software_node(device,
							properties, NULL), 0);
	expect_dword(test, key, "gain", 7);
	expect_string(test, key, "label", "front");
	KUNIT_EXPECT_EQ(test, ask(key, "byte", &told), 0);
	KUNIT_EXPECT_EQ(test, told.head.type, REG_BINARY);
	KUNIT_EXPECT_EQ(test, told.head.data_length, 1);
	KUNIT_EXPECT_EQ(test, told.data[0], 9);
	/* They aren't counted, come last, and aren't in subkeys. */
	expect_names(test, key, "");
	KUNIT_EXPECT_EQ(test, set_dword(key, "gain", 8), 0);
	expect_dword(test, key, "gain", 8);
	key = sub_key(test, key, "sub", KEY_ALL_ACCESS);
	KUNIT_EXPECT_EQ(test, ask(key, "label", &told), -ENOENT);
}

static void registry_key_subkeys(struct kunit *test)
{
	struct iregistry_key *key = new_key(test), *sub, *deep;
	struct key_full_information full;
	struct {
		struct key_basic_information head;
		char name[32];
	} told = {};
	u32 length, disposition;

	sub = sub_key(test, key, "Output", KEY_ALL_ACCESS);
	sub_key(test, key, "In", KEY_READ);
	deep = sub_key(test, sub, "Deep", KEY_ALL_ACCESS);
	KUNIT_EXPECT_EQ(test, set_dword(deep, "x", 1), 0);
	KUNIT_EXPECT_EQ(test, set_string(key, "value", "12345"), 0);

	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 0,
			KEY_BASIC_INFORMATION, &told, sizeof(told), &length),
			0);
	KUNIT_EXPECT_STREQ(test, told.head.name, "Output");
	KUNIT_EXPECT_EQ(test, told.head.name_length, 6);
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 1,
			KEY_NODE_INFORMATION, &told, sizeof(told), &length),
			0);
	KUNIT_EXPECT_STREQ(test, told.head.name, "In");
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 2,
			KEY_BASIC_INFORMATION, &told, sizeof(told), &length),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 0,
			KEY_BASIC_INFORMATION, &told, 3, &length), -ENOSPC);
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 0, 99, &told,
			sizeof(told), &length), -EINVAL);

	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, KEY_FULL_INFORMATION,
			&full, sizeof(full), &length), 0);
	KUNIT_EXPECT_EQ(test, full.sub_keys, 2);
	KUNIT_EXPECT_EQ(test, full.max_name_len, 6);
	KUNIT_EXPECT_EQ(test, full.values, 1);
	KUNIT_EXPECT_EQ(test, full.max_value_name_len, 5);
	KUNIT_EXPECT_EQ(test, full.max_value_data_len, 6);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, KEY_FULL_INFORMATION,
			&full, sizeof(full) - 1, &length), -ENOSPC);
	KUNIT_EXPECT_EQ(test, length, sizeof(full));
	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, 99, &full,
			sizeof(full), &length), -EINVAL);
	KUNIT_EXPECT_EQ(test, sub->vtbl->query_key(sub, KEY_BASIC_INFORMATION,
			&told, sizeof(told), &length), 0);
	KUNIT_EXPECT_STREQ(test, told.head.name, "Output");

	/* The same one again, whatever the case. */
	KUNIT_ASSERT_EQ(test, key->vtbl->new_sub_key(key, &sub, NULL,
			KEY_READ, "OUTPUT", 0, &disposition), 0);
	test_put(test, &sub->unknown);
	KUNIT_EXPECT_EQ(test, disposition, REG_OPENED_EXISTING_KEY);
	deep = sub_key(test, sub, "deep", KEY_READ);
	expect_dword(test, deep, "x", 1);
}

static void registry_key_write_time(struct kunit *test)
{
	struct iregistry_key *key = new_key(test);
	struct key_full_information before, after;
	u32 length;

	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, KEY_FULL_INFORMATION,
			&before, sizeof(before), &length), 0);
	KUNIT_EXPECT_EQ(test, set_dword(key, "x", 1), 0);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, KEY_FULL_INFORMATION,
			&after, sizeof(after), &length), 0);
	KUNIT_EXPECT_TRUE(test, ktime_after(after.last_write_time,
					    before.last_write_time));
}

static void registry_key_access(struct kunit *test)
{
	struct device *device = test_device(test);
	struct iregistry_key *key, *sub;
	struct told_value told;
	u32 length;

	sub_key(test, open_key(test, device, KEY_ALL_ACCESS), "sub", KEY_READ);
	key = open_key(test, device, KEY_SET_VALUE);
	KUNIT_EXPECT_EQ(test, set_dword(key, "x", 1), 0);
	KUNIT_EXPECT_EQ(test, ask(key, "x", &told), -EACCES);
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_value_key(key, 0,
			KEY_VALUE_PARTIAL_INFORMATION, &told, sizeof(told),
			&length), -EACCES);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_key(key, KEY_FULL_INFORMATION,
			&told, sizeof(told), &length), -EACCES);
	KUNIT_EXPECT_EQ(test, key->vtbl->enumerate_key(key, 0,
			KEY_BASIC_INFORMATION, &told, sizeof(told), &length),
			-EACCES);
	KUNIT_EXPECT_EQ(test, key->vtbl->new_sub_key(key, &sub, NULL, 0,
			"new", 0, NULL), -EACCES);
	KUNIT_EXPECT_EQ(test, key->vtbl->delete_key(key), -EACCES);
	/* To open one that is there takes nothing. */
	sub_key(test, key, "sub", KEY_READ);
	key = open_key(test, device, KEY_QUERY_VALUE);
	KUNIT_EXPECT_EQ(test, set_dword(key, "x", 2), -EACCES);
	expect_dword(test, key, "x", 1);
}

static void registry_key_delete(struct kunit *test)
{
	struct iregistry_key *key = new_key(test), *sub, *deep, *again;
	struct told_value told;
	u32 length, disposition;

	KUNIT_EXPECT_EQ(test, key->vtbl->delete_key(key), -EACCES);
	sub = sub_key(test, key, "sub", KEY_ALL_ACCESS);
	deep = sub_key(test, sub, "deep", KEY_ALL_ACCESS);
	KUNIT_EXPECT_EQ(test, sub->vtbl->delete_key(sub), -ENOTEMPTY);
	KUNIT_EXPECT_EQ(test, deep->vtbl->delete_key(deep), 0);
	KUNIT_EXPECT_EQ(test, sub->vtbl->delete_key(sub), 0);

	KUNIT_EXPECT_EQ(test, sub->vtbl->delete_key(sub), -ENODEV);
	KUNIT_EXPECT_EQ(test, set_dword(sub, "x", 1), -ENODEV);
	KUNIT_EXPECT_EQ(test, ask(sub, "x", &told), -ENODEV);
	KUNIT_EXPECT_EQ(test, sub->vtbl->enumerate_value_key(sub, 0,
			KEY_VALUE_PARTIAL_INFORMATION, &told, sizeof(told),
			&length), -ENODEV);
	KUNIT_EXPECT_EQ(test, sub->vtbl->enumerate_key(sub, 0,
			KEY_BASIC_INFORMATION, &told, sizeof(told), &length),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, sub->vtbl->query_key(sub, KEY_FULL_INFORMATION,
			&told, sizeof(told), &length), -ENODEV);
	KUNIT_EXPECT_EQ(test, sub->vtbl->new_sub_key(sub, &again, NULL,
			KEY_READ, "deep", 0, NULL), -ENODEV);
	/* A new one of that name is another one. */
	KUNIT_ASSERT_EQ(test, key->vtbl->new_sub_key(key, &again, NULL,
			KEY_ALL_ACCESS, "sub", 0, &disposition), 0);
	test_put(test, &again->unknown);
	KUNIT_EXPECT_EQ(test, disposition, REG_CREATED_NEW_KEY);
	KUNIT_EXPECT_EQ(test, ask(sub, "x", &told), -ENODEV);
}

/* Queries of several values. */

struct query {
	char names[64];
	u32 sum;
	int answer;
};

static int query_routine(const char *name, u32 type, const void *data,
			 u32 length, void *context, void *entry_context)
{
	struct query *query = context;

	strlcat(query->names, name, sizeof(query->names));
	strlcat(query->names, " ", sizeof(query->names));
	if (type == REG_DWORD)
		query->sum += *(u32 *)data;
	if (entry_context)
		++*(int *)entry_context;
	return query->answer;
}

static int query(struct iregistry_key *key,
		 const struct rtl_query_registry_table *entry, void *context)
{
	struct rtl_query_registry_table table[2] = { *entry };

	return key->vtbl->query_registry_values(key, table, context);
}

static void registry_key_query(struct kunit *test)
{
	struct iregistry_key *key = new_key(test);
	u32 two = 2;
	int calls = 0;
	struct rtl_query_registry_table table[] = {
		{ query_routine, 0, "b", &calls },
		{ query_routine, RTL_QUERY_REGISTRY_REQUIRED, "a" },
		{ query_routine, 0, "none" },
		{ query_routine, 0, "default", &calls, REG_DWORD, &two, 4 },
		{ query_routine, 0, NULL },
		{}
	};
	struct query q = {};

	KUNIT_EXPECT_EQ(test, set_dword(key, "a", 10), 0);
	KUNIT_EXPECT_EQ(test, set_dword(key, "b", 100), 0);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_registry_values(key, table,
							       &q), 0);
	KUNIT_EXPECT_STREQ(test, q.names, "b a default a b ");
	KUNIT_EXPECT_EQ(test, q.sum, 10 + 100 + 2 + 110);
	KUNIT_EXPECT_EQ(test, calls, 2);
	/* -ENOSPC goes on, any other error ends it. */
	q = (struct query) { .answer = -ENOSPC };
	KUNIT_EXPECT_EQ(test, key->vtbl->query_registry_values(key, table,
							       &q), 0);
	KUNIT_EXPECT_STREQ(test, q.names, "b a default a b ");
	q = (struct query) { .answer = -EPERM };
	KUNIT_EXPECT_EQ(test, key->vtbl->query_registry_values(key, table,
							       &q), -EPERM);
	KUNIT_EXPECT_STREQ(test, q.names, "b ");
	KUNIT_EXPECT_EQ(test, key->vtbl->query_registry_values(key, NULL,
							       &q), -EINVAL);
}

static void registry_key_query_direct(struct kunit *test)
{
	const u32 flags = RTL_QUERY_REGISTRY_DIRECT |
			  RTL_QUERY_REGISTRY_TYPECHECK;
	const u32 dword = REG_DWORD << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
	const u32 string = REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
	struct iregistry_key *key = new_key(test);
	char *text = NULL, *other = NULL;
	u32 number = 0;
	struct rtl_query_registry_table table[] = {
		{ NULL, flags, "number", &number, dword },
		{ NULL, flags, "text", &text, string },
		{ NULL, flags, "none", &other, string | REG_SZ, "default", 0 },
		{}
	};

	KUNIT_EXPECT_EQ(test, set_dword(key, "number", 42), 0);
	KUNIT_EXPECT_EQ(test, set_string(key, "text", "words"), 0);
	KUNIT_EXPECT_EQ(test, key->vtbl->query_registry_values(key, table,
							       NULL), 0);
	KUNIT_EXPECT_EQ(test, number, 42);
	KUNIT_EXPECT_STREQ(test, text ?: "", "words");
	KUNIT_EXPECT_STREQ(test, other ?: "", "default");
	kfree(text);
	kfree(other);
}

static void registry_key_query_wrong(struct kunit *test)
{
	const u32 direct = RTL_QUERY_REGISTRY_DIRECT |
			   RTL_QUERY_REGISTRY_TYPECHECK;
	const u32 string = REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
	const u32 binary = REG_BINARY << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
	const u32 required = RTL_QUERY_REGISTRY_REQUIRED;
	struct query q = {};
	struct iregistry_key *key = new_key(test);
	u32 two = 2;
	const struct {
		struct rtl_query_registry_table entry;
		int err;
	} tries[] = {
		{ { query_routine, required, "none" }, -ENOENT },
		{ { query_routine, required, "none", NULL, REG_DWORD, &two,
		    4 }, -ENOENT },
		{ { NULL, direct | required, "none", &two, string }, -ENOENT },
		/* Wrong lines. */
		{ { query_routine, 0x40000000, "a" }, -EINVAL },
		{ { NULL, 0, "a" }, -EINVAL },
		{ { query_routine, direct, "a", &two }, -EINVAL },
		{ { NULL, RTL_QUERY_REGISTRY_DIRECT, "a", &two }, -EINVAL },
		{ { query_routine, direct, NULL }, -EINVAL },
		/* A default without data, or not of its type. */
		{ { query_routine, 0, "none", NULL, REG_DWORD }, -EINVAL },
		{ { query_routine, 0, "none", NULL, REG_DWORD, &two, 3 },
		  -EINVAL },
		/* Another type, and one that can't be stored. */
		{ { NULL, direct, "a", &two, string }, -EINVAL },
		{ { NULL, direct, "bytes", &two, binary }, -EINVAL },
	};
	int i;

	/* Required and not a single one. */
	KUNIT_EXPECT_EQ(test, query(key, &(struct rtl_query_registry_table) {
			query_routine, required, NULL }, &q), -ENOENT);
	KUNIT_EXPECT_EQ(test, set_dword(key, "a", 1), 0);
	KUNIT_EXPECT_EQ(test, key->vtbl->set_value_key(key, "bytes",
			REG_BINARY, "12", 2), 0);
	for (i = 0; i < ARRAY_SIZE(tries); i++)
		KUNIT_EXPECT_EQ_MSG(test, query(key, &tries[i].entry, &q),
				    tries[i].err, "try %d", i);
	KUNIT_EXPECT_STREQ(test, q.names, "");
	KUNIT_EXPECT_EQ(test, two, 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(registry_key_object),
	KUNIT_CASE(registry_key_types),
	KUNIT_CASE(registry_key_refused),
	KUNIT_CASE(registry_key_values),
	KUNIT_CASE(registry_key_wrong_values),
	KUNIT_CASE(registry_key_value_information),
	KUNIT_CASE(registry_key_defaults),
	KUNIT_CASE(registry_key_default_subkeys),
	KUNIT_CASE(registry_key_firmware),
	KUNIT_CASE(registry_key_subkeys),
	KUNIT_CASE(registry_key_write_time),
	KUNIT_CASE(registry_key_access),
	KUNIT_CASE(registry_key_delete),
	KUNIT_CASE(registry_key_query),
	KUNIT_CASE(registry_key_query_direct),
	KUNIT_CASE(registry_key_query_wrong),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-registry-key",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
