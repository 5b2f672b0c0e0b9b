// SPDX-License-Identifier: GPL-2.0
/*
 * What a filter shows of itself in ALSA's mixer: a topology filter shows little
 * else, and a wave filter may have nodes and jacks, too.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "topology.h"

/**
 * topology_mixer_init() - begin with nothing
 * @mixer: all zeroes
 * @port: the filter's port
 *
 * Context: any.
 */
void topology_mixer_init(struct topology_mixer *mixer, struct port *port)
{
	mixer->port = port;
	INIT_LIST_HEAD(&mixer->controls);
	INIT_LIST_HEAD(&mixer->jacks);
}

/* An end of a connection: a pin of the filter that goes that way, or a node. */
static bool end_is_valid(const struct pcfilter_descriptor *d, u32 node, u32 pin,
			 enum kspin_dataflow flow)
{
	if (node != PCFILTER_NODE)
		return node < d->node_count;
	return pin < d->pin_count && d->pins[pin].data_flow == flow;
}

/**
 * topology_mixer_check() - see whether a description makes sense
 * @device: the adapter's device, for what is said when it doesn't
 * @filter: the description
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for none, for too much of something, and for connections
 * that lead nowhere.
 */
int topology_mixer_check(struct device *device,
			 const struct pcfilter_descriptor *filter)
{
	const struct pcconnection_descriptor *c;
	u32 i;

	if (!filter || filter->pin_count > TOPOLOGY_PINS_MAX ||
	    filter->node_count > TOPOLOGY_NODES_MAX ||
	    filter->connection_count > TOPOLOGY_CONNECTIONS_MAX ||
	    (filter->pin_count && !filter->pins) ||
	    (filter->node_count && !filter->nodes) ||
	    (filter->connection_count && !filter->connections))
		goto bad;
	for (i = 0; i < filter->node_count; i++)
		if (!filter->nodes[i].type)
			goto bad;
	for (i = 0; i < filter->connection_count; i++) {
		c = &filter->connections[i];
		if (!end_is_valid(filter, c->from_node, c->from_node_pin,
				  KSPIN_DATAFLOW_IN) ||
		    !end_is_valid(filter, c->to_node, c->to_node_pin,
				  KSPIN_DATAFLOW_OUT)) {
			dev_err(device,
				"connection %u of the filter: from or to a node or pin that isn't there, or the wrong way\n",
				i);
			return -EINVAL;
		}
	}
	return 0;

bad:
	dev_err(device,
		"the description of the filter is missing, or has pins, nodes or connections that are missing, or more than %u, %u or %u, or a node without a type\n",
		TOPOLOGY_PINS_MAX, TOPOLOGY_NODES_MAX,
		TOPOLOGY_CONNECTIONS_MAX);
	return -EINVAL;
}

/* What comes out of a pin is recorded: by another filter, or as a stream. */
static bool is_recorded(struct port *port, const struct pcpin_descriptor *pin,
			u32 id)
{
	return portcls_adapter_connects(port, id) ||
	       (pin->communication == KSPIN_COMMUNICATION_SINK &&
		pin->data_flow == KSPIN_DATAFLOW_OUT);
}

/**
 * topology_mixer_finish() - make the controls and jacks of a filter
 * @mixer: the mixer
 * @filter: the filter's description, which was checked
 *
 * Names depend on the connections to other filters.
 *
 * Context: may sleep; when the adapter's start is over.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int topology_mixer_finish(struct topology_mixer *mixer,
			  const struct pcfilter_descriptor *filter)
{
	bool recorded[TOPOLOGY_PINS_MAX];
	u32 pin;
	int err;

	mixer->filter = filter;
	for (pin = 0; pin < filter->pin_count; pin++)
		recorded[pin] = is_recorded(mixer->port, &filter->pins[pin],
					    pin);
	mixer->lines = kcalloc(filter->node_count, sizeof(*mixer->lines),
			       GFP_KERNEL);
	if (!mixer->lines)
		return -ENOMEM;
	topology_find_lines(filter, recorded, mixer->lines);
	err = topology_control_create_all(mixer);
	return err ?: topology_jack_create_all(mixer);
}

/**
 * topology_mixer_changed() - something has changed by itself
 * @mixer: the mixer
 * @node: ID of the node, %PCFILTER_NODE for the jacks
 *
 * Context: may sleep.
 */
void topology_mixer_changed(struct topology_mixer *mixer, u32 node)
{
	if (node == PCFILTER_NODE)
		topology_jack_report(mixer);
	else
		topology_control_notify(mixer, node);
}

/**
 * topology_mixer_show() - describe controls and jacks in words
 * @mixer: the mixer
 * @buffer: where to
 *
 * Context: may sleep.
 */
void topology_mixer_show(struct topology_mixer *mixer,
			 struct snd_info_buffer *buffer)
{
	topology_control_show(mixer, buffer);
	topology_jack_show(mixer, buffer);
}

/**
 * topology_mixer_let_go() - the filter's miniport goes
 * @mixer: the mixer; the card and its controls are gone
 *
 * Context: may sleep.
 */
void topology_mixer_let_go(struct topology_mixer *mixer)
{
	topology_jack_forget_all(mixer);
	kfree(mixer->lines);
	mixer->lines = NULL;
	mixer->filter = NULL;
}
