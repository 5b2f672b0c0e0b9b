/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ALSA's PCM nodes without its library, which allocates memory and opens other
 * nodes as it likes.
 */
#ifndef RAW_H
#define RAW_H

#include <sound/asound.h>

#define RAW_RATE	48000
#define RAW_FRAME	4	/* bytes: two channels of 16 bits */

void raw_fill(struct snd_pcm_hw_params *params, unsigned int access,
	      unsigned int period_bytes, unsigned int periods);

/* These two end the program with a message where something doesn't work. */
int raw_set_up(const char *node, unsigned int period_bytes,
	       unsigned int periods);
unsigned long raw_boundary(int pcm);

#endif
