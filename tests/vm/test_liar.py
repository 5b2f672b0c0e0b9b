"""A card that lies: whatever its registers say, the machine and the other card go on.

Three cards in one guest, of which the first and the third lie, see tests/liar. One
stream is played on the first; one is played and one recorded on the third, which
has no file for what it plays but something to record. A quarter is over when the
lie begins. Meanwhile the second card plays, and nothing may be missing there: so
nobody has kept the processor for longer than its ring lasts. Afterwards all tell
the truth again, and what is played has to come out to the last sample.
"""

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

import guest
import sound
from liar import (ALL, CAS, CIV, CR, FOREVER, GLOB_CNT, GLOB_STA, IN, LVI, NABM, NAM, OUT, PICB,
                  PIV, SR, build, gone, lie, read)

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver'),
              pytest.mark.xdist_group('liar')]

HERE = Path(__file__).parent
EACH = os.environ.get('LIES') == 'all'
FRAMES, OTHER, GOOD = 24000, 72000, 9600
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
# error is the end where the card doesn't move, and may be where it seems so.
BLINKS = 'no decoding for a moment'
MOVES, STANDS, ANY = ['ok'], ['EIO'], ['ok', 'EIO']
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
    'the prefetched index stands': (both(PIV, 1, 5), ANY),
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
                                   [*ANY, 'xruns']),
    'no acknowledgement arrives': (
        [lie('d', NABM, OUT + SR, OUT + SR + 1, 0, 0)], [*ANY, 'xruns']),
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
NAMES = [*STREAMS, *PROBE]

STORM_REPORT = re.compile(r'^.*nobody cared(?:.*\n)+?.*Disabling IRQ.*$', re.M)

FUNCTIONS = '''
PCI=0000:00:10.0 DRIVER=/sys/bus/pci/drivers/snd-wavepci-ich
LIES=/sys/module/snd_wavepci_ich/parameters/lies
cp {out}/*.raw /dev/shm
unmute() {{
    amixer -c $1 -q sset Master 100% unmute
    amixer -c $1 -q sset PCM 100% unmute
    amixer -c $1 -q sset Capture 100% cap
}}
cp {app} /dev/shm/app
app() {{ /dev/shm/app "$@" || echo "$1$2: status $?"; }}
# The other card plays all the while.
begin() {{
    echo "== $1"
    echo "the lie is: $1" >/dev/kmsg
    app 1 p {OTHER} /dev/shm/other$2.raw & other=$!
}}
truth() {{
    echo "told $(cat $LIES)"
    echo >$LIES
    echo "the truth" >/dev/kmsg
}}
good() {{
    echo "the truth:"
    app 2 c {GOOD} & recorder=$!
    app 2 p {GOOD4} & second=$!
    app 0 p {GOOD4} /dev/shm/good$1.raw
    wait $recorder
    wait $second
    wait $other
}}
streams() {{
    app 2 c {FRAMES} & recorder=$!
    app 2 p {FRAMES} & second=$!
    app 0 p {FRAMES} /dev/shm/bad.raw "$@"
    wait $recorder
    wait $second
    truth
}}
running() {{
    begin "$1" $3
    streams $LIES "$2"
    good $3
}}
blink() {{
    begin "$1" $3
    streams /sys/bus/pci/devices/$PCI/config blink
    good $3
}}
storm() {{
    begin "$1" $3
    streams $LIES "$2"
    for pci in $PCI 0000:00:13.0; do echo $pci >$DRIVER/unbind; done
    for pci in $PCI 0000:00:13.0; do echo $pci >$DRIVER/bind; done
    unmute 0
    unmute 2
    good $3
}}
before() {{
    begin "$1" $3
    echo "$2" >$LIES
    amixer -c 0 -q sset Master 90% || true
    amixer -c 0 -q sset Master 100% || true
    streams
    good $3
}}
probe() {{
    begin "$1" $3
    echo $PCI >$DRIVER/unbind
    echo "$2" >$LIES
    echo $PCI >$DRIVER/bind 2>/dev/null || true
    if [ -e /proc/asound/card0 ]; then echo bound; else echo "not bound"; fi
    [ ! -e $DRIVER/$PCI ] || echo $PCI >$DRIVER/unbind
    truth
    echo $PCI >$DRIVER/bind
    unmute 0
    good $3
}}
unmute 0
unmute 1
# Once, so that all of them begin at once when it matters.
app 1 p 1024
app 2 c 1024
'''
# What is played last is held back, until more is played.
END = '''
app 0 p 24000
app 1 p 24000
'''
LOAD = guest.LOAD['wavepci'].rsplit('\n', 1)[0].replace(' verify=1', '')


@pytest.fixture(scope='session')
def app(tmp_path_factory):
    """The program that plays and records."""
    path = tmp_path_factory.mktemp('programs') / 'lied_to'
    subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-o', path,
                    HERE / 'lied_to.c', '-lasound'], check=True)
    return path


class Lies:
    """A guest in which lies were told, and what came of each."""

    def __init__(self, kernel, names, app, out, parameters=''):
        self.names, self.out = names, out
        self.good = [sound.signal(GOOD, seed=100 + i) for i in range(len(names))]
        self.other = [sound.signal(OTHER, seed=300 + i) for i in range(len(names))]
        for number in range(len(names)):
            (out / f'good{number}.raw').write_bytes(self.good[number].tobytes())
            (out / f'other{number}.raw').write_bytes(self.other[number].tobytes())
        (out / 'bad.raw').write_bytes(sound.signal(FRAMES, seed=99).tobytes())
        driver = build(kernel)
        script = FUNCTIONS.format(app=app, out=out, OTHER=OTHER, GOOD=GOOD, GOOD4=GOOD + 4096,
                                  FRAMES=FRAMES)
        for number, name in enumerate(names):
            how = ('probe' if name in PROBE else 'before' if name in BEFORE else
                   'storm' if name in STORMS else 'running')
            lies = {**STREAMS, **PROBE}[name][0]
            if lies == 'blink':
                how = 'blink'
            lies = ';'.join([lies] if isinstance(lies, str) else lies)
            script += f"{how} '{name}' '{lies}' {number}\n"
        self.machine = guest.Guest(
            script + END, out, kernel=kernel, card='ac97,addr=0x10', audio=None,
            timeout=120 + 15 * len(names),
            load=f'{LOAD}\ninsmod "{driver}" {parameters}',
            options=['--icount', '--append', 'oops=panic', '--card', 'ac97,addr=0x11', '--audio', f'wav:{out}/card.wav',
                     '--audio', f'wav:{out}/other.wav', '--card', 'ac97,addr=0x13',
                     '--audio', 'none']).wait(check=False)
        self.said = dict(re.findall(r'^== (.*)\n((?:(?!== ).*\n)*)', self.machine.output, re.M))
        log = self.machine.log.replace('\r', '')
        self.log = dict(re.findall(r'the lie is: (.*)\n((?:(?!.*the lie is: ).*\n)*)', log))
        self.played = {name: sound.as_frames(guest.read_wav(out / f'{name}.wav'))
                       for name in ('card', 'other') if (out / f'{name}.wav').exists()}

    def check_played(self, card, signal):
        """Whether a card has played all of a signal."""
        want, frames = sound.as_frames(signal), self.played[card]
        at = sound.find(frames, want[:8])
        assert at is not None, f'the {card} has played nothing of it'
        trouble = sound.describe(frames[at:at + len(want)], want)
        assert not trouble, f'{card}: {trouble}'

    def check(self, name):
        """What has to hold for each lie."""
        number, said, log = self.names.index(name), self.said.get(name), self.log.get(name, '')
        assert said, f'the guest did not get there:\n{self.machine.log[-3000:]}'
        print(said)
        ours = [line for line in log.splitlines() if 'snd-wavepci-ich 0000:' in line]
        print('\n'.join(ours))
        storm = name in STORMS
        assert storm or not guest.reports(log), log
        told = re.search(r'^told (.*)$', said, re.M)
        assert told, f'the guest did not come to an end:\n{log}'
        assert any(map(int, told[1].split())) or BLINKS in name, 'nobody was lied to'
        lied, _, truth = said.partition('the truth:\n')
        # Nobody had to wait for the processor, or for a stream to stop.
        assert storm or re.search(rf'^1p: {OTHER} frames .*, 0 xruns, .*, ok$', said, re.M)
        for line in re.findall(r'^[02][pc]: .*$', said, re.M):
            assert int(re.search(r'(\d+) us to stop', line)[1]) < 500000, line
        for stream, frames in ('0p', GOOD + 4096), ('2p', GOOD + 4096), ('2c', GOOD):
            assert re.search(rf'^{stream}: {frames} frames .*, 0 xruns, .*, ok$', truth, re.M)
        # A message, if there is one, names the device, and comes a few times only.
        assert len(ours) <= 12 and all(re.search(r'0000:00:1[03]\.0', line) for line in ours)
        self.check_played('card', self.good[number])
        if not storm:
            self.check_played('other', self.other[number])
        return lied, ours


@pytest.fixture(scope='module')
def told(request, tmp_path_factory, app):
    """The guest after its share of the lies, or with LIES=all after all, on one kernel."""
    guests = {}

    def tell(kernel):
        if kernel not in guests:
            share = slice(None) if EACH else slice(2 * ('/' in kernel), None, 4)
            names = NAMES[share]
            guests[kernel] = Lies(kernel, names, app, tmp_path_factory.mktemp('liar'))
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
