/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fake miniport, and a fake card: they do what a script says, and note down
 * what the port asks of them.
 *
 * The fake runs below the real port, ALSA card included. A test makes it, may
 * change its script, starts it, and then plays both the application above
 * (application.h) and the card below.
 */
#ifndef _WAVEPCI_KUNIT_FAKE_MINIPORT_H
#define _WAVEPCI_KUNIT_FAKE_MINIPORT_H

#include <linux/dma-mapping.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "objects.h"

#define FAKE_PINS	4
#define FAKE_HELD	4096
#define FAKE_LOG	512

struct fake;
struct snd_pcm_substream;

/**
 * struct fake_mapping - a mapping that the fake stream holds
 * @tag: what it calls it
 * @address: for the device
 * @area: for the CPU
 * @bytes: its length
 * @flags: whether it is its packet's last
 */
struct fake_mapping {
	void *tag;
	dma_addr_t address;
	void *area;
	u32 bytes;
	u32 flags;
};

/*
 * struct fake_stream - IMiniportWavePciStream
 * @base: object
 * @stream: the interface
 * @power: its interest in power states, if the script says so
 * @fake: whose it is
 * @port_stream: the other half
 * @group: its service group, or NULL
 * @capture: which way
 * @format: its format
 * @kept: where the port has it
 * @state: where it is
 * @position: what it says when asked
 * @position_error: or what it says instead
 * @to_finish: mappings that the card has finished, to be released by Service
 * @greedy: Service and MappingAvailable take all there is
 * @served: calls of Service
 * @available: calls of MappingAvailable
 * @served_state: state in the last call of Service
 * @first: the oldest mapping in @held
 * @count: how many there are
 * @next_tag: tag of the next one
 * @revoked_first: tag of the first one that was revoked
 * @revoked_last: and of the last one
 * @revoked: how many that were
 * @held: ring of mappings
 */
struct fake_stream {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci_stream, stream);
	CUNKNOWN_FACE(ipower_notify, power);
	struct fake *fake;
	struct iport_wavepci_stream *port_stream;
	struct iservice_group *group;
	bool capture;
	struct ksdataformat_waveformatextensible format;
	const struct ksdataformat *kept;
	enum ksstate state;
	u64 position;
	int position_error;
	atomic_t to_finish;
	bool greedy;
	int served;
	atomic_t available;
	enum ksstate served_state;
	u32 first;
	u32 count;
	uintptr_t next_tag;
	void *revoked_first;
	void *revoked_last;
	u32 revoked;
	struct fake_mapping held[FAKE_HELD];
};

/**
 * struct fake - a card, its adapter driver and its miniport
 * @test: the test
 * @device: the device
 * @dma: its DMA parameters
 * @driver: for its power transitions
 * @started: it is an adapter, with a card
 * @port: its port, while it is started
 * @channel: its DMA channel
 * @group: the filter's service group, if there is one
 * @streams: the open streams, playback and capture
 * @wait: woken when something happens
 * @served: calls of the filter's Service
 *
 * The script:
 * @description: the filter
 * @pins: its pins; pin 0 plays, pin 1 records
 * @ranges: their data ranges
 * @framing: what their streams prefer
 * @options: how the card is added
 * @on_start: called by the adapter's start, before the port is made
 * @on_refused: called when the subdevice could not be registered
 * @on_started: called when the subdevice is registered
 * @context: its own
 * @on_revoke: called by RevokeMappings
 * @on_state: called by SetState
 * @on_service: called by the stream's Service
 * @on_available: called by MappingAvailable
 * @on_position: called by GetPosition
 * @on_new_stream: called at NewStream's end; may change what it gives, and its
 *	return value
 * @intersect: DataRangeIntersection; NULL to leave it to the port
 * @shows_substreams: it has IPinSubstream
 * @on_open: called by its open
 * @open_error: what that returns
 * @on_close: called by its close
 * @substream: free for @on_open
 * @pcm: what its PCM devices are called, where @pcm.device isn't 0
 * @plain: no IPowerNotify and no IPinCount
 * @stream_power: streams have IPowerNotify
 * @hold_port: Init takes a reference on the port
 * @filter_group: Init gives a service group
 * @stream_group: NewStream gives a service group
 * @channel_bytes: maximum length of the DMA channel, 0 for no channel
 * @init_error: what Init returns
 * @description_error: what GetDescription returns
 * @stream_error: what NewStream returns
 * @format_error: what SetFormat returns
 * @framing_error: what GetAllocatorFraming returns
 * @state_errors: what SetState returns
 * @revoke_fewer: how many fewer RevokeMappings says there were
 * @revoke_error: what RevokeMappings returns
 * @pin_count: IPinCount; NULL for no objection
 *
 * The record:
 * @pin_counts: calls of PinCount
 * @asleep: the adapter has left D0, and not come back
 * @asked_asleep: how often the hardware was needed meanwhile
 * @log_lock: protects @log
 * @log: what happened, a word each
 */
struct fake {
	struct kunit *test;
	struct device *device;
	struct device_dma_parameters dma;
	struct device_driver driver;
	bool started;
	struct iport_wavepci *port;
	struct idma_channel *channel;
	struct iservice_group *group;
	struct fake_stream *streams[2];
	struct wait_queue_head wait;
	atomic_t served;

	struct pcfilter_descriptor description;
	struct pcpin_descriptor pins[FAKE_PINS];
	struct ksdatarange_audio ranges[2];
	struct ksallocator_framing framing;
	struct pc_card_options options;
	int (*on_start)(struct fake *fake, struct iresource_list *resources);
	int (*on_refused)(struct fake *fake, struct iport *port);
	int (*on_started)(struct fake *fake);
	void *context;
	void (*on_revoke)(struct fake_stream *stream);
	void (*on_state)(struct fake_stream *stream, enum ksstate state);
	void (*on_service)(struct fake_stream *stream);
	void (*on_available)(struct fake_stream *stream);
	void (*on_position)(struct fake_stream *stream);
	int (*on_new_stream)(struct fake_stream *stream,
			     struct iminiport_wavepci_stream **out,
			     struct iservice_group **service_group);
	int (*intersect)(const struct ksdatarange_audio *want,
			 const struct ksdatarange_audio *have,
			 struct ksdataformat_waveformatextensible *format);
	bool shows_substreams;
	void (*on_open)(struct fake *fake, u32 pin_id,
			struct snd_pcm_substream *substream);
	void (*on_close)(struct fake *fake,
			 struct snd_pcm_substream *substream);
	int open_error;
	struct snd_pcm_substream *substream;
	struct pc_pcm pcm;
	bool plain;
	bool stream_power;
	bool hold_port;
	bool filter_group;
	bool stream_group;
	u32 channel_bytes;
	int init_error;
	int description_error;
	int stream_error;
	int format_error;
	int framing_error;
	int state_errors[KSSTATE_RUN + 1];
	u32 revoke_fewer;
	int revoke_error;
	void (*pin_count)(u32 pin_id, u32 *filter_necessary,
			  u32 *filter_current, u32 *filter_possible,
			  u32 *global_current, u32 *global_possible);

	int pin_counts;
	bool asleep;
	int asked_asleep;
	spinlock_t log_lock;
	char log[FAKE_LOG];
};

struct fake *fake_new(struct kunit *test);
struct iunknown *fake_new_miniport(struct fake *fake);
int fake_try_start(struct fake *fake);
void fake_start(struct fake *fake);
void fake_stop(struct fake *fake);
struct fake *fake_card(struct kunit *test);
void fake_note(struct fake *fake, const char *what);
void fake_asked(struct fake *fake);
void expect_log(struct fake *fake, const char *expected);

int fake_get(struct fake_stream *stream);
int fake_get_all(struct fake_stream *stream);
int fake_release(struct fake_stream *stream);
void fake_finish(struct fake_stream *stream, int mappings);
void fake_finish_packets(struct fake_stream *stream, int packets);
void fake_notify(struct fake_stream *stream);

#endif
