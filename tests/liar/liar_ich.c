// SPDX-License-Identifier: GPL-2.0
/* The ICH: mixer registers, and those of the bus master with its channels. */
#include "liar.h"

enum {
	NAM,
	NABM,
};

const char *const liar_spaces[LIAR_SPACES] = { "nam", "nabm" };

void liar_acknowledge(void __iomem *const *base, unsigned int reg)
{
	iowrite16(0x1c, base[NABM] + reg);
}

void liar_stop(void __iomem *const *base)
{
	int channel;

	for (channel = 0; base[NABM] && channel <= 0x20; channel += 0x10) {
		iowrite8(0, base[NABM] + channel + 0x0b);
		iowrite16(0x1c, base[NABM] + channel + 0x06);
	}
}
