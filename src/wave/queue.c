// SPDX-License-Identifier: GPL-2.0
/*
 * IPortWavePciStream's methods: the mapping queue.
 *
 * The queue is four byte counts since the stream left STOP, each ahead of the
 * one before it: completed, released, got, queued. GetMapping moves `got` up
 * to `queued`; ReleaseMapping moves `released`, and where that ends a packet,
 * `completed`. In a looped ring a completed packet is queued again at once, so
 * `queued` is always one ring ahead of `completed`. In a streaming one it is
 * queued when the application has written it.
 */
#include <linux/math64.h>

#include "trace.h"
#include "verifier.h"
#include "wave.h"

static struct wave_stream *
from_port_stream(struct iport_wavepci_stream *port_stream)
{
	return container_of(port_stream, struct wave_stream, port_stream);
}

/* Mappings */

/**
 * wave_queue_get_mapping() - IPortWavePciStream::GetMapping
 * @self: the port's half of the stream
 * @tag: what the miniport calls it
 * @physical_address: receives where the device finds it
 * @virtual_address: receives where the kernel finds it
 * @byte_count: receives its length
 * @flags: receives whether it is the last one of a packet that somebody waits
 *	for
 *
 * See nf-portcls-iportwavepcistream-getmapping.
 *
 * Context: any; no lock of the miniport's held. Constant time.
 * Return: 0; -ENOENT when there is none now, and then MappingAvailable will be
 * called once; -EBADFD in STOP.
 */
int wave_queue_get_mapping(struct iport_wavepci_stream *self, void *tag,
			   dma_addr_t *physical_address,
			   void **virtual_address, u32 *byte_count, u32 *flags)
{
	struct wave_stream *stream = from_port_stream(self);
	struct packet_mapping mapping;
	struct open_mapping *open;
	unsigned long irqflags;
	u32 slot;
	int err = 0;

	spin_lock_irqsave(&stream->lock, irqflags);
	if (unlikely(READ_ONCE(stream->state) == KSSTATE_STOP)) {
		err = -EBADFD;
		goto unlock;
	}
	if (stream->got == stream->queued ||
	    stream->open_count == stream->open_size) {
		stream->refused = true;
		WRITE_ONCE(stream->counts.refusals,
			   stream->counts.refusals + 1);
		err = -ENOENT;
		goto unlock;
	}

	wave_packet_next(&stream->layout, &stream->cursor, &mapping);
	slot = stream->open_first + stream->open_count++;
	if (slot >= stream->open_size)
		slot -= stream->open_size;
	open = &stream->open[slot];
	open->tag = tag;
	open->bytes = mapping.bytes;
	open->last = mapping.last;
	open->early = false;
	WRITE_ONCE(stream->got, stream->got + mapping.bytes);
	/*
	 * This was the mapping that a pending MappingAvailable is about.
	 * Withdraw that; there will be one for the next mapping.
	 */
	if (stream->got == stream->queued &&
	    test_bit(STREAM_AVAILABLE, &stream->events) &&
	    test_and_clear_bit(STREAM_AVAILABLE, &stream->events))
		stream->refused = true;

unlock:
	spin_unlock_irqrestore(&stream->lock, irqflags);
	if (verifier_on())
		wave_verifier_got(stream, tag, err);
	if (err) {
		trace_wavepci_refuse(stream, tag, err);
		return err;
	}

	*physical_address = mapping.address;
	*virtual_address = stream->buffer.area + mapping.offset;
	*byte_count = mapping.bytes;
	*flags = mapping.last && stream->wakeups;
	trace_wavepci_get_mapping(stream, tag, &mapping);
	return 0;
}

/*
 * Queue what there is room for. Returns true when the caller must see to a
 * MappingAvailable: it is no longer owed then.
 */
static bool stream_settle(struct wave_stream *stream)
{
	u64 room = stream->completed + stream->layout.ring_bytes;
	bool available;

	stream->queued = max(stream->queued, min(stream->wanted, room));
	available = stream->refused && stream->got != stream->queued;
	if (available)
		stream->refused = false;
	return available;
}

/* Returns the n-th open mapping, from the oldest on. */
static struct open_mapping *open_at(struct wave_stream *stream, u32 n)
{
	n += stream->open_first;
	return &stream->open[n < stream->open_size ? n : n - stream->open_size];
}

/*
 * Remember a mapping that was released before its turn. Returns false when
 * there is no such mapping open.
 */
static bool mark_early(struct wave_stream *stream, void *tag)
{
	struct open_mapping *open;
	u32 n;

	for (n = 0; n < stream->open_count; n++) {
		open = open_at(stream, n);
		if (open->tag != tag || open->early)
			continue;
		open->early = true;
		return true;
	}
	return false;
}

/*
 * Take the oldest mapping out, and those behind it that were released before
 * their turn. Returns true when a packet is complete by it.
 */
static bool release_in_order(struct wave_stream *stream)
{
	struct open_mapping *open = &stream->open[stream->open_first];
	bool completed = false;

	do {
		stream->packet += open->bytes;
		if (open->last) {
			WRITE_ONCE(stream->completed,
				   stream->completed + stream->packet);
			stream->packet = 0;
			completed = true;
		}
		open++;
		if (++stream->open_first == stream->open_size) {
			stream->open_first = 0;
			open = stream->open;
		}
	} while (--stream->open_count && unlikely(open->early));
	return completed;
}

/* A tag that isn't the oldest mapping's. With the lock held, which is dropped. */
static noinline int release_out_of_order(struct wave_stream *stream, void *tag,
					 unsigned long flags)
	__releases(&stream->lock)
{
	bool early = mark_early(stream, tag);

	spin_unlock_irqrestore(&stream->lock, flags);
	wave_stream_err(stream, "tag %lu released out of order\n",
			(unsigned long)tag);
	if (verifier_on())
		wave_verifier_bad_release(stream, tag, early);
	return -EINVAL;
}

/**
 * wave_queue_release_mapping() - IPortWavePciStream::ReleaseMapping
 * @self: the port's half of the stream
 * @tag: of the oldest open mapping
 *
 * See nf-portcls-iportwavepcistream-releasemapping.
 *
 * Context: any; no lock of the miniport's held. Constant time.
 * Return: 0; -EINVAL for any other tag. If that is open it counts as released
 * when its turn comes.
 */
int wave_queue_release_mapping(struct iport_wavepci_stream *self, void *tag)
{
	struct wave_stream *stream = from_port_stream(self);
	bool completed, available, draining;
	unsigned long flags;

	spin_lock_irqsave(&stream->lock, flags);
	if (unlikely(!stream->open_count ||
		     stream->open[stream->open_first].tag != tag))
		return release_out_of_order(stream, tag, flags);

	completed = release_in_order(stream);
	available = stream_settle(stream);
	draining = completed && stream->draining;
	spin_unlock_irqrestore(&stream->lock, flags);

	if (verifier_on())
		wave_verifier_released(stream, tag);
	trace_wavepci_release_mapping(stream, tag, completed);
	if (available)
		wave_service_note(stream, STREAM_AVAILABLE);
	if (draining)
		wave_service_note(stream, STREAM_DRAIN);
	if (completed)
		wave_service_note(stream, STREAM_ELAPSED);
	return 0;
}

/**
 * wave_queue_terminate_packet() - IPortWavePciStream::TerminatePacket
 * @self: the port's half of the stream
 *
 * See nf-portcls-iportwavepcistream-terminatepacket.
 *
 * Context: any; no lock of the miniport's held.
 * Return: 0; -EOPNOTSUPP for a stream that doesn't record; -EBADFD when it
 * doesn't run.
 */
int wave_queue_terminate_packet(struct iport_wavepci_stream *self)
{
	struct wave_stream *stream = from_port_stream(self);

	if (!stream->pin->capture)
		return -EOPNOTSUPP;
	return wave_service_look(stream);
}

/*
 * Returns how many mappings the miniport still holds: all that are open but
 * those that it released before their turn. The oldest is never one of these.
 * @last receives the tag of the newest.
 */
static u32 count_held(struct wave_stream *stream, void **last)
{
	u32 n, count = 0;

	for (n = 0; n < stream->open_count; n++) {
		if (open_at(stream, n)->early)
			continue;
		*last = open_at(stream, n)->tag;
		count++;
	}
	return count;
}

/**
 * wave_queue_revoke() - take back what the miniport still holds
 * @stream: the stream, quiet
 *
 * It may be fewer than are open for us only if it has released some meanwhile,
 * and nothing runs any more: so they agree, or the miniport is wrong.
 *
 * Context: may sleep.
 */
void wave_queue_revoke(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	u32 held, revoked = 0;
	unsigned long flags;
	void *last;
	int err;

	/* From here on there is nothing to be had. */
	spin_lock_irqsave(&stream->lock, flags);
	stream->queued = stream->got;
	stream->wanted = stream->got;
	stream->draining = false;
	stream->refused = false;
	spin_unlock_irqrestore(&stream->lock, flags);

	held = count_held(stream, &last);
	if (!held)
		return;
	verifier_enter_miniport();
	err = miniport->vtbl->revoke_mappings(miniport, open_at(stream, 0)->tag,
					      last, &revoked);
	verifier_leave_miniport();
	trace_wavepci_revoke(stream, held, revoked);
	if (verifier_on() && revoked != held)
		wave_verifier_report(stream, RULE_REVOKE_COUNT);
	if (err || revoked != held)
		wave_stream_err(stream, "%u of %u mappings revoked, error %d\n",
				revoked, held, err);
}

/**
 * wave_queue_reset() - begin at the beginning of the ring
 * @stream: the stream, with nothing open
 *
 * Context: may sleep.
 */
void wave_queue_reset(struct wave_stream *stream)
{
	unsigned long flags;

	spin_lock_irqsave(&stream->lock, flags);
	wave_packet_cursor_reset(&stream->layout, &stream->cursor);
	stream->got = 0;
	stream->streaming = wave_pin_streams(stream->pin);
	/* A looped ring is always wanted, as far as there is room. */
	stream->wanted = stream->streaming ? 0 : U64_MAX;
	stream->queued = stream->streaming ? 0 : stream->layout.ring_bytes;
	stream->written = 0;
	stream->draining = false;
	WRITE_ONCE(stream->counts.bytes,
		   stream->counts.bytes + stream->completed);
	WRITE_ONCE(stream->completed, 0);
	stream->packet = 0;
	stream->open_first = 0;
	stream->open_count = 0;
	stream->refused = false;
	WRITE_ONCE(stream->events, 0);
	stream->asked = 0;
	stream->position = 0;
	stream->behind = 0;
	spin_unlock_irqrestore(&stream->lock, flags);
}

/* A count that others move on; 32-bit machines read it in two halves. */
static u64 read_count(struct wave_stream *stream, const u64 *count)
{
	unsigned long flags;
	u64 value;

	if (IS_ENABLED(CONFIG_64BIT))
		return READ_ONCE(*count);
	spin_lock_irqsave(&stream->lock, flags);
	value = *count;
	spin_unlock_irqrestore(&stream->lock, flags);
	return value;
}

/**
 * wave_queue_got() - how much the miniport has got
 * @stream: the stream
 *
 * Context: any.
 * Return: bytes given out since STOP.
 */
u64 wave_queue_got(struct wave_stream *stream)
{
	return read_count(stream, &stream->got);
}

/**
 * wave_queue_completed() - where the last complete packet ends
 * @stream: the stream
 *
 * Context: any.
 * Return: bytes since STOP.
 */
u64 wave_queue_completed(struct wave_stream *stream)
{
	return read_count(stream, &stream->completed);
}

/* Streaming */

/*
 * The application has written up to here; packets up to there are wanted.
 * Begins with the lock held, which is dropped.
 */
static void stream_queue(struct wave_stream *stream, u64 written, u64 wanted,
			 unsigned long flags)
	__releases(&stream->lock)
{
	bool available;

	stream->written = written;
	stream->wanted = wanted;
	available = stream_settle(stream);
	/* The caller holds ALSA's stream lock or is counted already. */
	atomic_inc(&stream->servicing);
	spin_unlock_irqrestore(&stream->lock, flags);
	if (available)
		wave_service_available(stream);
	wave_service_leave(stream);
}

/**
 * wave_stream_write() - the application has written to a streaming ring
 * @stream: the stream
 * @bytes: how much; negative when it took back what it had written, though no
 *	more than there is ahead of the stream. A packet that is queued already
 *	stays so.
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_write(struct wave_stream *stream, s64 bytes)
{
	unsigned long flags;
	s64 written;

	spin_lock_irqsave(&stream->lock, flags);
	written = max_t(s64, stream->written + bytes, stream->position);
	stream_queue(stream, written,
		     wave_packet_floor(&stream->layout, written), flags);
}

/**
 * wave_stream_forget() - what isn't played yet of a streaming ring won't be
 * @stream: the stream
 *
 * The application goes on writing where the stream is. Packets that are queued
 * are played all the same.
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_forget(struct wave_stream *stream)
{
	u64 written = stream->position;
	unsigned long flags;

	spin_lock_irqsave(&stream->lock, flags);
	stream_queue(stream, written,
		     wave_packet_floor(&stream->layout, written), flags);
}

/**
 * wave_stream_loop() - have a streaming ring looped, until it leaves STOP again
 * @stream: the stream, with nothing written
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_loop(struct wave_stream *stream)
{
	unsigned long flags;

	spin_lock_irqsave(&stream->lock, flags);
	stream->streaming = false;
	stream_queue(stream, 0, U64_MAX, flags);
}

/*
 * Where a drain ends. Of what has been played to its end nothing moves any more
 * that could tell ALSA so: a packet of silence does.
 */
static u64 drain_end(const struct wave_stream *stream)
{
	u64 end = stream->written;

	if (stream->completed == stream->queued && stream->completed >= end)
		end = stream->completed + 1;
	return wave_packet_ceil(&stream->layout, end);
}

/**
 * wave_queue_drain() - queue the last packet of a streaming ring
 * @stream: the stream
 *
 * Fills it with silence and queues it, when there is room: with a full ring,
 * its end is still being played for the round before.
 *
 * Context: any, no lock of the port's held.
 */
void wave_queue_drain(struct wave_stream *stream)
{
	unsigned long flags;
	u64 start, end;
	u32 offset;
	bool room;

	spin_lock_irqsave(&stream->lock, flags);
	start = max(stream->written, stream->completed);
	end = drain_end(stream);
	room = stream->draining &&
	       end <= stream->completed + stream->layout.ring_bytes;
	if (room)
		stream->draining = false;
	spin_unlock_irqrestore(&stream->lock, flags);
	if (!room)
		return;
	/* Rewound after it was queued, it may end before what is played now. */
	div_u64_rem(start, stream->layout.ring_bytes, &offset);
	if (end > start)
		stream->client->silence(stream, offset, end - start);
	spin_lock_irqsave(&stream->lock, flags);
	stream_queue(stream, end, end, flags);
}

/**
 * wave_stream_drain() - play a streaming ring to its end
 * @stream: the stream; nothing happens where it is looped
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_drain(struct wave_stream *stream)
{
	unsigned long flags;

	if (!stream->streaming)
		return;
	spin_lock_irqsave(&stream->lock, flags);
	stream->draining = true;
	spin_unlock_irqrestore(&stream->lock, flags);
	wave_queue_drain(stream);
}
