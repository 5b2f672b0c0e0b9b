# SPDX-License-Identifier: GPL-2.0
"""The package on a whole Debian system, from its installation to its end.

The tests are one story: each goes on with the system that the one before it
has left.
"""

import numpy as np

import guest
import sound
from pulse import wait_for

OURS, THEIRS = 'snd-wavepci-ich', 'snd_intel8x0'
MODULES = 'snd-wavepci', 'snd-wavepci-ich', 'snd-wavepci-loopback', 'snd-wavepci-hda'

INSTALL = 'apt-get install -y --no-install-recommends '
OWNERS = '''for card in /sys/bus/pci/devices/0000:00:1[01].0; do
    basename "$(readlink $card/driver)"
done'''

# A large buffer, as the system has much else to do.
PERIOD, BUFFER = 2048, 512 * 1024
RAW = '-t raw -f S16_LE -c 2 -r 48000'
APLAY = f'aplay -D hw:0 --period-size={PERIOD} --buffer-size={BUFFER}'
# It comes out before what a card plays on of its buffer, after the end ...
END = np.zeros((48000, 2), np.int16)
# ... and this brings all of it into QEMU's file.
SILENCE = f'aplay -q -D hw:0 {RAW} -d 1 /dev/zero'


def as_user(script):
    """What root runs, so that the ordinary user runs a script."""
    return f"""cat >/tmp/steps <<'STEPS'
test "$(id -nu)" = listener
{script}
STEPS
su - listener -c 'sh -e /tmp/steps 2>&1'"""


def check_heard(samples, signal):
    """Whether every frame came out, and nothing else; the frames of silence put in.

    A card halts at the end of the last mapping that it was given, and goes on
    from there. That happens where this machine takes longer to run the guest
    than those mappings last, and nowhere but at the end of a page.
    """
    samples = sound.strip(samples)
    sound.check(sound.without_silence(samples), signal)
    silent = sound.as_frames(samples) == 0
    starts = np.flatnonzero(silent[1:] & ~silent[:-1]) + 1
    places = starts - np.cumsum(silent)[starts - 1]
    assert not (places % 1024).any(), f'silence within a page, at {places}'
    print(f'{silent.sum()} frames of silence put in, at {places}')
    return silent.sum()


def play(system, seed):
    """The user plays a signal, which has to come out of the card as it is."""
    signal = sound.signal(5 * 48000, seed=seed)
    guest.write_wav(system.out / 'share/played.wav', np.concatenate([signal, END]))
    for _ in range(3):              # in real time, a busy machine may come too late
        system.heard()
        output = system.run('cp /run/share/played.wav /tmp\n' + as_user(
            f'{guest.UNMUTE}\n{APLAY} /tmp/played.wav\n{SILENCE}'))
        assert 'underrun' not in output
        if not check_heard(system.heard(), signal):
            return
    raise AssertionError('silence was put in each time')


def versions(system, kernel='$(uname -r)'):
    """The versions of the modules installed for a kernel."""
    return system.run(f'for module in {" ".join(MODULES)}; do\n'
                      f'modinfo -k {kernel} -F version $module; done').split()


INTERRUPTED = '''
echo wavepci-dkms wavepci-dkms/driver select wavepci | debconf-set-selections
setsid apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 /run/share/0.deb \\
    >/tmp/log 2>&1 & session=$!
until [ "$(find /var/lib/dkms/wavepci/*/build -name '*.o' 2>/dev/null)" ]; do
    kill -0 $session
    sleep 0.2
done
pkill -KILL -s $session
while pgrep -s $session; do sleep 0.2; done
dpkg-query -W -f '${Status}\\n' wavepci-dkms
'''


def test_interrupted(system):
    """An installation killed while it compiles is taken up again."""
    assert system.run(INTERRUPTED).splitlines()[-1] == 'install ok half-configured'
    system.run('dpkg --configure -a')
    assert system.run("dpkg-query -W -f '${Status}' wavepci-dkms") == 'install ok installed'


def test_installed(system, packages):
    """It is there, and once is enough; but nobody's card is taken away."""
    version = packages[0][0]
    assert versions(system) == [version] * 3
    status = system.run('dkms status wavepci')
    assert 'Setting up' not in system.run(INSTALL + '/run/share/0.deb')
    assert system.run('dkms status wavepci') == status
    assert status.startswith(f'wavepci/{version}, {system.kernel},')
    assert system.run(OWNERS).split() == [THEIRS] * 2


def test_play(system):
    """After a reboot the cards are ours, and an ordinary user is heard."""
    system.reboot()
    assert system.run(OWNERS).split() == [OURS] * 2
    play(system, seed=1)


RECORD = as_user(guest.UNMUTE.replace('-c 0', '-c 1') + '''
arecord -D hw:1 -f S16_LE -c 2 -r 48000 --period-size=16384 --buffer-size=2097152 \\
    /tmp/recorded.wav''')
RECORD = f'''
size() {{ stat -c %s /tmp/recorded.wav 2>/dev/null || echo 0; }}
rm -f /tmp/recorded.wav
{RECORD} & recorder=$!
while [ $(size) -le 44 ]; do kill -0 $recorder; sleep 0.1; done
touch /run/share/going
until [ -e /run/share/spoken ]; do sleep 0.1; done
enough=$(($(size) + 2 * 48000 * 4))
while [ $(size) -lt $enough ]; do kill -0 $recorder; sleep 0.1; done
kill -INT $(pidof arecord)
wait $recorder || true
cp /tmp/recorded.wav /run/share
'''


def test_record(system, pulse):
    """An ordinary user records what is fed to the other card."""
    spoken, around = sound.signal(3 * 48000, seed=2), np.zeros((24000, 2), np.int16)
    share, wav = system.out / 'share', system.out / 'spoken.wav'
    guest.write_wav(wav, np.concatenate([around, spoken, around]))
    for _ in range(3):              # in real time, a busy machine may come too late
        for name in 'going', 'spoken':
            (share / name).unlink(missing_ok=True)
        system.start(RECORD)
        wait_for((share / 'going').exists, 300, 'arecord')
        pulse.play(wav).wait()
        (share / 'spoken').touch()
        if 'run!!!' not in system.finish():
            break
    sound.check(guest.read_wav(share / 'recorded.wav'), spoken)


def test_kernel_without_headers(system):
    """A new kernel that nothing can be built for is installed all the same."""
    output = system.run(INSTALL + 'linux-image-6.12-amd64\ndkms status wavepci')
    assert 'skipped since the kernel headers' in ' '.join(output.split())
    assert f', {system.kernel},' in output and ', 6.12.' not in output


ROUNDS = as_user(guest.UNMUTE + f'''
{{
    until [ -e /tmp/enough ]; do cat /tmp/played.raw; echo >>/tmp/rounds; done
    head -c {4 * BUFFER} /dev/zero
}} | {APLAY} {RAW}''')
UPGRADE = f'''
cp /run/share/played.raw /tmp
{ROUNDS} >/tmp/player & player=$!
until grep -qs RUNNING /proc/asound/card0/pcm0p/sub0/status; do kill -0 $player; done
{INSTALL} /run/share/1.deb
grep RUNNING /proc/asound/card0/pcm0p/sub0/status
touch /tmp/enough
wait $player
cat /tmp/player
su - listener -c '{SILENCE}'
wc -l </tmp/rounds
'''


def test_upgrade(system, packages):
    """The next version comes while the user plays, who doesn't hear of it."""
    (old, _), (new, _) = packages
    signal = sound.signal(4 * 65536, seed=3)
    (system.out / 'share/played.raw').write_bytes(signal.tobytes())
    system.heard()
    output = system.run(UPGRADE)
    assert 'sudo apt-get install linux-headers-6.12.' in output
    assert 'state: RUNNING' in output and 'underrun' not in output
    rounds = int(output.splitlines()[-1])
    check_heard(system.heard(), np.tile(signal, (rounds, 1)))
    assert versions(system) == [new] * 3
    assert system.run('dkms status wavepci').count('wavepci/') == 1
    loaded = 'cat /sys/module/snd_wavepci/version /sys/module/snd_wavepci_ich/version\n'
    assert system.run(loaded).split() == [old] * 2
    system.run('modprobe -r snd-wavepci-ich\nmodprobe snd-wavepci-ich')
    assert system.run(loaded).split() == [new] * 2


def test_kernel_upgrade(system, packages):
    """With its headers, DKMS builds the modules for the new kernel, which boots."""
    output = system.run(INSTALL + 'linux-headers-6.12-amd64\ndkms status wavepci')
    assert output.count(': installed') == 2
    system.reboot()
    assert system.kernel.startswith('6.12.')
    assert versions(system) == [packages[1][0]] * 3
    assert system.run(OWNERS).split() == [OURS] * 2
    play(system, seed=4)


TRACES = '''find / -xdev -iname '*wavepci*' ! -path '/tmp/*'
find /lib/modules/*/updates 2>/dev/null || true
debconf-show wavepci-dkms
'''


def test_purge(system):
    """Nothing remains of it, and mainline's driver has the cards again."""
    system.run('apt-get purge -y wavepci-dkms')
    assert system.run(TRACES) == ''
    system.reboot()
    assert system.run(OWNERS).split() == [THEIRS] * 2
    system.run(as_user(SILENCE))
    assert not system.complaints()
