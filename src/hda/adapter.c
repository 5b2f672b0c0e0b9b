// SPDX-License-Identifier: GPL-2.0
/*
 * Intel HD Audio controllers: the PCI function.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <sound/core.h>
#include <sound/initval.h>

#include "hda.h"

static int index[SNDRV_CARDS] = SNDRV_DEFAULT_IDX;
static char *id[SNDRV_CARDS] = SNDRV_DEFAULT_STR;
static bool enable[SNDRV_CARDS] = SNDRV_DEFAULT_ENABLE_PNP;
static char *model[SNDRV_CARDS];
static bool msi = true;
static int power_save = 10;

module_param_array(index, int, NULL, 0444);
MODULE_PARM_DESC(index, "Number of the card (-1 to 31, -1: the next free one).");
module_param_array(id, charp, NULL, 0444);
MODULE_PARM_DESC(id, "ID of the card (a word of up to 15 letters).");
module_param_array(enable, bool, NULL, 0444);
MODULE_PARM_DESC(enable, "Whether to drive the card (0 or 1).");
module_param_array(model, charp, NULL, 0444);
MODULE_PARM_DESC(model, "Which board it is, for the codec's driver (a word of up to 63 letters).");
module_param(msi, bool, 0444);
MODULE_PARM_DESC(msi, "Interrupts as messages (0 or 1, default 1).");
module_param(power_save, int, 0444);
MODULE_PARM_DESC(power_save,
		 "Seconds until an idle codec sleeps (0 to 3600, 0: never, default 10).");

/*
 * struct hda_kind - what controllers have in common
 * @name: the card's, as snd-hda-intel has it, to the letter: ALSA makes the ID of
 *	it that people's files have
 * @may_not_snoop: firmware can tell them not to
 */
struct hda_kind {
	const char *name;
	bool may_not_snoop;
};

static const struct hda_kind ich = { "HDA Intel", false };
static const struct hda_kind mid = { "HDA Intel MID", true };
static const struct hda_kind pch = { "HDA Intel PCH", true };

#define HDA_DEVICE(device, kind) \
	{ PCI_VDEVICE(INTEL, device), .driver_data = (kernel_ulong_t)&(kind) }

/*
 * ICH6 to the 9 series. Later controllers have a DSP, and those of graphics
 * cards want their driver's help: both are left to others.
 */
static const struct pci_device_id hda_ids[] = {
	HDA_DEVICE(0x2668, ich),	/* ICH6 */
	HDA_DEVICE(0x269a, ich),	/* 63xxESB */
	HDA_DEVICE(0x27d8, ich),	/* ICH7 */
	HDA_DEVICE(0x284b, ich),	/* ICH8 */
	HDA_DEVICE(0x293e, ich),	/* ICH9 */
	HDA_DEVICE(0x293f, ich),	/* ICH9 */
	HDA_DEVICE(0x3a3e, ich),	/* ICH10 */
	HDA_DEVICE(0x3a6e, ich),	/* ICH10 */
	HDA_DEVICE(0x3b56, mid),	/* 5 series */
	HDA_DEVICE(0x3b57, mid),	/* 5 series */
	HDA_DEVICE(0x1c20, pch),	/* 6 series */
	HDA_DEVICE(0x1d20, pch),	/* X79 */
	HDA_DEVICE(0x1e20, pch),	/* 7 series */
	HDA_DEVICE(0x8c20, pch),	/* 8 series */
	HDA_DEVICE(0x8ca0, pch),	/* 9 series */
	HDA_DEVICE(0x9c20, pch),	/* 8 series, mobile */
	HDA_DEVICE(0x9ca0, pch),	/* 9 series, mobile */
	{}
};
MODULE_DEVICE_TABLE(pci, hda_ids);

static struct pc_card_slot slots[SNDRV_CARDS];

static int start_device(struct device *device,
			struct iresource_list *resources)
{
	struct pci_dev *pci = to_pci_dev(device);
	struct snd_card *card = pc_get_card(device);
	const struct pci_device_id *known = pci_match_id(hda_ids, pci);
	/* Whose ID a user has written to new_id is none of them. */
	const struct hda_kind *kind = known ? (void *)known->driver_data : &ich;
	struct hda_controller *controller;
	int err;

	strscpy(card->driver, "HDA-Intel", sizeof(card->driver));
	strscpy(card->shortname, kind->name, sizeof(card->shortname));
	snprintf(card->longname, sizeof(card->longname), "%s at %#llx irq %d",
		 card->shortname, (u64)pci_resource_start(pci, 0), pci->irq);
	err = hda_controller_create(pci, card, resources, &hda_codec_bus_ops,
				    model[(unsigned long)pci_get_drvdata(pci)],
				    kind->may_not_snoop, &controller);
	if (err)
		return err;
	card->private_data = controller;
	err = pc_register_adapter_power_management(&controller->power.unknown,
						   device);
	return err ?: hda_codec_find_all(controller, power_save);
}

static void free_vectors(void *data)
{
	pci_free_irq_vectors(data);
}

static int hda_probe(struct pci_dev *pci, const struct pci_device_id *pci_id)
{
	struct pc_card_options options = {
		.owner = THIS_MODULE,
		.no_resume = true,
	};
	int slot, err;

	slot = pc_take_card_slot(pci, slots, enable);
	if (slot < 0)
		return slot;
	options.index = index[slot];
	options.id = id[slot];
	pci_set_drvdata(pci, (void *)(unsigned long)slot);

	err = pcim_enable_device(pci);
	if (err)
		return err;
	err = pcim_request_all_regions(pci, "snd-wavepci-hda");
	if (err)
		return err;
	err = pci_alloc_irq_vectors(pci, 1, 1, WAVEPCI_IRQ_LINE |
				    (msi ? PCI_IRQ_MSI : 0));
	if (err < 0)
		return err;
	err = devm_add_action_or_reset(&pci->dev, free_vectors, pci);
	if (err)
		return err;
	return pc_add_adapter_device(&pci->dev, start_device, &options);
}

static void hda_remove(struct pci_dev *pci)
{
	hda_codec_let_go_all(pc_get_card(&pci->dev)->private_data);
	pc_remove_adapter_device(&pci->dev);
}

static void hda_shutdown(struct pci_dev *pci)
{
	pc_shutdown_adapter_device(&pci->dev);
}

static struct pci_driver hda_driver = {
	.name = "snd-wavepci-hda",
	.id_table = hda_ids,
	.probe = hda_probe,
	.remove = hda_remove,
	.shutdown = hda_shutdown,
	.driver.pm = pm_ptr(&pc_adapter_pm_ops),
};

static int __init hda_init(void)
{
	if (!hda_stream_parameters_valid())
		return -EINVAL;
	return pci_register_driver(&hda_driver);
}

static void __exit hda_exit(void)
{
	pci_unregister_driver(&hda_driver);
}

module_init(hda_init);
module_exit(hda_exit);

MODULE_AUTHOR("The WavePci for Linux developers");
MODULE_DESCRIPTION("WavePci miniport for Intel HD Audio controllers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(WAVEPCI_NAMESPACE);
