// SPDX-License-Identifier: GPL-2.0
/* Calls to the control nodes of cards. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define FILES	4

static struct slot files[FILES] = {
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 },
};

static void open_control(struct slot *slot)
{
	char path[32];
	long fd;

	snprintf(path, sizeof(path), "/dev/snd/controlC%d",
		 cards[below(card_count)]);
	fd = open_file(path, (one_in(8) ? O_RDONLY : O_RDWR) |
			     (one_in(3) ? 0 : O_NONBLOCK));
	if (fd < 0)
		return;
	fd = __sync_lock_test_and_set(&slot->fd, fd);
	if (fd >= 0)
		close_file(fd);
}

/* By number, by name, or by neither. */
static void any_id(int fd, struct snd_ctl_elem_id *id)
{
	struct snd_ctl_elem_id ids[64];
	struct snd_ctl_elem_list list = {
		.offset = one_in(6) ? absurd_number() : below(8),
		.space = one_in(6) ? below(3) : COUNT(ids),
		.pids = ids,
	};

	memset(id, 0, sizeof(*id));
	if (call(KIND_CTL_LIST, fd, SNDRV_CTL_IOCTL_ELEM_LIST, &list) < 0 ||
	    !list.used || one_in(10)) {
		id->numid = absurd_number();
		return;
	}
	*id = ids[below(list.used)];
	if (one_in(3))
		id->numid = 0;
	if (one_in(10))
		id->index = absurd_number();
	if (one_in(10))
		id->name[below(sizeof(id->name))] = rnd();
}

/* Between the ends, at them, past them. */
static long any_value(const struct snd_ctl_elem_info *info)
{
	long min = info->value.integer.min, max = info->value.integer.max;

	if (info->type == SNDRV_CTL_ELEM_TYPE_ENUMERATED)
		return below(info->value.enumerated.items + one_in(5));
	if (info->type == SNDRV_CTL_ELEM_TYPE_BYTES || one_in(8))
		return absurd_number();
	if (one_in(3))
		return (one_in(2) ? min : max) + below(3) - 1;
	return min + below(max - min + 1);
}

static void write_element(int fd, const struct snd_ctl_elem_info *info)
{
	struct snd_ctl_elem_value value = { .id = info->id };
	unsigned int n;

	if (call(KIND_CTL_READ, fd, SNDRV_CTL_IOCTL_ELEM_READ, &value) < 0)
		value.id = info->id;
	for (n = 0; n < info->count && n < 64; n++)
		if (info->type == SNDRV_CTL_ELEM_TYPE_ENUMERATED)
			value.value.enumerated.item[n] = any_value(info);
		else
			value.value.integer.value[n] = any_value(info);
	call(KIND_CTL_WRITE, fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value);
}

static void use_tlv(int fd, unsigned int numid)
{
	static const unsigned long requests[] = {
		SNDRV_CTL_IOCTL_TLV_READ, SNDRV_CTL_IOCTL_TLV_WRITE,
		SNDRV_CTL_IOCTL_TLV_COMMAND,
	};
	unsigned int memory[130] = { numid };

	memory[1] = one_in(6) ? absurd_number() : 4 * below(128);
	memory[2] = below(5);
	memory[3] = one_in(4) ? absurd_number() : 4 * below(8);
	call(KIND_CTL_TLV, fd, requests[below(COUNT(requests))], memory);
}

static void use_element(int fd)
{
	struct snd_ctl_elem_info info = { };
	long ret;

	any_id(fd, &info.id);
	ret = call(KIND_CTL_ELEM_INFO, fd, SNDRV_CTL_IOCTL_ELEM_INFO, &info);
	switch (below(8)) {
	case 0:
		call(KIND_CTL_LOCK, fd, SNDRV_CTL_IOCTL_ELEM_LOCK, &info.id);
		break;
	case 1:
		call(KIND_CTL_LOCK, fd, SNDRV_CTL_IOCTL_ELEM_UNLOCK, &info.id);
		break;
	case 2 ... 3:
		use_tlv(fd, info.id.numid);
		break;
	default:
		if (ret >= 0 || one_in(8))
			write_element(fd, &info);
		break;
	}
}

/* Elements that a program adds; the card shares the list of them. */
static void user_element(int fd)
{
	struct snd_ctl_elem_info info = {
		.id.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
		.type = one_in(6) ? absurd_number() : 1 + below(6),
		.access = one_in(4) ? rnd() : SNDRV_CTL_ELEM_ACCESS_READWRITE |
			  SNDRV_CTL_ELEM_ACCESS_TLV_READWRITE,
		.count = one_in(5) ? absurd_number() : 1 + below(8),
		.owner = one_in(6) ? absurd_number() : 1 + below(3),
	};

	snprintf((char *)info.id.name, sizeof(info.id.name), "Fuzz %u",
		 below(4));
	info.value.integer.min = below(3);
	info.value.integer.max = one_in(4) ? absurd_number() : below(100);
	info.value.integer.step = below(2);
	switch (below(5)) {
	case 0:
		call(KIND_CTL_USER, fd, SNDRV_CTL_IOCTL_ELEM_REPLACE, &info);
		break;
	case 1 ... 2:
		call(KIND_CTL_USER, fd, SNDRV_CTL_IOCTL_ELEM_REMOVE, &info.id);
		break;
	default:
		call(KIND_CTL_USER, fd, SNDRV_CTL_IOCTL_ELEM_ADD, &info);
		break;
	}
}

static void use_events(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int on = one_in(5) ? (int)absurd_number() : (int)below(2);

	switch (below(3)) {
	case 0:
		call(KIND_CTL_EVENTS, fd, SNDRV_CTL_IOCTL_SUBSCRIBE_EVENTS, &on);
		break;
	case 1:
		begin(KIND_POLL);
		end(KIND_POLL, poll(&p, 1, below(3)));
		break;
	default:
		begin(KIND_CTL_EVENTS);
		end(KIND_CTL_EVENTS, read(fd, me->buffer, below(1000)));
		break;
	}
}

static void ask_card(int fd)
{
	static const unsigned long requests[] = {
		SNDRV_CTL_IOCTL_PVERSION, SNDRV_CTL_IOCTL_CARD_INFO,
		SNDRV_CTL_IOCTL_POWER_STATE, SNDRV_CTL_IOCTL_POWER,
		SNDRV_CTL_IOCTL_HWDEP_NEXT_DEVICE,
		SNDRV_CTL_IOCTL_RAWMIDI_NEXT_DEVICE,
	};
	union {
		struct snd_ctl_card_info info;
		int number;
	} answer = { .number = (int)absurd_number() };

	call(KIND_CTL_INFO, fd, requests[below(COUNT(requests))], &answer);
}

static void ask_pcms(int fd)
{
	struct snd_pcm_info info = {
		.device = one_in(6) ? absurd_number() : below(4),
		.subdevice = one_in(6) ? absurd_number() : 0,
		.stream = one_in(6) ? (int)absurd_number() : (int)below(2),
	};
	int number = one_in(3) ? (int)absurd_number() : (int)below(4) - 1;

	if (one_in(2))
		call(KIND_CTL_PCM, fd, SNDRV_CTL_IOCTL_PCM_INFO, &info);
	else if (one_in(2))
		call(KIND_CTL_PCM, fd, SNDRV_CTL_IOCTL_PCM_NEXT_DEVICE, &number);
	else
		call(KIND_CTL_PCM, fd, SNDRV_CTL_IOCTL_PCM_PREFER_SUBDEVICE,
		     &number);
}

void step_control(void)
{
	struct slot *slot = &files[below(FILES)];
	int fd;

	if (slot->fd < 0 || one_in(12))
		open_control(slot);
	if (one_in(20)) {
		fd = __sync_lock_test_and_set(&slot->fd, -1);
		if (fd >= 0)
			close_file(fd);
	}
	fd = slot->fd;
	if (fd < 0)
		return;
	switch (below(10)) {
	case 0:
		ask_card(fd);
		break;
	case 1 ... 2:
		ask_pcms(fd);
		break;
	case 3:
		user_element(fd);
		break;
	case 4:
		use_events(fd);
		break;
	default:
		use_element(fd);
		break;
	}
}
