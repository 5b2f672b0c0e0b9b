// SPDX-License-Identifier: GPL-2.0
/*
 * Take a card away while it is in use, in whatever its users are doing just
 * then, give it back, and play: many times.
 * Usage: unplug SEED ROUNDS WAY...
 *
 * The ways: remove, the device from its bus, which is then looked at anew;
 * unbind, the driver from the device; hand-over, to the driver snd_intel8x0,
 * and back; suspend, any of these of a card that was suspended meanwhile. Card 0
 * is a PCI device, card 1 a platform device, which can only be unbound; while
 * one goes, the other has to play on.
 *
 * A user may be stopped for a while: then the card has to wait for it, and
 * nobody else may.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "users.h"

#define DEADLINE	60.0	/* seconds; only what has gone wrong takes so long */
#define STOPPED		0.3	/* seconds that a stopped user holds a card */
#define USERS		5
#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

enum way { REMOVE, UNBIND, HAND_OVER, SUSPEND };

static const char *const ways[] = { "remove", "unbind", "hand-over", "suspend" };

/* A card and how it is taken away; found anew in each round. */
static struct card {
	int number;
	char bus[16];		/* pci or platform */
	char device[64];
	char driver[64];
} cards[] = { { .number = 0 }, { .number = 1 } };

static struct user *users;	/* shared with them; the last is on the other card */
static int user_count;
static enum way allowed[16];
static int allowed_count;
static unsigned long long state;

static unsigned int any(unsigned int below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % below;
}

static enum way any_way(void)
{
	return allowed[any(allowed_count)];
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* --- files ----------------------------------------------------------------- */

/* Until the next call. */
static const char *path(const char *format, ...)
{
	static char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

static void put(const char *text, const char *name)
{
	int file = open(name, O_WRONLY);

	if (file < 0 || write(file, text, strlen(text)) < 0) {
		printf("%s to %s: %s\n", text, name, strerror(errno));
		exit(1);
	}
	close(file);
}

static void cat(const char *name)
{
	char text[4096];
	int file = open(name, O_RDONLY);
	ssize_t size = file < 0 ? 0 : read(file, text, sizeof(text));

	printf("%s:\n%.*s", name, size < 0 ? 0 : (int)size, text);
	close(file);
}

static void last_of_link(char *text, size_t size, const char *name)
{
	char target[256];
	ssize_t length = readlink(name, target, sizeof(target) - 1);

	if (length < 0) {
		printf("%s: %s\n", name, strerror(errno));
		exit(1);
	}
	target[length] = 0;
	snprintf(text, size, "%s", strrchr(target, '/') + 1);
}

static void find_card(struct card *card)
{
	static const char device[] = "/sys/class/sound/card%d/device%s";

	last_of_link(card->device, sizeof(card->device),
		     path(device, card->number, ""));
	last_of_link(card->bus, sizeof(card->bus),
		     path(device, card->number, "/subsystem"));
	last_of_link(card->driver, sizeof(card->driver),
		     path(device, card->number, "/driver"));
}

/* --- taking a card away and giving it back --------------------------------- */

static void take_away(const struct card *card, enum way way)
{
	if (way == REMOVE)
		put("1", path("/sys/bus/%s/devices/%s/remove", card->bus,
			      card->device));
	else
		put(card->device, path("/sys/bus/%s/drivers/%s/unbind",
				       card->bus, card->driver));
}

static bool play_other_driver(const struct card *card)
{
	bool right;

	put("snd_intel8x0", path("/sys/bus/pci/devices/%s/driver_override",
				 card->device));
	put(card->device, "/sys/bus/pci/drivers_probe");
	right = user_play(card->number, 0.3);
	put(card->device, "/sys/bus/pci/drivers/snd_intel8x0/unbind");
	put("\n", path("/sys/bus/pci/devices/%s/driver_override",
		       card->device));
	return right;
}

static bool give_back(const struct card *card, enum way way)
{
	if (way == HAND_OVER && !play_other_driver(card))
		return false;
	if (way == REMOVE)
		put("1", path("/sys/bus/%s/rescan", card->bus));
	else
		put(card->device, path("/sys/bus/%s/drivers/%s/bind",
				       card->bus, card->driver));
	return user_play(card->number, 1);
}

/* --- waiting, which has an end --------------------------------------------- */

static void give_up(const char *what, pid_t process)
{
	int i;

	printf("%s (process %d) doesn't end\n", what, process);
	cat(path("/proc/%d/stack", process));
	for (i = 0; i < user_count; i++)
		if (!kill(users[i].process, 0))
			cat(path("/proc/%d/stack", users[i].process));
	fflush(stdout);
	/* The log gets all processors, and all that wait uninterruptibly. */
	put("l", "/proc/sysrq-trigger");
	put("w", "/proc/sysrq-trigger");
	_exit(1);
}

/* Returns true if it has ended well. */
static bool await(const char *what, pid_t process)
{
	double end = now() + DEADLINE;
	int status;

	while (waitpid(process, &status, WNOHANG) == 0) {
		if (now() > end)
			give_up(what, process);
		usleep(1000);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	printf("%s (process %d): status %#x\n", what, process, status);
	return false;
}

static void await_turns(const struct user *user, unsigned long turns)
{
	double end = now() + DEADLINE;

	while (user->turns < turns && !kill(user->process, 0)) {
		if (now() > end)
			give_up(user_kinds[user->kind], user->process);
		usleep(200);
	}
}

/* --- a round --------------------------------------------------------------- */

static struct user *add_user(enum user_kind kind, enum user_step step, int card)
{
	struct user *user = &users[user_count++];

	user->kind = kind;
	user->step = step;
	user->card = card;
	printf(" %s", user_kinds[kind]);
	if (kind <= USER_RECORD)
		printf(" %s", user_steps[step]);
	return user;
}

static void choose_users(const struct card *card, enum way way)
{
	int sleep = way == SUSPEND;

	user_count = 0;
	add_user(USER_PLAY, sleep ? USER_SUSPENDED : any(USER_STEPS),
		 card->number);
	if (any(2))
		add_user(USER_RECORD, any(USER_STEPS), card->number);
	if (any(2))
		add_user(USER_MIXER, 0, card->number);
	if (any(2))
		add_user(USER_TIMER, 0, card->number);
	printf("; other card:");
	add_user(USER_PLAY, USER_STREAM, !card->number);
}

/* Stop a user. Returns true if it certainly has the card open. */
static bool stop(struct user *user)
{
	int status;

	kill(user->process, SIGSTOP);
	return waitpid(user->process, &status, WUNTRACED) == user->process &&
	       WIFSTOPPED(status) && user->holds;
}

/* One that is stopped holds the card, but neither us nor the other card. */
static bool hold(struct user *user, pid_t remover, bool holds)
{
	unsigned long turns = users[user_count - 1].turns;
	bool right = true;
	int status;

	await_turns(&users[user_count - 1], turns + 10);
	usleep(STOPPED * 1e6);
	if (holds && waitpid(remover, &status, WNOHANG)) {
		printf("the card went with status %#x, but %s has it open\n",
		       status, user_kinds[user->kind]);
		right = false;
	}
	kill(user->process, SIGCONT);
	return right;
}

static pid_t remover_start(const struct card *card, enum way way,
			   unsigned int delay)
{
	pid_t remover = fork();

	if (remover)
		return remover;
	usleep(delay);
	take_away(card, way);
	_exit(0);
}

static bool end_users(void)
{
	bool right = true;
	int i;

	for (i = 0; i < user_count; i++) {
		users[i].stop = true;
		right &= await(user_kinds[users[i].kind], users[i].process);
	}
	if (users[user_count - 1].lost) {
		puts("the other card was gone, too");
		right = false;
	}
	return right;
}

static bool run_round(enum way way)
{
	struct card *card = &cards[way == UNBIND ? any(2) : 0];
	unsigned int delay = any(3000);
	struct user *stopped = NULL;
	bool right = true, holds = false;
	pid_t remover;
	int i;

	find_card(card);
	printf("%s of card %d after %u us;", ways[way], card->number, delay);
	choose_users(card, way);
	if (way != SUSPEND && any(3) == 0)
		stopped = &users[any(user_count - 1)];
	printf("%s%s\n", stopped ? "; stopped: " : "",
	       stopped ? user_kinds[stopped->kind] : "");

	for (i = 0; i < user_count; i++)
		user_start(&users[i]);
	for (i = 0; i < user_count; i++)
		await_turns(&users[i], 1);
	if (way == SUSPEND) {
		put("freeze", "/sys/power/state");
		while (way == SUSPEND)	/* there is another one */
			way = any_way();
	}
	if (stopped)
		holds = stop(stopped);
	remover = remover_start(card, way, delay);
	if (stopped)
		right = hold(stopped, remover, holds);
	right &= await(ways[way], remover);
	right &= end_users();
	right &= give_back(card, way);
	fflush(stdout);
	return right;
}

int main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[2]) : 0, round, i;
	enum way way;
	unsigned long long seed;
	bool others = false;

	if (!rounds || argc - 3 > (int)COUNT(allowed)) {
		fputs("usage: unplug SEED ROUNDS WAY...\n", stderr);
		return 2;
	}
	for (i = 3; i < argc; i++) {
		for (way = 0; way < COUNT(ways) - 1; way++)
			if (!strcmp(argv[i], ways[way]))
				break;
		allowed[allowed_count++] = way;
		others |= way != SUSPEND;
	}
	if (!others) {
		fputs("unplug: a suspend needs another way to follow\n", stderr);
		return 2;
	}
	seed = strtoull(argv[1], NULL, 0);
	users = mmap(NULL, USERS * sizeof(*users), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (users == MAP_FAILED)
		return 2;
	for (round = 0; round < rounds; round++) {
		/* A round can be had alone, by the seed that it tells. */
		state = 0x9e3779b97f4a7c15ull * (seed + round + 1);
		printf("%llu: ", seed + round);
		if (!run_round(any_way())) {
			puts("wrong");
			return 1;
		}
	}
	puts("right");
	return 0;
}
