"""No memory: each allocation fails in its turn, and the machine goes on."""

import re
import subprocess
from pathlib import Path

import pytest

import guest

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

FAULT = '''
cd /sys/kernel/debug
for kind in failslab fail_page_alloc fail_usercopy; do
    echo 0 > $kind/verbose
done
echo N > failslab/ignore-gfp-wait
echo N > fail_page_alloc/ignore-gfp-wait
echo 0 > fail_page_alloc/min-order
{fault} /dev/snd/pcmC0D0p /dev/snd/pcmC0D0c
cd /
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
    program = tmp_path / 'fault'
    subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program,
                    Path(__file__).with_name('fault.c')], check=True)
    card = 'none' if load == LOOPBACK else 'ac97'
    machine = guest.run(FAULT.format(fault=program), tmp_path, kernel=kernel, card=card,
                        load=load, audio='none', options=['--icount'])
    print(machine.output)
    assert machine.output.endswith('right\n')
    refused = re.findall(r'hw_params: \d+ failures, no memory after (\d+)', machine.output)
    # At least each of the 32 pages of the ring.
    assert len(refused) == 2 and all(int(number) > 32 for number in refused)
    assert 'no memory for a ring of 131072 bytes' in machine.log
