/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What uses a card: ALSA, the way an application would, from in the kernel.
 */
#ifndef _WAVEPCI_KUNIT_APPLICATION_H
#define _WAVEPCI_KUNIT_APPLICATION_H

#include <linux/fs.h>
#include <linux/wait.h>
#include <sound/pcm.h>
#include <sound/pcm_params.h>

#include "fake_miniport.h"

/* Bytes, frames and samples are the same of what is played by default. */
#define PERIOD	4096
#define PERIODS	4
#define RING	(PERIOD * PERIODS)

/**
 * struct application - somebody who has a substream open
 * @test: the test
 * @substream: the substream, or NULL
 * @file: what ALSA wants to know of the file that was opened
 */
struct application {
	struct kunit *test;
	struct snd_pcm_substream *substream;
	struct file file;
};

/**
 * struct application_params - what an application asks for; 0 for the default
 * @format: sample format plus one, default 8 bits, unsigned
 * @channels: default 1
 * @rate: default 8000 Hz, so that time doesn't matter to ALSA
 * @period_bytes: default %PERIOD
 * @periods: default %PERIODS
 * @no_wakeup: doesn't want to know of each period
 */
struct application_params {
	unsigned int format;
	unsigned int channels;
	unsigned int rate;
	unsigned int period_bytes;
	unsigned int periods;
	bool no_wakeup;
};

#define APPLICATION_FORMAT(format)	((__force unsigned int)(format) + 1)

struct snd_pcm *application_pcm(struct fake *fake, int device);
int application_try_open(struct application *app, struct fake *fake,
			 int device, int direction);
struct application *application_open(struct kunit *test, struct fake *fake,
				     int direction);
struct application *application_prepared(struct kunit *test, struct fake *fake,
					 int direction);
struct application *application_running(struct kunit *test, struct fake *fake,
					int direction);
void application_close(struct application *app);
void application_fill(struct snd_pcm_hw_params *params,
		      const struct application_params *want);
int application_hw_params(struct application *app,
			  const struct application_params *want);
int application_hw_free(struct application *app);
int application_prepare(struct application *app);
int application_start(struct application *app);
int application_drop(struct application *app);
int application_trigger(struct application *app, int cmd);
int application_write(struct application *app, int bytes);
u64 application_hw_ptr(struct application *app);
u64 application_ask_hw_ptr(struct application *app);
bool application_wait(struct application *app, u64 hw_ptr);
bool application_wait_state(struct application *app, snd_pcm_state_t state);

#endif
