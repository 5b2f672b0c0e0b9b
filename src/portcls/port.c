// SPDX-License-Identifier: GPL-2.0
/*
 * What all ports have in common: their kind, their adapter, and the part of
 * IPort that has nothing to do with what they are ports of.
 */
#include <linux/pci.h>
#include <linux/string.h>
#include <sound/core.h>

#include "portcls.h"

static const struct port_class *const *port_classes;

/**
 * portcls_port_set_classes() - tell which kinds of ports there are
 * @classes: the kinds, ended by NULL
 *
 * Context: any, before there is an adapter.
 */
void portcls_port_set_classes(const struct port_class *const *classes)
{
	port_classes = classes;
}

/**
 * portcls_port_setup() - begin a new port
 * @port: the port, all zeroes
 * @class: its kind
 * @object_class: its class as an object
 *
 * Context: any.
 */
void portcls_port_setup(struct port *port, const struct port_class *class,
			const struct cunknown_class *object_class)
{
	cunknown_init(&port->base, object_class, NULL);
	port->class = class;
	INIT_LIST_HEAD(&port->node);
	mutex_init(&port->handler_mutex);
	portcls_events_setup(port);
}

/**
 * portcls_port_find() - see whether an object is a port of ours
 * @unknown: the object
 *
 * Context: any.
 * Return: the port, with a reference, or NULL.
 */
struct port *portcls_port_find(struct iunknown *unknown)
{
	const struct port_class *const *class;
	struct iport *iport;

	if (iport_query(unknown, &iport))
		return NULL;
	for (class = port_classes; *class; class++)
		if (iport->vtbl == (*class)->vtbl)
			return port_of(iport);
	iunknown_put(&iport->unknown);
	return NULL;
}

/**
 * portcls_port_put() - give back a reference on a port
 * @port: the port
 *
 * Context: may sleep.
 */
void portcls_port_put(struct port *port)
{
	iunknown_put(port->base.outer);
}

/**
 * portcls_port_begin() - IPort::Init begins
 * @port: the port, not bound
 * @device: the adapter's device
 *
 * Context: may sleep.
 * Return: 0; -ENODEV when there is no adapter, or it is gone.
 */
int portcls_port_begin(struct port *port, struct device *device)
{
	struct adapter *adapter = portcls_adapter_of(device);

	if (port->removed || !adapter)
		return -ENODEV;
	port->device = device;
	port->adapter = adapter;
	port->quiet = false;
	return 0;
}

/**
 * portcls_port_bind() - IPort::Init has come to a good end
 * @port: the port
 * @miniport: the other half of its filter, as Init was given it
 *
 * Context: may sleep.
 */
void portcls_port_bind(struct port *port, struct iunknown *miniport)
{
	/* Not every miniport has it; then it is NULL. */
	ipower_notify_query(miniport, &port->power);
	port->major_target = miniport;
	list_add_tail(&port->node, &port->adapter->ports);
}

/**
 * portcls_port_let_go() - give back all that a port holds of its miniport
 * @port: the port, bound or not
 *
 * The miniport may hold the port, too, as it is allowed to: so this doesn't
 * wait for the port's last reference.
 *
 * Context: may sleep.
 */
void portcls_port_let_go(struct port *port)
{
	list_del_init(&port->node);
	portcls_events_disable(port);
	if (port->power)
		iunknown_put(&port->power->unknown);
	port->power = NULL;
	port->major_target = NULL;
	port->class->let_go(port);
	portcls_property_forget(port);
}

/**
 * portcls_port_remove_all() - an adapter is about to be freed
 * @adapter: the adapter, whose card is gone
 *
 * Its ports let their miniports go, also those that never became a subdevice,
 * and fail from now on with -ENODEV.
 *
 * Context: may sleep.
 */
void portcls_port_remove_all(struct adapter *adapter)
{
	struct port *port;

	while (!list_empty(&adapter->ports)) {
		port = list_first_entry(&adapter->ports, struct port, node);
		iunknown_get(port->base.outer);
		WRITE_ONCE(port->removed, true);
		portcls_port_let_go(port);
		port->adapter = NULL;
		port->device = NULL;
		portcls_port_put(port);
	}
}

/**
 * pc_new_port() - PcNewPort: make a port
 * @out_port: receives it
 * @class_id: %clsid_port_wavepci or %clsid_port_topology
 *
 * See nf-portcls-pcnewport.
 *
 * Context: may sleep.
 * Return: 0; -EOPNOTSUPP for any other class; -ENOMEM.
 */
int pc_new_port(struct iport **out_port, const guid_t *class_id)
{
	const struct port_class *const *class;

	for (class = port_classes; *class; class++)
		if (guid_equal(class_id, (*class)->class_id))
			return (*class)->create(out_port);
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_port);

/* Copy a value out, or say how long it is. */
static int give(const void *value, u32 length, u32 buffer_length, void *buffer,
		u32 *result_length)
{
	*result_length = length;
	if (length > buffer_length)
		return -ENOSPC;
	memcpy(buffer, value, length);
	return 0;
}

static int give_string(const char *value, u32 buffer_length, void *buffer,
		       u32 *result_length)
{
	return give(value, strlen(value) + 1, buffer_length, buffer,
		    result_length);
}

static int give_u32(u32 value, u32 buffer_length, void *buffer,
		    u32 *result_length)
{
	return give(&value, sizeof(value), buffer_length, buffer,
		    result_length);
}

static int port_get_pci_property(struct pci_dev *pci,
				 enum device_registry_property property,
				 u32 buffer_length, void *buffer,
				 u32 *result_length)
{
	char id[64];

	switch (property) {
	case DEVICE_PROPERTY_HARDWARE_ID:
		snprintf(id, sizeof(id), "pci:v%08Xd%08Xsv%08Xsd%08X",
			 pci->vendor, pci->device, pci->subsystem_vendor,
			 pci->subsystem_device);
		return give_string(id, buffer_length, buffer, result_length);
	case DEVICE_PROPERTY_BUS_NUMBER:
		return give_u32(pci->bus->number, buffer_length, buffer,
				result_length);
	case DEVICE_PROPERTY_ADDRESS:
		return give_u32(PCI_SLOT(pci->devfn) << 16 |
				PCI_FUNC(pci->devfn), buffer_length, buffer,
				result_length);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * pc_get_device_property() - PcGetDeviceProperty: copy a property of a device
 * @device: the adapter's device
 * @property: which one
 * @buffer_length: room in @property_buffer
 * @property_buffer: receives the value
 * @result_length: receives its length, also where there is no room
 *
 * See nf-portcls-pcgetdeviceproperty.
 *
 * Context: may sleep.
 * Return: 0; -ENOSPC; -EOPNOTSUPP for what the device hasn't got.
 */
int pc_get_device_property(struct device *device,
			   enum device_registry_property property,
			   u32 buffer_length, void *property_buffer,
			   u32 *result_length)
{
	struct adapter *adapter = portcls_adapter_of(device);
	const char *value = NULL;

	switch (property) {
	case DEVICE_PROPERTY_DEVICE_DESCRIPTION:
		value = adapter ? adapter->card->longname : NULL;
		break;
	case DEVICE_PROPERTY_DRIVER_KEY_NAME:
		value = dev_driver_string(device);
		break;
	case DEVICE_PROPERTY_ENUMERATOR_NAME:
		value = dev_bus_name(device);
		break;
	case DEVICE_PROPERTY_LOCATION_INFORMATION:
		value = dev_name(device);
		break;
	default:
		if (dev_is_pci(device))
			return port_get_pci_property(to_pci_dev(device),
						     property, buffer_length,
						     property_buffer,
						     result_length);
	}
	if (!value)
		return -EOPNOTSUPP;
	return give_string(value, buffer_length, property_buffer,
			   result_length);
}
EXPORT_SYMBOL_WAVEPCI(pc_get_device_property);

/**
 * pc_get_physical_device_object() - PcGetPhysicalDeviceObject
 * @device: the adapter's device
 * @physical_object: receives the device that is the hardware: the same one
 *
 * See nf-portcls-pcgetphysicaldeviceobject.
 *
 * Context: any.
 * Return: 0, or -ENODEV when @device isn't an adapter's.
 */
int pc_get_physical_device_object(struct device *device,
				  struct device **physical_object)
{
	if (!portcls_adapter_of(device))
		return -ENODEV;
	*physical_object = device;
	return 0;
}
EXPORT_SYMBOL_WAVEPCI(pc_get_physical_device_object);

static u32 get_version(struct iport_cls_version *self)
{
	return K_VERSION_WIN_XP_UAAQFE;
}

const struct iport_cls_version_vtbl portcls_version_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.get_version = get_version,
};

/**
 * portcls_port_get_device_property() - IPort::GetDeviceProperty of any port
 * @self: the port
 * @property: which one
 * @buffer_length: room in @property_buffer
 * @property_buffer: receives the value
 * @result_length: receives its length, also where there is no room
 *
 * See nf-portcls-iport-getdeviceproperty.
 *
 * Context: may sleep.
 * Return: 0; the error of pc_get_device_property(); -EOPNOTSUPP before Init;
 * -ENODEV when the adapter is gone.
 */
int portcls_port_get_device_property(struct iport *self,
				     enum device_registry_property property,
				     u32 buffer_length, void *property_buffer,
				     u32 *result_length)
{
	struct port *port = port_of(self);

	if (port->removed)
		return -ENODEV;
	if (!port->device)
		return -EOPNOTSUPP;
	return pc_get_device_property(port->device, property, buffer_length,
				      property_buffer, result_length);
}

/**
 * portcls_port_new_registry_key() - IPort::NewRegistryKey of any port
 * @self: the port
 * @out_registry_key: receives the key
 * @outer_unknown: aggregates it, or NULL
 * @registry_key_type: which part of the registry
 * @desired_access: what the key is for
 * @subkey: name of the key below that part
 * @create_options: how it is made
 * @disposition: receives whether it was made, or NULL
 *
 * See nf-portcls-iport-newregistrykey.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL before Init; -ENODEV when the adapter is gone; the error
 * of pc_new_registry_key().
 */
int portcls_port_new_registry_key(struct iport *self,
				  struct iregistry_key **out_registry_key,
				  struct iunknown *outer_unknown,
				  enum registry_key_type registry_key_type,
				  u32 desired_access, const char *subkey,
				  u32 create_options, u32 *disposition)
{
	struct port *port = port_of(self);

	if (port->removed)
		return -ENODEV;
	if (!port->device)
		return -EINVAL;
	return pc_new_registry_key(out_registry_key, outer_unknown,
				   registry_key_type, desired_access,
				   port->device, subkey, create_options,
				   disposition);
}
