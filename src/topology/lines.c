// SPDX-License-Identifier: GPL-2.0
/*
 * Lines: which nodes belong to what one hears, and which to what it is made
 * of. The rules are those of the model's own mixer:
 *
 * From an output pin upstream all nodes are on that pin's line, the first SUM
 * or MUX included, or the first node that several others lead to. From an input
 * pin downstream all nodes are on that pin's line, up to the next SUM or MUX or
 * to a line that ends at an output pin. What comes out of a SUM or MUX, and
 * isn't on an output pin's line, is a line of its own.
 *
 * A description may be any nonsense within its limits, circles included: each
 * loop here ends because it only ever adds.
 */
#include "topology.h"

/**
 * topology_is() - see whether a node is of a type
 * @filter: the filter
 * @node: ID of the node
 * @type: the type
 *
 * Context: any.
 * Return: whether it is.
 */
bool topology_is(const struct pcfilter_descriptor *filter, u32 node,
		 const guid_t *type)
{
	return guid_equal(filter->nodes[node].type, type);
}

/* Where lines end. */
static bool joins(const struct pcfilter_descriptor *filter, u32 node)
{
	return topology_is(filter, node, &ksnodetype_sum) ||
	       topology_is(filter, node, &ksnodetype_mux);
}

/* The connection to a node or an output pin; NULL for none, or for several. */
static const struct pcconnection_descriptor *
only_parent(const struct pcfilter_descriptor *filter, u32 node, u32 pin)
{
	const struct pcconnection_descriptor *c, *found = NULL;
	u32 i;

	for (i = 0; i < filter->connection_count; i++) {
		c = &filter->connections[i];
		if (c->to_node != node ||
		    (node == PCFILTER_NODE && c->to_node_pin != pin))
			continue;
		if (found)
			return NULL;
		found = c;
	}
	return found;
}

static enum topology_way pin_way(const struct pcfilter_descriptor *filter,
				 const bool *recorded, u32 pin)
{
	const guid_t *category = filter->pins[pin].category;

	if (recorded[pin])
		return TOPOLOGY_CAPTURE;
	if (category && (guid_equal(category, &kscategory_audio) ||
			 guid_equal(category, &pinname_capture)))
		return TOPOLOGY_CAPTURE;
	return TOPOLOGY_PLAYBACK;
}

static void find_destination(const struct pcfilter_descriptor *filter,
			     const bool *recorded, u32 pin,
			     struct topology_line *lines)
{
	const struct pcconnection_descriptor *c;
	u32 node;

	for (c = only_parent(filter, PCFILTER_NODE, pin); c;
	     c = only_parent(filter, node, 0)) {
		node = c->from_node;
		if (node == PCFILTER_NODE || lines[node].found)
			return;
		lines[node] = (struct topology_line) {
			.found = true,
			.destination = true,
			.way = pin_way(filter, recorded, pin),
			.pin = pin,
			.node = PCFILTER_NODE,
		};
		if (joins(filter, node))
			return;
	}
}

/* Which way a connection leads, as far as that is known. */
static enum topology_way leads(const struct pcfilter_descriptor *filter,
			       const bool *recorded,
			       const struct topology_line *lines,
			       const struct pcconnection_descriptor *c)
{
	return c->to_node == PCFILTER_NODE ?
		pin_way(filter, recorded, c->to_node_pin) :
		lines[c->to_node].way;
}

/* Each node leads where those lead that it leads to. */
static void find_ways(const struct pcfilter_descriptor *filter,
		      const bool *recorded, struct topology_line *lines)
{
	const struct pcconnection_descriptor *c;
	enum topology_way way;
	bool more;
	u32 i;

	do {
		more = false;
		for (i = 0; i < filter->connection_count; i++) {
			c = &filter->connections[i];
			if (c->from_node == PCFILTER_NODE)
				continue;
			way = lines[c->from_node].way |
				leads(filter, recorded, lines, c);
			more |= way != lines[c->from_node].way;
			lines[c->from_node].way = way;
		}
	} while (more);
}

/**
 * topology_source() - the line of what comes over a connection
 * @filter: the filter
 * @lines: the lines that nodes are on
 * @connection: the connection
 *
 * Context: any.
 * Return: the line; one that isn't found when that isn't known yet.
 */
struct topology_line
topology_source(const struct pcfilter_descriptor *filter,
		const struct topology_line *lines,
		const struct pcconnection_descriptor *connection)
{
	struct topology_line line = {
		.found = true,
		.pin = PCFILTER_NODE,
		.node = PCFILTER_NODE,
	};

	if (connection->from_node == PCFILTER_NODE)
		line.pin = connection->from_node_pin;
	else if (joins(filter, connection->from_node))
		line.node = connection->from_node;
	else
		line = lines[connection->from_node];
	return line;
}

static void find_sources(const struct pcfilter_descriptor *filter,
			 struct topology_line *lines)
{
	const struct pcconnection_descriptor *c;
	struct topology_line line, *to;
	bool more;
	u32 i;

	do {
		more = false;
		for (i = 0; i < filter->connection_count; i++) {
			c = &filter->connections[i];
			if (c->to_node == PCFILTER_NODE)
				continue;
			to = &lines[c->to_node];
			line = topology_source(filter, lines, c);
			if (to->found || joins(filter, c->to_node) ||
			    !line.found || line.destination)
				continue;
			line.way = to->way;
			*to = line;
			more = true;
		}
	} while (more);
}

/**
 * topology_find_lines() - find the line of each node
 * @filter: the filter, whose description was checked
 * @recorded: for each pin, whether a wave filter takes what comes out of it
 * @lines: receives the line of each node; all zeroes before
 *
 * Context: any.
 */
void topology_find_lines(const struct pcfilter_descriptor *filter,
			 const bool *recorded, struct topology_line *lines)
{
	u32 pin;

	for (pin = filter->pin_count; pin--; )
		if (filter->pins[pin].data_flow == KSPIN_DATAFLOW_OUT)
			find_destination(filter, recorded, pin, lines);
	find_ways(filter, recorded, lines);
	find_sources(filter, lines);
}
