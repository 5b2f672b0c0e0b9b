// SPDX-License-Identifier: GPL-2.0
/*
 * A module that forgets one of its two objects: a test of the verifier's
 * "leak", which is looked for when the port is unloaded.
 */
#include <linux/module.h>

#include <wavepci/portcls.h>

static void object_destroy(struct cunknown *object)
{
}

static const struct cunknown_interface no_interfaces[] = {
	{}
};

static const struct cunknown_class kept_class = {
	.name = "kept object",
	.interfaces = no_interfaces,
	.destroy = object_destroy,
};

static const struct cunknown_class forgotten_class = {
	.name = "forgotten object",
	.interfaces = no_interfaces,
	.destroy = object_destroy,
};

static struct cunknown kept, forgotten;

static int __init leak_init(void)
{
	cunknown_init(&kept, &kept_class, NULL);
	cunknown_init(&forgotten, &forgotten_class, NULL);
	return 0;
}

static void __exit leak_exit(void)
{
	iunknown_put(&kept.inner);
}

module_init(leak_init);
module_exit(leak_exit);

MODULE_DESCRIPTION("Test of the WavePci port class: an object left over");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(WAVEPCI_NAMESPACE);
