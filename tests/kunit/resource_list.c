// SPDX-License-Identifier: GPL-2.0
/*
 * IResourceList: of a device without resources, of a PCI function, sublists.
 */
#include <linux/pci.h>

#include "objects.h"

static const struct cm_partial_resource_descriptor ports = {
	CM_RESOURCE_TYPE_PORT, 0, 0x1000, 0x40
}, bus_ports = {
	CM_RESOURCE_TYPE_PORT, 0, 0x20, 0x40
}, memory = {
	CM_RESOURCE_TYPE_MEMORY, 1, 0xfe000000, 0x1000
}, interrupt = {
	CM_RESOURCE_TYPE_INTERRUPT, -1, 11, 1
};

static struct iresource_list *new_list(struct kunit *test)
{
	struct iresource_list *list;

	KUNIT_ASSERT_EQ(test, pc_new_resource_list(&list, NULL,
						   test_device(test)), 0);
	test_put(test, &list->unknown);
	return list;
}

static int make_list(struct kunit *test, struct iunknown *outer,
		     struct iunknown **face)
{
	struct iresource_list *list;
	int err = pc_new_resource_list(&list, outer, test_device(test));

	*face = err ? NULL : &list->unknown;
	return err;
}

static int make_sublist(struct kunit *test, struct iunknown *outer,
			struct iunknown **face)
{
	struct iresource_list *list, *parent;
	int err = pc_new_resource_list(&parent, NULL, test_device(test));

	if (err)
		return err;
	err = pc_new_resource_sublist(&list, outer, parent, 1);
	iunknown_put(&parent->unknown);
	*face = err ? NULL : &list->unknown;
	return err;
}

static void resource_list_object(struct kunit *test)
{
	static const guid_t *const iids[] = { &iid_iresource_list, NULL };

	expect_com(test, &new_list(test)->unknown, iids);
	expect_aggregation(test, make_list, &iid_iresource_list);
	expect_aggregation(test, make_sublist, &iid_iresource_list);
}

static void resource_list_empty(struct kunit *test)
{
	struct iresource_list *l = new_list(test);

	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries(l), 0);
	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries_of_type(l,
						CM_RESOURCE_TYPE_PORT), 0);
	KUNIT_EXPECT_NULL(test, l->vtbl->find_translated_entry(l,
						CM_RESOURCE_TYPE_PORT, 0));
	KUNIT_EXPECT_NULL(test, l->vtbl->find_untranslated_entry(l,
						CM_RESOURCE_TYPE_PORT, 0));
}

static void resource_list_entries(struct kunit *test)
{
	const struct cm_partial_resource_descriptor *found;
	struct iresource_list *l = new_list(test);

	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &memory, &memory), 0);
	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &ports, &bus_ports), 0);
	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &interrupt, &interrupt),
			0);
	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &ports, &ports), 0);
	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries(l), 4);
	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries_of_type(l,
						CM_RESOURCE_TYPE_PORT), 2);
	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries_of_type(l,
						CM_RESOURCE_TYPE_MEMORY), 1);

	/* The index counts those of a type, and there are two columns. */
	found = l->vtbl->find_translated_entry(l, CM_RESOURCE_TYPE_PORT, 0);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_MEMEQ(test, found, &ports, sizeof(ports));
	found = l->vtbl->find_untranslated_entry(l, CM_RESOURCE_TYPE_PORT, 0);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_MEMEQ(test, found, &bus_ports, sizeof(ports));
	found = l->vtbl->find_untranslated_entry(l, CM_RESOURCE_TYPE_PORT, 1);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_EQ(test, found->start, ports.start);
	KUNIT_EXPECT_NULL(test, l->vtbl->find_translated_entry(l,
						CM_RESOURCE_TYPE_PORT, 2));
	KUNIT_EXPECT_NULL(test, l->vtbl->find_untranslated_entry(l,
						CM_RESOURCE_TYPE_MEMORY, 1));
}

/* What was found stays where it is as long as the list. */
static void resource_list_entry_stays(struct kunit *test)
{
	const struct cm_partial_resource_descriptor *found;
	struct iresource_list *l = new_list(test);
	int i;

	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &memory, &memory), 0);
	found = l->vtbl->find_translated_entry(l, CM_RESOURCE_TYPE_MEMORY, 0);
	KUNIT_ASSERT_NOT_NULL(test, found);
	for (i = 0; i < 100; i++)
		KUNIT_ASSERT_EQ(test, l->vtbl->add_entry(l, &ports, &ports), 0);
	KUNIT_EXPECT_PTR_EQ(test, found, l->vtbl->find_translated_entry(l,
						CM_RESOURCE_TYPE_MEMORY, 0));
	KUNIT_EXPECT_MEMEQ(test, found, &memory, sizeof(memory));
}

static void resource_list_sublist(struct kunit *test)
{
	struct iresource_list *parent = new_list(test), *l;
	const struct cm_partial_resource_descriptor *found;

	KUNIT_ASSERT_EQ(test, parent->vtbl->add_entry(parent, &memory,
						      &memory), 0);
	KUNIT_ASSERT_EQ(test, parent->vtbl->add_entry(parent, &ports,
						      &bus_ports), 0);
	KUNIT_EXPECT_EQ(test, pc_new_resource_sublist(&l, NULL, NULL, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pc_new_resource_sublist(&l, NULL, parent, 0),
			-EINVAL);
	KUNIT_ASSERT_EQ(test, pc_new_resource_sublist(&l, NULL, parent, 1),
			0);
	test_put(test, &l->unknown);

	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries(l), 0);
	KUNIT_EXPECT_EQ(test, l->vtbl->add_entry_from_parent(l, parent,
					CM_RESOURCE_TYPE_PORT, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, l->vtbl->add_entry_from_parent(l, parent,
					CM_RESOURCE_TYPE_INTERRUPT, 0),
			-EINVAL);
	KUNIT_ASSERT_EQ(test, l->vtbl->add_entry_from_parent(l, parent,
					CM_RESOURCE_TYPE_PORT, 0), 0);
	found = l->vtbl->find_untranslated_entry(l, CM_RESOURCE_TYPE_PORT, 0);
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_MEMEQ(test, found, &bus_ports, sizeof(bus_ports));
	/* It is full. */
	KUNIT_EXPECT_EQ(test, l->vtbl->add_entry(l, &memory, &memory),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries(l), 1);
}

static void resource_list_pci(struct kunit *test)
{
	struct pci_dev *pci = NULL;
	struct iresource_list *l;
	u32 bar, bars, found;

	for_each_pci_dev(pci) {
		const struct cm_partial_resource_descriptor *d;

		if (pc_new_resource_list(&l, NULL, &pci->dev)) {
			KUNIT_FAIL(test, "no list of %s", pci_name(pci));
			continue;
		}
		bars = 0;
		for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
			bool io = pci_resource_flags(pci, bar) & IORESOURCE_IO;
			enum cm_resource_type type = io ?
				CM_RESOURCE_TYPE_PORT : CM_RESOURCE_TYPE_MEMORY;

			if (!pci_resource_len(pci, bar))
				continue;
			bars++;
			for (found = 0; ; found++) {
				d = l->vtbl->find_translated_entry(l, type,
								   found);
				if (!d || d->bar == bar)
					break;
			}
			if (!d) {
				KUNIT_FAIL(test, "%s: no BAR %u",
					   pci_name(pci), bar);
				continue;
			}
			KUNIT_EXPECT_EQ(test, d->start,
					pci_resource_start(pci, bar));
			KUNIT_EXPECT_EQ(test, d->length,
					pci_resource_len(pci, bar));
			d = l->vtbl->find_untranslated_entry(l, type, found);
			KUNIT_EXPECT_EQ(test, d->start,
					pci_bus_address(pci, bar));
		}
		d = l->vtbl->find_translated_entry(l,
						   CM_RESOURCE_TYPE_INTERRUPT,
						   0);
		KUNIT_EXPECT_EQ(test, !!d, !!pci->irq);
		if (d)
			KUNIT_EXPECT_EQ(test, d->start, pci->irq);
		KUNIT_EXPECT_EQ(test, l->vtbl->number_of_entries(l),
				bars + !!pci->irq);
		iunknown_put(&l->unknown);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(resource_list_object),
	KUNIT_CASE(resource_list_empty),
	KUNIT_CASE(resource_list_entries),
	KUNIT_CASE(resource_list_entry_stays),
	KUNIT_CASE(resource_list_sublist),
	KUNIT_CASE(resource_list_pci),
	{}
};

static struct kunit_suite suite = {
	.name = "wavepci-resource-list",
	.init = objects_init,
	.test_cases = cases,
};
kunit_test_suite(suite);
