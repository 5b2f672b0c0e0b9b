// SPDX-License-Identifier: GPL-2.0
/*
 * Who calls a miniport's stream, and what follows from it.
 *
 * What follows from a release - a period has elapsed, a mapping is available
 * again - is only noted here, and delivered when no lock is held: at the end
 * of the service call that the release was made in, or from an irq_work when
 * it was made elsewhere. Where the miniport's methods may sleep, all of that is
 * left to a work.
 */
#include "trace.h"
#include "verifier.h"
#include "wave.h"

#define TIMER_PERIOD_MS		20

/* A miniport that has still more to do then has to wait for its turn. */
#define ROUNDS_MAX		64

#define ALL_EVENTS		(BIT(STREAM_EVENTS) - 1)

/* Deliver later, where it can be done. */
static void stream_defer(struct wave_stream *stream)
{
	if (unlikely(stream->may_sleep))
		queue_work(system_highpri_wq, &stream->rest);
	else
		irq_work_queue(&stream->deferred);
}

static bool take_event(struct wave_stream *stream, enum stream_event event)
{
	return test_bit(event, &stream->events) &&
	       test_and_clear_bit(event, &stream->events);
}

static void deliver_service(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;

	WRITE_ONCE(stream->counts.services, stream->counts.services + 1);
	trace_wavepci_service(stream);
	verifier_enter_miniport();
	miniport->vtbl->service(miniport);
	verifier_leave_miniport();
}

static void deliver_available(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;

	trace_wavepci_available(stream);
	verifier_enter_miniport();
	miniport->vtbl->mapping_available(miniport);
	verifier_leave_miniport();
}

static void deliver_each(struct wave_stream *stream, unsigned long allowed)
{
	if (allowed & BIT(STREAM_SERVICE) &&
	    take_event(stream, STREAM_SERVICE))
		deliver_service(stream);
	if (allowed & BIT(STREAM_AVAILABLE) &&
	    take_event(stream, STREAM_AVAILABLE))
		deliver_available(stream);
	if (allowed & BIT(STREAM_DRAIN) && take_event(stream, STREAM_DRAIN))
		stream->drain(stream);
	if (allowed & BIT(STREAM_ELAPSED) &&
	    take_event(stream, STREAM_ELAPSED))
		stream->client->elapsed(stream);
}

/*
 * Deliver what was noted, as far as the caller is allowed to: one at a time,
 * so that a miniport's loop over its mappings needs no guard against itself.
 * Whoever comes meanwhile has left word in @events, and goes; who is inside
 * looks again after it has come out. Returns false when it was given up,
 * because each round made another one necessary: a work goes on with it.
 */
static bool stream_deliver(struct wave_stream *stream, unsigned long allowed)
{
	int rounds = ROUNDS_MAX;

	while (READ_ONCE(stream->events) & allowed) {
		if (test_and_set_bit_lock(0, &stream->inside))
			return true;
		if (unlikely(!rounds--)) {
			clear_bit_unlock(0, &stream->inside);
			wave_stream_err(stream,
					"the miniport has still more to do after %d rounds: put off\n",
					ROUNDS_MAX);
			schedule_work(&stream->rest);
			return false;
		}
		deliver_each(stream, allowed);
		clear_bit_unlock(0, &stream->inside);
		smp_mb__after_atomic();		/* pairs with note_event() */
	}
	return true;
}

static void note_event(struct wave_stream *stream, enum stream_event event)
{
	set_bit(event, &stream->events);
	smp_mb__after_atomic();		/* pairs with deliver() and leave() */
}

/* Be counted, unless the stream has stopped running. */
static bool stream_enter(struct wave_stream *stream)
{
	atomic_inc(&stream->servicing);
	smp_mb__after_atomic();		/* pairs with quiesce() */
	if (likely(READ_ONCE(stream->state) == KSSTATE_RUN))
		return true;
	if (atomic_dec_and_test(&stream->servicing))
		wake_up(&stream->idle);
	return false;
}

/*
 * Not be counted any more. Returns true when the last one has left and there
 * is something to deliver: noted by somebody who saw us counted and relied on
 * us, but after our last look.
 */
static bool stream_leave(struct wave_stream *stream)
{
	if (!atomic_dec_and_test(&stream->servicing))
		return false;
	/* The count is ordered before the look: it is a full barrier. */
	if (waitqueue_active(&stream->idle))
		wake_up(&stream->idle);
	return READ_ONCE(stream->events);
}

/**
 * wave_service_available() - MappingAvailable: there is one after a refusal
 * @stream: the stream, in any state, with @servicing counted up by the caller
 *
 * Context: any, no lock of the port's held; ALSA's stream lock may be.
 */
void wave_service_available(struct wave_stream *stream)
{
	note_event(stream, STREAM_AVAILABLE);
	stream_deliver(stream, BIT(STREAM_AVAILABLE));
}

/**
 * wave_service_leave() - the caller isn't inside the miniport any more
 * @stream: the stream, whose @servicing the caller had counted up
 *
 * What the caller may not deliver itself is left to an interrupt, or a work.
 *
 * Context: ALSA's stream lock held, or called by one who is counted as well;
 * so the stream stays while this runs.
 */
void wave_service_leave(struct wave_stream *stream)
{
	if (unlikely(stream_leave(stream)))
		stream_defer(stream);
}

/*
 * Nothing of the stream is touched after the last one has left, but to be
 * counted again: a service group calls under RCU, and that keeps the memory.
 */
static void stream_serve(struct wave_stream *stream, bool service)
{
	bool done;

	do {
		if (!stream_enter(stream))
			return;
		if (service)
			note_event(stream, STREAM_SERVICE);
		service = false;
		done = stream_deliver(stream, ALL_EVENTS);
	} while (unlikely(stream_leave(stream)) && done);
}

/*
 * Where the miniport may sleep: the same, a little later. Who leaves word
 * meanwhile asks for the work as well, so there is nothing to look for after we
 * have left.
 */
static void stream_serve_later(struct wave_stream *stream)
{
	if (!stream_enter(stream))
		return;
	note_event(stream, STREAM_SERVICE);
	stream_defer(stream);
	stream_leave(stream);
}

static void stream_request(struct wave_stream *stream)
{
	if (unlikely(stream->may_sleep))
		stream_serve_later(stream);
	else
		stream_serve(stream, true);
}

/**
 * wave_service_rest() - go on with what was given up
 * @work: the stream's @rest
 *
 * Context: may sleep.
 */
void wave_service_rest(struct work_struct *work)
{
	stream_serve(container_of(work, struct wave_stream, rest), false);
}

/**
 * wave_service_deferred() - deliver what was noted where nobody was servicing
 * @work: the stream's @deferred
 *
 * Context: interrupt.
 */
void wave_service_deferred(struct irq_work *work)
{
	stream_serve(container_of(work, struct wave_stream, deferred), false);
}

/**
 * wave_service_note() - something is to be delivered
 * @stream: the stream
 * @event: %STREAM_ELAPSED and so on
 *
 * Context: any.
 */
void wave_service_note(struct wave_stream *stream, enum stream_event event)
{
	note_event(stream, event);
	if (stream->may_sleep || !atomic_read(&stream->servicing))
		stream_defer(stream);
}

/**
 * wave_service_resume() - deliver what was noted while the stream didn't run
 * @stream: the stream, in RUN
 *
 * Context: any.
 */
void wave_service_resume(struct wave_stream *stream)
{
	if (READ_ONCE(stream->events))
		stream_defer(stream);
}

/**
 * wave_service_look_in() - have ALSA look where the stream is
 * @stream: the stream
 * @delay: in so many jiffies; 0 for now
 *
 * ALSA looks by itself at each period, but there is no way to have it look in
 * between that may be taken from an interrupt: told of a period that isn't
 * complete, it may take that for a lap. So a work does it.
 *
 * Context: any.
 * Return: 0, or -EBADFD when the stream doesn't run.
 */
int wave_service_look_in(struct wave_stream *stream, unsigned long delay)
{
	if (!stream_enter(stream))
		return -EBADFD;
	mod_delayed_work(system_wq, &stream->look, delay);
	if (unlikely(stream_leave(stream)))
		stream_defer(stream);
	return 0;
}

/**
 * wave_service_looked() - ALSA looks where the stream is
 * @work: the stream's @look
 *
 * Context: may sleep.
 */
void wave_service_looked(struct work_struct *work)
{
	struct wave_stream *stream = container_of(work, struct wave_stream,
						  look.work);

	stream->client->look(stream);
}

/**
 * wave_service_request() - IServiceSink::RequestService of a stream
 * @sink: the stream's
 *
 * Context: any, no lock held but ALSA's, in a method of the same stream, or the
 * interrupt lock.
 */
void wave_service_request(struct iservice_sink *sink)
{
	struct wave_stream *stream = container_of(sink, struct wave_stream,
						  sink);

	/*
	 * From its own SetState or GetPosition, with ALSA's stream lock held,
	 * or from a service routine, with the interrupt lock held, nothing can
	 * be delivered. Only the holder sees itself.
	 */
	if (unlikely(READ_ONCE(stream->locked_by) == current ||
		     portcls_sync_holds(stream->pin->port->base.adapter)))
		wave_service_note(stream, STREAM_SERVICE);
	else
		stream_request(stream);
}

/**
 * wave_service_timer() - the port's own timer, for want of a service group
 * @timer: the stream's
 *
 * It starts itself again, as long as the stream runs. To be moved forward it
 * would have to be idle; but a pause and its release may have started it since.
 *
 * Context: interrupt.
 * Return: %HRTIMER_NORESTART.
 */
enum hrtimer_restart wave_service_timer(struct hrtimer *timer)
{
	struct wave_stream *stream = container_of(timer, struct wave_stream,
						  timer);

	stream_request(stream);
	if (READ_ONCE(stream->state) == KSSTATE_RUN)
		wave_service_start_timer(stream);
	return HRTIMER_NORESTART;
}

/**
 * wave_stream_quiesce() - wait until nobody is inside the miniport for it
 * @stream: the stream, not in RUN
 *
 * Context: may sleep.
 */
void wave_stream_quiesce(struct wave_stream *stream)
{
	smp_mb();	/* the state, before servicing; see stream_enter() */
	hrtimer_cancel(&stream->timer);
	portcls_sync_wait(stream->pin->port->base.adapter);
	portcls_work_sync(&stream->deferred);
	wait_event(stream->idle, !atomic_read(&stream->servicing));
}

/**
 * wave_service_start_timer() - have the timer call Service from now on
 * @stream: the stream, in RUN
 *
 * Context: any.
 */
void wave_service_start_timer(struct wave_stream *stream)
{
	hrtimer_start(&stream->timer, ms_to_ktime(TIMER_PERIOD_MS),
		      HRTIMER_MODE_REL);
}
