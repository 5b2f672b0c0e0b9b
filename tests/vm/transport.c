// SPDX-License-Identifier: GPL-2.0
/*
 * Play in many ways, each made of a seed, and say what has to come out.
 * Usage: transport CARD SEED FIRST COUNT [RECORDED]
 *
 * A combination is a way to open a ring, to write to it and to wait for it, and
 * what is done to the stream meanwhile: pauses, rewinds, a drop, an xrun, drains.
 * It depends on the seed and its number alone. No two frames that are written are
 * alike: each is a number, see frame_of(), so that what comes out tells by itself
 * what is missing, and from where it is.
 *
 * Prints for each combination what it is, and what has to come out: `piece A B`, the
 * numbers from A to before B, comes after the piece before; `all` says that what was
 * printed since the last stop has to come out, `some` that the first of it has. At
 * each `pause` there may be silence. Whatever is not as it should be is a line that
 * begins with `wrong`.
 *
 * With a file RECORDED, what comes in on the card's other side goes there, read in
 * ways of its own; in some combinations both streams are linked.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <alsa/asoundlib.h>

#define RATE		48000
#define SILENCE		6144	/* frames; cards fetch so many before they play */
#define MARGIN		2560	/* frames before a card that it may be ahead */
#define RING_MIN	6144
#define RING_MAX	24576

enum wait { BLOCK, WAIT, POLL, CLOCK, WAITS };
enum copy { WRITE, MMAP, REGIONS, COPIES };

static const char *const waits[] = { "block", "wait", "poll", "clock" };
static const char *const copies[] = { "write", "mmap", "regions" };

struct stream {
	snd_pcm_t *pcm;
	const char *name;
	bool capture;
	enum wait wait;
	enum copy copy;
	snd_pcm_uframes_t period, ring, chunk, threshold, avail_min;
	uint32_t data[2 * RING_MAX];

	/* Where the card was last, in frames since prepare, and when. */
	snd_pcm_sframes_t written, position;
	snd_htimestamp_t stamp;
};

static struct stream play, record;
static bool silenced, linked;
static const char *card;
static int number, wrong;
static uint64_t state;
static uint32_t next = 1, run_begin;

static void complain(const char *format, ...)
{
	va_list args;

	printf("wrong: combination %d, %ld written: ", number,
	       (long)play.written);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	wrong++;
}

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 16) % below;
}

static uint32_t between(uint32_t least, uint32_t most)
{
	return least + draw(most - least + 1);
}

static void sow(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15 + 1;
	for (int i = 0; i < 8; i++)
		draw(2);
}

static long long in_us(struct timespec time)
{
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return in_us(time);
}

/* A number becomes a frame that is not silent, and back: tests/vm/test_transport.py. */
static uint32_t frame_of(uint32_t counter)
{
	return counter * 2654435769u;
}

/* --- what it is like ------------------------------------------------------ */

static void choose(struct stream *s)
{
	s->wait = draw(WAITS);
	s->copy = draw(COPIES);
	s->ring = between(RING_MIN, RING_MAX);
	s->period = between(48, s->ring / 3);
	s->chunk = between(32, draw(2) ? 300 : s->ring);
}

static int set(struct stream *s, int code, const char *what)
{
	if (code < 0)
		complain("%s: %s: %s", s->name, what, snd_strerror(code));
	return code;
}

static int set_hw(struct stream *s)
{
	snd_pcm_hw_params_t *hw;

	snd_pcm_hw_params_alloca(&hw);
	snd_pcm_hw_params_any(s->pcm, hw);
	snd_pcm_hw_params_set_rate_resample(s->pcm, hw, 0);
	if (set(s, snd_pcm_hw_params_set_access(s->pcm, hw, s->copy == WRITE ?
			SND_PCM_ACCESS_RW_INTERLEAVED :
			SND_PCM_ACCESS_MMAP_INTERLEAVED), "access") ||
	    set(s, snd_pcm_hw_params_set_format(s->pcm, hw,
			SND_PCM_FORMAT_S16_LE), "format") ||
	    set(s, snd_pcm_hw_params_set_channels(s->pcm, hw, 2), "channels") ||
	    set(s, snd_pcm_hw_params_set_rate(s->pcm, hw, RATE, 0), "rate"))
		return -1;
	if (s->wait == CLOCK && snd_pcm_hw_params_can_disable_period_wakeup(hw))
		snd_pcm_hw_params_set_period_wakeup(s->pcm, hw, 0);
	snd_pcm_hw_params_set_period_size_near(s->pcm, hw, &s->period, NULL);
	snd_pcm_hw_params_set_buffer_size_near(s->pcm, hw, &s->ring);
	if (set(s, snd_pcm_hw_params(s->pcm, hw), "hw_params"))
		return -1;
	snd_pcm_hw_params_get_period_size(hw, &s->period, NULL);
	snd_pcm_hw_params_get_buffer_size(hw, &s->ring);
	return 0;
}

static int set_sw(struct stream *s)
{
	snd_pcm_uframes_t boundary;
	snd_pcm_sw_params_t *sw;

	snd_pcm_sw_params_alloca(&sw);
	snd_pcm_sw_params_current(s->pcm, sw);
	snd_pcm_sw_params_get_boundary(sw, &boundary);
	s->threshold = draw(4) ? between(MARGIN, s->ring) : boundary;
	s->avail_min = between(1, s->ring / 3);
	if (s->chunk > s->ring)
		s->chunk = s->ring;
	snd_pcm_sw_params_set_start_threshold(s->pcm, sw, s->capture ?
					      boundary : s->threshold);
	snd_pcm_sw_params_set_avail_min(s->pcm, sw, s->avail_min);
	snd_pcm_sw_params_set_tstamp_mode(s->pcm, sw, SND_PCM_TSTAMP_ENABLE);
	/* Whatever comes after the end of what is written is silent. */
	if (!s->capture && silenced) {
		snd_pcm_sw_params_set_silence_threshold(s->pcm, sw, 0);
		snd_pcm_sw_params_set_silence_size(s->pcm, sw, boundary);
	}
	return set(s, snd_pcm_sw_params(s->pcm, sw), "sw_params");
}

static void begin(struct stream *s)
{
	s->written = 0;
	s->position = 0;
	memset(&s->stamp, 0, sizeof(s->stamp));
}

static int open_stream(struct stream *s, bool capture)
{
	s->capture = capture;
	s->name = capture ? "recording" : "playing";
	choose(s);
	if (capture && linked)
		s->wait = POLL;		/* nobody blocks before the start */
	if (set(s, snd_pcm_open(&s->pcm, card, capture ?
				SND_PCM_STREAM_CAPTURE :
				SND_PCM_STREAM_PLAYBACK,
				s->wait == BLOCK ? 0 : SND_PCM_NONBLOCK),
		"open"))
		return -1;
	if (set_hw(s) || set_sw(s)) {
		snd_pcm_close(s->pcm);
		return -1;
	}
	begin(s);
	return 0;
}

/* --- where it is ---------------------------------------------------------- */

/* Neither the position nor its time goes back, or past what was written. */
static snd_pcm_state_t look(struct stream *s)
{
	snd_pcm_sframes_t position;
	snd_pcm_status_t *status;
	snd_htimestamp_t stamp;
	snd_pcm_state_t at;

	snd_pcm_status_alloca(&status);
	if (set(s, snd_pcm_status(s->pcm, status), "status"))
		return SND_PCM_STATE_DISCONNECTED;
	at = snd_pcm_status_get_state(status);
	/* For a paused stream ALSA says that the delay is 0. */
	if (at != SND_PCM_STATE_RUNNING && at != SND_PCM_STATE_DRAINING)
		return at;
	snd_pcm_status_get_htstamp(status, &stamp);
	position = s->written + (s->capture ? 1 : -1) *
		   snd_pcm_status_get_delay(status);
	if (position < s->position)
		complain("%s: from %ld back to %ld", s->name,
			 (long)s->position, (long)position);
	if (!s->capture && position > s->written)
		complain("at %ld, behind the end", (long)position);
	if (stamp.tv_sec < s->stamp.tv_sec ||
	    (stamp.tv_sec == s->stamp.tv_sec &&
	     stamp.tv_nsec < s->stamp.tv_nsec))
		complain("time goes back");
	s->position = position;
	s->stamp = stamp;
	return at;
}

/* Until there is something to do; the stream decides when, or the clock does. */
static int wait_for(struct stream *s)
{
	struct pollfd fds[4];
	unsigned short events;
	int count;

	switch (s->wait) {
	case CLOCK:
		/* Nothing but this looks where the card is. */
		usleep(1000000LL * s->ring / 8 / RATE);
		snd_pcm_hwsync(s->pcm);
		return 0;
	case POLL:
		count = snd_pcm_poll_descriptors(s->pcm, fds, 4);
		if (poll(fds, count, 2000) != 1) {
			complain("no wakeup");
			return -1;
		}
		return snd_pcm_poll_descriptors_revents(s->pcm, fds, count,
							&events);
	default:
		if (snd_pcm_wait(s->pcm, 2000) != 0)
			return 0;
		complain("no wakeup");
		return -1;
	}
}

/* --- there and back ------------------------------------------------------- */

static snd_pcm_sframes_t copy_regions(struct stream *s, uint32_t *data,
				      snd_pcm_uframes_t frames)
{
	const snd_pcm_channel_area_t *areas;
	snd_pcm_uframes_t offset, count = frames;
	snd_pcm_sframes_t avail = snd_pcm_avail_update(s->pcm);
	uint32_t *ring;
	int ret;

	if (avail <= 0)
		return avail ?: -EAGAIN;
	ret = snd_pcm_mmap_begin(s->pcm, &areas, &offset, &count);
	if (ret < 0)
		return ret;
	ring = (uint32_t *)areas->addr + offset;
	if (s->capture)
		memcpy(data, ring, count * sizeof(*data));
	else
		memcpy(ring, data, count * sizeof(*data));
	return snd_pcm_mmap_commit(s->pcm, offset, count);
}

static snd_pcm_sframes_t copy_some(struct stream *s, uint32_t *data,
				   snd_pcm_uframes_t frames)
{
	switch (s->copy) {
	case WRITE:
		return s->capture ? snd_pcm_readi(s->pcm, data, frames) :
				    snd_pcm_writei(s->pcm, data, frames);
	case MMAP:
		return s->capture ? snd_pcm_mmap_readi(s->pcm, data, frames) :
				    snd_pcm_mmap_writei(s->pcm, data, frames);
	default:
		return copy_regions(s, data, frames);
	}
}

/* Nobody else starts a stream whose regions were written, or with no threshold. */
static void start_if_due(struct stream *s)
{
	snd_pcm_uframes_t due = s->threshold < s->ring ? s->threshold : s->ring;

	if (s->capture || snd_pcm_state(s->pcm) != SND_PCM_STATE_PREPARED ||
	    (snd_pcm_uframes_t)s->written < due)
		return;
	set(s, snd_pcm_start(s->pcm), "start");
}

/* Write frames, or read them; in pieces of whatever is the way of the stream. */
static int transfer(struct stream *s, uint32_t *data, snd_pcm_uframes_t frames)
{
	while (frames) {
		snd_pcm_uframes_t room = frames < s->chunk ? frames : s->chunk;
		snd_pcm_sframes_t avail = snd_pcm_avail_update(s->pcm), done;

		/* A ring that nobody starts has no more room. */
		if (!s->capture && avail >= 0 && s->wait == BLOCK &&
		    room > (snd_pcm_uframes_t)avail &&
		    snd_pcm_state(s->pcm) == SND_PCM_STATE_PREPARED)
			room = avail;
		done = copy_some(s, data, room);
		if (done == -EAGAIN) {
			start_if_due(s);
			if (wait_for(s))
				return -1;
			continue;
		}
		if (done < 0)
			return set(s, done, "transfer");
		data += done;
		frames -= done;
		s->written += done;
		start_if_due(s);
		look(s);
	}
	return 0;
}

/* The whole ring: ALSA silences what has been played, not what is rewound. */
static int write_silence(void)
{
	snd_pcm_uframes_t frames = play.ring > SILENCE ? play.ring : SILENCE;

	memset(play.data, 0, frames * sizeof(*play.data));
	return transfer(&play, play.data, frames);
}

static int write_sound(snd_pcm_uframes_t frames)
{
	for (snd_pcm_uframes_t i = 0; i < frames; i++)
		play.data[i] = frame_of(next++);
	return transfer(&play, play.data, frames);
}

/* What was written since the last piece, but for the last frames. */
static void piece(uint32_t but)
{
	printf("piece %u %u\n", run_begin, next - but);
	run_begin = next;
}

static void stop(const char *how)
{
	piece(0);
	printf("%s\n", how);
}

/* --- what is done to it --------------------------------------------------- */

static void pause_a_while(void)
{
	snd_pcm_sframes_t room;

	if (look(&play) != SND_PCM_STATE_RUNNING ||
	    set(&play, snd_pcm_pause(play.pcm, 1), "pause"))
		return;
	if (look(&play) != SND_PCM_STATE_PAUSED)
		complain("not paused");
	printf("pause\n");
	room = snd_pcm_avail(play.pcm);
	usleep(between(1, 40) * 1000);
	if (snd_pcm_avail(play.pcm) != room)
		complain("moves in a pause");
	set(&play, snd_pcm_pause(play.pcm, 0), "going on");
}

/* Some of it is written anew; of that the first may stay as it was. */
static void go_back(void)
{
	snd_pcm_sframes_t most = snd_pcm_rewindable(play.pcm) - MARGIN;
	snd_pcm_sframes_t back, stays = 0;

	if (most <= 0)
		return;
	if (most > (snd_pcm_sframes_t)(next - run_begin))
		most = next - run_begin;
	back = snd_pcm_rewind(play.pcm, between(1, most));
	if (back > 0 && !silenced)
		stays = snd_pcm_forward(play.pcm, between(1, back));
	if (back < 0 || stays < 0 || stays > back) {
		complain("rewound %ld, forward %ld", (long)back, (long)stays);
		return;
	}
	play.written -= back - stays;
	piece(back - stays);
}

static void drop(void)
{
	set(&play, snd_pcm_drop(play.pcm), "drop");
	stop("some");
	set(&play, snd_pcm_prepare(play.pcm), "prepare");
	begin(&play);
}

static void run_dry(void)
{
	uint32_t none = 0;
	int ret, i;

	stop("all");
	if (write_silence())
		return;
	if (snd_pcm_state(play.pcm) == SND_PCM_STATE_PREPARED)
		set(&play, snd_pcm_start(play.pcm), "start");
	for (i = 0; i < 2000; i++) {
		snd_pcm_avail(play.pcm);
		if (snd_pcm_state(play.pcm) == SND_PCM_STATE_XRUN)
			break;
		usleep(1000);
	}
	ret = copy_some(&play, &none, 1);
	if (i == 2000 || ret != -EPIPE)
		complain("no xrun: %d", ret);
	set(&play, snd_pcm_prepare(play.pcm), "prepare");
	begin(&play);
}

/* It ends not before the last frame, and not a period after it. */
static void drain(void)
{
	snd_pcm_sframes_t left;
	long long time, lasts;
	int ret;

	stop("all");
	if (write_silence())
		return;
	if (snd_pcm_state(play.pcm) == SND_PCM_STATE_PREPARED)
		set(&play, snd_pcm_start(play.pcm), "start");
	look(&play);
	left = play.written - play.position;
	time = in_us(play.stamp);
	ret = snd_pcm_drain(play.pcm);
	if (play.wait != BLOCK && ret == -EAGAIN) {
		while (look(&play) == SND_PCM_STATE_DRAINING)
			usleep(500);
		ret = 0;
	}
	lasts = (now_us() - time) * RATE / 1000000;
	if (set(&play, ret, "drain"))
		return;
	printf("drained: %lld frames after the end, periods of %lu\n",
	       lasts - left, play.period);
	set(&play, snd_pcm_prepare(play.pcm), "prepare");
	begin(&play);
}

/* The first of them keep linked streams running, and in step. */
#define EVENTS		6
#define EVENTS_LINKED	2
static void (*const events[EVENTS])(void) = {
	go_back, go_back, pause_a_while, drop, run_dry, drain,
};

/* --- the other side ------------------------------------------------------- */

static FILE *recorded;
static volatile bool enough;

static void *listen(void *unused)
{
	while (!enough) {
		snd_pcm_sframes_t done;

		/* A linked stream starts when the other one does. */
		if (snd_pcm_state(record.pcm) == SND_PCM_STATE_PREPARED) {
			usleep(1000);
			continue;
		}
		done = copy_some(&record, record.data, record.chunk);
		if (done == -EAGAIN && record.wait == CLOCK) {
			wait_for(&record);
			continue;
		}
		if (done == -EAGAIN) {
			snd_pcm_wait(record.pcm, 100);
			continue;
		}
		if (done < 0) {
			complain("recording: %s, %s", snd_strerror(done),
				 snd_pcm_state_name(snd_pcm_state(record.pcm)));
			break;
		}
		fwrite(record.data, sizeof(*record.data), done, recorded);
		record.written += done;
		look(&record);
	}
	return unused;
}

/* All that is in the ring by now has been read when as much again has been. */
static void hear_out(void)
{
	snd_pcm_sframes_t end = record.written + record.ring;

	for (int ms = 0; record.written < end && !wrong; ms++) {
		if (ms == 5000)
			complain("nothing more is recorded");
		usleep(1000);
	}
}

/* --- all of it ------------------------------------------------------------ */

static void combine(uint64_t seed, bool both)
{
	pthread_t listener;
	int left;

	sow(seed * 100000 + number);
	silenced = draw(2);
	linked = both && draw(2);
	if (open_stream(&play, false))
		return;
	if (both && open_stream(&record, true)) {
		snd_pcm_close(play.pcm);
		return;
	}
	printf("combination %d: %s, %s, period %lu, ring %lu, chunk %lu, start %lu, avail %lu%s%s\n",
	       number, copies[play.copy], waits[play.wait], play.period,
	       play.ring, play.chunk, play.threshold, play.avail_min,
	       silenced ? ", silenced" : "", linked ? ", linked" : "");
	if (both) {
		printf("recording: %s, %s, period %lu, ring %lu, chunk %lu, avail %lu\n",
		       copies[record.copy], waits[record.wait], record.period,
		       record.ring, record.chunk, record.avail_min);
		if (linked)
			set(&play, snd_pcm_link(play.pcm, record.pcm), "link");
		else
			set(&record, snd_pcm_start(record.pcm), "start");
		enough = false;
		pthread_create(&listener, NULL, listen, NULL);
	}
	run_begin = next;
	for (left = between(2, 6); left && !wrong; left--) {
		if (write_sound(between(play.ring / 2, play.ring)))
			break;
		events[draw(linked ? EVENTS_LINKED : EVENTS)]();
	}
	if (linked) {
		set(&play, snd_pcm_unlink(play.pcm), "unlink");
		/* All of it may have had room in a ring that nobody started. */
		if (snd_pcm_state(record.pcm) == SND_PCM_STATE_PREPARED)
			set(&record, snd_pcm_start(record.pcm), "start");
	}
	if (!wrong)
		drain();
	if (both) {
		hear_out();
		enough = true;
		pthread_join(listener, NULL);
		printf("recorded: %ld frames, %s\n", (long)record.written,
		       snd_pcm_state_name(snd_pcm_state(record.pcm)));
		snd_pcm_close(record.pcm);
	}
	snd_pcm_close(play.pcm);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int first, count;

	if (argc < 5)
		return 2;
	card = argv[1];
	first = atoi(argv[3]);
	count = atoi(argv[4]);
	if (argc > 5) {
		recorded = fopen(argv[5], "w");
		if (!recorded)
			err(2, "%s", argv[5]);
	}
	for (number = first; number < first + count && !wrong; number++)
		combine(atoll(argv[2]), !!recorded);
	if (recorded && fclose(recorded))
		err(2, "%s", argv[5]);
	printf("%d combinations, %d wrong\n", number - first, wrong);
	return !!wrong;
}
