/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Users of a card: processes that play, record, watch the mixer or a stream's
 * timer, until the card is gone or they are told to stop.
 */
#ifndef USERS_H
#define USERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * enum user_kind - what a user has open
 * @USER_PLAY: a playback stream
 * @USER_RECORD: a capture stream
 * @USER_MIXER: the control node, subscribed to its events
 * @USER_TIMER: the timer of the playback stream
 */
enum user_kind { USER_PLAY, USER_RECORD, USER_MIXER, USER_TIMER };

/**
 * enum user_step - what the user of a stream does again and again
 *
 * In USER_SUSPENDED the stream runs until it is suspended, and stays so.
 */
enum user_step {
	USER_OPEN, USER_HW_PARAMS, USER_PREPARE, USER_START, USER_STREAM,
	USER_DRAIN, USER_PAUSE, USER_CLOSE, USER_SUSPENDED,
};

#define USER_STEPS	USER_SUSPENDED	/* those that need no suspend */

extern const char *const user_kinds[];
extern const char *const user_steps[];

/**
 * struct user - a user; in memory that it shares with whoever started it
 * @kind: what it has open
 * @step: what it does with it, if that is a stream
 * @card: number of the card
 * @process: its process
 * @late: how often ALSA gave up waiting for the card
 * @holds: surely has the node open
 * @turns: how often it has done its step
 * @stop: it is to end
 * @lost: it found that the card is gone
 */
struct user {
	enum user_kind kind;
	enum user_step step;
	int card;
	pid_t process;
	unsigned int late;
	atomic_bool holds;
	atomic_ulong turns;
	atomic_bool stop;
	atomic_bool lost;
};

void user_start(struct user *user);
bool user_play(int card, double seconds);

#endif
