"""No memory: each allocation fails in its turn, and the machine goes on."""

import os
import re
from pathlib import Path

import pytest

import guest
from program import build

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

QUIET = '''
cd /sys/kernel/debug
for kind in failslab fail_page_alloc fail_usercopy; do
    echo 0 > $kind/verbose
done
echo N > failslab/ignore-gfp-wait
echo N > fail_page_alloc/ignore-gfp-wait
echo 0 > fail_page_alloc/min-order
cd - > /dev/null
'''
FAULT = QUIET + '''
{fault} /dev/snd/pcmC0D0p /dev/snd/pcmC0D0c
# A short ring stays with the card: it is used again, and given back at the end.
for i in 1 2; do
    aplay -q -D hw:0 -f dat -d 1 --period-size=1024 --buffer-size=4096 /dev/zero
done
'''
# As people have it: the verifier would keep memory apart.
ICH = guest.LOAD['wavepci'].replace(' verify=1', '')
LOOPBACK = ICH.replace('snd-wavepci-ich', 'snd-wavepci-loopback')


@pytest.mark.parametrize('load', [ICH, LOOPBACK], ids=['ich', 'loopback'])
def test_faults(kernel, load, tmp_path):
    if '/' not in kernel:
        pytest.skip("Debian's kernels can't be told to have no memory")
    program = build(tmp_path, 'fault.c', 'nth.c', 'raw.c')
    card = 'none' if load == LOOPBACK else 'ac97'
    machine = guest.run(FAULT.format(fault=program), tmp_path, kernel=kernel, card=card,
                        load=load, audio='none', options=['--icount'])
    print(machine.output)
    assert machine.output.endswith('right\n')
    refused = re.findall(r'hw_params: \d+ failures, no memory after (\d+)', machine.output)
    # A long piece that can't be had is had in shorter ones, and is no failure; that the
    # ring's last page can't be had is one, with two pieces to be given back. Of some 14
    # allocations that can't be done without, a few have no turn and others have more
    # than one: how many come before them depends on what is left of the slabs.
    assert len(refused) == 2 and all(int(number) > 5 for number in refused)
    assert 'no memory for a ring of 135168 bytes' in machine.log


LONG = int(os.environ.get('WAVEPCI_TIMEOUT', 240))
# Of all that happens when a module is loaded or a machine sleeps, what our modules
# do; all others are built into this kernel. And of that every 61st.
# WAVEPCI_EVERYWHERE=1 takes the rest, too, WAVEPCI_EVERY=1 each one, which takes long.
OURS = '''
within() {
    for kind in failslab fail_page_alloc fail_usercopy; do
        echo $1 > /sys/kernel/debug/$kind/require-start
        echo $2 > /sys/kernel/debug/$kind/require-end
    done
}
ours() { within 0xffffffffa0000000 0xffffffffff000000; }
everything() { within 0 0xffffffffffffffff; }
'''
CARD = '''
cp {modules}/*.ko /dev/shm
port=/dev/shm/snd-wavepci.ko card=/dev/shm/snd-wavepci-{card}.ko
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
echo 0 > /sys/power/pm_async        # all in the process that asks for it
# Not always 0: ALSA forgets to give back the number of a card that it had no
# memory for.
number_of_card() {
    number=$(echo /sys/class/sound/card*)
    number=${number##*card}
}
try() { echo "== $*"; {program} 1 {every} "$@"; }

# Without memory for our tracepoints the kernel warns of itself.
ours
try load $port
insmod $port
[ "{everywhere}" ] && everything || ours
try load $card
insmod $card
number_of_card
device=$(readlink -f /sys/class/sound/card$number/device)
driver=$(readlink -f $device/driver)
try bind $driver $device
echo ${device##*/} > $driver/bind
number_of_card
everything      # none of it is allocated by us
try mmap /dev/snd/pcmC${number}D0p
try mmap /dev/snd/pcmC${number}D0c
try mixer /dev/snd/controlC$number
try suspend
aplay -q -D hw:$number -f dat -d 1 /dev/zero
rmmod snd-wavepci-{card}
'''


# A guest each: with each failure in its turn, ALSA runs out of numbers for cards.
@pytest.mark.parametrize('card', ['ich', 'loopback'])
def test_fault_card(kernel, card, tmp_path):
    """What fails while a module is loaded, a card found, mapped, or put to sleep."""
    if '/' not in kernel:
        pytest.skip("Debian's kernels can't be told to have no memory")
    tree, modules = Path(kernel).parents[3], tmp_path / 'modules'
    release = (tree / 'include/config/kernel.release').read_text().strip()
    guest.on_host('make', '-s', 'modules', f'KVER={release}', f'KDIR={tree}',
                  f'BUILD={os.path.relpath(modules, guest.ROOT)}',
                  f"KFLAGS=KCFLAGS='-include {Path(__file__).with_name('fail.h')}'",
                  cwd=guest.ROOT)
    program = build(tmp_path, 'fault_card.c', 'nth.c', 'raw.c')
    script = CARD.replace('{modules}', str(modules)).replace('{program}', str(program))
    script = script.replace('{card}', card)
    script = script.replace('{every}', os.environ.get('WAVEPCI_EVERY', '61'))
    script = script.replace('{everywhere}', os.environ.get('WAVEPCI_EVERYWHERE', ''))
    machine = guest.Guest(QUIET + OURS + script, tmp_path,
                          kernel=kernel, load='', audio='none', options=['--icount'],
                          timeout=LONG)
    print(machine.wait(check=False).output)
    machine.wait()
    assert len(re.findall(r': \d+ failures, refused', machine.output)) == 7
