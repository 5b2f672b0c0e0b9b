/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two streams of a card, of which one breaks rules and the other doesn't; and
 * what a stream may try to get, in any state.
 */
#ifndef _WAVEPCI_KUNIT_PAIR_H
#define _WAVEPCI_KUNIT_PAIR_H

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

#define NEVER_GOT	((void *)~0ul)

/**
 * struct pair - a stream that breaks rules and one that doesn't
 * @fake: their card
 * @apps: who uses them
 * @streams: the streams
 * @packets: how many each has completed
 */
struct pair {
	struct fake *fake;
	struct application *apps[2];
	struct fake_stream *streams[2];
	int packets[2];
};

void pair_start(struct kunit *test, struct pair *pair, bool streaming);
void pair_restart(struct kunit *test, struct pair *pair, int direction);
void expect_packet(struct kunit *test, struct pair *pair, int direction,
		   const char *what, const char *where);
void expect_plays(struct kunit *test, struct fake *fake);

int release_tag(struct fake_stream *stream, void *tag);
int release_unknown(struct fake_stream *stream);
int get_into_nothing(struct fake_stream *stream);
int terminate_packet(struct fake_stream *stream);

#endif
