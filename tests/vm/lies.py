"""A guest in which lies are told of one card while another plays; see tests/liar."""

import dataclasses
import os
import re

import guest
import sound
from liar import build

FRAMES, OTHER, GOOD = 24000, 72000, 9600

STORM_REPORT = re.compile(r'^.*nobody cared(?:.*\n)+?.*Disabling IRQ.*$', re.M)

FUNCTIONS = '''
PCI=0000:00:10.0 DRIVER=/sys/bus/pci/drivers/snd-wavepci-{driver}
LIES=/sys/module/snd_wavepci_{driver}/parameters/lies
cp {out}/*.raw /dev/shm
unmute() {{
    for control in Master PCM Capture; do      # not every card has all
        amixer -c $1 -q sset $control 100% unmute cap 2>/dev/null || true
    done
}}
cp {app} /dev/shm/app
app() {{ /dev/shm/app "$@" || echo "$1$2: status $?"; }}
# The other card plays all the while.
begin() {{
    echo "== $1"
    echo "the lie is: $1" >/dev/kmsg
    app 1 p {OTHER} /dev/shm/other$2.raw & other=$!
}}
truth() {{
    echo "told $(cat $LIES)"
    echo >$LIES
    echo "the truth" >/dev/kmsg
}}
good() {{
    echo "the truth:"
    app {second} c {GOOD} & recorder=$!
    app {second} p {GOOD4} & second=$!
    app 0 p {GOOD4} /dev/shm/good$1.raw
    wait $recorder
    wait $second
    wait $other
}}
streams() {{
    app {second} c {FRAMES} & recorder=$!
    app {second} p {FRAMES} & second=$!
    app 0 p {FRAMES} /dev/shm/bad.raw "$@"
    wait $recorder
    wait $second
    truth
}}
running() {{
    begin "$1" $3
    streams $LIES "$2"
    good $3
}}
blink() {{
    begin "$1" $3
    streams /sys/bus/pci/devices/$PCI/config blink
    good $3
}}
storm() {{
    begin "$1" $3
    streams $LIES "$2"
    for pci in $PCI 0000:00:13.0; do echo $pci >$DRIVER/unbind; done
    for pci in $PCI 0000:00:13.0; do echo $pci >$DRIVER/bind; done
    unmute 0
    unmute 2
    good $3
}}
before() {{
    begin "$1" $3
    echo "$2" >$LIES
    amixer -c 0 -q sset Master 90% || true
    amixer -c 0 -q sset Master 100% || true
    streams
    good $3
}}
probe() {{
    begin "$1" $3
    echo $PCI >$DRIVER/unbind
    echo "$2" >$LIES
    echo $PCI >$DRIVER/bind 2>/dev/null || true
    if [ -e /proc/asound/card0 ]; then echo bound; else echo "not bound"; fi
    [ ! -e $DRIVER/$PCI ] || echo $PCI >$DRIVER/unbind
    truth
    echo $PCI >$DRIVER/bind
    unmute 0
    # QEMU's codecs go on listening to the engine that they had before, until they
    # are told of one: two of them would share what it brings.
    app 0 p 1024
    app {second} p 1024
    good $3
}}
unmute 0
unmute 1
# Once, so that all of them begin at once when it matters.
app 1 p 1024
app {second} c 1024
'''
# What is played last is held back, until more is played.
END = '''
app 0 p 24000
app 1 p 24000
'''


def chosen(names, share):
    """A share of the lies; or with LIES=all all of them, or those that LIES names,
    with semicolons in between."""
    wanted = os.environ.get('LIES')
    if not wanted:
        return names[share]
    return [name for name in names if wanted == 'all' or name in wanted.split(';')]


@dataclasses.dataclass
class Victim:
    """Which driver's card lies; who plays beside it; and what it lies about.

    It is card 0; what is played on it is heard. A second stream, whose name is
    `second`, is played and recorded there or on a card of its own. An honest card
    is number 1, and is heard, too.
    """

    driver: str
    second: str
    card: str               # for scripts/vm
    options: list
    load: callable          # of a kernel: what loads all but the driver
    tables: dict            # how they are told, lies of each name with what is wanted

    @property
    def names(self):
        return [name for table in self.tables.values() for name in table]

    def find(self, name):
        """How a lie is told, and which it is."""
        return next((how, table[name][0]) for how, table in self.tables.items() if name in table)

    def wanted(self, name):
        return next(table[name][1] for table in self.tables.values() if name in table)


class Lies:
    """A guest in which lies were told, and what came of each."""

    def __init__(self, victim, kernel, names, app, out):
        self.victim, self.names, self.out = victim, names, out
        self.good = [sound.signal(GOOD, seed=100 + i) for i in range(len(names))]
        self.other = [sound.signal(OTHER, seed=300 + i) for i in range(len(names))]
        for number in range(len(names)):
            (out / f'good{number}.raw').write_bytes(self.good[number].tobytes())
            (out / f'other{number}.raw').write_bytes(self.other[number].tobytes())
        (out / 'bad.raw').write_bytes(sound.signal(FRAMES, seed=99).tobytes())
        driver = build(kernel, victim.driver)
        script = FUNCTIONS.format(app=app, out=out, OTHER=OTHER, GOOD=GOOD, GOOD4=GOOD + 4096,
                                  FRAMES=FRAMES, driver=victim.driver, second=victim.second)
        for number, name in enumerate(names):
            how, lies = victim.find(name)
            if lies == 'blink':
                how = 'blink'
            lies = ';'.join([lies] if isinstance(lies, str) else lies)
            script += f"{how} '{name}' '{lies}' {number}\n"
        self.machine = guest.Guest(
            script + END, out, kernel=kernel, card=victim.card, audio=None,
            timeout=120 + 15 * len(names),
            load=f'{victim.load(kernel)}\ninsmod "{driver}" index=0',
            options=['--icount', '--append', 'oops=panic', *victim.options,
                     '--audio', f'wav:{out}/card.wav', '--audio', f'wav:{out}/other.wav',
                     '--audio', 'none']).wait(check=False)
        self.said = dict(re.findall(r'^== (.*)\n((?:(?!== ).*\n)*)', self.machine.output, re.M))
        log = self.machine.log.replace('\r', '')
        self.log = dict(re.findall(r'the lie is: (.*)\n((?:(?!.*the lie is: ).*\n)*)', log))
        self.played = {name: sound.as_frames(guest.read_wav(out / f'{name}.wav'))
                       for name in ('card', 'other') if (out / f'{name}.wav').exists()}

    def check_played(self, card, signal):
        """Whether a card has played all of a signal."""
        want, frames = sound.as_frames(signal), self.played[card]
        at = sound.find(frames, want[:8])
        if at is None:
            first = next((n for n in range(0, len(want) - 8, 8)
                          if sound.find(frames, want[n:n + 8]) is not None), 'none')
            raise AssertionError(f'the {card} has not played the beginning; heard first of '
                                 f'{len(want)} frames: {first}')
        trouble = sound.describe(frames[at:at + len(want)], want)
        assert not trouble, f'{card}: {trouble}'

    def check(self, name):
        """What has to hold for each lie."""
        number, said, log = self.names.index(name), self.said.get(name), self.log.get(name, '')
        assert said, f'the guest did not get there:\n{self.machine.log[-3000:]}'
        print(said)
        driver = f'snd-wavepci-{self.victim.driver} 0000:'
        ours = [line for line in log.splitlines() if driver in line]
        print('\n'.join(ours))
        second, (how, lies) = self.victim.second, self.victim.find(name)
        storm = how == 'storm'
        assert storm or not guest.reports(log), log
        told = re.search(r'^told (.*)$', said, re.M)
        assert told, f'the guest did not come to an end:\n{log}'
        assert any(map(int, told[1].split())) or lies == 'blink', 'nobody was lied to'
        lied, _, truth = said.partition('the truth:\n')
        # Nobody had to wait for the processor, or for a stream to stop.
        assert storm or re.search(rf'^1p: {OTHER} frames .*, 0 xruns, .*, ok$', said, re.M)
        for line in re.findall(rf'^(?:0|{second})[pc]: .*$', said, re.M):
            assert int(re.search(r'(\d+) us to stop', line)[1]) < 500000, line
        for stream, frames in (('0p', GOOD + 4096), (f'{second}p', GOOD + 4096),
                               (f'{second}c', GOOD)):
            assert re.search(rf'^{stream}: {frames} frames .*, 0 xruns, .*, ok$', truth, re.M)
        # A message, if there is one, names the device, and comes a few times only.
        assert len(ours) <= 12 and all(re.search(r'0000:00:1[03]\.0', line) for line in ours)
        self.check_played('card', self.good[number])
        if not storm:
            self.check_played('other', self.other[number])
        return lied, ours
