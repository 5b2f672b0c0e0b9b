// SPDX-License-Identifier: GPL-2.0
/*
 * A fake topology miniport: its nodes do what a script says, and note down what
 * is asked of them.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <sound/core.h>

#include "fake_topology.h"

static struct mixer *from_target(struct iunknown *target)
{
	return container_of(target, struct mixer, miniport.unknown);
}

static void answer_later(struct work_struct *work)
{
	struct mixer *mixer = container_of(work, struct mixer, work);

	pc_complete_pending_property_request(mixer->pending, 0);
}

/* Returns the place of a channel's value, or NULL. */
static s32 *find_value(struct fake_node *node,
		       const struct pcproperty_request *request)
{
	s32 channel;

	if (!request->instance_size)
		return node->channels ? NULL : &node->values[0];
	channel = *(s32 *)request->instance;
	if (channel < 0)
		channel = CHANNELS - 1;
	if (channel >= CHANNELS || !(node->channels & BIT(channel)))
		return NULL;
	return &node->values[channel];
}

static int access(struct fake_node *node, struct pcproperty_request *request)
{
	s32 *value = find_value(node, request);

	if (request->verb == KSPROPERTY_TYPE_BASICSUPPORT) {
		int err = ksproperty_basic_support(request, node->access,
						   &node->range);
		struct ksproperty_description *d = request->value;

		d->members_list_count = node->members;
		return err;
	}
	if (!value || request->value_size != sizeof(*value))
		return -EINVAL;
	if (request->verb == KSPROPERTY_TYPE_GET) {
		*(s32 *)request->value = *value;
		return node->get_error;
	}
	node->sets++;
	*value = max(*(s32 *)request->value, node->lowest);
	return 0;
}

static int handler(struct pcproperty_request *request)
{
	struct mixer *mixer = from_target(request->major_target);
	struct fake_node *node = &mixer->nodes[request->node];
	int err;

	fake_asked(mixer->fake);
	mixer->request = *request;
	if (request->verb != KSPROPERTY_TYPE_GET && node->error)
		return node->error;
	err = access(node, request);
	if (node->overrun)
		*((u8 *)request->value + request->value_size) = 0;
	request->value_size += node->too_long;
	if (err || node->answer == AT_ONCE)
		return err;
	mixer->pending = request;
	if (node->answer == BEFORE_RETURN)
		pc_complete_pending_property_request(request, 0);
	else if (node->answer == LATER)
		schedule_work(&mixer->work);
	if (node->answer != TWICE)
		return -EINPROGRESS;
	pc_complete_pending_property_request(request, 0);
	return 0;
}

/* It writes all it says, as far as there is room. */
static int jack_handler(struct pcproperty_request *request)
{
	struct mixer *mixer = from_target(request->major_target);
	struct ksmultiple_item *item = request->value;
	struct ksjack_description *jacks = (void *)(item + 1);
	u32 pin = *(u32 *)request->instance, room, i;

	fake_asked(mixer->fake);
	mixer->request = *request;
	WRITE_ONCE(mixer->jack_asked, mixer->jack_asked + 1);
	if (mixer->jack_error || mixer->jacks[pin] < 0)
		return mixer->jack_error ?: -EINVAL;
	room = (request->value_size - sizeof(*item)) / sizeof(*jacks);
	item->count = mixer->jacks[pin];
	item->size = sizeof(*item) + item->count * sizeof(*jacks);
	for (i = 0; i < min(item->count, room); i++)
		jacks[i].is_connected = mixer->plugs[pin] >> i & 1;
	return 0;
}

static int jack_event_handler(struct pcevent_request *request)
{
	struct mixer *mixer = from_target(request->major_target);

	fake_asked(mixer->fake);
	if (request->verb == PCEVENT_VERB_ADD)
		mixer->port_events->vtbl->add_event_to_event_list(
				mixer->port_events, request->event_entry);
	return 0;
}

static const struct pcproperty_item filter_properties[] = {
	{ &kspropsetid_jack, KSPROPERTY_JACK_DESCRIPTION,
	  PCPROPERTY_ITEM_FLAG_GET, jack_handler },
};

static const struct pcevent_item filter_events[] = {
	{ &kseventsetid_pin_caps_change, KSEVENT_PINCAPS_JACKINFOCHANGE,
	  KSEVENT_TYPE_ENABLE, jack_event_handler },
};

static int event_handler(struct pcevent_request *request)
{
	struct mixer *mixer = from_target(request->major_target);
	struct fake_node *node = &mixer->nodes[request->node];

	fake_asked(mixer->fake);
	node->event_verbs |= request->verb;
	mixer->entry = request->event_entry;
	if (node->event_error)
		return node->event_error;
	if (request->verb == PCEVENT_VERB_ADD && !node->shy)
		mixer->port_events->vtbl->add_event_to_event_list(
					mixer->port_events, mixer->entry);
	return 0;
}

/* Each property of a set has a line of its own, with something behind it. */
struct long_item {
	struct pcproperty_item item;
	u64 private;
};

#define LINE(property) { \
	.item = { &kspropsetid_audio, property, \
		  PCPROPERTY_ITEM_FLAG_GET | PCPROPERTY_ITEM_FLAG_SET | \
		  PCPROPERTY_ITEM_FLAG_BASICSUPPORT, handler }, \
}

static const struct long_item lines[] = {
	LINE(KSPROPERTY_AUDIO_CHANNEL_CONFIG),
	LINE(KSPROPERTY_AUDIO_VOLUMELEVEL),
	LINE(KSPROPERTY_AUDIO_MUX_SOURCE),
	LINE(KSPROPERTY_AUDIO_MUTE),
	LINE(KSPROPERTY_AUDIO_BASS),
	LINE(KSPROPERTY_AUDIO_TREBLE),
	LINE(KSPROPERTY_AUDIO_BASS_BOOST),
	LINE(KSPROPERTY_AUDIO_AGC),
	LINE(KSPROPERTY_AUDIO_LOUDNESS),
};

static const struct pcevent_item events[] = {
	{ &kseventsetid_audio_control_change, KSEVENT_CONTROL_CHANGE,
	  KSEVENT_TYPE_ENABLE, event_handler },
};

static int mixer_init(struct iminiport_topology *self,
		      struct iunknown *unknown_adapter,
		      struct iresource_list *resource_list,
		      struct iport_topology *port)
{
	struct mixer *mixer = from_target(&self->unknown);

	if (mixer->init_error)
		return mixer->init_error;
	mixer->port = port;
	if (iport_events_query(&port->unknown, &mixer->port_events))
		return -ENOENT;
	iunknown_put(&mixer->port_events->unknown);
	if (mixer->hold_port) {
		iunknown_get(&port->unknown);
		mixer->held = port;
	}
	return 0;
}

static int mixer_get_description(struct iminiport *self,
			const struct pcfilter_descriptor **description)
{
	struct mixer *mixer = from_target(&self->unknown);
	u32 i;

	*description = mixer->no_description ? NULL : &mixer->description;
	for (i = 0; i < mixer->description.node_count && i < MIXER_NODES; i++)
		mixer->nodes[i].table.event_count = mixer->nodes[i].events;
	return mixer->description_error;
}

/* Its memory is the test's; it is let go, and may be made again. */
static void mixer_free(struct cunknown *object)
{
	struct mixer *mixer = container_of(object, struct mixer, base);

	flush_work(&mixer->work);
	if (mixer->held)
		iunknown_put(&mixer->held->unknown);
	mixer->held = NULL;
	fake_note(mixer->fake, "mixer-gone");
}

static const struct iminiport_topology_vtbl mixer_vtbl = {
	.miniport = {
		.unknown = { CUNKNOWN_METHODS },
		.get_description = mixer_get_description,
		.data_range_intersection = iminiport_no_intersection,
	},
	.init = mixer_init,
};

DEFINE_CUNKNOWN_CLASS(mixer_class, "fake mixer", mixer_free,
	CUNKNOWN_INTERFACE(iid_iminiport, struct mixer, miniport, mixer_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport_topology, struct mixer, miniport,
			   mixer_vtbl));

/* The adapter's start: each step may be the one that fails. */
static int start_mixer(struct fake *fake)
{
	struct mixer *mixer = fake->context;
	struct iport *port;
	int err;

	cunknown_init(&mixer->base, &mixer_class, NULL);
	err = mixer->steps ? pc_new_port(&port, &clsid_port_topology) : -EIO;
	if (err)
		goto put_mixer;
	err = mixer->steps == 1 ? -EIO :
		port->vtbl->init(port, fake->device,
				 &mixer->miniport.unknown, NULL, NULL);
	if (!err)
		err = mixer->steps == 2 ? -EIO :
			pc_register_subdevice(fake->device, "Mixer",
					      &port->unknown);
	if (!err && mixer->connect)
		err = mixer->steps == 3 ? -EIO :
			pc_register_physical_connection(fake->device,
					&port->unknown, mixer->recorded,
					&fake->port->unknown, 1);
	if (!err && mixer->steps == 4)
		err = -EIO;
	iunknown_put(&port->unknown);
put_mixer:
	iunknown_put(&mixer->miniport.unknown);
	return err;
}

/**
 * mixer_on() - put a mixer without nodes on a card
 * @fake: the card, not started
 *
 * Return: the mixer.
 */
struct mixer *mixer_on(struct fake *fake)
{
	struct mixer *mixer = kunit_kzalloc(fake->test, sizeof(*mixer),
					    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(fake->test, mixer);
	mixer->fake = fake;
	mixer->steps = -1;
	mixer->description.pins = mixer->pins;
	mixer->description.nodes = mixer->descriptors;
	mixer->description.connections = mixer->links;
	INIT_WORK(&mixer->work, answer_later);
	fake->context = mixer;
	fake->on_started = start_mixer;
	return mixer;
}

/**
 * mixer_new() - make a card with a mixer
 * @test: the test
 *
 * Return: the mixer; its card isn't started.
 */
struct mixer *mixer_new(struct kunit *test)
{
	return mixer_on(fake_new(test));
}

/**
 * mixer_pin() - add a pin
 * @mixer: the mixer
 * @flow: which way
 * @category: what it is
 *
 * Return: its ID.
 */
u32 mixer_pin(struct mixer *mixer, enum kspin_dataflow flow,
	      const guid_t *category)
{
	u32 pin = mixer->description.pin_count++;

	KUNIT_ASSERT_LT(mixer->fake->test, pin, MIXER_PINS);
	mixer->pins[pin].data_flow = flow;
	mixer->pins[pin].category = category;
	return pin;
}

/**
 * mixer_node() - add a node
 * @mixer: the mixer
 * @type: what it is
 * @property: its property, 0 for none
 *
 * It has two channels, and 0 to -31.5 dB in steps of 1.5 dB.
 *
 * Return: its ID.
 */
u32 mixer_node(struct mixer *mixer, const guid_t *type, u32 property)
{
	u32 n = mixer->description.node_count++, i;
	struct fake_node *node = &mixer->nodes[n];

	KUNIT_ASSERT_LT(mixer->fake->test, n, MIXER_NODES);
	mixer->descriptors[n].type = type;
	mixer->descriptors[n].automation_table = &node->table;
	node->channels = property == KSPROPERTY_AUDIO_MUX_SOURCE ? 0 :
		LEFT | RIGHT;
	node->lowest = S32_MIN;
	node->range.stepping_delta = 0x18000;
	node->range.signed_minimum = -0x1f8000;
	node->access = KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_SET;
	node->members = 1;
	node->table = (struct pcautomation_table) {
		PCAUTOMATION_PROPERTIES(lines),
		PCAUTOMATION_EVENTS(events),
	};
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (lines[i].item.id == property)
			break;
	node->table.property_count = i < ARRAY_SIZE(lines);
	if (i < ARRAY_SIZE(lines))
		node->table.properties = &lines[i].item;
	return n;
}

/**
 * mixer_link() - connect two ends
 * @mixer: the mixer
 * @from_node: a node, or %PCFILTER_NODE
 * @from_pin: a pin
 * @to_node: a node, or %PCFILTER_NODE
 * @to_pin: a pin
 */
void mixer_link(struct mixer *mixer, u32 from_node, u32 from_pin, u32 to_node,
		u32 to_pin)
{
	u32 n = mixer->description.connection_count++;

	KUNIT_ASSERT_LT(mixer->fake->test, n, MIXER_LINKS);
	mixer->links[n] = (struct pcconnection_descriptor) {
		.from_node = from_node,
		.from_node_pin = from_pin,
		.to_node = to_node,
		.to_node_pin = to_pin,
	};
}

/**
 * mixer_chain() - make a line of one node between two pins
 * @mixer: the mixer
 * @from: category of the one
 * @type: type of the node
 * @property: its property
 * @to: category of the other
 *
 * Return: the node's ID.
 */
u32 mixer_chain(struct mixer *mixer, const guid_t *from, const guid_t *type,
		u32 property, const guid_t *to)
{
	u32 in = mixer_pin(mixer, KSPIN_DATAFLOW_IN, from);
	u32 out = mixer_pin(mixer, KSPIN_DATAFLOW_OUT, to);
	u32 node = mixer_node(mixer, type, property);

	mixer_link(mixer, PCFILTER_NODE, in, node, 1);
	mixer_link(mixer, node, 0, PCFILTER_NODE, out);
	return node;
}

/**
 * mixer_jack() - say something of a pin's jacks
 * @mixer: the mixer
 * @pin: which pin
 * @jacks: how many it has
 * @plugs: which of them have a plug in, a bit each
 *
 * Pins of which nothing is said haven't got any.
 */
void mixer_jack(struct mixer *mixer, u32 pin, int jacks, u32 plugs)
{
	u32 i;

	if (!mixer->description.automation_table)
		for (i = 0; i < MIXER_PINS; i++)
			mixer->jacks[i] = -1;
	mixer->table = (struct pcautomation_table) {
		PCAUTOMATION_PROPERTIES(filter_properties),
		PCAUTOMATION_EVENTS(filter_events),
	};
	mixer->description.automation_table = &mixer->table;
	mixer->jacks[pin] = jacks;
	mixer->plugs[pin] = plugs;
}

/**
 * mixer_plug() - put plugs into a pin's jacks, or pull them out, and tell of it
 * @mixer: the mixer, on a started card
 * @pin: which pin
 * @plugs: which of its jacks have a plug in, a bit each
 */
void mixer_plug(struct mixer *mixer, u32 pin, u32 plugs)
{
	mixer->plugs[pin] = plugs;
	mixer->port_events->vtbl->generate_event_list(mixer->port_events,
			&kseventsetid_pin_caps_change,
			KSEVENT_PINCAPS_JACKINFOCHANGE, true, 0, false, 0);
}

/**
 * mixer_control() - find a control
 * @mixer: the mixer, on a started card
 * @name: what it is called
 *
 * Return: the control, or NULL.
 */
struct snd_kcontrol *mixer_control(struct mixer *mixer, const char *name)
{
	return mixer_control_number(mixer, name, 0);
}

/**
 * mixer_control_number() - find one of several controls of the same name
 * @mixer: the mixer, on a started card
 * @name: what they are called
 * @number: which of them
 *
 * Return: the control, or NULL.
 */
struct snd_kcontrol *mixer_control_number(struct mixer *mixer,
					  const char *name, u32 number)
{
	struct snd_card *card = pc_get_card(mixer->fake->device);
	struct snd_kcontrol *kcontrol;

	list_for_each_entry(kcontrol, &card->controls, list)
		if (!strcmp(kcontrol->id.name, name) && !number--)
			return kcontrol;
	return NULL;
}

/**
 * mixer_interrupted() - read the volume, and be killed while waiting
 * @mixer: the mixer, whose first node is the master volume and doesn't answer
 */
void mixer_interrupted(struct mixer *mixer)
{
	long left, right;

	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
	KUNIT_EXPECT_EQ(mixer->fake->test,
			mixer_get(mixer_control(mixer,
						"Master Playback Volume"),
				  &left, &right), -ERESTARTSYS);
	flush_signals(current);
	disallow_signal(SIGKILL);
}

static struct snd_ctl_elem_value *new_value(struct snd_kcontrol *kcontrol)
{
	return kzalloc(sizeof(struct snd_ctl_elem_value), GFP_KERNEL);
}

/**
 * mixer_get() - read a control that has numbers
 * @kcontrol: the control
 * @left: receives the first
 * @right: receives the second, if there is one
 *
 * Return: 0 or an error.
 */
int mixer_get(struct snd_kcontrol *kcontrol, long *left, long *right)
{
	struct snd_ctl_elem_value *value = new_value(kcontrol);
	int err;

	if (!value)
		return -ENOMEM;
	err = kcontrol->get(kcontrol, value);
	*left = value->value.integer.value[0];
	*right = value->value.integer.value[1];
	kfree(value);
	return err;
}

/**
 * mixer_put() - write a control that has numbers
 * @kcontrol: the control
 * @left: the first
 * @right: the second
 *
 * Return: 1 when something has changed, 0 when not, or an error.
 */
int mixer_put(struct snd_kcontrol *kcontrol, long left, long right)
{
	struct snd_ctl_elem_value *value = new_value(kcontrol);
	int ret;

	if (!value)
		return -ENOMEM;
	value->value.integer.value[0] = left;
	value->value.integer.value[1] = right;
	ret = kcontrol->put(kcontrol, value);
	kfree(value);
	return ret;
}
