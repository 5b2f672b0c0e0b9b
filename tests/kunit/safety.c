// SPDX-License-Identifier: GPL-2.0
/*
 * What could stop a machine, or a stream for good: calls that come when they
 * shouldn't, laps that nobody saw, rings too short for ALSA's arithmetic, and
 * memory without end.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>
#include <sound/core.h>

#include "application.h"

#define PLAY	SNDRV_PCM_STREAM_PLAYBACK
#define RECORD	SNDRV_PCM_STREAM_CAPTURE

/* --- calls at the wrong time ------------------------------------------------ */

/* As START does that races with hw_params on a kernel that lets it. */
static void safety_start_unprepared(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_open(test, fake, PLAY);

	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	KUNIT_ASSERT_EQ(test, application_prepare(app), 0);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_START), -EBADFD);
	expect_log(fake, "new-p acquire pause acquire stop gone-p");
}

static snd_pcm_uframes_t ask_pointer(struct application *app)
{
	snd_pcm_uframes_t pointer;

	snd_pcm_stream_lock_irq(app->substream);
	pointer = app->substream->ops->pointer(app->substream);
	snd_pcm_stream_unlock_irq(app->substream);
	return pointer;
}

static void safety_pointer_unprepared(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);

	KUNIT_EXPECT_EQ(test, ask_pointer(app), 0);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, ask_pointer(app), SNDRV_PCM_POS_XRUN);
}

static int map_pages(struct application *app, unsigned long first,
		     unsigned long count)
{
	struct vm_area_struct area = {
		.vm_end = count << PAGE_SHIFT,
		.vm_pgoff = first,
	};

	return app->substream->ops->mmap(app->substream, &area);
}

/* Nothing but the ring is mapped, and nothing when it is gone. */
static void safety_page_beyond(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	unsigned long pages = DIV_ROUND_UP(RING, PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, map_pages(app, 0, pages + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, pages, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, ~0ul, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, map_pages(app, ~0ul, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, application_hw_free(app), 0);
	KUNIT_EXPECT_EQ(test, map_pages(app, 0, 1), -EBADFD);
}

/* Told of a period in its own trigger, ALSA may stop a stream twice. */
static void safety_trigger_is_silent(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[RECORD];

	fake_get_all(stream);
	stream->position = PERIOD + 100;
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_PAUSE_PUSH), 0);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), 0);
	KUNIT_EXPECT_EQ(test, application_trigger(app,
				SNDRV_PCM_TRIGGER_PAUSE_RELEASE), 0);
	KUNIT_EXPECT_EQ(test, application_ask_hw_ptr(app), PERIOD + 100);
}

/* A card that queues what is written, and an application ready to play on it. */
static struct fake_stream *fake_streaming(struct kunit *test,
					  struct application **out_app)
{
	struct fake *fake = fake_new(test);

	fake->options.streaming = true;
	fake_start(fake);
	*out_app = application_prepared(test, fake, PLAY);
	return fake->streams[PLAY];
}

/* --- laps ------------------------------------------------------------------- */

/* All that was written is played between two looks: the pointer is the same. */
static void safety_lap_unseen(struct kunit *test)
{
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);
	struct snd_pcm_runtime *runtime = app->substream->runtime;

	runtime->stop_threshold = RING;
	KUNIT_EXPECT_EQ(test, application_write(app, RING), RING);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	stream->position = RING;
	fake_finish_packets(stream, PERIODS);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), RING);
	KUNIT_EXPECT_EQ(test, (__force int)runtime->state,
			(__force int)SNDRV_PCM_STATE_XRUN);
}

/*
 * Nothing moves any more that ALSA could take for the end of the drain: a packet
 * of silence does.
 */
static void safety_drain_when_dry(struct kunit *test)
{
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);
	u8 *area = app->substream->runtime->dma_area;

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	fake_get_all(stream);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_EQ(test, application_hw_ptr(app), PERIOD);
	snd_pcm_kernel_ioctl(app->substream, SNDRV_PCM_IOCTL_DRAIN, NULL);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_EXPECT_NULL(test, memchr_inv(area + PERIOD, 0x80, PERIOD));
	fake_finish_packets(stream, 1);
	KUNIT_EXPECT_TRUE(test, application_wait_state(app,
						SNDRV_PCM_STATE_SETUP));
}

static void safety_lap_in_a_ring(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[RECORD];
	int lap;

	stream->greedy = true;
	fake_get_all(stream);
	for (lap = 1; lap <= 3; lap++) {
		stream->position = lap * RING;
		fake_finish_packets(stream, PERIODS);
		KUNIT_EXPECT_EQ(test, application_hw_ptr(app), lap * RING);
	}
}

/* --- one at a time ---------------------------------------------------------- */

static atomic_t inside, most, calls;
static bool may_leave;

static void stay_inside(struct fake_stream *stream)
{
	int now = atomic_inc_return(&inside), patience = 5000;

	atomic_inc(&calls);
	if (now > atomic_read(&most))
		atomic_set(&most, now);
	while (!READ_ONCE(may_leave) && patience--)
		mdelay(1);
	atomic_dec(&inside);
}

static struct fake_stream *notified;

static void notify(struct work_struct *work)
{
	fake_notify(notified);
}

static bool wait_for(atomic_t *value, int least)
{
	int patience = 500;

	while (atomic_read(value) < least && patience--)
		msleep(20);
	return atomic_read(value) >= least;
}

/* Whoever comes while Service runs leaves word; nothing is forgotten. */
static void safety_one_at_a_time(struct kunit *test)
{
	static DECLARE_WORK(work, notify);
	struct application *app;
	struct fake_stream *stream = fake_streaming(test, &app);

	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, fake_get_all(stream), 1);
	KUNIT_ASSERT_EQ(test, application_start(app), 0);

	notified = stream;
	WRITE_ONCE(may_leave, false);
	atomic_set(&most, 0);
	atomic_set(&calls, 0);
	stream->fake->on_service = stay_inside;
	queue_work(system_unbound_wq, &work);
	KUNIT_ASSERT_TRUE(test, wait_for(&inside, 1));
	/* A mapping is to be had again, and the card interrupts once more. */
	KUNIT_EXPECT_EQ(test, application_write(app, PERIOD), PERIOD);
	KUNIT_EXPECT_EQ(test, atomic_read(&stream->available), 0);
	fake_notify(stream);
	KUNIT_EXPECT_EQ(test, atomic_read(&calls), 1);

	WRITE_ONCE(may_leave, true);
	flush_work(&work);
	KUNIT_EXPECT_TRUE(test, wait_for(&stream->available, 1));
	KUNIT_EXPECT_TRUE(test, wait_for(&calls, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&most), 1);
	stream->fake->on_service = NULL;
}

/* --- laps of linked streams ------------------------------------------------- */

/* The group that it is linked in, and somebody on another processor. */
struct linked {
	struct snd_pcm_group group;
	struct work_struct work;
	bool wanted;
	bool locked;
	bool enough;
	bool seen;
};

static void move_to(struct snd_pcm_substream *substream,
		    struct snd_pcm_group *group)
{
	snd_pcm_stream_lock_irq(substream);
	substream->group = group;
	list_move(&substream->link_list, &group->substreams);
	snd_pcm_stream_unlock_irq(substream);
}

/* As somebody who starts the group, and waits for the stream. */
static void lock_group(struct work_struct *work)
{
	struct linked *linked = container_of(work, struct linked, work);

	while (!READ_ONCE(linked->wanted))
		usleep_range(100, 200);
	spin_lock(&linked->group.lock);
	WRITE_ONCE(linked->locked, true);
	while (!READ_ONCE(linked->enough))
		cpu_relax();
	spin_unlock(&linked->group.lock);
}

static void have_it_locked(struct fake_stream *stream)
{
	struct linked *linked = stream->fake->context;

	WRITE_ONCE(linked->wanted, true);
	while (!READ_ONCE(linked->locked))
		cpu_relax();
	linked->seen = true;
}

static struct linked *new_group(struct kunit *test)
{
	struct linked *linked = kunit_kzalloc(test, sizeof(*linked),
					      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, linked);
	spin_lock_init(&linked->group.lock);
	mutex_init(&linked->group.mutex);
	INIT_LIST_HEAD(&linked->group.substreams);
	refcount_set(&linked->group.refs, 1);
	INIT_WORK(&linked->work, lock_group);
	return linked;
}

/* ALSA is told of the rest of a lap later, not again and again until then. */
static void safety_lap_while_a_group_starts(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct application *app = application_running(test, fake, RECORD);
	struct fake_stream *stream = fake->streams[RECORD];
	struct linked *linked = new_group(test);
	unsigned int other;

	migrate_disable();
	other = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (other < nr_cpu_ids) {
		move_to(app->substream, &linked->group);
		schedule_work_on(other, &linked->work);
		fake->context = linked;
		fake->on_position = have_it_locked;
		fake_get_all(stream);
		stream->position = RING;
		fake_finish_packets(stream, PERIODS);
		WRITE_ONCE(linked->enough, true);
		WRITE_ONCE(linked->wanted, true);
	}
	migrate_enable();
	if (other >= nr_cpu_ids)
		kunit_skip(test, "one processor");
	flush_work(&linked->work);
	KUNIT_EXPECT_TRUE(test, linked->seen);
	KUNIT_EXPECT_TRUE(test, application_wait(app, RING));
	fake->on_position = NULL;
	move_to(app->substream, &app->substream->self_group);
}

/* --- memory ----------------------------------------------------------------- */

static void safety_rings_are_counted(struct kunit *test)
{
	struct fake *fake = fake_card(test);
	struct snd_card *card = pc_get_card(fake->device);
	struct application *app = application_open(test, fake, PLAY);
	size_t others = (32 << 20) - RING + 1;

	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, 0);
	card->total_pcm_alloc_bytes = others;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), -ENOMEM);
	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, others);
	card->total_pcm_alloc_bytes = --others;
	KUNIT_EXPECT_EQ(test, application_hw_params(app, NULL), 0);
	KUNIT_EXPECT_EQ(test, card->total_pcm_alloc_bytes, 32 << 20);
	card->total_pcm_alloc_bytes -= others;
}

static void safety_spare_is_empty(struct kunit *test)
{
	struct application_params half = { .period_bytes = PERIOD / 2 };
	struct fake *fake = fake_card(test);
	struct application *app = application_prepared(test, fake, PLAY);
	struct application other = { .test = test };

	memset(app->substream->runtime->dma_area, 0x77, RING);
	application_close(app);
	KUNIT_ASSERT_EQ(test, application_try_open(&other, fake, 0, PLAY), 0);
	KUNIT_EXPECT_EQ(test, application_hw_params(&other, &half), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(other.substream->runtime->dma_area +
					   RING / 2, 0, RING / 2));
	application_close(&other);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(safety_start_unprepared),
	KUNIT_CASE(safety_pointer_unprepared),
	KUNIT_CASE(safety_page_beyond),
	KUNIT_CASE(safety_trigger_is_silent),
	KUNIT_CASE(safety_lap_unseen),
	KUNIT_CASE(safety_drain_when_dry),
	KUNIT_CASE(safety_lap_in_a_ring),
	KUNIT_CASE(safety_lap_while_a_group_starts),
	KUNIT_CASE(safety_one_at_a_time),
	KUNIT_CASE(safety_rings_are_counted),
	KUNIT_CASE(safety_spare_is_empty),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-safety",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
