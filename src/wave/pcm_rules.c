// SPDX-License-Identifier: GPL-2.0
/*
 * What a pin can do, as ALSA's limits and rules.
 */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <sound/pcm_params.h>

#include "pcm.h"

#define RING_BYTES_MAX		(8u << 20)
#define PERIODS_MIN	2
#define PERIODS_MAX	1024
#define PERIOD_BYTES_MIN	64	/* with fewer a machine does nothing else */

/*
 * Two seconds are what sound servers ask for at most. Who takes the longest ring
 * there is, because it doesn't know better, waits as long for its last sound.
 */
static unsigned int ring_ms = 2000;
module_param(ring_ms, uint, 0644);
MODULE_PARM_DESC(ring_ms,
		 "Longest ring in milliseconds that programs are offered (up to 1000000, 0: 8 MiB; default 2000).");

/* Rings without period wakeups last so long at least: see below. */
#define UNWOKEN_JIFFIES_MIN	4

static bool caps_match(const struct format_caps *caps,
		       struct snd_pcm_hw_params *params, bool formats,
		       bool channels, bool rates)
{
	const struct snd_mask *mask = hw_param_mask_c(params,
						SNDRV_PCM_HW_PARAM_FORMAT);
	const struct snd_interval *c = hw_param_interval_c(params,
						SNDRV_PCM_HW_PARAM_CHANNELS);
	const struct snd_interval *r = hw_param_interval_c(params,
						SNDRV_PCM_HW_PARAM_RATE);
	u64 wanted = GENMASK_ULL(min(c->max, 63u), min(c->min, 63u));

	if (formats && !(((u64)mask->bits[1] << 32 | mask->bits[0]) &
			 caps->formats))
		return false;
	if (channels && !(caps->channels & wanted))
		return false;
	return !rates || (caps->rate_min <= r->max && caps->rate_max >= r->min);
}

static int rule_format(struct snd_pcm_hw_params *params,
		       struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	struct snd_mask mask = {};
	u64 formats = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++)
		if (caps_match(&pcm->caps[i], params, false, true, true))
			formats |= pcm->caps[i].formats;
	mask.bits[0] = lower_32_bits(formats);
	mask.bits[1] = upper_32_bits(formats);
	return snd_mask_refine(hw_param_mask(params, rule->var), &mask);
}

static int rule_channels(struct snd_pcm_hw_params *params,
			 struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	unsigned int list[64], count = 0, c;
	u64 channels = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++)
		if (caps_match(&pcm->caps[i], params, true, false, true))
			channels |= pcm->caps[i].channels;
	for (c = 1; c < 64; c++)
		if (channels & BIT_ULL(c))
			list[count++] = c;
	return snd_interval_list(hw_param_interval(params, rule->var), count,
				 list, 0);
}

static int rule_rate(struct snd_pcm_hw_params *params,
		     struct snd_pcm_hw_rule *rule)
{
	struct pcm_stream *pcm = rule->private;
	u32 count = pcm->pin->descriptor->data_ranges_count;
	struct snd_interval *ranges;
	unsigned int mask = 0;
	int ret;
	u32 i;

	if (count > 32)
		count = 32;
	ranges = kcalloc(count, sizeof(*ranges), GFP_KERNEL);
	if (!ranges)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		ranges[i].min = pcm->caps[i].rate_min;
		ranges[i].max = pcm->caps[i].rate_max;
		ranges[i].integer = 1;
		if (caps_match(&pcm->caps[i], params, true, true, false))
			mask |= BIT(i);
	}
	ret = mask ? snd_interval_ranges(hw_param_interval(params, rule->var),
					 count, ranges, mask) : -EINVAL;
	kfree(ranges);
	return ret;
}

/*
 * What all data ranges have in common needs no rule: see
 * wave_pcm_fill_hardware(). But of the channels ALSA takes only the fewest and
 * the most: gaps between them need a rule. Where there may be gaps, what ends
 * in one must move to its edge: such a rule depends on its own parameter, too.
 */
static int add_format_rules(struct snd_pcm_runtime *runtime,
			    struct pcm_stream *pcm)
{
	bool formats = false, channels = false, rates = false;
	const struct format_caps *caps = pcm->caps;
	int err = 0;
	u32 i;

	for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++) {
		u64 lowest = caps[i].channels & -caps[i].channels;

		formats |= caps[i].formats != caps->formats;
		channels |= caps[i].channels != caps->channels ||
			    caps[i].channels & (caps[i].channels + lowest);
		rates |= caps[i].rate_min != caps->rate_min ||
			 caps[i].rate_max != caps->rate_max;
	}
	if (formats)
		err = snd_pcm_hw_rule_add(runtime, 0,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  rule_format, pcm,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	if (channels && err >= 0)
		err = snd_pcm_hw_rule_add(runtime, 0,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  rule_channels, pcm,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	if (rates && err >= 0)
		err = snd_pcm_hw_rule_add(runtime, 0, SNDRV_PCM_HW_PARAM_RATE,
					  rule_rate, pcm,
					  SNDRV_PCM_HW_PARAM_FORMAT,
					  SNDRV_PCM_HW_PARAM_CHANNELS,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	return err;
}

/* Of how many bits a container has ALSA knows; of how many count it is told. */
static int add_valid_bits(struct snd_pcm_runtime *runtime,
			  struct pcm_stream *pcm)
{
	u32 bytes, i, most;
	int err;

	for (bytes = 1; bytes < ARRAY_SIZE(pcm->caps->valid_bits); bytes++) {
		most = 0;
		for (i = 0; i < pcm->pin->descriptor->data_ranges_count; i++)
			most = max_t(u32, most, pcm->caps[i].valid_bits[bytes]);
		if (!most || most == bytes * 8)
			continue;
		err = snd_pcm_hw_constraint_msbits(runtime, 0, bytes * 8, most);
		if (err < 0)
			return err;
	}
	return 0;
}

/*
 * A ring that must be in the device's list as a whole. At worst its memory is
 * contiguous in pages only, and then each page and each period end a mapping.
 * For periods of a known length that can be counted. As long as their length is
 * open it may still be whole pages, for which there is room for a page each.
 */
static u32 list_piece(const struct wave_pin *pin)
{
	/* Shorter mappings begin anew with each page. */
	if (pin->cut.mapping_bytes < PAGE_SIZE)
		return max(pin->cut.mapping_bytes / 2, 1u);
	return PAGE_SIZE;
}

static u64 list_bytes(const struct wave_pin *pin, u32 mappings)
{
	/* There is no longer ring than of so many pages. */
	return (u64)min(mappings, 1u << 16) * list_piece(pin);
}

static int rule_list_ring(struct snd_pcm_hw_params *params,
			  struct snd_pcm_hw_rule *rule)
{
	const struct snd_interval *period = hw_param_interval_c(params,
						SNDRV_PCM_HW_PARAM_PERIOD_BYTES);
	const struct wave_pin *pin = rule->private;
	u32 mappings = wave_pin_mappings_max(&pin->framing);
	struct packet_layout layout = pin->cut;
	struct snd_interval possible;

	snd_interval_any(&possible);
	if (snd_interval_single(period)) {
		layout.packet_bytes = snd_interval_value(period);
		possible.max = wave_packet_reach(&layout, PAGE_SIZE, mappings,
						 RING_BYTES_MAX);
	} else {
		possible.max = min3(list_bytes(pin, mappings),
				    (u64)mappings * period->max,
				    (u64)RING_BYTES_MAX);
	}
	return snd_interval_refine(hw_param_interval(params, rule->var),
				   &possible);
}

/*
 * As long as the two are open, the ring's pages and the periods are taken never
 * to end together: so much of the ring takes bytes / piece and bytes / period
 * mappings, each rounded up. Where that is too much, periods of whole pages are
 * left.
 */
static u32 list_period_min(const struct wave_pin *pin, u32 ring,
			   const struct snd_interval *period)
{
	u32 mappings = wave_pin_mappings_max(&pin->framing);
	u64 bytes = list_bytes(pin, mappings - min(mappings - 1, 2u));
	u64 least = U64_MAX;

	if (ring < bytes)
		least = DIV64_U64_ROUND_UP((u64)ring * list_piece(pin),
					   bytes - ring);
	if (least <= period->max)
		return least;
	return round_up(max(period->min, 1u), PAGE_SIZE);
}

static int rule_list_period(struct snd_pcm_hw_params *params,
			    struct snd_pcm_hw_rule *rule)
{
	u32 ring = hw_param_interval_c(params,
				SNDRV_PCM_HW_PARAM_BUFFER_BYTES)->min;
	u32 periods = hw_param_interval_c(params,
				SNDRV_PCM_HW_PARAM_PERIODS)->min;
	struct snd_interval *period = hw_param_interval(params, rule->var);
	const struct wave_pin *pin = rule->private;
	u32 mappings = wave_pin_mappings_max(&pin->framing);
	struct snd_interval possible;

	if (snd_interval_single(period))
		return 0;
	snd_interval_any(&possible);
	possible.min = list_period_min(pin, ring, period);
	/* Longer ones begin inside of pages, or take more of these than that. */
	possible.max = min_t(u64, UINT_MAX,
			     list_bytes(pin, mappings / max(periods, 1u)));
	return snd_interval_refine(period, &possible);
}

static int add_list_rules(struct snd_pcm_runtime *runtime, struct wave_pin *pin)
{
	int err;

	err = snd_pcm_hw_rule_add(runtime, 0, SNDRV_PCM_HW_PARAM_BUFFER_BYTES,
				  rule_list_ring, pin,
				  SNDRV_PCM_HW_PARAM_PERIOD_BYTES, -1);
	if (err < 0)
		return err;
	return snd_pcm_hw_rule_add(runtime, 0, SNDRV_PCM_HW_PARAM_PERIOD_BYTES,
				   rule_list_period, pin,
				   SNDRV_PCM_HW_PARAM_BUFFER_BYTES,
				   SNDRV_PCM_HW_PARAM_PERIODS, -1);
}

/* Microseconds that a ring of so many frames lasts, at least. */
static u64 shortest_us(const struct snd_interval *frames,
		       const struct snd_interval *rate)
{
	return rate->max ? div_u64((u64)frames->min * USEC_PER_SEC, rate->max) :
			   0;
}

/*
 * For devices that take rings of any length; a list has an end of its own.
 *
 * ALSA can't tell who wants the longest ring from who wants just that one, and
 * tells both of them first how long it is. But who talks to the kernel itself,
 * and asks for a longer one, gets it.
 */
static int rule_longest_ring(struct snd_pcm_hw_params *params,
			     struct snd_pcm_hw_rule *rule)
{
	struct snd_interval *time = hw_param_interval(params, rule->var);
	u64 longest = (u64)READ_ONCE(ring_ms) * USEC_PER_MSEC;
	struct snd_interval possible;

	if (!longest || longest > UINT_MAX || time->min > longest ||
	    shortest_us(hw_param_interval_c(params,
					    SNDRV_PCM_HW_PARAM_BUFFER_SIZE),
			hw_param_interval_c(params,
					    SNDRV_PCM_HW_PARAM_RATE)) > longest)
		return 0;
	snd_interval_any(&possible);
	possible.max = longest;
	return snd_interval_refine(time, &possible);
}

/**
 * wave_pcm_add_rules() - add the rules for what an open pin can do
 * @runtime: ALSA's, of the open substream
 * @pcm: the open substream
 *
 * Context: may sleep; only from open.
 * Return: 0 or ALSA's error.
 */
int wave_pcm_add_rules(struct snd_pcm_runtime *runtime, struct pcm_stream *pcm)
{
	u32 step = pcm->pin->framing.file_alignment + 1;
	int err;

	err = add_format_rules(runtime, pcm);
	if (err < 0)
		return err;
	err = add_valid_bits(runtime, pcm);
	if (err < 0)
		return err;
	err = snd_pcm_hw_constraint_integer(runtime, SNDRV_PCM_HW_PARAM_RATE);
	if (err < 0)
		return err;
	err = snd_pcm_hw_constraint_integer(runtime,
					    SNDRV_PCM_HW_PARAM_PERIODS);
	if (err >= 0 && step > 1)
		err = snd_pcm_hw_constraint_step(runtime, 0,
						 SNDRV_PCM_HW_PARAM_PERIOD_BYTES,
						 step);
	if (err < 0)
		return err;
	if (wave_pin_mappings_max(&pcm->pin->framing) != U32_MAX)
		err = add_list_rules(runtime, pcm->pin);
	else
		err = snd_pcm_hw_rule_add(runtime, 0,
					  SNDRV_PCM_HW_PARAM_BUFFER_TIME,
					  rule_longest_ring, NULL,
					  SNDRV_PCM_HW_PARAM_BUFFER_SIZE,
					  SNDRV_PCM_HW_PARAM_RATE, -1);
	return min(err, 0);
}

/**
 * wave_pcm_fill_hardware() - the limits of what an open pin can do
 * @hw: receives them
 * @pcm: the open substream
 *
 * A streaming pin always wakes: without wakeups ALSA takes the time that goes
 * by for sound that was played, and a card that has nothing queued plays none.
 *
 * Context: any.
 */
void wave_pcm_fill_hardware(struct snd_pcm_hardware *hw, struct pcm_stream *pcm)
{
	struct wave_pin *pin = pcm->pin;
	const struct adapter *adapter = pin->port->base.adapter;
	u32 i;

	*hw = (struct snd_pcm_hardware) {
		.info = SNDRV_PCM_INFO_MMAP | SNDRV_PCM_INFO_MMAP_VALID |
			SNDRV_PCM_INFO_INTERLEAVED |
			SNDRV_PCM_INFO_BLOCK_TRANSFER | SNDRV_PCM_INFO_PAUSE |
			SNDRV_PCM_INFO_HAS_LINK_ATIME,
		.rates = SNDRV_PCM_RATE_KNOT,
		.rate_min = U32_MAX,
		.channels_min = U32_MAX,
		.buffer_bytes_max = RING_BYTES_MAX,
		.period_bytes_min = max_t(u32, PERIOD_BYTES_MIN,
					  pin->framing.file_alignment + 1),
		.period_bytes_max = RING_BYTES_MAX / PERIODS_MIN,
		.periods_min = PERIODS_MIN,
		.periods_max = min_t(u32, PERIODS_MAX,
				     wave_pin_mappings_max(&pin->framing)),
	};
	if (!pin->capture)
		hw->info |= SNDRV_PCM_INFO_DRAIN_TRIGGER;
	hw->info |= wave_pin_streams(pin) ? SNDRV_PCM_INFO_SYNC_APPLPTR :
					    SNDRV_PCM_INFO_NO_PERIOD_WAKEUP;
	if (adapter->power && !adapter->no_resume)
		hw->info |= SNDRV_PCM_INFO_RESUME;
	for (i = 0; i < pin->descriptor->data_ranges_count; i++) {
		const struct format_caps *caps = &pcm->caps[i];

		if (!caps->formats)
			continue;
		hw->formats |= caps->formats;
		hw->rate_min = min(hw->rate_min, caps->rate_min);
		hw->rate_max = max(hw->rate_max, caps->rate_max);
		hw->channels_min = min_t(u32, hw->channels_min,
					 __ffs64(caps->channels));
		hw->channels_max = max_t(u32, hw->channels_max,
					 fls64(caps->channels) - 1);
	}
}

/**
 * wave_pcm_choose_wakeups() - decide whether a stream wakes at each period
 * @params: what the application wants; where its wish for no wakeups can't be
 *	granted, this tells ALSA so
 *
 * Without wakeups ALSA's core finds out how often the ring went round from the
 * time since its last look, in jiffies and in steps of a ring's length in
 * jiffies. Where that length is zero the steps never end, with the stream
 * lock held; and of a jiffy or two, rounding makes laps that never were. So a
 * short ring wakes, whatever was asked for.
 *
 * Context: may sleep.
 * Return: true when the stream wakes.
 */
bool wave_pcm_choose_wakeups(struct snd_pcm_hw_params *params)
{
	/* As ALSA works it out, in a long that may be one of 32 bits. */
	unsigned long ring = params_buffer_size(params) * (unsigned long)HZ /
			     params_rate(params);

	if (ring < UNWOKEN_JIFFIES_MIN)
		params->info &= ~SNDRV_PCM_INFO_NO_PERIOD_WAKEUP;
	return !(params->flags & SNDRV_PCM_HW_PARAMS_NO_PERIOD_WAKEUP) ||
	       !(params->info & SNDRV_PCM_INFO_NO_PERIOD_WAKEUP);
}
