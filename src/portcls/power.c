// SPDX-License-Identifier: GPL-2.0
/*
 * Power: Linux' transitions become those of the model.
 *
 * On the way down ALSA has paused the streams already; then the miniports'
 * streams are told, then the miniports, then the adapter. On the way up it is
 * the other way round. Linux puts the PCI function itself to sleep.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <linux/pm_runtime.h>
#include <sound/asound.h>
#include <sound/core.h>

#include "portcls.h"

static void notify_miniport(struct port *port, enum device_power_state state)
{
	struct ipower_notify *power = port->power;

	if (power)
		power->vtbl->power_change_notify(power, state);
}

static void notify_streams(struct port *port, enum device_power_state state)
{
	if (port->class->power)
		port->class->power(port, state);
}

static void notify_down(struct adapter *adapter, enum device_power_state state)
{
	struct subdevice *subdevice;

	list_for_each_entry(subdevice, &adapter->subdevices, node) {
		notify_streams(subdevice->port, state);
		notify_miniport(subdevice->port, state);
	}
}

static void notify_up(struct adapter *adapter)
{
	struct subdevice *subdevice;

	list_for_each_entry_reverse(subdevice, &adapter->subdevices, node) {
		notify_miniport(subdevice->port, POWER_DEVICE_D0);
		notify_streams(subdevice->port, POWER_DEVICE_D0);
	}
}

static void change_down(struct adapter *adapter, enum device_power_state state)
{
	struct iadapter_power_management *power = adapter->power;

	notify_down(adapter, state);
	if (power)
		power->vtbl->power_change_state(power, state);
}

static void change_up(struct adapter *adapter)
{
	struct iadapter_power_management *power = adapter->power;

	if (power)
		power->vtbl->power_change_state(power, POWER_DEVICE_D0);
	notify_up(adapter);
}

/* -EACCES: it isn't put to sleep at run time, and so it is awake. */
static int rouse(struct device *device)
{
	int err = pm_runtime_resume(device);

	if (err >= 0 || err == -EACCES)
		return 0;
	dev_warn_ratelimited(device, "the device doesn't wake up: error %d\n",
			     err);
	return err;
}

/**
 * portcls_wake() - have a device awake for what follows
 * @device: the adapter's device
 *
 * For all that is asked of a miniport and may need its hardware. Where nothing
 * but an interrupt or a running stream can ask, the device is awake already.
 *
 * Context: may sleep; no lock held that the adapter or a miniport needs in order
 * to wake up.
 * Return: 0, and then it goes with portcls_let_sleep(); or why the device
 * doesn't wake up, and then not.
 */
int portcls_wake(struct device *device)
{
	int err;

	pm_runtime_get_noresume(device);
	err = rouse(device);
	if (err)
		pm_runtime_put_noidle(device);
	return err;
}

/**
 * portcls_let_sleep() - a device need not be awake any more, as far as we go
 * @device: the adapter's device, which portcls_wake() has woken up
 *
 * Context: any.
 */
void portcls_let_sleep(struct device *device)
{
	pm_runtime_mark_last_busy(device);
	pm_runtime_put(device);
}

static int query_down(struct adapter *adapter, enum device_power_state state)
{
	struct iadapter_power_management *power = adapter->power;

	return power ? power->vtbl->query_power_change_state(power, state) : 0;
}

static int power_down(struct device *device, enum system_power_state system)
{
	struct adapter *adapter = portcls_adapter_of(device);
	enum device_power_state state;
	int err;

	if (!adapter)
		return 0;
	/*
	 * Not every bus wakes up first who sleeps at run time. One that can't be
	 * woken up is no reason to keep the machine awake.
	 */
	rouse(device);
	state = adapter->power_caps.device_state[system];
	err = query_down(adapter, state);
	if (err) {
		dev_warn(device, "the adapter denies state D%d\n",
			 state - POWER_DEVICE_D0);
		return err;
	}
	snd_power_change_state(adapter->card, SNDRV_CTL_POWER_D3hot);
	change_down(adapter, state);
	return 0;
}

static int power_up(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (!adapter)
		return 0;
	change_up(adapter);
	snd_power_change_state(adapter->card, SNDRV_CTL_POWER_D0);
	return 0;
}

static int power_suspend(struct device *device)
{
	return power_down(device, POWER_SYSTEM_SLEEPING);
}

static int power_freeze(struct device *device)
{
	return power_down(device, POWER_SYSTEM_HIBERNATE);
}

/*
 * An adapter that denies it, at any time and for whatever reason, is in use. Of
 * any other error Linux keeps a note, and never wakes up the device any more.
 *
 * ALSA isn't told: it would have everybody wait who wants to see a control, and
 * nobody would wake up the device.
 */
static int power_runtime_suspend(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);
	enum device_power_state state;

	if (!adapter)
		return 0;
	state = adapter->power_caps.device_state[POWER_SYSTEM_WORKING];
	if (state == POWER_DEVICE_D0 || query_down(adapter, state))
		return -EBUSY;
	change_down(adapter, state);
	return 0;
}

static int power_runtime_resume(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (adapter)
		change_up(adapter);
	return 0;
}

/*
 * What PcInitializeAdapterDriver hooks into a driver.
 *
 * For the driver's @pm, by way of pm_ptr(): system sleep and runtime power
 * management then reach the adapters of the driver. See
 * nf-portcls-pcinitializeadapterdriver.
 */
const struct dev_pm_ops pc_adapter_pm_ops = {
	.suspend = power_suspend,
	.resume = power_up,
	.freeze = power_freeze,
	.thaw = power_up,
	.poweroff = power_freeze,
	.restore = power_up,
	.runtime_suspend = power_runtime_suspend,
	.runtime_resume = power_runtime_resume,
};
EXPORT_SYMBOL_WAVEPCI(pc_adapter_pm_ops);

/**
 * pc_shutdown_adapter_device() - the machine is about to go off, or to start anew
 * @device: the adapter's device
 *
 * For the driver's shutdown method. Streams that still run are stopped for good,
 * since nobody may write to memory that another kernel takes, and nobody is told
 * of events any more; then streams, miniports and adapter are told of their
 * state in %POWER_SYSTEM_SHUTDOWN. Nobody can deny it.
 *
 * Context: may sleep.
 */
void pc_shutdown_adapter_device(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (!adapter)
		return;
	rouse(device);
	portcls_events_hush_all(adapter);
	snd_card_disconnect(adapter->card);
	change_down(adapter,
		    adapter->power_caps.device_state[POWER_SYSTEM_SHUTDOWN]);
}
EXPORT_SYMBOL_WAVEPCI(pc_shutdown_adapter_device);

/**
 * pc_register_adapter_power_management() - PcRegisterAdapterPowerManagement
 * @unknown: the adapter's object; a reference is kept until it is
 *	unregistered or the adapter removed
 * @device: the adapter's device
 *
 * See nf-portcls-pcregisteradapterpowermanagement.
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0; -ENODEV without an adapter; -EBUSY when there is one already;
 * -ENOENT when @unknown hasn't got the interface; or its own error.
 */
int pc_register_adapter_power_management(struct iunknown *unknown,
					 struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);
	struct iadapter_power_management *power;
	int err;

	if (!adapter)
		return -ENODEV;
	if (adapter->power)
		return -EBUSY;
	err = iadapter_power_management_query(unknown, &power);
	if (err)
		return err;
	err = power->vtbl->query_device_capabilities(power,
						     &adapter->power_caps);
	if (err) {
		iunknown_put(&power->unknown);
		return err;
	}
	adapter->power = power;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_register_adapter_power_management);

/**
 * pc_unregister_adapter_power_management() - the opposite
 * @device: the adapter's device
 *
 * See nf-portcls-pcunregisteradapterpowermanagement.
 *
 * Context: may sleep.
 * Return: 0; -ENODEV without an adapter; -ENOENT when there is none.
 */
int pc_unregister_adapter_power_management(struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (!adapter)
		return -ENODEV;
	if (!adapter->power)
		return -ENOENT;
	iunknown_put(&adapter->power->unknown);
	adapter->power = NULL;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_unregister_adapter_power_management);

/**
 * pc_request_new_power_state() - PcRequestNewPowerState
 * @device: the adapter's device
 * @requested_new_state: %POWER_DEVICE_D0 or %POWER_DEVICE_D3
 *
 * Linux' run-time power management decides, as it does when nobody has a stream
 * open; this has it decide now. See nf-portcls-pcrequestnewpowerstate.
 *
 * Context: may sleep.
 * Return: 0; -ENODEV without an adapter; -EOPNOTSUPP for any other state; or
 * why not now: -EBUSY or -EAGAIN when the device is in use, -EACCES when it
 * isn't put to sleep at run time.
 */
int pc_request_new_power_state(struct device *device,
			       enum device_power_state requested_new_state)
{
	int ret;

	if (!portcls_adapter_of(device))
		return -ENODEV;
	switch (requested_new_state) {
	case POWER_DEVICE_D0:
		ret = pm_runtime_resume(device);
		break;
	case POWER_DEVICE_D3:
		ret = pm_runtime_suspend(device);
		break;
	default:
		return -EOPNOTSUPP;
	}
	/* Positive: it was so already. */
	return min(ret, 0);
}
EXPORT_SYMBOL_WAVEPCI(pc_request_new_power_state);
