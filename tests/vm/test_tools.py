"""alsa-utils' programs work on the card without a special option."""

import pytest

import guest
from spared import newest, spare

pytestmark = pytest.mark.realtime

TOOLS = '''
amixer -c 0 sget PCM
amixer -c 0 -q sset Master 80%
amixer -c 0 -q sset Master 100%
aplay -q -d 1 -f cd /dev/zero
arecord -q -d 1 -f cd "$OUT/recorded.wav"
speaker-test -c 2 -t sine -l 1 >/dev/null
timeout 6 alsaloop -C hw:0 -P hw:0 -t 200000 || [ $? = 124 ]    # it goes on for ever
# Debian 12's alsabat ends with -2 when it has to make the sound itself.
sox -n -r 48000 -c 2 -b 16 /tmp/sine.wav synth 4 sine 997 vol 0.5
# What it says of other frequencies is about PulseAudio's gaps.
alsabat -P plughw:0 -C plughw:0 --file=/tmp/sine.wav -F 997 2>&1 || true
echo done
'''


def test_tools(kernel, pulse, tmp_path):
    spare(not newest(kernel))
    audio = pulse.audio.replace('mic.monitor', 'speaker.monitor')
    machine = guest.run(TOOLS, tmp_path, kernel=kernel, audio=audio)
    assert machine.output.endswith('done\n')
    assert 'Playback channels: Front Left - Front Right' in machine.output
    assert 'PASS: Peak detected at target frequency' in machine.output
    assert (tmp_path / 'recorded.wav').stat().st_size >= 44 + 44100 * 4
