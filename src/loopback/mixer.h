/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The card's mixer: what is played gets softer on its way to the speaker, and
 * what is recorded is what comes out there, or nothing.
 */
#ifndef _WAVEPCI_LOOPBACK_MIXER_H
#define _WAVEPCI_LOOPBACK_MIXER_H

#include <linux/spinlock.h>

#include <wavepci/ks.h>

/* Levels in 1/65536 dB. */
#define LOOPBACK_LEVEL_STEP	65536
#define LOOPBACK_LEVEL_MIN	(-63 * LOOPBACK_LEVEL_STEP)
#define LOOPBACK_LEVEL_MAX	0

#define LOOPBACK_MIXER_SIDES	2	/* left and right */

/**
 * enum loopback_source - what is recorded: an input pin of the MUX node
 * @LOOPBACK_SOURCE_LINE: a cable from the speaker
 * @LOOPBACK_SOURCE_MIC: a microphone in a quiet room
 */
enum loopback_source {
	LOOPBACK_SOURCE_LINE = 1,
	LOOPBACK_SOURCE_MIC = 2,
};

/**
 * struct loopback_mixer - the mixer
 * @lock: keeps those apart who change something
 * @levels: volume of either side
 * @muted: nothing comes out
 * @source: what is recorded
 * @unplugged: there is no cable in the line input
 * @gains: what samples are multiplied by, in 1/65536. Those who let sound
 *	through read it, @source and @unplugged without the lock.
 */
struct loopback_mixer {
	spinlock_t lock;
	s32 levels[LOOPBACK_MIXER_SIDES];
	bool muted;
	enum loopback_source source;
	bool unplugged;
	u32 gains[LOOPBACK_MIXER_SIDES];
};

void loopback_mixer_init(struct loopback_mixer *mixer);
s32 loopback_mixer_level(struct loopback_mixer *mixer, unsigned int side);
void loopback_mixer_set_level(struct loopback_mixer *mixer, unsigned int side,
			      s32 level);
bool loopback_mixer_muted(struct loopback_mixer *mixer);
void loopback_mixer_mute(struct loopback_mixer *mixer, bool muted);
enum loopback_source loopback_mixer_source(struct loopback_mixer *mixer);
void loopback_mixer_set_source(struct loopback_mixer *mixer,
			       enum loopback_source source);
bool loopback_mixer_plugged(struct loopback_mixer *mixer);
void loopback_mixer_plug(struct loopback_mixer *mixer, bool plugged);
bool loopback_mixer_records(struct loopback_mixer *mixer);
void loopback_mixer_play(struct loopback_mixer *mixer,
			 const struct ksdataformat_waveformatextensible *format,
			 u8 *line, u32 bytes);

#endif
