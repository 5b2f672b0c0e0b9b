/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A substream, as the files of ALSA's side know it.
 */
#ifndef _WAVEPCI_WAVE_PCM_H
#define _WAVEPCI_WAVE_PCM_H

#include <sound/pcm.h>

#include "wave.h"

/**
 * struct pcm_stream - a substream, open or not
 * @pin: the pin it is an instance of
 * @caps: what the pin could do when it was opened: that may depend on what
 *	others have open
 * @mutex: held while @stream is made, prepared, waited for or destroyed. Of
 *	linked streams ALSA may prepare one that it is closing, or has closed.
 * @stream: the port's stream, from hw_params to hw_free. Protected by @mutex,
 *	and while @ready is set by ALSA's stream lock as well.
 * @written: how far the application had written, modulo ALSA's boundary
 * @ready: prepared, so that writing means something. Both are protected by
 *	ALSA's stream lock: ack may come at any time.
 * @draining: the end of what it plays is seen to
 * @silent: so many frames behind that end are silent. Both are protected
 *	likewise.
 *
 * It is there as long as its PCM device. What is in the runtime's private_data
 * belongs to the miniport's library, if it has one.
 */
struct pcm_stream {
	struct wave_pin *pin;
	struct format_caps *caps;
	struct mutex mutex;
	struct wave_stream *stream;
	snd_pcm_uframes_t written;
	bool ready;
	bool draining;
	snd_pcm_uframes_t silent;
};

/* Of one that is open. */
static inline struct pcm_stream *
wave_pcm_of(struct snd_pcm_substream *substream)
{
	return snd_pcm_substream_chip(substream);
}

/* pcm.c: what ALSA asks of a substream */

extern const struct snd_pcm_ops wave_pcm_ops;

/* pcm_drain.c: how a substream plays to its end */

bool wave_pcm_cares_for_end(struct pcm_stream *pcm);
void wave_pcm_drain(struct snd_pcm_substream *substream,
		    struct pcm_stream *pcm);

/* pcm_client.c: what a stream tells ALSA */

extern const struct stream_client wave_pcm_client;

/**
 * wave_pcm_group_busy() - see whether ALSA may hold the lock of linked streams
 * @substream: one of them, or one that isn't linked
 *
 * It does to start, stop or pause them all. What is then found out of a
 * position it must not act upon: an xrun stops the group, for which it takes
 * the lock once more. Kernels before 6.12 do look in a pause.
 *
 * Context: ALSA's stream lock held; that keeps the group as it is.
 * Return: true if somebody holds it.
 */
static inline bool
wave_pcm_group_busy(struct snd_pcm_substream *substream)
{
	struct snd_pcm_group *group = substream->group;

	if (!snd_pcm_stream_linked(substream))
		return false;
	if (substream->pcm->nonatomic) {
		if (!mutex_trylock(&group->mutex))
			return true;
		mutex_unlock(&group->mutex);
		return false;
	}
	if (!spin_trylock(&group->lock))
		return true;
	spin_unlock(&group->lock);
	return false;
}

/* pcm_rules.c: what a pin can do, in ALSA's terms */

void wave_pcm_fill_hardware(struct snd_pcm_hardware *hw,
			    struct pcm_stream *pcm);
int wave_pcm_add_rules(struct snd_pcm_runtime *runtime, struct pcm_stream *pcm);
bool wave_pcm_choose_wakeups(struct snd_pcm_hw_params *params);

#endif
