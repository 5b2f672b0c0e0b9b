// SPDX-License-Identifier: GPL-2.0
/*
 * A card without hardware: what is played on a pin is what is recorded on its
 * partner. A card is a platform device.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <sound/core.h>
#include <sound/initval.h>

#include "loopback.h"

#define DRIVER_NAME	"snd-wavepci-loopback"

static int index[LOOPBACK_CARDS_MAX] = {
	[0 ... LOOPBACK_CARDS_MAX - 1] = -1,
};
static char *id[LOOPBACK_CARDS_MAX];

module_param_array(index, int, NULL, 0444);
MODULE_PARM_DESC(index, "Number of the card (-1 to 31, -1: the next free one).");
module_param_array(id, charp, NULL, 0444);
MODULE_PARM_DESC(id, "ID of the card (a word of up to 15 letters).");
static struct platform_device *devices[LOOPBACK_CARDS_MAX];

/* Make a filter of a port and a miniport, and register it as a subdevice. */
static int install_subdevice(struct device *device, const char *name,
			     const guid_t *class_id, struct iunknown *miniport,
			     struct iresource_list *resources,
			     struct iunknown **out_unknown)
{
	struct iport *port;
	int err;

	err = pc_new_port(&port, class_id);
	if (err)
		return err;
	err = port->vtbl->init(port, device, miniport, NULL, resources);
	if (!err)
		err = pc_register_subdevice(device, name, &port->unknown);
	if (err)
		iunknown_put(&port->unknown);
	else
		*out_unknown = &port->unknown;
	return err;
}

static int connect(struct device *device, struct loopback_miniport *miniport,
		   struct iunknown *wave, struct iunknown *topology)
{
	u32 pin = 2 * miniport->pairs;
	int err;

	err = pc_register_physical_connection(device, wave, pin, topology,
					      LOOPBACK_MIXER_PIN_PLAY);
	return err ?: pc_register_physical_connection(device, topology,
						      LOOPBACK_MIXER_PIN_RECORD,
						      wave, pin + 1);
}

static int install(struct device *device, struct loopback_topology *topology,
		   struct iresource_list *resources)
{
	struct iunknown *wave_port, *topology_port;
	struct loopback_miniport *miniport;
	int err;

	err = install_subdevice(device, "Topology", &clsid_port_topology,
				&topology->miniport.unknown, resources,
				&topology_port);
	if (err)
		return err;
	err = loopback_miniport_create(topology, &miniport);
	if (err)
		goto put_topology;
	err = install_subdevice(device, "Loopback", &clsid_port_wavepci,
				&miniport->miniport.unknown, resources,
				&wave_port);
	if (err)
		goto put_miniport;
	err = connect(device, miniport, wave_port, topology_port);
	iunknown_put(wave_port);
put_miniport:
	iunknown_put(&miniport->miniport.unknown);
put_topology:
	iunknown_put(topology_port);
	return err;
}

/* There are no registers to share: the miniports need nothing of an adapter. */
static int start_device(struct device *device, struct iresource_list *resources)
{
	struct snd_card *card = pc_get_card(device);
	struct loopback_topology *topology;
	int err;

	strscpy(card->driver, "WavePci-Loop", sizeof(card->driver));
	strscpy(card->shortname, "WavePci Loopback", sizeof(card->shortname));
	snprintf(card->longname, sizeof(card->longname), "%s %d",
		 card->shortname, to_platform_device(device)->id + 1);

	err = loopback_topology_create(card, &topology);
	if (err)
		return err;
	err = install(device, topology, resources);
	iunknown_put(&topology->miniport.unknown);
	return err;
}

/* There is no remove: the adapter goes with the device's resources. */
static int loopback_probe(struct platform_device *pdev)
{
	const struct pc_card_options options = {
		.owner = THIS_MODULE,
		.index = index[pdev->id],
		.id = id[pdev->id] ?: "Loopback",
		.streaming = loopback_parameters.streaming,
		.may_sleep = loopback_parameters.may_sleep,
	};
	int err;

	err = pc_add_adapter_device(&pdev->dev, start_device, &options);
	if (!err)
		platform_set_drvdata(pdev, pc_get_card(&pdev->dev));
	return err;
}

static struct platform_driver loopback_driver = {
	.driver = { .name = DRIVER_NAME },
	.probe = loopback_probe,
};

static void __loopback_exit(void)
{
	int i = LOOPBACK_CARDS_MAX;

	while (i--)
		platform_device_unregister(devices[i]);
	platform_driver_unregister(&loopback_driver);
}

static int __init add_card(int n)
{
	const struct platform_device_info info = {
		.name = DRIVER_NAME,
		.id = n,
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *pdev = platform_device_register_full(&info);

	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	devices[n] = pdev;
	/* A failing probe doesn't show in the device's registration. */
	return platform_get_drvdata(pdev) ? 0 : -ENODEV;
}

static int __init loopback_init(void)
{
	unsigned int n;
	int err;

	err = loopback_check_parameters();
	if (err)
		return err;
	err = platform_driver_register(&loopback_driver);
	if (err)
		return err;
	for (n = 0; n < loopback_parameters.cards && !err; n++)
		err = add_card(n);
	if (err)
		__loopback_exit();
	return err;
}

static void __exit loopback_exit(void)
{
	__loopback_exit();
}

module_init(loopback_init);
module_exit(loopback_exit);

MODULE_AUTHOR("The WavePci for Linux developers");
MODULE_DESCRIPTION("WavePci miniport without hardware: what is played is recorded");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(WAVEPCI_NAMESPACE);
MODULE_ALIAS("platform:" DRIVER_NAME);
