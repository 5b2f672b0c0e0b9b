// SPDX-License-Identifier: GPL-2.0
/*
 * What the benchmark does in the guest: plays, records and asks, in the ways
 * that aplay can't, with marks around what is measured (see mark.h).
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <time.h>
#include <unistd.h>

#include <alsa/asoundlib.h>

#include "mark.h"

#define RATE		48000
#define FRAME_BYTES	4
#define OPENINGS	7
#define POST_PORT	0x80	/* on a PC, nobody listens there */

static struct {
	const char *device;
	bool capture;
	bool quiet;		/* no period wakeups */
	bool marks;
	bool strict;		/* the first time it is late is the last */
	long tick_ms;		/* 0: let ALSA wake us */
	snd_pcm_uframes_t period;
	snd_pcm_uframes_t buffer;
	double seconds;
} want = {
	.device = "hw:0", .period = 1024, .buffer = 4096, .seconds = 1,
};

static int check(int ret, const char *what)
{
	if (ret < 0)
		errx(1, "%s: %s", what, snd_strerror(ret));
	return ret;
}

static snd_pcm_t *open_pcm(void)
{
	snd_pcm_t *pcm;

	/* ALSA's library takes period wakeups off nobody who would block. */
	check(snd_pcm_open(&pcm, want.device, want.capture ?
			   SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK,
			   want.quiet ? SND_PCM_NONBLOCK : 0),
	      want.device);
	return pcm;
}

static void any_params(snd_pcm_t *pcm, snd_pcm_hw_params_t *params)
{
	check(snd_pcm_hw_params_any(pcm, params), "parameters");
	check(snd_pcm_hw_params_set_access(pcm, params,
					   SND_PCM_ACCESS_RW_INTERLEAVED),
	      "access");
	check(snd_pcm_hw_params_set_format(pcm, params, SND_PCM_FORMAT_S16_LE),
	      "format");
	check(snd_pcm_hw_params_set_channels(pcm, params, 2), "channels");
	check(snd_pcm_hw_params_set_rate(pcm, params, RATE, 0), "rate");
}

static void choose_params(snd_pcm_t *pcm, snd_pcm_hw_params_t *params)
{
	any_params(pcm, params);
	if (want.quiet && snd_pcm_hw_params_can_disable_period_wakeup(params))
		check(snd_pcm_hw_params_set_period_wakeup(pcm, params, 0),
		      "no wakeups");
	check(snd_pcm_hw_params_set_buffer_size(pcm, params, want.buffer),
	      "buffer size");
	check(snd_pcm_hw_params_set_period_size(pcm, params, want.period, 0),
	      "period size");
}

/* Whoever is late is told so by an error, or goes on as if nothing was. */
static void choose_sw_params(snd_pcm_t *pcm, bool stop)
{
	snd_pcm_uframes_t boundary;
	snd_pcm_sw_params_t *params;

	snd_pcm_sw_params_alloca(&params);
	check(snd_pcm_sw_params_current(pcm, params), "software parameters");
	snd_pcm_sw_params_get_boundary(params, &boundary);
	snd_pcm_sw_params_set_start_threshold(pcm, params, boundary);
	if (!stop)
		snd_pcm_sw_params_set_stop_threshold(pcm, params, boundary);
	check(snd_pcm_sw_params(pcm, params), "software parameters");
}

static snd_pcm_t *prepared_pcm(void)
{
	snd_pcm_hw_params_t *params;
	snd_pcm_t *pcm = open_pcm();

	snd_pcm_hw_params_alloca(&params);
	choose_params(pcm, params);
	check(snd_pcm_hw_params(pcm, params), "parameters");
	choose_sw_params(pcm, true);
	return pcm;
}

static snd_pcm_sframes_t transfer(snd_pcm_t *pcm, short *data,
				  snd_pcm_uframes_t frames)
{
	return want.capture ? snd_pcm_readi(pcm, data, frames) :
			      snd_pcm_writei(pcm, data, frames);
}

/* Wait for the next tick, and ask how much there is to do. */
static snd_pcm_sframes_t next_tick(snd_pcm_t *pcm, struct timespec *tick)
{
	tick->tv_nsec += want.tick_ms * 1000000;
	while (tick->tv_nsec >= 1000000000) {
		tick->tv_nsec -= 1000000000;
		tick->tv_sec++;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, tick, NULL);
	return snd_pcm_avail(pcm);
}

/*
 * Whether the card has played more than it was given. A driver can't see that
 * when the card has gone round the whole ring between two looks, but the clock
 * does. The card fetches 10 ms at a time, which may be ahead or behind.
 */
static bool overtaken(const struct timespec *start, long long given)
{
	struct timespec now;
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = now.tv_sec - start->tv_sec +
		  (now.tv_nsec - start->tv_nsec) / 1e9;
	return seconds * RATE > given + 2 * RATE / 100;
}

/* Says how many frames went through, and how often it was late. */
static void stream(void)
{
	short *data = calloc(want.buffer, FRAME_BYTES);
	long long left = want.seconds * RATE;
	snd_pcm_t *pcm = prepared_pcm();
	snd_pcm_sframes_t frames;
	struct timespec start, tick;
	long long given = 0;
	int late = 0;

	if (!want.capture)
		given = check(transfer(pcm, data, want.buffer), "first transfer");
	check(snd_pcm_start(pcm), "start");
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (want.marks)
		mark(MARK_BEGIN);
	tick = start;
	while (left > 0) {
		frames = want.period;
		if (want.tick_ms)
			frames = next_tick(pcm, &tick);
		if (frames > 0)
			frames = transfer(pcm, data, frames);
		if (frames < 0) {
			late++;
			if (want.strict)
				break;
			check(snd_pcm_prepare(pcm), "prepare");
			if (!want.capture)
				transfer(pcm, data, want.buffer);
			check(snd_pcm_start(pcm), "start");
			continue;
		}
		left -= frames;
		given += frames;
		if (want.strict && overtaken(&start, given)) {
			late++;
			break;
		}
	}
	if (want.marks)
		mark(MARK_END);
	snd_pcm_close(pcm);
	printf("late %d\n", late);
	free(data);
}

/* Ask where the stream is, again and again. */
static void query(int times)
{
	snd_pcm_t *pcm = prepared_pcm();
	short *data = calloc(want.buffer, FRAME_BYTES);

	check(transfer(pcm, data, want.buffer), "first transfer");
	check(snd_pcm_start(pcm), "start");
	mark(MARK_BEGIN);
	while (times--)
		check(snd_pcm_hwsync(pcm), "position");
	mark(MARK_END);
	snd_pcm_close(pcm);
}

/* From the parameters to a card that runs; the first times are to get warm. */
static void begin(void)
{
	short data[FRAME_BYTES / 2 * 64] = {};
	snd_pcm_hw_params_t *params;
	snd_pcm_t *pcm;
	int i;

	snd_pcm_hw_params_alloca(&params);
	for (i = 0; i < OPENINGS; i++) {
		pcm = open_pcm();
		choose_params(pcm, params);
		mark(MARK_BEGIN);
		check(snd_pcm_hw_params(pcm, params), "parameters");
		check(transfer(pcm, data, 64), "transfer");	/* starts it */
		mark(MARK_END);
		snd_pcm_close(pcm);
	}
}

/* The ring is really made: what the parameters promise isn't always kept. */
static bool accepted(snd_pcm_uframes_t buffer, unsigned int periods)
{
	snd_pcm_hw_params_t *params;
	snd_pcm_t *pcm = open_pcm();
	int ret;

	snd_pcm_hw_params_alloca(&params);
	any_params(pcm, params);
	ret = snd_pcm_hw_params_set_buffer_size(pcm, params, buffer);
	if (ret >= 0 && periods)
		ret = snd_pcm_hw_params_set_periods(pcm, params, periods, 0);
	if (ret >= 0)
		ret = snd_pcm_hw_params(pcm, params);
	snd_pcm_close(pcm);
	return ret >= 0;
}

static void limits(void)
{
	snd_pcm_uframes_t buffer, largest = 0;
	unsigned int periods, most = 0;

	for (buffer = 64; buffer <= 64 << 20; buffer *= 2)
		if (accepted(buffer, 0))
			largest = buffer;
	for (periods = 2; periods <= 1 << 16; periods++) {
		if (periods > 64 && periods & (periods - 1))
			continue;
		for (buffer = periods * 16; buffer <= largest; buffer *= 2)
			if (accepted(buffer, periods)) {
				most = periods;
				break;
			}
	}
	printf("bytes %lu periods %u\n", largest * FRAME_BYTES, most);
}

/* Compute for some of each 10 ms, so that others have less of it. */
static void burn(int percent)
{
	struct timespec now, start = { 0 };
	long spent;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		do {
			clock_gettime(CLOCK_MONOTONIC, &now);
			spent = (now.tv_sec - start.tv_sec) * 1000000000 +
				now.tv_nsec - start.tv_nsec;
		} while (spent < percent * 100000L);
		start.tv_nsec += 10000000;
		if (start.tv_nsec >= 1000000000) {
			start.tv_nsec -= 1000000000;
			start.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &start, NULL);
	}
}

/* For a trace of the registers: a write that nothing else makes. */
static void post(int number)
{
	if (ioperm(POST_PORT, 1, 1))
		err(1, "port %#x", POST_PORT);
	outb(number, POST_PORT);
}

static void usage(void)
{
	fprintf(stderr,
		"usage: stream [-cnmx] [-D DEVICE] [-p PERIOD] [-b BUFFER] [-s SECONDS] [-t MS]\n"
		"              play | query TIMES | begin | limits | burn PERCENT |\n"
		"              post NUMBER | mark on|off\n");
	exit(2);
}

static void parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "cnmxD:p:b:s:t:")) != -1)
		switch (c) {
		case 'c': want.capture = true; break;
		case 'n': want.quiet = true; break;
		case 'm': want.marks = true; break;
		case 'x': want.strict = true; break;
		case 'D': want.device = optarg; break;
		case 'p': want.period = strtoul(optarg, NULL, 0); break;
		case 'b': want.buffer = strtoul(optarg, NULL, 0); break;
		case 's': want.seconds = strtod(optarg, NULL); break;
		case 't': want.tick_ms = strtol(optarg, NULL, 0); break;
		default: usage();
		}
}

int main(int argc, char **argv)
{
	const char *command, *value;

	parse(argc, argv);
	command = optind < argc ? argv[optind] : "";
	value = optind + 1 < argc ? argv[optind + 1] : "";

	if (!strcmp(command, "play"))
		stream();
	else if (!strcmp(command, "query"))
		query(atoi(value));
	else if (!strcmp(command, "begin"))
		begin();
	else if (!strcmp(command, "limits"))
		limits();
	else if (!strcmp(command, "burn"))
		burn(atoi(value));
	else if (!strcmp(command, "post"))
		post(atoi(value));
	else if (!strcmp(command, "mark") && !strcmp(value, "on"))
		mark(MARK_BEGIN);
	else if (!strcmp(command, "mark") && !strcmp(value, "off"))
		mark(MARK_END);
	else
		usage();
	return 0;
}
