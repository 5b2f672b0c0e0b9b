// SPDX-License-Identifier: GPL-2.0
/*
 * Play or record, look at the position and its time all the while - first at those
 * that the last interrupt left, then at new ones - and see how well they lie on a
 * line.
 * Usage: line DEVICE play|record RATE PERIOD SECONDS
 */
#include <alsa/asoundlib.h>
#include <err.h>
#include <math.h>
#include <string.h>

#define PERIODS		8
#define SKIPPED		0.25	/* seconds until it has settled */

struct sums {
	double n, t, p, tt, tp, pp;
	double time, position;	/* the last ones */
	unsigned long back;
};

static snd_pcm_t *pcm;
static snd_pcm_uframes_t buffer;
static double done;		/* frames that we wrote, or read */
static int plays;

static void check(int ret, const char *what)
{
	if (ret < 0)
		errx(1, "%s: %s", what, snd_strerror(ret));
}

static void configure(unsigned int rate, snd_pcm_uframes_t period)
{
	snd_pcm_hw_params_t *hw;
	snd_pcm_sw_params_t *sw;

	snd_pcm_hw_params_alloca(&hw);
	snd_pcm_sw_params_alloca(&sw);
	check(snd_pcm_hw_params_any(pcm, hw), "any");
	check(snd_pcm_hw_params_set_access(pcm, hw,
			SND_PCM_ACCESS_RW_INTERLEAVED), "access");
	check(snd_pcm_hw_params_set_format(pcm, hw, SND_PCM_FORMAT_S16_LE),
	      "format");
	check(snd_pcm_hw_params_set_channels(pcm, hw, 2), "channels");
	check(snd_pcm_hw_params_set_rate(pcm, hw, rate, 0), "rate");
	check(snd_pcm_hw_params_set_period_size(pcm, hw, period, 0), "period");
	check(snd_pcm_hw_params_set_periods(pcm, hw, PERIODS, 0), "periods");
	check(snd_pcm_hw_params(pcm, hw), "hw_params");
	check(snd_pcm_hw_params_get_buffer_size(hw, &buffer), "buffer");
	check(snd_pcm_sw_params_current(pcm, sw), "sw_params");
	check(snd_pcm_sw_params_set_tstamp_mode(pcm, sw, SND_PCM_TSTAMP_ENABLE),
	      "tstamp_mode");
	check(snd_pcm_sw_params_set_tstamp_type(pcm, sw,
			SND_PCM_TSTAMP_TYPE_MONOTONIC), "tstamp_type");
	check(snd_pcm_sw_params(pcm, sw), "sw_params");
}

static double seconds(const snd_htimestamp_t *time)
{
	return time->tv_sec + time->tv_nsec / 1e9;
}

/* What was seen before is no news. */
static void add(struct sums *s, double t, double p)
{
	if (t < SKIPPED || t == s->time)
		return;
	if (s->n && (t < s->time || p < s->position))
		s->back++;
	s->time = t;
	s->position = p;
	s->n++;
	s->t += t;
	s->p += p;
	s->tt += t * t;
	s->tp += t * p;
	s->pp += p * p;
}

static void report(const char *name, const struct sums *s)
{
	double xx = s->tt - s->t * s->t / s->n;
	double xy = s->tp - s->t * s->p / s->n;
	double yy = s->pp - s->p * s->p / s->n;
	double rest = fmax(yy - xy * xy / xx, 0);

	printf("%s: %.0f pairs, %lu back, %.3f frames/s, error %.3f\n", name,
	       s->n, s->back, xy / xx, sqrt(rest / (s->n - 2) / xx));
}

static void move(short *samples, snd_pcm_uframes_t period)
{
	snd_pcm_sframes_t ret = plays ? snd_pcm_writei(pcm, samples, period) :
					snd_pcm_readi(pcm, samples, period);

	if (ret == -EAGAIN)
		return;
	check(ret, plays ? "write" : "read");
	done += ret;
}

/* Where the card is: it is so far from what we wrote or read. */
static double place(snd_pcm_uframes_t avail)
{
	return plays ? done - (double)(buffer - avail) : done + avail;
}

static double left_by_interrupt(struct sums *s, double first)
{
	snd_pcm_uframes_t avail;
	snd_htimestamp_t time;

	check(snd_pcm_htimestamp(pcm, &avail, &time), "htimestamp");
	add(s, seconds(&time) - first, place(avail));
	return seconds(&time) - first;
}

static double new(struct sums *s, double first)
{
	snd_htimestamp_t time, trigger;
	snd_pcm_status_t *status;

	snd_pcm_status_alloca(&status);
	check(snd_pcm_status(pcm, status), "status");
	snd_pcm_status_get_trigger_htstamp(status, &trigger);
	if (!s)
		return seconds(&trigger);
	snd_pcm_status_get_htstamp(status, &time);
	add(s, seconds(&time) - first, place(snd_pcm_status_get_avail(status)));
	return seconds(&time) - first;
}

int main(int argc, char **argv)
{
	snd_pcm_uframes_t period = argc > 5 ? atoi(argv[4]) : 0;
	struct sums left = {}, asked = {};
	double first, end;
	short *samples;

	if (argc != 6)
		errx(2, "usage: line DEVICE play|record RATE PERIOD SECONDS");
	plays = !strcmp(argv[2], "play");
	check(snd_pcm_open(&pcm, argv[1], plays ? SND_PCM_STREAM_PLAYBACK :
			   SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK), argv[1]);
	configure(atoi(argv[3]), period);
	samples = calloc(period, 4);
	while (plays && done < buffer)
		move(samples, period);
	if (snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED)
		check(snd_pcm_start(pcm), "start");

	/* Times from the start on: sums of long ones haven't digits enough. */
	first = new(NULL, 0);
	end = atof(argv[5]);
	while (left_by_interrupt(&left, first) < end)
		move(samples, period);
	end *= 2;
	while (new(&asked, first) < end)
		move(samples, period);
	report("left", &left);
	report("new", &asked);
	return 0;
}
