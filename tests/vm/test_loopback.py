"""The loopback card: what is played is what is recorded, in each format and at each pin."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

import guest
import sound
from spared import EVERYWHERE, newest, older, spare

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our card'),
              pytest.mark.leaks(False)]

HERE = Path(__file__).parent
EVENTS = '/sys/kernel/tracing'
PORT = '''modprobe -qa snd-pcm || true
    insmod "build/$(uname -r)/snd-wavepci.ko" verify=1 ring_ms=0'''
CARD = 'insmod "build/$(uname -r)/snd-wavepci-loopback.ko"'
QUEUES = pytest.mark.parametrize('streaming', [0, 1], ids=['looped', 'streaming'])


@pytest.fixture(scope='session')
def program(tmp_path_factory):
    """Compiles a program that plays and records, and gives its path."""
    directory = tmp_path_factory.mktemp('programs')

    def compile_it(name):
        path = directory / name
        if not path.exists():
            subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-pthread', '-o', path,
                            HERE / f'{name}.c', HERE / 'pair.c', '-lasound'], check=True)
        return path

    return compile_it


def run(script, out, kernel, **options):
    return guest.run(script, out, kernel=kernel, card='none', load=PORT,
                     options=['--icount'], **options)


GRID = '''
wrong=0
for max_mapping in {sizes}; do
    {CARD} streaming={streaming} max_mapping=$max_mapping
    {grid} {step} || wrong=1
    rmmod snd-wavepci-loopback
done
exit $wrong
'''


@QUEUES
def test_grid(kernel, streaming, program, tmp_path):
    """Formats, channels and rates: some of each on each kernel, or all."""
    spare(not newest(kernel) and bool(streaming) == older(kernel)
          and not guest.SLEEPING)
    step = (1 if EVERYWHERE else 5) if newest(kernel) else 19 if older(kernel) else 47
    sizes, card = [1, 3, 4096, 65536], CARD
    if guest.SLEEPING:      # a list of single bytes is over before a work has begun
        sizes, card = [4096, 65536], CARD + ' descriptors=4096'
    script = GRID.format(CARD=card, streaming=streaming, grid=program('grid'), step=step,
                         sizes=' '.join(map(str, sizes)))
    output = run(script, tmp_path, kernel, timeout=1500).output
    print(output)
    count = len(range(0, 5 * 9 * 15, step))
    done = re.findall(r'^(\d+) combinations, (\d+) of .* ring, 0 wrong$', output, re.M)
    assert [int(number) for number, _ in done] == [count] * len(sizes)
    assert int(done[0][1]) > 0 and int(done[-1][1]) >= count - 3


# A work comes later than an interrupt: 31 mappings of this size last for 10 ms.
PINS = '''
sleeping="may_sleep=1 descriptors=256"
for how in streaming=0 streaming=1 "$sleeping" "streaming=1 $sleeping"; do
    {CARD} pins=8 $how max_mapping=1021 misalign=333
    {pins} {pairs} {rounds}
    rmmod snd-wavepci-loopback
done
'''


def test_all_pins_at_once(kernel, program, tmp_path):
    spare(not newest(kernel))
    pairs, rounds = 8, 1 if '/' in kernel else 4
    script = PINS.format(CARD=CARD, pins=program('pins'), pairs=pairs, rounds=rounds)
    output = run(script, tmp_path, kernel).output
    assert output == f'{pairs} pairs at once, {rounds} rounds, right\n' * 4


PERIOD, RING = 600, 4800
PLACES = [11100, 12000, 12250, 15000]   # in a packet, at its end, in the next one, at an end
STALL = '''
{CARD} streaming={streaming} max_mapping=1000 descriptors=4096
echo 1 > {EVENTS}/events/wavepci/enable
{stall} {PERIOD} {RING} $OUT/sound $OUT/recording {PLACES}
echo 0 > {EVENTS}/tracing_on
cat {EVENTS}/trace > $OUT/trace
'''


def count_available(trace, stream):
    """How often MappingAvailable was called for a stream: once, and only, where a
    mapping could be had that had been refused."""
    kept, written = re.search(r'entries-in-buffer/entries-written: (\d+)/(\d+)', trace).groups()
    assert kept == written, 'the trace has lost its beginning'
    owed, refused, previous = False, False, None
    calls = refused_and_got = 0
    for event, rest in re.findall(rf'wavepci_(\w+): {stream} ?(.*)', trace):
        assert previous != 'available' or event == 'get_mapping', f'{event} after {previous}'
        if event == 'refuse':
            assert rest.endswith('error=-2'), rest
            owed = refused = True
        elif event == 'available':
            assert owed, 'a call that nobody waits for'
            owed, calls = False, calls + 1
        elif event == 'get_mapping':
            assert not owed, 'a mapping is there, and nobody was told'
            refused_and_got += refused
            refused = False
        elif event == 'state' and rest.endswith('> 0'):
            owed = refused = False
        previous = event
    assert calls == refused_and_got
    return calls


@QUEUES
def test_stall(kernel, streaming, program, tmp_path):
    """Who stops writing is followed by silence, where packets wait to be written."""
    spare('/' in kernel and not streaming)
    signal = sound.signal(26000 + 123)
    (tmp_path / 'sound').write_bytes(signal.tobytes())
    run(STALL.format(CARD=CARD, EVENTS=EVENTS, streaming=streaming, stall=program('stall'),
                     PERIOD=PERIOD, RING=RING, PLACES=' '.join(map(str, PLACES))),
        tmp_path, kernel)
    heard = guest.read_wav(tmp_path / 'recording', header=0)
    trace = (tmp_path / 'trace').read_text()
    calls = [count_available(trace, stream) for stream in ('pcm0p', 'pcm0c')]
    print('calls of MappingAvailable:', calls)
    assert calls[1] > 0
    if streaming:
        ends = sorted({place // PERIOD * PERIOD for place in PLACES})
        parts = np.split(signal, ends)
        begins = sound.check(heard, *parts)
        silence = [after - before - len(part)
                   for before, after, part in zip(begins, begins[1:], parts)]
        print('silence after each part:', silence)
        assert min(silence) > RING
        assert calls[0] >= len(parts)
    else:
        begin = sound.find(sound.as_frames(heard), sound.as_frames(signal)[:4])
        again = signal[PLACES[0] - RING:PLACES[0]]
        want = np.concatenate([signal[:PLACES[0]], again, again])
        trouble = sound.describe(*map(sound.as_frames, (heard[begin:], want)))
        assert not trouble, trouble


CONFLICT = '''
for streaming in 0 1; do
    {CARD} streaming=$streaming
    {conflict}
    rmmod snd-wavepci-loopback
done
'''


def test_two_formats(kernel, program, tmp_path):
    """A cable has one format: who comes second with another gets EINVAL."""
    spare(not newest(kernel))
    output = run(CONFLICT.format(CARD=CARD, conflict=program('conflict')), tmp_path,
                 kernel).output
    said = re.findall(r'^(?:while|when) .*: (.*)$', output, re.M)
    assert said == (['EINVAL'] * 12 + ['accepted'] * 4) * 2, output
    assert output.count('right\n') == 2, output


BAD = {'cards': [0, 9], 'pins': [0, 9], 'max_mapping': [0, 65537], 'misalign': [4096],
       'descriptors': [1, 4097]}
# What the shell can do by itself is quick also in an emulator.
TRY = """
left() {{
    cat /proc/asound/cards
    echo /sys/module/*loopback* /sys/bus/platform/d*/*loopback* /dev/snd/*
}}
{CARD}
rmmod snd-wavepci-loopback
dmesg -C
for bad in '' {bad} {taken}; do
    echo "== $bad"
    test "$bad" && {CARD} $bad && exit 1
    dmesg -c --notime
    echo "== left by $bad"
    left
done
{CARD} cards=8 pins=8 max_mapping=1 misalign=4095 descriptors=4096
echo "== cards"
echo /proc/asound/card[0-9]/pcm7[pc]
"""
TAKEN = 'cards=2 index=3,3'     # the second card can't be had


@pytest.mark.leaks(True)
def test_bad_parameters(kernel, tmp_path):
    """They are refused with one message, and nothing is left."""
    spare(not newest(kernel))
    bad = [f'{name}={value}' for name, values in BAD.items() for value in values]
    output = run(TRY.format(CARD=CARD, bad=' '.join(bad), taken=f"'{TAKEN}'"), tmp_path,
                 kernel).output
    said = dict(re.findall(r'== (.*)\n((?:(?!==).*\n)*)', output))
    for setting in bad:
        insmod, *log = said[setting].splitlines()
        assert 'Invalid parameters' in insmod
        message = rf'snd-wavepci-loopback: {setting}: must be \d+ to \d+'
        assert len(log) == 1 and re.fullmatch(message, log[0]), log
    assert 'No such device' in said[TAKEN].splitlines()[0]
    for setting in [*bad, TAKEN]:
        assert said[f'left by {setting}'] == said['left by ']
    assert '*loopback*' in said['left by ']         # the pattern itself: there is none
    assert len(said['cards'].split()) == 8 * 2
