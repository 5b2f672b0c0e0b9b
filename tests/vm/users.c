// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "raw.h"
#include "users.h"

#define PERIOD	1024	/* frames */
#define PERIODS	4
/* ALSA gives up on a ring that takes a tenth longer; so may a busy machine. */
#define PATIENCE	3

const char *const user_kinds[] = { "play", "record", "mixer", "timer" };
const char *const user_steps[] = {
	"open", "hw_params", "prepare", "start", "stream", "drain", "pause",
	"close", "suspended",
};

/* --- steps of a stream's life; they return 0 or a negative error ----------- */

static int request(int node, unsigned long what, void *argument)
{
	return ioctl(node, what, argument) < 0 ? -errno : 0;
}

static int node_open(struct user *user, int *node)
{
	static const char *const names[] = {
		"/dev/snd/pcmC%dD0p", "/dev/snd/pcmC%dD0c",
		"/dev/snd/controlC%d", "/dev/snd/timer",
	};
	char path[32];

	snprintf(path, sizeof(path), names[user->kind], user->card);
	*node = open(path, O_RDWR);
	if (*node < 0)
		return -errno;
	user->holds = true;
	return 0;
}

static void node_close(struct user *user, int *node)
{
	user->holds = false;
	if (*node >= 0)
		close(*node);
	*node = -1;
}

static int set_params(int pcm)
{
	struct snd_pcm_hw_params params;

	raw_fill(&params, SNDRV_PCM_ACCESS_RW_INTERLEAVED, PERIOD * RAW_FRAME,
		 PERIODS);
	return request(pcm, SNDRV_PCM_IOCTL_HW_PARAMS, &params);
}

static int transfer(struct user *user, int pcm, unsigned int periods)
{
	static char data[PERIODS * PERIOD * RAW_FRAME];
	struct snd_xferi xfer = { .buf = data, .frames = periods * PERIOD };

	return request(pcm, user->kind == USER_PLAY ?
		       SNDRV_PCM_IOCTL_WRITEI_FRAMES :
		       SNDRV_PCM_IOCTL_READI_FRAMES, &xfer);
}

/* Prepared, it runs; ALSA may have started it when it had something to play. */
static int run(struct user *user, int pcm)
{
	int err = user->kind == USER_PLAY ? transfer(user, pcm, PERIODS) : 0;

	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_START, NULL);
	return err == -EBADFD ? 0 : err;
}

/* As far as it has to be for the step. */
static int get_ready(struct user *user, int *pcm)
{
	int err = 0;

	if (user->step != USER_OPEN && user->step != USER_CLOSE)
		err = node_open(user, pcm);
	else
		return 0;
	if (!err && user->step > USER_HW_PARAMS)
		err = set_params(*pcm);
	if (!err && user->step > USER_HW_PARAMS)
		err = request(*pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
	if (!err && user->step > USER_START)
		err = run(user, *pcm);
	return err;
}

static int turn_start(struct user *user, int pcm)
{
	int err = run(user, pcm);

	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_DROP, NULL);
	return err ?: request(pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
}

static int turn_drain(struct user *user, int pcm)
{
	int err = request(pcm, SNDRV_PCM_IOCTL_DRAIN, NULL);

	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
	return err ?: run(user, pcm);
}

static int turn_pause(struct user *user, int pcm)
{
	int err = transfer(user, pcm, 1);

	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_PAUSE, (void *)1);
	return err ?: request(pcm, SNDRV_PCM_IOCTL_PAUSE, (void *)0);
}

static int turn_close(struct user *user, int *pcm)
{
	int err = node_open(user, pcm);

	if (!err)
		err = set_params(*pcm);
	if (!err)
		err = request(*pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
	if (!err)
		err = run(user, *pcm);
	node_close(user, pcm);
	return err;
}

static int turn(struct user *user, int *pcm)
{
	int err;

	switch (user->step) {
	case USER_OPEN:
		err = node_open(user, pcm);
		node_close(user, pcm);
		return err;
	case USER_HW_PARAMS:
		err = set_params(*pcm);
		return err ?: request(*pcm, SNDRV_PCM_IOCTL_HW_FREE, NULL);
	case USER_PREPARE:
		return request(*pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
	case USER_START:
		return turn_start(user, *pcm);
	case USER_DRAIN:
		return turn_drain(user, *pcm);
	case USER_PAUSE:
		return turn_pause(user, *pcm);
	case USER_CLOSE:
		return turn_close(user, pcm);
	default:
		return transfer(user, *pcm, 1);
	}
}

/* --- what errors mean ------------------------------------------------------ */

static bool is_gone(int err)
{
	return err == -ENODEV || err == -ENOENT || err == -ENXIO;
}

/* Bring a stream that was late, or slept, to where it was. */
static int recover(struct user *user, int pcm, int err)
{
	struct snd_pcm_status status = { 0 };

	if (err == -EIO && ++user->late > PATIENCE)
		return err;
	if (err != -EPIPE && err != -ESTRPIPE && err != -EBADFD && err != -EIO)
		return err;
	err = request(pcm, SNDRV_PCM_IOCTL_STATUS, &status);
	if (!err && status.state == SNDRV_PCM_STATE_DISCONNECTED)
		return -ENODEV;
	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_DROP, NULL);
	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_PREPARE, NULL);
	if (!err && user->step > USER_START)
		err = run(user, pcm);
	/* Gone meanwhile; or late again, and this is called again. */
	return err == -EBADFD || err == -EPIPE || err == -EIO ? 0 : err;
}

/* Sleep with the stream, without touching it, until the card goes. */
static int stay_suspended(int pcm)
{
	struct snd_pcm_status status = { 0 };
	int err;

	do {
		usleep(1000);
		err = request(pcm, SNDRV_PCM_IOCTL_STATUS, &status);
	} while (!err && status.state == SNDRV_PCM_STATE_SUSPENDED);
	return err ?: status.state == SNDRV_PCM_STATE_DISCONNECTED ? -ENODEV :
	       -EBADFD;
}

/* --- the users ------------------------------------------------------------- */

static int use_stream(struct user *user, int *pcm)
{
	int err = get_ready(user, pcm);

	while (!user->stop) {
		if (!err)
			err = turn(user, pcm);
		if (err == -ESTRPIPE && user->step == USER_SUSPENDED)
			err = stay_suspended(*pcm);
		if (err)
			err = recover(user, *pcm, err);
		if (err)
			return err;
		user->turns++;
	}
	return 0;
}

static int use_mixer(struct user *user, int *node)
{
	struct snd_ctl_elem_list list = { 0 };
	struct snd_ctl_event event;
	struct pollfd poller;
	int err = node_open(user, node), yes = 1;

	if (!err)
		err = request(*node, SNDRV_CTL_IOCTL_SUBSCRIBE_EVENTS, &yes);
	while (!err && !user->stop) {
		poller = (struct pollfd){ .fd = *node, .events = POLLIN };
		poll(&poller, 1, 1);
		if (poller.revents && read(*node, &event, sizeof(event)) < 0)
			return -errno;
		err = request(*node, SNDRV_CTL_IOCTL_ELEM_LIST, &list);
		user->turns++;
	}
	return err;
}

static int use_timer(struct user *user, int *node)
{
	struct snd_timer_select select = {
		.id = {
			.dev_class = SNDRV_TIMER_CLASS_PCM,
			.dev_sclass = SNDRV_TIMER_SCLASS_NONE,
			.card = user->card,
		},
	};
	struct snd_timer_params params = { .ticks = 1, .queue_size = 32 };
	struct snd_timer_read ticks[32];
	struct pollfd poller;
	int err = node_open(user, node);

	user->holds = false;	/* not yet of the card */
	if (!err)
		err = request(*node, SNDRV_TIMER_IOCTL_SELECT, &select);
	user->holds = !err;
	if (!err)
		err = request(*node, SNDRV_TIMER_IOCTL_PARAMS, &params);
	if (!err)
		err = request(*node, SNDRV_TIMER_IOCTL_START, NULL);
	while (!err && !user->stop) {
		poller = (struct pollfd){ .fd = *node, .events = POLLIN };
		poll(&poller, 1, 10);
		/* A read would wait for ever: ALSA looks only after waiting. */
		if (poller.revents & POLLERR)
			return -ENODEV;
		if (poller.revents && read(*node, ticks, sizeof(ticks)) < 0)
			return -errno;
		user->turns++;
	}
	return err;
}

static int use(struct user *user)
{
	int node = -1, err;

	if (user->kind == USER_MIXER)
		err = use_mixer(user, &node);
	else if (user->kind == USER_TIMER)
		err = use_timer(user, &node);
	else
		err = use_stream(user, &node);
	node_close(user, &node);
	user->lost = is_gone(err);
	if (!err || user->lost)
		return 0;
	printf("%s, %s on card %d: %s\n", user_kinds[user->kind],
	       user->kind > USER_RECORD ? "" : user_steps[user->step],
	       user->card, strerror(-err));
	fflush(stdout);
	return 1;
}

/* Start a process that is this user; it ends with 0 unless an error is wrong. */
void user_start(struct user *user)
{
	pid_t process;

	user->holds = false;
	user->late = 0;
	user->turns = 0;
	user->stop = false;
	user->lost = false;
	fflush(stdout);
	process = fork();
	if (!process)
		_exit(use(user));
	user->process = process;
}

/* Play silence for that long. Returns true if it took about that long. */
bool user_play(int card, double seconds)
{
	struct user user = {
		.kind = USER_PLAY, .step = USER_PREPARE, .card = card,
	};
	int periods = seconds * RAW_RATE / PERIOD, pcm = -1, done = 0, err;
	struct timespec begin, end;
	double took;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	err = get_ready(&user, &pcm);
	while (!err && done < periods) {
		err = transfer(&user, pcm, 1);
		done++;
		/* Late is no fault of the card's. */
		if (err == -EPIPE || err == -EIO)
			err = recover(&user, pcm, err);
	}
	if (!err)
		err = request(pcm, SNDRV_PCM_IOCTL_DRAIN, NULL);
	if (err == -EPIPE || err == -EIO)
		err = 0;
	node_close(&user, &pcm);
	clock_gettime(CLOCK_MONOTONIC, &end);
	took = end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
	if (!err && took > 0.8 * seconds && took < 20 * seconds)
		return true;
	printf("card %d: played for %.3f s, not %.3f: %s\n", card, took,
	       seconds, strerror(-err));
	return false;
}
