/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IResourceList: the ports, memory and interrupts of a device.
 */
#ifndef _WAVEPCI_RESOURCE_LIST_H
#define _WAVEPCI_RESOURCE_LIST_H

#include <linux/ioport.h>

#include <wavepci/unknown.h>

struct device;

/**
 * enum cm_resource_type - kinds of resources
 * @CM_RESOURCE_TYPE_PORT: I/O ports
 * @CM_RESOURCE_TYPE_INTERRUPT: an interrupt; the start is its Linux number
 * @CM_RESOURCE_TYPE_MEMORY: memory
 */
enum cm_resource_type {
	CM_RESOURCE_TYPE_PORT = 1,
	CM_RESOURCE_TYPE_INTERRUPT,
	CM_RESOURCE_TYPE_MEMORY,
};

/**
 * struct cm_partial_resource_descriptor - one resource
 * @type: its kind
 * @bar: which BAR of a PCI function it comes from, -1 when from none
 * @start: first port, first byte, or interrupt number
 * @length: number of ports or bytes; 1 for an interrupt
 */
struct cm_partial_resource_descriptor {
	enum cm_resource_type type;
	int bar;
	resource_size_t start;
	resource_size_t length;
};

struct iresource_list;

/**
 * struct iresource_list_vtbl - methods of IResourceList
 * @unknown: IUnknown
 * @number_of_entries: How many there are.
 *	(nf-portcls-iresourcelist-numberofentries)
 * @number_of_entries_of_type: How many of one kind.
 *	(nf-portcls-iresourcelist-numberofentriesoftype)
 * @find_translated_entry: The index'th of a kind as the CPU sees it, or NULL.
 *	(nf-portcls-iresourcelist-findtranslatedentry)
 * @find_untranslated_entry: The same as the bus sees it, or NULL.
 *	(nf-portcls-iresourcelist-finduntranslatedentry)
 * @add_entry: Add a resource. 0, %-ENOMEM, or %-ENOSPC in a sublist that is
 *	full. May sleep; not for a list that
 *	is in use already. (nf-portcls-iresourcelist-addentry)
 * @add_entry_from_parent: Add the index'th of a kind of another list. 0,
 *	%-EINVAL when the parent hasn't got it, or an error of @add_entry.
 *	(nf-portcls-iresourcelist-addentryfromparent)
 *
 * Context: any, unless said otherwise.
 */
struct iresource_list_vtbl {
	struct iunknown_vtbl unknown;
	u32 (*number_of_entries)(struct iresource_list *self);
	u32 (*number_of_entries_of_type)(struct iresource_list *self,
					 enum cm_resource_type type);
	const struct cm_partial_resource_descriptor *
	(*find_translated_entry)(struct iresource_list *self,
				 enum cm_resource_type type, u32 index);
	const struct cm_partial_resource_descriptor *
	(*find_untranslated_entry)(struct iresource_list *self,
				   enum cm_resource_type type, u32 index);
	int (*add_entry)(struct iresource_list *self,
		const struct cm_partial_resource_descriptor *translated,
		const struct cm_partial_resource_descriptor *untranslated);
	int (*add_entry_from_parent)(struct iresource_list *self,
				     struct iresource_list *parent,
				     enum cm_resource_type type, u32 index);
} __no_randomize_layout;

/**
 * struct iresource_list - IResourceList
 * @vtbl: methods
 * @unknown: base
 */
struct iresource_list {
	union {
		const struct iresource_list_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iresource_list, unknown);

int pc_new_resource_list(struct iresource_list **out_resource_list,
			 struct iunknown *outer_unknown,
			 struct device *device);
int pc_new_resource_sublist(struct iresource_list **out_resource_list,
			    struct iunknown *outer_unknown,
			    struct iresource_list *parent, u32 maximum_entries);

#endif
