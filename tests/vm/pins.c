// SPDX-License-Identifier: GPL-2.0
/*
 * Play and record on all pairs of pins at once, each in a format of its own.
 * Usage: pins PAIRS ROUNDS
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "pair.h"

#define PAIRS_MAX	8
#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

static const snd_pcm_format_t formats[] = {
	SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_U8, SND_PCM_FORMAT_S24_3LE,
	SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S32_LE,
};

static const unsigned int rates[PAIRS_MAX] = {
	8000, 192000, 11025, 44100, 22050, 96000, 16000, 48000,
};

static struct pair pairs[PAIRS_MAX];

/* A quarter of a second in the ring, so that nobody is late for a long time. */
static int prepare(struct pair *p, int number, int round)
{
	p->format = formats[(number + round) % COUNT(formats)];
	p->channels = (3 * number + round) % 8 + 1;
	p->rate = rates[(number + 3 * round) % PAIRS_MAX];
	p->period = p->rate / 32 + number;
	p->ring = 8 * p->period;
	p->record_ring = 4 * p->ring;
	p->frames = 2 * p->ring + p->ring / 3;
	return pair_set(p) || pair_make_sound(p, 100 * round + number);
}

static void *play_out(void *context)
{
	struct pair *p = context;

	return pair_play_out(p) || pair_check(p) ? p : NULL;
}

static int play_round(int count, int round)
{
	pthread_t threads[PAIRS_MAX];
	pthread_attr_t small;
	int i, running = 0, wrong = 0;
	void *result;

	/* All memory is locked, and so has to be cleared: no 8 MiB each. */
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 128 << 10);
	for (i = 0; i < count; i++)
		if (prepare(&pairs[i], i, round))
			return -1;
	for (i = 0; i < count; i++)
		if (pair_start(&pairs[i]))
			return -1;
	for (i = 0; i < count; i++) {
		running += snd_pcm_state(pairs[i].play) ==
			   SND_PCM_STATE_RUNNING;
		running += snd_pcm_state(pairs[i].record) ==
			   SND_PCM_STATE_RUNNING;
	}
	if (running != 2 * count) {
		printf("only %d of %d run at once\n", running, 2 * count);
		return -1;
	}
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], &small, play_out,
				   &pairs[i]))
			return -1;
	for (i = 0; i < count; i++) {
		pthread_join(threads[i], &result);
		wrong += !!result;
		snd_pcm_hw_free(pairs[i].play);
		snd_pcm_hw_free(pairs[i].record);
	}
	return wrong ? -1 : 0;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : PAIRS_MAX;
	int rounds = argc > 2 ? atoi(argv[2]) : 1, wrong = 0, i;

	if (count < 1 || count > PAIRS_MAX)
		return 2;
	for (i = 0; i < count; i++)
		if (pair_open(&pairs[i], i))
			return 1;
	for (i = 0; i < rounds && !wrong; i++)
		wrong = play_round(count, i);
	for (i = 0; i < count; i++)
		pair_close(&pairs[i]);
	printf("%d pairs at once, %d rounds, %s\n", count, rounds,
	       wrong ? "wrong" : "right");
	return !!wrong;
}
