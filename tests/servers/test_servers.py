"""Sound servers play for ten minutes of card time, bit by bit, and so they do with mainline's
driver of the same card.

This takes hours, and has a target of its own: make check-servers. SERVERS=n has
each play for n seconds.
"""

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / 'tests/vm'), str(ROOT / 'scripts/lib')]
import guest  # noqa: E402
import sound  # noqa: E402

SECONDS = int(os.environ.get('SERVERS', 600))
HERE = Path(__file__).parent
LOADED = {
    'wavepci': guest.LOAD['wavepci'].replace(' ring_ms=0', ''),
    'mainline': guest.LOAD['mainline'],
}
# A second card, on which what is played is recorded: where it is played, and recorded.
LOOPBACK = {
    'wavepci': ('insmod "build/$(uname -r)/snd-wavepci-loopback.ko" index=1', 'hw:1', 'hw:1'),
    'mainline': ('modprobe snd-aloop index=1', 'hw:1,0', 'hw:1,1'),
}
# How many frames behind the end are looked at: alsaloop gets some of snd-aloop's old sound.
LOOPBACK_ENDS = {'wavepci': None, 'mainline': 9600}
# Not that a client of JACK's was late: that comes at its end, on either driver.
XRUN = re.compile(r'^(?!JackEngine::XRun: client = ).*(xrun|underrun|overrun)', re.I)


def jack_sample(samples):
    """What JACK makes of 16 bits: floats, and with another factor 16 bits again."""
    return np.rint(np.float32(samples) / np.float32(32768) * np.float32(32767)).astype(np.int16)


def half(samples):
    return (samples // 2).astype(np.int16)


SERVERS = {
    'pulse-timer': ('pulse 1', None),
    'pulse-interrupt': ('pulse 0', None),
    'pipewire': ('wireplumber_pipewire', None),
    'jack-64': ('jack 64', jack_sample),
    'jack-256': ('jack 256', jack_sample),
    'dmix': ('dmix', None),
    'dsnoop': ('dsnoop', None),
    'alsaloop': ('loop {} {}', None),
}


def play(server, driver, out, signal, second):
    """Have a server play; the guest."""
    how, _ = SERVERS[server]
    # A server has its time to begin, and to end.
    silence = np.zeros((48000, 2), np.int16)
    for name, sound_ in ('signal', signal), ('second', second):
        guest.write_wav(out / f'{name}.wav', np.concatenate([silence, sound_, silence[:9600]]))
    load = f'{LOADED[driver]}\n{guest.UNMUTE}'
    if server == 'alsaloop':
        more, *places = LOOPBACK[driver]
        load, how = f'{load}\n{more}', how.format(*places)
    script = f'. {HERE}/servers.sh\nSECONDS_OF_SOUND={SECONDS}\n{how}'
    # JACK's ring is shorter than what the emulated card moves at once.
    return guest.run(script, out, kernel='6.12.', load=load, timeout=600 + 5 * SECONDS,
                     audio='none' if server == 'dsnoop' else 'wav',
                     options=['--icount', '--audio-us', '500'])


def check_mixed(frames, signal, second):
    """Two signals are heard at once; one begins, and what is left of it all is the other."""
    for first, other in (signal, second), (second, signal):
        at = sound.find(sound.as_frames(frames), sound.as_frames(first[:8]))
        if at is None:
            continue
        rest = frames[at:].astype(np.int32)
        rest[:len(first)] -= first[:len(rest)]
        rest = rest.astype(np.int16)
        sound.check(rest, other)
        return
    raise AssertionError('neither of them is heard')


@pytest.mark.parametrize('driver', ['wavepci', 'mainline'])
@pytest.mark.parametrize('server', SERVERS)
def test_server(server, driver, tmp_path):
    signal, second = sound.signal(SECONDS * 48000, seed=1), sound.signal(SECONDS * 48000, seed=2)
    if server == 'dmix':
        signal, second = half(signal), half(second)
    machine = play(server, driver, tmp_path, signal, second)
    print(machine.output)
    said = '\n'.join(path.read_text(errors='replace') for path in tmp_path.glob('*.log'))
    xruns = [line for line in said.splitlines() if XRUN.match(line)]
    print('\n'.join(xruns))
    counted = [int(count) for count in re.findall(r'^xruns: (\d+)', machine.output, re.M)]
    if server == 'dmix':
        check_mixed(machine.samples, signal, second)
    elif server == 'dsnoop':
        for name in 'recorded1.wav', 'recorded2.wav', 'recorded3.wav':
            assert len(guest.read_wav(tmp_path / name)) == SECONDS * 48000
    else:
        change = SERVERS[server][1]
        wanted, samples = change(signal) if change else signal, machine.samples
        if LOOPBACK_ENDS[driver] and server == 'alsaloop':
            samples = samples[:sound.find(sound.as_frames(samples), sound.as_frames(wanted[:8]))
                              + len(wanted) + LOOPBACK_ENDS[driver]]
        sound.check(samples, wanted)
    assert counted and not xruns and not any(counted)
