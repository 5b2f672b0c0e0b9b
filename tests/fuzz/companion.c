// SPDX-License-Identifier: GPL-2.0
/*
 * Play and record on a pair of pins of the loopback card, over and over, as
 * long as a command runs, and compare: what others do must not be heard. All of
 * the card's mixer is locked meanwhile, since that would be.
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

/* The locks are held until the program ends. */
static int lock_mixer(void)
{
	snd_ctl_elem_list_t *list;
	unsigned int i, count;
	snd_ctl_t *card;
	int err;

	snd_ctl_elem_list_alloca(&list);
	err = snd_ctl_open(&card, "hw:0", 0) ?: snd_ctl_elem_list(card, list);
	if (err)
		return err;
	count = snd_ctl_elem_list_get_count(list);
	err = snd_ctl_elem_list_alloc_space(list, count) ?:
		snd_ctl_elem_list(card, list);
	for (i = 0; i < count && !err; i++) {
		snd_ctl_elem_id_t *id;

		if (snd_ctl_elem_list_get_interface(list, i) !=
		    SND_CTL_ELEM_IFACE_MIXER)
			continue;
		snd_ctl_elem_id_alloca(&id);
		snd_ctl_elem_list_get_id(list, i, id);
		err = snd_ctl_elem_lock(card, id);
	}
	return err;
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
	if (lock_mixer()) {
		fprintf(stderr, "the mixer can't be locked\n");
		return 2;
	}
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
