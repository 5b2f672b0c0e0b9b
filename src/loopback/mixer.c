// SPDX-License-Identifier: GPL-2.0
/*
 * The card's mixer. At 0 dB what is played passes through as it is.
 */
#include <linux/bitops.h>

#include <wavepci/kernel.h>

#include "mixer.h"

#define UNITY	65536

/* 65536 times 10 to the power of -n/20, for n decibels. */
static const u32 attenuations[] = {
	65536, 58409, 52057, 46396, 41350, 36854, 32846, 29274,
	26090, 23253, 20724, 18471, 16462, 14672, 13076, 11654,
	10387, 9257, 8250, 7353, 6554, 5841, 5206, 4640,
	4135, 3685, 3285, 2927, 2609, 2325, 2072, 1847,
	1646, 1467, 1308, 1165, 1039, 926, 825, 735,
	655, 584, 521, 464, 414, 369, 328, 293,
	261, 233, 207, 185, 165, 147, 131, 117,
	104, 93, 83, 74, 66, 58, 52, 46,
};

static void update(struct loopback_mixer *mixer)
{
	unsigned int side;

	for (side = 0; side < LOOPBACK_MIXER_SIDES; side++) {
		u32 decibels = -mixer->levels[side] / LOOPBACK_LEVEL_STEP;

		WRITE_ONCE(mixer->gains[side],
			   mixer->muted ? 0 : attenuations[decibels]);
	}
}

/**
 * loopback_mixer_init() - have everything pass through
 * @mixer: zeroed memory
 *
 * Context: any.
 */
void loopback_mixer_init(struct loopback_mixer *mixer)
{
	spin_lock_init(&mixer->lock);
	mixer->source = LOOPBACK_SOURCE_LINE;
	update(mixer);
}

/**
 * loopback_mixer_level() - how loud a side is
 * @mixer: the mixer
 * @side: the side
 *
 * Context: any.
 * Return: the level in 1/65536 dB.
 */
s32 loopback_mixer_level(struct loopback_mixer *mixer, unsigned int side)
{
	return READ_ONCE(mixer->levels[side]);
}

/**
 * loopback_mixer_set_level() - make a side softer or louder
 * @mixer: the mixer
 * @side: the side
 * @level: in 1/65536 dB; the nearest possible level is taken
 *
 * Context: any.
 */
void loopback_mixer_set_level(struct loopback_mixer *mixer, unsigned int side,
			      s32 level)
{
	unsigned long flags;

	level = clamp(level, LOOPBACK_LEVEL_MIN, LOOPBACK_LEVEL_MAX);
	level = -((LOOPBACK_LEVEL_STEP / 2 - level) / LOOPBACK_LEVEL_STEP) *
		LOOPBACK_LEVEL_STEP;
	spin_lock_irqsave(&mixer->lock, flags);
	WRITE_ONCE(mixer->levels[side], level);
	update(mixer);
	spin_unlock_irqrestore(&mixer->lock, flags);
}

/**
 * loopback_mixer_muted() - whether nothing comes out
 * @mixer: the mixer
 *
 * Context: any.
 * Return: whether it is so.
 */
bool loopback_mixer_muted(struct loopback_mixer *mixer)
{
	return READ_ONCE(mixer->muted);
}

/**
 * loopback_mixer_mute() - let nothing come out, or something
 * @mixer: the mixer
 * @muted: nothing
 *
 * Context: any.
 */
void loopback_mixer_mute(struct loopback_mixer *mixer, bool muted)
{
	unsigned long flags;

	spin_lock_irqsave(&mixer->lock, flags);
	WRITE_ONCE(mixer->muted, muted);
	update(mixer);
	spin_unlock_irqrestore(&mixer->lock, flags);
}

/**
 * loopback_mixer_source() - what is recorded
 * @mixer: the mixer
 *
 * Context: any.
 * Return: what it is.
 */
enum loopback_source loopback_mixer_source(struct loopback_mixer *mixer)
{
	return READ_ONCE(mixer->source);
}

/**
 * loopback_mixer_set_source() - record something else
 * @mixer: the mixer
 * @source: what to record
 *
 * Context: any.
 */
void loopback_mixer_set_source(struct loopback_mixer *mixer,
			       enum loopback_source source)
{
	WRITE_ONCE(mixer->source, source);
}

/**
 * loopback_mixer_plugged() - whether there is a cable in the line input
 * @mixer: the mixer
 *
 * Context: any.
 * Return: whether it is so.
 */
bool loopback_mixer_plugged(struct loopback_mixer *mixer)
{
	return !READ_ONCE(mixer->unplugged);
}

/**
 * loopback_mixer_plug() - put the cable in, or pull it out
 * @mixer: the mixer
 * @plugged: put it in
 *
 * Context: any.
 */
void loopback_mixer_plug(struct loopback_mixer *mixer, bool plugged)
{
	WRITE_ONCE(mixer->unplugged, !plugged);
}

/**
 * loopback_mixer_records() - whether what is played is recorded
 * @mixer: the mixer
 *
 * Context: any.
 * Return: whether it is, and not silence.
 */
bool loopback_mixer_records(struct loopback_mixer *mixer)
{
	return loopback_mixer_source(mixer) == LOOPBACK_SOURCE_LINE &&
	       loopback_mixer_plugged(mixer);
}

/* There is no floating point in the kernel; what is too small becomes zero. */
static u32 scale_float(u32 bits, u32 gain)
{
	u32 sign = bits & BIT(31), mantissa = (bits & 0x7fffff) | BIT(23);
	int exponent = bits >> 23 & 0xff, length;
	u64 product = (u64)mantissa * gain;

	if (!gain)
		return 0;
	if (exponent == 0xff)
		return bits;
	if (!exponent)
		return sign;
	length = fls64(product);
	exponent += length - 40;
	if (exponent <= 0)
		return sign;
	product = length > 24 ? product >> (length - 24) :
				product << (24 - length);
	return sign | exponent << 23 | (product & 0x7fffff);
}

static s32 scale(s32 sample, u32 gain)
{
	return (s64)sample * gain >> 16;
}

static void scale_sample(u8 *sample, u32 bytes, bool is_float, u32 gain)
{
	switch (bytes) {
	case 1:
		*sample = 0x80 + scale(*sample - 0x80, gain);
		break;
	case 2:
		put_unaligned_le16(scale((s16)get_unaligned_le16(sample), gain),
				   sample);
		break;
	case 3:
		put_unaligned_le24(scale(sign_extend32(get_unaligned_le24(sample),
						       23), gain), sample);
		break;
	case 4:
		put_unaligned_le32(is_float ?
				   scale_float(get_unaligned_le32(sample), gain) :
				   scale(get_unaligned_le32(sample), gain),
				   sample);
		break;
	}
}

/* Of samples of 32 bits: those at the bottom get lost in the converter. */
static void drop_unused(u8 *line, u32 bytes, u32 unused)
{
	u8 *sample;

	for (sample = line; sample < line + bytes; sample += 4)
		put_unaligned_le32(get_unaligned_le32(sample) &
				   ~(BIT(unused) - 1), sample);
}

/**
 * loopback_mixer_play() - let frames through to the speaker
 * @mixer: the mixer
 * @format: what they are
 * @line: the frames
 * @bytes: their length
 *
 * Every other channel, from the first on, is on the left side.
 *
 * Context: any.
 */
void loopback_mixer_play(struct loopback_mixer *mixer,
			 const struct ksdataformat_waveformatextensible *format,
			 u8 *line, u32 bytes)
{
	bool is_float = guid_equal(&format->data_format.sub_format,
				   &ksdataformat_subtype_ieee_float);
	u32 channels = format->wave_format.channels;
	u32 size = format->wave_format.bits_per_sample / 8;
	u32 gains[] = { READ_ONCE(mixer->gains[0]),
			READ_ONCE(mixer->gains[1]) };
	u32 unused = format->wave_format.bits_per_sample -
		     format->wave_format.valid_bits_per_sample;
	u32 channel = 0;
	u8 *sample;

	if (unused)
		drop_unused(line, bytes, unused);
	if (gains[0] == UNITY && gains[1] == UNITY)
		return;
	for (sample = line; sample < line + bytes; sample += size) {
		if (gains[channel % 2] != UNITY)
			scale_sample(sample, size, is_float,
				     gains[channel % 2]);
		channel = channel + 1 == channels ? 0 : channel + 1;
	}
}
