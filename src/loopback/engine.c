// SPDX-License-Identifier: GPL-2.0
/*
 * A DMA engine, done in software.
 *
 * It walks its list as a device would: descriptors of any length, in any
 * place, whose ends needn't be the ends of frames. A frame that is only partly
 * in the list stays in the engine's latch until the rest is.
 */
#include <linux/string.h>

#include "engine.h"

/* What the cable sees; its lock is held */

static void descriptor_done(struct loopback_engine *e, u32 flags)
{
	u32 left = e->tail - (e->head + 1);

	WRITE_ONCE(e->head, e->head + 1);
	e->offset = 0;
	if (flags & LOOPBACK_DESCRIPTOR_INTERRUPT || left == e->threshold ||
	    !left)
		e->pending = true;
}

/* Move no more bytes than are queued, to or from the list. */
static void engine_move(struct loopback_engine *e, u8 *bytes, u32 count)
{
	e->queued -= count;
	e->ahead -= count;
	while (count) {
		struct loopback_descriptor *d = &e->list[e->head & e->mask];
		u32 part = min(count, d->bytes - e->offset);

		if (e->capture)
			memcpy(d->data + e->offset, bytes, part);
		else
			memcpy(bytes, d->data + e->offset, part);
		bytes += part;
		count -= part;
		e->offset += part;
		if (e->offset == d->bytes)
			descriptor_done(e, d->flags);
	}
}

/*
 * Returns how many bytes there are up to the end of the next descriptor with
 * an interrupt, or to the end of the list. Looks at each descriptor once. What
 * has been moved already, because a frame went beyond such an end, is
 * subtracted from the next distance.
 */
static u32 engine_ahead(struct loopback_engine *e)
{
	while ((e->ahead <= 0 || !e->marked) && e->seen != e->tail) {
		struct loopback_descriptor *d = &e->list[e->seen++ & e->mask];

		e->ahead += d->bytes;
		e->marked = d->flags & LOOPBACK_DESCRIPTOR_INTERRUPT;
	}
	return max(e->ahead, 0);
}

/**
 * loopback_engine_settle() - see to the latch
 * @e: the engine
 * @frame_bytes: bytes in a frame
 *
 * What a record engine has in it goes into the list as soon as there is a
 * place. A playback engine takes the piece of a frame that it has got, so that
 * a list too short for a whole frame doesn't stop it.
 *
 * Context: any.
 * Return: whether anything moved.
 */
bool loopback_engine_settle(struct loopback_engine *e, u32 frame_bytes)
{
	u32 count = e->queued;

	if (e->capture) {
		count = min(count, e->latched);
		engine_move(e, e->latch, count);
		e->latched -= count;
		memmove(e->latch, e->latch + count, e->latched);
		e->position += count;
	} else if (e->latched + count < frame_bytes) {
		engine_move(e, e->latch + e->latched, count);
		e->latched += count;
	} else {
		return false;
	}
	return count;
}

/**
 * loopback_engine_frames() - how many frames an engine could move now
 * @e: the engine, after loopback_engine_settle()
 * @frame_bytes: bytes in a frame
 *
 * A record engine takes a frame as soon as there is a place for its beginning.
 * Neither goes on where there is to be an interrupt.
 *
 * Context: any.
 * Return: the number of frames.
 */
u32 loopback_engine_frames(struct loopback_engine *e, u32 frame_bytes)
{
	u32 ahead = engine_ahead(e);

	if (!e->capture)
		return min((e->latched + e->queued) / frame_bytes,
			   DIV_ROUND_UP(e->latched + ahead, frame_bytes));
	return e->latched ? 0 : DIV_ROUND_UP(ahead, frame_bytes);
}

/**
 * loopback_engine_fetch() - put frames on the line
 * @e: the playback engine
 * @line: where to
 * @bytes: how much; no more than loopback_engine_frames() allows
 *
 * Context: any.
 */
void loopback_engine_fetch(struct loopback_engine *e, u8 *line, u32 bytes)
{
	memcpy(line, e->latch, e->latched);
	engine_move(e, line + e->latched, bytes - e->latched);
	e->latched = 0;
	e->position += bytes;
}

/**
 * loopback_engine_store() - take frames from the line
 * @e: the record engine
 * @line: where from
 * @bytes: how much; no more than loopback_engine_frames() allows
 *
 * Context: any.
 */
void loopback_engine_store(struct loopback_engine *e, u8 *line, u32 bytes)
{
	u32 room = min(bytes, e->queued);

	engine_move(e, line, room);
	e->latched = bytes - room;
	memcpy(e->latch, line + room, e->latched);
	e->position += room;
}

/* What the driver sees */

/**
 * loopback_engine_open() - take an engine
 * @e: the engine
 * @list: its descriptor list
 * @length: length of the list, a power of two
 * @interrupt: called when a descriptor is done that says so, when so few are
 *	left as loopback_engine_set_threshold() allows, and when none is left;
 *	from the timer's softirq, no lock held
 * @context: what to call it with
 *
 * Context: any.
 * Return: 0, or -EBUSY when somebody has it.
 */
int loopback_engine_open(struct loopback_engine *e,
			 struct loopback_descriptor *list, u32 length,
			 void (*interrupt)(void *context), void *context)
{
	unsigned long flags;
	int err = -EBUSY;

	spin_lock_irqsave(&e->cable->lock, flags);
	if (!e->list) {
		e->list = list;
		e->mask = length - 1;
		e->interrupt = interrupt;
		e->context = context;
		err = 0;
	}
	spin_unlock_irqrestore(&e->cable->lock, flags);
	return err;
}

/**
 * loopback_engine_put() - add a descriptor at the list's tail
 * @e: the engine; its list isn't full
 * @address: where a device would find the data
 * @data: where this one does
 * @bytes: how long
 * @flags: %LOOPBACK_DESCRIPTOR_INTERRUPT or 0
 *
 * Context: any.
 */
void loopback_engine_put(struct loopback_engine *e, dma_addr_t address,
			 void *data, u32 bytes, u32 flags)
{
	unsigned long irqflags;

	spin_lock_irqsave(&e->cable->lock, irqflags);
	e->list[e->tail++ & e->mask] = (struct loopback_descriptor) {
		.address = address,
		.data = data,
		.bytes = bytes,
		.flags = flags,
	};
	e->queued += bytes;
	spin_unlock_irqrestore(&e->cable->lock, irqflags);
}

/**
 * loopback_engine_set_threshold() - interrupt when half of the list is done
 * @e: the engine, after its list has been filled
 *
 * Context: any.
 */
void loopback_engine_set_threshold(struct loopback_engine *e)
{
	unsigned long flags;

	spin_lock_irqsave(&e->cable->lock, flags);
	e->threshold = (e->tail - e->head) / 2;
	spin_unlock_irqrestore(&e->cable->lock, flags);
}

/**
 * loopback_engine_head() - which descriptor the engine is at
 * @e: the engine
 *
 * Context: any.
 * Return: how many descriptors are done since the reset.
 */
u32 loopback_engine_head(struct loopback_engine *e)
{
	return READ_ONCE(e->head);
}

/**
 * loopback_engine_withdraw() - take descriptors back from the end of the list
 * @e: the engine, stopped
 * @tail: the first one that isn't there any more, counted from the reset on
 *
 * Context: any.
 * Return: 0; -EBADFD while it runs.
 */
int loopback_engine_withdraw(struct loopback_engine *e, u32 tail)
{
	unsigned long flags;
	int err = -EBADFD;
	u32 head, n;

	spin_lock_irqsave(&e->cable->lock, flags);
	head = e->head;
	if (e->running)
		goto unlock;
	e->tail = tail;
	if ((s32)(tail - head) < 0)
		WRITE_ONCE(e->head, tail);
	if (e->head != head || e->head == e->tail)
		e->offset = 0;
	e->queued = 0;
	for (n = e->head; n != e->tail; n++)
		e->queued += e->list[n & e->mask].bytes;
	e->queued -= e->offset;
	e->seen = e->head;
	e->ahead = -(s32)e->offset;
	err = 0;
unlock:
	spin_unlock_irqrestore(&e->cable->lock, flags);
	return err;
}

/**
 * loopback_engine_reset() - stop an engine and forget its list
 * @e: the engine
 *
 * Context: any.
 */
void loopback_engine_reset(struct loopback_engine *e)
{
	unsigned long flags;

	spin_lock_irqsave(&e->cable->lock, flags);
	e->running = false;
	e->pending = false;
	WRITE_ONCE(e->head, 0);
	e->tail = 0;
	e->offset = 0;
	e->queued = 0;
	e->seen = 0;
	e->ahead = 0;
	e->threshold = 0;
	e->latched = 0;
	e->position = 0;
	spin_unlock_irqrestore(&e->cable->lock, flags);
}
