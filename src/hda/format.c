// SPDX-License-Identifier: GPL-2.0
/*
 * Formats as codec and controller have them: a base rate, what that is
 * multiplied and divided by, the bits of a sample and the number of channels.
 */
#include <linux/kernel.h>
#include <sound/hda_verbs.h>

#include "format.h"

#define RATE(base, mult, div) \
	((base) | ((mult) - 1) << AC_FMT_MULT_SHIFT | \
	 ((div) - 1) << AC_FMT_DIV_SHIFT)

static const struct {
	u32 hz;
	u16 format;
} rates[] = {
	{ 8000, RATE(AC_FMT_BASE_48K, 1, 6) },
	{ 11025, RATE(AC_FMT_BASE_44K, 1, 4) },
	{ 16000, RATE(AC_FMT_BASE_48K, 1, 3) },
	{ 22050, RATE(AC_FMT_BASE_44K, 1, 2) },
	{ 32000, RATE(AC_FMT_BASE_48K, 2, 3) },
	{ 44100, RATE(AC_FMT_BASE_44K, 1, 1) },
	{ 48000, RATE(AC_FMT_BASE_48K, 1, 1) },
	{ 88200, RATE(AC_FMT_BASE_44K, 2, 1) },
	{ 96000, RATE(AC_FMT_BASE_48K, 2, 1) },
	{ 176400, RATE(AC_FMT_BASE_44K, 4, 1) },
	{ 192000, RATE(AC_FMT_BASE_48K, 4, 1) },
};

static u16 sample_bits(u32 bits)
{
	switch (bits) {
	case 8:
		return AC_FMT_BITS_8;
	case 16:
		return AC_FMT_BITS_16;
	case 20:
		return AC_FMT_BITS_20;
	case 24:
		return AC_FMT_BITS_24;
	default:
		return AC_FMT_BITS_32;
	}
}

/**
 * hda_format() - the number for a format
 * @rate: frames in a second
 * @channels: samples in a frame
 * @bits: bits of a sample that count
 *
 * Context: any.
 * Return: the number; 0 for a format that there is none for.
 */
u16 hda_format(u32 rate, u32 channels, u32 bits)
{
	size_t i;

	if (!channels || channels > AC_FMT_CHAN_MASK + 1)
		return 0;
	for (i = 0; i < ARRAY_SIZE(rates); i++)
		if (rates[i].hz == rate)
			return rates[i].format | (channels - 1) |
			       sample_bits(bits);
	return 0;
}
