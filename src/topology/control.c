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

#include "control.h"

static const struct topology_kind kinds[] = {
	{ &ksnodetype_volume, KSPROPERTY_AUDIO_VOLUMELEVEL, TOPOLOGY_LEVEL,
	  .which = "", .what = "Volume" },
	{ &ksnodetype_mute, KSPROPERTY_AUDIO_MUTE, TOPOLOGY_SWITCH,
	  .inverted = true, .which = "", .what = "Switch" },
	{ &ksnodetype_mux, KSPROPERTY_AUDIO_MUX_SOURCE, TOPOLOGY_SOURCE,
	  .which = "", .what = "Source" },
	{ &ksnodetype_agc, KSPROPERTY_AUDIO_AGC, TOPOLOGY_SWITCH,
	  .which = "Auto Gain Control ", .what = "Switch" },
	{ &ksnodetype_loudness, KSPROPERTY_AUDIO_LOUDNESS, TOPOLOGY_SWITCH,
	  .which = "Loudness ", .what = "Switch" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS, TOPOLOGY_LEVEL,
	  .name = "Tone Control - Bass" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_TREBLE, TOPOLOGY_LEVEL,
	  .name = "Tone Control - Treble" },
	{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS_BOOST, TOPOLOGY_SWITCH,
	  .name = "Tone Control - Bass Boost" },
	{ &ksnodetype_dac, KSPROPERTY_AUDIO_CHANNEL_CONFIG, TOPOLOGY_SPEAKERS,
	  .name = "Channel Mode" },
};

static int control_info(struct snd_kcontrol *kcontrol,
			struct snd_ctl_elem_info *info)
{
	struct topology_control *c = snd_kcontrol_chip(kcontrol);

	if (c->choices)
		return snd_ctl_enum_info(info, 1, c->choices, c->name_list);
	info->type = c->kind->form == TOPOLOGY_LEVEL ?
		SNDRV_CTL_ELEM_TYPE_INTEGER : SNDRV_CTL_ELEM_TYPE_BOOLEAN;
	info->count = c->channel_count;
	info->value.integer.max = topology_value_most(c);
	return 0;
}

static int control_get(struct snd_kcontrol *kcontrol,
		       struct snd_ctl_elem_value *value)
{
	struct topology_control *c = snd_kcontrol_chip(kcontrol);
	u32 number, n;
	int err;

	for (n = 0; n < c->channel_count; n++) {
		err = topology_value_read(c, n, &number);
		if (err)
			return err;
		if (c->choices)
			value->value.enumerated.item[n] = number;
		else
			value->value.integer.value[n] = number;
	}
	return 0;
}

/* Returns 1 when the channel's value has changed, 0 when not, or an error. */
static int put_channel(struct topology_control *c, u32 n, u32 number)
{
	u32 before, after;
	int err;

	err = topology_value_read(c, n, &before);
	if (err || before == number)
		return err;
	err = topology_value_write(c, n, number);
	if (!err)
		err = topology_value_read(c, n, &after);
	return err ?: before != after;
}

static int control_put(struct snd_kcontrol *kcontrol,
		       struct snd_ctl_elem_value *value)
{
	struct topology_control *c = snd_kcontrol_chip(kcontrol);
	unsigned long numbers[TOPOLOGY_CHANNELS_MAX];
	int changed = 0, ret;
	u32 n;

	for (n = 0; n < c->channel_count; n++) {
		numbers[n] = c->choices ?
			value->value.enumerated.item[n] :
			value->value.integer.value[n];
		if (numbers[n] > topology_value_most(c))
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
	struct topology_control *c = snd_kcontrol_chip(kcontrol);

	list_del(&c->node);
	kfree(c);
}

/* Another filter of the card, or a codec, may have one that is called so. */
static bool exists(struct snd_card *card, const struct snd_ctl_elem_id *id)
{
	struct snd_kcontrol *other;
	bool found = false;

	down_read(&card->controls_rwsem);
	list_for_each_entry(other, &card->controls, list)
		found |= other->id.iface == id->iface &&
			 other->id.index == id->index &&
			 !strcmp(other->id.name, id->name);
	up_read(&card->controls_rwsem);
	return found;
}

/* The first index that no other of that name has. */
static void number(struct snd_card *card, struct snd_ctl_elem_id *id)
{
	while (exists(card, id))
		id->index++;
}

static void name(struct topology_control *c, struct snd_ctl_elem_id *id)
{
	struct topology_line line = topology_own_line(c->mixer, c->node_id);
	char text[sizeof(id->name)];

	if (c->kind->name)
		strscpy(text, c->kind->name, sizeof(text));
	else
		topology_control_name(c->mixer->filter, &line, c->kind->which,
				      c->kind->what, text, sizeof(text));
	strscpy(id->name, text, sizeof(id->name));
	number(c->mixer->port->adapter->card, id);
}

/* Adds it, or frees it. */
static int add(struct topology_control *c)
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
	if (c->kind->form == TOPOLOGY_LEVEL) {
		template.access |= SNDRV_CTL_ELEM_ACCESS_TLV_READ;
		template.tlv.p = c->level.tlv;
	}
	c->kcontrol = snd_ctl_new1(&template, c);
	if (!c->kcontrol) {
		kfree(c);
		return -ENOMEM;
	}
	name(c, &c->kcontrol->id);
	list_add_tail(&c->node, &c->mixer->controls);
	c->kcontrol->private_free = control_free;
	/* It is freed if it can't be added. */
	return snd_ctl_add(c->mixer->port->adapter->card, c->kcontrol);
}

static int create(struct topology_mixer *mixer, u32 node,
		  const struct topology_kind *kind)
{
	const struct pcautomation_table *table =
		mixer->filter->nodes[node].automation_table;
	const struct pcproperty_item *item =
		portcls_property_find(table, &kspropsetid_audio,
				      kind->property);
	struct topology_control *c;
	int err;

	if (!item)
		return 0;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	INIT_LIST_HEAD(&c->node);
	c->mixer = mixer;
	c->node_id = node;
	c->item = item;
	c->kind = kind;
	err = topology_value_explore(c);
	if (!err)
		return add(c);
	if (err != -ENOMEM)
		dev_info(mixer->port->device,
			 "node %u: property %u: error %d: no control\n", node,
			 kind->property, err);
	kfree(c);
	return err == -ENOMEM ? err : 0;
}

/**
 * topology_control_create_all() - make the controls of a filter
 * @mixer: the filter's mixer, whose lines are found
 *
 * Context: may sleep; before the card is registered. What was made is freed
 * with the card.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int topology_control_create_all(struct topology_mixer *mixer)
{
	const struct pcfilter_descriptor *d = mixer->filter;
	u32 node, i;
	int err = 0;

	for (node = 0; node < d->node_count && !err; node++) {
		for (i = 0; i < ARRAY_SIZE(kinds) && !err; i++)
			if (topology_is(d, node, kinds[i].type))
				err = create(mixer, node, &kinds[i]);
		if (!err)
			err = portcls_events_enable(mixer->port, node,
				d->nodes[node].automation_table,
				&kseventsetid_audio_control_change,
				KSEVENT_CONTROL_CHANGE);
	}
	return err;
}

/**
 * topology_control_notify() - tell ALSA that a node's values have changed
 * @mixer: the filter's mixer
 * @node: ID of the node
 *
 * Context: may sleep.
 */
void topology_control_notify(struct topology_mixer *mixer, u32 node)
{
	struct topology_control *c;

	list_for_each_entry(c, &mixer->controls, node)
		if (c->node_id == node)
			snd_ctl_notify(mixer->port->adapter->card,
				       SNDRV_CTL_EVENT_MASK_VALUE,
				       &c->kcontrol->id);
}

/**
 * topology_control_show() - describe the controls in words
 * @mixer: the filter's mixer
 * @buffer: where to
 *
 * Context: may sleep.
 */
void topology_control_show(struct topology_mixer *mixer,
			   struct snd_info_buffer *buffer)
{
	struct topology_control *c;

	list_for_each_entry(c, &mixer->controls, node)
		snd_iprintf(buffer, "node %u: %s\n", c->node_id,
			    c->kcontrol->id.name);
}

static int jack_get(struct snd_kcontrol *kcontrol,
		    struct snd_ctl_elem_value *value)
{
	const bool *connected = snd_kcontrol_chip(kcontrol);

	value->value.integer.value[0] = READ_ONCE(*connected);
	return 0;
}

/**
 * topology_control_add_jack() - make a jack's control
 * @card: the card
 * @name: what the jack is called
 * @connected: whether a plug is in; stays where it is for as long as the card
 * @out_kcontrol: receives the control, which goes with the card
 *
 * ALSA's jacks come with such a control; but when there is no memory for the rest
 * of it, that is freed and stays on the card. This one is the same, but for that.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int topology_control_add_jack(struct snd_card *card, const char *name,
			      bool *connected,
			      struct snd_kcontrol **out_kcontrol)
{
	static const struct snd_kcontrol_new template = {
		.iface = SNDRV_CTL_ELEM_IFACE_CARD,
		.name = "",
		.access = SNDRV_CTL_ELEM_ACCESS_READ,
		.info = snd_ctl_boolean_mono_info,
		.get = jack_get,
	};
	struct snd_kcontrol *kcontrol = snd_ctl_new1(&template, connected);

	if (!kcontrol)
		return -ENOMEM;
	snprintf(kcontrol->id.name, sizeof(kcontrol->id.name), "%s Jack", name);
	number(card, &kcontrol->id);
	*out_kcontrol = kcontrol;
	/* It is freed if it can't be added. */
	return snd_ctl_add(card, kcontrol);
}

/**
 * topology_control_tell_jack() - a plug has been put in, or pulled out
 * @card: the card
 * @kcontrol: the jack's control
 *
 * Context: any.
 */
void topology_control_tell_jack(struct snd_card *card,
				struct snd_kcontrol *kcontrol)
{
	snd_ctl_notify(card, SNDRV_CTL_EVENT_MASK_VALUE, &kcontrol->id);
}
