// SPDX-License-Identifier: GPL-2.0
/*
 * snd-wavepci: what the module is made of.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include <wavepci/unknown.h>

#include "portcls/portcls.h"
#include "portcls/verifier.h"
#include "topology/topology.h"
#include "wave/wave.h"

static const struct port_class *const port_classes[] = {
	&wave_port_class,
	&topology_port_class,
	NULL,
};

static int __init wavepci_init(void)
{
	portcls_port_set_classes(port_classes);
	return 0;
}

/* Sinks are released after a grace period; the code must outlive that. */
static void __exit wavepci_exit(void)
{
	rcu_barrier();
	portcls_registry_free_all();
	if (cunknown_live())
		pr_warn("snd-wavepci: %u objects were never released\n",
			cunknown_live());
	if (verifier_on())
		portcls_verifier_check_leaks();
}

module_init(wavepci_init);
module_exit(wavepci_exit);

MODULE_AUTHOR("The WavePci for Linux developers");
MODULE_DESCRIPTION("WavePci port class for ALSA");
MODULE_LICENSE("GPL");
