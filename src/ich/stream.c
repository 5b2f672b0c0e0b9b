// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePciStream: takes mappings from the port to a channel and back.
 *
 * The number of a mapping, counted from the first one since STOP, is its tag.
 *
 * The lock protects the channel. It is never held when the port is called: see
 * pump().
 */
#include <linux/math64.h>
#include <linux/slab.h>
#include <sound/core.h>

#include "engine.h"
#include "ich.h"

/*
 * struct ich_stream - IMiniportWavePciStream
 * @base: object
 * @stream: the interface
 * @miniport: the filter
 * @channel: which channel of the controller
 * @port_stream: the other half
 * @group: told when the channel interrupts
 * @codec: the codec's end
 * @codec_open: the codec's end is in use
 * @bytes_per_second: of the format
 * @lock: protects all below
 * @engine: the channel
 * @pumping: somebody takes mappings back and forth
 * @again: and shall do so once more
 * @available: and the port has told that it has mappings again
 * @refused: the port had none; it will tell when it has
 * @look: an interrupt may have been lost; see ich_stream_look()
 */
struct ich_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci_stream, stream);
	struct ich_miniport *miniport;
	enum ich_pin channel;
	struct iport_wavepci_stream *port_stream;
	struct iservice_group *group;
	struct ac97_pcm *codec;
	bool codec_open;
	u32 bytes_per_second;

	spinlock_t lock;
	struct ich_engine engine;
	bool pumping;
	bool again;
	bool available;
	bool refused;
	bool look;
};

static struct ich_stream *from_stream(struct iminiport_wavepci_stream *stream)
{
	return container_of(stream, struct ich_stream, stream);
}

/* --- what the service routine asks --------------------------------------- */

/**
 * ich_stream_interrupt() - whether a channel asked for the interrupt
 * @s: a stream that runs
 *
 * Context: hard interrupt.
 * Return: true when it did.
 */
bool ich_stream_interrupt(struct ich_stream *s)
{
	unsigned long irq;
	bool ours;

	spin_lock_irqsave(&s->lock, irq);
	ours = ich_engine_interrupt(&s->engine);
	spin_unlock_irqrestore(&s->lock, irq);
	return ours;
}

/**
 * ich_stream_group() - the service group of a stream
 * @s: the stream
 *
 * Context: any.
 * Return: the group.
 */
struct iservice_group *ich_stream_group(struct ich_stream *s)
{
	return s->group;
}

/**
 * ich_stream_look() - have a stream look at its channel soon
 * @s: a stream that runs
 *
 * For when another channel was acknowledged outside the service routine: some
 * controllers drop the shared interrupt line then, for all channels.
 *
 * Context: any.
 */
void ich_stream_look(struct ich_stream *s)
{
	WRITE_ONCE(s->look, true);
	s->group->vtbl->request_delayed_service(s->group, -1);
}

/* --- mappings ------------------------------------------------------------- */

/*
 * Give back what the engine is done with. Drops and takes the lock. How many
 * that were.
 */
static u32 release(struct ich_stream *s, unsigned long *irq)
{
	struct iport_wavepci_stream *port = s->port_stream;
	struct ich_engine *e = &s->engine;
	unsigned long tag;
	u32 count = 0;

	for (; e->head != e->playing; count++) {
		tag = e->head++;
		spin_unlock_irqrestore(&s->lock, *irq);
		port->vtbl->release_mapping(port, (void *)tag);
		spin_lock_irqsave(&s->lock, *irq);
	}
	return count;
}

/*
 * Get mappings until the list is full or the port has none. Drops and takes
 * the lock.
 *
 * When it had none, that means until MappingAvailable; but mappings that were
 * just released are likely to be had again at once.
 */
static void fill(struct ich_stream *s, u32 released, unsigned long *irq)
{
	struct iport_wavepci_stream *port = s->port_stream;
	struct ich_engine *e = &s->engine;
	dma_addr_t address;
	unsigned long tag;
	void *virtual;
	u32 bytes, flags;
	int err;

	while ((!s->refused || released) && ich_engine_open(e) < ICH_OPEN_MAX) {
		tag = e->tail;
		spin_unlock_irqrestore(&s->lock, *irq);
		err = port->vtbl->get_mapping(port, (void *)tag, &address,
					      &virtual, &bytes, &flags);
		spin_lock_irqsave(&s->lock, *irq);
		if (!err) {
			ich_engine_put(e, address, bytes, flags);
			released -= !!released;
			continue;
		}
		/* It had some until now: so this is all there is. */
		if (!s->refused)
			ich_engine_short_ring(e);
		s->refused = true;
		return;
	}
}

/*
 * Take mappings to the channel and back. The lock is not held when the port is
 * called, and still they have to go in order: so one at a time does it, and
 * whoever comes meanwhile leaves word.
 */
static void pump(struct ich_stream *s, bool available)
{
	struct ich_engine *e = &s->engine;
	unsigned long irq;
	u32 tail;

	spin_lock_irqsave(&s->lock, irq);
	s->again = true;
	s->available |= available;
	if (s->pumping)
		goto unlock;
	s->pumping = true;
	tail = e->tail;
	while (s->again) {
		s->again = false;
		if (s->available)
			s->refused = false;
		s->available = false;
		fill(s, release(s, &irq), &irq);
	}
	s->pumping = false;
	/* With nothing new, more may be about to come: put it off. */
	ich_engine_extend(e, e->tail != tail ? 2 : 1);
unlock:
	spin_unlock_irqrestore(&s->lock, irq);
}

static void stream_service(struct iminiport_wavepci_stream *self)
{
	struct ich_stream *s = from_stream(self);

	if (unlikely(READ_ONCE(s->look))) {
		WRITE_ONCE(s->look, false);
		ich_stream_interrupt(s);
	}
	pump(s, false);
}

static void stream_mapping_available(struct iminiport_wavepci_stream *self)
{
	pump(from_stream(self), true);
}

/*
 * The port revokes from either end of the queue; a hole in the middle would
 * break the order, and isn't asked for.
 */
static int stream_revoke_mappings(struct iminiport_wavepci_stream *self,
				  void *first_tag, void *last_tag,
				  u32 *mappings_revoked)
{
	struct ich_stream *s = from_stream(self);
	struct ich_engine *e = &s->engine;
	u32 first = (unsigned long)first_tag, last = (unsigned long)last_tag;
	unsigned long irq;
	int err = 0;

	spin_lock_irqsave(&s->lock, irq);
	if (e->running) {
		err = -EBADFD;
		goto unlock;
	}
	ich_engine_reset(e);
	/* What has been released meanwhile is not there to be revoked. */
	if ((s32)(first - e->head) < 0)
		first = e->head;
	*mappings_revoked = last + 1 - first;
	if (last + 1 == e->tail)
		e->tail = first;
	else if (first == e->head)
		e->head = last + 1;
	else
		err = -EINVAL;
unlock:
	spin_unlock_irqrestore(&s->lock, irq);
	return err;
}

/* --- states, format, position --------------------------------------------- */

static void stream_rewind(struct ich_stream *s)
{
	unsigned long irq;

	spin_lock_irqsave(&s->lock, irq);
	ich_engine_rewind(&s->engine);
	s->refused = false;
	spin_unlock_irqrestore(&s->lock, irq);
}

static void stream_run(struct ich_stream *s)
{
	unsigned long irq;

	ich_miniport_running(s->miniport, s->channel, s);
	spin_lock_irqsave(&s->lock, irq);
	ich_engine_start(&s->engine);
	spin_unlock_irqrestore(&s->lock, irq);
	/* What was finished when the stream was paused, nobody gave back. */
	pump(s, false);
}

static void stream_halt(struct ich_stream *s)
{
	unsigned long irq;

	spin_lock_irqsave(&s->lock, irq);
	ich_engine_stop(&s->engine);
	spin_unlock_irqrestore(&s->lock, irq);
	ich_miniport_running(s->miniport, s->channel, NULL);
}

static int stream_set_state(struct iminiport_wavepci_stream *self,
			    enum ksstate state)
{
	struct ich_stream *s = from_stream(self);

	switch (state) {
	case KSSTATE_STOP:
		stream_rewind(s);
		return 0;
	case KSSTATE_ACQUIRE:
		return 0;
	case KSSTATE_PAUSE:
		if (s->engine.running)
			stream_halt(s);
		else
			pump(s, false);
		return 0;
	case KSSTATE_RUN:
		stream_run(s);
		return 0;
	}
	return -EINVAL;
}

static void codec_close(struct ich_stream *s)
{
	if (s->codec_open)
		snd_ac97_pcm_close(s->codec);
	s->codec_open = false;
}

static int stream_set_format(struct iminiport_wavepci_stream *self,
			     const struct ksdataformat *data_format)
{
	struct ich_stream *s = from_stream(self);
	const struct waveformatextensible *wave =
		ksdataformat_wave(data_format);
	int err;

	if (wave->channels != 2 || wave->bits_per_sample != 16)
		return -EINVAL;
	codec_close(s);
	err = snd_ac97_pcm_open(s->codec, wave->samples_per_sec,
				AC97_PCM_CFG_FRONT, s->codec->r[0].slots);
	if (err)
		return err;
	s->codec_open = true;
	s->bytes_per_second = wave->avg_bytes_per_sec;
	return 0;
}

static int stream_get_position(struct iminiport_wavepci_stream *self,
			       u64 *position)
{
	struct ich_stream *s = from_stream(self);

	spin_lock(&s->lock);	/* interrupts are off already */
	*position = ich_engine_position(&s->engine);
	spin_unlock(&s->lock);
	return 0;
}

static int stream_normalize(struct iminiport_wavepci_stream *self,
			    s64 *position)
{
	*position = mul_u64_u32_div(*position, 10000000,
				    from_stream(self)->bytes_per_second);
	return 0;
}

/*
 * The engine takes any 16-bit word, but the two samples of a frame had better
 * come together. A descriptor counts up to 65535 samples.
 */
static int stream_get_framing(struct iminiport_wavepci_stream *self,
			      struct ksallocator_framing *framing)
{
	*framing = (struct ksallocator_framing) {
		.frames = ICH_OPEN_MAX,
		.frame_size = ICH_DESCRIPTOR_SAMPLES * 2,
		.file_alignment = ICH_FRAME_BYTES - 1,
	};
	if (ich_max_mapping)
		framing->frame_size = min(framing->frame_size,
					  ich_max_mapping);
	return 0;
}

/* --- life ------------------------------------------------------------------ */

static void stream_free(struct cunknown *object)
{
	struct ich_stream *s = container_of(object, struct ich_stream, base);

	codec_close(s);
	if (s->engine.list)
		ich_engine_reset(&s->engine);
	if (s->group)
		iunknown_put(&s->group->unknown);
	kfree(s);
}

static const struct iminiport_wavepci_stream_vtbl stream_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.set_format = stream_set_format,
	.set_state = stream_set_state,
	.get_position = stream_get_position,
	.normalize_physical_position = stream_normalize,
	.get_allocator_framing = stream_get_framing,
	.revoke_mappings = stream_revoke_mappings,
	.mapping_available = stream_mapping_available,
	.service = stream_service,
};

static const struct cunknown_interface stream_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream, struct ich_stream,
			   stream, stream_vtbl),
	{}
};

static const struct cunknown_class stream_class = {
	.name = "ICH stream",
	.interfaces = stream_interfaces,
	.destroy = stream_free,
};

static int stream_get_resources(struct ich_stream *s)
{
	struct iadapter_common *adapter = s->miniport->adapter;
	struct idma_channel *dma = s->miniport->dma[s->channel];
	int err;

	s->codec = adapter->vtbl->codec_pcm(adapter, s->channel);
	if (!s->codec)
		return -ENODEV;
	s->engine.list = dma->vtbl->system_address(dma);
	s->engine.list_address = dma->vtbl->physical_address(dma);
	err = pc_new_service_group(&s->group, NULL);
	if (!err)
		s->group->vtbl->support_delayed_service(s->group);
	return err;
}

/**
 * ich_stream_create() - make a stream, the miniport's half
 * @miniport: the filter
 * @channel: which channel of the controller
 * @port_stream: the port's half; not counted, since it holds this one
 * @outer_unknown: who aggregates it, or NULL
 * @format: its data format
 * @out_stream: receives the stream, in STOP
 * @out_channel: receives its DMA channel, not counted
 * @out_group: receives its service group, with a reference
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; -ENODEV without a codec; -EINVAL for a format that the
 * channel can't.
 */
int ich_stream_create(struct ich_miniport *miniport, enum ich_pin channel,
		      struct iport_wavepci_stream *port_stream,
		      struct iunknown *outer_unknown,
		      const struct ksdataformat *format,
		      struct iminiport_wavepci_stream **out_stream,
		      struct idma_channel **out_channel,
		      struct iservice_group **out_group)
{
	struct ich_stream *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	if (!s)
		return -ENOMEM;
	cunknown_init(&s->base, &stream_class, outer_unknown);
	s->miniport = miniport;
	s->channel = channel;
	s->engine.registers = ich_miniport_registers(miniport, channel);
	s->port_stream = port_stream;
	spin_lock_init(&s->lock);

	err = stream_get_resources(s);
	if (!err)
		err = stream_set_format(&s->stream, format);
	if (err) {
		iunknown_put(cunknown_inner(&s->stream.unknown));
		return err;
	}
	stream_rewind(s);

	iunknown_get(&s->group->unknown);
	*out_stream = &s->stream;
	*out_channel = miniport->dma[channel];
	*out_group = s->group;
	return 0;
}
