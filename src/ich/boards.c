// SPDX-License-Identifier: GPL-2.0
/*
 * Boards whose makers wired or clocked the codec as nobody else does: facts that
 * users of snd-intel8x0 reported in twenty years, as its tables have them. None of
 * them could be tried here.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <sound/core.h>

#include "ich.h"

static char *ac97_quirk;
static int ac97_clock;

module_param(ac97_quirk, charp, 0444);
MODULE_PARM_DESC(ac97_quirk,
		 "How the codec is wired, if not as the list of boards says (a word of up to 11 letters that ALSA knows, as hp_only; none: as usual).");
module_param(ac97_clock, int, 0444);
MODULE_PARM_DESC(ac97_clock,
		 "Clock of the codec in Hz (8000 to 48000, default 0: 48000, or what the list of boards says).");

#define CLOCK_MIN	8000
#define CLOCK_MAX	48000

#define BOARD(how, vendor, device, board)				\
	{ .type = AC97_TUNE_##how, .subvendor = (vendor),		\
	  .subdevice = (device), .name = (board) }

/* And the fifteen after it. */
#define BOARDS(how, vendor, device, board)				\
	{ .type = AC97_TUNE_##how, .subvendor = (vendor),		\
	  .subdevice = (device), .mask = 0xfff0, .name = (board) }

static const struct ac97_quirk wiring[] = {
	/* The socket that people use is the headphones': their volume is the master. */
	BOARD(HP_ONLY, 0x0e11, 0x008a, "Compaq Evo W4000"),
	BOARD(HP_ONLY, 0x0e11, 0x00b8, "Compaq Evo D510C"),
	BOARD(HP_ONLY, 0x1014, 0x0267, "IBM NetVista A30p"),
	BOARD(HP_ONLY, 0x1025, 0x0082, "Acer Travelmate 2310"),
	BOARD(HP_ONLY, 0x1025, 0x0083, "Acer Aspire 3003LCi"),
	BOARD(HP_ONLY, 0x1028, 0x00d8, "Dell Precision 530"),
	BOARD(HP_ONLY, 0x1028, 0x010d, "Dell"),
	BOARD(HP_ONLY, 0x1028, 0x0126, "Dell Optiplex GX260"),
	BOARD(HP_ONLY, 0x1028, 0x012c, "Dell Precision 650"),
	BOARD(HP_ONLY, 0x1028, 0x012d, "Dell Precision 450"),
	BOARD(HP_ONLY, 0x1028, 0x0147, "Dell"),
	BOARD(HP_ONLY, 0x1028, 0x014e, "Dell D800"),
	BOARD(HP_ONLY, 0x1028, 0x0151, "Dell Optiplex GX270"),
	BOARD(HP_ONLY, 0x1028, 0x0163, "Dell Unknown"),
	BOARD(HP_ONLY, 0x1028, 0x016a, "Dell Inspiron 8600"),
	BOARD(HP_ONLY, 0x1028, 0x0182, "Dell Latitude D610"),
	BOARD(HP_ONLY, 0x1028, 0x0191, "Dell Inspiron 8600"),
	BOARD(HP_ONLY, 0x103c, 0x129d, "HP xw8000"),
	BOARD(HP_ONLY, 0x103c, 0x12f1, "HP xw8200"),
	BOARD(HP_ONLY, 0x103c, 0x12f2, "HP xw6200"),
	BOARD(HP_ONLY, 0x103c, 0x3008, "HP xw4200"),
	BOARD(HP_ONLY, 0x10cf, 0x11c3, "Fujitsu-Siemens E4010"),
	BOARD(HP_ONLY, 0x10cf, 0x1225, "Fujitsu-Siemens T3010"),
	BOARD(HP_ONLY, 0x10cf, 0x1253, "Fujitsu S6210"),
	BOARD(HP_ONLY, 0x10cf, 0x127d, "Fujitsu Lifebook P7010"),
	BOARD(HP_ONLY, 0x10cf, 0x127e, "Fujitsu Lifebook C1211D"),
	BOARD(HP_ONLY, 0x10cf, 0x12ec, "Fujitsu-Siemens 4010"),
	BOARD(HP_ONLY, 0x10f1, 0x2665, "Fujitsu-Siemens Celsius"),
	BOARD(HP_ONLY, 0x10f1, 0x2885, "AMD64 Mobo"),
	BOARD(HP_ONLY, 0x10f1, 0x2895, "Tyan Thunder K8WE"),
	BOARD(HP_ONLY, 0x10f7, 0x834c, "Panasonic CF-R4"),
	BOARD(HP_ONLY, 0x110a, 0x0056, "Fujitsu-Siemens Scenic"),
	BOARD(HP_ONLY, 0x11d4, 0x5375, "ADI AD1985 (discrete)"),
	BOARD(HP_ONLY, 0x1462, 0x5470, "MSI P4 ATX 645 Ultra"),
	BOARD(HP_ONLY, 0x1734, 0x0088, "Fujitsu-Siemens D1522"),
	BOARD(HP_ONLY, 0x8086, 0x4d44, "Intel D850EMV2"),
	BOARD(HP_ONLY, 0x8086, 0x4d56, "Intel ICH/AD1885"),
	/* Headphones and master are the wrong way round. */
	BOARD(SWAP_HP, 0x10cf, 0x12f2, "Fujitsu-Siemens Celsius H320"),
	BOARD(SWAP_HP, 0x8086, 0x4856, "Intel D845WN (82801BA)"),
	/* The AD1985 shares its outputs: the sockets are where it has its headphones. */
	BOARD(AD_SHARING, 0x1043, 0x80f3, "ASUS ICH5/AD1985"),
	BOARDS(AD_SHARING, 0x8086, 0x2000, "Intel ICH5/AD1985"),
	BOARDS(AD_SHARING, 0x8086, 0x4000, "Intel ICH5/AD1985"),
	BOARDS(AD_SHARING, 0x8086, 0x6000, "Intel ICH5/AD1985"),
	BOARDS(AD_SHARING, 0x8086, 0xe000, "Intel ICH5/AD1985"),
	/* The Realtek codec finds out what is plugged in. */
	BOARD(ALC_JACK, 0x1014, 0x1f00, "MS-9128"),
	/* The amplifier is on when the bit that switches it off is set. */
	BOARD(INV_EAPD, 0x1014, 0x0534, "ThinkPad X31"),
	BOARD(INV_EAPD, 0x104d, 0x8144, "Sony"),
	BOARD(INV_EAPD, 0x104d, 0x8197, "Sony S1XP"),
	BOARD(INV_EAPD, 0x104d, 0x81c0, "Sony VAIO VGN-T350P"),
	BOARD(INV_EAPD, 0x104d, 0x81c5, "Sony VAIO VGN-B1VP"),
	BOARD(INV_EAPD, 0x161f, 0x202f, "Gateway M520"),
	BOARD(INV_EAPD, 0x161f, 0x203a, "Gateway 4525GZ"),
	/* The bit that switches the amplifier off is a lamp, which tells of muting. */
	BOARD(MUTE_LED, 0x103c, 0x006d, "HP zv5000"),
	BOARD(MUTE_LED, 0x103c, 0x0890, "HP nc6000"),
	/* The same lamp, and headphones as above. */
	BOARD(HP_MUTE_LED, 0x1028, 0x0186, "Dell Latitude D810"),
	BOARD(HP_MUTE_LED, 0x1028, 0x0188, "Dell Inspiron 6000"),
	BOARD(HP_MUTE_LED, 0x1028, 0x0189, "Dell Inspiron 9300"),
	BOARD(HP_MUTE_LED, 0x103c, 0x088c, "HP nc8000"),
	BOARD(HP_MUTE_LED, 0x103c, 0x0934, "HP nc8220"),
	BOARD(HP_MUTE_LED, 0x103c, 0x0938, "HP nc4200"),
	BOARD(HP_MUTE_LED, 0x103c, 0x0944, "HP nc6220"),
	BOARD(HP_MUTE_LED, 0x103c, 0x099c, "HP nx6110/nc6120"),
	{}
};

/* In Hz, of codecs that have not the usual 48000. */
static const struct snd_pci_quirk clocks[] = {
	SND_PCI_QUIRK(0x0e11, 0x008a, "Compaq Evo W4000", 41000),
	SND_PCI_QUIRK(0x1028, 0x00be, "Dell", 44100),
	{}
};

void ich_tune_codec(struct snd_ac97 *codec)
{
	snd_ac97_tune_hardware(codec, wiring, ac97_quirk);
}

unsigned int ich_codec_clock(struct pci_dev *pci)
{
	const struct snd_pci_quirk *known = snd_pci_quirk_lookup(pci, clocks);

	if (ac97_clock >= CLOCK_MIN && ac97_clock <= CLOCK_MAX)
		return ac97_clock;
	if (ac97_clock)
		dev_warn(&pci->dev,
			 "ac97_clock=%d is not between %d and %d: ignored\n",
			 ac97_clock, CLOCK_MIN, CLOCK_MAX);
	return known ? known->value : CLOCK_MAX;
}
