// SPDX-License-Identifier: GPL-2.0
/*
 * Controls of a library's, which outlive what they are about for a while.
 */
#include <sound/control.h>
#include <sound/core.h>

#include <wavepci/alsa.h>

#include "portcls.h"

static int closed_info(struct snd_kcontrol *kcontrol,
		       struct snd_ctl_elem_info *info)
{
	return -ENODEV;
}

static int closed_value(struct snd_kcontrol *kcontrol,
			struct snd_ctl_elem_value *value)
{
	return -ENODEV;
}

/*
 * What ALSA shows by a lamp it asks for at any time, with a lock of its own. It
 * doesn't any more of a control that says it isn't about one.
 */
static void put_lamps_out(struct snd_card *card, struct snd_kcontrol *kcontrol)
{
	u32 i;

	for (i = 0; i < kcontrol->count; i++) {
		if (!(kcontrol->vd[i].access & SNDRV_CTL_ELEM_ACCESS_LED_MASK))
			continue;
		kcontrol->vd[i].access &= ~SNDRV_CTL_ELEM_ACCESS_LED_MASK;
		snd_ctl_notify_one(card, SNDRV_CTL_EVENT_MASK_INFO, kcontrol,
				   i);
	}
}

/**
 * pc_close_control() - nobody gets to a control's methods any more
 * @card: the card
 * @kcontrol: a control of a library's, whose hardware or driver is about to go
 *
 * Whoever is inside of one has left it when this returns. The control itself
 * stays until it is removed, and programs that ask for it are told -ENODEV.
 *
 * Context: may sleep; takes the card's controls_rwsem.
 */
void pc_close_control(struct snd_card *card, struct snd_kcontrol *kcontrol)
{
	down_write(&card->controls_rwsem);
	kcontrol->info = closed_info;
	kcontrol->get = closed_value;
	kcontrol->put = closed_value;
	kcontrol->tlv.p = NULL;
	put_lamps_out(card, kcontrol);
	up_write(&card->controls_rwsem);
}
EXPORT_SYMBOL_WAVEPCI(pc_close_control);
