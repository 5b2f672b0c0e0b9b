"""Built by clang, for a kernel that clang has built and that checks each call.

CONFIG_CFI_CLANG compares the type of each function that is called by
way of a pointer, so of each method of each interface, with what the caller takes
it for; another one is a panic.

This builds a kernel, and has a target of its own: make check-clang.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/vm'))
import guest  # noqa: E402
import sound  # noqa: E402
import test_hda  # noqa: E402
from guest import on_host  # noqa: E402
from test_play import play  # noqa: E402

CARDS = 'ich', 'hda', 'loopback'


def modules(release, headers):
    """Build the modules, without a warning, by what has built the kernel: nobody says so."""
    said = on_host('make', '-C', ROOT, 'modules', f'KVER={release}', f'KDIR={headers}',
                   'KFLAGS=KCFLAGS=-Werror')
    assert 'warning: ' not in said, said
    for name in ['', *(f'-{card}' for card in CARDS)]:
        module = ROOT / 'build' / release / f'snd-wavepci{name}.ko'
        assert 'clang version' in on_host('readelf', '-p', '.comment', module)


@pytest.fixture(scope='module', params=[(), ('6.1',)], ids=['6.12', '6.1'])
def kernel(request):
    """A kernel that clang has built, and the modules."""
    tree = Path(on_host(ROOT / 'scripts/debug-kernel', 'clang', *request.param).splitlines()[-1])
    release = (tree / 'include/config/kernel.release').read_text().strip()
    assert 'CONFIG_CFI_CLANG=y' in (tree / 'include/config/auto.conf').read_text()
    modules(release, tree)
    return str(tree / 'arch/x86/boot/bzImage')


def test_play(kernel, tmp_path):
    machine, signals = play(tmp_path, kernel, 48000, shapes=[(1024, 4096), (64, 2048)])
    assert 'CFI failure' not in machine.log
    sound.check(machine.samples, *signals)


SWEEP = '''
aplay -q -D hw:0 -f dat $OUT/long.wav & player=$!
arecord -q -D hw:0 -f dat -d 2 $OUT/recorded.wav
wait $player
cat /proc/asound/card0/wavepci
amixer -c 0 contents >/dev/null
aplay -q -D hw:0 -f dat -d 1 /dev/zero
'''


@pytest.mark.parametrize('card', CARDS)
def test_calls(kernel, card, tmp_path):
    """Play, record, mixer, /proc, loading and unloading: each call has the right type."""
    guest.write_wav(tmp_path / 'long.wav', np.resize(sound.signal(48000), (3 * 48000, 2)))
    load = (test_hda.load(kernel) if card == 'hda' else
            guest.LOAD['wavepci'].replace('snd-wavepci-ich', f'snd-wavepci-{card}'))
    machine = guest.run(SWEEP, tmp_path, kernel=kernel, load=load, card=guest.MODELS[card],
                        audio=None if card == 'loopback' else 'none', options=['--icount'])
    assert 'CFI failure' not in machine.log and 'pcm0p' in machine.output
