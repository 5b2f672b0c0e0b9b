// SPDX-License-Identifier: GPL-2.0
/*
 * Play and record in every format, number of channels, and rate.
 * Usage: grid [STEP]; with a step, only each STEPth combination.
 *
 * A card that needs too many mappings a second for this machine, or moves too
 * many bytes, is late, and gives up time. There, the sound is short and wholly written before the
 * start; elsewhere it goes round the ring while it is played.
 */
#include <stdio.h>
#include <stdlib.h>

#include "pair.h"

#define MAPPINGS_PER_SECOND	15000
#define BYTES_PER_SECOND	30000000
#define RING_MAX		(8l << 20)
#define COUNT(array)		(sizeof(array) / sizeof(*(array)))

static const snd_pcm_format_t formats[] = {
	SND_PCM_FORMAT_U8, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_3LE,
	SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_FLOAT_LE,
};

static const unsigned int rates[] = {
	4000, 5512, 8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000,
	88200, 96000, 176400, 192000, 384000,
};

static const unsigned int channels[] = { 1, 2, 3, 4, 5, 6, 7, 8, 32 };

#define COMBINATIONS	(COUNT(formats) * COUNT(channels) * COUNT(rates))

static int play_long(struct pair *p, long frame)
{
	p->period = p->rate / 160 > 64 ? p->rate / 160 | 1 : 65;
	p->ring = 8 * p->period;
	p->record_ring = 4 * p->ring;
	/* 8 MiB is the most there is. */
	if (p->record_ring > RING_MAX / frame)
		p->record_ring = RING_MAX / frame / p->period * p->period;
	p->frames = 2 * p->ring + p->ring / 3;
	if (pair_set(p) || pair_make_sound(p, p->rate) || pair_start(p))
		return -1;
	return pair_play_out(p);
}

static int play_short(struct pair *p, long frame)
{
	/* ALSA waits a tenth of a second for the end of it, and no longer. */
	p->period = 132 / frame | 1;
	p->ring = 4 * p->period;
	p->record_ring = 12 * p->period;
	p->frames = 3 * p->period;
	/* A streaming card queues part of a packet only at the drain: too late. */
	if (!parameter("streaming"))
		p->frames += p->period / 3;
	if (pair_set(p) || pair_make_sound(p, p->rate))
		return -1;
	return pair_play_at_once(p);
}

static int play(struct pair *p, unsigned int max_mapping, bool *is_long)
{
	long frame = p->channels * snd_pcm_format_physical_width(p->format) / 8;
	int err;

	*is_long = frame * p->rate / max_mapping <= MAPPINGS_PER_SECOND &&
		   frame * p->rate <= BYTES_PER_SECOND;
	/* Such a short ring is over before a work has begun. */
	if (!*is_long && parameter("may_sleep"))
		return 0;
	err = *is_long ? play_long(p, frame) : play_short(p, frame);
	if (!err)
		err = pair_check(p);
	/* Both: the cable has one format, and each has to let go of it. */
	snd_pcm_drop(p->play);
	snd_pcm_drop(p->record);
	snd_pcm_hw_free(p->play);
	snd_pcm_hw_free(p->record);
	return err;
}

int main(int argc, char **argv)
{
	size_t step = argc > 1 ? atoi(argv[1]) : 1, i, total = 0, longer = 0;
	unsigned int max_mapping = parameter("max_mapping"), wrong = 0;
	struct pair pair = {};
	bool is_long;

	if (pair_open(&pair, 0))
		return 1;
	for (i = 0; i < COMBINATIONS; i += step) {
		pair.rate = rates[i % COUNT(rates)];
		pair.channels = channels[i / COUNT(rates) % COUNT(channels)];
		pair.format = formats[i / COUNT(rates) / COUNT(channels)];
		wrong += !!play(&pair, max_mapping, &is_long);
		total++;
		longer += is_long;
	}
	pair_close(&pair);
	printf("%zu combinations, %zu of them longer than the ring, %u wrong\n",
	       total, longer, wrong);
	return !!wrong;
}
