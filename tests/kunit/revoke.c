// SPDX-License-Identifier: GPL-2.0
/*
 * RevokeMappings: the port takes back what is open, and nothing is had then.
 */
#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK

static void revoke_what_is_open(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	/* Tags 1 to 4, one refusal, then 1 is released and 6 got. */
	expect_log(fake, "new-p acquire pause run");
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	expect_log(fake, "pause acquire revoke stop acquire pause");
	KUNIT_EXPECT_PTR_EQ(test, stream->revoked_first, (void *)2);
	KUNIT_EXPECT_PTR_EQ(test, stream->revoked_last, (void *)6);
	KUNIT_EXPECT_EQ(test, stream->revoked, 4);
}

static int release_tag(struct fake_stream *stream, uintptr_t tag)
{
	struct iport_wavepci_stream *port = stream->port_stream;

	return port->vtbl->release_mapping(port, (void *)tag);
}

/*
 * What was released before its turn counts when that comes, and is never
 * named by RevokeMappings.
 */
static void revoke_released_early(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_ASSERT_EQ(test, fake_get_all(stream), 4);
	KUNIT_EXPECT_EQ(test, release_tag(stream, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, release_tag(stream, 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), 0);
	KUNIT_EXPECT_EQ(test, release_tag(stream, 1), 0);
	/* Two packets are complete: so two more can be had, and no third. */
	stream->count = 0;
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	KUNIT_EXPECT_EQ(test, release_tag(stream, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, release_tag(stream, 3), 0);
	stream->count = 0;
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
	KUNIT_EXPECT_TRUE(test, application_wait(app, 4 * PERIOD));

	/* The newest is gone already: up to the one before it. */
	KUNIT_EXPECT_EQ(test, release_tag(stream, stream->next_tag - 1),
			-EINVAL);
	stream->count = 3;
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_PTR_EQ(test, stream->revoked_first, (void *)6);
	KUNIT_EXPECT_PTR_EQ(test, stream->revoked_last,
			    (void *)(stream->next_tag - 2));
}

static void revoke_nothing(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	fake_finish(stream, 1);
	expect_log(fake, "new-p acquire pause run");
	application_close(app);
	expect_log(fake, "pause acquire stop gone-p");
}

static void try_to_get(struct fake_stream *stream)
{
	struct iport_wavepci_stream *port = stream->port_stream;
	struct kunit *test = stream->fake->test;
	struct fake_mapping m;

	KUNIT_EXPECT_EQ(test, port->vtbl->get_mapping(port, NULL, &m.address,
						      &m.area, &m.bytes,
						      &m.flags), -ENOENT);
}

/* While mappings are revoked there are none, and nobody is owed any. */
static void revoke_gives_none(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	fake->on_revoke = try_to_get;
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, stream->revoked, 1);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	KUNIT_ASSERT_EQ(test, fake_get(stream), 0);
	fake_finish(stream, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	fake->on_revoke = NULL;
}

/* A mapping that was revoked can't be released any more. */
static void revoke_ends_mappings(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];
	struct iport_wavepci_stream *port = stream->port_stream;

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, port->vtbl->release_mapping(port, (void *)1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	KUNIT_EXPECT_EQ(test, port->vtbl->release_mapping(port, (void *)1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
}

/* In PAUSE they stay: only STOP takes them back. */
static void revoke_not_in_pause(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	stream->greedy = true;
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, stream->count, 4);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
					SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	expect_log(fake, "new-p acquire pause run pause run");
}

/* Released in PAUSE, e.g. by an interrupt that was under way. */
static void revoke_after_release_in_pause(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	KUNIT_ASSERT_EQ(test, application_drop(app), 0);
	KUNIT_EXPECT_EQ(test, fake_release(stream), 0);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_PTR_EQ(test, stream->revoked_first, (void *)2);
	KUNIT_EXPECT_EQ(test, stream->revoked, 3);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
}

/* Another buffer: all that was open is revoked first. */
static void revoke_new_buffer(struct kunit *test)
{
	struct application_params smaller = { .periods = 2 };
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	expect_log(fake, "new-p acquire pause");
	KUNIT_ASSERT_EQ(test, application_hw_params(app, &smaller), 0);
	expect_log(fake, "acquire revoke stop format");
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 2);
}

/* A miniport that can't count is told so, and it goes on. */
static void revoke_wrong_count(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct fake_stream *stream = fake->streams[0];

	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	fake->revoke_fewer = 1;
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 4);
	fake->revoke_fewer = 0;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(revoke_what_is_open),
	KUNIT_CASE(revoke_released_early),
	KUNIT_CASE(revoke_nothing),
	KUNIT_CASE(revoke_gives_none),
	KUNIT_CASE(revoke_ends_mappings),
	KUNIT_CASE(revoke_not_in_pause),
	KUNIT_CASE(revoke_after_release_in_pause),
	KUNIT_CASE(revoke_new_buffer),
	KUNIT_CASE(revoke_wrong_count),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-revoke",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
