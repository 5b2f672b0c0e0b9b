// SPDX-License-Identifier: GPL-2.0
/*
 * What a stream tells ALSA's PCM layer: the way up.
 */
#include <sound/pcm.h>

#include "pcm.h"

static void pcm_silence(struct wave_stream *stream, u32 offset, u32 bytes)
{
	struct snd_pcm_substream *substream = stream->owner;
	struct snd_pcm_runtime *runtime = substream->runtime;

	snd_pcm_format_set_silence(runtime->format, runtime->dma_area + offset,
				   bytes_to_samples(runtime, bytes));
}

static struct snd_pcm_substream *pcm_substream(struct wave_stream *stream)
{
	return stream->owner;
}

static int pcm_ask_position(struct wave_stream *stream, u64 *position)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;
	struct snd_pcm_substream *substream = stream->owner;
	unsigned long flags;
	int err;

	snd_pcm_stream_lock_irqsave(substream, flags);
	WRITE_ONCE(stream->locked_by, current);
	err = miniport->vtbl->get_position(miniport, position);
	WRITE_ONCE(stream->locked_by, NULL);
	snd_pcm_stream_unlock_irqrestore(substream, flags);
	return err;
}

/*
 * An application that doesn't want to be woken still wants to know that its
 * last sound has been played; then the card is asked where it is. Where more
 * than a lap is complete ALSA is told of the rest at once: nothing may follow.
 * While linked streams are started or stopped it looks by itself a little later.
 */
static void pcm_elapsed(struct wave_stream *stream)
{
	struct snd_pcm_substream *substream = stream->owner;
	unsigned long flags;

	if (!stream->wakeups &&
	    READ_ONCE(substream->runtime->state) != SNDRV_PCM_STATE_DRAINING)
		return;
	snd_pcm_stream_lock_irqsave(substream, flags);
	do {
		/* Also in between: who has it may be waiting for our lock. */
		if (unlikely(wave_pcm_group_busy(substream))) {
			wave_service_look(stream);
			break;
		}
		stream->elapsing = stream->wakeups;
		snd_pcm_period_elapsed_under_stream_lock(substream);
		stream->elapsing = false;
	} while (unlikely(stream->asked > stream->position) &&
		 snd_pcm_running(substream));
	snd_pcm_stream_unlock_irqrestore(substream, flags);
}

/* A stream may have been started only to be drained, and ALSA didn't say so. */
static void pcm_look(struct wave_stream *stream)
{
	struct snd_pcm_substream *substream = stream->owner;
	struct pcm_stream *pcm = wave_pcm_of(substream);
	snd_pcm_sframes_t delay;

	snd_pcm_kernel_ioctl(substream, SNDRV_PCM_IOCTL_DELAY, &delay);
	snd_pcm_stream_lock_irq(substream);
	if (pcm->ready &&
	    substream->runtime->state == SNDRV_PCM_STATE_DRAINING)
		wave_pcm_drain(substream, pcm);
	snd_pcm_stream_unlock_irq(substream);
}

const struct stream_client wave_pcm_client = {
	.elapsed = pcm_elapsed,
	.look = pcm_look,
	.silence = pcm_silence,
	.ask_position = pcm_ask_position,
	.substream = pcm_substream,
};
