/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPort, IMiniport: what all ports and miniports have in common.
 */
#ifndef _WAVEPCI_PORT_H
#define _WAVEPCI_PORT_H

#include <wavepci/ks.h>
#include <wavepci/registry_key.h>
#include <wavepci/unknown.h>

struct device;
struct iport;
struct iminiport;
struct iresource_list;

/**
 * enum device_registry_property - what IPort::GetDeviceProperty can tell
 * @DEVICE_PROPERTY_DEVICE_DESCRIPTION: name of the card, a string
 * @DEVICE_PROPERTY_HARDWARE_ID: vendor and device as in modalias, a string
 * @DEVICE_PROPERTY_DRIVER_KEY_NAME: name of the driver, a string
 * @DEVICE_PROPERTY_ENUMERATOR_NAME: name of the bus, a string
 * @DEVICE_PROPERTY_LOCATION_INFORMATION: name on its bus, a string
 * @DEVICE_PROPERTY_BUS_NUMBER: u32; PCI only
 * @DEVICE_PROPERTY_ADDRESS: u32, the PCI slot in the upper half and the
 *	function in the lower; PCI only
 */
enum device_registry_property {
	DEVICE_PROPERTY_DEVICE_DESCRIPTION,
	DEVICE_PROPERTY_HARDWARE_ID,
	DEVICE_PROPERTY_DRIVER_KEY_NAME,
	DEVICE_PROPERTY_ENUMERATOR_NAME,
	DEVICE_PROPERTY_LOCATION_INFORMATION,
	DEVICE_PROPERTY_BUS_NUMBER,
	DEVICE_PROPERTY_ADDRESS,
};

/**
 * struct iport_vtbl - methods of IPort
 * @unknown: IUnknown
 * @init: Bind the port to a miniport and the adapter's resources, and call
 *	the miniport's Init. 0; %-EALREADY the second time; %-ENOENT when
 *	@unknown_miniport isn't a miniport for this port; or what the
 *	miniport's Init returned. May sleep. (nf-portcls-iport-init)
 * @get_device_property: Copy a property of the device. 0; %-ENOSPC when the
 *	buffer is too small; %-EOPNOTSUPP for a property that the device hasn't
 *	got. In the first two cases @result_length is the length needed, with a
 *	string's terminating zero. Any context.
 *	(nf-portcls-iport-getdeviceproperty)
 * @new_registry_key: Open a key of the device's settings; see
 *	pc_new_registry_key(). %-EINVAL before Init. May sleep.
 *	(nf-portcls-iport-newregistrykey)
 */
struct iport_vtbl {
	struct iunknown_vtbl unknown;
	int (*init)(struct iport *self, struct device *device,
		    struct iunknown *unknown_miniport,
		    struct iunknown *unknown_adapter,
		    struct iresource_list *resource_list);
	int (*get_device_property)(struct iport *self,
				   enum device_registry_property property,
				   u32 buffer_length, void *property_buffer,
				   u32 *result_length);
	int (*new_registry_key)(struct iport *self,
				struct iregistry_key **out_registry_key,
				struct iunknown *outer_unknown,
				enum registry_key_type registry_key_type,
				u32 desired_access, const char *subkey,
				u32 create_options, u32 *disposition);
} __no_randomize_layout;

/**
 * struct iport - IPort
 * @vtbl: methods
 * @unknown: base
 */
struct iport {
	union {
		const struct iport_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport, unknown);

/**
 * enum port_cls_version - what IPortClsVersion::GetVersion can say
 * @K_VERSION_WIN98: the first of them
 * @K_VERSION_WIN_XP: knows IPortClsVersion
 * @K_VERSION_WIN_XP_UAAQFE: knows IUnregisterSubdevice, too: what this port says
 */
enum port_cls_version {
	K_VERSION_WIN98 = 0,
	K_VERSION_WIN_XP = 8,
	K_VERSION_WIN_XP_UAAQFE = 12,
};

struct iport_cls_version;
struct iunregister_subdevice;

/**
 * struct iport_cls_version_vtbl - methods of IPortClsVersion
 * @unknown: IUnknown
 * @get_version: Say which version of the original this port is like. Any
 *	context. (nf-portcls-iportclsversion-getversion)
 */
struct iport_cls_version_vtbl {
	struct iunknown_vtbl unknown;
	u32 (*get_version)(struct iport_cls_version *self);
} __no_randomize_layout;

/**
 * struct iport_cls_version - IPortClsVersion, which every port has
 * @vtbl: methods
 * @unknown: base
 */
struct iport_cls_version {
	union {
		const struct iport_cls_version_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iport_cls_version, unknown);

/**
 * struct iunregister_subdevice_vtbl - methods of IUnregisterSubdevice
 * @unknown: IUnknown
 * @unregister_subdevice: Take a subdevice and its physical connections away
 *	again. 0; %-ENODEV without an adapter; %-EINVAL when @unknown isn't a
 *	subdevice of it; %-EBUSY once the adapter's start is over: ALSA's card
 *	has its devices from its registration on. May sleep.
 *	(nf-portcls-iunregistersubdevice-unregistersubdevice)
 */
struct iunregister_subdevice_vtbl {
	struct iunknown_vtbl unknown;
	int (*unregister_subdevice)(struct iunregister_subdevice *self,
				    struct device *device,
				    struct iunknown *unknown);
} __no_randomize_layout;

/**
 * struct iunregister_subdevice - IUnregisterSubdevice, which every port has
 * @vtbl: methods
 * @unknown: base
 */
struct iunregister_subdevice {
	union {
		const struct iunregister_subdevice_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iunregister_subdevice, unknown);

/**
 * struct iminiport_vtbl - methods of IMiniport
 * @unknown: IUnknown
 * @get_description: Give the filter's description; it stays as it is while
 *	the miniport lives. 0 or an error. May sleep.
 *	(nf-portcls-iminiport-getdescription)
 * @data_range_intersection: Find the best format that is in both ranges:
 *	@data_range is what the client wants, @matching_data_range one of the
 *	pin's own. 0; %-ENXIO (STATUS_NO_MATCH) when there is none;
 *	%-EOPNOTSUPP (STATUS_NOT_IMPLEMENTED) to leave it to the port, which
 *	takes every combination within the limits. May sleep.
 *	(nf-portcls-iminiport-datarangeintersection)
 */
struct iminiport_vtbl {
	struct iunknown_vtbl unknown;
	int (*get_description)(struct iminiport *self,
			       const struct pcfilter_descriptor **description);
	int (*data_range_intersection)(struct iminiport *self, u32 pin_id,
		const struct ksdatarange *data_range,
		const struct ksdatarange *matching_data_range,
		struct ksdataformat_waveformatextensible *resultant_format);
} __no_randomize_layout;

/**
 * struct iminiport - IMiniport
 * @vtbl: methods
 * @unknown: base
 */
struct iminiport {
	union {
		const struct iminiport_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iminiport, unknown);

/* DataRangeIntersection of a miniport that leaves it to the port. */
static inline int
iminiport_no_intersection(struct iminiport *self, u32 pin_id,
		const struct ksdatarange *data_range,
		const struct ksdatarange *matching_data_range,
		struct ksdataformat_waveformatextensible *resultant_format)
{
	return -EOPNOTSUPP;
}

#endif
