// SPDX-License-Identifier: GPL-2.0
/*
 * A card that lies: what the driver reads from a card or writes to it is
 * changed on the way, as the module parameter `lies` says. Of the cards that the
 * driver finds only the second one is always honest.
 *
 * The parameter is a list of lies, separated by semicolons; an empty one has
 * the card tell the truth again. Each is nine words:
 *
 *	KIND SPACE FIRST LAST KEEP SET AFTER COUNT EVERY
 *
 * KIND is `r` to change what is read, `n` to make noise of it, `w` to change
 * what is written, `d` to drop what is written; `l` to lose an interrupt: the
 * status bits that would be read are acknowledged, and read as KEEP and SET make
 * them; and `g` to read from a card that is gone, which stops. SPACE is one of the
 * card's, as liar_spaces[] has them; FIRST and LAST are the first and the last byte
 * there. The bits in KEEP stay, those in SET are set (in noise, by chance); both
 * are 32 bits that begin at FIRST, over and over. The first AFTER accesses are
 * spared, then COUNT are changed (0: all from then on), of these each EVERYth.
 * Numbers are hexadecimal up to SET and decimal behind it.
 *
 * Read, the parameter says how often each lie was told.
 */
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "liar.h"

#define LIES_MAX	8
#define CARDS_MAX	4
#define HONEST		(&cards[1])

/* A lie, as described above; how often each card could have told it, and did. */
struct lie {
	char kind;
	unsigned int space;
	unsigned int first;
	unsigned int last;
	u32 keep;
	u32 set;
	unsigned int after;
	unsigned int count;
	unsigned int every;
	unsigned int met[CARDS_MAX];
	unsigned int told;
};

/* The registers of a card. */
struct card {
	struct pci_dev *pci;
	void __iomem *base[LIAR_SPACES];
	size_t length[LIAR_SPACES];
};

static DEFINE_SPINLOCK(lock);	/* protects what follows */
static struct lie lies[LIES_MAX];
static unsigned int lie_count;
static struct card cards[CARDS_MAX];
static struct rnd_state chance;

static int parse(struct lie *lie, const char *text)
{
	char space[16];

	memset(lie, 0, sizeof(*lie));
	if (sscanf(text, " %c %15s %x %x %x %x %u %u %u", &lie->kind, space,
		   &lie->first, &lie->last, &lie->keep, &lie->set, &lie->after,
		   &lie->count, &lie->every) != 9)
		return -EINVAL;
	while (strcmp(space, liar_spaces[lie->space]))
		if (++lie->space == LIAR_SPACES)
			return -EINVAL;
	return strchr("rnwdlg", lie->kind) && lie->every ? 0 : -EINVAL;
}

static int lies_set(const char *value, const struct kernel_param *param)
{
	struct lie parsed[LIES_MAX];
	char *text, *rest, *part;
	unsigned int count = 0;
	unsigned long irq;
	int err = 0;

	text = kstrdup(value, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	rest = strim(text);
	while (!err && *rest && (part = strsep(&rest, ";"))) {
		err = count < LIES_MAX ? parse(&parsed[count++], part) :
					 -EINVAL;
		if (!rest)
			break;
	}
	kfree(text);
	if (err)
		return err;
	spin_lock_irqsave(&lock, irq);
	memcpy(lies, parsed, sizeof(*lies) * count);
	prandom_seed_state(&chance, 1);	/* noise can be repeated */
	lie_count = count;
	spin_unlock_irqrestore(&lock, irq);
	return 0;
}

static int lies_get(char *buffer, const struct kernel_param *param)
{
	unsigned int i;
	int length = 0;

	for (i = 0; i < lie_count; i++)
		length += sysfs_emit_at(buffer, length, "%u ", lies[i].told);
	return length + sysfs_emit_at(buffer, length, "\n");
}

static const struct kernel_param_ops lies_ops = {
	.set = lies_set,
	.get = lies_get,
};

module_param_cb(lies, &lies_ops, NULL, 0644);
MODULE_PARM_DESC(lies, "What the cards lie about.");

/* Returns the card, new or known, or NULL when there are too many. */
static struct card *card_of(struct pci_dev *pci)
{
	int i;

	for (i = 0; i < CARDS_MAX; i++) {
		if (!cards[i].pci)
			cards[i].pci = pci;
		if (cards[i].pci == pci)
			return &cards[i];
	}
	return NULL;
}

/**
 * liar_iomap() - map registers, and note which they are
 * @pci: the device
 * @bar: which of its register spaces
 * @length: how much of it, or 0
 *
 * Context: may sleep.
 * Return: where they are mapped.
 */
void __iomem *liar_iomap(struct pci_dev *pci, int bar, unsigned long length)
{
	void __iomem *base = pcim_iomap(pci, bar, length);
	unsigned long irq;
	struct card *card;

	spin_lock_irqsave(&lock, irq);
	card = card_of(pci);
	if (card) {
		card->base[bar % LIAR_SPACES] = base;
		card->length[bar % LIAR_SPACES] = pci_resource_len(pci, bar);
	}
	spin_unlock_irqrestore(&lock, irq);
	return base;
}

/* Find the card and the register of an address. Returns NULL for neither. */
static struct card *find(const void __iomem *address, unsigned int bytes,
			 unsigned int *space, unsigned int *reg)
{
	struct card *card, *last = NULL;
	unsigned long distance, best = 0x10000;
	int i, s;

	/* The nearest base below, so that one beyond the end is found out. */
	for (i = 0; i < CARDS_MAX; i++) {
		card = &cards[i];
		for (s = 0; s < LIAR_SPACES; s++) {
			if (!card->base[s] || address < card->base[s])
				continue;
			distance = address - card->base[s];
			if (distance >= best)
				continue;
			best = distance;
			last = card;
			*space = s;
			*reg = distance;
		}
	}
	WARN_ONCE(!last || *reg + bytes > last->length[*space],
		  "register %#lx is beyond the end of its space\n", best);
	return last;
}

/* Returns whether the lie is about this access, and it is time to tell it. */
static bool is_due(struct lie *lie, struct card *card, bool write,
		   unsigned int space, unsigned int reg, unsigned int bytes)
{
	unsigned int met;

	if (write != (lie->kind == 'w' || lie->kind == 'd') ||
	    lie->space != space || reg > lie->last ||
	    reg + bytes <= lie->first)
		return false;
	met = lie->met[card - cards]++;
	if (met < lie->after)
		return false;
	met -= lie->after;
	if ((lie->count && met >= lie->count) || met % lie->every)
		return false;
	lie->told++;
	return true;
}

static u32 bend(const struct lie *lie, unsigned int reg, unsigned int bytes,
		u32 value)
{
	u32 set = lie->kind == 'n' ? prandom_u32_state(&chance) & lie->set :
				     lie->set;
	unsigned int i, at, shift;
	u8 byte;

	for (i = 0; i < bytes; i++) {
		at = reg + i;
		if (at < lie->first || at > lie->last)
			continue;
		shift = (at - lie->first) % 4 * 8;
		byte = value >> i * 8;
		byte = (byte & (u8)(lie->keep >> shift)) |
		       (u8)(set >> shift);
		value = (value & ~(0xffu << i * 8)) | (u32)byte << i * 8;
	}
	return value;
}

/* Change a value on its way. Returns false if it shall not arrive at all. */
static bool change(struct card *card, unsigned int space, unsigned int reg,
		   unsigned int bytes, bool write, u32 *value)
{
	bool arrives = true;
	unsigned int i;

	for (i = 0; i < lie_count && card && card != HONEST; i++) {
		struct lie *lie = &lies[i];

		if (!is_due(lie, card, write, space, reg, bytes))
			continue;
		if (lie->kind == 'd')
			arrives = false;
		else
			*value = bend(lie, reg, bytes, *value);
		if (lie->kind == 'l')
			liar_acknowledge(card->base, lie->first);
		if (lie->kind == 'g')
			liar_stop(card->base);
	}
	return arrives;
}

static bool change_register(const void __iomem *address, unsigned int bytes,
			    bool write, u32 *value)
{
	unsigned int space = 0, reg = 0;
	unsigned long irq;
	struct card *card;
	bool arrives;

	spin_lock_irqsave(&lock, irq);
	card = find(address, bytes, &space, &reg);
	arrives = change(card, space, reg, bytes, write, value);
	spin_unlock_irqrestore(&lock, irq);
	return arrives;
}

/**
 * liar_tell() - what is said of something that isn't in a register
 * @pci: the device
 * @space: which of its spaces stands for it
 * @reg: where there
 * @value: what it is; 32 bits
 *
 * Context: any.
 * Return: what it is, or what it isn't.
 */
u32 liar_tell(struct pci_dev *pci, unsigned int space, unsigned int reg,
	      u32 value)
{
	unsigned long irq;

	spin_lock_irqsave(&lock, irq);
	change(card_of(pci), space, reg, sizeof(value), false, &value);
	spin_unlock_irqrestore(&lock, irq);
	return value;
}

/**
 * liar_read() - read a register
 * @address: where
 * @bytes: how much
 *
 * Context: any.
 * Return: what it is, or what it isn't.
 */
u32 liar_read(const void __iomem *address, unsigned int bytes)
{
	u32 value = bytes == 1 ? ioread8(address) :
		    bytes == 2 ? ioread16(address) : ioread32(address);

	change_register(address, bytes, false, &value);
	return value;
}

/**
 * liar_write() - write to a register
 * @value: what
 * @address: where
 * @bytes: how much
 *
 * Context: any.
 */
void liar_write(u32 value, void __iomem *address, unsigned int bytes)
{
	if (!change_register(address, bytes, true, &value))
		return;
	if (bytes == 1)
		iowrite8(value, address);
	else if (bytes == 2)
		iowrite16(value, address);
	else
		iowrite32(value, address);
}
