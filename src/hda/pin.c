// SPDX-License-Identifier: GPL-2.0
/*
 * IPinSubstream: while a pin is open its codec is awake, it has an engine, and
 * the codec's driver has seen ALSA's substream, whose limits it may narrow.
 */
#include "hda.h"

static struct hda_filter *from_pins(struct ipin_substream *self)
{
	return container_of(self, struct hda_filter, substreams);
}

/* What the library's controller driver has there before it asks the codec's. */
static void fill_hardware(struct snd_pcm_runtime *runtime,
			  const struct hda_pcm_stream *info)
{
	runtime->hw = (struct snd_pcm_hardware) {
		.formats = info->formats,
		.rates = info->rates,
		.channels_min = info->channels_min,
		.channels_max = info->channels_max,
	};
	snd_pcm_limit_hw_rates(runtime);
}

/* It may have narrowed them, or widened. */
static void take_limits(struct hda_direction *direction,
			const struct snd_pcm_hardware *hw)
{
	direction->formats = hw->formats;
	direction->rates = hw->rates;
	direction->channels_min = hw->channels_min;
	direction->channels_max = hw->channels_max;
}

static int open_codec(struct hda_filter *filter,
		      struct hda_direction *direction,
		      struct snd_pcm_substream *substream,
		      struct hdac_stream *engine)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct hda_pcm_stream *info = direction->info;
	int err;

	snd_hda_power_up(filter->codec);
	fill_hardware(runtime, info);
	/* Some write there what they want of the engine, until they are closed. */
	runtime->private_data = engine;
	err = info->ops.open ?
		info->ops.open(info, filter->codec, substream) : -ENODEV;
	if (err < 0)
		snd_hda_power_down(filter->codec);
	else
		take_limits(direction, &runtime->hw);
	return min(err, 0);
}

static int pin_open(struct ipin_substream *self, u32 pin_id,
		    struct snd_pcm_substream *substream)
{
	struct hda_filter *filter = from_pins(self);
	struct hdac_stream *engine;
	int err;

	/* hda_filter_forget() waits for those who were first. */
	atomic_inc(&filter->opened);
	smp_mb__after_atomic();		/* with that in hda_filter_forget() */
	if (!READ_ONCE(filter->pcm)) {
		err = -ENODEV;
		goto closed;
	}
	engine = snd_hdac_stream_assign(&filter->controller->bus.core,
					substream);
	if (!engine) {
		err = -EBUSY;
		goto closed;
	}
	err = open_codec(filter, &filter->directions[pin_id], substream,
			 engine);
	if (!err)
		return 0;
	snd_hdac_stream_release(engine);
closed:
	if (atomic_dec_and_test(&filter->opened))
		wake_up(&filter->closed);
	return err;
}

static void pin_close(struct ipin_substream *self, u32 pin_id,
		      struct snd_pcm_substream *substream)
{
	struct hda_filter *filter = from_pins(self);
	struct hda_pcm_stream *info = filter->directions[pin_id].info;

	if (info->ops.close)
		info->ops.close(info, filter->codec, substream);
	snd_hdac_stream_release(substream->runtime->private_data);
	snd_hda_power_down(filter->codec);
	if (atomic_dec_and_test(&filter->opened))
		wake_up(&filter->closed);
}

const struct ipin_substream_vtbl hda_pin_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.open = pin_open,
	.close = pin_close,
};
