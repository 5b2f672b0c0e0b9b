// SPDX-License-Identifier: GPL-2.0
/*
 * Play a ring that lasts a millisecond by a card that moves by ten, linked to a
 * recording that another thread starts all the time, in vain.
 * Usage: laps PLAYBACK-NODE CAPTURE-NODE SECONDS
 *
 * ALSA is told of several laps, one after the other, while somebody has the lock
 * of the group and waits for that of the stream.
 */
#include <err.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "raw.h"

#define PERIOD_BYTES	64
#define PERIODS		4

static int recording = -1;
static volatile bool over;

/* Never started by a write, nor stopped by an xrun. */
static int prepare(const char *node)
{
	int pcm = raw_set_up(node, PERIOD_BYTES, PERIODS);
	unsigned long boundary = raw_boundary(pcm);
	struct snd_pcm_sw_params params = {
		.avail_min = 1,
		.start_threshold = boundary,
		.stop_threshold = boundary,
		.period_step = 1,
	};

	if (ioctl(pcm, SNDRV_PCM_IOCTL_SW_PARAMS, &params) ||
	    ioctl(pcm, SNDRV_PCM_IOCTL_PREPARE))
		err(1, "%s", node);
	return pcm;
}

static void *start(void *unused)
{
	while (!over)
		ioctl(recording, SNDRV_PCM_IOCTL_START);
	return unused;
}

int main(int argc, char **argv)
{
	static const char sound[PERIODS * PERIOD_BYTES];
	struct snd_xferi transfer = {
		.buf = (void *)sound,
		.frames = sizeof(sound) / RAW_FRAME,
	};
	struct snd_pcm_status before = {}, after = {};
	pthread_t starter;
	int playing;

	if (argc != 4)
		return 2;
	playing = prepare(argv[1]);
	recording = prepare(argv[2]);
	if (ioctl(playing, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &transfer) ||
	    ioctl(recording, SNDRV_PCM_IOCTL_LINK, playing) ||
	    ioctl(recording, SNDRV_PCM_IOCTL_START) ||
	    ioctl(playing, SNDRV_PCM_IOCTL_STATUS, &before))
		err(1, "start");
	if (pthread_create(&starter, NULL, start, NULL))
		errx(1, "no thread");
	sleep(atoi(argv[3]));
	over = true;
	pthread_join(starter, NULL);
	if (ioctl(playing, SNDRV_PCM_IOCTL_STATUS, &after))
		err(1, "status");
	printf("%ld frames played, state %d\n",
	       (long)(after.hw_ptr - before.hw_ptr), after.state);
	return 0;
}
