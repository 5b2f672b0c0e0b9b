// SPDX-License-Identifier: GPL-2.0
/*
 * Have an OSS device's ring mapped, ask for other ones, and see whether the memory
 * is still the sound card's.
 * Usage: oss_map DEVICE
 *
 * OSS's emulation asks ALSA for other parameters while the ring is mapped: a
 * shorter one, and then a rate. Whatever becomes of that, nobody else may get
 * the memory until it is unmapped. It is filled with a byte that somebody else
 * wouldn't write, and then the kernel is given plenty to keep.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/soundcard.h>
#include <unistd.h>

#define MARK		0xa5
#define OTHER		0x5a
#define PIPES		32
#define PIPE_BYTES	(1 << 20)

static void set(int dsp, unsigned long request, int value)
{
	if (ioctl(dsp, request, &value))
		warn("request %#lx", request);
}

static size_t ring_length(int dsp)
{
	audio_buf_info info;

	if (ioctl(dsp, SNDCTL_DSP_GETOSPACE, &info))
		err(1, "GETOSPACE");
	return (size_t)info.fragstotal * info.fragsize;
}

/* What is written to a pipe lies in pages of the kernel's, as a ring does. */
static void use_memory(void)
{
	static unsigned char data[PIPE_BYTES];
	int n, ends[2];

	memset(data, OTHER, sizeof(data));
	for (n = 0; n < PIPES; n++)
		if (pipe(ends) ||
		    fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) < 0 ||
		    write(ends[1], data, PIPE_BYTES) != PIPE_BYTES)
			err(1, "pipe");
}

/* ALSA clears a ring for who asks for it; else nobody has written here. */
static long count_foreign(const unsigned char *ring, size_t length)
{
	long foreign = 0;

	while (length--)
		foreign += ring[length] != MARK && ring[length];
	return foreign;
}

int main(int argc, char **argv)
{
	int dsp = argc == 2 ? open(argv[1], O_RDWR) : -1;
	unsigned char *ring;
	size_t length;

	if (dsp < 0)
		err(1, "%s", argv[1]);
	set(dsp, SNDCTL_DSP_SETFMT, AFMT_S16_LE);
	set(dsp, SNDCTL_DSP_CHANNELS, 2);
	set(dsp, SNDCTL_DSP_SPEED, 48000);
	length = ring_length(dsp);
	ring = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, dsp, 0);
	if (ring == MAP_FAILED)
		err(1, "mmap of %zu bytes", length);
	memset(ring, MARK, length);

	set(dsp, SNDCTL_DSP_SETFRAGMENT, 2 << 16 | 12);
	printf("%zu bytes mapped, %zu in the ring", length, ring_length(dsp));
	memset(ring, MARK, length);
	set(dsp, SNDCTL_DSP_SPEED, 44100);
	use_memory();
	printf(", %ld of somebody else's\n", count_foreign(ring, length));
	close(dsp);
	return 0;
}
