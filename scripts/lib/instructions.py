"""What the plugin tests/bench/count.c wrote down, in terms of functions."""

import bisect
import collections

import numpy as np

KERNEL = 1 << 63
BEGIN, END = 1, 0
# Kernel entries: an interrupt that has one of these in it was itself interrupted.
DISTURBED = ('asm_exc_', 'asm_sysvec_', 'handle_softirqs', '__do_softirq', '__schedule')


class Symbols:
    """The functions of a guest, from its /proc/kallsyms."""

    def __init__(self, path):
        found = {}
        with open(path) as file:
            for line in file:
                address, kind, name, *module = line.split()
                if kind in 'tTwW':
                    found.setdefault(int(address, 16), name + (' ' + module[0] if module else ''))
        self.starts = sorted(found)
        self.names = [found[start] for start in self.starts]
        self.cache = {}

    def name(self, address):
        """The function at an address, with its module: `snd_pcm_start [snd_pcm]`."""
        if address not in self.cache:
            index = bisect.bisect_right(self.starts, address) - 1
            self.cache[address] = self.names[index] if index >= 0 else '?'
        return self.cache[address]

    def address(self, name, module=None):
        wanted = name + (f' [{module}]' if module else '')
        return self.starts[self.names.index(wanted)]

    def range(self, name):
        index = self.names.index(name)
        return self.starts[index], self.starts[index + 1]


class Block:
    """A piece of code that was executed: where, and how many instructions of it."""

    __slots__ = ('address', 'end', 'count')

    def __init__(self, address, end, count):
        self.address, self.end, self.count = address, end, count


def recordings(path):
    """The recordings in a file, each a list of blocks.

    A repeated string instruction counts once, however often it repeats: that is
    what a processor makes of it, while QEMU takes it for one instruction a turn.
    """
    data = np.fromfile(path, '<u8').reshape(-1, 3)
    marks = np.flatnonzero(data[:, 1] == 0)
    begins = [m for m in marks if data[m, 0] == BEGIN]
    for begin in begins:
        end = next(m for m in marks if m > begin and data[m, 0] == END)
        part = data[begin + 1:end]
        count = np.diff(np.append(part[:, 2], data[end, 2]))
        again = np.append(False, (part[1:, 1] == part[:-1, 1]) & (count[1:] == 1)
                          & (part[1:, 0] != part[:-1, 1]))
        keep = ~again & (count > 0)
        yield [Block(*values) for values in
               np.column_stack((part[keep, :2], count[keep])).tolist()]


def interrupts(blocks, symbols, handler):
    """Each interrupt that a handler was called in, from its first instruction to
    the return, as a list of blocks; and how many were disturbed and left out."""
    first, last = symbols.range('irq_entries_start')
    leave = symbols.address('native_irq_return_iret')
    entry = symbols.address(*handler)
    found, disturbed, current = [], 0, None
    for block in blocks:
        if current is None:
            if not first <= block.address < last:
                continue
            current = []
        current.append(block)
        if block.address <= leave < block.end:
            if any(b.address == entry for b in current):
                if any(symbols.name(b.address).startswith(DISTURBED) for b in current):
                    disturbed += 1
                else:
                    found.append(current)
            current = None
    return found, disturbed


def calls(blocks, symbols, function):
    """Each call of a function, to its return, as a list of blocks."""
    entry = symbols.address(*function)
    current, back = None, 0
    for before, block in zip(blocks, blocks[1:]):
        if current is not None and block.address == back:
            yield current
            current = None
        if current is None and block.address == entry:
            current, back = [], before.end
        if current is not None:
            current.append(block)


def total(blocks):
    return sum(block.count for block in blocks)


def by_function(blocks, symbols):
    """Instructions of each function, without those it calls."""
    count = collections.Counter()
    for block in blocks:
        count[symbols.name(block.address)] += block.count
    return count
