"""What the card can't do is refused, and nothing is lost."""

import re

import numpy as np
import pytest

import guest
import sound
from spared import newest, spare
from test_play import END

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our messages')

REFUSED = '''
try() { echo "== $*"; aplay -D hw:0 -d 1 "$@" /dev/zero 2>&1 || echo "status $?"; }
try -t raw -f S24_LE -c 2 -r 48000
try -t raw -f S16_LE -c 1 -r 48000
try -t raw -f S16_LE -c 6 -r 48000
try -t raw -f S16_LE -c 2 -r 96000
try -t raw -f S16_LE -c 2 -r 48000 --period-size=8
try -t raw -f S16_LE -c 2 -r 48000 --period-size=16 --buffer-size=32768
echo == and it still plays
aplay -q -D hw:0 -f dat -d 1 /dev/zero
'''


def test_refused(kernel, tmp_path):
    spare('/' in kernel)
    output = guest.run(REFUSED, tmp_path, kernel=kernel, options=['--icount']).output
    parts = dict(re.findall(r'== (.*)\n((?:(?!==).*\n)*)', output))
    said = list(parts.values())
    assert 'Sample format non available' in said[0] and 'status 1' in said[0]
    assert 'Channels count non available' in said[1] and 'status 1' in said[1]
    assert 'Channels count non available' in said[2] and 'status 1' in said[2]
    assert 'rate is not accurate' in said[3] and 'got = 48000Hz' in said[3]
    # The smallest period is 64 bytes, the most are 1024 to a buffer.
    assert 'status' not in said[4] and 'status' not in said[5]


SHARED = '''
for card in 0 1; do
    amixer -c $card -q sset Master 100% unmute
    amixer -c $card -q sset PCM 100% unmute
done
cp $OUT/*.wav /dev/shm
aplay -q -D hw:1 --period-size=480 --buffer-size=1920 /dev/shm/1.wav & other=$!
aplay -q -D hw:0 --period-size=1024 --buffer-size=4096 /dev/shm/0.wav
wait $other
aplay -q -D hw:1 -f dat -d 1 /dev/zero & other=$!
aplay -q -D hw:0 -f dat -d 1 /dev/zero
wait $other
grep wavepci /proc/interrupts
irq=$(sed -n 's/^ *\\([0-9]*\\):.*wavepci.*/\\1/p' /proc/interrupts)
cat /proc/irq/$irq/spurious
'''


def test_shared_interrupt(kernel, tmp_path):
    """Two cards on one interrupt line: each takes its own interrupts only."""
    spare(not newest(kernel))
    signals = [sound.signal(48000 + 11 * i, seed=i) for i in range(2)]
    for number, signal in enumerate(signals):
        guest.write_wav(tmp_path / f'{number}.wav', np.concatenate([signal, END]))
    machine = guest.run(SHARED, tmp_path, kernel=kernel, card='ac97,addr=0x10',
                        load=guest.LOAD['wavepci'],
                        options=['--icount', '--card', 'ac97,addr=0x14', '--audio',
                                 f'wav:{tmp_path}/card.wav', '--audio',
                                 f'wav:{tmp_path}/other.wav'], audio=None)
    assert re.search(r'snd-wavepci-ich, snd-wavepci-ich', machine.output)
    assert 'unhandled 0' in machine.output
    played = [machine.samples, guest.read_wav(tmp_path / 'other.wav')]
    for signal in signals:      # which card is the first is PCI's affair
        frames = [sound.find(sound.as_frames(p), sound.as_frames(signal)[:8]) for p in played]
        number = 0 if frames[0] is not None else 1
        sound.check(played[number], signal)


NO_CODEC = '''
insmod build/$(uname -r)/snd-wavepci-ich.ko
echo 1000 0012 > /sys/bus/pci/drivers/snd-wavepci-ich/new_id || true
dmesg | grep -c 'no codec answered' || true
cat /proc/asound/cards
grep -c wavepci /proc/ioports /proc/iomem /proc/interrupts || true
rmmod snd-wavepci-ich snd-wavepci
dmesg | grep 'never released' || true
'''


def test_no_codec(kernel, tmp_path):
    """A device that isn't an AC'97 controller is tried, and given back."""
    spare('/' in kernel)
    load = guest.LOAD['wavepci'].rsplit('\n', 1)[0]
    machine = guest.run(NO_CODEC, tmp_path, kernel=kernel, load=load, card='none',
                        options=['--icount', '--device', 'lsi53c895a'])
    assert machine.output.startswith('1\n--- no soundcards ---')
    assert machine.log.count('no codec answered within 1000 ms') == 1
    assert re.findall(r'/proc/\w+:(\d+)', machine.output) == ['0', '0', '0']
    assert 'never released' not in machine.output
