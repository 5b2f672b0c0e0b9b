// SPDX-License-Identifier: GPL-2.0
/*
 * IPort, IPortWavePci: Init, properties, registry keys, DMA channels.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <sound/core.h>

#include "application.h"

static struct iport *new_port(struct kunit *test)
{
	struct iport *port;

	KUNIT_ASSERT_EQ(test, pc_new_port(&port, &clsid_port_wavepci), 0);
	test_put(test, &port->unknown);
	return port;
}

static struct iport_wavepci *wave_port(struct kunit *test, struct iport *port)
{
	struct iport_wavepci *wave;

	KUNIT_ASSERT_EQ(test, iport_wavepci_query(&port->unknown, &wave), 0);
	iunknown_put(&wave->unknown);
	return wave;
}

static int init(struct iport *port, struct fake *fake,
		struct iunknown *miniport)
{
	return port->vtbl->init(port, fake->device, miniport, NULL, NULL);
}

static void port_object(struct kunit *test)
{
	static const guid_t *const iids[] = {
		&iid_iport, &iid_iport_wavepci, &iid_iport_events,
		&iid_iport_cls_version, &iid_iunregister_subdevice, NULL
	};
	struct iport *none;

	expect_com(test, &new_port(test)->unknown, iids);
	KUNIT_EXPECT_EQ(test, pc_new_port(&none, &iid_iport), -EOPNOTSUPP);
}

static void port_init_binds(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport *port = new_port(test);
	struct iunknown *miniport = fake_new_miniport(fake);

	test_put(test, miniport);
	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), 0);
	expect_log(fake, "init");
	KUNIT_EXPECT_GT(test, references(miniport), 1);
	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), -EALREADY);
	expect_log(fake, "");
}

static void port_init_fails(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct iport *port = new_port(test);
	struct iunknown *miniport = fake_new_miniport(fake);

	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), -ENODEV);
	fake_start(fake);
	port = new_port(test);
	fake->filter_group = true;
	KUNIT_EXPECT_EQ(test, init(port, fake, &new_port(test)->unknown),
			-ENOENT);
	fake->init_error = -ENXIO;
	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), -ENXIO);
	KUNIT_EXPECT_EQ(test, references(miniport), 1);
	fake->init_error = 0;
	fake->description_error = -EPERM;
	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), -EPERM);
	KUNIT_EXPECT_EQ(test, references(miniport), 1);
	/* Nothing is kept, so it can be tried again. */
	fake->description_error = 0;
	KUNIT_EXPECT_EQ(test, init(port, fake, miniport), 0);
	iunknown_put(miniport);
}

static void port_before_init(struct kunit *test)
{
	struct iport *port = new_port(test);
	struct iport_wavepci *wave = wave_port(test, port);
	struct iregistry_key *key;
	struct idma_channel *channel;
	char text[32];
	u32 length;

	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_LOCATION_INFORMATION, sizeof(text),
			text, &length), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, port->vtbl->new_registry_key(port, &key, NULL,
			DEVICE_REGISTRY_KEY, KEY_READ, NULL, 0, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, wave->vtbl->new_master_dma_channel(wave,
			&channel, NULL, NULL, true, true, false, 4096),
			-EINVAL);
}

static void expect_property(struct kunit *test, struct iport *port,
			    enum device_registry_property property,
			    const char *expected)
{
	u32 needed = strlen(expected) + 1, length = 0;
	char text[80] = "";

	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port, property,
			sizeof(text), text, &length), 0);
	KUNIT_EXPECT_STREQ(test, text, expected);
	KUNIT_EXPECT_EQ(test, length, needed);
	/* Just enough, and one too few. */
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port, property,
			needed, text, &length), 0);
	length = 0;
	strscpy(text, "untouched", sizeof(text));
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port, property,
			needed - 1, text, &length), -ENOSPC);
	KUNIT_EXPECT_EQ(test, length, needed);
	KUNIT_EXPECT_STREQ(test, text, "untouched");
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port, property,
			0, NULL, &length), -ENOSPC);
}

static void expect_no_property(struct kunit *test, struct iport *port,
			       enum device_registry_property property)
{
	char text[80];
	u32 length;

	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port, property,
			sizeof(text), text, &length), -EOPNOTSUPP);
}

static void port_properties(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport *port = &fake->port->port;
	struct snd_card *card = pc_get_card(fake->device);

	strscpy(card->longname, "A fake card", sizeof(card->longname));
	expect_property(test, port, DEVICE_PROPERTY_DEVICE_DESCRIPTION,
			"A fake card");
	expect_property(test, port, DEVICE_PROPERTY_DRIVER_KEY_NAME,
			dev_driver_string(fake->device));
	expect_property(test, port, DEVICE_PROPERTY_ENUMERATOR_NAME, "kunit");
	expect_property(test, port, DEVICE_PROPERTY_LOCATION_INFORMATION,
			dev_name(fake->device));
	expect_no_property(test, port, DEVICE_PROPERTY_HARDWARE_ID);
	expect_no_property(test, port, DEVICE_PROPERTY_BUS_NUMBER);
	expect_no_property(test, port, DEVICE_PROPERTY_ADDRESS);
}

static int start_nothing(struct device *device,
			 struct iresource_list *resource_list)
{
	return 0;
}

static void remove_adapter(void *device)
{
	pc_remove_adapter_device(device);
	put_device(device);
}

/* Some PCI function of the machine, as an adapter. */
static struct pci_dev *pci_adapter(struct kunit *test)
{
	static const struct pc_card_options options = {
		.owner = THIS_MODULE, .index = -1,
	};
	struct pci_dev *pci = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);

	if (!pci)
		kunit_skip(test, "there is no PCI");
	KUNIT_ASSERT_EQ(test, pc_add_adapter_device(&pci->dev, start_nothing,
						    &options), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, remove_adapter,
							&pci->dev), 0);
	return pci;
}

static void port_pci_properties(struct kunit *test)
{
	struct iunknown *miniport = fake_new_miniport(fake_new(test));
	struct pci_dev *pci = pci_adapter(test);
	struct iport *port = new_port(test);
	char id[64];
	u32 value, length;

	test_put(test, miniport);
	KUNIT_ASSERT_EQ(test, port->vtbl->init(port, &pci->dev, miniport,
					       NULL, NULL), 0);
	snprintf(id, sizeof(id), "pci:v%08Xd%08Xsv%08Xsd%08X", pci->vendor,
		 pci->device, pci->subsystem_vendor, pci->subsystem_device);
	expect_property(test, port, DEVICE_PROPERTY_HARDWARE_ID, id);
	expect_property(test, port, DEVICE_PROPERTY_ENUMERATOR_NAME, "pci");
	expect_property(test, port, DEVICE_PROPERTY_LOCATION_INFORMATION,
			pci_name(pci));
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_BUS_NUMBER, sizeof(value), &value,
			&length), 0);
	KUNIT_EXPECT_EQ(test, value, pci->bus->number);
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_ADDRESS, sizeof(value), &value,
			&length), 0);
	KUNIT_EXPECT_EQ(test, value, PCI_SLOT(pci->devfn) << 16 |
				     PCI_FUNC(pci->devfn));
	KUNIT_EXPECT_EQ(test, length, sizeof(value));
	KUNIT_EXPECT_EQ(test, port->vtbl->get_device_property(port,
			DEVICE_PROPERTY_ADDRESS, 3, &value, &length),
			-ENOSPC);
}

static void port_registry_key(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport *port = &fake->port->port;
	struct iregistry_key *by_port, *by_device;
	u32 value = 7, disposition = 0, length;
	struct {
		struct key_value_partial_information head;
		u32 value;
	} told;

	KUNIT_ASSERT_EQ(test, port->vtbl->new_registry_key(port, &by_port,
			NULL, GENERAL_REGISTRY_KEY, KEY_ALL_ACCESS, "Settings",
			REG_OPTION_VOLATILE, &disposition), 0);
	test_put(test, &by_port->unknown);
	KUNIT_EXPECT_EQ(test, disposition, REG_CREATED_NEW_KEY);
	KUNIT_ASSERT_EQ(test, by_port->vtbl->set_value_key(by_port, "Gain",
			REG_DWORD, &value, sizeof(value)), 0);
	KUNIT_ASSERT_EQ(test, pc_new_registry_key(&by_device, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, fake->device,
			"settings", 0, &disposition), 0);
	test_put(test, &by_device->unknown);
	KUNIT_EXPECT_EQ(test, disposition, REG_OPENED_EXISTING_KEY);
	KUNIT_EXPECT_EQ(test, by_device->vtbl->query_value_key(by_device,
			"gain", KEY_VALUE_PARTIAL_INFORMATION, &told,
			sizeof(told), &length), 0);
	KUNIT_EXPECT_EQ(test, told.value, 7);
}

static void port_dma_channel(struct kunit *test)
{
	static const struct {
		bool scatter_gather, dma32, dma64;
		u32 length;
		int err;
	} tries[] = {
		{ true, true, false, 4096, 0 },
		{ true, false, true, 4096, 0 },
		/* Of both, 64 bits hold; of none, 32. */
		{ true, true, true, 4096, 0 },
		{ true, false, false, 4096, 0 },
		{ false, true, false, 4096, -EINVAL },
		{ true, true, false, 0, -EINVAL },
	};
	struct fake *fake = fake_new(test);
	struct iport_wavepci *port;
	struct idma_channel *c;
	int i;

	fake->channel_bytes = 0;
	fake_start(fake);
	port = fake->port;
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		int err = port->vtbl->new_master_dma_channel(port, &c, NULL,
				NULL, tries[i].scatter_gather, tries[i].dma32,
				tries[i].dma64, tries[i].length);

		KUNIT_EXPECT_EQ_MSG(test, err, tries[i].err, "try %d", i);
		if (err)
			continue;
		KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device),
				DMA_BIT_MASK(tries[i].dma64 ? 64 : 32));
		KUNIT_EXPECT_EQ(test, c->vtbl->maximum_buffer_size(c), 4096);
		KUNIT_EXPECT_PTR_EQ(test, c->vtbl->get_adapter_object(c),
				    fake->device);
		iunknown_put(&c->unknown);
	}
	KUNIT_EXPECT_EQ(test, dma_get_max_seg_size(fake->device), 65536);
	fake->device->dma_mask = NULL;
	KUNIT_EXPECT_EQ(test, port->vtbl->new_master_dma_channel(port, &c,
			NULL, NULL, true, true, false, 4096), -EIO);
	fake->device->dma_mask = &fake->device->coherent_dma_mask;
}

static struct idma_channel *new_channel(struct fake *fake, bool wide)
{
	struct iport_wavepci *port = fake->port;
	struct idma_channel *channel;

	KUNIT_ASSERT_EQ(fake->test, port->vtbl->new_master_dma_channel(port,
			&channel, NULL, NULL, true, !wide, wide, 4096), 0);
	return channel;
}

/* A mask is the device's: no channel is given what it can't reach. */
static void port_dma_mask_is_the_narrowest(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct idma_channel *wide, *narrow, *other;

	fake->channel_bytes = 0;
	fake_start(fake);
	wide = new_channel(fake, true);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(64));
	narrow = new_channel(fake, false);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(32));
	other = new_channel(fake, true);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(32));
	iunknown_put(&wide->unknown);
	iunknown_put(&narrow->unknown);
	wide = new_channel(fake, true);
	KUNIT_EXPECT_EQ(test, dma_get_mask(fake->device), DMA_BIT_MASK(64));
	iunknown_put(&wide->unknown);
	iunknown_put(&other->unknown);
}

/* The model allows a miniport to hold its port; they part with the card. */
static void port_is_held(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->hold_port = true;
	fake_start(fake);
	fake_stop(fake);
	expect_log(fake, "gone");
}

static int start_fails(struct fake *fake)
{
	return -EIO;
}

static void port_is_held_by_none(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->hold_port = true;
	fake->on_started = start_fails;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EIO);
	expect_log(fake, "init new-p gone-p new-c gone-c gone");
	fake->on_started = NULL;
	fake->pins[1].data_ranges_count = 0;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	expect_log(fake, "init new-p gone-p gone");
}

/* Whoever still has the port finds a port without a card. */
static void port_after_removal(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct iport_wavepci *port = fake->port;
	struct iport *base = &port->port;
	struct iregistry_key *key;
	struct idma_channel *c;
	char text[8];
	u32 length;

	iunknown_get(&port->unknown);
	fake_stop(fake);
	KUNIT_EXPECT_EQ(test, base->vtbl->get_device_property(base,
			DEVICE_PROPERTY_DRIVER_KEY_NAME, sizeof(text), text,
			&length), -ENODEV);
	KUNIT_EXPECT_EQ(test, base->vtbl->new_registry_key(base, &key, NULL,
			GENERAL_REGISTRY_KEY, KEY_READ, NULL, 0, NULL),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, port->vtbl->new_master_dma_channel(port, &c,
			NULL, NULL, true, true, false, 4096), -ENODEV);
	KUNIT_EXPECT_EQ(test, base->vtbl->init(base, fake->device,
			&port->unknown, NULL, NULL), -ENODEV);
	port->vtbl->notify(port, NULL);
	iunknown_put(&port->unknown);
}

static int try_again(struct fake *fake, struct iport *port)
{
	KUNIT_EXPECT_NULL(fake->test, application_pcm(fake, 0));
	fake->pins[3].data_ranges_count = 1;
	return pc_register_subdevice(fake->device, "Fake", &port->unknown);
}

/* A subdevice is registered wholly or not at all, and may be tried again. */
static void port_registers_wholly(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pin_count = 4;
	fake->pins[3].data_ranges_count = 0;
	fake->on_refused = try_again;
	fake_start(fake);
	KUNIT_EXPECT_NOT_NULL(test, application_pcm(fake, 0));
	KUNIT_EXPECT_NOT_NULL(test, application_pcm(fake, 1));
	KUNIT_EXPECT_NULL(test, application_pcm(fake, 2));
}

static void port_any_number_of_instances(struct kunit *test)
{
	struct fake *fake = fake_new(test);
	struct snd_pcm *pcm;

	fake->pins[0].max_filter_instance_count = ~0u;
	fake_start(fake);
	pcm = application_pcm(fake, 0);
	KUNIT_ASSERT_NOT_NULL(test, pcm);
	KUNIT_EXPECT_EQ(test, pcm->streams[0].substream_count, 16);
	KUNIT_EXPECT_EQ(test, pcm->streams[1].substream_count, 2);
}

/* The port doesn't count the channel that NewStream gives. */
static void port_channel_is_not_counted(struct kunit *test)
{
	struct fake *fake = fake_card(test);

	KUNIT_EXPECT_EQ(test, references(&fake->channel->unknown), 1);
}

static void port_version(struct kunit *test)
{
	struct iport_cls_version *version;

	KUNIT_ASSERT_EQ(test, iport_cls_version_query(&new_port(test)->unknown,
						      &version), 0);
	KUNIT_EXPECT_EQ(test, version->vtbl->get_version(version),
			K_VERSION_WIN_XP_UAAQFE);
	iunknown_put(&version->unknown);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(port_object),
	KUNIT_CASE(port_init_binds),
	KUNIT_CASE(port_init_fails),
	KUNIT_CASE(port_before_init),
	KUNIT_CASE(port_properties),
	KUNIT_CASE(port_pci_properties),
	KUNIT_CASE(port_registry_key),
	KUNIT_CASE(port_dma_channel),
	KUNIT_CASE(port_dma_mask_is_the_narrowest),
	KUNIT_CASE(port_is_held),
	KUNIT_CASE(port_is_held_by_none),
	KUNIT_CASE(port_after_removal),
	KUNIT_CASE(port_registers_wholly),
	KUNIT_CASE(port_any_number_of_instances),
	KUNIT_CASE(port_channel_is_not_counted),
	KUNIT_CASE(port_version),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-port",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
