// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier: whether the miniport of a wave filter keeps the model's rules.
 *
 * Each rule that is broken is reported once a stream, by name, with the device
 * and its driver, the stream, and the mapping's tag where it is about one.
 * What the port answers to the miniport is the same with and without the
 * verifier.
 */
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "verifier.h"
#include "wave.h"

#define POISON	0x5a

#ifdef CONFIG_LOCKDEP
static struct lock_class_key callback_key;
struct lockdep_map wave_verifier_callback_map =
	STATIC_LOCKDEP_MAP_INIT("wavepci miniport callback", &callback_key);
#else
struct lockdep_map wave_verifier_callback_map;
#endif

static const char * const rules[RULES] = {
	[RULE_RELEASE_ORDER] = "release-order",
	[RULE_DOUBLE_RELEASE] = "double-release",
	[RULE_UNKNOWN_TAG] = "unknown-tag",
	[RULE_LOCK_HELD] = "lock-held",
	[RULE_STATE] = "state",
	[RULE_POSITION_BACKWARDS] = "position-backwards",
	[RULE_POSITION_BEYOND] = "position-beyond",
	[RULE_POSITION_RESET] = "position-reset",
	[RULE_REVOKE_COUNT] = "revoke-count",
	[RULE_TOUCH_AFTER_REVOKE] = "touch-after-revoke",
};

/**
 * wave_verifier_report() - a rule is broken that isn't about a mapping
 * @stream: by the miniport of this stream
 * @rule: the rule
 *
 * Context: any.
 */
void wave_verifier_report(struct wave_stream *stream, enum verifier_rule rule)
{
	struct device *device = stream->pin->port->base.device;

	if (test_and_set_bit(rule, &stream->verifier.reported))
		return;
	dev_warn(device, "verifier: %s: rule %s broken by %s\n",
		 stream->pin->name, rules[rule], dev_driver_string(device));
}

static void report_tag(struct wave_stream *stream, enum verifier_rule rule,
		       void *tag)
{
	struct device *device = stream->pin->port->base.device;

	if (test_and_set_bit(rule, &stream->verifier.reported))
		return;
	dev_warn(device, "verifier: %s: tag %lu: rule %s broken by %s\n",
		 stream->pin->name, (unsigned long)tag, rules[rule],
		 dev_driver_string(device));
}

#ifdef CONFIG_LOCKDEP

/* RCU excludes nobody, and the interrupt lock is the port's. */
static bool harmless(struct wave_stream *stream, struct lockdep_map *lock)
{
	return lock == &rcu_lock_map || lock == &rcu_bh_lock_map ||
	       lock == &rcu_sched_lock_map ||
	       lock == &stream->pin->port->base.adapter->interrupt_lock.dep_map;
}

/*
 * The port's own mark is the last lock that was taken, when the miniport has
 * taken none since it was called. Not called by the port, it isn't held.
 */
static bool holds_own_lock(struct wave_stream *stream)
{
	struct held_lock *last = current->held_locks + current->lockdep_depth;

	if (!debug_locks || !lock_is_held(&wave_verifier_callback_map))
		return false;
	do
		last--;
	while (harmless(stream, last->instance));
	return last->instance != &wave_verifier_callback_map;
}

#else

static bool holds_own_lock(struct wave_stream *stream)
{
	return false;
}

#endif

/**
 * wave_verifier_got() - GetMapping was called
 * @stream: of this stream
 * @tag: with this tag
 * @err: and this was the answer
 *
 * Context: any.
 */
void wave_verifier_got(struct wave_stream *stream, void *tag, int err)
{
	if (holds_own_lock(stream))
		report_tag(stream, RULE_LOCK_HELD, tag);
	if (err == -EBADFD)
		report_tag(stream, RULE_STATE, tag);
}

/**
 * wave_verifier_released() - ReleaseMapping was called, and all is well
 * @stream: of this stream
 * @tag: with this tag
 *
 * Context: any.
 */
void wave_verifier_released(struct wave_stream *stream, void *tag)
{
	struct verifier *v = &stream->verifier;

	if (holds_own_lock(stream))
		report_tag(stream, RULE_LOCK_HELD, tag);
	v->released[v->releases++ % ARRAY_SIZE(v->released)] = tag;
}

/* Returns true when a mapping is open only for us: it was released early. */
static bool is_open(struct wave_stream *stream, void *tag)
{
	unsigned long flags;
	bool found = false;
	u32 i;

	spin_lock_irqsave(&stream->lock, flags);
	for (i = 0; i < stream->open_count && !found; i++)
		found = stream->open[(stream->open_first + i) %
				     stream->open_size].tag == tag;
	spin_unlock_irqrestore(&stream->lock, flags);
	return found;
}

/**
 * wave_verifier_bad_release() - ReleaseMapping was called, and refused
 * @stream: of this stream
 * @tag: with this tag
 * @early: it was open, but not the oldest
 *
 * Context: any.
 */
void wave_verifier_bad_release(struct wave_stream *stream, void *tag,
			       bool early)
{
	struct verifier *v = &stream->verifier;
	u32 i, known = min_t(u32, v->releases, ARRAY_SIZE(v->released));

	if (early || is_open(stream, tag)) {
		report_tag(stream, early ? RULE_RELEASE_ORDER :
				   RULE_DOUBLE_RELEASE, tag);
		return;
	}
	for (i = 0; i < known; i++) {
		if (v->released[i] == tag) {
			report_tag(stream, RULE_DOUBLE_RELEASE, tag);
			return;
		}
	}
	report_tag(stream, RULE_UNKNOWN_TAG, tag);
}

/**
 * wave_verifier_position() - GetPosition was called
 * @stream: of this stream
 * @position: and this was the answer
 *
 * Context: any.
 */
void wave_verifier_position(struct wave_stream *stream, u64 position)
{
	struct verifier *v = &stream->verifier;
	unsigned long flags;
	u64 got;

	spin_lock_irqsave(&stream->lock, flags);
	got = stream->got;
	spin_unlock_irqrestore(&stream->lock, flags);
	if (position < v->position)
		wave_verifier_report(stream, RULE_POSITION_BACKWARDS);
	if (position > got)
		wave_verifier_report(stream, RULE_POSITION_BEYOND);
	else		/* one mistake is one report */
		v->position = position;
}

/**
 * wave_verifier_left_stop() - a stream is in ACQUIRE, coming from STOP
 * @stream: the stream
 *
 * The miniport is asked for its position in ACQUIRE only for this.
 *
 * Context: may sleep.
 */
void wave_verifier_left_stop(struct wave_stream *stream)
{
	u64 position = 0;

	stream->verifier.position = 0;
	stream->verifier.releases = 0;
	if (!stream->client->ask_position(stream, &position) && position)
		wave_verifier_report(stream, RULE_POSITION_RESET);
}

/* Instances of a pin come and go at the same time. */
static DEFINE_MUTEX(quarantine_mutex);

static void check_quarantine(struct wave_pin *pin)
{
	struct wave_buffer *buffer = &pin->quarantine;
	struct device *device;
	void *touched;

	if (!buffer->area)
		return;
	device = pin->port->base.device;
	touched = memchr_inv(buffer->area, POISON, buffer->bytes);
	if (touched)
		dev_warn(device,
			 "verifier: %s: byte %zu: rule %s broken by %s\n",
			 pin->name, touched - buffer->area,
			 rules[RULE_TOUCH_AFTER_REVOKE],
			 dev_driver_string(device));
	wave_buffer_free(buffer);
}

/**
 * wave_verifier_quarantine() - keep the memory of a ring that nobody may touch
 * @pin: the pin whose stream's it was
 * @buffer: the ring; empty afterwards
 *
 * A pin keeps one, until the next comes.
 *
 * Context: may sleep.
 */
void wave_verifier_quarantine(struct wave_pin *pin, struct wave_buffer *buffer)
{
	mutex_lock(&quarantine_mutex);
	check_quarantine(pin);
	if (buffer->area) {
		memset(buffer->area, POISON, buffer->bytes);
		pin->quarantine = *buffer;
		memset(buffer, 0, sizeof(*buffer));
	}
	mutex_unlock(&quarantine_mutex);
}

/**
 * wave_verifier_check_quarantine() - see whether it was touched, and free it
 * @pin: the pin
 *
 * Context: may sleep.
 */
void wave_verifier_check_quarantine(struct wave_pin *pin)
{
	mutex_lock(&quarantine_mutex);
	check_quarantine(pin);
	mutex_unlock(&quarantine_mutex);
}
