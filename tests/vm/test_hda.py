"""The HD Audio card: bit by bit, whatever the controller, the codec and the ring."""

import re
from pathlib import Path

import numpy as np
import pytest

import guest
import liar
import program
import sound
from spared import newest, older, spare
from test_play import silent_end
from test_record import check_recording

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our card'),
              pytest.mark.leaks(False)]

RUN_ON = 4096       # frames: the codec fetches so many before it plays them, at most
CODEC = 'use-timer=off'     # with it QEMU's codec loses what it has at each stop
LIBRARY = ('hda/snd-hda-core', 'pci/hda/snd-hda-codec', 'pci/hda/snd-hda-codec-generic')
UNMUTE = '''
amixer -c 0 -q sset Master 100% unmute || true      # not every codec has it
amixer -c 0 -q sset Capture 100% cap || true
'''
SILENCE = ('aplay -q -D hw:{device} -t raw -f S16_LE -c 2 -r {rate} '
           '--period-size=1024 -d 1 /dev/zero')


# Of the kernel that takes half a minute to boot: what it finds more than others.
DEBUGGED = {'test_play', 'test_pauses', 'test_small_mappings', 'test_unbind', 'test_suspend',
            'test_positions_in_a_register', 'test_codec_gone', 'test_late_codec'}


@pytest.fixture(autouse=True)
def a_few_on_the_debug_kernel(request, kernel):
    if '/' in kernel and request.function.__name__ not in DEBUGGED:
        pytest.skip('the others will do')


def load_library(kernel):
    """How a guest loads the kernel's HD-audio library."""
    if '/' in kernel:       # a kernel that was built, with its modules beside it
        tree = Path(kernel).parents[3] / 'sound'
        return '\n'.join(f'insmod {tree}/{module}.ko' for module in LIBRARY)
    return 'modprobe -a snd-hda-codec-generic'


def load_driver(kernel, parameters='', before=''):
    """How a guest loads the library and the driver, when it has the port."""
    return f'''{load_library(kernel)}
{before}
insmod "build/$(uname -r)/snd-wavepci-hda.ko" {parameters}'''


def load(kernel, parameters='', before=''):
    """How a guest loads the port, the library and the driver."""
    return f'''modprobe -qa snd-pcm || true     # or built in
insmod "build/$(uname -r)/snd-wavepci.ko" verify=1
{load_driver(kernel, parameters, before)}
{UNMUTE}'''


def run(script, out, kernel, *, codec='hda-duplex', controller='intel-hda', parameters='',
        before='', options=(), **others):
    return guest.run(script, out, kernel=kernel, card=f'{codec},{CODEC}',
                     load=load(kernel, parameters, before),
                     options=['--icount', '--hda', controller, *options], **others)


def play(out, kernel, rate, shapes, after='', **options):
    """Play a signal in each shape; what each of them said, and the card's samples."""
    script, signals = ['cp $OUT/*.wav /dev/shm'], []
    for number, (period, size) in enumerate(shapes):
        # Each goes round its ring at least once.
        signal = sound.signal(max(rate // 2, size) + 12345, seed=number)
        end = silent_end(period)
        if len(end) < size:     # silence also where the card runs on to
            place = -(-(len(signal) + len(end)) // period) * period % size
            signal[place:place + RUN_ON] = 0
        signals.append(signal)
        guest.write_wav(out / f'{number}.wav', np.concatenate([signal, end]), rate)
        script += [f'aplay -D hw:0 --period-size={period} --buffer-size={size} '
                   f'-v /dev/shm/{number}.wav', SILENCE.format(device=0, rate=rate)]
    machine = run('\n'.join([*script, after]), out, kernel, rate=rate, **options)
    assert machine.output.count('underrun') == 0
    sound.check(machine.samples, *signals)
    return [tuple(map(int, shape)) for shape in
            re.findall(r'buffer_size +: (\d+)\n.*period_size +: (\d+)', machine.output)]


SHAPES = [(1024, 4096), (1000, 4000), (480, 1920), (64, 2048), (64, 4096), (16384, 49152)]
MACHINES = {'ich6': ('intel-hda', 'hda-duplex', 48000),
            'ich9': ('ich9-intel-hda', 'hda-output,mixer=off', 44100),
            'line': ('intel-hda,msi=off', 'hda-micro', 96000)}


@pytest.mark.parametrize('name', MACHINES)
def test_play(kernel, name, tmp_path):
    spare(not newest(kernel) and name != 'ich6')
    controller, codec, rate = MACHINES[name]
    shapes = SHAPES[:3] if '/' in kernel else SHAPES
    assert play(tmp_path, kernel, rate, shapes, codec=codec, controller=controller) == [
        (size, period) for period, size in shapes]


def test_longest_rings(kernel, tmp_path):
    """All of a ring is in the controller's list: of 255 pages, not of 256."""
    most = 255 * 1024
    longer = SILENCE.format(device=0, rate=48000) + f' -v --buffer-size={most + 1024}'
    assert play(tmp_path, kernel, 48000, [(1024, most)], after=longer) == 2 * [(most, 1024)]


def test_small_mappings(kernel, tmp_path):
    """Periods that end in the middle of pages, and mappings that are shorter still."""
    spare(not newest(kernel))
    play(tmp_path, kernel, 48000, [(1500, 4500), (100, 4000)], parameters='max_mapping=1236')


def test_pauses(kernel, tmp_path):
    """Nothing is lost, and nothing comes twice."""
    spare(not newest(kernel))
    pauses = program.build(tmp_path, 'pauses.c', libraries=['-lasound'])
    signal = sound.signal(150000, seed=7)
    (tmp_path / 'signal').write_bytes(
        np.concatenate([signal, silent_end(1024)]).astype('<i2').tobytes())
    machine = run(f'cp $OUT/signal /dev/shm\n{pauses} hw:0 48000 /dev/shm/signal 5\n'
                  + SILENCE.format(device=0, rate=48000), tmp_path, kernel)
    assert '5 pauses' in machine.output
    sound.check(machine.samples, signal)


@pytest.mark.realtime
@pytest.mark.parametrize('both', [False, True], ids=['alone', 'both'])
def test_record(kernel, both, pulse, tmp_path):
    """What is fed to the card is recorded, also while it plays."""
    spare(older(kernel))
    check_recording(tmp_path, kernel, pulse, both, card=f'hda-duplex,mixer=off,{CODEC}',
                    load=load(kernel))


# --- what it is like --------------------------------------------------------

SHOW = """
modprobe -a snd-hda-codec-generic snd-hda-intel
show() {
    until [ -e /proc/asound/card0/pcm0p ]; do :; done
    {
        cat /proc/asound/cards /proc/asound/pcm /proc/asound/card0/pcm0[pc]/info
        amixer -c 0 info
        amixer -c 0 contents
        aplay -L
        for rate in 8000 17000 20000 24000 95999; do
            aplay -v -D hw:0 -t raw -f S16_LE -c 2 -r $rate -s 1000 /dev/zero 2>&1 |
                grep -i rate
        done
    } > $OUT/$1
}
show mainline
rmmod snd-hda-intel
"""


def test_like_mainline(kernel, tmp_path):
    """Names, numbers, controls, and rates near what is asked for, are snd-hda-intel's."""
    guest.run('show wavepci', tmp_path, kernel=kernel, card=f'hda-duplex,{CODEC}',
              load=SHOW + load(kernel, 'power_save=0').replace(UNMUTE, ''),
              options=['--icount'])
    assert (tmp_path / 'wavepci').read_text() == (tmp_path / 'mainline').read_text()


SUSPEND = """
cp $OUT/play.wav /dev/shm
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
aplay -D hw:0 --period-size=1024 --buffer-size=16384 /dev/shm/play.wav & player=$!
until grep -q RUNNING /proc/asound/card0/pcm0p/sub0/status; do kill -0 $player; done
echo freeze > /sys/power/state
wait $player
""" + SILENCE.format(device=0, rate=48000)


@pytest.mark.leaks(True)
def test_suspend(kernel, tmp_path):
    """After a sleep an application prepares anew, and is heard again to the end."""
    if '/' not in kernel:
        pytest.skip("Debian's virtio devices don't outlive a suspend")
    signal = sound.signal(3 * 48000)
    guest.write_wav(tmp_path / 'play.wav', np.concatenate([signal, silent_end(8192)]))
    machine = run(SUSPEND, tmp_path, kernel)
    assert 'Suspended. Trying resume. Failed. Restarting stream. Done.' in machine.output
    heard = sound.strip(machine.samples)
    assert (heard[-48000:] == signal[-48000:]).all()
    assert (heard[:100] == signal[:100]).all()


# --- what it costs ----------------------------------------------------------

def accesses(out, kernel, seconds, options, **more):
    """How often the controller's registers are used while something is played."""
    out.mkdir()
    stream = program.build(out, '../bench/stream.c', libraries=['-lasound'])
    # A codec that goes to sleep, or wakes up, has a lot to tell.
    machine = run(f'{stream} {options} -s {seconds} play', out, kernel, trace=True,
                  parameters='power_save=0', **more)
    return machine.accesses


def cost(tmp_path, kernel, options, **more):
    """The same for each second, but for the beginning and the end."""
    few, many = (accesses(tmp_path / str(seconds), kernel, seconds, options, **more)
                 for seconds in (1, 3))
    for (_, offset, kind), times in (many - few).most_common(6):
        print(f'{offset:#x} {kind}: {times}')
    return (many - few).total() / 2


@pytest.mark.parametrize('controller', ['intel-hda', 'intel-hda,msi=off'])
def test_accesses_per_period(kernel, controller, tmp_path):
    """Two each: the acknowledgement, and a look at what else there may be."""
    spare(not newest(kernel))
    period = cost(tmp_path, kernel, '-p 1024 -b 4096', controller=controller) / (48000 / 1024)
    print(f'{period:.2f} accesses a period')
    assert period <= 2.1


def test_no_wakeups(kernel, tmp_path):
    """Who wants no wakeups has no interrupts, and the card is left alone."""
    spare(not newest(kernel))
    assert cost(tmp_path, kernel, '-n -t 21 -p 1024 -b 8192') == 0


# As if the controller hadn't the register that says where positions go to.
NO_POSITIONS = """
python3 - <<END
import mmap, os
registers = mmap.mmap(os.open('/sys/class/sound/card0/device/resource0', os.O_RDWR), 0x4000)
registers[0x70:0x74] = bytes(4)
END
timeout 20 {stream} {wakeups} -p 1024 -b 8192 -s 1 play || echo "status $?"
"""


@pytest.mark.parametrize('wakeups', ['', '-n -t 21'], ids=['wakeups', 'quiet'])
def test_positions_in_a_register(kernel, wakeups, tmp_path):
    """A controller that doesn't write its positions to memory is asked for them."""
    if '/' not in kernel:
        pytest.skip("Debian's kernels keep programs from a device's registers")
    stream = program.build(tmp_path, '../bench/stream.c', libraries=['-lasound'])
    machine = run(NO_POSITIONS.format(stream=stream, wakeups=wakeups), tmp_path, kernel,
                  audio='none')
    assert 'late 0' in machine.output and 'status' not in machine.output
    assert "the position isn't in memory" in machine.log


# --- several codecs ---------------------------------------------------------

DEVICES = 0, 2, 4       # numbers that alsa-lib's files know
CODECS = """
cat /proc/asound/pcm
cp $OUT/*.wav /dev/shm
for device in {devices}; do
    aplay -q -D hw:0,$device --period-size=1024 --buffer-size=8192 /dev/shm/$device.wav &
    pids="$pids $!"
done
for pid in $pids; do wait $pid; done
for device in {devices}; do
    aplay -q -D hw:0,$device -t raw -f S16_LE -c 2 -r 48000 --period-size=1024 -d 1 /dev/zero
done
"""


def test_three_codecs(kernel, tmp_path):
    """Each plays what it was given, all at once."""
    spare(older(kernel))
    signals = {device: sound.signal(60000 + 999 * device, seed=device) for device in DEVICES}
    for device, signal in signals.items():
        guest.write_wav(tmp_path / f'{device}.wav',
                        np.concatenate([signal, np.zeros((2 * RUN_ON, 2), np.int16)]))
    others = ['--card', f'hda-output,mixer=off,{CODEC}'] * (len(DEVICES) - 1)
    for device in DEVICES:
        others += ['--audio', f'wav:{tmp_path}/card{device}.wav']
    machine = run(CODECS.format(devices=' '.join(map(str, DEVICES))), tmp_path, kernel,
                  codec='hda-output,mixer=off', options=others, audio=None)
    assert re.findall(r'^00-(\d+)', machine.output, re.M) == ['00', '02', '04']
    for device in DEVICES:
        sound.check(guest.read_wav(tmp_path / f'card{device}.wav'), signals[device])


@pytest.mark.xdist_group('late-codec')      # they build the same
@pytest.mark.parametrize('fails', [0, 1])
def test_late_codec(kernel, fails, tmp_path):
    """A codec's driver that probes in its own time is waited for; or it is the generic one."""
    spare('/' not in kernel and not newest(kernel))
    liar.build_module(kernel, 'codec', liar.sources('tests/codec'))
    late = f'insmod build/$(uname -r)/codec/late-codec.ko fails={fails}'
    script = SILENCE.format(device=0, rate=48000) + '\ncat /proc/asound/pcm'
    machine = run(script, tmp_path, kernel, before=late, audio='none')
    assert ('Late' in machine.output) != bool(fails)


FIFTH = """
for device in 0 2 4 5 10; do
    aplay -q -D hw:0,$device -t raw -f S16_LE -c 2 -r 48000 /dev/zero & pids="$pids $!"
    until grep -q RUNNING /proc/asound/card0/pcm${device}p/sub0/status; do
        kill -0 $! || break
    done
done
"""


def test_more_streams_than_engines(kernel, tmp_path):
    """Four can play: the fifth is told at open."""
    spare(older(kernel))
    others = [word for _ in range(4) for word in ('--card', f'hda-output,{CODEC}')]
    machine = run(FIFTH + 'kill $pids || true\nwait || true', tmp_path, kernel,
                  codec='hda-output', options=others, audio='none')
    assert machine.output.count('Device or resource busy') == 1


# --- what stops it ----------------------------------------------------------

UNBIND = """
driver=/sys/bus/pci/drivers/snd-wavepci-hda
address=$(basename $driver/0000*)
play() {
    aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 /dev/zero & player=$!
    until grep -q RUNNING /proc/asound/card0/pcm0p/sub0/status; do kill -0 $player; done
}
for round in 1 2 3; do
    play
    ! rmmod snd-wavepci-hda
    echo $address > $driver/unbind
    ! wait $player
    echo $address > $driver/bind
done
play
echo hdaudioC0D0 > /sys/bus/hdaudio/drivers/snd_hda_codec_generic/unbind
! wait $player
! aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero
cat /proc/asound/card0/wavepci
# The codec comes back with the controller.
echo $address > $driver/unbind
echo $address > $driver/bind
aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero
"""


@pytest.mark.leaks(True)
def test_unbind(kernel, tmp_path):
    """The controller's driver, or the codec's, is taken away while somebody plays."""
    spare('/' not in kernel)
    run(UNBIND, tmp_path, kernel)


CODEC_GONE = """
driver=/sys/bus/pci/drivers/snd-wavepci-hda
address=$(basename $driver/0000*)
for round in 1 2 3; do
    {program} /sys/bus/hdaudio/drivers/snd_hda_codec_generic/unbind hdaudioC0D0 {users}
    echo $address > $driver/unbind
    echo $address > $driver/bind
done
"""


@pytest.mark.parametrize('users', ['controls', 'pcms'])
def test_codec_gone(kernel, users, tmp_path):
    """The codec's driver goes while its controls are used, or just when PCMs are closed."""
    if '/' not in kernel:
        pytest.skip('in the debug kernel')
    program_file = program.build(tmp_path, 'codec_gone.c')
    run(CODEC_GONE.format(program=program_file, users=users), tmp_path, kernel,
        options=['--append', 'oops=panic'])


SLOTS = r"""
driver=/sys/bus/pci/drivers/snd-wavepci-hda
address=$(cd $driver; echo 0000:*)
# More often than there are slots for cards.
for round in $(seq 33); do
    echo $address > $driver/unbind
    echo $address > $driver/bind
done
amixer -c 3 -q sset Master 100% unmute
aplay -q -D hw:Desk -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero
"""


def test_slot(kernel, tmp_path):
    """A card that goes and comes back, however often, finds its parameters again."""
    spare('/' not in kernel)
    run(SLOTS, tmp_path, kernel, parameters='index=3 id=Desk')
