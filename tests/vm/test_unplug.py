"""A card goes away, or its modules do, whatever its users are doing just then.

For many rounds: WAVEPCI_ROUNDS=200; for other ones: WAVEPCI_SEED=n.
"""

import os
from pathlib import Path

import pytest

import guest
import test_hda
from program import build
from spared import older, spare

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

ROUNDS = int(os.environ.get('WAVEPCI_ROUNDS', 10))
SEED = int(os.environ.get('WAVEPCI_SEED', 1))

ICH = 'insmod build/$(uname -r)/snd-wavepci-ich.ko index=0'
# Both cards, whose numbers stay; and mainline's driver, which comes too late.
LOAD = f'''
objects() {{ grep -cE 'wavepci|intel8x0|ac97' /proc/io[pm]* /proc/interrupts || true; }}
before=$(objects)
insmod build/$(uname -r)/snd-wavepci.ko verify=1
{ICH}
insmod build/$(uname -r)/snd-wavepci-loopback.ko index=1
'''
UNPLUG = '''
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
{program} {seed} {rounds} {ways}
rmmod {modules} snd-wavepci-loopback snd-wavepci
test "$(objects)" = "$before"
test "$(cat /proc/asound/cards)" = '--- no soundcards ---'
echo nothing is left
'''


def run(script, out, kernel, options, load=LOAD, **others):
    """Run it, and show what it said in any case."""
    machine = guest.Guest(script, out, kernel=kernel, load=load, audio='none',
                          options=options, timeout=120 + 5 * ROUNDS, **others)
    print(machine.wait(check=False).output)
    return machine.wait()


@pytest.mark.parametrize('icount', [[], ['--icount']], ids=['two', 'icount'])
def test_unplug(kernel, icount, tmp_path):
    if '/' not in kernel:
        pytest.skip('in the debug kernel')
    program = build(tmp_path, 'unplug.c', 'users.c', 'raw.c')
    mainline = Path(kernel).parents[3] / 'sound/pci/snd-intel8x0.ko'
    script = UNPLUG.format(program=program, seed=SEED, rounds=ROUNDS,
                           modules='snd-intel8x0 snd-wavepci-ich',
                           ways='remove unbind unbind hand-over suspend')
    machine = run(f'insmod {mainline} index=0\n{script}', tmp_path, kernel, icount)
    assert machine.output.endswith('right\nnothing is left\n')


def test_unplug_hda(kernel, tmp_path):
    """The same of an HD Audio card."""
    if '/' not in kernel:
        pytest.skip('in the debug kernel')
    program = build(tmp_path, 'unplug.c', 'users.c', 'raw.c')
    script = UNPLUG.format(program=program, seed=SEED, rounds=ROUNDS, modules='snd-wavepci-hda',
                           ways='remove unbind unbind suspend')
    load = LOAD.replace('intel8x0|ac97', 'hda')
    load = load.replace(ICH, test_hda.load_driver(kernel, 'index=0'))
    machine = run(script, tmp_path, kernel, [], load, card=guest.MODELS['hda'])
    assert machine.output.endswith('right\nnothing is left\n')


# Modules in memory: a file system over the network would take its time.
RELOAD = '''
objects() { grep -cE 'wavepci|ac97' /proc/ioports /proc/interrupts || true; }
modprobe -qa snd-pcm snd-ac97-codec || true     # or built in
{library}
cp build/$(uname -r)/*.ko /dev/shm
cd /dev/shm
before=$(objects)
{program} {seed} {rounds} snd-wavepci.ko snd-wavepci-ich.ko snd-wavepci-hda.ko \\
    snd-wavepci-loopback.ko
test "$(objects)" = "$before"
test "$(cat /proc/asound/cards)" = '--- no soundcards ---'
echo nothing is left
'''


def test_reload(kernel, tmp_path):
    """Modules come and go while somebody opens whatever node there is."""
    spare(older(kernel))
    script = RELOAD.replace('{program}', str(build(tmp_path, 'reload.c')))
    script = script.replace('{library}', test_hda.load_library(kernel))
    script = script.replace('{seed}', str(SEED)).replace('{rounds}', str(ROUNDS * 2 // 3))
    machine = run(script, tmp_path, kernel, ['--card', guest.MODELS['hda']], load='')
    assert machine.output.endswith('right\nnothing is left\n')
