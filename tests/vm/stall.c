// SPDX-License-Identifier: GPL-2.0
/*
 * Play a file, but stop writing for a while at some places, and record it all.
 * Usage: stall PERIOD RING SOUND RECORDING PLACE...
 *
 * Files are raw, S16_LE, stereo. At each place, in frames, nothing is written
 * until three rings more have been recorded. ALSA is told not to stop whom the
 * application leaves alone. On a looped card, where what is written too late
 * isn't heard, it ends at the first place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

static int load(struct pair *p, const char *name)
{
	FILE *file = fopen(name, "r");
	bool complete = file && fread(p->sound, p->frame, p->frames, file) ==
				(size_t)p->frames;

	if (file)
		fclose(file);
	return complete ? 0 : complain(p, "%s can't be read", name);
}

static int save(const struct pair *p, const char *name)
{
	FILE *file = fopen(name, "w");
	bool complete = file && fwrite(p->heard, p->frame, p->heard_frames,
				       file) == (size_t)p->heard_frames;

	if (file)
		complete &= !fclose(file);
	return complete ? 0 : complain(p, "%s can't be written", name);
}

static int stall(struct pair *p)
{
	long until = p->heard_frames + 3 * p->ring;

	while (p->heard_frames < until)
		if (pair_read(p))
			return -1;
	return 0;
}

static int play(struct pair *p, char **places)
{
	if (pair_start(p))
		return -1;
	for (; *places; places++) {
		while (p->written < atol(*places))
			if (pair_read(p) || pair_write(p, atol(*places)))
				return -1;
		if (stall(p))
			return -1;
		if (!parameter("streaming"))
			return 0;
	}
	return pair_play_out(p);
}

static long file_frames(const char *name)
{
	FILE *file = fopen(name, "r");
	long bytes = -1;

	if (file && !fseek(file, 0, SEEK_END))
		bytes = ftell(file);
	if (file)
		fclose(file);
	return bytes / 4;
}

int main(int argc, char **argv)
{
	struct pair pair = {
		.format = SND_PCM_FORMAT_S16_LE,
		.channels = 2,
		.rate = 48000,
	};
	int err;

	if (argc < 6)
		return 2;
	pair.period = atol(argv[1]);
	pair.ring = atol(argv[2]);
	pair.record_ring = 8 * pair.ring;
	pair.frames = file_frames(argv[3]);
	if (pair_open(&pair, 0) || pair_set(&pair) || pair_play_on(&pair, false) ||
	    pair_make_sound(&pair, 0) || load(&pair, argv[3]))
		return 1;
	err = play(&pair, argv + 5);
	if (save(&pair, argv[4]))
		err = -1;
	pair_close(&pair);
	return !!err;
}
