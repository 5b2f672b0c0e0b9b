// SPDX-License-Identifier: GPL-2.0
/*
 * Play a file of 16-bit stereo frames at 48 kHz, and have the machine sleep in the
 * middle of it, while the stream is in a state of its own. Or record silence, and
 * find it in each frame, though something else was there before.
 *
 * asleep DEVICE prepared|paused|draining FILE
 * asleep DEVICE recording
 */
#include <alsa/asoundlib.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE	48000
#define RING_US	1365333		/* 65536 frames: a program sleeps before the card does */
#define CHUNK	1000

static void check(long result, const char *what)
{
	if (result < 0)
		errx(1, "%s: %s", what, snd_strerror(result));
}

/* Behind the last frame is silence, however far the card runs on. */
static void end_in_silence(snd_pcm_t *pcm)
{
	snd_pcm_sw_params_t *params;
	snd_pcm_uframes_t boundary;

	snd_pcm_sw_params_alloca(&params);
	check(snd_pcm_sw_params_current(pcm, params), "parameters");
	check(snd_pcm_sw_params_get_boundary(params, &boundary), "boundary");
	check(snd_pcm_sw_params_set_silence_threshold(pcm, params, 0), "threshold");
	check(snd_pcm_sw_params_set_silence_size(pcm, params, boundary), "silence");
	check(snd_pcm_sw_params(pcm, params), "parameters");
}

static void machine_sleep(void)
{
	int file = open("/sys/power/state", O_WRONLY);

	if (file < 0 || write(file, "freeze", 6) != 6)
		err(1, "/sys/power/state");
	close(file);
}

static void sleep_in_state(snd_pcm_t *pcm, snd_pcm_state_t state)
{
	int result = -EAGAIN;

	if (snd_pcm_state(pcm) != state)
		errx(1, "%s instead of %s", snd_pcm_state_name(snd_pcm_state(pcm)),
		     snd_pcm_state_name(state));
	machine_sleep();
	printf("%s: %s", snd_pcm_state_name(state), snd_pcm_state_name(snd_pcm_state(pcm)));
	while (snd_pcm_state(pcm) == SND_PCM_STATE_SUSPENDED && result == -EAGAIN)
		result = snd_pcm_resume(pcm);
	printf(", %s\n", snd_pcm_state_name(snd_pcm_state(pcm)));
	if (snd_pcm_state(pcm) != state)
		errx(1, "resume: %s", snd_strerror(result));
}

static void drain(snd_pcm_t *pcm, int asleep)
{
	if (asleep) {
		check(snd_pcm_nonblock(pcm, 1), "nonblock");
		if (snd_pcm_drain(pcm) != -EAGAIN)
			errx(1, "drained at once");
		sleep_in_state(pcm, SND_PCM_STATE_DRAINING);
		check(snd_pcm_nonblock(pcm, 0), "block");
	}
	check(snd_pcm_drain(pcm), "drain");
}

/* A frame that the card didn't write is what it was made here. */
static void read_silence(snd_pcm_t *pcm, long frames)
{
	const snd_pcm_channel_area_t *areas;
	snd_pcm_uframes_t offset, n, i;
	uint32_t *data;

	for (; frames > 0; frames -= n) {
		check(snd_pcm_wait(pcm, -1), "wait");
		check(snd_pcm_avail_update(pcm), "avail");
		n = frames;
		check(snd_pcm_mmap_begin(pcm, &areas, &offset, &n), "mmap");
		data = (uint32_t *)areas->addr + offset;
		for (i = 0; i < n; i++) {
			if (data[i])
				errx(1, "%ld frames before the end: %08x", frames - (long)i, data[i]);
			data[i] = ~0u;
		}
		check(snd_pcm_mmap_commit(pcm, offset, n), "commit");
	}
}

static void record(const char *device)
{
	const snd_pcm_channel_area_t *areas;
	snd_pcm_uframes_t ring, period, offset, none = 0;
	snd_pcm_t *pcm;

	check(snd_pcm_open(&pcm, device, SND_PCM_STREAM_CAPTURE, 0), device);
	check(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_MMAP_INTERLEAVED,
				 2, RATE, 0, RING_US), "parameters");
	check(snd_pcm_get_params(pcm, &ring, &period), "parameters");
	check(snd_pcm_mmap_begin(pcm, &areas, &offset, &none), "mmap");
	memset(areas->addr, 0xff, ring * 4);
	check(snd_pcm_start(pcm), "start");
	read_silence(pcm, ring / 2);
	sleep_in_state(pcm, SND_PCM_STATE_RUNNING);
	read_silence(pcm, 2 * ring);
	snd_pcm_close(pcm);
}

int main(int argc, char **argv)
{
	static char buffer[CHUNK * 4];
	const char *state = argv[2];
	long done = 0;
	snd_pcm_t *pcm;
	size_t bytes;
	FILE *file;

	if (argc == 3 && !strcmp(state, "recording")) {
		record(argv[1]);
		return 0;
	}
	if (argc != 4)
		errx(2, "usage: asleep DEVICE prepared|paused|draining FILE, or recording");
	file = fopen(argv[3], "rb");
	if (!file)
		err(1, "%s", argv[3]);
	check(snd_pcm_open(&pcm, argv[1], SND_PCM_STREAM_PLAYBACK, 0), argv[1]);
	check(snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED,
				 2, RATE, 0, RING_US), "parameters");
	end_in_silence(pcm);
	while ((bytes = fread(buffer, 4, CHUNK, file)) > 0) {
		check(snd_pcm_writei(pcm, buffer, bytes), "write");
		done += bytes;
		if (done == 20 * CHUNK && !strcmp(state, "prepared"))
			sleep_in_state(pcm, SND_PCM_STATE_PREPARED);
		if (done == 100 * CHUNK && !strcmp(state, "paused")) {
			check(snd_pcm_pause(pcm, 1), "pause");
			sleep_in_state(pcm, SND_PCM_STATE_PAUSED);
			check(snd_pcm_pause(pcm, 0), "go on");
		}
	}
	drain(pcm, !strcmp(state, "draining"));
	return 0;
}
