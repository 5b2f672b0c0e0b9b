// SPDX-License-Identifier: GPL-2.0
/*
 * What applications do that made a machine or a stream stand still: linked
 * streams that nobody serves any more, or that are paused or dropped; rings
 * shorter than a jiffy, without wakeups; a recording that is paused.
 * Usage: standstill PCM [sound] [streaming] [lumps]
 * With `sound` what is played is what is recorded, and is listened to. With
 * `streaming` what isn't written isn't played. With `lumps` the card takes so many
 * frames at a time that it seems to stand still in a ring that goes into them.
 */
#include <alsa/asoundlib.h>
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>

#define PERIOD		1024
#define RING		8192
#define RATE		48000
#define PAUSES		5
#define LAPS		5
#define TIMEOUT_MS	10000
#define LUMP		64	/* what QEMU's HD Audio codec takes */

static const char *device;
static bool streaming;
static int wrong;

static void complain(const char *what, const char *how)
{
	printf("%s: %s: %s\n", device, what, how);
	wrong = 1;
}

static void check(long ret, const char *what)
{
	if (ret < 0)
		errx(1, "%s: %s: %s", device, what, snd_strerror(ret));
}

static snd_pcm_t *open_end(snd_pcm_stream_t stream, int mode)
{
	snd_pcm_t *pcm;

	check(snd_pcm_open(&pcm, device, stream, mode), "open");
	return pcm;
}

static int set(snd_pcm_t *pcm, snd_pcm_format_t format, unsigned long period,
	       unsigned long ring, bool wakeups)
{
	snd_pcm_hw_params_t *hw;
	unsigned int rate = RATE;
	int ret;

	snd_pcm_hw_params_alloca(&hw);
	check(snd_pcm_hw_params_any(pcm, hw), "parameters");
	check(snd_pcm_hw_params_set_access(pcm, hw,
			SND_PCM_ACCESS_RW_INTERLEAVED), "access");
	check(snd_pcm_hw_params_set_format(pcm, hw, format), "format");
	check(snd_pcm_hw_params_set_channels(pcm, hw, 2), "channels");
	check(snd_pcm_hw_params_set_rate_near(pcm, hw, &rate, 0), "rate");
	if (!wakeups)
		check(snd_pcm_hw_params_set_period_wakeup(pcm, hw, 0),
		      "no wakeups");
	ret = snd_pcm_hw_params_set_period_size(pcm, hw, period, 0);
	if (ret >= 0)
		ret = snd_pcm_hw_params_set_buffer_size(pcm, hw, ring);
	return ret < 0 ? ret : snd_pcm_hw_params(pcm, hw);
}

/* Started only when told to; stopped when the ring is empty or full, or never. */
static void set_thresholds(snd_pcm_t *pcm, bool stops)
{
	snd_pcm_uframes_t boundary;
	snd_pcm_sw_params_t *sw;

	snd_pcm_sw_params_alloca(&sw);
	check(snd_pcm_sw_params_current(pcm, sw), "software parameters");
	check(snd_pcm_sw_params_get_boundary(sw, &boundary), "boundary");
	check(snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary),
	      "start threshold");
	if (!stops)
		check(snd_pcm_sw_params_set_stop_threshold(pcm, sw, boundary),
		      "stop threshold");
	check(snd_pcm_sw_params(pcm, sw), "software parameters");
}

/* --- linked streams --------------------------------------------------------- */

struct duplex {
	snd_pcm_t *play;
	snd_pcm_t *record;
};

static void duplex_start(struct duplex *d, bool play_first)
{
	static short silence[RING * 2];

	d->play = open_end(SND_PCM_STREAM_PLAYBACK, 0);
	d->record = open_end(SND_PCM_STREAM_CAPTURE, 0);
	check(set(d->play, SND_PCM_FORMAT_S16_LE, PERIOD, RING, true), "set");
	check(set(d->record, SND_PCM_FORMAT_S16_LE, PERIOD, RING, true), "set");
	set_thresholds(d->play, true);
	set_thresholds(d->record, true);
	if (play_first)
		check(snd_pcm_link(d->play, d->record), "link");
	else
		check(snd_pcm_link(d->record, d->play), "link");
	check(snd_pcm_writei(d->play, silence, RING), "write");
	check(snd_pcm_start(play_first ? d->play : d->record), "start");
}

static void duplex_close(struct duplex *d)
{
	snd_pcm_close(d->play);
	snd_pcm_close(d->record);
}

static void wait_for_state(snd_pcm_t *pcm, snd_pcm_state_t state,
			   const char *what)
{
	while (snd_pcm_state(pcm) != state)
		if (snd_pcm_wait(pcm, TIMEOUT_MS) == 0) {
			complain(what, snd_pcm_state_name(snd_pcm_state(pcm)));
			return;
		}
}

static void linked_and_not_served(bool play_first)
{
	struct duplex d;

	duplex_start(&d, play_first);
	wait_for_state(d.play, SND_PCM_STATE_XRUN, "linked, not served, play");
	wait_for_state(d.record, SND_PCM_STATE_XRUN,
		       "linked, not served, record");
	duplex_close(&d);
}

static void linked_and_paused(bool play_first)
{
	struct duplex d;

	duplex_start(&d, play_first);
	if (snd_pcm_wait(d.record, TIMEOUT_MS) != 1)
		complain("linked, paused", "nothing recorded");
	check(snd_pcm_pause(d.record, 1), "pause");
	check(snd_pcm_pause(d.record, 0), "release");
	wait_for_state(d.play, SND_PCM_STATE_XRUN, "linked, paused, play");
	duplex_close(&d);
}

static void linked_and_dropped(bool play_first)
{
	struct duplex d;

	duplex_start(&d, play_first);
	if (snd_pcm_wait(d.record, TIMEOUT_MS) != 1)
		complain("linked, dropped", "nothing recorded");
	check(snd_pcm_drop(d.record), "drop");
	duplex_close(&d);
}

/* --- short rings ------------------------------------------------------------- */

/* Returns false when the ring isn't offered. */
static bool short_ring(unsigned long ring, bool wakeups)
{
	/* Only who doesn't block may do without wakeups. */
	snd_pcm_t *pcm = open_end(SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
	static short silence[2 * RING];
	snd_pcm_sframes_t delay, end = streaming ? 0 : -LAPS * (long)ring;

	if (set(pcm, SND_PCM_FORMAT_S16_LE, ring / 2, ring, wakeups) < 0) {
		snd_pcm_close(pcm);
		return false;
	}
	set_thresholds(pcm, false);
	check(snd_pcm_writei(pcm, silence, ring), "write");
	check(snd_pcm_start(pcm), "start");
	/* ALSA's arithmetic is done at each look: many of them. */
	do
		check(snd_pcm_delay(pcm, &delay), "delay");
	while (delay > end);
	snd_pcm_close(pcm);
	return true;
}

/* --- a pause ----------------------------------------------------------------- */

static void fill_counting(snd_pcm_t *play, int *count)
{
	static int frames[RING][2];
	snd_pcm_sframes_t room = snd_pcm_avail_update(play);
	int i;

	check(room, "play");
	for (i = 0; i < room; i++)
		frames[i][0] = frames[i][1] = (*count)++;
	if (room)
		check(snd_pcm_writei(play, frames, room), "write");
}

/* In the middle of a period, pause, play on, and release. */
static void pause_recording(struct duplex *d, int *count)
{
	snd_pcm_sframes_t before, after;
	snd_pcm_status_t *status;
	int end = *count + 2 * PERIOD;

	do {
		before = snd_pcm_avail(d->record);
		check(before, "record");
	} while (before < PERIOD / 4);
	check(snd_pcm_pause(d->record, 1), "pause");
	snd_pcm_status_alloca(&status);
	check(snd_pcm_status(d->record, status), "status");
	after = snd_pcm_status_get_avail(status);
	if (after - before > PERIOD)
		complain("pause", "more was recorded than time went by");
	while (*count < end)
		fill_counting(d->play, count);
	check(snd_pcm_pause(d->record, 0), "release");
}

/* Returns how many frames come before what has been heard already. */
static int step_back(const int (*heard)[2], int frames, int *last)
{
	int i, back = 0;

	for (i = 0; i < frames; i++) {
		back += heard[i][0] <= *last && heard[i][0];
		if (heard[i][0])
			*last = heard[i][0];
	}
	return back;
}

/* What is recorded after a pause is new; each frame has its number. */
static void paused_and_heard(void)
{
	struct duplex d = {
		open_end(SND_PCM_STREAM_PLAYBACK, 0),
		open_end(SND_PCM_STREAM_CAPTURE, 0),
	};
	static int heard[PERIOD][2];
	int count = 1, last = 0, back = 0, i, n;

	check(set(d.play, SND_PCM_FORMAT_S32_LE, PERIOD, RING, true), "set");
	check(set(d.record, SND_PCM_FORMAT_S32_LE, PERIOD, RING, true), "set");
	set_thresholds(d.play, false);
	set_thresholds(d.record, true);
	fill_counting(d.play, &count);
	check(snd_pcm_start(d.record), "start");
	check(snd_pcm_start(d.play), "start");
	for (n = 0; n < PAUSES; n++) {
		pause_recording(&d, &count);
		for (i = 0; i < 6; i++) {
			check(snd_pcm_readi(d.record, heard, PERIOD), "read");
			back += step_back(heard, PERIOD, &last);
			fill_counting(d.play, &count);
		}
	}
	duplex_close(&d);
	if (back || !last)
		complain("paused", "old sound was recorded again, or none");
}

static void paused_and_counted(void)
{
	struct duplex d = { NULL, open_end(SND_PCM_STREAM_CAPTURE, 0) };
	static short heard[PERIOD][2];
	snd_pcm_sframes_t avail;
	int n;

	check(set(d.record, SND_PCM_FORMAT_S16_LE, PERIOD, RING, true), "set");
	set_thresholds(d.record, true);
	check(snd_pcm_start(d.record), "start");
	for (n = 0; n < PAUSES; n++) {
		check(snd_pcm_readi(d.record, heard, PERIOD), "read");
		do
			check(avail = snd_pcm_avail(d.record), "record");
		while (avail < PERIOD / 4);
		check(snd_pcm_pause(d.record, 1), "pause");
		check(snd_pcm_pause(d.record, 0), "release");
		check(avail = snd_pcm_avail(d.record), "record");
		if (avail > RING / 2)
			complain("paused", "a ring was recorded in no time");
	}
	snd_pcm_close(d.record);
}

static bool has(char **words, const char *word)
{
	while (*words && strcmp(*words, word))
		words++;
	return *words;
}

int main(int argc, char **argv)
{
	static const int rings[] = { 32, 64, 128, 192, 384, 768, 770, 960, RING };
	unsigned int i, offered = 0;
	bool lumps;

	if (argc < 2)
		errx(2, "usage: standstill PCM [sound] [streaming] [lumps]");
	device = argv[1];
	streaming = has(argv + 2, "streaming");
	lumps = has(argv + 2, "lumps");
	for (i = 0; i < 2; i++) {
		linked_and_not_served(i);
		linked_and_paused(i);
		linked_and_dropped(i);
	}
	for (i = 0; i < sizeof(rings) / sizeof(*rings); i++)
		if (!lumps || LUMP % rings[i])
			offered += short_ring(rings[i], false) +
				   short_ring(rings[i], true);
	if (has(argv + 2, "sound"))
		paused_and_heard();
	else
		paused_and_counted();
	printf("%u rings, %s\n", offered, wrong ? "wrong" : "right");
	return wrong;
}
