// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier: whether it is on, whether all objects are released, and the
 * rules of properties. The other rules are with the ports that they are about.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include <wavepci/unknown.h>

#include "portcls.h"
#include "verifier.h"

DEFINE_STATIC_KEY_MAYBE(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT,
			 portcls_verifier_enabled);

static int verify_set(const char *value, const struct kernel_param *param)
{
	bool on;
	int err = kstrtobool(value, &on);

	if (err)
		return err;
	if (on)
		static_branch_enable(&portcls_verifier_enabled);
	else
		static_branch_disable(&portcls_verifier_enabled);
	return 0;
}

static int verify_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%c\n",
			  static_key_enabled(&portcls_verifier_enabled) ?
			  'Y' : 'N');
}

static const struct kernel_param_ops verify_ops = {
	.set = verify_set,
	.get = verify_get,
};

module_param_cb(verify, &verify_ops, NULL, 0444);
__MODULE_PARM_TYPE(verify, "bool");
MODULE_PARM_DESC(verify,
		 "Report miniports that break the model's rules (0 or 1, default "
		 __stringify(IS_ENABLED(CONFIG_SND_WAVEPCI_VERIFIER_DEFAULT)) ").");

/**
 * struct living - an object that isn't destroyed yet
 * @node: in the list of them
 * @object: the object
 * @name: of its class, which may be unloaded before we are
 */
struct living {
	struct list_head node;
	struct cunknown *object;
	char name[32];
};

static LIST_HEAD(all_living);
static DEFINE_SPINLOCK(living_lock);

/**
 * portcls_verifier_born() - there is a new object
 * @object: the object
 *
 * Context: any.
 */
void portcls_verifier_born(struct cunknown *object)
{
	struct living *l = kmalloc(sizeof(*l), GFP_ATOMIC);
	unsigned long flags;

	if (!l)
		return;
	l->object = object;
	strscpy(l->name, object->class->name, sizeof(l->name));
	spin_lock_irqsave(&living_lock, flags);
	list_add_tail(&l->node, &all_living);
	spin_unlock_irqrestore(&living_lock, flags);
}

/**
 * portcls_verifier_died() - an object is about to be destroyed
 * @object: the object
 *
 * Context: any.
 */
void portcls_verifier_died(struct cunknown *object)
{
	struct living *l, *next;
	unsigned long flags;

	spin_lock_irqsave(&living_lock, flags);
	list_for_each_entry_safe(l, next, &all_living, node) {
		if (l->object != object)
			continue;
		list_del(&l->node);
		kfree(l);
	}
	spin_unlock_irqrestore(&living_lock, flags);
}

/**
 * portcls_verifier_check_leaks() - see whether objects are left at the end
 *
 * Context: may sleep.
 */
void portcls_verifier_check_leaks(void)
{
	struct living *l, *next;

	list_for_each_entry_safe(l, next, &all_living, node) {
		pr_warn("snd-wavepci: verifier: an object of class \"%s\": rule leak broken\n",
			l->name);
		kfree(l);
	}
}

static const char * const rules[PORTCLS_RULES] = {
	[PORTCLS_RULE_SIZE] = "property-size",
	[PORTCLS_RULE_OVERRUN] = "property-overrun",
	[PORTCLS_RULE_PENDING] = "property-pending",
	[PORTCLS_RULE_TWICE] = "property-twice",
	[PORTCLS_RULE_SUPPORT] = "property-support",
	[PORTCLS_RULE_RANGE] = "property-range",
	[PORTCLS_RULE_KEPT] = "port-kept",
};

/**
 * portcls_verifier_property() - a rule of properties is broken
 * @port: by the miniport of this port
 * @rule: the rule
 * @node: the node, or %PCFILTER_NODE
 * @property: the property's ID
 *
 * Reported once a port.
 *
 * Context: any.
 */
void portcls_verifier_property(struct port *port, enum portcls_rule rule,
			       u32 node, u32 property)
{
	if (test_and_set_bit(rule, &port->reported))
		return;
	dev_warn(port->device,
		 "verifier: node %d: property %u: rule %s broken by %s\n",
		 (int)node, property, rules[rule],
		 dev_driver_string(port->device));
}

/**
 * portcls_verifier_kept() - see whether a port is still held
 * @device: the adapter's device, whose card is gone
 * @port: its port, of which the adapter has the last reference
 *
 * Context: any.
 */
void portcls_verifier_kept(struct device *device, struct port *port)
{
	if (refcount_read(&port->base.refs) > 1)
		dev_warn(device, "verifier: %s: rule %s broken by %s\n",
			 port->base.class->name, rules[PORTCLS_RULE_KEPT],
			 dev_driver_string(device));
}
