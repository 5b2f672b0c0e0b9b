// SPDX-License-Identifier: GPL-2.0
/* alsa-lib has an opinion of its own about what may be asked of the kernel. */
#include <errno.h>
#include <time.h>
#include <sys/ioctl.h>

#include <sound/asound.h>

#include "limits.h"

int raw_software(int fd, const struct software *w)
{
	struct snd_pcm_sw_params sw = {
		.period_step = 1,
		.avail_min = w->avail_min,
		.start_threshold = w->start,
		.stop_threshold = w->stop,
		.silence_threshold = w->threshold,
		.silence_size = w->silence,
	};

	return ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) ? -errno : 0;
}
