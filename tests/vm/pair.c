// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pair.h"

/* Guest time; only what has gone wrong takes so long. */
#define TIMEOUT_MS	10000

int complain(const struct pair *p, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("device %d, %s, %u channels, %u Hz: %s\n", p->device,
	       snd_pcm_format_name(p->format), p->channels, p->rate, text);
	return -1;
}

/* ALSA's error, where there is one. */
static int failed(const struct pair *p, int err, const char *what)
{
	return err < 0 ? complain(p, "%s: %s", what, snd_strerror(err)) : 0;
}

/* A parameter of the card's module; a bool counts as 0 or 1. */
unsigned int parameter(const char *name)
{
	char path[128], text[16] = "";
	FILE *file;

	snprintf(path, sizeof(path),
		 "/sys/module/snd_wavepci_loopback/parameters/%s", name);
	file = fopen(path, "r");
	if (!file || !fgets(text, sizeof(text), file)) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return *text == 'Y' ? 1 : atoi(text);
}

/* --- open, close, parameters --------------------------------------------- */

/*
 * Also sees to it that no page has to come from a disk later: an emulator that
 * counts instructions lets any time go by while the guest waits for one.
 */
int pair_open(struct pair *p, int device)
{
	char name[16];

	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return complain(p, "memory can't be locked");
	p->device = device;
	snprintf(name, sizeof(name), "hw:0,%d", device);
	if (failed(p, snd_pcm_open(&p->play, name, SND_PCM_STREAM_PLAYBACK, 0),
		   "open to play"))
		return -1;
	return failed(p, snd_pcm_open(&p->record, name, SND_PCM_STREAM_CAPTURE,
				      0), "open to record");
}

void pair_close(struct pair *p)
{
	if (p->play)
		snd_pcm_close(p->play);
	if (p->record)
		snd_pcm_close(p->record);
	free(p->sound);
	free(p->heard);
}

/* Returns ALSA's error, and says nothing. */
int pair_set_end(struct pair *p, snd_pcm_t *pcm)
{
	bool plays = pcm == p->play;
	snd_pcm_access_t access = plays ? SND_PCM_ACCESS_RW_INTERLEAVED :
					  SND_PCM_ACCESS_MMAP_INTERLEAVED;
	snd_pcm_hw_params_t *hw;
	snd_pcm_sw_params_t *sw;
	int err;

	snd_pcm_hw_params_alloca(&hw);
	snd_pcm_sw_params_alloca(&sw);
	if ((err = snd_pcm_hw_params_any(pcm, hw)) < 0 ||
	    (err = snd_pcm_hw_params_set_access(pcm, hw, access)) < 0 ||
	    (err = snd_pcm_hw_params_set_format(pcm, hw, p->format)) < 0 ||
	    (err = snd_pcm_hw_params_set_channels(pcm, hw, p->channels)) < 0 ||
	    (err = snd_pcm_hw_params_set_rate(pcm, hw, p->rate, 0)) < 0 ||
	    (err = snd_pcm_hw_params_set_period_size(pcm, hw, p->period,
						     0)) < 0 ||
	    (err = snd_pcm_hw_params_set_buffer_size(pcm, hw, plays ? p->ring :
						     p->record_ring)) < 0 ||
	    (err = snd_pcm_hw_params(pcm, hw)) < 0)
		return err;
	if ((err = snd_pcm_sw_params_current(pcm, sw)) < 0 ||
	    (err = snd_pcm_sw_params_set_start_threshold(pcm, sw,
							 LONG_MAX)) < 0 ||
	    (err = snd_pcm_sw_params_set_avail_min(pcm, sw, p->period)) < 0 ||
	    (err = snd_pcm_sw_params(pcm, sw)) < 0)
		return err;
	return 0;
}

int pair_set(struct pair *p)
{
	if (failed(p, pair_set_end(p, p->play), "parameters to play"))
		return -1;
	return failed(p, pair_set_end(p, p->record), "parameters to record");
}

/*
 * Noise: every byte is random, so in a floating-point sample there is no
 * number that a conversion would leave alone. It begins and ends with a frame
 * that isn't silent.
 */
int pair_make_sound(struct pair *p, unsigned long long seed)
{
	unsigned long long x = 0x9e3779b97f4a7c15ull * (seed + 1);
	size_t bytes, i;

	p->frame = p->channels * snd_pcm_format_physical_width(p->format) / 8;
	p->silence = p->format == SND_PCM_FORMAT_U8 ? 0x80 : 0;
	p->written = 0;
	p->heard_frames = 0;
	p->heard_max = 2 * p->frames + 4 * p->record_ring;
	/* A streaming card pads by itself. */
	p->padding = parameter("streaming") || p->frames % p->period == 0 ? 0 :
		     p->period - p->frames % p->period;

	bytes = (p->frames + p->padding) * p->frame;
	p->sound = realloc(p->sound, bytes + sizeof(x));
	p->heard = realloc(p->heard, p->heard_max * p->frame);
	if (!p->sound || !p->heard)
		return complain(p, "no memory");
	for (i = 0; i < bytes; i += sizeof(x)) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(p->sound + i, &x, sizeof(x));
	}
	p->sound[0] = p->silence ^ 0x55;
	p->sound[p->frames * p->frame - 1] = p->silence ^ 0x55;
	memset(p->sound + p->frames * p->frame, p->silence,
	       p->padding * p->frame);
	return 0;
}

/* --- playing and recording ------------------------------------------------ */

/*
 * Fill the ring, then start both ends at once, the one that records first: a
 * short recording may be over before one gets to start another stream.
 */
int pair_start(struct pair *p)
{
	long end = p->frames + p->padding;

	/* Who is linked last starts first, and there may be a moment in between. */
	if (pair_write(p, end < p->ring ? end : p->ring) ||
	    failed(p, snd_pcm_link(p->play, p->record), "link") ||
	    failed(p, snd_pcm_start(p->record), "start"))
		return -1;
	return failed(p, snd_pcm_unlink(p->play), "unlink");
}

/* Wait for a period to be recorded, and take all there is. */
int pair_read(struct pair *p)
{
	const snd_pcm_channel_area_t *areas;
	snd_pcm_uframes_t offset, frames;
	snd_pcm_sframes_t avail;
	int err = snd_pcm_wait(p->record, TIMEOUT_MS);

	if (err == 0)
		return complain(p, "nothing is recorded");
	if (failed(p, err, "wait"))
		return -1;
	avail = snd_pcm_avail_update(p->record);
	if (failed(p, avail, "record"))
		return -1;
	while (avail > 0) {
		frames = avail;
		err = snd_pcm_mmap_begin(p->record, &areas, &offset, &frames);
		if (failed(p, err, "record"))
			return -1;
		if (p->heard_frames + (long)frames > p->heard_max)
			return complain(p, "it doesn't end: %ld frames",
					p->heard_frames);
		memcpy(p->heard + p->heard_frames * p->frame,
		       (unsigned char *)areas->addr + offset * p->frame,
		       frames * p->frame);
		if (failed(p, snd_pcm_mmap_commit(p->record, offset, frames),
			   "record"))
			return -1;
		p->heard_frames += frames;
		avail -= frames;
	}
	return 0;
}

/* Write what fits into the ring, up to a frame of the sound. */
int pair_write(struct pair *p, long end)
{
	snd_pcm_sframes_t frames = snd_pcm_avail_update(p->play);

	if (failed(p, frames, "play"))
		return -1;
	if (frames > end - p->written)
		frames = end - p->written;
	if (frames <= 0)
		return 0;
	frames = snd_pcm_writei(p->play, p->sound + p->written * p->frame,
				frames);
	if (failed(p, frames, "write"))
		return -1;
	p->written += frames;
	return 0;
}

/* Play all that isn't played yet, and record a little longer. */
int pair_play_out(struct pair *p)
{
	long end = p->frames + p->padding;

	while (p->written < end)
		if (pair_read(p) || pair_write(p, end))
			return -1;
	if (failed(p, snd_pcm_drain(p->play), "drain") || pair_read(p))
		return -1;
	for (end = p->heard_frames + 2 * p->period; p->heard_frames < end;)
		if (pair_read(p))
			return -1;
	return failed(p, snd_pcm_drop(p->record), "stop");
}

/* Play on for ever when there is no sound any more, or silence from there on. */
int pair_play_on(struct pair *p, bool silent)
{
	snd_pcm_uframes_t boundary;
	snd_pcm_sw_params_t *sw;
	int err;

	snd_pcm_sw_params_alloca(&sw);
	if ((err = snd_pcm_sw_params_current(p->play, sw)) < 0 ||
	    (err = snd_pcm_sw_params_get_boundary(sw, &boundary)) < 0 ||
	    (err = snd_pcm_sw_params_set_stop_threshold(p->play, sw,
							boundary)) < 0 ||
	    (err = snd_pcm_sw_params_set_silence_size(p->play, sw, silent ?
						      boundary : 0)) < 0)
		return failed(p, err, "play on");
	return failed(p, snd_pcm_sw_params(p->play, sw), "play on");
}

/*
 * Play a sound that fits into the ring, and record until that ring is full and
 * ALSA stops it: so nobody needs to be in time. Silence follows: were what is
 * played stopped for want of sound while it is still linked, the recording
 * would be, too.
 */
int pair_play_at_once(struct pair *p)
{
	const snd_pcm_channel_area_t *areas;
	snd_pcm_uframes_t offset, frames = p->record_ring;
	int err;

	if (failed(p, snd_pcm_mmap_begin(p->record, &areas, &offset, &frames),
		   "record") || pair_play_on(p, true) || pair_start(p) ||
	    failed(p, snd_pcm_drain(p->play), "drain"))
		return -1;
	do
		err = snd_pcm_wait(p->record, TIMEOUT_MS);
	while (err == 1 && snd_pcm_state(p->record) == SND_PCM_STATE_RUNNING);
	if (snd_pcm_state(p->record) != SND_PCM_STATE_XRUN)
		return complain(p, "the recording doesn't end: %d, state %d",
				err, snd_pcm_state(p->record));
	memcpy(p->heard, areas->addr, p->record_ring * p->frame);
	p->heard_frames = p->record_ring;
	return failed(p, snd_pcm_drop(p->record), "stop");
}

/* --- what was heard ------------------------------------------------------- */

/* Where a frame and the three behind it come from in the sound, or -1. */
static long find(const struct pair *p, const unsigned char *four)
{
	long n;

	for (n = 0; n + 4 <= p->frames; n++)
		if (!memcmp(p->sound + n * p->frame, four, 4 * p->frame))
			return n;
	return -1;
}

/* Whether the sound was heard, all of it, once, and nothing else. */
int pair_check(const struct pair *p)
{
	size_t bytes = p->heard_frames * p->frame, length, i;
	const unsigned char *heard = p->heard;
	long begin, n, from = -1;

	for (i = 0; i < bytes && heard[i] == p->silence; i++)
		;
	if (i == bytes)
		return complain(p, "nothing but silence in %ld frames",
				p->heard_frames);
	begin = i / p->frame;
	heard += begin * p->frame;
	bytes -= begin * p->frame;
	length = p->frames * p->frame;
	for (i = 0; i < bytes && i < length && heard[i] == p->sound[i]; i++)
		;
	n = i / p->frame;
	if (i < bytes && i < length) {
		if ((n + 4) * p->frame <= bytes)
			from = find(p, heard + n * p->frame);
		return complain(p, "begins at %ld; frame %ld of %ld is wrong, byte %zu; there is frame %ld",
				begin, n, p->frames, i % p->frame, from);
	}
	if (i < length)
		return complain(p, "begins at %ld, ends after %ld frames of %ld",
				begin, n, p->frames);
	for (; i < bytes && heard[i] == p->silence; i++)
		;
	n = i / p->frame;
	/* Where a work serves it, a looped card has gone on for a moment. */
	if (parameter("may_sleep") && !parameter("streaming") &&
	    n >= p->frames + p->padding)
		return 0;
	return i == bytes ? 0 :
	       complain(p, "begins at %ld; sound again at %ld, behind its %ld frames",
			begin, n, p->frames);
}
