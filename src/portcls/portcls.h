/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ground floor: adapters, what all ports have in common, and the services
 * that any of them needs. Which locks there are is in wave/wave.h.
 */
#ifndef _WAVEPCI_PORTCLS_PORTCLS_H
#define _WAVEPCI_PORTCLS_PORTCLS_H

#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <wavepci/portcls.h>

struct snd_card;
struct snd_info_buffer;
struct task_struct;
struct port;

/* port.c: what all ports have in common */

/**
 * struct port_class - a kind of port, handed down by whoever brings it
 * @class_id: what PcNewPort makes one by
 * @vtbl: the interface that all of its ports have, and no other object
 * @create: make a port
 * @attach: make the filter a part of the adapter's card; all of it or nothing
 * @show: describe the filter in words
 * @power: tell the port's streams of a power state
 * @let_go: give back what the port holds of its miniport, for the last time or
 *	after an Init that failed
 *
 * All may sleep.
 */
struct port_class {
	const guid_t *class_id;
	const struct iport_vtbl *vtbl;
	int (*create)(struct iport **out_port);
	int (*attach)(struct port *port, const char *name);
	void (*show)(struct port *port, struct snd_info_buffer *buffer);
	void (*power)(struct port *port, enum device_power_state state);
	void (*let_go)(struct port *port);
};

/**
 * struct port - what all ports have in common: the beginning of each
 * @base: object
 * @class: its kind
 * @device: the device
 * @adapter: and its card; NULL before Init, and when that is gone
 * @removed: the adapter is gone
 * @node: in the adapter's list
 * @power: the miniport's interest in power states, if it has one
 */
struct port {
	struct cunknown base;

	const struct port_class *class;
	struct device *device;
	struct adapter *adapter;
	bool removed;
	struct list_head node;
	struct ipower_notify *power;
};

/* The object that an interface belongs to. */
static inline struct cunknown *cunknown_of(struct iunknown *face)
{
	return container_of(face, struct cunknown_face, unknown)->object;
}

/* One made with portcls_port_setup(). */
static inline struct port *port_of(struct iport *iport)
{
	return container_of(cunknown_of(&iport->unknown), struct port, base);
}

void portcls_port_set_classes(const struct port_class *const *classes);
void portcls_port_setup(struct port *port, const struct port_class *class,
			const struct cunknown_class *object_class);
struct port *portcls_port_find(struct iunknown *unknown);
int portcls_port_begin(struct port *port, struct device *device);
void portcls_port_bind(struct port *port, struct iunknown *miniport);
void portcls_port_let_go(struct port *port);
void portcls_port_remove_all(struct adapter *adapter);
void portcls_port_put(struct port *port);
int portcls_port_get_device_property(struct iport *self,
				     enum device_registry_property property,
				     u32 buffer_length, void *property_buffer,
				     u32 *result_length);
int portcls_port_new_registry_key(struct iport *self,
				  struct iregistry_key **out_registry_key,
				  struct iunknown *outer_unknown,
				  enum registry_key_type registry_key_type,
				  u32 desired_access, const char *subkey,
				  u32 create_options, u32 *disposition);

/* adapter.c: offers nothing to the others but these two */

/**
 * struct subdevice - a filter that is registered with an adapter
 * @node: in the adapter's list
 * @port: the port, with a reference
 * @name: what it is called
 */
struct subdevice {
	struct list_head node;
	struct port *port;
	const char *name;
};

/**
 * struct adapter - a device with its ALSA card
 * @device: the device
 * @card: the card
 * @resources: what the device has
 * @streaming: queue discipline of its streams
 * @pcm_count: PCM devices so far
 * @subdevices: what is registered, to be released
 * @connections: between the pins of its subdevices
 * @power: the adapter's own part in power transitions, or NULL
 * @power_caps: which state it goes to when
 * @syncs: its interrupt syncs
 * @interrupt_lock: excludes service and synchronized routines
 * @interrupt_owner: who runs service routines right now
 * @notified: service groups that were notified meanwhile; protected by
 *	@interrupt_lock
 * @deferred: runs those that a synchronized routine notified
 * @wait_mutex: one at a time waits for @deferred
 * @narrow_channels: how many DMA channels reach 4 GiB only
 * @ports: its ports, from their Init on
 */
struct adapter {
	struct device *device;
	struct snd_card *card;
	struct iresource_list *resources;
	bool streaming;
	int pcm_count;
	struct list_head subdevices;
	struct list_head connections;
	struct iadapter_power_management *power;
	struct device_capabilities power_caps;
	struct list_head syncs;
	spinlock_t interrupt_lock;
	struct task_struct *interrupt_owner;
	struct list_head notified;
	struct irq_work deferred;
	struct mutex wait_mutex;
	unsigned int narrow_channels;
	struct list_head ports;
};

/* device.c */

int portcls_adapter_link(struct adapter *adapter,
			 void (*free)(struct adapter *adapter));
void portcls_adapter_unlink(struct adapter *adapter);
struct adapter *portcls_adapter_of(struct device *device);

/* interrupt_sync.c */

void portcls_work_sync(struct irq_work *work);
void portcls_sync_deferred(struct irq_work *work);
void portcls_sync_wait(struct adapter *adapter);
void portcls_sync_remove_all(struct adapter *adapter);
bool portcls_sync_holds(const struct adapter *adapter);
void portcls_sync_notify(struct adapter *adapter,
			 struct iservice_group *group);

/* registry_key.c */

void portcls_registry_free_all(void);

/* resource_list.c */

struct device *portcls_resources_device(struct iresource_list *list);

/* service_group.c */

bool portcls_group_queue(struct iservice_group *group,
			 struct list_head *queue);
struct iservice_group *portcls_group_dequeue(struct list_head *queue);

#endif
