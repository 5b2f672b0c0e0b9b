/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks that a miniport keeps the model's rules. Off, it is one static branch.
 */
#ifndef _WAVEPCI_PORTCLS_VERIFIER_H
#define _WAVEPCI_PORTCLS_VERIFIER_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct cunknown;
struct device;
struct port;

DECLARE_STATIC_KEY_MAYBE(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT,
			  portcls_verifier_enabled);

/* A constant where there is no verifier: whoever calls it asks this first. */
static inline bool verifier_on(void)
{
	return IS_ENABLED(CONFIG_SND_WAVEPCI_VERIFIER) &&
	       static_branch_maybe(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT,
				   &portcls_verifier_enabled);
}

/* Rule leak: all objects are released. Reported when the module is unloaded. */
void portcls_verifier_born(struct cunknown *object);
void portcls_verifier_died(struct cunknown *object);
void portcls_verifier_check_leaks(void);

/**
 * enum portcls_rule - rules that are about a port and its properties
 * @PORTCLS_RULE_SIZE: a handler says that it wrote more than there was room for
 * @PORTCLS_RULE_OVERRUN: a handler wrote more than there was room for
 * @PORTCLS_RULE_PENDING: a request that was put off was never answered
 * @PORTCLS_RULE_TWICE: a request was answered twice
 * @PORTCLS_RULE_SUPPORT: what a property says of itself isn't what its table
 *	says
 * @PORTCLS_RULE_RANGE: a property has a value that it says it can't have
 * @PORTCLS_RULE_KEPT: somebody still holds a port when its adapter is gone
 * @PORTCLS_RULES: how many there are
 */
enum portcls_rule {
	PORTCLS_RULE_SIZE,
	PORTCLS_RULE_OVERRUN,
	PORTCLS_RULE_PENDING,
	PORTCLS_RULE_TWICE,
	PORTCLS_RULE_SUPPORT,
	PORTCLS_RULE_RANGE,
	PORTCLS_RULE_KEPT,
	PORTCLS_RULES,
};

void portcls_verifier_property(struct port *port, enum portcls_rule rule,
			       u32 node, u32 property);
void portcls_verifier_kept(struct device *device, struct port *port);

#endif
