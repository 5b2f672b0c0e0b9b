// SPDX-License-Identifier: GPL-2.0
/*
 * The only program of a guest for which this machine has no other: it loads the
 * modules, unmutes the card, plays /signal and stops the guest. It is compiled
 * with the kernel's nolibc, which knows every architecture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sound/asound.h>

#define FRAME_BYTES	4

static char signal[4 << 20];

static void check(long result, const char *what)
{
	if (result >= 0)
		return;
	printf("%s: error %d\n", what, errno);
	reboot(LINUX_REBOOT_CMD_RESTART);
}

static int open_or_stop(const char *path, int flags)
{
	int fd = open(path, flags);

	check(fd, path);
	return fd;
}

static void load(const char *path, const char *parameters)
{
	int fd = open_or_stop(path, O_RDONLY);

	check(__sysret(my_syscall3(__NR_finit_module, fd, parameters, 0)), path);
	close(fd);
}

/* Turn one control of the mixer all the way up. */
static void turn_up(int mixer, const char *name)
{
	struct snd_ctl_elem_info info = {
		.id.iface = SNDRV_CTL_ELEM_IFACE_MIXER,
	};
	struct snd_ctl_elem_value value = { };

	memcpy(info.id.name, name, strlen(name));
	check(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_INFO, &info), name);
	value.id = info.id;
	for (unsigned int i = 0; i < info.count; i++)
		value.value.integer.value[i] = info.value.integer.max;
	check(ioctl(mixer, SNDRV_CTL_IOCTL_ELEM_WRITE, &value), name);
}

static void choose(struct snd_pcm_hw_params *params, int param, unsigned int value)
{
	struct snd_mask *mask;
	struct snd_interval *interval;

	if (param <= SNDRV_PCM_HW_PARAM_LAST_MASK) {
		mask = &params->masks[param - SNDRV_PCM_HW_PARAM_FIRST_MASK];
		memset(mask, 0, sizeof(*mask));
		mask->bits[value / 32] = 1u << value % 32;
		return;
	}
	interval = &params->intervals[param - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
	*interval = (struct snd_interval){ .min = value, .max = value, .integer = 1 };
}

static void set_up(int pcm)
{
	struct snd_pcm_hw_params params = { .rmask = ~0, .info = ~0 };

	memset(params.masks, 0xff, sizeof(params.masks));
	for (int i = SNDRV_PCM_HW_PARAM_FIRST_INTERVAL;
	     i <= SNDRV_PCM_HW_PARAM_LAST_INTERVAL; i++)
		params.intervals[i - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL].max = ~0;
	choose(&params, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	choose(&params, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	choose(&params, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	choose(&params, SNDRV_PCM_HW_PARAM_RATE, 48000);
	choose(&params, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, 1000);
	choose(&params, SNDRV_PCM_HW_PARAM_BUFFER_SIZE, 20000);
	check(ioctl(pcm, SNDRV_PCM_IOCTL_HW_PARAMS, &params), "hw_params");
	check(ioctl(pcm, SNDRV_PCM_IOCTL_PREPARE, NULL), "prepare");
}

int main(void)
{
	struct snd_xferi transfer = { .buf = signal };
	int file, mixer, pcm;
	ssize_t bytes;

	check(mount("dev", "/dev", "devtmpfs", 0, NULL), "/dev");
	load("/snd-wavepci.ko", "verify=1");
	load("/snd-wavepci-ich.ko", "");

	mixer = open_or_stop("/dev/snd/controlC0", O_RDWR);
	turn_up(mixer, "Master Playback Switch");
	turn_up(mixer, "Master Playback Volume");
	turn_up(mixer, "PCM Playback Switch");
	turn_up(mixer, "PCM Playback Volume");

	file = open_or_stop("/signal", O_RDONLY);
	while ((bytes = read(file, signal + transfer.frames, sizeof(signal) - transfer.frames)) > 0)
		transfer.frames += bytes;
	check(bytes, "/signal");
	transfer.frames /= FRAME_BYTES;

	pcm = open_or_stop("/dev/snd/pcmC0D0p", O_RDWR);
	set_up(pcm);
	check(ioctl(pcm, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &transfer), "write");
	check(ioctl(pcm, SNDRV_PCM_IOCTL_DRAIN, NULL), "drain");
	close(pcm);
	close(mixer);
	check(__sysret(my_syscall2(__NR_delete_module, "snd_wavepci_ich", 0)), "snd_wavepci_ich");
	check(__sysret(my_syscall2(__NR_delete_module, "snd_wavepci", 0)), "snd_wavepci");
	printf("played %d frames\n", (int)transfer.result);
	reboot(LINUX_REBOOT_CMD_RESTART);
	return 0;
}
