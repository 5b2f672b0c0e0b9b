// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePciStream: mappings go into an engine's descriptor list, and
 * out of it again when they are done. The number of a mapping is also that of
 * its descriptor.
 */
#include <linux/log2.h>
#include <linux/slab.h>

#include "loopback.h"

#define BUFFER_BYTES_MAX	(8u << 20)

/*
 * struct loopback_stream - IMiniportWavePciStream
 * @base: object
 * @stream: the interface
 * @port: the port
 * @engine: what moves the data, once it is ours
 * @pump: the open mappings
 * @dma: holds the descriptor list
 * @group: told when the engine interrupts; NULL when the port uses its timer
 * @bytes_per_second: of the format
 */
struct loopback_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci_stream, stream);
	struct iport_wavepci *port;
	struct loopback_engine *engine;
	struct mapping_pump pump;
	struct idma_channel *dma;
	struct iservice_group *group;
	u32 bytes_per_second;
};

static struct loopback_stream *
from_stream(struct iminiport_wavepci_stream *stream)
{
	return container_of(stream, struct loopback_stream, stream);
}

static struct loopback_stream *from_pump(struct mapping_pump *pump)
{
	return container_of(pump, struct loopback_stream, pump);
}

static u32 engine_done(struct mapping_pump *pump)
{
	return loopback_engine_head(from_pump(pump)->engine);
}

static void engine_put(struct mapping_pump *pump, dma_addr_t address,
		       void *virtual, u32 bytes, bool interrupt)
{
	loopback_engine_put(from_pump(pump)->engine, address, virtual, bytes,
			    interrupt ? LOOPBACK_DESCRIPTOR_INTERRUPT : 0);
}

static void engine_filled(struct mapping_pump *pump, u32 count, bool all)
{
	if (count || all)
		loopback_engine_set_threshold(from_pump(pump)->engine);
}

static const struct mapping_pump_ops engine_list = {
	.done = engine_done,
	.put = engine_put,
	.filled = engine_filled,
};

/* They don't, but a driver that relies on it would. */
static void stream_could_sleep(void)
{
	if (loopback_parameters.may_sleep)
		might_sleep();
}

static void stream_service(struct iminiport_wavepci_stream *self)
{
	stream_could_sleep();
	mapping_pump_service(&from_stream(self)->pump, &engine_list);
}

static void stream_mapping_available(struct iminiport_wavepci_stream *self)
{
	stream_could_sleep();
	mapping_pump_available(&from_stream(self)->pump, &engine_list);
}

static int stream_revoke_mappings(struct iminiport_wavepci_stream *self,
				  void *first_tag, void *last_tag,
				  u32 *mappings_revoked)
{
	struct loopback_stream *s = from_stream(self);
	int err = mapping_pump_revoke(&s->pump, first_tag, last_tag,
				      mappings_revoked);

	return err ?: loopback_engine_withdraw(s->engine, s->pump.newest);
}

/*
 * Of an interrupt handler there is only this left: the engine has noted how
 * far it is, and there is nothing to acknowledge.
 */
static void stream_interrupt(void *context)
{
	struct loopback_stream *s = context;

	if (s->group)
		s->port->vtbl->notify(s->port, s->group);
}

static int stream_set_state(struct iminiport_wavepci_stream *self,
			    enum ksstate state)
{
	struct loopback_stream *s = from_stream(self);

	stream_could_sleep();
	switch (state) {
	case KSSTATE_STOP:
		loopback_engine_reset(s->engine);
		mapping_pump_reset(&s->pump);
		return 0;
	case KSSTATE_ACQUIRE:
		return 0;
	case KSSTATE_PAUSE:
		if (!loopback_engine_stop(s->engine))
			mapping_pump_available(&s->pump, &engine_list);
		return 0;
	case KSSTATE_RUN:
		loopback_engine_start(s->engine);
		return 0;
	}
	return -EINVAL;
}

static int stream_set_format(struct iminiport_wavepci_stream *self,
			     const struct ksdataformat *data_format)
{
	struct loopback_stream *s = from_stream(self);
	int err = loopback_engine_set_format(s->engine, data_format);

	if (!err)
		s->bytes_per_second =
			ksdataformat_wave(data_format)->avg_bytes_per_sec;
	return err;
}

static int stream_get_position(struct iminiport_wavepci_stream *self,
			       u64 *position)
{
	stream_could_sleep();
	*position = loopback_engine_position(from_stream(self)->engine);
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
	*framing = (struct ksallocator_framing) {
		.requirements_flags = KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY,
		.frames = loopback_parameters.descriptors,
		.frame_size = loopback_parameters.max_mapping,
		.frame_lead = loopback_parameters.misalign,
	};
	return 0;
}

static void stream_free(struct cunknown *object)
{
	struct loopback_stream *s = container_of(object, struct loopback_stream,
						 base);

	if (s->engine)
		loopback_engine_close(s->engine);
	if (s->dma)
		iunknown_put(&s->dma->unknown);
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

DEFINE_CUNKNOWN_CLASS(stream_class, "loopback stream", stream_free,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream,
			   struct loopback_stream, stream, stream_vtbl));

static int stream_get_resources(struct loopback_stream *s,
				struct loopback_engine *engine)
{
	u32 length = roundup_pow_of_two(loopback_parameters.descriptors);
	int err;

	err = s->port->vtbl->new_master_dma_channel(s->port, &s->dma, NULL,
						    NULL, true, false, true,
						    BUFFER_BYTES_MAX);
	if (err)
		return err;
	err = s->dma->vtbl->allocate_buffer(s->dma, length *
					sizeof(struct loopback_descriptor));
	if (err)
		return err;
	if (!loopback_parameters.timer_service) {
		err = pc_new_service_group(&s->group, NULL);
		if (err)
			return err;
	}
	err = loopback_engine_open(engine, s->dma->vtbl->system_address(s->dma),
				   length, stream_interrupt, s);
	if (!err)
		s->engine = engine;
	return err;
}

/**
 * loopback_stream_create() - make a stream, the miniport's half
 * @miniport: the filter
 * @engine: what is to move its data
 * @port_stream: the port's half; not counted, since it holds this one
 * @outer_unknown: who aggregates it, or NULL
 * @format: its data format
 * @out_stream: receives the stream, in STOP
 * @out_channel: receives its DMA channel, not counted
 * @out_group: receives its service group, with a reference, or NULL
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; -EINVAL for a format that the cable can't; -EBUSY when
 * the engine is in use, or the cable with another format.
 */
int loopback_stream_create(struct loopback_miniport *miniport,
			   struct loopback_engine *engine,
			   struct iport_wavepci_stream *port_stream,
			   struct iunknown *outer_unknown,
			   const struct ksdataformat *format,
			   struct iminiport_wavepci_stream **out_stream,
			   struct idma_channel **out_channel,
			   struct iservice_group **out_group)
{
	struct loopback_stream *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	if (!s)
		return -ENOMEM;
	cunknown_init(&s->base, &stream_class, outer_unknown);
	s->port = miniport->port;
	s->pump.port_stream = port_stream;
	s->pump.room = loopback_parameters.descriptors;

	err = stream_get_resources(s, engine);
	if (!err)
		err = stream_set_format(&s->stream, format);
	if (err) {
		iunknown_put(cunknown_inner(&s->stream.unknown));
		return err;
	}

	if (s->group)
		iunknown_get(&s->group->unknown);
	*out_stream = &s->stream;
	*out_channel = s->dma;
	*out_group = s->group;
	return 0;
}
