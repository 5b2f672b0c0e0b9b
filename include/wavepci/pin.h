/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPinCount, IPreFetchOffset: what some miniports want to say of their pins.
 */
#ifndef _WAVEPCI_PIN_H
#define _WAVEPCI_PIN_H

#include <wavepci/unknown.h>

#define KSINSTANCE_INDETERMINATE	((u32)-1)

struct ipin_count;
struct iprefetch_offset;

/**
 * struct ipin_count_vtbl - methods of IPinCount
 * @unknown: IUnknown
 * @pin_count: Before a pin is opened: the port says how many instances there
 *	are, and may be, on this filter and on the adapter; the miniport
 *	corrects that as its hardware allows. The pin can be opened when more
 *	are possible than there are, in both. May sleep; several may ask at a
 *	time, and somebody more than once.
 *	(nf-portcls-ipincount-pincount)
 */
struct ipin_count_vtbl {
	struct iunknown_vtbl unknown;
	void (*pin_count)(struct ipin_count *self, u32 pin_id,
			  u32 *filter_necessary, u32 *filter_current,
			  u32 *filter_possible, u32 *global_current,
			  u32 *global_possible);
} __no_randomize_layout;

/**
 * struct ipin_count - IPinCount, which a miniport may have
 * @vtbl: methods
 * @unknown: base
 */
struct ipin_count {
	union {
		const struct ipin_count_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(ipin_count, unknown);

/**
 * struct iprefetch_offset_vtbl - methods of IPreFetchOffset
 * @unknown: IUnknown
 * @set_prefetch_offset: Say how many bytes the device fetches before it plays
 *	them. ALSA's pointer is then that much ahead of GetPosition, and the
 *	stream's delay that much longer. Any context.
 *	(nf-portcls-iprefetchoffset-setprefetchoffset)
 */
struct iprefetch_offset_vtbl {
	struct iunknown_vtbl unknown;
	void (*set_prefetch_offset)(struct iprefetch_offset *self,
				    u32 prefetch_offset);
} __no_randomize_layout;

/**
 * struct iprefetch_offset - IPreFetchOffset, which a port's stream has
 * @vtbl: methods
 * @unknown: base
 */
struct iprefetch_offset {
	union {
		const struct iprefetch_offset_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(iprefetch_offset, unknown);

#endif
