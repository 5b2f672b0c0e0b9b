// SPDX-License-Identifier: GPL-2.0
/*
 * ALSA's side of a wave filter: PCM operations become states and packets.
 */
#include <linux/math64.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>
#include <sound/pcm_params.h>

#include "pcm.h"
#include "trace.h"

/* Until it is open ALSA has there what the whole device has. */
static struct pcm_stream *pcm_find(struct snd_pcm_substream *substream)
{
	struct wave_pin **pins = snd_pcm_substream_chip(substream);

	return &pins[substream->stream]->substreams[substream->number];
}

/* A miniport that drives its hardware by a library of ALSA's wants to see it. */
static int pcm_show_substream(struct wave_pin *pin,
			      struct snd_pcm_substream *substream)
{
	struct ipin_substream *substreams = pin->port->substreams;

	if (!substreams)
		return 0;
	return portcls_error(substreams->vtbl->open(substreams, pin->id,
						    substream));
}

static void pcm_hide_substream(struct wave_pin *pin,
			       struct snd_pcm_substream *substream)
{
	struct ipin_substream *substreams = pin->port->substreams;

	if (substreams)
		substreams->vtbl->close(substreams, pin->id, substream);
}

static void pcm_free_caps(struct pcm_stream *pcm)
{
	kfree(pcm->caps);
	pcm->caps = NULL;
}

static int pcm_open(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = pcm_find(substream);
	struct wave_pin *pin = pcm->pin;
	int err;

	err = portcls_wake(pin->port->base.device);
	if (err)
		goto complain;
	err = wave_pin_take(pin);
	if (err)
		goto let_sleep;
	pcm->caps = kcalloc(pin->descriptor->data_ranges_count,
			    sizeof(*pcm->caps), GFP_KERNEL);
	if (!pcm->caps) {
		err = -ENOMEM;
		goto give_back;
	}
	err = pcm_show_substream(pin, substream);
	if (err)
		goto free;
	/* No formats at all are no error here, but nothing will be accepted. */
	wave_format_find_caps(&pin->port->miniport->miniport, pin->id,
			      pin->descriptor, pcm->caps);
	wave_pcm_fill_hardware(&runtime->hw, pcm);
	err = wave_pcm_add_rules(runtime, pcm);
	if (err)
		goto hide;
	substream->private_data = pcm;
	return 0;

hide:
	pcm_hide_substream(pin, substream);
free:
	pcm_free_caps(pcm);
give_back:
	wave_pin_give_back(pin);
let_sleep:
	portcls_let_sleep(pin->port->base.device);
complain:
	if (err == -ENOMEM)
		dev_err_ratelimited(pin->port->base.device,
				    "%s: no memory for a stream\n", pin->name);
	return err;
}

/*
 * Take the stream away from trigger, pointer and ack. hw_params, hw_free and
 * prepare run without ALSA's stream lock, and a second thread's START may come
 * at any time: kernels before 6.1.188 and 6.12.110 don't hold it back. So
 * whoever holds the stream lock looks at @ready first, and it is under that
 * lock that the stream leaves RUN.
 */
static void pcm_take_away(struct snd_pcm_substream *substream,
			  struct pcm_stream *pcm)
{
	snd_pcm_stream_lock_irq(substream);
	WRITE_ONCE(pcm->ready, false);
	if (pcm->stream && pcm->stream->state == KSSTATE_RUN)
		wave_stream_set_state(pcm->stream, KSSTATE_PAUSE);
	snd_pcm_stream_unlock_irq(substream);
}

static void pcm_stop(struct snd_pcm_substream *substream,
		     struct pcm_stream *pcm)
{
	struct wave_stream *stream = pcm->stream;

	pcm_take_away(substream, pcm);
	if (!stream || stream->state == KSSTATE_STOP)
		return;
	if (READ_ONCE(substream->runtime->state) == SNDRV_PCM_STATE_XRUN)
		WRITE_ONCE(stream->counts.xruns, stream->counts.xruns + 1);
	wave_stream_quiesce(stream);
	wave_stream_set_state(stream, KSSTATE_STOP);
}

static void pcm_destroy_stream(struct snd_pcm_substream *substream,
			       struct pcm_stream *pcm)
{
	pcm_stop(substream, pcm);
	if (!pcm->stream)
		return;
	wave_stream_destroy(pcm->stream);
	pcm->stream = NULL;
	/* Last: until then ALSA takes it for a mistake to find no ring. */
	substream->runtime->dma_area = NULL;
	substream->runtime->dma_bytes = 0;
}

static void pcm_give(struct snd_pcm_substream *substream,
		     struct pcm_stream *pcm)
{
	snd_pcm_stream_lock_irq(substream);
	WRITE_ONCE(pcm->ready, true);
	pcm->written = 0;
	pcm->draining = false;
	pcm->silent = 0;
	snd_pcm_stream_unlock_irq(substream);
}

static int pcm_set_format(struct pcm_stream *pcm,
			  struct snd_pcm_substream *substream,
			  struct snd_pcm_hw_params *params)
{
	struct ksdataformat_waveformatextensible format;
	struct wave_pin *pin = pcm->pin;
	int err;

	err = wave_format_make((__force int)params_format(params),
			       params_channels(params), params_rate(params),
			       &format);
	if (!err)
		err = wave_format_intersect(&pin->port->miniport->miniport,
					    pin->id, pin->descriptor, &format);
	if (err)
		return err;
	if (!pcm->stream)
		return wave_stream_create(pin, &wave_pcm_client, substream,
					  &format, &pcm->stream);
	return wave_stream_set_format(pcm->stream, &format);
}

static int pcm_make_ring(struct snd_pcm_substream *substream,
			 struct pcm_stream *pcm,
			 struct snd_pcm_hw_params *params)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	bool wakeups = wave_pcm_choose_wakeups(params);
	int err;

	pcm_stop(substream, pcm);
	err = pcm_set_format(pcm, substream, params);
	if (!err)
		err = wave_stream_set_ring(pcm->stream,
					   params_buffer_bytes(params),
					   params_period_bytes(params), wakeups,
					   atomic_read(&substream->mmap_count));
	if (err == -ENOMEM)
		dev_err_ratelimited(pcm->pin->port->base.device,
				    "%s: no memory for a ring of %u bytes\n",
				    pcm->pin->name,
				    params_buffer_bytes(params));
	if (err)
		return err;
	runtime->dma_area = pcm->stream->buffer.area;
	runtime->dma_addr = 0;
	runtime->dma_bytes = params_buffer_bytes(params);
	/* Further than that nobody should rewind: the device has it already. */
	params->fifo_size = READ_ONCE(pcm->stream->prefetch_bytes) /
			    snd_pcm_format_size(params_format(params),
						params_channels(params));
	return 0;
}

static int pcm_hw_params(struct snd_pcm_substream *substream,
			 struct snd_pcm_hw_params *params)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);
	int err;

	mutex_lock(&pcm->mutex);
	err = pcm_make_ring(substream, pcm, params);
	mutex_unlock(&pcm->mutex);
	return err;
}

/*
 * ALSA gives back the ring of hw_params that failed, and by way of OSS it calls
 * them for a ring that an application has mapped. That stays until close.
 */
static int pcm_hw_free(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);

	mutex_lock(&pcm->mutex);
	if (atomic_read(&substream->mmap_count))
		pcm_stop(substream, pcm);
	else
		pcm_destroy_stream(substream, pcm);
	mutex_unlock(&pcm->mutex);
	return 0;
}

/* A mapping holds the file, so here there is none any more. */
static int pcm_close(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);

	mutex_lock(&pcm->mutex);
	pcm_destroy_stream(substream, pcm);
	mutex_unlock(&pcm->mutex);
	pcm_hide_substream(pcm->pin, substream);
	pcm_free_caps(pcm);
	wave_pin_give_back(pcm->pin);
	portcls_let_sleep(pcm->pin->port->base.device);
	return 0;
}

static int pcm_make_ready(struct snd_pcm_substream *substream,
			  struct pcm_stream *pcm)
{
	int err;

	if (!pcm->stream)
		return -EBADFD;
	if (!pcm->stream->open)
		return -ENOMEM;
	pcm_stop(substream, pcm);
	err = wave_stream_set_state(pcm->stream, KSSTATE_PAUSE);
	if (!err)
		pcm_give(substream, pcm);
	return err;
}

static int pcm_prepare(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);
	int err;

	mutex_lock(&pcm->mutex);
	err = pcm_make_ready(substream, pcm);
	mutex_unlock(&pcm->mutex);
	return err;
}

/* ALSA's pointers begin at zero after prepare, and wrap at the boundary. */
static int pcm_ack(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = wave_pcm_of(substream);
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

/*
 * ALSA fills a ring with silence in whatever it does, a drain and a reset too,
 * and doesn't look whether the stream was ready for that. Of one that isn't, the
 * ring may be gone or another one. Asked for by a write, without the stream lock,
 * the ring stays at least.
 */
static int pcm_fill_silence(struct snd_pcm_substream *substream, int channel,
			    unsigned long position, unsigned long bytes)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = wave_pcm_of(substream);

	if (!READ_ONCE(pcm->ready))
		return 0;
	return snd_pcm_format_set_silence(runtime->format,
					  runtime->dma_area + position,
					  bytes_to_samples(runtime, bytes));
}

/* After a reset the application goes on writing where the hardware is. */
static int pcm_ioctl(struct snd_pcm_substream *substream, unsigned int cmd,
		     void *arg)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);
	unsigned long flags;
	int ret;

	ret = snd_pcm_lib_ioctl(substream, cmd, arg);
	if (ret || cmd != SNDRV_PCM_IOCTL1_RESET)
		return ret;
	snd_pcm_stream_lock_irqsave(substream, flags);
	if (pcm->ready && pcm->stream->streaming) {
		pcm->written = substream->runtime->status->hw_ptr;
		wave_stream_forget(pcm->stream);
	}
	snd_pcm_stream_unlock_irqrestore(substream, flags);
	return 0;
}

/*
 * While a stream is paused ALSA takes its last look to be a thousand seconds
 * old, and while the machine sleeps it grows old by itself. Without wakeups that
 * would count as so many rings, as soon as it looks again.
 */
static int pcm_release(struct snd_pcm_runtime *runtime, struct pcm_stream *pcm)
{
	int err;

	if (runtime->no_period_wakeup)
		runtime->hw_ptr_jiffies = jiffies;
	err = wave_stream_set_state(pcm->stream, KSSTATE_RUN);
	if (!err && pcm->draining)
		wave_service_look(pcm->stream);
	return err;
}

/*
 * Who starts a stream with nothing written, and doesn't want it stopped for that,
 * writes where ALSA doesn't see it, as dmix does, and OSS with a ring that is
 * mapped. And ALSA doesn't say when it starts one only to drain it: that is seen
 * when it has been started.
 */
static int pcm_start(struct snd_pcm_substream *substream,
		     struct pcm_stream *pcm)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct wave_stream *stream = pcm->stream;
	int err;

	if (stream->streaming && !pcm->written &&
	    runtime->stop_threshold >= runtime->boundary)
		wave_stream_loop(stream);
	err = wave_stream_set_state(stream, KSSTATE_RUN);
	if (!err && wave_pcm_cares_for_end(pcm))
		wave_service_look(stream);
	return err;
}

/*
 * Tells ALSA nothing of a period, not even of what was recorded up to here: it
 * may find the ring full and stop the stream, that is to come here again, and
 * of linked streams it holds the group's lock.
 */
static int pcm_trigger(struct snd_pcm_substream *substream, int cmd)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);

	if (!pcm->ready)
		return -EBADFD;
	switch (cmd) {
	case SNDRV_PCM_TRIGGER_START:
		return pcm_start(substream, pcm);
	case SNDRV_PCM_TRIGGER_RESUME:
	case SNDRV_PCM_TRIGGER_PAUSE_RELEASE:
		return pcm_release(substream->runtime, pcm);
	case SNDRV_PCM_TRIGGER_STOP:
	case SNDRV_PCM_TRIGGER_SUSPEND:
	case SNDRV_PCM_TRIGGER_PAUSE_PUSH:
		return wave_stream_set_state(pcm->stream, KSSTATE_PAUSE);
	case SNDRV_PCM_TRIGGER_DRAIN:
		wave_pcm_drain(substream, pcm);
		return 0;
	default:
		return -EINVAL;
	}
}

static int pcm_sync_stop(struct snd_pcm_substream *substream)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);

	mutex_lock(&pcm->mutex);
	if (pcm->stream)
		wave_stream_quiesce(pcm->stream);
	mutex_unlock(&pcm->mutex);
	return 0;
}

static snd_pcm_uframes_t pcm_pointer(struct snd_pcm_substream *substream)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = wave_pcm_of(substream);
	struct wave_stream *stream = pcm->stream;
	u64 position;

	/* Started while it was being taken away: it doesn't run. */
	if (unlikely(!pcm->ready))
		return SNDRV_PCM_POS_XRUN;
	if (unlikely(wave_pcm_group_busy(substream))) {
		wave_service_look(stream);
		position = stream->position;
	} else {
		position = wave_stream_position(stream);
	}
	trace_wavepci_position(stream, frames_to_bytes(runtime, 1) *
					(u64)runtime->control->appl_ptr);
	if (unlikely(READ_ONCE(stream->holds_back)))
		runtime->delay = bytes_to_frames(runtime, stream->behind);
	return bytes_to_frames(runtime, do_div(position,
					       stream->layout.ring_bytes));
}

/*
 * The time of the sample at the converter, by the miniport's own reckoning.
 * ALSA asks right after it has asked for the pointer.
 */
static int pcm_get_time_info(struct snd_pcm_substream *substream,
			     struct timespec64 *system_ts,
			     struct timespec64 *audio_ts,
			     struct snd_pcm_audio_tstamp_config *config,
			     struct snd_pcm_audio_tstamp_report *report)
{
	struct snd_pcm_runtime *runtime = substream->runtime;
	struct pcm_stream *pcm = wave_pcm_of(substream);
	struct iminiport_wavepci_stream *miniport;
	s64 time;

	report->actual_type = SNDRV_PCM_AUDIO_TSTAMP_TYPE_DEFAULT;
	if (!pcm->ready ||
	    config->type_requested != SNDRV_PCM_AUDIO_TSTAMP_TYPE_LINK)
		return 0;
	time = pcm->stream->position + pcm->stream->behind;
	miniport = pcm->stream->miniport;
	if (miniport->vtbl->normalize_physical_position(miniport, &time))
		return 0;
	snd_pcm_gettime(runtime, system_ts);
	*audio_ts = ns_to_timespec64(time * 100);
	report->actual_type = SNDRV_PCM_AUDIO_TSTAMP_TYPE_LINK;
	report->accuracy_report = 1;
	report->accuracy = NSEC_PER_SEC / runtime->rate;
	return 0;
}

/* ALSA counts who has it mapped, and until nobody has the ring stays. */
static int pcm_mmap(struct snd_pcm_substream *substream,
		    struct vm_area_struct *area)
{
	struct pcm_stream *pcm = wave_pcm_of(substream);

	return pcm->stream ? wave_buffer_map(&pcm->stream->buffer, area) :
			     -EBADFD;
}

const struct snd_pcm_ops wave_pcm_ops = {
	.open = pcm_open,
	.close = pcm_close,
	.hw_params = pcm_hw_params,
	.hw_free = pcm_hw_free,
	.prepare = pcm_prepare,
	.trigger = pcm_trigger,
	.sync_stop = pcm_sync_stop,
	.pointer = pcm_pointer,
	.get_time_info = pcm_get_time_info,
	.mmap = pcm_mmap,
	.fill_silence = pcm_fill_silence,
	.ack = pcm_ack,
	.ioctl = pcm_ioctl,
};
