// SPDX-License-Identifier: GPL-2.0
/*
 * Levels: the model has them in 1/65536 dB, ALSA as numbers from 0 on and a
 * scale that says what they are in 1/100 dB.
 */
#include <linux/math64.h>
#include <sound/tlv.h>

#include "topology.h"

/* Where a level has no end below, and where it has no steps. */
#define LOWEST		(-96 * 65536ll)
#define FINEST		(65536 / 8)

static int to_centibel(s64 level)
{
	s64 hundred = level * 100;

	return div_s64(hundred + (hundred < 0 ? -32768 : 32768), 65536);
}

static bool exact(s64 level)
{
	return !((level * 100) & 0xffff);
}

/**
 * topology_level_init() - make a scale of a range
 * @level: receives the scale
 * @range: the range, as a miniport has given it
 *
 * Context: any.
 * Return: 0; -EINVAL for a range with nothing in it.
 */
int topology_level_init(struct topology_level *level,
			const struct ksproperty_stepping_long *range)
{
	s64 min = range->signed_minimum, max = range->signed_maximum;
	u32 step = range->stepping_delta ?: FINEST;
	bool linear;

	if (min >= max)
		return -EINVAL;
	level->min = min;
	level->max = max;
	level->silence = min == S32_MIN;
	if (level->silence) {
		/* On the grid that the largest level is on. */
		min = max - div_u64(max - min, step) * step;
		if (min < LOWEST && max > LOWEST)
			min = max - div_u64(max - LOWEST, step) * step;
		min -= step;
	}
	level->low = min;
	level->step = step;
	level->most = div_u64(max - min, step);
	if (!level->most)
		return -EINVAL;

	linear = exact(min) && exact(step) && step * 100ull >> 16 <= 0xffff;
	level->tlv[0] = linear ? SNDRV_CTL_TLVT_DB_SCALE :
			level->silence ? SNDRV_CTL_TLVT_DB_MINMAX_MUTE :
					 SNDRV_CTL_TLVT_DB_MINMAX;
	level->tlv[1] = 2 * sizeof(level->tlv[0]);
	level->tlv[2] = to_centibel(min);
	level->tlv[3] = linear ?
		to_centibel(step) |
			(level->silence ? TLV_DB_SCALE_MUTE : 0) :
		to_centibel(min + (s64)level->most * step);
	return 0;
}

/**
 * topology_level_holds() - whether a level is on the scale
 * @level: the scale
 * @value: the level in 1/65536 dB
 *
 * Context: any.
 * Return: whether it is, also between two numbers.
 */
bool topology_level_holds(const struct topology_level *level, s32 value)
{
	return value >= level->min && value <= level->max;
}

/**
 * topology_level_number() - a level as ALSA's number
 * @level: the scale
 * @value: the level in 1/65536 dB
 *
 * Context: any.
 * Return: the nearest number.
 */
u32 topology_level_number(const struct topology_level *level, s32 value)
{
	s64 above = value - level->low;
	u64 number;

	if (above <= 0 || (level->silence && value == S32_MIN))
		return 0;
	number = div_u64(above + level->step / 2, level->step);
	return min_t(u64, number, level->most);
}

/**
 * topology_level_value() - ALSA's number as a level
 * @level: the scale
 * @number: the number, no larger than the scale's largest
 *
 * Context: any.
 * Return: the level in 1/65536 dB.
 */
s32 topology_level_value(const struct topology_level *level, u32 number)
{
	if (!number && level->silence)
		return S32_MIN;
	return level->low + (s64)number * level->step;
}
