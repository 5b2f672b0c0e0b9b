"""Kernels whose interrupt handlers are threads: PREEMPT_RT, and others told to be so."""

import re
import sys

import pytest

import guest
import sound
from spared import spare
from test_loopback import CARD, program  # noqa: F401 pylint: disable=unused-import
from test_play import play

sys.path.append(str(guest.ROOT / 'scripts/lib'))
import kernels  # noqa: E402 pylint: disable=wrong-import-position

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver'),
              pytest.mark.leaks(False)]

SHAPES = [(1024, 4096), (64, 2048)]
TIMES = '''
modprobe snd-aloop index=7
insmod "build/$(uname -r)/snd-wavepci-loopback.ko" index=6
for card in 7 6 0; do
    echo "stop: $card $({prepare} hw:$card)"
done
rmmod snd-aloop snd-wavepci-loopback
'''
# The ICH card again and again, then the loopback in a few formats.
RELOAD = '''
for i in 1 2 3; do
    rmmod snd-wavepci-ich
    insmod "build/$(uname -r)/snd-wavepci-ich.ko"
    aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero
done
rmmod snd-wavepci-ich
for settings in '' streaming=1 'streaming=1 timer_service=1'; do
    {CARD} $settings
    {grid} 68
    rmmod snd-wavepci-loopback
done
'''
TROUBLE = re.compile(r'scheduling while atomic|sleeping function called|bad: ')


def real_time(series):
    """The newest PREEMPT_RT kernel of a series that there are modules for, or None."""
    found = [name for name in kernels.find_kernels()[0]
             if name.startswith(series) and '-rt-' in name]
    return max(found, key=kernels.version_key, default=None)


def play_and_record(out, kernel, compile_it, *options, before=''):
    after = before + RELOAD.format(CARD=CARD, grid=compile_it('grid'))
    machine, signals = play(out, kernel, 48000, options, shapes=SHAPES, after=after)
    sound.check(machine.samples, *signals)
    done = re.findall(r'^(\d+) combinations, .* 0 wrong$', machine.output, re.M)
    assert done == ['10'] * 3, machine.output
    assert not TROUBLE.search(machine.log)
    return machine


def test_real_time(kernel, program, tmp_path):  # noqa: F811
    """On PREEMPT_RT; and stopping takes no longer than elsewhere."""
    release = None if '/' in kernel else real_time(kernel)
    if not release:
        pytest.skip('no PREEMPT_RT kernel of that series')
    machine = play_and_record(tmp_path, release, program,
                              before=TIMES.format(prepare=program('prepare')))
    said = re.findall(r'^stop: (\d) (\d+) (\d+)$', machine.output, re.M)
    times = {card: (int(stop), int(close)) for card, stop, close in said}
    print('microseconds to stop, to close: ', times)
    assert set(times) == {'7', '6', '0'}
    for card in '6', '0':
        # An RCU grace period would be a hundred times as much.
        assert times[card][0] < 5 * times['7'][0] + 500


def test_threaded(kernel, program, tmp_path):  # noqa: F811
    """Where all handlers are threads because the kernel was told so."""
    spare('/' in kernel)
    machine = play_and_record(tmp_path, kernel, program, '--append', 'threadirqs')
    assert 'threadirqs' in machine.log
