// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePciStream: takes mappings from the port to a channel and back.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <sound/core.h>

#include "ich.h"

static unsigned int max_mapping;
module_param(max_mapping, uint, 0444);
MODULE_PARM_DESC(max_mapping,
		 "Largest mapping in bytes (4 to 65536, 0: as large as can be).");

/*
 * struct ich_stream - IMiniportWavePciStream
 * @base: object
 * @stream: the interface
 * @miniport: the filter
 * @number: which channel of the controller
 * @channel: the channel
 * @pump: the open mappings
 * @codec: the codec's end
 * @codec_open: the codec's end is in use
 * @bytes_per_second: of the format
 */
struct ich_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci_stream, stream);
	struct ich_miniport *miniport;
	enum ich_pin number;
	struct ich_channel channel;
	struct mapping_pump pump;
	struct ac97_pcm *codec;
	bool codec_open;
	u32 bytes_per_second;
};

static const u8 registers[ICH_PINS] = {
	[ICH_PIN_PCM_OUT] = ICH_PCM_OUT,
	[ICH_PIN_PCM_IN] = ICH_PCM_IN,
	[ICH_PIN_MIC_IN] = ICH_MIC_IN,
};

static struct ich_stream *from_stream(struct iminiport_wavepci_stream *stream)
{
	return container_of(stream, struct ich_stream, stream);
}

static struct ich_stream *from_pump(struct mapping_pump *pump)
{
	return container_of(pump, struct ich_stream, pump);
}

static u32 channel_done(struct mapping_pump *pump)
{
	return READ_ONCE(from_pump(pump)->channel.engine.playing);
}

static void channel_put(struct mapping_pump *pump, dma_addr_t address,
			void *virtual, u32 bytes, bool interrupt)
{
	struct ich_stream *s = from_pump(pump);
	unsigned long flags;

	spin_lock_irqsave(&s->channel.lock, flags);
	ich_engine_put(&s->channel.engine, address, bytes, interrupt);
	spin_unlock_irqrestore(&s->channel.lock, flags);
}

/* With nothing new, more may be about to come: put off to tell the channel. */
static void channel_filled(struct mapping_pump *pump, u32 count, bool all)
{
	struct ich_stream *s = from_pump(pump);
	unsigned long flags;

	spin_lock_irqsave(&s->channel.lock, flags);
	if (all)
		ich_engine_short_ring(&s->channel.engine, pump->oldest);
	ich_engine_extend(&s->channel.engine, count ? 2 : 1);
	spin_unlock_irqrestore(&s->channel.lock, flags);
}

static const struct mapping_pump_ops channel_list = {
	.done = channel_done,
	.put = channel_put,
	.filled = channel_filled,
};

static void stream_service(struct iminiport_wavepci_stream *self)
{
	struct ich_stream *s = from_stream(self);

	if (unlikely(READ_ONCE(s->channel.look))) {
		WRITE_ONCE(s->channel.look, false);
		ich_channel_interrupt(&s->channel, false);
	}
	mapping_pump_service(&s->pump, &channel_list);
}

static void stream_mapping_available(struct iminiport_wavepci_stream *self)
{
	mapping_pump_available(&from_stream(self)->pump, &channel_list);
}

static int stream_revoke_mappings(struct iminiport_wavepci_stream *self,
				  void *first_tag, void *last_tag,
				  u32 *mappings_revoked)
{
	struct ich_stream *s = from_stream(self);
	unsigned long flags;
	int err;

	if (s->channel.engine.running)
		return -EBADFD;
	err = mapping_pump_revoke(&s->pump, first_tag, last_tag,
				  mappings_revoked);
	if (err)
		return err;
	spin_lock_irqsave(&s->channel.lock, flags);
	ich_engine_withdraw(&s->channel.engine, s->pump.newest);
	spin_unlock_irqrestore(&s->channel.lock, flags);
	return 0;
}

static void stream_rewind(struct ich_stream *s)
{
	unsigned long flags;

	spin_lock_irqsave(&s->channel.lock, flags);
	ich_engine_rewind(&s->channel.engine);
	spin_unlock_irqrestore(&s->channel.lock, flags);
	mapping_pump_reset(&s->pump);
}

/*
 * What was done when the stream was paused nobody gave back, and with all of
 * it done the channel wouldn't interrupt again.
 */
static void stream_run(struct ich_stream *s)
{
	unsigned long flags;
	bool resumed;

	ich_interrupt_running(&s->miniport->interrupt, s->number, &s->channel);
	spin_lock_irqsave(&s->channel.lock, flags);
	ich_engine_start(&s->channel.engine);
	resumed = s->channel.engine.playing;
	spin_unlock_irqrestore(&s->channel.lock, flags);
	if (resumed)
		s->channel.group->vtbl->request_delayed_service(s->channel.group, -1);
}

static void stream_halt(struct ich_stream *s)
{
	unsigned long flags;

	spin_lock_irqsave(&s->channel.lock, flags);
	ich_engine_stop(&s->channel.engine);
	spin_unlock_irqrestore(&s->channel.lock, flags);
	ich_interrupt_running(&s->miniport->interrupt, s->number, NULL);
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
		if (s->channel.engine.running)
			stream_halt(s);
		else
			mapping_pump_available(&s->pump, &channel_list);
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

static bool takes_channels(const struct ich_stream *s, u32 channels)
{
	u32 most = s->number == ICH_PIN_PCM_OUT ? s->miniport->play_channels :
						  2;

	return channels && channels % 2 == 0 && channels <= most;
}

/* A codec's S/PDIF output plays what its converters do, if it has one. */
static void tell_spdif(struct ich_stream *s, u32 rate)
{
	struct snd_ac97 *codec = s->codec->r[0].codec[0];

	if (codec)
		snd_ac97_set_rate(codec, AC97_SPDIF, rate);
}

static int stream_set_format(struct iminiport_wavepci_stream *self,
			     const struct ksdataformat *data_format)
{
	struct ich_stream *s = from_stream(self);
	struct iadapter_common *adapter = s->miniport->adapter;
	const struct waveformatextensible *wave =
		ksdataformat_wave(data_format);
	int err;

	if (!takes_channels(s, wave->channels) || wave->bits_per_sample != 16)
		return -EINVAL;
	codec_close(s);
	err = snd_ac97_pcm_open(s->codec, wave->samples_per_sec, wave->channels,
				s->codec->r[0].slots);
	if (err)
		return err;
	s->codec_open = true;
	if (s->number == ICH_PIN_PCM_OUT) {
		err = adapter->vtbl->play_channels(adapter, wave->channels);
		if (err)
			return err;
		tell_spdif(s, wave->samples_per_sec);
	}
	s->bytes_per_second = wave->avg_bytes_per_sec;
	s->channel.engine.frame_ns = NSEC_PER_SEC / wave->samples_per_sec;
	s->channel.engine.frame_bytes = max_t(u32, wave->block_align,
					      ICH_FRAME_BYTES);
	return 0;
}

static int stream_get_position(struct iminiport_wavepci_stream *self,
			       u64 *position)
{
	struct ich_stream *s = from_stream(self);

	spin_lock(&s->channel.lock);	/* interrupts are off already */
	*position = ich_engine_position(&s->channel.engine);
	spin_unlock(&s->channel.lock);
	return 0;
}

static int stream_normalize(struct iminiport_wavepci_stream *self,
			    s64 *position)
{
	*position = ks_bytes_to_time(*position,
				     from_stream(self)->bytes_per_second);
	return 0;
}

/*
 * The engine takes any 16-bit word, but the two samples of a pair had better
 * come together. A descriptor counts up to 65535 samples.
 */
static int stream_get_framing(struct iminiport_wavepci_stream *self,
			      struct ksallocator_framing *framing)
{
	*framing = (struct ksallocator_framing) {
		.requirements_flags = KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY,
		.frames = ICH_OPEN_MAX,
		.frame_size = ICH_DESCRIPTOR_SAMPLES * 2,
		.file_alignment = ICH_FRAME_BYTES - 1,
	};
	if (max_mapping)
		framing->frame_size = min(framing->frame_size, max_mapping);
	return 0;
}

static void stream_free(struct cunknown *object)
{
	struct ich_stream *s = container_of(object, struct ich_stream, base);

	codec_close(s);
	if (s->channel.engine.list)
		ich_engine_reset(&s->channel.engine);
	if (s->channel.group)
		iunknown_put(&s->channel.group->unknown);
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

DEFINE_CUNKNOWN_CLASS(stream_class, "ICH stream", stream_free,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream, struct ich_stream,
			   stream, stream_vtbl));

static int stream_get_resources(struct ich_stream *s)
{
	struct iadapter_common *adapter = s->miniport->adapter;
	struct idma_channel *dma = s->miniport->dma[s->number];
	int err;

	s->codec = adapter->vtbl->codec_pcm(adapter, s->number);
	if (!s->codec)
		return -ENODEV;
	s->channel.engine.list = dma->vtbl->system_address(dma);
	s->channel.engine.list_address = dma->vtbl->physical_address(dma);
	err = pc_new_service_group(&s->channel.group, NULL);
	if (!err)
		s->channel.group->vtbl->support_delayed_service(s->channel.group);
	return err;
}

/**
 * ich_stream_parameters_valid() - see whether max_mapping makes sense
 *
 * Return: true, or false after a message.
 */
bool ich_stream_parameters_valid(void)
{
	if (!max_mapping || (max_mapping >= 4 && max_mapping <= 65536))
		return true;
	pr_err("snd-wavepci-ich: max_mapping=%u: must be 4 to 65536, or 0\n",
	       max_mapping);
	return false;
}

/**
 * ich_stream_create() - make a stream, the miniport's half
 * @miniport: the filter
 * @number: which channel of the controller
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
int ich_stream_create(struct ich_miniport *miniport, enum ich_pin number,
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
	s->number = number;
	s->channel.engine.registers = miniport->registers + registers[number];
	s->pump.port_stream = port_stream;
	s->pump.room = ICH_OPEN_MAX;
	s->pump.eager = true;
	spin_lock_init(&s->channel.lock);

	err = stream_get_resources(s);
	if (!err)
		err = stream_set_format(&s->stream, format);
	if (err) {
		iunknown_put(cunknown_inner(&s->stream.unknown));
		return err;
	}
	stream_rewind(s);

	iunknown_get(&s->channel.group->unknown);
	*out_stream = &s->stream;
	*out_channel = miniport->dma[number];
	*out_group = s->channel.group;
	return 0;
}
