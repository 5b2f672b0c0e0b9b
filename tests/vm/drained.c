// SPDX-License-Identifier: GPL-2.0
/*
 * Drain a stream and set how much silence follows its sound, while another thread
 * gives it one ring after another.
 * Usage: drained NODE ROUNDS
 *
 * DRAIN starts a stream that is prepared, and ALSA fills the ring with silence
 * then, also when the driver wouldn't start it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "raw.h"

#define PERIOD_BYTES	8192
/* Longer ones than a card keeps from stream to stream. */
#define PERIODS		12

static int pcm = -1;
static volatile bool over;
static volatile unsigned long boundary;
static long drained;

static int set_silence(void)
{
	struct snd_pcm_sw_params params = {
		.avail_min = 1,
		.start_threshold = boundary,
		.stop_threshold = boundary,
		.silence_size = boundary,
		.period_step = 1,
	};
	int ret = ioctl(pcm, SNDRV_PCM_IOCTL_SW_PARAMS, &params);

	/* The kernel's to choose: it says so in its answer. */
	if (!ret && params.boundary != boundary) {
		boundary = params.boundary;
		return set_silence();
	}
	return ret;
}

static void *drain(void *unused)
{
	unsigned int us = 0;

	while (!over) {
		drained += !ioctl(pcm, SNDRV_PCM_IOCTL_DRAIN) ||
			   errno == EAGAIN;
		us = (us + 61) % 1000;
		usleep(us);
	}
	return unused;
}

static void *silence(void *unused)
{
	while (!over) {
		set_silence();
		usleep(100);
	}
	return unused;
}

static bool play(unsigned int periods)
{
	static const char sound[4 * RAW_FRAME];
	struct snd_xferi transfer = { .buf = (void *)sound, .frames = 4 };
	struct snd_pcm_hw_params params;

	raw_fill(&params, SNDRV_PCM_ACCESS_RW_INTERLEAVED, PERIOD_BYTES,
		 periods);
	/* It is prepared, unless it has just been drained. */
	while (ioctl(pcm, SNDRV_PCM_IOCTL_HW_PARAMS, &params))
		ioctl(pcm, SNDRV_PCM_IOCTL_DROP);
	boundary = 0;
	return !set_silence() && !ioctl(pcm, SNDRV_PCM_IOCTL_PREPARE) &&
	       !ioctl(pcm, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &transfer);
}

int main(int argc, char **argv)
{
	pthread_t drainer, silencer;
	int n, rounds, right = 0;

	if (argc != 3)
		return 2;
	rounds = atoi(argv[2]);
	pcm = open(argv[1], O_RDWR | O_NONBLOCK);
	if (pcm < 0)
		err(1, "%s", argv[1]);
	if (pthread_create(&drainer, NULL, drain, NULL) ||
	    pthread_create(&silencer, NULL, silence, NULL))
		errx(1, "no thread");
	for (n = 0; n < rounds; n++) {
		right += play(PERIODS + 4 * (n % 3));
		if (n % 4 == 3)
			ioctl(pcm, SNDRV_PCM_IOCTL_HW_FREE);
	}
	over = true;
	pthread_join(drainer, NULL);
	pthread_join(silencer, NULL);
	printf("%d rounds, %d written, %ld drains\n", n, right, drained);
	return 0;
}
