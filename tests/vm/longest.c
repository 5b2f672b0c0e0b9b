// SPDX-License-Identifier: GPL-2.0
/*
 * Ask for a ring as long as there are, without looking first what is offered.
 * Usage: longest PCM
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "raw.h"

#define LONGEST		(8u << 20)
#define PERIODS		8

int main(int argc, char **argv)
{
	struct snd_pcm_hw_params params;
	int node;

	if (argc != 2)
		errx(2, "usage: longest PCM");
	node = open(argv[1], O_RDWR);
	if (node < 0)
		err(1, "%s", argv[1]);
	raw_fill(&params, SNDRV_PCM_ACCESS_RW_INTERLEAVED, LONGEST / PERIODS,
		 PERIODS);
	if (ioctl(node, SNDRV_PCM_IOCTL_HW_PARAMS, &params))
		err(1, "hw_params");
	printf("a ring of %u bytes\n", LONGEST);
	return 0;
}
