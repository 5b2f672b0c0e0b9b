// SPDX-License-Identifier: GPL-2.0
/*
 * Take the driver away from a codec while its card is used in the worst moments:
 * on one processor, whoever is more urgent comes in between what the other does.
 * Usage: codec_gone UNBIND DEVICE controls|pcms
 *
 * With controls, somebody more urgent than the kernel, which takes the driver
 * away, asks for all controls over and over. With pcms two that are less urgent
 * close them as soon as they are told that these are gone.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <sound/asound.h>

#define CONTROLS	128
#define PAUSE		500000	/* ns: others have their turn, too */
#define TURNS		50	/* before the driver goes */

static const char *const pcms[] = {
	"/dev/snd/pcmC0D0p", "/dev/snd/pcmC0D0c",
};
static pthread_t users[2];
static volatile bool gone;
static volatile unsigned long turns;

static int node_open(const char *name)
{
	int node = open(name, O_RDWR);

	if (node < 0)
		err(1, "%s", name);
	return node;
}

static void be_urgent(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		err(1, "sched_setscheduler");
}

/* That it has gone meanwhile is no error. */
static void use_control(int node, const struct snd_ctl_elem_id *id)
{
	struct snd_ctl_elem_info info = { .id = *id };
	struct snd_ctl_elem_value value = { .id = *id };

	ioctl(node, SNDRV_CTL_IOCTL_ELEM_INFO, &info);
	if (!ioctl(node, SNDRV_CTL_IOCTL_ELEM_READ, &value))
		ioctl(node, SNDRV_CTL_IOCTL_ELEM_WRITE, &value);
}

static void *use_controls(void *unused)
{
	static struct snd_ctl_elem_id ids[CONTROLS];
	struct snd_ctl_elem_list list = { .space = CONTROLS, .pids = ids };
	const struct timespec pause = { .tv_nsec = PAUSE };
	int node = node_open("/dev/snd/controlC0");

	(void)unused;
	if (ioctl(node, SNDRV_CTL_IOCTL_ELEM_LIST, &list) || !list.used)
		err(1, "no controls");
	be_urgent(2);
	while (!gone) {
		use_control(node, &ids[turns++ % list.used]);
		nanosleep(&pause, NULL);
	}
	close(node);
	return NULL;
}

static void *use_pcm(void *name)
{
	struct snd_pcm_status status = { 0 };
	int pcm = node_open(name);

	while (!ioctl(pcm, SNDRV_PCM_IOCTL_STATUS, &status) &&
	       status.state != SNDRV_PCM_STATE_DISCONNECTED) {
		__atomic_add_fetch(&turns, 1, __ATOMIC_RELAXED);
		usleep(1000);
	}
	close(pcm);
	return NULL;
}

static int start_users(const char *what)
{
	int n;

	if (!strcmp(what, "controls"))
		return pthread_create(users, NULL, use_controls, NULL) ? 0 : 1;
	for (n = 0; n < 2; n++)
		if (pthread_create(&users[n], NULL, use_pcm, (void *)pcms[n]))
			return 0;
	return 2;
}

int main(int argc, char **argv)
{
	int unbind, count;

	if (argc != 4)
		errx(2, "usage: codec_gone UNBIND DEVICE controls|pcms");
	unbind = open(argv[1], O_WRONLY);
	count = start_users(argv[3]);
	if (unbind < 0 || !count)
		err(1, "%s, or threads", argv[1]);
	while (turns < TURNS)
		usleep(1000);
	be_urgent(1);
	if (write(unbind, argv[2], strlen(argv[2])) < 0)
		err(1, "%s", argv[2]);
	gone = true;
	while (count--)
		pthread_join(users[count], NULL);
	return 0;
}
