// SPDX-License-Identifier: GPL-2.0
/*
 * Which of an adapter driver's module parameters are a card's.
 */
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <sound/core.h>

#include <wavepci/portcls.h>

static DEFINE_MUTEX(slots_mutex);

static struct pc_card_slot *find_slot(struct pc_card_slot *slots, u32 card)
{
	struct pc_card_slot *slot, *free = NULL;

	for (slot = slots; slot < slots + SNDRV_CARDS; slot++) {
		if (slot->card == card)
			return slot;
		if (slot->taken || (free && !free->card))
			continue;
		if (!free || !slot->card)
			free = slot;
	}
	return free;
}

static void give_slot(void *data)
{
	struct pc_card_slot *slot = data;

	mutex_lock(&slots_mutex);
	slot->taken = false;
	mutex_unlock(&slots_mutex);
}

/**
 * pc_take_card_slot() - find a card's place in arrays of module parameters
 * @pci: the card, which is being probed
 * @slots: the driver's SNDRV_CARDS slots, all zero when it is loaded
 * @enable: its parameter of that name
 *
 * A card has the parameters of its slot, and keeps it while the module is
 * loaded: one that is handed to another driver and back, or was told not to be
 * driven, finds its own again. Only when all slots have had a card does another
 * card get one whose card is gone. The slot is given back when the driver lets
 * go of the card.
 *
 * Context: may sleep; only from probe.
 * Return: the slot's number; -ENODEV without one, -ENOENT when it's disabled,
 * or -ENOMEM.
 */
int pc_take_card_slot(struct pci_dev *pci, struct pc_card_slot *slots,
		      const bool *enable)
{
	u32 card = (pci_domain_nr(pci->bus) << 16 | pci_dev_id(pci)) + 1;
	struct pc_card_slot *slot;
	int number;

	mutex_lock(&slots_mutex);
	slot = find_slot(slots, card);
	if (!slot) {
		mutex_unlock(&slots_mutex);
		return -ENODEV;
	}
	number = slot - slots;
	slot->card = card;
	slot->taken = enable[number];
	mutex_unlock(&slots_mutex);
	if (!enable[number])
		return -ENOENT;
	return devm_add_action_or_reset(&pci->dev, give_slot, slot) ?: number;
}
EXPORT_SYMBOL_WAVEPCI(pc_take_card_slot);
