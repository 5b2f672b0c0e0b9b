/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Properties and events: what can be asked of a filter, a pin or a node, and
 * what they have to tell by themselves.
 */
#ifndef _WAVEPCI_PROPERTY_H
#define _WAVEPCI_PROPERTY_H

#include <linux/errno.h>
#include <linux/types.h>
#include <linux/uuid.h>

struct iunknown;
struct ksevent_entry;
struct pcevent_item;
struct pcproperty_item;

/* What a request is not for a node for, and the end of a connection likewise. */
#define PCFILTER_NODE			((u32)-1)

/* Kinds of requests: bits of pcproperty_request.verb. */
#define KSPROPERTY_TYPE_GET		0x00000001
#define KSPROPERTY_TYPE_SET		0x00000002
#define KSPROPERTY_TYPE_BASICSUPPORT	0x00000200

/* The same, for pcproperty_item.flags: the kinds that a handler takes. */
#define PCPROPERTY_ITEM_FLAG_GET	KSPROPERTY_TYPE_GET
#define PCPROPERTY_ITEM_FLAG_SET	KSPROPERTY_TYPE_SET
#define PCPROPERTY_ITEM_FLAG_BASICSUPPORT	KSPROPERTY_TYPE_BASICSUPPORT

/**
 * struct pcproperty_request - PCPROPERTY_REQUEST, a question about a property
 * @major_target: the miniport, by the very pointer that IPort::Init was given
 * @minor_target: the stream, when a pin is asked; NULL when the filter is
 * @node: ID of the node, %PCFILTER_NODE when none is asked
 * @property_item: the line of the automation table
 * @verb: %KSPROPERTY_TYPE_GET, %KSPROPERTY_TYPE_SET or
 *	%KSPROPERTY_TYPE_BASICSUPPORT
 * @instance_size: bytes behind @instance
 * @instance: what comes behind the node's ID: an s32, the channel, for
 *	properties that have one
 * @value_size: bytes of room at @value; the handler changes it to what it has
 *	written, or to what is needed
 * @value: what is set, or receives what is asked for
 */
struct pcproperty_request {
	struct iunknown *major_target;
	struct iunknown *minor_target;
	u32 node;
	const struct pcproperty_item *property_item;
	u32 verb;
	u32 instance_size;
	void *instance;
	u32 value_size;
	void *value;
};

/**
 * typedef pcpfnproperty_handler - PCPFNPROPERTY_HANDLER
 * @request: the request
 *
 * Handlers of one filter are called one at a time.
 *
 * Context: may sleep.
 * Return: 0; -ENOSPC when there is too little room, with the size needed in
 * the request; -EINPROGRESS (STATUS_PENDING) when the miniport will call
 * pc_complete_pending_property_request(); or an error.
 */
typedef int (*pcpfnproperty_handler)(struct pcproperty_request *request);

/**
 * struct pcproperty_item - PCPROPERTY_ITEM, a property that there is
 * @set: the property set
 * @id: which one of it
 * @flags: the kinds of requests that @handler takes
 * @handler: answers them
 */
struct pcproperty_item {
	const guid_t *set;
	u32 id;
	u32 flags;
	pcpfnproperty_handler handler;
};

/**
 * enum pcevent_verb - PCEVENT_VERB, what is wanted of an event's handler
 * @PCEVENT_VERB_NONE: nothing
 * @PCEVENT_VERB_ADD: somebody wants to be told: add the entry by
 *	IPortEvents::AddEventToEventList
 * @PCEVENT_VERB_REMOVE: nobody does any more
 * @PCEVENT_VERB_SUPPORT: say whether there is such an event
 */
enum pcevent_verb {
	PCEVENT_VERB_NONE = 0,
	PCEVENT_VERB_ADD = 1,
	PCEVENT_VERB_REMOVE = 2,
	PCEVENT_VERB_SUPPORT = 4,
};

/**
 * struct pcevent_request - PCEVENT_REQUEST, a question about an event
 * @major_target: the miniport, by the very pointer that IPort::Init was given
 * @minor_target: NULL: no pin is asked
 * @node: ID of the node, or %PCFILTER_NODE
 * @event_item: the line of the automation table
 * @event_entry: what AddEventToEventList wants
 * @verb: what is wanted
 */
struct pcevent_request {
	struct iunknown *major_target;
	struct iunknown *minor_target;
	u32 node;
	const struct pcevent_item *event_item;
	struct ksevent_entry *event_entry;
	enum pcevent_verb verb;
};

/**
 * typedef pcpfnevent_handler - PCPFNEVENT_HANDLER
 * @request: the request
 *
 * Context: may sleep.
 * Return: 0 or an error.
 */
typedef int (*pcpfnevent_handler)(struct pcevent_request *request);

#define KSEVENT_TYPE_ENABLE		0x00000001
#define KSEVENT_TYPE_BASICSUPPORT	0x00000200

#define PCEVENT_ITEM_FLAG_ENABLE	KSEVENT_TYPE_ENABLE
#define PCEVENT_ITEM_FLAG_BASICSUPPORT	KSEVENT_TYPE_BASICSUPPORT

/**
 * struct pcevent_item - PCEVENT_ITEM, an event that there is
 * @set: the event set
 * @id: which one of it
 * @flags: the kinds of requests that @handler takes
 * @handler: answers them
 */
struct pcevent_item {
	const guid_t *set;
	u32 id;
	u32 flags;
	pcpfnevent_handler handler;
};

/**
 * struct pcautomation_table - PCAUTOMATION_TABLE, all of a target's handlers
 * @property_item_size: bytes from one property to the next; more than a
 *	&struct pcproperty_item when the miniport's own data follows each
 * @property_count: length of @properties
 * @properties: the properties
 * @event_item_size: bytes from one event to the next
 * @event_count: length of @events
 * @events: the events
 */
struct pcautomation_table {
	u32 property_item_size;
	u32 property_count;
	const struct pcproperty_item *properties;
	u32 event_item_size;
	u32 event_count;
	const struct pcevent_item *events;
};

/* The members of a pcautomation_table, from an array of each. */
#define PCAUTOMATION_PROPERTIES(items) \
	.property_item_size = sizeof((items)[0]), \
	.property_count = ARRAY_SIZE(items), \
	.properties = (const struct pcproperty_item *)(items)
#define PCAUTOMATION_EVENTS(items) \
	.event_item_size = sizeof((items)[0]), \
	.event_count = ARRAY_SIZE(items), \
	.events = (const struct pcevent_item *)(items)

int pc_complete_pending_property_request(struct pcproperty_request *request,
					 int status);

#endif
