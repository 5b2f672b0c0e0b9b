// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "raw.h"

static struct snd_interval *interval(struct snd_pcm_hw_params *params, int n)
{
	return &params->intervals[n - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
}

static void set(struct snd_pcm_hw_params *params, int n, unsigned int value)
{
	struct snd_interval *i = interval(params, n);

	i->min = value;
	i->max = value;
	i->integer = 1;
}

static void choose(struct snd_pcm_hw_params *params, int n, unsigned int bit)
{
	struct snd_mask *mask = &params->masks[n - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(mask, 0, sizeof(*mask));
	mask->bits[0] = 1u << bit;
}

/* Parameters for SNDRV_PCM_IOCTL_HW_PARAMS that leave nothing to choose. */
void raw_fill(struct snd_pcm_hw_params *params, unsigned int access,
	      unsigned int period_bytes, unsigned int periods)
{
	int n;

	memset(params, 0, sizeof(*params));
	memset(params->masks, 0xff, sizeof(params->masks));
	for (n = SNDRV_PCM_HW_PARAM_FIRST_INTERVAL;
	     n <= SNDRV_PCM_HW_PARAM_LAST_INTERVAL; n++)
		interval(params, n)->max = ~0u;
	params->rmask = ~0u;
	choose(params, SNDRV_PCM_HW_PARAM_ACCESS, access);
	choose(params, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	set(params, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	set(params, SNDRV_PCM_HW_PARAM_RATE, RAW_RATE);
	set(params, SNDRV_PCM_HW_PARAM_PERIOD_BYTES, period_bytes);
	set(params, SNDRV_PCM_HW_PARAM_PERIODS, periods);
}
