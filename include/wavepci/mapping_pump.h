/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the streams of most miniports do with their mappings: get them from the
 * port until the device's list is full, and give them back, in order, when the
 * device is done with them.
 *
 * The model has no such thing; a miniport that has a loop of its own needs
 * none of this. The open mappings are counted from the first one since STOP,
 * and the number of a mapping is its tag.
 *
 * There is no lock here, and none may be held: the port calls Service and
 * MappingAvailable of a stream one at a time, and the rest is for SetState
 * below RUN and for RevokeMappings, when neither of these is called. What an
 * interrupt or GetPosition also looks at is the device's list, and the
 * miniport's own methods protect that.
 */
#ifndef _WAVEPCI_MAPPING_PUMP_H
#define _WAVEPCI_MAPPING_PUMP_H

#include <wavepci/wavepci.h>

/**
 * struct mapping_pump - the open mappings of a stream
 * @port_stream: where they come from; not counted
 * @room: how many the device's list has room for
 * @eager: ask for as many as were just released, though the port has refused
 *	one: it is likely to have them at once, and needn't tell then. By the
 *	book one waits to be told.
 * @oldest: the oldest open mapping
 * @newest: one behind the newest
 * @refused: the port had no more; it will tell when it has
 */
struct mapping_pump {
	struct iport_wavepci_stream *port_stream;
	u32 room;
	bool eager;
	u32 oldest;
	u32 newest;
	bool refused;
};

/**
 * struct mapping_pump_ops - the device's list
 * @done: Returns the number of the first mapping that the device isn't done
 *	with.
 * @put: Put a mapping at the end of the list. @interrupt: the device is to
 *	interrupt when it is done with it.
 * @filled: No more mappings are put now; @count were. @all: the port had some
 *	until now, so what is open is all that there is.
 *
 * Context: as IMiniportWavePciStream::Service.
 *
 * Meant to be constant and static, beside the calls of the functions below:
 * then the compiler calls the methods directly.
 */
struct mapping_pump_ops {
	u32 (*done)(struct mapping_pump *pump);
	void (*put)(struct mapping_pump *pump, dma_addr_t address,
		    void *virtual, u32 bytes, bool interrupt);
	void (*filled)(struct mapping_pump *pump, u32 count, bool all);
};

static __always_inline void
mapping_pump_run(struct mapping_pump *pump, const struct mapping_pump_ops *ops,
		 u32 credit)
{
	struct iport_wavepci_stream *port = pump->port_stream;
	u32 bytes, flags, first = pump->newest;
	dma_addr_t address;
	unsigned long tag;
	bool all = false;
	void *virtual;

	while ((!pump->refused || credit) &&
	       pump->newest - pump->oldest < pump->room) {
		tag = pump->newest;
		if (port->vtbl->get_mapping(port, (void *)tag, &address,
					    &virtual, &bytes, &flags)) {
			all = !pump->refused;
			pump->refused = true;
			break;
		}
		pump->newest++;
		if (credit)
			credit--;
		ops->put(pump, address, virtual, bytes, flags);
	}
	ops->filled(pump, pump->newest - first, all);
}

/**
 * mapping_pump_service() - give back what is done, and get what there is
 * @pump: the stream's mappings
 * @ops: the device's list
 *
 * Context: IMiniportWavePciStream::Service.
 */
static __always_inline void
mapping_pump_service(struct mapping_pump *pump,
		     const struct mapping_pump_ops *ops)
{
	struct iport_wavepci_stream *port = pump->port_stream;
	u32 first = pump->oldest, done = ops->done(pump);
	unsigned long tag;

	while (pump->oldest != done) {
		tag = pump->oldest++;
		port->vtbl->release_mapping(port, (void *)tag);
	}
	mapping_pump_run(pump, ops, pump->eager ? done - first : 0);
}

/**
 * mapping_pump_available() - get what there is
 * @pump: the stream's mappings
 * @ops: the device's list
 *
 * Context: IMiniportWavePciStream::MappingAvailable, and SetState on the way
 * up to PAUSE.
 */
static __always_inline void
mapping_pump_available(struct mapping_pump *pump,
		       const struct mapping_pump_ops *ops)
{
	pump->refused = false;
	mapping_pump_run(pump, ops, 0);
}

/**
 * mapping_pump_revoke() - forget what the port takes back
 * @pump: the stream's mappings, none of which the device uses any more
 * @first_tag: of the first one
 * @last_tag: of the last one, the newest
 * @mappings_revoked: receives how many there were; what has been released
 *	meanwhile is none
 *
 * Context: IMiniportWavePciStream::RevokeMappings.
 * Return: 0, or -EINVAL for mappings in the middle: with a hole in it the list
 * would not be in order.
 */
static inline int mapping_pump_revoke(struct mapping_pump *pump,
				      void *first_tag, void *last_tag,
				      u32 *mappings_revoked)
{
	u32 first = (unsigned long)first_tag, last = (unsigned long)last_tag;

	if (last + 1 != pump->newest)
		return -EINVAL;
	if ((s32)(first - pump->oldest) < 0)
		first = pump->oldest;
	*mappings_revoked = pump->newest - first;
	pump->newest = first;
	return 0;
}

/**
 * mapping_pump_reset() - begin to count again
 * @pump: the stream's mappings, none open
 *
 * Context: SetState to STOP.
 */
static inline void mapping_pump_reset(struct mapping_pump *pump)
{
	pump->oldest = 0;
	pump->newest = 0;
	pump->refused = false;
}

#endif
