/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What isn't of the model: ways to ALSA for adapters whose hardware is driven
 * by a library of ALSA's, which wants to see ALSA's own things.
 */
#ifndef _WAVEPCI_ALSA_H
#define _WAVEPCI_ALSA_H

#include <wavepci/unknown.h>

struct device;
struct ipin_substream;
struct isubstream;
struct snd_card;
struct snd_kcontrol;
struct snd_pcm_substream;

/**
 * struct ipin_substream_vtbl - methods of IPinSubstream
 * @unknown: IUnknown
 * @open: An instance of a pin is about to be opened: its ALSA substream, whose
 *	limits may be narrowed, and to which rules may be added. The port does so
 *	after that. runtime->private_data is the miniport's until it is closed.
 *	0, or an error: then the pin isn't opened.
 * @close: It is closed, or could not be opened after all.
 *
 * Context: may sleep.
 */
struct ipin_substream_vtbl {
	struct iunknown_vtbl unknown;
	int (*open)(struct ipin_substream *self, u32 pin_id,
		    struct snd_pcm_substream *substream);
	void (*close)(struct ipin_substream *self, u32 pin_id,
		      struct snd_pcm_substream *substream);
} __no_randomize_layout;

/**
 * struct ipin_substream - IPinSubstream, which a miniport may have
 * @vtbl: methods
 * @unknown: base
 */
struct ipin_substream {
	union {
		const struct ipin_substream_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(ipin_substream, unknown);

/**
 * struct isubstream_vtbl - methods of ISubstream
 * @unknown: IUnknown
 * @substream: Returns the ALSA substream that the stream plays or records for;
 *	NULL for a stream that is only asked what it is like. Any context.
 */
struct isubstream_vtbl {
	struct iunknown_vtbl unknown;
	struct snd_pcm_substream *(*substream)(struct isubstream *self);
} __no_randomize_layout;

/**
 * struct isubstream - ISubstream, which the port's half of a stream has
 * @vtbl: methods
 * @unknown: base
 */
struct isubstream {
	union {
		const struct isubstream_vtbl *vtbl;
		struct iunknown unknown;
	};
};

DECLARE_INTERFACE(isubstream, unknown);

/**
 * struct pc_pcm - what ALSA is to call a filter's PCM devices
 * @device: number of the first one; others follow it, and numbers that are taken
 *	are left out. Negative for the next free one
 * @name: for people to read, where the filter's own name is a word for programs;
 *	NULL if it is for both
 */
struct pc_pcm {
	int device;
	const char *name;
};

int pc_register_subdevice_pcm(struct device *device, const char *name,
			      struct iunknown *unknown,
			      const struct pc_pcm *pcm);
void pc_close_control(struct snd_card *card, struct snd_kcontrol *kcontrol);

#endif
