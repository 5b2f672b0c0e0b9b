"""The loopback card's mixer: its controls, and what they do to the sound."""

import re

import numpy as np
import pytest

import guest
from spared import newest, spare
from test_loopback import CARD, PORT

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our card'),
              pytest.mark.leaks(False)]

FRAMES = 5000
MIXER_H = (guest.ROOT / 'src/loopback/mixer.h').read_text()


def run(script, out, kernel, **options):
    return guest.run(script, out, kernel=kernel, card='none', load=PORT + '\n' + CARD,
                     options=['--icount'], **options)


# --- what the sound becomes -------------------------------------------------

def gain(decibels):
    """What samples are multiplied by, in 1/65536."""
    return round(65536 * 10 ** (decibels / 20))


def scale_integers(samples, gains):
    return samples.astype(np.int64) * gains >> 16


def scale_floats(samples, gains):
    """Cut off towards zero, as numbers of 24 bits are."""
    exact = samples.astype(np.float64) * gains / 65536
    near = exact.astype(np.float32)
    return np.where(np.abs(near) > np.abs(exact), np.nextafter(near, np.float32(0)), near)


def noise(format_):
    """Stereo samples; the first ones are loud in any setting."""
    random = np.random.default_rng(len(format_))
    if format_ == 'FLOAT_LE':
        samples = random.uniform(-1, 1, (FRAMES, 2)).astype(np.float32)
        samples[0], samples[1] = 1, -1
        return samples
    bits = {'U8': 8, 'S16_LE': 16, 'S24_3LE': 24, 'S32_LE': 32}[format_]
    samples = random.integers(-2 ** (bits - 1), 2 ** (bits - 1), (FRAMES, 2))
    samples[0], samples[1] = 2 ** (bits - 1) - 1, -2 ** (bits - 1)
    return samples


def encode(samples, format_):
    """Samples as the card has them: a row of bytes for each frame."""
    if format_ == 'U8':
        return (samples + 128).astype(np.uint8)
    if format_ == 'S24_3LE':
        return np.ascontiguousarray(
            samples.astype('<i4').view(np.uint8).reshape(FRAMES, 2, 4)[:, :, :3]
        ).reshape(FRAMES, 6)
    kind = {'S16_LE': '<i2', 'S32_LE': '<i4', 'FLOAT_LE': '<f4'}[format_]
    return np.ascontiguousarray(samples.astype(kind)).view(np.uint8).reshape(FRAMES, -1)


def expected(samples, format_, left, right):
    scale = scale_floats if format_ == 'FLOAT_LE' else scale_integers
    return encode(scale(samples, np.array([gain(left), gain(right)])), format_)


def check(heard, want, silence):
    """Whether a recording is this, frame by frame, with silence around it."""
    rows = heard[:len(heard) // want.shape[1] * want.shape[1]].reshape(-1, want.shape[1])
    sound = np.flatnonzero((rows != silence).any(axis=1))
    assert len(sound), 'only silence'
    begin, end = int(sound[0]), int(sound[0]) + len(want)
    assert len(rows) >= end, f'{len(rows) - begin} of {len(want)} frames'
    wrong = np.flatnonzero((rows[begin:end] != want).any(axis=1))
    assert not len(wrong), (f'{len(wrong)} frames wrong; frame {wrong[0]} is '
                            f'{rows[begin + wrong[0]]}, not {want[wrong[0]]}')
    # Where a work serves it, a looped card goes on for a moment, into what was before.
    assert guest.SLEEPING or (rows[end:] == silence).all()


FORMATS = ['U8', 'S16_LE', 'S24_3LE', 'S32_LE', 'FLOAT_LE']
# Volume, what is recorded, and where the line's plug is.
SETTINGS = {'full': ('0dB,0dB unmute', 'Line', 'in'),
            'soft': ('-- -6dB,-12dB unmute', 'Line', 'in'),
            'softest': ('-- -63dB,0dB unmute', 'Line', 'in'),
            'muted': ('0dB,0dB mute', 'Line', 'in'),
            'mic': ('0dB,0dB unmute', 'Mic', 'in'),
            'unplugged': ('0dB,0dB unmute', 'Line', 'out')}
SILENT, SILENT_FORMATS = {'muted', 'mic', 'unplugged'}, FORMATS[:2]
SHAPE = '--period-size=480 --buffer-size=4800'
# In memory, since the guest's time leaps while it waits for a file of the host's.
# Recorded is until the card has gone on for a while after the end.
HEAR = '''
cp $OUT/{played} /dev/shm
amixer -c 0 -q sset Master {volume}
amixer -c 0 -q cset name='Capture Source' {source}
echo line {plug} >/proc/asound/card0/panel
arecord -q -D hw:0 -t raw -f {format} -c 2 -r 48000 {shape} /dev/shm/{name}-{format} & recording=$!
until grep -q RUNNING /proc/asound/card0/pcm0c/sub0/status; do kill -0 $recording; done
aplay -q -D {player} -t raw -f {played} -c 2 -r 48000 {shape} /dev/shm/{played}
size=$(stat -c %s /dev/shm/{name}-{format})
until [ $(stat -c %s /dev/shm/{name}-{format}) -ge $((size + 65536)) ]; do kill -0 $recording; done
kill $recording
wait $recording || true
mv /dev/shm/{name}-{format} $OUT
'''


def test_what_is_heard(kernel, tmp_path):
    """At full volume, softer, muted and from the other source, in each format."""
    spare(not newest(kernel))
    script, signals = [], {}
    for format_ in FORMATS if kernel.startswith('6.12') else FORMATS[1::3]:
        signals[format_] = noise(format_)
        (tmp_path / format_).write_bytes(encode(signals[format_], format_).tobytes())
        script += [HEAR.format(volume=volume, source=source, plug=plug, name=name,
                               format=format_, player='hw:0', played=format_, shape=SHAPE)
                   for name, (volume, source, plug) in SETTINGS.items()
                   if name not in SILENT or format_ in SILENT_FORMATS]
    run('\n'.join(script), tmp_path, kernel)
    for format_, samples in signals.items():
        silence = 0x80 if format_ == 'U8' else 0
        heard = {name: np.frombuffer((tmp_path / f'{name}-{format_}').read_bytes(), np.uint8)
                 for name in SETTINGS if (tmp_path / f'{name}-{format_}').exists()}
        check(heard['full'], encode(samples, format_), silence)
        check(heard['soft'], expected(samples, format_, -6, -12), silence)
        check(heard['softest'], expected(samples, format_, -63, 0), silence)
        for name in SILENT & heard.keys():
            assert len(heard[name]) > 65536 and (heard[name] == silence).all(), name


VALID = '''
rmmod snd-wavepci-loopback
{CARD} valid_bits=24
aplay -v -D hw:0 -t raw -f S32_LE -c 2 -r 384000 -d 1 /dev/zero
aplay -v -D hw:0 -t raw -f S32_LE -c 32 -r 48000 -d 1 /dev/zero
'''


def test_valid_bits(kernel, tmp_path):
    """24 bits of 32 that count: ALSA says so, and the others aren't heard."""
    spare(not newest(kernel))
    samples = noise('S32_LE')
    (tmp_path / 'S32_LE').write_bytes(encode(samples, 'S32_LE').tobytes())
    (tmp_path / 'S24_LE').write_bytes(encode(samples >> 8 & 0xffffff, 'S32_LE').tobytes())
    hear = [HEAR.format(volume='0dB,0dB unmute', source='Line', plug='in', name=name,
                        format='S32_LE', player=player, played=played, shape=SHAPE)
            for name, player, played in (('full', 'hw:0', 'S32_LE'),
                                         ('plug', 'plughw:0', 'S24_LE'))]
    output = run(VALID.format(CARD=CARD) + ''.join(hear), tmp_path, kernel).output
    assert re.findall(r'(msbits|channels|exact rate) +: (\d+)', output) == [
        ('channels', '2'), ('exact rate', '384000'), ('msbits', '24'),
        ('channels', '32'), ('exact rate', '48000'), ('msbits', '24')]
    for name in 'full', 'plug':     # who has them at the container's bottom plays them, too
        heard = np.frombuffer((tmp_path / f'{name}-S32_LE').read_bytes(), np.uint8)
        check(heard, encode(samples & ~0xff, 'S32_LE'), 0)


# --- the controls -----------------------------------------------------------

CONTROLS = '''
amixer -c 0 cget name='Master Playback Volume'
amixer -c 0 sset Master -- -20dB
amixer -c 0 cget name='Capture Source'
! amixer -c 0 cset name='Capture Source' 7
# What was stored comes back.
amixer -c 0 -q sset Master -- -7dB,-9dB mute
alsactl -f /dev/shm/state store 0
amixer -c 0 -q sset Master 0dB unmute
alsactl -f /dev/shm/state restore 0
cat /proc/asound/card0/panel /proc/asound/card0/wavepci
'''


MONITOR = '''
alsactl monitor hw:0 >/dev/shm/heard & listener=$!
# It says nothing when it is ready: turn the knob until it hears.
until grep -q Volume /dev/shm/heard; do
    kill -0 $listener
    echo 'volume -5' >/proc/asound/card0/panel
done
echo 'mute on' >/proc/asound/card0/panel
until grep -q Switch /dev/shm/heard; do kill -0 $listener; done
amixer -c 0 sget Master
printf 'volume -6 dB\\nrubbish\\nvolume 99999999999\\nmute\\n\\n' >/proc/asound/card0/panel
cat /proc/asound/card0/panel
# Somebody pulls the plug out, and puts it in again.
amixer -c 0 cget iface=CARD,name='Line Jack'
echo 'line out' >/proc/asound/card0/panel
until amixer -c 0 cget iface=CARD,name='Line Jack' | grep values=off; do kill -0 $listener; done
until grep -q Jack /dev/shm/heard; do kill -0 $listener; done
echo 'line in' >/proc/asound/card0/panel
until amixer -c 0 cget iface=CARD,name='Line Jack' | grep values=on; do kill -0 $listener; done
kill $listener
sort -u /dev/shm/heard
'''


RESET = '''
amixer -c 0 -q sset Master 0dB unmute
'''
# Its keys: m is mute, and Escape the end. PulseAudio's half is 18 dB.
APPLICATIONS = '''
python3 - <<'END'
import os, pty, time
child, terminal = pty.fork()
if not child:
    os.environ['TERM'] = 'linux'
    os.execvp('alsamixer', ['alsamixer', '-c', '0'])
def read_until(text, seen=b''):
    while text not in seen:
        seen += os.read(terminal, 4096)
read_until(b'Master')
os.write(terminal, b'm')
while 'mute on' not in open('/proc/asound/card0/panel').read():
    pass
os.write(terminal, b'\\033')
os.waitpid(child, 0)
END
cat /proc/asound/card0/panel
export HOME=/dev/shm XDG_RUNTIME_DIR=/dev/shm
pulseaudio -n --daemonize=no --realtime=no --exit-idle-time=-1 --use-pid-file=no \\
    -L 'module-alsa-card device_id=0 name=card tsched=no' -L module-native-protocol-unix & pulse=$!
until pactl list short sinks | grep card; do kill -0 $pulse; done
pactl set-sink-mute 0 0
pactl set-sink-volume 0 50%
pactl list sinks | grep -E 'Volume:|Flags:|Mute:'
cat /proc/asound/card0/panel
kill $pulse
wait $pulse || true
'''


def check_controls(output):
    lowest, = re.findall(r'LOOPBACK_LEVEL_MIN\s+\((-\d+) \* LOOPBACK_LEVEL_STEP\)', MIXER_H)
    step, = re.findall(r'LOOPBACK_LEVEL_STEP\s+(\d+)', MIXER_H)
    assert f'min=0,max={-int(lowest)},step=0' in output
    assert (f'dBscale-min={int(lowest) * int(step) / 65536:.2f}dB,'
            f'step={int(step) / 65536:.2f}dB,mute=0') in output
    assert output.count('[-20.00dB] [on]') == 2
    assert re.search(r"Item #0 'Line'\n.*Item #1 'Mic'\n.*values=0", output)
    assert 'volume -7 -9\nmute on\nline in\n' in output
    assert ('node 0: Master Playback Volume\nnode 1: Master Playback Switch\n'
            'node 2: Capture Source\npin 2: Line Jack\n') in output
    assert re.search(r'connection: Loopback pin 2 -> Topology pin 0\n'
                     r'connection: Topology pin 4 -> Loopback pin 3\n', output)


def check_monitor(output, log):
    """Somebody turns the card's own knobs, and who listens to ALSA hears of it."""
    assert output.count('[-5.00dB] [off]') == 2
    assert re.findall(r'node .*\((?:\d+,)+(.*),0\) VALUE', output) == [
        'Master Playback Volume', 'Master Playback Switch', 'Line Jack']
    assert re.findall(r': values=(on|off)', output) == ['on', 'off', 'on']
    assert re.findall(r'panel: "(.*?)"', log) == ['rubbish', 'mute']


def check_applications(output):
    """alsamixer and PulseAudio know the controls for what they are."""
    assert output.startswith('volume 0 0\nmute on\nline in\n')
    assert 'HW_VOLUME_CTRL' in output and 'HW_MUTE_CTRL' in output
    assert output.endswith('volume -18 -18\nmute off\nline in\n')


def test_mixer(kernel, tmp_path):
    """amixer, alsactl, alsamixer and PulseAudio work on it."""
    cut = '\n-- cut --\n'
    machine = run(f'echo "{cut}"'.join([CONTROLS, MONITOR, RESET + APPLICATIONS]), tmp_path,
                  kernel, timeout=600)
    print(machine.output)
    controls, monitor, applications = machine.output.split(cut)
    check_controls(controls)
    check_monitor(monitor, machine.log)
    check_applications(applications.lstrip())
