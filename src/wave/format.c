// SPDX-License-Identifier: GPL-2.0
/*
 * Data ranges in ALSA's terms, and ALSA's parameters as a data format.
 *
 * What a pin can do the miniport says through data range intersection, for
 * each number of channels and each sample format that its ranges allow: when
 * the pin is registered, and again at each open. ALSA's rules then work on the
 * answers.
 */
#include <linux/kernel.h>
#include <sound/pcm.h>

#include "wave.h"

/* A sample format: its container's bits, those that count, and ALSA's name. */
static const struct sample_format {
	snd_pcm_format_t alsa;
	u16 bits;
	bool ieee_float;
} sample_formats[] = {
	{ SNDRV_PCM_FORMAT_U8, 8 },
	{ SNDRV_PCM_FORMAT_S16_LE, 16 },
	{ SNDRV_PCM_FORMAT_S24_3LE, 24 },
	{ SNDRV_PCM_FORMAT_S32_LE, 32 },
	{ SNDRV_PCM_FORMAT_FLOAT_LE, 32, true },
};

static const guid_t *sub_format(bool ieee_float)
{
	return ieee_float ? &ksdataformat_subtype_ieee_float :
			    &ksdataformat_subtype_pcm;
}

static u32 usual_mask(unsigned int channels)
{
	switch (channels) {
	case 1:
		return KSAUDIO_SPEAKER_MONO;
	case 2:
		return KSAUDIO_SPEAKER_STEREO;
	case 4:
		return KSAUDIO_SPEAKER_QUAD;
	case 6:
		return KSAUDIO_SPEAKER_5POINT1;
	case 8:
		return KSAUDIO_SPEAKER_7POINT1_SURROUND;
	default:
		return 0;
	}
}

static void fill_format(const struct sample_format *sample,
			unsigned int channels, unsigned int rate,
			struct ksdataformat_waveformatextensible *format)
{
	unsigned int frame = channels * sample->bits / 8;

	*format = (struct ksdataformat_waveformatextensible) {
		.data_format = {
			.format_size = sizeof(*format),
			.sample_size = frame,
			.major_format = ksdataformat_type_audio,
			.sub_format = *sub_format(sample->ieee_float),
			.specifier = ksdataformat_specifier_waveformatex,
		},
		.wave_format = {
			.format_tag = WAVE_FORMAT_EXTENSIBLE,
			.channels = channels,
			.samples_per_sec = rate,
			.avg_bytes_per_sec = rate * frame,
			.block_align = frame,
			.bits_per_sample = sample->bits,
			.valid_bits_per_sample = sample->bits,
			.channel_mask = usual_mask(channels),
		},
	};
}

/**
 * wave_format_make() - make a data format of ALSA's parameters
 * @alsa_format: SNDRV_PCM_FORMAT_*
 * @channels: samples in a frame
 * @rate: frames in a second
 * @format: receives it
 *
 * Context: any.
 * Return: 0, or -EINVAL for a sample format the model hasn't got.
 */
int wave_format_make(int alsa_format, unsigned int channels, unsigned int rate,
		     struct ksdataformat_waveformatextensible *format)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sample_formats); i++) {
		if ((__force int)sample_formats[i].alsa != alsa_format)
			continue;
		fill_format(&sample_formats[i], channels, rate, format);
		return 0;
	}
	return -EINVAL;
}

/* The port's own answer: whatever is within both ranges, the most of it. */
static int default_intersection(const struct ksdatarange_audio *want,
				const struct ksdatarange_audio *have,
				struct ksdataformat_waveformatextensible *format)
{
	u32 bits = min(want->maximum_bits_per_sample,
		       have->maximum_bits_per_sample);
	u32 rate = min(want->maximum_sample_frequency,
		       have->maximum_sample_frequency);
	struct sample_format sample = {
		.bits = bits,
		.ieee_float = guid_equal(&have->data_range.sub_format,
					 &ksdataformat_subtype_ieee_float),
	};

	if (!guid_equal(&want->data_range.sub_format,
			&have->data_range.sub_format) ||
	    bits < max(want->minimum_bits_per_sample,
		       have->minimum_bits_per_sample) ||
	    rate < max(want->minimum_sample_frequency,
		       have->minimum_sample_frequency))
		return -ENXIO;
	fill_format(&sample, min(want->maximum_channels,
				 have->maximum_channels), rate, format);
	return 0;
}

/* Returns true when an answer makes sense, for one of the port's formats. */
static bool is_sane(const struct ksdataformat_waveformatextensible *format)
{
	const struct waveformatextensible *wave = &format->wave_format;

	return wave->channels && wave->samples_per_sec &&
	       wave->block_align == wave->channels * wave->bits_per_sample / 8 &&
	       wave->avg_bytes_per_sec ==
			wave->samples_per_sec * wave->block_align &&
	       wave->valid_bits_per_sample &&
	       wave->valid_bits_per_sample <= wave->bits_per_sample;
}

static int intersect(struct iminiport *miniport, u32 pin_id,
		     const struct ksdatarange_audio *want,
		     const struct ksdatarange_audio *have,
		     struct ksdataformat_waveformatextensible *format)
{
	int err = default_intersection(want, have, format);

	if (err)
		return err;
	err = miniport->vtbl->data_range_intersection(miniport, pin_id,
						      &want->data_range,
						      &have->data_range,
						      format);
	if (err == -EOPNOTSUPP)
		return default_intersection(want, have, format);
	return err ?: is_sane(format) ? 0 : -ENXIO;
}

static bool allows(struct iminiport *miniport, u32 pin_id,
		   const struct ksdatarange_audio *have,
		   const struct sample_format *sample, u32 channels,
		   struct ksdataformat_waveformatextensible *format)
{
	struct ksdatarange_audio want = *have;

	want.data_range.sub_format = *sub_format(sample->ieee_float);
	want.minimum_bits_per_sample = sample->bits;
	want.maximum_bits_per_sample = sample->bits;
	want.maximum_channels = channels;
	return !intersect(miniport, pin_id, &want, have, format) &&
	       format->wave_format.channels == channels &&
	       format->wave_format.bits_per_sample == sample->bits;
}

/* Returns true when a range takes a format at one of these rates. */
static bool takes_rates(struct iminiport *miniport, u32 pin_id,
			const struct ksdatarange_audio *have,
			const struct ksdataformat_waveformatextensible *like,
			u32 rate_min, u32 rate_max)
{
	const struct waveformatextensible *wave = &like->wave_format;
	struct ksdataformat_waveformatextensible format;
	struct ksdatarange_audio want = *have;

	if (rate_min > rate_max)
		return false;
	want.maximum_channels = wave->channels;
	want.minimum_bits_per_sample = wave->bits_per_sample;
	want.maximum_bits_per_sample = wave->bits_per_sample;
	want.minimum_sample_frequency = rate_min;
	want.maximum_sample_frequency = rate_max;
	return !intersect(miniport, pin_id, &want, have, &format);
}

/*
 * A codec may have one rate for all that is open. Then nothing below its
 * answer is to be had, and nothing above: let ALSA know at open, so that
 * somebody can resample, and not only in hw_params.
 */
static void narrow_rate(struct iminiport *miniport, u32 pin_id,
			const struct ksdataformat_waveformatextensible *format,
			struct format_caps *caps)
{
	u32 rate = format->wave_format.samples_per_sec;

	if (caps->rate_min == caps->rate_max || rate < caps->rate_min ||
	    rate > caps->rate_max ||
	    takes_rates(miniport, pin_id, caps->range, format, caps->rate_min,
			rate - 1) ||
	    takes_rates(miniport, pin_id, caps->range, format, rate + 1,
			caps->rate_max))
		return;
	caps->rate_min = rate;
	caps->rate_max = rate;
}

/* Find out what a range can do with samples of one kind. */
static void find_sample_caps(struct iminiport *miniport, u32 pin_id,
			     const struct sample_format *sample,
			     struct format_caps *caps)
{
	u32 most = min_t(u32, WAVE_CHANNELS_MAX, caps->range->maximum_channels);
	struct ksdataformat_waveformatextensible format;
	u32 channels;

	for (channels = 1; channels <= most; channels++) {
		if (!allows(miniport, pin_id, caps->range, sample, channels,
			    &format))
			continue;
		if (!caps->formats)
			narrow_rate(miniport, pin_id, &format, caps);
		caps->channels |= BIT_ULL(channels);
		caps->formats |= pcm_format_to_bits(sample->alsa);
		caps->masks[channels] = format.wave_format.channel_mask;
		caps->best = format;
		if (!sample->ieee_float)
			caps->valid_bits[sample->bits / 8] =
				format.wave_format.valid_bits_per_sample;
	}
}

/**
 * wave_format_find_caps() - ask what a pin can do
 * @miniport: the miniport
 * @pin_id: the pin
 * @pin: what the miniport says of it
 * @caps: receives a line for each of its data ranges
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL when there is nothing in any of them.
 */
int wave_format_find_caps(struct iminiport *miniport, u32 pin_id,
			  const struct pcpin_descriptor *pin,
			  struct format_caps *caps)
{
	bool found = false;
	size_t f;
	u32 i;

	for (i = 0; i < pin->data_ranges_count; i++) {
		const struct ksdatarange_audio *range = &pin->data_ranges[i];

		caps[i] = (struct format_caps) {
			.range = range,
			/* ALSA divides by a rate. */
			.rate_min = max(range->minimum_sample_frequency, 1u),
			.rate_max = range->maximum_sample_frequency,
		};
		if (caps[i].rate_min > caps[i].rate_max)
			continue;
		for (f = 0; f < ARRAY_SIZE(sample_formats); f++)
			find_sample_caps(miniport, pin_id, &sample_formats[f],
					 &caps[i]);
		found |= caps[i].formats;
	}
	return found ? 0 : -EINVAL;
}

/**
 * wave_format_intersect() - ask a pin for its version of a format
 * @miniport: the miniport
 * @pin_id: the pin
 * @pin: what the miniport says of it
 * @format: the format; receives the miniport's answer, whose speaker positions
 *	and valid bits may be others
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL when the pin doesn't take it.
 */
int wave_format_intersect(struct iminiport *miniport, u32 pin_id,
		const struct pcpin_descriptor *pin,
		struct ksdataformat_waveformatextensible *format)
{
	const struct waveformatextensible *wave = &format->wave_format;
	struct ksdataformat_waveformatextensible answer;
	struct ksdatarange_audio want = {
		.data_range = format->data_format,
		.maximum_channels = wave->channels,
		.minimum_bits_per_sample = wave->bits_per_sample,
		.maximum_bits_per_sample = wave->bits_per_sample,
		.minimum_sample_frequency = wave->samples_per_sec,
		.maximum_sample_frequency = wave->samples_per_sec,
	};
	u32 i;

	want.data_range.format_size = sizeof(want);
	for (i = 0; i < pin->data_ranges_count; i++) {
		if (intersect(miniport, pin_id, &want, &pin->data_ranges[i],
			      &answer) ||
		    answer.wave_format.channels != wave->channels ||
		    answer.wave_format.bits_per_sample !=
			wave->bits_per_sample ||
		    answer.wave_format.samples_per_sec !=
			wave->samples_per_sec)
			continue;
		*format = answer;
		return 0;
	}
	return -EINVAL;
}
