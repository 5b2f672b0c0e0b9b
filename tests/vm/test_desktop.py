"""Who moves here from mainline's driver of the same card notices nothing but that it is
better: names, what alsa-lib makes of them, what programs are offered, and how well
they are told where the card is."""

import re

import numpy as np
import pytest

import guest
import test_hda
from program import build
from spared import newest, older, spare

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our driver')

BOTH = '''
{mainline}
show mainline
rmmod snd-intel8x0
{wavepci}
show wavepci
'''
SHOW = '''
show() {
    aplay -q -D hw:0 -f dat -d 1 /dev/zero
    for device in 0 1; do arecord -q -D hw:0,$device -f dat -d 1 /dev/null; done
    {
        cat /proc/asound/cards /proc/asound/pcm /proc/asound/card0/pcm*/info
        cat /proc/asound/card0/codec97#0/ac97#0-0
        aplay -L
        arecord -L
    } > $OUT/$1
    amixer -c 0 contents > $OUT/$1.controls
}
'''


def only_mainline_as_module(kernel):
    if '/' in kernel:
        pytest.skip("wants mainline's driver as a module")


def controls(path):
    """What amixer tells of each control, by its name and device, without its number."""
    return {re.sub(r'numid=\d+,', '', head): body for head, body in
            re.findall(r'^(numid=.*)\n((?: .*\n)*)', path.read_text(), re.M)}


# For a board that is known to be wired, or clocked, in another way, or said to be.
BOARD = "ac97_quirk={} ac97_clock=41000"


@pytest.mark.parametrize('quirk', ['', 'hp_only', 'nonsense'])
def test_identity(kernel, quirk, tmp_path):
    """The names that people's files have, and alsa-lib's file about the card."""
    only_mainline_as_module(kernel)
    spare(older(kernel))
    board = BOARD.format(quirk) if quirk else ''
    both = {name: load.rstrip() + ' ' + board for name, load in guest.LOAD.items()}
    machine = guest.run(SHOW + BOTH.format(**both), tmp_path,
                        kernel=kernel, load='', audio='none', options=['--icount'])
    # The codec's driver tells of what doesn't work only.
    said = re.findall(r'] (?:snd_intel8x0|snd-wavepci-ich) \S+: (.*quirk.*)', machine.log)
    print(said)
    assert bool(said) == (quirk == 'nonsense')
    assert said[:len(said) // 2] == said[len(said) // 2:]
    ours, theirs = (tmp_path / name for name in ('wavepci', 'mainline'))
    assert ours.read_text() == theirs.read_text()
    ours, theirs = (controls(tmp_path / f'{name}.controls') for name in ('wavepci', 'mainline'))
    maps = {head for head in ours if 'Capture Channel Map' in head}
    assert maps, 'recording has no channel map'
    assert {head: ours[head] for head in ours.keys() - maps} == theirs


TONES = 1000, 1700
AT_ONCE = f'''
for tone in {' '.join(map(str, TONES))}; do
    aplay -q -D default $OUT/$tone.wav & pids="$pids $!"
done
for pid in $pids; do wait $pid; done
'''


@pytest.mark.parametrize('streaming', [0, 1], ids=['looped', 'streaming'])
def test_two_at_once(kernel, streaming, tmp_path):
    """Two programs on `default` are mixed: by dmix, which ALSA never sees write."""
    only_mainline_as_module(kernel)
    spare(streaming and older(kernel))
    time = np.arange(96000) / 48000
    for tone in TONES:
        wave = np.int16(8000 * np.sin(2 * np.pi * tone * time))
        guest.write_wav(tmp_path / f'{tone}.wav', np.stack([wave, wave], 1))
    machine = guest.run(AT_ONCE, tmp_path, kernel=kernel, options=['--icount'],
                        load=f'{guest.LOAD["wavepci"]} streaming={streaming}\n{guest.UNMUTE}')
    left = machine.samples[:, 0].astype(float)
    best = 0
    for at in range(0, len(left) - 48000, 12000):
        tones = np.abs(np.fft.rfft(left[at:at + 48000]))     # a bin for each hertz
        best = max(best, min(tones[list(TONES)]) / np.median(tones))
    assert best > 1000, 'never both tones at once'


RINGS = '''
offered() { aplay -D hw:0 --dump-hw-params -d 1 -f dat /dev/zero 2>&1 | grep BUFFER_TIME; }
offered
{longest}
echo 0 > /sys/module/snd_wavepci/parameters/ring_ms
offered
{longest}
'''


def test_rings(kernel, tmp_path):
    """The most that is offered lasts two seconds; there is more for who wants just
    that, or says so for all."""
    spare(not newest(kernel))
    program = build(tmp_path, 'longest.c', 'raw.c')
    load = guest.LOAD['wavepci'].replace(' ring_ms=0', '')
    machine = guest.run(RINGS.replace('{longest}', f'{program} /dev/snd/pcmC0D0p'),
                        tmp_path, kernel=kernel, load=load, audio='none',
                        options=['--icount'])
    offered = re.findall(r'BUFFER_TIME: .* (\d+)\]', machine.output)
    assert [int(time) // 1000000 for time in offered] == [2, 262]      # at 8000 Hz
    assert re.findall(r'ring of (\d+) bytes', machine.output) == ['8388608'] * 2


LINES = 'play 48000', 'record 48000', 'play 44100', 'record 44100', 'record 8000'
LINE = re.compile(r'(\w+): (\d+) pairs, (\d+) back, ([\d.]+) frames/s, error ([\d.]+)')


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback'])
def test_line(kernel, card, tmp_path):
    """Position and time lie on a line, whenever one looks: the rate's standard error
    by linear regression is below 1 frame a second."""
    spare(not newest(kernel))
    program = build(tmp_path, 'line.c', libraries=['-lasound', '-lm'])
    load = (test_hda.load(kernel) if card == 'hda'
            else guest.LOAD['wavepci'].replace('snd-wavepci-ich', f'snd-wavepci-{card}'))
    # QEMU's HD Audio moves on every 10 ms only: it takes longer to see its rate.
    seconds = 5 if card == 'hda' else 2
    wanted = [line for line in LINES if card != 'hda' or '8000' not in line.split()]
    script = '\n'.join(f'{program} hw:0 {line.split()[0]} {line.split()[1]} 240 {seconds}'
                       for line in wanted)
    machine = guest.run(script, tmp_path, kernel=kernel, card=guest.MODELS[card],
                        load=load, audio=None if card == 'loopback' else 'none',
                        options=['--icount'])
    found = LINE.findall(machine.output)
    print(machine.output)
    assert len(found) == 2 * len(wanted)
    for (way, pairs, back, rate, error), line in zip(found, np.repeat(wanted, 2)):
        assert int(back) == 0, f'{line}: went back'
        assert float(error) < 1, f'{line}, {way}: {error}'
        assert abs(float(rate) / int(line.split()[1]) - 1) < 1e-4, f'{line}: {rate}'
