// SPDX-License-Identifier: GPL-2.0
/*
 * What uses a card: ALSA, the way an application would, from in the kernel.
 */
#include <linux/slab.h>
#include <sound/core.h>

#include "application.h"

#define PATIENCE	(10 * HZ)

/**
 * application_pcm() - a PCM device of the fake's card
 * @fake: the fake
 * @device: its number
 *
 * Return: the PCM device, or NULL.
 */
struct snd_pcm *application_pcm(struct fake *fake, int device)
{
	struct snd_card *card = pc_get_card(fake->device);
	struct snd_device *found;

	list_for_each_entry(found, &card->devices, list) {
		struct snd_pcm *pcm = found->device_data;

		if (found->type == SNDRV_DEV_PCM && pcm->device == device)
			return pcm;
	}
	return NULL;
}

/**
 * application_try_open() - open a substream
 * @app: who opens it
 * @fake: the fake
 * @device: number of the PCM device
 * @direction: SNDRV_PCM_STREAM_PLAYBACK or SNDRV_PCM_STREAM_CAPTURE
 *
 * Return: 0, or ALSA's error.
 */
int application_try_open(struct application *app, struct fake *fake,
			 int device, int direction)
{
	struct snd_pcm *pcm = application_pcm(fake, device);
	int err;

	if (!pcm)
		return -ENODEV;
	app->file.f_flags = O_NONBLOCK;
	mutex_lock(&pcm->open_mutex);
	err = snd_pcm_open_substream(pcm, direction, &app->file,
				     &app->substream);
	mutex_unlock(&pcm->open_mutex);
	if (err)
		app->substream = NULL;
	return err;
}

/**
 * application_close() - close the substream, if it is open
 * @app: whose
 */
void application_close(struct application *app)
{
	struct snd_pcm *pcm;

	if (!app->substream)
		return;
	pcm = app->substream->pcm;
	mutex_lock(&pcm->open_mutex);
	snd_pcm_release_substream(app->substream);
	mutex_unlock(&pcm->open_mutex);
	app->substream = NULL;
}

static void close_action(void *context)
{
	application_close(context);
}

/**
 * application_open() - open a substream of the first PCM device; has to work
 * @test: the test; at its end the substream is closed
 * @fake: the fake
 * @direction: SNDRV_PCM_STREAM_PLAYBACK or SNDRV_PCM_STREAM_CAPTURE
 *
 * Return: the application.
 */
struct application *application_open(struct kunit *test, struct fake *fake,
				     int direction)
{
	struct application *app = kunit_kzalloc(test, sizeof(*app),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, app);
	app->test = test;
	KUNIT_ASSERT_EQ(test, application_try_open(app, fake, 0, direction),
			0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_action,
							app), 0);
	return app;
}

/**
 * application_prepared() - the same, with the default parameters, prepared
 * @test: the test
 * @fake: the fake
 * @direction: which way
 *
 * Return: the application.
 */
struct application *application_prepared(struct kunit *test, struct fake *fake,
					 int direction)
{
	struct application *app = application_open(test, fake, direction);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	return app;
}

/**
 * application_running() - the same, started
 * @test: the test
 * @fake: the fake
 * @direction: which way
 *
 * Return: the application.
 */
struct application *application_running(struct kunit *test, struct fake *fake,
					int direction)
{
	struct application *app = application_prepared(test, fake, direction);

	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	return app;
}

static void want_mask(struct snd_pcm_hw_params *params, int var,
		      unsigned int value)
{
	snd_mask_none(hw_param_mask(params, var));
	snd_mask_set(hw_param_mask(params, var), value);
}

static void want_value(struct snd_pcm_hw_params *params, int var,
		       unsigned int value)
{
	*hw_param_interval(params, var) = (struct snd_interval) {
		.min = value, .max = value, .integer = 1,
	};
}

/**
 * application_fill() - fill in ALSA's parameters
 * @params: receives them
 * @want: what is wanted
 */
void application_fill(struct snd_pcm_hw_params *params,
		      const struct application_params *want)
{
	memset(params, 0, sizeof(*params));
	_snd_pcm_hw_params_any(params);
	want_mask(params, SNDRV_PCM_HW_PARAM_ACCESS,
		  (__force unsigned int)SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	want_mask(params, SNDRV_PCM_HW_PARAM_FORMAT, want->format ?
		  want->format - 1 :
		  (__force unsigned int)SNDRV_PCM_FORMAT_U8);
	want_value(params, SNDRV_PCM_HW_PARAM_CHANNELS, want->channels ?: 1);
	want_value(params, SNDRV_PCM_HW_PARAM_RATE, want->rate ?: 8000);
	want_value(params, SNDRV_PCM_HW_PARAM_PERIOD_BYTES,
		   want->period_bytes ?: PERIOD);
	want_value(params, SNDRV_PCM_HW_PARAM_PERIODS,
		   want->periods ?: PERIODS);
	if (want->no_wakeup)
		params->flags |= SNDRV_PCM_HW_PARAMS_NO_PERIOD_WAKEUP;
}

/**
 * application_hw_params() - ask for parameters
 * @app: who
 * @want: which, or NULL for the default
 *
 * Playing goes on when nothing has been written, and starts when told to.
 *
 * Return: 0, or ALSA's error.
 */
int application_hw_params(struct application *app,
			  const struct application_params *want)
{
	static const struct application_params nothing_special;
	struct snd_pcm_runtime *runtime = app->substream->runtime;
	struct snd_pcm_hw_params *params;
	int err;

	params = kmalloc(sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	application_fill(params, want ?: &nothing_special);
	err = snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_HW_PARAMS,
				   params);
	kfree(params);
	if (!err) {
		runtime->start_threshold = runtime->boundary;
		runtime->stop_threshold = runtime->boundary;
		/* application_wait() wants to know of less than a period. */
		runtime->control->avail_min = 1;
	}
	return err;
}

/**
 * application_hw_free() - give the parameters back; not in the in-kernel API
 * @app: who
 *
 * Return: 0, or the driver's error.
 */
int application_hw_free(struct application *app)
{
	struct snd_pcm_substream *substream = app->substream;

	substream->ops->sync_stop(substream);
	return substream->ops->hw_free(substream);
}

int application_prepare(struct application *app)
{
	return snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_PREPARE,
				    NULL);
}

int application_start(struct application *app)
{
	return snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_START,
				    NULL);
}

int application_drop(struct application *app)
{
	return snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DROP,
				    NULL);
}

/**
 * application_trigger() - a trigger that the in-kernel API hasn't got
 * @app: who
 * @cmd: SNDRV_PCM_TRIGGER_*
 *
 * Return: 0, or the driver's error.
 */
int application_trigger(struct application *app, int cmd)
{
	int err;

	snd_pcm_stream_lock_irq(app->substream);
	err = app->substream->ops->trigger(app->substream, cmd);
	snd_pcm_stream_unlock_irq(app->substream);
	return err;
}

/**
 * application_write() - play something
 * @app: who
 * @bytes: how much; byte n since the beginning is n, but never silence
 *
 * Return: how much was written, or ALSA's error.
 */
int application_write(struct application *app, int bytes)
{
	u64 start = app->substream->runtime->control->appl_ptr;
	u8 *data = kmalloc(bytes, GFP_KERNEL);
	int i, written;

	if (!data)
		return -ENOMEM;
	for (i = 0; i < bytes; i++)
		data[i] = (start + i) % 0x7f;
	written = snd_pcm_kernel_write(app->substream, data, bytes);
	kfree(data);
	return written;
}

/**
 * application_hw_ptr() - where the hardware is, as far as ALSA knows
 * @app: who wants to know
 *
 * Return: frames since it was prepared.
 */
u64 application_hw_ptr(struct application *app)
{
	return READ_ONCE(app->substream->runtime->status->hw_ptr);
}

/**
 * application_ask_hw_ptr() - where the hardware is; ask it
 * @app: who wants to know
 *
 * Return: frames since it was prepared.
 */
u64 application_ask_hw_ptr(struct application *app)
{
	snd_pcm_sframes_t delay;

	KUNIT_EXPECT_EQ(app->test,
			snd_pcm_kernel_ioctl(app->substream,
					     SNDRV_PCM_IOCTL_DELAY, &delay),
			0);
	return application_hw_ptr(app);
}

/**
 * application_wait() - wait until the hardware is somewhere
 * @app: who waits
 * @hw_ptr: where
 *
 * Return: whether it got there.
 */
bool application_wait(struct application *app, u64 hw_ptr)
{
	return wait_event_timeout(app->substream->runtime->sleep,
				  application_hw_ptr(app) >= hw_ptr, PATIENCE);
}

/**
 * application_wait_state() - wait until the substream is in a state
 * @app: who waits
 * @state: which
 *
 * Return: whether it got there.
 */
bool application_wait_state(struct application *app, snd_pcm_state_t state)
{
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	return wait_event_timeout(runtime->sleep,
				  READ_ONCE(runtime->state) == state,
				  PATIENCE);
}
