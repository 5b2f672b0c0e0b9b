// SPDX-License-Identifier: GPL-2.0
/*
 * The module's parameters.
 */
#include <linux/module.h>

#include "loopback.h"

struct loopback_parameters loopback_parameters = {
	.cards = 1,
	.pins = 1,
	.max_mapping = 65536,
	.descriptors = 64,
	.valid_bits = 32,
};

module_param_named(cards, loopback_parameters.cards, uint, 0444);
MODULE_PARM_DESC(cards, "How many cards (1 to 8, default 1).");
module_param_named(pins, loopback_parameters.pins, uint, 0444);
MODULE_PARM_DESC(pins, "Pairs of pins on a card, a PCM device each (1 to 8, default 1).");
module_param_named(max_mapping, loopback_parameters.max_mapping, uint, 0444);
MODULE_PARM_DESC(max_mapping,
		 "Largest mapping in bytes (1 to 65536, default 65536).");
module_param_named(misalign, loopback_parameters.misalign, uint, 0444);
MODULE_PARM_DESC(misalign,
		 "Largest first mapping of a packet in bytes (0 to 4095, default 0: like the others).");
module_param_named(descriptors, loopback_parameters.descriptors, uint, 0444);
MODULE_PARM_DESC(descriptors,
		 "Length of a pin's descriptor list (2 to 4096, default 64).");
module_param_named(valid_bits, loopback_parameters.valid_bits, uint, 0444);
MODULE_PARM_DESC(valid_bits,
		 "Bits that count in samples of 32 (17 to 32, default 32).");
module_param_named(streaming, loopback_parameters.streaming, bool, 0444);
MODULE_PARM_DESC(streaming,
		 "Queue packets only when the application has written them (0 or 1, default 0).");
module_param_named(timer_service, loopback_parameters.timer_service, bool,
		   0444);
MODULE_PARM_DESC(timer_service,
		 "Let the port serve the streams every 20 ms instead of interrupting; the descriptors must last that long (0 or 1, default 0).");

module_param_named(may_sleep, loopback_parameters.may_sleep, bool, 0444);
MODULE_PARM_DESC(may_sleep,
		 "Have the port call the streams' methods where they may sleep (0 or 1, default 0).");

static const struct {
	const char *name;
	const unsigned int *value;
	unsigned int min;
	unsigned int max;
} limits[] = {
	{ "cards", &loopback_parameters.cards, 1, LOOPBACK_CARDS_MAX },
	{ "pins", &loopback_parameters.pins, 1, LOOPBACK_PAIRS_MAX },
	{ "max_mapping", &loopback_parameters.max_mapping, 1, 65536 },
	{ "misalign", &loopback_parameters.misalign, 0, 4095 },
	{ "descriptors", &loopback_parameters.descriptors, 2, 4096 },
	{ "valid_bits", &loopback_parameters.valid_bits, 17, 32 },
};

/**
 * loopback_check_parameters() - see whether the numbers are within their limits
 *
 * Return: 0; -EINVAL after a message.
 */
int loopback_check_parameters(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		if (*limits[i].value >= limits[i].min &&
		    *limits[i].value <= limits[i].max)
			continue;
		pr_err("snd-wavepci-loopback: %s=%u: must be %u to %u\n",
		       limits[i].name, *limits[i].value, limits[i].min,
		       limits[i].max);
		return -EINVAL;
	}
	return 0;
}
