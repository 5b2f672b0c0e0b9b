"""What a virtual machine's host pays for sound: how often the guest leaves for the card's
model, that is each access to a register, while programs that people have play."""

import tempfile

import numpy as np

import guest
import measure
import measure_hda
from measure import DRIVERS, POST, ROOT

CARDS = {'ich': "AC'97", 'hda': 'HD Audio'}
NAMES = {'ich': {'mainline': 'snd-intel8x0', 'wavepci': 'snd-wavepci-ich'},
         'hda': {'mainline': 'snd-hda-intel', 'wavepci': 'snd-wavepci-hda'}}
SECONDS = 60
PROGRAMS = {
    'aplay': 'play aplay -q -D hw:0,0 $SOUND/signal.wav',
    'PulseAudio': 'pulse 1',
    'PipeWire': 'wireplumber_pipewire',
}
# It goes a moment before and after what is counted.
BEFORE, AFTER = 3, 3
# Instead of the tests' function, which counts xruns.
PLAY = f'''. {ROOT}/tests/servers/servers.sh
part=0
play() {{
    part=$((part + 1))
    "$@" >/dev/null 2>&1 & player=$!
    sleep {BEFORE}
    $S post {POST}; $S post $part
    sleep {SECONDS}
    $S post {POST}; $S post 0
    grep -q RUNNING /proc/asound/card0/pcm0p/sub0/status    # and on no other sink
    wait $player
}}
'''


def boot(card, driver, out, kernel):
    script = PLAY + '\n'.join(PROGRAMS.values())
    if card == 'hda':
        return measure_hda.boot(script, out, kernel, measure_hda.LOAD[driver], trace=True)
    return measure.boot(driver, script, out, kernel, trace=True)


def exits(card, driver, kernel):
    """{program: register accesses in a minute}."""
    silence = np.zeros(((BEFORE + SECONDS + AFTER) * measure.RATE, 2), np.int16)
    with tempfile.TemporaryDirectory(prefix='bench-') as out:
        for name in 'signal', 'second':
            guest.write_wav(f'{out}/{name}.wav', silence)
        parts = measure.Parts(boot(card, driver, out, kernel).trace)
        return {name: parts[number].total() for number, name in enumerate(PROGRAMS, 1)}


def all_exits(kernel, progress):
    """{card: {driver: {program: accesses}}}."""
    found = {}
    for card in CARDS:
        for driver in DRIVERS:
            progress(f'{driver}: a minute of {", ".join(PROGRAMS)} on {card}')
            found.setdefault(card, {})[driver] = exits(card, driver, kernel)
    return found
