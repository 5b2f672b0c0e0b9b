// SPDX-License-Identifier: GPL-2.0
/*
 * Intel 82801 (ICH) AC'97 controllers and those with the same registers: the
 * PCI function, the codec link, codec and mixer.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/initval.h>

#include <wavepci/alsa.h>

#include "ich.h"

static int index[SNDRV_CARDS] = SNDRV_DEFAULT_IDX;
static char *id[SNDRV_CARDS] = SNDRV_DEFAULT_STR;
static bool enable[SNDRV_CARDS] = SNDRV_DEFAULT_ENABLE_PNP;
static bool streaming[SNDRV_CARDS];

module_param_array(index, int, NULL, 0444);
MODULE_PARM_DESC(index, "Number of the card (-1 to 31, -1: the next free one).");
module_param_array(id, charp, NULL, 0444);
MODULE_PARM_DESC(id, "ID of the card (a word of up to 15 letters).");
module_param_array(enable, bool, NULL, 0444);
MODULE_PARM_DESC(enable, "Whether to drive the card (0 or 1).");
module_param_array(streaming, bool, NULL, 0444);
MODULE_PARM_DESC(streaming,
		 "Queue packets only when they are written (0 or 1, default 0).");

#define OTHER_CARD	"Intel ICH"

/* Driver data that no line has is refused in new_id: one has none. */
#define ICH_DEVICE(vendor, device, name) \
	{ PCI_VDEVICE(vendor, device), .driver_data = (kernel_ulong_t)(name) }

/*
 * What the cards are called is as snd-intel8x0 has it, to the letter: ALSA makes
 * the ID of it that people's files have.
 */
static const struct pci_device_id ich_ids[] = {
	ICH_DEVICE(INTEL, 0x2415, "Intel 82801AA-ICH"),
	ICH_DEVICE(INTEL, 0x2425, "Intel 82901AB-ICH0"),
	ICH_DEVICE(INTEL, 0x2445, "Intel 82801BA-ICH2"),
	ICH_DEVICE(INTEL, 0x2485, "Intel 82801CA-ICH3"),
	ICH_DEVICE(INTEL, 0x24c5, "Intel 82801DB-ICH4"),
	ICH_DEVICE(INTEL, 0x24d5, "Intel ICH5"),
	ICH_DEVICE(INTEL, 0x25a6, "Intel 6300ESB"),
	ICH_DEVICE(INTEL, 0x266e, "Intel ICH6"),
	ICH_DEVICE(INTEL, 0x27de, "Intel ICH7"),
	ICH_DEVICE(INTEL, 0x2698, "Intel ESB2"),
	ICH_DEVICE(AMD, 0x746d, "AMD AMD8111"),
	ICH_DEVICE(AMD, 0x7445, "AMD AMD768"),
	ICH_DEVICE(NVIDIA, 0x01b1, "NVidia nForce"),
	ICH_DEVICE(NVIDIA, 0x006a, "NVidia nForce2"),
	ICH_DEVICE(NVIDIA, 0x00da, "NVidia nForce3"),
	ICH_DEVICE(NVIDIA, 0x0059, "NVidia CK804"),
	ICH_DEVICE(NVIDIA, 0x008a, "NVidia CK8"),
	ICH_DEVICE(NVIDIA, 0x00ea, "NVidia CK8S"),
	ICH_DEVICE(NVIDIA, 0x003a, "NVidia MCP04"),
	ICH_DEVICE(NVIDIA, 0x026b, NULL),
	{}
};
MODULE_DEVICE_TABLE(pci, ich_ids);

#define CODECS_READY	(ICH_GLOB_STA_PCR | ICH_GLOB_STA_SCR | ICH_GLOB_STA_TCR)
#define LINK_TIMEOUT_MS	1000
#define OTHERS_TIMEOUT_MS	50

/*
 * struct ich_adapter - an ICH controller
 * @base: object
 * @common: what the miniport sees of it
 * @power: its part in power transitions
 * @pci: the PCI function
 * @nabm: bus master registers
 * @nam: mixer registers
 * @nam_length: how long they are: room for a number of codecs
 * @bus: the codecs
 * @channels: what the link is to play, as GLOB_CNT has it
 */
struct ich_adapter {
	struct cunknown base;

	CUNKNOWN_FACE(iadapter_common, common);
	CUNKNOWN_FACE(iadapter_power_management, power);
	struct pci_dev *pci;
	void __iomem *nabm;
	void __iomem *nam;
	u32 nam_length;
	struct snd_ac97_bus *bus;
	u32 channels;
};

static struct ich_adapter *from_common(struct iadapter_common *common)
{
	return container_of(common, struct ich_adapter, common);
}

/* The codec link */

/*
 * Reading CAS takes the link; using it gives it back. A register that no
 * codec has doesn't give it back, so after a while we go on all the same.
 */
static void codec_acquire(struct ich_adapter *adapter)
{
	int tries = 100;

	while (ioread8(adapter->nabm + ICH_CAS) & 1 && tries--)
		udelay(10);
}

static void codec_write(struct snd_ac97 *ac97, unsigned short reg,
			unsigned short value)
{
	struct ich_adapter *adapter = ac97->private_data;

	codec_acquire(adapter);
	iowrite16(value, adapter->nam + ac97->num * ICH_CODEC_STRIDE + reg);
}

static unsigned short codec_read(struct snd_ac97 *ac97, unsigned short reg)
{
	struct ich_adapter *adapter = ac97->private_data;
	unsigned short value;
	u32 status;

	codec_acquire(adapter);
	value = ioread16(adapter->nam + ac97->num * ICH_CODEC_STRIDE + reg);
	status = ioread32(adapter->nabm + ICH_GLOB_STA);
	if (!(status & ICH_GLOB_STA_RCS))
		return value;
	iowrite32(ICH_GLOB_STA_RCS, adapter->nabm + ICH_GLOB_STA);
	return 0xffff;
}

/*
 * Bring the link up, and give the ready codecs. When there is one, others have
 * a moment more to show up.
 */
static int link_start(struct ich_adapter *adapter, u32 *ready)
{
	int ms = LINK_TIMEOUT_MS;
	u32 control;

	control = ioread32(adapter->nabm + ICH_GLOB_CNT);
	if (control == U32_MAX)
		return -ENODEV;
	control &= ~(ICH_GLOB_CNT_LINK_OFF | ICH_GLOB_CNT_PCM_246 |
		     ICH_GLOB_CNT_PCM_20BIT);
	control |= adapter->channels;
	control |= control & ICH_GLOB_CNT_COLD ? ICH_GLOB_CNT_WARM :
						 ICH_GLOB_CNT_COLD;
	iowrite32(control, adapter->nabm + ICH_GLOB_CNT);

	do {
		*ready = ioread32(adapter->nabm + ICH_GLOB_STA) & CODECS_READY;
		control = ioread32(adapter->nabm + ICH_GLOB_CNT);
		if (*ready && !(control & ICH_GLOB_CNT_WARM))
			ms = min(ms, OTHERS_TIMEOUT_MS);
		usleep_range(1000, 2000);
	} while (--ms);
	return *ready ? 0 : -EIO;
}

static const struct ac97_pcm codec_pcms[ICH_PINS] = {
	[ICH_PIN_PCM_OUT] = {
		.exclusive = 1,
		.r = { { .slots = BIT(AC97_SLOT_PCM_LEFT) |
				  BIT(AC97_SLOT_PCM_RIGHT) |
				  BIT(AC97_SLOT_PCM_CENTER) |
				  BIT(AC97_SLOT_PCM_SLEFT) |
				  BIT(AC97_SLOT_PCM_SRIGHT) |
				  BIT(AC97_SLOT_LFE) } },
	},
	[ICH_PIN_PCM_IN] = {
		.stream = 1,
		.exclusive = 1,
		.r = { { .slots = BIT(AC97_SLOT_PCM_LEFT) |
				  BIT(AC97_SLOT_PCM_RIGHT) } },
	},
	[ICH_PIN_MIC_IN] = {
		.stream = 1,
		.exclusive = 1,
		.r = { { .slots = BIT(AC97_SLOT_MIC) } },
	},
};

/*
 * The ready bits are of the lines that codecs answer on, from ICH4 on at any
 * rate, and not of their numbers: the only codec may be on the second line,
 * and is the first codec all the same. A bit without registers is none.
 */
static u32 count_codecs(struct ich_adapter *adapter, u32 ready)
{
	u32 count = hweight32(ready);
	u32 room = adapter->nam_length / ICH_CODEC_STRIDE;

	if (count > room)
		dev_warn(&adapter->pci->dev,
			 "%u codecs are ready (GLOB_STA %#x), there are registers for %u: the others are left alone\n",
			 count, ready, room);
	return min(count, room);
}

static int find_codecs(struct ich_adapter *adapter, struct snd_card *card)
{
	static const struct snd_ac97_bus_ops bus_ops = {
		.write = codec_write,
		.read = codec_read,
	};
	struct snd_ac97_template template = {
		.private_data = adapter,
		.pci = adapter->pci,
		.scaps = AC97_SCAP_SKIP_MODEM | AC97_SCAP_POWER_SAVE,
	};
	u32 ready, count;
	int err;

	err = link_start(adapter, &ready);
	if (err) {
		dev_err(&adapter->pci->dev,
			"no codec answered within %d ms of a reset of the link (GLOB_CNT %#x, GLOB_STA %#x)\n",
			LINK_TIMEOUT_MS,
			ioread32(adapter->nabm + ICH_GLOB_CNT),
			ioread32(adapter->nabm + ICH_GLOB_STA));
		return err;
	}

	err = snd_ac97_bus(card, 0, &bus_ops, adapter, &adapter->bus);
	if (err < 0)
		return err;
	adapter->bus->clock = ich_codec_clock(adapter->pci);
	count = count_codecs(adapter, ready);
	while (template.num < count) {
		struct snd_ac97 *codec;

		err = snd_ac97_mixer(adapter->bus, &template, &codec);
		if (err < 0 && !template.num)
			return err;
		template.num++;
	}
	if (!adapter->bus->codec[0])
		return -ENODEV;
	ich_tune_codec(adapter->bus->codec[0]);
	return snd_ac97_pcm_assign(adapter->bus, ICH_PINS, codec_pcms);
}

/* The adapter object */

static struct device *common_device(struct iadapter_common *self)
{
	return &from_common(self)->pci->dev;
}

static void __iomem *common_bus_master(struct iadapter_common *self)
{
	return from_common(self)->nabm;
}

static struct ac97_pcm *common_codec_pcm(struct iadapter_common *self,
					 enum ich_pin pin)
{
	struct ac97_pcm *pcm = &from_common(self)->bus->pcms[pin];

	return pcm->rates ? pcm : NULL;
}

/* NVIDIA's begins with the front left one only when it comes from two. */
#define NVIDIA_ALIGN_MS		50

static int common_play_channels(struct iadapter_common *self, u32 channels)
{
	struct ich_adapter *adapter = from_common(self);
	u32 wanted = channels == 6 ? ICH_GLOB_CNT_PCM_6 :
		     channels == 4 ? ICH_GLOB_CNT_PCM_4 : 0;
	u32 control;

	if (wanted == adapter->channels)
		return 0;
	control = ioread32(adapter->nabm + ICH_GLOB_CNT);
	if (control == U32_MAX)
		return -ENODEV;
	control &= ~ICH_GLOB_CNT_PCM_246;
	if (wanted && adapter->pci->vendor == PCI_VENDOR_ID_NVIDIA) {
		iowrite32(control, adapter->nabm + ICH_GLOB_CNT);
		msleep(NVIDIA_ALIGN_MS);
	}
	iowrite32(control | wanted, adapter->nabm + ICH_GLOB_CNT);
	adapter->channels = wanted;
	return 0;
}

static const struct iadapter_common_vtbl common_vtbl = {
	.unknown = { CUNKNOWN_METHODS },
	.device = common_device,
	.bus_master = common_bus_master,
	.codec_pcm = common_codec_pcm,
	.play_channels = common_play_channels,
};

/*
 * The streams begin their lists anew when they run again, or find that they
 * are gone, so all that has to be brought back is the link and the codecs.
 */
static void power_change_state(struct iadapter_power_management *self,
			       enum device_power_state new_state)
{
	struct ich_adapter *adapter = container_of(self, struct ich_adapter,
						   power);
	u32 ready;
	int i;

	if (new_state == POWER_DEVICE_D0 && link_start(adapter, &ready))
		dev_err(&adapter->pci->dev, "no codec answers after sleep\n");
	for (i = 0; i < ARRAY_SIZE(adapter->bus->codec); i++) {
		struct snd_ac97 *codec = adapter->bus->codec[i];

		if (!codec)
			continue;
		if (new_state == POWER_DEVICE_D0)
			snd_ac97_resume(codec);
		else
			snd_ac97_suspend(codec);
	}
}

static int power_query_change(struct iadapter_power_management *self,
			      enum device_power_state new_state)
{
	return 0;
}

/* The codec's registers are written to at any time: no sleep while awake. */
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

/* The card uses it until the end, so it is devres that frees it. */
static void adapter_destroy(struct cunknown *object)
{
}

DEFINE_CUNKNOWN_CLASS(adapter_class, "ICH adapter", adapter_destroy,
	CUNKNOWN_INTERFACE(iid_iadapter_common, struct ich_adapter, common,
			   common_vtbl),
	CUNKNOWN_INTERFACE(iid_iadapter_power_management, struct ich_adapter,
			   power, power_vtbl));

static void adapter_release(void *data)
{
	struct ich_adapter *adapter = data;

	iunknown_put(&adapter->common.unknown);
}

/* ICH4 and later have both spaces in memory too, as BARs 2 and 3. */
static int map_registers(struct ich_adapter *adapter,
			 struct iresource_list *resources)
{
	const struct cm_partial_resource_descriptor *nam, *nabm;
	enum cm_resource_type type = CM_RESOURCE_TYPE_MEMORY;

	if (resources->vtbl->number_of_entries_of_type(resources, type) < 2)
		type = CM_RESOURCE_TYPE_PORT;
	nam = resources->vtbl->find_translated_entry(resources, type, 0);
	nabm = resources->vtbl->find_translated_entry(resources, type, 1);
	if (!nam || !nabm || nam->length < ICH_CODEC_STRIDE ||
	    nabm->length < ICH_CAS + 1) {
		dev_err(&adapter->pci->dev,
			"two register spaces are needed: this is no AC'97 controller\n");
		return -ENODEV;
	}
	adapter->nam = pcim_iomap(adapter->pci, nam->bar, 0);
	adapter->nam_length = nam->length;
	adapter->nabm = pcim_iomap(adapter->pci, nabm->bar, 0);
	return adapter->nam && adapter->nabm ? 0 : -ENOMEM;
}

/* Nobody knows what the firmware left running: first that, then DMA. */
static void start_bus_master(struct ich_adapter *adapter)
{
	iowrite8(0, adapter->nabm + ICH_PCM_OUT + ICH_CR);
	iowrite8(0, adapter->nabm + ICH_PCM_IN + ICH_CR);
	iowrite8(0, adapter->nabm + ICH_MIC_IN + ICH_CR);
	pci_set_master(adapter->pci);
}

static int register_wave(struct ich_adapter *adapter, struct snd_card *card,
			 struct iresource_list *resources)
{
	const struct pc_pcm pcm = { .device = -1, .name = card->shortname };
	struct device *device = &adapter->pci->dev;
	struct iunknown *miniport;
	struct iport *port;
	int err;

	err = ich_miniport_create(&miniport);
	if (err)
		return err;
	err = pc_new_port(&port, &clsid_port_wavepci);
	if (err)
		goto put_miniport;
	err = port->vtbl->init(port, device, miniport,
			       &adapter->common.unknown, resources);
	if (!err)
		err = pc_register_subdevice_pcm(device, "Intel ICH",
						&port->unknown, &pcm);
	iunknown_put(&port->unknown);
put_miniport:
	iunknown_put(miniport);
	return err;
}

/*
 * By its driver name alsa-lib finds its file about the card, with dmix as the
 * default, front and iec958. ICH4 and NFORCE would be those whose S/PDIF is a
 * stream of its own, which there isn't here.
 */
static void name_card(struct snd_card *card, struct ich_adapter *adapter)
{
	const struct pci_device_id *known = pci_match_id(ich_ids, adapter->pci);
	const char *name = known ? (const char *)known->driver_data : NULL;

	strscpy(card->driver, "ICH", sizeof(card->driver));
	strscpy(card->shortname, name ?: OTHER_CARD, sizeof(card->shortname));
	snprintf(card->longname, sizeof(card->longname),
		 "%s with %s at irq %d", card->shortname,
		 snd_ac97_get_short_name(adapter->bus->codec[0]),
		 adapter->pci->irq);
}

static int start_device(struct device *device,
			struct iresource_list *resources)
{
	struct snd_card *card = pc_get_card(device);
	struct ich_adapter *adapter;
	int err;

	adapter = devm_kzalloc(device, sizeof(*adapter), GFP_KERNEL);
	if (!adapter)
		return -ENOMEM;
	cunknown_init(&adapter->base, &adapter_class, NULL);
	adapter->pci = to_pci_dev(device);
	err = devm_add_action_or_reset(device, adapter_release, adapter);
	if (err)
		return err;

	err = map_registers(adapter, resources);
	if (err)
		return err;
	start_bus_master(adapter);
	err = find_codecs(adapter, card);
	if (err)
		return err;
	name_card(card, adapter);
	err = pc_register_adapter_power_management(&adapter->common.unknown,
						   device);
	if (err)
		return err;
	return register_wave(adapter, card, resources);
}

static struct pc_card_slot slots[SNDRV_CARDS];

static int ich_probe(struct pci_dev *pci, const struct pci_device_id *pci_id)
{
	struct pc_card_options options = { .owner = THIS_MODULE };
	int err, slot;

	slot = pc_take_card_slot(pci, slots, enable);
	if (slot < 0)
		return slot;
	options.index = index[slot];
	options.streaming = streaming[slot];
	options.id = id[slot];

	err = pcim_enable_device(pci);
	if (err)
		return err;
	err = pcim_request_all_regions(pci, "snd-wavepci-ich");
	if (err)
		return err;
	return pc_add_adapter_device(&pci->dev, start_device, &options);
}

static void ich_remove(struct pci_dev *pci)
{
	pc_remove_adapter_device(&pci->dev);
}

static void ich_shutdown(struct pci_dev *pci)
{
	pc_shutdown_adapter_device(&pci->dev);
}

static struct pci_driver ich_driver = {
	.name = "snd-wavepci-ich",
	.id_table = ich_ids,
	.probe = ich_probe,
	.remove = ich_remove,
	.shutdown = ich_shutdown,
	.driver.pm = pm_ptr(&pc_adapter_pm_ops),
};

static int __init ich_init(void)
{
	if (!ich_stream_parameters_valid())
		return -EINVAL;
	return pci_register_driver(&ich_driver);
}

static void __exit ich_exit(void)
{
	pci_unregister_driver(&ich_driver);
}

module_init(ich_init);
module_exit(ich_exit);

MODULE_AUTHOR("The WavePci for Linux developers");
MODULE_DESCRIPTION("WavePci miniport for Intel ICH AC'97 controllers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(WAVEPCI_NAMESPACE);
