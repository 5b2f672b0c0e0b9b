// SPDX-License-Identifier: GPL-2.0
/*
 * IPortEvents: a change that a card tells of reaches who listens to ALSA.
 */
#include <linux/irq_work.h>
#include <sound/control.h>
#include <sound/core.h>

#include "fake_topology.h"

/* Somebody who listens, as alsactl monitor does. */
static struct snd_ctl_file *listen(struct mixer *mixer)
{
	struct kunit *test = mixer->fake->test;
	struct snd_card *card = pc_get_card(mixer->fake->device);
	struct snd_ctl_file *listener = kunit_kzalloc(test, sizeof(*listener),
						      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, listener);
	INIT_LIST_HEAD(&listener->events);
	init_waitqueue_head(&listener->change_sleep);
	spin_lock_init(&listener->read_lock);
	listener->card = card;
	listener->subscribed = 1;
	write_lock_irq(&card->controls_rwlock);
	list_add_tail(&listener->list, &card->ctl_files);
	write_unlock_irq(&card->controls_rwlock);
	return listener;
}

static u32 node_of(struct mixer *mixer, const struct snd_ctl_elem_id *id)
{
	static const char *const names[] = {
		"Master Playback Volume", "Headphone Playback Volume",
		"Line Out Playback Volume",
	};
	u32 n;

	for (n = 0; n < ARRAY_SIZE(names); n++)
		if (!strcmp(id->name, names[n]))
			break;
	return n;
}

/* Returns which controls have changed, a bit each, and forgets them. */
static u32 take(struct mixer *mixer, struct snd_ctl_file *listener)
{
	struct snd_kctl_event *event, *next;
	u32 changed = 0;

	spin_lock_irq(&listener->read_lock);
	list_for_each_entry_safe(event, next, &listener->events, list) {
		if (event->mask == SNDRV_CTL_EVENT_MASK_VALUE)
			changed |= BIT(node_of(mixer, &event->id));
		list_del(&event->list);
		kfree(event);
	}
	spin_unlock_irq(&listener->read_lock);
	return changed;
}

/*
 * Waits until the last node is told of; returns which ones were. Nodes are told
 * of in their order, so what isn't there then never comes.
 */
static u32 heard(struct mixer *mixer, struct snd_ctl_file *listener)
{
	u32 last = BIT(mixer->description.node_count - 1), changed = 0;

	do {
		if (!wait_event_timeout(listener->change_sleep,
					!list_empty(&listener->events),
					10 * HZ))
			break;
		changed |= take(mixer, listener);
	} while (!(changed & last));
	return changed;
}

static void stop_listening(struct mixer *mixer, struct snd_ctl_file *listener)
{
	write_lock_irq(&listener->card->controls_rwlock);
	list_del(&listener->list);
	write_unlock_irq(&listener->card->controls_rwlock);
	take(mixer, listener);
}

static void generate(struct mixer *mixer, const guid_t *set, u32 id,
		     bool node_event, u32 node)
{
	mixer->port_events->vtbl->generate_event_list(mixer->port_events, set,
						      id, true, 1, node_event,
						      node);
}

/* Three volumes that tell of changes. */
static struct mixer *three_volumes(struct kunit *test)
{
	static const guid_t *const categories[] = {
		NULL, &ksnodetype_headphones, &ksnodetype_line_connector,
	};
	struct mixer *mixer = mixer_new(test);
	u32 n;

	for (n = 0; n < ARRAY_SIZE(categories); n++) {
		mixer_chain(mixer, NULL, &ksnodetype_volume,
			    KSPROPERTY_AUDIO_VOLUMELEVEL, categories[n]);
		mixer->nodes[n].events = true;
	}
	return mixer;
}

static void events_reach_alsa(struct kunit *test)
{
	struct mixer *mixer = three_volumes(test);
	struct snd_ctl_file *listener;

	mixer->nodes[1].events = false;
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].event_verbs,
			PCEVENT_VERB_SUPPORT | PCEVENT_VERB_ADD);
	KUNIT_EXPECT_EQ(test, mixer->nodes[1].event_verbs, 0);
	listener = listen(mixer);
	generate(mixer, &kseventsetid_audio_control_change,
		 KSEVENT_CONTROL_CHANGE, true, 0);
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE, true, 2);
	KUNIT_EXPECT_EQ(test, heard(mixer, listener), BIT(0) | BIT(2));
	/* Any set, any node. */
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE, false, 77);
	KUNIT_EXPECT_EQ(test, heard(mixer, listener), BIT(0) | BIT(2));
	/* Another set, event or node. */
	generate(mixer, &kspropsetid_audio, KSEVENT_CONTROL_CHANGE, true, 0);
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE + 1, true, 0);
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE, true, 1);
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE, true, 2);
	KUNIT_EXPECT_EQ(test, heard(mixer, listener), BIT(2));
	stop_listening(mixer, listener);
	fake_stop(mixer->fake);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].event_verbs,
			PCEVENT_VERB_SUPPORT | PCEVENT_VERB_ADD |
			PCEVENT_VERB_REMOVE);
}

struct interrupt {
	struct irq_work work;
	struct mixer *mixer;
	bool hard;
};

static void interrupt(struct irq_work *work)
{
	struct interrupt *i = container_of(work, struct interrupt, work);

	i->hard = in_hardirq();
	generate(i->mixer, NULL, KSEVENT_CONTROL_CHANGE, false, 0);
}

static void events_in_an_interrupt(struct kunit *test)
{
	struct interrupt i = { .mixer = three_volumes(test) };
	struct snd_ctl_file *listener;

	fake_start(i.mixer->fake);
	listener = listen(i.mixer);
	init_irq_work(&i.work, interrupt);
	irq_work_queue(&i.work);
	irq_work_sync(&i.work);
	KUNIT_EXPECT_TRUE(test, i.hard);
	KUNIT_EXPECT_EQ(test, heard(i.mixer, listener),
			BIT(0) | BIT(1) | BIT(2));
	stop_listening(i.mixer, listener);
}

/* No support, no entry, or somebody else's entry: nobody is told. */
static void events_refused(struct kunit *test)
{
	struct mixer *mixer = three_volumes(test);
	struct snd_ctl_file *listener;

	mixer->nodes[0].event_error = -EOPNOTSUPP;
	mixer->nodes[1].shy = true;
	fake_start(mixer->fake);
	KUNIT_EXPECT_EQ(test, mixer->nodes[0].event_verbs,
			PCEVENT_VERB_SUPPORT);
	listener = listen(mixer);
	mixer->port_events->vtbl->add_event_to_event_list(mixer->port_events,
							  NULL);
	generate(mixer, NULL, KSEVENT_CONTROL_CHANGE, false, 0);
	KUNIT_EXPECT_EQ(test, heard(mixer, listener), BIT(2));
	stop_listening(mixer, listener);
	fake_stop(mixer->fake);
	KUNIT_EXPECT_EQ(test, mixer->nodes[1].event_verbs,
			PCEVENT_VERB_SUPPORT | PCEVENT_VERB_ADD);
}

/* The wave port has them, too; nobody is told. */
static void events_of_a_wave_port(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport_events *events;

	KUNIT_ASSERT_EQ(test, iport_events_query(&fake->port->unknown, &events),
			0);
	events->vtbl->generate_event_list(events, NULL, 0, false, 0, false, 0);
	events->vtbl->add_event_to_event_list(events, NULL);
	iunknown_put(&events->unknown);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(events_reach_alsa),
	KUNIT_CASE(events_in_an_interrupt),
	KUNIT_CASE(events_refused),
	KUNIT_CASE(events_of_a_wave_port),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-events",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
