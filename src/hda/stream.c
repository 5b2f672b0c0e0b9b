// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePciStream: takes a ring's mappings from the port to an engine,
 * all of them before it runs, and gives each back when the engine has passed it.
 */
#include <linux/lcm.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>

#include "format.h"
#include "hda.h"

static unsigned int max_mapping;
module_param(max_mapping, uint, 0444);
MODULE_PARM_DESC(max_mapping,
		 "Largest mapping in bytes (128 to 65536, 0: as large as can be).");

/* An interrupt may come so much before what it is for is in memory. */
#define EARLY_PER_SECOND	1000

/*
 * struct hda_stream - IMiniportWavePciStream
 * @base: object
 * @stream: the interface
 * @filter: the filter
 * @info: the library's, of the pin
 * @substream: ALSA's; NULL for a stream that is only asked what it is like
 * @engine: the engine that it has, likewise
 * @pump: the open mappings
 * @runner: its service group, and whether its engine has interrupted
 * @format: as codec and controller have it
 * @frame_bytes: of the format
 * @bytes_per_second: of the format
 * @codec_prepared: the codec's converter listens to the engine
 * @ring: the ring. Only calls of the port's change it, which come one at a
 *	time, and nothing but its numbers once it is whole: it is not before
 *	that the engine runs
 * @got: how much was got since STOP; likewise
 * @wrong: the port gave a mapping that there is no room for, or another one
 *	than the last time
 * @lock: protects all that follows; never held when the port is called
 * @running: the engine runs
 * @last: where it was then, from the beginning of its list on
 * @at: the same in bytes since STOP
 * @limit: what was got when it was last seen to. Nobody is told of more: who
 *	comes late is told the rest when it has been given back
 * @told: the largest position that was told
 */
struct hda_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci_stream, stream);
	struct hda_filter *filter;
	struct hda_pcm_stream *info;
	struct snd_pcm_substream *substream;
	struct hda_engine *engine;
	struct mapping_pump pump;
	struct hda_runner runner;
	u16 format;
	u32 frame_bytes;
	u32 bytes_per_second;
	bool codec_prepared;
	struct hda_ring ring;
	u64 got;
	bool wrong;
	spinlock_t lock;
	bool running;
	u32 last;
	u64 at;
	u64 limit;
	u64 told;
};

static struct hda_stream *from_stream(struct iminiport_wavepci_stream *stream)
{
	return container_of(stream, struct hda_stream, stream);
}

static struct hda_stream *from_pump(struct mapping_pump *pump)
{
	return container_of(pump, struct hda_stream, pump);
}

/* Where it is */

static u32 early_bytes(const struct hda_stream *s)
{
	return min(s->engine->core.fifo_size +
		   s->bytes_per_second / EARLY_PER_SECOND, s->ring.bytes / 8);
}

/* A step back of a few bytes is no lap. */
static void look(struct hda_stream *s)
{
	u32 now, moved;

	if (!s->running)
		return;
	now = hda_engine_position(s->engine, s->ring.bytes);
	moved = now >= s->last ? now - s->last :
				 now + s->ring.bytes - s->last;
	if (s->ring.bytes - moved <= early_bytes(s))
		return;
	s->last = now;
	s->at += moved;
}

/*
 * Many controllers interrupt a little before the position says so: what the
 * interrupt was for is done all the same.
 */
static u64 done_bytes(struct hda_stream *s)
{
	u64 end;

	if (!s->runner.interrupted || !s->ring.interrupts)
		return s->at;
	s->runner.interrupted = false;
	end = hda_ring_next_interrupt(&s->ring);
	return s->at < end && end - s->at <= early_bytes(s) ? end : s->at;
}

/*
 * Some don't write the position to memory. When the first period is over, and it
 * isn't there, the register has it; and at once, before it has gone round.
 */
static void distrust_memory(struct hda_stream *s)
{
	struct hdac_stream *core = &s->engine->core;

	if (s->engine->reads_position || s->at || !core->posbuf ||
	    *core->posbuf || !snd_hdac_stream_readl(core, SD_LPIB))
		return;
	s->engine->reads_position = true;
	dev_info(core->bus->dev,
		 "the position isn't in memory: it is read from a register\n");
	look(s);
}

/* Mappings */

/* Where nobody came for more than a lap, the engine is ahead of what was got. */
static u32 engine_done(struct mapping_pump *pump)
{
	u32 done = from_pump(pump)->ring.done;

	if (done - pump->oldest > pump->newest - pump->oldest)
		done = pump->newest;
	return done;
}

static void engine_put(struct mapping_pump *pump, dma_addr_t address,
		       void *virtual, u32 bytes, bool interrupt)
{
	struct hda_stream *s = from_pump(pump);

	if (!hda_ring_put(&s->ring, address, bytes, interrupt))
		s->wrong = true;
	s->got += bytes;
}

/* The first time that the port has no more, all of the ring is there. */
static void engine_filled(struct mapping_pump *pump, u32 count, bool all)
{
	if (all)
		from_pump(pump)->ring.whole = true;
}

static const struct mapping_pump_ops engine_list = {
	.done = engine_done,
	.put = engine_put,
	.filled = engine_filled,
};

/* Without interrupts somebody has to look now and then. */
static void look_again(struct hda_stream *s)
{
	s64 quarter = ks_bytes_to_time(s->ring.bytes / 4, s->bytes_per_second);

	s->runner.group->vtbl->request_delayed_service(s->runner.group, -max(quarter, 1ll));
}

static void stream_service(struct iminiport_wavepci_stream *self)
{
	struct hda_stream *s = from_stream(self);
	unsigned long flags;
	bool again;

	spin_lock_irqsave(&s->lock, flags);
	look(s);
	if (unlikely((s->runner.interrupted || !s->ring.interrupts) && !s->at))
		distrust_memory(s);
	if (s->ring.whole)
		hda_ring_advance(&s->ring, done_bytes(s));
	s->limit = s->got;
	again = s->running && !s->ring.interrupts;
	spin_unlock_irqrestore(&s->lock, flags);
	mapping_pump_service(&s->pump, &engine_list);
	if (unlikely(again))
		look_again(s);
}

static void stream_mapping_available(struct iminiport_wavepci_stream *self)
{
	mapping_pump_available(&from_stream(self)->pump, &engine_list);
}

static int stream_revoke_mappings(struct iminiport_wavepci_stream *self,
				  void *first_tag, void *last_tag,
				  u32 *mappings_revoked)
{
	struct hda_stream *s = from_stream(self);

	if (s->running)
		return -EBADFD;
	return mapping_pump_revoke(&s->pump, first_tag, last_tag,
				   mappings_revoked);
}

/* States */

static void stream_rewind(struct hda_stream *s)
{
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	hda_ring_reset(&s->ring);
	s->got = 0;
	s->wrong = false;
	s->runner.interrupted = false;
	s->last = 0;
	s->at = 0;
	s->limit = 0;
	s->told = 0;
	if (s->engine)
		s->engine->loaded = false;
	spin_unlock_irqrestore(&s->lock, flags);
	mapping_pump_reset(&s->pump);
}

/* What an application has said of its S/PDIF stream goes with it. */
static u16 wire_format(const struct hda_stream *s)
{
	const struct hda_spdif_out *spdif =
		snd_hda_spdif_out_of_nid(s->filter->codec, s->info->nid);

	return s->format | (spdif && spdif->ctls & AC_DIG1_NONAUDIO ?
			    AC_FMT_TYPE_NON_PCM : 0);
}

static int stream_prepare(struct hda_stream *s)
{
	u16 format = wire_format(s);
	int err;

	if (!s->engine)
		return -ENODEV;
	mapping_pump_available(&s->pump, &engine_list);
	if (!s->ring.whole || s->wrong) {
		dev_err_ratelimited(&s->filter->controller->pci->dev,
				    "a ring of more than %u mappings\n",
				    HDA_MAPPINGS_MAX);
		return -EIO;
	}
	s->limit = s->got;	/* nobody else looks before it runs */
	hda_engine_load(s->engine, &s->ring, 0, format);
	err = snd_hda_codec_prepare(s->filter->codec, s->info,
				    s->engine->core.stream_tag, format,
				    s->substream);
	s->codec_prepared = err >= 0;
	return min(err, 0);
}

/* After a pause it goes on where it was, with whole frames. */
static void load_again(struct hda_stream *s)
{
	u32 step = lcm(s->frame_bytes, s->filter->controller->alignment + 1);
	u32 offset, rest;

	div_u64_rem(s->at, s->ring.bytes, &offset);
	rest = offset % step;
	s->at -= rest;
	hda_engine_load(s->engine, &s->ring, offset - rest,
			s->engine->core.format_val);
}

static void stream_run(struct hda_stream *s)
{
	struct hda_controller *controller = s->filter->controller;
	unsigned long flags;
	bool resumed;

	hda_interrupt_running(&controller->interrupt, s->engine->core.index,
			      &s->runner);
	spin_lock_irqsave(&s->lock, flags);
	resumed = !s->engine->loaded;
	if (resumed)
		load_again(s);
	s->last = 0;
	s->runner.interrupted = false;
	s->running = true;
	hda_engine_start(s->engine, s->ring.interrupts);
	spin_unlock_irqrestore(&s->lock, flags);
	/* What was done when it was paused nobody gave back. */
	if (resumed)
		s->runner.group->vtbl->request_delayed_service(s->runner.group, -1);
	else if (!s->ring.interrupts)
		look_again(s);
}

static void stream_halt(struct hda_stream *s)
{
	struct hda_controller *controller = s->filter->controller;
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	hda_engine_stop(s->engine);
	look(s);
	s->running = false;
	spin_unlock_irqrestore(&s->lock, flags);
	hda_interrupt_running(&controller->interrupt, s->engine->core.index,
			      NULL);
}

static int stream_set_state(struct iminiport_wavepci_stream *self,
			    enum ksstate state)
{
	struct hda_stream *s = from_stream(self);

	switch (state) {
	case KSSTATE_STOP:
		stream_rewind(s);
		return 0;
	case KSSTATE_ACQUIRE:
		return 0;
	case KSSTATE_PAUSE:
		if (!s->running)
			return stream_prepare(s);
		stream_halt(s);
		return 0;
	case KSSTATE_RUN:
		stream_run(s);
		return 0;
	}
	return -EINVAL;
}

static int stream_set_format(struct iminiport_wavepci_stream *self,
			     const struct ksdataformat *data_format)
{
	struct hda_stream *s = from_stream(self);
	const struct waveformatextensible *wave =
		ksdataformat_wave(data_format);
	u16 format = hda_format(wave->samples_per_sec, wave->channels,
				wave->valid_bits_per_sample);

	if (!format)
		return -EINVAL;
	s->format = format;
	s->frame_bytes = wave->block_align;
	s->bytes_per_second = wave->avg_bytes_per_sec;
	return 0;
}

static int stream_get_position(struct iminiport_wavepci_stream *self,
			       u64 *position)
{
	struct hda_stream *s = from_stream(self);

	spin_lock(&s->lock);	/* interrupts are off already */
	look(s);
	s->told = max(s->told, min(s->at, s->limit));
	*position = s->told;
	spin_unlock(&s->lock);
	return 0;
}

static int stream_normalize(struct iminiport_wavepci_stream *self,
			    s64 *position)
{
	*position = ks_bytes_to_time(*position,
				     from_stream(self)->bytes_per_second);
	return 0;
}

static int stream_get_framing(struct iminiport_wavepci_stream *self,
			      struct ksallocator_framing *framing)
{
	struct hda_stream *s = from_stream(self);

	*framing = (struct ksallocator_framing) {
		.frames = HDA_MAPPINGS_MAX,
		.frame_size = max_mapping,
		.file_alignment = s->filter->controller->alignment,
	};
	return 0;
}

static void stream_free(struct cunknown *object)
{
	struct hda_stream *s = container_of(object, struct hda_stream, base);

	if (s->codec_prepared)
		snd_hda_codec_cleanup(s->filter->codec, s->info, s->substream);
	if (s->runner.group)
		iunknown_put(&s->runner.group->unknown);
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

DEFINE_CUNKNOWN_CLASS(stream_class, "HDA stream", stream_free,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream, struct hda_stream,
			   stream, stream_vtbl));

/* What ALSA's substream has been given when it was opened. */
static void find_engine(struct hda_stream *s)
{
	struct isubstream *face;

	if (isubstream_query(&s->pump.port_stream->unknown, &face))
		return;
	s->substream = face->vtbl->substream(face);
	iunknown_put(&face->unknown);
	if (s->substream)
		s->engine = hda_engine_of(s->substream->runtime->private_data);
}

/**
 * hda_stream_parameters_valid() - see whether max_mapping makes sense
 *
 * Return: true, or false after a message.
 */
bool hda_stream_parameters_valid(void)
{
	if (!max_mapping || (max_mapping >= 128 && max_mapping <= 65536))
		return true;
	pr_err("snd-wavepci-hda: max_mapping=%u: must be 128 to 65536, or 0\n",
	       max_mapping);
	return false;
}

/**
 * hda_stream_create() - make a stream, the miniport's half
 * @filter: the filter
 * @pin: ID of the pin
 * @port_stream: the port's half; not counted, since it holds this one
 * @outer_unknown: who aggregates it, or NULL
 * @format: its data format
 * @out_stream: receives the stream, in STOP
 * @out_channel: receives its DMA channel, not counted
 * @out_group: receives its service group, with a reference
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; -EINVAL for a format that there is no number for.
 */
int hda_stream_create(struct hda_filter *filter, u32 pin,
		      struct iport_wavepci_stream *port_stream,
		      struct iunknown *outer_unknown,
		      const struct ksdataformat *format,
		      struct iminiport_wavepci_stream **out_stream,
		      struct idma_channel **out_channel,
		      struct iservice_group **out_group)
{
	struct hda_stream *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	if (!s)
		return -ENOMEM;
	cunknown_init(&s->base, &stream_class, outer_unknown);
	s->filter = filter;
	s->runner.port = filter->port;
	s->info = filter->directions[pin].info;
	s->pump.port_stream = port_stream;
	/* One more than there may be: to be told that there are no more. */
	s->pump.room = HDA_MAPPINGS_MAX + 1;
	s->pump.eager = true;
	spin_lock_init(&s->lock);
	find_engine(s);
	err = pc_new_service_group(&s->runner.group, NULL);
	if (!err)
		err = stream_set_format(&s->stream, format);
	if (err) {
		iunknown_put(cunknown_inner(&s->stream.unknown));
		return err;
	}
	s->runner.group->vtbl->support_delayed_service(s->runner.group);
	iunknown_get(&s->runner.group->unknown);
	*out_stream = &s->stream;
	*out_channel = filter->dma;
	*out_group = s->runner.group;
	return 0;
}
