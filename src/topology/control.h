/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control: a property of a node, and what it is to ALSA.
 */
#ifndef _WAVEPCI_TOPOLOGY_CONTROL_H
#define _WAVEPCI_TOPOLOGY_CONTROL_H

#include <wavepci/portcls.h>

#include "topology.h"

#define TOPOLOGY_CHANNELS_MAX	2
#define TOPOLOGY_CHOICES_MAX	32

/**
 * enum topology_form - what the values of a control look like
 * @TOPOLOGY_LEVEL: in steps of decibels
 * @TOPOLOGY_SWITCH: on or off
 * @TOPOLOGY_SOURCE: one of some lines
 * @TOPOLOGY_SPEAKERS: how many loudspeakers there are
 */
enum topology_form {
	TOPOLOGY_LEVEL,
	TOPOLOGY_SWITCH,
	TOPOLOGY_SOURCE,
	TOPOLOGY_SPEAKERS,
};

/**
 * struct topology_kind - a kind of control
 * @type: of nodes of this type
 * @property: by this property
 * @form: its values
 * @inverted: a switch that is on when the property is off
 * @name: the whole of its name, or NULL
 * @which: what tells it from the line's plain volume and switch
 * @what: what it is
 */
struct topology_kind {
	const guid_t *type;
	enum ksproperty_audio property;
	enum topology_form form;
	bool inverted;
	const char *name;
	const char *which;
	const char *what;
};

/**
 * struct topology_control - a control
 * @node: in the mixer's list
 * @mixer: the filter's mixer
 * @node_id: ID of the node
 * @item: the property
 * @kind: what kind of control
 * @kcontrol: ALSA's part
 * @channels: the channels that there are
 * @channel_count: how many
 * @level: for a level
 * @values: for a choice: what the property is for each
 * @names: what they are called
 * @name_list: the same as ALSA wants it
 * @choices: how many there are; 0 where there is no choice
 */
struct topology_control {
	struct list_head node;
	struct topology_mixer *mixer;
	u32 node_id;
	const struct pcproperty_item *item;
	const struct topology_kind *kind;
	struct snd_kcontrol *kcontrol;
	s32 channels[TOPOLOGY_CHANNELS_MAX];
	u32 channel_count;
	struct topology_level level;
	u32 values[TOPOLOGY_CHOICES_MAX];
	char names[TOPOLOGY_CHOICES_MAX][24];
	const char *name_list[TOPOLOGY_CHOICES_MAX];
	u32 choices;
};

/* value.c: what a control is worth, and which values there are */

struct topology_line
topology_own_line(const struct topology_mixer *mixer, u32 node);
int topology_value_explore(struct topology_control *c);
int topology_value_read(struct topology_control *c, u32 n, u32 *number);
int topology_value_write(struct topology_control *c, u32 n, u32 number);
u32 topology_value_most(const struct topology_control *c);

#endif
