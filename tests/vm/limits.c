// SPDX-License-Identifier: GPL-2.0
/*
 * Try every limit that a PCM offers at both ends and just past them: what is
 * inside runs, and its position moves as time does; what is outside is refused.
 * Usage: limits PCM p|c
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <alsa/asoundlib.h>

#include "limits.h"

/*
 * How long each one runs, and how far its position may be off: a card model
 * moves in steps of some milliseconds. And after a long ring was filled it goes at
 * more than twice the pace for a while, as if it had to catch up with that time.
 */
#define RUN_MS		40
#define SLACK_MS	40
#define CATCH_UP	2.5

static const char *device;
static snd_pcm_stream_t direction;
static snd_pcm_t *pcm;
static snd_pcm_hw_params_t *hw;
static int tried, refused, wrong;
static char what[160];

static void complain(const char *problem, int err)
{
	printf("%s: %s%s%s\n", what, problem, err < 0 ? ": " : "",
	       err < 0 ? snd_strerror(err) : "");
	wrong++;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void rest(void)
{
	struct timespec t = { .tv_nsec = 2000000 };

	nanosleep(&t, NULL);
}

static void begin(int wakeups)
{
	snd_pcm_hw_params_any(pcm, hw);
	snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
	snd_pcm_hw_params_set_format(pcm, hw, SND_PCM_FORMAT_S16_LE);
	if (!wakeups && snd_pcm_hw_params_can_disable_period_wakeup(hw))
		snd_pcm_hw_params_set_period_wakeup(pcm, hw, 0);
}

/* --- running --------------------------------------------------------------- */

struct shape {
	snd_pcm_uframes_t ring;
	snd_pcm_uframes_t period;
	unsigned int rate;
	unsigned int channels;
};

static int set_software(snd_pcm_sw_params_t *sw)
{
	snd_pcm_uframes_t boundary;

	snd_pcm_sw_params_current(pcm, sw);
	snd_pcm_sw_params_get_boundary(sw, &boundary);
	snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary);
	snd_pcm_sw_params_set_stop_threshold(pcm, sw, boundary);
	return snd_pcm_sw_params(pcm, sw);
}

static int get_shape(struct shape *s)
{
	int err = snd_pcm_hw_params(pcm, hw);

	if (err < 0)
		return err;
	snd_pcm_hw_params_get_buffer_size(hw, &s->ring);
	snd_pcm_hw_params_get_period_size(hw, &s->period, NULL);
	snd_pcm_hw_params_get_rate(hw, &s->rate, NULL);
	snd_pcm_hw_params_get_channels(hw, &s->channels);
	return 0;
}

static int fill(const struct shape *s)
{
	void *silence = calloc(s->ring * s->channels, 2);
	snd_pcm_sframes_t frames = s->ring;

	if (direction == SND_PCM_STREAM_PLAYBACK)
		frames = snd_pcm_writei(pcm, silence, s->ring);
	free(silence);
	return frames == (snd_pcm_sframes_t)s->ring ? 0 : (int)frames;
}

/* How far it came, in frames, from an empty or full ring. */
static snd_pcm_sframes_t position(void)
{
	return snd_pcm_avail(pcm);
}

/*
 * A ring that goes round more often than somebody looks may be seen at the same
 * place each time, where nobody is told of its periods: it has only not to be
 * ahead.
 */
static void watch(const struct shape *s)
{
	int seen = s->ring >= s->rate / 25;
	double period = 1e3 * s->period / s->rate, begun = now();
	double slack = SLACK_MS + 2 * (period < 20 ? period : 20);
	double pace = s->ring >= s->rate ? CATCH_UP : 1;
	double ms = 0, at = 0;
	snd_pcm_sframes_t last = 0, frames = 0;

	while (ms < RUN_MS + 2 * slack) {
		rest();
		frames = position();
		ms = now() - begun;
		if (frames < last) {
			complain("position", frames);
			return;
		}
		last = frames;
		at = 1e3 * frames / s->rate;
		if (at > ms * pace + slack) {
			complain("the position is ahead of time", 0);
			return;
		}
	}
	if (seen && (!frames || at < ms - 2 * slack))
		complain("the position stays behind", 0);
}

/* What the parameters leave open is ALSA's choice. */
static void run_it(void)
{
	snd_pcm_sw_params_t *sw;
	struct shape s;
	int err;

	snd_pcm_sw_params_alloca(&sw);
	tried++;
	err = get_shape(&s);
	if (!err)
		err = set_software(sw);
	if (err < 0) {
		complain("refused", err);
		return;
	}
	snprintf(what + strlen(what), sizeof(what) - strlen(what),
		 " (%u Hz, %u channels, period %lu, ring %lu)", s.rate,
		 s.channels, s.period, s.ring);
	err = fill(&s);
	if (!err)
		err = snd_pcm_start(pcm);
	if (err < 0)
		complain("start", err);
	else
		watch(&s);
	snd_pcm_drop(pcm);
	snd_pcm_hw_free(pcm);
}

/* --- hardware parameters --------------------------------------------------- */

static int set(int which, unsigned long value)
{
	switch (which) {
	case 0:
		return snd_pcm_hw_params_set_rate(pcm, hw, value, 0);
	case 1:
		return snd_pcm_hw_params_set_channels(pcm, hw, value);
	case 2:
		return snd_pcm_hw_params_set_period_size(pcm, hw, value, 0);
	case 3:
		return snd_pcm_hw_params_set_buffer_size(pcm, hw, value);
	default:
		return snd_pcm_hw_params_set_periods(pcm, hw, value, 0);
	}
}

static unsigned long limit(int which, int max)
{
	snd_pcm_uframes_t frames = 0;
	unsigned int n = 0;
	int dir = 0;

	switch (which) {
	case 0:
		(max ? snd_pcm_hw_params_get_rate_max :
		       snd_pcm_hw_params_get_rate_min)(hw, &n, &dir);
		return n;
	case 1:
		(max ? snd_pcm_hw_params_get_channels_max :
		       snd_pcm_hw_params_get_channels_min)(hw, &n);
		return n;
	case 2:
		(max ? snd_pcm_hw_params_get_period_size_max :
		       snd_pcm_hw_params_get_period_size_min)(hw, &frames,
							      &dir);
		/* An open end: nothing that is a whole number. */
		return frames + (!max && dir > 0) - (max && dir < 0);
	case 3:
		if (max)
			snd_pcm_hw_params_get_buffer_size_max(hw, &frames);
		else
			snd_pcm_hw_params_get_buffer_size_min(hw, &frames);
		return frames;
	default:
		(max ? snd_pcm_hw_params_get_periods_max :
		       snd_pcm_hw_params_get_periods_min)(hw, &n, &dir);
		return n;
	}
}

static const char *const names[] = {
	"rate", "channels", "period", "ring", "periods",
};

static void try_outside(int which, int max, int wakeups)
{
	unsigned long value;

	begin(wakeups);
	value = limit(which, max) + (max ? 1 : -1);
	snprintf(what, sizeof(what), "%s %lu", names[which], value);
	tried++;
	if (set(which, value) >= 0)
		complain("not refused", 0);
	else
		refused++;
}

static void try_inside(int which, int max, int wakeups)
{
	unsigned long value;
	int err;

	begin(wakeups);
	value = limit(which, max);
	snprintf(what, sizeof(what), "%s %lu%s", names[which], value,
		 wakeups ? "" : ", no wakeups");
	err = set(which, value);
	if (err < 0)
		complain("refused", err);
	else
		run_it();
}

/* All of them at an end at once; each narrows those that follow. */
static void try_corner(unsigned int corner, int wakeups)
{
	static const int order[] = { 0, 1, 3, 2 };
	unsigned int i;
	int err;

	begin(wakeups);
	snprintf(what, sizeof(what), "corner %u%s", corner,
		 wakeups ? "" : ", no wakeups");
	for (i = 0; i < 4; i++) {
		err = set(order[i], limit(order[i], corner >> i & 1));
		if (err < 0) {
			complain(names[order[i]], err);
			return;
		}
	}
	run_it();
}

static void try_hardware(void)
{
	unsigned int corner;
	int which, wakeups;

	for (wakeups = 0; wakeups < 2; wakeups++) {
		for (which = 0; which < 5; which++) {
			try_outside(which, 0, wakeups);
			try_inside(which, 0, wakeups);
			try_inside(which, 1, wakeups);
			try_outside(which, 1, wakeups);
		}
		for (corner = 0; corner < 16; corner++)
			try_corner(corner, wakeups);
	}
}

/* --- software parameters --------------------------------------------------- */

/* What ALSA's core takes, by its own rules. */
static int allowed(const struct software *w, const struct shape *s,
		   snd_pcm_uframes_t boundary)
{
	if (!w->avail_min)
		return 0;
	if (w->silence >= boundary)
		return !w->threshold;
	return w->silence <= w->threshold && w->threshold <= s->ring;
}

/* Three rings long, served by nobody. */
static void outlast(const struct software *w, const struct shape *s)
{
	double end = now() + 3e3 * s->ring / s->rate + SLACK_MS;
	int stops = w->stop <= 2 * s->ring;
	snd_pcm_state_t state;

	do {
		rest();
		snd_pcm_avail(pcm);
		state = snd_pcm_state(pcm);
	} while (now() < end && state == SND_PCM_STATE_RUNNING);
	if (stops && state != SND_PCM_STATE_XRUN)
		complain("it doesn't stop", 0);
	if (!stops && state != SND_PCM_STATE_RUNNING)
		complain("it stops", 0);
}

static void try_software(const struct software *w, const struct shape *s,
			 snd_pcm_uframes_t boundary)
{
	int plays = direction == SND_PCM_STREAM_PLAYBACK, err, starts;
	struct pollfd file;

	snd_pcm_poll_descriptors(pcm, &file, 1);
	snprintf(what, sizeof(what),
		 "avail_min %ld, start %ld, stop %ld, silence %ld at %ld",
		 w->avail_min, w->start, w->stop, w->silence, w->threshold);
	tried++;
	err = raw_software(file.fd, w);
	if (!allowed(w, s, boundary)) {
		refused++;
		if (err != -EINVAL)
			complain("not refused", err);
		return;
	}
	if (!err)
		err = snd_pcm_prepare(pcm);
	if (!err)
		err = fill(s);
	if (err < 0) {
		complain("refused", err);
		return;
	}
	starts = plays && (snd_pcm_sframes_t)w->start <= (long)s->ring;
	/* A threshold of nothing stops what hasn't begun, too. */
	if (w->stop && starts != (snd_pcm_state(pcm) ==
				  SND_PCM_STATE_RUNNING))
		complain(starts ? "it doesn't start" : "it starts", 0);
	if (snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED)
		snd_pcm_start(pcm);
	outlast(w, s);
	snd_pcm_drop(pcm);
}

static void try_thresholds(void)
{
	snd_pcm_uframes_t boundary, numbers[9], n;
	snd_pcm_sw_params_t *sw;
	struct software usual;
	struct shape s;
	unsigned int i;

	snd_pcm_sw_params_alloca(&sw);
	begin(1);
	snprintf(what, sizeof(what), "the usual parameters");
	snd_pcm_hw_params_set_channels(pcm, hw, 2);
	snd_pcm_hw_params_set_rate(pcm, hw, 48000, 0);
	n = 256;
	snd_pcm_hw_params_set_period_size_near(pcm, hw, &n, NULL);
	n = 1024;
	snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &n);
	if (get_shape(&s) < 0) {
		complain("refused", 0);
		return;
	}
	/* alsa-lib looks at what it knows of them. */
	set_software(sw);
	snd_pcm_sw_params_get_boundary(sw, &boundary);
	memcpy(numbers, (snd_pcm_uframes_t[]){
		0, 1, s.ring - 1, s.ring, s.ring + 1, boundary - 1, boundary,
		boundary + 1, ULONG_MAX }, sizeof(numbers));
	usual = (struct software){ s.period, boundary, boundary, 0, 0 };
	for (i = 0; i < 9; i++) {
		struct software w = usual;

		n = numbers[i];
		w.avail_min = n;
		try_software(&w, &s, boundary);
		w = usual;
		w.start = n;
		try_software(&w, &s, boundary);
		w = usual;
		w.stop = n;
		try_software(&w, &s, boundary);
		w = usual;
		w.silence = n;
		try_software(&w, &s, boundary);
		w.threshold = n;
		try_software(&w, &s, boundary);
		w.silence = s.period;
		try_software(&w, &s, boundary);
	}
	snd_pcm_hw_free(pcm);
}

int main(int argc, char **argv)
{
	int err;

	if (argc != 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	device = argv[1];
	direction = *argv[2] == 'c' ? SND_PCM_STREAM_CAPTURE :
				      SND_PCM_STREAM_PLAYBACK;
	err = snd_pcm_open(&pcm, device, direction, SND_PCM_NONBLOCK);
	if (err < 0) {
		printf("%s: %s\n", device, snd_strerror(err));
		return 2;
	}
	snd_pcm_hw_params_alloca(&hw);
	try_hardware();
	try_thresholds();
	begin(1);
	snprintf(what, sizeof(what), "afterwards");
	run_it();
	snd_pcm_close(pcm);
	printf("%d limits, %d refused, %d wrong\n", tried, refused, wrong);
	return !!wrong;
}
