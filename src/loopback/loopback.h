/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the loopback driver offer each other.
 */
#ifndef _WAVEPCI_LOOPBACK_LOOPBACK_H
#define _WAVEPCI_LOOPBACK_LOOPBACK_H

#include <wavepci/portcls.h>

#include "engine.h"
#include "topology.h"

#define LOOPBACK_CARDS_MAX	8
#define LOOPBACK_PAIRS_MAX	8	/* of pins, on a card */

/* parameters.c */

/**
 * struct loopback_parameters - the module's parameters that are a card's
 * @cards: how many cards
 * @pins: pairs of pins on each
 * @max_mapping: largest mapping in bytes
 * @misalign: length of a packet's first mapping, 0 for no difference
 * @descriptors: length of a pin's descriptor list
 * @streaming: queue packets only when the application has written them
 * @valid_bits: bits that count in samples of 32
 * @timer_service: let the port's timer serve the streams
 * @may_sleep: have the streams' methods called where they may sleep
 */
struct loopback_parameters {
	unsigned int cards;
	unsigned int pins;
	unsigned int max_mapping;
	unsigned int misalign;
	unsigned int descriptors;
	unsigned int valid_bits;
	bool streaming;
	bool timer_service;
	bool may_sleep;
};

extern struct loopback_parameters loopback_parameters;

int loopback_check_parameters(void);

/* miniport.c */

/*
 * struct loopback_miniport - IMiniportWavePci
 * @base: object
 * @miniport: the interface
 * @port: the port; not counted, since it holds us
 * @description: the filter
 * @pins: its pins: 2n plays into cable n, 2n + 1 records from it, and the last
 *	two lead to the mixer and back
 * @ranges: the data ranges that all pins have
 * @topology: the mixer
 * @pairs: how many pairs of pins there are
 * @cables: the card; as many cables as there are pairs
 */
struct loopback_miniport {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci, miniport);
	struct iport_wavepci *port;
	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[2 * LOOPBACK_PAIRS_MAX + 2];
	struct ksdatarange_audio ranges[2];
	struct loopback_topology *topology;
	u32 pairs;
	struct loopback_cable cables[];
};

int loopback_miniport_create(struct loopback_topology *topology,
			     struct loopback_miniport **out_miniport);

/* stream.c */

int loopback_stream_create(struct loopback_miniport *miniport,
			   struct loopback_engine *engine,
			   struct iport_wavepci_stream *port_stream,
			   struct iunknown *outer_unknown,
			   const struct ksdataformat *format,
			   struct iminiport_wavepci_stream **out_stream,
			   struct idma_channel **out_channel,
			   struct iservice_group **out_group);

#endif
