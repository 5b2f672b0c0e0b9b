// SPDX-License-Identifier: GPL-2.0
/*
 * A driver for QEMU's codec, which otherwise has the generic one: it probes in a
 * thread of its own, and takes its time. It has one PCM, and no mixer.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <sound/core.h>
#include <sound/hda_codec.h>

#define CONVERTER	2

static bool fails;

module_param(fails, bool, 0444);
MODULE_PARM_DESC(fails, "Whether it doesn't take the codec in the end.");

static int build_pcms(struct hda_codec *codec)
{
	struct hda_pcm *pcm = snd_hda_codec_pcm_new(codec, "Late");

	if (!pcm)
		return -ENOMEM;
	pcm->stream[SNDRV_PCM_STREAM_PLAYBACK] = (struct hda_pcm_stream) {
		.substreams = 1,
		.channels_min = 2,
		.channels_max = 2,
		.nid = CONVERTER,
	};
	return 0;
}

static int take(struct hda_codec *codec)
{
	msleep(300);
	if (fails)
		return -ENODEV;
	codec->patch_ops.build_pcms = build_pcms;
	return 0;
}

/* hda-output, hda-duplex and hda-micro */
static const struct hda_device_id codecs[] = {
	HDA_CODEC_ENTRY(0x1af40012, "Output", take),
	HDA_CODEC_ENTRY(0x1af40022, "Duplex", take),
	HDA_CODEC_ENTRY(0x1af40032, "Micro", take),
	{}
};

static struct hda_codec_driver late_driver = {
	.core.driver.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	.id = codecs,
};

module_hda_codec_driver(late_driver);

MODULE_DESCRIPTION("WavePci test: a codec's driver that is late");
MODULE_LICENSE("GPL");
