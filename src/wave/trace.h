/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what goes through the mapping queue.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM wavepci

#if !defined(_WAVEPCI_WAVE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _WAVEPCI_WAVE_TRACE_H

#if !IS_ENABLED(CONFIG_SND_WAVEPCI_TRACE)
#define NOTRACE
#endif
#include <linux/tracepoint.h>

#include "wave.h"

TRACE_EVENT(wavepci_ring,
	TP_PROTO(struct wave_stream *stream),
	TP_ARGS(stream),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(u32, ring)
		__field(u32, packet)
		__field(u32, rate)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->ring = stream->layout.ring_bytes;
		__entry->packet = stream->layout.packet_bytes;
		__entry->rate = ksdataformat_wave(
			&stream->formats[stream->format].data_format
			)->avg_bytes_per_sec;
	),
	TP_printk("%s ring=%u packet=%u rate=%u", __entry->name, __entry->ring,
		  __entry->packet, __entry->rate)
);

DECLARE_EVENT_CLASS(wavepci_moment,
	TP_PROTO(struct wave_stream *stream),
	TP_ARGS(stream),
	TP_STRUCT__entry(
		__array(char, name, 16)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
	),
	TP_printk("%s", __entry->name)
);

DEFINE_EVENT(wavepci_moment, wavepci_service,
	TP_PROTO(struct wave_stream *stream),
	TP_ARGS(stream)
);

DEFINE_EVENT(wavepci_moment, wavepci_available,
	TP_PROTO(struct wave_stream *stream),
	TP_ARGS(stream)
);

TRACE_EVENT(wavepci_position,
	TP_PROTO(struct wave_stream *stream, u64 application),
	TP_ARGS(stream, application),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(u64, position)
		__field(u64, application)
		__field(bool, elapsing)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->position = stream->position;
		__entry->application = application;
		__entry->elapsing = stream->elapsing;
	),
	TP_printk("%s position=%llu application=%llu elapsing=%d",
		  __entry->name, __entry->position, __entry->application,
		  __entry->elapsing)
);

TRACE_EVENT(wavepci_get_mapping,
	TP_PROTO(struct wave_stream *stream, void *tag,
		 const struct packet_mapping *mapping),
	TP_ARGS(stream, tag, mapping),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(unsigned long, tag)
		__field(u64, address)
		__field(u32, offset)
		__field(u32, bytes)
		__field(bool, last)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->tag = (unsigned long)tag;
		__entry->address = mapping->address;
		__entry->offset = mapping->offset;
		__entry->bytes = mapping->bytes;
		__entry->last = mapping->last;
	),
	TP_printk("%s tag=%lu address=%#llx offset=%u bytes=%u last=%d",
		  __entry->name, __entry->tag, __entry->address,
		  __entry->offset, __entry->bytes, __entry->last)
);

TRACE_EVENT(wavepci_refuse,
	TP_PROTO(struct wave_stream *stream, void *tag, int error),
	TP_ARGS(stream, tag, error),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(unsigned long, tag)
		__field(int, error)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->tag = (unsigned long)tag;
		__entry->error = error;
	),
	TP_printk("%s tag=%lu error=%d", __entry->name, __entry->tag,
		  __entry->error)
);

TRACE_EVENT(wavepci_release_mapping,
	TP_PROTO(struct wave_stream *stream, void *tag, bool completed),
	TP_ARGS(stream, tag, completed),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(unsigned long, tag)
		__field(bool, completed)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->tag = (unsigned long)tag;
		__entry->completed = completed;
	),
	TP_printk("%s tag=%lu completed=%d", __entry->name, __entry->tag,
		  __entry->completed)
);

TRACE_EVENT(wavepci_revoke,
	TP_PROTO(struct wave_stream *stream, u32 open, u32 revoked),
	TP_ARGS(stream, open, revoked),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(u32, open)
		__field(u32, revoked)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->open = open;
		__entry->revoked = revoked;
	),
	TP_printk("%s open=%u revoked=%u", __entry->name, __entry->open,
		  __entry->revoked)
);

TRACE_EVENT(wavepci_state,
	TP_PROTO(struct wave_stream *stream, int from, int to),
	TP_ARGS(stream, from, to),
	TP_STRUCT__entry(
		__array(char, name, 16)
		__field(int, from)
		__field(int, to)
	),
	TP_fast_assign(
		memcpy(__entry->name, stream->pin->name, 16);
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("%s %d -> %d", __entry->name, __entry->from, __entry->to)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
