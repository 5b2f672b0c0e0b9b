// SPDX-License-Identifier: GPL-2.0
/*
 * IAdapterPowerManagement, IPowerNotify: Linux' transitions are the model's.
 */
#include <linux/delay.h>
#include <linux/pm.h>
#include <linux/pm_runtime.h>
#include <sound/core.h>

#include "application.h"
#include "fake_topology.h"

/*
 * struct manager - IAdapterPowerManagement
 * @base: object
 * @power: the interface
 * @fake: where to note what happens
 * @caps: what it makes of the capabilities, if anything
 * @query_error: what it says to a transition
 * @caps_error: what it says to the capabilities
 * @released: the last reference is gone
 */
struct manager {
	struct cunknown base;

	CUNKNOWN_FACE(iadapter_power_management, power);
	struct fake *fake;
	const struct device_capabilities *caps;
	int query_error;
	int caps_error;
	int released;
};

static struct manager *from_power(struct iadapter_power_management *self)
{
	return container_of(self, struct manager, power);
}

static void note_state(struct manager *manager, const char *what,
		       enum device_power_state state)
{
	char word[16];

	snprintf(word, sizeof(word), "%s-d%d", what, state - POWER_DEVICE_D0);
	fake_note(manager->fake, word);
}

static void manager_change(struct iadapter_power_management *self,
			   enum device_power_state state)
{
	struct manager *manager = from_power(self);

	note_state(manager, "change", state);
	WRITE_ONCE(manager->fake->asleep, state != POWER_DEVICE_D0);
}

static int manager_query(struct iadapter_power_management *self,
			 enum device_power_state state)
{
	note_state(from_power(self), "query", state);
	return from_power(self)->query_error;
}

static int manager_caps(struct iadapter_power_management *self,
			struct device_capabilities *caps)
{
	struct manager *manager = from_power(self);

	if (manager->caps)
		*caps = *manager->caps;
	return manager->caps_error;
}

static const struct iadapter_power_management_vtbl power_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.power_change_state = manager_change,
	.query_power_change_state = manager_query,
	.query_device_capabilities = manager_caps,
};

static const struct cunknown_interface interfaces[] = {
	CUNKNOWN_INTERFACE(iid_iadapter_power_management, struct manager,
			   power, power_vtbl),
	{}
};

static void manager_destroy(struct cunknown *object)
{
	container_of(object, struct manager, base)->released++;
}

static const struct cunknown_class manager_class = {
	.name = "power manager",
	.interfaces = interfaces,
	.destroy = manager_destroy,
};

static struct manager *new_manager(struct kunit *test)
{
	struct manager *manager = kunit_kzalloc(test, sizeof(*manager),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, manager);
	cunknown_init(&manager->base, &manager_class, NULL);
	return manager;
}

static int enlist(struct manager *manager)
{
	return pc_register_adapter_power_management(&manager->power.unknown,
						    manager->fake->device);
}

/* Start a card; its manager has no reference but the adapter's from now on. */
static void manage(struct manager *manager, struct fake *fake,
		   const struct device_capabilities *caps)
{
	manager->fake = fake;
	manager->caps = caps;
	fake_start(fake);
	KUNIT_ASSERT_EQ(fake->test, enlist(manager), 0);
	iunknown_put(&manager->power.unknown);
}

/*
 * A card with a manager. Its memory is the test's; what comes first is freed
 * last.
 */
static struct manager *managed_card(struct kunit *test,
				    const struct device_capabilities *caps)
{
	struct manager *manager = new_manager(test);

	manage(manager, fake_new(test), caps);
	return manager;
}

static const struct device_capabilities sleepy_caps = { {
	[POWER_SYSTEM_WORKING] = POWER_DEVICE_D3,
	[POWER_SYSTEM_SLEEPING] = POWER_DEVICE_D3,
	[POWER_SYSTEM_HIBERNATE] = POWER_DEVICE_D3,
	[POWER_SYSTEM_SHUTDOWN] = POWER_DEVICE_D3,
} };

static void stay_awake(void *device)
{
	pm_runtime_disable(device);
}

/* From now on the device is put to sleep at run time when nobody needs it. */
static void may_sleep(struct fake *fake)
{
	struct device *device = fake->device;

	device->driver->pm = &pc_adapter_pm_ops;
	KUNIT_ASSERT_EQ(fake->test, pm_runtime_set_active(device), 0);
	pm_runtime_enable(device);
	KUNIT_ASSERT_EQ(fake->test,
			kunit_add_action_or_reset(fake->test, stay_awake,
						  device), 0);
}

/* Now, or it has been since a moment ago. */
static void expect_sleep(struct fake *fake)
{
	KUNIT_EXPECT_GE(fake->test, pm_runtime_suspend(fake->device), 0);
	KUNIT_EXPECT_TRUE(fake->test,
			  pm_runtime_status_suspended(fake->device));
}

/* A card that sleeps while the system works, and does so. */
static struct manager *sleeping_card(struct kunit *test)
{
	struct manager *manager = managed_card(test, &sleepy_caps);

	may_sleep(manager->fake);
	expect_sleep(manager->fake);
	expect_log(manager->fake, "query-d3 notify-d3 change-d3");
	return manager;
}

/* The same with a volume and a jack, which tell of changes. */
static struct mixer *sleeping_mixer(struct kunit *test)
{
	struct manager *manager = new_manager(test);
	struct mixer *mixer = mixer_new(test);
	u32 pin;

	mixer_chain(mixer, NULL, &ksnodetype_volume,
		    KSPROPERTY_AUDIO_VOLUMELEVEL, NULL);
	mixer->nodes[0].events = true;
	pin = mixer_pin(mixer, KSPIN_DATAFLOW_OUT, &ksnodetype_headphones);
	mixer->pins[pin].communication = KSPIN_COMMUNICATION_BRIDGE;
	mixer_jack(mixer, pin, 1, 0);
	manage(manager, mixer->fake, &sleepy_caps);
	may_sleep(mixer->fake);
	expect_sleep(mixer->fake);
	return mixer;
}

static void power_registered(struct kunit *test)
{
	struct manager *manager = new_manager(test);
	struct fake *fake = fake_new(test);
	struct test_sink *other = test_sink_new(test);
	struct iunknown *power = &manager->power.unknown;

	manager->fake = fake;
	KUNIT_EXPECT_EQ(test, enlist(manager), -ENODEV);
	KUNIT_EXPECT_EQ(test,
			pc_unregister_adapter_power_management(fake->device),
			-ENODEV);
	fake_start(fake);
	KUNIT_EXPECT_EQ(test,
			pc_unregister_adapter_power_management(fake->device),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, pc_register_adapter_power_management(
				&other->sink.unknown, fake->device), -ENOENT);
	manager->caps_error = -EPERM;
	KUNIT_EXPECT_EQ(test, enlist(manager), -EPERM);
	KUNIT_EXPECT_EQ(test, references(power), 1);
	manager->caps_error = 0;
	KUNIT_EXPECT_EQ(test, enlist(manager), 0);
	KUNIT_EXPECT_EQ(test, references(power), 2);
	KUNIT_EXPECT_EQ(test, enlist(manager), -EBUSY);
	KUNIT_EXPECT_EQ(test, references(power), 2);
	KUNIT_EXPECT_EQ(test,
			pc_unregister_adapter_power_management(fake->device),
			0);
	KUNIT_EXPECT_EQ(test, references(power), 1);
	iunknown_put(power);
	iunknown_put(&other->sink.unknown);
}

static void power_released_with_adapter(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);

	KUNIT_EXPECT_EQ(test, manager->released, 0);
	fake_stop(manager->fake);
	KUNIT_EXPECT_EQ(test, manager->released, 1);
}

static void power_sleep(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);
	struct fake *fake = manager->fake;
	const struct dev_pm_ops *pm = fake->driver.pm;

	KUNIT_ASSERT_NOT_NULL(test, pm);
	/* The miniports first on the way down, last on the way up. */
	KUNIT_EXPECT_EQ(test, pm->suspend(fake->device), 0);
	expect_log(fake, "query-d3 notify-d3 change-d3");
	KUNIT_EXPECT_EQ(test, pm->resume(fake->device), 0);
	expect_log(fake, "change-d0 notify-d0");
	KUNIT_EXPECT_EQ(test, pm->freeze(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->thaw(fake->device), 0);
	expect_log(fake,
		   "query-d3 notify-d3 change-d3 change-d0 notify-d0");
	KUNIT_EXPECT_EQ(test, pm->poweroff(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->restore(fake->device), 0);
	expect_log(fake,
		   "query-d3 notify-d3 change-d3 change-d0 notify-d0");
	/* Not while the system works, unless the adapter says so. */
	KUNIT_EXPECT_EQ(test, pm->runtime_suspend(fake->device), -EBUSY);
	expect_log(fake, "");
}

static void power_sleep_at_work(struct kunit *test)
{
	struct manager *manager = managed_card(test, &sleepy_caps);
	struct fake *fake = manager->fake;
	const struct dev_pm_ops *pm = fake->driver.pm;

	KUNIT_EXPECT_EQ(test, pm->runtime_suspend(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->runtime_resume(fake->device), 0);
	expect_log(fake,
		   "query-d3 notify-d3 change-d3 change-d0 notify-d0");
}

static unsigned int alsa_state(struct fake *fake)
{
	return snd_power_get_state(pc_get_card(fake->device));
}

/* ALSA has whoever asks for a control wait for D0, and nobody goes there. */
static void power_at_work_is_not_alsas(struct kunit *test)
{
	struct manager *manager = sleeping_card(test);
	struct fake *fake = manager->fake;

	KUNIT_EXPECT_EQ(test, alsa_state(fake), SNDRV_CTL_POWER_D0);
	KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(fake->device), 0);
	expect_log(fake, "change-d0 notify-d0");
	KUNIT_EXPECT_EQ(test, alsa_state(fake), SNDRV_CTL_POWER_D0);
	pm_runtime_put(fake->device);
}

/*
 * Who sleeps is woken up first, and then it is as with anybody else. As in a
 * sleep of the system nobody is put to sleep at run time meanwhile.
 */
static void power_sleep_asleep(struct kunit *test)
{
	struct manager *manager = sleeping_card(test);
	struct fake *fake = manager->fake;
	const struct dev_pm_ops *pm = fake->driver.pm;

	pm_runtime_get_noresume(fake->device);
	KUNIT_EXPECT_EQ(test, pm->suspend(fake->device), 0);
	expect_log(fake,
		   "change-d0 notify-d0 query-d3 notify-d3 change-d3");
	KUNIT_EXPECT_EQ(test, alsa_state(fake), SNDRV_CTL_POWER_D3hot);
	KUNIT_EXPECT_EQ(test, pm->resume(fake->device), 0);
	expect_log(fake, "change-d0 notify-d0");
	KUNIT_EXPECT_EQ(test, alsa_state(fake), SNDRV_CTL_POWER_D0);
	/* It is awake, and Linux knows it, and puts it to sleep again. */
	KUNIT_EXPECT_FALSE(test, pm_runtime_status_suspended(fake->device));
	pm_runtime_put(fake->device);
	expect_sleep(fake);
	expect_log(fake, "query-d3 notify-d3 change-d3");
	/* Not so when it is denied. */
	pm_runtime_get_noresume(fake->device);
	manager->query_error = -EPERM;
	KUNIT_EXPECT_EQ(test, pm->freeze(fake->device), -EPERM);
	expect_log(fake, "change-d0 notify-d0 query-d3");
	KUNIT_EXPECT_EQ(test, alsa_state(fake), SNDRV_CTL_POWER_D0);
	pm_runtime_put(fake->device);
}

static void power_shutdown_asleep(struct kunit *test)
{
	struct fake *fake = sleeping_card(test)->fake;

	pm_runtime_get_noresume(fake->device);
	pc_shutdown_adapter_device(fake->device);
	expect_log(fake, "change-d0 notify-d0 notify-d3 change-d3");
	pm_runtime_put(fake->device);
}

static void none_possible(u32 pin_id, u32 *filter_necessary,
			  u32 *filter_current, u32 *filter_possible,
			  u32 *global_current, u32 *global_possible)
{
	*filter_possible = 0;
}

/* Before anything is asked of the miniport, and for as long as it is open. */
static void power_open_wakes(struct kunit *test)
{
	struct fake *fake = sleeping_card(test)->fake;
	struct application *app;
	int counts = fake->pin_counts;

	app = application_open(test, fake, SNDRV_PCM_STREAM_PLAYBACK);
	expect_log(fake, "change-d0 notify-d0");
	KUNIT_EXPECT_GT(test, fake->pin_counts, counts);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	KUNIT_EXPECT_EQ(test, pm_runtime_suspend(fake->device), -EAGAIN);
	application_close(app);
	expect_sleep(fake);
	expect_log(fake, "query-d3 notify-d3 change-d3");

	fake->pin_count = none_possible;
	KUNIT_EXPECT_EQ(test, application_try_open(app, fake, 0,
						   SNDRV_PCM_STREAM_CAPTURE),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	expect_sleep(fake);
}

/* Whoever opens a mixer, and what it tells of itself; the last one, too. */
static void power_mixer_wakes(struct kunit *test)
{
	struct mixer *mixer = sleeping_mixer(test);
	struct snd_kcontrol *volume = mixer_control(mixer,
						    "Master Playback Volume");
	struct fake *fake = mixer->fake;
	long left, right;
	u32 asked;

	KUNIT_ASSERT_NOT_NULL(test, volume);
	KUNIT_EXPECT_EQ(test, mixer_get(volume, &left, &right), 0);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	expect_sleep(fake);
	KUNIT_EXPECT_EQ(test, mixer_put(volume, 1, 1), 1);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	expect_sleep(fake);
	asked = mixer->jack_asked;
	mixer_plug(mixer, 2, BIT(0));
	while (READ_ONCE(mixer->jack_asked) == asked)
		usleep_range(1000, 2000);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	expect_sleep(fake);
	fake_stop(fake);
	KUNIT_EXPECT_TRUE(test, mixer->nodes[0].event_verbs &
				PCEVENT_VERB_REMOVE);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	expect_sleep(fake);
}

/* An answer that was put off needs the hardware, whoever waits for it. */
static void power_awake_until_answered(struct kunit *test)
{
	struct mixer *mixer = sleeping_mixer(test);
	struct device *device = mixer->fake->device;

	mixer->nodes[0].answer = NEVER;
	mixer_interrupted(mixer);
	KUNIT_EXPECT_EQ(test, pm_runtime_suspend(device), -EAGAIN);
	KUNIT_EXPECT_EQ(test,
			pc_complete_pending_property_request(mixer->pending, 0),
			0);
	expect_sleep(mixer->fake);
	/* Nor does what is never answered leave it awake for good. */
	mixer_interrupted(mixer);
	KUNIT_EXPECT_EQ(test, pm_runtime_suspend(device), -EAGAIN);
	fake_stop(mixer->fake);
	expect_sleep(mixer->fake);
}

static int try_to_sleep(struct fake *fake, struct iresource_list *resources)
{
	KUNIT_EXPECT_EQ(fake->test, pm_runtime_suspend(fake->device), -EAGAIN);
	return *(int *)fake->context;
}

static void power_start_is_awake(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	int start_error = -EIO;

	may_sleep(fake);
	fake->on_start = try_to_sleep;
	fake->context = &start_error;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EIO);
	expect_sleep(fake);
	start_error = 0;
	fake_start(fake);
	fake_stop(fake);
	expect_sleep(fake);
}

static int stay_asleep(struct device *device)
{
	return -EIO;
}

/* Who doesn't wake up isn't asked, but goes with its card all the same. */
static void power_stuck(struct kunit *test)
{
	static const struct dev_pm_ops stuck = {
		.runtime_resume = stay_asleep,
	};
	struct mixer *mixer = sleeping_mixer(test);
	struct fake *fake = mixer->fake;
	struct application app = {};
	int counts = fake->pin_counts;
	long left, right;

	fake->device->driver->pm = &stuck;
	KUNIT_EXPECT_EQ(test, application_try_open(&app, fake, 0,
						   SNDRV_PCM_STREAM_PLAYBACK),
			-EIO);
	KUNIT_EXPECT_EQ(test, fake->pin_counts, counts);
	KUNIT_EXPECT_LT(test,
			mixer_get(mixer_control(mixer,
						"Master Playback Volume"),
				  &left, &right), 0);
	KUNIT_EXPECT_EQ(test, fake->asked_asleep, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->device->power.usage_count), 0);
	fake_stop(fake);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->device->power.usage_count), 0);
}

/* The streams are told, too: first on the way down, last on the way up. */
static void power_streams(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);
	struct fake *fake = manager->fake;
	struct application *app;

	fake->stream_power = true;
	app = application_prepared(test, fake, SNDRV_PCM_STREAM_PLAYBACK);
	application_prepared(test, fake, SNDRV_PCM_STREAM_CAPTURE);
	expect_log(fake,
		   "new-p acquire pause new-c acquire pause");
	KUNIT_EXPECT_EQ(test, fake->driver.pm->suspend(fake->device), 0);
	expect_log(fake, "query-d3 stream-d3 stream-d3 notify-d3 change-d3");
	KUNIT_EXPECT_EQ(test, fake->driver.pm->resume(fake->device), 0);
	expect_log(fake, "change-d0 notify-d0 stream-d0 stream-d0");

	/* Not when they are gone. */
	application_close(app);
	expect_log(fake, "acquire stop gone-p");
	KUNIT_EXPECT_EQ(test, fake->driver.pm->suspend(fake->device), 0);
	expect_log(fake, "query-d3 stream-d3 notify-d3 change-d3");
	KUNIT_EXPECT_EQ(test, fake->driver.pm->resume(fake->device), 0);
	expect_log(fake, "change-d0 notify-d0 stream-d0");
}

/* What runs is stopped for good, and then all are told; nobody is asked. */
static void power_shutdown(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);
	struct fake *fake = manager->fake;
	struct application *app;

	pc_shutdown_adapter_device(fake->device);
	expect_log(fake, "notify-d3 change-d3");

	manager = managed_card(test, NULL);
	fake = manager->fake;
	fake->stream_power = true;
	manager->query_error = -EBUSY;
	app = application_running(test, fake, SNDRV_PCM_STREAM_PLAYBACK);
	expect_log(fake, "new-p acquire pause run");
	pc_shutdown_adapter_device(fake->device);
	expect_log(fake, "pause stream-d3 notify-d3 change-d3");
	KUNIT_EXPECT_EQ(test, application_start(app), -EBADFD);
	application_close(app);
}

static void power_denied(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);
	struct fake *fake = manager->fake;

	manager->query_error = -EBUSY;
	KUNIT_EXPECT_EQ(test, fake->driver.pm->suspend(fake->device), -EBUSY);
	expect_log(fake, "query-d3");
}

/* At run time it is no more than "not now", whatever the adapter calls it. */
static void power_denied_at_work(struct kunit *test)
{
	struct manager *manager = managed_card(test, &sleepy_caps);
	struct fake *fake = manager->fake;

	may_sleep(fake);
	manager->query_error = -EPERM;
	KUNIT_EXPECT_EQ(test, pm_runtime_suspend(fake->device), -EBUSY);
	expect_log(fake, "query-d3");
	/* Linux would refuse to wake up what had failed to sleep. */
	application_close(application_open(test, fake,
					   SNDRV_PCM_STREAM_PLAYBACK));
	manager->query_error = 0;
	expect_sleep(fake);
}

static void power_capabilities(struct kunit *test)
{
	static const struct device_capabilities caps = { {
		[POWER_SYSTEM_WORKING] = POWER_DEVICE_D0,
		[POWER_SYSTEM_SLEEPING] = POWER_DEVICE_D1,
		[POWER_SYSTEM_HIBERNATE] = POWER_DEVICE_D2,
	} };
	struct manager *manager = managed_card(test, &caps);
	struct fake *fake = manager->fake;
	const struct dev_pm_ops *pm = fake->driver.pm;

	KUNIT_EXPECT_EQ(test, pm->suspend(fake->device), 0);
	expect_log(fake, "query-d1 notify-d1 change-d1");
	KUNIT_EXPECT_EQ(test, pm->freeze(fake->device), 0);
	expect_log(fake, "query-d2 notify-d2 change-d2");
	/* It isn't put to sleep while the system works. */
	KUNIT_EXPECT_EQ(test, pm->runtime_suspend(fake->device), -EBUSY);
	expect_log(fake, "");
}

static void power_without_manager(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	const struct dev_pm_ops *pm = fake->driver.pm;

	KUNIT_EXPECT_EQ(test, pm->suspend(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->resume(fake->device), 0);
	expect_log(fake, "notify-d3 notify-d0");
}

static void power_plain_miniport(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->plain = true;
	fake_start(fake);
	KUNIT_EXPECT_EQ(test, fake->driver.pm->suspend(fake->device), 0);
	KUNIT_EXPECT_EQ(test, fake->driver.pm->resume(fake->device), 0);
	expect_log(fake, "");
}

static void power_no_adapter(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	const struct dev_pm_ops *pm = fake->driver.pm;

	KUNIT_EXPECT_EQ(test, pm->suspend(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->resume(fake->device), 0);
	KUNIT_EXPECT_EQ(test, pm->runtime_suspend(fake->device), 0);
	pc_shutdown_adapter_device(fake->device);
}

/* Only a card that manages its power can go on where it was. */
static void power_can_resume(struct kunit *test)
{
	struct manager *manager = managed_card(test, NULL);
	struct application *app;

	app = application_open(test, manager->fake, SNDRV_PCM_STREAM_PLAYBACK);
	KUNIT_EXPECT_TRUE(test, app->substream->runtime->hw.info &
				SNDRV_PCM_INFO_RESUME);
	app = application_open(test, fake_card(test),
			       SNDRV_PCM_STREAM_PLAYBACK);
	KUNIT_EXPECT_FALSE(test, app->substream->runtime->hw.info &
				 SNDRV_PCM_INFO_RESUME);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(power_registered),
	KUNIT_CASE(power_released_with_adapter),
	KUNIT_CASE(power_sleep),
	KUNIT_CASE(power_sleep_at_work),
	KUNIT_CASE(power_at_work_is_not_alsas),
	KUNIT_CASE(power_sleep_asleep),
	KUNIT_CASE(power_shutdown_asleep),
	KUNIT_CASE(power_open_wakes),
	KUNIT_CASE(power_mixer_wakes),
	KUNIT_CASE(power_awake_until_answered),
	KUNIT_CASE(power_start_is_awake),
	KUNIT_CASE(power_stuck),
	KUNIT_CASE(power_streams),
	KUNIT_CASE(power_shutdown),
	KUNIT_CASE(power_denied),
	KUNIT_CASE(power_denied_at_work),
	KUNIT_CASE(power_capabilities),
	KUNIT_CASE(power_without_manager),
	KUNIT_CASE(power_plain_miniport),
	KUNIT_CASE(power_no_adapter),
	KUNIT_CASE(power_can_resume),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-power",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
