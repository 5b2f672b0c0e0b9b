/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pair of pins of the loopback card, as applications use it: one plays a
 * sound, one records, and what was heard is compared with what was played.
 *
 * Functions return 0, or -1 after they have said on standard output what is
 * wrong, in one line that begins with the pair's format.
 */
#ifndef PAIR_H
#define PAIR_H

#include <stdbool.h>

#include <alsa/asoundlib.h>

/**
 * struct pair - both ends of a cable, and the data at each
 * @play: the PCM that plays
 * @record: the PCM that records; by mmap, so that nobody converts or copies
 * @device: number of the PCM device
 * @format: sample format
 * @channels: number of channels
 * @rate: frames per second
 * @period: frames in a period of either end
 * @ring: frames in the ring that plays
 * @record_ring: frames in the ring that records
 * @frame: bytes in a frame
 * @silence: what each byte of a silent sample is
 * @sound: what is to be played
 * @frames: how many frames that is
 * @padding: silent frames behind it, to fill its last period
 * @written: frames written so far
 * @heard: what was recorded
 * @heard_frames: how many frames so far
 * @heard_max: room for so many
 */
struct pair {
	snd_pcm_t *play;
	snd_pcm_t *record;
	int device;
	snd_pcm_format_t format;
	unsigned int channels;
	unsigned int rate;
	long period;
	long ring;
	long record_ring;
	size_t frame;
	unsigned char silence;
	unsigned char *sound;
	long frames;
	long padding;
	long written;
	unsigned char *heard;
	long heard_frames;
	long heard_max;
};

int complain(const struct pair *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
unsigned int parameter(const char *name);

int pair_open(struct pair *p, int device);
void pair_close(struct pair *p);
int pair_set_end(struct pair *p, snd_pcm_t *pcm);
int pair_set(struct pair *p);
int pair_make_sound(struct pair *p, unsigned long long seed);

int pair_start(struct pair *p);
int pair_read(struct pair *p);
int pair_write(struct pair *p, long end);
int pair_play_out(struct pair *p);
int pair_play_on(struct pair *p, bool silent);
int pair_play_at_once(struct pair *p);
int pair_check(const struct pair *p);

#endif
