// SPDX-License-Identifier: GPL-2.0
/*
 * A fake miniport, and a fake card.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "fake_miniport.h"

/*
 * struct fake_miniport - IMiniportWavePci
 * @base: object
 * @miniport: the interface
 * @power: wants to know of power states
 * @counter: has a say in how many pins can be open
 * @substreams: sees what they are opened for
 * @fake: whose it is
 * @port: the port, if it holds that
 */
struct fake_miniport {
	struct cunknown base;

	CUNKNOWN_FACE(iminiport_wavepci, miniport);
	CUNKNOWN_FACE(ipower_notify, power);
	CUNKNOWN_FACE(ipin_count, counter);
	CUNKNOWN_FACE(ipin_substream, substreams);
	struct fake *fake;
	struct iport_wavepci *port;
};

static const char *const state_names[] = { "stop", "acquire", "pause", "run" };

/**
 * fake_note() - note down that something happened
 * @fake: to whom
 * @what: a word
 *
 * Context: any.
 */
void fake_note(struct fake *fake, const char *what)
{
	unsigned long irq;

	spin_lock_irqsave(&fake->log_lock, irq);
	if (*fake->log)
		strlcat(fake->log, " ", sizeof(fake->log));
	strlcat(fake->log, what, sizeof(fake->log));
	spin_unlock_irqrestore(&fake->log_lock, irq);
}

/**
 * fake_asked() - a method needs the hardware: count it when that is asleep
 * @fake: whose
 *
 * Context: any.
 */
void fake_asked(struct fake *fake)
{
	if (READ_ONCE(fake->asleep))
		fake->asked_asleep++;
}

/**
 * expect_log() - expect what happened since the last time
 * @fake: to whom
 * @expected: words with a space between
 */
void expect_log(struct fake *fake, const char *expected)
{
	KUNIT_EXPECT_STREQ(fake->test, fake->log, expected);
	*fake->log = '\0';
}

/* --- the stream ----------------------------------------------------------- */

static struct fake_stream *from_stream(struct iminiport_wavepci_stream *self)
{
	return container_of(self, struct fake_stream, stream);
}

/**
 * fake_get() - get a mapping
 * @stream: for whom
 *
 * Context: any.
 * Return: what GetMapping returned.
 */
int fake_get(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;
	struct fake_mapping *m;
	int err;

	if (stream->count == FAKE_HELD)
		return -ENOSPC;
	m = &stream->held[(stream->first + stream->count) % FAKE_HELD];
	stream->next_tag++;
	m->tag = (void *)stream->next_tag;
	err = port->vtbl->get_mapping(port, m->tag, &m->address, &m->area,
				      &m->bytes, &m->flags);
	if (!err)
		stream->count++;
	return err;
}

/**
 * fake_get_all() - get mappings until there is none
 * @stream: for whom
 *
 * Context: any.
 * Return: how many there were.
 */
int fake_get_all(struct fake_stream *stream)
{
	int count = 0;

	while (!fake_get(stream))
		count++;
	return count;
}

/**
 * fake_release() - release the oldest mapping
 * @stream: whose
 *
 * Context: any.
 * Return: what ReleaseMapping returned; -ENODATA without a mapping.
 */
int fake_release(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;
	void *tag = stream->held[stream->first].tag;

	if (!stream->count)
		return -ENODATA;
	stream->first = (stream->first + 1) % FAKE_HELD;
	stream->count--;
	return port->vtbl->release_mapping(port, tag);
}

/**
 * fake_notify() - have the port call the stream's Service
 * @stream: the stream, which has a service group
 *
 * Context: any.
 */
void fake_notify(struct fake_stream *stream)
{
	struct iport_wavepci *port = stream->fake->port;

	port->vtbl->notify(port, stream->group);
}

/**
 * fake_finish() - play the card: it has finished mappings, and interrupts
 * @stream: whose
 * @mappings: how many
 */
void fake_finish(struct fake_stream *stream, int mappings)
{
	atomic_add(mappings, &stream->to_finish);
	fake_notify(stream);
}

/**
 * fake_finish_packets() - the same for the mappings of packets
 * @stream: whose; it holds the mappings
 * @packets: how many
 */
void fake_finish_packets(struct fake_stream *stream, int packets)
{
	u32 i;

	for (i = 0; packets && i < stream->count; i++)
		if (stream->held[(stream->first + i) % FAKE_HELD].flags)
			packets--;
	fake_finish(stream, i);
}

static int stream_set_format(struct iminiport_wavepci_stream *self,
			     const struct ksdataformat *format)
{
	struct fake_stream *stream = from_stream(self);

	fake_note(stream->fake, "format");
	if (stream->fake->format_error)
		return stream->fake->format_error;
	stream->format.wave_format = *ksdataformat_wave(format);
	stream->format.data_format = *format;
	stream->kept = format;
	return 0;
}

static int stream_set_state(struct iminiport_wavepci_stream *self,
			    enum ksstate state)
{
	struct fake_stream *stream = from_stream(self);
	struct fake *fake = stream->fake;

	fake_note(fake, state_names[state]);
	if (fake->on_state)
		fake->on_state(stream, state);
	if (fake->state_errors[state])
		return fake->state_errors[state];
	stream->state = state;
	return 0;
}

static int stream_get_position(struct iminiport_wavepci_stream *self,
			       u64 *position)
{
	struct fake_stream *stream = from_stream(self);

	if (stream->fake->on_position)
		stream->fake->on_position(stream);
	*position = stream->position;
	return stream->position_error;
}

static int stream_normalize(struct iminiport_wavepci_stream *self,
			    s64 *position)
{
	struct fake_stream *stream = from_stream(self);

	*position = *position * 10000000 /
		    stream->format.wave_format.avg_bytes_per_sec;
	return 0;
}

static int stream_get_framing(struct iminiport_wavepci_stream *self,
			      struct ksallocator_framing *framing)
{
	struct fake *fake = from_stream(self)->fake;

	*framing = fake->framing;
	return fake->framing_error;
}

static int stream_revoke(struct iminiport_wavepci_stream *self,
			 void *first_tag, void *last_tag, u32 *revoked)
{
	struct fake_stream *stream = from_stream(self);
	struct fake *fake = stream->fake;

	fake_note(fake, "revoke");
	stream->revoked_first = first_tag;
	stream->revoked_last = last_tag;
	stream->revoked = stream->count;
	*revoked = stream->count - fake->revoke_fewer;
	stream->count = 0;
	if (fake->on_revoke)
		fake->on_revoke(stream);
	return fake->revoke_error;
}

static void stream_mapping_available(struct iminiport_wavepci_stream *self)
{
	struct fake_stream *stream = from_stream(self);

	atomic_inc(&stream->available);
	if (stream->greedy)
		fake_get_all(stream);
	if (stream->fake->on_available)
		stream->fake->on_available(stream);
	wake_up(&stream->fake->wait);
}

static void stream_service(struct iminiport_wavepci_stream *self)
{
	struct fake_stream *stream = from_stream(self);

	stream->served_state = stream->state;
	while (atomic_dec_if_positive(&stream->to_finish) >= 0)
		if (fake_release(stream))
			fake_note(stream->fake, "unreleasable");
	if (stream->greedy)
		fake_get_all(stream);
	if (stream->fake->on_service)
		stream->fake->on_service(stream);
	WRITE_ONCE(stream->served, stream->served + 1);
	wake_up(&stream->fake->wait);
}

static void stream_destroy(struct cunknown *object)
{
	struct fake_stream *stream = container_of(object, struct fake_stream,
						  base);

	fake_note(stream->fake, stream->capture ? "gone-c" : "gone-p");
	if (stream->fake->streams[stream->capture] == stream)
		stream->fake->streams[stream->capture] = NULL;
	if (stream->group)
		iunknown_put(&stream->group->unknown);
	kvfree(stream);
}

static const struct iminiport_wavepci_stream_vtbl stream_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.set_format = stream_set_format,
	.set_state = stream_set_state,
	.get_position = stream_get_position,
	.normalize_physical_position = stream_normalize,
	.get_allocator_framing = stream_get_framing,
	.revoke_mappings = stream_revoke,
	.mapping_available = stream_mapping_available,
	.service = stream_service,
};

static void stream_power(struct ipower_notify *self,
			 enum device_power_state state)
{
	struct fake *fake = container_of(self, struct fake_stream,
					 power)->fake;
	char word[] = "stream-d0";

	word[sizeof(word) - 2] += state - POWER_DEVICE_D0;
	fake_note(fake, word);
}

static const struct ipower_notify_vtbl stream_power_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.power_change_notify = stream_power,
};

DEFINE_CUNKNOWN_CLASS(stream_class, "fake stream", stream_destroy,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream, struct fake_stream,
			   stream, stream_vtbl));

DEFINE_CUNKNOWN_CLASS(powered_stream_class, "fake stream", stream_destroy,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci_stream, struct fake_stream,
			   stream, stream_vtbl),
	CUNKNOWN_INTERFACE(iid_ipower_notify, struct fake_stream, power,
			   stream_power_vtbl));

/* --- the miniport --------------------------------------------------------- */

static struct fake *fake_of(struct iminiport_wavepci *self)
{
	return container_of(self, struct fake_miniport, miniport)->fake;
}

static int miniport_get_description(struct iminiport *self,
				    const struct pcfilter_descriptor **out)
{
	struct fake *fake = fake_of(container_of(self,
						 struct iminiport_wavepci,
						 miniport));

	*out = &fake->description;
	return fake->description_error;
}

static int miniport_intersect(struct iminiport *self, u32 pin_id,
			      const struct ksdatarange *want,
			      const struct ksdatarange *have,
			      struct ksdataformat_waveformatextensible *format)
{
	struct fake *fake = fake_of(container_of(self,
						 struct iminiport_wavepci,
						 miniport));

	fake_asked(fake);
	if (!fake->intersect)
		return -EOPNOTSUPP;
	return fake->intersect(ksdatarange_to_audio(want),
			       ksdatarange_to_audio(have), format);
}

static int miniport_init(struct iminiport_wavepci *self,
			 struct iunknown *unknown_adapter,
			 struct iresource_list *resource_list,
			 struct iport_wavepci *port,
			 struct iservice_group **service_group)
{
	struct fake *fake = fake_of(self);

	fake_note(fake, "init");
	if (fake->hold_port) {
		container_of(self, struct fake_miniport, miniport)->port = port;
		iunknown_get(&port->unknown);
	}
	if (fake->init_error)
		return fake->init_error;
	if (!fake->filter_group)
		return 0;
	if (pc_new_service_group(service_group, NULL))
		return -ENOMEM;
	fake->group = *service_group;
	return 0;
}

static int stream_fill(struct fake_stream *stream,
		       struct iservice_group **service_group)
{
	if (!stream->fake->stream_group)
		return 0;
	if (pc_new_service_group(&stream->group, NULL))
		return -ENOMEM;
	iunknown_get(&stream->group->unknown);
	*service_group = stream->group;
	return 0;
}

static int miniport_new_stream(struct iminiport_wavepci *self,
			       struct iminiport_wavepci_stream **out,
			       struct iunknown *outer_unknown,
			       struct iport_wavepci_stream *port_stream,
			       u32 pin, bool capture,
			       const struct ksdataformat *data_format,
			       struct idma_channel **dma_channel,
			       struct iservice_group **service_group)
{
	struct fake *fake = fake_of(self);
	struct fake_stream *stream;

	fake_note(fake, capture ? "new-c" : "new-p");
	if (fake->stream_error)
		return fake->stream_error;
	stream = kvzalloc(sizeof(*stream), GFP_KERNEL);
	if (!stream)
		return -ENOMEM;
	cunknown_init(&stream->base, fake->stream_power ?
		      &powered_stream_class : &stream_class, outer_unknown);
	stream->fake = fake;
	stream->capture = capture;
	stream->port_stream = port_stream;
	stream->format.data_format = *data_format;
	stream->format.wave_format = *ksdataformat_wave(data_format);
	stream->kept = data_format;
	if (stream_fill(stream, service_group)) {
		iunknown_put(&stream->stream.unknown);
		return -ENOMEM;
	}
	*dma_channel = fake->channel;
	*out = &stream->stream;
	fake->streams[capture] = stream;
	if (fake->on_new_stream)
		return fake->on_new_stream(stream, out, service_group);
	return 0;
}

static void miniport_service(struct iminiport_wavepci *self)
{
	struct fake *fake = fake_of(self);

	atomic_inc(&fake->served);
	wake_up(&fake->wait);
}

static void miniport_power(struct ipower_notify *self,
			   enum device_power_state state)
{
	struct fake *fake = container_of(self, struct fake_miniport,
					 power)->fake;
	char word[] = "notify-d0";

	word[sizeof(word) - 2] += state - POWER_DEVICE_D0;
	fake_note(fake, word);
}

static void miniport_pin_count(struct ipin_count *self, u32 pin_id,
			       u32 *filter_necessary, u32 *filter_current,
			       u32 *filter_possible, u32 *global_current,
			       u32 *global_possible)
{
	struct fake *fake = container_of(self, struct fake_miniport,
					 counter)->fake;

	fake_asked(fake);
	fake->pin_counts++;
	if (fake->pin_count)
		fake->pin_count(pin_id, filter_necessary, filter_current,
				filter_possible, global_current,
				global_possible);
}

static void note_pin(struct fake *fake, const char *what, u32 pin_id)
{
	char word[16];

	snprintf(word, sizeof(word), "%s-%c", what, "pc"[pin_id & 1]);
	fake_note(fake, word);
}

static int miniport_open(struct ipin_substream *self, u32 pin_id,
			 struct snd_pcm_substream *substream)
{
	struct fake *fake = container_of(self, struct fake_miniport,
					 substreams)->fake;

	note_pin(fake, "open", pin_id);
	if (!fake->open_error && fake->on_open)
		fake->on_open(fake, pin_id, substream);
	return fake->open_error;
}

static void miniport_close(struct ipin_substream *self, u32 pin_id,
			   struct snd_pcm_substream *substream)
{
	struct fake *fake = container_of(self, struct fake_miniport,
					 substreams)->fake;

	note_pin(fake, "close", pin_id);
	if (fake->on_close)
		fake->on_close(fake, substream);
}

static void miniport_destroy(struct cunknown *object)
{
	struct fake_miniport *miniport = container_of(object,
						      struct fake_miniport,
						      base);

	fake_note(miniport->fake, "gone");
	if (miniport->port)
		iunknown_put(&miniport->port->unknown);
	kfree(miniport);
}

static const struct iminiport_wavepci_vtbl miniport_vtbl = {
	.miniport = {
		.unknown = { CUNKNOWN_METHODS },
		.get_description = miniport_get_description,
		.data_range_intersection = miniport_intersect,
	},
	.init = miniport_init,
	.new_stream = miniport_new_stream,
	.service = miniport_service,
};

static const struct ipower_notify_vtbl power_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.power_change_notify = miniport_power,
};

static const struct ipin_count_vtbl counter_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.pin_count = miniport_pin_count,
};

static const struct cunknown_interface interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct fake_miniport,
			   miniport, miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport, struct fake_miniport, miniport,
			   miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_ipower_notify, struct fake_miniport, power,
			   power_vtbl),
	CUNKNOWN_INTERFACE(iid_ipin_count, struct fake_miniport, counter,
			   counter_vtbl),
	{}
};

static const struct cunknown_class miniport_class = {
	.name = "fake miniport",
	.interfaces = interfaces,
	.destroy = miniport_destroy,
};

static const struct ipin_substream_vtbl substreams_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.open = miniport_open,
	.close = miniport_close,
};

DEFINE_CUNKNOWN_CLASS(showing_class, "fake miniport for a library",
		      miniport_destroy,
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct fake_miniport,
			   miniport, miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_iminiport, struct fake_miniport, miniport,
			   miniport_vtbl),
	CUNKNOWN_INTERFACE(iid_ipin_substream, struct fake_miniport,
			   substreams, substreams_vtbl));

static const struct cunknown_interface plain_interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iminiport_wavepci, struct fake_miniport,
			   miniport, miniport_vtbl),
	{}
};

static const struct cunknown_class plain_class = {
	.name = "plain fake miniport",
	.interfaces = plain_interfaces,
	.destroy = miniport_destroy,
};

/**
 * fake_new_miniport() - make a miniport
 * @fake: whose
 *
 * Return: the miniport, with a reference.
 */
struct iunknown *fake_new_miniport(struct fake *fake)
{
	struct fake_miniport *miniport = kzalloc(sizeof(*miniport),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(fake->test, miniport);
	cunknown_init(&miniport->base, fake->plain ? &plain_class :
		      fake->shows_substreams ? &showing_class :
		      &miniport_class, NULL);
	miniport->fake = fake;
	return &miniport->miniport.unknown;
}

/* --- the adapter ---------------------------------------------------------- */

static const struct ksdatarange_audio any_range = {
	KSDATARANGE_AUDIO_PCM,
	.maximum_channels = 2,
	.minimum_bits_per_sample = 8,
	.maximum_bits_per_sample = 16,
	.minimum_sample_frequency = 8000,
	.maximum_sample_frequency = 48000,
};

/**
 * fake_new() - make a fake with two pins
 * @test: the test, which has its memory
 *
 * Return: the fake, not started.
 */
struct fake *fake_new(struct kunit *test)
{
	struct fake *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->test = test;
	fake->device = test_device(test);
	fake->device->dma_parms = &fake->dma;
	dev_set_drvdata(fake->device, fake);
	spin_lock_init(&fake->log_lock);
	init_waitqueue_head(&fake->wait);
	fake->driver.pm = &pc_adapter_pm_ops;

	fake->ranges[0] = any_range;
	fake->ranges[1] = any_range;
	for (i = 0; i < FAKE_PINS; i++)
		fake->pins[i] = (struct pcpin_descriptor) {
			.max_filter_instance_count = 2,
			.data_flow = i % 2 ? KSPIN_DATAFLOW_OUT :
					     KSPIN_DATAFLOW_IN,
			.communication = KSPIN_COMMUNICATION_SINK,
			.data_ranges = fake->ranges,
			.data_ranges_count = 1,
		};
	fake->description.pins = fake->pins;
	fake->description.pin_count = 2;
	fake->options.owner = THIS_MODULE;
	fake->options.index = -1;
	fake->stream_group = true;
	fake->channel_bytes = 1 << 20;
	return fake;
}

static int make_subdevice(struct fake *fake, struct iresource_list *resources,
			  struct iunknown *miniport, struct iport *port)
{
	int err;

	err = port->vtbl->init(port, fake->device, miniport, NULL, resources);
	if (err)
		return err;
	if (iport_wavepci_query(&port->unknown, &fake->port))
		return -ENOENT;
	/* As everywhere, the adapter keeps the port; we only call it. */
	iunknown_put(&fake->port->unknown);
	if (fake->channel_bytes)
		err = fake->port->vtbl->new_master_dma_channel(fake->port,
				&fake->channel, NULL, resources, true, true,
				false, fake->channel_bytes);
	if (!err)
		err = fake->pcm.device ?
			pc_register_subdevice_pcm(fake->device, "Fake",
						  &port->unknown, &fake->pcm) :
			pc_register_subdevice(fake->device, "Fake",
					      &port->unknown);
	if (err && fake->on_refused)
		err = fake->on_refused(fake, port);
	if (!err && fake->on_started)
		err = fake->on_started(fake);
	return err;
}

static int start_device(struct device *device, struct iresource_list *resources)
{
	struct fake *fake = dev_get_drvdata(device);
	struct iunknown *miniport;
	struct iport *port;
	int err;

	if (fake->on_start) {
		err = fake->on_start(fake, resources);
		if (err)
			return err;
	}
	miniport = fake_new_miniport(fake);
	err = pc_new_port(&port, &clsid_port_wavepci);
	if (!err) {
		err = make_subdevice(fake, resources, miniport, port);
		iunknown_put(&port->unknown);
	}
	iunknown_put(miniport);
	return err;
}

static void put_channel(struct fake *fake)
{
	if (fake->channel)
		iunknown_put(&fake->channel->unknown);
	fake->channel = NULL;
}

/**
 * fake_stop() - take the card away, if there is one
 * @fake: whose
 */
void fake_stop(struct fake *fake)
{
	if (!fake->started)
		return;
	fake->started = false;
	pc_remove_adapter_device(fake->device);
	fake->port = NULL;
	put_channel(fake);
}

static void stop_action(void *context)
{
	fake_stop(context);
}

/**
 * fake_try_start() - make the device an adapter, with a card
 * @fake: whose
 *
 * Return: what PcAddAdapterDevice returned. When the test ends it is stopped.
 */
int fake_try_start(struct fake *fake)
{
	int err;

	err = pc_add_adapter_device(fake->device, start_device,
				    &fake->options);
	if (err) {
		put_channel(fake);
		return err;
	}
	fake->started = true;
	return kunit_add_action_or_reset(fake->test, stop_action, fake);
}

/**
 * fake_start() - the same; has to work
 * @fake: whose
 *
 * What was noted down meanwhile is forgotten.
 */
void fake_start(struct fake *fake)
{
	KUNIT_ASSERT_EQ(fake->test, fake_try_start(fake), 0);
	*fake->log = '\0';
}

/**
 * fake_card() - a fake with the default script, started
 * @test: the test
 *
 * Return: the fake.
 */
struct fake *fake_card(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake_start(fake);
	return fake;
}
