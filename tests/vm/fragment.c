// SPDX-License-Identifier: GPL-2.0
/*
 * Leave no two free pages side by side, and stay.
 * Usage: fragment
 *
 * Takes all memory page by page and gives every page with an odd number back.
 * The others are locked, and with /proc/sys/vm/compact_unevictable_allowed at 0
 * nobody moves them. What is left side by side then goes into pipes, since the
 * kernel breaks up its largest blocks for those. Other pages can be moved, and
 * are whenever somebody wants several at once: so that is done, and what comes of
 * it broken up, until nothing does. Says "ready" in the end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif

#define PAGE		4096ul
/*
 * What the kernel may still need while we take the rest. Below some 1200 it takes
 * files' pages back, and reads them anew, again and again.
 */
#define LEFT_KB		2048
/* Few for each: what a pipe remembers them by is not to take two pages itself. */
#define PIPE_PAGES	64
#define PIPES		500
#define ROUNDS		20
#define MOST_FILES	(2 * PIPES * (ROUNDS + 2))

static unsigned long meminfo_kb(const char *name)
{
	char line[128];
	unsigned long kb = 0;
	FILE *file = fopen("/proc/meminfo", "r");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			kb = strtoul(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return kb;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Returns how many pages were taken. */
static unsigned long take_all(unsigned char *memory, unsigned long max)
{
	unsigned long n;

	for (n = 0; n < max; n++) {
		/* Asking takes time: do so seldom until it's nearly over. */
		if (n % 64 == 0 && meminfo_kb("MemFree:") < LEFT_KB)
			break;
		if (mlock(memory + n * PAGE, PAGE))
			break;
	}
	return n;
}

static unsigned long give_every_second(unsigned char *memory,
				       unsigned long count)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	unsigned long n, given = 0;
	uint64_t entry;

	if (pagemap < 0)
		die("pagemap");
	for (n = 0; n < count; n++) {
		if (pread(pagemap, &entry, sizeof(entry), ((unsigned long)
			  memory / PAGE + n) * sizeof(entry)) != sizeof(entry))
			die("pagemap");
		if (!(entry & 1))
			continue;
		if (madvise(memory + n * PAGE, PAGE, MADV_DONTNEED_LOCKED))
			die("madvise");
		given++;
	}
	close(pagemap);
	return given;
}

/* Returns how many free pages have a free neighbour. */
static unsigned long side_by_side(void)
{
	unsigned long sum = 0, count;
	int order, skipped, length;
	char line[256], *at;
	FILE *file = fopen("/proc/buddyinfo", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Node %*d, zone %*s %n", &skipped) < 0)
			continue;
		at = line + skipped;
		for (order = 0; sscanf(at, "%lu%n", &count, &length) == 1;
		     order++, at += length)
			sum += order ? count << order : 0;
	}
	if (file)
		fclose(file);
	return sum;
}

static void break_up(void)
{
	static unsigned char page[PAGE];
	int ends[2], pipes, n;

	for (pipes = 0; pipes < PIPES; pipes++) {
		if (pipe2(ends, O_NONBLOCK) ||
		    fcntl(ends[1], F_SETPIPE_SZ, PIPE_PAGES * PAGE) < 0)
			die("pipe");
		for (n = 0; n < PIPE_PAGES; n++) {
			if (n % 8 == 0 && side_by_side() < 64)
				return;
			if (write(ends[1], page, PAGE) != PAGE)
				break;
		}
	}
}

/* Moves all pages that can be moved, to the end of memory. */
static void compact(void)
{
	int file = open("/proc/sys/vm/compact_memory", O_WRONLY);

	if (file < 0 || write(file, "1", 1) != 1)
		die("compact_memory");
	close(file);
}

int main(void)
{
	struct rlimit files = { MOST_FILES, MOST_FILES };
	unsigned long count = meminfo_kb("MemTotal:") / 4;
	unsigned long taken, given;
	unsigned char *memory;
	int rounds = 0;

	if (setrlimit(RLIMIT_NOFILE, &files))
		die("setrlimit");
	if (mlockall(MCL_CURRENT))	/* nor is this program read anew */
		die("mlockall");
	memory = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	madvise(memory, count * PAGE, MADV_NOHUGEPAGE);
	taken = take_all(memory, count);
	given = give_every_second(memory, taken);
	do {
		break_up();
		compact();
	} while (side_by_side() >= 64 && ++rounds < ROUNDS);
	break_up();
	printf("ready: %lu pages taken, %lu given back, %d times moved\n",
	       taken, given, rounds + 1);
	fflush(stdout);
	pause();
	return 0;
}
