"""Whatever is done to a stream, what comes out is what it has to be, to the frame.

Hundreds of ways to play, each made of a seed: see transport.c. For more of them:
TRANSPORT=500; for other ones: TRANSPORT_SEED=n.
"""

import os
import re

import numpy as np
import pytest

import guest
import sound
import test_hda
from program import build

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our cards'),
              pytest.mark.leaks(False)]

COUNT = int(os.environ.get('TRANSPORT', 0))
SEED = int(os.environ.get('TRANSPORT_SEED', 1))
DECODE = np.uint32(pow(2654435769, -1, 2 ** 32))     # of transport.c's frames

RECORDED = '/dev/shm/recorded'
TRANSPORT = '''
{program} hw:0 {seed} 1 {count} {recorded} > $OUT/said || echo "status $?"
{after}
'''


def runs(said):
    """What has to come out between two stops: the numbers, whether all, and the pauses."""
    numbers, pauses, found = [], 0, []
    for line in said.splitlines():
        word, *values = line.split()
        if word == 'piece':
            numbers.append(np.arange(*map(int, values), dtype=np.uint32))
        elif word == 'pause':
            pauses += 1
        elif word in ('all', 'some'):
            if sum(map(len, numbers)):
                found.append((np.concatenate(numbers), word == 'all', pauses))
            numbers, pauses = [], 0
    return found


def check(frames, said):
    """Whether frames are what a program said they have to be."""
    places = np.flatnonzero(frames)
    numbers = frames[places] * DECODE
    at = 0
    for want, whole, pauses in runs(said):
        got = numbers[at:at + len(want)]
        wrong = np.flatnonzero(got != want[:len(got)])
        end = int(wrong[0]) if len(wrong) else len(got)
        name = f'{want[0]} to {want[-1]}'
        if whole or (len(wrong) and got[end] in want):
            there = f'{got[end]} comes' if end < len(got) else 'it ends'
            assert end == len(want), f'{name}: after {end} of {len(want)} {there}'
        gaps = np.count_nonzero(np.diff(places[at:at + end]) > 1)
        assert gaps <= pauses, f'{name}: {gaps} times silence in it, {pauses} pauses'
        at += end
    assert at == len(numbers), f'{len(numbers) - at} frames too many, from {numbers[at]} on'


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback'])
def test_transport(kernel, card, tmp_path):
    if not COUNT and (kernel.startswith('6.1.') or ('/' in kernel and card != 'ich')):
        pytest.skip('one of these will do there: TRANSPORT=n')
    program = build(tmp_path, 'transport.c', libraries=['-lasound'])
    count = COUNT or (8 if '/' in kernel else 30)
    load = test_hda.load(kernel) if card == 'hda' else guest.LOAD['wavepci'] + '\n' + guest.UNMUTE
    if card == 'loopback':
        load = guest.LOAD['wavepci'].replace('snd-wavepci-ich', 'snd-wavepci-loopback')
    script = TRANSPORT.format(
        program=program, seed=SEED, count=count,
        # The others have nothing to record from.
        recorded=RECORDED if card == 'loopback' else '',
        after=f'cp {RECORDED} $OUT' if card == 'loopback' else
        test_hda.SILENCE.format(device=0, rate=48000))
    machine = guest.run(script, tmp_path, kernel=kernel, card=guest.MODELS[card],
                        load=load, audio=None if card == 'loopback' else 'wav',
                        options=['--icount'], timeout=240 + 5 * count)
    said = (tmp_path / 'said').read_text()
    print(machine.output, said)
    assert said.endswith(f'{count} combinations, 0 wrong\n')
    late = [tuple(map(int, found)) for found in re.findall(
        r'drained: (-?\d+) frames after the end, periods of (\d+)', said)]
    # QEMU's cards move on every hundredth of a second only.
    jump = 0 if card == 'loopback' else 480
    assert all(-2 - jump < frames <= period + 48 + jump for frames, period in late), late
    if card == 'loopback':
        frames = np.fromfile(tmp_path / 'recorded', np.uint32)
    else:
        frames = sound.as_frames(machine.samples)
    check(frames, said)
