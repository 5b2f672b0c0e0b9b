/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IUnknown, and what an object needs to implement it.
 *
 * An interface is a struct whose only member is a pointer to its vtable. The
 * vtable of a derived interface begins with the vtable of its base, and the
 * union in the interface struct names each base, so that going from derived
 * to base is `&stream->unknown` and never a cast.
 */
#ifndef _WAVEPCI_UNKNOWN_H
#define _WAVEPCI_UNKNOWN_H

#include <linux/build_bug.h>
#include <linux/refcount.h>
#include <linux/stddef.h>
#include <linux/uuid.h>

struct iunknown;

/**
 * struct iunknown_vtbl - methods of IUnknown, which every interface begins with
 * @query_interface: Give another interface of the same object, with a
 *	reference taken on it. 0, or %-ENOENT (E_NOINTERFACE) with the output
 *	set to NULL.
 * @add_ref: Take a reference; returns the new count, of use for tests only.
 * @release: Give a reference back; the last one destroys the object. Returns
 *	the new count.
 *
 * The COM rules hold: querying any interface of an object for %iid_iunknown
 * gives the same pointer (identity), and whatever can be reached from one
 * interface can be reached from each (symmetry, transitivity).
 *
 * Context: @query_interface and @add_ref: any. @release: any, unless the class
 * of the object says that its destruction sleeps.
 */
struct iunknown_vtbl {
	int (*query_interface)(struct iunknown *self, const guid_t *iid,
			       void **out);
	u32 (*add_ref)(struct iunknown *self);
	u32 (*release)(struct iunknown *self);
};

/**
 * struct iunknown - the base of all interfaces
 * @vtbl: methods
 */
struct iunknown {
	const struct iunknown_vtbl *vtbl;
};

extern const guid_t iid_iunknown;

/*
 * The type of what comes out depends on the identifier. Where that is known
 * beforehand, let the compiler check it: see DECLARE_INTERFACE().
 */
static inline int iunknown_query(struct iunknown *unknown, const guid_t *iid,
				 void **out)
{
	return unknown->vtbl->query_interface(unknown, iid, out);
}

static inline void iunknown_get(struct iunknown *unknown)
{
	unknown->vtbl->add_ref(unknown);
}

static inline void iunknown_put(struct iunknown *unknown)
{
	if (unknown)
		unknown->vtbl->release(unknown);
}

/**
 * DECLARE_INTERFACE() - declare what belongs to an interface
 * @type: the interface, without `struct`; &struct type_vtbl is its vtable
 * @base: the member of the vtable that is the vtable of its base
 *
 * Declares the interface's identifier, iid_type, and type_query(), which asks
 * an object for it as iunknown_query() does. A derived vtable has to begin
 * with its base's, so it is declared with %__no_randomize_layout.
 */
#define DECLARE_INTERFACE(type, base) \
	static_assert(offsetof(struct type##_vtbl, base) == 0); \
	extern const guid_t iid_##type; \
	static inline int type##_query(struct iunknown *object, \
				       struct type **out) \
	{ \
		return iunknown_query(object, &iid_##type, (void **)out); \
	} \
	static_assert(sizeof(struct type) == sizeof(struct iunknown))

/**
 * struct cunknown_face - an interface inside an object
 * @unknown: the interface; the layout that all interfaces begin with
 * @object: the object it belongs to
 */
struct cunknown_face {
	struct iunknown unknown;
	struct cunknown *object;
};

/**
 * CUNKNOWN_FACE() - declare a member that is an interface of the object
 * @type: the interface, without `struct`
 * @name: the member
 */
#define CUNKNOWN_FACE(type, name) \
	struct { \
		struct type name; \
		struct cunknown *name##_object; \
	}

/**
 * struct cunknown_interface - one line of a class's table of interfaces
 * @iid: interface identifier
 * @offset: where in the object the interface is
 * @vtbl: its methods
 */
struct cunknown_interface {
	const guid_t *iid;
	size_t offset;
	const struct iunknown_vtbl *vtbl;
};

/**
 * CUNKNOWN_INTERFACE() - fill in a &struct cunknown_interface
 * @id: &guid_t of the interface
 * @type: the object's struct, which begins with a &struct cunknown
 * @member: the interface in it, declared with CUNKNOWN_FACE()
 * @table: the vtable of the interface
 */
#define CUNKNOWN_INTERFACE(id, type, member, table) \
	{ .iid = &(id), .offset = offsetof(type, member) + \
		BUILD_BUG_ON_ZERO(!__same_type(((type *)0)->member.vtbl, \
					       &(table))), \
	  .vtbl = (const struct iunknown_vtbl *)&(table) }

/**
 * struct cunknown_class - what all objects of a kind share
 * @name: for messages
 * @interfaces: table of interfaces, ended by an empty line
 * @destroy: called when the last reference is gone; frees the object
 */
struct cunknown_class {
	const char *name;
	const struct cunknown_interface *interfaces;
	void (*destroy)(struct cunknown *object);
};

/**
 * DEFINE_CUNKNOWN_CLASS() - define a class and its table of interfaces
 * @class: what it is called
 * @text: the same for messages
 * @free: called when the last reference is gone; frees the object
 * @...: CUNKNOWN_INTERFACE() for each interface, and for the bases that it has
 */
#define DEFINE_CUNKNOWN_CLASS(class, text, free, ...) \
	static const struct cunknown_interface class##_interfaces[] = { \
		__VA_ARGS__, \
		{} \
	}; \
	static const struct cunknown_class class = { \
		.name = text, \
		.interfaces = class##_interfaces, \
		.destroy = free, \
	}

/**
 * struct cunknown - the beginning of an object that has interfaces
 * @inner: the IUnknown that doesn't delegate: it is the object's identity
 *	when nobody aggregates it, and what an aggregator holds when one does
 * @outer: whom the interfaces delegate to; @inner when not aggregated
 * @refs: references on @inner
 * @class: what it is
 */
struct cunknown {
	struct iunknown inner;
	struct iunknown *outer;
	refcount_t refs;
	const struct cunknown_class *class;
};

void cunknown_init(struct cunknown *object, const struct cunknown_class *class,
		   struct iunknown *outer);
struct iunknown *cunknown_inner(struct iunknown *face);
unsigned int cunknown_live(void);

int cunknown_query_interface(struct iunknown *face, const guid_t *iid,
			     void **out);
u32 cunknown_add_ref(struct iunknown *face);
u32 cunknown_release(struct iunknown *face);

/* The first lines of the vtable of every interface of a cunknown. */
#define CUNKNOWN_METHODS \
	.query_interface = cunknown_query_interface, \
	.add_ref = cunknown_add_ref, \
	.release = cunknown_release

#endif
