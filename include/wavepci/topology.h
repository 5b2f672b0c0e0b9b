/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPortTopology, IMiniportTopology: the two halves of a topology filter, which
 * is an adapter's mixer. IPortEvents, by which any miniport tells of changes.
 */
#ifndef _WAVEPCI_TOPOLOGY_H
#define _WAVEPCI_TOPOLOGY_H

#include <wavepci/port.h>
#include <wavepci/property.h>
#include <wavepci/resource_list.h>

struct iport_topology;
struct iminiport_topology;
struct iport_events;

/**
 * struct pcnode_descriptor - PCNODE_DESCRIPTOR, a node of a filter
 * @automation_table: its properties and events, or NULL
 * @type: what it is, %ksnodetype_volume for one
 * @name: what it is called, for a control that is on no pin's line; or NULL
 */
struct pcnode_descriptor {
	const struct pcautomation_table *automation_table;
	const guid_t *type;
	const char *name;
};

#define KSNODEPIN_STANDARD_OUT	0
#define KSNODEPIN_STANDARD_IN	1
#define KSNODEPIN_SUM_MUX_OUT	0
#define KSNODEPIN_SUM_MUX_IN	1	/* the first of them */

/**
 * struct pcconnection_descriptor - PCCONNECTION_DESCRIPTOR, inside a filter
 * @from_node: the node it comes from, or %PCFILTER_NODE
 * @from_node_pin: which of its pins, or of the filter's
 * @to_node: the node it goes to, or %PCFILTER_NODE
 * @to_node_pin: which of its pins, or of the filter's
 */
struct pcconnection_descriptor {
	u32 from_node;
	u32 from_node_pin;
	u32 to_node;
	u32 to_node_pin;
};

extern const guid_t clsid_port_topology;

/**
 * struct iport_topology_vtbl - methods of IPortTopology
 * @port: IPort
 */
struct iport_topology_vtbl {
	struct iport_vtbl port;
} __no_randomize_layout;

/**
 * struct iport_topology - IPortTopology
 * @vtbl: methods
 * @port: base
 * @unknown: base
 */
struct iport_topology {
	union {
		const struct iport_topology_vtbl *vtbl;
		struct iport port;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport_topology, port);

/**
 * struct iminiport_topology_vtbl - methods of IMiniportTopology
 * @miniport: IMiniport
 * @init: Called once by IPort::Init with its own parameters and the port. 0,
 *	or an error and then the miniport isn't used. May sleep.
 *	(nf-portcls-iminiporttopology-init)
 */
struct iminiport_topology_vtbl {
	struct iminiport_vtbl miniport;
	int (*init)(struct iminiport_topology *self,
		    struct iunknown *unknown_adapter,
		    struct iresource_list *resource_list,
		    struct iport_topology *port);
} __no_randomize_layout;

/**
 * struct iminiport_topology - IMiniportTopology
 * @vtbl: methods
 * @miniport: base
 * @unknown: base
 */
struct iminiport_topology {
	union {
		const struct iminiport_topology_vtbl *vtbl;
		struct iminiport miniport;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iminiport_topology, miniport);

/**
 * struct iport_events_vtbl - methods of IPortEvents
 * @unknown: IUnknown
 * @add_event_to_event_list: Take an entry into the list of those that are to
 *	be told; called by an event's handler for %PCEVENT_VERB_ADD, with the
 *	entry of the request. Any context.
 *	(nf-portcls-iportevents-addeventtoeventlist)
 * @generate_event_list: An event has happened: tell those in the list. @set
 *	NULL stands for any; @pin_id counts if @pin_event is true, @node_id if
 *	@node_event is. ALSA's applications are told of the controls of these
 *	nodes, soon. Any context, hard interrupt included.
 *	(nf-portcls-iportevents-generateeventlist)
 */
struct iport_events_vtbl {
	struct iunknown_vtbl unknown;
	void (*add_event_to_event_list)(struct iport_events *self,
					struct ksevent_entry *event_entry);
	void (*generate_event_list)(struct iport_events *self,
				    const guid_t *set, u32 event_id,
				    bool pin_event, u32 pin_id,
				    bool node_event, u32 node_id);
} __no_randomize_layout;

/**
 * struct iport_events - IPortEvents, which every port has
 * @vtbl: methods
 * @unknown: base
 */
struct iport_events {
	union {
		const struct iport_events_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport_events, unknown);

#endif
