// SPDX-License-Identifier: GPL-2.0
/*
 * IServiceGroup: calls each of its members.
 *
 * Members are called without a lock, from any context; the list is RCU's.
 * So a member that is taken out may be called once more, and the group's
 * reference on it is given back after a grace period.
 */
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "portcls.h"

/**
 * struct service_member - a member of a group
 * @node: in the group's list
 * @sink: whom to call
 * @rcu: gives the reference back
 */
struct service_member {
	struct list_head node;
	struct iservice_sink *sink;
	struct rcu_head rcu;
};

/*
 * struct service_group - IServiceGroup
 * @base: object
 * @group: the interface; it serves as IServiceSink too
 * @lock: protects changes of @members
 * @members: who is called
 * @queued: bit 0: in the queue of an adapter
 * @queue_node: there, to be run after its service routines
 * @delayed: a timer for requests from now, and one for those at a time
 * @supported: the timers are initialized
 */
struct service_group {
	struct cunknown base;

	CUNKNOWN_FACE(iservice_group, group);
	spinlock_t lock;
	struct list_head members;
	unsigned long queued;
	struct list_head queue_node;
	struct hrtimer delayed[2];
	bool supported;
};

static struct service_group *from_group(struct iservice_group *group)
{
	return container_of(group, struct service_group, group);
}

static void group_request_service(struct iservice_sink *self)
{
	struct service_group *group = container_of(self, struct service_group,
						   group.sink);
	struct service_member *member;

	rcu_read_lock();
	list_for_each_entry_rcu(member, &group->members, node)
		member->sink->vtbl->request_service(member->sink);
	rcu_read_unlock();
}

static struct service_member *find_member(struct service_group *group,
					  struct iservice_sink *sink)
{
	struct service_member *member;

	list_for_each_entry(member, &group->members, node)
		if (member->sink == sink)
			return member;
	return NULL;
}

static int group_add_member(struct iservice_group *self,
			    struct iservice_sink *sink)
{
	struct service_group *group = from_group(self);
	struct service_member *member;
	unsigned long flags;
	int err = 0;

	member = kmalloc(sizeof(*member), GFP_KERNEL);
	if (!member)
		return -ENOMEM;
	member->sink = sink;
	iunknown_get(&sink->unknown);

	spin_lock_irqsave(&group->lock, flags);
	if (find_member(group, sink))
		err = -EEXIST;
	else
		list_add_tail_rcu(&member->node, &group->members);
	spin_unlock_irqrestore(&group->lock, flags);

	if (err) {
		iunknown_put(&sink->unknown);
		kfree(member);
	}
	return err;
}

static void member_free(struct rcu_head *rcu)
{
	struct service_member *member = container_of(rcu, struct service_member,
						     rcu);

	iunknown_put(&member->sink->unknown);
	kfree(member);
}

static void group_remove_member(struct iservice_group *self,
				struct iservice_sink *sink)
{
	struct service_group *group = from_group(self);
	struct service_member *member;
	unsigned long flags;

	spin_lock_irqsave(&group->lock, flags);
	member = find_member(group, sink);
	if (member)
		list_del_rcu(&member->node);
	spin_unlock_irqrestore(&group->lock, flags);

	if (member)
		call_rcu(&member->rcu, member_free);
}

static enum hrtimer_restart run_service(struct service_group *group)
{
	group_request_service(&group->group.sink);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart relative_expired(struct hrtimer *timer)
{
	return run_service(container_of(timer, struct service_group,
					delayed[0]));
}

static enum hrtimer_restart absolute_expired(struct hrtimer *timer)
{
	return run_service(container_of(timer, struct service_group,
					delayed[1]));
}

static void group_support_delayed_service(struct iservice_group *self)
{
	struct service_group *group = from_group(self);

	if (group->supported)
		return;
	hrtimer_setup(&group->delayed[0], relative_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	hrtimer_setup(&group->delayed[1], absolute_expired, CLOCK_REALTIME,
		      HRTIMER_MODE_ABS);
	group->supported = true;
}

static void group_cancel_delayed_service(struct iservice_group *self)
{
	struct service_group *group = from_group(self);

	if (!group->supported)
		return;
	hrtimer_try_to_cancel(&group->delayed[0]);
	hrtimer_try_to_cancel(&group->delayed[1]);
}

/* From units of 100 ns; what is too long for a timer is for ever. */
static ktime_t delay_to_ktime(u64 delay)
{
	return ns_to_ktime(min_t(u64, delay, KTIME_MAX / 100) * 100);
}

static void group_request_delayed_service(struct iservice_group *self,
					  s64 delay)
{
	struct service_group *group = from_group(self);

	if (WARN_ON_ONCE(!group->supported))
		return;
	group_cancel_delayed_service(self);
	if (delay < 0)
		hrtimer_start(&group->delayed[0], delay_to_ktime(-(u64)delay),
			      HRTIMER_MODE_REL);
	else
		hrtimer_start(&group->delayed[1], delay_to_ktime(delay),
			      HRTIMER_MODE_ABS);
}

/* Nobody calls through a group without a reference: no grace period here. */
static void group_destroy(struct cunknown *object)
{
	struct service_group *group = container_of(object, struct service_group,
						   base);
	struct service_member *member, *next;

	if (group->supported) {
		hrtimer_cancel(&group->delayed[0]);
		hrtimer_cancel(&group->delayed[1]);
	}
	list_for_each_entry_safe(member, next, &group->members, node)
		member_free(&member->rcu);
	kfree(group);
}

static const struct iservice_group_vtbl group_vtbl = {
	.sink = {
		.unknown = { CUNKNOWN_METHODS },
		.request_service = group_request_service,
	},
	.add_member = group_add_member,
	.remove_member = group_remove_member,
	.support_delayed_service = group_support_delayed_service,
	.request_delayed_service = group_request_delayed_service,
	.cancel_delayed_service = group_cancel_delayed_service,
};

DEFINE_CUNKNOWN_CLASS(group_class, "service group", group_destroy,
	CUNKNOWN_INTERFACE(iid_iservice_group, struct service_group, group,
			   group_vtbl),
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct service_group, group,
			   group_vtbl));

/**
 * portcls_group_queue() - note that a group is to be run
 * @group: the group
 * @queue: where; protected by the caller's lock. It holds a reference on the
 *	group.
 *
 * Context: any.
 * Return: false for a group that isn't ours, and can't be queued.
 */
bool portcls_group_queue(struct iservice_group *group,
			 struct list_head *queue)
{
	if (group->vtbl != &group_vtbl)
		return false;
	/* In one queue at a time: it may be notified through two adapters. */
	if (test_and_set_bit_lock(0, &from_group(group)->queued))
		return true;
	iunknown_get(&group->unknown);
	list_add_tail(&from_group(group)->queue_node, queue);
	return true;
}

/**
 * portcls_group_dequeue() - take the first group off a queue
 * @queue: the queue; protected by the caller's lock
 *
 * Context: any.
 * Return: the group, with a reference, or NULL when there is none.
 */
struct iservice_group *portcls_group_dequeue(struct list_head *queue)
{
	struct service_group *group;

	if (list_empty(queue))
		return NULL;
	group = list_first_entry(queue, struct service_group, queue_node);
	list_del(&group->queue_node);
	clear_bit_unlock(0, &group->queued);
	return &group->group;
}

/**
 * pc_new_service_group() - PcNewServiceGroup: make a service group
 * @out_service_group: receives it
 * @outer_unknown: who aggregates it, or NULL
 *
 * See nf-portcls-pcnewservicegroup.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int pc_new_service_group(struct iservice_group **out_service_group,
			 struct iunknown *outer_unknown)
{
	struct service_group *group = kzalloc(sizeof(*group), GFP_KERNEL);

	if (!group)
		return -ENOMEM;
	cunknown_init(&group->base, &group_class, outer_unknown);
	spin_lock_init(&group->lock);
	INIT_LIST_HEAD(&group->members);
	*out_service_group = &group->group;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_service_group);
