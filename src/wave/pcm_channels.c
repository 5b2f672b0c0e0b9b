// SPDX-License-Identifier: GPL-2.0
/*
 * Which speaker a channel is for: the miniport's channel masks, as ALSA's
 * channel map controls.
 */
#include <linux/slab.h>
#include <sound/pcm.h>

#include "wave.h"

/* The speakers of a mask, from bit 0 on. */
static const u8 speakers[] = {
	SNDRV_CHMAP_FL, SNDRV_CHMAP_FR, SNDRV_CHMAP_FC, SNDRV_CHMAP_LFE,
	SNDRV_CHMAP_RL, SNDRV_CHMAP_RR, SNDRV_CHMAP_FLC, SNDRV_CHMAP_FRC,
	SNDRV_CHMAP_RC, SNDRV_CHMAP_SL, SNDRV_CHMAP_SR, SNDRV_CHMAP_TC,
	SNDRV_CHMAP_TFL, SNDRV_CHMAP_TFC, SNDRV_CHMAP_TFR, SNDRV_CHMAP_TRL,
	SNDRV_CHMAP_TRC, SNDRV_CHMAP_TRR,
};

/* Channels are in the order of the bits; what is left over is anywhere. */
static void fill_map(struct snd_pcm_chmap_elem *map, u32 channels, u32 mask)
{
	u32 bit, n = 0;

	map->channels = channels;
	for (bit = 0; bit < ARRAY_SIZE(speakers) && n < channels; bit++)
		if (mask & BIT(bit))
			map->map[n++] = speakers[bit];
	while (n < channels)
		map->map[n++] = SNDRV_CHMAP_UNKNOWN;
	if (channels == 1 && mask == KSAUDIO_SPEAKER_MONO)
		map->map[0] = SNDRV_CHMAP_MONO;
}

/* Returns true, and the mask, when a pin can have so many channels. */
static bool find_mask(const struct wave_pin *pin, u32 channels, u32 *mask)
{
	u32 i;

	for (i = 0; i < pin->descriptor->data_ranges_count; i++) {
		if (!(pin->caps[i].channels & BIT_ULL(channels)))
			continue;
		*mask = pin->caps[i].masks[channels];
		return true;
	}
	return false;
}

/**
 * wave_pcm_add_channel_maps() - add the control that shows a pin's speakers
 * @pin: the pin, with its PCM device
 *
 * ALSA has maps of up to 15 channels; a pin with more shows those that it can.
 * Where the miniport says of none which speakers they are, there is no control:
 * somebody else may know.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM or ALSA's error.
 */
int wave_pcm_add_channel_maps(struct wave_pin *pin)
{
	const u32 most = ARRAY_SIZE(pin->channel_maps->map);
	u32 channels, mask, n = 0, said = 0;

	/* One more, with no channels, ends the list. */
	pin->channel_maps = kcalloc(most + 1, sizeof(*pin->channel_maps),
				    GFP_KERNEL);
	if (!pin->channel_maps)
		return -ENOMEM;
	for (channels = 1; channels <= most; channels++) {
		if (!find_mask(pin, channels, &mask))
			continue;
		fill_map(&pin->channel_maps[n++], channels, mask);
		said |= mask;
	}
	if (!said)
		return 0;
	return snd_pcm_add_chmap_ctls(pin->pcm, pin->capture,
				      pin->channel_maps,
				      pin->channel_maps[n - 1].channels, 0,
				      NULL);
}
