// SPDX-License-Identifier: GPL-2.0
/*
 * Property requests: a filter's handlers are asked, and waited for.
 *
 * A handler may put off its answer. So a request, and the room for its value,
 * is memory of its own, which outlives a caller that has waited too long. So
 * long the device is kept awake.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "portcls.h"
#include "verifier.h"

#define PATIENCE	(10 * HZ)

/* Bytes behind a value that nobody may write to, if the verifier is on. */
#define GUARD		8
#define POISON		0x5a

/**
 * struct property_call - a request on its way
 * @request: what the handler sees
 * @node: in the list of calls, until it is answered
 * @port: whose handler it is; it may have gone when an abandoned one is answered
 * @device: the adapter's device, with a reference
 * @done: it is answered
 * @status: and this is the answer
 * @abandoned: nobody waits for it any more
 * @channel: what the request's instance points at
 * @value: what its value points at
 */
struct property_call {
	struct pcproperty_request request;
	struct list_head node;
	struct port *port;
	struct device *device;
	struct completion done;
	int status;
	bool abandoned;
	s32 channel;
	u8 value[] __aligned(8);
};

/* calls_lock protects the list, and who has abandoned what. */
static LIST_HEAD(calls);
static DEFINE_SPINLOCK(calls_lock);

static const struct pcproperty_item *
table_item(const struct pcautomation_table *table, u32 n)
{
	return (const void *)table->properties + n * table->property_item_size;
}

/**
 * portcls_property_find() - find a property in an automation table
 * @table: the table, or NULL
 * @set: the property set
 * @id: which one of it
 *
 * Context: any.
 * Return: the property, or NULL.
 */
const struct pcproperty_item *
portcls_property_find(const struct pcautomation_table *table, const guid_t *set,
		      u32 id)
{
	const struct pcproperty_item *item;
	u32 i;

	if (!table || !table->properties ||
	    table->property_item_size < sizeof(*item))
		return NULL;
	for (i = 0; i < table->property_count; i++) {
		item = table_item(table, i);
		if (item->id == id && item->set && item->handler &&
		    guid_equal(item->set, set))
			return item;
	}
	return NULL;
}

/* Take a call out of the list; returns false when it isn't there any more. */
static bool call_take(struct property_call *call)
{
	unsigned long flags;
	bool there;

	spin_lock_irqsave(&calls_lock, flags);
	there = !list_empty(&call->node);
	list_del_init(&call->node);
	spin_unlock_irqrestore(&calls_lock, flags);
	return there;
}

/*
 * Returns false when it was answered at the last moment. If not, whoever answers
 * it frees it, and may do so at once.
 */
static bool call_abandon(struct property_call *call)
{
	unsigned long flags;
	bool abandoned;

	spin_lock_irqsave(&calls_lock, flags);
	abandoned = !list_empty(&call->node);
	call->abandoned = abandoned;
	spin_unlock_irqrestore(&calls_lock, flags);
	return abandoned;
}

/* Returns the handler's answer, or why there is none; then it isn't ours. */
static int call_wait(struct property_call *call, bool *ours)
{
	u32 id = call->request.property_item->id, node = call->request.node;
	struct device *device = call->port->device;
	long left = wait_for_completion_killable_timeout(&call->done, PATIENCE);

	*ours = left > 0 || !call_abandon(call);
	if (*ours)
		return call->status;
	if (left < 0)
		return left;
	dev_err_ratelimited(device,
			    "node %d: property %u: no answer for %d seconds\n",
			    (int)node, id, PATIENCE / HZ);
	return -ETIMEDOUT;
}

/* Whose device is awake; it stays so until call_free(). */
static struct property_call *
call_new(struct port *port, u32 node, const struct pcproperty_item *item,
	 u32 verb, const s32 *channel, const void *value, u32 size)
{
	struct property_call *call;
	unsigned long flags;

	call = kzalloc(struct_size(call, value, size + GUARD), GFP_KERNEL);
	if (!call)
		return NULL;
	memset(call->value + size, POISON, GUARD);
	call->port = port;
	call->device = get_device(port->device);
	init_completion(&call->done);
	if (channel)
		call->channel = *channel;
	memcpy(call->value, value, size);
	call->request = (struct pcproperty_request) {
		.major_target = port->major_target,
		.node = node,
		.property_item = item,
		.verb = verb,
		.instance_size = channel ? sizeof(call->channel) : 0,
		.instance = channel ? &call->channel : NULL,
		.value_size = size,
		.value = call->value,
	};
	spin_lock_irqsave(&calls_lock, flags);
	list_add_tail(&call->node, &calls);
	spin_unlock_irqrestore(&calls_lock, flags);
	return call;
}

static void call_free(struct property_call *call)
{
	portcls_let_sleep(call->device);
	put_device(call->device);
	kfree(call);
}

static void report(struct property_call *call, enum portcls_rule rule)
{
	if (verifier_on())
		portcls_verifier_property(call->port, rule,
					  call->request.node,
					  call->request.property_item->id);
}

/*
 * Returns the answer, or -ENOSPC for one that can't be. Afterwards the call is
 * still ours or not.
 */
static int call_make(struct property_call *call, u32 size, bool *ours)
{
	struct pcproperty_request *request = &call->request;
	struct port *port = call->port;
	int err;

	mutex_lock(&port->handler_mutex);
	err = request->property_item->handler(request);
	mutex_unlock(&port->handler_mutex);
	*ours = true;
	if (err == -EINPROGRESS)
		err = call_wait(call, ours);
	else if (!call_take(call))
		report(call, PORTCLS_RULE_TWICE);
	err = portcls_error(err);
	if (!*ours)
		return err;
	if (memchr_inv(call->value + size, POISON, GUARD))
		report(call, PORTCLS_RULE_OVERRUN);
	if (err || request->value_size <= size)
		return err;
	report(call, PORTCLS_RULE_SIZE);
	dev_err_ratelimited(port->device,
			    "node %d: property %u: %u bytes written where there is room for %u\n",
			    (int)request->node, request->property_item->id,
			    request->value_size, size);
	return -ENOSPC;
}

/**
 * portcls_property_ask() - ask a filter's handler
 * @port: the filter
 * @node: the node, or %PCFILTER_NODE
 * @item: the property
 * @verb: %KSPROPERTY_TYPE_GET and so on
 * @channel: the channel, NULL for a property that has none
 * @value: what is set, or receives what is asked for
 * @size: its length
 *
 * Context: may sleep.
 * Return: 0; -EOPNOTSUPP when the handler doesn't take such requests; why the
 * device doesn't wake up; -ENOMEM; -ETIMEDOUT or -ERESTARTSYS when it has put
 * off its answer, and nobody can wait for it; -ENOSPC for an answer that is too
 * long; the handler's error.
 */
int portcls_property_ask(struct port *port, u32 node,
			 const struct pcproperty_item *item, u32 verb,
			 const s32 *channel, void *value, u32 size)
{
	struct property_call *call;
	bool ours;
	int err;

	if (!(item->flags & verb))
		return -EOPNOTSUPP;
	err = portcls_wake(port->device);
	if (err)
		return err;
	call = call_new(port, node, item, verb, channel, value, size);
	if (!call) {
		portcls_let_sleep(port->device);
		return -ENOMEM;
	}
	err = call_make(call, size, &ours);
	if (!err && verb != KSPROPERTY_TYPE_SET)
		memcpy(value, call->value, size);
	if (ours)
		call_free(call);
	return err;
}

static struct property_call *find_call(struct pcproperty_request *request)
{
	struct property_call *call;

	list_for_each_entry(call, &calls, node)
		if (&call->request == request)
			return call;
	return NULL;
}

/**
 * pc_complete_pending_property_request() - PcCompletePendingPropertyRequest
 * @request: the request that a handler has answered with -EINPROGRESS, or is
 *	about to
 * @status: its answer, 0 or an error
 *
 * The request is gone when this returns. See
 * nf-portcls-pccompletependingpropertyrequest.
 *
 * Context: any.
 * Return: 0; -EINVAL when there is no such request, or for -EINPROGRESS.
 */
int pc_complete_pending_property_request(struct pcproperty_request *request,
					 int status)
{
	struct property_call *call;
	bool abandoned = false;
	unsigned long flags;

	if (status == -EINPROGRESS)
		return -EINVAL;
	spin_lock_irqsave(&calls_lock, flags);
	call = find_call(request);
	if (call) {
		list_del_init(&call->node);
		call->status = status;
		abandoned = call->abandoned;
		/* Who waits for it frees it only after it has had the lock. */
		complete(&call->done);
	}
	spin_unlock_irqrestore(&calls_lock, flags);
	if (abandoned)
		call_free(call);
	return call ? 0 : -EINVAL;
}
EXPORT_SYMBOL_WAVEPCI(pc_complete_pending_property_request);

/**
 * portcls_property_forget() - the miniport is gone: nobody will answer
 * @port: the port
 *
 * Context: may sleep.
 */
void portcls_property_forget(struct port *port)
{
	struct property_call *call, *next;
	unsigned long flags;
	LIST_HEAD(lost);

	spin_lock_irqsave(&calls_lock, flags);
	list_for_each_entry_safe(call, next, &calls, node)
		if (call->port == port)
			list_move(&call->node, &lost);
	spin_unlock_irqrestore(&calls_lock, flags);
	list_for_each_entry_safe(call, next, &lost, node) {
		report(call, PORTCLS_RULE_PENDING);
		call_free(call);
	}
}
