// SPDX-License-Identifier: GPL-2.0
/*
 * IPortWavePciStream: its way through the states, its position, its life. The
 * methods are in queue.c.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "trace.h"
#include "verifier.h"
#include "wave.h"

#define OPEN_MAPPINGS_MAX	(1u << 17)

/* As long a ring as ALSA's drivers like to have ready. */
#define SPARE_BYTES_MAX		65536

static int stream_step(struct wave_stream *stream, enum ksstate state)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	enum ksstate from = stream->state;
	int err;

	trace_wavepci_state(stream, from, state);
	if (state == KSSTATE_STOP)
		wave_queue_revoke(stream);
	else if (from == KSSTATE_STOP)
		wave_queue_reset(stream);
	/*
	 * Ours first: an interrupt that comes before the miniport returns
	 * finds the stream running when it starts, and stopped when it stops.
	 */
	WRITE_ONCE(stream->state, state);
	verifier_enter_miniport();
	WRITE_ONCE(stream->locked_by, current);
	err = portcls_error(miniport->vtbl->set_state(miniport, state));
	WRITE_ONCE(stream->locked_by, NULL);
	verifier_leave_miniport();
	if (err) {
		wave_stream_err(stream, "state %d to %d: error %d\n", from,
				state, err);
		/* A failed step down can't be undone: go on. */
		if (state > from) {
			WRITE_ONCE(stream->state, from);
			return err;
		}
		if (verifier_on())
			wave_verifier_report(stream, RULE_STATE);
	}
	if (state == KSSTATE_STOP)
		wave_queue_reset(stream);
	else if (from == KSSTATE_STOP && verifier_on())
		wave_verifier_left_stop(stream);
	if (state != KSSTATE_RUN)
		return 0;
	if (!stream->group)
		wave_service_start_timer(stream);
	wave_service_resume(stream);
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

/* What the miniport says, but no further than it can be. */
static bool ask_position(struct wave_stream *stream, u64 *asked)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	u64 got;
	int err;

	WRITE_ONCE(stream->locked_by, current);
	err = miniport->vtbl->get_position(miniport, asked);
	WRITE_ONCE(stream->locked_by, NULL);
	if (err)
		return false;
	if (verifier_on())
		wave_verifier_position(stream, *asked);
	got = wave_queue_got(stream);
	if (unlikely(*asked > got)) {
		wave_stream_err(stream,
				"position %llu is beyond the %llu bytes that were got\n",
				*asked, got);
		*asked = got;
	}
	return true;
}

/*
 * ALSA sees a position modulo the ring, so a whole lap looks like none at all.
 * Where it doesn't count laps by the time, as it does without wakeups, it is
 * told of a lap in two steps. Laps that lie far behind are nothing to it.
 */
static u64 within_lap(struct wave_stream *stream, u64 asked)
{
	u32 ring = stream->layout.ring_bytes;
	u32 step = ring - stream->layout.packet_bytes;
	u64 laps = div_u64(asked - stream->position, ring);

	if (laps > 2)
		stream->position += (laps - 2) * ring;
	return min(asked, stream->position + step);
}

/*
 * What has come from the converter isn't in memory yet, as far as the device
 * holds it back; but what was released is. Returns where the memory ends.
 */
static noinline u64 in_memory(struct wave_stream *stream, u64 position)
{
	u32 held = READ_ONCE(stream->prefetch_bytes);
	u64 end = position - min_t(u64, position, held);
	unsigned long flags;

	spin_lock_irqsave(&stream->lock, flags);
	end = max(end, stream->completed + stream->packet);
	spin_unlock_irqrestore(&stream->lock, flags);
	end = min(end, position);
	stream->behind = position - end;
	return end;
}

/**
 * wave_stream_position() - where the stream is
 * @stream: the stream
 *
 * For playback that is the sample that is heard: what the device has fetched
 * beyond it is still to be played. For capture it is the end of what is in
 * memory.
 *
 * While ALSA is being told that a packet is complete the stream is at least
 * there, whatever the card says. But it has gone on since: who takes the time
 * together with the position wants to know where it is, and not where it was.
 *
 * Context: ALSA's stream lock held.
 * Return: bytes since the stream left STOP; never less than the last time.
 */
u64 wave_stream_position(struct wave_stream *stream)
{
	u64 asked;

	if (!ask_position(stream, &asked))
		asked = stream->position;
	else if (unlikely(READ_ONCE(stream->holds_back)))
		asked = in_memory(stream, asked);
	if (stream->elapsing)
		asked = max(asked, wave_queue_completed(stream));
	asked = max(stream->position, asked);
	stream->asked = asked;
	if (unlikely(asked - stream->position >= stream->layout.ring_bytes) &&
	    stream->wakeups)
		asked = within_lap(stream, asked);
	stream->position = asked;
	return asked;
}

/* What the device fetches ahead */

static void stream_set_prefetch_offset(struct iprefetch_offset *self,
				       u32 prefetch_offset)
{
	struct wave_stream *stream = container_of(self, struct wave_stream,
						  prefetch);

	WRITE_ONCE(stream->prefetch_bytes, prefetch_offset);
	if (stream->pin->capture)
		WRITE_ONCE(stream->holds_back, true);
}

/* A short ring stays with the pin, unless that has a longer one. */
static void stream_free_memory(struct wave_stream *stream)
{
	struct wave_pin *pin = stream->pin;

	if (verifier_on())
		wave_verifier_quarantine(pin, &stream->buffer);
	mutex_lock(&pin->port->instances_mutex);
	if (stream->buffer.bytes <= SPARE_BYTES_MAX &&
	    stream->buffer.bytes > pin->spare.bytes) {
		/* Whoever gets it next has no business with what was in it. */
		memset(stream->buffer.area, 0, stream->buffer.bytes);
		swap(stream->buffer, pin->spare);
	}
	mutex_unlock(&pin->port->instances_mutex);
	wave_buffer_free(&stream->buffer);
}

/* ALSA clears what the application gets to see. */
static int stream_get_memory(struct wave_stream *stream, u32 bytes, bool mapped)
{
	struct wave_pin *pin = stream->pin;

	if (stream->buffer.bytes == PAGE_ALIGN(bytes))
		return 0;
	if (mapped)
		return stream->buffer.bytes > bytes ? 0 : -EBUSY;
	stream_free_memory(stream);
	mutex_lock(&pin->port->instances_mutex);
	if (pin->spare.bytes >= bytes)
		swap(stream->buffer, pin->spare);
	mutex_unlock(&pin->port->instances_mutex);
	if (stream->buffer.bytes)
		return 0;
	return wave_buffer_alloc(&stream->buffer, pin->port->base.adapter->card,
				 pin->port->base.device,
				 pin->capture ? DMA_FROM_DEVICE : DMA_TO_DEVICE,
				 bytes);
}

/*
 * What a stream prefers may depend on its format. But it can't need more of an
 * alignment than ALSA was told of when the pin was registered.
 */
static int stream_ask_framing(struct wave_stream *stream,
			      struct ksallocator_framing *framing)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	u32 align = stream->pin->framing.file_alignment;
	int err;

	*framing = (struct ksallocator_framing) {};
	err = portcls_error(miniport->vtbl->get_allocator_framing(miniport,
							       framing));
	if (err)
		return err;
	if (!is_power_of_2(framing->file_alignment + 1) ||
	    framing->file_alignment > align) {
		wave_stream_err(stream,
				"mappings aligned to %#x plus one, and the pin said %#x\n",
				framing->file_alignment, align);
		return -EINVAL;
	}
	return 0;
}

/**
 * wave_stream_mapping_limits() - find out how long mappings can be
 * @stream: the stream
 * @framing: what its miniport prefers
 * @layout: receives it
 *
 * Context: may sleep.
 */
void wave_stream_mapping_limits(struct wave_stream *stream,
				const struct ksallocator_framing *framing,
				struct packet_layout *layout)
{
	struct device *device = stream->pin->port->base.device;
	u32 align = framing->file_alignment;
	u32 bytes = min_t(u32, WAVE_MAPPING_BYTES_MAX,
			  dma_get_max_seg_size(device));
	u32 lead;

	if (stream->channel)
		bytes = min(bytes, stream->channel->vtbl->maximum_buffer_size(
							stream->channel));
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
 * @mapped: an application has the ring mapped that there is: that stays, with all
 *	of its memory, when it is to be shorter
 *
 * A ring of the same length is used again, and so is a short one that the pin
 * has kept.
 *
 * Context: may sleep.
 * Return: 0; or an error, and then the stream has no ring: -ENOMEM, -EINVAL for
 * an alignment that the pin hadn't or a ring of too many mappings, -EBUSY for a
 * longer one than is mapped, or the miniport's.
 */
int wave_stream_set_ring(struct wave_stream *stream, u32 ring_bytes,
			 u32 period_bytes, bool wakeups, bool mapped)
{
	struct packet_layout layout = { .ring_bytes = ring_bytes };
	struct ksallocator_framing framing;
	u64 mappings;
	int err;

	stream_free_layout(stream);
	err = stream_ask_framing(stream, &framing);
	if (err)
		return err;
	err = stream_get_memory(stream, ring_bytes, mapped);
	if (err)
		return err;

	layout.packet_bytes = period_bytes;
	if (!wakeups && !stream->streaming)
		layout.packet_bytes *= max(ring_bytes / period_bytes / 4, 1u);
	wave_stream_mapping_limits(stream, &framing, &layout);
	err = wave_buffer_lay_out(&stream->buffer, &layout);
	if (err)
		return err;

	stream->layout = layout;
	stream->wakeups = wakeups;
	mappings = wave_packet_count_mappings(&layout);
	if (mappings > wave_pin_mappings_max(&framing)) {
		wave_stream_err(stream,
				"a ring of %u bytes, in periods of %u, has %llu mappings; the device has room for %u\n",
				ring_bytes, period_bytes, mappings,
				framing.frames);
		return -EINVAL;
	}
	stream->open_size = min_t(u64, mappings, OPEN_MAPPINGS_MAX);
	stream->open = kvcalloc(stream->open_size, sizeof(*stream->open),
				GFP_KERNEL);
	if (!stream->open)
		return -ENOMEM;
	trace_wavepci_ring(stream);
	wave_queue_reset(stream);
	return 0;
}

/*
 * May come from a softirq, from the service group: see member_free(). What ends
 * an irq_work touches it for a moment after it isn't busy any more.
 */
static void stream_free(struct cunknown *object)
{
	struct wave_stream *stream = container_of(object, struct wave_stream,
						  base);

	kfree_rcu(stream, rcu);
}

static const struct iport_wavepci_stream_vtbl port_stream_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.get_mapping = wave_queue_get_mapping,
	.release_mapping = wave_queue_release_mapping,
	.terminate_packet = wave_queue_terminate_packet,
};

static const struct iservice_sink_vtbl sink_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.request_service = wave_service_request,
};

static struct snd_pcm_substream *stream_substream(struct isubstream *self)
{
	struct wave_stream *stream = container_of(self, struct wave_stream,
						  substream);

	return stream->client ? stream->client->substream(stream) : NULL;
}

static const struct isubstream_vtbl substream_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.substream = stream_substream,
};

static const struct iprefetch_offset_vtbl prefetch_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.set_prefetch_offset = stream_set_prefetch_offset,
};

DEFINE_CUNKNOWN_CLASS(stream_class, "WavePci stream", stream_free,
	CUNKNOWN_INTERFACE(iid_iport_wavepci_stream, struct wave_stream,
			   port_stream, port_stream_vtbl),
	CUNKNOWN_INTERFACE(iid_iservice_sink, struct wave_stream, sink,
			   sink_vtbl),
	CUNKNOWN_INTERFACE(iid_isubstream, struct wave_stream, substream,
			   substream_vtbl),
	CUNKNOWN_INTERFACE(iid_iprefetch_offset, struct wave_stream, prefetch,
			   prefetch_vtbl));

/* What NewStream gives counts only when it says that it gives something. */
static int stream_new_miniport(struct wave_stream *stream)
{
	struct wave_pin *pin = stream->pin;
	struct iminiport_wavepci *filter = pin->port->miniport;
	struct iminiport_wavepci_stream *miniport = NULL;
	struct iservice_group *group = NULL;
	struct idma_channel *channel = NULL;
	int err;

	err = portcls_error(filter->vtbl->new_stream(filter, &miniport, NULL,
						  &stream->port_stream, pin->id,
						  pin->capture,
						  &stream->formats[0].data_format,
						  &channel, &group));
	if (err)
		return err;
	stream->miniport = miniport;
	stream->channel = channel;
	stream->group = group;
	if (!miniport) {
		wave_stream_err(stream,
				"NewStream succeeded, and gave no stream\n");
		return -EIO;
	}
	/* Not every one has it; then it is NULL. */
	ipower_notify_query(&miniport->unknown, &stream->power);
	return 0;
}

/**
 * wave_stream_create() - make both halves of a stream
 * @pin: the pin it is an instance of
 * @client: whom it plays or records for; NULL for one that is only asked
 *	questions
 * @owner: the client's own
 * @format: its data format, which is copied
 * @out_stream: receives the stream, in STOP and without a ring
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or what the miniport's NewStream returned.
 */
int wave_stream_create(struct wave_pin *pin,
		       const struct stream_client *client, void *owner,
		       const struct ksdataformat_waveformatextensible *format,
		       struct wave_stream **out_stream)
{
	struct wave_stream *stream;
	int err;

	stream = kzalloc(sizeof(*stream), GFP_KERNEL);
	if (!stream)
		return -ENOMEM;
	cunknown_init(&stream->base, &stream_class, NULL);
	stream->pin = pin;
	stream->client = client;
	stream->owner = owner;
	stream->drain = wave_queue_drain;
	stream->formats[0] = *format;
	init_waitqueue_head(&stream->idle);
	init_irq_work(&stream->deferred, wave_service_deferred);
	INIT_WORK(&stream->rest, wave_service_rest);
	INIT_DELAYED_WORK(&stream->look, wave_service_looked);
	hrtimer_setup(&stream->timer, wave_service_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	stream->streaming = wave_pin_streams(pin);
	stream->may_sleep = pin->port->base.adapter->may_sleep;
	spin_lock_init(&stream->lock);
	INIT_LIST_HEAD(&stream->node);

	err = stream_new_miniport(stream);
	if (err)
		goto fail;

	if (stream->group) {
		err = stream->group->vtbl->add_member(stream->group,
						      &stream->sink);
		if (err)
			goto fail;
	}
	mutex_lock(&pin->port->streams_mutex);
	list_add_tail(&stream->node, &pin->port->streams);
	mutex_unlock(&pin->port->streams_mutex);
	*out_stream = stream;
	return 0;

fail:
	wave_stream_destroy(stream);
	return err;
}

/**
 * wave_stream_set_format() - give a stream another data format
 * @stream: the stream, in STOP
 * @format: the data format, which is copied
 *
 * The miniport may have kept a pointer to the format that it has. That one
 * stays as it is until SetFormat has returned, and for good when it fails.
 *
 * Context: may sleep.
 * Return: 0 or the miniport's error.
 */
int wave_stream_set_format(struct wave_stream *stream,
		const struct ksdataformat_waveformatextensible *format)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	unsigned int other = !stream->format;
	int err;

	stream->formats[other] = *format;
	err = portcls_error(miniport->vtbl->set_format(miniport,
				&stream->formats[other].data_format));
	if (!err)
		stream->format = other;
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
	mutex_lock(&stream->pin->port->streams_mutex);
	if (!list_empty(&stream->node))
		wave_show_keep(stream);
	list_del_init(&stream->node);
	mutex_unlock(&stream->pin->port->streams_mutex);
	if (stream->group) {
		stream->group->vtbl->remove_member(stream->group,
						   &stream->sink);
		iunknown_put(&stream->group->unknown);
	}
	/* A last call may be on its way through the group; it finds STOP. */
	wave_stream_quiesce(stream);
	cancel_delayed_work_sync(&stream->look);
	if (stream->power)
		iunknown_put(&stream->power->unknown);
	if (stream->miniport)
		iunknown_put(&stream->miniport->unknown);
	/* It may have released something on its way out. */
	portcls_work_sync(&stream->deferred);
	cancel_work_sync(&stream->rest);
	stream_free_layout(stream);
	stream_free_memory(stream);
	iunknown_put(&stream->port_stream.unknown);
}
