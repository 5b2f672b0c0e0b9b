// SPDX-License-Identifier: GPL-2.0
/*
 * Let something fail in what happens to a driver and its card as a whole: the
 * first allocation that the kernel makes on the way, then the second, until all
 * have had their turn, or from the FIRST on each EVERYth of them.
 * Usage: fault_card FIRST EVERY WHAT ARGUMENT...
 *
 *   load MODULE [PARAMETERS]	load a module
 *   bind DRIVER DEVICE		let a driver have a device; both are directories
 *				in /sys/bus
 *   mmap PCM			map the ring and both records of a stream
 *   mixer CONTROL		list, describe, read and write the mixer
 *   suspend			suspend and resume, as far as pm_test says
 *
 * What fails has to say so by one of the errors that are listed with it, and
 * leave nothing behind; then it has to work.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "nth.h"
#include "raw.h"

#define PERIOD_BYTES	4096
#define PERIODS		32
#define CONTROLS	256

static char **arguments;
static int node = -1;

static int result(long ret)
{
	return ret < 0 ? -errno : 0;
}

static int put(const char *text, int file)
{
	return result(write(file, text, strlen(text)));
}

static int open_or_end(const char *path, int flags)
{
	int file = open(path, flags | O_CLOEXEC);

	if (file < 0)
		err(1, "%s", path);
	return file;
}

/* Whether a file has a line about one of our drivers. */
static int mentions_us(const char *path)
{
	static char text[65536];
	int file = open_or_end(path, O_RDONLY);
	size_t size = 0;
	ssize_t got;

	while (size < sizeof(text) - 1 &&
	       (got = read(file, text + size, sizeof(text) - 1 - size)) > 0)
		size += got;
	close(file);
	text[size] = 0;
	return strcasestr(text, "wavepci") != NULL;
}

/* After a failure there is no card, and nobody has its ports or interrupt. */
static void check_nothing_left(void)
{
	static const char *const files[] = {
		"/proc/asound/cards", "/proc/interrupts", "/proc/ioports",
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (mentions_us(files[i]))
			errx(1, "something is left in %s", files[i]);
}

static void nothing(void)
{
}

/* --- a module -------------------------------------------------------------- */

static char module[64];

static void load_prepare(void)
{
	const char *base = strrchr(arguments[0], '/');
	char *c;

	node = open_or_end(arguments[0], O_RDONLY);
	snprintf(module, sizeof(module), "%s", base ? base + 1 : arguments[0]);
	*strrchr(module, '.') = 0;
	for (c = module; *c; c++)
		if (*c == '-')
			*c = '_';
}

static int load(void)
{
	return result(syscall(SYS_finit_module, node, arguments[1] ?: "", 0));
}

static void unload(void)
{
	if (syscall(SYS_delete_module, module, O_NONBLOCK))
		err(1, "unload %s", module);
}

/* --- a driver and its device ----------------------------------------------- */

static int binder, unbinder;
static const char *device;

static void bind_prepare(void)
{
	char path[256];

	device = strrchr(arguments[1], '/') + 1;
	snprintf(path, sizeof(path), "%s/bind", arguments[0]);
	binder = open_or_end(path, O_WRONLY);
	snprintf(path, sizeof(path), "%s/unbind", arguments[0]);
	unbinder = open_or_end(path, O_WRONLY);
	if (put(device, unbinder))
		err(1, "unbind %s", device);
}

static int bind_device(void)
{
	return put(device, binder);
}

static void unbind_device(void)
{
	if (put(device, unbinder))
		err(1, "unbind %s", device);
}

/* --- memory of a stream ---------------------------------------------------- */

static void mmap_prepare(void)
{
	struct snd_pcm_hw_params params;

	node = open_or_end(arguments[0], O_RDWR);
	raw_fill(&params, SNDRV_PCM_ACCESS_MMAP_INTERLEAVED, PERIOD_BYTES,
		 PERIODS);
	if (ioctl(node, SNDRV_PCM_IOCTL_HW_PARAMS, &params))
		err(1, "hw_params of %s", arguments[0]);
}

static int map_and_look(size_t size, off_t offset, int rights)
{
	const volatile char *memory = mmap(NULL, size, rights, MAP_SHARED, node,
					   offset);
	size_t i;

	if (memory == MAP_FAILED)
		return -errno;
	for (i = 0; i < size; i += 4096)
		(void)memory[i];
	munmap((void *)memory, size);
	return 0;
}

static int map(void)
{
	int ret = map_and_look(PERIOD_BYTES * PERIODS,
			       SNDRV_PCM_MMAP_OFFSET_DATA,
			       PROT_READ | PROT_WRITE);

	if (!ret)
		ret = map_and_look(4096, SNDRV_PCM_MMAP_OFFSET_STATUS,
				   PROT_READ);
	if (!ret)
		ret = map_and_look(4096, SNDRV_PCM_MMAP_OFFSET_CONTROL,
				   PROT_READ | PROT_WRITE);
	return ret;
}

/* --- the mixer ------------------------------------------------------------- */

static int use_element(int mixer, const struct snd_ctl_elem_id *id)
{
	struct snd_ctl_elem_info info = { .id = *id };
	struct snd_ctl_elem_value value = { .id = *id };
	int ret = result(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_INFO, &info));

	if (!ret && info.access & SNDRV_CTL_ELEM_ACCESS_READ)
		ret = result(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_READ, &value));
	if (!ret && info.access & SNDRV_CTL_ELEM_ACCESS_WRITE)
		ret = result(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_WRITE, &value));
	return ret;
}

static int use_mixer(void)
{
	static struct snd_ctl_elem_id ids[CONTROLS];
	struct snd_ctl_elem_list list = { .space = CONTROLS, .pids = ids };
	int mixer = open(arguments[0], O_RDWR), yes = 1, ret;
	unsigned int i;

	if (mixer < 0)
		return -errno;
	ret = result(ioctl(mixer, SNDRV_CTL_IOCTL_SUBSCRIBE_EVENTS, &yes));
	if (!ret)
		ret = result(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_LIST, &list));
	for (i = 0; !ret && i < list.used; i++)
		ret = use_element(mixer, &ids[i]);
	close(mixer);
	return ret;
}

/* --- sleep ----------------------------------------------------------------- */

static void sleep_prepare(void)
{
	node = open_or_end("/sys/power/state", O_WRONLY);
}

static int sleep_and_wake(void)
{
	return put("freeze", node);
}

/* --- all of them ----------------------------------------------------------- */

/*
 * ALSA calls a control that there was no memory for an invalid one, EINVAL, and a
 * mixer that it has no memory to open no device, ENODEV.
 */
static const struct operation {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*undo)(void);
	void (*check)(void);	/* after a failure */
	int errors[5];
} operations[] = {
	{ "load", load_prepare, load, unload, check_nothing_left,
	  { ENOMEM, EFAULT, ENODEV, EBUSY, EINVAL } },
	{ "bind", bind_prepare, bind_device, unbind_device, check_nothing_left,
	  { ENOMEM, ENODEV, EBUSY, EIO, EINVAL } },
	{ "mmap", mmap_prepare, map, nothing, nothing, { ENOMEM } },
	{ "mixer", nothing, use_mixer, nothing, nothing,
	  { ENOMEM, EFAULT, ENODEV } },
	{ "suspend", sleep_prepare, sleep_and_wake, nothing, nothing,
	  { ENOMEM, EFAULT } },
};

#define OPERATIONS	(sizeof(operations) / sizeof(*operations))

static int is_allowed(const struct operation *op, int error)
{
	size_t i;

	for (i = 0; i < sizeof(op->errors) / sizeof(*op->errors); i++)
		if (op->errors[i] == error)
			return 1;
	return 0;
}

/* Without a failure it works, as often as one likes. */
static void work(const struct operation *op, const char *when)
{
	int ret = op->run();

	if (ret)
		errx(1, "%s %s: %s", op->name, when, strerror(-ret));
	op->undo();
}

static int try(const struct operation *op, int first, int every)
{
	int nth, ret, failed = 0, refused = 0;
	bool hit = true;

	for (nth = first; hit; nth += every) {
		nth_arm(nth);
		ret = op->run();
		hit = nth_disarm();
		if (!ret) {
			op->undo();
		} else if (!hit || !is_allowed(op, -ret)) {
			printf("%s: %s, at failure %d\n", op->name,
			       strerror(-ret), nth);
			return 1;
		} else {
			op->check();
			refused++;
		}
		failed += hit;
		if (nth / every % 16 == 0)
			work(op, "after a failure");
	}
	work(op, "after all failures");
	printf("%s: %d failures, refused after %d of them\n", op->name, failed,
	       refused);
	return 0;
}

int main(int argc, char **argv)
{
	int first = argc > 3 ? atoi(argv[1]) : 0;
	int every = argc > 3 ? atoi(argv[2]) : 0;
	size_t i;

	if (first <= 0 || every <= 0)
		errx(2, "usage: fault_card FIRST EVERY WHAT ARGUMENT...");
	arguments = argv + 4;
	for (i = 0; i < OPERATIONS; i++)
		if (!strcmp(argv[3], operations[i].name))
			break;
	if (i == OPERATIONS)
		errx(2, "nothing is called %s", argv[3]);
	operations[i].prepare();
	nth_open();
	work(&operations[i], "before all failures");
	return try(&operations[i], first, every);
}
