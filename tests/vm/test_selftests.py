"""The kernel's own tests of its sound drivers: none fails."""

import re

import pytest

import guest
import test_hda
from program import selftests
from spared import newest, spare

pytestmark = pytest.mark.leaks(False)

# It reads its configuration where it is, and each stream in turn, in real time.
RUN = '''
cd {tests}/alsa
for test in mixer-test pcm-test; do
    ../$test > $OUT/$test || true
    grep -ah '^not ok\\|^# Totals' $OUT/$test
done
cd - > /dev/null
'''
TOTALS = re.compile(r'^# Totals: pass:(\d+) fail:(\d+) .*error:(\d+)', re.M)


def load(kernel, card):
    if card != 'hda':
        return guest.LOAD[guest.DRIVER].replace('snd-wavepci-ich', f'snd-wavepci-{card}')
    if guest.DRIVER == 'mainline':
        return ('modprobe -a snd-hda-codec-generic snd-hda-intel\n'
                'until [ -e /proc/asound/card0/pcm0p ]; do :; done')
    # Volumes as they are found: with others the codecs' driver of 6.1 tells of changes
    # that are none, below snd-hda-intel as well.
    return test_hda.load(kernel).replace(test_hda.UNMUTE, '')


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback'])
def test_selftests(kernel, card, tmp_path):
    if guest.DRIVER != 'wavepci' and card == 'loopback':
        pytest.skip('our card')
    spare(not newest(kernel) and card != 'ich')
    machine = guest.run(RUN.format(tests=selftests()), tmp_path, kernel=kernel,
                        load=load(kernel, card), card=guest.MODELS[card],
                        audio=None if card == 'loopback' else 'none',
                        options=['--icount'])
    print(machine.output)
    totals = [[int(n) for n in found] for found in TOTALS.findall(machine.output)]
    assert len(totals) == 2 and all(passed >= 10 for passed, _, _ in totals)
    if guest.DRIVER == 'wavepci':       # mainline's are only looked at
        assert not any(failed or errors for _, failed, errors in totals), machine.output
