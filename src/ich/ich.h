/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of the ICH driver tell each other.
 */
#ifndef _WAVEPCI_ICH_ICH_H
#define _WAVEPCI_ICH_ICH_H

#include <linux/io.h>
#include <sound/ac97_codec.h>

#include <wavepci/portcls.h>

#include "registers.h"

/* The pins of the filter: the channels of the controller. */
enum ich_pin {
	ICH_PIN_PCM_OUT,
	ICH_PIN_PCM_IN,
	ICH_PIN_MIC_IN,
	ICH_PINS,
};

#define ICH_RATES	16	/* data ranges of a pin, at most */

/* adapter.c */

struct iadapter_common;

/**
 * struct iadapter_common_vtbl - what an ICH adapter offers its miniport
 * @unknown: IUnknown
 * @device: the PCI function
 * @bus_master: the bus master registers
 * @codec_pcm: the codec's end of a pin, or NULL when no codec has one
 */
struct iadapter_common_vtbl {
	struct iunknown_vtbl unknown;
	struct device *(*device)(struct iadapter_common *self);
	void __iomem *(*bus_master)(struct iadapter_common *self);
	struct ac97_pcm *(*codec_pcm)(struct iadapter_common *self,
				      enum ich_pin pin);
};

/**
 * struct iadapter_common - IAdapterCommon, private to this driver
 * @vtbl: methods
 * @unknown: base
 */
struct iadapter_common {
	union {
		const struct iadapter_common_vtbl *vtbl;
		struct iunknown unknown;
	};
};

extern const guid_t iid_iadapter_common;
extern unsigned int ich_max_mapping;

/* miniport.c */

struct ich_stream;

/*
 * struct ich_miniport - IMiniportWavePci
 * @base: object
 * @miniport: the interface
 * @adapter: the adapter's private interface
 * @device: the PCI function
 * @port: the port; not counted, since it holds us
 * @sync: our interrupt
 * @registers: the bus master registers
 * @dma: the DMA channel of each channel, with its descriptor list
 * @running: the streams that run; changed only by a synchronized routine
 * @description: the filter
 * @pins: its pins, fewer than there can be when the codec hasn't got them
 * @channel: which channel a pin is
 * @ranges: their data ranges
 */
struct ich_miniport {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci, miniport);
	struct iadapter_common *adapter;
	struct device *device;
	struct iport_wavepci *port;
	struct iinterrupt_sync *sync;
	void __iomem *registers;
	struct idma_channel *dma[ICH_PINS];
	struct ich_stream *running[ICH_PINS];
	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[ICH_PINS];
	enum ich_pin channel[ICH_PINS];
	struct ksdatarange_audio ranges[ICH_PINS][ICH_RATES];
};

int ich_miniport_create(struct iunknown **out_unknown);
void __iomem *ich_miniport_registers(struct ich_miniport *miniport,
				     enum ich_pin channel);
void ich_miniport_running(struct ich_miniport *miniport, enum ich_pin channel,
			  struct ich_stream *stream);

/* stream.c */

int ich_stream_create(struct ich_miniport *miniport, enum ich_pin channel,
		      struct iport_wavepci_stream *port_stream,
		      struct iunknown *outer_unknown,
		      const struct ksdataformat *format,
		      struct iminiport_wavepci_stream **out_stream,
		      struct idma_channel **out_channel,
		      struct iservice_group **out_group);
bool ich_stream_interrupt(struct ich_stream *stream);
struct iservice_group *ich_stream_group(struct ich_stream *stream);
void ich_stream_look(struct ich_stream *stream);

#endif
