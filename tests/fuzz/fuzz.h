/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program that calls the kernel's sound in every way that comes to mind, to
 * find one that stops the machine.
 *
 *   fuzz.c	threads, counts, and whether they go on
 *   params.c	hardware and software parameters
 *   pcm.c	the nodes of the PCM devices
 *   control.c	the control nodes
 *   timer.c	the timer node
 *
 * A step is a few calls that belong together. What a thread does in its n-th
 * step depends on the seed, the thread's number and n alone; how the threads
 * meet depends on the machine.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#include <sound/asound.h>

#define CARDS_MAX	32
#define PCM_NODES_MAX	32
#define SLOTS		24
#define MAPPINGS	2
#define BUFFER_BYTES	(256 << 10)
#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

/* What is counted, in the order of the table that is printed at the end. */
#define KINDS(X) \
	X(OPEN) X(CLOSE) X(DUP) X(POLL) X(INFO) X(TSTAMP) \
	X(HW_REFINE) X(HW_PARAMS) X(HW_FREE) X(SW_PARAMS) X(CHANNEL_INFO) \
	X(STATUS) X(STATUS_EXT) X(DELAY) X(HWSYNC) X(SYNC_PTR) \
	X(PREPARE) X(RESET) X(START) X(DROP) X(DRAIN) X(PAUSE) X(RESUME) \
	X(XRUN) X(REWIND) X(FORWARD) X(LINK) X(UNLINK) \
	X(WRITEI) X(READI) X(WRITEN) X(READN) X(WRITE) X(READ) X(WRITEV) \
	X(READV) X(MMAP) X(TOUCH) X(MUNMAP) X(ABSURD) X(PROC) \
	X(CTL_INFO) X(CTL_PCM) X(CTL_LIST) X(CTL_ELEM_INFO) X(CTL_READ) \
	X(CTL_WRITE) X(CTL_LOCK) X(CTL_TLV) X(CTL_USER) X(CTL_EVENTS) \
	X(TIMER_LIST) X(TIMER_SELECT) X(TIMER_INFO) X(TIMER_PARAMS) \
	X(TIMER_START) X(TIMER_STOP) X(TIMER_READ)

enum kind {
#define X(name) KIND_##name,
	KINDS(X)
#undef X
	KIND_COUNT
};

/**
 * struct node - a PCM node
 * @path: its path
 * @card: number of the card
 * @device: number of the PCM device
 * @capture: which way
 * @period: frames of a period at the last hw_params that worked. This and what
 *	follows is read and written by all threads, without a lock: it is
 *	only a guess.
 * @ring: frames of the ring
 * @frame: bytes of a frame
 * @channels: number of channels
 * @boundary: where the pointers begin again
 * @owner: number of a thread that serves it, or 0: the others let it, mostly
 * @good: what was given to that hw_params
 */
struct node {
	char path[32];
	int card;
	int device;
	bool capture;
	unsigned int period;
	unsigned int ring;
	unsigned int frame;
	unsigned int channels;
	unsigned long boundary;
	volatile int owner;
	struct snd_pcm_hw_params good;
};

/**
 * struct slot - a place for an open file
 * @fd: the file, or -1. Who takes it out closes it; the others may be using it.
 * @node: what it is open on, if that's a PCM
 */
struct slot {
	int fd;
	struct node *node;
};

/* A mapping; no thread unmaps another's, or it would lose its own memory. */
struct mapping {
	unsigned char *start;
	size_t length;
	bool writable;
};

/**
 * struct thread - one of those that call
 * @number: its number, from 1
 * @random: state of its random numbers
 * @steps: steps so far
 * @calls: calls so far, by kind
 * @worked: how many of these succeeded
 * @total: sum of @calls
 * @kind: what it calls right now, or KIND_COUNT
 * @since: milliseconds at which it began to
 * @mappings: what it has mapped
 * @buffer: memory with none behind it
 * @jump: where to go on after an access to memory that isn't there
 * @guarded: whether there is such a place
 * @xruns: how often it was told of one
 * @frames: how many frames it moved
 * @moved: how often it saw a running stream's position change
 */
struct thread {
	pthread_t id;
	pid_t tid;
	int number;
	uint64_t random;
	long steps;
	long calls[KIND_COUNT];
	long worked[KIND_COUNT];
	volatile long total;
	volatile int kind;
	volatile long since;
	struct mapping mappings[MAPPINGS];
	unsigned char *buffer;
	sigjmp_buf jump;
	volatile bool guarded;
	long xruns;
	long frames;
	long moved;
};

/* fuzz.c */

extern __thread struct thread *me;
extern struct node nodes[PCM_NODES_MAX];
extern int node_count;
extern int cards[CARDS_MAX];
extern int card_count;

/*
 * What isn't done because ALSA's core itself doesn't survive it, whatever the
 * driver; --no-exceptions does it all the same.
 *
 * linked-prepare: PREPARE or RESET of two streams of one group at a time. Each
 *	takes its own stream's buffer_mutex, then those of the others
 *	(snd_pcm_action_nonatomic(), snd_pcm_action_group()), so that two
 *	threads wait for each other for ever, and cannot be killed. Seen with
 *	snd-intel8x0 on 6.12.117. So only one thread at a time makes such calls.
 *
 * linked-pause: PAUSE of a stream that is linked, on kernels before 6.12. The
 *	core looks where the stream is with the group locked
 *	(snd_pcm_do_pause()); when that is an xrun it stops the group, waits for
 *	the lock that it holds, with interrupts off, and the machine stands
 *	still. Seen with snd-intel8x0 on 6.1.192; 6.12.117 doesn't look. So
 *	there nothing is paused with an odd seed, and nothing linked with an
 *	even one.
 */
extern bool exceptions;
extern bool may_pause;
extern bool may_link;

uint64_t rnd(void);
unsigned int below(unsigned int n);
bool one_in(unsigned int n);
unsigned long absurd_number(void);
long millis(void);
void rest(unsigned int microseconds);
void begin(enum kind kind);
long end(enum kind kind, long ret);
long call(enum kind kind, int fd, unsigned long request, void *argument);
long open_file(const char *path, int flags);
long close_file(int fd);

/* params.c */

bool walk_params(int fd, struct snd_pcm_hw_params *hw, bool usual);
long set_params(int fd, struct node *node, struct snd_pcm_hw_params *hw);
long usual_params(int fd, struct node *node);
long any_params(int fd, struct node *node);
long any_sw_params(int fd, const struct node *node);
long usual_sw_params(int fd, const struct node *node);

/* pcm.c */

extern struct slot pcm_slots[SLOTS];

void step_pcm(void);
void unmap_all(void);
void close_pcms(void);
int still_plays(struct node *node);

/* control.c, timer.c */

void step_control(void);
void step_timer(void);

#endif
