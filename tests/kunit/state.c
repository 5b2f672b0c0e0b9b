// SPDX-License-Identifier: GPL-2.0
/*
 * SetState: one step at a time, and when. SetFormat and NewStream, too.
 */
#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static void state_order(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	expect_log(fake, "");
	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	expect_log(fake, "new-p");
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	expect_log(fake, "acquire pause");
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	expect_log(fake, "run");
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	expect_log(fake, "pause");
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	expect_log(fake, "acquire stop acquire pause");
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	expect_log(fake, "run");
	application_close(app);
	expect_log(fake, "pause acquire stop gone-p");
}

static void state_hw_free(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);

	expect_log(fake, "new-p acquire pause");
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	expect_log(fake, "acquire stop gone-p");
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	expect_log(fake, "");
}

static void state_pause_and_suspend(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);

	expect_log(fake, "new-p acquire pause run");
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	expect_log(fake, "pause");
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	expect_log(fake, "run");
	KUNIT_EXPECT_EQ(test, snd_pcm_suspend_all(app->substream->pcm), 0);
	expect_log(fake, "pause");
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_RESUME), 0);
	expect_log(fake, "run");
	KUNIT_EXPECT_EQ(test, application_trigger(app, 99), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_STOP), 0);
	expect_log(fake, "pause");
}

/* The way up ends where the miniport says so. */
static void state_error_up(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	fake->state_errors[KSSTATE_PAUSE] = -EIO;
	KUNIT_EXPECT_EQ(test, application_prepare(app), -EIO);
	expect_log(fake, "new-p acquire pause");
	fake->state_errors[KSSTATE_PAUSE] = 0;
	KUNIT_EXPECT_EQ(test, application_prepare(app), 0);
	expect_log(fake, "stop acquire pause");
	fake->state_errors[KSSTATE_RUN] = -EIO;
	KUNIT_EXPECT_EQ(test, application_start(app), -EIO);
	expect_log(fake, "run");
	fake->state_errors[KSSTATE_RUN] = 0;
	KUNIT_EXPECT_EQ(test, application_prepare(app), 0);
	expect_log(fake, "acquire stop acquire pause");
}

/* The way down goes on: there is no other. */
static void state_error_down(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);

	fake->state_errors[KSSTATE_PAUSE] = -EIO;
	fake->state_errors[KSSTATE_ACQUIRE] = -EIO;
	fake->state_errors[KSSTATE_STOP] = -EIO;
	expect_log(fake, "new-p acquire pause run");
	application_close(app);
	expect_log(fake, "pause acquire stop gone-p");
}

static void state_set_format(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct application_params stereo = {
		.format = APPLICATION_FORMAT(SNDRV_PCM_FORMAT_S16_LE),
		.channels = 2, .rate = 44100,
	};
	struct fake_stream *stream = fake->streams[0];
	const struct waveformatextensible *wave = &stream->format.wave_format;

	expect_log(fake, "new-p acquire pause");
	KUNIT_EXPECT_EQ(test, wave->samples_per_sec, 8000);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &stereo), 0);
	/* In STOP, the same stream again. */
	expect_log(fake, "acquire stop format");
	KUNIT_EXPECT_PTR_EQ(test, fake->streams[0], stream);
	KUNIT_EXPECT_EQ(test, wave->samples_per_sec, 44100);
	KUNIT_EXPECT_EQ(test, wave->channels, 2);
	KUNIT_EXPECT_EQ(test, wave->block_align, 4);

	fake->format_error = -ENXIO;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, &stereo), -ENXIO);
	expect_log(fake, "format gone-p");
}

static void state_new_stream_fails(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	fake->stream_error = -ENODEV;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), -ENODEV);
	expect_log(fake, "new-p");
	fake->stream_error = 0;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), 0);
	expect_log(fake, "new-p");
}

/* Both halves find each other, and the port's stream is a proper object. */
static void state_stream_object(struct kunit *test)
{
	static const guid_t *const iids[] = {
		&iid_iport_wavepci_stream, &iid_iservice_sink,
		&iid_iprefetch_offset, NULL
	};
	struct fake *fake = fake_card(test);

	application_prepared(test, fake, PLAY);
	expect_com(test, &fake->streams[0]->port_stream->unknown, iids);
	KUNIT_EXPECT_FALSE(test, fake->streams[0]->capture);
	application_prepared(test, fake, SNDRV_PCM_STREAM_CAPTURE);
	KUNIT_EXPECT_TRUE(test, fake->streams[1]->capture);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(state_order),
	KUNIT_CASE(state_hw_free),
	KUNIT_CASE(state_pause_and_suspend),
	KUNIT_CASE(state_error_up),
	KUNIT_CASE(state_error_down),
	KUNIT_CASE(state_set_format),
	KUNIT_CASE(state_new_stream_fails),
	KUNIT_CASE(state_stream_object),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-state",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
