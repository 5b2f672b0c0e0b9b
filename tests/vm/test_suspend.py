"""A machine that sleeps while it plays goes on where it was."""

import pytest

import guest
import program
import sound
from test_play import SILENCE

import numpy as np

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

# Devices are suspended and resumed for real; only the processors stay awake.
SUSPEND = '''
cp "$OUT/play.wav" /dev/shm
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
# Without a process of its own: that takes long in a debug kernel.
wait_for_frame() {
    frame=0
    until [ "$frame" -ge $1 ]; do
        kill -0 $player
        while IFS=' :' read -r key value; do
            [ "$key" != hw_ptr ] || frame=$value
        done < /proc/asound/card0/pcm0p/sub0/status
    done
}
# The player is frozen some time before the card stops: the ring must last.
aplay -D hw:0 --period-size=1024 --buffer-size=65536 /dev/shm/play.wav & player=$!
wait_for_frame 20000
echo freeze > /sys/power/state
wait_for_frame 60000
echo freeze > /sys/power/state
wait $player
''' + SILENCE.format(rate=48000, period=1024)


@pytest.mark.parametrize('streaming', [0, 1], ids=['looped', 'streaming'])
def test_suspend(kernel, streaming, tmp_path):
    if '/' not in kernel:
        pytest.skip("Debian's virtio devices don't outlive a suspend")
    signal = sound.signal(3 * 48000)
    # A ring of silence: the card runs on for a moment into what it held before.
    end = np.zeros((65536 + 4096, 2), np.int16)
    guest.write_wav(tmp_path / 'play.wav', np.concatenate([signal, end]))
    machine = guest.run(
        SUSPEND, tmp_path, kernel=kernel, options=['--icount'],
        load=f'{guest.LOAD["wavepci"]} streaming={streaming}\n{guest.UNMUTE}')
    assert machine.output.count('Suspended. Trying resume. Done.') == 2
    sound.check(sound.without_silence(machine.samples), signal)


ASLEEP = '''
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
'''
STATES = '''
cp "$OUT/play" /dev/shm
for state in prepared paused draining; do {asleep} hw:0 $state /dev/shm/play; done
''' + SILENCE.format(rate=48000, period=1024)


def test_states(kernel, tmp_path):
    """A stream that doesn't run, or runs out, is in the same state after a sleep."""
    if '/' not in kernel:
        pytest.skip("Debian's virtio devices don't outlive a suspend")
    signal = sound.signal(3 * 48000)
    (tmp_path / 'play').write_bytes(signal.tobytes())
    asleep = program.build(tmp_path, 'asleep.c', libraries=['-lasound'])
    machine = guest.run(ASLEEP + STATES.format(asleep=asleep), tmp_path, kernel=kernel,
                        options=['--icount'])
    for state in 'PREPARED', 'PAUSED', 'DRAINING':
        assert f'{state}: SUSPENDED, {state}\n' in machine.output, machine.output
    sound.check(machine.samples, *[signal] * 3)


def test_recording(kernel, tmp_path):
    """A stream that records goes on, and each frame in its ring is the card's."""
    if '/' not in kernel:
        pytest.skip("Debian's virtio devices don't outlive a suspend")
    asleep = program.build(tmp_path, 'asleep.c', libraries=['-lasound'])
    machine = guest.run(f'{ASLEEP}\n{asleep} hw:0 recording', tmp_path, kernel=kernel,
                        audio='none', options=['--icount'])
    assert 'RUNNING: SUSPENDED, RUNNING\n' in machine.output, machine.output


FORGET = '''
cp "$OUT/play" /dev/shm
{forget} /sys/bus/pci/drivers/snd-wavepci-ich/0000:*/resource1 /dev/shm/play
''' + SILENCE.format(rate=48000, period=1024)


def test_forgotten(kernel, tmp_path):
    """A controller that lost its registers between prepare and start gets them anew."""
    signal = sound.signal(2 * 48000)
    end = np.zeros((24000 + 4096, 2), np.int16)
    (tmp_path / 'play').write_bytes(np.concatenate([signal, end]).tobytes())
    forget = program.build(tmp_path, 'forget.c', libraries=['-lasound'])
    machine = guest.run(FORGET.format(forget=forget), tmp_path, kernel=kernel,
                        options=['--icount'])
    sound.check(machine.samples, signal)
