"""An HD Audio controller that lies: the machine and the other card go on.

As test_liar.py. The second stream is on a second codec of the same controller.
"""

import dataclasses
import re

import pytest

import guest
import test_hda
from liar import ALL, lie
from lies import Lies, Victim, chosen
from test_liar import app   # noqa: F401

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver'),
              pytest.mark.xdist_group('liar-hda')]

GCAP, GCTL, INTSTS, RIRBWP = 0x00, 0x08, 0x24, 0x58
ENGINES = range(8)      # four that record, then four that play
CTL, STS, FIFOSIZE = 0x00, 0x03, 0x10


def read(register, size, value, keep=0, **when):
    """Reading a register gives a value, whatever it is."""
    return lie('r', 'registers', register, register + size - 1, keep, value, **when)


def position(value, keep=0, kind='r', **when):
    """An engine writes something else to memory than where it is."""
    return [lie(kind, 'positions', 0, 4 * len(ENGINES) - 1, keep, value, **when)]


def engines(kind, register, size, value=0, keep=0, **when):
    return [lie(kind, 'registers', first, first + size - 1, keep, value, **when)
            for first in (0x80 + 0x20 * n + register for n in ENGINES)]


def gone(**when):
    """The controller isn't there: all ones are read, and what is written is lost."""
    return [lie('g', 'registers', 0, 0x3fff, 0, ALL, **when),
            lie('d', 'registers', 0, 0x3fff, 0, 0, **when)]


# As in test_liar.py.
MOVES, STANDS, ANY = ['ok'], ['EIO'], ['ok', 'EIO']
RUNNING = {
    'no decoding for a moment': ('blink', ANY),
    'one status is all ones': ([read(INTSTS, 4, ALL, count=1)], ANY),
    'each other status is all ones': ([read(INTSTS, 4, ALL, every=2)], ANY),
    'gone': (gone(), ANY),
    'gone for sixty accesses': (gone(count=60), ANY),
    'no status is seen': ([read(INTSTS, 4, 0)], ANY),
    'one interrupt is lost': ([lie('l', 'registers', INTSTS, INTSTS + 3, 0, 0, count=1)], ANY),
    'interrupts are lost': ([lie('l', 'registers', INTSTS, INTSTS + 3, 0, 0)], ANY),
    'a status stays': ([read(INTSTS, 4, 0x80000010, keep=ALL)], ANY),
    'codecs always have something to tell': ([read(INTSTS, 4, 0xc0000000, keep=ALL)], ANY),
    'engines that there are not interrupt': ([read(INTSTS, 4, 0xbfffff00, keep=ALL)], ANY),
    'acknowledgements are lost': (engines('d', STS, 1), ANY),
    'fifty acknowledgements are lost': (engines('d', STS, 1, count=50), ANY),
    'positions stand': (position(0x40), ANY),
    'positions are zero': (position(0), ANY),
    'positions are all ones': (position(ALL), ANY),
    'positions are odd': (position(1, keep=ALL), MOVES),
    'positions are noise': (position(ALL, kind='n'), ANY),
    # A recording that seems to have gone nearly round at each other look runs over.
    'each other position is zero': (position(0, every=2), [*ANY, 'xruns']),
    'an engine cannot be stopped': (engines('d', CTL, 1), ANY),
    'all is noise': ([lie('n', 'registers', 0, 0x3fff, 0, ALL)], ANY),
}
BEFORE = {
    'gone before': (gone(), ['EIO', 'ENODEV']),
    'engines cannot be started': (engines('d', CTL, 1), STANDS),
    'FIFOs are huge': (engines('r', FIFOSIZE, 2, ALL), ANY),
    'positions stand before': (position(0), ANY),
}
PROBE = {
    'gone when bound': (gone(), False),
    'no capabilities': ([read(GCAP, 2, 0)], None),
    'all capabilities': ([read(GCAP, 2, 0xffff)], None),
    'answers have an index out of range': ([read(RIRBWP, 2, 0x100, keep=0xff)], True),
    'no answer is seen': ([read(RIRBWP, 2, 0)], False),
    'codecs stop answering': ([read(RIRBWP, 2, 0, after=40)], None),
    'the controller is all ones': ([read(GCTL, 4, ALL)], False),
}
STREAMS = {**RUNNING, **BEFORE}
# Some once more, by a line that may never rest. Where it doesn't and nobody says
# that it is his, the kernel itself sees to it.
LINE = ['a status stays', 'acknowledgements are lost', 'fifty acknowledgements are lost',
        'all is noise']
CODEC = 'use-timer=off,mixer=off'
HDA = Victim(
    driver='hda', second='0,2', card=f'hda-output,{CODEC}',
    options=['--card', 'ac97,addr=0x11', '--card', f'hda-duplex,{CODEC}',
             '--hda', 'intel-hda,addr=0x10'],
    load=lambda kernel: f'''modprobe -qa snd-pcm snd-ac97-codec || true
insmod "build/$(uname -r)/snd-wavepci.ko"
insmod "build/$(uname -r)/snd-wavepci-ich.ko" index=1
{test_hda.load_library(kernel)}''',
    tables={'running': RUNNING, 'before': BEFORE, 'probe': PROBE})
VICTIMS = {'message': HDA, 'line': dataclasses.replace(
    HDA, options=[*HDA.options[:-1], HDA.options[-1] + ',msi=off'])}


@pytest.fixture(scope='module')
def told(tmp_path_factory, app):    # noqa: F811
    """The guest after its share of the lies on one kernel."""
    guests = {}

    def tell(kernel, interrupt='message'):
        if (kernel, interrupt) not in guests:
            names = LINE if interrupt == 'line' else HDA.names
            names = chosen(names, slice(1, None, 8) if '/' in kernel else
                           slice(0, None, 6))
            guests[kernel, interrupt] = Lies(VICTIMS[interrupt], kernel, names, app,
                                             tmp_path_factory.mktemp('liar'))
        return guests[kernel, interrupt]

    return tell


@pytest.mark.parametrize('interrupt, name', [
    *[('message', name) for name in HDA.names], *[('line', name) for name in LINE]])
def test_lie(kernel, told, interrupt, name):
    if kernel.startswith('6.1.'):
        pytest.skip('6.12 has to do')
    lies = told(kernel, interrupt)
    if name not in lies.names:
        pytest.skip('not among those of this kernel: LIES=all')
    lied, ours = lies.check(name)
    if name in PROBE:
        bound = 'not bound' not in lied
        assert PROBE[name][1] in (None, bound)
        assert bound or ours, 'no message says why'
        return
    ends = re.findall(r'^[0,2]+[pc]: \d+ frames in \d+ ms, \d+ xruns, .* us to stop, (.*)$',
                      lied, re.M)
    assert len(ends) == 3 and set(ends) <= set(STREAMS[name][1])


def test_all(kernel, told):
    """The modules go, and the kernel doesn't complain."""
    if kernel.startswith('6.1.'):
        pytest.skip('6.12 has to do')
    for interrupt in VICTIMS:
        machine = told(kernel, interrupt).machine
        assert not guest.reports(machine.log), machine.log
        assert machine.status == 0, f'status {machine.status}:\n{machine.output}'
