// SPDX-License-Identifier: GPL-2.0
/*
 * Play or record on a card that may lie, and say how that ends.
 * Usage: lied_to CARD[,DEVICE] p|c FRAMES [FILE [PARAMETER LIES]]
 *
 * Plays a raw file, S16_LE, stereo, 48 kHz (without one, silence), or records
 * and forgets. When a quarter is done, writes LIES to the file PARAMETER; `blink`
 * instead of lies is for the card's PCI configuration: the card doesn't decode its
 * addresses for as long as it takes to ask where the stream is. Says
 * in one line how many frames went through in how many milliseconds, how often
 * the ring ran over or dry, how long it took to stop, and what the end was:
 * `ok`, the name of an error, or `xruns` when there were too many.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <alsa/asoundlib.h>

#define FRAME_BYTES	4
#define PERIOD		1024
#define RING		4096
#define XRUNS_MAX	50

#define PCI_COMMAND	0x04
#define PCI_COMMAND_DECODE	0x03

static int xruns;

static long long now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static void tell(snd_pcm_t *pcm, const char *parameter, const char *lies)
{
	int file = open(parameter, O_RDWR);
	size_t length = strlen(lies);
	snd_pcm_sframes_t delay;
	uint8_t on, off;

	if (file < 0)
		err(2, "%s", parameter);
	if (strcmp(lies, "blink")) {
		if (write(file, lies, length) != (ssize_t)length)
			err(2, "%s", parameter);
	} else {
		if (pread(file, &on, 1, PCI_COMMAND) != 1)
			err(2, "%s", parameter);
		off = on & ~PCI_COMMAND_DECODE;
		if (pwrite(file, &off, 1, PCI_COMMAND) != 1)
			err(2, "%s", parameter);
		snd_pcm_delay(pcm, &delay);
		if (pwrite(file, &on, 1, PCI_COMMAND) != 1)
			err(2, "%s", parameter);
	}
	close(file);
}

static char *get_data(const char *name, long frames)
{
	char *data = calloc(frames, FRAME_BYTES);
	FILE *file = name ? fopen(name, "r") : NULL;

	if (!data || (name && !file))
		err(2, "%s", name ?: "memory");
	if (file) {
		if (fread(data, 1, frames * FRAME_BYTES, file) == 0)
			errx(2, "%s: empty", name);
		fclose(file);
	}
	return data;
}

static int set_parameters(snd_pcm_t *pcm)
{
	snd_pcm_hw_params_t *params;
	snd_pcm_uframes_t ring = RING, period = PERIOD;
	int ret;

	snd_pcm_hw_params_alloca(&params);
	snd_pcm_hw_params_any(pcm, params);
	snd_pcm_hw_params_set_access(pcm, params, SND_PCM_ACCESS_RW_INTERLEAVED);
	snd_pcm_hw_params_set_format(pcm, params, SND_PCM_FORMAT_S16_LE);
	snd_pcm_hw_params_set_channels(pcm, params, 2);
	snd_pcm_hw_params_set_rate(pcm, params, 48000, 0);
	ret = snd_pcm_hw_params_set_period_size(pcm, params, period, 0);
	if (!ret)
		ret = snd_pcm_hw_params_set_buffer_size(pcm, params, ring);
	return ret ?: snd_pcm_hw_params(pcm, params);
}

/* A piece of the sound, once more after an xrun. Returns frames or an error. */
static long transfer(snd_pcm_t *pcm, bool play, char *data, long frames)
{
	long ret = play ? snd_pcm_writei(pcm, data, frames) :
			  snd_pcm_readi(pcm, data, frames);

	if (ret != -EPIPE)
		return ret;
	if (++xruns > XRUNS_MAX)
		return ret;
	return snd_pcm_prepare(pcm);
}

static long run(snd_pcm_t *pcm, bool play, char *data, long frames,
		const char *const *lies, long *done)
{
	long ret = set_parameters(pcm);

	if (ret)
		return ret;
	for (*done = 0; *done < frames; *done += ret) {
		long count = frames - *done < PERIOD ? frames - *done : PERIOD;

		if (lies && *done >= frames / 4) {
			tell(pcm, lies[0], lies[1]);
			lies = NULL;
		}
		ret = transfer(pcm, play, data + *done * FRAME_BYTES, count);
		if (ret < 0)
			return ret;
	}
	return play ? snd_pcm_drain(pcm) : 0;
}

int main(int argc, char **argv)
{
	long long begin = now_us(), middle;
	long frames, done = 0, ret;
	snd_pcm_t *pcm;
	char name[16];
	bool play;

	if (argc < 4)
		return 2;
	play = *argv[2] == 'p';
	frames = atol(argv[3]);
	snprintf(name, sizeof(name), strchr(argv[1], ',') ? "hw:%s" : "hw:%s,0",
		 argv[1]);
	ret = snd_pcm_open(&pcm, name, play ? SND_PCM_STREAM_PLAYBACK :
					      SND_PCM_STREAM_CAPTURE, 0);
	if (!ret) {
		ret = run(pcm, play, get_data(argc > 4 ? argv[4] : NULL, frames),
			  frames, argc > 6 ? (const char **)argv + 5 : NULL,
			  &done);
		middle = now_us();
		snd_pcm_drop(pcm);
		snd_pcm_close(pcm);
	} else {
		middle = now_us();
	}
	printf("%s%s: %ld frames in %lld ms, %d xruns, %lld us to stop, %s\n",
	       argv[1], argv[2], done, (middle - begin) / 1000, xruns,
	       now_us() - middle, ret == -EPIPE ? "xruns" :
	       ret ? strerrorname_np(-ret) : "ok");
	return 0;
}
