/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The card: cables with a DMA engine at either end.
 */
#ifndef _WAVEPCI_LOOPBACK_ENGINE_H
#define _WAVEPCI_LOOPBACK_ENGINE_H

#include <linux/bits.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include <wavepci/kernel.h>
#include <wavepci/ks.h>

#include "mixer.h"

#define LOOPBACK_CHANNELS_MAX	32
#define LOOPBACK_RATE_MIN	4000
#define LOOPBACK_RATE_MAX	384000
#define LOOPBACK_FRAME_MAX	(LOOPBACK_CHANNELS_MAX * 4)
#define LOOPBACK_LINE_BYTES	4096

#define LOOPBACK_DESCRIPTOR_INTERRUPT	BIT(0)	/* tell when it is done */

/**
 * struct loopback_descriptor - an entry of a descriptor list
 * @address: where a device would find the data
 * @data: where this one finds it
 * @bytes: how long it is: anything from 1, in any place
 * @flags: %LOOPBACK_DESCRIPTOR_INTERRUPT or 0
 */
struct loopback_descriptor {
	dma_addr_t address;
	void *data;
	u32 bytes;
	u32 flags;
};

/**
 * struct loopback_engine - a DMA engine
 * @cable: what it is an end of, whose lock protects all below
 * @capture: it moves from the cable to memory; if not, the other way
 * @interrupt: called from the timer's softirq, no lock held
 * @context: what to call it with
 * @format: the data format
 * @has_format: there is one
 * @list: the descriptor list, NULL when nobody uses the engine
 * @mask: length of the list, a power of two, minus one
 * @head: the descriptor it is at, counted from the reset on; those before
 *	are done
 * @tail: one behind the last one it may use
 * @offset: bytes it has moved of the one at @head
 * @queued: bytes it may still move
 * @seen: one behind the descriptor that @ahead goes to
 * @ahead: bytes it may move before it has to stop for an interrupt
 * @marked: there is such a one, and not the end of the list
 * @threshold: it interrupts when so many descriptors are left
 * @latch: the piece of a frame that is out of the list and not yet in the
 *	cable, or the other way round
 * @latched: its length
 * @position: bytes of frames moved since the reset
 * @running: it moves
 * @pending: an interrupt is to be delivered
 */
struct loopback_engine {
	struct loopback_cable *cable;
	bool capture;
	void (*interrupt)(void *context);
	void *context;
	struct ksdataformat_waveformatextensible format;
	bool has_format;

	struct loopback_descriptor *list;
	u32 mask;
	u32 head;
	u32 tail;
	u32 offset;
	u32 queued;
	u32 seen;
	s32 ahead;
	bool marked;
	u32 threshold;
	u8 latch[LOOPBACK_FRAME_MAX];
	u32 latched;
	u64 position;
	bool running;
	bool pending;
};

/**
 * struct loopback_cable - a cable with the engines at its ends
 * @playback: puts frames in
 * @record: takes them out
 * @mixer: what they go through on their way
 * @timer: makes it tick
 * @lock: protects all of the cable and of both engines; nobody is called
 *	with it held
 * @ticking: the timer goes, or is about to
 * @busy: a tick lets frames through; until it is done, its place is the time
 * @epoch: when the clock began
 * @frame: frames that have gone through since then
 * @rate: frames in a second
 * @frame_bytes: bytes in a frame
 * @silence: a byte of silence
 * @line: frames that are in the cable
 */
struct loopback_cable {
	struct loopback_engine playback;
	struct loopback_engine record;
	struct loopback_mixer *mixer;
	struct hrtimer timer;
	spinlock_t lock;
	bool ticking;
	bool busy;
	ktime_t epoch;
	u64 frame;
	u32 rate;
	u32 frame_bytes;
	u8 silence;
	u8 line[LOOPBACK_LINE_BYTES];
};

/* cable.c */

void loopback_cable_init(struct loopback_cable *cable,
			 struct loopback_mixer *mixer);
void loopback_cable_destroy(struct loopback_cable *cable);

void loopback_engine_close(struct loopback_engine *engine);
int loopback_engine_set_format(struct loopback_engine *engine,
			       const struct ksdataformat *data_format);
bool loopback_engine_partner_format(struct loopback_engine *engine,
			struct ksdataformat_waveformatextensible *format);
void loopback_engine_start(struct loopback_engine *engine);
bool loopback_engine_stop(struct loopback_engine *engine);
u64 loopback_engine_position(struct loopback_engine *engine);

/* engine.c: the driver's side */

int loopback_engine_open(struct loopback_engine *engine,
			 struct loopback_descriptor *list, u32 length,
			 void (*interrupt)(void *context), void *context);
void loopback_engine_put(struct loopback_engine *engine, dma_addr_t address,
			 void *data, u32 bytes, u32 flags);
void loopback_engine_set_threshold(struct loopback_engine *engine);
u32 loopback_engine_head(struct loopback_engine *engine);
int loopback_engine_withdraw(struct loopback_engine *engine, u32 tail);
void loopback_engine_reset(struct loopback_engine *engine);

/* engine.c: the cable's side, with its lock held */

bool loopback_engine_settle(struct loopback_engine *engine, u32 frame_bytes);
u32 loopback_engine_frames(struct loopback_engine *engine, u32 frame_bytes);
void loopback_engine_fetch(struct loopback_engine *engine, u8 *line,
			   u32 bytes);
void loopback_engine_store(struct loopback_engine *engine, u8 *line,
			   u32 bytes);

#endif
