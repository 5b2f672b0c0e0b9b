// SPDX-License-Identifier: GPL-2.0
/*
 * Codecs: found on the bus, given to the kernel's codec drivers, and each of
 * their PCMs made a filter.
 *
 * The library asks whoever has the bus to attach a codec, and to detach it,
 * when that has set `ext_ops`: otherwise it would take the controller for its
 * own kind.
 */
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <sound/core.h>

#include <wavepci/alsa.h>

#include "hda.h"

/* Returns whether there is a codec at an address that answers. */
static bool answers(struct hda_controller *controller, u32 address)
{
	struct hdac_bus *bus = &controller->bus.core;
	u32 verb = address << 28 | AC_NODE_ROOT << 20 |
		   AC_VERB_PARAMETERS << 8 | AC_PAR_VENDOR_ID;
	u32 response = U32_MAX;
	int err;

	mutex_lock(&bus->cmd_mutex);
	err = bus->ops->command(bus, verb);
	if (!err)
		err = bus->ops->get_response(bus, address, &response);
	mutex_unlock(&bus->cmd_mutex);
	return !err && response != U32_MAX;
}

/* alsa-lib's files know what is what by these numbers, as snd-hda-intel has. */
static int pcm_number(struct hda_bus *bus, unsigned int type)
{
	static const s8 usual[HDA_PCM_NTYPES][5] = {
		[HDA_PCM_TYPE_AUDIO] = { 0, 2, 4, 5, -1 },
		[HDA_PCM_TYPE_SPDIF] = { 1, -1 },
		[HDA_PCM_TYPE_HDMI] = { 3, 7, 8, 9, -1 },
		[HDA_PCM_TYPE_MODEM] = { 6, -1 },
	};
	const s8 *number;

	if (type >= HDA_PCM_NTYPES)
		return -EINVAL;
	for (number = usual[type]; *number >= 0; number++)
		if (*number < SNDRV_PCM_DEVICES &&
		    !test_and_set_bit(*number, bus->pcm_dev_bits))
			return *number;
	for (type = 10; type < SNDRV_PCM_DEVICES; type++)
		if (!test_and_set_bit(type, bus->pcm_dev_bits))
			return type;
	return -EBUSY;
}

/* The snd_pcm that the port has made for a number. */
static struct snd_pcm *find_pcm(struct snd_card *card, int number)
{
	struct snd_device *device;

	list_for_each_entry(device, &card->devices, list) {
		struct snd_pcm *pcm = device->device_data;

		if (device->type == SNDRV_DEV_PCM && pcm->device == number)
			return pcm;
	}
	return NULL;
}

/* One that can't be had doesn't keep the others away. */
static int install_pcm(struct hda_codec *codec, struct hda_pcm *pcm)
{
	struct hda_controller *controller =
		hda_controller_of(&codec->bus->core);
	int number, err;

	if (!pcm->stream[0].substreams && !pcm->stream[1].substreams)
		return 0;
	number = pcm_number(codec->bus, pcm->pcm_type);
	pcm->device = number < 0 ? SNDRV_PCM_INVALID_DEVICE : number;
	err = number < 0 ? number : hda_filter_install(controller, codec, pcm);
	if (err) {
		dev_err(&codec->core.dev, "PCM %s: error %d\n", pcm->name, err);
		return err == -ENOMEM ? err : 0;
	}
	pcm->pcm = find_pcm(codec->card, number);
	return 0;
}

static int install_pcms(struct hda_codec *codec)
{
	struct hda_pcm *pcm;
	int err = snd_hda_codec_parse_pcms(codec);

	if (err < 0)
		return err;
	list_for_each_entry(pcm, &codec->pcm_list_head, list) {
		err = install_pcm(codec, pcm);
		if (err)
			return err;
	}
	/* They hang on the PCMs. */
	return min(snd_hda_codec_build_controls(codec), 0);
}

static void forget_pcms(struct hda_codec *codec)
{
	struct hda_controller *controller =
		hda_controller_of(&codec->bus->core);
	struct hda_pcm *pcm;

	list_for_each_entry(pcm, &codec->pcm_list_head, list)
		hda_filter_forget(controller, pcm);
}

/*
 * The library would free ALSA's PCMs. Whoever was the last to close one may not
 * have left ALSA's close yet, which looks at it to the end: they stay, and go
 * with the card. If it is the card that goes, they have gone before.
 */
static void leave_pcms(struct hda_codec *codec)
{
	struct hda_pcm *pcm;

	list_for_each_entry(pcm, &codec->pcm_list_head, list)
		pcm->pcm = NULL;
}

/* Its driver loads a program by way of a controller of the library's own kind. */
#define CODEC_CA0132	0x11020011

static int attach_codec(struct hda_codec *codec)
{
	struct device *device = hda_codec_dev(codec);
	struct module *owner = device->driver->owner;
	int err;

	if (!codec->preset)
		return -EINVAL;
	/* A filter can't be registered once the adapter has been started. */
	if (hda_controller_of(&codec->bus->core)->has_codecs) {
		dev_err(device,
			"the card is made: unbind and bind the controller to have the codec configured anew\n");
		err = -EBUSY;
		goto forget;
	}
	if (codec->core.vendor_id == CODEC_CA0132) {
		dev_err(device,
			"this codec wants snd-hda-intel: wavepci-bind mainline\n");
		err = -ENODEV;
		goto forget;
	}
	err = snd_hda_codec_set_name(codec, codec->preset->name);
	if (err < 0)
		goto clean_up;
	err = snd_hdac_regmap_init(&codec->core);
	if (err < 0)
		goto clean_up;
	if (!try_module_get(owner)) {
		err = -EINVAL;
		goto clean_up;
	}
	err = hda_bind_probe(codec);
	if (err < 0)
		goto put_module;
	err = install_pcms(codec);
	if (err < 0)
		goto remove;
	codec->core.lazy_cache = true;
	return 0;

remove:
	forget_pcms(codec);
	hda_bind_remove(codec);
put_module:
	module_put(owner);
clean_up:
	snd_hda_codec_cleanup_for_unbind(codec);
forget:
	codec->preset = NULL;
	return err;
}

/*
 * Nothing comes from the codec any more: it stays awake, its jacks aren't polled,
 * and what it tells by itself is dropped. The library, which looks at whether it
 * is registered, would do the same, but after its driver has gone; it gives the
 * reference back with the codec.
 */
static void hush(struct hda_codec *codec)
{
	struct device *device = hda_codec_dev(codec);

	if (codec->core.registered) {
		pm_runtime_get_sync(device);
		pm_runtime_disable(device);
		codec->core.registered = 0;
	}
	codec->jackpoll_interval = 0;
	cancel_delayed_work_sync(&codec->jackpoll_work);
	flush_work(&codec->bus->core.unsol_work);
}

/*
 * Controls are the library's to remove, after the codec's driver, which may use
 * them to the end. What the library has of each begins with the control.
 */
static void close_controls(struct hda_codec *codec)
{
	struct snd_kcontrol **item;
	int i;

	snd_array_for_each(&codec->mixers, i, item)
		pc_close_control(codec->card, *item);
}

static void detach_codec(struct hda_codec *codec)
{
	forget_pcms(codec);
	leave_pcms(codec);
	hush(codec);
	close_controls(codec);
	hda_bind_remove(codec);
	snd_hda_codec_cleanup_for_unbind(codec);
	codec->preset = NULL;
	module_put(hda_codec_dev(codec)->driver->owner);
}

/* Whoever loads, binds or unbinds a codec's driver calls them: one at a time. */

static int attach(struct hdac_device *device)
{
	struct hda_controller *controller = hda_controller_of(device->bus);
	int err;

	mutex_lock(&controller->codecs_mutex);
	err = attach_codec(hdac_to_hda_codec(device));
	if (!err)
		controller->attached |= BIT(device->addr);
	mutex_unlock(&controller->codecs_mutex);
	return err;
}

static int detach(struct hdac_device *device)
{
	struct hda_controller *controller = hda_controller_of(device->bus);

	mutex_lock(&controller->codecs_mutex);
	controller->attached &= ~BIT(device->addr);
	detach_codec(hdac_to_hda_codec(device));
	mutex_unlock(&controller->codecs_mutex);
	return 0;
}

const struct hdac_ext_bus_ops hda_codec_bus_ops = {
	.hdev_attach = attach,
	.hdev_detach = detach,
};

static int create(struct hda_controller *controller, u32 address)
{
	struct hda_codec *codec;
	int err;

	err = snd_hda_codec_new(&controller->bus, controller->card, address,
				&codec);
	if (err < 0)
		return err;
#ifdef CONFIG_SND_HDA_INPUT_BEEP_MODE
	codec->beep_mode = CONFIG_SND_HDA_INPUT_BEEP_MODE;
#endif
	return 0;
}

/*
 * The library takes a codec for configured when a driver has been found. That
 * may be about to attach it in another thread: it is waited for, or we are
 * first. Should it fail the library has another one.
 */
static void find_driver(struct hda_codec *codec)
{
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (snd_hda_codec_configure(codec) ||
		    device_attach(hda_codec_dev(codec)) > 0)
			return;
		codec->configured = 0;
	}
}

/* Returns whether a codec has found a driver. Those that haven't go. */
static bool configure(struct hda_controller *controller)
{
	struct hda_codec *codec, *next;
	u32 attached;

	list_for_each_codec(codec, &controller->bus)
		find_driver(codec);
	mutex_lock(&controller->codecs_mutex);
	controller->has_codecs = true;
	attached = controller->attached;
	mutex_unlock(&controller->codecs_mutex);
	if (!attached)
		return false;
	list_for_each_codec_safe(codec, next, &controller->bus) {
		if (attached & BIT(codec->addr))
			continue;
		dev_err(&codec->core.dev, "no driver takes this codec\n");
		snd_hdac_device_unregister(&codec->core);
	}
	return true;
}

/**
 * hda_codec_find_all() - find the codecs, and give them to their drivers
 * @controller: the controller, which runs
 * @power_save: seconds until a codec that isn't used is put to sleep, 0 for
 *	never
 *
 * Context: may sleep; only from the adapter's start.
 * Return: 0; -ENODEV without a codec that answers and has a driver.
 */
int hda_codec_find_all(struct hda_controller *controller, int power_save)
{
	struct hdac_bus *bus = &controller->bus.core;
	u32 address, found = 0;

	/* All of them first: one that doesn't answer may disturb the others. */
	for (address = 0; address < HDA_MAX_CODECS; address++) {
		if (!(bus->codec_mask & BIT(address)) ||
		    answers(controller, address))
			continue;
		dev_warn(bus->dev, "codec %u doesn't answer\n", address);
		hda_controller_restart(controller);
		bus->codec_mask &= ~BIT(address);
	}
	for (address = 0; address < HDA_MAX_CODECS; address++)
		if (bus->codec_mask & BIT(address) &&
		    !create(controller, address))
			found++;
	if (!found || !configure(controller)) {
		dev_err(bus->dev, "no codec that answers and has a driver\n");
		return -ENODEV;
	}
	snd_hda_set_power_save(&controller->bus, power_save * 1000);
	return 0;
}

/**
 * hda_codec_let_go_all() - end the card, and take the drivers from its codecs
 * @controller: the controller
 *
 * Somebody else may be taking a driver from a codec just now, and changes lists
 * of the card's on the way: that one is waited for.
 *
 * Context: may sleep; before the adapter is removed.
 */
void hda_codec_let_go_all(struct hda_controller *controller)
{
	struct hda_codec *codec;

	snd_card_disconnect(controller->card);
	list_for_each_codec(codec, &controller->bus)
		device_release_driver(hda_codec_dev(codec));
}
