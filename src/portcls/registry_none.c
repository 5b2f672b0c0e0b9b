// SPDX-License-Identifier: GPL-2.0
/*
 * The registry where the configuration has none: nobody gets a key, and what
 * a key would have had to begin with is nobody's.
 */
#include <wavepci/kernel.h>
#include <wavepci/registry_key.h>

#include "portcls.h"

int pc_new_registry_key(struct iregistry_key **out_registry_key,
			struct iunknown *outer_unknown,
			enum registry_key_type type, u32 desired_access,
			struct device *device, const char *subkey,
			u32 create_options, u32 *disposition)
{
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_WAVEPCI(pc_new_registry_key);

int pc_set_registry_defaults(struct device *device,
			     const struct registry_default *defaults,
			     size_t count)
{
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_WAVEPCI(pc_set_registry_defaults);

void portcls_registry_free_all(void)
{
}
