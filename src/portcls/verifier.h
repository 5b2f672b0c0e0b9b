/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks that a miniport keeps the model's rules. Off, it is one static branch.
 */
#ifndef _WAVEPCI_PORTCLS_VERIFIER_H
#define _WAVEPCI_PORTCLS_VERIFIER_H

#include <linux/jump_label.h>

struct cunknown;

DECLARE_STATIC_KEY_MAYBE(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT,
			  portcls_verifier_enabled);

static inline bool verifier_on(void)
{
	return static_branch_maybe(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT,
				   &portcls_verifier_enabled);
}

/* Rule leak: all objects are released. Reported when the module is unloaded. */
void portcls_verifier_born(struct cunknown *object);
void portcls_verifier_died(struct cunknown *object);
void portcls_verifier_check_leaks(void);

#endif
