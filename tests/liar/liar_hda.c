// SPDX-License-Identifier: GPL-2.0
/*
 * HD Audio: the controller's registers as far as the driver itself uses them,
 * and where its engines are, which they write to memory: 4 bytes each.
 */
#include "liar.h"
#include "hda.h"

enum {
	REGISTERS,
	POSITIONS,
};

const char *const liar_spaces[LIAR_SPACES] = { "registers", "positions" };

#define ENGINES		8

static void __iomem *engine(void __iomem *const *base, int number)
{
	return base[REGISTERS] + 0x80 + 0x20 * number;
}

void liar_acknowledge(void __iomem *const *base, unsigned int reg)
{
	int number;

	for (number = 0; number < ENGINES; number++)
		iowrite8(SD_INT_MASK, engine(base, number) + AZX_REG_SD_STS);
}

void liar_stop(void __iomem *const *base)
{
	int number;

	if (!base[REGISTERS])
		return;
	for (number = 0; number < ENGINES; number++)
		iowrite8(0, engine(base, number) + AZX_REG_SD_CTL);
	liar_acknowledge(base, 0);
}

u32 liar_position(struct hda_engine *engine, u32 ring_bytes);

/* In the place of hda_engine_position(), which stream.c calls. */
u32 liar_position(struct hda_engine *engine, u32 ring_bytes)
{
	struct hdac_stream *core = &engine->core;
	u32 position = hda_engine_position(engine, ring_bytes);

	position = liar_tell(to_pci_dev(core->bus->dev), POSITIONS,
			     4 * core->index, position);
	return position < ring_bytes ? position : 0;
}
