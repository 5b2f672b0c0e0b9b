/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Put before each source file of a driver: its accesses to registers go through
 * liar.c, which tells it something else than the card said.
 */
#ifndef _WAVEPCI_LIAR_H
#define _WAVEPCI_LIAR_H

#include <linux/io.h>
#include <linux/pci.h>

void __iomem *liar_iomap(struct pci_dev *pci, int bar, unsigned long length);
u32 liar_read(const void __iomem *address, unsigned int bytes);
void liar_write(u32 value, void __iomem *address, unsigned int bytes);
u32 liar_tell(struct pci_dev *pci, unsigned int space, unsigned int reg,
	      u32 value);

/* What a card has its own of: liar_ich.c and liar_hda.c. */
#define LIAR_SPACES	2

extern const char *const liar_spaces[LIAR_SPACES];
/* The status bits that would be read at @reg were seen. */
void liar_acknowledge(void __iomem *const *base, unsigned int reg);
/* Who is gone asks for no interrupt. */
void liar_stop(void __iomem *const *base);

#ifndef LIAR_ITSELF
#define pcim_iomap(pci, bar, length)	liar_iomap(pci, bar, length)

#ifdef LIAR_HDA
#include <sound/hda_codec.h>

#undef snd_hdac_reg_writel
#undef snd_hdac_reg_readl
/* The library's name for the bus isn't needed. */
#define liar_get(bus, address, bytes) \
	((void)(bus), liar_read(address, bytes))
#define liar_put(bus, address, bytes, value) \
	((void)(bus), liar_write(value, address, bytes))
#define snd_hdac_reg_readb(bus, address)	((u8)liar_get(bus, address, 1))
#define snd_hdac_reg_readw(bus, address)	((u16)liar_get(bus, address, 2))
#define snd_hdac_reg_readl(bus, address)	liar_get(bus, address, 4)
#define snd_hdac_reg_writeb(bus, address, value) \
	liar_put(bus, address, 1, value)
#define snd_hdac_reg_writew(bus, address, value) \
	liar_put(bus, address, 2, value)
#define snd_hdac_reg_writel(bus, address, value) \
	liar_put(bus, address, 4, value)
#else
#undef ioread8
#undef ioread16
#undef ioread32
#undef iowrite8
#undef iowrite16
#undef iowrite32
#define ioread8(address)	((u8)liar_read(address, 1))
#define ioread16(address)	((u16)liar_read(address, 2))
#define ioread32(address)	liar_read(address, 4)
#define iowrite8(value, address)	liar_write(value, address, 1)
#define iowrite16(value, address)	liar_write(value, address, 2)
#define iowrite32(value, address)	liar_write(value, address, 4)
#endif
#endif

#endif
