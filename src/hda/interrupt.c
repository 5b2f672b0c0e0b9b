// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's interrupt, which engines and codecs share.
 */
#include "hda.h"

#define LOOKS_MAX	8

/* What no stream does within a jiffy, but a line does that never rests. */
#define REPEATS_MAX	16

/* How long it is left alone when it still has something after that. */
#define REST_MS		10

static void acknowledge(struct hda_interrupt *interrupt, u32 number)
{
	struct hda_controller *controller = hda_controller_of(interrupt->bus);

	snd_hdac_stream_writeb(&controller->engines[number].core, SD_STS,
			       SD_INT_MASK);
}

static void notify(struct hda_interrupt *interrupt, u32 number, bool sure)
{
	struct hda_runner *runner = interrupt->running[number];

	if (!runner)
		return;
	if (sure)
		WRITE_ONCE(runner->interrupted, true);
	else
		/* Where the position lags behind, it doesn't for long. */
		runner->group->vtbl->request_delayed_service(runner->group,
				-(s64)GTI_MILLISECONDS(1));
	runner->port->vtbl->notify(runner->port, runner->group);
}

/* Codecs have answered, or have something to tell. */
static void serve_codecs(struct hdac_bus *bus)
{
	snd_hdac_chip_writeb(bus, RIRBSTS, RIRB_INT_MASK);
	spin_lock(&bus->reg_lock);
	hda_link_update(bus);
	spin_unlock(&bus->reg_lock);
}

static void serve(struct hda_interrupt *interrupt, u32 status)
{
	unsigned long streams = status & ~AZX_INT_CTRL_EN;
	u32 number;

	for_each_set_bit(number, &streams, HDA_ENGINES_MAX) {
		acknowledge(interrupt, number);
		notify(interrupt, number, true);
	}
	if (status & AZX_INT_CTRL_EN)
		serve_codecs(interrupt->bus);
}

/*
 * With something left there would be no other message, or the line never rests;
 * at once, there would be nothing else: so it may interrupt again in a while.
 */
static void have_a_rest(struct hda_interrupt *interrupt, u32 status)
{
	dev_warn_ratelimited(interrupt->bus->dev,
			     "the controller goes on interrupting after it was seen to (INTSTS %#x): it has to wait for %u ms\n",
			     status, REST_MS);
	snd_hdac_chip_writel(interrupt->bus, INTCTL, interrupt->sources);
	schedule_delayed_work(&interrupt->rest, msecs_to_jiffies(REST_MS));
}

/*
 * A message comes when the first of the sources begins, and no other until none
 * is left: so look again until nothing is. With one stream running the first
 * look can be spared: it is acknowledged at once, and what comes after that is
 * seen, or is a message of its own. Where codecs have something to tell, too, it
 * may have been them alone; then the stream's position says what is done.
 */
static int serve_message(struct hda_interrupt *interrupt)
{
	u32 status, looks, mask = interrupt->running_mask;
	bool one = is_power_of_2(mask);

	if (one)
		acknowledge(interrupt, __ffs(mask));
	for (looks = 0; looks < LOOKS_MAX; looks++) {
		status = snd_hdac_chip_readl(interrupt->bus, INTSTS);
		if (status == U32_MAX)
			return -ENODEV;
		if (one && !looks)
			notify(interrupt, __ffs(mask),
			       !(status & AZX_INT_CTRL_EN));
		if (!(status & interrupt->sources))
			return 0;
		serve(interrupt, status & interrupt->sources);
	}
	have_a_rest(interrupt, status);
	return 0;
}

/* Whether a line's interrupt is the same over and over, and doesn't go away. */
static bool never_rests(struct hda_interrupt *interrupt, u32 status)
{
	if (status != interrupt->status ||
	    time_after(jiffies, interrupt->tick)) {
		interrupt->status = status;
		interrupt->tick = jiffies;
		interrupt->repeats = 0;
	}
	if (++interrupt->repeats % REPEATS_MAX)
		return false;
	return snd_hdac_chip_readl(interrupt->bus, INTSTS) & status &
	       interrupt->sources;
}

/* A line stays until nothing is left: we are called again. */
static int serve_line(struct hda_interrupt *interrupt)
{
	u32 status = snd_hdac_chip_readl(interrupt->bus, INTSTS);

	if (!(status & interrupt->sources) || status == U32_MAX)
		return -ENODEV;
	serve(interrupt, status & interrupt->sources);
	if (unlikely(never_rests(interrupt, status)))
		have_a_rest(interrupt, status);
	return 0;
}

static int service_routine(struct iinterrupt_sync *sync, void *context)
{
	struct hda_interrupt *interrupt = context;

	return interrupt->exclusive ? serve_message(interrupt) :
				      serve_line(interrupt);
}

static int interrupt_again(struct iinterrupt_sync *sync, void *context)
{
	struct hda_interrupt *interrupt = context;

	snd_hdac_chip_writel(interrupt->bus, INTCTL,
			     interrupt->sources | AZX_INT_GLOBAL_EN);
	return 0;
}

static void end_rest(struct work_struct *work)
{
	struct hda_interrupt *interrupt =
		container_of(to_delayed_work(work), struct hda_interrupt, rest);
	struct iinterrupt_sync *sync = interrupt->sync;

	sync->vtbl->call_synchronized_routine(sync, interrupt_again, interrupt);
}

/* What hda_interrupt_running() has the interrupt sync do. */
struct running_change {
	struct hda_interrupt *interrupt;
	u32 number;
	struct hda_runner *runner;
};

static int change_running(struct iinterrupt_sync *sync, void *context)
{
	struct running_change *change = context;
	struct hda_interrupt *interrupt = change->interrupt;

	interrupt->running[change->number] = change->runner;
	if (change->runner)
		interrupt->running_mask |= BIT(change->number);
	else
		interrupt->running_mask &= ~BIT(change->number);
	return 0;
}

/**
 * hda_interrupt_running() - have the service routine tell somebody or not
 * @interrupt: the controller's interrupt
 * @number: number of the engine
 * @runner: who is about to let it run; NULL when it has stopped
 *
 * Context: any.
 */
void hda_interrupt_running(struct hda_interrupt *interrupt, u32 number,
			   struct hda_runner *runner)
{
	struct running_change change = { interrupt, number, runner };
	struct iinterrupt_sync *sync = interrupt->sync;

	sync->vtbl->call_synchronized_routine(sync, change_running, &change);
}

/**
 * hda_interrupt_connect() - begin to serve the interrupt
 * @interrupt: the controller's interrupt, with @bus filled in
 * @resources: where its number is
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0 or an error; in either case hda_interrupt_disconnect() is to
 * follow.
 */
int hda_interrupt_connect(struct hda_interrupt *interrupt,
			  struct iresource_list *resources)
{
	struct iinterrupt_sync *sync;
	int err;

	INIT_DELAYED_WORK(&interrupt->rest, end_rest);
	err = pc_new_interrupt_sync(&interrupt->sync, NULL, resources, 0,
				    INTERRUPT_SYNC_MODE_NORMAL);
	if (err)
		return err;
	sync = interrupt->sync;
	err = sync->vtbl->register_service_routine(sync, service_routine,
						   interrupt, false);
	return err ?: sync->vtbl->connect(sync);
}

/**
 * hda_interrupt_disconnect() - serve the interrupt no more
 * @interrupt: the controller's interrupt
 *
 * Context: may sleep.
 */
void hda_interrupt_disconnect(struct hda_interrupt *interrupt)
{
	struct iinterrupt_sync *sync = interrupt->sync;

	if (!sync)
		return;
	/* Who is disconnected asks for no rest any more. */
	sync->vtbl->disconnect(sync);
	cancel_delayed_work_sync(&interrupt->rest);
	iunknown_put(&sync->unknown);
	interrupt->sync = NULL;
}
