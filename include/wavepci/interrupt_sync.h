/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IInterruptSync: service routines of an interrupt, and what excludes them.
 */
#ifndef _WAVEPCI_INTERRUPT_SYNC_H
#define _WAVEPCI_INTERRUPT_SYNC_H

#include <wavepci/unknown.h>

struct iinterrupt_sync;
struct iresource_list;

/**
 * typedef interrupt_sync_routine - PINTERRUPTSYNCROUTINE
 * @sync: the object it is registered with or called through
 * @dynamic_context: what was given along with it
 *
 * Context: hard interrupt or interrupts off, with the object's lock held:
 * short, no sleeping, no call that takes the lock again. It may call
 * IPortWavePci::Notify: the service group then runs when the lock is dropped,
 * after a service routine still in the same interrupt.
 *
 * Return: 0 when the interrupt was the routine's; any error otherwise.
 */
typedef int (*interrupt_sync_routine)(struct iinterrupt_sync *sync,
				      void *dynamic_context);

/**
 * enum interrupt_sync_mode - how the list of service routines is gone through
 * @INTERRUPT_SYNC_MODE_NORMAL: until one says it was its interrupt
 * @INTERRUPT_SYNC_MODE_ALL: each once
 * @INTERRUPT_SYNC_MODE_REPEAT: all, again and again, until none says so, but
 *	no more than eight times
 */
enum interrupt_sync_mode {
	INTERRUPT_SYNC_MODE_NORMAL = 1,
	INTERRUPT_SYNC_MODE_ALL,
	INTERRUPT_SYNC_MODE_REPEAT,
};

/**
 * struct iinterrupt_sync_vtbl - methods of IInterruptSync
 * @unknown: IUnknown
 * @call_synchronized_routine: Call a routine that no service routine of the
 *	same adapter runs along with. Returns what it returns. Context: any,
 *	but not from a service routine.
 *	(nf-portcls-iinterruptsync-callsynchronizedroutine)
 * @get_kinterrupt: The Linux interrupt number, or %-ENOTCONN.
 *	(nf-portcls-iinterruptsync-getkinterrupt)
 * @connect: Request the interrupt, shared. 0, %-EBUSY when it is connected, or
 *	the error of request_irq(). May sleep.
 *	(nf-portcls-iinterruptsync-connect)
 * @disconnect: Free it, after the routines that run have returned. May sleep.
 *	(nf-portcls-iinterruptsync-disconnect)
 * @register_service_routine: Add a routine at the list's head or tail. 0 or
 *	%-ENOMEM. May sleep.
 *	(nf-portcls-iinterruptsync-registerserviceroutine)
 */
struct iinterrupt_sync_vtbl {
	struct iunknown_vtbl unknown;
	int (*call_synchronized_routine)(struct iinterrupt_sync *self,
					 interrupt_sync_routine routine,
					 void *dynamic_context);
	int (*get_kinterrupt)(struct iinterrupt_sync *self);
	int (*connect)(struct iinterrupt_sync *self);
	void (*disconnect)(struct iinterrupt_sync *self);
	int (*register_service_routine)(struct iinterrupt_sync *self,
					interrupt_sync_routine routine,
					void *dynamic_context, bool first);
} __no_randomize_layout;

/**
 * struct iinterrupt_sync - IInterruptSync
 * @vtbl: methods
 * @unknown: base
 */
struct iinterrupt_sync {
	union {
		const struct iinterrupt_sync_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iinterrupt_sync, unknown);

int pc_new_interrupt_sync(struct iinterrupt_sync **out_interrupt_sync,
			  struct iunknown *outer_unknown,
			  struct iresource_list *resource_list,
			  u32 resource_index, enum interrupt_sync_mode mode);

#endif
