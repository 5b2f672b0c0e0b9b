// SPDX-License-Identifier: GPL-2.0
/*
 * The card: cables with a DMA engine at either end.
 *
 * A cable has no memory. It has one clock, and at each tick as many frames go
 * through it as are due since the clock began, no matter how late the tick is:
 * out of the list of the playback engine, over the line, into the list of the
 * record engine, in one movement. So what is recorded is what is played,
 * frame by frame; nothing can be lost between the two, or come twice.
 *
 * On the line they go through the card's mixer (mixer.c).
 *
 * Where there is no playback engine that runs, or it has nothing left to
 * play, silence goes through. Where there is no record engine that runs, or it
 * has no place left, what goes through is lost. The clock waits for neither.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "engine.h"

#define TICK_NS		(NSEC_PER_SEC / 1000)

/*
 * A clock that is further behind than this part of a second gives it up: on
 * a machine that is too slow, catching up would take longer each time.
 */
#define LATE_MAX	10

static struct loopback_engine *partner_of(struct loopback_engine *engine)
{
	return engine->capture ? &engine->cable->playback :
				 &engine->cable->record;
}

/* The clock */

static bool cable_in_use(struct loopback_cable *cable)
{
	return cable->playback.running || cable->record.running;
}

static void cable_start_clock(struct loopback_cable *cable, ktime_t epoch)
{
	cable->epoch = epoch;
	cable->frame = 0;
}

/* Returns how many frames are due at a time that have not gone through. */
static u64 cable_due(struct loopback_cable *cable, ktime_t now)
{
	s64 elapsed = ktime_sub(now, cable->epoch);
	u64 frame;

	if (!cable_in_use(cable) || elapsed <= 0)
		return 0;
	frame = mul_u64_u32_div(elapsed, cable->rate, NSEC_PER_SEC);
	return frame > cable->frame ? frame - cable->frame : 0;
}

/*
 * Returns how many frames an end can move now; 0 when it doesn't run or has to
 * wait.
 */
static u32 end_frames(struct loopback_engine *e, bool *moved)
{
	if (!e->running)
		return 0;
	*moved |= loopback_engine_settle(e, e->cable->frame_bytes);
	return loopback_engine_frames(e, e->cable->frame_bytes);
}

/*
 * Let a line of the frames that are due go through, or fewer. With @wait an
 * end that runs with an empty list holds up everything; without, it has missed
 * them. Returns whether anything moved.
 */
static bool cable_step(struct loopback_cable *cable, u64 due, bool wait)
{
	struct loopback_engine *playback = &cable->playback;
	struct loopback_engine *record = &cable->record;
	u32 from, to, frames, bytes;
	bool moved = false;

	if (!due)
		return false;
	from = end_frames(playback, &moved);
	to = end_frames(record, &moved);
	/* The rest of a frame may have been the end of a packet. */
	if (playback->pending || record->pending)
		return moved;
	if (wait && ((playback->running && !from) || (record->running && !to)))
		return moved;

	frames = min_t(u64, due, LOOPBACK_LINE_BYTES / cable->frame_bytes);
	frames = min3(frames, from ?: frames, to ?: frames);
	bytes = frames * cable->frame_bytes;
	if (from) {
		loopback_engine_fetch(playback, cable->line, bytes);
		loopback_mixer_play(cable->mixer, &playback->format,
				    cable->line, bytes);
	}
	if (!from ||
	    !loopback_mixer_records(cable->mixer))
		memset(cable->line, cable->silence, bytes);
	if (to)
		loopback_engine_store(record, cable->line, bytes);
	cable->frame += frames;
	return true;
}

/*
 * All that is due and can be moved without help from the driver. Not during a
 * tick, and not past an interrupt that hasn't been delivered: a driver that
 * stops its engine from an interrupt shall find it where it interrupted, and
 * not where it ought to be by now.
 */
static void cable_advance(struct loopback_cable *cable, ktime_t now)
{
	while (!cable->busy && !cable->playback.pending &&
	       !cable->record.pending &&
	       cable_step(cable, cable_due(cable, now), true))
		;
}

static void cable_interrupt(struct loopback_cable *cable,
			    struct loopback_engine *e)
{
	void (*interrupt)(void *context) = NULL;
	unsigned long flags;
	void *context = NULL;

	spin_lock_irqsave(&cable->lock, flags);
	if (e->pending) {
		interrupt = e->interrupt;
		context = e->context;
		e->pending = false;
	}
	spin_unlock_irqrestore(&cable->lock, flags);
	if (interrupt)
		interrupt(context);
}

/*
 * Everything that is due. Where a list is empty, the driver gets a chance to
 * fill it: it has been late only if it still is after its interrupt. A device
 * would hide that behind a FIFO.
 */
static void cable_catch_up(struct loopback_cable *cable, ktime_t now)
{
	unsigned int idle = 0;
	unsigned long flags;
	bool moved;
	u64 due;

	do {
		cable_interrupt(cable, &cable->playback);
		cable_interrupt(cable, &cable->record);
		spin_lock_irqsave(&cable->lock, flags);
		moved = cable_step(cable, cable_due(cable, now), idle < 2);
		due = cable_due(cable, now);
		spin_unlock_irqrestore(&cable->lock, flags);
		idle = moved ? 0 : idle + 1;
	} while (due);
	cable_interrupt(cable, &cable->playback);
	cable_interrupt(cable, &cable->record);
}

/*
 * A softirq: on a real-time kernel ALSA's locks sleep, and so do the driver's.
 */
static enum hrtimer_restart cable_tick(struct hrtimer *timer)
{
	struct loopback_cable *cable = container_of(timer,
						    struct loopback_cable,
						    timer);
	ktime_t now = ktime_get();
	unsigned long flags;
	bool again;

	spin_lock_irqsave(&cable->lock, flags);
	if (cable_due(cable, now) > cable->rate / LATE_MAX)
		cable_start_clock(cable, ktime_sub_ns(now, NSEC_PER_SEC /
						      LATE_MAX));
	cable->busy = true;
	spin_unlock_irqrestore(&cable->lock, flags);

	cable_catch_up(cable, now);

	spin_lock_irqsave(&cable->lock, flags);
	cable->busy = false;
	again = cable_in_use(cable);
	if (again)
		hrtimer_forward_now(timer, TICK_NS);
	cable->ticking = again;
	spin_unlock_irqrestore(&cable->lock, flags);
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void cable_start_timer(struct loopback_cable *cable)
{
	cable->ticking = true;
	hrtimer_start(&cable->timer, TICK_NS, HRTIMER_MODE_REL_SOFT);
}

/**
 * loopback_cable_init() - make a cable
 * @cable: zeroed memory
 * @mixer: what frames go through
 *
 * Context: any.
 */
void loopback_cable_init(struct loopback_cable *cable,
			 struct loopback_mixer *mixer)
{
	cable->mixer = mixer;
	spin_lock_init(&cable->lock);
	hrtimer_setup(&cable->timer, cable_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	cable->playback.cable = cable;
	cable->record.cable = cable;
	cable->record.capture = true;
}

/**
 * loopback_cable_destroy() - stop a cable for good
 * @cable: the cable, whose engines are closed
 *
 * Context: may sleep.
 */
void loopback_cable_destroy(struct loopback_cable *cable)
{
	hrtimer_cancel(&cable->timer);
}

/* The ends: format, states, position */

/**
 * loopback_engine_close() - give an engine back
 * @e: the engine, stopped
 *
 * An interrupt that is being delivered has returned afterwards.
 *
 * Context: may sleep.
 */
void loopback_engine_close(struct loopback_engine *e)
{
	struct loopback_cable *cable = e->cable;

	loopback_engine_reset(e);
	spin_lock_irq(&cable->lock);
	e->interrupt = NULL;
	e->list = NULL;
	e->has_format = false;
	spin_unlock_irq(&cable->lock);

	/* The other end may need the timer. */
	if (hrtimer_cancel(&cable->timer)) {
		spin_lock_irq(&cable->lock);
		cable_start_timer(cable);
		spin_unlock_irq(&cable->lock);
	}
}

static bool format_equal(const struct ksdataformat_waveformatextensible *a,
			 const struct ksdataformat_waveformatextensible *b)
{
	return guid_equal(&a->data_format.sub_format,
			  &b->data_format.sub_format) &&
	       a->wave_format.channels == b->wave_format.channels &&
	       a->wave_format.bits_per_sample ==
			b->wave_format.bits_per_sample &&
	       a->wave_format.samples_per_sec ==
			b->wave_format.samples_per_sec;
}

/**
 * loopback_engine_set_format() - say what the frames are
 * @e: the engine, reset
 * @data_format: the format
 *
 * Context: any.
 * Return: 0; -EINVAL for a format the cable can't; -EBUSY when the other end
 * has a different one.
 */
int loopback_engine_set_format(struct loopback_engine *e,
			       const struct ksdataformat *data_format)
{
	const struct ksdataformat_waveformatextensible *format =
		container_of(data_format,
			     const struct ksdataformat_waveformatextensible,
			     data_format);
	const struct waveformatextensible *wave = &format->wave_format;
	struct loopback_engine *partner = partner_of(e);
	struct loopback_cable *cable = e->cable;
	unsigned long flags;
	int err = -EBUSY;

	if (!wave->block_align || wave->block_align > LOOPBACK_FRAME_MAX ||
	    wave->samples_per_sec < LOOPBACK_RATE_MIN ||
	    wave->samples_per_sec > LOOPBACK_RATE_MAX)
		return -EINVAL;

	spin_lock_irqsave(&cable->lock, flags);
	if (!partner->has_format || format_equal(&partner->format, format)) {
		e->format = *format;
		e->has_format = true;
		cable->rate = wave->samples_per_sec;
		cable->frame_bytes = wave->block_align;
		cable->silence = wave->bits_per_sample == 8 ? 0x80 : 0;
		err = 0;
	}
	spin_unlock_irqrestore(&cable->lock, flags);
	return err;
}

/**
 * loopback_engine_partner_format() - what goes through at the other end
 * @e: the engine
 * @format: receives the format
 *
 * Context: any.
 * Return: false when the other end isn't in use, and any format will do.
 */
bool loopback_engine_partner_format(struct loopback_engine *e,
			struct ksdataformat_waveformatextensible *format)
{
	struct loopback_engine *partner = partner_of(e);
	unsigned long flags;
	bool in_use;

	spin_lock_irqsave(&e->cable->lock, flags);
	in_use = partner->has_format;
	if (in_use)
		*format = partner->format;
	spin_unlock_irqrestore(&e->cable->lock, flags);
	return in_use;
}


/**
 * loopback_engine_start() - let an engine run, from where it stands
 * @e: the engine
 *
 * Context: any.
 */
void loopback_engine_start(struct loopback_engine *e)
{
	struct loopback_cable *cable = e->cable;
	ktime_t now = ktime_get();
	unsigned long flags;

	spin_lock_irqsave(&cable->lock, flags);
	if (cable_in_use(cable))
		cable_advance(cable, now);
	else
		cable_start_clock(cable, now);
	e->running = true;
	/* Nobody may have listened to the last interrupt before a pause. */
	if (e->head)
		e->pending = true;
	if (!cable->ticking)
		cable_start_timer(cable);
	spin_unlock_irqrestore(&cable->lock, flags);
}

/**
 * loopback_engine_stop() - let an engine stand where it is
 * @e: the engine
 *
 * Context: any.
 * Return: whether it was running.
 */
bool loopback_engine_stop(struct loopback_engine *e)
{
	unsigned long flags;
	bool running;

	spin_lock_irqsave(&e->cable->lock, flags);
	running = e->running;
	cable_advance(e->cable, ktime_get());
	e->running = false;
	spin_unlock_irqrestore(&e->cable->lock, flags);
	return running;
}

/**
 * loopback_engine_position() - where an engine is
 * @e: the engine
 *
 * Context: any.
 * Return: bytes that have gone through the cable, since the reset; of a record
 * engine those that are in memory.
 */
u64 loopback_engine_position(struct loopback_engine *e)
{
	unsigned long flags;
	u64 position;

	spin_lock_irqsave(&e->cable->lock, flags);
	cable_advance(e->cable, ktime_get());
	position = e->position;
	spin_unlock_irqrestore(&e->cable->lock, flags);
	return position;
}
