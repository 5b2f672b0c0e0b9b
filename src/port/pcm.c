// SPDX-License-Identifier: GPL-2.0
/*
 * ALSA's side of a wave filter: PCM operations become states and packets.
 */
#include <linux/math64.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>
#include <sound/pcm_params.h>

#include "wave.h"

#define PERIODS_MIN	2
#define PERIODS_MAX	1024
#define PERIOD_BYTES_MIN	64

/**
 * struct pcm_stream - an open substream
 * @pin: the pin it is an instance of
 * @caps: what the pin could do when it was opened: that may depend on what
 *	others have open
 * @stream: the port's stream, from hw_params to hw_free
 * @written: how far the application had written, modulo ALSA's boundary
 * @ready: prepared, so that writing means something. Both are protected by
 *	ALSA's stream lock: ack may come at any time.
 */
struct pcm_stream {
	struct wave_pin *pin;
	struct format_caps *caps;
	struct wave_stream *stream;
	snd_pcm_uframes_t written;
	bool ready;
};

static struct wave_pin *substream_pin(struct snd_pcm_substream *substream)
{
	struct wave_pin **pins = snd_pcm_substream_chip(substream);

	return pins[substream->stream];
}

static struct wave_stream *substream_stream(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = substream->runtime->private_data;

	return pcm->stream;
}

/* --- what the pin can do, as rules ------------------------------------- */

static bool caps_match(const struct format_caps *caps,
		       struct snd_pcm_hw_params *params, bool formats,
		       bool channels, bool rates)
{
	const struct snd_mask *mask = hw_param_mask_c(params,
						SNDRV_PCM_HW_PARAM_FORMAT);
	const struct snd_interval *c = hw_param_interval_c(params,
						SNDRV_PCM_HW_PARAM_CHANNELS);
	const struct snd_interval *r = hw_param_interval_c(params,
						SNDRV_PCM_HW_PARAM_RATE);
	u64 wanted = GENMASK_ULL(min(c->max, 63u), min(c->min, 63u));

	if (formats && !(((u64)mask->bits[1] << 32 | mask->bits[0]) &
			 caps->formats))
		return false;
	if (channels && !(caps->channels & wanted))
		return false;
	return !rates || (caps->rate_min <= r->max && caps->rate_max >= r->min);
}

static int rule_format(struct snd_pcm_hw_params *params,
		       struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	struct snd_mask mask = {};
	u64 formats = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++)
		if (caps_match(&pcm->caps[i], params, false, true, true))
			formats |= pcm->caps[i].formats;
	mask.bits[0] = lower_32_bits(formats);
	mask.bits[1] = upper_32_bits(formats);
	return snd_mask_refine(hw_param_mask(params, rule->var), &mask);
}

static int rule_channels(struct snd_pcm_hw_params *params,
			 struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	unsigned int list[64], count = 0, c;
	u64 channels = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++)
		if (caps_match(&pcm->caps[i], params, true, false, true))
			channels |= pcm->caps[i].channels;
	for (c = 1; c < 64; c++)
		if (channels & BIT_ULL(c))
			list[count++] = c;
	return snd_interval_list(hw_param_interval(params, rule->var), count,
				 list, 0);
}

static int rule_rate(struct snd_pcm_hw_params *params,
		     struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	u32 count = pcm->pin->descriptor->data_ranges_count;
	struct snd_interval *ranges;
	unsigned int mask = 0;
	int ret;
	u32 i;

	if (count > 32)
		count = 32;
	ranges = kcalloc(count, sizeof(*ranges), GFP_KERNEL);
	if (!ranges)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		ranges[i].min = pcm->caps[i].rate_min;
		ranges[i].max = pcm->caps[i].rate_max;
		ranges[i].integer = 1;
		if (caps_match(&pcm->caps[i], params, true, true, false))
			mask |= BIT(i);
	}
	ret = mask ? snd_interval_ranges(hw_param_interval(params, rule->var),
					 count, ranges, mask) : -EINVAL;
	kfree(ranges);
	return ret;
}

/*
 * What all data ranges have in common needs no rule: see fill_hardware(). But
 * the channels there are only from the fewest to the most.
 */
static int add_format_rules(struct snd_pcm_runtime *runtime,
			    struct pcm_stream *pcm)
{
	bool formats = false, channels = false, rates = false;
	const struct format_caps *caps = pcm->caps;
	int err = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++) {
		u64 lowest = caps[i].channels & -caps[i].channels;

		formats |= caps[i].formats != caps->formats;
		channels |= caps[i].channels != caps->channels ||
			    caps[i].channels & (caps[i].channels + lowest);
		rates |= caps[i].rate_min != caps->rate_min ||
			 caps[i].rate_max != caps->rate_max;
	}
	if (formats)
		err = snd_pcm_hw_rule_add(runtime, 0,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  rule_format, pcm,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	if (channels && err >= 0)
		err = snd_pcm_hw_rule_add(runtime, 0,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  rule_channels, pcm,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	if (rates && err >= 0)
		err = snd_pcm_hw_rule_add(runtime, 0, SNDRV_PCM_HW_PARAM_RATE,
					  rule_rate, pcm,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  SNDRV_PCM_HW_PARAM_CHANNELS, -1);
	return err;
}

static int add_rules(struct snd_pcm_runtime *runtime, struct pcm_stream *pcm)
{
	u32 step = pcm->pin->framing.file_alignment + 1;
	int err;

	err = add_format_rules(runtime, pcm);
	if (err < 0)
		return err;
	err = snd_pcm_hw_constraint_integer(runtime, SNDRV_PCM_HW_PARAM_RATE);
	if (err < 0)
		return err;
	err = snd_pcm_hw_constraint_integer(runtime,
					    SNDRV_PCM_HW_PARAM_PERIODS);
	if (err < 0 || step == 1)
		return min(err, 0);
	err = snd_pcm_hw_constraint_step(runtime, 0,
					 SNDRV_PCM_HW_PARAM_PERIOD_BYTES,
					 step);
	return min(err, 0);
}

static void fill_hardware(struct snd_pcm_hardware *hw, struct pcm_stream *pcm)
{
	struct wave_pin *pin = pcm->pin;
	u32 i;

	*hw = (struct snd_pcm_hardware) {
		.info = SNDRV_PCM_INFO_MMAP | SNDRV_PCM_INFO_MMAP_VALID |
			SNDRV_PCM_INFO_INTERLEAVED |
			SNDRV_PCM_INFO_BLOCK_TRANSFER | SNDRV_PCM_INFO_PAUSE |
			SNDRV_PCM_INFO_NO_PERIOD_WAKEUP,
		.rates = SNDRV_PCM_RATE_KNOT,
		.rate_min = U32_MAX,
		.channels_min = U32_MAX,
		.buffer_bytes_max = pin->buffer_bytes_max,
		.period_bytes_min = max_t(u32, PERIOD_BYTES_MIN,
					  pin->framing.file_alignment + 1),
		.period_bytes_max = pin->buffer_bytes_max / PERIODS_MIN,
		.periods_min = PERIODS_MIN,
		.periods_max = PERIODS_MAX,
	};
	for (i = 0; i < pin->descriptor->data_ranges_count; i++) {
		const struct format_caps *caps = &pcm->caps[i];

		if (!caps->formats)
			continue;
		hw->formats |= caps->formats;
		hw->rate_min = min(hw->rate_min, caps->rate_min);
		hw->rate_max = max(hw->rate_max, caps->rate_max);
		hw->channels_min = min_t(u32, hw->channels_min,
					 __ffs64(caps->channels));
		hw->channels_max = max_t(u32, hw->channels_max,
					 fls64(caps->channels) - 1);
	}
}

/* --- operations --------------------------------------------------------- */

static void pcm_stream_free(struct pcm_stream *pcm)
{
	kfree(pcm->caps);
	kfree(pcm);
}

static struct pcm_stream *pcm_stream_new(struct wave_pin *pin)
{
	struct pcm_stream *pcm = kzalloc(sizeof(*pcm), GFP_KERNEL);

	if (!pcm)
		return NULL;
	pcm->pin = pin;
	pcm->caps = kcalloc(pin->descriptor->data_ranges_count,
			    sizeof(*pcm->caps), GFP_KERNEL);
	if (pcm->caps)
		return pcm;
	kfree(pcm);
	return NULL;
}

static int pcm_open(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct wave_pin *pin = substream_pin(substream);
	struct adapter *adapter = pin->port->adapter;
	struct pcm_stream *pcm = pcm_stream_new(pin);
	int err;

	if (!pcm) {
		err = -ENOMEM;
		goto complain;
	}
	err = wave_pin_take(pin);
	if (err)
		goto free;
	/* No formats at all are no error here, but nothing will be accepted. */
	format_find_caps(&pin->port->miniport->miniport, pin->id,
			 pin->descriptor, pcm->caps);
	fill_hardware(&runtime->hw, pcm);
	if (adapter->power)
		runtime->hw.info |= SNDRV_PCM_INFO_RESUME;
	if (adapter->streaming && !pin->capture)
		runtime->hw.info |= SNDRV_PCM_INFO_DRAIN_TRIGGER |
				    SNDRV_PCM_INFO_SYNC_APPLPTR;
	err = add_rules(runtime, pcm);
	if (err)
		goto give_back;
	pm_runtime_get_sync(pin->port->device);
	runtime->private_data = pcm;
	return 0;

give_back:
	wave_pin_give_back(pin);
free:
	pcm_stream_free(pcm);
complain:
	if (err == -ENOMEM)
		dev_err_ratelimited(pin->port->device,
				    "%s: no memory for a stream\n", pin->name);
	return err;
}

static int pcm_close(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = substream->runtime->private_data;

	pm_runtime_put(pcm->pin->port->device);
	wave_pin_give_back(pcm->pin);
	pcm_stream_free(pcm);
	return 0;
}

static void pcm_stop(struct wave_stream *stream)
{
	if (stream->state == KSSTATE_STOP)
		return;
	wave_stream_quiesce(stream);
	wave_stream_set_state(stream, KSSTATE_STOP);
}

static int pcm_set_format(struct pcm_stream *pcm,
			  struct snd_pcm_substream *substream,
			  struct snd_pcm_hw_params *params)
{
	struct ksdataformat_waveformatextensible format;
	struct wave_pin *pin = pcm->pin;
	struct iminiport_wavepci_stream *miniport;
	int err;

	err = format_make((__force int)params_format(params),
			  params_channels(params), params_rate(params),
			  &format);
	if (!err)
		err = format_intersect(&pin->port->miniport->miniport, pin->id,
				       pin->descriptor, &format);
	if (err)
		return err;
	if (!pcm->stream)
		return wave_stream_create(pin, substream, &format.data_format,
					  &pcm->stream);
	miniport = pcm->stream->miniport;
	return miniport->vtbl->set_format(miniport, &format.data_format);
}

static void pcm_set_ready(struct snd_pcm_substream *substream, bool ready)
{
	struct pcm_stream *pcm = substream->runtime->private_data;

	snd_pcm_stream_lock_irq(substream);
	pcm->ready = ready;
	pcm->written = 0;
	snd_pcm_stream_unlock_irq(substream);
}

static int pcm_hw_params(struct snd_pcm_substream *substream,
			 struct snd_pcm_hw_params *params)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = runtime->private_data;
	bool wakeups = !(params->flags & SNDRV_PCM_HW_PARAMS_NO_PERIOD_WAKEUP);
	int err;

	pcm_set_ready(substream, false);
	if (pcm->stream)
		pcm_stop(pcm->stream);
	err = pcm_set_format(pcm, substream, params);
	if (!err)
		err = wave_stream_set_ring(pcm->stream,
					   params_buffer_bytes(params),
					   params_period_bytes(params),
					   wakeups);
	if (err == -ENOMEM)
		dev_err_ratelimited(pcm->pin->port->device,
				    "%s: no memory for a ring of %u bytes\n",
				    pcm->pin->name,
				    params_buffer_bytes(params));
	if (err)
		return err;
	runtime->dma_area = pcm->stream->buffer.area;
	runtime->dma_addr = 0;
	runtime->dma_bytes = params_buffer_bytes(params);
	return 0;
}

static int pcm_hw_free(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = runtime->private_data;

	pcm_set_ready(substream, false);
	if (!pcm->stream)
		return 0;
	pcm_stop(pcm->stream);
	runtime->dma_area = NULL;
	runtime->dma_bytes = 0;
	wave_stream_destroy(pcm->stream);
	pcm->stream = NULL;
	return 0;
}

static int pcm_prepare(struct snd_pcm_substream *substream)
{
	struct wave_stream *stream = substream_stream(substream);
	int err;

	if (!stream->open)
		return -ENOMEM;
	pcm_set_ready(substream, false);
	pcm_stop(stream);
	err = wave_stream_set_state(stream, KSSTATE_PAUSE);
	if (!err)
		pcm_set_ready(substream, true);
	return err;
}

/* ALSA's pointers begin at zero after prepare, and wrap at the boundary. */
static int pcm_ack(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = runtime->private_data;
	snd_pcm_sframes_t frames = runtime->control->appl_ptr - pcm->written;
	snd_pcm_sframes_t half = runtime->boundary / 2;

	if (!pcm->ready || !pcm->stream->streaming)
		return 0;
	if (frames < -half)
		frames += runtime->boundary;
	else if (frames > half)
		frames -= runtime->boundary;
	pcm->written = runtime->control->appl_ptr;
	wave_stream_write(pcm->stream, (s64)frames_to_bytes(runtime, 1) *
				       frames);
	return 0;
}

/* After a reset the application goes on writing where the hardware is. */
static int pcm_ioctl(struct snd_pcm_substream *substream, unsigned int cmd,
		     void *arg)
{
	struct pcm_stream *pcm = substream->runtime->private_data;
	unsigned long irq;
	int ret;

	ret = snd_pcm_lib_ioctl(substream, cmd, arg);
	if (ret || cmd != SNDRV_PCM_IOCTL1_RESET)
		return ret;
	snd_pcm_stream_lock_irqsave(substream, irq);
	if (pcm->ready && pcm->stream->streaming) {
		pcm->written = substream->runtime->status->hw_ptr;
		wave_stream_forget(pcm->stream);
	}
	snd_pcm_stream_unlock_irqrestore(substream, irq);
	return 0;
}

/**
 * pcm_silence() - fill a part of the ring with silence
 * @substream: the substream
 * @offset: where in the ring, in bytes
 * @bytes: how much; doesn't go past the end of the ring
 *
 * Context: any.
 */
void pcm_silence(struct snd_pcm_substream *substream, u32 offset, u32 bytes)
{
	struct snd_pcm_runtime *runtime = substream->runtime;

	snd_pcm_format_set_silence(runtime->format, runtime->dma_area + offset,
				   bytes_to_samples(runtime, bytes));
}

/* What is recorded so far is readable, also when nothing follows. */
static int pcm_pause(struct snd_pcm_substream *substream,
		     struct wave_stream *stream)
{
	bool recorded = stream->pin->capture && stream->state == KSSTATE_RUN;
	int err = wave_stream_set_state(stream, KSSTATE_PAUSE);

	if (recorded)
		snd_pcm_period_elapsed_under_stream_lock(substream);
	return err;
}

static int pcm_trigger(struct snd_pcm_substream *substream, int cmd)
{
	struct wave_stream *stream = substream_stream(substream);

	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
	case SNDRV_PCM_TRIGGER_RESUME:
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
		return wave_stream_set_state(stream, KSSTATE_RUN);
	case SNDRV_PCM_TRIGGER_STOP:
	case SNDRV_PCM_TRIGGER_SUSPEND:
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		return pcm_pause(substream, stream);
	case SNDRV_PCM_TRIGGER_DRAIN:
		wave_stream_drain(stream);
		return 0;
	default:
		return -EINVAL;
	}
}

static int pcm_sync_stop(struct snd_pcm_substream *substream)
{
	struct wave_stream *stream = substream_stream(substream);

	if (stream)
		wave_stream_quiesce(stream);
	return 0;
}

static snd_pcm_uframes_t pcm_pointer(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct wave_stream *stream = substream_stream(substream);
	u64 position = wave_stream_position(stream);

	if (stream->prefetch_bytes && !stream->pin->capture) {
		u64 fetched = wave_stream_fetched(stream, position);

		runtime->delay = bytes_to_frames(runtime, fetched - position);
		position = fetched;
	}
	return bytes_to_frames(runtime, do_div(position,
					       stream->layout.ring_bytes));
}

/**
 * pcm_ask_position() - ask the miniport where its stream is
 * @stream: the stream
 * @position: receives it
 *
 * Context: no lock held.
 * Return: 0 or the miniport's error.
 */
int pcm_ask_position(struct wave_stream *stream, u64 *position)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	unsigned long irq;
	int err;

	snd_pcm_stream_lock_irqsave(stream->substream, irq);
	err = miniport->vtbl->get_position(miniport, position);
	snd_pcm_stream_unlock_irqrestore(stream->substream, irq);
	return err;
}

static struct page *pcm_page(struct snd_pcm_substream *substream,
			     unsigned long offset)
{
	struct wave_buffer *buffer = &substream_stream(substream)->buffer;

	return buffer->pages[offset >> PAGE_SHIFT];
}

static const struct snd_pcm_ops pcm_ops = {
	.open = pcm_open,
	.close = pcm_close,
	.hw_params = pcm_hw_params,
	.hw_free = pcm_hw_free,
	.prepare = pcm_prepare,
	.trigger = pcm_trigger,
	.sync_stop = pcm_sync_stop,
	.pointer = pcm_pointer,
	.page = pcm_page,
	.ack = pcm_ack,
	.ioctl = pcm_ioctl,
};

/**
 * pcm_period_elapsed() - tell ALSA that packets are complete
 * @substream: the substream
 * @stream: its stream
 * @exact: ask the card where it is, instead of telling what is complete
 *
 * An application that doesn't want to be woken still wants to know that its
 * last sound has been played.
 *
 * Context: any, no lock held.
 */
void pcm_period_elapsed(struct snd_pcm_substream *substream,
			struct wave_stream *stream, bool exact)
{
	unsigned long irq;

	if (!stream->wakeups && !exact) {
		if (substream->runtime->state != SNDRV_PCM_STATE_DRAINING)
			return;
		exact = true;
	}
	snd_pcm_stream_lock_irqsave(substream, irq);
	stream->elapsing = !exact;
	snd_pcm_period_elapsed_under_stream_lock(substream);
	stream->elapsing = false;
	snd_pcm_stream_unlock_irqrestore(substream, irq);
}

static void pcm_free(struct snd_pcm *pcm)
{
	kfree(pcm->private_data);
}

/**
 * pcm_create() - make a PCM device of two pins
 * @port: the filter
 * @playback: playback pin, or NULL
 * @capture: capture pin, or NULL
 * @name: name of the filter
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int pcm_create(struct wave_port *port, struct wave_pin *playback,
	       struct wave_pin *capture, const char *name)
{
	struct adapter *adapter = port->adapter;
	const char *label = playback ? playback->descriptor->name :
				       capture->descriptor->name;
	struct wave_pin **pins;
	struct snd_pcm *pcm;
	int err;

	pins = kcalloc(SNDRV_PCM_STREAM_LAST + 1, sizeof(*pins), GFP_KERNEL);
	if (!pins)
		return -ENOMEM;
	pins[SNDRV_PCM_STREAM_PLAYBACK] = playback;
	pins[SNDRV_PCM_STREAM_CAPTURE] = capture;

	err = snd_pcm_new(adapter->card, name, adapter->pcm_count,
			  playback ?
			  playback->descriptor->max_filter_instance_count : 0,
			  capture ?
			  capture->descriptor->max_filter_instance_count : 0,
			  &pcm);
	if (err < 0) {
		kfree(pins);
		return err;
	}
	adapter->pcm_count++;
	pcm->private_data = pins;
	pcm->private_free = pcm_free;
	if (playback)
		snd_pcm_set_ops(pcm, SNDRV_PCM_STREAM_PLAYBACK, &pcm_ops);
	if (capture)
		snd_pcm_set_ops(pcm, SNDRV_PCM_STREAM_CAPTURE, &pcm_ops);
	if (label)
		snprintf(pcm->name, sizeof(pcm->name), "%s %s", name, label);
	else
		strscpy(pcm->name, name, sizeof(pcm->name));
	return 0;
}
