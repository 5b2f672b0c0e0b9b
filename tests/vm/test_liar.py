"""A card that lies: whatever its registers say, the machine and the other card go on.

Three cards in one guest, of which the first and the third lie, see tests/liar. One
stream is played on the first; one is played and one recorded on the third, which
has no file for what it plays but something to record. A quarter is over when the
lie begins. Meanwhile the second card plays, and nothing may be missing there: so
nobody has kept the processor for longer than its ring lasts. Afterwards all tell
the truth again, and what is played has to come out to the last sample.
"""

import re
import subprocess
from pathlib import Path

import pytest

import guest
from liar import (ALL, CAS, CIV, CR, GLOB_CNT, GLOB_STA, IN, LVI, NABM, NAM, OUT, PICB, PIV, SR,
                  gone, lie, read)
from lies import Lies, STORM_REPORT, Victim, chosen

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver'),
              pytest.mark.xdist_group('liar')]

HERE = Path(__file__).parent
PCR, SCR, RCS, TCR = 1 << 8, 1 << 9, 1 << 15, 1 << 28


def both(register, size, value, keep=0, **when):
    """The same lie about the channels that play and record."""
    return [read(channel + register, size, value, keep, **when) for channel in (OUT, IN)]


def status(bits, **when):
    return both(SR, 2, bits, keep=0xffff, **when)


def lost(**when):
    """Interrupts that nobody gets to see."""
    return [lie('l', NABM, channel + SR, channel + SR, 0xe3, 0, **when) for channel in (OUT, IN)]


def noise(first, last, **when):
    return [lie('n', NABM, first, last, 0, ALL, **when)]


# What is lied about once a quarter is played; and how the streams may end: an
# error is the end where the card doesn't move, and may be where it seems so. One
# that names another mapping of the ring than it is at seems to have gone nearly
# round, and a recording that does so again and again runs over each time.
BLINKS = 'no decoding for a moment'
MOVES, STANDS, ANY = ['ok'], ['EIO'], ['ok', 'EIO']
JUMPS = [*ANY, 'xruns']
RUNNING = {
    BLINKS: ('blink', MOVES),
    'one read is all ones': (read(0, 256, ALL, count=1), MOVES),
    'twenty reads are all ones': (read(0, 256, ALL, count=20), MOVES),
    'gone for sixty accesses': (gone(count=60), ANY),
    'gone': (gone(), STANDS),
    'one count is all ones': (both(PICB, 2, 0xffff, count=1), MOVES),
    'counts are all ones': (both(PICB, 2, 0xffff), MOVES),
    'each other count is all ones': (both(PICB, 2, 0xffff, every=2), MOVES),
    'counts are beyond the mapping': (both(PICB, 2, 0x7fff), MOVES),
    'counts are odd': (both(PICB, 2, 1, keep=0xffff), MOVES),
    'counts are zero': (both(PICB, 2, 0), MOVES),
    'counts stand': (both(PICB, 2, 0x40), MOVES),
    'each other count jumps back': (both(PICB, 2, 0x200, keep=0xffff, every=2), MOVES),
    'the current index is all ones': (both(CIV, 1, 0xff), ANY),
    'the current index is out of range': (both(CIV, 1, 0xe0, keep=0xff), MOVES),
    'the current index stands': (both(CIV, 1, 3), ANY),
    'the current index jumps': (both(CIV, 1, 0x10, keep=0x1f, every=2), ANY),
    'the prefetched index is all ones': (both(PIV, 1, 0xff), ANY),
    'the prefetched index stands': (both(PIV, 1, 5), JUMPS),
    'the prefetched index jumps': (both(PIV, 1, 0x10, keep=0x1f, every=2), ANY),
    'the last index is all ones': (both(LVI, 1, 0xff), MOVES),
    'one interrupt is lost': (lost(count=1), ANY),
    'each other interrupt is lost': (lost(every=2), ANY),
    'interrupts are lost': (lost(), ANY),
    'one interrupt too many': (status(0x08, count=1), MOVES),
    'a step is always completed': ([read(OUT + SR, 2, 0x08, keep=0xffff)], MOVES),
    'the last one is always completed': ([read(OUT + SR, 2, 0x04, keep=0xffff)], ANY),
    'always halted': (status(0x01), ANY),
    'never halted': (both(SR, 1, 0, keep=0xfe), MOVES),
    'a reset never ends': (both(CR, 1, 0x02, keep=0xff), MOVES),
    'fifty acknowledgements are lost': (
        [lie('d', NABM, OUT + SR, OUT + SR + 1, 0, 0, count=50)], MOVES),
    'fifty reads are noise': (noise(0, 0xff, count=50), ANY),
    'the channels are noise': (noise(0, 0x2b), ANY),
    # These have stopped whole machines.
    'the FIFOs are always dry': (status(0x10), MOVES),
    'steps are always completed': (status(0x08), ANY),
    'everything is always completed': (status(0x1f), ANY),
}
# The same from before the streams are opened.
BEFORE = {
    'gone before': (gone(), ['EIO', 'ENODEV']),
    'no interrupt is ever enabled': (
        [lie('w', NABM, channel + CR, channel + CR, 0xeb, 0) for channel in (OUT, IN)], ANY),
    'a reset never ends from the beginning': (both(CR, 1, 0x02, keep=0xff), MOVES),
    'the card cannot be started': (
        [lie('d', NABM, channel + CR, channel + CR, 0, 0) for channel in (OUT, IN)], STANDS),
    'the link is never free': ([read(CAS, 1, 1)], MOVES),
    'no codec answers': ([read(GLOB_STA, 4, RCS, keep=ALL)], MOVES),
    'the mixer is all ones': ([lie('r', NAM, 0, 0x3ff, 0, ALL)], ANY),
    'the list is forgotten': (both(0, 4, 0), MOVES),
    'the list is elsewhere': (both(0, 4, 0x1000), MOVES),
    'noise before': (noise(0, 0x2b), ANY),
}
# Here the interrupt line never rests: the kernel switches it off, which takes it
# a hundred thousand interrupts, and the card is bound anew before it is honest.
# Meanwhile the processor has no time for anybody, and rings run over.
STORMS = {
    'the card cannot be stopped': ([lie('d', NABM, OUT + CR, OUT + CR, 0, 0)],
                                   JUMPS),
    'no acknowledgement arrives': (
        [lie('d', NABM, OUT + SR, OUT + SR + 1, 0, 0)], JUMPS),
}
# And while the driver is bound to the card, which then comes to be or doesn't.
PROBE = {
    'no codec is ever ready': ([read(GLOB_STA, 4, 0, keep=~(PCR | SCR | TCR))], False),
    'gone when bound': (gone(), False),
    'a codec on the second line only': ([read(GLOB_STA, 4, SCR, keep=~PCR)], True),
    'a third codec that is none': ([read(GLOB_STA, 4, TCR, keep=ALL)], True),
    'each codec read has timed out': ([read(GLOB_STA, 4, RCS, keep=ALL)], False),
    'a warm reset never ends': ([read(GLOB_CNT, 4, 4, keep=ALL)], None),
    'the link is never free when bound': ([read(CAS, 1, 1)], True),
    'the mixer is noise when bound': ([lie('n', NAM, 0, 0x7f, 0, ALL)], None),
    'all is noise when bound': (
        [lie('n', NAM, 0, 0x3ff, 0, ALL), *noise(0, 0xff)], None),
}
STREAMS = {**RUNNING, **BEFORE, **STORMS}
ICH = Victim(
    driver='ich', second='2', card='ac97,addr=0x10',
    options=['--card', 'ac97,addr=0x11', '--card', 'ac97,addr=0x13'],
    load=lambda kernel: guest.LOAD['wavepci'].rsplit('\n', 1)[0].replace(' verify=1', ''),
    tables={'running': RUNNING, 'before': BEFORE, 'storm': STORMS, 'probe': PROBE})


@pytest.fixture(scope='session')
def app(tmp_path_factory):
    """The program that plays and records."""
    path = tmp_path_factory.mktemp('programs') / 'lied_to'
    subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-o', path,
                    HERE / 'lied_to.c', '-lasound'], check=True)
    return path


@pytest.fixture(scope='module')
def told(request, tmp_path_factory, app):
    """The guest after its share of the lies on one kernel."""
    guests = {}

    def tell(kernel):
        if kernel not in guests:
            names = chosen(ICH.names, slice(2, None, 16) if '/' in kernel else
                           slice(0, None, 8))
            guests[kernel] = Lies(ICH, kernel, names, app, tmp_path_factory.mktemp('liar'))
        return guests[kernel]

    return tell


def get(told, kernel, name):
    if kernel.startswith('6.1.'):
        pytest.skip('6.12 has to do')
    lies = told(kernel)
    if name not in lies.names:
        pytest.skip('not among those of this kernel: LIES=all')
    return lies


@pytest.mark.parametrize('name', STREAMS)
def test_stream(kernel, told, name):
    lied, _ = get(told, kernel, name).check(name)
    ends = re.findall(r'^[02][pc]: (\d+) frames in (\d+) ms, (\d+) xruns, .* us to stop, (.*)$', lied,
                      re.M)
    assert len(ends) == 3
    for _, _, _, end in ends:
        assert end in STREAMS[name][1]


@pytest.mark.parametrize('name', PROBE)
def test_probe(kernel, told, name):
    lied, ours = get(told, kernel, name).check(name)
    bound, wanted = 'not bound' not in lied, PROBE[name][1]
    assert wanted in (None, bound)
    assert bound or ours, 'no message says why'


def test_all(kernel, told):
    """The modules go, and the kernel doesn't complain."""
    if kernel.startswith('6.1.'):
        pytest.skip('6.12 has to do')
    machine = told(kernel).machine
    reports = guest.reports(re.sub(STORM_REPORT, '', machine.log.replace('\r', '')))
    assert not reports, machine.log
    assert machine.status == 0, f'status {machine.status}:\n{machine.output}'
