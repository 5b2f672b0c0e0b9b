// SPDX-License-Identifier: GPL-2.0
/*
 * How a codec driver is asked to take a codec, and to let it go. This is what
 * the kernel's own controller driver does at the same place, and has changed in
 * 6.17.
 */
#include <wavepci/kernel.h>

#include "hda.h"

#ifdef WAVEPCI_HDA_DRIVER_OPS

/**
 * hda_bind_probe() - have a codec driver take a codec
 * @codec: the codec, whose driver is known
 *
 * Context: may sleep.
 * Return: 0 or the driver's error.
 */
int hda_bind_probe(struct hda_codec *codec)
{
	struct hda_codec_driver *driver = hda_codec_to_driver(codec);

	return driver->ops->probe(codec, codec->preset);
}

/**
 * hda_bind_remove() - have a codec driver let a codec go
 * @codec: the codec
 *
 * Context: may sleep.
 */
void hda_bind_remove(struct hda_codec *codec)
{
	struct hda_codec_driver *driver = hda_codec_to_driver(codec);

	if (driver->ops->remove)
		driver->ops->remove(codec);
}

#else

int hda_bind_probe(struct hda_codec *codec)
{
	hda_codec_patch_t patch = (void *)codec->preset->driver_data;

	return patch ? patch(codec) : 0;
}

void hda_bind_remove(struct hda_codec *codec)
{
	if (codec->patch_ops.free)
		codec->patch_ops.free(codec);
}

#endif
