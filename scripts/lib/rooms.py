"""Who calls whom: no file calls one in a room above its own, and no two files
call each other, directly or by way of others. And what everybody can see, in a
kernel that has all of it built in, is called after its room or its interface.

What goes up goes through a table that was handed down, and a table is data:
a reference to a function of a file that one may not call is a finding, too.

Usage: rooms.py DIRECTORY-OF-OBJECTS
"""
import collections
import pathlib
import subprocess
import sys

# From the ground floor up; module.o tells the ground floor which ports there are.
FLOORS = {"portcls": 0, "topology": 1, "wave": 2, "": 3}
GENERATED = (".mod.o", "version.o")

# What the model has names for; all of it is exported.
MODEL = ("pc_", "cunknown_", "iid_", "clsid_", "ksdataformat_", "ksnodetype_",
         "kscategory_", "pinname_", "kspropsetid_", "kseventsetid_")
MODULE = ("init_module", "cleanup_module", "__")


def symbols(path):
    """The global symbols that an object defines, and those it needs."""
    defined, needed = set(), set()
    out = subprocess.run(["nm", "-g", str(path)], capture_output=True,
                         text=True, check=True).stdout
    for line in out.splitlines():
        *_, kind, name = line.split()
        if name.startswith(("__ksymtab", "__kstrtab", "__crc")):
            continue
        (needed if kind in "Uw" else defined).add(name)
    return defined, needed


def objects(top):
    """Every object of the composite module and of the cards, by name."""
    found = {}
    for path in sorted(top.glob("**/*.o")):
        name = str(path.relative_to(top))
        if path.name.startswith(("snd-wavepci", ".")) or name.endswith(GENERATED):
            continue
        found[name] = symbols(path)
    return found


def calls(found):
    """From each object to those of the same module whose symbols it needs."""
    home = {symbol: name for name, (defined, _) in found.items()
            for symbol in defined}
    edges = collections.defaultdict(set)
    for name, (_, needed) in found.items():
        for symbol in needed:
            other = home.get(symbol)
            if other and other != name:
                edges[name].add((other, symbol))
    return edges


def room(name):
    return str(pathlib.PurePath(name).parent).replace(".", "")


def upward(edges):
    for name, targets in edges.items():
        floor = FLOORS.get(room(name))
        for other, symbol in targets:
            above = FLOORS.get(room(other))
            if None in (floor, above) or room(name) == room(other):
                continue
            if above >= floor:
                yield f"{name} uses {symbol} of {other}, which isn't below it"


def reached(edges, start):
    """All objects that one calls, also by way of others."""
    seen, todo = set(), [start]
    while todo:
        for other, _ in edges.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def circles(edges):
    """Objects that each call all the others of their circle."""
    reach = {name: reached(edges, name) for name in edges}
    rings = {frozenset(b for b in reach[a] if a in reach.get(b, ()))
             for a in edges if a in reach[a]}
    for ring in sorted(map(sorted, rings)):
        uses = sorted(f"{name} uses {symbol}" for name in ring
                      for other, symbol in edges[name] if other in ring)
        yield f"in a circle: {', '.join(ring)}: " + ", ".join(uses)


def names(found):
    for name, (defined, _) in found.items():
        allowed = (room(name) + "_",) + MODULE
        if room(name) == "portcls":
            allowed += MODEL
        for symbol in defined:
            if not symbol.startswith(allowed):
                yield f"{name}: {symbol} begins with none of {', '.join(allowed)}"


def main():
    found = objects(pathlib.Path(sys.argv[1]))
    edges = calls(found)
    if not edges:
        sys.exit(f"no objects in {sys.argv[1]}: build the modules first")
    for finding in (sorted(set(upward(edges))) + list(circles(edges)) +
                    sorted(names(found))):
        print(finding)


if __name__ == "__main__":
    main()
