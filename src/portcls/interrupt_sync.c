// SPDX-License-Identifier: GPL-2.0
/*
 * IInterruptSync: service routines of an interrupt, and what excludes them.
 *
 * The model runs service routines at the interrupt's level and what they
 * notify later, in a deferred call. Here the second follows the first within
 * the interrupt: the routines run with the adapter's interrupt lock held, and
 * the service groups they notified run right after it is dropped. That is why
 * a synchronized routine may be called from ALSA's trigger, under the stream
 * lock, while a service group may take that lock.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "portcls.h"

/* In Repeat mode; whoever has more to say has a level, and interrupts again. */
#define PASSES_MAX	8

/**
 * struct service_routine - a registered service routine
 * @node: in the sync's list
 * @routine: what to call
 * @context: with what
 */
struct service_routine {
	struct list_head node;
	interrupt_sync_routine routine;
	void *context;
};

/*
 * struct interrupt_sync - IInterruptSync
 * @base: object
 * @sync: the interface
 * @node: in the adapter's list
 * @adapter: whose interrupt it is
 * @routines: service routines; protected by the adapter's interrupt_lock
 * @mode: how to go through them
 * @irq: Linux interrupt number
 * @connected: whether it is requested
 */
struct interrupt_sync {
	struct cunknown base;

	CUNKNOWN_FACE(iinterrupt_sync, sync);
	struct list_head node;
	struct adapter *adapter;
	struct list_head routines;
	enum interrupt_sync_mode mode;
	int irq;
	bool connected;
};

static struct interrupt_sync *from_sync(struct iinterrupt_sync *sync)
{
	return container_of(sync, struct interrupt_sync, sync);
}

static bool sync_pass(struct interrupt_sync *sync)
{
	struct service_routine *r;
	bool handled = false;

	list_for_each_entry(r, &sync->routines, node) {
		if (r->routine(&sync->sync, r->context))
			continue;
		handled = true;
		if (sync->mode == INTERRUPT_SYNC_MODE_NORMAL)
			break;
	}
	return handled;
}

/*
 * The routines are called again as long as one has had something to do, but a
 * device whose reason to interrupt doesn't go away must not keep the processor.
 */
static bool sync_repeat(struct interrupt_sync *sync)
{
	bool handled = sync_pass(sync);
	int passes = 1;

	while (handled && sync_pass(sync)) {
		if (++passes < PASSES_MAX)
			continue;
		dev_warn_ratelimited(sync->adapter->device,
				     "interrupt %d: a service routine still has something to do after %d passes\n",
				     sync->irq, passes);
		break;
	}
	return handled;
}

/*
 * With the interrupt lock held, which is dropped. Groups that are queued after
 * that are run by whoever queued them.
 */
static void run_notified(struct adapter *adapter, unsigned long irqflags)
	__releases(&adapter->interrupt_lock)
{
	struct iservice_group *group;
	bool more;

	for (;;) {
		group = portcls_group_dequeue(&adapter->notified);
		more = !list_empty(&adapter->notified);
		spin_unlock_irqrestore(&adapter->interrupt_lock, irqflags);
		if (group) {
			group->vtbl->sink.request_service(&group->sink);
			iunknown_put(&group->unknown);
		}
		if (!more)
			return;
		spin_lock_irqsave(&adapter->interrupt_lock, irqflags);
	}
}

static irqreturn_t sync_interrupt(int irq, void *data)
{
	struct interrupt_sync *sync = data;
	struct adapter *adapter = sync->adapter;
	unsigned long irqflags;
	bool handled;

	spin_lock_irqsave(&adapter->interrupt_lock, irqflags);
	WRITE_ONCE(adapter->interrupt_owner, current);
	handled = sync->mode == INTERRUPT_SYNC_MODE_REPEAT ?
		  sync_repeat(sync) : sync_pass(sync);
	WRITE_ONCE(adapter->interrupt_owner, NULL);
	run_notified(adapter, irqflags);
	return IRQ_RETVAL(handled);
}

/**
 * portcls_sync_deferred() - run what a synchronized routine notified
 * @work: the adapter's
 *
 * Context: hard interrupt.
 */
void portcls_sync_deferred(struct irq_work *work)
{
	struct adapter *adapter = container_of(work, struct adapter, deferred);
	unsigned long irqflags;

	spin_lock_irqsave(&adapter->interrupt_lock, irqflags);
	run_notified(adapter, irqflags);
}

/**
 * portcls_sync_holds() - see whether the caller is a service routine
 * @adapter: the adapter
 *
 * Context: any.
 * Return: true in a service or synchronized routine of the adapter.
 */
bool portcls_sync_holds(const struct adapter *adapter)
{
	/* Only the owner sees itself here, and it holds the lock. */
	return READ_ONCE(adapter->interrupt_owner) == current;
}

/**
 * portcls_sync_notify() - run a service group now or after the routines
 * @adapter: the adapter
 * @group: the group
 *
 * A group that pc_new_service_group() hasn't made can't be put off, so it isn't
 * run when a service routine notifies it.
 *
 * Context: any.
 */
void portcls_sync_notify(struct adapter *adapter,
			 struct iservice_group *group)
{
	if (!portcls_sync_holds(adapter)) {
		group->vtbl->sink.request_service(&group->sink);
		return;
	}
	if (!portcls_group_queue(group, &adapter->notified))
		dev_err_ratelimited(adapter->device,
				    "a service routine notified a service group that PcNewServiceGroup hasn't made: ignored\n");
}

/**
 * portcls_work_sync() - wait for a work in an interrupt that is under way
 * @work: the work
 *
 * Only if there is one: on a real-time kernel irq_work_sync() waits for tens of
 * milliseconds even where it is idle.
 *
 * Context: may sleep.
 */
void portcls_work_sync(struct irq_work *work)
{
	if (irq_work_is_busy(work))
		irq_work_sync(work);
}

/**
 * portcls_sync_wait() - wait for the interrupts that are being handled
 * @adapter: the adapter
 *
 * Context: may sleep.
 */
void portcls_sync_wait(struct adapter *adapter)
{
	struct interrupt_sync *sync;

	list_for_each_entry(sync, &adapter->syncs, node)
		if (sync->connected)
			synchronize_irq(sync->irq);
	/* On a real-time kernel one at a time may wait for a work. */
	mutex_lock(&adapter->wait_mutex);
	portcls_work_sync(&adapter->deferred);
	mutex_unlock(&adapter->wait_mutex);
}

static void sync_disconnect(struct iinterrupt_sync *self);

/**
 * portcls_sync_remove_all() - an adapter has no interrupts any more
 * @adapter: the adapter, about to be freed
 *
 * A miniport may still hold an interrupt sync, wrongly, but its interrupt would
 * find no adapter.
 *
 * Context: may sleep.
 */
void portcls_sync_remove_all(struct adapter *adapter)
{
	struct interrupt_sync *sync, *next;

	list_for_each_entry_safe(sync, next, &adapter->syncs, node) {
		sync_disconnect(&sync->sync);
		list_del_init(&sync->node);
		sync->adapter = NULL;
	}
	irq_work_sync(&adapter->deferred);
}

static int sync_call(struct iinterrupt_sync *self,
		     interrupt_sync_routine routine, void *dynamic_context)
{
	struct adapter *adapter = from_sync(self)->adapter;
	unsigned long flags;
	int ret;

	if (!adapter)
		return -ENODEV;
	spin_lock_irqsave(&adapter->interrupt_lock, flags);
	WRITE_ONCE(adapter->interrupt_owner, current);
	ret = routine(self, dynamic_context);
	WRITE_ONCE(adapter->interrupt_owner, NULL);
	/* Not here: the caller may hold ALSA's stream lock. */
	if (!list_empty(&adapter->notified))
		irq_work_queue(&adapter->deferred);
	spin_unlock_irqrestore(&adapter->interrupt_lock, flags);
	return ret;
}

static int sync_get_kinterrupt(struct iinterrupt_sync *self)
{
	struct interrupt_sync *sync = from_sync(self);

	return sync->connected ? sync->irq : -ENOTCONN;
}

static int sync_connect(struct iinterrupt_sync *self)
{
	struct interrupt_sync *sync = from_sync(self);
	int err;

	if (!sync->adapter)
		return -ENODEV;
	if (sync->connected)
		return -EBUSY;
	err = request_irq(sync->irq, sync_interrupt, IRQF_SHARED,
			  dev_driver_string(sync->adapter->device), sync);
	if (err)
		return err;
	sync->connected = true;
	return 0;
}

static void sync_disconnect(struct iinterrupt_sync *self)
{
	struct interrupt_sync *sync = from_sync(self);

	if (!sync->connected)
		return;
	free_irq(sync->irq, sync);
	sync->connected = false;
}

static int sync_register(struct iinterrupt_sync *self,
			 interrupt_sync_routine routine, void *dynamic_context,
			 bool first)
{
	struct interrupt_sync *sync = from_sync(self);
	struct service_routine *r;
	unsigned long flags;

	if (!sync->adapter)
		return -ENODEV;
	r = kmalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->routine = routine;
	r->context = dynamic_context;

	spin_lock_irqsave(&sync->adapter->interrupt_lock, flags);
	if (first)
		list_add(&r->node, &sync->routines);
	else
		list_add_tail(&r->node, &sync->routines);
	spin_unlock_irqrestore(&sync->adapter->interrupt_lock, flags);
	return 0;
}

static void sync_free(struct cunknown *object)
{
	struct interrupt_sync *sync = container_of(object,
						   struct interrupt_sync, base);
	struct service_routine *r, *next;

	sync_disconnect(&sync->sync);
	list_del(&sync->node);
	list_for_each_entry_safe(r, next, &sync->routines, node)
		kfree(r);
	kfree(sync);
}

static const struct iinterrupt_sync_vtbl sync_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.call_synchronized_routine = sync_call,
	.get_kinterrupt = sync_get_kinterrupt,
	.connect = sync_connect,
	.disconnect = sync_disconnect,
	.register_service_routine = sync_register,
};

DEFINE_CUNKNOWN_CLASS(sync_class, "interrupt sync", sync_free,
	CUNKNOWN_INTERFACE(iid_iinterrupt_sync, struct interrupt_sync, sync,
			   sync_vtbl));

/**
 * pc_new_interrupt_sync() - PcNewInterruptSync: make an interrupt sync
 * @out_interrupt_sync: receives it, not connected; the last reference
 *	disconnects it, so giving that back may sleep
 * @outer_unknown: who aggregates it, or NULL
 * @resource_list: the adapter's resources
 * @resource_index: which of its interrupts
 * @mode: how to go through the service routines
 *
 * See nf-portcls-pcnewinterruptsync.
 *
 * Context: may sleep; only while the adapter starts.
 * Return: 0; -EINVAL without such an interrupt, adapter or mode; -ENOMEM.
 */
int pc_new_interrupt_sync(struct iinterrupt_sync **out_interrupt_sync,
			  struct iunknown *outer_unknown,
			  struct iresource_list *resource_list,
			  u32 resource_index, enum interrupt_sync_mode mode)
{
	const struct cm_partial_resource_descriptor *irq;
	struct interrupt_sync *sync;
	struct adapter *adapter;

	irq = resource_list->vtbl->find_translated_entry(resource_list,
							 CM_RESOURCE_TYPE_INTERRUPT,
							 resource_index);
	adapter = portcls_adapter_of(portcls_resources_device(resource_list));
	if (!irq || !adapter || mode < INTERRUPT_SYNC_MODE_NORMAL ||
	    mode > INTERRUPT_SYNC_MODE_REPEAT)
		return -EINVAL;

	sync = kzalloc(sizeof(*sync), GFP_KERNEL);
	if (!sync)
		return -ENOMEM;
	cunknown_init(&sync->base, &sync_class, outer_unknown);
	sync->adapter = adapter;
	sync->irq = irq->start;
	sync->mode = mode;
	INIT_LIST_HEAD(&sync->routines);
	list_add_tail(&sync->node, &adapter->syncs);
	*out_interrupt_sync = &sync->sync;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_interrupt_sync);
