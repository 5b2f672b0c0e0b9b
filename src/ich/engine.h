/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel of the controller: its registers and its descriptor list.
 */
#ifndef _WAVEPCI_ICH_ENGINE_H
#define _WAVEPCI_ICH_ENGINE_H

#include <linux/io.h>

#include "registers.h"

/* One entry stays free: the engine stops at LVI, so a full list is a stop. */
#define ICH_OPEN_MAX	(ICH_DESCRIPTORS - 1)

/**
 * struct ich_mapping - an open mapping
 * @address: where it is
 * @bytes: how long
 * @end: where it ends in the stream
 * @interrupt: whether the engine is to tell when it is done with it
 */
struct ich_mapping {
	dma_addr_t address;
	u32 bytes;
	u64 end;
	bool interrupt;
};

/**
 * struct ich_engine - a channel
 * @registers: its registers
 * @list: the descriptor list
 * @list_address: the same for the engine
 * @open: the open mappings, mapping n at n modulo 32
 * @tail: one behind the newest of them
 * @playing: the one the engine is at
 * @last_valid: the last one the engine knows of
 * @first: the one in entry 0
 * @got: bytes got since STOP
 * @since_interrupt: mappings since one that interrupts
 * @interrupt_every: at least so many of them interrupt
 * @idle: how many interrupts came since it last moved
 * @position: last position known
 * @read_at: when that was read, by the processor's clock
 * @frame_ns: how long a frame takes
 * @frame_bytes: how long it is, and at least a pair of samples
 * @fresh: an interrupt has read it, and nobody has asked since
 * @reader: who handled that: a task, or NULL within the interrupt itself
 * @listed: the descriptor list is up to date
 * @running: in RUN
 * @moving: started; not so while there is no mapping
 *
 * All of it is protected by the stream's lock.
 */
struct ich_engine {
	void __iomem *registers;
	struct ich_descriptor *list;
	dma_addr_t list_address;
	struct ich_mapping open[ICH_DESCRIPTORS];
	u32 tail;
	u32 playing;
	u32 last_valid;
	u32 first;
	u64 got;
	u32 since_interrupt;
	u32 interrupt_every;
	u32 idle;
	u64 position;
	u64 read_at;
	u32 frame_ns;
	u32 frame_bytes;
	bool fresh;
	const void *reader;
	bool listed;
	bool running;
	bool moving;
};

void ich_engine_reset(struct ich_engine *e);
void ich_engine_rewind(struct ich_engine *e);
void ich_engine_put(struct ich_engine *e, dma_addr_t address, u32 bytes,
		    bool interrupt);
void ich_engine_short_ring(struct ich_engine *e, u32 oldest);
void ich_engine_withdraw(struct ich_engine *e, u32 tail);
void ich_engine_extend(struct ich_engine *e, u32 warnings);
void ich_engine_start(struct ich_engine *e);
void ich_engine_stop(struct ich_engine *e);
bool ich_engine_interrupt(struct ich_engine *e, bool alone);
u64 ich_engine_position(struct ich_engine *e);

#endif
