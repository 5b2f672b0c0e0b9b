/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks that the miniport of a wave filter keeps the model's rules.
 */
#ifndef _WAVEPCI_WAVE_VERIFIER_H
#define _WAVEPCI_WAVE_VERIFIER_H

#include <linux/lockdep.h>
#include <linux/types.h>

#include "../portcls/verifier.h"

struct wave_buffer;
struct wave_pin;
struct wave_stream;

extern struct lockdep_map wave_verifier_callback_map;

/**
 * enum verifier_rule - the rules that a miniport can break
 * @RULE_RELEASE_ORDER: mappings are released in the order they were got
 * @RULE_DOUBLE_RELEASE: a mapping is released once. The last 32 are known.
 * @RULE_UNKNOWN_TAG: only what was got is released
 * @RULE_LOCK_HELD: no own lock is held when GetMapping or ReleaseMapping is
 *	called. Seen where the port has called the miniport, and with lockdep.
 * @RULE_STATE: no mapping is got in STOP, and no step down is refused. Which
 *	step comes next is the port's affair, so a miniport can't skip one; and
 *	a step up may fail.
 * @RULE_POSITION_BACKWARDS: the position never runs backwards
 * @RULE_POSITION_BEYOND: nor past what is mapped
 * @RULE_POSITION_RESET: it is zero when the stream leaves STOP
 * @RULE_REVOKE_COUNT: RevokeMappings gives back all that is open
 * @RULE_TOUCH_AFTER_REVOKE: the ring isn't written to any more when the stream
 *	has given it up. Reported once a ring, when the pin gives up the next
 *	one or goes; who only reads isn't seen.
 * @RULES: how many there are
 */
enum verifier_rule {
	RULE_RELEASE_ORDER,
	RULE_DOUBLE_RELEASE,
	RULE_UNKNOWN_TAG,
	RULE_LOCK_HELD,
	RULE_STATE,
	RULE_POSITION_BACKWARDS,
	RULE_POSITION_BEYOND,
	RULE_POSITION_RESET,
	RULE_REVOKE_COUNT,
	RULE_TOUCH_AFTER_REVOKE,
	RULES,
};

void wave_verifier_report(struct wave_stream *stream, enum verifier_rule rule);
void wave_verifier_got(struct wave_stream *stream, void *tag, int err);
void wave_verifier_released(struct wave_stream *stream, void *tag);
void wave_verifier_bad_release(struct wave_stream *stream, void *tag,
			       bool early);
void wave_verifier_position(struct wave_stream *stream, u64 position);
void wave_verifier_left_stop(struct wave_stream *stream);
void wave_verifier_quarantine(struct wave_pin *pin, struct wave_buffer *buffer);
void wave_verifier_check_quarantine(struct wave_pin *pin);

/* Around calls in which a miniport gets or releases mappings: see lock-held. */
static inline void verifier_enter_miniport(void)
{
	if (verifier_on())
		lock_map_acquire_read(&wave_verifier_callback_map);
}

static inline void verifier_leave_miniport(void)
{
	if (verifier_on())
		lock_map_release(&wave_verifier_callback_map);
}

#endif
