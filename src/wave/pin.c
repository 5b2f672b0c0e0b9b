// SPDX-License-Identifier: GPL-2.0
/*
 * The pins of a wave filter: what they can do, how many are open, and the PCM
 * devices that they become.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "verifier.h"
#include "wave.h"

/* Memory comes in pages: nothing of a larger alignment or less can be kept. */
static int pin_check_limits(struct wave_pin *pin)
{
	u32 align = pin->framing.file_alignment;

	if (!is_power_of_2(align + 1) || align + 1 > PAGE_SIZE ||
	    dma_get_seg_boundary(pin->port->base.device) < PAGE_SIZE - 1) {
		dev_err(pin->port->base.device,
			"%s: mappings aligned to %#x plus one, within %#lx plus one: not possible\n",
			pin->name, align,
			dma_get_seg_boundary(pin->port->base.device));
		return -EINVAL;
	}
	return 0;
}

/*
 * What the streams of a pin prefer is known only to a stream, and ALSA wants
 * to know before there is one. So make one, ask, and let it go.
 */
static int pin_find_limits(struct wave_pin *pin)
{
	struct iminiport_wavepci_stream *miniport;
	struct wave_stream *stream;
	int err;
	u32 i;

	for (i = 0; i < pin->descriptor->data_ranges_count; i++)
		if (pin->caps[i].formats)
			break;
	if (i == pin->descriptor->data_ranges_count)
		return -EINVAL;
	err = wave_stream_create(pin, NULL, NULL, &pin->caps[i].best, &stream);
	if (err)
		return err;
	miniport = stream->miniport;
	err = portcls_error(miniport->vtbl->get_allocator_framing(miniport,
							       &pin->framing));
	wave_stream_mapping_limits(stream, &pin->framing, &pin->cut);
	wave_stream_destroy(stream);
	return err ?: pin_check_limits(pin);
}

/**
 * wave_pin_init() - find out what a pin can do
 * @port: the filter
 * @id: the pin's ID
 * @device: number of the PCM device that it becomes a direction of
 *
 * Context: may sleep; only while the adapter starts.
 * Return: 0; -EINVAL for a description that makes no sense; -ENOMEM; the
 * miniport's error.
 */
int wave_pin_init(struct wave_port *port, u32 id, int device)
{
	struct wave_pin *pin = &port->pins[id];
	int err;

	pin->port = port;
	pin->id = id;
	pin->descriptor = &port->description->pins[id];
	pin->capture = pin->descriptor->data_flow == KSPIN_DATAFLOW_OUT;
	snprintf(pin->name, sizeof(pin->name), "pcm%d%c", device,
		 pin->capture ? 'c' : 'p');
	pin->caps = kcalloc(pin->descriptor->data_ranges_count,
			    sizeof(*pin->caps), GFP_KERNEL);
	if (!pin->caps)
		return -ENOMEM;

	err = pin->descriptor->data_ranges_count ?
		wave_format_find_caps(&port->miniport->miniport, id,
				      pin->descriptor, pin->caps) : -EINVAL;
	if (!err)
		err = pin_find_limits(pin);
	if (err)
		dev_err(port->base.device, "%s: pin %u of the filter: error %d\n",
			pin->name, id, err);
	return err;
}

/*
 * Returns true when one more can be opened; a miniport with IPinCount decides.
 * A pin has one filter, so its instances there are all that there are.
 */
static bool pin_has_room(struct wave_pin *pin, u32 now)
{
	const struct pcpin_descriptor *d = pin->descriptor;
	struct ipin_count *counter = pin->port->counter;
	u32 possible = d->max_filter_instance_count;
	u32 global_possible = d->max_global_instance_count ?:
			      KSINSTANCE_INDETERMINATE;
	u32 necessary = d->min_filter_instance_count;
	u32 global_now = now;

	if (counter)
		counter->vtbl->pin_count(counter, pin->id, &necessary, &now,
					 &possible, &global_now,
					 &global_possible);
	return now < possible && global_now < global_possible;
}

/**
 * wave_pin_take() - open an instance of a pin
 * @pin: the pin
 *
 * ALSA's substreams keep to the number the description gives; the miniport may
 * know better through IPinCount.
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY when no more can be opened.
 */
int wave_pin_take(struct wave_pin *pin)
{
	struct wave_port *port = pin->port;
	bool room;
	u32 now;

	mutex_lock(&port->instances_mutex);
	do {
		now = pin->instances;
		/* Nobody is called with our lock held; others come and go. */
		mutex_unlock(&port->instances_mutex);
		room = pin_has_room(pin, now);
		mutex_lock(&port->instances_mutex);
	} while (now != pin->instances);
	if (room)
		pin->instances++;
	mutex_unlock(&port->instances_mutex);
	return room ? 0 : -EBUSY;
}

/**
 * wave_pin_give_back() - close an instance of a pin
 * @pin: the pin
 *
 * Context: may sleep.
 */
void wave_pin_give_back(struct wave_pin *pin)
{
	mutex_lock(&pin->port->instances_mutex);
	pin->instances--;
	mutex_unlock(&pin->port->instances_mutex);
}

/**
 * wave_pin_empty() - free what a pin has kept of its streams' memory
 * @pin: the pin, which nobody has open, and nobody can open any more
 *
 * Context: may sleep.
 */
void wave_pin_empty(struct wave_pin *pin)
{
	if (verifier_on())
		wave_verifier_check_quarantine(pin);
	wave_buffer_free(&pin->spare);
}

/**
 * wave_pin_free_all() - free what a filter knows of its pins
 * @port: the filter, without PCM devices
 *
 * Context: may sleep.
 */
void wave_pin_free_all(struct wave_port *port)
{
	u32 i;

	if (!port->pins)
		return;
	for (i = 0; i < port->description->pin_count; i++) {
		kfree(port->pins[i].caps);
		kfree(port->pins[i].channel_maps);
	}
	kfree(port->pins);
	port->pins = NULL;
}
