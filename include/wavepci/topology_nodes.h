/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What nodes and pins there are, and the properties of nodes.
 */
#ifndef _WAVEPCI_TOPOLOGY_NODES_H
#define _WAVEPCI_TOPOLOGY_NODES_H

#include <linux/string.h>

#include <wavepci/property.h>

/* Types of nodes that become controls, or end a line. */
extern const guid_t ksnodetype_dac;
extern const guid_t ksnodetype_adc;
extern const guid_t ksnodetype_sum;
extern const guid_t ksnodetype_mux;
extern const guid_t ksnodetype_volume;
extern const guid_t ksnodetype_mute;
extern const guid_t ksnodetype_tone;
extern const guid_t ksnodetype_agc;
extern const guid_t ksnodetype_loudness;

/* Categories of pins; others are called by the pin's name. */
extern const guid_t kscategory_audio;
extern const guid_t pinname_capture;
extern const guid_t ksnodetype_microphone;
extern const guid_t ksnodetype_line_connector;
extern const guid_t ksnodetype_cd_player;
extern const guid_t ksnodetype_synthesizer;
extern const guid_t ksnodetype_phone_line;
extern const guid_t ksnodetype_spdif_interface;
extern const guid_t ksnodetype_speaker;
extern const guid_t ksnodetype_headphones;

extern const guid_t kspropsetid_audio;

/**
 * enum ksproperty_audio - properties of %kspropsetid_audio that are used
 * @KSPROPERTY_AUDIO_CHANNEL_CONFIG: u32, positions of the loudspeakers, as in a
 *	channel mask
 * @KSPROPERTY_AUDIO_VOLUMELEVEL: s32, a channel's volume in 1/65536 dB; the
 *	smallest number is no sound at all
 * @KSPROPERTY_AUDIO_MUX_SOURCE: u32, the MUX node's input pin
 * @KSPROPERTY_AUDIO_MUTE: u32, whether a channel is silent
 * @KSPROPERTY_AUDIO_BASS: s32 in 1/65536 dB
 * @KSPROPERTY_AUDIO_TREBLE: s32 in 1/65536 dB
 * @KSPROPERTY_AUDIO_BASS_BOOST: u32, on or off
 * @KSPROPERTY_AUDIO_AGC: u32, on or off
 * @KSPROPERTY_AUDIO_LOUDNESS: u32, on or off
 */
enum ksproperty_audio {
	KSPROPERTY_AUDIO_CHANNEL_CONFIG = 3,
	KSPROPERTY_AUDIO_VOLUMELEVEL = 4,
	KSPROPERTY_AUDIO_MUX_SOURCE = 12,
	KSPROPERTY_AUDIO_MUTE = 13,
	KSPROPERTY_AUDIO_BASS = 14,
	KSPROPERTY_AUDIO_TREBLE = 16,
	KSPROPERTY_AUDIO_BASS_BOOST = 17,
	KSPROPERTY_AUDIO_AGC = 21,
	KSPROPERTY_AUDIO_LOUDNESS = 23,
};

extern const guid_t kseventsetid_audio_control_change;

#define KSEVENT_CONTROL_CHANGE	0

/* The filter's property: it is asked for each pin, whose ID is the instance. */
extern const guid_t kspropsetid_jack;

#define KSPROPERTY_JACK_DESCRIPTION	1

/* The filter's event: what it says of a pin's jacks has changed. */
extern const guid_t kseventsetid_pin_caps_change;

#define KSEVENT_PINCAPS_JACKINFOCHANGE	1

/**
 * struct ksmultiple_item - KSMULTIPLE_ITEM, what an answer of several begins with
 * @size: bytes of the whole answer
 * @count: how many follow
 */
struct ksmultiple_item {
	u32 size;
	u32 count;
};

/**
 * struct ksjack_description - KSJACK_DESCRIPTION
 * @channel_mapping: speaker positions of what comes out of it
 * @color: of the jack, 0xrrggbb; not used
 * @connection_type: shape of the plug; not used
 * @geo_location: where on the case; not used
 * @gen_location: on which case; not used
 * @port_connection: whether it is a jack at all; not used
 * @is_connected: there is a plug in it; 1, too, where that can't be known
 */
struct ksjack_description {
	u32 channel_mapping;
	u32 color;
	u32 connection_type;
	u32 geo_location;
	u32 gen_location;
	u32 port_connection;
	u32 is_connected;
};

#define KSPROPERTY_MEMBER_RANGES	1
#define KSPROPERTY_MEMBER_STEPPEDRANGES	2

/**
 * struct ksproperty_description - KSPROPERTY_DESCRIPTION
 * @access_flags: the kinds of requests that are possible
 * @description_size: bytes of the whole answer
 * @prop_type_set: the set that types of values are from; not used
 * @prop_type_id: which type; not used
 * @prop_type_flags: not used
 * @members_list_count: how many &struct ksproperty_membersheader follow
 * @reserved: 0
 */
struct ksproperty_description {
	u32 access_flags;
	u32 description_size;
	guid_t prop_type_set;
	u32 prop_type_id;
	u32 prop_type_flags;
	u32 members_list_count;
	u32 reserved;
};

/**
 * struct ksproperty_membersheader - KSPROPERTY_MEMBERSHEADER
 * @members_flags: %KSPROPERTY_MEMBER_STEPPEDRANGES
 * @members_size: bytes of a member
 * @members_count: how many members follow
 * @flags: not used
 */
struct ksproperty_membersheader {
	u32 members_flags;
	u32 members_size;
	u32 members_count;
	u32 flags;
};

/**
 * struct ksproperty_stepping_long - KSPROPERTY_STEPPING_LONG
 * @stepping_delta: from one value to the next
 * @reserved: 0
 * @signed_minimum: smallest value
 * @signed_maximum: largest value
 */
struct ksproperty_stepping_long {
	u32 stepping_delta;
	u32 reserved;
	s32 signed_minimum;
	s32 signed_maximum;
};

/**
 * struct ksproperty_basic_support_long - the answer of a property with a range
 * @description: what it begins with
 * @header: one list of members
 * @range: one member
 */
struct ksproperty_basic_support_long {
	struct ksproperty_description description;
	struct ksproperty_membersheader header;
	struct ksproperty_stepping_long range;
};

/**
 * ksproperty_basic_support() - answer KSPROPERTY_TYPE_BASICSUPPORT
 * @request: the request
 * @access_flags: the kinds of requests that are possible
 * @range: the values, or NULL when they have no range
 *
 * Context: any.
 * Return: 0; -ENOSPC when there is too little room, with the size needed in
 * the request.
 */
static inline int
ksproperty_basic_support(struct pcproperty_request *request, u32 access_flags,
			 const struct ksproperty_stepping_long *range)
{
	struct ksproperty_basic_support_long answer = {
		.description = {
			.access_flags = access_flags,
			.description_size = range ? sizeof(answer) :
					    sizeof(answer.description),
			.members_list_count = range ? 1 : 0,
		},
		.header = {
			.members_flags = KSPROPERTY_MEMBER_STEPPEDRANGES,
			.members_size = sizeof(answer.range),
			.members_count = 1,
		},
	};
	u32 size = answer.description.description_size;
	u32 room = request->value_size;

	if (range)
		answer.range = *range;
	/* With little room, the description alone, or its first number. */
	if (room < size)
		size = room >= sizeof(answer.description) ?
			sizeof(answer.description) : sizeof(u32);
	request->value_size = size;
	if (room < size) {
		request->value_size = answer.description.description_size;
		return -ENOSPC;
	}
	memcpy(request->value, &answer, size);
	return 0;
}

#endif
