// SPDX-License-Identifier: GPL-2.0
/*
 * Play a file of 16-bit stereo frames, and pause again and again on the way.
 *
 * pauses DEVICE RATE FILE PAUSES
 */
#include <alsa/asoundlib.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#define PERIOD	1024
#define RING	(4 * PERIOD)

static void check(int result, const char *what)
{
	if (result < 0)
		errx(1, "%s: %s", what, snd_strerror(result));
}

static snd_pcm_t *open_device(const char *name, unsigned int rate)
{
	snd_pcm_uframes_t period = PERIOD, ring = RING;
	snd_pcm_hw_params_t *params;
	snd_pcm_t *pcm;

	snd_pcm_hw_params_alloca(&params);
	check(snd_pcm_open(&pcm, name, SND_PCM_STREAM_PLAYBACK, 0), name);
	check(snd_pcm_hw_params_any(pcm, params), "any");
	check(snd_pcm_hw_params_set_access(pcm, params, SND_PCM_ACCESS_RW_INTERLEAVED),
	      "access");
	check(snd_pcm_hw_params_set_format(pcm, params, SND_PCM_FORMAT_S16_LE), "format");
	check(snd_pcm_hw_params_set_channels(pcm, params, 2), "channels");
	check(snd_pcm_hw_params_set_rate(pcm, params, rate, 0), "rate");
	check(snd_pcm_hw_params_set_period_size_near(pcm, params, &period, NULL), "period");
	check(snd_pcm_hw_params_set_buffer_size_near(pcm, params, &ring), "ring");
	check(snd_pcm_hw_params(pcm, params), "parameters");
	return pcm;
}

/* Somewhere in the middle of a period. */
static void pause_once(snd_pcm_t *pcm)
{
	check(snd_pcm_pause(pcm, 1), "pause");
	usleep(20000);
	check(snd_pcm_pause(pcm, 0), "go on");
}

int main(int argc, char **argv)
{
	static char buffer[333 * 4];
	int chunk = 0, done = 0, every, pauses;
	snd_pcm_t *pcm;
	size_t bytes;
	FILE *file;
	long size;

	if (argc != 5)
		errx(2, "usage: pauses DEVICE RATE FILE PAUSES");
	pcm = open_device(argv[1], atoi(argv[2]));
	pauses = atoi(argv[4]);
	file = fopen(argv[3], "rb");
	if (!file)
		err(1, "%s", argv[3]);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	every = size / sizeof(buffer) / (pauses + 1);
	while ((bytes = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		check(snd_pcm_writei(pcm, buffer, bytes / 4), "write");
		if (++chunk % every == 0 && done < pauses) {
			pause_once(pcm);
			done++;
		}
	}
	check(snd_pcm_drain(pcm), "drain");
	printf("%d pauses\n", done);
	return 0;
}
