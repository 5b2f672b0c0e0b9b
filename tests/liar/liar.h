/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Put before each source file of the driver: its accesses to registers go
 * through liar.c, which tells it something else than the card said.
 */
#ifndef _WAVEPCI_LIAR_H
#define _WAVEPCI_LIAR_H

#include <linux/io.h>
#include <linux/pci.h>

int liar_enable(struct pci_dev *pci);
void __iomem *liar_iomap(struct pci_dev *pci, int bar, unsigned long length);
u32 liar_read(const void __iomem *address, unsigned int bytes);
void liar_write(u32 value, void __iomem *address, unsigned int bytes);

#ifndef LIAR_ITSELF
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
#define pcim_enable_device(pci)	liar_enable(pci)
#define pcim_iomap(pci, bar, length)	liar_iomap(pci, bar, length)
#endif

#endif
