"""Each limit that a card offers: at its ends it runs, and past them it is refused."""

import os
import re
from pathlib import Path

import pytest

import guest
import test_hda
from spared import older, spare

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our cards'),
              pytest.mark.leaks(False)]

HERE = Path(__file__).parent


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback'])
def test_limits(kernel, card, tmp_path):
    if '/' in kernel and 'LIMITS' not in os.environ:
        pytest.skip('takes minutes there: LIMITS=all')
    spare(older(kernel))
    program = tmp_path / 'limits'
    guest.on_host('gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program,
                  HERE / 'limits.c', HERE / 'limits_raw.c', '-lasound')
    load = guest.LOAD['wavepci'].replace('snd-wavepci-ich', f'snd-wavepci-{card}')
    load = load.replace(' ring_ms=0', '')
    if card == 'hda':
        load = test_hda.load(kernel)
    script = f'{program} hw:0,0 p && {program} hw:0,0 c'
    machine = guest.run(script, tmp_path, kernel=kernel, load=load, audio='none',
                        card=guest.MODELS[card],
                        options=['--icount', '--quiet', '120'])
    print(machine.output)
    found = re.findall(r'^(\d+) limits, (\d+) refused, 0 wrong$', machine.output, re.M)
    assert len(found) == 2 and all(int(t) > 100 and int(r) > 30 for t, r in found)
