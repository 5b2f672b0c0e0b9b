// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: fuzz [--seed S] [--calls N] [--threads T] [--card C] [--spare D]
 *	[--no-exceptions]
 *
 * Calls the nodes of sound cards (of card C; of all) N times, except PCM device
 * D of each, which others use meanwhile.  Prints how many calls are done as
 * long as they go on, then a table.  Exit status: 0; 1 if a call doesn't return
 * or a stream doesn't run afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "fuzz.h"

#define THREADS_MAX	16
#define TICK_MS		10
#define HEARTBEAT_MS	2000
/* A call that waits so long gets a signal. */
#define PATIENCE_MS	30
/* And one that doesn't come back in spite of that is stuck. */
#define STUCK_MS	30000

static const char *const kind_names[KIND_COUNT] = {
#define X(name) [KIND_##name] = #name,
	KINDS(X)
#undef X
};

__thread struct thread *me;
struct node nodes[PCM_NODES_MAX];
int node_count;
int cards[CARDS_MAX];
int card_count;
bool exceptions = true;
bool may_pause = true;
bool may_link = true;

static struct thread threads[THREADS_MAX];
static unsigned long seed = 1;
static long calls = 20000;
static int thread_count = 8;
static int only_card = -1;
static int spare_device = -1;
static volatile int running;

/* --- random numbers -------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

uint64_t rnd(void)
{
	me->random += 0x9e3779b97f4a7c15ull;
	return mix(me->random);
}

unsigned int below(unsigned int n)
{
	return n ? rnd() % n : 0;
}

bool one_in(unsigned int n)
{
	return !below(n);
}

unsigned long absurd_number(void)
{
	static const unsigned long some[] = {
		0, 1, 2, INT32_MAX, 1ul << 31, UINT32_MAX, INT64_MAX,
		1ul << 63, UINT64_MAX, 1ul << 62, 4096, 65536,
	};

	if (one_in(3))
		return rnd() >> below(64);
	return some[below(COUNT(some))] + below(3) - 1;
}

/* --- a call ---------------------------------------------------------------- */

long millis(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Also what lets the streams run, where time goes by instructions. */
void rest(unsigned int microseconds)
{
	struct timespec t = { .tv_nsec = microseconds * 1000l };

	nanosleep(&t, NULL);
}

void begin(enum kind kind)
{
	me->since = millis();
	me->kind = kind;
}

/* Returns ret, or the error. */
long end(enum kind kind, long ret)
{
	if (ret < 0)
		ret = -errno;
	me->kind = KIND_COUNT;
	me->calls[kind]++;
	me->worked[kind] += ret >= 0;
	me->xruns += ret == -EPIPE;
	me->total++;
	return ret;
}

long call(enum kind kind, int fd, unsigned long request, void *argument)
{
	begin(kind);
	return end(kind, ioctl(fd, request, argument));
}

long open_file(const char *path, int flags)
{
	begin(KIND_OPEN);
	return end(KIND_OPEN, open(path, flags | O_CLOEXEC));
}

long close_file(int fd)
{
	begin(KIND_CLOSE);
	return end(KIND_CLOSE, close(fd));
}

/* --- the threads ----------------------------------------------------------- */

static void step_proc(void)
{
	static const char *const leaves[] = {
		"info", "hw_params", "sw_params", "status",
	};
	const struct node *node = &nodes[below(node_count)];
	char path[96];
	int fd;

	if (one_in(6))
		snprintf(path, sizeof(path), "/proc/asound/card%d/wavepci",
			 node->card);
	else
		snprintf(path, sizeof(path), "/proc/asound/card%d/pcm%d%c/sub0/%s",
			 node->card, node->device, node->capture ? 'c' : 'p',
			 leaves[below(COUNT(leaves))]);
	fd = open_file(path, O_RDONLY);
	if (fd < 0)
		return;
	begin(KIND_PROC);
	end(KIND_PROC, read(fd, me->buffer, 4096));
	close_file(fd);
}

static void step(void)
{
	unsigned int what = below(100);

	if (what < 76)
		step_pcm();
	else if (what < 86)
		step_control();
	else if (what < 97)
		step_timer();
	else
		step_proc();
	if (one_in(3))
		rest(below(one_in(8) ? 20000 : 2000));
}

static void *work(void *context)
{
	long share = calls / thread_count + 1;

	me = context;
	me->tid = syscall(SYS_gettid);
	while (me->total < share) {
		me->random = mix(mix(seed + me->number) + me->steps++);
		step();
	}
	unmap_all();
	__sync_fetch_and_sub(&running, 1);
	return NULL;
}

/* Only there to interrupt a call. */
static void wake(int number)
{
	(void)number;
}

/* A mapping that has gone, or has nothing behind it. */
static void fault(int number)
{
	if (!me || !me->guarded) {
		signal(number, SIG_DFL);
		return;
	}
	siglongjmp(me->jump, 1);
}

static int start_thread(struct thread *t, int number)
{
	size_t page = 4096;

	t->number = number;
	t->kind = KIND_COUNT;
	t->buffer = mmap(NULL, BUFFER_BYTES + page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (t->buffer == MAP_FAILED ||
	    mprotect(t->buffer + BUFFER_BYTES, page, PROT_NONE))
		return -1;
	return pthread_create(&t->id, NULL, work, t);
}

/* Where a thread is in the kernel, if we are allowed to look. */
static void show_stuck(const struct thread *t)
{
	char path[64], text[4096];
	ssize_t length;
	int fd;

	printf("thread %d doesn't return from %s\n", t->number,
	       kind_names[t->kind]);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stack", t->tid);
	fd = open(path, O_RDONLY);
	length = fd < 0 ? 0 : read(fd, text, sizeof(text));
	if (length > 0)
		printf("%.*s", (int)length, text);
	if (fd >= 0)
		close(fd);
}

/* Wake who waits. Returns a thread that doesn't wake up, or NULL. */
static const struct thread *watch(void)
{
	struct thread *t;
	long age;

	for (t = threads; t < threads + thread_count; t++) {
		age = millis() - t->since;
		if (t->kind == KIND_COUNT || age < PATIENCE_MS)
			continue;
		if (age > STUCK_MS && t->kind != KIND_COUNT)
			return t;
		pthread_kill(t->id, SIGUSR1);
	}
	return NULL;
}

static long done(void)
{
	long sum = 0;
	int i;

	for (i = 0; i < thread_count; i++)
		sum += threads[i].total;
	return sum;
}

/* Says how many calls are done, but only as long as there are more of them. */
static int supervise(void)
{
	const struct thread *stuck;
	long last = millis(), said = 0;

	while (running) {
		rest(TICK_MS * 1000);
		stuck = watch();
		if (stuck) {
			show_stuck(stuck);
			return -1;
		}
		if (millis() - last < HEARTBEAT_MS || done() == said)
			continue;
		last = millis();
		said = done();
		printf("%ld calls\n", said);
	}
	return 0;
}

/* --- beginning and end ----------------------------------------------------- */

static void find_nodes(void)
{
	struct node *node;
	glob_t found;
	size_t i;
	char way;
	int card;

	if (glob("/dev/snd/pcmC*D*", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc && node_count < PCM_NODES_MAX; i++) {
		node = &nodes[node_count];
		if (sscanf(found.gl_pathv[i], "/dev/snd/pcmC%dD%d%c",
			   &node->card, &node->device, &way) != 3 ||
		    node->device == spare_device ||
		    (only_card >= 0 && node->card != only_card))
			continue;
		snprintf(node->path, sizeof(node->path), "%s",
			 found.gl_pathv[i]);
		node->capture = way == 'c';
		node_count++;
		for (card = 0; card < card_count; card++)
			if (cards[card] == node->card)
				break;
		if (card == card_count && card_count < CARDS_MAX)
			cards[card_count++] = node->card;
	}
	globfree(&found);
}

static void print_table(void)
{
	long all, good, xruns = 0, frames = 0, moved = 0;
	int kind, i;

	printf("%-14s %9s %9s\n", "", "calls", "succeeded");
	for (kind = 0; kind < KIND_COUNT; kind++) {
		all = good = 0;
		for (i = 0; i < thread_count; i++) {
			all += threads[i].calls[kind];
			good += threads[i].worked[kind];
		}
		printf("%-14s %9ld %9ld\n", kind_names[kind], all, good);
	}
	for (i = 0; i < thread_count; i++) {
		xruns += threads[i].xruns;
		frames += threads[i].frames;
		moved += threads[i].moved;
	}
	printf("%ld xruns seen, %ld frames moved, %ld times a position moved\n",
	       xruns, frames, moved);
	printf("%ld calls, all returned\n", done());
}

static void find_exceptions(void)
{
	struct utsname name;
	int major, minor;

	if (!exceptions || uname(&name) ||
	    sscanf(name.release, "%d.%d", &major, &minor) != 2 ||
	    major > 6 || (major == 6 && minor >= 12))
		return;
	may_pause = !(seed % 2);
	may_link = seed % 2;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "calls", required_argument, NULL, 'n' },
		{ "threads", required_argument, NULL, 't' },
		{ "card", required_argument, NULL, 'c' },
		{ "spare", required_argument, NULL, 'd' },
		{ "no-exceptions", no_argument, NULL, 'x' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			calls = atol(optarg);
			break;
		case 't':
			thread_count = atoi(optarg);
			break;
		case 'c':
			only_card = atoi(optarg);
			break;
		case 'd':
			spare_device = atoi(optarg);
			break;
		case 'x':
			exceptions = false;
			break;
		default:
			exit(2);
		}
	}
	if (thread_count < 1 || thread_count > THREADS_MAX)
		exit(2);
}

int main(int argc, char **argv)
{
	struct sigaction wakes = { .sa_handler = wake };
	struct sigaction faults = { .sa_handler = fault,
				    .sa_flags = SA_NODEFER };
	int i, bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse(argc, argv);
	find_exceptions();
	find_nodes();
	if (!node_count) {
		printf("no card\n");
		return 2;
	}
	sigaction(SIGUSR1, &wakes, NULL);
	sigaction(SIGSEGV, &faults, NULL);
	sigaction(SIGBUS, &faults, NULL);
	for (i = 0; i < SLOTS; i++)
		pcm_slots[i].fd = -1;
	printf("seed %lu, %ld calls, %d threads, %d PCM nodes\n", seed, calls,
	       thread_count, node_count);
	running = thread_count;
	for (i = 0; i < thread_count; i++)
		if (start_thread(&threads[i], i + 1))
			return 2;
	if (supervise())
		_exit(1);
	for (i = 0; i < thread_count; i++)
		pthread_join(threads[i].id, NULL);

	me = &threads[0];
	print_table();
	close_pcms();
	for (i = 0; i < node_count; i++)
		bad |= still_plays(&nodes[i]);
	return !!bad;
}
