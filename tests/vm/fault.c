// SPDX-License-Identifier: GPL-2.0
/*
 * Let each allocation of memory fail that the kernel makes for a stream, and
 * each copy from or to the application: the first one, then the second, until
 * all have had their turn.
 * Usage: fault PCM-DEVICE-FILE...
 *
 * Without ALSA's library, whose own allocations would fail too. A step in which
 * one failed either says so, by ENOMEM or EFAULT, or does without; nothing else
 * is right.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "nth.h"
#include "raw.h"

#define PERIOD_BYTES	4096
/* More than a card keeps from stream to stream, and the last page is a piece alone. */
#define PERIODS		33

static const char *device;

/* --- the steps of a stream's life ----------------------------------------- */

static int pcm_open(int *pcm)
{
	*pcm = open(device, O_RDWR | O_NONBLOCK);
	return *pcm < 0 ? -errno : 0;
}

static int pcm_hw_params(int *pcm)
{
	struct snd_pcm_hw_params params;

	raw_fill(&params, SNDRV_PCM_ACCESS_RW_INTERLEAVED, PERIOD_BYTES,
		 PERIODS);
	return ioctl(*pcm, SNDRV_PCM_IOCTL_HW_PARAMS, &params) ? -errno : 0;
}

static int pcm_prepare(int *pcm)
{
	return ioctl(*pcm, SNDRV_PCM_IOCTL_PREPARE) ? -errno : 0;
}

/* ALSA starts to play by itself when there is something to play. */
static int pcm_start(int *pcm)
{
	static const char silence[PERIOD_BYTES];
	struct snd_xferi transfer = {
		.buf = (void *)silence,
		.frames = PERIOD_BYTES / 4,
	};

	if (device[strlen(device) - 1] == 'p')
		return ioctl(*pcm, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &transfer) ?
		       -errno : 0;
	return ioctl(*pcm, SNDRV_PCM_IOCTL_START) ? -errno : 0;
}

static int pcm_drop(int *pcm)
{
	return ioctl(*pcm, SNDRV_PCM_IOCTL_DROP) ? -errno : 0;
}

static int pcm_hw_free(int *pcm)
{
	return ioctl(*pcm, SNDRV_PCM_IOCTL_HW_FREE) ? -errno : 0;
}

static const struct {
	const char *name;
	int (*run)(int *pcm);
} steps[] = {
	{ "open", pcm_open },
	{ "hw_params", pcm_hw_params },
	{ "prepare", pcm_prepare },
	{ "start", pcm_start },
	{ "drop", pcm_drop },
	{ "hw_free", pcm_hw_free },
};

#define STEPS	(int)(sizeof(steps) / sizeof(*steps))

/*
 * Go all the way, or as far as it goes with the nth failure in a step.
 * Returns what that step came to, or the first step that was refused although
 * nothing had failed in it.
 */
static int go(int failing, int nth, bool *hit)
{
	int pcm = -1, ret = 0, step, result = 0;

	for (step = 0; step < STEPS && !ret; step++) {
		if (step == failing)
			nth_arm(nth);
		ret = steps[step].run(&pcm);
		if (step != failing)
			continue;
		*hit = nth_disarm();
		result = ret;
	}
	if (pcm >= 0)
		close(pcm);
	if (ret && step - 1 != failing)
		errx(1, "%s: %s: %s, after failure %d in %s",
		     device, steps[step - 1].name, strerror(-ret), nth,
		     failing < 0 ? "nothing" : steps[failing].name);
	return result;
}

static bool try_step(int step)
{
	int nth, refused = 0, ret;
	bool hit = true;

	for (nth = 1; hit; nth++) {
		ret = go(step, nth, &hit);
		if (ret && ((ret != -ENOMEM && ret != -EFAULT) || !hit)) {
			printf("%s: %s: %s, at failure %d\n", device,
			       steps[step].name, strerror(-ret), nth);
			return false;
		}
		refused += ret == -ENOMEM;
	}
	printf("%s: %s: %d failures, no memory after %d of them\n", device,
	       steps[step].name, nth - 2, refused);
	return true;
}

int main(int argc, char **argv)
{
	bool right = argc > 1, hit;
	int step;

	nth_open();
	while (*++argv) {
		device = *argv;
		go(-1, 0, &hit);
		for (step = 0; step < STEPS; step++)
			right &= try_step(step);
		go(-1, 0, &hit);
	}
	puts(right ? "right" : "wrong");
	return !right;
}
