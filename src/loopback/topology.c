// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportTopology: the card's mixer as a filter.
 *
 *   wave filter -> volume -> mute -> speaker
 *   line -+
 *         +-> MUX -> wave filter
 *   mic  -+
 *
 * Somebody at the machine can turn the card's own knobs, and pull the cable out
 * of its line input: who writes "volume -6", "mute on" or "line out" to the
 * card's file `panel` in /proc/asound. The card tells of it by an interrupt, as
 * a card with real ones would.
 */
#include <linux/irq_work.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/info.h>

#include "topology.h"

/**
 * enum node - nodes of the filter
 * @NODE_VOLUME: of two channels
 * @NODE_MUTE: of both together
 * @NODE_MUX: what is recorded
 */
enum node {
	NODE_VOLUME,
	NODE_MUTE,
	NODE_MUX,
};

/* Beside the nodes: what can be touched, and has a jack. */
#define LINE_INPUT	31

static int volume_handler(struct pcproperty_request *request);
static int mute_handler(struct pcproperty_request *request);
static int mux_handler(struct pcproperty_request *request);
static int jack_handler(struct pcproperty_request *request);
static int event_handler(struct pcevent_request *request);

#define EVERYTHING	(KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_SET | \
			 KSPROPERTY_TYPE_BASICSUPPORT)

static const struct pcproperty_item volume_properties[] = {
	{ &kspropsetid_audio, KSPROPERTY_AUDIO_VOLUMELEVEL, EVERYTHING,
	  volume_handler },
};

static const struct pcproperty_item mute_properties[] = {
	{ &kspropsetid_audio, KSPROPERTY_AUDIO_MUTE, EVERYTHING,
	  mute_handler },
};

static const struct pcproperty_item mux_properties[] = {
	{ &kspropsetid_audio, KSPROPERTY_AUDIO_MUX_SOURCE, EVERYTHING,
	  mux_handler },
};

static const struct pcproperty_item filter_properties[] = {
	{ &kspropsetid_jack, KSPROPERTY_JACK_DESCRIPTION,
	  KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_BASICSUPPORT, jack_handler },
};

static const struct pcevent_item events[] = {
	{ &kseventsetid_audio_control_change, KSEVENT_CONTROL_CHANGE,
	  KSEVENT_TYPE_ENABLE | KSEVENT_TYPE_BASICSUPPORT, event_handler },
};

static const struct pcevent_item filter_events[] = {
	{ &kseventsetid_pin_caps_change, KSEVENT_PINCAPS_JACKINFOCHANGE,
	  KSEVENT_TYPE_ENABLE | KSEVENT_TYPE_BASICSUPPORT, event_handler },
};

static const struct pcautomation_table filter_table = {
	PCAUTOMATION_PROPERTIES(filter_properties),
	PCAUTOMATION_EVENTS(filter_events),
};

static const struct pcautomation_table volume_table = {
	PCAUTOMATION_PROPERTIES(volume_properties),
	PCAUTOMATION_EVENTS(events),
};

static const struct pcautomation_table mute_table = {
	PCAUTOMATION_PROPERTIES(mute_properties),
	PCAUTOMATION_EVENTS(events),
};

static const struct pcautomation_table mux_table = {
	PCAUTOMATION_PROPERTIES(mux_properties),
};

static const struct pcnode_descriptor nodes[] = {
	[NODE_VOLUME] = { &volume_table, &ksnodetype_volume },
	[NODE_MUTE] = { &mute_table, &ksnodetype_mute },
	[NODE_MUX] = { &mux_table, &ksnodetype_mux },
};

static const struct pcpin_descriptor pins[] = {
	[LOOPBACK_MIXER_PIN_PLAY] = {
		.data_flow = KSPIN_DATAFLOW_IN,
		.category = &kscategory_audio,
	},
	[LOOPBACK_MIXER_PIN_SPEAKER] = {
		.data_flow = KSPIN_DATAFLOW_OUT,
		.communication = KSPIN_COMMUNICATION_BRIDGE,
		.category = &ksnodetype_speaker,
	},
	[LOOPBACK_MIXER_PIN_LINE] = {
		.data_flow = KSPIN_DATAFLOW_IN,
		.communication = KSPIN_COMMUNICATION_BRIDGE,
		.category = &ksnodetype_line_connector,
	},
	[LOOPBACK_MIXER_PIN_MIC] = {
		.data_flow = KSPIN_DATAFLOW_IN,
		.communication = KSPIN_COMMUNICATION_BRIDGE,
		.category = &ksnodetype_microphone,
	},
	[LOOPBACK_MIXER_PIN_RECORD] = {
		.data_flow = KSPIN_DATAFLOW_OUT,
		.category = &kscategory_audio,
	},
};

static const struct pcconnection_descriptor connections[] = {
	{ PCFILTER_NODE, LOOPBACK_MIXER_PIN_PLAY,
	  NODE_VOLUME, KSNODEPIN_STANDARD_IN },
	{ NODE_VOLUME, KSNODEPIN_STANDARD_OUT,
	  NODE_MUTE, KSNODEPIN_STANDARD_IN },
	{ NODE_MUTE, KSNODEPIN_STANDARD_OUT,
	  PCFILTER_NODE, LOOPBACK_MIXER_PIN_SPEAKER },
	{ PCFILTER_NODE, LOOPBACK_MIXER_PIN_LINE,
	  NODE_MUX, LOOPBACK_SOURCE_LINE },
	{ PCFILTER_NODE, LOOPBACK_MIXER_PIN_MIC,
	  NODE_MUX, LOOPBACK_SOURCE_MIC },
	{ NODE_MUX, KSNODEPIN_SUM_MUX_OUT,
	  PCFILTER_NODE, LOOPBACK_MIXER_PIN_RECORD },
};

static const struct pcfilter_descriptor filter = {
	.pins = pins,
	.pin_count = ARRAY_SIZE(pins),
	.nodes = nodes,
	.node_count = ARRAY_SIZE(nodes),
	.connections = connections,
	.connection_count = ARRAY_SIZE(connections),
	.automation_table = &filter_table,
};

static struct loopback_topology *from_target(struct iunknown *major_target)
{
	return container_of(major_target, struct loopback_topology,
			    miniport.unknown);
}

/* Returns whether a request is for a channel, the one that is wanted or any. */
static bool for_channel(const struct pcproperty_request *request, s32 *channel)
{
	if (request->instance_size < sizeof(*channel))
		return false;
	*channel = *(const s32 *)request->instance;
	return true;
}

/* The value is a number of 32 bits; returns -ENOSPC where it doesn't fit. */
static int check_value(struct pcproperty_request *request)
{
	bool fits = request->value_size >= sizeof(u32);

	request->value_size = sizeof(u32);
	return fits ? 0 : -ENOSPC;
}

static int volume_handler(struct pcproperty_request *request)
{
	static const struct ksproperty_stepping_long range = {
		.stepping_delta = LOOPBACK_LEVEL_STEP,
		.signed_minimum = LOOPBACK_LEVEL_MIN,
		.signed_maximum = LOOPBACK_LEVEL_MAX,
	};
	struct loopback_topology *t = from_target(request->major_target);
	s32 channel;
	int err;

	if (request->verb == KSPROPERTY_TYPE_BASICSUPPORT)
		return ksproperty_basic_support(request, EVERYTHING, &range);
	if (!for_channel(request, &channel) || channel < 0 ||
	    channel >= LOOPBACK_MIXER_SIDES)
		return -EINVAL;
	err = check_value(request);
	if (err)
		return err;
	if (request->verb == KSPROPERTY_TYPE_SET)
		loopback_mixer_set_level(&t->mixer, channel,
					 *(s32 *)request->value);
	else
		*(s32 *)request->value = loopback_mixer_level(&t->mixer,
							      channel);
	return 0;
}

static int mute_handler(struct pcproperty_request *request)
{
	struct loopback_topology *t = from_target(request->major_target);
	s32 channel;
	int err;

	if (request->verb == KSPROPERTY_TYPE_BASICSUPPORT)
		return ksproperty_basic_support(request, EVERYTHING, NULL);
	/* It is of all channels together. */
	if (!for_channel(request, &channel) || channel != -1)
		return -EINVAL;
	err = check_value(request);
	if (err)
		return err;
	if (request->verb == KSPROPERTY_TYPE_SET)
		loopback_mixer_mute(&t->mixer, *(u32 *)request->value);
	else
		*(u32 *)request->value = loopback_mixer_muted(&t->mixer);
	return 0;
}

static int mux_handler(struct pcproperty_request *request)
{
	struct loopback_topology *t = from_target(request->major_target);
	u32 source;
	int err;

	if (request->verb == KSPROPERTY_TYPE_BASICSUPPORT)
		return ksproperty_basic_support(request, EVERYTHING, NULL);
	err = check_value(request);
	if (err)
		return err;
	if (request->verb == KSPROPERTY_TYPE_GET) {
		*(u32 *)request->value = loopback_mixer_source(&t->mixer);
		return 0;
	}
	source = *(u32 *)request->value;
	if (source != LOOPBACK_SOURCE_LINE && source != LOOPBACK_SOURCE_MIC)
		return -EINVAL;
	loopback_mixer_set_source(&t->mixer, source);
	return 0;
}

/* A property of the filter: the instance is the ID of a pin. */
static int jack_handler(struct pcproperty_request *request)
{
	struct loopback_topology *t = from_target(request->major_target);
	struct {
		struct ksmultiple_item item;
		struct ksjack_description jack;
	} answer = {
		.item = { .size = sizeof(answer), .count = 1 },
		.jack.channel_mapping = KSAUDIO_SPEAKER_STEREO,
		.jack.is_connected = loopback_mixer_plugged(&t->mixer),
	};
	bool fits = request->value_size >= sizeof(answer);

	if (request->verb == KSPROPERTY_TYPE_BASICSUPPORT)
		return ksproperty_basic_support(request, KSPROPERTY_TYPE_GET |
						KSPROPERTY_TYPE_BASICSUPPORT,
						NULL);
	if (request->instance_size < sizeof(u32) ||
	    *(u32 *)request->instance != LOOPBACK_MIXER_PIN_LINE)
		return -EINVAL;
	request->value_size = sizeof(answer);
	if (fits)
		memcpy(request->value, &answer, sizeof(answer));
	return fits ? 0 : -ENOSPC;
}

/* Of the nodes as of the filter: whoever is told asks what it is. */
static int event_handler(struct pcevent_request *request)
{
	struct loopback_topology *t = from_target(request->major_target);

	if (request->verb == PCEVENT_VERB_ADD)
		t->events->vtbl->add_event_to_event_list(t->events,
							 request->event_entry);
	return 0;
}

/* The panel: an interrupt says which knobs have been turned. */

static void panel_interrupt(struct irq_work *work)
{
	struct loopback_topology *t = container_of(work,
						   struct loopback_topology,
						   interrupt);
	unsigned int node;

	for (node = NODE_VOLUME; node <= NODE_MUTE; node++)
		if (test_and_clear_bit(node, &t->touched))
			t->events->vtbl->generate_event_list(t->events,
				&kseventsetid_audio_control_change,
				KSEVENT_CONTROL_CHANGE, false, 0, true, node);
	if (test_and_clear_bit(LINE_INPUT, &t->touched))
		t->events->vtbl->generate_event_list(t->events,
			&kseventsetid_pin_caps_change,
			KSEVENT_PINCAPS_JACKINFOCHANGE, true,
			LOOPBACK_MIXER_PIN_LINE, false, 0);
}

static void touch(struct loopback_topology *t, unsigned int what)
{
	set_bit(what, &t->touched);
	irq_work_queue(&t->interrupt);
}

static void read_panel(struct snd_info_entry *entry,
		       struct snd_info_buffer *buffer)
{
	struct loopback_topology *t = entry->private_data;

	snd_iprintf(buffer, "volume %d %d\nmute %s\nline %s\n",
		    loopback_mixer_level(&t->mixer, 0) / LOOPBACK_LEVEL_STEP,
		    loopback_mixer_level(&t->mixer, 1) / LOOPBACK_LEVEL_STEP,
		    loopback_mixer_muted(&t->mixer) ? "on" : "off",
		    loopback_mixer_plugged(&t->mixer) ? "in" : "out");
}

/* Returns false for what isn't an order. */
static bool obey(struct loopback_topology *t, const char *line)
{
	int decibels;

	if (sscanf(line, "volume %d", &decibels) == 1) {
		decibels = clamp(decibels, -63, 0);
		loopback_mixer_set_level(&t->mixer, 0,
					 decibels * LOOPBACK_LEVEL_STEP);
		loopback_mixer_set_level(&t->mixer, 1,
					 decibels * LOOPBACK_LEVEL_STEP);
		touch(t, NODE_VOLUME);
		return true;
	}
	if (!strcmp(line, "mute on") || !strcmp(line, "mute off")) {
		loopback_mixer_mute(&t->mixer, !strcmp(line, "mute on"));
		touch(t, NODE_MUTE);
		return true;
	}
	if (!strcmp(line, "line in") || !strcmp(line, "line out")) {
		loopback_mixer_plug(&t->mixer, !strcmp(line, "line in"));
		touch(t, LINE_INPUT);
		return true;
	}
	return false;
}

static void write_panel(struct snd_info_entry *entry,
			struct snd_info_buffer *buffer)
{
	struct loopback_topology *t = entry->private_data;
	char line[64];

	while (!snd_info_get_line(buffer, line, sizeof(line)))
		if (*line && !obey(t, line))
			dev_warn_ratelimited(t->card->dev,
					     "panel: \"%s\": it takes \"volume -6\", from -63 to 0 dB, \"mute on\", \"mute off\", \"line in\" and \"line out\"\n",
					     line);
}

/* The filter */

static int topology_init(struct iminiport_topology *self,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list,
			 struct iport_topology *port)
{
	struct loopback_topology *t = from_target(&self->unknown);

	return iport_events_query(&port->unknown, &t->events);
}

static int topology_get_description(struct iminiport *self,
			const struct pcfilter_descriptor **description)
{
	*description = &filter;
	return 0;
}

static void topology_free(struct cunknown *object)
{
	struct loopback_topology *t = container_of(object,
						   struct loopback_topology,
						   base);

	irq_work_sync(&t->interrupt);
	if (t->events)
		iunknown_put(&t->events->unknown);
	kfree(t);
}

static const struct iminiport_topology_vtbl topology_vtbl = {
	.miniport = {
		.unknown = { CUNKNOWN_METHODS },
		.get_description = topology_get_description,
		.data_range_intersection = iminiport_no_intersection,
	},
	.init = topology_init,
};

DEFINE_CUNKNOWN_CLASS(topology_class, "loopback topology", topology_free,
	CUNKNOWN_INTERFACE(iid_iminiport, struct loopback_topology, miniport,
			   topology_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport_topology, struct loopback_topology,
			   miniport, topology_vtbl));

/**
 * loopback_topology_create() - make the mixer
 * @card: the card, which gets a panel
 * @out_topology: receives the mixer
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int loopback_topology_create(struct snd_card *card,
			     struct loopback_topology **out_topology)
{
	struct loopback_topology *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err;

	if (!t)
		return -ENOMEM;
	cunknown_init(&t->base, &topology_class, NULL);
	t->card = card;
	init_irq_work(&t->interrupt, panel_interrupt);
	loopback_mixer_init(&t->mixer);
	err = snd_card_rw_proc_new(card, "panel", t, read_panel, write_panel);
	if (err)
		iunknown_put(&t->miniport.unknown);
	else
		*out_topology = t;
	return err;
}
