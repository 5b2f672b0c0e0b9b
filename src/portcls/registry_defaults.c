// SPDX-License-Identifier: GPL-2.0
/*
 * What a device's key and its subkeys have until it is written: what an INF
 * file would have put there.
 *
 * The defaults are made as a tree of their own, which is then merged into the
 * tree of settings. That takes no memory: so all of them come, or none.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "registry.h"

#define SUBKEY_LEVELS_MAX	8
#define SUBKEY_NAME_MAX		255

static void tree_free(struct list_head *nodes)
{
	struct registry_node *node;

	while (!list_empty(nodes)) {
		node = list_first_entry(nodes, struct registry_node, list);
		list_splice_init(&node->subkeys, nodes);
		portcls_node_remove(node);
	}
}

/*
 * Returns the node of a subkey, whose name may be a path with backslashes,
 * found or made below @node; or an error.
 */
static struct registry_node *find_subkey(struct registry_node *node,
					 const char *path)
{
	char name[SUBKEY_NAME_MAX + 1];
	int levels = 0;
	size_t length;

	while (*path) {
		length = strcspn(path, "\\");
		if (!length || length > SUBKEY_NAME_MAX ||
		    ++levels > SUBKEY_LEVELS_MAX)
			return ERR_PTR(-EINVAL);
		memcpy(name, path, length);
		name[length] = 0;
		path += length;
		path += *path == '\\';
		node = portcls_node_find(&node->subkeys, name) ?:
		       portcls_node_add(&node->subkeys, name);
		if (!node)
			return ERR_PTR(-ENOMEM);
	}
	return node;
}

static struct registry_value *make_value(const char *name,
					 const struct registry_default *def)
{
	switch (def->type) {
	case REG_SZ:
		return portcls_string_new(name, def->string);
	case REG_DWORD:
		return portcls_value_new(name, REG_DWORD, &def->dword,
					 sizeof(u32));
	case REG_BINARY:
		if (!def->binary && def->length)
			return ERR_PTR(-EINVAL);
		return portcls_value_new(name, REG_BINARY, def->binary,
					 def->length);
	default:
		return ERR_PTR(-EINVAL);
	}
}

static int add_default(struct registry_node *root,
		       const struct registry_default *def)
{
	const char *name = def->name ?: "";
	struct registry_value *value;
	struct registry_node *node;

	node = find_subkey(root, def->subkey ?: "");
	if (IS_ERR(node))
		return PTR_ERR(node);
	if (portcls_value_find(&node->defaults, name))
		return -EINVAL;
	value = make_value(name, def);
	if (IS_ERR(value))
		return PTR_ERR(value);
	list_add_tail(&value->list, &node->defaults);
	return 0;
}

static void forget_defaults(struct registry_node *node)
{
	struct registry_node *subkey;

	portcls_values_free(&node->defaults);
	list_for_each_entry(subkey, &node->subkeys, list)
		forget_defaults(subkey);
}

/* Move what is in @from to @node; neither is deeper than its keys' names. */
static void merge(struct registry_node *node, struct registry_node *from)
{
	struct registry_node *subkey, *next, *there;

	list_splice_init(&from->defaults, &node->defaults);
	list_for_each_entry_safe(subkey, next, &from->subkeys, list) {
		there = portcls_node_find(&node->subkeys, subkey->name);
		if (there)
			merge(there, subkey);
		else
			list_move_tail(&subkey->list, &node->subkeys);
	}
}

/**
 * pc_set_registry_defaults() - say what a device's key has until it is written
 * @device: the device
 * @defaults: the values, each name once in its key; they are copied
 * @count: how many
 *
 * They take the place of those that were set before. A subkey that had some
 * stays, without them.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a wrong type, a subkey that can't be called so, or a
 * name that is there twice; -ENOMEM. After an error nothing has changed.
 */
int pc_set_registry_defaults(struct device *device,
			     const struct registry_default *defaults,
			     size_t count)
{
	struct registry_node *node, *root;
	LIST_HEAD(made);
	int err = 0;

	mutex_lock(&portcls_registry_mutex);
	root = portcls_node_add(&made, "");
	if (!root)
		err = -ENOMEM;
	while (count-- && !err)
		err = add_default(root, defaults++);
	node = err ? NULL : portcls_node_of_device(device);
	if (node) {
		forget_defaults(node);
		merge(node, root);
	} else if (!err) {
		err = -ENOMEM;
	}
	tree_free(&made);
	mutex_unlock(&portcls_registry_mutex);
	return err;
}
EXPORT_SYMBOL_WAVEPCI(pc_set_registry_defaults);
