// SPDX-License-Identifier: GPL-2.0
/*
 * What a filter tells of itself in /proc/asound/cardN/wavepci: its pins, what they
 * can do, and what has happened to their streams.
 */
#include <sound/info.h>

#include "wave.h"

static void add_counts(struct stream_counts *sum,
		       const struct stream_counts *counts)
{
	sum->services += READ_ONCE(counts->services);
	sum->refusals += READ_ONCE(counts->refusals);
	sum->xruns += READ_ONCE(counts->xruns);
	sum->bytes += READ_ONCE(counts->bytes);
}

/* What was completed since STOP isn't among the bytes yet. */
static void add_stream(struct stream_counts *sum, struct wave_stream *stream)
{
	add_counts(sum, &stream->counts);
	sum->bytes += wave_queue_completed(stream);
}

/**
 * wave_show_keep() - a stream ends; what has happened to it is not forgotten
 * @stream: the stream, quiet
 *
 * Context: the port's streams_mutex held.
 */
void wave_show_keep(struct wave_stream *stream)
{
	add_stream(&stream->pin->counts, stream);
}

static const char *state_name(enum ksstate state)
{
	static const char *const names[] = {
		[KSSTATE_STOP] = "STOP",
		[KSSTATE_ACQUIRE] = "ACQUIRE",
		[KSSTATE_PAUSE] = "PAUSE",
		[KSSTATE_RUN] = "RUN",
	};

	return names[state];
}

static void show_counts(struct snd_info_buffer *buffer, const char *what,
			const struct stream_counts *counts)
{
	snd_iprintf(buffer,
		    "  %s: %lu services, %lu refusals, %lu xruns, %llu bytes\n",
		    what, counts->services, counts->refusals, counts->xruns,
		    counts->bytes);
}

static void show_streams(struct snd_info_buffer *buffer, struct wave_pin *pin)
{
	struct stream_counts sum = {}, one;
	struct wave_stream *stream;

	mutex_lock(&pin->port->streams_mutex);
	add_counts(&sum, &pin->counts);
	list_for_each_entry(stream, &pin->port->streams, node) {
		if (stream->pin != pin || !stream->client)
			continue;
		one = (struct stream_counts) {};
		add_stream(&one, stream);
		show_counts(buffer, state_name(READ_ONCE(stream->state)), &one);
		add_counts(&sum, &one);
	}
	mutex_unlock(&pin->port->streams_mutex);
	show_counts(buffer, "all so far", &sum);
}

static void show_pin(struct snd_info_buffer *buffer, struct wave_pin *pin)
{
	u32 open, r;

	mutex_lock(&pin->port->instances_mutex);
	open = pin->instances;
	mutex_unlock(&pin->port->instances_mutex);
	snd_iprintf(buffer, "pin %u: %s, %u of %u open\n", pin->id, pin->name,
		    open, pin->descriptor->max_filter_instance_count);
	snd_iprintf(buffer, "  mappings: up to %u bytes, aligned to %u\n",
		    pin->framing.frame_size, pin->framing.file_alignment + 1);
	for (r = 0; r < pin->descriptor->data_ranges_count; r++)
		snd_iprintf(buffer,
			    "  range: channels %#llx, formats %#llx, %u to %u Hz\n",
			    pin->caps[r].channels, pin->caps[r].formats,
			    pin->caps[r].rate_min, pin->caps[r].rate_max);
	show_streams(buffer, pin);
}

/**
 * wave_show_pins() - describe a filter's pins and streams in words
 * @port: the filter
 * @buffer: where to
 *
 * Context: may sleep.
 */
void wave_show_pins(struct wave_port *port, struct snd_info_buffer *buffer)
{
	u32 i;

	for (i = 0; i < port->description->pin_count; i++)
		if (port->pins[i].caps)
			show_pin(buffer, &port->pins[i]);
}
