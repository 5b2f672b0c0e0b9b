"""What is fed to the card is recorded bit by bit, also while it plays."""

import numpy as np
import pytest

import guest
import sound
from pulse import wait_for
from spared import spare

pytestmark = [pytest.mark.realtime, pytest.mark.leaks(False)]

# Once two more seconds have been recorded after the end of what was played,
# all of that has passed through PulseAudio and QEMU.
RECORD = '''
size() {{ stat -c %s /dev/shm/recorded.wav 2>/dev/null || echo 0; }}
cp "$OUT/played.wav" /dev/shm
arecord -D hw:0 -f S16_LE -c 2 -r 48000 --period-size=1024 --buffer-size=32768 \\
    /dev/shm/recorded.wav & recorder=$!
while [ $(size) -le 44 ]; do kill -0 $recorder; sleep 0.05; done
touch "$OUT/going"
{play}
while [ ! -e "$OUT/spoken" ]; do sleep 0.1; done
enough=$(($(size) + 2 * 48000 * 4))
while [ $(size) -lt $enough ]; do kill -0 $recorder; sleep 0.1; done
kill -INT $recorder
wait $recorder || [ $? = 1 ]
cp /dev/shm/recorded.wav "$OUT"
'''
PLAY = '''aplay -D hw:0 --period-size=1024 --buffer-size=16384 /dev/shm/played.wav
aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero'''


def record(out, kernel, pulse, spoken, played, **options):
    """Record one signal, perhaps play another; the guest afterwards."""
    # PulseAudio may drop the first frames of a stream: they are silent ones.
    around = np.zeros((24000, 2), np.int16)
    for name, samples in ('spoken', spoken), ('played', played):
        guest.write_wav(out / f'{name}.wav', np.concatenate([around, samples, around]))
    if len(played):
        pulse.record(out / 'speaker')
    with guest.Guest(RECORD.format(play=PLAY if len(played) else ''), out,
                     kernel=kernel, audio=pulse.audio, **options) as machine:
        wait_for(lambda: (out / 'going').exists() or machine.process.poll() is not None,
                 90, 'arecord')
        pulse.play(out / 'spoken.wav').wait()
        (out / 'spoken').touch()
    return machine


def check_recording(tmp_path, kernel, pulse, both, **options):
    spoken = sound.signal(3 * 48000, seed=1)
    played = sound.signal(4 * 48000 if both else 0, seed=2)
    for attempt in range(3):       # in real time, a busy machine may come too late
        out = tmp_path / str(attempt)
        out.mkdir()
        machine = record(out, kernel, pulse, spoken, played, **options)
        late = [line for line in machine.output.splitlines() if 'run!!!' in line]
        if not late:
            break
        print(late)
    assert not late
    sound.check(guest.read_wav(out / 'recorded.wav'), spoken)
    if both:                       # PulseAudio puts in silence when QEMU is late
        heard = guest.read_wav(out / 'speaker', header=0)
        sound.check(sound.without_silence(heard), played)


@pytest.mark.parametrize('both', [False, True], ids=['alone', 'both'])
def test_record(kernel, both, pulse, tmp_path):
    spare(not both and not kernel.startswith('6.12.'))
    check_recording(tmp_path, kernel, pulse, both)
