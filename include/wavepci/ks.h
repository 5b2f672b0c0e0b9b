/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What of kernel streaming the WavePci model needs: states, data formats and
 * ranges, pins, framing.
 */
#ifndef _WAVEPCI_KS_H
#define _WAVEPCI_KS_H

#include <linux/container_of.h>
#include <linux/math64.h>
#include <linux/types.h>
#include <linux/uuid.h>

/**
 * enum ksstate - states of a stream
 * @KSSTATE_STOP: nothing is mapped, the position is zero
 * @KSSTATE_ACQUIRE: resources are taken
 * @KSSTATE_PAUSE: mappings are queued, the position stands still
 * @KSSTATE_RUN: data moves
 *
 * A stream moves one state at a time, in this order or back.
 */
enum ksstate {
	KSSTATE_STOP,
	KSSTATE_ACQUIRE,
	KSSTATE_PAUSE,
	KSSTATE_RUN,
};

extern const guid_t ksdataformat_type_audio;
extern const guid_t ksdataformat_subtype_pcm;
extern const guid_t ksdataformat_subtype_ieee_float;
extern const guid_t ksdataformat_specifier_waveformatex;

/**
 * struct ksdataformat - what every data format and data range begins with
 * @format_size: size in bytes of the whole, extensions included
 * @flags: not used
 * @sample_size: bytes of one frame, 0 in a range
 * @reserved: 0
 * @major_format: %ksdataformat_type_audio
 * @sub_format: %ksdataformat_subtype_pcm or %ksdataformat_subtype_ieee_float
 * @specifier: %ksdataformat_specifier_waveformatex
 */
struct ksdataformat {
	u32 format_size;
	u32 flags;
	u32 sample_size;
	u32 reserved;
	guid_t major_format;
	guid_t sub_format;
	guid_t specifier;
};

#define ksdatarange	ksdataformat

#define WAVE_FORMAT_EXTENSIBLE	0xfffe

/* Speaker positions of a channel mask: the usual ones of so many channels. */
#define KSAUDIO_SPEAKER_MONO			0x0004
#define KSAUDIO_SPEAKER_STEREO			0x0003
#define KSAUDIO_SPEAKER_QUAD			0x0033
#define KSAUDIO_SPEAKER_5POINT1			0x003f
#define KSAUDIO_SPEAKER_7POINT1_SURROUND	0x063f

/**
 * struct waveformatextensible - a wave format
 * @format_tag: %WAVE_FORMAT_EXTENSIBLE
 * @channels: samples in a frame
 * @samples_per_sec: frames in a second
 * @avg_bytes_per_sec: @samples_per_sec times @block_align
 * @block_align: bytes in a frame
 * @bits_per_sample: bits of a sample's container: 8 (unsigned), 16, 24, 32
 * @valid_bits_per_sample: bits that count, at the container's top
 * @channel_mask: speaker positions, a bit each: front left, front right, front
 *	center and so on; 0 when nobody said
 */
struct waveformatextensible {
	u16 format_tag;
	u16 channels;
	u32 samples_per_sec;
	u32 avg_bytes_per_sec;
	u16 block_align;
	u16 bits_per_sample;
	u16 valid_bits_per_sample;
	u32 channel_mask;
};

/**
 * struct ksdataformat_waveformatextensible - the data format of a wave stream
 * @data_format: what it begins with
 * @wave_format: the wave format
 */
struct ksdataformat_waveformatextensible {
	struct ksdataformat data_format;
	struct waveformatextensible wave_format;
};

static inline const struct waveformatextensible *
ksdataformat_wave(const struct ksdataformat *format)
{
	return &container_of(format, struct ksdataformat_waveformatextensible,
			     data_format)->wave_format;
}

/**
 * struct ksdatarange_audio - a range of wave formats
 * @data_range: what it begins with
 * @maximum_channels: most channels
 * @minimum_bits_per_sample: smallest container
 * @maximum_bits_per_sample: largest container
 * @minimum_sample_frequency: lowest rate in Hz
 * @maximum_sample_frequency: highest rate in Hz
 */
struct ksdatarange_audio {
	struct ksdatarange data_range;
	u32 maximum_channels;
	u32 minimum_bits_per_sample;
	u32 maximum_bits_per_sample;
	u32 minimum_sample_frequency;
	u32 maximum_sample_frequency;
};

static inline const struct ksdatarange_audio *
ksdatarange_to_audio(const struct ksdatarange *range)
{
	return container_of(range, struct ksdatarange_audio, data_range);
}

/* The members of a ksdatarange_audio that are the same for every PCM range. */
#define KSDATARANGE_AUDIO_PCM \
	.data_range = { \
		.format_size = sizeof(struct ksdatarange_audio), \
		.major_format = GUID_INIT(0x73647561, 0x0000, 0x0010, 0x80, \
				0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71), \
		.sub_format = GUID_INIT(0x00000001, 0x0000, 0x0010, 0x80, \
				0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71), \
		.specifier = GUID_INIT(0x05589f81, 0xc356, 0x11ce, 0xbf, \
				0x01, 0x00, 0xaa, 0x00, 0x55, 0x59, 0x5a), \
	}

/**
 * enum kspin_dataflow - which way a pin's data goes, seen from the filter
 * @KSPIN_DATAFLOW_IN: into the filter: playback
 * @KSPIN_DATAFLOW_OUT: out of the filter: capture
 */
enum kspin_dataflow {
	KSPIN_DATAFLOW_IN = 1,
	KSPIN_DATAFLOW_OUT,
};

/**
 * enum kspin_communication - how a pin is used
 * @KSPIN_COMMUNICATION_NONE: by a connection to another filter
 * @KSPIN_COMMUNICATION_SINK: by ALSA, as a stream
 * @KSPIN_COMMUNICATION_BRIDGE: by the world: a jack, a speaker
 */
enum kspin_communication {
	KSPIN_COMMUNICATION_NONE = 0,
	KSPIN_COMMUNICATION_SINK = 1,
	KSPIN_COMMUNICATION_BRIDGE = 4,
};

struct pcautomation_table;
struct pcconnection_descriptor;
struct pcnode_descriptor;

/**
 * struct pcpin_descriptor - one pin factory of a filter
 * @name: what ALSA calls the stream, or the line; may be NULL
 * @max_filter_instance_count: how many streams at a time
 * @data_flow: which way
 * @communication: whether it is a stream at all
 * @data_ranges: what it takes, best first
 * @data_ranges_count: length of @data_ranges
 * @min_filter_instance_count: how many have to be open for the filter to work;
 *	for IPinCount
 * @max_global_instance_count: how many streams at a time on all filters of this
 *	kind together; 0 for any number. As each card has filters of its own,
 *	that is a second limit for the same
 * @automation_table: its properties and events, or NULL
 * @category: what is behind it, %ksnodetype_speaker for one; or NULL
 */
struct pcpin_descriptor {
	const char *name;
	u32 max_filter_instance_count;
	enum kspin_dataflow data_flow;
	enum kspin_communication communication;
	const struct ksdatarange_audio *data_ranges;
	u32 data_ranges_count;
	u32 min_filter_instance_count;
	u32 max_global_instance_count;
	const struct pcautomation_table *automation_table;
	const guid_t *category;
};

/**
 * struct pcfilter_descriptor - what a miniport's filter is made of
 * @pins: the pin factories; the index is the pin's ID
 * @pin_count: length of @pins
 * @automation_table: the filter's own properties and events, or NULL
 * @nodes: its nodes; the index is the node's ID
 * @node_count: length of @nodes
 * @connections: between nodes and pins
 * @connection_count: length of @connections
 */
struct pcfilter_descriptor {
	const struct pcpin_descriptor *pins;
	u32 pin_count;
	const struct pcautomation_table *automation_table;
	const struct pcnode_descriptor *nodes;
	u32 node_count;
	const struct pcconnection_descriptor *connections;
	u32 connection_count;
};

/* @frames is what it likes, and not what it can't do without. */
#define KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY	0x80000000

/**
 * struct ksallocator_framing - what a miniport prefers of its buffers
 * @requirements_flags: %KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY, or 0 for a
 *	device that must have a looped ring in its list as a whole: rings then
 *	have at most @frames mappings
 * @frames: how many mappings it keeps open at most, 0 when it doesn't matter
 * @frame_size: largest mapping in bytes, 0 for the DMA channel's limit
 * @file_alignment: mappings begin and end at multiples of this plus one, in
 *	the buffer and in memory: 0 any byte, 1 words, 127 blocks of 128 bytes
 * @frame_lead: the first mapping of a packet is no longer than this, 0 when it
 *	doesn't matter; not the model's, but a way to get odd addresses
 */
struct ksallocator_framing {
	u32 requirements_flags;
	u32 frames;
	u32 frame_size;
	u32 file_alignment;
	u32 frame_lead;
};

/**
 * ks_bytes_to_time() - how long so many bytes of sound last
 * @bytes: how many; not negative
 * @avg_bytes_per_sec: of their wave format
 *
 * What NormalizePhysicalPosition of most streams does.
 *
 * Context: any.
 * Return: the time in units of 100 ns.
 */
static inline s64 ks_bytes_to_time(s64 bytes, u32 avg_bytes_per_sec)
{
	return mul_u64_u32_div(bytes, 10000000, avg_bytes_per_sec);
}

#endif
