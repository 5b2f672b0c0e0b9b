// SPDX-License-Identifier: GPL-2.0
/*
 * Parameters: found by narrowing, one after the other, what the card can do;
 * then bent.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fuzz.h"

#define MASK(hw, name) \
	(&(hw)->masks[SNDRV_PCM_HW_PARAM_##name - SNDRV_PCM_HW_PARAM_FIRST_MASK])
#define INTERVAL(hw, name) interval_of(hw, SNDRV_PCM_HW_PARAM_##name)

static struct snd_interval *interval_of(struct snd_pcm_hw_params *hw, int name)
{
	return &hw->intervals[name - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
}

static void allow_all(struct snd_pcm_hw_params *hw)
{
	size_t i;

	memset(hw, 0, sizeof(*hw));
	memset(hw->masks, 0xff, sizeof(hw->masks));
	for (i = 0; i < COUNT(hw->intervals); i++)
		hw->intervals[i].max = UINT_MAX;
	hw->rmask = UINT_MAX;
	hw->info = UINT_MAX;
}

static bool refine(int fd, struct snd_pcm_hw_params *hw)
{
	hw->rmask = UINT_MAX;
	return call(KIND_HW_REFINE, fd, SNDRV_PCM_IOCTL_HW_REFINE, hw) >= 0;
}

/* Leaves it as it was where the value isn't possible. */
static bool narrow(int fd, struct snd_pcm_hw_params *hw, int name,
		   unsigned int value)
{
	struct snd_pcm_hw_params tried = *hw;
	struct snd_interval *i = interval_of(&tried, name);

	*i = (struct snd_interval){ .min = value, .max = value, .integer = 1 };
	if (!refine(fd, &tried))
		return false;
	*hw = tried;
	return true;
}

/* One of those that are in a mask. */
static void choose(int fd, struct snd_pcm_hw_params *hw, int name)
{
	struct snd_pcm_hw_params tried = *hw;
	struct snd_mask *mask = &tried.masks[name - SNDRV_PCM_HW_PARAM_FIRST_MASK];
	unsigned int bit, n;

	n = below(__builtin_popcount(mask->bits[0]) +
		  __builtin_popcount(mask->bits[1]));
	for (bit = 0; bit < 63; bit++)
		if (mask->bits[bit / 32] & 1u << bit % 32 && !n--)
			break;
	memset(mask, 0, sizeof(*mask));
	mask->bits[bit / 32] = 1u << bit % 32;
	if (refine(fd, &tried))
		*hw = tried;
}

/* At an end, beside it, or somewhere between; small numbers more often. */
static unsigned int pick(const struct snd_interval *i)
{
	unsigned int room = i->max - i->min;

	switch (below(8)) {
	case 0:
		return i->min;
	case 1:
		return i->max;
	case 2:
		return i->min + 1;
	case 3:
		return i->max - 1;
	case 4:
		return i->min + below(room);
	default:
		return i->min + (room >> below(20)) / (1 + below(3));
	}
}

static void choose_size(int fd, struct snd_pcm_hw_params *hw)
{
	static const int names[] = {
		SNDRV_PCM_HW_PARAM_PERIOD_SIZE, SNDRV_PCM_HW_PARAM_BUFFER_SIZE,
		SNDRV_PCM_HW_PARAM_PERIODS, SNDRV_PCM_HW_PARAM_PERIOD_BYTES,
		SNDRV_PCM_HW_PARAM_BUFFER_BYTES, SNDRV_PCM_HW_PARAM_PERIOD_TIME,
		SNDRV_PCM_HW_PARAM_BUFFER_TIME,
	};
	int i;

	for (i = 0; i < 6; i++) {
		int name = names[below(COUNT(names))];

		narrow(fd, hw, name, pick(interval_of(hw, name)));
	}
}

/**
 * walk_params() - find parameters that are possible
 * @fd: an open PCM
 * @hw: receives them
 * @usual: as an application would have them, a few tens of milliseconds
 *
 * Return: whether there are any; they may still leave something open.
 */
bool walk_params(int fd, struct snd_pcm_hw_params *hw, bool usual)
{
	static const unsigned int rates[] = { 8000, 44100, 48000, 192000 };
	unsigned int period;

	allow_all(hw);
	if (!refine(fd, hw))
		return false;
	choose(fd, hw, SNDRV_PCM_HW_PARAM_ACCESS);
	choose(fd, hw, SNDRV_PCM_HW_PARAM_FORMAT);
	narrow(fd, hw, SNDRV_PCM_HW_PARAM_CHANNELS,
	       usual ? 2 : pick(INTERVAL(hw, CHANNELS)));
	if (!usual && one_in(2))
		narrow(fd, hw, SNDRV_PCM_HW_PARAM_RATE,
		       pick(INTERVAL(hw, RATE)));
	narrow(fd, hw, SNDRV_PCM_HW_PARAM_RATE, rates[below(COUNT(rates))]);
	if (usual) {
		period = 128u << below(5);
		narrow(fd, hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, period);
		narrow(fd, hw, SNDRV_PCM_HW_PARAM_PERIODS, 2 + below(4));
	} else {
		choose_size(fd, hw);
	}
	return true;
}

/* As in the kernel: the ring, doubled as long as it fits. */
static unsigned long boundary_of(unsigned long ring)
{
	unsigned long boundary = ring ? ring : 1024;

	while (boundary * 2 <= LONG_MAX - ring)
		boundary *= 2;
	return boundary;
}

/* What they have become, for those who use the node. */
long set_params(int fd, struct node *node, struct snd_pcm_hw_params *hw)
{
	struct snd_pcm_hw_params given = *hw;
	long ret;

	hw->rmask = UINT_MAX;
	ret = call(KIND_HW_PARAMS, fd, SNDRV_PCM_IOCTL_HW_PARAMS, hw);
	if (ret < 0)
		return ret;
	node->good = given;
	node->period = INTERVAL(hw, PERIOD_SIZE)->min;
	node->ring = INTERVAL(hw, BUFFER_SIZE)->min;
	node->frame = INTERVAL(hw, FRAME_BITS)->min / 8;
	node->channels = INTERVAL(hw, CHANNELS)->min;
	node->boundary = boundary_of(node->ring);
	return ret;
}

/* Both ends of a loopback's cable have one format. */
static const struct node *other_end(const struct node *node)
{
	int i;

	for (i = 0; i < node_count; i++)
		if (nodes[i].card == node->card &&
		    nodes[i].device == node->device &&
		    nodes[i].capture != node->capture)
			return &nodes[i];
	return node;
}

/* As an application does: new ones, or what has worked before. */
long usual_params(int fd, struct node *node)
{
	struct snd_pcm_hw_params hw = node->good;
	unsigned int flags = 0;
	long ret;

	if (one_in(3))
		flags = SNDRV_PCM_HW_PARAMS_NO_PERIOD_WAKEUP;
	if ((!hw.rmask || one_in(3)) && !walk_params(fd, &hw, true))
		return -1;
	hw.flags ^= flags;
	ret = set_params(fd, node, &hw);
	if (ret != -EINVAL)
		return ret;
	hw = other_end(node)->good;
	hw.flags ^= flags;
	return set_params(fd, node, &hw);
}

/* A little beside what is possible. */
static void bend(struct snd_pcm_hw_params *hw)
{
	struct snd_interval *i = &hw->intervals[below(COUNT(hw->intervals))];

	switch (below(8)) {
	case 0:
		i->min = i->max = i->min + 1;
		break;
	case 1:
		i->min = i->max = i->max - 1;
		break;
	case 2:
		i->openmin = 1;
		break;
	case 3:
		i->openmax = 1;
		break;
	case 4:
		i->empty = 1;
		break;
	case 5:
		i->min = i->max + 1;
		break;
	case 6:
		hw->masks[below(COUNT(hw->masks))].bits[below(8)] ^=
			1u << below(32);
		break;
	default:
		i->min = absurd_number();
		i->max = absurd_number();
		break;
	}
}

static void scribble(void *memory, size_t bytes)
{
	unsigned char *byte = memory;
	size_t n;

	for (n = below(bytes); n < bytes; n += 1 + below(64))
		byte[n] = rnd();
}

/**
 * any_params() - set parameters that are possible, nearly so, or absurd
 * @fd: an open PCM
 * @node: its node
 *
 * Return: 0 or ALSA's error.
 */
long any_params(int fd, struct node *node)
{
	struct snd_pcm_hw_params hw;
	unsigned int how = below(12);

	if (!walk_params(fd, &hw, how < 4))
		return -1;
	if (one_in(4))
		hw.flags |= SNDRV_PCM_HW_PARAMS_NO_PERIOD_WAKEUP;
	if (one_in(8))
		hw.flags |= SNDRV_PCM_HW_PARAMS_NORESAMPLE;
	if (one_in(16))
		hw.flags |= SNDRV_PCM_HW_PARAMS_EXPORT_BUFFER;
	if (how >= 8)
		bend(&hw);
	if (how == 11)
		scribble(&hw, sizeof(hw));
	return set_params(fd, node, &hw);
}

static unsigned long threshold(const struct node *node)
{
	unsigned long numbers[] = {
		0, 1, node->period, node->ring, node->boundary,
		node->ring / 2, LONG_MAX, ULONG_MAX,
	};

	if (one_in(8))
		return absurd_number();
	return numbers[below(COUNT(numbers))] + below(3) - 1;
}

/**
 * any_sw_params() - set software parameters, each at an end or past it
 * @fd: an open PCM
 * @node: its node
 *
 * Return: 0 or ALSA's error.
 */
long any_sw_params(int fd, const struct node *node)
{
	struct snd_pcm_sw_params sw = {
		.tstamp_mode = below(3) - !below(9),
		.period_step = 1,
		.sleep_min = one_in(9),
		.avail_min = threshold(node),
		.xfer_align = threshold(node),
		.start_threshold = threshold(node),
		.stop_threshold = threshold(node),
		.silence_threshold = one_in(2) ? 0 : threshold(node),
		.silence_size = one_in(2) ? 0 : threshold(node),
		.proto = one_in(2) ? SNDRV_PCM_VERSION : below(1 << 24),
		.tstamp_type = below(5),
	};

	/* From the top, silence goes on for the whole ring. */
	if (one_in(4)) {
		sw.silence_threshold = 0;
		sw.silence_size = node->boundary;
	}
	return call(KIND_SW_PARAMS, fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw);
}

/* Never starts nor stops by itself, or as usual. */
long usual_sw_params(int fd, const struct node *node)
{
	struct snd_pcm_sw_params sw = {
		.period_step = 1,
		.avail_min = node->period ? node->period : 1,
		.start_threshold = one_in(2) ? 1 : node->boundary,
		.stop_threshold = one_in(3) ? node->boundary : node->ring,
		.proto = SNDRV_PCM_VERSION,
		.tstamp_type = SNDRV_PCM_TSTAMP_TYPE_MONOTONIC,
	};

	return call(KIND_SW_PARAMS, fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw);
}
