// SPDX-License-Identifier: GPL-2.0
/*
 * PcAddAdapterDevice, PcRegisterSubdevice and the like.
 */
#include <linux/ktime.h>
#include <linux/pm_runtime.h>
#include <sound/core.h>

#include "application.h"

static void adapter_card(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct snd_card *card;

	KUNIT_EXPECT_NULL(test, pc_get_card(fake->device));
	fake->options.id = "Fakery";
	fake_start(fake);
	card = pc_get_card(fake->device);
	KUNIT_ASSERT_NOT_NULL(test, card);
	KUNIT_EXPECT_STREQ(test, card->id, "Fakery");
	KUNIT_EXPECT_PTR_EQ(test, card->dev, fake->device);
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EEXIST);

	fake_stop(fake);
	expect_log(fake, "gone");
	KUNIT_EXPECT_NULL(test, pc_get_card(fake->device));
	pc_remove_adapter_device(fake->device);
	/* And again. */
	fake_start(fake);
}

static int refuse(struct fake *fake)
{
	return -ENOTTY;
}

static int refuse_early(struct fake *fake, struct iresource_list *resources)
{
	return -EPERM;
}

/* All that was made is released: objects_init() counts. */
static void adapter_start_fails(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->on_start = refuse_early;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EPERM);
	expect_log(fake, "");
	fake->on_start = NULL;
	fake->init_error = -ENXIO;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -ENXIO);
	expect_log(fake, "init gone");
	fake->init_error = 0;
	fake->on_started = refuse;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -ENOTTY);
	expect_log(fake, "init new-p gone-p new-c gone-c gone");
	KUNIT_EXPECT_NULL(test, pc_get_card(fake->device));
	fake->on_started = NULL;
	fake_start(fake);
}

static void adapter_subdevice_refused(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct test_sink *sink = test_sink_new(test);
	struct iport *port;

	test_put(test, &sink->sink.unknown);
	KUNIT_ASSERT_EQ(test, pc_new_port(&port, &clsid_port_wavepci), 0);
	test_put(test, &port->unknown);
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "None",
						    &port->unknown), -ENODEV);
	fake_start(fake);
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "None",
						    &sink->sink.unknown),
			-EINVAL);
	/* A port, but not bound to a miniport. */
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "None",
						    &port->unknown), -EINVAL);
	/* Registered already. */
	KUNIT_EXPECT_EQ(test, pc_register_subdevice(fake->device, "None",
						    &fake->port->unknown),
			-EINVAL);
}

static void adapter_connection(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct test_sink *sink = test_sink_new(test);
	struct iunknown *other = &sink->sink.unknown, *port;

	test_put(test, other);
	KUNIT_EXPECT_EQ(test, pc_register_physical_connection(fake->device,
			other, 0, other, 1), -ENODEV);
	fake_start(fake);
	port = &fake->port->unknown;
	KUNIT_EXPECT_EQ(test, pc_register_physical_connection(fake->device,
			other, 0, port, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_register_physical_connection(fake->device,
			port, 0, other, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, pc_register_physical_connection(fake->device,
			port, 0, port, 1), 0);
}

static void adapter_two(struct kunit *test)
{
	struct fake *first = fake_card(test);
	struct fake *second = fake_card(test);

	KUNIT_EXPECT_PTR_NE(test, pc_get_card(first->device),
			    pc_get_card(second->device));
	/* One's subdevice isn't the other's. */
	KUNIT_EXPECT_EQ(test, pc_register_physical_connection(first->device,
			&first->port->unknown, 0, &second->port->unknown, 0),
			-EINVAL);
}

static void adapter_time_interval(struct kunit *test)
{
	u64 before = ktime_get_ns() / 100;
	u64 start = pc_get_time_interval(0);
	u64 passed = pc_get_time_interval(start - GTI_MILLISECONDS(2));
	u64 after = ktime_get_ns() / 100;

	KUNIT_EXPECT_GE(test, start, before);
	KUNIT_EXPECT_LE(test, start, after);
	KUNIT_EXPECT_GE(test, passed, GTI_MILLISECONDS(2));
	KUNIT_EXPECT_LE(test, passed, after - start + GTI_MILLISECONDS(2));
	KUNIT_EXPECT_EQ(test, GTI_SECONDS(1), 10000000);
}

static int unregister(struct fake *fake)
{
	struct iunknown *port = &fake->port->unknown;
	struct iunregister_subdevice *face = NULL;
	int err = iunregister_subdevice_query(port, &face);

	if (!err)
		err = face->vtbl->unregister_subdevice(face, fake->device,
						       port);
	if (face)
		iunknown_put(&face->unknown);
	return err;
}

/* Taken away with its connections, and registered once more. */
static int unregister_and_again(struct fake *fake)
{
	struct iunknown *port = &fake->port->unknown;
	int err;

	err = pc_register_physical_connection(fake->device, port, 0, port, 1);
	if (!err)
		err = unregister(fake);
	if (err)
		return err;
	KUNIT_EXPECT_EQ(fake->test, unregister(fake), -EINVAL);
	KUNIT_EXPECT_EQ(fake->test,
			pc_register_physical_connection(fake->device, port, 0,
							port, 1), -EINVAL);
	return pc_register_subdevice(fake->device, "Again", port);
}

static void adapter_unregister_subdevice(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct snd_card *card;
	struct snd_pcm *pcm;

	fake->on_started = unregister_and_again;
	fake_start(fake);
	pcm = application_pcm(fake, 0);
	KUNIT_ASSERT_NOT_NULL(test, pcm);
	KUNIT_EXPECT_STREQ(test, pcm->name, "Again");
	KUNIT_EXPECT_NULL(test, application_pcm(fake, 1));
	/* The card has its devices now. */
	card = pc_get_card(fake->device);
	KUNIT_EXPECT_TRUE(test, card->registered);
	KUNIT_EXPECT_EQ(test, unregister(fake), -EBUSY);
}

static void adapter_properties(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct device *device = NULL;
	char text[32];
	u32 length;

	KUNIT_EXPECT_EQ(test, pc_get_device_property(fake->device,
			DEVICE_PROPERTY_DEVICE_DESCRIPTION, sizeof(text), text,
			&length), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, pc_get_physical_device_object(fake->device,
							    &device), -ENODEV);
	fake_start(fake);
	KUNIT_EXPECT_EQ(test, pc_get_device_property(fake->device,
			DEVICE_PROPERTY_LOCATION_INFORMATION, sizeof(text),
			text, &length), 0);
	KUNIT_EXPECT_STREQ(test, text, dev_name(fake->device));
	KUNIT_EXPECT_EQ(test, pc_get_device_property(fake->device,
			DEVICE_PROPERTY_LOCATION_INFORMATION, 1, text,
			&length), -ENOSPC);
	KUNIT_EXPECT_EQ(test, length, strlen(text) + 1);
	KUNIT_EXPECT_EQ(test, pc_get_physical_device_object(fake->device,
							    &device), 0);
	KUNIT_EXPECT_PTR_EQ(test, device, fake->device);
}

/* Run-time power management isn't enabled for it, as for most cards. */
static void adapter_requests_power(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	KUNIT_EXPECT_EQ(test, pc_request_new_power_state(fake->device,
						POWER_DEVICE_D0), -ENODEV);
	fake_start(fake);
	KUNIT_EXPECT_EQ(test, pc_request_new_power_state(fake->device,
						POWER_DEVICE_D1), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, pc_request_new_power_state(fake->device,
						POWER_DEVICE_D3), -EACCES);
	pm_runtime_set_active(fake->device);
	pm_runtime_enable(fake->device);
	KUNIT_EXPECT_EQ(test, pc_request_new_power_state(fake->device,
						POWER_DEVICE_D0), 0);
	pm_runtime_get_noresume(fake->device);
	KUNIT_EXPECT_EQ(test, pc_request_new_power_state(fake->device,
						POWER_DEVICE_D3), -EAGAIN);
	pm_runtime_put_noidle(fake->device);
	pm_runtime_disable(fake->device);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(adapter_card),
	KUNIT_CASE(adapter_start_fails),
	KUNIT_CASE(adapter_subdevice_refused),
	KUNIT_CASE(adapter_connection),
	KUNIT_CASE(adapter_two),
	KUNIT_CASE(adapter_time_interval),
	KUNIT_CASE(adapter_unregister_subdevice),
	KUNIT_CASE(adapter_properties),
	KUNIT_CASE(adapter_requests_power),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-adapter",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
