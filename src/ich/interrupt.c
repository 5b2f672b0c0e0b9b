// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's interrupt, which all of its channels share.
 */
#include "engine.h"
#include "ich.h"

#define LOOKS_MAX		8

/**
 * ich_channel_interrupt() - see whether a channel raised the interrupt
 * @channel: a channel that runs
 * @alone: no other one runs
 *
 * Context: any.
 * Return: true when it did.
 */
bool ich_channel_interrupt(struct ich_channel *channel, bool alone)
{
	unsigned long flags;
	bool raised;

	spin_lock_irqsave(&channel->lock, flags);
	raised = ich_engine_interrupt(&channel->engine, alone);
	spin_unlock_irqrestore(&channel->lock, flags);
	return raised;
}

/* Returns how many channels have interrupted. */
static int look_at_channels(struct ich_interrupt *interrupt)
{
	struct iport_wavepci *port = interrupt->port;
	int i, count = 0;

	for (i = 0; i < ICH_PINS; i++) {
		struct ich_channel *channel = interrupt->running[i];

		if (!channel ||
		    !ich_channel_interrupt(channel, interrupt->count == 1))
			continue;
		count++;
		port->vtbl->notify(port, channel->group);
	}
	return count;
}

/*
 * Two accesses to a channel see to its interrupt, one read to one that hasn't
 * interrupted: see ich_engine_interrupt(). With more than one channel running we
 * look again until nothing is left: a channel that interrupted between our
 * look at it and the other's acknowledgement must not wait for the next
 * interrupt. But a status that doesn't go away must not keep us here.
 */
static int service_routine(struct iinterrupt_sync *sync, void *context)
{
	struct ich_interrupt *interrupt = context;
	int looks, interrupted, all = 0;

	for (looks = 0; looks < LOOKS_MAX; looks++) {
		interrupted = look_at_channels(interrupt);
		all += interrupted;
		if (!interrupted || interrupt->count < 2)
			return all ? 0 : -ENODEV;
	}
	dev_warn_ratelimited(interrupt->device,
			     "the channels still interrupt after %d looks at them\n",
			     looks);
	return 0;
}

/* What ich_interrupt_running() has the interrupt sync do. */
struct running_change {
	struct ich_interrupt *interrupt;
	enum ich_pin number;
	struct ich_channel *channel;
};

/*
 * When a channel stops it is acknowledged outside the service routine. Some
 * controllers drop the shared interrupt line then, for all channels: so the
 * others look for themselves whether they have interrupted.
 */
static int change_running(struct iinterrupt_sync *sync, void *context)
{
	struct running_change *change = context;
	struct ich_channel **running = change->interrupt->running;
	struct iservice_group *group;
	int i;

	change->interrupt->count += !!change->channel -
				    !!running[change->number];
	running[change->number] = change->channel;
	if (change->channel)
		return 0;
	for (i = 0; i < ICH_PINS; i++) {
		if (!running[i])
			continue;
		WRITE_ONCE(running[i]->look, true);
		group = running[i]->group;
		group->vtbl->request_delayed_service(group, -1);
	}
	return 0;
}

/**
 * ich_interrupt_running() - have the service routine look at a channel or not
 * @interrupt: the controller's interrupt
 * @number: which channel
 * @channel: the channel, which is about to run; NULL when it has stopped
 *
 * Context: any.
 */
void ich_interrupt_running(struct ich_interrupt *interrupt,
			   enum ich_pin number, struct ich_channel *channel)
{
	struct running_change change = { interrupt, number, channel };
	struct iinterrupt_sync *sync = interrupt->sync;

	sync->vtbl->call_synchronized_routine(sync, change_running, &change);
}

/**
 * ich_interrupt_connect() - begin to serve the interrupt
 * @interrupt: the controller's interrupt, with @device and @port filled in
 * @resources: where its number is
 *
 * Context: may sleep.
 * Return: 0 or an error; in either case ich_interrupt_disconnect() is to
 * follow.
 */
int ich_interrupt_connect(struct ich_interrupt *interrupt,
			  struct iresource_list *resources)
{
	struct iinterrupt_sync *sync;
	int err;

	err = pc_new_interrupt_sync(&interrupt->sync, NULL, resources, 0,
				    INTERRUPT_SYNC_MODE_NORMAL);
	if (err)
		return err;
	sync = interrupt->sync;
	err = sync->vtbl->register_service_routine(sync, service_routine,
						   interrupt, false);
	return err ?: sync->vtbl->connect(sync);
}

/**
 * ich_interrupt_disconnect() - serve the interrupt no more
 * @interrupt: the controller's interrupt
 *
 * Context: may sleep.
 */
void ich_interrupt_disconnect(struct ich_interrupt *interrupt)
{
	if (interrupt->sync)
		iunknown_put(&interrupt->sync->unknown);
	interrupt->sync = NULL;
}
