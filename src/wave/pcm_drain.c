// SPDX-License-Identifier: GPL-2.0
/*
 * How a substream plays to its end.
 *
 * ALSA takes a drain to be over when it sees the last frame go by. It sees that
 * at each packet; of an application that doesn't want to be woken the packets are
 * long, and what comes after the last frame would be heard until then. So what has
 * been played is made silence, and ALSA is made to look when the last frame is due.
 */
#include <linux/math64.h>

#include "pcm.h"

static bool is_quiet(const struct wave_stream *stream)
{
	return !stream->streaming && !stream->wakeups;
}

/**
 * wave_pcm_cares_for_end() - see whether a drain is more than to wait for it
 * @pcm: the substream
 *
 * Context: ALSA's stream lock held; the stream is ready.
 * Return: true if wave_pcm_drain() has something to do.
 */
bool wave_pcm_cares_for_end(struct pcm_stream *pcm)
{
	return !pcm->pin->capture &&
	       (pcm->stream->streaming || is_quiet(pcm->stream));
}

static void silence(struct snd_pcm_runtime *runtime, struct wave_stream *stream,
		    snd_pcm_uframes_t from, snd_pcm_uframes_t frames)
{
	stream->client->silence(stream, frames_to_bytes(runtime, from),
				frames_to_bytes(runtime, frames));
}

/* What is played already, as far as ALSA knows, and isn't silent yet. */
static void silence_played(struct snd_pcm_runtime *runtime,
			   struct pcm_stream *pcm)
{
	snd_pcm_uframes_t ring = runtime->buffer_size;
	snd_pcm_uframes_t played = min(snd_pcm_playback_avail(runtime), ring);
	snd_pcm_uframes_t from, frames, first;

	if (played <= pcm->silent)
		return;
	from = (runtime->control->appl_ptr + pcm->silent) % ring;
	frames = played - pcm->silent;
	first = min(frames, ring - from);
	silence(runtime, pcm->stream, from, first);
	silence(runtime, pcm->stream, 0, frames - first);
	pcm->silent = played;
}

/*
 * Half of the time until the last frame is due, in jiffies: what is played until
 * then is silent before its turn would come again.
 */
static unsigned long next_look(struct snd_pcm_runtime *runtime)
{
	snd_pcm_sframes_t frames = snd_pcm_playback_hw_avail(runtime);

	return div_u64((u64)max(frames, 0L) * HZ, 2 * runtime->rate) + 1;
}

/**
 * wave_pcm_drain() - play to the end of what was written
 * @substream: the substream, which ALSA drains
 * @pcm: the same
 *
 * May be called again, and where nobody is told of packets it is, until the end.
 *
 * Context: ALSA's stream lock held; the stream is ready.
 */
void wave_pcm_drain(struct snd_pcm_substream *substream, struct pcm_stream *pcm)
{
	struct wave_stream *stream = pcm->stream;

	if (!pcm->draining)
		wave_stream_drain(stream);
	pcm->draining = true;
	if (!is_quiet(stream))
		return;
	silence_played(substream->runtime, pcm);
	wave_service_look_in(stream, next_look(substream->runtime));
}
