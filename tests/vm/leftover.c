// SPDX-License-Identifier: GPL-2.0
/*
 * Look for what others left in a card's memory.
 * Usage: leftover mark|look PCM BYTES...
 *
 * Takes a ring of each size from the node of a stream and maps it. mark fills it,
 * and plays or records it until a whole ring has gone by; look says how much of
 * it isn't silence.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "raw.h"

#define PERIODS		4
#define PATTERN		0x5a

static void call(int node, unsigned long request, void *argument,
		 const char *what)
{
	if (ioctl(node, request, argument))
		err(1, "%s", what);
}

/* Everything is allowed, so that the ring goes round with nobody at it. */
static void go_round(int node, size_t bytes)
{
	struct snd_pcm_sw_params params = {
		.avail_min = 1,
		.start_threshold = ~0ul >> 1,
		.stop_threshold = ~0ul >> 1,
	};
	struct snd_pcm_status status;

	call(node, SNDRV_PCM_IOCTL_SW_PARAMS, &params, "sw_params");
	call(node, SNDRV_PCM_IOCTL_PREPARE, NULL, "prepare");
	call(node, SNDRV_PCM_IOCTL_START, NULL, "start");
	do {
		usleep(10000);
		call(node, SNDRV_PCM_IOCTL_STATUS, &status, "status");
	} while ((size_t)status.hw_ptr * RAW_FRAME < bytes);
	call(node, SNDRV_PCM_IOCTL_DROP, NULL, "drop");
}

static size_t not_silent(const unsigned char *ring, size_t bytes)
{
	size_t count = 0, i;

	for (i = 0; i < bytes; i++)
		count += ring[i] != 0;
	return count;
}

static void use(const char *path, size_t bytes, bool mark)
{
	struct snd_pcm_hw_params params;
	unsigned char *ring;
	int node = open(path, O_RDWR);

	if (node < 0)
		err(1, "%s", path);
	raw_fill(&params, SNDRV_PCM_ACCESS_MMAP_INTERLEAVED, bytes / PERIODS,
		 PERIODS);
	call(node, SNDRV_PCM_IOCTL_HW_PARAMS, &params, path);
	ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, node,
		    SNDRV_PCM_MMAP_OFFSET_DATA);
	if (ring == MAP_FAILED)
		err(1, "mmap of %s", path);
	if (mark) {
		memset(ring, PATTERN, bytes);
		go_round(node, bytes);
	} else {
		printf("%s, %zu bytes: %zu of another's\n",
		       strrchr(path, '/') + 1, bytes, not_silent(ring, bytes));
	}
	munmap(ring, bytes);
	close(node);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 4)
		errx(2, "usage: leftover mark|look PCM BYTES...");
	for (i = 3; i < argc; i++)
		use(argv[2], strtoul(argv[i], NULL, 0),
		    !strcmp(argv[1], "mark"));
	return 0;
}
