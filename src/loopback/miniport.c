// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePci: the filter, a pair of pins for each cable.
 */
#include <linux/mm.h>
#include <linux/overflow.h>

#include "loopback.h"

static struct loopback_miniport *
from_miniport(struct iminiport_wavepci *miniport)
{
	return container_of(miniport, struct loopback_miniport, miniport);
}

static struct loopback_miniport *from_base(struct iminiport *base)
{
	return container_of(base, struct loopback_miniport, miniport.miniport);
}

static struct loopback_engine *pin_engine(struct loopback_miniport *miniport,
					  u32 pin)
{
	struct loopback_cable *cable = &miniport->cables[pin / 2];

	return pin % 2 ? &cable->record : &cable->playback;
}

static int miniport_init(struct iminiport_wavepci *self,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list,
			 struct iport_wavepci *port,
			 struct iservice_group **service_group)
{
	from_miniport(self)->port = port;
	*service_group = NULL;
	return 0;
}

static int miniport_new_stream(struct iminiport_wavepci *self,
			       struct iminiport_wavepci_stream **stream,
			       struct iunknown *outer_unknown,
			       struct iport_wavepci_stream *port_stream,
			       u32 pin, bool capture,
			       const struct ksdataformat *data_format,
			       struct idma_channel **dma_channel,
			       struct iservice_group **service_group)
{
	struct loopback_miniport *miniport = from_miniport(self);
	struct loopback_engine *engine;

	if (pin >= 2 * miniport->pairs)
		return -EINVAL;
	engine = pin_engine(miniport, pin);
	if (capture != engine->capture)
		return -EINVAL;
	return loopback_stream_create(miniport, engine, port_stream,
				      outer_unknown, data_format, stream,
				      dma_channel, service_group);
}

static int miniport_get_description(struct iminiport *self,
			const struct pcfilter_descriptor **description)
{
	*description = &from_base(self)->description;
	return 0;
}

/* Of samples of 32 bits there are some that don't count. */
static int intersect_free(struct ksdataformat_waveformatextensible *resultant)
{
	struct waveformatextensible *wave = &resultant->wave_format;

	if (wave->bits_per_sample != 32 ||
	    !guid_equal(&resultant->data_format.sub_format,
			&ksdataformat_subtype_pcm))
		return -EOPNOTSUPP;
	wave->valid_bits_per_sample = loopback_parameters.valid_bits;
	return 0;
}

/*
 * A cable has one format. While the other end is in use it is that one or
 * none; otherwise all that the ranges allow, and the port has seen to that.
 */
static int miniport_intersection(struct iminiport *self, u32 pin_id,
		const struct ksdatarange *data_range,
		const struct ksdatarange *matching_data_range,
		struct ksdataformat_waveformatextensible *resultant_format)
{
	const struct ksdatarange_audio *want = ksdatarange_to_audio(data_range);
	struct loopback_engine *engine = pin_engine(from_base(self), pin_id);
	struct ksdataformat_waveformatextensible format;
	const struct waveformatextensible *wave = &format.wave_format;

	if (!loopback_engine_partner_format(engine, &format))
		return intersect_free(resultant_format);
	if (!guid_equal(&format.data_format.sub_format,
			&matching_data_range->sub_format) ||
	    !guid_equal(&format.data_format.sub_format,
			&data_range->sub_format) ||
	    wave->channels > want->maximum_channels ||
	    wave->bits_per_sample < want->minimum_bits_per_sample ||
	    wave->bits_per_sample > want->maximum_bits_per_sample ||
	    wave->samples_per_sec < want->minimum_sample_frequency ||
	    wave->samples_per_sec > want->maximum_sample_frequency)
		return -ENXIO;
	*resultant_format = format;
	return 0;
}

static void miniport_free(struct cunknown *object)
{
	struct loopback_miniport *miniport =
		container_of(object, struct loopback_miniport, base);
	u32 i;

	for (i = 0; i < miniport->pairs; i++)
		loopback_cable_destroy(&miniport->cables[i]);
	iunknown_put(&miniport->topology->miniport.unknown);
	kvfree(miniport);
}

static const struct iminiport_wavepci_vtbl miniport_vtbl = {
	.miniport = {
		.unknown = { CUNKNOWN_METHODS },
		.get_description = miniport_get_description,
		.data_range_intersection = miniport_intersection,
	},
	.init = miniport_init,
	.new_stream = miniport_new_stream,
	.service = iminiport_wavepci_no_service,
};

DEFINE_CUNKNOWN_CLASS(miniport_class, "loopback miniport", miniport_free,
	CUNKNOWN_INTERFACE(iid_iminiport, struct loopback_miniport, miniport,
			   miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct loopback_miniport,
			   miniport, miniport_vtbl));

static void describe_ranges(struct ksdatarange_audio *ranges)
{
	ranges[0] = (struct ksdatarange_audio) {
		KSDATARANGE_AUDIO_PCM,
		.maximum_channels = LOOPBACK_CHANNELS_MAX,
		.minimum_bits_per_sample = 8,
		.maximum_bits_per_sample = 32,
		.minimum_sample_frequency = LOOPBACK_RATE_MIN,
		.maximum_sample_frequency = LOOPBACK_RATE_MAX,
	};
	ranges[1] = ranges[0];
	ranges[1].data_range.sub_format = ksdataformat_subtype_ieee_float;
	ranges[1].minimum_bits_per_sample = 32;
}

static void describe(struct loopback_miniport *miniport)
{
	u32 pins = 2 * miniport->pairs, i;

	describe_ranges(miniport->ranges);
	for (i = 0; i < pins; i++)
		miniport->pins[i] = (struct pcpin_descriptor) {
			.max_filter_instance_count = 1,
			.data_flow = i % 2 ? KSPIN_DATAFLOW_OUT :
					     KSPIN_DATAFLOW_IN,
			.communication = KSPIN_COMMUNICATION_SINK,
			.data_ranges = miniport->ranges,
			.data_ranges_count = ARRAY_SIZE(miniport->ranges),
		};
	/* What all of them play goes to the mixer; what they record is from there. */
	miniport->pins[pins++].data_flow = KSPIN_DATAFLOW_OUT;
	miniport->pins[pins++].data_flow = KSPIN_DATAFLOW_IN;
	miniport->description.pins = miniport->pins;
	miniport->description.pin_count = pins;
}

/**
 * loopback_miniport_create() - make the miniport
 * @topology: the mixer, with which a reference is kept
 * @out_miniport: receives it
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int loopback_miniport_create(struct loopback_topology *topology,
			     struct loopback_miniport **out_miniport)
{
	u32 pairs = loopback_parameters.pins, i;
	struct loopback_miniport *miniport;

	miniport = kvzalloc(struct_size(miniport, cables, pairs), GFP_KERNEL);
	if (!miniport)
		return -ENOMEM;
	cunknown_init(&miniport->base, &miniport_class, NULL);
	miniport->pairs = pairs;
	iunknown_get(&topology->miniport.unknown);
	miniport->topology = topology;
	describe(miniport);
	for (i = 0; i < pairs; i++)
		loopback_cable_init(&miniport->cables[i], &topology->mixer);
	*out_miniport = miniport;
	return 0;
}
