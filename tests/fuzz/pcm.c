// SPDX-License-Identifier: GPL-2.0
/* Calls to the nodes of PCM devices. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "fuzz.h"

#define PAGE	4096

struct slot pcm_slots[SLOTS];

/* --- open and close -------------------------------------------------------- */

static void put_file(struct slot *slot, int fd, struct node *node)
{
	slot->node = node;
	fd = __sync_lock_test_and_set(&slot->fd, fd);
	if (fd >= 0)
		close_file(fd);
}

/* O_APPEND joins whoever has the substream. */
static void open_slot(struct slot *slot)
{
	struct node *node = &nodes[below(node_count)];
	int flags = one_in(6) ? 0 : O_NONBLOCK;
	long fd;

	flags |= one_in(5) ? (int)below(3) : O_RDWR;
	if (one_in(2))
		flags |= O_APPEND;
	fd = open_file(node->path, flags);
	if (fd < 0 && flags & O_APPEND)
		fd = open_file(node->path, flags & ~O_APPEND);
	if (fd >= 0)
		put_file(slot, fd, node);
}

static void dup_slot(struct slot *slot)
{
	struct slot *other = &pcm_slots[below(SLOTS)];
	long fd;

	if (other == slot)
		return;
	begin(KIND_DUP);
	fd = end(KIND_DUP, fcntl(slot->fd, F_DUPFD_CLOEXEC, 3));
	if (fd >= 0)
		put_file(other, fd, slot->node);
}

static void close_slot(struct slot *slot)
{
	int fd = __sync_lock_test_and_set(&slot->fd, -1);

	if (fd >= 0)
		close_file(fd);
}

/* --- moving frames --------------------------------------------------------- */

static unsigned long some_frames(const struct node *node)
{
	unsigned long most = BUFFER_BYTES / (node->frame ? node->frame : 1);
	unsigned long frames;

	switch (below(8)) {
	case 0:
		return absurd_number();
	case 1:
		return node->ring + below(3) - 1;
	case 2:
		return below(4);
	default:
		frames = node->period * (1 + below(3));
		return frames < most ? frames : most;
	}
}

/* Mostly good, but also nowhere, odd, or with its end where no memory is. */
static void *some_memory(void)
{
	switch (below(16)) {
	case 0:
		return NULL;
	case 1:
		return me->buffer + BUFFER_BYTES - below(2 * PAGE);
	case 2:
		return (void *)absurd_number();
	default:
		return me->buffer + below(8);
	}
}

static void transfer_interleaved(struct slot *slot, unsigned long frames,
				 void *memory)
{
	bool capture = slot->node->capture ^ one_in(30);
	struct snd_xferi x = { .buf = memory, .frames = frames };
	long ret;

	if (capture)
		ret = call(KIND_READI, slot->fd, SNDRV_PCM_IOCTL_READI_FRAMES,
			   &x);
	else
		ret = call(KIND_WRITEI, slot->fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES,
			   &x);
	if (ret >= 0 && x.result > 0)
		me->frames += x.result;
}

static void transfer_planes(struct slot *slot, unsigned long frames)
{
	struct snd_xfern x = { .frames = frames };
	void *planes[64];
	unsigned int i;
	long ret;

	for (i = 0; i < COUNT(planes); i++)
		planes[i] = one_in(9) ? some_memory() : me->buffer;
	x.bufs = one_in(20) ? some_memory() : planes;
	if (slot->node->capture)
		ret = call(KIND_READN, slot->fd, SNDRV_PCM_IOCTL_READN_FRAMES,
			   &x);
	else
		ret = call(KIND_WRITEN, slot->fd, SNDRV_PCM_IOCTL_WRITEN_FRAMES,
			   &x);
	if (ret >= 0 && x.result > 0)
		me->frames += x.result;
}

static void transfer_bytes(struct slot *slot, unsigned long frames)
{
	size_t bytes = frames * slot->node->frame + one_in(5);
	struct iovec parts[64];
	unsigned int count = slot->node->channels, i;

	if (one_in(4))
		count = below(COUNT(parts));
	if (count > COUNT(parts))
		count = COUNT(parts);
	for (i = 0; i < count; i++)
		parts[i] = (struct iovec){ some_memory(), bytes / 2 };
	if (slot->node->capture) {
		begin(KIND_READ);
		end(KIND_READ, read(slot->fd, some_memory(), bytes));
		begin(KIND_READV);
		end(KIND_READV, readv(slot->fd, parts, count));
		return;
	}
	begin(KIND_WRITE);
	end(KIND_WRITE, write(slot->fd, some_memory(), bytes));
	begin(KIND_WRITEV);
	end(KIND_WRITEV, writev(slot->fd, parts, count));
}

static void transfer(struct slot *slot)
{
	unsigned long frames = some_frames(slot->node);

	switch (below(6)) {
	case 0:
		transfer_bytes(slot, frames);
		break;
	case 1:
	case 2:
		transfer_planes(slot, frames);
		break;
	default:
		transfer_interleaved(slot, frames, some_memory());
		break;
	}
}

static void sync_pointers(struct slot *slot, bool bent)
{
	struct snd_pcm_sync_ptr sync = {
		.flags = SNDRV_PCM_SYNC_PTR_APPL | SNDRV_PCM_SYNC_PTR_AVAIL_MIN,
	};
	unsigned long before;

	if (one_in(2))
		sync.flags |= SNDRV_PCM_SYNC_PTR_HWSYNC;
	if (call(KIND_SYNC_PTR, slot->fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync) < 0)
		return;
	before = sync.s.status.hw_ptr;
	sync.c.control.appl_ptr += some_frames(slot->node);
	if (bent) {
		sync.flags = below(8);
		sync.c.control.appl_ptr = one_in(2) ? absurd_number() :
			sync.c.control.appl_ptr - 2 * below(slot->node->ring);
		sync.c.control.avail_min = absurd_number();
	} else {
		sync.flags = SNDRV_PCM_SYNC_PTR_HWSYNC;
	}
	if (call(KIND_SYNC_PTR, slot->fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync) < 0)
		return;
	me->moved += sync.s.status.state == SNDRV_PCM_STATE_RUNNING &&
		     sync.s.status.hw_ptr != before;
	me->xruns += sync.s.status.state == SNDRV_PCM_STATE_XRUN;
}

static void wait_for(struct slot *slot)
{
	struct pollfd p = { .fd = slot->fd, .events = POLLIN | POLLOUT };

	begin(KIND_POLL);
	end(KIND_POLL, poll(&p, 1, one_in(2) ? 0 : (int)below(20)));
}

/* --- mappings -------------------------------------------------------------- */

static void unmap(struct mapping *m)
{
	if (!m->start)
		return;
	begin(KIND_MUNMAP);
	end(KIND_MUNMAP, munmap(m->start, m->length));
	m->start = NULL;
}

static void map(struct slot *slot, struct mapping *m)
{
	static const unsigned long regions[] = {
		SNDRV_PCM_MMAP_OFFSET_DATA, SNDRV_PCM_MMAP_OFFSET_DATA,
		SNDRV_PCM_MMAP_OFFSET_DATA, SNDRV_PCM_MMAP_OFFSET_STATUS_OLD,
		SNDRV_PCM_MMAP_OFFSET_CONTROL_OLD,
		SNDRV_PCM_MMAP_OFFSET_STATUS_NEW,
		SNDRV_PCM_MMAP_OFFSET_CONTROL_NEW,
	};
	unsigned int which = below(COUNT(regions));
	unsigned long offset = regions[which];
	size_t ring = (size_t)slot->node->ring * slot->node->frame;
	size_t length = which < 3 ? ring : PAGE;
	int rights = PROT_READ;
	void *start;

	/* Only playback and the control page may be written. */
	if (one_in(2) || which == 4 || which == 6)
		rights |= PROT_WRITE;
	if (one_in(10))
		rights |= PROT_EXEC;
	if (one_in(3))
		length = PAGE * below(40);
	if (one_in(3))
		offset += PAGE * below(one_in(4) ? 1 << 20 : 20);
	if (one_in(12))
		offset += below(PAGE);
	if (one_in(40))
		offset = absurd_number();
	begin(KIND_MMAP);
	start = mmap(NULL, length, rights, one_in(9) ? MAP_PRIVATE : MAP_SHARED,
		     slot->fd, offset);
	if (end(KIND_MMAP, start == MAP_FAILED ? -1 : 0) < 0)
		return;
	*m = (struct mapping){ start, length, rights & PROT_WRITE };
}

static void touch(struct mapping *m)
{
	volatile unsigned char *byte;
	unsigned long *word;
	int n;

	begin(KIND_TOUCH);
	if (sigsetjmp(me->jump, 1)) {
		me->guarded = false;
		errno = EFAULT;
		end(KIND_TOUCH, -1);
		return;
	}
	me->guarded = true;
	for (n = 0; n < 8; n++) {
		byte = m->start + below(m->length);
		(void)*byte;
		if (!m->writable)
			continue;
		*byte = rnd();
		/* What the control page begins with: appl_ptr, avail_min. */
		word = (unsigned long *)m->start + below(2);
		if (one_in(4))
			*word = one_in(2) ? below(1 << 16) : absurd_number();
	}
	me->guarded = false;
	end(KIND_TOUCH, 0);
}

static void use_mappings(struct slot *slot)
{
	struct mapping *m = &me->mappings[below(MAPPINGS)];

	if (m->start && one_in(3))
		unmap(m);
	else if (m->start)
		touch(m);
	else
		map(slot, m);
}

/* Those of the calling thread. */
void unmap_all(void)
{
	int i;

	for (i = 0; i < MAPPINGS; i++)
		unmap(&me->mappings[i]);
}

/* --- single calls ---------------------------------------------------------- */

/* PREPARE and RESET go through a group; see exceptions in fuzz.h. */
static void call_group(enum kind kind, int fd, unsigned long request)
{
	static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;

	if (exceptions)
		pthread_mutex_lock(&alone);
	call(kind, fd, request, NULL);
	if (exceptions)
		pthread_mutex_unlock(&alone);
}

static void ask(struct slot *slot)
{
	struct snd_pcm_status status = { .audio_tstamp_data = rnd() };
	struct snd_pcm_channel_info channel = { .channel = below(70) - 2 };
	struct snd_pcm_info info;
	snd_pcm_sframes_t delay;

	switch (below(6)) {
	case 0:
		call(KIND_STATUS, slot->fd, SNDRV_PCM_IOCTL_STATUS, &status);
		break;
	case 1:
		call(KIND_STATUS_EXT, slot->fd, SNDRV_PCM_IOCTL_STATUS_EXT,
		     &status);
		break;
	case 2:
		call(KIND_DELAY, slot->fd, SNDRV_PCM_IOCTL_DELAY, &delay);
		break;
	case 3:
		call(KIND_HWSYNC, slot->fd, SNDRV_PCM_IOCTL_HWSYNC, NULL);
		break;
	case 4:
		call(KIND_CHANNEL_INFO, slot->fd, SNDRV_PCM_IOCTL_CHANNEL_INFO,
		     &channel);
		break;
	default:
		call(KIND_INFO, slot->fd, SNDRV_PCM_IOCTL_INFO, &info);
		break;
	}
}

static void tell(struct slot *slot)
{
	int number = one_in(3) ? (int)absurd_number() : (int)below(4);

	if (one_in(3))
		call(KIND_TSTAMP, slot->fd, SNDRV_PCM_IOCTL_TSTAMP, &number);
	else if (one_in(2))
		call(KIND_TSTAMP, slot->fd, SNDRV_PCM_IOCTL_TTSTAMP, &number);
	else
		call(KIND_TSTAMP, slot->fd, SNDRV_PCM_IOCTL_USER_PVERSION,
		     &number);
}

static void move_pointer(struct slot *slot)
{
	snd_pcm_uframes_t frames = some_frames(slot->node);

	if (one_in(2))
		call(KIND_REWIND, slot->fd, SNDRV_PCM_IOCTL_REWIND, &frames);
	else
		call(KIND_FORWARD, slot->fd, SNDRV_PCM_IOCTL_FORWARD, &frames);
}

static void absurd(struct slot *slot)
{
	static const char types[] = { 'A', 'U', 'T', 'W', 0 };
	unsigned long size = one_in(2) ? below(200) : below(1 << 14);
	unsigned long request = rnd() % 4 << 30 | size << 16 |
		(unsigned long)types[below(COUNT(types))] << 8 | below(256);

	/* As it is, or a real number with somebody else's size. */
	call(KIND_ABSURD, slot->fd, request, some_memory());
}

static void change_state(struct slot *slot)
{
	static const struct {
		enum kind kind;
		unsigned long request;
	} changes[] = {
		{ KIND_PREPARE, SNDRV_PCM_IOCTL_PREPARE },
		{ KIND_PREPARE, SNDRV_PCM_IOCTL_PREPARE },
		{ KIND_START, SNDRV_PCM_IOCTL_START },
		{ KIND_START, SNDRV_PCM_IOCTL_START },
		{ KIND_START, SNDRV_PCM_IOCTL_START },
		{ KIND_DROP, SNDRV_PCM_IOCTL_DROP },
		{ KIND_DRAIN, SNDRV_PCM_IOCTL_DRAIN },
		{ KIND_RESET, SNDRV_PCM_IOCTL_RESET },
		{ KIND_RESUME, SNDRV_PCM_IOCTL_RESUME },
		{ KIND_HW_FREE, SNDRV_PCM_IOCTL_HW_FREE },
		{ KIND_XRUN, SNDRV_PCM_IOCTL_XRUN },
	};
	unsigned int n = below(COUNT(changes) + 3);
	unsigned long on = one_in(9) ? absurd_number() : below(2);

	if (n >= COUNT(changes))
		call(KIND_PAUSE, slot->fd, SNDRV_PCM_IOCTL_PAUSE,
		     (void *)(may_pause ? on : 0));
	else if (changes[n].kind == KIND_PREPARE ||
		 changes[n].kind == KIND_RESET)
		call_group(changes[n].kind, slot->fd, changes[n].request);
	else
		call(changes[n].kind, slot->fd, changes[n].request, NULL);
}

/* LINK takes a file, not a pointer to one. */
static void link_files(int fd, long other)
{
	if (may_link)
		call(KIND_LINK, fd, SNDRV_PCM_IOCTL_LINK, (void *)other);
}

static void link_slot(struct slot *slot)
{
	long other = one_in(12) ? (long)absurd_number() :
				  pcm_slots[below(SLOTS)].fd;

	if (one_in(3))
		call(KIND_UNLINK, slot->fd, SNDRV_PCM_IOCTL_UNLINK, NULL);
	else
		link_files(slot->fd, other);
}

static void single_call(struct slot *slot)
{
	switch (below(32)) {
	case 0:
	case 1:
		any_params(slot->fd, slot->node);
		break;
	case 2:
	case 3:
		any_sw_params(slot->fd, slot->node);
		break;
	case 4 ... 9:
		change_state(slot);
		break;
	case 10 ... 14:
		transfer(slot);
		break;
	case 15 ... 17:
		sync_pointers(slot, one_in(2));
		break;
	case 18 ... 21:
		ask(slot);
		break;
	case 22 ... 25:
		use_mappings(slot);
		break;
	case 26:
		link_slot(slot);
		break;
	case 27:
		move_pointer(slot);
		break;
	case 28:
		wait_for(slot);
		break;
	case 29:
		tell(slot);
		break;
	case 30:
		absurd(slot);
		break;
	default:
		if (one_in(2))
			dup_slot(slot);
		else
			close_slot(slot);
		break;
	}
}

/* --- as applications do it, or nearly -------------------------------------- */

/* Some other call comes between any two. */
static void disturb(struct slot *slot)
{
	if (one_in(12))
		single_call(slot);
}

static void bring_up(struct slot *slot)
{
	call(KIND_DROP, slot->fd, SNDRV_PCM_IOCTL_DROP, NULL);
	/* A ring that somebody has mapped stays. */
	if (one_in(2))
		unmap_all();
	usual_params(slot->fd, slot->node);
	disturb(slot);
	if (one_in(4))
		any_sw_params(slot->fd, slot->node);
	else
		usual_sw_params(slot->fd, slot->node);
	call_group(KIND_PREPARE, slot->fd, SNDRV_PCM_IOCTL_PREPARE);
	disturb(slot);
	if (!slot->node->capture)
		sync_pointers(slot, false);
	disturb(slot);
	call(KIND_START, slot->fd, SNDRV_PCM_IOCTL_START, NULL);
}

/* Give it what it has room for, or take what it has. Returns its state. */
static int serve_pointers(struct slot *slot, unsigned long *position)
{
	struct snd_pcm_sync_ptr sync = {
		.flags = SNDRV_PCM_SYNC_PTR_APPL |
			 SNDRV_PCM_SYNC_PTR_AVAIL_MIN |
			 SNDRV_PCM_SYNC_PTR_HWSYNC,
	};
	const struct node *node = slot->node;
	unsigned long target;

	if (call(KIND_SYNC_PTR, slot->fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync) < 0)
		return -1;
	target = sync.s.status.hw_ptr + (node->capture ? 0 : node->ring);
	me->frames += target - sync.c.control.appl_ptr < node->ring ?
		      target - sync.c.control.appl_ptr : 0;
	sync.c.control.appl_ptr = target % node->boundary;
	sync.flags = SNDRV_PCM_SYNC_PTR_HWSYNC;
	if (call(KIND_SYNC_PTR, slot->fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync) < 0)
		return -1;
	me->moved += sync.s.status.state == SNDRV_PCM_STATE_RUNNING &&
		     sync.s.status.hw_ptr != *position;
	*position = sync.s.status.hw_ptr;
	return sync.s.status.state;
}

static void serve_once(struct slot *slot, unsigned long *position)
{
	int state;

	if (one_in(3))
		wait_for(slot);
	if (one_in(2))
		transfer_interleaved(slot, slot->node->period, me->buffer);
	state = serve_pointers(slot, position);
	if (state == SNDRV_PCM_STATE_XRUN || state == SNDRV_PCM_STATE_SETUP) {
		me->xruns += state == SNDRV_PCM_STATE_XRUN;
		call_group(KIND_PREPARE, slot->fd, SNDRV_PCM_IOCTL_PREPARE);
		serve_pointers(slot, position);
	}
	if (state == SNDRV_PCM_STATE_PAUSED)
		call(KIND_PAUSE, slot->fd, SNDRV_PCM_IOCTL_PAUSE, (void *)0);
	else if (state >= 0 && state != SNDRV_PCM_STATE_RUNNING)
		call(KIND_START, slot->fd, SNDRV_PCM_IOCTL_START, NULL);
}

/* For a few periods. */
static void serve(struct slot *slot)
{
	struct node *node = slot->node;
	unsigned long position = 0;
	unsigned int n, us;

	if (!node->frame || node->ring > BUFFER_BYTES / node->frame)
		return;
	if (!__sync_bool_compare_and_swap(&node->owner, 0, me->number))
		return;
	bring_up(slot);
	us = node->period * 21;		/* at 48 kHz */
	if (us > 15000)
		us = 15000;
	for (n = 4 + below(16); n; n--) {
		serve_once(slot, &position);
		disturb(slot);
		rest(us / 2 + below(us));
	}
	node->owner = 0;
}

static struct slot *partner_of(const struct slot *slot)
{
	unsigned int n = below(SLOTS), i;
	struct slot *other;

	for (i = 0; i < SLOTS; i++) {
		other = &pcm_slots[(n + i) % SLOTS];
		if (other->fd >= 0 && other->node != slot->node &&
		    !other->node->owner)
			return other;
	}
	return NULL;
}

/*
 * Two streams, started together, and served by nobody for longer than they
 * last, or for a while by one who has forgotten the other.
 */
static void abandon(struct slot *slot)
{
	struct slot *other = partner_of(slot);
	unsigned long position = 0;
	struct node *node;
	int fd;

	if (!other)
		return;
	fd = other->fd;
	node = other->node;
	call(KIND_UNLINK, fd, SNDRV_PCM_IOCTL_UNLINK, NULL);
	call(KIND_DROP, fd, SNDRV_PCM_IOCTL_DROP, NULL);
	usual_params(fd, node);
	call_group(KIND_PREPARE, fd, SNDRV_PCM_IOCTL_PREPARE);
	call(KIND_UNLINK, slot->fd, SNDRV_PCM_IOCTL_UNLINK, NULL);
	call(KIND_DROP, slot->fd, SNDRV_PCM_IOCTL_DROP, NULL);
	usual_params(slot->fd, slot->node);
	usual_sw_params(slot->fd, slot->node);
	call_group(KIND_PREPARE, slot->fd, SNDRV_PCM_IOCTL_PREPARE);
	link_files(slot->fd, fd);
	if (!slot->node->capture)
		sync_pointers(slot, false);
	if (!node->capture)
		sync_pointers(other, false);
	disturb(slot);
	call(KIND_START, slot->fd, SNDRV_PCM_IOCTL_START, NULL);
	disturb(other);
	if (one_in(2))
		serve_once(slot, &position);
	rest(10000 + below(60000));
	disturb(slot);
	serve_once(slot, &position);
}

static void leave_linked(struct slot *slot)
{
	if (!__sync_bool_compare_and_swap(&slot->node->owner, 0, me->number))
		return;
	abandon(slot);
	slot->node->owner = 0;
}

/* What doesn't change anything for whoever serves the stream. */
static void watch_stream(struct slot *slot)
{
	switch (below(4)) {
	case 0:
		wait_for(slot);
		break;
	case 1:
		use_mappings(slot);
		break;
	default:
		ask(slot);
		break;
	}
}

/* A thread is at a few places of its own more often than elsewhere. */
static struct slot *choose_slot(void)
{
	if (one_in(4))
		return &pcm_slots[below(SLOTS)];
	return &pcm_slots[(me->number * 3 + below(3)) % SLOTS];
}

void step_pcm(void)
{
	struct slot *slot = choose_slot();
	unsigned int n;

	if (slot->fd < 0) {
		open_slot(slot);
		if (slot->fd < 0)
			return;
		bring_up(slot);
	}
	if (slot->node->owner && !one_in(8)) {
		watch_stream(slot);
		return;
	}
	switch (below(16)) {
	case 0 ... 1:
		bring_up(slot);
		break;
	case 2 ... 5:
		serve(slot);
		break;
	case 6:
		leave_linked(slot);
		break;
	default:
		for (n = 1 + below(6); n; n--)
			single_call(slot);
		break;
	}
}

/* --- at the end ------------------------------------------------------------ */

void close_pcms(void)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		close_slot(&pcm_slots[i]);
}

/* All files and mappings of all threads have to be gone by now. */
int still_plays(struct node *node)
{
	int fd = open(node->path, O_RDWR | O_NONBLOCK);
	struct snd_pcm_sync_ptr sync = { .flags = 0 };
	struct snd_pcm_sw_params sw = {
		.period_step = 1, .avail_min = 1, .start_threshold = LONG_MAX,
	};
	struct snd_pcm_hw_params hw;
	long until = millis() + 10000;

	if (fd < 0) {
		printf("%s: can't be opened afterwards: %m\n", node->path);
		return -1;
	}
	if (!walk_params(fd, &hw, true) || set_params(fd, node, &hw) < 0)
		goto failed;
	sw.stop_threshold = LONG_MAX;
	if (ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) ||
	    ioctl(fd, SNDRV_PCM_IOCTL_PREPARE))
		goto failed;
	sync.c.control.avail_min = 1;
	if (!node->capture)
		sync.c.control.appl_ptr = node->ring;
	if (ioctl(fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync) ||
	    ioctl(fd, SNDRV_PCM_IOCTL_START))
		goto failed;
	/* A card that streams goes no further than what has been written. */
	do {
		rest(2000);
		sync.flags = SNDRV_PCM_SYNC_PTR_HWSYNC |
			     SNDRV_PCM_SYNC_PTR_APPL;
		if (ioctl(fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync))
			goto failed;
		sync.flags = 0;
		sync.c.control.appl_ptr = sync.s.status.hw_ptr;
		if (!node->capture)
			sync.c.control.appl_ptr += node->ring;
		if (ioctl(fd, SNDRV_PCM_IOCTL_SYNC_PTR, &sync))
			goto failed;
	} while (sync.s.status.hw_ptr < 3ul * node->ring && millis() < until);
	errno = ETIMEDOUT;
	if (sync.s.status.hw_ptr < 3ul * node->ring)
		goto failed;
	printf("%s: runs afterwards\n", node->path);
	close(fd);
	return 0;
failed:
	printf("%s: doesn't run afterwards: %m\n", node->path);
	close(fd);
	return -1;
}
