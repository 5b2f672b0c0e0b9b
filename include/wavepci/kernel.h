/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What isn't the same in all kernels that this builds for. There is no other
 * place that asks for the kernel's version.
 */
#ifndef _WAVEPCI_KERNEL_H
#define _WAVEPCI_KERNEL_H

#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define WAVEPCI_NAMESPACE	"SND_WAVEPCI"
#else
#define WAVEPCI_NAMESPACE	SND_WAVEPCI

static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * Until 6.15 pci_request_regions() was managed where pcim_enable_device() was
 * called before; the name that says so is there for modules since 6.13.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define pcim_request_all_regions	pci_request_regions
#endif

/* HD Audio's codec drivers have a table of methods, and no functions of a codec's. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
#define WAVEPCI_HDA_DRIVER_OPS
#endif

/* What the PCI layer calls an interrupt line. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define WAVEPCI_IRQ_LINE	PCI_IRQ_INTX
#else
#define WAVEPCI_IRQ_LINE	PCI_IRQ_LEGACY
#endif

/* For snd-wavepci itself; a card says MODULE_IMPORT_NS(WAVEPCI_NAMESPACE). */
#define EXPORT_SYMBOL_WAVEPCI(symbol) \
	EXPORT_SYMBOL_NS_GPL(symbol, WAVEPCI_NAMESPACE)

#endif
