// SPDX-License-Identifier: GPL-2.0
/*
 * Play on a card that forgets its registers between prepare and start, as one
 * does that has slept meanwhile. Usage: forget REGISTERS FILE
 *
 * The controller's bus master registers are a file in sysfs; the other file is
 * raw, S16_LE, stereo, 48 kHz.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <alsa/asoundlib.h>

#define FRAME_BYTES	4
#define BEFORE		8000	/* frames written before the start */

#define PCM_OUT_BDBAR	0x10
#define PCM_OUT_CR	0x1b
#define CR_RESET	0x02

static void check(int ret, const char *what)
{
	if (ret < 0)
		errx(1, "%s: %s", what, snd_strerror(ret));
}

static void forget(const char *registers)
{
	uint8_t reset = CR_RESET;
	uint32_t none = 0;
	int file = open(registers, O_RDWR);

	if (file < 0 || pwrite(file, &reset, 1, PCM_OUT_CR) != 1 ||
	    pwrite(file, &none, 4, PCM_OUT_BDBAR) != 4)
		err(1, "%s", registers);
	close(file);
}

static long read_file(const char *name, char **data)
{
	FILE *file = fopen(name, "r");
	long bytes;

	if (!file || fseek(file, 0, SEEK_END))
		err(1, "%s", name);
	bytes = ftell(file);
	rewind(file);
	*data = malloc(bytes);
	if (!*data || fread(*data, bytes, 1, file) != 1)
		err(1, "%s", name);
	fclose(file);
	return bytes / FRAME_BYTES;
}

int main(int argc, char **argv)
{
	snd_pcm_t *pcm;
	char *data;
	long frames;

	if (argc != 3)
		return 2;
	frames = read_file(argv[2], &data);
	check(snd_pcm_open(&pcm, "hw:0,0", SND_PCM_STREAM_PLAYBACK, 0), "open");
	check(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE,
				 SND_PCM_ACCESS_RW_INTERLEAVED, 2, 48000, 0,
				 500000), "parameters");
	check(snd_pcm_writei(pcm, data, BEFORE), "write");
	if (snd_pcm_state(pcm) != SND_PCM_STATE_PREPARED)
		errx(1, "it plays too early");
	forget(argv[1]);
	check(snd_pcm_start(pcm), "start");
	check(snd_pcm_writei(pcm, data + BEFORE * FRAME_BYTES, frames - BEFORE),
	      "write");
	check(snd_pcm_drain(pcm), "drain");
	snd_pcm_close(pcm);
	return 0;
}
