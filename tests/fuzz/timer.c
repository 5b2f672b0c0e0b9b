// SPDX-License-Identifier: GPL-2.0
/* Calls to the timer node: each PCM is a timer, too, as long as it runs. */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define FILES	6

static struct slot files[FILES] = {
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 },
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 },
};

static void open_timer(struct slot *slot)
{
	int wide = below(2);
	long fd = open_file("/dev/snd/timer", O_RDWR |
					      (one_in(3) ? 0 : O_NONBLOCK));

	if (fd < 0)
		return;
	if (one_in(2))
		call(KIND_TIMER_PARAMS, fd, SNDRV_TIMER_IOCTL_TREAD, &wide);
	fd = __sync_lock_test_and_set(&slot->fd, fd);
	if (fd >= 0)
		close_file(fd);
}

/* A PCM's subdevice is twice the substream, and one more if it records. */
static struct snd_timer_id any_timer(void)
{
	const struct node *node = &nodes[below(node_count)];
	struct snd_timer_id id = {
		.dev_class = SNDRV_TIMER_CLASS_PCM,
		.dev_sclass = SNDRV_TIMER_SCLASS_NONE,
		.card = node->card,
		.device = node->device,
		.subdevice = node->capture,
	};

	if (one_in(5)) {
		id.dev_class = SNDRV_TIMER_CLASS_GLOBAL;
		id.card = -1;
		id.device = below(4);
		id.subdevice = 0;
	}
	if (one_in(6)) {
		id.dev_class = SNDRV_TIMER_CLASS_SLAVE;
		id.dev_sclass = SNDRV_TIMER_SCLASS_APPLICATION;
		id.device = below(3);
	}
	if (one_in(12))
		id.subdevice = absurd_number();
	if (one_in(12))
		id.device = absurd_number();
	if (one_in(20))
		id.dev_class = absurd_number();
	return id;
}

static void ask_timers(int fd)
{
	struct snd_timer_ginfo info = { .tid = any_timer() };
	struct snd_timer_gstatus status = { .tid = info.tid };
	struct snd_timer_gparams params = {
		.tid = info.tid,
		.period_num = absurd_number(),
		.period_den = absurd_number(),
	};

	switch (below(4)) {
	case 0:
		call(KIND_TIMER_LIST, fd, SNDRV_TIMER_IOCTL_NEXT_DEVICE,
		     &info.tid);
		break;
	case 1:
		call(KIND_TIMER_LIST, fd, SNDRV_TIMER_IOCTL_GINFO, &info);
		break;
	case 2:
		call(KIND_TIMER_LIST, fd, SNDRV_TIMER_IOCTL_GSTATUS, &status);
		break;
	default:
		call(KIND_TIMER_LIST, fd, SNDRV_TIMER_IOCTL_GPARAMS, &params);
		break;
	}
}

static void select_timer(int fd)
{
	struct snd_timer_select select = { .id = any_timer() };

	call(KIND_TIMER_SELECT, fd, SNDRV_TIMER_IOCTL_SELECT, &select);
}

static void set_timer(int fd)
{
	struct snd_timer_params params = {
		.flags = one_in(8) ? rnd() : below(8),
		.ticks = one_in(4) ? absurd_number() : below(4),
		.queue_size = one_in(4) ? absurd_number() : 32 + below(1000),
		.filter = one_in(4) ? rnd() : (1u << below(20)) - 1,
	};

	call(KIND_TIMER_PARAMS, fd, SNDRV_TIMER_IOCTL_PARAMS, &params);
}

static void ask_timer(int fd)
{
	struct snd_timer_status status;
	struct snd_timer_info info;

	if (one_in(2))
		call(KIND_TIMER_INFO, fd, SNDRV_TIMER_IOCTL_INFO, &info);
	else
		call(KIND_TIMER_INFO, fd, SNDRV_TIMER_IOCTL_STATUS, &status);
}

static void run_timer(int fd)
{
	if (one_in(2))
		call(KIND_TIMER_START, fd, one_in(3) ?
		     SNDRV_TIMER_IOCTL_CONTINUE : SNDRV_TIMER_IOCTL_START, NULL);
	else
		call(KIND_TIMER_STOP, fd, one_in(2) ? SNDRV_TIMER_IOCTL_STOP :
		     SNDRV_TIMER_IOCTL_PAUSE, NULL);
}

static void read_timer(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (one_in(3)) {
		begin(KIND_POLL);
		end(KIND_POLL, poll(&p, 1, below(3)));
	}
	begin(KIND_TIMER_READ);
	end(KIND_TIMER_READ, read(fd, me->buffer, below(300)));
}

void step_timer(void)
{
	struct slot *slot = &files[below(FILES)];
	int fd, n;

	if (slot->fd < 0 || one_in(30))
		open_timer(slot);
	if (one_in(30)) {
		fd = __sync_lock_test_and_set(&slot->fd, -1);
		if (fd >= 0)
			close_file(fd);
	}
	fd = slot->fd;
	for (n = fd < 0 ? 0 : 1 + below(5); n; n--) {
		switch (below(8)) {
		case 0:
			ask_timers(fd);
			break;
		case 1:
			select_timer(fd);
			break;
		case 2:
			set_timer(fd);
			break;
		case 3:
			ask_timer(fd);
			break;
		case 4:
			read_timer(fd);
			break;
		default:
			run_timer(fd);
			break;
		}
	}
}
