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
from program import build
from spared import newest, older, spare
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

# An idle guest whose time goes by instructions sees it leap while it waits for a
# file of the host's, by more than what a hand-over allows alsactl.
BUSY = "chrt -i 0 sh -c 'while :; do :; done' &\n"

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

# The settings of the mixer go along; the channel maps, which aren't settings, differ.
HAND_OVER = '''
wavepci-bind
play 0
amixer -c 0 -q sset Master 10,20 mute
amixer -c 0 -q sset Capture 3,4 nocap
settings() { amixer -c 0 contents | grep -A2 iface=MIXER | grep -v '^-- *$'; }
settings > /dev/shm/set
wavepci-bind wavepci
settings | cmp - /dev/shm/set
wavepci-bind
play 1
! wavepci-bind wavepci 7
amixer -c 0 -q sset Master 5,6 mute
settings > /dev/shm/set
wavepci-bind mainline 0000:00:10.0
settings | cmp - /dev/shm/set
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
    spare(older(kernel))
    signals = [sound.signal(24000 + i, seed=i) for i in range(4)]
    for number, signal in enumerate(signals):
        guest.write_wav(tmp_path / f'{number}.wav', np.concatenate([signal, END]))
    machine = guest.run(installed(kernel) + BUSY + COLDPLUG + PLAY + HAND_OVER, tmp_path,
                        kernel=kernel, card='ac97,addr=0x10', load='', timeout=480,
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
    spare(not newest(kernel), 'it is about processes')
    machine = guest.run(installed(kernel) + BUSY + COLDPLUG + REFUSED, tmp_path, kernel=kernel,
                        load='', card='ac97,addr=0x10', audio='none', timeout=480,
                        options=['--icount'])
    print(machine.output)
    said = re.findall(r'== (.*)\n((?:(?!== ).*\n)*)', machine.output)
    refused = [text for _, text in said if 'is in use: ' in text]
    assert len(refused) == 2 and all(text.endswith('status 1\n') for text in refused)
    assert re.search(r'aplay \(process \d+\): pcmC0D0p; end', refused[0])
    assert re.search(r'arecord \(process \d+\): pcmC0D0c; end', refused[1])
    for rubbish in 'nonsense', '--nonsense', '--boot nonsense', '--boot wavepci too':
        assert dict(said)[rubbish].endswith('status 2\n'), rubbish


# Each has something of the card, is found by what that is, and ends.
HOLDERS = """
modprobe -a snd-mixer-oss snd-pcm-oss
mknod /run/elsewhere c $(tr : ' ' </sys/class/sound/controlC0/dev)
until_held() {
    until wavepci-bind | grep -q "(process.*$1"; do kill -0 $holder; done
}
try() {
    echo "== $1"
    node=$2
    shift 2
    "$@" & holder=$!
    until_held $node
    wavepci-bind mainline 2>&1 || echo "status $?"
    kill -9 $holder
    wait $holder || true
}
open() { exec sleep 1000 <$1; }
keep() { exec %(hold)s "$@"; }
listen() { exec amixer -c 0 sevents >/dev/null; }

try 'control node' controlC0 open /dev/snd/controlC0
try 'another node' controlC0 open /run/elsewhere
try 'mixer of OSS' mixer open /dev/mixer
try 'stream of OSS' dsp keep /dev/dsp
try 'mapping' pcmC0D0p keep /dev/snd/pcmC0D0p map
try 'timer' timer keep /dev/snd/timer timer
try 'container' controlC0 unshare -mpf --mount-proc --kill-child sh -c 'sleep 1000 </dev/snd/controlC0; :'

echo '== stopped mixer'
listen & holder=$!
until_held controlC0
kill -STOP $holder
until wavepci-bind | grep -q stopped; do kill -0 $holder; done
wavepci-bind mainline 2>&1 || echo "status $?"
kill -CONT $holder
echo '== running mixer'
wavepci-bind mainline 2>&1
wait $holder || true
wavepci-bind
"""


def test_holders(kernel, installed, tmp_path):
    """Who doesn't let go of a card keeps it, and is named; who does loses it."""
    spare(not newest(kernel), 'it is about processes')
    # Not by instructions: then minutes may go by while it waits for a file, and
    # wavepci-bind gives up looking, or waiting.
    script = HOLDERS % {'hold': build(tmp_path, 'hold.c')}
    machine = guest.run(installed(kernel) + COLDPLUG + 'wavepci-bind wavepci\n' + script,
                        tmp_path, kernel=kernel, load='', card='ac97,addr=0x10', audio='none')
    print(machine.output)
    said = dict(re.findall(r'== (.*)\n((?:(?!== ).*\n)*)', machine.output))
    for what, who, node in (('control node', 'sleep', 'controlC0'),
                            ('another node', 'sleep', 'controlC0'),
                            ('mixer of OSS', 'sleep', 'mixer'),
                            ('stream of OSS', 'hold', 'dsp.*'),
                            ('mapping', 'hold', 'pcmC0D0p'),
                            ('timer', 'hold', 'timer:P0-0-0'),
                            ('container', 'sleep', 'controlC0'),
                            ('stopped mixer', 'amixer', 'controlC0')):
        assert re.search(rf'is in use: .*{who} \(process \d+(, stopped)?\): {node}; end',
                         said[what]), what
        assert 'status 1\n' in said[what], what
    assert 'snd_intel8x0 has it now' in said['running mixer']
    assert re.search(r'snd_intel8x0 *$', said['running mixer'])


# It has the name of one that lets go, and doesn't: as if it came between the
# look and the hand-over.
LATE = """
cp /bin/sleep /run/amixer
/run/amixer 1000 </dev/snd/controlC0 & holder=$!
until wavepci-bind | grep -q amixer; do kill -0 $holder; done
echo '== first'
wavepci-bind mainline 2>&1 || echo "status $?"
echo '== second'
wavepci-bind mainline 2>&1 || echo "status $?"
wavepci-bind
echo '== end'
kill $holder
driver=/sys/bus/pci/devices/0000:00:10.0/driver
until [ -c /dev/snd/controlC0 ]; do sleep 0.1; done
/run/amixer 1000 </dev/snd/controlC0 & holder=$!
until wavepci-bind | grep -q amixer; do kill -0 $holder; done
echo '== interrupted'
env --default-signal=INT wavepci-bind wavepci >/run/said 2>&1 & binder=$!
while [ -e $driver ]; do kill -0 $binder; done
kill -INT $binder
wait $binder || echo "status $?"
cat /run/said
kill $holder
until wavepci-bind | grep -qE '0 +snd-wavepci-ich *$'; do sleep 0.1; done
echo '== third'
wavepci-bind mainline 2>&1
"""


def test_late_holder(kernel, installed, tmp_path):
    """One who comes too late to be seen delays it; neither the shell nor the user hangs."""
    spare(not newest(kernel), 'it is about processes')
    # Not by instructions, as above.
    machine = guest.run(installed(kernel) + COLDPLUG + 'wavepci-bind wavepci\n' + LATE,
                        tmp_path, kernel=kernel, load='', card='ac97,addr=0x10', audio='none')
    print(machine.output)
    said = dict(re.findall(r'== (.*)\n((?:(?!== ).*\n)*)', machine.output))
    held = r'amixer \(process \d+\): controlC0: end that\b'
    assert re.search(f'held by {held}; snd_intel8x0 gets it', said['first'])
    assert said['first'].endswith('status 1\n')
    assert re.search(f'an earlier hand-over waits for {held}\nstatus 1\n', said['second'])
    assert re.search(r'^0000:00:10.0 +- +- +amixer', said['second'], re.M)
    assert 'status 130\n' in said['interrupted']
    assert 'snd-wavepci-ich gets it as soon as' in said['interrupted']
    assert 'snd_intel8x0 has it now' in said['third']


# The controller has the place that the AC'97 card has above.
HDA = f'''
{COLDPLUG}
until [ -e /proc/asound/card0/pcm0p ]; do sleep 0.1; done
wavepci-bind
wavepci-bind wavepci && exit 1
cp $OUT/*.wav /dev/shm
play() {{
    amixer -c 0 -q sset Master 100% unmute
    aplay -q -D hw:0 --period-size=1024 --buffer-size=4096 /dev/shm/$1.wav
    {SILENCE}
}}
for round in 0 1; do
    wavepci-bind wavepci 0
    play $((2 * round))
    wavepci-bind
    wavepci-bind mainline 0000:00:10.0
    play $((2 * round + 1))
done
'''


def test_hda(kernel, installed, tmp_path):
    """An HD Audio card changes hands, but only when it is named."""
    spare(older(kernel))
    signals = [sound.signal(24000 + i, seed=i) for i in range(4)]
    for number, signal in enumerate(signals):
        guest.write_wav(tmp_path / f'{number}.wav', np.concatenate([signal, END]))
    machine = guest.run(installed(kernel) + BUSY + HDA, tmp_path, kernel=kernel, load='',
                        card='hda-output,use-timer=off', timeout=480,
                        options=['--icount', '--hda', 'intel-hda,addr=0x10'])
    assert 'no card that snd-wavepci-ich knows' in machine.output
    assert re.search(r'^0000:00:10\.0 +0 +snd_hda_intel *$', machine.output, re.M)
    assert len(re.findall(r'^0000:00:10\.0 +0 +snd-wavepci-hda *$', machine.output, re.M)) == 2
    sound.check(machine.samples, *signals)
