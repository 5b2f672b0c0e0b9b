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

#define CHANNELS_MAX	32

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
	return err;
}

static bool allows(struct iminiport *miniport, u32 pin_id,
		   const struct ksdatarange_audio *have,
		   const struct sample_format *sample, u32 channels)
{
	struct ksdatarange_audio want = *have;
	struct ksdataformat_waveformatextensible format;

	want.data_range.sub_format = *sub_format(sample->ieee_float);
	want.minimum_bits_per_sample = sample->bits;
	want.maximum_bits_per_sample = sample->bits;
	want.maximum_channels = channels;
	return !intersect(miniport, pin_id, &want, have, &format) &&
	       format.wave_format.channels == channels &&
	       format.wave_format.bits_per_sample == sample->bits;
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
	u32 i, channels;
	size_t f;

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
		for (f = 0; f < ARRAY_SIZE(sample_formats); f++) {
			u64 mask = 0;

			for (channels = 1; channels <= CHANNELS_MAX; channels++)
				if (allows(miniport, pin_id, range,
					   &sample_formats[f], channels))
					mask |= BIT_ULL(channels);
			if (!mask)
				continue;
			caps[i].channels |= mask;
			caps[i].formats |=
				pcm_format_to_bits(sample_formats[f].alsa);
		}
		found |= caps[i].formats;
	}
	return found ? 0 : -EINVAL;
}

/**
 * wave_format_intersect() - ask whether a pin takes a format
 * @miniport: the miniport
 * @pin_id: the pin
 * @pin: what the miniport says of it
 * @format: the format
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL when it doesn't.
 */
int wave_format_intersect(struct iminiport *miniport, u32 pin_id,
		const struct pcpin_descriptor *pin,
		const struct ksdataformat_waveformatextensible *format)
{
	const struct waveformatextensible *wave = &format->wave_format;
	struct ksdataformat_waveformatextensible result;
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
	for (i = 0; i < pin->data_ranges_count; i++)
		if (!intersect(miniport, pin_id, &want, &pin->data_ranges[i],
			       &result) &&
		    result.wave_format.channels == wave->channels &&
		    result.wave_format.samples_per_sec == wave->samples_per_sec)
			return 0;
	return -EINVAL;
}

/**
 * wave_format_best() - the largest format that a range allows
 * @caps: the range
 * @format: receives it
 *
 * Context: any.
 * Return: false when there is none.
 */
bool wave_format_best(const struct format_caps *caps,
		      struct ksdataformat_waveformatextensible *format)
{
	size_t f = ARRAY_SIZE(sample_formats);

	while (f--) {
		if (!(caps->formats &
		      pcm_format_to_bits(sample_formats[f].alsa)))
			continue;
		fill_format(&sample_formats[f], fls64(caps->channels) - 1,
			    caps->rate_max, format);
		return true;
	}
	return false;
}
