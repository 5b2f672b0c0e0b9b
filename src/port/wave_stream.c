// SPDX-License-Identifier: GPL-2.0
/*
 * IPortWavePciStream: the mapping queue, and the way through the states.
 *
 * The queue is four byte counts since the stream left STOP, each ahead of the
 * one before it: completed, released, got, queued. GetMapping moves `got` up
 * to `queued`; ReleaseMapping moves `released`, and where that ends a packet,
 * `completed`. In a looped ring a completed packet is queued again at once, so
 * `queued` is always one ring ahead of `completed`.
 *
 * What follows from a release - a period has elapsed, a mapping is available
 * again - is only noted here, and delivered when no lock is held: at the end
 * of the service call that the release was made in, or from an irq_work when
 * it was made elsewhere.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>

#include "trace.h"
#include "verifier.h"
#include "wave.h"

#define OPEN_MAPPINGS_MAX	(1u << 17)
#define TIMER_PERIOD_MS		20

/* What is to be delivered: bits of wave_stream.events. */
enum {
	STREAM_ELAPSED,		/* packets were completed */
	STREAM_TERMINATED,	/* a packet ends at the position of now */
	STREAM_AVAILABLE,	/* a mapping is available after a refusal */
	STREAM_DRAIN,		/* there may be room for the last packet */
};

static void stream_drain(struct wave_stream *stream);

static struct wave_stream *
from_port_stream(struct iport_wavepci_stream *port_stream)
{
	return container_of(port_stream, struct wave_stream, port_stream);
}

#define stream_err(stream, fmt, ...) \
	dev_err_ratelimited((stream)->pin->port->device, \
			    "%s: " fmt, (stream)->pin->name, ##__VA_ARGS__)

/* --- events ----------------------------------------------------------- */

static void stream_tell_available(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;

	trace_wavepci_available(stream);
	verifier_enter_miniport();
	miniport->vtbl->mapping_available(miniport);
	verifier_leave_miniport();
}

static void stream_deliver(struct wave_stream *stream)
{
	while (READ_ONCE(stream->events)) {
		if (test_and_clear_bit(STREAM_AVAILABLE, &stream->events))
			stream_tell_available(stream);
		if (test_and_clear_bit(STREAM_DRAIN, &stream->events))
			stream_drain(stream);
		if (test_and_clear_bit(STREAM_TERMINATED, &stream->events)) {
			clear_bit(STREAM_ELAPSED, &stream->events);
			pcm_period_elapsed(stream->substream, stream, true);
		}
		if (test_and_clear_bit(STREAM_ELAPSED, &stream->events))
			pcm_period_elapsed(stream->substream, stream, false);
	}
}

/* Go into the miniport, unless the stream has stopped running. */
static bool stream_enter(struct wave_stream *stream)
{
	atomic_inc(&stream->servicing);
	smp_mb__after_atomic();		/* pairs with wave_stream_quiesce() */
	if (likely(READ_ONCE(stream->state) == KSSTATE_RUN))
		return true;
	if (atomic_dec_and_test(&stream->servicing))
		wake_up(&stream->idle);
	return false;
}

static void stream_leave(struct wave_stream *stream)
{
	if (!atomic_dec_and_test(&stream->servicing))
		return;
	/* The count is ordered before the look: it is a full barrier. */
	if (waitqueue_active(&stream->idle))
		wake_up(&stream->idle);
	/* Noted by somebody who saw us here, but after we had delivered. */
	if (unlikely(READ_ONCE(stream->events)))
		irq_work_queue(&stream->deferred);
}

static void stream_service(struct wave_stream *stream, bool call_miniport)
{
	if (!stream_enter(stream))
		return;
	if (call_miniport) {
		verifier_enter_miniport();
		stream->miniport->vtbl->service(stream->miniport);
		verifier_leave_miniport();
	}
	stream_deliver(stream);
	stream_leave(stream);
}

static void stream_deferred(struct irq_work *work)
{
	stream_service(container_of(work, struct wave_stream, deferred), false);
}

static void stream_note(struct wave_stream *stream, int event)
{
	set_bit(event, &stream->events);
	smp_mb__after_atomic();		/* pairs with the dec in stream_leave */
	if (!atomic_read(&stream->servicing))
		irq_work_queue(&stream->deferred);
}

static void sink_request_service(struct iservice_sink *sink)
{
	stream_service(container_of(sink, struct wave_stream, sink), true);
}

/* The port's own timer, for a stream without a service group. */
static enum hrtimer_restart stream_timer(struct hrtimer *timer)
{
	struct wave_stream *stream = container_of(timer, struct wave_stream,
						  timer);

	if (READ_ONCE(stream->state) != KSSTATE_RUN)
		return HRTIMER_NORESTART;
	stream_service(stream, true);
	hrtimer_forward_now(timer, ms_to_ktime(TIMER_PERIOD_MS));
	return HRTIMER_RESTART;
}

/* --- the mapping queue -------------------------------------------------- */

static int stream_get_mapping(struct iport_wavepci_stream *self, void *tag,
			      dma_addr_t *physical_address,
			      void **virtual_address, u32 *byte_count,
			      u32 *flags)
{
	struct wave_stream *stream = from_port_stream(self);
	struct packet_mapping mapping;
	struct open_mapping *open;
	unsigned long irq;
	u32 slot;
	int err = 0;

	spin_lock_irqsave(&stream->lock, irq);
	if (unlikely(stream->state == KSSTATE_STOP)) {
		err = -EBADFD;
		goto unlock;
	}
	if (stream->got == stream->queued ||
	    stream->open_count == stream->open_size) {
		stream->refused = true;
		err = -ENOENT;
		goto unlock;
	}

	packet_next(&stream->layout, &stream->cursor, &mapping);
	slot = stream->open_first + stream->open_count++;
	if (slot >= stream->open_size)
		slot -= stream->open_size;
	open = &stream->open[slot];
	open->tag = tag;
	open->bytes = mapping.bytes;
	open->last = mapping.last;
	stream->got += mapping.bytes;

unlock:
	spin_unlock_irqrestore(&stream->lock, irq);
	if (verifier_on())
		verifier_got(stream, tag, err);
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
 * Queue what there is room for. Whether a MappingAvailable is due; it is no
 * longer owed then.
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

static int stream_release_mapping(struct iport_wavepci_stream *self,
				  void *tag)
{
	struct wave_stream *stream = from_port_stream(self);
	struct open_mapping *open;
	bool completed, available, draining;
	unsigned long irq;

	spin_lock_irqsave(&stream->lock, irq);
	open = &stream->open[stream->open_first];
	if (unlikely(!stream->open_count || open->tag != tag)) {
		spin_unlock_irqrestore(&stream->lock, irq);
		stream_err(stream, "tag %lu released out of order\n",
			   (unsigned long)tag);
		if (verifier_on())
			verifier_bad_release(stream, tag);
		return -EINVAL;
	}

	if (++stream->open_first == stream->open_size)
		stream->open_first = 0;
	stream->open_count--;
	stream->packet += open->bytes;
	completed = open->last;
	if (completed) {
		stream->completed += stream->packet;
		stream->packet = 0;
	}
	available = stream_settle(stream);
	draining = completed && stream->draining;
	spin_unlock_irqrestore(&stream->lock, irq);

	if (verifier_on())
		verifier_released(stream, tag);
	trace_wavepci_release_mapping(stream, tag, completed);
	if (available)
		stream_note(stream, STREAM_AVAILABLE);
	if (draining)
		stream_note(stream, STREAM_DRAIN);
	if (completed)
		stream_note(stream, STREAM_ELAPSED);
	return 0;
}

static int stream_terminate_packet(struct iport_wavepci_stream *self)
{
	struct wave_stream *stream = from_port_stream(self);

	if (!stream->pin->capture)
		return -EOPNOTSUPP;
	if (READ_ONCE(stream->state) != KSSTATE_RUN)
		return -EBADFD;
	stream_note(stream, STREAM_TERMINATED);
	return 0;
}

/* --- what the device fetches ahead --------------------------------------- */

static void stream_set_prefetch_offset(struct iprefetch_offset *self,
				       u32 prefetch_offset)
{
	struct wave_stream *stream = container_of(self, struct wave_stream,
						  prefetch);

	WRITE_ONCE(stream->prefetch_bytes, prefetch_offset);
}

/* --- streaming ----------------------------------------------------------- */

/* The application has written up to here; packets up to there are wanted. */
static void stream_queue(struct wave_stream *stream, u64 written, u64 wanted)
{
	unsigned long irq;
	bool available;

	atomic_inc(&stream->servicing);
	spin_lock_irqsave(&stream->lock, irq);
	stream->written = written;
	stream->wanted = wanted;
	available = stream_settle(stream);
	spin_unlock_irqrestore(&stream->lock, irq);
	if (available)
		stream_tell_available(stream);
	stream_leave(stream);
}

/**
 * wave_stream_write() - the application has written to a streaming ring
 * @stream: the stream
 * @bytes: how much; negative when it took back what it had written. A packet
 *	that is queued already stays so.
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_write(struct wave_stream *stream, s64 bytes)
{
	u64 written = stream->written + bytes;

	stream_queue(stream, written, packet_floor(&stream->layout, written));
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

	stream_queue(stream, written, packet_floor(&stream->layout, written));
}

/*
 * Fill the last packet with silence and queue it, when there is room: with a
 * full ring, its end is still being played for the round before.
 */
static void stream_drain(struct wave_stream *stream)
{
	u64 written = stream->written;
	u64 end = packet_ceil(&stream->layout, written);
	unsigned long irq;
	u32 offset;
	bool room;

	spin_lock_irqsave(&stream->lock, irq);
	room = stream->draining &&
	       end <= stream->completed + stream->layout.ring_bytes;
	if (room)
		stream->draining = false;
	spin_unlock_irqrestore(&stream->lock, irq);
	if (!room)
		return;
	div_u64_rem(written, stream->layout.ring_bytes, &offset);
	pcm_silence(stream->substream, offset, end - written);
	stream_queue(stream, end, end);
}

/**
 * wave_stream_drain() - play a streaming ring to its end
 * @stream: the stream
 *
 * Context: ALSA's stream lock held.
 */
void wave_stream_drain(struct wave_stream *stream)
{
	spin_lock(&stream->lock);
	stream->draining = true;
	spin_unlock(&stream->lock);
	stream_drain(stream);
}

/* --- states ------------------------------------------------------------- */

/*
 * Take back what the miniport still holds. It may be fewer than are open for
 * us only if it has released some meanwhile, and nothing runs any more: so
 * they agree, or the miniport is wrong.
 */
static void stream_revoke(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	u32 last = stream->open_first + stream->open_count - 1;
	u32 revoked = 0;
	unsigned long irq;
	int err;

	/* From here on there is nothing to be had. */
	spin_lock_irqsave(&stream->lock, irq);
	stream->queued = stream->got;
	stream->wanted = stream->got;
	stream->draining = false;
	stream->refused = false;
	spin_unlock_irqrestore(&stream->lock, irq);

	if (stream->open_count) {
		verifier_enter_miniport();
		err = miniport->vtbl->revoke_mappings(miniport,
				stream->open[stream->open_first].tag,
				stream->open[last % stream->open_size].tag,
				&revoked);
		verifier_leave_miniport();
		trace_wavepci_revoke(stream, stream->open_count, revoked);
		if (verifier_on() && revoked != stream->open_count)
			verifier_report(stream, RULE_REVOKE_COUNT);
		if (err || revoked != stream->open_count)
			stream_err(stream,
				   "%u of %u mappings revoked, error %d\n",
				   revoked, stream->open_count, err);
	}
}

static void stream_reset_queue(struct wave_stream *stream)
{
	unsigned long irq;

	spin_lock_irqsave(&stream->lock, irq);
	packet_cursor_reset(&stream->layout, &stream->cursor);
	stream->got = 0;
	/* A looped ring is always wanted, as far as there is room. */
	stream->wanted = stream->streaming ? 0 : U64_MAX;
	stream->queued = stream->streaming ? 0 : stream->layout.ring_bytes;
	stream->written = 0;
	stream->draining = false;
	stream->completed = 0;
	stream->packet = 0;
	stream->open_first = 0;
	stream->open_count = 0;
	stream->refused = false;
	stream->events = 0;
	stream->position = 0;
	stream->fetched = 0;
	spin_unlock_irqrestore(&stream->lock, irq);
}

static int stream_step(struct wave_stream *stream, enum ksstate state)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	enum ksstate from = stream->state;
	int err;

	trace_wavepci_state(stream, from, state);
	if (state == KSSTATE_STOP)
		stream_revoke(stream);
	else if (from == KSSTATE_STOP)
		stream_reset_queue(stream);
	/*
	 * Ours first: an interrupt that comes before the miniport returns
	 * finds the stream running when it starts, and stopped when it stops.
	 */
	WRITE_ONCE(stream->state, state);
	verifier_enter_miniport();
	err = miniport->vtbl->set_state(miniport, state);
	verifier_leave_miniport();
	if (err) {
		stream_err(stream, "state %d to %d: error %d\n", from, state,
			   err);
		/* Downwards there is no way back. */
		if (state > from) {
			WRITE_ONCE(stream->state, from);
			return err;
		}
		if (verifier_on())
			verifier_report(stream, RULE_STATE);
	}
	if (state == KSSTATE_STOP)
		stream_reset_queue(stream);
	else if (from == KSSTATE_STOP && verifier_on())
		verifier_left_stop(stream);
	if (state == KSSTATE_RUN && !stream->group)
		hrtimer_start(&stream->timer, ms_to_ktime(TIMER_PERIOD_MS),
			      HRTIMER_MODE_REL);
	return 0;
}

/**
 * wave_stream_set_state() - walk a stream to a state, step by step
 * @stream: the stream
 * @state: where to
 *
 * Context: as IMiniportWavePciStream::SetState for the steps in between; below
 * PAUSE only after wave_stream_quiesce().
 * Return: 0 or the miniport's error; on the way up the stream then stays
 * where it got to.
 */
int wave_stream_set_state(struct wave_stream *stream, enum ksstate state)
{
	int err = 0;

	while (!err && stream->state != state)
		err = stream_step(stream, stream->state < state ?
				  stream->state + 1 : stream->state - 1);
	return err;
}

/**
 * wave_stream_quiesce() - wait until nobody is inside the miniport for it
 * @stream: the stream, not in RUN
 *
 * Context: may sleep.
 */
void wave_stream_quiesce(struct wave_stream *stream)
{
	smp_mb();	/* the state, before servicing; see stream_enter() */
	hrtimer_cancel(&stream->timer);
	interrupt_sync_wait(stream->pin->port->adapter);
	irq_work_sync(&stream->deferred);
	wait_event(stream->idle, !atomic_read(&stream->servicing));
}

/**
 * wave_stream_position() - where the stream is
 * @stream: the stream
 *
 * While ALSA is being told that a packet is complete it wants to know just
 * that, and the port knows: the card isn't asked.
 *
 * Context: ALSA's stream lock held.
 * Return: bytes since the stream left STOP; never less than the last time.
 */
u64 wave_stream_position(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	u64 position;

	if (stream->elapsing) {
		spin_lock(&stream->lock);
		position = stream->completed;
		spin_unlock(&stream->lock);
	} else if (miniport->vtbl->get_position(miniport, &position)) {
		position = 0;
	} else if (verifier_on()) {
		verifier_position(stream, position);
	}
	stream->position = max(stream->position, position);
	return stream->position;
}

/**
 * wave_stream_fetched() - how much of a stream the device has fetched
 * @stream: the stream
 * @position: where it is
 *
 * Context: ALSA's stream lock held.
 * Return: bytes since the stream left STOP; never less than the last time.
 */
u64 wave_stream_fetched(struct wave_stream *stream, u64 position)
{
	u64 fetched = position + READ_ONCE(stream->prefetch_bytes);

	spin_lock(&stream->lock);
	fetched = min(fetched, max(stream->got, position));
	spin_unlock(&stream->lock);
	stream->fetched = max(stream->fetched, fetched);
	return stream->fetched;
}

/* --- life --------------------------------------------------------------- */

static void stream_mapping_limits(struct wave_stream *stream,
				  struct packet_layout *layout)
{
	const struct ksallocator_framing *framing = &stream->pin->framing;
	struct device *device = stream->pin->port->device;
	u32 align = framing->file_alignment;
	u32 bytes = min_t(u32, WAVE_MAPPING_BYTES_MAX,
			  dma_get_max_seg_size(device));
	u32 lead;

	if (framing->frame_size)
		bytes = min(bytes, framing->frame_size);
	bytes = max(bytes & ~align, align + 1);
	lead = framing->frame_lead ? framing->frame_lead & ~align : bytes;
	layout->mapping_bytes = bytes;
	layout->lead_bytes = clamp(lead, align + 1, bytes);
}

static void stream_free_layout(struct wave_stream *stream)
{
	kvfree(stream->layout.runs);
	kvfree(stream->open);
	stream->layout.runs = NULL;
	stream->open = NULL;
}

/**
 * wave_stream_set_ring() - give the stream memory, and cut it
 * @stream: the stream, in STOP
 * @ring_bytes: length of the ring
 * @period_bytes: length of a period
 * @wakeups: whether the application wants to know of each period. If not,
 *	packets needn't be so short, and so mappings needn't either.
 *
 * A ring of the same length is used again.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM, and then the stream has no ring.
 */
int wave_stream_set_ring(struct wave_stream *stream, u32 ring_bytes,
			 u32 period_bytes, bool wakeups)
{
	struct device *device = stream->pin->port->device;
	struct packet_layout layout = { .ring_bytes = ring_bytes };
	int err;

	stream_free_layout(stream);
	if (stream->buffer.bytes != PAGE_ALIGN(ring_bytes)) {
		if (verifier_on())
			verifier_quarantine(stream->pin, &stream->buffer);
		wave_buffer_free(&stream->buffer);
		err = wave_buffer_alloc(&stream->buffer, device,
					stream->pin->capture ?
					DMA_FROM_DEVICE : DMA_TO_DEVICE,
					ring_bytes);
		if (err)
			return err;
	}

	layout.packet_bytes = period_bytes;
	if (!wakeups && !stream->streaming)
		layout.packet_bytes *= max(ring_bytes / period_bytes / 4, 1u);
	stream_mapping_limits(stream, &layout);
	err = wave_buffer_lay_out(&stream->buffer, device, &layout);
	if (err)
		return err;

	stream->layout = layout;
	stream->wakeups = wakeups;
	stream->open_size = min_t(u64, packet_count_mappings(&layout),
				  OPEN_MAPPINGS_MAX);
	stream->open = kvcalloc(stream->open_size, sizeof(*stream->open),
				GFP_KERNEL);
	if (!stream->open)
		return -ENOMEM;
	stream_reset_queue(stream);
	return 0;
}

/* May come from a softirq, from the service group: see member_free(). */
static void stream_free(struct cunknown *object)
{
	kfree(container_of(object, struct wave_stream, base));
}

static const struct iport_wavepci_stream_vtbl port_stream_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.get_mapping = stream_get_mapping,
	.release_mapping = stream_release_mapping,
	.terminate_packet = stream_terminate_packet,
};

static const struct iservice_sink_vtbl sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.request_service = sink_request_service,
};

static const struct iprefetch_offset_vtbl prefetch_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.set_prefetch_offset = stream_set_prefetch_offset,
};

static const struct cunknown_interface stream_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iport_wavepci_stream, struct wave_stream,
			   port_stream, port_stream_vtbl),
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct wave_stream, sink,
			   sink_vtbl),
	CUNKNOWN_INTERFACE(iid_iprefetch_offset, struct wave_stream, prefetch,
			   prefetch_vtbl),
	{}
};

static const struct cunknown_class stream_class = {
	.name = "WavePci stream",
	.interfaces = stream_interfaces,
	.destroy = stream_free,
};

/**
 * wave_stream_create() - make both halves of a stream
 * @pin: the pin it is an instance of
 * @substream: ALSA's side of it; NULL for one that is only asked questions
 * @format: its data format
 * @out_stream: receives the stream, in STOP and without a ring
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or what the miniport's NewStream returned.
 */
int wave_stream_create(struct wave_pin *pin,
		       struct snd_pcm_substream *substream,
		       const struct ksdataformat *format,
		       struct wave_stream **out_stream)
{
	struct iminiport_wavepci *miniport = pin->port->miniport;
	struct wave_stream *stream;
	int err;

	stream = kzalloc(sizeof(*stream), GFP_KERNEL);
	if (!stream)
		return -ENOMEM;
	cunknown_init(&stream->base, &stream_class, NULL);
	stream->pin = pin;
	stream->substream = substream;
	init_waitqueue_head(&stream->idle);
	init_irq_work(&stream->deferred, stream_deferred);
	hrtimer_init(&stream->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	stream->timer.function = stream_timer;
	stream->streaming = pin->port->adapter->streaming && !pin->capture;
	spin_lock_init(&stream->lock);

	err = miniport->vtbl->new_stream(miniport, &stream->miniport, NULL,
					 &stream->port_stream, pin->id,
					 pin->capture, format,
					 &stream->channel, &stream->group);
	if (err)
		goto fail;

	if (stream->group) {
		err = stream->group->vtbl->add_member(stream->group,
						      &stream->sink);
		if (err)
			goto fail;
	}
	*out_stream = stream;
	return 0;

fail:
	wave_stream_destroy(stream);
	return err;
}

/**
 * wave_stream_destroy() - release both halves of a stream
 * @stream: the stream, in STOP and quiet
 *
 * Context: may sleep.
 */
void wave_stream_destroy(struct wave_stream *stream)
{
	if (stream->group) {
		stream->group->vtbl->remove_member(stream->group,
						   &stream->sink);
		iunknown_put(&stream->group->unknown);
	}
	/* A last call may be on its way through the group; it finds STOP. */
	wave_stream_quiesce(stream);
	if (stream->miniport)
		iunknown_put(&stream->miniport->unknown);
	stream_free_layout(stream);
	if (verifier_on())
		verifier_quarantine(stream->pin, &stream->buffer);
	wave_buffer_free(&stream->buffer);
	iunknown_put(&stream->port_stream.unknown);
}
