/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Formats as codec and controller have them: a number of 16 bits.
 */
#ifndef _WAVEPCI_HDA_FORMAT_H
#define _WAVEPCI_HDA_FORMAT_H

#include <linux/types.h>

u16 hda_format(u32 rate, u32 channels, u32 bits);

#endif
