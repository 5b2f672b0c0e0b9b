// SPDX-License-Identifier: GPL-2.0
/*
 * An application at one end of a cable, and a second one that wants another
 * format at the other end: it is told that it can't have it, and the first one
 * doesn't notice. Prints what each attempt came to, and what was wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pair.h"

static const struct pair like = {
	.format = SND_PCM_FORMAT_S16_LE,
	.channels = 2,
	.rate = 48000,
	.period = 2400,
	.ring = 24000,
	.record_ring = 4 * 24000,
	.frames = 120000,
};

static const struct pair others[] = {
	{ .format = SND_PCM_FORMAT_S32_LE, .channels = 2, .rate = 48000 },
	{ .format = SND_PCM_FORMAT_FLOAT_LE, .channels = 2, .rate = 48000 },
	{ .format = SND_PCM_FORMAT_S16_LE, .channels = 1, .rate = 48000 },
	{ .format = SND_PCM_FORMAT_S16_LE, .channels = 2, .rate = 44100 },
};

static const char *error_name(int err)
{
	return err == -EINVAL ? "EINVAL" : err == -EBUSY ? "EBUSY" :
	       err ? snd_strerror(err) : "accepted";
}

/*
 * Try all other formats at an end that belongs to nobody yet, while the other
 * end goes on playing, if it does.
 */
static int try_others(struct pair *p, snd_pcm_t *pcm, const char *when)
{
	struct pair other;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
		other = *p;
		other.format = others[i].format;
		other.channels = others[i].channels;
		other.rate = others[i].rate;
		printf("%s, %s, %u channels, %u Hz: %s\n", when,
		       snd_pcm_format_name(other.format), other.channels,
		       other.rate, error_name(pair_set_end(&other, pcm)));
		if (p->written && pair_write(p, p->frames + p->padding))
			return -1;
	}
	return 0;
}

static int open_end(struct pair *p, snd_pcm_t **pcm, snd_pcm_stream_t which)
{
	int err = snd_pcm_open(pcm, "hw:0,0", which, 0);

	return err ? complain(p, "open: %s", snd_strerror(err)) : 0;
}

static int set(struct pair *p, snd_pcm_t *pcm)
{
	int err = pair_set_end(p, pcm);

	return err ? complain(p, "set: %s", snd_strerror(err)) : 0;
}

/* The first one records; the second one comes while it does. */
static int while_recording(void)
{
	struct pair p = like;
	int i, err;

	err = open_end(&p, &p.record, SND_PCM_STREAM_CAPTURE) ||
	      set(&p, p.record) || pair_make_sound(&p, 1) ||
	      snd_pcm_start(p.record) || pair_read(&p) ||
	      open_end(&p, &p.play, SND_PCM_STREAM_PLAYBACK);
	if (!err)
		err = try_others(&p, p.play, "while recording") ||
		      set(&p, p.play) || pair_read(&p);
	/* And once more, with the parameters that they have. */
	for (i = 0; i < 2 && !err; i++) {
		err = pair_write(&p, p.ring) || snd_pcm_start(p.play) ||
		      pair_play_out(&p) || pair_check(&p);
		if (!err && !i) {
			p.written = 0;
			p.heard_frames = 0;
			err = snd_pcm_prepare(p.play) ||
			      snd_pcm_prepare(p.record) ||
			      snd_pcm_start(p.record);
		}
	}
	pair_close(&p);
	return err;
}

/* What was heard from somewhere in the sound on, to its end. */
static int check_end(struct pair *p)
{
	unsigned char *sound = p->sound;
	long n;

	for (n = 0; n < p->frames; n++)
		if (!memcmp(sound + n * p->frame, p->heard, 4 * p->frame))
			break;
	if (!n || n >= p->frames - p->ring)
		return complain(p, "begins at frame %ld", n);
	p->sound += n * p->frame;
	p->frames -= n;
	n = pair_check(p);
	p->sound = sound;
	return n;
}

/* The first one plays; who comes later hears it from there on. */
static int while_playing(void)
{
	struct pair p = like;
	int err;

	err = open_end(&p, &p.play, SND_PCM_STREAM_PLAYBACK) ||
	      set(&p, p.play) || pair_make_sound(&p, 2) ||
	      pair_write(&p, p.ring) || snd_pcm_start(p.play) ||
	      open_end(&p, &p.record, SND_PCM_STREAM_CAPTURE);
	if (!err)
		err = try_others(&p, p.record, "while playing") ||
		      set(&p, p.record) || snd_pcm_start(p.record) ||
		      pair_play_out(&p) || check_end(&p);
	pair_close(&p);
	return err;
}

/* Both have opened it, and both think that they may choose. */
static int when_both_are_open(void)
{
	struct pair p = like;
	int err;

	err = pair_open(&p, 0) || set(&p, p.play);
	if (!err)
		err = try_others(&p, p.record, "when both are open") ||
		      set(&p, p.record) || pair_make_sound(&p, 3) ||
		      pair_start(&p) || pair_play_out(&p) || pair_check(&p);
	pair_close(&p);
	return err;
}

/* When the first one has gone, the second one may choose. */
static int when_one_has_gone(void)
{
	struct pair p = like;
	int err;

	err = pair_open(&p, 0) || set(&p, p.play);
	if (!err) {
		snd_pcm_close(p.play);
		p.play = NULL;
		err = try_others(&p, p.record, "when one has gone");
	}
	pair_close(&p);
	return err;
}

int main(void)
{
	struct pair p = like;
	int err;

	/* Whatever has to be read for that is in memory afterwards. */
	if (pair_open(&p, 0))
		return 1;
	pair_close(&p);
	err = while_recording() | while_playing() | when_both_are_open() |
		  when_one_has_gone();

	printf("%s\n", err ? "wrong" : "right");
	return !!err;
}
