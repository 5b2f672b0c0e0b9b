// SPDX-License-Identifier: GPL-2.0
/*
 * Have a node of a card open, and never let go of it.
 * Usage: hold NODE [map|timer]
 *
 * With map the node is a PCM's, and is closed, but stays mapped. With timer it
 * is the one of all timers, and the first playback stream's is chosen.
 */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sound/asound.h>

static void map(int node)
{
	if (mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, node,
		 SNDRV_PCM_MMAP_OFFSET_STATUS) == MAP_FAILED)
		err(1, "mmap");
	close(node);
}

static void choose_timer(int node)
{
	struct snd_timer_select select = {
		.id = {
			.dev_class = SNDRV_TIMER_CLASS_PCM,
			.dev_sclass = SNDRV_TIMER_SCLASS_NONE,
		},
	};

	if (ioctl(node, SNDRV_TIMER_IOCTL_SELECT, &select))
		err(1, "choose a timer");
}

int main(int argc, char **argv)
{
	int node = argc > 1 ? open(argv[1], O_RDWR | O_NONBLOCK) : -1;

	if (node < 0)
		err(1, "%s", argc > 1 ? argv[1] : "usage: hold NODE [map|timer]");
	if (argc > 2 && !strcmp(argv[2], "map"))
		map(node);
	if (argc > 2 && !strcmp(argv[2], "timer"))
		choose_timer(node);
	pause();
	return 0;
}
