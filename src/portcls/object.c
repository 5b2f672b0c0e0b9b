// SPDX-License-Identifier: GPL-2.0
/*
 * IUnknown: identity, counts and aggregation.
 *
 * An object has one IUnknown of its own, the inner one, which counts. All its
 * other interfaces delegate to the outer unknown: the inner one of the same
 * object, or that of the object that aggregates it. So an aggregate lives and
 * dies as a whole, and answers queries as a whole.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/module.h>

#include <wavepci/kernel.h>
#include <wavepci/unknown.h>

#include "verifier.h"

static atomic_t live = ATOMIC_INIT(0);

static struct cunknown *to_object(struct iunknown *face)
{
	return container_of(face, struct cunknown_face, unknown)->object;
}

static int inner_query_interface(struct iunknown *inner, const guid_t *iid,
				 void **out)
{
	struct cunknown *object = container_of(inner, struct cunknown, inner);
	const struct cunknown_interface *i;
	struct iunknown *found = NULL;

	if (!out)
		return -EINVAL;

	if (guid_equal(iid, &iid_iunknown)) {
		found = inner;
	} else {
		for (i = object->class->interfaces; i->iid && !found; i++)
			if (guid_equal(iid, i->iid))
				found = (void *)object + i->offset;
	}

	*out = found;
	if (!found)
		return -ENOENT;
	iunknown_get(found);
	return 0;
}

static u32 inner_add_ref(struct iunknown *inner)
{
	struct cunknown *object = container_of(inner, struct cunknown, inner);
	int old;

	__refcount_inc(&object->refs, &old);
	return old + 1;
}

static u32 inner_release(struct iunknown *inner)
{
	struct cunknown *object = container_of(inner, struct cunknown, inner);
	int old;

	if (!__refcount_dec_and_test(&object->refs, &old))
		return old - 1;

	if (verifier_on())
		portcls_verifier_died(object);
	object->class->destroy(object);
	atomic_dec(&live);
	return 0;
}

static const struct iunknown_vtbl inner_vtbl = {
	.query_interface = inner_query_interface,
	.add_ref = inner_add_ref,
	.release = inner_release,
};

/**
 * cunknown_init() - make an object out of allocated memory
 * @object: the beginning of the object
 * @class: its class
 * @outer: the object that aggregates it, or NULL. It isn't counted: an
 *	aggregator outlives what it aggregates.
 *
 * The caller gets the one reference there is, on the inner unknown. When
 * nobody aggregates the object, giving it back through any interface is the
 * same.
 *
 * Context: any.
 */
void cunknown_init(struct cunknown *object, const struct cunknown_class *class,
		   struct iunknown *outer)
{
	const struct cunknown_interface *i;

	object->inner.vtbl = &inner_vtbl;
	object->outer = outer ?: &object->inner;
	object->class = class;
	refcount_set(&object->refs, 1);
	if (verifier_on())
		portcls_verifier_born(object);
	for (i = class->interfaces; i->iid; i++) {
		struct cunknown_face *face = (void *)object + i->offset;

		face->unknown.vtbl = i->vtbl;
		face->object = object;
	}
	atomic_inc(&live);
}
EXPORT_SYMBOL_WAVEPCI(cunknown_init);

/**
 * cunknown_inner() - the unknown an aggregator holds and releases
 * @face: any interface of a cunknown, except its inner unknown
 *
 * Context: any.
 * Return: the unknown that doesn't delegate.
 */
struct iunknown *cunknown_inner(struct iunknown *face)
{
	return &to_object(face)->inner;
}
EXPORT_SYMBOL_WAVEPCI(cunknown_inner);

/**
 * cunknown_live() - how many objects there are
 *
 * Context: any.
 * Return: the number of objects of all classes that are not yet destroyed.
 */
unsigned int cunknown_live(void)
{
	return atomic_read(&live);
}
EXPORT_SYMBOL_WAVEPCI(cunknown_live);

/**
 * cunknown_query_interface() - IUnknown::QueryInterface for a vtable
 * @face: the interface it is called through
 * @iid: the interface wanted
 * @out: receives it
 *
 * Context: any.
 * Return: 0; %-ENOENT when the object hasn't got it; %-EINVAL without @out.
 */
int cunknown_query_interface(struct iunknown *face, const guid_t *iid,
			     void **out)
{
	return iunknown_query(to_object(face)->outer, iid, out);
}
EXPORT_SYMBOL_WAVEPCI(cunknown_query_interface);

/**
 * cunknown_add_ref() - IUnknown::AddRef for a vtable
 * @face: the interface it is called through
 *
 * Context: any.
 * Return: the new count.
 */
u32 cunknown_add_ref(struct iunknown *face)
{
	struct iunknown *outer = to_object(face)->outer;

	return outer->vtbl->add_ref(outer);
}
EXPORT_SYMBOL_WAVEPCI(cunknown_add_ref);

/**
 * cunknown_release() - IUnknown::Release for a vtable
 * @face: the interface it is called through
 *
 * Context: as the destruction of the object's class demands.
 * Return: the new count.
 */
u32 cunknown_release(struct iunknown *face)
{
	struct iunknown *outer = to_object(face)->outer;

	return outer->vtbl->release(outer);
}
EXPORT_SYMBOL_WAVEPCI(cunknown_release);
