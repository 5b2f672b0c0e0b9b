"""scripts/timeline shows why it crackled, and /proc counts how often."""

import importlib.machinery
import importlib.util
import re

import pytest

import guest
from spared import older, spare

pytestmark = [pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our tracepoints'),
              pytest.mark.leaks(False)]

SCRIPT = guest.ROOT / 'scripts/timeline'
PERIOD, RING = 1024, 8192
# A program that is held up for longer than the ring lasts.
STALL = f'''
cat > /dev/shm/play <<\\END
status=/proc/asound/card0/pcm0p/sub0/status
until_state() {{ until grep -q $1 $status; do :; done; }}
until_at() {{ until [ "$(sed -n 's/hw_ptr *: //p' $status)" -gt $1 ]; do :; done; }}
aplay -q -D hw:0 --period-size={PERIOD} --buffer-size={RING} -f dat /dev/zero & program=$!
until_state RUNNING
until_at {2 * RING}
kill -STOP $program
until_state XRUN
kill -CONT $program
until_state RUNNING
until_at {RING}
kill $program
wait $program || true
END
/usr/bin/python3 {SCRIPT} record $OUT/trace -- sh /dev/shm/play
sed -n '/pcm0p/,/so far/p' /proc/asound/card0/wavepci
'''


def timeline():
    loader = importlib.machinery.SourceFileLoader('timeline', str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('timeline', loader))
    loader.exec_module(module)
    return module


def test_stall(kernel, tmp_path):
    spare(older(kernel))
    machine = guest.run(STALL, tmp_path, kernel=kernel, options=['--icount'])
    counts = re.search(r'all so far: (\d+) services, (\d+) refusals, (\d+) xruns, (\d+) bytes',
                       machine.output)
    services, _, xruns, played = map(int, counts.groups())
    assert xruns == 1
    assert services >= 10 and played >= 10 * PERIOD * 4

    story = timeline().read(tmp_path / 'trace')[0]['pcm0p']
    assert (story.ring, story.packet, story.rate) == (4 * RING, 4 * PERIOD, 192000)
    assert len(story.services) == services and len(story.runs) == 2
    assert all(mapping[1] for mapping in story.mappings), 'a mapping is never given back'
    assert all(low[3] == high[2] for low, high in zip(story.mappings, story.mappings[1:]))
    # The card came where the program had stopped writing, and stood still.
    (since, until), = timeline().pauses(story)
    before = [(card, program) for (when, card), (_, program)
              in zip(story.card, story.program) if when <= since]
    assert until > since and before[-1][0] >= before[-1][1]

    picture = tmp_path / 'stall.png'
    said = guest.on_host(SCRIPT, 'draw', tmp_path / 'trace', picture)
    # Matplotlib may have to tell something before, the first time.
    assert said.endswith(f'timeline: pcm0p is in {picture}\n')
    assert picture.read_bytes().startswith(b'\x89PNG')


@pytest.mark.parametrize('arguments, words', [
    (['draw', '/dev/null', '{out}'], 'play something while it records'),
    (['draw', '/nowhere', '{out}'], '/nowhere: No such file'),
    (['draw', '/dev/null', '{out}', '2', '1'], 'one before the other'),
    (['record', '{out}', 'soon'], 'soon: no number of seconds'),
    (['picture'], 'Usage'),
])
def test_wrong(arguments, words, tmp_path):
    out = str(tmp_path / 'out')
    said = guest.on_host(SCRIPT, *(text.format(out=out) for text in arguments),
                         status=1 if arguments[0] == 'draw' and '2' not in arguments else 2)
    assert words in said
