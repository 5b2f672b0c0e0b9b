// SPDX-License-Identifier: GPL-2.0
/*
 * Play and record on a pair of pins of the loopback card, over and over, as
 * long as a command runs, and compare: what others do must not be heard.
 * Usage: companion DEVICE COMMAND...
 *
 * Exit status: the command's, or 1 when a round was wrong.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

#include "../vm/pair.h"

#define RATE	48000

/* Two seconds in the ring: a machine that is busy is no fault. */
static int play_round(struct pair *p, int number)
{
	p->frames = 4 * RATE;
	return pair_set(p) || pair_make_sound(p, number) || pair_start(p) ||
	       pair_play_out(p) || pair_check(p);
}

static pid_t run(char **command)
{
	pid_t child = fork();

	if (child)
		return child;
	execvp(*command, command);
	perror(*command);
	_exit(127);
}

int main(int argc, char **argv)
{
	struct sched_param urgent = { .sched_priority = 10 };
	struct pair p = {
		.format = SND_PCM_FORMAT_S16_LE, .channels = 2, .rate = RATE,
		.period = RATE / 20, .ring = 2 * RATE, .record_ring = 8 * RATE,
	};
	int rounds = 0, wrong = 0, status;
	pid_t child;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	child = run(argv + 2);
	if (child < 0 || pair_open(&p, atoi(argv[1])))
		return 2;
	sched_setscheduler(0, SCHED_FIFO, &urgent);
	do {
		wrong = play_round(&p, rounds++);
	} while (!wrong && !waitpid(child, &status, WNOHANG));
	pair_close(&p);
	printf("the other stream: %d rounds, %s\n", rounds,
	       wrong ? "wrong" : "right");
	if (wrong && waitpid(child, &status, 0) < 0)
		return 1;
	return wrong || !WIFEXITED(status) ? 1 : WEXITSTATUS(status);
}
