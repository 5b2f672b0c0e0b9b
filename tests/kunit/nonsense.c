// SPDX-License-Identifier: GPL-2.0
/*
 * A miniport that talks nonsense: about itself, its pins, its formats and its
 * streams. The card doesn't come to be then, or it can't be used, with an
 * error; or it works as far as what was said makes sense.
 */
#include "pair.h"

/* --- framing ------------------------------------------------------------- */

static void nonsense_framing(struct kunit *test)
{
	static const struct {
		struct ksallocator_framing framing;
		bool possible;
	} lies[] = {
		{ { .file_alignment = 2 } },
		{ { .file_alignment = 5 } },
		{ { .file_alignment = ~0u } },
		{ { .file_alignment = ~0u - 1 } },
		{ { .file_alignment = 0x7fffffff } },
		{ { .file_alignment = 2 * PAGE_SIZE - 1 } },
		{ { .file_alignment = 3, .frame_size = 1 }, true },
		{ { .file_alignment = 63, .frame_size = 2 }, true },
		{ { .frame_size = 17 }, true },
		{ { .frame_size = ~0u }, true },
		{ { .frame_size = ~0u, .file_alignment = 3 }, true },
		{ { .frame_size = 64, .frame_lead = ~0u }, true },
		{ { .frame_size = 64, .frame_lead = 1 }, true },
		{ { .frames = ~0u }, true },
	};
	struct fake *fake = fake_new(test);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		int err;

		fake->framing = lies[i].framing;
		err = fake_try_start(fake);
		KUNIT_EXPECT_EQ_MSG(test, !err, lies[i].possible,
				    "lie %zu: error %d", i, err);
		if (!err)
			expect_plays(test, fake);
		fake_stop(fake);
	}
}

/* --- pins ---------------------------------------------------------------- */

static void nonsense_instances(struct kunit *test)
{
	struct application app = { .test = test };
	struct fake *fake = fake_new(test);

	/* None: there is nothing to be opened. */
	fake->pins[PLAY].max_filter_instance_count = 0;
	if (!fake_try_start(fake))
		KUNIT_EXPECT_LT(test, application_try_open(&app, fake, 0, PLAY),
				0);
	fake_stop(fake);
	/* As many as one likes, in the model's words: some, at least. */
	fake->pins[PLAY].max_filter_instance_count = KSINSTANCE_INDETERMINATE;
	KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
	expect_plays(test, fake);
	fake_stop(fake);
}

static void count_nonsense(u32 pin_id, u32 *filter_necessary,
			   u32 *filter_current, u32 *filter_possible,
			   u32 *global_current, u32 *global_possible)
{
	*filter_necessary = ~0u;
	*filter_current = 0;
	*filter_possible = ~0u;
	*global_current = 0;
	*global_possible = ~0u;
}

static void count_none(u32 pin_id, u32 *filter_necessary, u32 *filter_current,
		       u32 *filter_possible, u32 *global_current,
		       u32 *global_possible)
{
	*filter_current = ~0u;
	*filter_possible = 0;
}

/* No more than the description says, and none is no damage. */
static void nonsense_pin_count(struct kunit *test)
{
	struct application third = { .test = test };
	struct fake *fake = fake_card(test);

	fake->pin_count = count_nonsense;
	application_open(test, fake, PLAY);
	application_open(test, fake, PLAY);
	KUNIT_EXPECT_LT(test, application_try_open(&third, fake, 0, PLAY), 0);
	fake->pin_count = count_none;
	KUNIT_EXPECT_LT(test, application_try_open(&third, fake, 0, RECORD), 0);
	fake->pin_count = NULL;
	KUNIT_EXPECT_EQ(test, application_try_open(&third, fake, 0, RECORD), 0);
	application_close(&third);
}

static void nonsense_counts(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->description.pin_count = ~0u;
	KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
	fake->description.pin_count = 2;
	fake->pins[1].data_ranges_count = ~0u;
	KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
	fake->pins[1].data_ranges_count = 1;
	KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
	expect_plays(test, fake);
}

static void nonsense_flow(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	/* Pins that lead nowhere, and none that leads somewhere. */
	fake->pins[0].data_flow = 77;
	fake->pins[1].communication = 99;
	KUNIT_EXPECT_EQ(test, fake_try_start(fake), -EINVAL);
	fake->pins[0].data_flow = KSPIN_DATAFLOW_IN;
	fake->pins[0].name = NULL;
	KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
	expect_plays(test, fake);
}

/* --- formats ------------------------------------------------------------- */

static int hw_params_at(struct application *app, unsigned int rate)
{
	struct application_params want = { .rate = 8000 };
	struct snd_pcm_hw_params *params;
	int err;

	params = kunit_kzalloc(app->test, sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	application_fill(params, &want);
	*hw_param_interval(params, SNDRV_PCM_HW_PARAM_RATE) =
		(struct snd_interval) {
			.min = rate, .max = rate, .integer = 1,
		};
	err = snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_HW_PARAMS,
				   params);
	return err;
}

static void nonsense_rates(struct kunit *test)
{
	struct application app = { .test = test };
	struct fake *fake = fake_new(test);

	fake->ranges[0].minimum_sample_frequency = 0;
	fake->ranges[0].maximum_sample_frequency = ~0u;
	if (fake_try_start(fake))
		return;
	KUNIT_ASSERT_EQ(test, application_try_open(&app, fake, 0, PLAY), 0);
	/* ALSA would divide by it. */
	KUNIT_EXPECT_LT(test, hw_params_at(&app, 0), 0);
	application_close(&app);
	expect_plays(test, fake);
}

static void nonsense_ranges(struct kunit *test)
{
	static const struct ksdatarange_audio lies[] = {
		{ KSDATARANGE_AUDIO_PCM, },
		{
			KSDATARANGE_AUDIO_PCM,
			.maximum_channels = ~0u,
			.minimum_bits_per_sample = ~0u,
			.maximum_bits_per_sample = ~0u,
			.minimum_sample_frequency = ~0u,
			.maximum_sample_frequency = ~0u,
		}, {
			KSDATARANGE_AUDIO_PCM,
			.maximum_channels = 2,
			.minimum_bits_per_sample = 16,
			.maximum_bits_per_sample = 8,
			.minimum_sample_frequency = 48000,
			.maximum_sample_frequency = 8000,
		}, {
			KSDATARANGE_AUDIO_PCM,
			.maximum_channels = 2,
			.minimum_bits_per_sample = 9,
			.maximum_bits_per_sample = 15,
			.minimum_sample_frequency = 8000,
			.maximum_sample_frequency = 48000,
		},
	};
	struct fake *fake = fake_new(test);
	struct ksdatarange_audio good = fake->ranges[0];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		fake->ranges[0] = lies[i];
		KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
		fake_stop(fake);
	}
	fake->ranges[0] = good;
	fake->ranges[0].maximum_channels = ~0u;
	KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
	expect_plays(test, fake);
}

static int intersect_rubbish(const struct ksdatarange_audio *want,
			     const struct ksdatarange_audio *have,
			     struct ksdataformat_waveformatextensible *format)
{
	memset(format, 0xff, sizeof(*format));
	return 0;
}

static int intersect_nothing(const struct ksdatarange_audio *want,
			     const struct ksdatarange_audio *have,
			     struct ksdataformat_waveformatextensible *format)
{
	memset(format, 0, sizeof(*format));
	return 0;
}

static int intersect_positive(const struct ksdatarange_audio *want,
			      const struct ksdatarange_audio *have,
			      struct ksdataformat_waveformatextensible *format)
{
	return 1;
}

static void nonsense_intersection(struct kunit *test)
{
	static int (*const lies[])(const struct ksdatarange_audio *,
				   const struct ksdatarange_audio *,
				   struct ksdataformat_waveformatextensible *) = {
		intersect_rubbish, intersect_nothing, intersect_positive,
	};
	struct fake *fake = fake_new(test);
	struct application app = { .test = test };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		fake->intersect = lies[i];
		KUNIT_EXPECT_LT(test, fake_try_start(fake), 0);
		fake->intersect = NULL;
		KUNIT_ASSERT_EQ(test, fake_try_start(fake), 0);
		/* From now on, or for the next one who opens it. */
		KUNIT_ASSERT_EQ(test, application_try_open(&app, fake, 0, PLAY),
				0);
		fake->intersect = lies[i];
		KUNIT_EXPECT_LT(test, application_hw_params(&app, NULL), 0);
		application_close(&app);
		if (!application_try_open(&app, fake, 0, PLAY))
			KUNIT_EXPECT_LT(test, application_hw_params(&app, NULL),
					0);
		application_close(&app);
		fake->intersect = NULL;
		expect_plays(test, fake);
		fake_stop(fake);
	}
}

/* --- streams ------------------------------------------------------------- */

static void nonsense_no_channel(struct kunit *test)
{
	struct fake *fake = fake_new(test);

	fake->channel_bytes = 0;
	fake_start(fake);
	expect_plays(test, fake);
	fake_stop(fake);
	/* A mapping for each byte. */
	fake->channel_bytes = 1;
	fake_start(fake);
	expect_plays(test, fake);
}

static void nonsense_stream_errors(struct kunit *test)
{
	static const int errors[] = { -EIO, -1, -4095, -ENOMEM };
	struct fake *fake = fake_card(test);
	struct application app = { .test = test };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		KUNIT_ASSERT_EQ(test, application_try_open(&app, fake, 0, PLAY),
				0);
		fake->stream_error = errors[i];
		KUNIT_EXPECT_EQ(test, application_hw_params(&app, NULL),
				errors[i]);
		fake->stream_error = 0;
		KUNIT_EXPECT_EQ(test, application_hw_params(&app, NULL), 0);
		fake->format_error = errors[i];
		KUNIT_EXPECT_EQ(test, application_hw_params(&app, NULL),
				errors[i]);
		fake->format_error = 0;
		application_close(&app);
		expect_plays(test, fake);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(nonsense_framing),
	KUNIT_CASE(nonsense_instances),
	KUNIT_CASE(nonsense_pin_count),
	KUNIT_CASE(nonsense_counts),
	KUNIT_CASE(nonsense_flow),
	KUNIT_CASE(nonsense_rates),
	KUNIT_CASE(nonsense_ranges),
	KUNIT_CASE(nonsense_intersection),
	KUNIT_CASE(nonsense_no_channel),
	KUNIT_CASE(nonsense_stream_errors),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-nonsense",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
