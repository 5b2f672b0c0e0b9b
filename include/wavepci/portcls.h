/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The port class: all interfaces, and the functions an adapter driver calls.
 */
#ifndef _WAVEPCI_PORTCLS_H
#define _WAVEPCI_PORTCLS_H

#include <wavepci/alsa.h>
#include <wavepci/dma_channel.h>
#include <wavepci/interrupt_sync.h>
#include <wavepci/kernel.h>
#include <wavepci/ks.h>
#include <wavepci/mapping_pump.h>
#include <wavepci/pin.h>
#include <wavepci/port.h>
#include <wavepci/power.h>
#include <wavepci/property.h>
#include <wavepci/registry_key.h>
#include <wavepci/resource_list.h>
#include <wavepci/service_group.h>
#include <wavepci/topology.h>
#include <wavepci/topology_nodes.h>
#include <wavepci/unknown.h>
#include <wavepci/wavepci.h>

struct device;
struct module;
struct pci_dev;
struct snd_card;

/**
 * typedef pcpfnstartdevice - PCPFNSTARTDEVICE, an adapter driver's start
 * @device: the device
 * @resource_list: its resources
 *
 * Makes the adapter's objects and registers its subdevices.
 *
 * Context: may sleep.
 * Return: 0 or an error, and then all it made is released.
 */
typedef int (*pcpfnstartdevice)(struct device *device,
				struct iresource_list *resource_list);

/**
 * struct pc_card_options - which ALSA card an adapter wants to be
 * @owner: the module that the card keeps loaded, THIS_MODULE
 * @index: number of the card, -1 for the next free one
 * @id: ID of the card, NULL for one made from its name
 * @streaming: queue packets only when the application has written them
 * @may_sleep: methods of its streams may sleep, SetState, GetPosition, Service
 *	and MappingAvailable among them. They come later then: after an interrupt
 *	by a work. Such streams can't be linked with those of other cards.
 * @no_resume: with power management, but its streams don't go on by themselves
 *	after a sleep: the application has to prepare them anew
 */
struct pc_card_options {
	struct module *owner;
	int index;
	const char *id;
	bool streaming;
	bool may_sleep;
	bool no_resume;
};

int pc_add_adapter_device(struct device *device,
			  pcpfnstartdevice start_device,
			  const struct pc_card_options *options);
void pc_remove_adapter_device(struct device *device);

/**
 * struct pc_card_slot - a place in arrays of module parameters
 * @card: whose it is: the card's PCI address plus one, 0 for none so far
 * @taken: that card is there
 */
struct pc_card_slot {
	u32 card;
	bool taken;
};

int pc_take_card_slot(struct pci_dev *pci, struct pc_card_slot *slots,
		      const bool *enable);
struct snd_card *pc_get_card(struct device *device);

int pc_new_port(struct iport **out_port, const guid_t *class_id);
int pc_register_subdevice(struct device *device, const char *name,
			  struct iunknown *unknown);
int pc_get_device_property(struct device *device,
			   enum device_registry_property property,
			   u32 buffer_length, void *property_buffer,
			   u32 *result_length);
int pc_get_physical_device_object(struct device *device,
				  struct device **physical_object);
int pc_register_physical_connection(struct device *device,
				    struct iunknown *from_unknown, u32 from_pin,
				    struct iunknown *to_unknown, u32 to_pin);

#define GTI_MICROSECONDS(t)	((u64)(t) * 10)
#define GTI_MILLISECONDS(t)	(GTI_MICROSECONDS(t) * 1000)
#define GTI_SECONDS(t)		(GTI_MILLISECONDS(t) * 1000)

u64 pc_get_time_interval(u64 since);

#endif
