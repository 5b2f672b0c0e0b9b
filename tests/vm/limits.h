/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIMITS_H
#define LIMITS_H

/* Software parameters, in frames; the silence begins at the threshold. */
struct software {
	unsigned long avail_min, start, stop, threshold, silence;
};

int raw_software(int fd, const struct software *w);

#endif
