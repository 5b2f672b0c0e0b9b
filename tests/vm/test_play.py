"""What is played comes out of the card bit by bit."""

import re

import numpy as np
import pytest

import guest
import sound
from spared import spare

pytestmark = pytest.mark.leaks(False)

# (period, buffer) in frames; mainline's buffer has at most 32 periods.
SHAPES = [(1024, 4096), (1000, 4000), (480, 1920), (64, 2048)]
if guest.DRIVER == 'wavepci':
    SHAPES += [(64, 4096), (65536, 8 * 1024 * 1024 // 4)]
RATES = {48000: SHAPES, 44100: SHAPES}

# A card runs on for a moment after the end, into what the buffer held before.
END = np.zeros((4096, 2), np.int16)


def silent_end(period):
    return np.zeros((max(4096, 3 * period), 2), np.int16)


# The card holds back the end of a stream; once this silence has been played
# everything before it has come out.
SILENCE = 'aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r {rate} --period-size={period} -d 1 /dev/zero'


def play(out, kernel, rate, options=(), shapes=None, after='', **others):
    """Play a signal in each shape, one after the other; the guest and the signals."""
    script, signals = ['cp $OUT/*.wav /dev/shm'], []
    for number, (period, size) in enumerate(shapes or RATES[rate]):
        # Each goes round its ring at least once.
        signal, end = sound.signal(max(rate, size) + 12345, seed=number), silent_end(period)
        if len(end) < size:     # silence also where the card runs on to
            place = -(-(len(signal) + len(end)) // period) * period % size
            signal[place:place + period] = 0
        signals.append(signal)
        guest.write_wav(out / f'{number}.wav', np.concatenate([signal, end]), rate)
        silence = SILENCE.format(rate=rate, period=min(period, 1024))
        script += [f'aplay -D hw:0 --period-size={period} --buffer-size={size} '
                   f'-v /dev/shm/{number}.wav', silence]
    # With time counted in instructions no load of this machine causes underruns.
    return guest.run('\n'.join([*script, after]), out, kernel=kernel, rate=rate,
                     options=['--icount', *options], **others), signals


@pytest.mark.parametrize('rate', RATES)
def test_play(kernel, rate, tmp_path):
    spare('/' in kernel and rate != 48000)
    machine, signals = play(tmp_path, kernel, rate)
    shapes = re.findall(r'(period|buffer)_size +: (\d+)', machine.output)
    assert shapes == [(name, str(value)) for shape in RATES[rate]
                      for name, value in zip(('buffer', 'period'), shape[::-1])]
    assert machine.output.count('underrun') == 0
    sound.check(machine.samples, *signals)
