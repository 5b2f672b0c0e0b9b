/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers of the 82801 family's AC'97 controller: what is in the bus master
 * space (NABM), and the form of a buffer descriptor.
 */
#ifndef _WAVEPCI_ICH_REGISTERS_H
#define _WAVEPCI_ICH_REGISTERS_H

#include <linux/bits.h>
#include <linux/types.h>

/* Where each channel's registers begin. */
#define ICH_PCM_IN		0x00
#define ICH_PCM_OUT		0x10
#define ICH_MIC_IN		0x20

/* A channel's registers. */
#define ICH_BDBAR		0x00	/* descriptor list, 32 bits */
#define ICH_CIV			0x04	/* with LVI and SR when read as 32 */
#define ICH_LVI			0x05
#define ICH_SR			0x06
#define ICH_PICB		0x08	/* with PIV and CR when read as 32 */
#define ICH_CR			0x0b

/* CIV, LVI and SR in one read. */
#define ICH_STATUS_CIV(status)	((status) & 31)
#define ICH_STATUS_SR(status)	((status) >> 16)

/* PICB, PIV and CR in one read. */
#define ICH_POSITION_PICB(pos)	((pos) & 0xffff)
#define ICH_POSITION_PIV(pos)	(((pos) >> 16) & 31)

#define ICH_SR_DCH		BIT(0)	/* halted */
#define ICH_SR_CELV		BIT(1)	/* current equals last valid */
#define ICH_SR_LVBCI		BIT(2)	/* last valid completed */
#define ICH_SR_BCIS		BIT(3)	/* a descriptor with IOC completed */
#define ICH_SR_FIFOE		BIT(4)	/* FIFO ran over or dry */
/* FIFOE doesn't interrupt: nobody enables that. But it is cleared, too. */
#define ICH_SR_INTERRUPTS	(ICH_SR_LVBCI | ICH_SR_BCIS)
#define ICH_SR_CLEAR		(ICH_SR_INTERRUPTS | ICH_SR_FIFOE)

#define ICH_CR_RPBM		BIT(0)	/* run */
#define ICH_CR_RR		BIT(1)	/* reset the channel */
#define ICH_CR_LVBIE		BIT(2)	/* interrupt on LVBCI */
#define ICH_CR_IOCE		BIT(4)	/* interrupt on BCIS */

/* Global registers. */
#define ICH_GLOB_CNT		0x2c
#define ICH_GLOB_STA		0x30
#define ICH_CAS			0x34

#define ICH_GLOB_CNT_COLD	BIT(1)	/* 0 holds the link in reset */
#define ICH_GLOB_CNT_WARM	BIT(2)	/* 1 while a warm reset is going on */
#define ICH_GLOB_CNT_LINK_OFF	BIT(3)
#define ICH_GLOB_CNT_PCM_246	GENMASK(21, 20)	/* channels that are played */
#define ICH_GLOB_CNT_PCM_4	BIT(20)
#define ICH_GLOB_CNT_PCM_6	BIT(21)
#define ICH_GLOB_CNT_PCM_20BIT	BIT(22)		/* in words of 32 */

#define ICH_GLOB_STA_PIINT	BIT(5)
#define ICH_GLOB_STA_POINT	BIT(6)
#define ICH_GLOB_STA_MINT	BIT(7)
#define ICH_GLOB_STA_PCR	BIT(8)	/* codecs ready */
#define ICH_GLOB_STA_SCR	BIT(9)
#define ICH_GLOB_STA_RCS	BIT(15)	/* a codec read timed out */
#define ICH_GLOB_STA_TCR	BIT(28)

/* The mixer space (NAM) has this much for each codec. */
#define ICH_CODEC_STRIDE	0x80

#define ICH_DESCRIPTORS		32
#define ICH_FRAME_BYTES		4	/* two samples of 16 bits */
#define ICH_CHANNELS_MAX	6

/**
 * struct ich_descriptor - a buffer descriptor
 * @address: where the data is
 * @control: samples of 16 bits, and flags
 */
struct ich_descriptor {
	__le32 address;
	__le32 control;
};

#define ICH_DESCRIPTOR_SAMPLES	0xfffe	/* most of them, whole frames */
#define ICH_DESCRIPTOR_IOC	BIT(31)	/* interrupt on completion */
#define ICH_DESCRIPTOR_BUP	BIT(30)	/* underrun: last sample, not 0 */

#endif
