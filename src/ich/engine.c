// SPDX-License-Identifier: GPL-2.0
/*
 * A channel of the controller: its registers and its descriptor list.
 *
 * The open mappings are a queue, counted from the first one since STOP: those
 * before `tail` are listed, those before `playing` the engine is done with,
 * and `last_valid` is the last one that the engine was told of. The
 * descriptor list has 32 entries and the engine goes round it, so mapping n is
 * entry n - first, modulo 32, where `first` is where the list was begun.
 *
 * The card is touched as seldom as can be. One read says how far the engine is
 * when it has interrupted, to the sample if it can, and one write acknowledges;
 * the list's tail is moved when half of what is queued is used up; and a position
 * is one read, and none within the time of a frame.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>

#include "engine.h"

#define HALT_TRIES	1000
#define POSITION_TRIES	5

/* So many interrupts without a step are no interrupts of a stream. */
#define IDLE_MAX	1000

static struct ich_mapping *open_mapping(struct ich_engine *e, u32 n)
{
	return &e->open[n % ICH_DESCRIPTORS];
}

static u32 entry_of(struct ich_engine *e, u32 n)
{
	return (n - e->first) % ICH_DESCRIPTORS;
}

/* The mapping in an entry, if the engine can be there; else `tail`. */
static u32 mapping_at(struct ich_engine *e, u32 entry)
{
	u32 ahead = (entry - entry_of(e, e->playing)) % ICH_DESCRIPTORS;

	return e->playing + min(ahead, e->tail - e->playing);
}

static void list_put(struct ich_engine *e, u32 n, u32 skip)
{
	struct ich_mapping *m = open_mapping(e, n);
	struct ich_descriptor *d = &e->list[entry_of(e, n)];

	d->address = cpu_to_le32(m->address + skip);
	d->control = cpu_to_le32((m->bytes - skip) / 2 |
				 (m->interrupt ? ICH_DESCRIPTOR_IOC : 0));
}

/**
 * ich_engine_reset() - halt the channel and forget its list
 * @e: the channel
 *
 * Context: any.
 */
void ich_engine_reset(struct ich_engine *e)
{
	int tries = HALT_TRIES;

	iowrite8(0, e->registers + ICH_CR);
	iowrite8(ICH_CR_RR, e->registers + ICH_CR);
	while (ioread8(e->registers + ICH_CR) & ICH_CR_RR && tries--)
		udelay(1);
	e->listed = false;
}

/**
 * ich_engine_rewind() - reset the channel, with no mapping open
 * @e: the channel
 *
 * Context: any.
 */
void ich_engine_rewind(struct ich_engine *e)
{
	ich_engine_reset(e);
	e->tail = 0;
	WRITE_ONCE(e->playing, 0);
	e->first = 0;
	e->last_valid = 0;
	e->got = 0;
	e->position = 0;
	e->read_at = 0;
	e->fresh = false;
	e->since_interrupt = 0;
	e->idle = 0;
	e->interrupt_every = ICH_DESCRIPTORS / 2;
	/* What is put from now on is listed as it comes. */
	iowrite32(e->list_address, e->registers + ICH_BDBAR);
	e->listed = true;
}

/* Decide whether a mapping interrupts: it wants to, or it is about time. */
static void mark_interrupt(struct ich_engine *e, struct ich_mapping *m)
{
	m->interrupt |= ++e->since_interrupt >= e->interrupt_every;
	if (m->interrupt)
		e->since_interrupt = 0;
}

/**
 * ich_engine_put() - put a mapping at the end of the queue
 * @e: the channel, with fewer than ICH_OPEN_MAX mappings open
 * @address: where it is
 * @bytes: how long
 * @interrupt: it is the last of its packet
 *
 * Context: any.
 */
void ich_engine_put(struct ich_engine *e, dma_addr_t address, u32 bytes,
		    bool interrupt)
{
	struct ich_mapping *m = open_mapping(e, e->tail);

	e->got += bytes;
	*m = (struct ich_mapping) {
		.address = address,
		.bytes = bytes,
		.end = e->got,
		.interrupt = interrupt,
	};
	mark_interrupt(e, m);
	list_put(e, e->tail++, 0);
}

/**
 * ich_engine_short_ring() - there are no more mappings than are open
 * @e: the channel
 * @oldest: the oldest of them
 *
 * Then half of them must be enough of a warning. Before the start those that
 * are listed can still be changed.
 *
 * Context: any.
 */
void ich_engine_short_ring(struct ich_engine *e, u32 oldest)
{
	u32 n;

	e->interrupt_every = clamp((e->tail - oldest) / 2, 1u,
				   e->interrupt_every);
	if (e->running || oldest)
		return;
	e->since_interrupt = 0;
	for (n = oldest; n != e->tail; n++) {
		mark_interrupt(e, open_mapping(e, n));
		list_put(e, n, 0);
	}
}

/**
 * ich_engine_withdraw() - take mappings back from the end of the queue
 * @e: the channel, not running
 * @tail: the first one that isn't there any more
 *
 * The engine is reset: it may have read their entries already.
 *
 * Context: any.
 */
void ich_engine_withdraw(struct ich_engine *e, u32 tail)
{
	ich_engine_reset(e);
	e->tail = tail;
}

/*
 * Returns true when the engine will interrupt so often before it comes to the
 * end.
 */
static bool warns(struct ich_engine *e, u32 times)
{
	u32 n, warnings = 0;

	for (n = e->playing; n != e->last_valid && warnings < times; n++)
		warnings += open_mapping(e, n)->interrupt;
	return warnings == times;
}

/**
 * ich_engine_extend() - tell a running engine of new mappings
 * @e: the channel
 * @warnings: how often it should interrupt before it comes to the end
 *
 * The engine is told only when half of the mappings that it knows are done, or
 * when it would interrupt fewer than @warnings times before the last of them.
 * Starts it when these are the first. It goes on by itself if it had come to
 * the end of the list.
 *
 * Context: any.
 */
void ich_engine_extend(struct ich_engine *e, u32 warnings)
{
	u32 known = e->last_valid + 1 - e->playing;

	if (!e->running || e->tail == e->playing)
		return;
	if (e->moving && (e->last_valid + 1 == e->tail ||
			  (known * 2 > e->tail - e->playing &&
			   warns(e, warnings))))
		return;
	e->last_valid = e->tail - 1;
	dma_wmb();
	iowrite8(entry_of(e, e->last_valid), e->registers + ICH_LVI);
	if (!e->moving)
		iowrite8(ICH_CR_RPBM | ICH_CR_IOCE | ICH_CR_LVBIE,
			 e->registers + ICH_CR);
	e->moving = true;
}

/*
 * Begin the list at the place in the stream where the engine was stopped.
 * Resuming where the engine itself stood isn't the same on all controllers.
 */
static void list_begin(struct ich_engine *e)
{
	u32 n = e->playing;

	ich_engine_reset(e);
	while (n != e->tail && open_mapping(e, n)->end <= e->position)
		n++;
	WRITE_ONCE(e->playing, n);
	e->first = n;
	for (; n != e->tail; n++) {
		struct ich_mapping *m = open_mapping(e, n);
		u64 start = m->end - m->bytes;

		list_put(e, n, e->position > start ? e->position - start : 0);
	}
	iowrite32(e->list_address, e->registers + ICH_BDBAR);
	e->listed = true;
}

/* The controller may have slept since, and have forgotten it all. */
static bool list_known(struct ich_engine *e)
{
	return e->listed &&
	       ioread32(e->registers + ICH_BDBAR) == e->list_address;
}

/**
 * ich_engine_start() - let the engine run, as soon as there is a mapping
 * @e: the channel
 *
 * Context: any.
 */
void ich_engine_start(struct ich_engine *e)
{
	if (!list_known(e))
		list_begin(e);
	e->running = true;
	ich_engine_extend(e, 2);
}

/*
 * What it means that mapping n has so many samples left. Returns false where
 * it means nothing: no such mapping, none left, more than there were, or a
 * step back.
 */
static bool position_of(struct ich_engine *e, u32 n, u32 left, u64 *position)
{
	const struct ich_mapping *m = open_mapping(e, n);

	*position = m->end - 2 * left;
	return n != e->tail && left && 2 * left <= m->bytes &&
	       *position >= e->position;
}

/*
 * Right after a step the controller may not have prefetched yet, or not have
 * loaded its count: read until the two belong together.
 */
static noinline u64 position_again(struct ich_engine *e)
{
	int tries = POSITION_TRIES;
	u64 position;
	u32 left, n;
	u8 entry;

	/* At the end of the list there is no mapping that it could be in. */
	if (e->playing == e->tail)
		return e->got;

	do {
		if (!tries--)
			return e->position;
		entry = ioread8(e->registers + ICH_CIV);
		left = ioread16(e->registers + ICH_PICB);
		if (entry != ioread8(e->registers + ICH_CIV))
			left = 0;
		n = mapping_at(e, entry % ICH_DESCRIPTORS);
	} while (!position_of(e, n, left, &position));
	return position;
}

/*
 * The prefetched entry is the one behind the current. In the middle of a step of
 * the controller's that isn't so, and it shows: the answer is before the last one
 * given, or about an entry we don't know, or with nothing left of its mapping.
 * Only then is it read again.
 */
static void read_position(struct ich_engine *e)
{
	u32 value = ioread32(e->registers + ICH_PICB);
	u32 n = mapping_at(e, (ICH_POSITION_PIV(value) - 1) % ICH_DESCRIPTORS);
	u64 position;

	if (unlikely(!position_of(e, n, ICH_POSITION_PICB(value), &position)))
		position = position_again(e);
	e->position = position;
}

/*
 * Where it goes on after it was stopped: not in the middle of a pair, which it
 * gets anew, and of a frame of several pairs at the next one. A frame may begin
 * in a mapping that is gone already, and the controller sends what comes first to
 * the first channels.
 */
static u64 next_frame(const struct ich_engine *e)
{
	u64 position = e->position - e->position % ICH_FRAME_BYTES;
	u32 rest;

	div_u64_rem(position, e->frame_bytes, &rest);
	return rest ? min(position + e->frame_bytes - rest, e->got) : position;
}

/**
 * ich_engine_stop() - halt the engine, and note where it was
 * @e: the channel
 *
 * Context: any.
 */
void ich_engine_stop(struct ich_engine *e)
{
	int tries = HALT_TRIES;

	e->running = false;
	if (!e->moving)
		return;
	e->fresh = false;
	/*
	 * First where it is, so that what is read when it has halted, and may
	 * already point at the next entry, can be told from a step back.
	 */
	read_position(e);
	iowrite8(0, e->registers + ICH_CR);
	while (!(ioread8(e->registers + ICH_SR) & ICH_SR_DCH) && tries--)
		udelay(1);
	read_position(e);
	e->position = next_frame(e);
	iowrite8(ICH_SR_CLEAR, e->registers + ICH_SR);
	e->moving = false;
	e->listed = false;
}

/* Where the engine is by the status register. */
static bool look(struct ich_engine *e)
{
	u32 status = ioread32(e->registers + ICH_CIV);
	u32 n;

	/* All ones: the card is gone. */
	if (!(ICH_STATUS_SR(status) & ICH_SR_INTERRUPTS) || status == U32_MAX)
		return false;
	iowrite16(ICH_SR_CLEAR, e->registers + ICH_SR);

	n = mapping_at(e, ICH_STATUS_CIV(status));
	if (n == e->last_valid && ICH_STATUS_SR(status) & ICH_SR_DCH)
		n++;
	else if (n == e->tail)
		n = e->playing;
	e->idle = n == e->playing ? e->idle + 1 : 0;
	WRITE_ONCE(e->playing, n);
	e->read_at = 0;
	return true;
}

/* Whoever handles an interrupt, in a thread of its own or not. */
static const void *interrupt_handler(void)
{
	return in_hardirq() ? NULL : current;
}

/*
 * Where it is to the sample. Returns false when that doesn't show a step, or it
 * has come to the end: the status register tells more.
 */
static bool look_closely(struct ich_engine *e)
{
	u64 now = local_clock(), position;
	u32 value, n;

	value = ioread32(e->registers + ICH_PICB);
	n = mapping_at(e, (ICH_POSITION_PIV(value) - 1) % ICH_DESCRIPTORS);
	if (n == e->playing ||
	    !position_of(e, n, ICH_POSITION_PICB(value), &position))
		return false;
	iowrite16(ICH_SR_CLEAR, e->registers + ICH_SR);
	e->idle = 0;
	WRITE_ONCE(e->playing, n);
	e->position = position;
	e->read_at = now;
	e->fresh = true;
	e->reader = interrupt_handler();
	return true;
}

/**
 * ich_engine_interrupt() - see whether the channel has interrupted
 * @e: the channel
 * @alone: no other channel runs, so it is likely to be this one
 *
 * Notes how far the engine is, and acknowledges. What happens between the two
 * is told by the next interrupt; only when the engine is at the last mapping
 * there may be none, so look again.
 *
 * A channel that goes on to interrupt without ever moving is broken; its
 * interrupts are nobody's then, and the kernel switches the line off.
 *
 * Context: hard interrupt.
 * Return: true when it has.
 */
bool ich_engine_interrupt(struct ich_engine *e, bool alone)
{
	if (!e->moving)
		return false;
	if (!(alone && look_closely(e)) && !look(e))
		return false;
	if (e->playing == e->last_valid)
		look(e);
	return e->idle < IDLE_MAX;
}

/**
 * ich_engine_position() - where the engine is
 * @e: the channel
 *
 * ALSA knows of nothing shorter than a frame: what was read less than the time of
 * one ago is as true as what would be read now. That spares those who ask
 * several times in a row, and who wake by an interrupt, the read. Where the
 * clock stands still or goes back it can't be told, and is read. The interrupt
 * itself, however slow, needs no second look.
 *
 * Context: any; interrupts off.
 * Return: bytes since STOP.
 */
u64 ich_engine_position(struct ich_engine *e)
{
	u64 now, age;

	if (!e->moving)
		return e->position;
	/* Only the first to ask, and he only within an interrupt: later it's old. */
	if (e->fresh) {
		e->fresh = false;
		if (e->reader == interrupt_handler())
			return e->position;
	}
	now = local_clock();
	age = now - e->read_at;
	if (age && age < e->frame_ns)
		return e->position;
	read_position(e);
	e->read_at = now;
	return e->position;
}
