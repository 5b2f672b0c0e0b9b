"""What applications do that stopped a machine, or a stream for good."""

import re
import subprocess
from pathlib import Path

import pytest

import guest
import test_hda
from program import build
from spared import older, spare

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our cards'),
              pytest.mark.leaks(False)]

LOOPBACK = guest.LOAD['wavepci'].replace('snd-wavepci-ich', 'snd-wavepci-loopback')


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback', 'streaming', 'sleeping'])
def test_standstill(kernel, card, tmp_path):
    """Linked streams not served, paused, dropped; short rings; a paused recording."""
    spare(older(kernel) and card not in ('ich', 'loopback'))
    program = tmp_path / 'standstill'
    subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program,
                    Path(__file__).with_name('standstill.c'), '-lasound'], check=True)
    load = {'ich': guest.LOAD['wavepci'], 'hda': test_hda.load(kernel)}.get(card, LOOPBACK)
    sound = {'ich': '', 'hda': 'lumps', 'loopback': 'sound', 'streaming': 'sound streaming',
             'sleeping': 'sound'}[card]
    machine = guest.run(f'{program} hw:0,0 {sound}', tmp_path, kernel=kernel, audio='none',
                        card=guest.MODELS.get(card, 'none'), options=['--icount'],
                        load=load + {'streaming': ' streaming=1',
                                       'sleeping': ' may_sleep=1'}.get(card, ''))
    print(machine.output)
    offered, = re.findall(r'^(\d+) rings, right$', machine.output, re.M)
    assert int(offered) > 9, 'the short ones are offered, with and without wakeups'


CLOSING = '''
for kept in p c; do
    [ $kept = p ] && closed=c || closed=p
    {closing} /dev/snd/pcmC0D0$kept /dev/snd/pcmC0D0$closed 100
done
'''


@pytest.mark.parametrize('card', ['ich', 'hda', 'loopback'])
def test_closing(kernel, card, tmp_path):
    """One of two linked streams is closed while both of them are prepared and reset."""
    spare('/' not in kernel and (older(kernel) or card != 'ich'))
    program = build(tmp_path, 'closing.c', 'raw.c')
    load = {'ich': guest.LOAD['wavepci'], 'hda': test_hda.load(kernel)}.get(card, LOOPBACK)
    machine = guest.run(CLOSING.format(closing=program), tmp_path, kernel=kernel, audio='none',
                        card=guest.MODELS.get(card, 'none'), options=['--icount'], load=load)
    print(machine.output)
    rounds = re.findall(r'^100 rounds, prepared (\d+) times, reset (\d+) times$',
                        machine.output, re.M)
    assert len(rounds) == 2 and all(int(times) > 100 for counts in rounds for times in counts)


@pytest.mark.parametrize('card', ['ich', 'loopback'])
def test_drained(kernel, card, tmp_path):
    """A stream is drained, and its silence set, while it gets another ring."""
    spare('/' not in kernel)
    program = build(tmp_path, 'drained.c', 'raw.c')
    load = guest.LOAD['wavepci'] if card == 'ich' else LOOPBACK
    machine = guest.run(f'{program} /dev/snd/pcmC0D0p 200', tmp_path, kernel=kernel,
                        audio='none', card=guest.MODELS.get(card, 'none'),
                        options=['--icount'], load=load)
    print(machine.output)
    written, drains = re.search(r'200 rounds, (\d+) written, (\d+) drains',
                                machine.output).groups()
    assert int(written) > 100 and int(drains) > 100


def test_oss_map(kernel, tmp_path):
    """By way of OSS the parameters are changed of a ring that a program has mapped."""
    spare('/' in kernel)
    # The verifier would keep the old ring for itself.
    load = guest.LOAD['wavepci'].replace(' verify=1', '') + '\nmodprobe snd-pcm-oss'
    machine = guest.run(f'{build(tmp_path, "oss_map.c")} /dev/dsp', tmp_path, kernel=kernel,
                        audio='none', options=['--icount'], load=load)
    print(machine.output)
    assert re.search(r'8388608 bytes mapped, \d{4,6} in the ring, 0 of somebody else',
                     machine.output)


@pytest.mark.realtime
def test_laps(kernel, tmp_path):
    """Several laps at once, while another processor waits for the stream's lock."""
    # By chance: where it is wrong, one run in three of 20 seconds shows it.
    spare('/' in kernel or older(kernel))
    program = build(tmp_path, 'laps.c', 'raw.c')
    machine = guest.run(f'{program} /dev/snd/pcmC0D0p /dev/snd/pcmC0D0c 8', tmp_path,
                        kernel=kernel, audio='none', load=guest.LOAD['wavepci'], timeout=120)
    print(machine.output)
    frames, = re.findall(r'^(\d+) frames played, state 3$', machine.output, re.M)
    assert int(frames) > 0


JACK = '''
export JACK_NO_AUDIO_RESERVATION=1
state() { read -r now </proc/asound/card0/pcm0$1/sub0/status; echo "$now"; }
for period in 64 256; do
    jackd -r -d alsa -d hw:0 -p $period -n 2 >"$OUT/jack-$period" 2>&1 & jack=$!
    until [ "$(state p)" = "state: RUNNING" ]; do kill -0 $jack; done
    kill -STOP $jack
    # Stopped, it serves nobody: both run over, and are stopped together.
    until [ "$(state p)" != "state: RUNNING" ]; do kill -0 $jack; done
    echo "$(state p), $(state c)"
    kill -CONT $jack
    # It takes up where it was.
    until [ "$(state p)" = "state: RUNNING" ]; do kill -0 $jack; done
    kill -KILL $jack
    wait $jack || true
done
aplay -q -D hw:0 -f dat -d 1 /dev/zero
echo alive
'''


@pytest.mark.parametrize('card', ['ich', 'hda'])
def test_jack_stalls(kernel, card, tmp_path):
    """JACK plays and records with linked streams; for a moment nobody serves them."""
    spare('/' in kernel or older(kernel) and card != 'ich')
    load = test_hda.load(kernel) if card == 'hda' else guest.LOAD['wavepci'] + '\n' + guest.UNMUTE
    machine = guest.run(JACK, tmp_path, kernel=kernel, audio='none', options=['--icount'],
                        card=guest.MODELS[card], load=load)
    print(machine.output)
    assert machine.output.endswith('alive\n')
