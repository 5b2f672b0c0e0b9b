"""A card goes from one driver to the other and back while the system runs."""

import functools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import guest
import sound
from test_play import END, SILENCE

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='it takes both drivers')

SILENCE = SILENCE.format(rate=48000, period=1024)

# Only what modprobe finds is loaded, as on a box where all has been installed.
INSTALLED = '''
modules=lib/modules/$(uname -r)
mount --bind {stage}/$modules /$modules
cp {stage}/etc/modprobe.d/wavepci.conf /etc/modprobe.d
PATH=$PATH:{stage}/usr/local/sbin
test "$(wavepci-bind --boot)" = mainline
'''

# What udev does for a card that it finds.
COLDPLUG = 'modprobe $(cat /sys/bus/pci/devices/0000:00:10.0/modalias)\n'

PLAY = f'''
cp $OUT/*.wav /dev/shm
play() {{
    {guest.UNMUTE}
    aplay -q -D hw:0 --period-size=1024 --buffer-size=4096 /dev/shm/$1.wav
    {SILENCE}
}}
'''

HAND_OVER = '''
wavepci-bind
play 0
wavepci-bind wavepci
wavepci-bind
play 1
! wavepci-bind wavepci 7
wavepci-bind mainline 0000:00:10.0
play 2
wavepci-bind wavepci 0
for i in $(seq 33); do
    echo 0000:00:10.0 >/sys/bus/pci/drivers/snd-wavepci-ich/unbind
    echo 0000:00:10.0 >/sys/bus/pci/drivers/snd-wavepci-ich/bind
done
play 3
cat /sys/bus/pci/devices/0000:00:10.0/driver_override
'''


@pytest.fixture(scope='module')
def installed(tmp_path_factory):
    """Make install below a directory with the modules of a kernel."""
    def install(kernel):
        if '/' in kernel:
            pytest.skip("wants mainline's driver as a module")
        stage = tmp_path_factory.mktemp('stage')
        sys.path.append(str(guest.ROOT / 'scripts/lib'))
        from kernels import choose_kernel      # pylint: disable=import-outside-toplevel
        modules = choose_kernel(kernel, None)[1]
        (stage / 'lib/modules').mkdir(parents=True)
        subprocess.run(['cp', '-rl', modules, stage / 'lib/modules'], check=True)
        release = Path(modules).name
        subprocess.run(['make', '-s', 'install', f'KVER={release}', f'DESTDIR={stage}'],
                       cwd=guest.ROOT, check=True)
        return INSTALLED.format(stage=stage)

    return functools.lru_cache(install)


def test_hand_over(kernel, installed, tmp_path):
    """Both drivers in turn play every sample; more often than there are cards."""
    signals = [sound.signal(24000 + i, seed=i) for i in range(4)]
    for number, signal in enumerate(signals):
        guest.write_wav(tmp_path / f'{number}.wav', np.concatenate([signal, END]))
    machine = guest.run(installed(kernel) + COLDPLUG + PLAY + HAND_OVER, tmp_path, kernel=kernel,
                        card='ac97,addr=0x10', load='', timeout=480,
                        options=['--icount'])
    lines = machine.output.splitlines()
    assert re.search(r'^0000:00:10\.0 +0 +snd_intel8x0 *$', machine.output, re.M)
    assert re.search(r'^0000:00:10\.0 +0 +snd-wavepci-ich *$', machine.output, re.M)
    assert any('no card 7' in line for line in lines)
    assert lines[-1] == '(null)'
    sound.check(machine.samples, *signals)


REFUSED = '''
try() { echo "== $*"; wavepci-bind "$@" 2>&1 || echo "status $?"; }
aplay -q -D hw:0 -f dat /dev/zero & player=$!
until grep -qs RUNNING /proc/asound/card0/pcm0p/sub0/status; do kill -0 $player; done
try wavepci
try
kill -0 $player
kill $player
wait $player || true
try wavepci
try wavepci
arecord -q -D hw:0 -f dat /dev/null & player=$!
until grep -qs RUNNING /proc/asound/card0/pcm0c/sub0/status; do kill -0 $player; done
try mainline 0
kill $player
wait $player || true
try --boot wavepci
try --boot
# As on the next boot, but for a kernel without WavePci.
wavepci-bind mainline >/dev/null
rmmod snd-intel8x0 snd-wavepci-ich
''' + COLDPLUG + '''
try
try nonsense
try --nonsense
try ''
try --boot nonsense
try --boot wavepci too
try --boot none
try --boot
try wavepci 99
try mainline 0 1 2
busybox su nobody -s /bin/sh -c "$(command -v wavepci-bind) mainline" 2>&1 || echo status $?
rmmod snd-intel8x0 snd-wavepci-ich
umount /$modules
try
'''


def test_refused(kernel, installed, tmp_path):
    """In use, it stays where it is; rubbish is called so; and no trace remains."""
    machine = guest.run(installed(kernel) + COLDPLUG + REFUSED, tmp_path, kernel=kernel, load='',
                        card='ac97,addr=0x10', audio='none', timeout=480,
                        options=['--icount'])
    print(machine.output)
    said = re.findall(r'== (.*)\n((?:(?!== ).*\n)*)', machine.output)
    refused = [text for _, text in said if 'is in use: ' in text]
    assert len(refused) == 2 and all(text.endswith('status 1\n') for text in refused)
    for rubbish in 'nonsense', '--nonsense', '--boot nonsense', '--boot wavepci too':
        assert dict(said)[rubbish].endswith('status 2\n'), rubbish
