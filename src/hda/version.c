// SPDX-License-Identifier: GPL-2.0
/* What modinfo tells of a module built outside the kernel's tree. */
#include <linux/module.h>

MODULE_VERSION(WAVEPCI_VERSION);
