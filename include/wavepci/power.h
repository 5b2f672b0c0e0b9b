/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IAdapterPowerManagement, IPowerNotify: power states of an adapter.
 */
#ifndef _WAVEPCI_POWER_H
#define _WAVEPCI_POWER_H

#include <linux/pm.h>

#include <wavepci/unknown.h>

struct device;
struct iadapter_power_management;
struct ipower_notify;

/**
 * enum device_power_state - DEVICE_POWER_STATE
 * @POWER_DEVICE_UNSPECIFIED: not known
 * @POWER_DEVICE_D0: on
 * @POWER_DEVICE_D1: a light sleep
 * @POWER_DEVICE_D2: a deeper one
 * @POWER_DEVICE_D3: off
 */
enum device_power_state {
	POWER_DEVICE_UNSPECIFIED,
	POWER_DEVICE_D0,
	POWER_DEVICE_D1,
	POWER_DEVICE_D2,
	POWER_DEVICE_D3,
};

/**
 * enum system_power_state - SYSTEM_POWER_STATE, as far as Linux has them
 * @POWER_SYSTEM_WORKING: the machine is on; the device may be asleep by itself
 * @POWER_SYSTEM_SLEEPING: suspended to memory or idle
 * @POWER_SYSTEM_HIBERNATE: suspended to disk
 * @POWER_SYSTEM_SHUTDOWN: off, or about to start anew
 * @POWER_SYSTEM_MAXIMUM: how many there are
 */
enum system_power_state {
	POWER_SYSTEM_WORKING,
	POWER_SYSTEM_SLEEPING,
	POWER_SYSTEM_HIBERNATE,
	POWER_SYSTEM_SHUTDOWN,
	POWER_SYSTEM_MAXIMUM,
};

/**
 * struct device_capabilities - DEVICE_CAPABILITIES, the part that is used
 * @device_state: the state the device goes to for each of the system's.
 *	%POWER_DEVICE_D0 for %POWER_SYSTEM_WORKING means that the device isn't
 *	put to sleep while the system works.
 */
struct device_capabilities {
	enum device_power_state device_state[POWER_SYSTEM_MAXIMUM];
};

/**
 * struct iadapter_power_management_vtbl - methods of IAdapterPowerManagement
 * @unknown: IUnknown
 * @power_change_state: Go to a state. Streams are paused already.
 *	(nf-portcls-iadapterpowermanagement-powerchangestate)
 * @query_power_change_state: 0 to allow the transition, an error to deny it.
 *	(nf-portcls-iadapterpowermanagement-querypowerchangestate)
 * @query_device_capabilities: Change which state belongs to which of the
 *	system's; called when it is registered. 0 or an
 *	error. (nf-portcls-iadapterpowermanagement-querydevicecapabilities)
 *
 * Context: may sleep.
 */
struct iadapter_power_management_vtbl {
	struct iunknown_vtbl unknown;
	void (*power_change_state)(struct iadapter_power_management *self,
				   enum device_power_state new_state);
	int (*query_power_change_state)(struct iadapter_power_management *self,
					enum device_power_state new_state);
	int (*query_device_capabilities)(
			struct iadapter_power_management *self,
			struct device_capabilities *power_device_caps);
} __no_randomize_layout;

/**
 * struct iadapter_power_management - IAdapterPowerManagement
 * @vtbl: methods
 * @unknown: base
 */
struct iadapter_power_management {
	union {
		const struct iadapter_power_management_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iadapter_power_management, unknown);

/**
 * struct ipower_notify_vtbl - methods of IPowerNotify
 * @unknown: IUnknown
 * @power_change_notify: The adapter is about to leave D0, or is in D0 again.
 *	Streams are paused. May sleep. (nf-portcls-ipowernotify-powerchangenotify)
 */
struct ipower_notify_vtbl {
	struct iunknown_vtbl unknown;
	void (*power_change_notify)(struct ipower_notify *self,
				    enum device_power_state power_state);
} __no_randomize_layout;

/**
 * struct ipower_notify - IPowerNotify, which a miniport may have
 * @vtbl: methods
 * @unknown: base
 */
struct ipower_notify {
	union {
		const struct ipower_notify_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(ipower_notify, unknown);

extern const struct dev_pm_ops pc_adapter_pm_ops;

void pc_shutdown_adapter_device(struct device *device);

int pc_register_adapter_power_management(struct iunknown *unknown,
					 struct device *device);
int pc_unregister_adapter_power_management(struct device *device);
int pc_request_new_power_state(struct device *device,
			       enum device_power_state requested_new_state);

#endif
