/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the ICH driver offer each other.
 */
#ifndef _WAVEPCI_ICH_ICH_H
#define _WAVEPCI_ICH_ICH_H

#include <linux/io.h>
#include <sound/ac97_codec.h>

#include <wavepci/portcls.h>

#include "engine.h"

/* The pins of the filter: the channels of the controller. */
enum ich_pin {
	ICH_PIN_PCM_OUT,
	ICH_PIN_PCM_IN,
	ICH_PIN_MIC_IN,
	ICH_PINS,
};

#define ICH_RATES	16	/* data ranges of a pin, at most */

/* boards.c */

struct pci_dev;

unsigned int ich_codec_clock(struct pci_dev *pci);
void ich_tune_codec(struct snd_ac97 *codec);

/* adapter.c */

struct iadapter_common;

/* {8f4a6bb5-5d3c-4e57-9a0e-6f0c1d4c7b21}, ours alone */
static const guid_t iid_iadapter_common __maybe_unused =
	GUID_INIT(0x8f4a6bb5, 0x5d3c, 0x4e57,
		  0x9a, 0x0e, 0x6f, 0x0c, 0x1d, 0x4c, 0x7b, 0x21);

/**
 * struct iadapter_common_vtbl - what an ICH adapter offers its miniport
 * @unknown: IUnknown
 * @device: the PCI function
 * @bus_master: the bus master registers
 * @codec_pcm: the codec's end of a pin, or NULL when no codec has one
 * @play_channels: how many channels what is played has: 2, 4 or 6. The channel
 *	that plays stands still. Context: may sleep. -ENODEV when the card is
 *	gone
 */
struct iadapter_common_vtbl {
	struct iunknown_vtbl unknown;
	struct device *(*device)(struct iadapter_common *self);
	void __iomem *(*bus_master)(struct iadapter_common *self);
	struct ac97_pcm *(*codec_pcm)(struct iadapter_common *self,
				      enum ich_pin pin);
	int (*play_channels)(struct iadapter_common *self, u32 channels);
} __no_randomize_layout;

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

DECLARE_INTERFACE(iadapter_common, unknown);

/* interrupt.c */

/**
 * struct ich_channel - a channel of the controller that a stream has
 * @group: the stream's service group
 * @look: an interrupt may have been lost; look at the next service
 * @lock: protects the engine; never held when the port is called
 * @engine: the channel's registers and its descriptor list
 */
struct ich_channel {
	struct iservice_group *group;
	bool look;
	spinlock_t lock;
	struct ich_engine engine;
};

/**
 * struct ich_interrupt - the controller's interrupt
 * @device: the PCI function
 * @port: who is notified
 * @sync: the interrupt
 * @running: the channels that run; changed only by a synchronized routine
 * @count: how many these are
 */
struct ich_interrupt {
	struct device *device;
	struct iport_wavepci *port;
	struct iinterrupt_sync *sync;
	struct ich_channel *running[ICH_PINS];
	int count;
};

bool ich_channel_interrupt(struct ich_channel *channel, bool alone);
void ich_interrupt_running(struct ich_interrupt *interrupt,
			   enum ich_pin number, struct ich_channel *channel);
int ich_interrupt_connect(struct ich_interrupt *interrupt,
			  struct iresource_list *resources);
void ich_interrupt_disconnect(struct ich_interrupt *interrupt);

/* miniport.c */

/*
 * struct ich_miniport - IMiniportWavePci
 * @base: object
 * @miniport: the interface
 * @adapter: the adapter's private interface
 * @port: the port; not counted, since it holds us
 * @interrupt: the controller's interrupt
 * @registers: the bus master registers
 * @dma: the DMA channel of each channel, with its descriptor list
 * @description: the filter
 * @pins: its pins, fewer than there can be when the codec hasn't got them
 * @channel: which channel a pin is
 * @ranges: their data ranges
 * @play_channels: how many channels can be played
 */
struct ich_miniport {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci, miniport);
	struct iadapter_common *adapter;
	struct iport_wavepci *port;
	struct ich_interrupt interrupt;
	void __iomem *registers;
	struct idma_channel *dma[ICH_PINS];
	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[ICH_PINS];
	enum ich_pin channel[ICH_PINS];
	struct ksdatarange_audio ranges[ICH_PINS][ICH_RATES];
	u32 play_channels;
};

int ich_miniport_create(struct iunknown **out_unknown);

/* stream.c */

bool ich_stream_parameters_valid(void);
int ich_stream_create(struct ich_miniport *miniport, enum ich_pin number,
		      struct iport_wavepci_stream *port_stream,
		      struct iunknown *outer_unknown,
		      const struct ksdataformat *format,
		      struct iminiport_wavepci_stream **out_stream,
		      struct idma_channel **out_channel,
		      struct iservice_group **out_group);

#endif
