// SPDX-License-Identifier: GPL-2.0
/*
 * Say how long stopping and preparing a stream takes, and closing it.
 * Usage: prepare PCM
 *
 * Prints the middle one of many times for stopping and preparing, and the time
 * that it took to close the PCM, in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <alsa/asoundlib.h>

#define ROUNDS	21
#define FRAMES	4800

static double now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Returns ALSA's error. */
static long stop_and_prepare(snd_pcm_t *pcm, double *took)
{
	static const short silence[2 * FRAMES];
	long err = snd_pcm_writei(pcm, silence, FRAMES);

	if (err < 0 || (err = snd_pcm_start(pcm)) < 0)
		return err;
	*took = now_us();
	if ((err = snd_pcm_drop(pcm)) < 0 || (err = snd_pcm_prepare(pcm)) < 0)
		return err;
	*took = now_us() - *took;
	return 0;
}

int main(int argc, char **argv)
{
	double took[ROUNDS], closing;
	snd_pcm_t *pcm;
	long err;
	int i;

	if (argc != 2)
		return 2;
	err = snd_pcm_open(&pcm, argv[1], SND_PCM_STREAM_PLAYBACK, 0);
	if (!err)
		err = snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE,
					 SND_PCM_ACCESS_RW_INTERLEAVED, 2,
					 48000, 0, 200000);
	for (i = 0; !err && i < ROUNDS; i++)
		err = stop_and_prepare(pcm, &took[i]);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], snd_strerror(err));
		return 1;
	}
	closing = now_us();
	snd_pcm_close(pcm);
	closing = now_us() - closing;
	qsort(took, ROUNDS, sizeof(*took), compare);
	printf("%.0f %.0f\n", took[ROUNDS / 2], closing);
	return 0;
}
