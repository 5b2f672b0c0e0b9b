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

/* Of one pin; more is taken for a mistake. */
#define RANGES_MAX		256u

static struct wave_port *from_iport(struct iport *port)
{
	return container_of(port, struct wave_port, port.port);
}

static struct wave_port *from_base(struct port *port)
{
	return container_of(port, struct wave_port, base);
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

static void serve(struct wave_port *port)
{
	verifier_enter_miniport();
	port->miniport->vtbl->service(port->miniport);
	verifier_leave_miniport();
}

static void serve_later(struct work_struct *work)
{
	serve(container_of(work, struct wave_port, serve));
}

/* Called by the group under RCU: filter_sink_destroy() waits for that. */
static void filter_request_service(struct iservice_sink *self)
{
	struct filter_sink *sink = container_of(self, struct filter_sink, sink);
	struct wave_port *port = READ_ONCE(sink->port);

	if (!port)
		return;
	if (unlikely(port->base.adapter->may_sleep)) {
		queue_work(system_highpri_wq, &port->serve);
		return;
	}
	/* In a service routine the interrupt lock is held: when that is over. */
	if (unlikely(portcls_sync_holds(port->base.adapter))) {
		portcls_sync_notify(port->base.adapter, port->group);
		return;
	}
	serve(port);
}

static const struct iservice_sink_vtbl filter_sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.request_service = filter_request_service,
};

static void filter_sink_free(struct cunknown *object)
{
	kfree(container_of(object, struct filter_sink, base));
}

DEFINE_CUNKNOWN_CLASS(filter_sink_class, "filter service sink", filter_sink_free,
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct filter_sink, sink,
			   filter_sink_vtbl));

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
	cancel_work_sync(&port->serve);
	iunknown_put(&port->sink->sink.unknown);
	port->sink = NULL;
}

static void let_go(struct port *base)
{
	struct wave_port *port = from_base(base);
	struct iminiport_wavepci *miniport = port->miniport;

	/* First: until then the miniport may be in its Service. */
	if (port->sink)
		filter_sink_destroy(port);
	topology_mixer_let_go(&port->mixer);
	wave_pin_free_all(port);
	if (port->counter)
		iunknown_put(&port->counter->unknown);
	if (port->substreams)
		iunknown_put(&port->substreams->unknown);
	if (port->group)
		iunknown_put(&port->group->unknown);
	port->counter = NULL;
	port->substreams = NULL;
	port->group = NULL;
	port->description = NULL;
	port->miniport = NULL;
	if (miniport)
		iunknown_put(&miniport->unknown);
}

/* The service group counts only when Init succeeds. */
static int init_miniport(struct wave_port *port,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list)
{
	struct iservice_group *group = NULL;
	int err;

	err = portcls_error(port->miniport->vtbl->init(port->miniport,
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
	int err = topology_mixer_check(port->base.device, d);

	for (i = 0; !err && i < d->pin_count; i++) {
		if (d->pins[i].data_ranges_count <= RANGES_MAX &&
		    (!d->pins[i].data_ranges_count || d->pins[i].data_ranges))
			continue;
		dev_err(port->base.device,
			"pin %u: data ranges that are missing, or more than %u\n",
			i, RANGES_MAX);
		err = -EINVAL;
	}
	return err;
}

static int port_init(struct iport *self, struct device *device,
		     struct iunknown *unknown_miniport,
		     struct iunknown *unknown_adapter,
		     struct iresource_list *resource_list)
{
	struct wave_port *port = from_iport(self);
	struct iminiport *base;
	int err;

	if (port->miniport)
		return -EALREADY;
	err = portcls_port_begin(&port->base, device);
	if (err)
		return err;
	err = iminiport_wavepci_query(unknown_miniport, &port->miniport);
	if (err)
		return err;

	err = init_miniport(port, unknown_adapter, resource_list);
	if (err)
		goto fail;
	base = &port->miniport->miniport;
	err = portcls_error(base->vtbl->get_description(base,
						     &port->description));
	if (!err)
		err = check_description(port);
	if (!err && port->group)
		err = filter_sink_create(port);
	if (err)
		goto fail;
	/* Not every miniport has them; then they are NULL. */
	ipin_count_query(&base->unknown, &port->counter);
	ipin_substream_query(&base->unknown, &port->substreams);
	portcls_port_bind(&port->base, unknown_miniport);
	return 0;

fail:
	portcls_port_let_go(&port->base);
	return err;
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

	if (port->base.removed)
		return -ENODEV;
	if (!port->base.device || !scatter_gather)
		return -EINVAL;
	/* What the bus or the adapter has set already is better known there. */
	if (port->base.device->dma_parms &&
	    !port->base.device->dma_parms->max_segment_size)
		dma_set_max_seg_size(port->base.device, WAVE_MAPPING_BYTES_MAX);
	/* Of both, 64 bits hold; of none, 32. */
	return pc_new_dma_channel(dma_channel, outer_unknown, port->base.device,
				  dma64bit_addresses, maximum_length);
}

static void port_notify(struct iport_wavepci *self,
			struct iservice_group *service_group)
{
	struct wave_port *port = container_of(self, struct wave_port, port);

	if (READ_ONCE(port->base.removed) || !service_group)
		return;
	portcls_sync_notify(port->base.adapter, service_group);
}

static void port_free(struct cunknown *object)
{
	struct wave_port *port = container_of(object, struct wave_port,
					      base.base);

	portcls_port_let_go(&port->base);
	kfree(port);
}

static const struct iport_wavepci_vtbl port_vtbl = {
	.port = {
		.unknown = { CUNKNOWN_METHODS },
		.init = port_init,
		.get_device_property = portcls_port_get_device_property,
		.new_registry_key = portcls_port_new_registry_key,
	},
	.new_master_dma_channel = port_new_master_dma_channel,
	.notify = port_notify,
};

DEFINE_CUNKNOWN_CLASS(port_class, "WavePci port", port_free,
	CUNKNOWN_INTERFACE(iid_iport, struct wave_port, port, port_vtbl),
	CUNKNOWN_INTERFACE(iid_iport_wavepci, struct wave_port, port,
			   port_vtbl),
	PORTCLS_EVENTS_INTERFACE(struct wave_port),
	PORTCLS_VERSION_INTERFACE(struct wave_port),
	PORTCLS_UNREGISTER_INTERFACE(struct wave_port));

static int create(struct iport **out_port)
{
	struct wave_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return -ENOMEM;
	portcls_port_setup(&port->base, &wave_port_class, &port_class);
	topology_mixer_init(&port->mixer, &port->base);
	mutex_init(&port->instances_mutex);
	mutex_init(&port->streams_mutex);
	INIT_LIST_HEAD(&port->streams);
	INIT_WORK(&port->serve, serve_later);
	*out_port = &port->port.port;
	return 0;
}

static void show(struct port *base, struct snd_info_buffer *buffer)
{
	struct wave_port *port = from_base(base);

	wave_show_pins(port, buffer);
	topology_mixer_show(&port->mixer, buffer);
}

/* The n-th stream pin of a direction, or NULL. */
static struct wave_pin *find_pin(struct wave_port *port, bool capture, int n)
{
	enum kspin_dataflow flow = capture ? KSPIN_DATAFLOW_OUT :
					     KSPIN_DATAFLOW_IN;
	u32 i;

	for (i = 0; i < port->description->pin_count; i++) {
		const struct pcpin_descriptor *d = &port->description->pins[i];

		if (d->communication == KSPIN_COMMUNICATION_SINK &&
		    d->data_flow == flow && !n--)
			return &port->pins[i];
	}
	return NULL;
}

/* Returns 1, 0 when there is no n-th pin either way, or an error. */
static int attach_pair(struct wave_port *port, int n, const char *name,
		       const struct pc_pcm *pcm)
{
	struct wave_pin *pins[] = { find_pin(port, false, n),
				    find_pin(port, true, n) };
	int device, err, i;

	if (!pins[0] && !pins[1])
		return 0;
	device = wave_pcm_number(port, pcm->device);
	if (device < 0)
		return device;
	for (i = 0; i < ARRAY_SIZE(pins); i++) {
		err = pins[i] ? wave_pin_init(port, pins[i] - port->pins,
					      device) : 0;
		if (err)
			return err;
	}
	return wave_pcm_create(port, pins[0], pins[1], name,
			       pcm->name ?: name, device) ?: 1;
}

/* Take the PCM devices away again; none of them is registered yet. */
static void detach(struct port *base)
{
	struct wave_port *port = from_base(base);
	u32 i;

	for (i = 0; i < port->description->pin_count; i++)
		wave_pcm_destroy(port, &port->pins[i]);
	wave_pin_free_all(port);
}

/*
 * The n-th playback pin and the n-th capture pin are a PCM device together. All
 * of them or none: after an error it may be tried again.
 */
static int attach(struct port *base, const char *name,
		  const struct pc_pcm *pcm)
{
	struct wave_port *port = from_base(base);
	int n = 0, ret;

	if (!port->miniport || port->pins)
		return -EINVAL;

	port->pins = kcalloc(port->description->pin_count,
			     sizeof(*port->pins), GFP_KERNEL);
	if (!port->pins)
		return -ENOMEM;
	do
		ret = attach_pair(port, n++, name, pcm);
	while (ret > 0);
	if (!ret && n == 1)
		ret = -EINVAL;
	if (ret)
		detach(base);
	return ret;
}

static int finish(struct port *base)
{
	struct wave_port *port = from_base(base);

	return topology_mixer_finish(&port->mixer, port->description);
}

static void changed(struct port *base, u32 node)
{
	topology_mixer_changed(&from_base(base)->mixer, node);
}

static void power(struct port *base, enum device_power_state state)
{
	struct wave_port *port = from_base(base);
	struct wave_stream *stream;

	mutex_lock(&port->streams_mutex);
	list_for_each_entry(stream, &port->streams, node)
		if (stream->power)
			stream->power->vtbl->power_change_notify(stream->power,
								 state);
	mutex_unlock(&port->streams_mutex);
}

const struct port_class wave_port_class = {
	.class_id = &clsid_port_wavepci,
	.vtbl = &port_vtbl.port,
	.create = create,
	.attach = attach,
	.detach = detach,
	.finish = finish,
	.changed = changed,
	.power = power,
	.show = show,
	.let_go = let_go,
};
