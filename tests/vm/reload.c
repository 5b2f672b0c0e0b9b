// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload modules while somebody opens whatever node appears.
 * Usage: reload SEED ROUNDS MODULE...
 *
 * The modules come in the order to load them, each a file NAME.ko. To unload
 * one works, or it is said to be in use.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEADLINE	60	/* seconds; only what has gone wrong takes so long */
#define HOLD		2000	/* microseconds, at most */

static atomic_bool stop;
static atomic_ulong opened;

/* Not of a card, and always there. */
static bool is_ours(const char *name)
{
	return !strncmp(name, "pcm", 3) || !strncmp(name, "control", 7);
}

static void open_node(const char *name, unsigned int *seed)
{
	char path[300];
	int node;

	snprintf(path, sizeof(path), "/dev/snd/%s", name);
	node = open(path, O_RDWR | O_NONBLOCK);
	if (node >= 0) {
		opened++;
		usleep(rand_r(seed) % HOLD);
		close(node);
	} else if (errno != ENOENT && errno != ENODEV && errno != ENXIO &&
		   errno != EFAULT) {	/* ALSA's, of a module that goes */
		err(1, "%s", path);
	}
}

static void *open_nodes(void *context)
{
	unsigned int *seed = context;

	while (!stop) {
		DIR *directory = opendir("/dev/snd");
		struct dirent *entry;

		while (directory && (entry = readdir(directory)))
			if (is_ours(entry->d_name))
				open_node(entry->d_name, seed);
		if (directory)
			closedir(directory);
		usleep(rand_r(seed) % HOLD);
	}
	return NULL;
}

static void load(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file < 0 || syscall(SYS_finit_module, file, "", 0))
		err(1, "load %s", path);
	close(file);
}

/* Returns how often it was in use. */
static int unload(const char *path)
{
	time_t end = time(NULL) + DEADLINE;
	const char *base = strrchr(path, '/');
	char name[64], *c;
	int refused = 0;

	snprintf(name, sizeof(name), "%s", base ? base + 1 : path);
	*strrchr(name, '.') = 0;
	for (c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno != EWOULDBLOCK || time(NULL) > end)
			err(1, "unload %s", name);
		refused++;
		usleep(100);
	}
	return refused;
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[2]) : 0, round, i;
	unsigned long refused = 0;
	unsigned int seed, other;
	pthread_t opener;

	if (!rounds)
		errx(2, "usage: reload SEED ROUNDS MODULE...");
	seed = strtoul(argv[1], NULL, 0);
	other = ~seed;
	if (pthread_create(&opener, NULL, open_nodes, &other))
		errx(1, "no thread");
	for (round = 0; round < rounds; round++) {
		for (i = 3; i < argc; i++)
			load(argv[i]);
		usleep(rand_r(&seed) % (10 * HOLD));
		while (--i >= 3)
			refused += unload(argv[i]);
	}
	stop = true;
	pthread_join(opener, NULL);
	printf("%d rounds, %lu nodes opened, %lu times in use\n", rounds,
	       opened, refused);
	puts(opened && refused ? "right" : "nobody was in the way");
	return !(opened && refused);
}
