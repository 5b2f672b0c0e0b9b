// SPDX-License-Identifier: GPL-2.0
/*
 * IResourceList: the ports, memory and interrupts of a device.
 *
 * An untranslated address is the bus's own view of it, a translated one the
 * processor's. The Linux PCI core has both, and each entry of a list keeps both.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "portcls.h"

struct list_entry {
	struct cm_partial_resource_descriptor translated;
	struct cm_partial_resource_descriptor untranslated;
};

/*
 * struct resource_list - IResourceList
 * @base: object
 * @list: the interface
 * @device: whose resources they are
 * @entries: array of resources, each in memory of its own: who has found one
 *	may keep it as long as the list
 * @count: how many
 * @maximum: how many there may be, 0 for no limit
 */
struct resource_list {
	struct cunknown base;

	CUNKNOWN_FACE(iresource_list, list);
	struct device *device;
	struct list_entry **entries;
	u32 count;
	u32 maximum;
};

static struct resource_list *from_list(struct iresource_list *list)
{
	return container_of(list, struct resource_list, list);
}

/**
 * portcls_resources_device() - whose resources a list has
 * @list: a list made by pc_new_resource_list() or pc_new_resource_sublist()
 *
 * Context: any.
 * Return: the device.
 */
struct device *portcls_resources_device(struct iresource_list *list)
{
	return from_list(list)->device;
}

static u32 list_number_of_entries(struct iresource_list *self)
{
	return from_list(self)->count;
}

static u32 list_number_of_entries_of_type(struct iresource_list *self,
					  enum cm_resource_type type)
{
	struct resource_list *list = from_list(self);
	u32 i, count = 0;

	for (i = 0; i < list->count; i++)
		count += list->entries[i]->translated.type == type;
	return count;
}

static struct list_entry *find_entry(struct iresource_list *self,
					 enum cm_resource_type type, u32 index)
{
	struct resource_list *list = from_list(self);
	u32 i;

	for (i = 0; i < list->count; i++)
		if (list->entries[i]->translated.type == type && !index--)
			return list->entries[i];
	return NULL;
}

static const struct cm_partial_resource_descriptor *
list_find_translated(struct iresource_list *self, enum cm_resource_type type,
		     u32 index)
{
	struct list_entry *entry = find_entry(self, type, index);

	return entry ? &entry->translated : NULL;
}

static const struct cm_partial_resource_descriptor *
list_find_untranslated(struct iresource_list *self, enum cm_resource_type type,
		       u32 index)
{
	struct list_entry *entry = find_entry(self, type, index);

	return entry ? &entry->untranslated : NULL;
}

static int list_add_entry(struct iresource_list *self,
			const struct cm_partial_resource_descriptor *translated,
			const struct cm_partial_resource_descriptor *untranslated)
{
	struct resource_list *list = from_list(self);
	struct list_entry **entries, *entry;

	if (list->maximum && list->count == list->maximum)
		return -ENOSPC;
	entries = krealloc(list->entries, (list->count + 1) * sizeof(*entries),
			   GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	list->entries = entries;
	entry = kmalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->translated = *translated;
	entry->untranslated = *untranslated;
	entries[list->count++] = entry;
	return 0;
}

static int list_add_entry_from_parent(struct iresource_list *self,
				      struct iresource_list *parent,
				      enum cm_resource_type type, u32 index)
{
	const struct cm_partial_resource_descriptor *translated, *untranslated;

	translated = parent->vtbl->find_translated_entry(parent, type, index);
	untranslated = parent->vtbl->find_untranslated_entry(parent, type,
							     index);
	if (!translated || !untranslated)
		return -EINVAL;
	return list_add_entry(self, translated, untranslated);
}

static void list_free(struct cunknown *object)
{
	struct resource_list *list = container_of(object, struct resource_list,
						  base);

	while (list->count)
		kfree(list->entries[--list->count]);
	kfree(list->entries);
	kfree(list);
}

static const struct iresource_list_vtbl list_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.number_of_entries = list_number_of_entries,
	.number_of_entries_of_type = list_number_of_entries_of_type,
	.find_translated_entry = list_find_translated,
	.find_untranslated_entry = list_find_untranslated,
	.add_entry = list_add_entry,
	.add_entry_from_parent = list_add_entry_from_parent,
};

DEFINE_CUNKNOWN_CLASS(list_class, "resource list", list_free,
	CUNKNOWN_INTERFACE(iid_iresource_list, struct resource_list, list,
			   list_vtbl));

static int add_pci_bar(struct iresource_list *list, struct pci_dev *pci,
		       int bar)
{
	struct cm_partial_resource_descriptor translated, untranslated;

	if (!pci_resource_len(pci, bar))
		return 0;
	translated = (struct cm_partial_resource_descriptor) {
		.type = pci_resource_flags(pci, bar) & IORESOURCE_IO ?
			CM_RESOURCE_TYPE_PORT : CM_RESOURCE_TYPE_MEMORY,
		.bar = bar,
		.start = pci_resource_start(pci, bar),
		.length = pci_resource_len(pci, bar),
	};
	untranslated = translated;
	untranslated.start = pci_bus_address(pci, bar);
	return list_add_entry(list, &translated, &untranslated);
}

static int add_pci_resources(struct iresource_list *list, struct pci_dev *pci)
{
	struct cm_partial_resource_descriptor irq = {
		.type = CM_RESOURCE_TYPE_INTERRUPT,
		.bar = -1,
		.start = pci->irq,
		.length = 1,
	};
	int bar, err;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		err = add_pci_bar(list, pci, bar);
		if (err)
			return err;
	}
	return pci->irq ? list_add_entry(list, &irq, &irq) : 0;
}

static struct resource_list *new_list(struct iunknown *outer_unknown,
				      struct device *device, u32 maximum)
{
	struct resource_list *list = kzalloc(sizeof(*list), GFP_KERNEL);

	if (!list)
		return NULL;
	cunknown_init(&list->base, &list_class, outer_unknown);
	list->device = device;
	list->maximum = maximum;
	return list;
}

/**
 * pc_new_resource_list() - PcNewResourceList: list what a device has
 * @out_resource_list: receives the list
 * @outer_unknown: who aggregates it, or NULL
 * @device: the device: the BARs and the interrupt of a PCI function, in the
 *	order of the BARs; nothing for any other device
 *
 * See nf-portcls-pcnewresourcelist.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pc_new_resource_list(struct iresource_list **out_resource_list,
			 struct iunknown *outer_unknown,
			 struct device *device)
{
	struct resource_list *list = new_list(outer_unknown, device, 0);

	if (!list)
		return -ENOMEM;
	if (dev_is_pci(device) &&
	    add_pci_resources(&list->list, to_pci_dev(device))) {
		iunknown_put(cunknown_inner(&list->list.unknown));
		return -ENOMEM;
	}
	*out_resource_list = &list->list;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_resource_list);

/**
 * pc_new_resource_sublist() - PcNewResourceSublist: an empty list to fill
 * @out_resource_list: receives the list
 * @outer_unknown: who aggregates it, or NULL
 * @parent: whose entries will be added to it
 * @maximum_entries: how many at most; adding more fails with -ENOSPC
 *
 * See nf-portcls-pcnewresourcesublist.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL without a parent or room; -ENOMEM.
 */
int pc_new_resource_sublist(struct iresource_list **out_resource_list,
			    struct iunknown *outer_unknown,
			    struct iresource_list *parent, u32 maximum_entries)
{
	struct resource_list *list;

	if (!parent || !maximum_entries)
		return -EINVAL;
	list = new_list(outer_unknown, portcls_resources_device(parent),
			maximum_entries);
	if (!list)
		return -ENOMEM;
	*out_resource_list = &list->list;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_resource_sublist);
