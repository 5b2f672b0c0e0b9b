// SPDX-License-Identifier: GPL-2.0
/*
 * IPortTopology, IMiniportTopology: Init, descriptions, and what a control does
 * when it is read and written.
 */
#include <linux/module.h>
#include <sound/core.h>

#include "fake_topology.h"

static int rounds = 5;
module_param(rounds, int, 0444);
MODULE_PARM_DESC(rounds, "How often a card with two filters comes and goes.");

static int make_port(struct kunit *test, struct iunknown **face)
{
	struct iport *port;
	int err = pc_new_port(&port, &clsid_port_topology);

	*face = &port->unknown;
	return err;
}

static void topology_object(struct kunit *test)
{
	static const guid_t *const iids[] = {
		&iid_iport, &iid_iport_topology, &iid_iport_events,
		&iid_iport_cls_version, &iid_iunregister_subdevice, NULL
	};
	struct iunknown *port;

	KUNIT_ASSERT_EQ(test, make_port(test, &port), 0);
	expect_com(test, port, iids);
	iunknown_put(port);
}

static void topology_init_binds(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct iport *port;

	fake_start(mixer->fake);
	port = &mixer->port->port;
	KUNIT_EXPECT_EQ(test, references(&mixer->miniport.unknown), 1);
	KUNIT_EXPECT_EQ(test, port->vtbl->init(port, mixer->fake->device,
					       &mixer->miniport.unknown, NULL,
					       NULL), -EALREADY);
	fake_stop(mixer->fake);
	expect_log(mixer->fake, "gone mixer-gone");
}

static void topology_init_fails(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct fake *fake = mixer->fake;

	mixer->init_error = -ENXIO;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -ENXIO);
	/* What is positive isn't an error, nor success. */
	mixer->init_error = 1;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EIO);
	mixer->init_error = 0;
	mixer->description_error = -EPERM;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EPERM);
	mixer->description_error = 0;
	mixer->no_description = true;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	mixer->no_description = false;
	fake_start(fake);
}

static int wrong_miniport(struct fake *fake)
{
	struct iport *port;
	int err = pc_new_port(&port, &clsid_port_topology);

	if (err)
		return err;
	err = port->vtbl->init(port, fake->device, &fake->port->unknown, NULL,
			       NULL);
	iunknown_put(&port->unknown);
	return err;
}

static void topology_wants_its_miniport(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct iunknown *port;

	fake->on_started = wrong_miniport;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -ENOENT);
	KUNIT_ASSERT_EQ(test, make_port(test, &port), 0);
	test_put(test, port);
	/* No adapter, and not initialised. */
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "Mixer",
						    port), -ENODEV);
	fake->on_started = NULL;
	fake_start(fake);
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "Mixer",
						    port), -EINVAL);
}

/* Descriptions that make no sense, each by itself. */
static void topology_nonsense(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct pcfilter_descriptor *d = &mixer->description;
	struct fake *fake = mixer->fake;
	struct pcfilter_descriptor good;

	mixer_chain(mixer, &kscategory_audio, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, &ksnodetype_speaker);
	good = *d;
#define EXPECT_REFUSED(change) do { \
		change; \
		KUNIT_EXPECT_EQ_MSG(test, fake_try_start(fake), -EINVAL, \
				    #change); \
		*d = good; \
	} while (0)
	EXPECT_REFUSED(d->pin_count = 65);
	EXPECT_REFUSED(d->node_count = 257);
	EXPECT_REFUSED(d->connection_count = 1025);
	EXPECT_REFUSED(d->pins = NULL);
	EXPECT_REFUSED(d->nodes = NULL);
	EXPECT_REFUSED(d->connections = NULL);
	EXPECT_REFUSED(mixer->descriptors[0].type = NULL);
	mixer->descriptors[0].type = &ksnodetype_volume;
	EXPECT_REFUSED(mixer->links[0].to_node = 1);
	mixer->links[0].to_node = 0;
	EXPECT_REFUSED(mixer->links[0].from_node_pin = 2);
	/* An output pin, as if something came in there. */
	EXPECT_REFUSED(mixer->links[0].from_node_pin = 1);
	mixer->links[0].from_node_pin = 0;
	EXPECT_REFUSED(mixer->links[1].to_node_pin = 0);
	mixer->links[1].to_node_pin = 1;
	fake_start(fake);
#undef EXPECT_REFUSED
}

static void topology_after_removal(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct iregistry_key *key;
	struct iport *port;
	char text[64];
	u32 length;

	fake_start(mixer->fake);
	port = &mixer->port->port;
	iunknown_get(&port->unknown);
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_LOCATION_INFORMATION, sizeof(text),
			text, &length), 0);
	KUNIT_EXPECT_STREQ(test, text, dev_name(mixer->fake->device));
	KUNIT_EXPECT_EQ(test, port->vtbl->new_registry_key(port, &key, NULL,
			DEVICE_REGISTRY_KEY, KEY_READ, NULL, 0, NULL), 0);
	iunknown_put(&key->unknown);
	fake_stop(mixer->fake);
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_LOCATION_INFORMATION, sizeof(text),
			text, &length), -ENODEV);
	mixer->port_events->vtbl->generate_event_list(mixer->port_events, NULL,
			KSEVENT_CONTROL_CHANGE, false, 0, false, 0);
	iunknown_put(&port->unknown);
}

/* A miniport may hold its port: they are parted when the card goes. */
static void topology_is_held(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);

	mixer->hold_port = true;
	fake_start(mixer->fake);
	fake_stop(mixer->fake);
	expect_log(mixer->fake, "gone mixer-gone");
}

static struct snd_kcontrol *volume(struct mixer *mixer)
{
	mixer_chain(mixer, &kscategory_audio, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, &ksnodetype_speaker);
	fake_start(mixer->fake);
	return mixer_control(mixer, "Master Playback Volume");
}

static void topology_volume(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct fake_node *node = &mixer->nodes[0];
	struct snd_kcontrol *control = volume(mixer);
	long left, right;

	KUNIT_ASSERT_NOT_NULL(test, control);
	node->values[0] = -0x18000;
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
	KUNIT_EXPECT_EQ(test, left, 20);
	KUNIT_EXPECT_EQ(test, right, 21);
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 1), 1);
	KUNIT_EXPECT_EQ(test, node->values[0], -0x1f8000);
	KUNIT_EXPECT_EQ(test, node->values[1], -0x1e0000);
	KUNIT_EXPECT_EQ(test, node->sets, 2);
	/* What is so already isn't set. */
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, node->sets, 2);
	/* What the miniport has taken counts, not what it was given. */
	node->lowest = -0x30000;
	KUNIT_EXPECT_EQ(test, mixer_put(control, 2, 21), 1);
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
	KUNIT_EXPECT_EQ(test, left, 19);
	KUNIT_EXPECT_EQ(test, mixer_put(control, 2, 21), 0);
	/* More than there is, and less. */
	KUNIT_EXPECT_EQ(test, mixer_put(control, 22, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, -1), -EINVAL);
	node->error = -EBUSY;
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 0), -EBUSY);
	node->get_error = -EPERM;
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), -EPERM);
	/* A value beyond its own range is at its end. */
	node->get_error = 0;
	node->values[0] = 0x7fffffff;
	node->values[1] = S32_MIN;
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
	KUNIT_EXPECT_EQ(test, left, 21);
	KUNIT_EXPECT_EQ(test, right, 0);
}

/* The request is filled in as the page says. */
static void topology_request(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct snd_kcontrol *control = volume(mixer);
	long left, right;

	KUNIT_ASSERT_NOT_NULL(test, control);
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
	KUNIT_EXPECT_PTR_EQ(test, mixer->request.major_target,
			    &mixer->miniport.unknown);
	KUNIT_EXPECT_NULL(test, mixer->request.minor_target);
	KUNIT_EXPECT_EQ(test, mixer->request.node, 0);
	KUNIT_EXPECT_EQ(test, mixer->request.property_item->id,
			KSPROPERTY_AUDIO_VOLUMELEVEL);
	KUNIT_EXPECT_EQ(test, mixer->request.verb, KSPROPERTY_TYPE_GET);
	KUNIT_EXPECT_EQ(test, mixer->request.instance_size, sizeof(s32));
	KUNIT_EXPECT_EQ(test, mixer->request.value_size, sizeof(s32));
}

static u32 channel_count(struct snd_kcontrol *control)
{
	struct snd_ctl_elem_info info = {};

	return control->info(control, &info) ? 0 : info.count;
}

/* Left, right, both, one for all, or none, and then there is no control. */
static void topology_channels(struct kunit *test)
{
	static const struct {
		u32 answers;
		u32 count;
		s32 first;
	} rows[] = {
		{ LEFT | RIGHT, 2, 0 }, { LEFT, 1, 0 }, { RIGHT, 1, 1 },
		{ ALL, 1, 2 }, { LEFT | ALL, 1, 0 }, { 0, 0, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mixer *mixer = mixer_new(test);
		struct snd_kcontrol *control;
		long left, right;

		mixer_chain(mixer, &kscategory_audio, &ksnodetype_volume,
			    KSPROPERTY_AUDIO_VOLUMELEVEL, &ksnodetype_speaker);
		mixer->nodes[0].channels = rows[i].answers;
		fake_start(mixer->fake);
		control = mixer_control(mixer, "Master Playback Volume");
		if (!rows[i].count) {
			KUNIT_EXPECT_NULL(test, control);
			continue;
		}
		KUNIT_ASSERT_NOT_NULL(test, control);
		KUNIT_EXPECT_EQ(test, channel_count(control), rows[i].count);
		KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 0), 1);
		KUNIT_EXPECT_EQ(test,
				mixer->nodes[0].values[rows[i].first],
				-0x1f8000);
		KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
		KUNIT_EXPECT_EQ(test, left, 0);
	}
}

static void topology_switch(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct snd_kcontrol *control;
	long left, right;

	mixer_chain(mixer, &kscategory_audio, &ksnodetype_mute,
		    KSPROPERTY_AUDIO_MUTE, &ksnodetype_speaker);
	fake_start(mixer->fake);
	control = mixer_control(mixer, "Master Playback Switch");
	KUNIT_ASSERT_NOT_NULL(test, control);
	/* Muted is off. */
	mixer->nodes[0].values[1] = 1;
	KUNIT_EXPECT_EQ(test, mixer_get(control, &left, &right), 0);
	KUNIT_EXPECT_EQ(test, left, 1);
	KUNIT_EXPECT_EQ(test, right, 0);
	KUNIT_EXPECT_EQ(test, mixer_put(control, 0, 1), 1);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].values[0], 1);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].values[1], 0);
	KUNIT_EXPECT_EQ(test, mixer_put(control, 2, 1), -EINVAL);
}

/* A property without SET can only be read. */
static void topology_read_only(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct pcproperty_item item;
	struct snd_kcontrol *control;

	mixer_chain(mixer, &kscategory_audio, &ksnodetype_mute,
		    KSPROPERTY_AUDIO_MUTE, &ksnodetype_speaker);
	item = *mixer->nodes[0].table.properties;
	item.flags = PCPROPERTY_ITEM_FLAG_GET;
	mixer->nodes[0].table.properties = &item;
	fake_start(mixer->fake);
	control = mixer_control(mixer, "Master Playback Switch");
	KUNIT_ASSERT_NOT_NULL(test, control);
	KUNIT_EXPECT_EQ(test, control->vd[0].access &
			SNDRV_CTL_ELEM_ACCESS_READWRITE,
			SNDRV_CTL_ELEM_ACCESS_READ);
	KUNIT_EXPECT_NULL(test, control->put);
	fake_stop(mixer->fake);
}

/* Tables that can't be right have no properties. */
static void topology_bad_tables(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct pcautomation_table *table = &mixer->nodes[0].table;

	mixer_chain(mixer, &kscategory_audio, &ksnodetype_mute,
		    KSPROPERTY_AUDIO_MUTE, &ksnodetype_speaker);
	table->property_item_size = sizeof(struct pcproperty_item) - 1;
	table->event_item_size = 1;
	mixer->nodes[0].events = true;
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, mixer_control(mixer, "Master Playback Switch"));
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].event_verbs, 0);
	fake_stop(mixer->fake);
	mixer->descriptors[0].automation_table = NULL;
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, mixer_control(mixer, "Master Playback Switch"));
}

/*
 * Made, registered, connected, started and removed over and over, and failed at
 * each step in between: objects_init() counts what is left.
 */
static void topology_comes_and_goes(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	int round, step;

	mixer_chain(mixer, &ksnodetype_microphone, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
	mixer->nodes[0].events = true;
	mixer->hold_port = true;
	mixer->connect = true;
	mixer->recorded = 1;
	for (round = 0; round < rounds; round++) {
		for (step = 0; step < 5 && round < 5; step++) {
			mixer->steps = step;
			KUNIT_EXPECT_EQ(test, fake_try_start(mixer->fake),
					-EIO);
		}
		mixer->steps = -1;
		fake_start(mixer->fake);
		KUNIT_EXPECT_NOT_NULL(test,
				      mixer_control(mixer, "Capture Volume"));
		fake_stop(mixer->fake);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(topology_object),
	KUNIT_CASE(topology_init_binds),
	KUNIT_CASE(topology_init_fails),
	KUNIT_CASE(topology_wants_its_miniport),
	KUNIT_CASE(topology_nonsense),
	KUNIT_CASE(topology_after_removal),
	KUNIT_CASE(topology_is_held),
	KUNIT_CASE(topology_volume),
	KUNIT_CASE(topology_request),
	KUNIT_CASE(topology_channels),
	KUNIT_CASE(topology_switch),
	KUNIT_CASE(topology_read_only),
	KUNIT_CASE(topology_bad_tables),
	KUNIT_CASE(topology_comes_and_goes),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-topology",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
