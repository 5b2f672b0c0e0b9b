// SPDX-License-Identifier: GPL-2.0
/*
 * What goes over the link: verbs to codecs, and what they answer. The queues are
 * the library's. Its own way round them believes the controller's indices and
 * waits a second for each answer; here they are bounded, and a codec that has
 * stopped answering is left alone for a while.
 */
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "hda.h"

/* In the second word of an answer: the codec's address, and whether it was asked. */
#define FROM_ADDRESS	GENMASK(3, 0)
#define FROM_ITSELF	BIT(4)

#define ANSWER_MS	1000
#define POLL_US		20

/* So many verbs in a row without an answer, and so long there is no other one. */
#define UNANSWERED_MAX	4
#define ALONE_MS	2000

/* As in the library, which does the work of it. */
static void queue_event(struct hdac_bus *bus, u32 event, u32 from)
{
	u32 place = (bus->unsol_wp + 1) % HDA_UNSOL_QUEUE_SIZE;

	bus->unsol_queue[2 * place] = event;
	bus->unsol_queue[2 * place + 1] = from;
	bus->unsol_wp = place;
	schedule_work(&bus->unsol_work);
}

/* One message for all of them: who is out of step is so with each. */
static void complain(struct hdac_bus *bus, u32 answer, u32 from)
{
	struct hda_controller *controller = hda_controller_of(bus);

	if (controller->complained)
		return;
	controller->complained = true;
	dev_err(bus->dev,
		"an answer that nobody has asked for is left out (%#x, %#x), as any other one from now on\n",
		answer, from);
}

static void take_answer(struct hdac_bus *bus, u32 answer, u32 from)
{
	u32 address = from & FROM_ADDRESS;

	if (address < HDA_MAX_CODECS && from & FROM_ITSELF) {
		queue_event(bus, answer, from);
	} else if (address < HDA_MAX_CODECS && bus->rirb.cmds[address]) {
		bus->rirb.res[address] = answer;
		bus->rirb.cmds[address]--;
		wake_up(&bus->rirb_wq);
	} else {
		complain(bus, answer, from);
	}
}

/**
 * hda_link_update() - take what codecs have answered or told
 * @bus: the library's bus
 *
 * Context: any; with the bus' @reg_lock held.
 */
void hda_link_update(struct hdac_bus *bus)
{
	u16 newest = snd_hdac_chip_readw(bus, RIRBWP);
	const __le32 *entry;

	/* What firmware has left there nobody has asked for. */
	if (newest == U16_MAX || !bus->rirb.buf)
		return;
	newest %= AZX_MAX_RIRB_ENTRIES;
	while (bus->rirb.rp != newest) {
		bus->rirb.rp = (bus->rirb.rp + 1) % AZX_MAX_RIRB_ENTRIES;
		entry = &bus->rirb.buf[2 * bus->rirb.rp];
		take_answer(bus, le32_to_cpu(entry[0]), le32_to_cpu(entry[1]));
	}
}

static bool left_alone(const struct hda_silence *silence)
{
	return silence->unanswered >= UNANSWERED_MAX &&
	       time_before(jiffies, silence->until);
}

/**
 * hda_link_command() - send a verb, as hdac_bus_ops.command
 * @bus: the library's bus
 * @verb: with the codec's address
 *
 * Context: may sleep; with the bus' @cmd_mutex held.
 * Return: 0; -EIO when the controller doesn't take verbs, or when the codec has
 * answered none for so long that it isn't asked.
 */
int hda_link_command(struct hdac_bus *bus, unsigned int verb)
{
	struct hda_controller *controller = hda_controller_of(bus);
	int err;

	if (left_alone(&controller->silences[verb >> 28 & (HDA_MAX_CODECS - 1)]))
		return -EIO;
	err = snd_hdac_bus_send_cmd(bus, verb);
	if (err != -EAGAIN)
		return err;
	/* Each verb waits for its answer: the queue can't be full for long. */
	dev_err_ratelimited(bus->dev,
			    "the controller doesn't take verbs from its queue\n");
	return -EIO;
}

static bool answered(struct hdac_bus *bus, u32 address, unsigned int *response)
{
	bool done;

	spin_lock_irq(&bus->reg_lock);
	if (bus->polling_mode)
		hda_link_update(bus);
	done = !bus->rirb.cmds[address];
	if (done && response)
		*response = bus->rirb.res[address];
	spin_unlock_irq(&bus->reg_lock);
	return done;
}

static bool wait_for_answer(struct hdac_bus *bus, u32 address,
			    unsigned int *response)
{
	bool done;

	if (!bus->polling_mode)
		return wait_event_timeout(bus->rirb_wq,
					  answered(bus, address, response),
					  msecs_to_jiffies(ANSWER_MS));
	return !read_poll_timeout(answered, done, done, POLL_US,
				  ANSWER_MS * USEC_PER_MSEC, false, bus,
				  address, response);
}

/* An answer to come would be one that nobody has asked for. */
static void give_up(struct hdac_bus *bus, u32 address)
{
	struct hda_silence *silence =
		&hda_controller_of(bus)->silences[address];

	spin_lock_irq(&bus->reg_lock);
	bus->rirb.cmds[address] = 0;
	spin_unlock_irq(&bus->reg_lock);

	silence->until = jiffies + msecs_to_jiffies(ALONE_MS);
	if (++silence->unanswered == UNANSWERED_MAX)
		dev_err(bus->dev,
			"codec %u has answered none of %u verbs, the last one %#x: it is asked every %u s from now on\n",
			address, UNANSWERED_MAX, bus->last_cmd[address],
			ALONE_MS / 1000);
}

/**
 * hda_link_get_response() - wait for an answer, as hdac_bus_ops.get_response
 * @bus: the library's bus
 * @address: the codec's
 * @response: receives the answer, or NULL
 *
 * An interrupt can get lost; from then on nobody relies on it.
 *
 * Context: may sleep, one second at most, and two when it is the first time
 * that there is none; with the bus' @cmd_mutex held.
 * Return: 0; -EIO without an answer.
 */
int hda_link_get_response(struct hdac_bus *bus, unsigned int address,
			  unsigned int *response)
{
	struct hda_controller *controller = hda_controller_of(bus);
	bool done = wait_for_answer(bus, address, response);

	/* Some verbs are tried to see whether they are answered. */
	if (!done && controller->bus.no_response_fallback)
		return -EIO;
	if (!done && !bus->polling_mode) {
		dev_warn(bus->dev,
			 "codec %u hasn't answered verb %#x: its answers are polled for from now on\n",
			 address, bus->last_cmd[address]);
		bus->polling_mode = true;
		done = wait_for_answer(bus, address, response);
	}
	if (!done) {
		give_up(bus, address);
		return -EIO;
	}
	controller->silences[address].unanswered = 0;
	return 0;
}

/**
 * hda_link_forget() - whoever was silent may answer again
 * @bus: the library's bus
 *
 * Context: may sleep; takes the bus' @cmd_mutex.
 */
void hda_link_forget(struct hdac_bus *bus)
{
	struct hda_controller *controller = hda_controller_of(bus);

	mutex_lock(&bus->cmd_mutex);
	memset(controller->silences, 0, sizeof(controller->silences));
	controller->complained = false;
	mutex_unlock(&bus->cmd_mutex);
}
