"""Memory of every kind: behind an IOMMU, bounced, above 4 GiB, in single pages."""

import re

import pytest

import guest
import sound
from test_loopback import program  # noqa: F401 pylint: disable=unused-import
from test_mappings import EVENT, histogram
from spared import newest, older, spare
from test_play import play

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

PERIOD, LONGEST = 65536, 8 * 1024 * 1024 // 4
SHAPES = [(1000, 4000), (PERIOD, PERIOD * 3)]
# The loopback card, too, when the other one has played.
LOOPBACK = '''
rmmod snd-wavepci-ich
insmod "build/$(uname -r)/snd-wavepci-loopback.ko"
{pins} 1 1
'''
READY = guest.LOAD['wavepci'] + '\n' + guest.UNMUTE + '\n'
GROUP = '''
for card in /sys/class/sound/card0/device; do
    echo "domain: $(cat $card/iommu_group/type)"
done
'''
# Where the pages are that a program gets.
ABOVE = '''
python3 - <<'END'
import ctypes, mmap, struct
memory = mmap.mmap(-1, 1 << 24)
memory.write(bytes(1 << 24))
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
with open('/proc/self/pagemap', 'rb') as file:
    file.seek(address // 4096 * 8)
    pages = struct.unpack('<4096Q', file.read(4096 * 8))
print('above 4 GiB:', sum((page & (1 << 55) - 1) >= 1 << 20 for page in pages))
END
'''
# Nothing moves by itself, no reserve that isn't needed, nothing left to reclaim. Pages
# that a processor keeps for itself aren't joined, and not seen side by side: few.
FRAGMENT = '''
cp {fragment} /dev/shm
echo 'hist:keys=bytes' > {event}/trigger
echo 100000 > /proc/sys/vm/percpu_pagelist_high_fraction
echo 0 > /proc/sys/vm/compact_unevictable_allowed
echo 0 > /proc/sys/vm/compaction_proactiveness
echo 0 0 0 0 > /proc/sys/vm/lowmem_reserve_ratio
echo 512 > /proc/sys/vm/min_free_kbytes
echo 0 > /proc/sys/vm/watermark_boost_factor
echo 3 > /proc/sys/vm/drop_caches
echo -1000 > /proc/self/oom_score_adj
mkfifo /dev/shm/said
/dev/shm/fragment > /dev/shm/said &
read line < /dev/shm/said
echo "$line"
cat /proc/buddyinfo
'''


HISTOGRAM = '''
grep -E 'compact_|pgmigrate' /proc/vmstat
cat {event}/hist
echo '!hist:keys=bytes' > {event}/trigger      # before the module goes
'''


def free_pages(output):
    """How many pages are free alone, and how many side by side with others."""
    zones = [[int(count) for count in counts.split()]
             for counts in re.findall(r'^Node \d+, zone +\w+ +(.*)$', output, re.M)]
    return (sum(zone[0] for zone in zones),
            sum(count << order for zone in zones
                for order, count in enumerate(zone) if order))


def check_pins(output):
    assert '1 pairs at once, 1 rounds, right' in output, output


def play_both(out, kernel, compile_it, *options, before='', after='', shapes=None):
    """Play on the ICH card, then play and record on the loopback; the guest."""
    machine, signals = play(out, kernel, 48000, options, shapes=shapes or SHAPES,
                            load=READY + before,
                            after=after + LOOPBACK.format(pins=compile_it('pins')))
    sound.check(machine.samples, *signals)
    check_pins(machine.output)
    return machine


def test_iommu(kernel, program, tmp_path):  # noqa: F811
    """A card that reaches only what was mapped for it: not a single fault."""
    spare('/' in kernel)
    machine = play_both(tmp_path, kernel, program, '--iommu', before=GROUP)
    assert 'domain: DMA\n' in machine.output
    assert not re.findall(r'DMAR: .*fault.*', machine.log)


def test_bounce(kernel, program, tmp_path):  # noqa: F811
    """Where memory that is mapped for a device is always copied."""
    spare(not newest(kernel))
    machine = play_both(tmp_path, kernel, program, '--append', 'swiotlb=force')
    assert 'swiotlb=force' in machine.log


def test_above_4g(kernel, program, tmp_path):  # noqa: F811
    """A card of 32 bits where most pages are out of its reach."""
    if '/' in kernel:
        pytest.skip("a program isn't told where its pages are")
    spare(older(kernel))
    machine = play_both(tmp_path, kernel, program, '--mem', '6144', before=ABOVE)
    assert int(re.search(r'above 4 GiB: (\d+)', machine.output)[1]) > 4000


def test_fragmented(kernel, program, tmp_path):  # noqa: F811
    """The longest ring where no two free pages are side by side."""
    if '/' in kernel:
        pytest.skip('it has no compaction that could be switched off')
    spare(older(kernel), 'it takes minutes')
    before = FRAGMENT.format(fragment=program('fragment'), event=EVENT)
    machine = play_both(tmp_path, kernel, program, before=before,
                        after=HISTOGRAM.format(event=EVENT), shapes=[(PERIOD, LONGEST)])
    alone, together = free_pages(machine.output)
    print(f'free pages: {alone} alone, {together} side by side')
    pages = LONGEST * 4 // 4096
    assert alone > 2 * pages and together < 256
    # Programs that end after that look leave some neighbours, and pages may lie side by
    # side where the buddy system doesn't join them: but most mappings are of one page,
    # and most of the ring is in such.
    pieces = histogram(machine.output)
    assert pieces[4096] > 0.9 * sum(pieces.values())
    assert pieces[4096] * 4096 > 0.6 * sum(size * count for size, count in pieces.items())
