// SPDX-License-Identifier: GPL-2.0
/*
 * Jacks: a pin that leads out of the adapter can say what plug fits there, and
 * whether one is in. ALSA is told when the miniport says that it has changed.
 */
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/info.h>
#include <sound/jack.h>

#include "topology.h"

/* Jacks of one pin: three are six channels; more is taken for a mistake. */
#define OF_A_PIN_MAX	8

/**
 * struct jack - a pin's jacks, as one
 * @node: in the mixer's list
 * @pin: ID of the pin
 * @type: what ALSA calls such a plug, SND_JACK_HEADPHONE for one
 * @name: its name
 * @connected: whether a plug is in
 * @control: ALSA's control, which says so
 * @jack: its input device; NULL in a kernel without
 */
struct jack {
	struct list_head node;
	u32 pin;
	int type;
	char name[32];
	bool connected;
	struct snd_kcontrol *control;
	struct snd_jack *jack;
};

/**
 * struct answer - what a miniport says of a pin's jacks
 * @item: how many there are
 * @jacks: and what each is like
 */
struct answer {
	struct ksmultiple_item item;
	struct ksjack_description jacks[OF_A_PIN_MAX];
};

static const struct pcproperty_item *
find_property(const struct topology_mixer *mixer)
{
	return portcls_property_find(mixer->filter->automation_table,
				     &kspropsetid_jack,
				     KSPROPERTY_JACK_DESCRIPTION);
}

/*
 * Receives whether there is a plug in any of a pin's jacks. Returns -ENOENT for
 * a pin that hasn't got any, or the handler's error.
 */
static int ask(struct topology_mixer *mixer, u32 pin, bool *connected)
{
	struct answer answer = {};
	s32 instance = pin;
	u32 i;
	int err;

	err = portcls_property_ask(mixer->port, PCFILTER_NODE,
				   find_property(mixer), KSPROPERTY_TYPE_GET,
				   &instance, &answer, sizeof(answer));
	if (err)
		return err;
	if (!answer.item.count)
		return -ENOENT;
	*connected = false;
	for (i = 0; i < min_t(u32, answer.item.count, OF_A_PIN_MAX); i++)
		*connected |= answer.jacks[i].is_connected;
	return 0;
}

static int plug_type(const struct pcpin_descriptor *pin)
{
	bool output = pin->data_flow == KSPIN_DATAFLOW_OUT;

	if (pin->category &&
	    guid_equal(pin->category, &ksnodetype_headphones))
		return SND_JACK_HEADPHONE;
	if (pin->category && guid_equal(pin->category, &ksnodetype_microphone))
		return SND_JACK_MICROPHONE;
	return output ? SND_JACK_LINEOUT : SND_JACK_LINEIN;
}

static void tell(struct snd_card *card, struct jack *jack, bool connected)
{
	if (jack->jack)
		snd_jack_report(jack->jack, connected ? jack->type : 0);
	if (jack->connected == connected)
		return;
	WRITE_ONCE(jack->connected, connected);
	topology_control_tell_jack(card, jack->control);
}

static int add(struct topology_mixer *mixer, u32 pin, bool connected)
{
	const struct pcpin_descriptor *d = &mixer->filter->pins[pin];
	struct snd_card *card = mixer->port->adapter->card;
	struct jack *jack = kzalloc(sizeof(*jack), GFP_KERNEL);
	int err;

	if (!jack)
		return -ENOMEM;
	jack->pin = pin;
	jack->type = plug_type(d);
	topology_jack_name(d, jack->name, sizeof(jack->name));
	/* Without a control; the input device goes with the card. */
	err = snd_jack_new(card, jack->name, jack->type, &jack->jack, false,
			   false);
	if (!err)
		err = topology_control_add_jack(card, jack->name,
						&jack->connected,
						&jack->control);
	if (err) {
		kfree(jack);
		return err;
	}
	list_add_tail(&jack->node, &mixer->jacks);
	tell(card, jack, connected);
	return 0;
}

/**
 * topology_jack_create_all() - make the jacks of a filter
 * @mixer: the filter's mixer
 *
 * Each pin that leads out of the adapter is asked.
 *
 * Context: may sleep; before the card is registered. ALSA frees its part with
 * the card.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int topology_jack_create_all(struct topology_mixer *mixer)
{
	const struct pcfilter_descriptor *d = mixer->filter;
	bool connected;
	u32 pin;
	int err;

	if (!find_property(mixer))
		return 0;
	for (pin = 0; pin < d->pin_count; pin++) {
		if (d->pins[pin].communication != KSPIN_COMMUNICATION_BRIDGE)
			continue;
		err = ask(mixer, pin, &connected);
		if (!err)
			err = add(mixer, pin, connected);
		else if (err != -ENOMEM)
			continue;
		if (err)
			return err;
	}
	if (list_empty(&mixer->jacks))
		return 0;
	return portcls_events_enable(mixer->port, PCFILTER_NODE,
				     d->automation_table,
				     &kseventsetid_pin_caps_change,
				     KSEVENT_PINCAPS_JACKINFOCHANGE);
}

/**
 * topology_jack_report() - tell ALSA which plugs are in
 * @mixer: the filter's mixer
 *
 * What can't be asked stays as it is.
 *
 * Context: may sleep.
 */
void topology_jack_report(struct topology_mixer *mixer)
{
	struct jack *jack;
	bool connected;

	list_for_each_entry(jack, &mixer->jacks, node)
		if (!ask(mixer, jack->pin, &connected))
			tell(mixer->port->adapter->card, jack, connected);
}

/**
 * topology_jack_show() - describe the jacks in words
 * @mixer: the filter's mixer
 * @buffer: where to
 *
 * Context: may sleep.
 */
void topology_jack_show(struct topology_mixer *mixer,
			struct snd_info_buffer *buffer)
{
	struct jack *jack;

	list_for_each_entry(jack, &mixer->jacks, node)
		snd_iprintf(buffer, "pin %u: %s Jack\n", jack->pin, jack->name);
}

/**
 * topology_jack_forget_all() - the card is gone, and ALSA's jacks with it
 * @mixer: the filter's mixer
 *
 * Context: may sleep.
 */
void topology_jack_forget_all(struct topology_mixer *mixer)
{
	struct jack *jack, *next;

	list_for_each_entry_safe(jack, next, &mixer->jacks, node)
		kfree(jack);
	INIT_LIST_HEAD(&mixer->jacks);
}
