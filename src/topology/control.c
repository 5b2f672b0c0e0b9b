// SPDX-License-Identifier: GPL-2.0
/*
 * ALSA's controls, one for each property of a node that the miniport answers.
 * What a control is worth, only the miniport knows: it is asked each time, and
 * asked again after a change, since it may have taken what it can.
 */
#include <linux/slab.h>
#include <sound/control.h>
#include <sound/core.h>
#include <sound/info.h>

#include "../portcls/verifier.h"
#include "topology.h"

#define CHANNELS_MAX	2
#define SOURCES_MAX	32
#define MASTER_CHANNEL	-1

/**
 * enum form - what the values of a control look like
 * @LEVEL: in steps of decibels
 * @SWITCH: on or off
 * @SOURCE: one of some lines
 */
enum form {
	LEVEL,
	SWITCH,
	SOURCE,
};

/**
 * struct kind - a kind of control
 * @type: of nodes of this type
 * @property: by this property
 * @form: its values
 * @inverted: a switch that is on when the property is off
 * @name: the whole of its name, or NULL
 * @which: what tells it from the line's plain volume and switch
 * @what: what it is
 */
struct kind {
	const guid_t *type;
	enum ksproperty_audio property;
	enum form form;
	bool inverted;
	const char *name;
	const char *which;
	const char *what;
};

static const struct kind kinds[] = {
	{ &ksnodetype_volume, KSPROPERTY_AUDIO_VOLUMELEVEL, LEVEL,
	  .which = "", .what = "Volume" },
	{ &ksnodetype_mute, KSPROPERTY_AUDIO_MUTE, SWITCH, .inverted = true,
	  .which = "", .what = "Switch" },
	{ &ksnodetype_mux, KSPROPERTY_AUDIO_MUX_SOURCE, SOURCE,
	  .which = "", .what = "Source" },
	{ &ksnodetype_agc, KSPROPERTY_AUDIO_AGC, SWITCH,
	  .which = "Auto Gain Control ", .what = "Switch" },
	{ &ksnodetype_loudness, KSPROPERTY_AUDIO_LOUDNESS, SWITCH,
	  .which = "Loudness ", .what = "Switch" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS, LEVEL,
	  .name = "Tone Control - Bass" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_TREBLE, LEVEL,
	  .name = "Tone Control - Treble" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS_BOOST, SWITCH,
	  .name = "Tone Control - Bass Boost" },
};

/**
 * struct control - a control
 * @node: in the port's list
 * @port: the port
 * @node_id: ID of the node
 * @item: the property
 * @kind: what kind of control
 * @kcontrol: ALSA's part
 * @channels: the channels that there are
 * @channel_count: how many
 * @level: for a level
 * @sources: for a source: the node's input pins
 * @names: and what comes in there
 * @name_list: the same as ALSA wants it
 * @source_count: how many
 */
struct control {
	struct list_head node;
	struct topology_port *port;
	u32 node_id;
	const struct pcproperty_item *item;
	const struct kind *kind;
	struct snd_kcontrol *kcontrol;
	s32 channels[CHANNELS_MAX];
	u32 channel_count;
	struct topology_level level;
	u32 sources[SOURCES_MAX];
	char names[SOURCES_MAX][24];
	const char *name_list[SOURCES_MAX];
	u32 source_count;
};

/* A property's value, whether it is signed or not. */
static int ask(struct control *c, u32 verb, u32 n, s32 *value)
{
	const s32 *channel = c->kind->form == SOURCE ? NULL : &c->channels[n];

	return portcls_property_ask(&c->port->base, c->node_id, c->item, verb,
				    channel, value, sizeof(*value));
}

/* Returns as many as there are for a pin that isn't there. */
static u32 source_number(const struct control *c, u32 pin)
{
	u32 i;

	for (i = 0; i < c->source_count; i++)
		if (c->sources[i] == pin)
			break;
	return i;
}

static bool is_possible(const struct control *c, s32 value)
{
	switch (c->kind->form) {
	case LEVEL:
		return topology_level_holds(&c->level, value);
	case SOURCE:
		return source_number(c, value) < c->source_count;
	default:
		return true;
	}
}

static void report(struct control *c, enum portcls_rule rule)
{
	portcls_verifier_property(&c->port->base, rule, c->node_id,
				  c->item->id);
}

static u32 to_number(const struct control *c, s32 value)
{
	switch (c->kind->form) {
	case LEVEL:
		return topology_level_number(&c->level, value);
	case SOURCE:
		return source_number(c, value) % c->source_count;
	default:
		return !value == c->kind->inverted;
	}
}

static s32 to_value(const struct control *c, u32 number)
{
	switch (c->kind->form) {
	case LEVEL:
		return topology_level_value(&c->level, number);
	case SOURCE:
		return c->sources[number];
	default:
		return !number == c->kind->inverted;
	}
}

static u32 most(const struct control *c)
{
	switch (c->kind->form) {
	case LEVEL:
		return c->level.most;
	case SOURCE:
		return c->source_count - 1;
	default:
		return 1;
	}
}

static int read(struct control *c, u32 n, u32 *number)
{
	s32 value = 0;
	int err = ask(c, KSPROPERTY_TYPE_GET, n, &value);

	if (!err && !is_possible(c, value))
		report(c, PORTCLS_RULE_RANGE);
	*number = to_number(c, value);
	return err;
}

static int control_info(struct snd_kcontrol *kcontrol,
			struct snd_ctl_elem_info *info)
{
	struct control *c = snd_kcontrol_chip(kcontrol);

	if (c->kind->form == SOURCE)
		return snd_ctl_enum_info(info, 1, c->source_count,
					 c->name_list);
	info->type = c->kind->form == LEVEL ? SNDRV_CTL_ELEM_TYPE_INTEGER :
					      SNDRV_CTL_ELEM_TYPE_BOOLEAN;
	info->count = c->channel_count;
	info->value.integer.max = most(c);
	return 0;
}

static int control_get(struct snd_kcontrol *kcontrol,
		       struct snd_ctl_elem_value *value)
{
	struct control *c = snd_kcontrol_chip(kcontrol);
	u32 number, n;
	int err;

	for (n = 0; n < c->channel_count; n++) {
		err = read(c, n, &number);
		if (err)
			return err;
		if (c->kind->form == SOURCE)
			value->value.enumerated.item[n] = number;
		else
			value->value.integer.value[n] = number;
	}
	return 0;
}

/* Returns 1 when the channel's value has changed, 0 when not, or an error. */
static int put_channel(struct control *c, u32 n, u32 number)
{
	u32 before, after;
	s32 value;
	int err;

	err = read(c, n, &before);
	if (err || before == number)
		return err;
	value = to_value(c, number);
	err = ask(c, KSPROPERTY_TYPE_SET, n, &value);
	if (!err)
		err = read(c, n, &after);
	return err ?: before != after;
}

static int control_put(struct snd_kcontrol *kcontrol,
		       struct snd_ctl_elem_value *value)
{
	struct control *c = snd_kcontrol_chip(kcontrol);
	unsigned long numbers[CHANNELS_MAX];
	int changed = 0, ret;
	u32 n;

	for (n = 0; n < c->channel_count; n++) {
		numbers[n] = c->kind->form == SOURCE ?
			value->value.enumerated.item[n] :
			value->value.integer.value[n];
		if (numbers[n] > most(c))
			return -EINVAL;
	}
	for (n = 0; n < c->channel_count; n++) {
		ret = put_channel(c, n, numbers[n]);
		if (ret < 0)
			return ret;
		changed |= ret;
	}
	return changed;
}

static void control_free(struct snd_kcontrol *kcontrol)
{
	struct control *c = snd_kcontrol_chip(kcontrol);

	list_del(&c->node);
	kfree(c);
}

static int find_range(struct control *c)
{
	struct ksproperty_basic_support_long answer = {};
	int err;

	err = portcls_property_ask(&c->port->base, c->node_id, c->item,
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
static int find_channels(struct control *c)
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

/* What is on no line is called by its own name. */
static struct topology_line line_or_node(struct topology_line line, u32 node)
{
	if (!line.found) {
		line.pin = PCFILTER_NODE;
		line.node = node;
	}
	return line;
}

static int find_sources(struct control *c)
{
	const struct pcfilter_descriptor *d = c->port->description;
	u32 i, n = 0;
	s32 value;

	for (i = 0; i < d->connection_count && n < SOURCES_MAX; i++) {
		const struct pcconnection_descriptor *from = &d->connections[i];
		struct topology_line line;

		if (from->to_node != c->node_id)
			continue;
		line = line_or_node(topology_source(d, c->port->lines, from),
				    from->from_node);
		c->sources[n] = from->to_node_pin;
		topology_line_name(d, &line, c->names[n], sizeof(c->names[n]));
		c->name_list[n] = c->names[n];
		n++;
	}
	c->source_count = n;
	c->channel_count = 1;
	return n ? ask(c, KSPROPERTY_TYPE_GET, 0, &value) : -EINVAL;
}

/* Returns 0; -ENOMEM; or another error when the property isn't there. */
static int explore(struct control *c)
{
	int err;

	if (c->kind->form == SOURCE)
		return find_sources(c);
	err = find_channels(c);
	if (!err && c->kind->form == LEVEL)
		err = find_range(c);
	return err;
}

static void name(struct control *c, struct snd_ctl_elem_id *id)
{
	struct topology_line line = line_or_node(c->port->lines[c->node_id],
						 c->node_id);
	struct control *other;
	char text[sizeof(id->name)];

	if (c->kind->name)
		strscpy(text, c->kind->name, sizeof(text));
	else
		topology_control_name(c->port->description, &line,
				      c->kind->which, c->kind->what, text,
				      sizeof(text));
	strscpy(id->name, text, sizeof(id->name));
	list_for_each_entry(other, &c->port->controls, node)
		if (other != c && !strcmp(other->kcontrol->id.name, id->name))
			id->index++;
}

/* Adds it, or frees it. */
static int add(struct control *c)
{
	struct snd_kcontrol_new template = {
		.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
		.name = "",
		.access = SNDRV_CTL_ELEM_ACCESS_READ,
		.info = control_info,
		.get = control_get,
	};

	if (c->item->flags & PCPROPERTY_ITEM_FLAG_SET) {
		template.access |= SNDRV_CTL_ELEM_ACCESS_WRITE;
		template.put = control_put;
	}
	if (c->kind->form == LEVEL) {
		template.access |= SNDRV_CTL_ELEM_ACCESS_TLV_READ;
		template.tlv.p = c->level.tlv;
	}
	c->kcontrol = snd_ctl_new1(&template, c);
	if (!c->kcontrol) {
		kfree(c);
		return -ENOMEM;
	}
	name(c, &c->kcontrol->id);
	list_add_tail(&c->node, &c->port->controls);
	c->kcontrol->private_free = control_free;
	/* It is freed if it can't be added. */
	return snd_ctl_add(c->port->base.adapter->card, c->kcontrol);
}

static int create(struct topology_port *port, u32 node, const struct kind *kind)
{
	const struct pcautomation_table *table =
		port->description->nodes[node].automation_table;
	const struct pcproperty_item *item =
		portcls_property_find(table, &kspropsetid_audio,
				      kind->property);
	struct control *c;
	int err;

	if (!item)
		return 0;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	INIT_LIST_HEAD(&c->node);
	c->port = port;
	c->node_id = node;
	c->item = item;
	c->kind = kind;
	err = explore(c);
	if (!err)
		return add(c);
	if (err != -ENOMEM)
		dev_info(port->base.device,
			 "node %u: property %u: error %d: no control\n", node,
			 kind->property, err);
	kfree(c);
	return err == -ENOMEM ? err : 0;
}

static int hush(struct snd_device *device)
{
	struct topology_port *port = device->device_data;

	portcls_events_hush(&port->base);
	return 0;
}

/**
 * topology_control_create_all() - make the controls of a filter
 * @port: the filter, whose lines are found
 *
 * Context: may sleep; before the card is registered. What was made is freed
 * with the card.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int topology_control_create_all(struct topology_port *port)
{
	static const struct snd_device_ops ops = {
		.dev_free = hush,
		.dev_disconnect = hush,
	};
	struct snd_card *card = port->base.adapter->card;
	u32 node, i;
	int err;

	/* Before the card's controls are gone nobody may be told any more. */
	err = snd_device_new(card, SNDRV_DEV_LOWLEVEL, port, &ops);
	for (node = 0; node < port->description->node_count && !err; node++) {
		for (i = 0; i < ARRAY_SIZE(kinds) && !err; i++)
			if (topology_is(port->description, node, kinds[i].type))
				err = create(port, node, &kinds[i]);
		if (!err)
			err = portcls_events_enable(&port->base, node,
				port->description->nodes[node].automation_table,
				&kseventsetid_audio_control_change,
				KSEVENT_CONTROL_CHANGE);
	}
	return err;
}

/**
 * topology_control_notify() - tell ALSA that a node's values have changed
 * @port: the filter
 * @node: ID of the node
 *
 * Context: may sleep.
 */
void topology_control_notify(struct topology_port *port, u32 node)
{
	struct control *c;

	list_for_each_entry(c, &port->controls, node)
		if (c->node_id == node)
			snd_ctl_notify(port->base.adapter->card,
				       SNDRV_CTL_EVENT_MASK_VALUE,
				       &c->kcontrol->id);
}

/**
 * topology_control_show() - describe the controls in words
 * @port: the filter
 * @buffer: where to
 *
 * Context: may sleep.
 */
void topology_control_show(struct topology_port *port,
			   struct snd_info_buffer *buffer)
{
	struct control *c;

	list_for_each_entry(c, &port->controls, node)
		snd_iprintf(buffer, "node %u: %s\n", c->node_id,
			    c->kcontrol->id.name);
}
