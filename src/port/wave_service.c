// SPDX-License-Identifier: GPL-2.0
/*
 * Who calls a miniport's stream, and what follows from it.
 *
 * What follows from a release - a period has elapsed, a mapping is available
 * again - is only noted here, and delivered when no lock is held: at the end
 * of the service call that the release was made in, or from an irq_work when
 * it was made elsewhere.
 */
#include "trace.h"
#include "verifier.h"
#include "wave.h"

#define TIMER_PERIOD_MS		20

/**
 * wave_service_available() - MappingAvailable: there is one after a refusal
 * @stream: the stream
 *
 * Context: any, no lock of the port's held.
 */
void wave_service_available(struct wave_stream *stream)
{
	struct iminiport_wavepci_stream *miniport = stream->miniport;

	trace_wavepci_available(stream);
	verifier_enter_miniport();
	miniport->vtbl->mapping_available(miniport);
	verifier_leave_miniport();
}

static void stream_deliver(struct wave_stream *stream)
{
	while (READ_ONCE(stream->events)) {
		if (test_and_clear_bit(STREAM_AVAILABLE, &stream->events))
			wave_service_available(stream);
		if (test_and_clear_bit(STREAM_DRAIN, &stream->events))
			wave_queue_drain(stream);
		if (test_and_clear_bit(STREAM_TERMINATED, &stream->events)) {
			clear_bit(STREAM_ELAPSED, &stream->events);
			pcm_period_elapsed(stream->substream, stream, true);
		}
		if (test_and_clear_bit(STREAM_ELAPSED, &stream->events))
			pcm_period_elapsed(stream->substream, stream, false);
	}
}

/* Go into the miniport, unless the stream has stopped running. */
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

/**
 * wave_service_leave() - nobody is inside the miniport on our behalf any more
 * @stream: the stream, whose @servicing we had counted up
 *
 * Context: any.
 */
void wave_service_leave(struct wave_stream *stream)
{
	if (!atomic_dec_and_test(&stream->servicing))
		return;
	/* The count is ordered before the look: it is a full barrier. */
	if (waitqueue_active(&stream->idle))
		wake_up(&stream->idle);
	/* Noted by somebody who saw us here, but after we had delivered. */
	if (unlikely(READ_ONCE(stream->events)))
		irq_work_queue(&stream->deferred);
}

static void stream_service(struct wave_stream *stream, bool call_miniport)
{
	if (!stream_enter(stream))
		return;
	if (call_miniport) {
		verifier_enter_miniport();
		stream->miniport->vtbl->service(stream->miniport);
		verifier_leave_miniport();
	}
	stream_deliver(stream);
	wave_service_leave(stream);
}

/**
 * wave_service_deferred() - deliver what was noted where nobody was servicing
 * @work: the stream's @deferred
 *
 * Context: interrupt.
 */
void wave_service_deferred(struct irq_work *work)
{
	stream_service(container_of(work, struct wave_stream, deferred), false);
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
	set_bit(event, &stream->events);
	smp_mb__after_atomic();		/* pairs with leave()'s dec */
	if (!atomic_read(&stream->servicing))
		irq_work_queue(&stream->deferred);
}

/**
 * wave_service_request() - IServiceSink::RequestService of a stream
 * @sink: the stream's
 *
 * Context: any, no lock held.
 */
void wave_service_request(struct iservice_sink *sink)
{
	stream_service(container_of(sink, struct wave_stream, sink), true);
}

/**
 * wave_service_timer() - the port's own timer, for want of a service group
 * @timer: the stream's
 *
 * Context: interrupt.
 * Return: whether it is to go off again: as long as the stream runs.
 */
enum hrtimer_restart wave_service_timer(struct hrtimer *timer)
{
	struct wave_stream *stream = container_of(timer, struct wave_stream,
						  timer);

	if (READ_ONCE(stream->state) != KSSTATE_RUN)
		return HRTIMER_NORESTART;
	stream_service(stream, true);
	hrtimer_forward_now(timer, ms_to_ktime(TIMER_PERIOD_MS));
	return HRTIMER_RESTART;
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
	interrupt_sync_wait(stream->pin->port->adapter);
	irq_work_sync(&stream->deferred);
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
