/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fake topology miniport: its nodes do what a script says, and note down what
 * is asked of them.
 */
#ifndef _WAVEPCI_KUNIT_FAKE_TOPOLOGY_H
#define _WAVEPCI_KUNIT_FAKE_TOPOLOGY_H

#include <linux/workqueue.h>
#include <sound/control.h>

#include "fake_miniport.h"

#define MIXER_PINS	8
#define MIXER_NODES	10
#define MIXER_LINKS	16

/* Channels that a node answers for. */
#define LEFT	BIT(0)
#define RIGHT	BIT(1)
#define ALL	BIT(2)
#define CHANNELS	3

/**
 * enum answer - when a node answers
 * @AT_ONCE: at once
 * @BEFORE_RETURN: the handler says later, and has answered already
 * @LATER: in a work
 * @NEVER: not by itself
 * @TWICE: at once, and once more
 */
enum answer {
	AT_ONCE,
	BEFORE_RETURN,
	LATER,
	NEVER,
	TWICE,
};

/**
 * struct fake_node - a node of the fake mixer
 * @channels: %LEFT and so on; 0 for a property without a channel
 * @values: what it is worth, left, right and for all
 * @lowest: what it takes instead of anything less
 * @range: what it says of itself
 * @access: the kinds of requests that it says are possible
 * @members: how many ranges it says there are
 * @error: what it returns for each request but %KSPROPERTY_TYPE_GET
 * @get_error: what it returns for that
 * @answer: when it answers
 * @too_long: it says that it has written so many bytes more than it was asked
 * @overrun: it writes a byte more than it was asked
 * @events: it tells of changes
 * @event_error: what its event handler returns
 * @shy: it agrees to tell of events, and doesn't add the entry
 * @sets: how often it was set
 * @event_verbs: what was asked of its event handler
 * @table: its automation table
 */
struct fake_node {
	u32 channels;
	s32 values[CHANNELS];
	s32 lowest;
	struct ksproperty_stepping_long range;
	u32 access;
	u32 members;
	int error;
	int get_error;
	enum answer answer;
	u32 too_long;
	bool overrun;
	bool events;
	int event_error;
	bool shy;
	int sets;
	u32 event_verbs;
	struct pcautomation_table table;
};

/*
 * struct mixer - a fake mixer, on the card of a fake
 * @base: object
 * @miniport: the interface
 * @fake: whose card it is on
 * @port: its port, while there is one; not counted
 * @port_events: the port's IPortEvents, likewise
 * @hold_port: Init takes a reference on the port
 * @held: which it is
 * @description: the filter
 * @pins: its pins
 * @descriptors: its nodes
 * @links: how they hang together
 * @nodes: what the nodes do
 * @table: the filter's own automation table
 * @jacks: how many jacks each pin has, -1 for a pin that isn't asked
 * @plugs: which of them have a plug in, a bit each
 * @jack_error: what is said when it is asked for one
 * @jack_asked: how often it was
 * @init_error: what Init returns
 * @description_error: what GetDescription returns
 * @no_description: GetDescription gives none
 * @steps: how far the start goes before it fails; negative for all the way
 * @connect: connect pin @recorded to the wave filter
 * @recorded: which pin
 * @pending: the last request that was put off
 * @work: answers it
 * @request: the last request
 * @entry: the last event entry
 */
struct mixer {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_topology, miniport);
	struct fake *fake;
	struct iport_topology *port;
	struct iport_events *port_events;
	bool hold_port;
	struct iport_topology *held;
	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[MIXER_PINS];
	struct pcnode_descriptor descriptors[MIXER_NODES];
	struct pcconnection_descriptor links[MIXER_LINKS];
	struct fake_node nodes[MIXER_NODES];
	struct pcautomation_table table;
	int jacks[MIXER_PINS];
	u32 plugs[MIXER_PINS];
	int jack_error;
	u32 jack_asked;
	int init_error;
	int description_error;
	bool no_description;
	int steps;
	bool connect;
	u32 recorded;
	struct pcproperty_request *pending;
	struct work_struct work;
	struct pcproperty_request request;
	struct ksevent_entry *entry;
};

struct mixer *mixer_new(struct kunit *test);
struct mixer *mixer_on(struct fake *fake);
u32 mixer_pin(struct mixer *mixer, enum kspin_dataflow flow,
	      const guid_t *category);
u32 mixer_node(struct mixer *mixer, const guid_t *type, u32 property);
void mixer_link(struct mixer *mixer, u32 from_node, u32 from_pin, u32 to_node,
		u32 to_pin);
u32 mixer_chain(struct mixer *mixer, const guid_t *from, const guid_t *type,
		u32 property, const guid_t *to);
void mixer_jack(struct mixer *mixer, u32 pin, int jacks, u32 plugs);
void mixer_plug(struct mixer *mixer, u32 pin, u32 plugs);
struct snd_kcontrol *mixer_control(struct mixer *mixer, const char *name);
struct snd_kcontrol *mixer_control_number(struct mixer *mixer,
					  const char *name, u32 number);
int mixer_get(struct snd_kcontrol *kcontrol, long *left, long *right);
void mixer_interrupted(struct mixer *mixer);
int mixer_put(struct snd_kcontrol *kcontrol, long left, long right);

#endif
