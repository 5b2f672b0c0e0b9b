/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ground floor: adapters, what all ports have in common, and the services
 * that any of them needs. Which locks there are is in wave/wave.h.
 */
#ifndef _WAVEPCI_PORTCLS_PORTCLS_H
#define _WAVEPCI_PORTCLS_PORTCLS_H

#include <linux/bitmap.h>
#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <sound/minors.h>

#include <wavepci/portcls.h>

struct snd_card;
struct snd_info_buffer;
struct task_struct;
struct port;

/* port.c: what all ports have in common */

/**
 * portcls_error() - what a miniport's method returned, as an error
 * @ret: what it returned
 *
 * ALSA takes what is positive for success, and so it has to be one of the two.
 *
 * Return: 0 or a negative error.
 */
static inline int portcls_error(int ret)
{
	return ret > 0 ? -EIO : ret;
}

/**
 * struct port_class - a kind of port, handed down by whoever brings it
 * @class_id: what PcNewPort makes one by
 * @vtbl: the interface that all of its ports have, and no other object
 * @create: make a port
 * @attach: make the filter a part of the adapter's card; all of it or nothing.
 *	@pcm is what its PCM devices are called
 * @detach: take it away again; nothing of it is registered with ALSA yet
 * @finish: do what can be done only when all filters are there and connected;
 *	may be NULL
 * @changed: something of a node has changed by itself, or with %PCFILTER_NODE
 *	of the filter; may be NULL
 * @show: describe the filter in words
 * @power: tell the port's streams of a power state; may be NULL
 * @let_go: give back what the port holds of its miniport, for the last time or
 *	after an Init that failed
 *
 * All may sleep.
 */
struct port_class {
	const guid_t *class_id;
	const struct iport_vtbl *vtbl;
	int (*create)(struct iport **out_port);
	int (*attach)(struct port *port, const char *name,
		      const struct pc_pcm *pcm);
	void (*detach)(struct port *port);
	int (*finish)(struct port *port);
	void (*changed)(struct port *port, u32 node);
	void (*show)(struct port *port, struct snd_info_buffer *buffer);
	void (*power)(struct port *port, enum device_power_state state);
	void (*let_go)(struct port *port);
};

/*
 * struct port - what all ports have in common: the beginning of each
 * @base: object
 * @class: its kind
 * @device: the device
 * @adapter: and its card; NULL before Init, and when that is gone
 * @removed: the adapter is gone
 * @node: in the adapter's list
 * @major_target: the miniport, as Init was given it; not counted
 * @power: the miniport's interest in power states, if it has one
 * @reported: rules of the verifier that were reported, one bit each
 * @handler_mutex: one handler of the filter's properties and events at a time
 * @events: IPortEvents
 * @version: IPortClsVersion
 * @unregister: IUnregisterSubdevice
 * @entries: events that the miniport can tell of
 * @entries_lock: protects what the entries say, and @quiet
 * @quiet: nobody is told of events any more
 * @tell: tells of them
 */
struct port {
	struct cunknown base;

	CUNKNOWN_FACE(iport_events, events);
	CUNKNOWN_FACE(iport_cls_version, version);
	CUNKNOWN_FACE(iunregister_subdevice, unregister);
	const struct port_class *class;
	struct device *device;
	struct adapter *adapter;
	bool removed;
	struct list_head node;
	struct iunknown *major_target;
	struct ipower_notify *power;
	unsigned long reported;
	struct mutex handler_mutex;
	struct list_head entries;
	spinlock_t entries_lock;
	bool quiet;
	struct work_struct tell;
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

extern const struct iport_events_vtbl portcls_events_vtbl;
extern const struct iport_cls_version_vtbl portcls_version_vtbl;
extern const struct iunregister_subdevice_vtbl portcls_unregister_vtbl;

/* For the class of a port: what all of them have besides IPort. */
#define PORTCLS_EVENTS_INTERFACE(type) \
	CUNKNOWN_INTERFACE(iid_iport_events, type, base.events, \
			   portcls_events_vtbl)
#define PORTCLS_VERSION_INTERFACE(type) \
	CUNKNOWN_INTERFACE(iid_iport_cls_version, type, base.version, \
			   portcls_version_vtbl)
#define PORTCLS_UNREGISTER_INTERFACE(type) \
	CUNKNOWN_INTERFACE(iid_iunregister_subdevice, type, base.unregister, \
			   portcls_unregister_vtbl)

/* adapter.c */

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
 * @started: its start is over
 * @may_sleep: methods of its streams may sleep
 * @no_resume: its streams don't go on by themselves after a sleep
 * @pcm_devices: numbers of its PCM devices so far, a bit each
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
 * @widest_mask: the DMA mask of the others, 0 before there is one
 * @ports: its ports, from their Init on
 */
struct adapter {
	struct device *device;
	struct snd_card *card;
	struct iresource_list *resources;
	bool streaming;
	bool started;
	bool may_sleep;
	bool no_resume;
	DECLARE_BITMAP(pcm_devices, SNDRV_OS_MINORS);
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
	u64 widest_mask;
	struct list_head ports;
};

bool portcls_adapter_connects(const struct port *port, u32 pin);

/* power.c */

int portcls_wake(struct device *device);
void portcls_let_sleep(struct device *device);

/* property.c */

const struct pcproperty_item *
portcls_property_find(const struct pcautomation_table *table, const guid_t *set,
		      u32 id);
int portcls_property_ask(struct port *port, u32 node,
			 const struct pcproperty_item *item, u32 verb,
			 const s32 *channel, void *value, u32 size);
void portcls_property_forget(struct port *port);

/* events.c */

void portcls_events_setup(struct port *port);
int portcls_events_enable(struct port *port, u32 node,
			  const struct pcautomation_table *table,
			  const guid_t *set, u32 id);
void portcls_events_hush(struct port *port);
void portcls_events_hush_all(struct adapter *adapter);
void portcls_events_disable(struct port *port);

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
