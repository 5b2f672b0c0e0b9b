// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePci: the filter.
 */
#include <linux/slab.h>
#include <sound/pcm.h>

#include "ich.h"

#define BUFFER_BYTES_MAX	(8u << 20)

static const struct {
	const char *name;
	enum kspin_dataflow data_flow;
} channels[ICH_PINS] = {
	[ICH_PIN_PCM_OUT] = { NULL, KSPIN_DATAFLOW_IN },
	[ICH_PIN_PCM_IN] = { NULL, KSPIN_DATAFLOW_OUT },
	[ICH_PIN_MIC_IN] = { "MIC ADC", KSPIN_DATAFLOW_OUT },
};

/* The rates a codec may have, best first. */
static const struct {
	unsigned int bit;
	u32 hz;
} codec_rates[] = {
	{ SNDRV_PCM_RATE_48000, 48000 },
	{ SNDRV_PCM_RATE_44100, 44100 },
	{ SNDRV_PCM_RATE_32000, 32000 },
	{ SNDRV_PCM_RATE_22050, 22050 },
	{ SNDRV_PCM_RATE_16000, 16000 },
	{ SNDRV_PCM_RATE_11025, 11025 },
	{ SNDRV_PCM_RATE_8000, 8000 },
};

static struct ich_miniport *
from_miniport(struct iminiport_wavepci *miniport)
{
	return container_of(miniport, struct ich_miniport, miniport);
}

static struct ich_miniport *from_base(struct iminiport *base)
{
	return container_of(base, struct ich_miniport, miniport.miniport);
}

static void pin_add_range(struct ich_miniport *miniport,
			  struct pcpin_descriptor *pin, u32 min, u32 max)
{
	bool plays = pin->data_flow == KSPIN_DATAFLOW_IN;
	struct ksdatarange_audio *ranges =
		miniport->ranges[pin - miniport->pins];

	if (pin->data_ranges_count == ICH_RATES)
		return;
	ranges[pin->data_ranges_count++] = (struct ksdatarange_audio) {
		KSDATARANGE_AUDIO_PCM,
		.maximum_channels = plays ? miniport->play_channels : 2,
		.minimum_bits_per_sample = 16,
		.maximum_bits_per_sample = 16,
		.minimum_sample_frequency = min,
		.maximum_sample_frequency = max,
	};
	pin->data_ranges = ranges;
}

/* The codec's rates as data ranges, the best one first. */
static void pin_add(struct ich_miniport *miniport, enum ich_pin channel,
		    unsigned int rates)
{
	u32 n = miniport->description.pin_count++;
	struct pcpin_descriptor *pin = &miniport->pins[n];
	size_t i;

	miniport->channel[n] = channel;
	*pin = (struct pcpin_descriptor) {
		.name = channels[channel].name,
		.max_filter_instance_count = 1,
		.data_flow = channels[channel].data_flow,
		.communication = KSPIN_COMMUNICATION_SINK,
	};
	if (rates & SNDRV_PCM_RATE_CONTINUOUS) {
		pin_add_range(miniport, pin, 8000, 48000);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(codec_rates); i++)
		if (rates & codec_rates[i].bit)
			pin_add_range(miniport, pin, codec_rates[i].hz,
				      codec_rates[i].hz);
}

/* By what the codecs have converters for. */
static u32 play_channels(const struct ac97_pcm *pcm)
{
	u32 slots = pcm->r[0].slots;

	if (!(slots & BIT(AC97_SLOT_PCM_SLEFT)))
		return 2;
	return slots & BIT(AC97_SLOT_LFE) ? 6 : 4;
}

/* The descriptor list stays for as long as the card: streams come and go. */
static int channel_add_list(struct ich_miniport *miniport,
			    enum ich_pin channel)
{
	struct iport_wavepci *port = miniport->port;
	struct idma_channel **dma = &miniport->dma[channel];
	int err;

	err = port->vtbl->new_master_dma_channel(port, dma, NULL, NULL, true,
						 true, false, BUFFER_BYTES_MAX);
	if (err)
		return err;
	return (*dma)->vtbl->allocate_buffer(*dma, ICH_DESCRIPTORS *
					     sizeof(struct ich_descriptor));
}

static int miniport_init(struct iminiport_wavepci *self,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list,
			 struct iport_wavepci *port,
			 struct iservice_group **service_group)
{
	struct ich_miniport *miniport = from_miniport(self);
	int err, i;

	err = iadapter_common_query(unknown_adapter, &miniport->adapter);
	if (err)
		return err;
	miniport->port = port;
	miniport->interrupt.port = port;
	miniport->interrupt.device =
		miniport->adapter->vtbl->device(miniport->adapter);
	miniport->registers =
		miniport->adapter->vtbl->bus_master(miniport->adapter);

	for (i = 0; i < ICH_PINS; i++) {
		struct ac97_pcm *pcm =
			miniport->adapter->vtbl->codec_pcm(miniport->adapter,
							   i);

		if (pcm) {
			err = channel_add_list(miniport, i);
			if (err)
				return err;
			if (i == ICH_PIN_PCM_OUT)
				miniport->play_channels = play_channels(pcm);
			pin_add(miniport, i, pcm->rates);
		}
	}
	miniport->description.pins = miniport->pins;

	*service_group = NULL;
	return ich_interrupt_connect(&miniport->interrupt, resource_list);
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
	struct ich_miniport *miniport = from_miniport(self);

	if (pin >= miniport->description.pin_count ||
	    capture != (miniport->pins[pin].data_flow == KSPIN_DATAFLOW_OUT))
		return -EINVAL;
	return ich_stream_create(miniport, miniport->channel[pin], port_stream,
				 outer_unknown, data_format, stream,
				 dma_channel, service_group);
}

static int miniport_get_description(struct iminiport *self,
			const struct pcfilter_descriptor **description)
{
	*description = &from_base(self)->description;
	return 0;
}

/* The engine moves channels in pairs. */
static int miniport_intersection(struct iminiport *self, u32 pin_id,
		const struct ksdatarange *data_range,
		const struct ksdatarange *matching_data_range,
		struct ksdataformat_waveformatextensible *resultant_format)
{
	u32 channels = ksdatarange_to_audio(data_range)->maximum_channels;

	if (!channels || channels % 2)
		return -ENXIO;
	return -EOPNOTSUPP;
}

static void miniport_free(struct cunknown *object)
{
	struct ich_miniport *miniport = container_of(object,
						     struct ich_miniport, base);
	int i;

	ich_interrupt_disconnect(&miniport->interrupt);
	for (i = 0; i < ICH_PINS; i++)
		if (miniport->dma[i])
			iunknown_put(&miniport->dma[i]->unknown);
	if (miniport->adapter)
		iunknown_put(&miniport->adapter->unknown);
	kfree(miniport);
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

DEFINE_CUNKNOWN_CLASS(miniport_class, "ICH miniport", miniport_free,
	CUNKNOWN_INTERFACE(iid_iminiport, struct ich_miniport, miniport,
			   miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct ich_miniport,
			   miniport, miniport_vtbl));

/**
 * ich_miniport_create() - make the miniport
 * @out_unknown: receives it
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int ich_miniport_create(struct iunknown **out_unknown)
{
	struct ich_miniport *miniport = kzalloc(sizeof(*miniport), GFP_KERNEL);

	if (!miniport)
		return -ENOMEM;
	cunknown_init(&miniport->base, &miniport_class, NULL);
	*out_unknown = &miniport->miniport.unknown;
	return 0;
}
