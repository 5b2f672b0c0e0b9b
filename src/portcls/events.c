// SPDX-License-Identifier: GPL-2.0
/*
 * IPortEvents: a miniport tells of changes that nobody asked for.
 *
 * It may do so in an interrupt; ALSA is told by a work. A change that comes
 * while another is being told is not lost, and ten may be told as one.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "portcls.h"

/**
 * struct ksevent_entry - KSEVENT_ENTRY, an event that is to be told
 * @node: in the port's list
 * @item: the line of the automation table
 * @node_id: ID of the node
 * @listed: the miniport has added it
 * @happened: and it has happened
 *
 * All but @listed and @happened stay as they are from registration on.
 */
struct ksevent_entry {
	struct list_head node;
	const struct pcevent_item *item;
	u32 node_id;
	bool listed;
	bool happened;
};

static struct port *from_events(struct iport_events *events)
{
	return container_of(events, struct port, events);
}

/* Take the next one that has happened; returns NULL when there is none. */
static struct ksevent_entry *next_event(struct port *port)
{
	struct ksevent_entry *entry, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&port->entries_lock, flags);
	list_for_each_entry(entry, &port->entries, node) {
		if (!entry->happened || found)
			continue;
		entry->happened = false;
		found = entry;
	}
	spin_unlock_irqrestore(&port->entries_lock, flags);
	return found;
}

static void tell(struct work_struct *work)
{
	struct port *port = container_of(work, struct port, tell);
	struct ksevent_entry *entry;

	while ((entry = next_event(port)))
		if (port->class->changed)
			port->class->changed(port, entry->node_id);
}

static bool is_ours(struct port *port, struct ksevent_entry *wanted)
{
	struct ksevent_entry *entry;

	list_for_each_entry(entry, &port->entries, node)
		if (entry == wanted)
			return true;
	return false;
}

static void events_add(struct iport_events *self, struct ksevent_entry *entry)
{
	struct port *port = from_events(self);
	unsigned long flags;
	bool ours;

	spin_lock_irqsave(&port->entries_lock, flags);
	ours = is_ours(port, entry);
	if (ours)
		entry->listed = true;
	spin_unlock_irqrestore(&port->entries_lock, flags);
	if (!ours && port->device)
		dev_err_ratelimited(port->device,
				    "AddEventToEventList: no entry of this filter\n");
}

/* No pin is ever asked for events, and so an entry is of any pin. */
static void events_generate(struct iport_events *self, const guid_t *set,
			    u32 event_id, bool pin_event, u32 pin_id,
			    bool node_event, u32 node_id)
{
	struct port *port = from_events(self);
	struct ksevent_entry *entry;
	unsigned long flags;
	bool any = false;

	spin_lock_irqsave(&port->entries_lock, flags);
	list_for_each_entry(entry, &port->entries, node) {
		if (!entry->listed || entry->item->id != event_id ||
		    (node_event && entry->node_id != node_id) ||
		    (set && !guid_equal(entry->item->set, set)))
			continue;
		entry->happened = true;
		any = true;
	}
	if (any && !port->quiet)
		schedule_work(&port->tell);
	spin_unlock_irqrestore(&port->entries_lock, flags);
}

const struct iport_events_vtbl portcls_events_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.add_event_to_event_list = events_add,
	.generate_event_list = events_generate,
};

/**
 * portcls_events_setup() - a port begins: it knows of no events
 * @port: the port
 *
 * Context: any.
 */
void portcls_events_setup(struct port *port)
{
	INIT_LIST_HEAD(&port->entries);
	spin_lock_init(&port->entries_lock);
	INIT_WORK(&port->tell, tell);
}

static int ask(struct port *port, struct ksevent_entry *entry,
	       enum pcevent_verb verb)
{
	struct pcevent_request request = {
		.major_target = port->major_target,
		.node = entry->node_id,
		.event_item = entry->item,
		.event_entry = entry,
		.verb = verb,
	};
	int err;

	mutex_lock(&port->handler_mutex);
	err = entry->item->handler(&request);
	mutex_unlock(&port->handler_mutex);
	return portcls_error(err);
}

static void drop(struct port *port, struct ksevent_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&port->entries_lock, flags);
	list_del(&entry->node);
	spin_unlock_irqrestore(&port->entries_lock, flags);
	kfree(entry);
}

static const struct pcevent_item *
find_item(const struct pcautomation_table *table, const guid_t *set, u32 id)
{
	const struct pcevent_item *item;
	u32 i;

	if (!table || !table->events || table->event_item_size < sizeof(*item))
		return NULL;
	for (i = 0; i < table->event_count; i++) {
		item = (const void *)table->events + i * table->event_item_size;
		if (item->id == id && item->set && item->handler &&
		    guid_equal(item->set, set))
			return item;
	}
	return NULL;
}

/**
 * portcls_events_enable() - have the miniport tell of an event, if it can
 * @port: the port
 * @node: ID of the node
 * @table: the node's automation table, or NULL
 * @set: the event set
 * @id: which one of it
 *
 * Context: may sleep; only while the adapter starts, since its device is awake.
 * Return: 0, also where the miniport knows no such event; -ENOMEM.
 */
int portcls_events_enable(struct port *port, u32 node,
			  const struct pcautomation_table *table,
			  const guid_t *set, u32 id)
{
	const struct pcevent_item *item = find_item(table, set, id);
	struct ksevent_entry *entry;
	unsigned long flags;

	if (!item)
		return 0;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->item = item;
	entry->node_id = node;
	spin_lock_irqsave(&port->entries_lock, flags);
	list_add_tail(&entry->node, &port->entries);
	spin_unlock_irqrestore(&port->entries_lock, flags);

	if (ask(port, entry, PCEVENT_VERB_SUPPORT) ||
	    ask(port, entry, PCEVENT_VERB_ADD) || !entry->listed)
		drop(port, entry);
	return 0;
}

/**
 * portcls_events_hush() - tell nobody any more: ALSA's card is going
 * @port: the port
 *
 * Context: may sleep.
 */
void portcls_events_hush(struct port *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->entries_lock, flags);
	port->quiet = true;
	spin_unlock_irqrestore(&port->entries_lock, flags);
	cancel_work_sync(&port->tell);
}

/**
 * portcls_events_hush_all() - the same for all ports of an adapter
 * @adapter: the adapter
 *
 * What ports tell events of is the card's, and so this comes before its end.
 *
 * Context: may sleep.
 */
void portcls_events_hush_all(struct adapter *adapter)
{
	struct port *port;

	list_for_each_entry(port, &adapter->ports, node)
		portcls_events_hush(port);
}

/**
 * portcls_events_disable() - the miniport need not tell of events any more
 * @port: the port, whose miniport is still there
 *
 * Context: may sleep; the device is awake, if it is asked for any events.
 */
void portcls_events_disable(struct port *port)
{
	struct ksevent_entry *entry, *next;

	portcls_events_hush(port);
	list_for_each_entry_safe(entry, next, &port->entries, node) {
		ask(port, entry, PCEVENT_VERB_REMOVE);
		drop(port, entry);
	}
}
