// SPDX-License-Identifier: GPL-2.0
/*
 * Names: what a line and its controls are called, in ALSA's words, so that
 * alsamixer and PulseAudio know what they are.
 */
#include <linux/string.h>

#include "topology.h"

static const struct {
	const guid_t *category;
	const char *input;
	const char *output;
} categories[] = {
	{ &kscategory_audio, "PCM", "Capture" },
	{ &pinname_capture, "PCM", "Capture" },
	{ &ksnodetype_microphone, "Mic", "Mic" },
	{ &ksnodetype_line_connector, "Line", "Line Out" },
	{ &ksnodetype_cd_player, "CD", "CD" },
	{ &ksnodetype_synthesizer, "Synth", "Synth" },
	{ &ksnodetype_phone_line, "Phone", "Phone" },
	{ &ksnodetype_spdif_interface, "IEC958", "IEC958" },
	{ &ksnodetype_speaker, "Speaker", "Master" },
	{ &ksnodetype_headphones, "Headphone", "Headphone" },
};

static const char *pin_name(const struct pcpin_descriptor *pin)
{
	bool output = pin->data_flow == KSPIN_DATAFLOW_OUT;
	size_t i;

	for (i = 0; pin->category && i < ARRAY_SIZE(categories); i++)
		if (guid_equal(pin->category, categories[i].category))
			return output ? categories[i].output :
					categories[i].input;
	return pin->name ?: output ? "Master" : "Aux";
}

/**
 * topology_line_name() - what a line is called
 * @filter: the filter
 * @line: the line
 * @name: receives its name
 * @size: room in @name
 *
 * Context: any.
 */
void topology_line_name(const struct pcfilter_descriptor *filter,
			const struct topology_line *line, char *name,
			size_t size)
{
	const struct pcnode_descriptor *node;

	if (line->pin != PCFILTER_NODE) {
		strscpy(name, pin_name(&filter->pins[line->pin]), size);
		return;
	}
	node = &filter->nodes[line->node];
	strscpy(name, node->name ?: "Mix", size);
}

/**
 * topology_control_name() - what a control is called
 * @filter: the filter
 * @line: the line it is on
 * @which: what tells it from the line's plain volume and switch, or ""
 * @what: what it is: Volume, Switch, Source
 * @name: receives its name
 * @size: room in @name
 *
 * "Master Playback Volume", "Mic Auto Gain Control Capture Switch"; what is
 * recorded is simply "Capture Volume", and what goes both ways "Mic Volume".
 *
 * Context: any.
 */
void topology_control_name(const struct pcfilter_descriptor *filter,
			   const struct topology_line *line, const char *which,
			   const char *what, char *name, size_t size)
{
	static const char * const ways[] = {
		[TOPOLOGY_NOWHERE] = "",
		[TOPOLOGY_PLAYBACK] = "Playback ",
		[TOPOLOGY_CAPTURE] = "Capture ",
		[TOPOLOGY_BOTH] = "",
	};
	char prefix[24];

	if (line->destination && line->way == TOPOLOGY_CAPTURE) {
		snprintf(name, size, "%sCapture %s", which, what);
		return;
	}
	topology_line_name(filter, line, prefix, sizeof(prefix));
	snprintf(name, size, "%s %s%s%s", prefix, which, ways[line->way],
		 what);
}

/**
 * topology_jack_name() - what a pin's jack is called
 * @pin: the pin
 * @name: receives its name, without the word Jack
 * @size: room in @name
 *
 * As the pin's line, but a speaker's jack isn't called Master.
 *
 * Context: any.
 */
void topology_jack_name(const struct pcpin_descriptor *pin, char *name,
			size_t size)
{
	bool speaker = pin->category ?
		guid_equal(pin->category, &ksnodetype_speaker) :
		!pin->name && pin->data_flow == KSPIN_DATAFLOW_OUT;

	strscpy(name, speaker ? "Speaker" : pin_name(pin), size);
}
