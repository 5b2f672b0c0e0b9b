// SPDX-License-Identifier: GPL-2.0
/*
 * What a filter has besides its nodes' volumes and switches: jacks, and how many
 * loudspeakers there are. A wave filter shows them as a topology filter does.
 */
#include <linux/delay.h>
#include <sound/core.h>
#include <sound/jack.h>

#include "fake_topology.h"

/* A mixer with headphones, whose plug is in, and a microphone without a jack. */
static struct mixer *headset(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	u32 out, in;

	out = mixer_pin(mixer, KSPIN_DATAFLOW_OUT, &ksnodetype_headphones);
	in = mixer_pin(mixer, KSPIN_DATAFLOW_IN, &ksnodetype_microphone);
	mixer->pins[out].communication = KSPIN_COMMUNICATION_BRIDGE;
	mixer->pins[in].communication = KSPIN_COMMUNICATION_BRIDGE;
	mixer_jack(mixer, out, 1, BIT(0));
	return mixer;
}

static long value_of(struct mixer *mixer, const char *name)
{
	struct snd_kcontrol *control = mixer_control(mixer, name);
	long value = -1, other;

	if (control && mixer_get(control, &value, &other))
		return -1;
	return value;
}

static bool becomes(struct mixer *mixer, const char *name, long value)
{
	unsigned long end = jiffies + 10 * HZ;

	while (value_of(mixer, name) != value && time_before(jiffies, end))
		usleep_range(1000, 2000);
	return value_of(mixer, name) == value;
}

static struct snd_jack *jack_of(struct mixer *mixer)
{
	struct snd_device *device;

	list_for_each_entry(device, &pc_get_card(mixer->fake->device)->devices,
			    list)
		if (device->type == SNDRV_DEV_JACK)
			return device->device_data;
	return NULL;
}

/* A kernel without input devices doesn't keep it. */
static void expect_type(struct mixer *mixer, int type)
{
	struct snd_jack *jack = jack_of(mixer);

	KUNIT_ASSERT_NOT_NULL(mixer->fake->test, jack);
#ifdef CONFIG_SND_JACK_INPUT_DEV
	KUNIT_EXPECT_EQ(mixer->fake->test, jack->type, type);
#endif
}

static void jacks_are_alsas(struct kunit *test)
{
	struct mixer *mixer = headset(test);
	u32 asked;

	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, value_of(mixer, "Headphone Jack"), 1);
	KUNIT_EXPECT_NULL(test, mixer_control(mixer, "Mic Jack"));
	expect_type(mixer, SND_JACK_HEADPHONE);
	KUNIT_EXPECT_EQ(test, mixer->request.node, PCFILTER_NODE);
	KUNIT_EXPECT_EQ(test, mixer->request.instance_size, sizeof(u32));
	KUNIT_EXPECT_PTR_EQ(test, mixer->request.major_target,
			    &mixer->miniport.unknown);

	mixer_plug(mixer, 0, 0);
	KUNIT_EXPECT_TRUE(test, becomes(mixer, "Headphone Jack", 0));
	mixer_plug(mixer, 0, BIT(0));
	KUNIT_EXPECT_TRUE(test, becomes(mixer, "Headphone Jack", 1));
	/* When it can't be asked, it stays as it is. */
	mixer->jack_error = -EIO;
	asked = mixer->jack_asked;
	mixer_plug(mixer, 0, BIT(0));
	while (READ_ONCE(mixer->jack_asked) == asked)
		usleep_range(1000, 2000);
	KUNIT_EXPECT_EQ(test, value_of(mixer, "Headphone Jack"), 1);
	/* And nobody hears of it when the card is gone. */
	fake_stop(mixer->fake);
}

/* The machine goes off: ALSA's jacks are gone, and the hardware sleeps. */
static void jacks_of_a_machine_that_is_off(struct kunit *test)
{
	struct mixer *mixer = headset(test);
	u32 asked;

	fake_start(mixer->fake);
	pc_shutdown_adapter_device(mixer->fake->device);
	asked = mixer->jack_asked;
	mixer_plug(mixer, 0, 0);
	/* As long as nothing has to wait for a work that there is none. */
	msleep(100);
	KUNIT_EXPECT_EQ(test, READ_ONCE(mixer->jack_asked), asked);
}

/* Three plugs for six channels are one jack to ALSA. */
static void jacks_of_one_pin(struct kunit *test)
{
	struct mixer *mixer = headset(test);

	mixer_jack(mixer, 0, 3, BIT(2));
	mixer_jack(mixer, 1, 1, 0);
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, value_of(mixer, "Headphone Jack"), 1);
	KUNIT_EXPECT_EQ(test, value_of(mixer, "Mic Jack"), 0);
}

static void jacks_of_any_kind(struct kunit *test)
{
	static const struct {
		const guid_t *category;
		enum kspin_dataflow flow;
		const char *name;
		int type;
	} rows[] = {
		{ &ksnodetype_speaker, KSPIN_DATAFLOW_OUT, "Speaker Jack",
		  SND_JACK_LINEOUT },
		{ NULL, KSPIN_DATAFLOW_OUT, "Speaker Jack", SND_JACK_LINEOUT },
		{ &ksnodetype_line_connector, KSPIN_DATAFLOW_OUT,
		  "Line Out Jack", SND_JACK_LINEOUT },
		{ &ksnodetype_line_connector, KSPIN_DATAFLOW_IN, "Line Jack",
		  SND_JACK_LINEIN },
		{ &ksnodetype_microphone, KSPIN_DATAFLOW_IN, "Mic Jack",
		  SND_JACK_MICROPHONE },
		{ NULL, KSPIN_DATAFLOW_IN, "Aux Jack", SND_JACK_LINEIN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mixer *mixer = mixer_new(test);
		u32 pin = mixer_pin(mixer, rows[i].flow, rows[i].category);

		mixer->pins[pin].communication = KSPIN_COMMUNICATION_BRIDGE;
		mixer_jack(mixer, pin, 1, 1);
		fake_start(mixer->fake);
		KUNIT_EXPECT_EQ_MSG(test, value_of(mixer, rows[i].name), 1,
				    "%s", rows[i].name);
		expect_type(mixer, rows[i].type);
		fake_stop(mixer->fake);
	}
}

static void jacks_that_are_not(struct kunit *test)
{
	struct mixer *mixer = headset(test);

	/* A pin that leads to another filter isn't asked. */
	mixer->pins[0].communication = KSPIN_COMMUNICATION_NONE;
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, jack_of(mixer));
	fake_stop(mixer->fake);
	mixer->pins[0].communication = KSPIN_COMMUNICATION_BRIDGE;
	/* An answer without a jack, an error, none at all. */
	mixer_jack(mixer, 0, 0, 1);
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, jack_of(mixer));
	fake_stop(mixer->fake);
	mixer_jack(mixer, 0, 1, 1);
	mixer->jack_error = -EIO;
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, jack_of(mixer));
	fake_stop(mixer->fake);
	mixer->jack_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, fake_try_start(mixer->fake), -ENOMEM);
	mixer->jack_error = 0;
	mixer->description.automation_table = NULL;
	fake_start(mixer->fake);
	KUNIT_EXPECT_NULL(test, jack_of(mixer));
}

/* One that says of nine jacks that it has them has written eight at most. */
static void jacks_too_many(struct kunit *test)
{
	struct mixer *mixer = headset(test);

	mixer_jack(mixer, 0, 9, BIT(7));
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, value_of(mixer, "Headphone Jack"), 1);
}

static struct snd_kcontrol *channel_mode(struct mixer *mixer, u32 speakers)
{
	u32 node = mixer_chain(mixer, &kscategory_audio, &ksnodetype_dac,
			       KSPROPERTY_AUDIO_CHANNEL_CONFIG,
			       &ksnodetype_speaker);

	mixer->nodes[node].channels = 0;
	mixer->nodes[node].lowest = 0;
	mixer->nodes[node].values[0] = speakers;
	fake_start(mixer->fake);
	return mixer_control(mixer, "Channel Mode");
}

static void speakers_are_a_choice(struct kunit *test)
{
	static const struct {
		u32 speakers;
		long number;
	} rows[] = {
		{ 0, 0 }, { KSAUDIO_SPEAKER_MONO, 0 },
		{ KSAUDIO_SPEAKER_STEREO, 1 }, { 0x7, 1 },
		{ KSAUDIO_SPEAKER_QUAD, 2 }, { 0x107, 2 },
		{ KSAUDIO_SPEAKER_5POINT1, 3 }, { 0x60f, 3 },
		{ KSAUDIO_SPEAKER_7POINT1_SURROUND, 4 }, { 0xff, 4 },
	};
	struct mixer *mixer = mixer_new(test);
	struct snd_kcontrol *mode = channel_mode(mixer, 0);
	struct snd_ctl_elem_info info = {};
	long number, other;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, mode);
	KUNIT_EXPECT_EQ(test, mode->info(mode, &info), 0);
	KUNIT_EXPECT_EQ(test, info.value.enumerated.items, 5);
	KUNIT_EXPECT_STREQ(test, info.value.enumerated.name, "1ch");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mixer->nodes[0].values[0] = rows[i].speakers;
		KUNIT_EXPECT_EQ(test, mixer_get(mode, &number, &other), 0);
		KUNIT_EXPECT_EQ(test, number, rows[i].number);
	}
	KUNIT_EXPECT_EQ(test, mixer->request.instance_size, 0);
	KUNIT_EXPECT_EQ(test, mixer_put(mode, 1, 0), 1);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].values[0],
			KSAUDIO_SPEAKER_STEREO);
	KUNIT_EXPECT_EQ(test, mixer_put(mode, 5, 0), -EINVAL);
	mixer->nodes[0].error = -EBUSY;
	KUNIT_EXPECT_EQ(test, mixer_put(mode, 4, 0), -EBUSY);
}

/* Two filters with a control of the same name are two controls. */
static u32 wave_speakers;

static int wave_handler(struct pcproperty_request *request)
{
	if (request->value_size != sizeof(wave_speakers))
		return -EINVAL;
	if (request->verb == KSPROPERTY_TYPE_GET)
		*(u32 *)request->value = wave_speakers;
	else
		wave_speakers = *(u32 *)request->value;
	return 0;
}

static const struct pcproperty_item wave_properties[] = {
	{ &kspropsetid_audio, KSPROPERTY_AUDIO_CHANNEL_CONFIG,
	  PCPROPERTY_ITEM_FLAG_GET | PCPROPERTY_ITEM_FLAG_SET, wave_handler },
};

static const struct pcautomation_table wave_table = {
	PCAUTOMATION_PROPERTIES(wave_properties),
};

static const struct pcnode_descriptor wave_nodes[] = {
	{ &wave_table, &ksnodetype_dac },
};

static const struct pcconnection_descriptor wave_connections[] = {
	{ PCFILTER_NODE, 0, 0, KSNODEPIN_STANDARD_IN },
};

static void speakers_of_a_wave_filter(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	struct pcfilter_descriptor *d = &mixer->fake->description;
	struct snd_ctl_elem_info info = {};
	struct snd_kcontrol *mode;

	wave_speakers = KSAUDIO_SPEAKER_STEREO;
	d->nodes = wave_nodes;
	d->node_count = ARRAY_SIZE(wave_nodes);
	d->connections = wave_connections;
	d->connection_count = ARRAY_SIZE(wave_connections);
	KUNIT_ASSERT_NOT_NULL(test,
			      channel_mode(mixer, KSAUDIO_SPEAKER_QUAD));
	mode = mixer_control(mixer, "Channel Mode");
	KUNIT_EXPECT_EQ(test, mode->info(mode, &info), 0);
	/* No more than its pin can play. */
	KUNIT_EXPECT_EQ(test, info.value.enumerated.items, 2);
	KUNIT_EXPECT_EQ(test, mixer_put(mode, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, wave_speakers, KSAUDIO_SPEAKER_MONO);
	KUNIT_EXPECT_EQ(test, mode->id.index, 0);
	mode = mixer_control_number(mixer, "Channel Mode", 1);
	KUNIT_ASSERT_NOT_NULL(test, mode);
	KUNIT_EXPECT_EQ(test, mixer_put(mode, 3, 0), 1);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].values[0],
			KSAUDIO_SPEAKER_5POINT1);
}

static void speakers_of_nonsense(struct kunit *test)
{
	static const struct pcconnection_descriptor wrong = {
		.from_node = 1, .to_node = 0,
	};
	struct fake *fake = fake_new(test);

	fake->description.nodes = wave_nodes;
	fake->description.node_count = ARRAY_SIZE(wave_nodes);
	fake->description.connections = &wrong;
	fake->description.connection_count = 1;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->description.connection_count = 0;
	fake_start(fake);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(jacks_are_alsas),
	KUNIT_CASE(jacks_of_a_machine_that_is_off),
	KUNIT_CASE(jacks_of_one_pin),
	KUNIT_CASE(jacks_of_any_kind),
	KUNIT_CASE(jacks_that_are_not),
	KUNIT_CASE(jacks_too_many),
	KUNIT_CASE(speakers_are_a_choice),
	KUNIT_CASE(speakers_of_a_wave_filter),
	KUNIT_CASE(speakers_of_nonsense),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-jacks",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
