// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nth.h"

static int fault = -1;

/* To be called first; none of the program's own memory comes later. */
void nth_open(void)
{
	fault = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fault < 0)
		err(1, "fail-nth");
	if (mlockall(MCL_CURRENT))
		err(1, "mlockall");
}

/* The how manyth from now on is to fail; 0: none, and this may be what fails. */
void nth_arm(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	while (pwrite(fault, text, length, 0) != length)
		if (errno != EFAULT)
			err(1, "fail-nth");
}

/* Returns true if it has failed. If not, to ask may be what fails. */
bool nth_disarm(void)
{
	char text[16] = "";
	bool asked = pread(fault, text, sizeof(text) - 1, 0) > 0;

	nth_arm(0);
	return asked && !atoi(text);
}
