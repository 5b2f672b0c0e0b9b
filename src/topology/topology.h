/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The topology port: what its files offer each other.
 *
 * A filter's description says which nodes there are and how they hang together.
 * lines.c finds out what each of them is a part of, names.c what that is called
 * in ALSA, control.c makes a control of each property that answers, and jack.c
 * a jack of each pin that has one. mixer.c does all that for any filter.
 */
#ifndef _WAVEPCI_TOPOLOGY_TOPOLOGY_H
#define _WAVEPCI_TOPOLOGY_TOPOLOGY_H

#include <linux/list.h>

#include <wavepci/portcls.h>

#include "../portcls/portcls.h"

struct snd_card;
struct snd_kcontrol;

/* Of one filter; more is taken for a mistake. */
#define TOPOLOGY_PINS_MAX		64u
#define TOPOLOGY_NODES_MAX		256u
#define TOPOLOGY_CONNECTIONS_MAX	1024u

/* lines.c: which line a node is on; pure */

/**
 * enum topology_way - which way what flows through a node goes
 * @TOPOLOGY_NOWHERE: nowhere
 * @TOPOLOGY_PLAYBACK: out of the adapter
 * @TOPOLOGY_CAPTURE: to the wave filter
 * @TOPOLOGY_BOTH: both
 */
enum topology_way {
	TOPOLOGY_NOWHERE = 0,
	TOPOLOGY_PLAYBACK = 1,
	TOPOLOGY_CAPTURE = 2,
	TOPOLOGY_BOTH = 3,
};

/**
 * struct topology_line - the line that a node is on
 * @found: it is on one
 * @destination: that ends at an output pin; else it comes from a source
 * @way: which way it goes
 * @pin: the pin it ends at, or comes from; %PCFILTER_NODE when it comes from
 *	a node
 * @node: that node: where others were mixed or selected
 */
struct topology_line {
	bool found;
	bool destination;
	enum topology_way way;
	u32 pin;
	u32 node;
};

bool topology_is(const struct pcfilter_descriptor *filter, u32 node,
		 const guid_t *type);
void topology_find_lines(const struct pcfilter_descriptor *filter,
			 const bool *recorded, struct topology_line *lines);
struct topology_line
topology_source(const struct pcfilter_descriptor *filter,
		const struct topology_line *lines,
		const struct pcconnection_descriptor *connection);

/* names.c: what it is called in ALSA; pure */

void topology_line_name(const struct pcfilter_descriptor *filter,
			const struct topology_line *line, char *name,
			size_t size);
void topology_control_name(const struct pcfilter_descriptor *filter,
			   const struct topology_line *line, const char *which,
			   const char *what, char *name, size_t size);
void topology_jack_name(const struct pcpin_descriptor *pin, char *name,
			size_t size);

/**
 * struct topology_mixer - what a filter shows of itself in ALSA's mixer
 * @port: the filter's port
 * @filter: its description
 * @lines: the line that each node is on; NULL before they are found
 * @controls: ALSA's controls, one for each property of a node
 * @jacks: and its jacks
 */
struct topology_mixer {
	struct port *port;
	const struct pcfilter_descriptor *filter;
	struct topology_line *lines;
	struct list_head controls;
	struct list_head jacks;
};

/* mixer.c: any filter's nodes and jacks, a wave filter's as well */

void topology_mixer_init(struct topology_mixer *mixer, struct port *port);
int topology_mixer_check(struct device *device,
			 const struct pcfilter_descriptor *filter);
int topology_mixer_finish(struct topology_mixer *mixer,
			  const struct pcfilter_descriptor *filter);
void topology_mixer_changed(struct topology_mixer *mixer, u32 node);
void topology_mixer_show(struct topology_mixer *mixer,
			 struct snd_info_buffer *buffer);
void topology_mixer_let_go(struct topology_mixer *mixer);

/* port.c */

/*
 * struct topology_port - IPortTopology
 * @base: what all ports have
 * @port: the interface; it serves as IPort too
 * @miniport: the other half of the filter
 * @description: the miniport's filter description
 * @mixer: what is made of it
 * @attached: it is a subdevice
 */
struct topology_port {
	struct port base;

	CUNKNOWN_FACE(iport_topology, port);
	struct iminiport_topology *miniport;
	const struct pcfilter_descriptor *description;
	struct topology_mixer mixer;
	bool attached;
};

extern const struct port_class topology_port_class;

/* level.c: levels in ALSA's terms; pure */

/**
 * struct topology_level - how levels become ALSA's numbers
 * @silence: number 0 is no sound at all
 * @min: the smallest level
 * @max: the largest one
 * @low: level of number 0, or what it would be, in 1/65536 dB
 * @step: from one number to the next
 * @most: the largest number
 * @tlv: the same for alsa-lib, in 1/100 dB
 */
struct topology_level {
	bool silence;
	s32 min;
	s32 max;
	s64 low;
	u32 step;
	u32 most;
	unsigned int tlv[4];
};

int topology_level_init(struct topology_level *level,
			const struct ksproperty_stepping_long *range);
bool topology_level_holds(const struct topology_level *level, s32 value);
u32 topology_level_number(const struct topology_level *level, s32 value);
s32 topology_level_value(const struct topology_level *level, u32 number);

/* control.c: all that ALSA's control layer sees of nodes */

int topology_control_create_all(struct topology_mixer *mixer);
void topology_control_notify(struct topology_mixer *mixer, u32 node);
void topology_control_show(struct topology_mixer *mixer,
			   struct snd_info_buffer *buffer);
int topology_control_add_jack(struct snd_card *card, const char *name,
			      bool *connected,
			      struct snd_kcontrol **out_kcontrol);
void topology_control_tell_jack(struct snd_card *card,
				struct snd_kcontrol *kcontrol);

/* jack.c: and of jacks */

int topology_jack_create_all(struct topology_mixer *mixer);
void topology_jack_report(struct topology_mixer *mixer);
void topology_jack_show(struct topology_mixer *mixer,
			struct snd_info_buffer *buffer);
void topology_jack_forget_all(struct topology_mixer *mixer);

#endif
