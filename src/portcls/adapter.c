// SPDX-License-Identifier: GPL-2.0
/*
 * An adapter: a device, its ALSA card, and the subdevices it is made of.
 */
#include <linux/device.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/info.h>

#include "portcls.h"
#include "verifier.h"

/**
 * struct connection - a physical connection between two subdevices
 * @node: in the adapter's list
 * @from: the subdevice that supplies
 * @from_pin: its pin
 * @to: the subdevice that takes
 * @to_pin: its pin
 */
struct connection {
	struct list_head node;
	struct subdevice *from;
	struct subdevice *to;
	u32 from_pin;
	u32 to_pin;
};

/**
 * pc_get_card() - the ALSA card of an adapter
 * @device: the adapter's device
 *
 * For what isn't the port's: names, mixer, codec.
 *
 * Context: any.
 * Return: the card, or NULL when the device isn't an adapter.
 */
struct snd_card *pc_get_card(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	return adapter ? adapter->card : NULL;
}
EXPORT_SYMBOL_WAVEPCI(pc_get_card);

/*
 * A card that could not be registered. When that was for the second direction
 * of a PCM device, ALSA has forgotten that it registered the first, and
 * snd_card_free() would wait for ever for the node that is still there. To
 * disconnect what was not registered does no harm.
 */
static void disconnect_all_pcms(struct snd_card *card)
{
	struct snd_device *device;

	list_for_each_entry(device, &card->devices, list)
		if (device->type == SNDRV_DEV_PCM &&
		    device->state == SNDRV_DEV_BUILD)
			device->state = SNDRV_DEV_REGISTERED;
}

/* The card first: it waits until nobody has it open, and then nobody calls. */
static void take_apart(struct adapter *adapter)
{
	struct subdevice *subdevice, *next;
	struct connection *connection, *c;

	portcls_events_hush_all(adapter);
	if (adapter->card)
		snd_card_free(adapter->card);
	if (adapter->power)
		iunknown_put(&adapter->power->unknown);
	list_for_each_entry_safe(connection, c, &adapter->connections, node)
		kfree(connection);
	/* A port and its miniport may hold each other: part them. */
	portcls_port_remove_all(adapter);
	list_for_each_entry_safe_reverse(subdevice, next, &adapter->subdevices,
					 node) {
		if (verifier_on())
			portcls_verifier_kept(adapter->device,
					      subdevice->port);
		portcls_port_put(subdevice->port);
		kfree(subdevice);
	}
	if (adapter->resources)
		iunknown_put(&adapter->resources->unknown);
	portcls_sync_remove_all(adapter);
	portcls_adapter_unlink(adapter);
	kfree(adapter);
}

/* Miniports may want to leave their hardware tidy; who doesn't wake up can't. */
static void adapter_free(struct adapter *adapter)
{
	struct device *device = adapter->device;
	bool awake = !portcls_wake(device);

	take_apart(adapter);
	if (awake)
		portcls_let_sleep(device);
}

static void show_adapter(struct snd_info_entry *entry,
			 struct snd_info_buffer *buffer)
{
	struct adapter *adapter = entry->private_data;
	struct subdevice *subdevice;
	struct connection *c;

	snd_iprintf(buffer, "queue: %s\n",
		    adapter->streaming ? "streaming" : "looped");
	list_for_each_entry(subdevice, &adapter->subdevices, node) {
		snd_iprintf(buffer, "filter: %s\n", subdevice->name);
		subdevice->port->class->show(subdevice->port, buffer);
	}
	list_for_each_entry(c, &adapter->connections, node)
		snd_iprintf(buffer, "connection: %s pin %u -> %s pin %u\n",
			    c->from->name, c->from_pin, c->to->name, c->to_pin);
}

static int finish_ports(struct adapter *adapter)
{
	struct subdevice *subdevice;
	int err = 0;

	list_for_each_entry(subdevice, &adapter->subdevices, node) {
		struct port *port = subdevice->port;

		if (port->class->finish)
			err = port->class->finish(port);
		if (err)
			return err;
	}
	return 0;
}

static int add_adapter(struct device *device, pcpfnstartdevice start_device,
		       const struct pc_card_options *options)
{
	struct adapter *adapter;
	int err;

	adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);
	if (!adapter)
		return -ENOMEM;
	adapter->device = device;
	adapter->streaming = options->streaming;
	adapter->may_sleep = options->may_sleep;
	adapter->no_resume = options->no_resume;
	adapter->power_caps = (struct device_capabilities) {
		.device_state = {
			[POWER_SYSTEM_WORKING] = POWER_DEVICE_D0,
			[POWER_SYSTEM_SLEEPING] = POWER_DEVICE_D3,
			[POWER_SYSTEM_HIBERNATE] = POWER_DEVICE_D3,
			[POWER_SYSTEM_SHUTDOWN] = POWER_DEVICE_D3,
		},
	};
	INIT_LIST_HEAD(&adapter->subdevices);
	INIT_LIST_HEAD(&adapter->connections);
	INIT_LIST_HEAD(&adapter->syncs);
	INIT_LIST_HEAD(&adapter->notified);
	INIT_LIST_HEAD(&adapter->ports);
	mutex_init(&adapter->wait_mutex);
	spin_lock_init(&adapter->interrupt_lock);
	init_irq_work(&adapter->deferred, portcls_sync_deferred);
	err = portcls_adapter_link(adapter, adapter_free);
	if (err) {
		kfree(adapter);
		return err;
	}

	err = snd_card_new(device, options->index, options->id, options->owner,
			   0, &adapter->card);
	if (err)
		goto fail;
	err = pc_new_resource_list(&adapter->resources, NULL, device);
	if (err)
		goto fail;
	err = start_device(device, adapter->resources);
	if (err)
		goto fail;
	adapter->started = true;
	err = finish_ports(adapter);
	if (err)
		goto fail;
	snd_card_ro_proc_new(adapter->card, "wavepci", adapter, show_adapter);
	err = snd_card_register(adapter->card);
	if (!err)
		return 0;
	disconnect_all_pcms(adapter->card);

fail:
	adapter_free(adapter);
	return err;
}

/**
 * pc_add_adapter_device() - PcAddAdapterDevice: make a device an adapter
 * @device: the device, ready to be used
 * @start_device: makes the adapter's objects and registers its subdevices
 * @options: which card it wants to be
 *
 * Called from a driver's probe; the card is there for everybody when it
 * returns, and until then the device isn't put to sleep. It goes with
 * pc_remove_adapter_device(), or at the latest when the driver leaves the
 * device, as its other managed resources do. See nf-portcls-pcaddadapterdevice.
 *
 * Context: may sleep.
 * Return: 0; -EEXIST the second time; why the device doesn't wake up; -ENOMEM;
 * ALSA's or @start_device's error, and then all that was made is released.
 */
int pc_add_adapter_device(struct device *device,
			  pcpfnstartdevice start_device,
			  const struct pc_card_options *options)
{
	int err;

	if (portcls_adapter_of(device))
		return -EEXIST;
	err = portcls_wake(device);
	if (err)
		return err;
	err = add_adapter(device, start_device, options);
	portcls_let_sleep(device);
	return err;
}
EXPORT_SYMBOL_WAVEPCI(pc_add_adapter_device);

/**
 * pc_remove_adapter_device() - take an adapter's card and subdevices away
 * @device: the adapter's device
 *
 * Called from a driver's remove; waits until nobody has the card open. A driver
 * without one needs no call, since an adapter is a managed resource of its
 * device: but managed resources that its start function takes go before it.
 *
 * Context: may sleep.
 */
void pc_remove_adapter_device(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (adapter)
		adapter_free(adapter);
}
EXPORT_SYMBOL_WAVEPCI(pc_remove_adapter_device);

/**
 * pc_register_subdevice_pcm() - make a filter part of a card, as a PCM device of
 * a certain number and name
 * @device: the adapter's device
 * @name: name of the filter, a string that stays
 * @unknown: the port, bound to its miniport
 * @pcm: what its PCM devices are called
 *
 * Not of the model: for cards that programs know by such numbers and names.
 *
 * Context: may sleep; only from the adapter's start.
 * Return: as pc_register_subdevice(); -EBUSY when there is no such number left.
 */
int pc_register_subdevice_pcm(struct device *device, const char *name,
			      struct iunknown *unknown,
			      const struct pc_pcm *pcm)
{
	struct adapter *adapter = portcls_adapter_of(device);
	struct subdevice *subdevice;
	int err = -EINVAL;

	if (!adapter)
		return -ENODEV;
	subdevice = kzalloc(sizeof(*subdevice), GFP_KERNEL);
	if (!subdevice)
		return -ENOMEM;
	subdevice->port = portcls_port_find(unknown);
	if (!subdevice->port || subdevice->port->adapter != adapter)
		goto fail;
	err = subdevice->port->class->attach(subdevice->port, name, pcm);
	if (err)
		goto fail;
	subdevice->name = name;
	list_add_tail(&subdevice->node, &adapter->subdevices);
	return 0;

fail:
	if (subdevice->port)
		portcls_port_put(subdevice->port);
	kfree(subdevice);
	return err;
}
EXPORT_SYMBOL_WAVEPCI(pc_register_subdevice_pcm);

/**
 * pc_register_subdevice() - PcRegisterSubdevice: make a filter part of a card
 * @device: the adapter's device
 * @name: name of the filter, a string that stays; its PCM devices are
 *	called so
 * @unknown: the port, bound to its miniport; a reference is kept until the
 *	adapter is removed
 *
 * See nf-portcls-pcregistersubdevice.
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0; -ENODEV without an adapter; -EINVAL when @unknown is no port that
 * is bound; -ENOMEM; ALSA's error.
 */
int pc_register_subdevice(struct device *device, const char *name,
			  struct iunknown *unknown)
{
	static const struct pc_pcm any = { .device = -1 };

	return pc_register_subdevice_pcm(device, name, unknown, &any);
}
EXPORT_SYMBOL_WAVEPCI(pc_register_subdevice);

static struct subdevice *find_subdevice(struct adapter *adapter,
					struct iunknown *unknown)
{
	struct subdevice *subdevice, *found = NULL;
	struct port *port = portcls_port_find(unknown);

	if (!port)
		return NULL;
	list_for_each_entry(subdevice, &adapter->subdevices, node)
		if (subdevice->port == port)
			found = subdevice;
	portcls_port_put(port);
	return found;
}

static void forget_connections(struct adapter *adapter,
			       const struct subdevice *subdevice)
{
	struct connection *c, *next;

	list_for_each_entry_safe(c, next, &adapter->connections, node) {
		if (c->from != subdevice && c->to != subdevice)
			continue;
		list_del(&c->node);
		kfree(c);
	}
}

static int unregister_subdevice(struct iunregister_subdevice *self,
				struct device *device, struct iunknown *unknown)
{
	struct adapter *adapter = portcls_adapter_of(device);
	struct subdevice *subdevice;

	if (!adapter)
		return -ENODEV;
	subdevice = find_subdevice(adapter, unknown);
	if (!subdevice)
		return -EINVAL;
	if (adapter->started)
		return -EBUSY;
	forget_connections(adapter, subdevice);
	list_del(&subdevice->node);
	subdevice->port->class->detach(subdevice->port);
	portcls_port_put(subdevice->port);
	kfree(subdevice);
	return 0;
}

const struct iunregister_subdevice_vtbl portcls_unregister_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.unregister_subdevice = unregister_subdevice,
};

/**
 * pc_register_physical_connection() - PcRegisterPhysicalConnection
 * @device: the adapter's device
 * @from_unknown: the subdevice that supplies, as it was registered
 * @from_pin: its pin
 * @to_unknown: the subdevice that takes
 * @to_pin: its pin
 *
 * The connection is shown in /proc/asound/cardN/wavepci. See
 * nf-portcls-pcregisterphysicalconnection.
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0; -ENODEV without an adapter; -EINVAL when one isn't a subdevice of
 * it; -ENOMEM.
 */
int pc_register_physical_connection(struct device *device,
				    struct iunknown *from_unknown, u32 from_pin,
				    struct iunknown *to_unknown, u32 to_pin)
{
	struct adapter *adapter = portcls_adapter_of(device);
	struct connection *connection;

	if (!adapter)
		return -ENODEV;
	connection = kzalloc(sizeof(*connection), GFP_KERNEL);
	if (!connection)
		return -ENOMEM;
	connection->from = find_subdevice(adapter, from_unknown);
	connection->from_pin = from_pin;
	connection->to = find_subdevice(adapter, to_unknown);
	connection->to_pin = to_pin;
	if (!connection->from || !connection->to) {
		kfree(connection);
		return -EINVAL;
	}
	list_add_tail(&connection->node, &adapter->connections);
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_register_physical_connection);

/**
 * portcls_adapter_connects() - see whether a pin leads to another filter
 * @port: the pin's filter
 * @pin: the pin
 *
 * Context: may sleep; when the adapter's start is over.
 * Return: whether another filter takes what comes out of it.
 */
bool portcls_adapter_connects(const struct port *port, u32 pin)
{
	struct connection *c;

	list_for_each_entry(c, &port->adapter->connections, node)
		if (c->from->port == port && c->from_pin == pin)
			return true;
	return false;
}

/**
 * pc_get_time_interval() - PcGetTimeInterval: time since another time
 * @since: what an earlier call with 0 returned, or 0
 *
 * See nf-portcls-pcgettimeinterval.
 *
 * Context: any.
 * Return: time in units of 100 ns; with @since 0 since the machine started.
 */
u64 pc_get_time_interval(u64 since)
{
	return div_u64(ktime_get_ns(), 100) - since;
}
EXPORT_SYMBOL_WAVEPCI(pc_get_time_interval);
