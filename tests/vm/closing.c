// SPDX-License-Identifier: GPL-2.0
/*
 * Close one of two linked streams again and again, while another thread prepares
 * and resets them both by way of the other one.
 * Usage: closing KEPT-NODE CLOSED-NODE ROUNDS
 *
 * ALSA keeps the group as it is while it is prepared, but takes a stream that is
 * closed out of it last, when hw_free and close have been called.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "raw.h"

#define PERIOD_BYTES	4096
#define PERIODS		32

static int kept = -1;
static volatile bool over;
static long prepared, reset;

static int prepare(const char *node)
{
	int pcm = raw_set_up(node, PERIOD_BYTES, PERIODS);

	if (ioctl(pcm, SNDRV_PCM_IOCTL_PREPARE))
		err(1, "%s", node);
	return pcm;
}

/* So that a reset clears the ring. */
static void fill_with_silence(int pcm)
{
	unsigned long boundary = raw_boundary(pcm);
	struct snd_pcm_sw_params params = {
		.avail_min = 1,
		.start_threshold = boundary,
		.stop_threshold = PERIODS * PERIOD_BYTES / RAW_FRAME,
		.silence_size = boundary,
		.period_step = 1,
	};

	if (ioctl(pcm, SNDRV_PCM_IOCTL_SW_PARAMS, &params))
		err(1, "sw_params with silence");
}

static void *call(void *unused)
{
	while (!over) {
		prepared += !ioctl(kept, SNDRV_PCM_IOCTL_PREPARE);
		reset += !ioctl(kept, SNDRV_PCM_IOCTL_RESET);
	}
	return unused;
}

int main(int argc, char **argv)
{
	int rounds, n, closed;
	pthread_t caller;

	if (argc != 4)
		return 2;
	rounds = atoi(argv[3]);
	kept = prepare(argv[1]);
	if (pthread_create(&caller, NULL, call, NULL))
		errx(1, "no thread");
	for (n = 0; n < rounds; n++) {
		closed = prepare(argv[2]);
		fill_with_silence(closed);
		/* It is prepared and reset, but for the time of a call. */
		while (ioctl(kept, SNDRV_PCM_IOCTL_LINK, closed))
			if (errno != EBADFD)
				err(1, "link");
		usleep(100 * (n % 10));
		close(closed);
	}
	over = true;
	pthread_join(caller, NULL);
	printf("%d rounds, prepared %ld times, reset %ld times\n", n, prepared,
	       reset);
	return 0;
}
