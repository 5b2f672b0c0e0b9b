// SPDX-License-Identifier: GPL-2.0
/*
 * DataRangeIntersection: data ranges become ALSA's rules, and back.
 */
#include <sound/control.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static int try(struct application *app, snd_pcm_format_t format,
	       unsigned int channels, unsigned int rate)
{
	struct application_params params = {
		.format = APPLICATION_FORMAT(format),
		.channels = channels,
		.rate = rate,
		.period_bytes = 3 * 2 * 4 * 256,
	};

	return application_hw_params(app, &params);
}

static const struct sample {
	snd_pcm_format_t format;
	u32 bits;
	bool ieee_float;
} samples[] = {
	{ SNDRV_PCM_FORMAT_U8, 8 },
	{ SNDRV_PCM_FORMAT_S16_LE, 16 },
	{ SNDRV_PCM_FORMAT_S24_3LE, 24 },
	{ SNDRV_PCM_FORMAT_S32_LE, 32 },
	{ SNDRV_PCM_FORMAT_FLOAT_LE, 32, true },
};

static void format_of_a_stream(struct kunit *test)
{
	const struct waveformatextensible *wave;
	const struct ksdataformat *data;
	struct fake *fake;
	int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];
		u32 frame = 2 * s->bits / 8;
		struct application *app;

		fake = fake_new(test);
		fake->ranges[0].minimum_bits_per_sample = s->bits;
		fake->ranges[0].maximum_bits_per_sample = s->bits;
		if (s->ieee_float)
			fake->ranges[0].data_range.sub_format =
				ksdataformat_subtype_ieee_float;
		fake_start(fake);
		app = application_open(test, fake, PLAY);
		KUNIT_ASSERT_EQ(test, try(app, s->format, 2, 44100), 0);
		wave = &fake->streams[0]->format.wave_format;
		data = &fake->streams[0]->format.data_format;
		KUNIT_EXPECT_EQ(test, wave->format_tag, WAVE_FORMAT_EXTENSIBLE);
		KUNIT_EXPECT_EQ(test, wave->channels, 2);
		KUNIT_EXPECT_EQ(test, wave->samples_per_sec, 44100);
		KUNIT_EXPECT_EQ(test, wave->block_align, frame);
		KUNIT_EXPECT_EQ(test, wave->avg_bytes_per_sec, 44100 * frame);
		KUNIT_EXPECT_EQ(test, wave->bits_per_sample, s->bits);
		KUNIT_EXPECT_EQ(test, data->sample_size, frame);
		KUNIT_EXPECT_EQ(test, data->format_size,
			sizeof(struct ksdataformat_waveformatextensible));
		KUNIT_EXPECT_TRUE(test, guid_equal(&data->major_format,
						   &ksdataformat_type_audio));
		KUNIT_EXPECT_TRUE(test, guid_equal(&data->sub_format,
				s->ieee_float ? &ksdataformat_subtype_ieee_float :
				&ksdataformat_subtype_pcm));
		application_close(app);
		fake_stop(fake);
	}
}

static void format_within_the_range(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 48000), 0);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_U8, 1, 8000), 0);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 3, 48000),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 48001),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 7999),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S32_LE, 2, 48000),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_FLOAT_LE, 2, 48000),
			-EINVAL);
}

/* Two ranges: six channels only slowly, one bit depth only fast. */
static void format_several_ranges(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->pins[0].data_ranges_count = 2;
	fake->ranges[0].maximum_channels = 6;
	fake->ranges[1].minimum_sample_frequency = 96000;
	fake->ranges[1].maximum_sample_frequency = 96000;
	fake->ranges[1].minimum_bits_per_sample = 32;
	fake->ranges[1].maximum_bits_per_sample = 32;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 6, 48000), 0);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S32_LE, 2, 96000), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S32_LE, 6, 96000), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S32_LE, 2, 48000), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 96000), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 64000), 0);
}

/* Pairs of speakers. */
static int pairs_only(const struct ksdatarange_audio *want,
		      const struct ksdatarange_audio *have,
		      struct ksdataformat_waveformatextensible *format)
{
	return want->maximum_channels % 2 ? -ENXIO : -EOPNOTSUPP;
}

/* Where ALSA ends up when only this parameter is made to begin at @min. */
static unsigned int begin_at(struct application *app, int parameter,
			     unsigned int min)
{
	struct snd_pcm_hw_params *params = kmalloc(sizeof(*params), GFP_KERNEL);
	struct snd_interval *interval;
	int err;

	if (!params)
		return 0;
	_snd_pcm_hw_params_any(params);
	interval = hw_param_interval(params, parameter);
	err = snd_pcm_hw_refine(app->substream, params);
	interval->min = min;
	params->rmask = 1 << parameter;
	err = err ?: snd_pcm_hw_refine(app->substream, params);
	min = err ? 0 : interval->min;
	kfree(params);
	return min;
}

/* Who asks for the nearest of what there is learns of it while he asks. */
static void format_between(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->pins[0].data_ranges_count = 2;
	fake->ranges[0].maximum_channels = 6;
	fake->ranges[1].maximum_channels = 6;
	fake->ranges[1].minimum_sample_frequency = 96000;
	fake->ranges[1].maximum_sample_frequency = 96000;
	fake->intersect = pairs_only;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, begin_at(app, SNDRV_PCM_HW_PARAM_RATE, 48000),
			48000);
	KUNIT_EXPECT_EQ(test, begin_at(app, SNDRV_PCM_HW_PARAM_RATE, 48001),
			96000);
	KUNIT_EXPECT_EQ(test, begin_at(app, SNDRV_PCM_HW_PARAM_CHANNELS, 3), 4);
}

/* A card that only does stereo, and 16 bits, and 32000 Hz not at all. */
static int stereo_only(const struct ksdatarange_audio *want,
		       const struct ksdatarange_audio *have,
		       struct ksdataformat_waveformatextensible *format)
{
	if (want->maximum_channels != 2 ||
	    want->minimum_bits_per_sample != 16 ||
	    want->maximum_sample_frequency == 32000)
		return -ENXIO;
	return -EOPNOTSUPP;
}

static void format_miniport_objects(struct kunit *test)
{
	struct snd_pcm_hardware *hw;
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->intersect = stereo_only;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	hw = &app->substream->runtime->hw;
	KUNIT_EXPECT_EQ(test, hw->formats, SNDRV_PCM_FMTBIT_S16_LE);
	KUNIT_EXPECT_EQ(test, hw->channels_min, 2);
	KUNIT_EXPECT_EQ(test, hw->channels_max, 2);
	KUNIT_EXPECT_EQ(test, hw->rate_min, 8000);
	KUNIT_EXPECT_EQ(test, hw->rate_max, 48000);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 44100), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 1, 44100), 0);
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_U8, 2, 44100), 0);
	/* Not in the rules: refused when it is asked for. */
	KUNIT_EXPECT_LT(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 32000), 0);
}

/* The miniport may answer something less than what is wanted: not that. */
static int at_most_stereo(const struct ksdatarange_audio *want,
			  const struct ksdatarange_audio *have,
			  struct ksdataformat_waveformatextensible *format)
{
	format->wave_format.channels = min(want->maximum_channels, 2u);
	return 0;
}

static void format_miniport_answers(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->ranges[0].maximum_channels = 8;
	fake->intersect = at_most_stereo;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.channels_min, 1);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.channels_max, 2);
}

/* A card whose speakers are at the sides, with 20 bits in each container. */
static int at_the_sides(const struct ksdatarange_audio *want,
			const struct ksdatarange_audio *have,
			struct ksdataformat_waveformatextensible *format)
{
	format->wave_format.channel_mask = 0x600;
	if (format->wave_format.bits_per_sample > 20)
		format->wave_format.valid_bits_per_sample = 20;
	return 0;
}

/* What the miniport answers is the format that its stream gets. */
static void format_is_the_answer(struct kunit *test)
{
	const struct waveformatextensible *wave;
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->ranges[0].maximum_bits_per_sample = 32;
	fake->intersect = at_the_sides;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_ASSERT_EQ(test, try(app, SNDRV_PCM_FORMAT_S32_LE, 2, 44100), 0);
	wave = &fake->streams[PLAY]->format.wave_format;
	KUNIT_EXPECT_EQ(test, wave->channel_mask, 0x600);
	KUNIT_EXPECT_EQ(test, wave->bits_per_sample, 32);
	KUNIT_EXPECT_EQ(test, wave->valid_bits_per_sample, 20);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.formats &
			SNDRV_PCM_FMTBIT_S24_3LE, SNDRV_PCM_FMTBIT_S24_3LE);
	/* And where a stream has a format already. */
	KUNIT_ASSERT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 48000), 0);
	KUNIT_EXPECT_EQ(test, wave->channel_mask, 0x600);
	KUNIT_EXPECT_EQ(test, wave->valid_bits_per_sample, 16);
}

/* What nobody has answered has the speakers that so many usually are. */
static void format_usual_speakers(struct kunit *test)
{
	static const u32 masks[] = {
		[1] = KSAUDIO_SPEAKER_MONO, [2] = KSAUDIO_SPEAKER_STEREO,
		[4] = KSAUDIO_SPEAKER_QUAD, [6] = KSAUDIO_SPEAKER_5POINT1,
		[8] = KSAUDIO_SPEAKER_7POINT1_SURROUND,
	};
	struct fake *fake = fake_new(test);
	struct application *app;
	unsigned int i;

	fake->ranges[0].maximum_channels = 8;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	for (i = 1; i < ARRAY_SIZE(masks); i++) {
		/* A period of so many bytes has no frames of 5 or 7. */
		if (i == 5 || i == 7)
			continue;
		KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, i,
					  48000), 0);
		KUNIT_EXPECT_EQ(test,
			fake->streams[PLAY]->format.wave_format.channel_mask,
			masks[i]);
	}
}

/* The format stays where it is until SetFormat has returned. */
static void format_stays(struct kunit *test)
{
	const struct ksdataformat *first, *second;
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);
	struct fake_stream *stream;

	KUNIT_ASSERT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 44100), 0);
	stream = fake->streams[PLAY];
	first = stream->kept;
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_EQ(test, ksdataformat_wave(first)->samples_per_sec, 44100);

	/* Refused: the stream still has the first. */
	fake->format_error = -EIO;
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 8000), -EIO);
	KUNIT_EXPECT_EQ(test, ksdataformat_wave(first)->samples_per_sec, 44100);
	fake->format_error = 0;

	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 32000), 0);
	second = stream->kept;
	KUNIT_EXPECT_PTR_NE(test, second, first);
	KUNIT_EXPECT_EQ(test, ksdataformat_wave(first)->samples_per_sec, 44100);
	KUNIT_EXPECT_EQ(test, ksdataformat_wave(second)->samples_per_sec,
			32000);
}

static u32 questions;

/* A codec whose clock is taken, at 44100 Hz. */
static int one_rate(const struct ksdatarange_audio *want,
		    const struct ksdatarange_audio *have,
		    struct ksdataformat_waveformatextensible *format)
{
	struct waveformatextensible *wave = &format->wave_format;

	questions++;
	if (want->minimum_sample_frequency > 44100 ||
	    want->maximum_sample_frequency < 44100)
		return -ENXIO;
	wave->samples_per_sec = 44100;
	wave->avg_bytes_per_sec = 44100 * wave->block_align;
	return 0;
}

static void format_rate_of_the_moment(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->intersect = one_rate;
	fake_start(fake);
	questions = 0;
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.rate_min, 44100);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.rate_max, 44100);
	/* Two container sizes and numbers of channels, and two rates. */
	KUNIT_EXPECT_LE(test, questions, 2 * 2 + 2);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 44100), 0);
	KUNIT_EXPECT_EQ(test, try(app, SNDRV_PCM_FORMAT_S16_LE, 2, 48000),
			-EINVAL);
}

/* An answer that contradicts itself is none. */
static int nonsense(const struct ksdatarange_audio *want,
		    const struct ksdatarange_audio *have,
		    struct ksdataformat_waveformatextensible *format)
{
	if (format->wave_format.channels == 1)
		format->wave_format.block_align = 3;
	return 0;
}

static void format_nonsense(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct application *app;

	fake->intersect = nonsense;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_EXPECT_EQ(test, app->substream->runtime->hw.channels_min, 2);
}

/* Returns the map of so many channels that ALSA's control has. */
static const struct snd_pcm_chmap_elem *map_of(struct application *app,
					       unsigned int channels)
{
	struct snd_kcontrol *control = app->substream->pstr->chmap_kctl;
	const struct snd_pcm_chmap *info = snd_kcontrol_chip(control);
	const struct snd_pcm_chmap_elem *map;

	for (map = info->chmap; map->channels; map++)
		if (map->channels == channels)
			return map;
	return NULL;
}

static void format_channel_map(struct kunit *test)
{
	static const u8 surround[] = {
		SNDRV_CHMAP_FL, SNDRV_CHMAP_FR, SNDRV_CHMAP_FC,
		SNDRV_CHMAP_LFE, SNDRV_CHMAP_RL, SNDRV_CHMAP_RR,
	};
	const struct snd_pcm_chmap_elem *map;
	struct fake *fake = fake_new(test);
	struct application *app;
	int i;

	fake->ranges[0].maximum_channels = 6;
	fake_start(fake);
	app = application_open(test, fake, PLAY);
	KUNIT_ASSERT_NOT_NULL(test, app->substream->pstr->chmap_kctl);
	map = map_of(app, 6);
	KUNIT_ASSERT_NOT_NULL(test, map);
	for (i = 0; i < ARRAY_SIZE(surround); i++)
		KUNIT_EXPECT_EQ(test, map->map[i], surround[i]);
	map = map_of(app, 1);
	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_EQ(test, map->map[0], SNDRV_CHMAP_MONO);
	map = map_of(app, 3);
	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_EXPECT_EQ(test, map->map[0], SNDRV_CHMAP_UNKNOWN);
	KUNIT_EXPECT_NULL(test, map_of(app, 7));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(format_of_a_stream),
	KUNIT_CASE(format_within_the_range),
	KUNIT_CASE(format_several_ranges),
	KUNIT_CASE(format_between),
	KUNIT_CASE(format_miniport_objects),
	KUNIT_CASE(format_miniport_answers),
	KUNIT_CASE(format_is_the_answer),
	KUNIT_CASE(format_usual_speakers),
	KUNIT_CASE(format_stays),
	KUNIT_CASE(format_rate_of_the_moment),
	KUNIT_CASE(format_nonsense),
	KUNIT_CASE(format_channel_map),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-format",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
