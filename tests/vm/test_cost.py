"""How many register accesses a period of playback costs."""

import pytest

import guest
from spared import newest, spare

pytestmark = pytest.mark.leaks(False)

# Measured: mainline's snd-intel8x0 needs 12.03, ours 3.51.
MOST = {'mainline': 12.3, 'wavepci': 4.5}[guest.DRIVER]
PERIOD = 1024
APLAY = f'''aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 --period-size={PERIOD} \\
    --buffer-size={4 * PERIOD} -d {{}} /dev/zero'''


def test_accesses_per_period(kernel, tmp_path, record_property):
    spare(not newest(kernel))
    count = {}
    for seconds in 2, 6:
        out = tmp_path / str(seconds)
        out.mkdir()
        count[seconds] = guest.run(APLAY.format(seconds), out, kernel=kernel,
                                   trace=True, options=['--icount']).accesses
    more = count[6] - count[2]
    cost = more.total() / ((6 - 2) * 48000 / PERIOD)
    for (region, offset, kind), times in more.most_common(8):
        print(f'{region} {offset:#x} {kind}: {times}')
    print(f'{cost:.2f} accesses per period')
    record_property('accesses per period', f'{cost:.2f}')
    assert cost <= MOST
