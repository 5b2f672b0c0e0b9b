// SPDX-License-Identifier: GPL-2.0
/*
 * IPortWavePci: the port half of a wave filter.
 */
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/info.h>

#include "verifier.h"
#include "wave.h"

/* Of one filter, and of one pin; more is taken for a mistake. */
#define PINS_MAX		64u
#define RANGES_MAX		256u

static struct wave_port *from_iport(struct iport *port)
{
	return container_of(port, struct wave_port, port.port);
}

/*
 * struct filter_sink - has the miniport serve its filter
 * @base: object
 * @sink: the interface
 * @port: the filter; NULL when it is gone
 *
 * An object of its own, since the service group counts its members, and the
 * port holds the group: if the port were the member, neither would ever go.
 */
struct filter_sink {
	struct cunknown base;

	CUNKNOWN_FACE(iservice_sink, sink);
	struct wave_port *port;
};

/* Called by the group under RCU: filter_sink_destroy() waits for that. */
static void filter_request_service(struct iservice_sink *self)
{
	struct filter_sink *sink = container_of(self, struct filter_sink, sink);
	struct wave_port *port = READ_ONCE(sink->port);

	if (!port)
		return;
	/* In a service routine the interrupt lock is held: when that is over. */
	if (unlikely(interrupt_sync_holds(port->adapter))) {
		interrupt_sync_notify(port->adapter, port->group);
		return;
	}
	verifier_enter_miniport();
	port->miniport->vtbl->service(port->miniport);
	verifier_leave_miniport();
}

static const struct iservice_sink_vtbl filter_sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.request_service = filter_request_service,
};

static const struct cunknown_interface filter_sink_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct filter_sink, sink,
			   filter_sink_vtbl),
	{}
};

static void filter_sink_free(struct cunknown *object)
{
	kfree(container_of(object, struct filter_sink, base));
}

static const struct cunknown_class filter_sink_class = {
	.name = "filter service sink",
	.interfaces = filter_sink_interfaces,
	.destroy = filter_sink_free,
};

static int filter_sink_create(struct wave_port *port)
{
	struct filter_sink *sink = kzalloc(sizeof(*sink), GFP_KERNEL);
	int err;

	if (!sink)
		return -ENOMEM;
	cunknown_init(&sink->base, &filter_sink_class, NULL);
	sink->port = port;
	err = port->group->vtbl->add_member(port->group, &sink->sink);
	if (err)
		iunknown_put(&sink->sink.unknown);
	else
		port->sink = sink;
	return err;
}

static void filter_sink_destroy(struct wave_port *port)
{
	WRITE_ONCE(port->sink->port, NULL);
	port->group->vtbl->remove_member(port->group, &port->sink->sink);
	synchronize_rcu();
	iunknown_put(&port->sink->sink.unknown);
	port->sink = NULL;
}

/*
 * Give back all that the port holds of its miniport. That may hold the port,
 * too, as it is allowed to: so this doesn't wait for the port's last reference.
 */
static void port_let_go(struct wave_port *port)
{
	struct iminiport_wavepci *miniport = port->miniport;

	list_del_init(&port->node);
	wave_pin_free_all(port);
	if (port->sink)
		filter_sink_destroy(port);
	if (port->power)
		iunknown_put(&port->power->unknown);
	if (port->counter)
		iunknown_put(&port->counter->unknown);
	if (port->group)
		iunknown_put(&port->group->unknown);
	port->power = NULL;
	port->counter = NULL;
	port->group = NULL;
	port->description = NULL;
	port->miniport = NULL;
	if (miniport)
		iunknown_put(&miniport->unknown);
}

/**
 * wave_port_remove_all() - an adapter is about to be freed
 * @adapter: the adapter, whose card is gone
 *
 * Its ports let their miniports go, also those that never became a subdevice,
 * and fail from now on with -ENODEV.
 *
 * Context: may sleep.
 */
void wave_port_remove_all(struct adapter *adapter)
{
	struct wave_port *port;

	while (!list_empty(&adapter->ports)) {
		port = list_first_entry(&adapter->ports, struct wave_port,
					node);
		iunknown_get(&port->port.unknown);
		WRITE_ONCE(port->removed, true);
		port_let_go(port);
		port->adapter = NULL;
		port->device = NULL;
		iunknown_put(&port->port.unknown);
	}
}

/* The service group counts only when Init succeeds. */
static int init_miniport(struct wave_port *port,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list)
{
	struct iservice_group *group = NULL;
	int err;

	err = wave_error(port->miniport->vtbl->init(port->miniport,
						    unknown_adapter,
						    resource_list, &port->port,
						    &group));
	if (!err)
		port->group = group;
	return err;
}

static int check_description(struct wave_port *port)
{
	const struct pcfilter_descriptor *d = port->description;
	u32 i;

	if (!d || d->pin_count > PINS_MAX || (d->pin_count && !d->pins))
		goto bad;
	for (i = 0; i < d->pin_count; i++)
		if (d->pins[i].data_ranges_count > RANGES_MAX ||
		    (d->pins[i].data_ranges_count && !d->pins[i].data_ranges))
			goto bad;
	return 0;

bad:
	dev_err(port->device,
		"the description of the filter is missing, or has pins or data ranges that are missing, or more than %u pins or %u data ranges\n",
		PINS_MAX, RANGES_MAX);
	return -EINVAL;
}

static int port_init(struct iport *self, struct device *device,
		     struct iunknown *unknown_miniport,
		     struct iunknown *unknown_adapter,
		     struct iresource_list *resource_list)
{
	struct wave_port *port = from_iport(self);
	struct iminiport *base;
	int err;

	if (port->removed)
		return -ENODEV;
	if (port->miniport)
		return -EALREADY;
	if (!adapter_of(device))
		return -ENODEV;
	err = iunknown_query(unknown_miniport, &iid_iminiport_wavepci,
			     &port->miniport);
	if (err)
		return err;
	port->device = device;
	port->adapter = adapter_of(device);

	err = init_miniport(port, unknown_adapter, resource_list);
	if (err)
		goto fail;
	base = &port->miniport->miniport;
	err = wave_error(base->vtbl->get_description(base,
						     &port->description));
	if (!err)
		err = check_description(port);
	if (!err && port->group)
		err = filter_sink_create(port);
	if (err)
		goto fail;
	/* Not every miniport has these; then they are NULL. */
	iunknown_query(&base->unknown, &iid_ipower_notify, &port->power);
	iunknown_query(&base->unknown, &iid_ipin_count, &port->counter);
	list_add_tail(&port->node, &port->adapter->ports);
	return 0;

fail:
	port_let_go(port);
	return err;
}

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

static int port_get_device_property(struct iport *self,
				    enum device_registry_property property,
				    u32 buffer_length, void *property_buffer,
				    u32 *result_length)
{
	struct wave_port *port = from_iport(self);
	struct device *device = port->device;
	const char *value = NULL;

	if (port->removed)
		return -ENODEV;
	if (!device)
		return -EOPNOTSUPP;
	switch (property) {
	case DEVICE_PROPERTY_DEVICE_DESCRIPTION:
		value = port->adapter ? port->adapter->card->longname : NULL;
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

static int port_new_registry_key(struct iport *self,
				 struct iregistry_key **out_registry_key,
				 struct iunknown *outer_unknown,
				 enum registry_key_type registry_key_type,
				 u32 desired_access, const char *subkey,
				 u32 create_options, u32 *disposition)
{
	struct wave_port *port = from_iport(self);

	if (port->removed)
		return -ENODEV;
	if (!port->device)
		return -EINVAL;
	return pc_new_registry_key(out_registry_key, outer_unknown,
				   registry_key_type, desired_access,
				   port->device, subkey, create_options,
				   disposition);
}

static int port_new_master_dma_channel(struct iport_wavepci *self,
				       struct idma_channel **dma_channel,
				       struct iunknown *outer_unknown,
				       struct iresource_list *resource_list,
				       bool scatter_gather,
				       bool dma32bit_addresses,
				       bool dma64bit_addresses,
				       u32 maximum_length)
{
	struct wave_port *port = container_of(self, struct wave_port, port);

	if (port->removed)
		return -ENODEV;
	if (!port->device || !scatter_gather ||
	    dma32bit_addresses == dma64bit_addresses)
		return -EINVAL;
	/* What the bus or the adapter has set already is better known there. */
	if (port->device->dma_parms && !port->device->dma_parms->max_segment_size)
		dma_set_max_seg_size(port->device, WAVE_MAPPING_BYTES_MAX);
	return pc_new_dma_channel(dma_channel, outer_unknown, port->device,
				  dma64bit_addresses, maximum_length);
}

static void port_notify(struct iport_wavepci *self,
			struct iservice_group *service_group)
{
	struct wave_port *port = container_of(self, struct wave_port, port);

	if (READ_ONCE(port->removed) || !service_group)
		return;
	interrupt_sync_notify(port->adapter, service_group);
}

static void port_free(struct cunknown *object)
{
	struct wave_port *port = container_of(object, struct wave_port, base);

	port_let_go(port);
	kfree(port);
}

static const struct iport_wavepci_vtbl port_vtbl = {
	.port = {
		.unknown = { CUNKNOWN_METHODS },
		.init = port_init,
		.get_device_property = port_get_device_property,
		.new_registry_key = port_new_registry_key,
	},
	.new_master_dma_channel = port_new_master_dma_channel,
	.notify = port_notify,
};

static const struct cunknown_interface port_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iport, struct wave_port, port, port_vtbl),
	CUNKNOWN_INTERFACE(iid_iport_wavepci, struct wave_port, port,
			   port_vtbl),
	{}
};

static const struct cunknown_class port_class = {
	.name = "WavePci port",
	.interfaces = port_interfaces,
	.destroy = port_free,
};

/**
 * wave_port_create() - make a WavePci port
 * @out_port: receives it
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int wave_port_create(struct iport **out_port)
{
	struct wave_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return -ENOMEM;
	cunknown_init(&port->base, &port_class, NULL);
	mutex_init(&port->instances_mutex);
	INIT_LIST_HEAD(&port->node);
	*out_port = &port->port.port;
	return 0;
}

/* A registered subdevice is one of ours: wave_port_register() saw to that. */
static struct wave_port *from_port(struct iport_wavepci *iport)
{
	return container_of(iport, struct wave_port, port);
}

/**
 * wave_port_power() - tell a filter's miniport of a power state
 * @iport: a registered subdevice
 * @state: the state
 *
 * Context: may sleep.
 */
void wave_port_power(struct iport_wavepci *iport,
		     enum device_power_state state)
{
	struct ipower_notify *power = from_port(iport)->power;

	if (power)
		power->vtbl->power_change_notify(power, state);
}

/**
 * wave_port_show() - describe a filter in words
 * @iport: a registered subdevice
 * @buffer: where to write
 *
 * Context: may sleep.
 */
void wave_port_show(struct iport_wavepci *iport,
		    struct snd_info_buffer *buffer)
{
	struct wave_port *port = from_port(iport);
	u32 i, r, open;

	for (i = 0; i < port->description->pin_count; i++) {
		struct wave_pin *pin = &port->pins[i];

		if (!pin->caps)
			continue;
		mutex_lock(&port->instances_mutex);
		open = pin->instances;
		mutex_unlock(&port->instances_mutex);
		snd_iprintf(buffer, "pin %u: %s, %u of %u open\n", i,
			    pin->name, open,
			    pin->descriptor->max_filter_instance_count);
		snd_iprintf(buffer, "  mappings: up to %u bytes, aligned to %u\n",
			    pin->framing.frame_size,
			    pin->framing.file_alignment + 1);
		for (r = 0; r < pin->descriptor->data_ranges_count; r++)
			snd_iprintf(buffer,
				    "  range: channels %#llx, formats %#llx, %u to %u Hz\n",
				    pin->caps[r].channels, pin->caps[r].formats,
				    pin->caps[r].rate_min,
				    pin->caps[r].rate_max);
	}
}

/**
 * wave_port_register() - make a filter's pins PCM devices
 * @iport: the port
 * @adapter: whose card gets them
 * @name: name of the filter
 *
 * The n-th playback pin and the n-th capture pin are a PCM device together.
 * All of them or none: after an error it may be tried again.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL when @iport is no bound port of ours or its filter has no
 * pins; -ENOMEM; ALSA's or the miniport's error.
 */
int wave_port_register(struct iport_wavepci *iport, struct adapter *adapter,
		       const char *name)
{
	struct wave_port *port = from_port(iport);
	int n = 0, ret;

	if (iport->vtbl != &port_vtbl || !port->miniport ||
	    port->adapter != adapter || port->pins)
		return -EINVAL;

	port->pins = kcalloc(port->description->pin_count,
			     sizeof(*port->pins), GFP_KERNEL);
	if (!port->pins)
		return -ENOMEM;
	do
		ret = wave_pin_register_pair(port, n++, name);
	while (ret > 0);
	if (!ret && n == 1)
		ret = -EINVAL;
	if (ret)
		wave_pin_unregister_all(port);
	return ret;
}
