// SPDX-License-Identifier: GPL-2.0
/*
 * IMiniportWavePci: a codec's PCM is a filter of one pin or two.
 */
#include <linux/pci.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>

#include "hda.h"

#define BUFFER_BYTES_MAX	(8u << 20)

static const struct {
	unsigned int bit;
	u32 hz;
} rates[HDA_RATES_MAX] = {
	{ SNDRV_PCM_RATE_48000, 48000 },
	{ SNDRV_PCM_RATE_44100, 44100 },
	{ SNDRV_PCM_RATE_96000, 96000 },
	{ SNDRV_PCM_RATE_192000, 192000 },
	{ SNDRV_PCM_RATE_88200, 88200 },
	{ SNDRV_PCM_RATE_176400, 176400 },
	{ SNDRV_PCM_RATE_32000, 32000 },
	{ SNDRV_PCM_RATE_22050, 22050 },
	{ SNDRV_PCM_RATE_16000, 16000 },
	{ SNDRV_PCM_RATE_11025, 11025 },
	{ SNDRV_PCM_RATE_8000, 8000 },
};

/* Containers of integers, the largest first. */
static const struct {
	u64 format;
	u32 bits;
} containers[] = {
	{ SNDRV_PCM_FMTBIT_S32_LE, 32 },
	{ SNDRV_PCM_FMTBIT_S16_LE, 16 },
	{ SNDRV_PCM_FMTBIT_U8, 8 },
};

static struct hda_filter *from_miniport(struct iminiport_wavepci *miniport)
{
	return container_of(miniport, struct hda_filter, miniport);
}

static struct hda_filter *from_base(struct iminiport *base)
{
	return container_of(base, struct hda_filter, miniport.miniport);
}

/* What a pin can do */

static bool has_rate(const struct hda_direction *direction, u32 hz)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		if (rates[i].hz == hz)
			return direction->rates & rates[i].bit;
	return false;
}

/*
 * What the library says of a pin that nobody has open. Of HDMI it says nothing:
 * that depends on what is plugged in, and any format has to be taken for
 * possible.
 */
static void usual_limits(struct hda_direction *direction)
{
	const struct hda_pcm_stream *info = direction->info;
	size_t i;

	direction->formats = info->formats ?: SNDRV_PCM_FMTBIT_S16_LE |
					      SNDRV_PCM_FMTBIT_S32_LE;
	direction->rates = info->rates;
	for (i = 0; !info->rates && i < ARRAY_SIZE(rates); i++)
		direction->rates |= rates[i].bit;
	direction->channels_min = info->channels_min;
	direction->channels_max = info->channels_max;
}

/* Returns the largest container that it has, within limits; 0 for none. */
static u32 find_container(const struct hda_direction *direction, u32 min,
			  u32 max)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(containers); i++)
		if (direction->formats & containers[i].format &&
		    containers[i].bits >= min && containers[i].bits <= max)
			return containers[i].bits;
	return 0;
}

static u32 smallest_container(const struct hda_direction *direction)
{
	u32 bits = find_container(direction, 0, 32), smaller = bits;

	while (smaller) {
		bits = smaller;
		smaller = find_container(direction, 0, bits - 1);
	}
	return bits;
}

/* Jacks that change sides may give a PCM more channels than it began with. */
#define CHANNELS_MAX	8u

static void add_rate(struct pcpin_descriptor *pin,
		      struct hda_direction *direction, u32 hz, bool is_float)
{
	struct ksdatarange_audio *range =
		&direction->ranges[pin->data_ranges_count++];

	*range = (struct ksdatarange_audio) {
		KSDATARANGE_AUDIO_PCM,
		.maximum_channels = max(direction->channels_max, CHANNELS_MAX),
		.minimum_bits_per_sample = is_float ? 32 :
					   smallest_container(direction),
		.maximum_bits_per_sample = is_float ? 32 :
					   find_container(direction, 0, 32),
		.minimum_sample_frequency = hz,
		.maximum_sample_frequency = hz,
	};
	if (is_float)
		range->data_range.sub_format = ksdataformat_subtype_ieee_float;
}

static void add_pin(struct hda_filter *filter, struct hda_pcm_stream *info,
		    enum kspin_dataflow flow)
{
	u32 n = filter->description.pin_count;
	struct hda_direction *direction = &filter->directions[n];
	struct pcpin_descriptor *pin = &filter->pins[n];
	size_t i;

	if (!info->substreams)
		return;
	direction->info = info;
	usual_limits(direction);
	*pin = (struct pcpin_descriptor) {
		.max_filter_instance_count = info->substreams,
		.data_flow = flow,
		.communication = KSPIN_COMMUNICATION_SINK,
		.data_ranges = direction->ranges,
	};
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		if (!(direction->rates & rates[i].bit))
			continue;
		if (find_container(direction, 0, 32))
			add_rate(pin, direction, rates[i].hz, false);
		if (direction->formats & SNDRV_PCM_FMTBIT_FLOAT_LE)
			add_rate(pin, direction, rates[i].hz, true);
	}
	filter->description.pin_count++;
}

static void fill_format(struct ksdataformat_waveformatextensible *format,
			const guid_t *sub_format, u32 channels, u32 rate,
			u32 bits, u32 valid_bits)
{
	u32 frame = channels * bits / 8;

	*format = (struct ksdataformat_waveformatextensible) {
		.data_format = {
			.format_size = sizeof(*format),
			.sample_size = frame,
			.major_format = ksdataformat_type_audio,
			.sub_format = *sub_format,
			.specifier = ksdataformat_specifier_waveformatex,
		},
		.wave_format = {
			.format_tag = WAVE_FORMAT_EXTENSIBLE,
			.channels = channels,
			.samples_per_sec = rate,
			.avg_bytes_per_sec = rate * frame,
			.block_align = frame,
			.bits_per_sample = bits,
			.valid_bits_per_sample = valid_bits,
			/* Which speakers they are the codec's driver shows. */
			.channel_mask = 0,
		},
	};
}

/*
 * The most of what the codec can do just now: with HDMI that depends on what is
 * plugged in.
 */
static int filter_intersection(struct iminiport *self, u32 pin_id,
		const struct ksdatarange *data_range,
		const struct ksdatarange *matching_data_range,
		struct ksdataformat_waveformatextensible *resultant_format)
{
	const struct ksdatarange_audio *want = ksdatarange_to_audio(data_range);
	const struct ksdatarange_audio *have =
		ksdatarange_to_audio(matching_data_range);
	const struct hda_direction *direction =
		&from_base(self)->directions[pin_id];
	u32 most_bits = direction->info->maxbps;
	bool is_float = guid_equal(&matching_data_range->sub_format,
				   &ksdataformat_subtype_ieee_float);
	u32 channels = min(want->maximum_channels, direction->channels_max);
	u32 rate = have->maximum_sample_frequency, bits, valid;

	if (!READ_ONCE(from_base(self)->pcm) ||
	    !guid_equal(&data_range->sub_format,
			&matching_data_range->sub_format) ||
	    channels < direction->channels_min || !has_rate(direction, rate) ||
	    rate < want->minimum_sample_frequency ||
	    rate > want->maximum_sample_frequency)
		return -ENXIO;
	bits = is_float ? 32 : find_container(direction,
					      want->minimum_bits_per_sample,
					      want->maximum_bits_per_sample);
	if (!bits || bits < want->minimum_bits_per_sample ||
	    bits > want->maximum_bits_per_sample)
		return -ENXIO;
	valid = is_float || !most_bits ? bits : min(bits, most_bits);
	fill_format(resultant_format, &matching_data_range->sub_format,
		    channels, rate, bits, valid);
	return 0;
}

/* The filter */

static int filter_init(struct iminiport_wavepci *self,
		       struct iunknown *unknown_adapter,
		       struct iresource_list *resource_list,
		       struct iport_wavepci *port,
		       struct iservice_group **service_group)
{
	struct hda_filter *filter = from_miniport(self);

	filter->port = port;
	*service_group = NULL;
	return port->vtbl->new_master_dma_channel(port, &filter->dma, NULL,
						  NULL, true, true,
						  filter->controller->wide,
						  BUFFER_BYTES_MAX);
}

static int filter_new_stream(struct iminiport_wavepci *self,
			     struct iminiport_wavepci_stream **stream,
			     struct iunknown *outer_unknown,
			     struct iport_wavepci_stream *port_stream, u32 pin,
			     bool capture,
			     const struct ksdataformat *data_format,
			     struct idma_channel **dma_channel,
			     struct iservice_group **service_group)
{
	struct hda_filter *filter = from_miniport(self);

	if (pin >= filter->description.pin_count ||
	    capture != (filter->pins[pin].data_flow == KSPIN_DATAFLOW_OUT))
		return -EINVAL;
	return hda_stream_create(filter, pin, port_stream, outer_unknown,
				 data_format, stream, dma_channel,
				 service_group);
}

static int filter_get_description(struct iminiport *self,
			const struct pcfilter_descriptor **description)
{
	*description = &from_base(self)->description;
	return 0;
}

static void filter_free(struct cunknown *object)
{
	struct hda_filter *filter = container_of(object, struct hda_filter,
						 base);

	mutex_lock(&filter->controller->filters_mutex);
	list_del(&filter->node);
	mutex_unlock(&filter->controller->filters_mutex);
	if (filter->dma)
		iunknown_put(&filter->dma->unknown);
	kfree(filter);
}

static const struct iminiport_wavepci_vtbl filter_vtbl = {
	.miniport = {
		.unknown = { CUNKNOWN_METHODS },
		.get_description = filter_get_description,
		.data_range_intersection = filter_intersection,
	},
	.init = filter_init,
	.new_stream = filter_new_stream,
	.service = iminiport_wavepci_no_service,
};

DEFINE_CUNKNOWN_CLASS(filter_class, "HDA filter", filter_free,
	CUNKNOWN_INTERFACE(iid_iminiport, struct hda_filter, miniport,
			   filter_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct hda_filter, miniport,
			   filter_vtbl),
	CUNKNOWN_INTERFACE(iid_ipin_substream, struct hda_filter, substreams,
			   hda_pin_vtbl));

static int register_filter(struct hda_filter *filter, struct hda_pcm *pcm)
{
	struct device *device = &filter->controller->pci->dev;
	const char *name = devm_kstrdup(device, pcm->name, GFP_KERNEL);
	struct pc_pcm names = { .device = pcm->device };
	struct iport *port;
	int err;

	if (!name)
		return -ENOMEM;
	err = pc_new_port(&port, &clsid_port_wavepci);
	if (err)
		return err;
	err = port->vtbl->init(port, device, &filter->miniport.unknown, NULL,
			       NULL);
	if (!err)
		err = pc_register_subdevice_pcm(device, name, &port->unknown,
						&names);
	iunknown_put(&port->unknown);
	return err;
}

/**
 * hda_filter_install() - make a codec's PCM a filter, and register it
 * @controller: the controller
 * @codec: the codec
 * @pcm: its PCM, with the number that it is to have
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0, -ENOMEM or another error.
 */
int hda_filter_install(struct hda_controller *controller,
		       struct hda_codec *codec, struct hda_pcm *pcm)
{
	struct hda_filter *filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	int err;

	if (!filter)
		return -ENOMEM;
	cunknown_init(&filter->base, &filter_class, NULL);
	filter->controller = controller;
	filter->codec = codec;
	filter->pcm = pcm;
	init_waitqueue_head(&filter->closed);
	filter->description.pins = filter->pins;
	add_pin(filter, &pcm->stream[SNDRV_PCM_STREAM_PLAYBACK],
		KSPIN_DATAFLOW_IN);
	add_pin(filter, &pcm->stream[SNDRV_PCM_STREAM_CAPTURE],
		KSPIN_DATAFLOW_OUT);
	mutex_lock(&controller->filters_mutex);
	list_add_tail(&filter->node, &controller->filters);
	mutex_unlock(&controller->filters_mutex);
	err = register_filter(filter, pcm);
	iunknown_put(&filter->miniport.unknown);
	return err;
}

static struct hda_filter *find_filter(struct hda_controller *controller,
				      const struct hda_pcm *pcm)
{
	struct hda_filter *filter, *found = NULL;

	mutex_lock(&controller->filters_mutex);
	list_for_each_entry(filter, &controller->filters, node)
		if (filter->pcm == pcm)
			found = filter;
	if (found) {
		iunknown_get(&found->miniport.unknown);
		WRITE_ONCE(found->pcm, NULL);
	}
	mutex_unlock(&controller->filters_mutex);
	return found;
}

/**
 * hda_filter_forget() - a codec's driver goes: nobody may use its PCM any more
 * @controller: the controller
 * @pcm: the PCM, which need not have become a filter
 *
 * Whoever has it open finds it gone, and is waited for. What the port and ALSA
 * have of it stays until the card goes.
 *
 * Context: may sleep.
 */
void hda_filter_forget(struct hda_controller *controller,
		       const struct hda_pcm *pcm)
{
	struct hda_filter *filter = find_filter(controller, pcm);

	if (!filter)
		return;
	if (pcm->pcm)
		snd_device_disconnect(controller->card, pcm->pcm);
	smp_mb();	/* with that in pin_open(): one of us sees the other */
	wait_event(filter->closed, !atomic_read(&filter->opened));
	iunknown_put(&filter->miniport.unknown);
}
