// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier: each rule broken, three times, and reported once, by name.
 *
 * The suite is for both: with snd_wavepci.verify=1 and this module's verify=1
 * the reports are expected, without them there must be none, and all else is
 * the same. Reports are what comes to a console of our own. One that no test
 * has expected is a failure, in all of them. "leak" is in leak.c.
 */
#include <linux/console.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "application.h"
#include "fake_topology.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE
#define TIMES	3

static bool verify;
module_param(verify, bool, 0);
MODULE_PARM_DESC(verify, "Whether the verifier is on (default N).");

/* --- what is reported ------------------------------------------------------ */

static struct {
	char report[256];
	unsigned int count;
	unsigned int expected;
} heard;

/* Called with the console lock held, so one at a time. */
static void hear(struct console *console, const char *line,
		 unsigned int length)
{
	if (!strnstr(line, "verifier: ", length))
		return;
	heard.count++;
	snprintf(heard.report, sizeof(heard.report), "%.*s", (int)length,
		 line);
}

static struct console ear = {
	.name = "wavepci",
	.write = hear,
	.flags = CON_ENABLED,
};

static int start_listening(struct kunit_suite *suite)
{
	register_console(&ear);
	return 0;
}

static void stop_listening(struct kunit_suite *suite)
{
	unregister_console(&ear);
}

/* Whatever has been printed is on all consoles afterwards. */
static void listen(void)
{
	console_lock();
	console_unlock();
}

static void expect_no_more(struct kunit *test)
{
	listen();
	KUNIT_EXPECT_EQ_MSG(test, heard.count, verify ? heard.expected : 0,
			    "the last one: %s", heard.report);
}

static void end_action(void *test)
{
	expect_no_more(test);
}

static int verifier_init(struct kunit *test)
{
	int err = objects_init(test);

	if (err)
		return err;
	memset(&heard, 0, sizeof(heard));
	return kunit_add_action(test, end_action, test);
}

/* One more report than before, and what it says. */
static void expect_report(struct fake *fake, const char *what,
			  const char *rule)
{
	struct kunit *test = fake->test;
	char line[160];

	heard.expected++;
	expect_no_more(test);
	if (!verify)
		return;
	snprintf(line, sizeof(line), "%s: verifier: %s: rule %s broken by %s\n",
		 dev_name(fake->device), what, rule,
		 dev_driver_string(fake->device));
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(heard.report, line),
				  "%s instead of %s", heard.report, line);
}

/* --- a miniport that keeps the rules --------------------------------------- */

/* As a good miniport does. */
static void reset_position(struct fake_stream *stream, enum ksstate state)
{
	if (state == KSSTATE_STOP)
		stream->position = 0;
}

static struct fake *good_card(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->on_state = reset_position;
	fake_start(fake);
	return fake;
}

static void play_packets(struct kunit *test, struct application *app,
			 struct fake_stream *stream)
{
	int i;

	for (i = 1; i <= 3 * PERIODS; i++) {
		stream->position = i * PERIOD - 7;
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app),
				i * PERIOD - 7);
		stream->position = i * PERIOD;
		fake_finish_packets(stream, 1);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), i * PERIOD);
	}
}

static void keep_all_rules(struct kunit *test, int direction)
{
	struct application_params smaller = { .periods = 2 };
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, direction);
	struct fake_stream *stream = fake->streams[direction];
	struct iport_wavepci_stream *port = stream->port_stream;

	stream->greedy = true;
	fake_get_all(stream);
	play_packets(test, app, stream);
	KUNIT_EXPECT_EQ(test, port->vtbl->terminate_packet(port),
			direction == RECORD ? 0 : -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	/* From the beginning; then with another ring; then never again. */
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_get_all(stream);
	play_packets(test, app, stream);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &smaller), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	application_close(app);
	fake_stop(fake);
	expect_no_more(test);
}

static void verifier_good_playback(struct kunit *test)
{
	keep_all_rules(test, PLAY);
}

static void verifier_good_capture(struct kunit *test)
{
	keep_all_rules(test, RECORD);
}

/* To fail is no breach, as long as it is on the way up. */
static void verifier_failing(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	fake->state_errors[KSSTATE_ACQUIRE] = -ENOMEM;
	KUNIT_EXPECT_EQ(test, application_prepare(app), -ENOMEM);
	fake->state_errors[KSSTATE_ACQUIRE] = 0;
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	fake->state_errors[KSSTATE_RUN] = -EIO;
	KUNIT_EXPECT_EQ(test, application_start(app), -EIO);
	fake->state_errors[KSSTATE_RUN] = 0;
	fake->streams[0]->position_error = -EIO;
	KUNIT_EXPECT_EQ(test, application_start(app), 0);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
	expect_no_more(test);
}

/* --- mappings -------------------------------------------------------------- */

static int release(struct fake_stream *stream, uintptr_t tag)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->release_mapping(port, (void *)tag);
}

static void release_wrong(struct fake_stream *stream, uintptr_t tag)
{
	int i;

	for (i = 0; i < TIMES; i++)
		KUNIT_EXPECT_EQ(stream->fake->test, release(stream, tag),
				-EINVAL);
}

static void verifier_release_order(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct fake_stream *stream;

	application_running(test, fake, PLAY);
	stream = fake->streams[PLAY];
	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, release(stream, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, release(stream, 3), -EINVAL);
	expect_report(fake, "pcm0p: tag 2", "release-order");
	/* Remembered: so it can't be released again. */
	release_wrong(stream, 3);
	expect_report(fake, "pcm0p: tag 3", "double-release");
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	/* Of four there is one left, which it gives back when asked. */
	stream->count = 1;
}

static void verifier_double_release(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct fake_stream *stream;

	application_running(test, fake, RECORD);
	stream = fake->streams[RECORD];
	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	release_wrong(stream, 1);
	release_wrong(stream, 2);
	expect_report(fake, "pcm0c: tag 1", "double-release");
}

/* Each stream has reports of its own. */
static void verifier_unknown_tag(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, PLAY);

	fake_get_all(fake->streams[PLAY]);
	release_wrong(fake->streams[PLAY], 77);
	expect_report(fake, "pcm0p: tag 77", "unknown-tag");
	application_running(test, fake, RECORD);
	release_wrong(fake->streams[RECORD], 78);
	expect_report(fake, "pcm0c: tag 78", "unknown-tag");
	application_close(app);
	application_running(test, fake, PLAY);
	release_wrong(fake->streams[PLAY], 79);
	expect_report(fake, "pcm0p: tag 79", "unknown-tag");
}

/* A mapping that was revoked isn't known any more. */
static void verifier_release_revoked(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];

	fake_get_all(stream);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), -EBUSY);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	release_wrong(stream, 1);
	release_wrong(stream, 2);
	expect_report(fake, "pcm0p: tag 1", "unknown-tag");
}

static DEFINE_SPINLOCK(own_lock);

static void get_with_lock(struct fake_stream *stream, enum ksstate state)
{
	unsigned long irq;

	if (state == KSSTATE_STOP)
		return;
	spin_lock_irqsave(&own_lock, irq);
	KUNIT_EXPECT_EQ(stream->fake->test, fake_get(stream), 0);
	spin_unlock_irqrestore(&own_lock, irq);
}

static void verifier_lock_held_get(struct kunit *test)
{
	struct fake *fake = good_card(test);

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "it takes lockdep");
	fake->on_state = get_with_lock;
	application_running(test, fake, PLAY);
	expect_report(fake, "pcm0p: tag 1", "lock-held");
	KUNIT_EXPECT_EQ(test, fake->streams[PLAY]->count, TIMES);
	fake->on_state = reset_position;
}

static void release_with_lock(struct fake_stream *stream)
{
	unsigned long irq;

	spin_lock_irqsave(&own_lock, irq);
	KUNIT_EXPECT_EQ(stream->fake->test, fake_release(stream), 0);
	spin_unlock_irqrestore(&own_lock, irq);
}

static void verifier_lock_held_release(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app;
	struct fake_stream *stream;
	int i;

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "it takes lockdep");
	app = application_running(test, fake, RECORD);
	stream = fake->streams[RECORD];
	fake_get_all(stream);
	fake->on_service = release_with_lock;
	for (i = 0; i < TIMES; i++)
		fake_notify(stream);
	fake->on_service = NULL;
	expect_report(fake, "pcm0c: tag 1", "lock-held");
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), TIMES * PERIOD);
}

static void get_under_rcu(struct fake_stream *stream)
{
	rcu_read_lock();
	KUNIT_EXPECT_EQ(stream->fake->test, fake_get(stream), 0);
	rcu_read_unlock();
}

/* What isn't the miniport's, or has been dropped, isn't held by it. */
static void verifier_lock_not_held(struct kunit *test)
{
	static DEFINE_MUTEX(applications_lock);
	struct fake *fake = good_card(test);
	struct fake_stream *stream;

	application_running(test, fake, PLAY);
	stream = fake->streams[PLAY];
	fake->on_service = get_under_rcu;
	mutex_lock(&applications_lock);
	fake_notify(stream);
	spin_lock_irq(&own_lock);
	spin_unlock_irq(&own_lock);
	fake_finish(stream, 1);
	mutex_unlock(&applications_lock);
	fake->on_service = NULL;
	expect_no_more(test);
}

/* --- states ---------------------------------------------------------------- */

static void verifier_state_get(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_open(test, fake, PLAY);
	int i;

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	for (i = 0; i < TIMES; i++)
		KUNIT_EXPECT_EQ(test, fake_get(fake->streams[PLAY]), -EBADFD);
	expect_report(fake, "pcm0p: tag 1", "state");
}

static void verifier_state_refused(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, PLAY);

	fake->state_errors[KSSTATE_PAUSE] = -EIO;
	fake->state_errors[KSSTATE_ACQUIRE] = -EIO;
	fake->state_errors[KSSTATE_STOP] = -EIO;
	expect_log(fake, "new-p acquire pause run");
	application_close(app);
	expect_log(fake, "pause acquire stop gone-p");
	expect_report(fake, "pcm0p", "state");
}

/* --- positions ------------------------------------------------------------- */

static void verifier_position_backwards(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];
	int i;

	fake_get_all(stream);
	stream->position = 1000;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	for (i = 1; i <= TIMES; i++) {
		stream->position = 1000 - i;
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 1000);
	}
	expect_report(fake, "pcm0p", "position-backwards");
}

/* Going back to what is true is no other breach. */
static void verifier_position_beyond(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[PLAY];
	int i;

	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	stream->position = PERIOD;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
	expect_no_more(test);
	for (i = 1; i <= TIMES; i++) {
		stream->position = PERIOD + i;
		KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
	}
	expect_report(fake, "pcm0p", "position-beyond");
	stream->position = PERIOD;
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD);
}

static void verifier_position_reset(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	int i;

	fake->on_state = NULL;
	fake->streams[PLAY]->position = 100;
	for (i = 0; i < TIMES; i++)
		KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	expect_report(fake, "pcm0p", "position-reset");
}

/* --- the end --------------------------------------------------------------- */

static void verifier_revoke_count(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	int i;

	fake->revoke_fewer = 1;
	for (i = 0; i < TIMES; i++) {
		KUNIT_EXPECT_EQ(test, fake_get_all(fake->streams[PLAY]),
				PERIODS);
		KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	}
	expect_report(fake, "pcm0p", "revoke-count");
	fake->revoke_fewer = 0;
}

/* Only the verifier has kept the memory: without it, leave it alone. */
static void touch(u8 *area)
{
	int i;

	for (i = 0; verify && i < TIMES; i++)
		area[5 + i]++;
}

static void verifier_touch_after_close(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_prepared(test, fake, RECORD);
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_ASSERT_EQ(test, fake_get(fake->streams[RECORD]), 0);
	application_close(app);
	touch(area);
	expect_no_more(test);
	application_prepared(test, fake, RECORD);
	expect_report(fake, "pcm0c: byte 5", "touch-after-revoke");
}

static void verifier_touch_old_ring(struct kunit *test)
{
	struct application_params smaller = { .periods = 2 };
	struct fake *fake = good_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_ASSERT_EQ(test, fake_get(fake->streams[PLAY]), 0);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &smaller), 0);
	touch(area);
	application_close(app);
	expect_report(fake, "pcm0p: byte 5", "touch-after-revoke");
}

/* The last ring of a card that goes. */
static void verifier_touch_last(struct kunit *test)
{
	struct fake *fake = good_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	u8 *area = app->substream->runtime->dma_area;

	application_close(app);
	touch(area);
	fake_stop(fake);
	expect_report(fake, "pcm0p: byte 5", "touch-after-revoke");
}

/* --- properties ------------------------------------------------------------- */

static struct mixer *good_mixer(struct kunit *test)
{
	struct mixer *mixer = mixer_new(test);

	mixer_chain(mixer, NULL, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
	mixer->nodes[0].events = true;
	return mixer;
}

static void read_mixer(struct mixer *mixer, int expected)
{
	struct snd_kcontrol *control =
		mixer_control(mixer, "Master Playback Volume");
	long left, right;
	int i;

	KUNIT_ASSERT_NOT_NULL(mixer->fake->test, control);
	for (i = 0; i < TIMES; i++)
		KUNIT_EXPECT_EQ(mixer->fake->test,
				mixer_get(control, &left, &right), expected);
}

static void verifier_good_mixer(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	/* To hold the port is allowed, and to answer later. */
	mixer->hold_port = true;
	fake_start(mixer->fake);
	mixer->nodes[0].answer = LATER;
	read_mixer(mixer, 0);
	KUNIT_EXPECT_EQ(test, mixer_put(mixer_control(mixer,
					"Master Playback Volume"), 0, 0), 1);
	mixer->nodes[0].answer = BEFORE_RETURN;
	read_mixer(mixer, 0);
	fake_stop(mixer->fake);
	expect_no_more(test);
}

static void verifier_property_size(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	fake_start(mixer->fake);
	mixer->nodes[0].too_long = 1;
	read_mixer(mixer, -ENOSPC);
	expect_report(mixer->fake, "node 0: property 4", "property-size");
}

static void verifier_property_overrun(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	fake_start(mixer->fake);
	mixer->nodes[0].overrun = true;
	read_mixer(mixer, 0);
	expect_report(mixer->fake, "node 0: property 4", "property-overrun");
}

static void verifier_property_pending(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	fake_start(mixer->fake);
	mixer->nodes[0].answer = NEVER;
	mixer_interrupted(mixer);
	expect_no_more(test);
	fake_stop(mixer->fake);
	expect_report(mixer->fake, "node 0: property 4", "property-pending");
}

static void verifier_property_twice(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	fake_start(mixer->fake);
	mixer->nodes[0].answer = TWICE;
	read_mixer(mixer, 0);
	expect_report(mixer->fake, "node 0: property 4", "property-twice");
}

static void verifier_property_support(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	mixer->nodes[0].access = KSPROPERTY_TYPE_GET;
	fake_start(mixer->fake);
	expect_report(mixer->fake, "node 0: property 4", "property-support");
}

static void verifier_property_range(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);

	fake_start(mixer->fake);
	mixer->nodes[0].values[1] = 65536;
	read_mixer(mixer, 0);
	expect_report(mixer->fake, "node 0: property 4", "property-range");
}

/* Somebody has forgotten to give a port back. */
static void verifier_port_kept(struct kunit *test)
{
	struct mixer *mixer = good_mixer(test);
	struct iport_topology *port;

	fake_start(mixer->fake);
	port = mixer->port;
	iunknown_get(&port->unknown);
	fake_stop(mixer->fake);
	expect_report(mixer->fake, "topology port", "port-kept");
	iunknown_put(&port->unknown);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(verifier_good_playback),
	KUNIT_CASE(verifier_good_capture),
	KUNIT_CASE(verifier_failing),
	KUNIT_CASE(verifier_release_order),
	KUNIT_CASE(verifier_double_release),
	KUNIT_CASE(verifier_unknown_tag),
	KUNIT_CASE(verifier_release_revoked),
	KUNIT_CASE(verifier_lock_held_get),
	KUNIT_CASE(verifier_lock_held_release),
	KUNIT_CASE(verifier_lock_not_held),
	KUNIT_CASE(verifier_state_get),
	KUNIT_CASE(verifier_state_refused),
	KUNIT_CASE(verifier_position_backwards),
	KUNIT_CASE(verifier_position_beyond),
	KUNIT_CASE(verifier_position_reset),
	KUNIT_CASE(verifier_revoke_count),
	KUNIT_CASE(verifier_touch_after_close),
	KUNIT_CASE(verifier_touch_old_ring),
	KUNIT_CASE(verifier_touch_last),
	KUNIT_CASE(verifier_good_mixer),
	KUNIT_CASE(verifier_property_size),
	KUNIT_CASE(verifier_property_overrun),
	KUNIT_CASE(verifier_property_pending),
	KUNIT_CASE(verifier_property_twice),
	KUNIT_CASE(verifier_property_support),
	KUNIT_CASE(verifier_property_range),
	KUNIT_CASE(verifier_port_kept),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-verifier",
	.suite_init = start_listening,
	.suite_exit = stop_listening,
	.init = verifier_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
