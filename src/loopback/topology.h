/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IMiniportTopology: the card's mixer as a filter.
 */
#ifndef _WAVEPCI_LOOPBACK_TOPOLOGY_H
#define _WAVEPCI_LOOPBACK_TOPOLOGY_H

#include <linux/irq_work.h>

#include <wavepci/portcls.h>

#include "mixer.h"

/**
 * enum loopback_mixer_pin - pins of the filter
 * @LOOPBACK_MIXER_PIN_PLAY: from the wave filter
 * @LOOPBACK_MIXER_PIN_SPEAKER: to the speaker
 * @LOOPBACK_MIXER_PIN_LINE: from the speaker, by a cable
 * @LOOPBACK_MIXER_PIN_MIC: from a microphone
 * @LOOPBACK_MIXER_PIN_RECORD: to the wave filter
 */
enum loopback_mixer_pin {
	LOOPBACK_MIXER_PIN_PLAY,
	LOOPBACK_MIXER_PIN_SPEAKER,
	LOOPBACK_MIXER_PIN_LINE,
	LOOPBACK_MIXER_PIN_MIC,
	LOOPBACK_MIXER_PIN_RECORD,
};

/*
 * struct loopback_topology - IMiniportTopology
 * @base: object
 * @miniport: the interface
 * @card: ALSA's card
 * @events: tells of knobs that were turned
 * @interrupt: the card's, when one was, or a plug was moved
 * @touched: which ones, a bit each
 * @mixer: the mixer
 */
struct loopback_topology {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_topology, miniport);
	struct snd_card *card;
	struct iport_events *events;
	struct irq_work interrupt;
	unsigned long touched;
	struct loopback_mixer mixer;
};

int loopback_topology_create(struct snd_card *card,
			     struct loopback_topology **out_topology);

#endif
