"""The port without all that can be left out: no warnings, no traces of it, and sound."""

import os
import subprocess
import sys

import pytest

import guest
import sound
from spared import older, spare
from test_play import play

sys.path.append(str(guest.ROOT / 'scripts/lib'))
from kernels import choose_kernel      # noqa: E402

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our port')

LOAD = '''
modprobe -qa snd-pcm snd-ac97-codec
insmod {modules}/snd-wavepci.ko
insmod {modules}/snd-wavepci-ich.ko
test ! -e /sys/kernel/tracing/events/wavepci
test ! -e /sys/module/snd_wavepci/parameters/verify
'''


def test_without(kernel, tmp_path):
    if '/' in kernel:
        pytest.skip("it's built for Debian's kernels")
    spare(older(kernel))
    modules = tmp_path / 'modules'
    release = os.path.basename(choose_kernel(kernel, None)[1])
    said = guest.on_host('make', '-s', 'modules', f'KVER={release}', 'PARTS=', 'KFLAGS=W=1',
                         f'BUILD={os.path.relpath(modules, guest.ROOT)}', cwd=guest.ROOT)
    assert 'warning' not in said, said
    names = subprocess.check_output(['nm', modules / 'snd-wavepci.ko'], text=True)
    for word in 'verifier', 'tracepoint', 'portcls_node_':
        assert word not in names
    machine, signals = play(tmp_path, kernel, 48000, shapes=[(1024, 4096)],
                            load=LOAD.format(modules=modules) + guest.UNMUTE)
    sound.check(machine.samples, *signals)
