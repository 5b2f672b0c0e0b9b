"""Scatter/gather is really exercised: small mappings, at odd places in pages."""

import re

import numpy as np
import pytest

import guest
import sound
from spared import newest, spare
from test_play import SILENCE

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='the port only'),
              pytest.mark.leaks(False)]

EVENT = '/sys/kernel/tracing/events/wavepci/wavepci_get_mapping'
PLAY = '''
cp $OUT/play.wav /dev/shm
echo 'hist:keys=bytes' > {event}/trigger
aplay -q -D hw:0 --period-size={period} --buffer-size={buffer} /dev/shm/play.wav
{silence}
echo == histogram
cat {event}/hist
echo '!hist:keys=bytes' > {event}/trigger      # before the module goes
'''


def histogram(output):
    """How many mappings there were of each size, and a picture of it."""
    sizes = {int(size): int(count) for size, count in
             re.findall(r'bytes: +(\d+) } hitcount: +(\d+)', output)}
    most = max(sizes.values())
    for size in sorted(sizes):
        print(f'{size:6} bytes {sizes[size]:6} {"#" * (60 * sizes[size] // most)}')
    return sizes


# Of the others' shapes: both ends, and one in between.
SOME = {(0, 0), (1236, 1), (4, 1)}


@pytest.mark.parametrize('limit, period', [(0, 12000), (4096, 12000), (1236, 1000), (4, 64)])
@pytest.mark.parametrize('streaming', [0, 1], ids=['looped', 'streaming'])
def test_mappings(kernel, limit, period, streaming, tmp_path):
    spare(not newest(kernel) and (limit, streaming) not in SOME)
    signal = sound.signal(48000 + 777 if limit != 4 else 4800)
    end = np.zeros((5 * period, 2), np.int16)   # a looped card runs on for a moment
    guest.write_wav(tmp_path / 'play.wav', np.concatenate([signal, end]))
    script = PLAY.format(event=EVENT, period=period, buffer=4 * period,
                         silence=SILENCE.format(rate=48000, period=1024))
    load = (guest.LOAD['wavepci'] + f' max_mapping={limit} streaming={streaming}\n'
            + guest.UNMUTE)
    machine = guest.run(script, tmp_path, kernel=kernel, load=load, options=['--icount'])
    sound.check(machine.samples, signal)
    sizes = histogram(machine.output)
    assert max(sizes) <= (limit or 65536)
    if limit == 1236:       # cut at the limit, at pages and at packets
        assert len(sizes) > 2
    if not limit:           # some pages were adjacent, and a packet has many
        assert sum(sizes.values()) > 4 and len(sizes) > 1
