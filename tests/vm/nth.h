/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Let something fail that the kernel does for this thread: an allocation of
 * memory, or a copy from or to the program.
 */
#ifndef NTH_H
#define NTH_H

#include <stdbool.h>

void nth_open(void);
void nth_arm(int nth);
bool nth_disarm(void);

#endif
