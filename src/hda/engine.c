// SPDX-License-Identifier: GPL-2.0
/*
 * A stream descriptor: its registers, and the list that it goes round.
 */
#include "hda.h"

static void clear(struct hda_engine *engine)
{
	struct hdac_stream *core = &engine->core;
	u8 control;

	snd_hdac_stream_writeb(core, SD_CTL, 0);
	snd_hdac_stream_readb_poll(core, SD_CTL, control,
				   !(control & SD_CTL_DMA_START), 1, 300);
	snd_hdac_stream_writeb(core, SD_STS, SD_INT_MASK);
}

/**
 * hda_engine_load() - have an engine begin at a place of a ring
 * @engine: the engine, which doesn't run
 * @ring: the ring, which is whole
 * @offset: the place
 * @format: the format, as codec and controller have it
 *
 * A controller may read its list once, when it starts, and then from the
 * beginning: so one that goes on after a pause gets a new list, that begins
 * where it was. List, length and format may be changed only when it was reset.
 *
 * Context: any.
 */
void hda_engine_load(struct hda_engine *engine, const struct hda_ring *ring,
		     u32 offset, u16 format)
{
	struct hdac_stream *core = &engine->core;
	struct hda_descriptor *list = (void *)core->bdl.area;
	struct hdac_bus *bus = core->bus;
	u32 count, control = core->stream_tag << SD_CTL_STREAM_TAG_SHIFT;

	snd_hdac_stream_reset(core);
	count = hda_ring_list(ring, offset, list);
	/* The list is in memory before the engine is told of it. */
	wmb();
	if (!bus->snoop)
		control |= SD_CTL_TRAFFIC_PRIO;
	snd_hdac_stream_writel(core, SD_CTL, control);
	snd_hdac_stream_writel(core, SD_CBL, ring->bytes);
	snd_hdac_stream_writew(core, SD_FORMAT, format);
	snd_hdac_stream_writew(core, SD_LVI, count - 1);
	snd_hdac_stream_writel(core, SD_BDLPL, lower_32_bits(core->bdl.addr));
	snd_hdac_stream_writel(core, SD_BDLPU, upper_32_bits(core->bdl.addr));
	core->fifo_size = snd_hdac_stream_readw(core, SD_FIFOSIZE);
	core->format_val = format;
	engine->loaded = true;
}

/**
 * hda_engine_start() - let an engine run
 * @engine: the engine, which is loaded
 * @interrupts: whether it is to interrupt where its list says so
 *
 * Context: any.
 */
void hda_engine_start(struct hda_engine *engine, bool interrupts)
{
	engine->loaded = false;
	snd_hdac_stream_writeb(&engine->core, SD_CTL, SD_CTL_DMA_START |
			       (interrupts ? SD_INT_COMPLETE : 0));
}

/**
 * hda_engine_stop() - stop an engine
 * @engine: the engine
 *
 * Context: any.
 */
void hda_engine_stop(struct hda_engine *engine)
{
	clear(engine);
}

/**
 * hda_engine_position() - where an engine is
 * @engine: the engine
 * @ring_bytes: length of its ring
 *
 * The controller writes it to memory; no register is read.
 *
 * Context: any.
 * Return: bytes since the place where its list begins, modulo the ring.
 */
u32 hda_engine_position(struct hda_engine *engine, u32 ring_bytes)
{
	struct hdac_stream *core = &engine->core;
	u32 position;

	position = engine->reads_position || !core->posbuf ?
		snd_hdac_stream_readl(core, SD_LPIB) :
		le32_to_cpu(READ_ONCE(*core->posbuf));
	/* At the end some are there for a moment before they begin anew. */
	return position < ring_bytes ? position : 0;
}
