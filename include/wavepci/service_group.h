/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IServiceSink, IServiceGroup: who is to be told that there is work.
 */
#ifndef _WAVEPCI_SERVICE_GROUP_H
#define _WAVEPCI_SERVICE_GROUP_H

#include <wavepci/unknown.h>

struct iservice_sink;
struct iservice_group;

/**
 * struct iservice_sink_vtbl - methods of IServiceSink
 * @unknown: IUnknown
 * @request_service: There is work. Any context, hard interrupt included; no
 *	lock of the port is held. (nf-portcls-iservicesink-requestservice)
 */
struct iservice_sink_vtbl {
	struct iunknown_vtbl unknown;
	void (*request_service)(struct iservice_sink *self);
} __no_randomize_layout;

/**
 * struct iservice_sink - IServiceSink
 * @vtbl: methods
 * @unknown: base
 */
struct iservice_sink {
	union {
		const struct iservice_sink_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iservice_sink, unknown);

/**
 * struct iservice_group_vtbl - methods of IServiceGroup
 * @sink: IServiceSink; request_service of a group calls that of each member
 * @add_member: Add a sink, with a reference on it. 0, %-ENOMEM, %-EEXIST.
 *	May sleep.
 *	(nf-portcls-iservicegroup-addmember)
 * @remove_member: Take a sink out. It may be called once more by a request
 *	that is under way; its reference is given back later, from a softirq.
 *	Not from hard interrupts. (nf-portcls-iservicegroup-removemember)
 * @support_delayed_service: Get ready for delayed requests; once, before the
 *	first of them. May sleep.
 *	(nf-portcls-iservicegroup-supportdelayedservice)
 * @request_delayed_service: Request service once, in units of 100 ns: when
 *	negative that long from now, else at that time since 1970. A request
 *	that is pending is replaced. Any context.
 *	(nf-portcls-iservicegroup-requestdelayedservice)
 * @cancel_delayed_service: Take back the pending request; one that is being
 *	served right now goes on. Any context.
 *	(nf-portcls-iservicegroup-canceldelayedservice)
 */
struct iservice_group_vtbl {
	struct iservice_sink_vtbl sink;
	int (*add_member)(struct iservice_group *self,
			  struct iservice_sink *member);
	void (*remove_member)(struct iservice_group *self,
			      struct iservice_sink *member);
	void (*support_delayed_service)(struct iservice_group *self);
	void (*request_delayed_service)(struct iservice_group *self,
					s64 delay);
	void (*cancel_delayed_service)(struct iservice_group *self);
} __no_randomize_layout;

/**
 * struct iservice_group - IServiceGroup
 * @vtbl: methods
 * @sink: base
 * @unknown: base
 */
struct iservice_group {
	union {
		const struct iservice_group_vtbl *vtbl;
		struct iservice_sink sink;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iservice_group, sink);

int pc_new_service_group(struct iservice_group **out_service_group,
			 struct iunknown *outer_unknown);

#endif
