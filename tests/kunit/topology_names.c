// SPDX-License-Identifier: GPL-2.0
/*
 * What controls there are for a filter, what they are called, and which levels
 * they have.
 */
#include <sound/core.h>
#include <sound/tlv.h>

#include "fake_topology.h"

#define FILTER	PCFILTER_NODE

static u32 in(struct mixer *mixer, const guid_t *category)
{
	return mixer_pin(mixer, KSPIN_DATAFLOW_IN, category);
}

static u32 out(struct mixer *mixer, const guid_t *category)
{
	return mixer_pin(mixer, KSPIN_DATAFLOW_OUT, category);
}

static u32 volume(struct mixer *mixer)
{
	return mixer_node(mixer, &ksnodetype_volume,
			  KSPROPERTY_AUDIO_VOLUMELEVEL);
}

static u32 mux(struct mixer *mixer)
{
	return mixer_node(mixer, &ksnodetype_mux, KSPROPERTY_AUDIO_MUX_SOURCE);
}

static void expect_control(struct mixer *mixer, const char *name)
{
	KUNIT_EXPECT_NOT_NULL_MSG(mixer->fake->test,
				  mixer_control(mixer, name), "%s", name);
}

/* How many of the card's controls are a mixer's. */
static u32 control_count(struct mixer *mixer)
{
	struct snd_card *card = pc_get_card(mixer->fake->device);
	struct snd_kcontrol *kcontrol;
	u32 count = 0;

	list_for_each_entry(kcontrol, &card->controls, list)
		count += kcontrol->id.iface == SNDRV_CTL_ELEM_IFACE_MIXER;
	return count;
}

/*
 *   PCM -> volume -+
 *                  +-> SUM -> volume -> mute -> speaker
 *   Line -> volume +          |
 *                             +-> volume -> MUX 1 -> volume -> to the wave
 *   Mic -> volume ------------------------> MUX 2              filter
 */
static void names_of_a_whole_mixer(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	u32 pcm = in(mixer, &kscategory_audio);
	u32 line = in(mixer, &ksnodetype_line_connector);
	u32 mic = in(mixer, &ksnodetype_microphone);
	u32 speaker = out(mixer, &ksnodetype_speaker);
	u32 wave = out(mixer, NULL);
	u32 pcm_volume = volume(mixer), line_volume = volume(mixer);
	u32 mic_volume = volume(mixer), master = volume(mixer);
	u32 mix_volume = volume(mixer), gain = volume(mixer);
	u32 mute = mixer_node(mixer, &ksnodetype_mute, KSPROPERTY_AUDIO_MUTE);
	u32 sum = mixer_node(mixer, &ksnodetype_sum, 0), select = mux(mixer);
	struct snd_ctl_elem_info info = { .value.enumerated.item = 1 };
	struct snd_ctl_elem_value value = {};
	struct snd_kcontrol *source;

	mixer->connect = true;
	mixer->recorded = wave;
	mixer_link(mixer, FILTER, pcm, pcm_volume, 1);
	mixer_link(mixer, pcm_volume, 0, sum, 1);
	mixer_link(mixer, FILTER, line, line_volume, 1);
	mixer_link(mixer, line_volume, 0, sum, 2);
	mixer_link(mixer, sum, 0, master, 1);
	mixer_link(mixer, master, 0, mute, 1);
	mixer_link(mixer, mute, 0, FILTER, speaker);
	mixer_link(mixer, sum, 0, mix_volume, 1);
	mixer_link(mixer, mix_volume, 0, select, 1);
	mixer_link(mixer, FILTER, mic, mic_volume, 1);
	mixer_link(mixer, mic_volume, 0, select, 2);
	mixer_link(mixer, select, 0, gain, 1);
	mixer_link(mixer, gain, 0, FILTER, wave);
	mixer->nodes[select].values[0] = 2;
	fake_start(mixer->fake);
	/* Through the SUM they are recorded, too. */
	expect_control(mixer, "PCM Volume");
	expect_control(mixer, "Line Volume");
	expect_control(mixer, "Mic Capture Volume");
	expect_control(mixer, "Mix Capture Volume");
	expect_control(mixer, "Master Playback Volume");
	expect_control(mixer, "Master Playback Switch");
	expect_control(mixer, "Capture Volume");
	expect_control(mixer, "Capture Source");
	KUNIT_EXPECT_EQ(test, control_count(mixer), 8);

	source = mixer_control(mixer, "Capture Source");
	KUNIT_ASSERT_NOT_NULL(test, source);
	KUNIT_EXPECT_EQ(test, source->info(source, &info), 0);
	KUNIT_EXPECT_EQ(test, info.value.enumerated.items, 2);
	KUNIT_EXPECT_STREQ(test, info.value.enumerated.name, "Mic");
	KUNIT_EXPECT_EQ(test, source->get(source, &value), 0);
	KUNIT_EXPECT_EQ(test, value.value.enumerated.item[0], 1);
	KUNIT_EXPECT_EQ(test, mixer->request.instance_size, 0);
	value.value.enumerated.item[0] = 0;
	KUNIT_EXPECT_EQ(test, source->put(source, &value), 1);
	KUNIT_EXPECT_EQ(test, mixer->nodes[select].values[0], 1);
	value.value.enumerated.item[0] = 2;
	KUNIT_EXPECT_EQ(test, source->put(source, &value), -EINVAL);
	fake_stop(mixer->fake);
}

static void names_of_pins(struct kunit *test)
{
	static const struct {
		const guid_t *in;
		const guid_t *out;
		const char *name;
	} rows[] = {
		{ &kscategory_audio, NULL, "Master Playback Volume" },
		{ NULL, &ksnodetype_speaker, "Master Playback Volume" },
		{ NULL, &ksnodetype_headphones, "Headphone Playback Volume" },
		{ NULL, &ksnodetype_line_connector,
		  "Line Out Playback Volume" },
		{ NULL, &ksnodetype_spdif_interface,
		  "IEC958 Playback Volume" },
		{ &ksnodetype_microphone, &kscategory_audio,
		  "Capture Volume" },
		{ &ksnodetype_microphone, &pinname_capture, "Capture Volume" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mixer *mixer = mixer_new(test);

		mixer_chain(mixer, rows[i].in, &ksnodetype_volume,
			    KSPROPERTY_AUDIO_VOLUMELEVEL, rows[i].out);
		fake_start(mixer->fake);
		expect_control(mixer, rows[i].name);
		fake_stop(mixer->fake);
	}
}

/* Sources of a SUM: each has its pin's name, and equal ones are numbered. */
static void names_of_sources(struct kunit *test)
{
	static const guid_t *const categories[] = {
		&ksnodetype_cd_player, &ksnodetype_synthesizer,
		&ksnodetype_phone_line, NULL, NULL, &ksnodetype_cd_player,
	};
	static const char *const names[] = {
		"CD Playback Volume", "Synth Playback Volume",
		"Phone Playback Volume", "Front Playback Volume",
		"Aux Playback Volume", "CD Playback Volume",
	};
	struct mixer *mixer = mixer_new(test);
	u32 speaker = out(mixer, &ksnodetype_speaker);
	u32 sum = mixer_node(mixer, &ksnodetype_sum, 0);
	u32 indexes = 0, i;
	struct snd_kcontrol *kcontrol;

	mixer_link(mixer, sum, 0, FILTER, speaker);
	for (i = 0; i < ARRAY_SIZE(categories); i++) {
		u32 pin = in(mixer, categories[i]), node = volume(mixer);

		mixer_link(mixer, FILTER, pin, node, 1);
		mixer_link(mixer, node, 0, sum, i + 1);
	}
	mixer->pins[4].name = "Front";
	fake_start(mixer->fake);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		expect_control(mixer, names[i]);
	KUNIT_EXPECT_EQ(test, control_count(mixer), ARRAY_SIZE(names));
	list_for_each_entry(kcontrol,
			    &pc_get_card(mixer->fake->device)->controls, list)
		if (!strcmp(kcontrol->id.name, "CD Playback Volume"))
			indexes |= BIT(kcontrol->id.index);
	KUNIT_EXPECT_EQ(test, indexes, BIT(0) | BIT(1));
}

static void names_of_other_controls(struct kunit *test)
{
	static const struct {
		const guid_t *type;
		u32 property;
		const char *name;
	} rows[] = {
		{ &ksnodetype_agc, KSPROPERTY_AUDIO_AGC,
		  "Auto Gain Control Capture Switch" },
		{ &ksnodetype_loudness, KSPROPERTY_AUDIO_LOUDNESS,
		  "Loudness Capture Switch" },
		{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS,
		  "Tone Control - Bass" },
		{ &ksnodetype_tone, KSPROPERTY_AUDIO_TREBLE,
		  "Tone Control - Treble" },
		{ &ksnodetype_tone, KSPROPERTY_AUDIO_BASS_BOOST,
		  "Tone Control - Bass Boost" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mixer *mixer = mixer_new(test);

		mixer_chain(mixer, &ksnodetype_microphone, rows[i].type,
			    rows[i].property, &kscategory_audio);
		fake_start(mixer->fake);
		expect_control(mixer, rows[i].name);
		KUNIT_EXPECT_EQ(test, control_count(mixer), 1);
		fake_stop(mixer->fake);
	}
}

/* Other types have no control, even where they have the property. */
static void names_of_nothing(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);

	mixer_chain(mixer, &kscategory_audio, &ksnodetype_dac,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, &ksnodetype_speaker);
	mixer_node(mixer, &ksnodetype_adc, KSPROPERTY_AUDIO_MUTE);
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, control_count(mixer), 0);
}

/* A node that nothing leads to, or that leads nowhere, is called by its name. */
static void names_of_lonely_nodes(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	u32 lonely = volume(mixer), mute = mixer_node(mixer, &ksnodetype_mute,
						      KSPROPERTY_AUDIO_MUTE);

	mixer->descriptors[lonely].name = "Beep";
	/* In a circle. */
	mixer_link(mixer, lonely, 0, lonely, 1);
	mixer_link(mixer, lonely, 0, mute, 1);
	mixer_link(mixer, mute, 0, lonely, 1);
	fake_start(mixer->fake);
	expect_control(mixer, "Beep Volume");
	expect_control(mixer, "Mix Switch");
}

/* A source that comes from nowhere, in a filter without a single pin. */
static void names_of_lonely_sources(struct kunit *test)
{
	struct snd_ctl_elem_info info = {};
	struct mixer *mixer = mixer_new(test);
	u32 lonely = volume(mixer), select = mux(mixer);
	struct snd_kcontrol *source;

	mixer->descriptors[lonely].name = "Beep";
	mixer->description.pins = NULL;
	mixer->nodes[select].values[0] = 1;
	mixer_link(mixer, lonely, 0, select, 1);
	fake_start(mixer->fake);
	source = mixer_control(mixer, "Mix Source");
	KUNIT_ASSERT_NOT_NULL(test, source);
	KUNIT_EXPECT_EQ(test, source->info(source, &info), 0);
	KUNIT_EXPECT_STREQ(test, info.value.enumerated.name, "Beep");
}

/* Several lead to a node that isn't a SUM: there the output's line begins. */
static void names_of_a_virtual_sum(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);
	u32 pcm = in(mixer, &kscategory_audio);
	u32 cd = in(mixer, &ksnodetype_cd_player);
	u32 speaker = out(mixer, &ksnodetype_speaker);
	u32 pcm_volume = volume(mixer), cd_volume = volume(mixer);
	u32 master = volume(mixer);

	mixer_link(mixer, FILTER, pcm, pcm_volume, 1);
	mixer_link(mixer, FILTER, cd, cd_volume, 1);
	mixer_link(mixer, pcm_volume, 0, master, 1);
	mixer_link(mixer, cd_volume, 0, master, 1);
	mixer_link(mixer, master, 0, FILTER, speaker);
	fake_start(mixer->fake);
	expect_control(mixer, "PCM Playback Volume");
	expect_control(mixer, "CD Playback Volume");
	expect_control(mixer, "Master Playback Volume");
}

/* Ranges in 1/65536 dB, and what alsa-lib is told. */
static void levels(struct kunit *test)
{
	static const struct {
		s32 min, max;
		u32 step, most, type;
		int low;
		u32 second;
	} rows[] = {
		/* A step of 1.5 dB, of 0.01 dB it isn't. */
		{ -0x1f8000, 0, 0x18000, 21, SNDRV_CTL_TLVT_DB_SCALE, -3150,
		  150 },
		{ -65536, 65536, 13107, 10, SNDRV_CTL_TLVT_DB_MINMAX, -100,
		  100 },
		/* Gain only. */
		{ 0, 0x1e0000, 0x14000 + 0x4000, 20, SNDRV_CTL_TLVT_DB_SCALE,
		  0, 150 },
		/* No steps: an eighth of a decibel. */
		{ -65536, 0, 0, 8, SNDRV_CTL_TLVT_DB_MINMAX, -100, 0 },
		/* No end below: silence, and then from -96 dB on. */
		{ S32_MIN, 0, 65536, 97, SNDRV_CTL_TLVT_DB_SCALE, -9700,
		  100 | TLV_DB_SCALE_MUTE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mixer *mixer = mixer_new(test);
		struct ksproperty_stepping_long *range =
			&mixer->nodes[0].range;
		struct snd_ctl_elem_info info = {};
		struct snd_kcontrol *control;
		const unsigned int *tlv;

		mixer_chain(mixer, NULL, &ksnodetype_volume,
			    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
		range->signed_minimum = rows[i].min;
		range->signed_maximum = rows[i].max;
		range->stepping_delta = rows[i].step;
		fake_start(mixer->fake);
		control = mixer_control(mixer, "Master Playback Volume");
		KUNIT_ASSERT_NOT_NULL(test, control);
		KUNIT_EXPECT_EQ(test, control->info(control, &info), 0);
		KUNIT_EXPECT_EQ(test, info.value.integer.max, rows[i].most);
		tlv = control->tlv.p;
		KUNIT_EXPECT_EQ(test, tlv[0], rows[i].type);
		KUNIT_EXPECT_EQ(test, tlv[1], 8);
		KUNIT_EXPECT_EQ(test, (int)tlv[2], rows[i].low);
		KUNIT_EXPECT_EQ(test, tlv[3], rows[i].second);
		/* Both ends are what the miniport says they are. */
		KUNIT_EXPECT_GE(test, mixer_put(control, 0, rows[i].most), 0);
		KUNIT_EXPECT_EQ(test, mixer->nodes[0].values[0], rows[i].min);
		KUNIT_EXPECT_GE(test, mixer->nodes[0].values[1],
				rows[i].max - (s64)rows[i].step);
		fake_stop(mixer->fake);
	}
}

/* Without a range there is no volume. */
static void levels_without_a_range(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);

	mixer_chain(mixer, NULL, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
	mixer->nodes[0].range.signed_minimum = 0;
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, control_count(mixer), 0);
	fake_stop(mixer->fake);
	mixer->nodes[0].range.signed_minimum = -65536;
	mixer->nodes[0].members = 0;
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, control_count(mixer), 0);
	fake_stop(mixer->fake);
	mixer->nodes[0].members = 1;
	mixer->nodes[0].error = -EOPNOTSUPP;
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, control_count(mixer), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(names_of_a_whole_mixer),
	KUNIT_CASE(names_of_pins),
	KUNIT_CASE(names_of_sources),
	KUNIT_CASE(names_of_other_controls),
	KUNIT_CASE(names_of_nothing),
	KUNIT_CASE(names_of_lonely_nodes),
	KUNIT_CASE(names_of_lonely_sources),
	KUNIT_CASE(names_of_a_virtual_sum),
	KUNIT_CASE(levels),
	KUNIT_CASE(levels_without_a_range),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-topology-names",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
