/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of the port, who offers what, and which lock protects what.
 *
 * Locks, outermost first:
 *
 *   snd_pcm group lock		ALSA's, of linked streams. trigger comes with
 *				it held, and with the lock of each stream.
 *   snd_pcm stream lock	ALSA's, interrupts off. trigger, pointer and
 *				ack come with it held; period elapsed takes it.
 *				Protects pcm_stream.ready (pcm.h).
 *   adapter->interrupt_lock	excludes the service routines of an adapter's
 *				interrupts and synchronized routines. Held
 *				around these alone, and they call nobody who
 *				takes a lock above: Notify waits until it is
 *				dropped (interrupt_sync.c).
 *   the miniport's own		never held when it calls the port.
 *   stream->lock		the mapping queue (queue.c). Innermost:
 *				nobody is called with it held.
 *
 * Mutexes; each may sleep, is taken where none of the others is, and nobody
 * is called with it held but where it says so:
 *
 *   port->instances_mutex	how many instances of each pin are open, and
 *				its spare ring
 *   port->streams_mutex	the streams of a filter, and what they are told
 *				of power: held when PowerChangeNotify of a
 *				stream is called
 *   port->handler_mutex	one handler of a filter's properties and events
 *				at a time: held when it is called (property.c,
 *				events.c)
 *   pcm_stream.mutex		a substream's stream, as it is made,
 *				prepared, waited for or destroyed (pcm.h). Not
 *				one of those that are taken alone: below it
 *				are the stream lock and all the others.
 *   adapter->wait_mutex	around the wait for the adapter's irq_work
 *   mask_mutex			the DMA mask (dma_channel.c)
 *   quarantine_mutex		what the verifier keeps (verifier.c)
 *   portcls_registry_mutex		the tree of settings (registry_tree.c)
 *   card->memory_mutex		ALSA's: how long a card's rings are (buffer.c)
 *   group->lock		a spin lock: changes of a service group's
 *				members (service_group.c)
 *
 * Of an adapter whose methods may sleep the first two are mutexes, and trigger,
 * pointer and ack come with interrupts on. No interrupt takes them then: all
 * that follows from one is left to a work (service.c).
 *
 * So from trigger one may go down to a miniport's lock or the interrupt lock,
 * and from an interrupt the way up to the stream lock is free, since no lock
 * is held when a service group runs.
 *
 * Not locks, but what keeps things alive and quiet:
 *
 *   stream->servicing		counts who is inside the miniport on behalf of
 *				an interrupt, timer or deferred work. A stream
 *				leaves RUN first, then waits for it to be zero,
 *				and only then are mappings revoked.
 *   stream->inside		whose turn it is to call Service and
 *				MappingAvailable and to deliver what follows.
 *				Nobody waits for it: who finds it taken has
 *				left word in stream->events.
 *   stream->locked_by		who calls the miniport with the stream lock
 *				held: a Notify from there is put off.
 *   RCU			the members of a service group, and a stream's
 *				memory
 *   portcls_wake()		the device isn't put to sleep at run time: while
 *				its adapter starts or goes, while a PCM device
 *				is open, and until a property's handler has
 *				answered. Called before any of the mutexes
 *				above is taken, but with ALSA's open_mutex or
 *				controls_rwsem held: PowerChangeState and
 *				PowerChangeNotify take neither. Never called
 *				from interrupts, trigger, pointer and ack.
 *   runtime->buffer_mutex	ALSA's: hw_params, hw_free and prepare exclude
 *				each other. It doesn't exclude START, and
 *				close, which calls hw_free, doesn't take it: of
 *				linked streams, prepare and reset come in the
 *				middle of that, and after it. Hence a mutex of
 *				ours, and what we know of a substream stays
 *				as long as its PCM device.
 *
 * What the port may call in ALSA from inside ALSA's callbacks:
 *
 *   trigger			nothing that looks at the stream's position or
 *				tells of a period. Of linked streams the group
 *				lock is held, and what finds a ring full or
 *				empty stops the group, that is, takes it again.
 *				In a pause ALSA also takes its last look to be
 *				a thousand seconds old.
 *   pointer			nothing. It is asked with the lock held, in the
 *				middle of ALSA's own arithmetic; an xrun is
 *				told by the answer SNDRV_PCM_POS_XRUN. When
 *				the group lock may be held, too, the answer is
 *				the last one, and ALSA looks again by a work.
 *   ack			nothing that takes the stream lock. It comes
 *				from inside a write; the miniport's
 *				MappingAvailable may be called.
 *   hw_params, hw_free,	snd_pcm_stream_lock_irq(), to take the stream
 *   prepare			away from the three above: they are not held
 *				back meanwhile on all kernels. No position, no
 *				period; nothing that takes buffer_mutex.
 *   sync_stop			nothing; it waits for everything that was under
 *				way to be over.
 *   fill_silence		nothing. It comes with whatever ALSA does, also
 *				for a stream that isn't ready and has no ring.
 *   open, close		rules; no lock of a stream. The device wakes up
 *				first, and may sleep last.
 *
 * From outside of ALSA's callbacks, with no lock held:
 *
 *   snd_pcm_period_elapsed_under_stream_lock()
 *				in an interrupt, when a packet is complete, and
 *				only then: of a period that isn't, after half a
 *				ring, ALSA makes a lap.
 *   SNDRV_PCM_IOCTL_DELAY	in a work, to have ALSA look: for all else.
 */
#ifndef _WAVEPCI_WAVE_WAVE_H
#define _WAVEPCI_WAVE_WAVE_H

#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <wavepci/portcls.h>

#include "../portcls/portcls.h"
#include "../topology/topology.h"
#include "buffer.h"
#include "packet.h"

struct pcm_stream;
struct snd_info_buffer;
struct snd_pcm;
struct snd_pcm_chmap_elem;
struct task_struct;

/* show.c: what a filter tells of itself */

/**
 * struct stream_counts - what has happened to a stream, or to all of a pin's
 * @services: how often the miniport was served
 * @refusals: how often it asked for a mapping when there was none
 * @xruns: how often the application was too late, and went on
 * @bytes: bytes of complete packets, until the last STOP
 */
struct stream_counts {
	unsigned long services;
	unsigned long refusals;
	unsigned long xruns;
	u64 bytes;
};

struct wave_port;
struct wave_stream;

void wave_show_keep(struct wave_stream *stream);
void wave_show_pins(struct wave_port *port, struct snd_info_buffer *buffer);

/* port.c */

/**
 * struct wave_pin - a pin factory of a filter: one direction of a PCM device
 * @port: the filter
 * @id: the pin's ID
 * @descriptor: what the miniport says of it
 * @name: pcm0p and the like, for messages
 * @capture: which way
 * @caps: what it can do, one line a data range, in ALSA's terms
 * @framing: what its streams prefer
 * @cut: how its rings are cut, but for the length of packets
 * @instances: how many are open; protected by the port's instances_mutex
 * @pcm: the PCM device it is a direction of
 * @substreams: that device's substreams, by their numbers
 * @channel_maps: its channels' speakers in ALSA's terms, for that device
 * @spare: the ring of a stream that is gone, for the next one; likewise
 * @quarantine: memory that nobody may touch; see the verifier
 * @counts: of its streams that are gone; protected by the port's streams_mutex
 */
struct wave_pin {
	struct wave_port *port;
	u32 id;
	const struct pcpin_descriptor *descriptor;
	char name[16];
	bool capture;
	struct format_caps *caps;
	struct ksallocator_framing framing;
	struct packet_layout cut;
	u32 instances;
	struct snd_pcm *pcm;
	struct pcm_stream *substreams;
	struct snd_pcm_chmap_elem *channel_maps;
	struct wave_buffer spare;
	struct wave_buffer quarantine;
	struct stream_counts counts;
};

/*
 * struct wave_port - IPortWavePci
 * @base: what all ports have
 * @port: the interface; it serves as IPort too
 * @sink: calls the miniport's Service, when that gave a service group
 * @serve: or has this call it, where that may sleep
 * @miniport: the other half of the filter
 * @group: the miniport's service group, if it has one
 * @counter: the miniport's say in how many pins can be open, if it has one
 * @substreams: the miniport wants to see ALSA's substreams, if it does
 * @instances_mutex: protects the instance counts and spare rings of the pins
 * @streams_mutex: protects the list of streams
 * @streams: its streams
 * @description: the miniport's filter description
 * @pins: the pins
 * @mixer: what it shows of its nodes and jacks
 */
struct wave_port {
	struct port base;

	CUNKNOWN_FACE(iport_wavepci, port);
	struct filter_sink *sink;
	struct work_struct serve;
	struct iminiport_wavepci *miniport;
	struct iservice_group *group;
	struct ipin_count *counter;
	struct ipin_substream *substreams;
	struct mutex instances_mutex;
	struct mutex streams_mutex;
	struct list_head streams;
	const struct pcfilter_descriptor *description;
	struct wave_pin *pins;
	struct topology_mixer mixer;
};

extern const struct port_class wave_port_class;

/* pin.c */

/* How many mappings a ring may have; practically any number, where not said. */
static inline u32
wave_pin_mappings_max(const struct ksallocator_framing *framing)
{
	if (framing->requirements_flags &
	    KSALLOCATOR_REQUIREMENTF_PREFERENCES_ONLY)
		return U32_MAX;
	return framing->frames ?: U32_MAX;
}

int wave_pin_init(struct wave_port *port, u32 id, int device);
void wave_pin_free_all(struct wave_port *port);
void wave_pin_empty(struct wave_pin *pin);
int wave_pin_take(struct wave_pin *pin);
/* Whether its packets are queued when the application has written them. */
static inline bool wave_pin_streams(const struct wave_pin *pin)
{
	return pin->port->base.adapter->streaming && !pin->capture;
}

void wave_pin_give_back(struct wave_pin *pin);

/* format.c: data ranges in ALSA's terms */

#define WAVE_CHANNELS_MAX	32

/**
 * struct format_caps - a data range in ALSA's terms
 * @range: the range
 * @formats: mask of SNDRV_PCM_FMTBIT_*
 * @channels: mask, bit n for n channels
 * @masks: speaker positions of n channels
 * @valid_bits: how many bits count in an integer container of n bytes, 0 when
 *	there is none
 * @rate_min: lowest rate in Hz
 * @rate_max: highest rate in Hz
 * @best: the largest format that the miniport has answered
 */
struct format_caps {
	const struct ksdatarange_audio *range;
	u64 formats;
	u64 channels;
	u32 masks[WAVE_CHANNELS_MAX + 1];
	u8 valid_bits[5];
	u32 rate_min;
	u32 rate_max;
	struct ksdataformat_waveformatextensible best;
};

int wave_format_find_caps(struct iminiport *miniport, u32 pin_id,
			  const struct pcpin_descriptor *pin,
			  struct format_caps *caps);
int wave_format_make(int alsa_format, unsigned int channels, unsigned int rate,
		     struct ksdataformat_waveformatextensible *format);
int wave_format_intersect(struct iminiport *miniport, u32 pin_id,
		const struct pcpin_descriptor *pin,
		struct ksdataformat_waveformatextensible *format);

/* queue.c, service.c, stream.c: a stream */

/**
 * struct verifier - what the verifier remembers of a stream
 * @reported: rules that were reported, one bit each
 * @position: last position
 * @released: the last tags that were released
 * @releases: how many were
 */
struct verifier {
	unsigned long reported;
	u64 position;
	void *released[32];
	u32 releases;
};

/**
 * struct open_mapping - a mapping that the miniport holds
 * @tag: what the miniport calls it
 * @bytes: its length
 * @last: it ends its packet
 * @early: it was released before its turn
 */
struct open_mapping {
	void *tag;
	u32 bytes;
	bool last;
	bool early;
};

/*
 * struct wave_stream - IPortWavePciStream
 * @base: object
 * @port_stream: the interface
 * @sink: calls the miniport stream's Service
 * @substream: tells the miniport whose stream it is
 * @prefetch: what the device fetches ahead
 * @prefetch_bytes: how much that is; what has come from the converter and is
 *	not in memory yet, when the stream records
 * @holds_back: it records, and has said so
 * @behind: how far ALSA's pointer was behind the converter the last time;
 *	protected by its stream lock
 * @pin: the pin it is an instance of
 * @client: whom it plays or records for; NULL for one that is only asked
 *	questions
 * @owner: the client's own
 * @drain: queue the last packet: the queue is above who delivers events
 * @node: in the filter's list of streams
 * @miniport: the other half
 * @power: its interest in power states, if it has one
 * @group: the service group, if the miniport gave one
 * @channel: the DMA channel, not counted
 * @formats: its data format, and the one before: a miniport may keep the
 *	pointer until SetFormat has returned
 * @format: which of the two it is
 * @state: where it is; changed by whoever walks it from state to state
 * @servicing: how many are inside the miniport on an interrupt's behalf
 * @idle: woken when @servicing drops to zero
 * @events: STREAM_ELAPSED and so on, to be delivered
 * @inside: bit 0: somebody delivers them; nobody else does meanwhile
 * @locked_by: calls the miniport with ALSA's stream lock held
 * @deferred: delivers them where nobody is servicing
 * @rest: delivers them when there seems to be no end of them, or where the
 *	miniport may sleep
 * @look: has ALSA look where the stream is
 * @elapsing: ALSA is being told of packets; protected by its stream lock
 * @wakeups: the application wants to know of each period
 * @streaming: packets are queued when the application has written them; set anew
 *	when the ring is
 * @may_sleep: the miniport's methods may: then only @rest delivers
 * @timer: calls Service where the miniport gave no service group
 * @buffer: the ring
 * @asked: position as it was last found out
 * @position: last position told to ALSA. Both are protected by its stream lock.
 * @counts: what has happened. Services are counted by who is @inside, refusals
 *	with @lock held, the rest by who walks the stream through its states
 * @verifier: what the verifier remembers
 * @rcu: frees it
 * @lock: protects all below
 * @layout: how the ring is cut; changed only when nothing is mapped
 * @cursor: where the next mapping begins
 * @got: bytes given out since STOP
 * @queued: bytes that may be given out
 * @wanted: bytes that may be given out once there is room
 * @written: bytes the application has written; streaming only
 * @draining: the last packet is to be filled with silence
 * @completed: bytes of the packets completed since STOP
 * @packet: bytes released of the current packet
 * @open: ring of the open mappings
 * @open_size: its length
 * @open_first: the oldest one
 * @open_count: how many there are
 * @refused: GetMapping refused; a MappingAvailable is owed
 */
struct wave_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iport_wavepci_stream, port_stream);
	CUNKNOWN_FACE(iservice_sink, sink);
	CUNKNOWN_FACE(isubstream, substream);
	CUNKNOWN_FACE(iprefetch_offset, prefetch);
	u32 prefetch_bytes;
	bool holds_back;
	u32 behind;
	struct wave_pin *pin;
	const struct stream_client *client;
	void *owner;
	void (*drain)(struct wave_stream *stream);
	struct list_head node;
	struct iminiport_wavepci_stream *miniport;
	struct ipower_notify *power;
	struct iservice_group *group;
	struct idma_channel *channel;
	struct ksdataformat_waveformatextensible formats[2];
	unsigned int format;
	enum ksstate state;
	atomic_t servicing;
	wait_queue_head_t idle;
	unsigned long events;
	unsigned long inside;
	struct task_struct *locked_by;
	struct irq_work deferred;
	struct work_struct rest;
	struct delayed_work look;
	bool elapsing;
	bool wakeups;
	bool streaming;
	bool may_sleep;
	struct hrtimer timer;
	struct wave_buffer buffer;
	u64 asked;
	u64 position;
	struct stream_counts counts;
	struct verifier verifier;
	struct rcu_head rcu;

	spinlock_t lock;
	struct packet_layout layout;
	struct packet_cursor cursor;
	u64 got;
	u64 queued;
	u64 wanted;
	u64 written;
	bool draining;
	u64 completed;
	u32 packet;
	struct open_mapping *open;
	u32 open_size;
	u32 open_first;
	u32 open_count;
	bool refused;
};

/**
 * struct stream_client - what a stream tells whoever it plays or records for
 * @elapsed: packets are complete. Any context, no lock of the port's held.
 * @look: look where the stream is. May sleep, no lock held.
 * @silence: fill @bytes of the ring from @offset on with silence. Any context.
 * @ask_position: ask the miniport where it is, as nobody starts or stops the
 *	stream meanwhile; 0 or its error. Any context, no lock held.
 * @substream: Returns ALSA's substream. Any context.
 */
struct stream_client {
	void (*elapsed)(struct wave_stream *stream);
	void (*look)(struct wave_stream *stream);
	void (*silence)(struct wave_stream *stream, u32 offset, u32 bytes);
	int (*ask_position)(struct wave_stream *stream, u64 *position);
	struct snd_pcm_substream *(*substream)(struct wave_stream *stream);
};

#define wave_stream_err(stream, fmt, ...) \
	dev_err_ratelimited((stream)->pin->port->base.device, \
			    "%s: " fmt, (stream)->pin->name, ##__VA_ARGS__)

/* service.c: who calls the miniport, and what follows from it */

/**
 * enum stream_event - what is to be delivered: bits of wave_stream.events
 * @STREAM_SERVICE: the miniport's Service is asked for
 * @STREAM_AVAILABLE: a mapping is available after a refusal
 * @STREAM_DRAIN: there may be room for the last packet
 * @STREAM_ELAPSED: packets were completed
 * @STREAM_EVENTS: how many there are
 */
enum stream_event {
	STREAM_SERVICE,
	STREAM_AVAILABLE,
	STREAM_DRAIN,
	STREAM_ELAPSED,
	STREAM_EVENTS,
};

void wave_service_note(struct wave_stream *stream, enum stream_event event);
void wave_service_available(struct wave_stream *stream);
void wave_service_leave(struct wave_stream *stream);
void wave_service_request(struct iservice_sink *sink);
void wave_service_deferred(struct irq_work *work);
void wave_service_resume(struct wave_stream *stream);
int wave_service_look_in(struct wave_stream *stream, unsigned long delay);

static inline int wave_service_look(struct wave_stream *stream)
{
	return wave_service_look_in(stream, 0);
}

void wave_service_looked(struct work_struct *work);
void wave_service_rest(struct work_struct *work);
enum hrtimer_restart wave_service_timer(struct hrtimer *timer);
void wave_service_start_timer(struct wave_stream *stream);
void wave_stream_quiesce(struct wave_stream *stream);

/* queue.c: the mapping queue */

int wave_queue_get_mapping(struct iport_wavepci_stream *self, void *tag,
			   dma_addr_t *physical_address,
			   void **virtual_address, u32 *byte_count, u32 *flags);
int wave_queue_release_mapping(struct iport_wavepci_stream *self, void *tag);
int wave_queue_terminate_packet(struct iport_wavepci_stream *self);
void wave_queue_revoke(struct wave_stream *stream);
void wave_queue_reset(struct wave_stream *stream);
void wave_queue_drain(struct wave_stream *stream);
u64 wave_queue_got(struct wave_stream *stream);
u64 wave_queue_completed(struct wave_stream *stream);
void wave_stream_write(struct wave_stream *stream, s64 bytes);
void wave_stream_forget(struct wave_stream *stream);
void wave_stream_loop(struct wave_stream *stream);
void wave_stream_drain(struct wave_stream *stream);

/* stream.c: states, position, life */

int wave_stream_create(struct wave_pin *pin,
		       const struct stream_client *client, void *owner,
		       const struct ksdataformat_waveformatextensible *format,
		       struct wave_stream **out_stream);
int wave_stream_set_format(struct wave_stream *stream,
		const struct ksdataformat_waveformatextensible *format);
void wave_stream_destroy(struct wave_stream *stream);
void wave_stream_mapping_limits(struct wave_stream *stream,
				const struct ksallocator_framing *framing,
				struct packet_layout *layout);
int wave_stream_set_ring(struct wave_stream *stream, u32 ring_bytes,
			 u32 period_bytes, bool wakeups, bool mapped);
int wave_stream_set_state(struct wave_stream *stream, enum ksstate state);
u64 wave_stream_position(struct wave_stream *stream);

/* pcm_device.c: pins as ALSA's PCM devices */

int wave_pcm_number(struct wave_port *port, int first);
int wave_pcm_create(struct wave_port *port, struct wave_pin *playback,
		    struct wave_pin *capture, const char *id, const char *name,
		    int device);
int wave_pcm_add_channel_maps(struct wave_pin *pin);
void wave_pcm_destroy(struct wave_port *port, struct wave_pin *pin);

#endif
