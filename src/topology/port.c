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

	kfree(port->lines);
	port->lines = NULL;
	port->description = NULL;
	port->miniport = NULL;
	if (miniport)
		iunknown_put(&miniport->unknown);
}

/* An end of a connection: a pin of the filter that goes that way, or a node. */
static bool end_is_valid(const struct pcfilter_descriptor *d, u32 node, u32 pin,
			 enum kspin_dataflow flow)
{
	if (node != PCFILTER_NODE)
		return node < d->node_count;
	return pin < d->pin_count && d->pins[pin].data_flow == flow;
}

static int check_description(struct topology_port *port)
{
	const struct pcfilter_descriptor *d = port->description;
	const struct pcconnection_descriptor *c;
	u32 i;

	if (!d || d->pin_count > TOPOLOGY_PINS_MAX ||
	    d->node_count > TOPOLOGY_NODES_MAX ||
	    d->connection_count > TOPOLOGY_CONNECTIONS_MAX ||
	    (d->pin_count && !d->pins) || (d->node_count && !d->nodes) ||
	    (d->connection_count && !d->connections))
		goto bad;
	for (i = 0; i < d->node_count; i++)
		if (!d->nodes[i].type)
			goto bad;
	for (i = 0; i < d->connection_count; i++) {
		c = &d->connections[i];
		if (!end_is_valid(d, c->from_node, c->from_node_pin,
				  KSPIN_DATAFLOW_IN) ||
		    !end_is_valid(d, c->to_node, c->to_node_pin,
				  KSPIN_DATAFLOW_OUT)) {
			dev_err(port->base.device,
				"connection %u of the filter: from or to a node or pin that isn't there, or the wrong way\n",
				i);
			return -EINVAL;
		}
	}
	return 0;

bad:
	dev_err(port->base.device,
		"the description of the filter is missing, or has pins, nodes or connections that are missing, or more than %u, %u or %u, or a node without a type\n",
		TOPOLOGY_PINS_MAX, TOPOLOGY_NODES_MAX,
		TOPOLOGY_CONNECTIONS_MAX);
	return -EINVAL;
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
		err = check_description(port);
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
	INIT_LIST_HEAD(&port->controls);
	*out_port = &port->port.port;
	return 0;
}

static int attach(struct port *base, const char *name)
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

/* Names depend on the connections to other filters. */
static int finish(struct port *base)
{
	struct topology_port *port = from_base(base);
	const struct pcfilter_descriptor *d = port->description;
	bool recorded[TOPOLOGY_PINS_MAX];
	u32 pin;

	for (pin = 0; pin < d->pin_count; pin++)
		recorded[pin] = portcls_adapter_connects(base, pin);
	port->lines = kcalloc(d->node_count, sizeof(*port->lines), GFP_KERNEL);
	if (!port->lines)
		return -ENOMEM;
	topology_find_lines(d, recorded, port->lines);
	return topology_control_create_all(port);
}

static void changed(struct port *base, u32 node)
{
	topology_control_notify(from_base(base), node);
}

static void show(struct port *base, struct snd_info_buffer *buffer)
{
	topology_control_show(from_base(base), buffer);
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
