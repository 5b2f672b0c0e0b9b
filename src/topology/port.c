// SPDX-License-Identifier: GPL-2.0
/*
 * IPortTopology: the port half of a topology filter, which is a mixer.
 */
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/info.h>

#include "topology.h"

static struct topology_port *from_iport(struct iport *port)
{
	return container_of(port, struct topology_port, port.port);
}

static struct topology_port *from_base(struct port *port)
{
	return container_of(port, struct topology_port, base);
}

static void let_go(struct port *base)
{
	struct topology_port *port = from_base(base);
	struct iminiport_topology *miniport = port->miniport;

	topology_mixer_let_go(&port->mixer);
	port->description = NULL;
	port->miniport = NULL;
	if (miniport)
		iunknown_put(&miniport->unknown);
}

static int port_init(struct iport *self, struct device *device,
		     struct iunknown *unknown_miniport,
		     struct iunknown *unknown_adapter,
		     struct iresource_list *resource_list)
{
	struct topology_port *port = from_iport(self);
	struct iminiport *base;
	int err;

	if (port->miniport)
		return -EALREADY;
	err = portcls_port_begin(&port->base, device);
	if (err)
		return err;
	err = iminiport_topology_query(unknown_miniport, &port->miniport);
	if (err)
		return err;
	base = &port->miniport->miniport;
	err = portcls_error(port->miniport->vtbl->init(port->miniport,
						       unknown_adapter,
						       resource_list,
						       &port->port));
	if (!err)
		err = portcls_error(base->vtbl->get_description(base,
							&port->description));
	if (!err)
		err = topology_mixer_check(device, port->description);
	if (err) {
		portcls_port_let_go(&port->base);
		return err;
	}
	portcls_port_bind(&port->base, unknown_miniport);
	return 0;
}

static void port_free(struct cunknown *object)
{
	struct topology_port *port = container_of(object, struct topology_port,
						  base.base);

	portcls_port_let_go(&port->base);
	kfree(port);
}

static const struct iport_topology_vtbl port_vtbl = {
	.port = {
		.unknown = { CUNKNOWN_METHODS },
		.init = port_init,
		.get_device_property = portcls_port_get_device_property,
		.new_registry_key = portcls_port_new_registry_key,
	},
};

DEFINE_CUNKNOWN_CLASS(port_class, "topology port", port_free,
	CUNKNOWN_INTERFACE(iid_iport, struct topology_port, port, port_vtbl),
	CUNKNOWN_INTERFACE(iid_iport_topology, struct topology_port, port,
			   port_vtbl),
	PORTCLS_EVENTS_INTERFACE(struct topology_port),
	PORTCLS_VERSION_INTERFACE(struct topology_port),
	PORTCLS_UNREGISTER_INTERFACE(struct topology_port));

static int create(struct iport **out_port)
{
	struct topology_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return -ENOMEM;
	portcls_port_setup(&port->base, &topology_port_class, &port_class);
	topology_mixer_init(&port->mixer, &port->base);
	*out_port = &port->port.port;
	return 0;
}

static int attach(struct port *base, const char *name,
		  const struct pc_pcm *pcm)
{
	struct topology_port *port = from_base(base);

	if (!port->miniport || port->attached)
		return -EINVAL;
	port->attached = true;
	return 0;
}

static void detach(struct port *base)
{
	from_base(base)->attached = false;
}

static int finish(struct port *base)
{
	struct topology_port *port = from_base(base);

	return topology_mixer_finish(&port->mixer, port->description);
}

static void changed(struct port *base, u32 node)
{
	topology_mixer_changed(&from_base(base)->mixer, node);
}

static void show(struct port *base, struct snd_info_buffer *buffer)
{
	topology_mixer_show(&from_base(base)->mixer, buffer);
}

const struct port_class topology_port_class = {
	.class_id = &clsid_port_topology,
	.vtbl = &port_vtbl.port,
	.create = create,
	.attach = attach,
	.detach = detach,
	.finish = finish,
	.changed = changed,
	.show = show,
	.let_go = let_go,
};
