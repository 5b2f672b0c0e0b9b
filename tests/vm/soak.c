// SPDX-License-Identifier: GPL-2.0
/*
 * Play and record for a long time, without keeping what was played.
 * Usage: soak SECONDS PLAYING RECORDING heard|silence
 *
 * The names are those of two PCMs. Each frame of the sound follows from its
 * number, and none is silent. What is recorded has to be the sound, and nothing
 * else but silence before and after it, or only silence. Nobody may be late.
 * Says after each minute of sound how far it is.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <alsa/asoundlib.h>

#define RATE		48000
#define LATENCY_US	1000000
#define CHUNK		1024

static snd_pcm_t *playing, *recording;
static unsigned long long total, heard;
static bool has_sound, played;
static sem_t recorded;

/* scripts/soak has the same. */
static uint32_t frame_of(unsigned long long number)
{
	return (uint32_t)(number + 1) * 2654435761u;
}

static void fail(const char *what, long err)
{
	printf("%s: %s, after %llu frames of %llu heard\n", what,
	       err < 0 ? snd_strerror(err) : "wrong", heard, total);
	exit(1);
}

static snd_pcm_t *open_pcm(const char *name, snd_pcm_stream_t direction)
{
	snd_pcm_t *pcm;
	int err = snd_pcm_open(&pcm, name, direction, 0);

	if (!err)
		err = snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE,
					 SND_PCM_ACCESS_RW_INTERLEAVED, 2,
					 RATE, 0, LATENCY_US);
	if (err)
		fail(name, err);
	return pcm;
}

static void *play(void *context)
{
	unsigned long long number = 0;
	uint32_t chunk[CHUNK];
	snd_pcm_sframes_t done;
	long count, i;

	sem_wait(&recorded);
	while (number < total) {
		count = total - number < CHUNK ? total - number : CHUNK;
		for (i = 0; i < count; i++)
			chunk[i] = frame_of(number + i);
		done = snd_pcm_writei(playing, chunk, count);
		if (done < 0)
			fail("play", done);
		number += done;
		if (number / (60 * RATE) != (number - done) / (60 * RATE)) {
			printf("%llu minutes\n", number / (60 * RATE));
			fflush(stdout);
		}
	}
	/* Silence, for what a card plays behind the end. */
	memset(chunk, 0, sizeof(chunk));
	for (i = 0; i < RATE; i += done) {
		done = snd_pcm_writei(playing, chunk, CHUNK);
		if (done < 0)
			fail("play", done);
	}
	done = snd_pcm_drain(playing);
	if (done < 0)
		fail("drain", done);
	__atomic_store_n(&played, true, __ATOMIC_RELEASE);
	return context;
}

static void compare(const uint32_t *chunk, long count)
{
	for (; count; chunk++, count--) {
		if (has_sound && heard < total && *chunk == frame_of(heard))
			heard++;
		else if (*chunk || (heard && heard < total))
			fail("record", 0);
	}
}

int main(int argc, char **argv)
{
	struct sched_param urgent = { .sched_priority = 10 };
	unsigned long long frames = 0;
	uint32_t chunk[CHUNK];
	snd_pcm_sframes_t done;
	pthread_attr_t small;
	pthread_t player;

	if (argc != 5)
		return 2;
	total = atof(argv[1]) * RATE;
	has_sound = !strcmp(argv[4], "heard");
	playing = open_pcm(argv[2], SND_PCM_STREAM_PLAYBACK);
	recording = open_pcm(argv[3], SND_PCM_STREAM_CAPTURE);
	/*
	 * Whoever takes all memory and all processors may not make us late. Not
	 * before the PCMs are open, which takes a slow processor seconds that
	 * another soak, already playing, needs.
	 */
	if (mlockall(MCL_CURRENT | MCL_FUTURE) ||
	    sched_setscheduler(0, SCHED_FIFO, &urgent)) {
		perror("soak");
		return 1;
	}
	/* All memory is locked, and so has to be cleared: no 8 MiB of stack. */
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 128 << 10);
	if (sem_init(&recorded, 0, 0) ||
	    pthread_create(&player, &small, play, NULL))
		return 1;
	done = snd_pcm_start(recording);
	if (done < 0)
		fail("start", done);
	while (!__atomic_load_n(&played, __ATOMIC_ACQUIRE)) {
		done = snd_pcm_readi(recording, chunk, CHUNK);
		if (done < 0)
			fail("record", done);
		compare(chunk, done);
		if (!frames)
			sem_post(&recorded);	/* the player may begin */
		frames += done;
	}
	pthread_join(player, NULL);
	if (has_sound && heard < total)
		fail("the end", 0);
	snd_pcm_close(playing);
	snd_pcm_close(recording);
	printf("%llu frames played, %llu recorded, %llu of them compared\n",
	       total, frames, has_sound ? heard : frames);
	return frames < total;
}
