// SPDX-License-Identifier: GPL-2.0
/*
 * HD Audio: a controller or a codec that doesn't do its part of the talk. Its
 * registers are memory here, and the queue for verbs takes them or doesn't.
 */
#include <kunit/test.h>

#include "objects.h"
#include "../../src/hda/hda.h"

static int queue_says;
static int verbs;

static int queue_verb(struct hdac_bus *bus, unsigned int verb)
{
	if (queue_says)
		return queue_says;
	verbs++;
	bus->last_cmd[verb >> 28] = verb;
	bus->rirb.cmds[verb >> 28]++;
	return 0;
}

#define snd_hdac_bus_send_cmd	queue_verb
/* It is told all it needs to know: no need to have it exported. */
#include "../../src/hda/link.c"

#define CODEC	2
#define VERB	(CODEC << 28 | 0xf0000)

static int events;

static void count_event(struct work_struct *work)
{
	struct hdac_bus *bus = container_of(work, struct hdac_bus, unsol_work);

	events += bus->unsol_wp - bus->unsol_rp;
}

static struct hdac_bus *new_bus(struct kunit *test)
{
	struct hda_controller *controller =
		kunit_kzalloc(test, sizeof(*controller), GFP_KERNEL);
	struct hdac_bus *bus = &controller->bus.core;

	KUNIT_ASSERT_NOT_NULL(test, controller);
	bus->dev = kunit_kzalloc(test, sizeof(*bus->dev), GFP_KERNEL);
	bus->remap_addr = (void __iomem *)kunit_kzalloc(test, 256, GFP_KERNEL);
	bus->rirb.buf = kunit_kcalloc(test, AZX_MAX_RIRB_ENTRIES, 8,
				      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bus->dev);
	KUNIT_ASSERT_NOT_NULL(test, (void __force *)bus->remap_addr);
	KUNIT_ASSERT_NOT_NULL(test, bus->rirb.buf);
	bus->dev->init_name = "codecs";
	spin_lock_init(&bus->reg_lock);
	mutex_init(&bus->cmd_mutex);
	init_waitqueue_head(&bus->rirb_wq);
	INIT_WORK(&bus->unsol_work, count_event);
	events = 0;
	queue_says = 0;
	verbs = 0;
	return bus;
}

static void answer(struct hdac_bus *bus, u32 entry, u32 value, u32 from)
{
	bus->rirb.buf[2 * entry] = cpu_to_le32(value);
	bus->rirb.buf[2 * entry + 1] = cpu_to_le32(from);
}

static void update(struct hdac_bus *bus, u16 newest)
{
	snd_hdac_chip_writew(bus, RIRBWP, newest);
	spin_lock_irq(&bus->reg_lock);
	hda_link_update(bus);
	spin_unlock_irq(&bus->reg_lock);
}

static void link_answers(struct kunit *test)
{
	struct hdac_bus *bus = new_bus(test);
	unsigned int response = 0;

	answer(bus, 1, 5, CODEC | FROM_ITSELF);
	answer(bus, 2, 6, 9);
	answer(bus, 3, 7, CODEC);
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, VERB), 0);
	update(bus, 3);
	flush_work(&bus->unsol_work);
	KUNIT_EXPECT_EQ(test, events, 1);
	KUNIT_EXPECT_EQ(test, hda_link_get_response(bus, CODEC, &response), 0);
	KUNIT_EXPECT_EQ(test, response, 7);
}

/* There are 256 entries: who looks for a larger one looks for ever. */
static void link_index_out_of_range(struct kunit *test)
{
	struct hdac_bus *bus = new_bus(test);

	update(bus, 5);
	KUNIT_EXPECT_EQ(test, bus->rirb.rp, 5);
	update(bus, 0x100);
	KUNIT_EXPECT_EQ(test, bus->rirb.rp, 0);
	update(bus, U16_MAX - 1);
	KUNIT_EXPECT_EQ(test, bus->rirb.rp, 254);
	update(bus, U16_MAX);
	KUNIT_EXPECT_EQ(test, bus->rirb.rp, 254);
}

/* The library tries again, for ever, when it is told to. */
static void link_full_queue(struct kunit *test)
{
	struct hdac_bus *bus = new_bus(test);

	queue_says = -EAGAIN;
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, VERB), -EIO);
}

/* A second for each of hundreds of verbs would be minutes. */
static void link_silent_codec(struct kunit *test)
{
	struct hdac_bus *bus = new_bus(test);
	struct hda_silence *silence = &hda_controller_of(bus)->silences[CODEC];
	unsigned int response = 0;

	silence->unanswered = UNANSWERED_MAX - 1;
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, VERB), 0);
	KUNIT_EXPECT_EQ(test, hda_link_get_response(bus, CODEC, &response),
			-EIO);
	KUNIT_EXPECT_TRUE(test, bus->polling_mode);
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, VERB), -EIO);
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, 0xf0000), 0);
	KUNIT_EXPECT_EQ(test, verbs, 2);

	/* After a while it is asked again. */
	silence->until = jiffies - 1;
	KUNIT_EXPECT_EQ(test, hda_link_command(bus, VERB), 0);
	answer(bus, 1, 7, CODEC);
	snd_hdac_chip_writew(bus, RIRBWP, 1);
	KUNIT_EXPECT_EQ(test, hda_link_get_response(bus, CODEC, &response), 0);
	KUNIT_EXPECT_EQ(test, response, 7);
	KUNIT_EXPECT_EQ(test, silence->unanswered, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(link_answers),
	KUNIT_CASE(link_index_out_of_range),
	KUNIT_CASE(link_full_queue),
	KUNIT_CASE(link_silent_codec),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-link",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
