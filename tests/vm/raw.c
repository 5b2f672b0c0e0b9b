// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

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

/* Opens a node that doesn't block, and gives it a ring. */
int raw_set_up(const char *node, unsigned int period_bytes,
	       unsigned int periods)
{
	struct snd_pcm_hw_params params;
	int pcm = open(node, O_RDWR | O_NONBLOCK);

	raw_fill(&params, SNDRV_PCM_ACCESS_RW_INTERLEAVED, period_bytes,
		 periods);
	if (pcm < 0 || ioctl(pcm, SNDRV_PCM_IOCTL_HW_PARAMS, &params))
		err(1, "%s", node);
	return pcm;
}

/* Where pointers wrap is the kernel's to choose: it says so in its answer. */
unsigned long raw_boundary(int pcm)
{
	struct snd_pcm_sw_params params = {
		.avail_min = 1,
		.start_threshold = 1,
		.stop_threshold = 1,
		.period_step = 1,
	};

	if (ioctl(pcm, SNDRV_PCM_IOCTL_SW_PARAMS, &params))
		err(1, "sw_params");
	return params.boundary;
}
