/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An open substream, as the files of ALSA's side know it.
 */
#ifndef _WAVEPCI_WAVE_PCM_H
#define _WAVEPCI_WAVE_PCM_H

#include <sound/pcm.h>

#include "wave.h"

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

/* wave_pcm_client.c: what a stream tells ALSA */

extern const struct stream_client wave_pcm_client;
bool wave_pcm_group_busy(struct snd_pcm_substream *substream);

/* pcm_rules.c: what a pin can do, in ALSA's terms */

void wave_pcm_fill_hardware(struct snd_pcm_hardware *hw,
			    struct pcm_stream *pcm);
int wave_pcm_add_rules(struct snd_pcm_runtime *runtime, struct pcm_stream *pcm);
bool wave_pcm_choose_wakeups(struct snd_pcm_hw_params *params);

#endif
