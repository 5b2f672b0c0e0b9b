// SPDX-License-Identifier: GPL-2.0
/*
 * Values: a property's, as the miniport has them, and a control's, as numbers
 * from 0 on. Which there are, the miniport is asked when the control is made.
 */
#include <linux/bitops.h>
#include <linux/string.h>

#include "../portcls/verifier.h"
#include "control.h"

#define MASTER_CHANNEL	-1

/* How the speakers of so many channels stand. */
static const struct {
	u32 channels;
	u32 speakers;
	const char *name;
} modes[] = {
	{ 1, KSAUDIO_SPEAKER_MONO, "1ch" },
	{ 2, KSAUDIO_SPEAKER_STEREO, "2ch" },
	{ 4, KSAUDIO_SPEAKER_QUAD, "4ch" },
	{ 6, KSAUDIO_SPEAKER_5POINT1, "6ch" },
	{ 8, KSAUDIO_SPEAKER_7POINT1_SURROUND, "8ch" },
};

/* A choice is the node's; all else is a channel's. */
static bool is_choice(const struct topology_control *c)
{
	return c->kind->form == TOPOLOGY_SOURCE ||
	       c->kind->form == TOPOLOGY_SPEAKERS;
}

/* A property's value, whether it is signed or not. */
static int ask(struct topology_control *c, u32 verb, u32 n, s32 *value)
{
	const s32 *channel = is_choice(c) ? NULL : &c->channels[n];

	return portcls_property_ask(c->mixer->port, c->node_id, c->item, verb,
				    channel, value, sizeof(*value));
}

static void report(struct topology_control *c, enum portcls_rule rule)
{
	if (verifier_on())
		portcls_verifier_property(c->mixer->port, rule, c->node_id,
					  c->item->id);
}

/* Returns as many as there are for a pin that isn't there. */
static u32 source_number(const struct topology_control *c, u32 pin)
{
	u32 i;

	for (i = 0; i < c->choices; i++)
		if (c->values[i] == pin)
			break;
	return i;
}

/* There are more ways to set up speakers than choices: the next smaller one. */
static u32 speakers_number(const struct topology_control *c, u32 speakers)
{
	u32 i = c->choices - 1;

	while (i && hweight32(c->values[i]) > hweight32(speakers))
		i--;
	return i;
}

static bool is_possible(const struct topology_control *c, s32 value)
{
	switch (c->kind->form) {
	case TOPOLOGY_LEVEL:
		return topology_level_holds(&c->level, value);
	case TOPOLOGY_SOURCE:
		return source_number(c, value) < c->choices;
	default:
		return true;
	}
}

static u32 to_number(const struct topology_control *c, s32 value)
{
	switch (c->kind->form) {
	case TOPOLOGY_LEVEL:
		return topology_level_number(&c->level, value);
	case TOPOLOGY_SOURCE:
		return source_number(c, value) % c->choices;
	case TOPOLOGY_SPEAKERS:
		return speakers_number(c, value);
	default:
		return !value == c->kind->inverted;
	}
}

static s32 to_value(const struct topology_control *c, u32 number)
{
	switch (c->kind->form) {
	case TOPOLOGY_LEVEL:
		return topology_level_value(&c->level, number);
	case TOPOLOGY_SOURCE:
	case TOPOLOGY_SPEAKERS:
		return c->values[number];
	default:
		return !number == c->kind->inverted;
	}
}

/**
 * topology_value_most() - the largest number of a control
 * @c: the control
 *
 * Context: any.
 * Return: the number; the smallest one is 0.
 */
u32 topology_value_most(const struct topology_control *c)
{
	switch (c->kind->form) {
	case TOPOLOGY_LEVEL:
		return c->level.most;
	case TOPOLOGY_SOURCE:
	case TOPOLOGY_SPEAKERS:
		return c->choices - 1;
	default:
		return 1;
	}
}

/**
 * topology_value_read() - ask what a control is worth
 * @c: the control
 * @n: which of its channels
 * @number: receives what it is worth
 *
 * Context: may sleep.
 * Return: 0, or portcls_property_ask()'s error.
 */
int topology_value_read(struct topology_control *c, u32 n, u32 *number)
{
	s32 value = 0;
	int err = ask(c, KSPROPERTY_TYPE_GET, n, &value);

	if (!err && !is_possible(c, value))
		report(c, PORTCLS_RULE_RANGE);
	*number = to_number(c, value);
	return err;
}

/**
 * topology_value_write() - make a control worth something
 * @c: the control
 * @n: which of its channels
 * @number: what it is to be worth
 *
 * Context: may sleep.
 * Return: 0, or portcls_property_ask()'s error.
 */
int topology_value_write(struct topology_control *c, u32 n, u32 number)
{
	s32 value = to_value(c, number);

	return ask(c, KSPROPERTY_TYPE_SET, n, &value);
}

/* Which values there are */

static int find_range(struct topology_control *c)
{
	struct ksproperty_basic_support_long answer = {};
	int err;

	err = portcls_property_ask(c->mixer->port, c->node_id, c->item,
				   KSPROPERTY_TYPE_BASICSUPPORT,
				   &c->channels[0], &answer, sizeof(answer));
	if (err || (answer.description.access_flags ^ c->item->flags) &
	    (KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_SET))
		report(c, PORTCLS_RULE_SUPPORT);
	if (err)
		return err;
	if (!answer.description.members_list_count ||
	    !answer.header.members_count ||
	    answer.header.members_size < sizeof(answer.range))
		return -EINVAL;
	if (answer.header.members_flags != KSPROPERTY_MEMBER_STEPPEDRANGES)
		answer.range.stepping_delta = 0;
	return topology_level_init(&c->level, &answer.range);
}

/* Left and right, either of them, or one for all; whoever answers is there. */
static int find_channels(struct topology_control *c)
{
	static const s32 all[] = { 0, 1, MASTER_CHANNEL };
	s32 value;
	u32 i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i] == MASTER_CHANNEL && c->channel_count)
			break;
		c->channels[c->channel_count] = all[i];
		err = ask(c, KSPROPERTY_TYPE_GET, c->channel_count, &value);
		if (!err)
			c->channel_count++;
		if (err == -ENOMEM)
			return err;
	}
	return c->channel_count ? 0 : err;
}

static struct topology_line line_or_node(struct topology_line line, u32 node)
{
	if (!line.found) {
		line.pin = PCFILTER_NODE;
		line.node = node;
	}
	return line;
}

/**
 * topology_own_line() - the line that a node is on
 * @mixer: its filter's mixer
 * @node: ID of the node
 *
 * Context: any.
 * Return: the line. What is on none is called by its own name.
 */
struct topology_line
topology_own_line(const struct topology_mixer *mixer, u32 node)
{
	return line_or_node(mixer->lines[node], node);
}

/* Returns the place where the choice's name belongs. */
static char *add_choice(struct topology_control *c, u32 value)
{
	u32 n = c->choices++;

	c->values[n] = value;
	c->name_list[n] = c->names[n];
	return c->names[n];
}

static void find_sources(struct topology_control *c)
{
	const struct pcfilter_descriptor *d = c->mixer->filter;
	struct topology_line line;
	u32 i;

	for (i = 0; i < d->connection_count &&
		    c->choices < TOPOLOGY_CHOICES_MAX; i++) {
		const struct pcconnection_descriptor *from = &d->connections[i];

		if (from->to_node != c->node_id)
			continue;
		line = line_or_node(topology_source(d, c->mixer->lines, from),
				    from->from_node);
		topology_line_name(d, &line, add_choice(c, from->to_node_pin),
				   sizeof(c->names[0]));
	}
}

/* The most channels that the filter can play; 0 when it doesn't say. */
static u32 most_channels(const struct pcfilter_descriptor *filter)
{
	const struct pcpin_descriptor *pin;
	u32 i, r, most = 0;

	for (i = 0; i < filter->pin_count; i++) {
		pin = &filter->pins[i];
		if (pin->data_flow != KSPIN_DATAFLOW_IN)
			continue;
		for (r = 0; r < pin->data_ranges_count; r++)
			most = max(most, pin->data_ranges[r].maximum_channels);
	}
	return most;
}

static void find_modes(struct topology_control *c)
{
	u32 most = most_channels(c->mixer->filter) ?: U32_MAX;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (modes[i].channels <= most)
			strscpy(add_choice(c, modes[i].speakers), modes[i].name,
				sizeof(c->names[0]));
}

/**
 * topology_value_explore() - find out what a control can be worth
 * @c: the control, with its node, property and kind
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; or another error when the property isn't there.
 */
int topology_value_explore(struct topology_control *c)
{
	s32 value;
	int err;

	if (c->kind->form == TOPOLOGY_SOURCE)
		find_sources(c);
	else if (c->kind->form == TOPOLOGY_SPEAKERS)
		find_modes(c);
	if (is_choice(c)) {
		c->channel_count = 1;
		return c->choices ? ask(c, KSPROPERTY_TYPE_GET, 0, &value) :
				    -EINVAL;
	}
	err = find_channels(c);
	if (!err && c->kind->form == TOPOLOGY_LEVEL)
		err = find_range(c);
	return err;
}
