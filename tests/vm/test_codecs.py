"""Codecs with more than an emulated card's has: a liar, see tests/liar, has it say so."""

import re

import pytest

import guest
import sound
from liar import GLOB_CNT, NABM, NAM, build, lie
from spared import newest, spare

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver'),
              pytest.mark.xdist_group('liar')]

EXTENDED_ID, SURROUND, CENTER_AND_LFE, SPDIF = 0x28, 1 << 7, 1 << 6 | 1 << 8, 1 << 2
CODECS = {4: SURROUND, 6: SURROUND | CENTER_AND_LFE}
PCM_246 = {2: 0, 4: 1, 6: 2}
FRAMES = 9600
MAPS = {2: 'FL,FR', 4: 'FL,FR,RL,RR', 6: 'FL,FR,FC,LFE,RL,RR'}

SCRIPT = '''
for channels in 2 3 4 6; do
    echo "== $channels"
    aplay -q -D hw:0 -t raw -f S16_LE -r 48000 -c $channels $OUT/sound.raw || true
done
# What is played last is held back, until more is played.
aplay -q -D hw:0 -f dat -d 1 /dev/zero
amixer -c 0 scontrols
amixer -c 0 contents
'''


def load(kernel, has):
    """What loads the driver, for a codec that has some more."""
    told = lie('r', NAM, EXTENDED_ID, EXTENDED_ID + 1, 0xffff, has)
    port = guest.LOAD['wavepci'].rsplit('\n', 1)[0]
    return f"{port}\ninsmod \"{build(kernel)}\" 'lies=\"{told}\"'\n{guest.UNMUTE}"


def written(machine, space, register):
    """What was written to a register."""
    pattern = (rf"memory_region_ops_write .*addr 0x\w*{register:02x} value 0x(\w+) size \d "
               rf"name '(?:ac97-)?{space}'")
    return [int(value, 16) for value in
            re.findall(pattern, machine.trace.read_text(errors='replace'))]


@pytest.mark.parametrize('most', [4, 6])
def test_channels(kernel, most, tmp_path):
    """A codec plays what it has converters for, and refuses the rest.

    All comes out of the card's one pair, sample by sample, in the order of the frames;
    and the controller's register says how many it was told to send.
    """
    spare(not newest(kernel))
    signal = sound.signal(FRAMES, seed=most)
    (tmp_path / 'sound.raw').write_bytes(signal.tobytes())
    machine = guest.run(SCRIPT, tmp_path, kernel=kernel, load=load(kernel, CODECS[most]),
                        trace=True, options=['--icount'])
    print(machine.output)
    said = dict(re.findall(r'^== (\d)\n((?:(?!== ).*\n)*)', machine.output, re.M))
    plays = [channels for channels in (2, 3, 4, 6) if 'aplay' not in said[str(channels)]]
    assert plays == [channels for channels in (2, 4, 6) if channels <= most]

    played, at = sound.as_frames(machine.samples), 0
    want = sound.as_frames(signal)
    for channels in plays:
        found = sound.find(played[at:], want[:8])
        assert found is not None, f'{channels} channels: not heard'
        at += found
        trouble = sound.describe(played[at:at + FRAMES], want)
        assert not trouble, f'{channels} channels: {trouble}'
        at += FRAMES

    told = [value >> 20 & 3 for value in written(machine, NABM, GLOB_CNT)]
    changes = [now for before, now in zip([0, *told], told) if now != before]
    # Asked for its limits is a stream that has the most; and the last one has two.
    assert changes == [PCM_246[channels] for channels in (most, *plays, 2)]
    for control, needed in ('Surround', 4), ('Center', 6), ('LFE', 6):
        assert (f"'{control}'" in machine.output) == (needed <= most)
    shown = re.search(r"name='Playback Channel Map'.*\n((?: .*\n)*)", machine.output)[1]
    assert re.findall(r'chmap\S*=(\S+)', shown) == [MAPS[n] for n in MAPS if n <= most]


GONE = f"""
lies=/sys/module/snd_wavepci_ich/parameters/lies
play() {{ aplay -q -D hw:0 -t raw -f S16_LE -r 48000 -c $1 -s 480 /dev/zero; }}
play 4
echo '{lie('r', NABM, GLOB_CNT, GLOB_CNT + 3, 0, 0xffffffff)}' >$lies
play 2 2>&1 || echo "status $?"
echo >$lies
play 6 && play 2
"""
LINK_OFF = 1 << 3


def test_gone(kernel, tmp_path):
    """What a card that is gone reads as is not written to it: an error, and then it plays."""
    spare(not newest(kernel))
    machine = guest.run(GONE, tmp_path, kernel=kernel, load=load(kernel, CODECS[6]),
                        audio='none', trace=True, options=['--icount'])
    print(machine.output)
    assert 'status 1' in machine.output
    assert not [value for value in written(machine, NABM, GLOB_CNT) if value & LINK_OFF]


RATES, COPY = {44100: 0, 48000: 2, 32000: 3}, 1 << 2
SPDIF_RATES = '\n'.join(f'aplay -q -D iec958 -t raw -f S16_LE -c 2 -r {rate} -s 4800 /dev/zero'
                        for rate in RATES)


def test_spdif(kernel, tmp_path):
    """A codec's S/PDIF output has the rate of what is played."""
    spare(not newest(kernel))
    machine = guest.run(SPDIF_RATES, tmp_path, kernel=kernel, load=load(kernel, SPDIF),
                        audio='none', trace=True, options=['--icount'])
    # What the codec is asked when the driver is loaded has not the bit of a program's.
    told = [value >> 12 & 3 for value in written(machine, NAM, 0x3a) if value & COPY]
    assert [now for before, now in zip([None, *told], told) if now != before] == [
        *RATES.values()]
