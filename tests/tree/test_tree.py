"""The drivers in a kernel's own tree: built in, as modules, and gone again.

This builds kernels, and has a target of its own: make check-tree.
"""

import fcntl
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/vm'))
import guest  # noqa: E402
import sound  # noqa: E402
from guest import on_host  # noqa: E402
from test_play import play  # noqa: E402

# How a box with the drivers in its kernel comes by a card.
LOAD = {
    'y': 'test "$(cat /sys/module/snd_wavepci/parameters/verify)" = Y',
    'm': '''modprobe $(cat /sys/bus/pci/devices/0000:00:10.0/modalias)
        modprobe snd-wavepci-loopback''',
}
LOADED = '''
basename $(readlink /sys/bus/pci/devices/0000:00:10.0/driver)
cat /proc/asound/cards
'''


class Tree:
    """A kernel's tree, and what is not as it was unpacked there."""

    def __init__(self, path):
        self.path = Path(path)

    def differs(self):
        """What Git calls changed, deleted or new, sources only."""
        return sorted(on_host('git', '-C', self.path, 'ls-files', '--modified', '--deleted',
                          '--others', '--exclude-standard', '--directory',
                              '--no-empty-directory').split())

    def put_in(self):
        on_host(ROOT / 'scripts/in-tree', self.path)

    def take_out(self):
        on_host(ROOT / 'scripts/in-tree', '--remove', self.path)

    def stamps(self):
        """When each of the files that belong to the drivers was written."""
        files = [*(self.path / 'sound/wavepci').rglob('*'), self.path / 'sound/Kconfig',
                 self.path / 'sound/Makefile']
        return {path: path.stat().st_mtime_ns for path in files if path.is_file()}


@pytest.fixture(scope='module')
def tree():
    """A tree without the drivers, which nobody else uses for the time being."""
    path = on_host(ROOT / 'scripts/lib/tree-kernel').splitlines()[-1]
    with open(path + '.lock') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = Tree(path)
        found.take_out()        # what somebody left who was interrupted
        yield found
        found.take_out()


def test_put_in(tree):
    """It changes what it has to, once, and nothing is left when it's taken out."""
    assert not tree.differs()
    tree.put_in()
    assert tree.differs() == ['sound/Kconfig', 'sound/Makefile', 'sound/wavepci/']
    there = {path.relative_to(ROOT) for top in ('src', 'include')
             for path in (ROOT / top).rglob('*') if path.is_file()}
    assert all((tree.path / 'sound/wavepci' / path).read_bytes() == (ROOT / path).read_bytes()
               for path in there)
    stamps = tree.stamps()
    tree.put_in()
    assert tree.stamps() == stamps, 'the second time makes a difference'
    tree.take_out()
    assert not tree.differs()


@pytest.mark.parametrize('how', LOAD)
def test_play(tree, how, tmp_path):
    """Compiled without a warning, booted, and played on; then nothing is left of it."""
    assert on_host(ROOT / 'scripts/lib/tree-kernel', how).splitlines()[-1] == str(tree.path)
    options = []
    if how == 'm':
        modules, = (tree.path / '.wavepci-modules/lib/modules').iterdir()
        options = ['--modules-dir', modules]
    machine, signals = play(tmp_path, str(tree.path / 'arch/x86/boot/bzImage'), 48000, options,
                            card='ac97,addr=0x10',
                            load='\n'.join([LOAD[how], LOADED, guest.UNMUTE]))
    assert machine.output.startswith('snd-wavepci-ich\n')
    assert '- WavePci Loopback\n' in machine.output
    assert machine.output.count('underrun') == 0
    sound.check(machine.samples, *signals)
    tree.take_out()
    assert not tree.differs()
