// SPDX-License-Identifier: GPL-2.0
/*
 * The controller: what the kernel's HD-audio library wants of it, its engines,
 * and its power.
 */
#include <linux/pci.h>
#include <linux/slab.h>
#include <sound/core.h>

#include "hda.h"

static struct hda_controller *
from_power(struct iadapter_power_management *power)
{
	return container_of(power, struct hda_controller, power);
}

/* What the library asks of a bus */

static const struct hdac_bus_ops bus_ops = {
	.command = hda_link_command,
	.get_response = hda_link_get_response,
};

#define SNOOP_REGISTER	0x78
#define NO_SNOOP	BIT(11)

/* Firmware may have left that set; our memory is cached. */
static void snoop(struct hda_controller *controller)
{
	u16 value;

	if (!controller->may_not_snoop)
		return;
	pci_read_config_word(controller->pci, SNOOP_REGISTER, &value);
	if (value & NO_SNOOP)
		pci_write_config_word(controller->pci, SNOOP_REGISTER,
				      value & ~NO_SNOOP);
}

/* Bits 0 to 2 of this byte give codecs' samples a way of their own: not that. */
static void start_chip(struct hda_controller *controller)
{
	struct hdac_bus *bus = &controller->bus.core;
	u8 class;

	pci_read_config_byte(controller->pci, AZX_PCIREG_TCSEL, &class);
	pci_write_config_byte(controller->pci, AZX_PCIREG_TCSEL, class & ~7);
	snoop(controller);
	hda_link_forget(bus);
	snd_hdac_bus_init_chip(bus, true);
	/* Engines interrupt when they are told to. */
	snd_hdac_chip_updatel(bus, INTCTL, 0,
			      BIT(controller->engine_count) - 1);
	if (bus->posbuf.addr)
		snd_hdac_chip_writel(bus, DPLBASE,
				     lower_32_bits(bus->posbuf.addr) |
				     AZX_DPLBASE_ENABLE);
}

static void stop_chip(struct hda_controller *controller)
{
	struct hdac_bus *bus = &controller->bus.core;

	snd_hdac_stop_streams_and_chip(bus);
	snd_hdac_bus_enter_link_reset(bus);
}

/*
 * Codecs are devices of their own, and have been put to sleep before; streams
 * are prepared anew by those who play them.
 */
static void power_change_state(struct iadapter_power_management *self,
			       enum device_power_state new_state)
{
	struct hda_controller *controller = from_power(self);

	if (new_state == POWER_DEVICE_D0)
		start_chip(controller);
	else
		stop_chip(controller);
}

static int power_query_change(struct iadapter_power_management *self,
			      enum device_power_state new_state)
{
	return 0;
}

/* Codecs' registers are written to at any time: no sleep while awake. */
static int power_query_capabilities(struct iadapter_power_management *self,
				    struct device_capabilities *caps)
{
	caps->device_state[POWER_SYSTEM_WORKING] = POWER_DEVICE_D0;
	return 0;
}

static const struct iadapter_power_management_vtbl power_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.power_change_state = power_change_state,
	.query_power_change_state = power_query_change,
	.query_device_capabilities = power_query_capabilities,
};

/* Filters and the adapter use it until the end, so it is devres that frees it. */
static void controller_destroy(struct cunknown *object)
{
}

DEFINE_CUNKNOWN_CLASS(controller_class, "HDA controller", controller_destroy,
	CUNKNOWN_INTERFACE(iid_iadapter_power_management,
			   struct hda_controller, power, power_vtbl));

static void controller_release(void *data)
{
	struct hda_controller *controller = data;

	iunknown_put(&controller->power.unknown);
}

/* The card's last device to be freed: codecs have said all they had to say. */
static int controller_free(struct snd_device *device)
{
	struct hda_controller *controller = device->device_data;
	struct hdac_bus *bus = &controller->bus.core;
	u32 n;

	controller->bus.shutdown = 1;
	if (bus->chip_init)
		stop_chip(controller);
	hda_interrupt_disconnect(&controller->interrupt);
	cancel_work_sync(&bus->unsol_work);
	snd_hdac_bus_free_stream_pages(bus);
	for (n = 0; n < controller->engine_count; n++)
		list_del(&controller->engines[n].core.list);
	snd_hdac_bus_exit(bus);
	return 0;
}

static void add_engines(struct hda_controller *controller)
{
	struct hdac_bus *bus = &controller->bus.core;
	u16 gcap = snd_hdac_chip_readw(bus, GCAP);
	u32 captures = (gcap & AZX_GCAP_ISS) >> 8;
	u32 playbacks = (gcap & AZX_GCAP_OSS) >> 12;
	u32 n, playback, tag;

	/* What ICH6 has, where nothing is said. */
	if (!captures && !playbacks)
		captures = playbacks = 4;
	controller->wide = gcap & AZX_GCAP_64OK;
	controller->engine_count = captures + playbacks;
	for (n = 0; n < captures + playbacks; n++) {
		playback = n >= captures;
		/* There are 15 tags: the same ones either way, if need be. */
		tag = captures + playbacks <= 15 || !playback ?
			n + 1 : n - captures + 1;
		snd_hdac_stream_init(bus, &controller->engines[n].core, n,
				     playback ? SNDRV_PCM_STREAM_PLAYBACK :
						SNDRV_PCM_STREAM_CAPTURE, tag);
	}
}

static int init_bus(struct hda_controller *controller,
		    const struct hdac_ext_bus_ops *codec_ops, const char *model)
{
	struct hda_bus *bus = &controller->bus;
	int err;

	err = snd_hdac_bus_init(&bus->core, &controller->pci->dev, &bus_ops);
	if (err)
		return err;
	bus->core.ext_ops = codec_ops;
	bus->core.snoop = true;
	bus->core.use_posbuf = true;
	bus->core.sync_write = 1;
	bus->core.irq = controller->pci->irq;
	bus->card = controller->card;
	bus->pci = controller->pci;
	bus->modelname = model;
	bus->mixer_assigned = -1;
	mutex_init(&bus->prepare_mutex);
	return 0;
}

static int map_registers(struct hda_controller *controller,
			 struct iresource_list *resources)
{
	const struct cm_partial_resource_descriptor *memory;
	struct hdac_bus *bus = &controller->bus.core;

	memory = resources->vtbl->find_translated_entry(resources,
					CM_RESOURCE_TYPE_MEMORY, 0);
	if (!memory || memory->length < 0x80 + 0x20 * HDA_ENGINES_MAX) {
		dev_err(bus->dev,
			"a register space is needed: this is no HD Audio controller\n");
		return -ENODEV;
	}
	bus->addr = pci_resource_start(controller->pci, memory->bar);
	bus->remap_addr = pcim_iomap(controller->pci, memory->bar, 0);
	return bus->remap_addr ? 0 : -ENOMEM;
}

static int start(struct hda_controller *controller,
		 struct iresource_list *resources)
{
	struct hdac_bus *bus = &controller->bus.core;
	struct device *device = &controller->pci->dev;
	int err;

	err = map_registers(controller, resources);
	if (err)
		return err;
	if (snd_hdac_chip_readl(bus, GCTL) == U32_MAX) {
		dev_err(bus->dev, "all ones are read: the controller is gone\n");
		return -ENODEV;
	}
	pci_set_master(controller->pci);
	add_engines(controller);
	err = dma_set_mask_and_coherent(device, controller->wide ?
					DMA_BIT_MASK(64) : DMA_BIT_MASK(32));
	if (err)
		return err;
	err = snd_hdac_bus_alloc_stream_pages(bus);
	if (err)
		return err;
	controller->interrupt.bus = bus;
	controller->interrupt.sources = (BIT(controller->engine_count) - 1) |
					AZX_INT_CTRL_EN;
	controller->interrupt.exclusive =
		pci_dev_msi_enabled(controller->pci);
	err = hda_interrupt_connect(&controller->interrupt, resources);
	if (err)
		return err;
	start_chip(controller);
	return 0;
}

/**
 * hda_controller_create() - make a controller, and start it
 * @pci: the PCI function
 * @card: ALSA's card, which ends it
 * @resources: what it has
 * @codec_ops: attach codecs to it, and detach them
 * @model: what a user has said of the codecs, or NULL
 * @may_not_snoop: its firmware may have it read memory behind caches' backs
 * @out_controller: receives it
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0; -ENOMEM; -ENODEV when there is no such controller; another error.
 */
int hda_controller_create(struct pci_dev *pci, struct snd_card *card,
			  struct iresource_list *resources,
			  const struct hdac_ext_bus_ops *codec_ops,
			  const char *model, bool may_not_snoop,
			  struct hda_controller **out_controller)
{
	static const struct snd_device_ops ops = {
		.dev_free = controller_free,
	};
	struct hda_controller *controller;
	int err;

	controller = devm_kzalloc(&pci->dev, sizeof(*controller), GFP_KERNEL);
	if (!controller)
		return -ENOMEM;
	cunknown_init(&controller->base, &controller_class, NULL);
	mutex_init(&controller->codecs_mutex);
	mutex_init(&controller->filters_mutex);
	INIT_LIST_HEAD(&controller->filters);
	controller->pci = pci;
	controller->card = card;
	controller->may_not_snoop = may_not_snoop;
	controller->alignment = pci->vendor == PCI_VENDOR_ID_INTEL ? 3 : 127;
	err = devm_add_action_or_reset(&pci->dev, controller_release,
				       controller);
	if (err)
		return err;
	err = init_bus(controller, codec_ops, model);
	if (err)
		return err;
	err = snd_device_new(card, SNDRV_DEV_LOWLEVEL, controller, &ops);
	if (err) {
		snd_hdac_bus_exit(&controller->bus.core);
		return err;
	}
	err = start(controller, resources);
	if (!err)
		*out_controller = controller;
	return err;
}

/**
 * hda_controller_restart() - begin anew, when a codec has disturbed the others
 * @controller: the controller, without codecs that anybody uses
 *
 * Context: may sleep.
 */
void hda_controller_restart(struct hda_controller *controller)
{
	snd_hdac_bus_stop_chip(&controller->bus.core);
	start_chip(controller);
}
