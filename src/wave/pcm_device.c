// SPDX-License-Identifier: GPL-2.0
/*
 * A filter's pins as ALSA's PCM devices: their numbers and names.
 */
#include <linux/slab.h>
#include <sound/core.h>
#include <sound/pcm.h>

#include "pcm.h"

/* However many instances a pin has: IPinCount may allow fewer. */
#define SUBSTREAMS_MAX	16

static int substreams(const struct wave_pin *pin)
{
	return pin ? min_t(u32, pin->descriptor->max_filter_instance_count,
			   SUBSTREAMS_MAX) : 0;
}

static void free_substreams(struct wave_pin *pin)
{
	int i;

	for (i = 0; pin->substreams && i < substreams(pin); i++)
		mutex_destroy(&pin->substreams[i].mutex);
	kfree(pin->substreams);
	pin->substreams = NULL;
}

/* Nobody has it open any more, and the card is still there. */
static void pcm_free(struct snd_pcm *pcm)
{
	struct wave_pin **pins = pcm->private_data;
	int i;

	for (i = 0; i <= SNDRV_PCM_STREAM_LAST; i++) {
		if (!pins[i])
			continue;
		clear_bit(pcm->device,
			  pins[i]->port->base.adapter->pcm_devices);
		wave_pin_empty(pins[i]);
		free_substreams(pins[i]);
		pins[i]->pcm = NULL;
	}
	kfree(pins);
}

/**
 * wave_pcm_number() - find a number for a PCM device
 * @port: the filter
 * @first: the number that it wants, or the next free one above; negative for
 *	any
 *
 * Context: may sleep; only while the adapter starts.
 * Return: the number, or -EBUSY.
 */
int wave_pcm_number(struct wave_port *port, int first)
{
	unsigned int number;

	number = find_next_zero_bit(port->base.adapter->pcm_devices,
				    SNDRV_PCM_DEVICES, max(first, 0));
	return number < SNDRV_PCM_DEVICES ? number : -EBUSY;
}

/* A pin that has a name of its own is told apart by it. */
static void label_pin(char *text, size_t size, const char *name,
		      const char *label)
{
	if (label)
		snprintf(text, size, "%s - %s", name, label);
	else
		strscpy(text, name, size);
}

/* One of its directions. */
static int add_direction(struct snd_pcm *pcm, struct wave_pin *pin)
{
	int i;

	pin->pcm = pcm;
	snd_pcm_set_ops(pcm, pin->capture, &wave_pcm_ops);
	pin->substreams = kcalloc(substreams(pin), sizeof(*pin->substreams),
				  GFP_KERNEL);
	if (!pin->substreams)
		return -ENOMEM;
	for (i = 0; i < substreams(pin); i++) {
		pin->substreams[i].pin = pin;
		mutex_init(&pin->substreams[i].mutex);
	}
	return wave_pcm_add_channel_maps(pin);
}

/**
 * wave_pcm_create() - make a PCM device of two pins
 * @port: the filter
 * @playback: playback pin, or NULL
 * @capture: capture pin, or NULL
 * @id: what programs call the filter
 * @name: what people do
 * @device: number of the device
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM or ALSA's error; after one there may be a PCM device all
 * the same, for wave_pcm_destroy().
 */
int wave_pcm_create(struct wave_port *port, struct wave_pin *playback,
		    struct wave_pin *capture, const char *id, const char *name,
		    int device)
{
	struct adapter *adapter = port->base.adapter;
	const char *label = playback ? playback->descriptor->name :
				       capture->descriptor->name;
	struct wave_pin **pins;
	struct snd_pcm *pcm;
	int err;

	pins = kcalloc(SNDRV_PCM_STREAM_LAST + 1, sizeof(*pins), GFP_KERNEL);
	if (!pins)
		return -ENOMEM;
	pins[SNDRV_PCM_STREAM_PLAYBACK] = playback;
	pins[SNDRV_PCM_STREAM_CAPTURE] = capture;

	err = snd_pcm_new(adapter->card, id, device, substreams(playback),
			  substreams(capture), &pcm);
	if (err < 0) {
		kfree(pins);
		return err;
	}
	set_bit(device, adapter->pcm_devices);
	pcm->private_data = pins;
	pcm->private_free = pcm_free;
	pcm->nonatomic = adapter->may_sleep;
	label_pin(pcm->id, sizeof(pcm->id), id, label);
	label_pin(pcm->name, sizeof(pcm->name), name, label);
	err = playback ? add_direction(pcm, playback) : 0;
	if (!err && capture)
		err = add_direction(pcm, capture);
	return err;
}

/**
 * wave_pcm_destroy() - take a PCM device away that isn't registered yet
 * @port: the filter
 * @pin: one of its pins; the PCM device may be gone with the other already
 *
 * Context: may sleep; only while the adapter starts.
 */
void wave_pcm_destroy(struct wave_port *port, struct wave_pin *pin)
{
	struct adapter *adapter = port->base.adapter;

	if (!pin->pcm)
		return;
	snd_device_free(adapter->card, pin->pcm);
}
