/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the HD Audio driver offer each other. Codecs, their mixers,
 * jacks and power are the kernel's own: its library finds them on the bus that
 * is offered to it here. What is ours is the controller's streams.
 */
#ifndef _WAVEPCI_HDA_HDA_H
#define _WAVEPCI_HDA_HDA_H

#include <linux/mutex.h>
#include <linux/wait.h>
#include <sound/hda_codec.h>
#include <sound/hda_register.h>

#include <wavepci/portcls.h>

#include "ring.h"

#define HDA_ENGINES_MAX	30
#define HDA_RATES_MAX	11

/* engine.c: a stream descriptor of the controller */

/*
 * struct hda_engine - a stream descriptor
 * @core: the library's part. It is what codec drivers, and we, have in an open
 *	substream's runtime->private_data
 * @reads_position: the position buffer isn't written to: read the register
 * @loaded: its list is in it, from the beginning
 */
struct hda_engine {
	struct hdac_stream core;
	bool reads_position;
	bool loaded;
};

static inline struct hda_engine *hda_engine_of(struct hdac_stream *core)
{
	return container_of(core, struct hda_engine, core);
}

void hda_engine_load(struct hda_engine *engine, const struct hda_ring *ring,
		     u32 offset, u16 format);
void hda_engine_start(struct hda_engine *engine, bool interrupts);
void hda_engine_stop(struct hda_engine *engine);
u32 hda_engine_position(struct hda_engine *engine, u32 ring_bytes);

/* interrupt.c */

/**
 * struct hda_runner - who is told when an engine has interrupted
 * @port: the port; not counted
 * @group: its service group
 * @interrupted: the engine has interrupted since this was set to false
 */
struct hda_runner {
	struct iport_wavepci *port;
	struct iservice_group *group;
	bool interrupted;
};

/**
 * struct hda_interrupt - the controller's interrupt
 * @bus: the library's bus
 * @sync: the interrupt
 * @exclusive: nobody else has it, and it comes as a message
 * @sources: who may ask for it, as INTSTS has them: codecs, and the engines that
 *	there are
 * @running: who runs, by the number of the engine; changed only by a
 *	synchronized routine
 * @running_mask: the same, a bit each
 * @status: INTSTS at the last interrupt of a line
 * @tick: jiffies then
 * @repeats: how often that was the same
 * @rest: lets it interrupt again, after it couldn't be silenced
 */
struct hda_interrupt {
	struct hdac_bus *bus;
	struct iinterrupt_sync *sync;
	bool exclusive;
	u32 sources;
	struct hda_runner *running[HDA_ENGINES_MAX];
	u32 running_mask;
	u32 status;
	unsigned long tick;
	u32 repeats;
	struct delayed_work rest;
};

int hda_interrupt_connect(struct hda_interrupt *interrupt,
			  struct iresource_list *resources);
void hda_interrupt_disconnect(struct hda_interrupt *interrupt);
void hda_interrupt_running(struct hda_interrupt *interrupt, u32 number,
			   struct hda_runner *runner);

/* link.c: verbs, and their answers */

/*
 * struct hda_silence - how long a codec has said nothing
 * @unanswered: verbs since its last answer
 * @until: jiffies; when there are many of them, it is left alone until then
 */
struct hda_silence {
	u32 unanswered;
	unsigned long until;
};

void hda_link_update(struct hdac_bus *bus);
int hda_link_command(struct hdac_bus *bus, unsigned int verb);
int hda_link_get_response(struct hdac_bus *bus, unsigned int address,
			  unsigned int *response);
void hda_link_forget(struct hdac_bus *bus);

/* controller.c */

/*
 * struct hda_controller - a controller
 * @base: object
 * @power: its part in power transitions
 * @bus: the library's bus
 * @pci: the PCI function
 * @card: ALSA's card
 * @interrupt: its interrupt
 * @silences: its codecs', by their address; with the bus' @cmd_mutex
 * @complained: somebody was told that there are answers too many, since the
 *	link was started
 * @engines: its stream descriptors
 * @engine_count: how many
 * @codecs_mutex: codecs are attached and detached one at a time; protects
 *	@attached and @has_codecs
 * @attached: which codecs have a driver, by their address
 * @has_codecs: all have been found: no other one is attached any more
 * @filters_mutex: protects @filters
 * @filters: what its codecs' PCMs have become
 * @may_not_snoop: its firmware may have it read memory behind caches' backs
 * @wide: it reaches more than 4 GiB
 * @alignment: its lists' entries begin and end at multiples of that plus one
 */
struct hda_controller {
	struct cunknown base;

	CUNKNOWN_FACE(iadapter_power_management, power);
	struct hda_bus bus;
	struct pci_dev *pci;
	struct snd_card *card;
	struct hda_interrupt interrupt;
	struct hda_silence silences[HDA_MAX_CODECS];
	bool complained;
	struct hda_engine engines[HDA_ENGINES_MAX];
	u32 engine_count;
	struct mutex codecs_mutex;
	u32 attached;
	bool has_codecs;
	struct mutex filters_mutex;
	struct list_head filters;
	bool may_not_snoop;
	bool wide;
	u32 alignment;
};

static inline struct hda_controller *
hda_controller_of(struct hdac_bus *bus)
{
	return container_of(bus, struct hda_controller, bus.core);
}

int hda_controller_create(struct pci_dev *pci, struct snd_card *card,
			  struct iresource_list *resources,
			  const struct hdac_ext_bus_ops *codec_ops,
			  const char *model, bool may_not_snoop,
			  struct hda_controller **out_controller);
void hda_controller_restart(struct hda_controller *controller);

/* bind.c: what codec drivers are bound by, which differs between kernels */

int hda_bind_probe(struct hda_codec *codec);
void hda_bind_remove(struct hda_codec *codec);

/* codec.c */

int hda_codec_find_all(struct hda_controller *controller, int power_save);
void hda_codec_let_go_all(struct hda_controller *controller);
extern const struct hdac_ext_bus_ops hda_codec_bus_ops;

/* filter.c */

/**
 * struct hda_direction - a pin: the playback or capture half of a codec's PCM
 * @info: the library's
 * @formats: what it can do just now: the codec's driver may say something else
 *	each time that it is opened
 * @rates: the same
 * @channels_min: the same
 * @channels_max: the same
 * @ranges: its data ranges, one for each rate
 */
struct hda_direction {
	struct hda_pcm_stream *info;
	u64 formats;
	u32 rates;
	u32 channels_min;
	u32 channels_max;
	struct ksdatarange_audio ranges[2 * HDA_RATES_MAX];
};

/*
 * struct hda_filter - IMiniportWavePci: a codec's PCM
 * @base: object
 * @miniport: the interface
 * @substreams: shows the library ALSA's substreams
 * @controller: the controller
 * @node: in its list
 * @codec: the codec
 * @pcm: the library's PCM; NULL when the codec's driver has gone
 * @port: the port; not counted, since it holds us
 * @dma: what the engines reach
 * @description: the filter
 * @pins: its pins
 * @directions: which direction each of them is
 * @opened: how many substreams are open
 * @closed: somebody waits until none is
 */
struct hda_filter {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci, miniport);
	CUNKNOWN_FACE(ipin_substream, substreams);
	struct hda_controller *controller;
	struct list_head node;
	struct hda_codec *codec;
	struct hda_pcm *pcm;
	struct iport_wavepci *port;
	struct idma_channel *dma;
	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[2];
	struct hda_direction directions[2];
	atomic_t opened;
	wait_queue_head_t closed;
};

int hda_filter_install(struct hda_controller *controller,
		       struct hda_codec *codec, struct hda_pcm *pcm);
void hda_filter_forget(struct hda_controller *controller,
		       const struct hda_pcm *pcm);

/* pin.c */

extern const struct ipin_substream_vtbl hda_pin_vtbl;

/* stream.c */

bool hda_stream_parameters_valid(void);
int hda_stream_create(struct hda_filter *filter, u32 pin,
		      struct iport_wavepci_stream *port_stream,
		      struct iunknown *outer_unknown,
		      const struct ksdataformat *format,
		      struct iminiport_wavepci_stream **out_stream,
		      struct idma_channel **out_channel,
		      struct iservice_group **out_group);

#endif
