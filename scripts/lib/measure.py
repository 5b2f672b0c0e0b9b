"""The guests of scripts/bench: what they do, and what that cost.

Time in them goes by instructions, so that everything here repeats. Two things
are looked at: the accesses to the card's registers, which QEMU can trace, and
the instructions executed, which tests/bench/count.c writes down.
"""

import collections
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

import guest
import instructions

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / 'build/bench'
PLUGIN, STREAM = BUILD / 'count.so', BUILD / 'stream'

DRIVERS = ('mainline', 'wavepci')
HANDLER = {'mainline': ('snd_intel8x0_interrupt', 'snd_intel8x0'),
           'wavepci': ('sync_interrupt', 'snd_wavepci')}
POINTER = {'mainline': ('snd_intel8x0_pcm_pointer', 'snd_intel8x0'),
           'wavepci': ('pcm_pointer', 'snd_wavepci')}
LOAD = dict(guest.LOAD, wavepci=guest.LOAD['wavepci'].replace(' verify=1', ''))
UNLOAD = {'mainline': 'modprobe -r snd-intel8x0',
          'wavepci': 'rmmod snd-wavepci-ich snd-wavepci'}

RATE = 48000
PERIOD, BUFFER = 1024, 4096
FRAME_BYTES = 4
POST = 165                              # announces the number of a part
CURVE_PERIODS = (256, 512, 1024, 2048, 4096)
CARDS = (1, 2, 4, 8)
BEGIN_BYTES = {'mainline': (65536,),
               'wavepci': (65536, 1 << 18, 1 << 20, 8 << 20)}
# (mappings in the ring, bytes of each)
RINGS = ((4, 1024), (32, 1024), (100, 1024), (1000, 1024), (10000, 512), (100000, 80))
QUERIES = 200
# Without wakeups: periods in a ring of a second; and rings of 64 KiB, of 384 KiB, as
# PulseAudio likes it, and of 8 MiB.
QUIET_PERIODS = (12000, 3000, 1000, 500)
QUIET_RINGS = (16384, 98304, 2097152)
# How long an instruction takes in the guests: 8 ns, and in one of them less.
FAST_NS, FAST = 1, ('--shift', '0')
OPENINGS = 7                            # as in tests/bench/stream.c
LOAD_PERCENT, LOAD_PERIODS = 30, (64, 512, 16)


def build():
    """The plugin for QEMU, and the program that runs in the guest."""
    BUILD.mkdir(parents=True, exist_ok=True)
    source = ROOT / 'tests/bench'
    for target, arguments in (
            (PLUGIN, ['-shared', '-fPIC', '-fvisibility=hidden', source / 'count.c']),
            (STREAM, [source / 'stream.c', '-lasound'])):
        subprocess.run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', target,
                        *arguments], check=True)


@contextlib.contextmanager
def plugin(out):
    """Have QEMU load the plugin, which writes to a file.

    scripts/vm has no option for that, so a QEMU of ours goes before the other.
    """
    path, qemu = os.environ['PATH'], shutil.which('qemu-system-x86_64')
    with tempfile.TemporaryDirectory(prefix='bench-') as bin_:
        wrapper = Path(bin_) / 'qemu-system-x86_64'
        wrapper.write_text(f'#!/bin/sh\nexec {qemu} "$@" -plugin {PLUGIN},out={out}\n')
        wrapper.chmod(0o755)
        os.environ['PATH'] = f'{bin_}:{path}'
        try:
            yield
        finally:
            os.environ['PATH'] = path


def boot(driver, script, out, kernel, cards=1, flags=(), **options):
    flags = ['--icount', *flags] + ['--card', 'ac97'] * (cards - 1)
    load = f'S={STREAM}\n' + (LOAD[driver] + '\n' + guest.UNMUTE if driver else '')
    return guest.run(script, out, kernel=kernel, audio='none', timeout=900,
                     load=load, options=flags, **options)


def stream(options, command='play'):
    return f'$S {options} {command}'


# --- accesses to the registers, interrupts, memory ---------------------------

class Parts:
    """A trace of register accesses, divided by what the guest posted."""

    def __init__(self, path):
        self.parts = collections.defaultdict(collections.Counter)
        number, announced = 0, False
        with open(path, errors='replace') as file:
            for line in file:
                post = re.search(r"write .*addr 0x80 value 0x(\w+) .*'ioport80'", line)
                if post:
                    value = int(post[1], 16)
                    if announced:
                        number = value
                    announced = not announced and value == POST
                    continue
                match = guest.ACCESS.search(line)
                if match:
                    kind, address, region = match.groups()
                    self.parts[number][region, int(address, 16) % guest.SIZE[region], kind] += 1

    def __getitem__(self, number):
        return self.parts[number]


class Script:
    """A script in parts: each has a number in the trace."""

    def __init__(self):
        self.lines, self.names = [], []

    def add(self, name, command):
        self.names.append(name)
        self.lines.append(f'$S post {POST}; $S post {len(self.names)}\n{command}\n'
                          f'$S post {POST}; $S post 0')

    def counts(self, trace):
        parts = Parts(trace)
        return {name: parts[n] for n, name in enumerate(self.names, 1)}


def alsa(command, period, seconds):
    end = '/dev/zero' if command == 'aplay' else '>/dev/null'
    return (f'{command} -q -D hw:0 -t raw -f S16_LE -c 2 -r {RATE} --period-size={period} '
            f'--buffer-size={4 * period} -d {seconds} {end}')


TRACE_MEMORY = '''T=/sys/kernel/tracing
    echo 1 >$T/options/stacktrace; echo 20000 >$T/buffer_size_kb
    echo 'order > 0' >$T/events/kmem/mm_page_alloc/filter
    echo 1 >$T/events/kmem/mm_page_alloc/enable'''
SHOW_MEMORY = '''echo 0 >$T/events/kmem/mm_page_alloc/enable
    echo MEMORY; cat $T/trace; echo END'''
INTERRUPTS = '''awk '/snd/ { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print "irqs", n + 0 }' \\
    /proc/interrupts'''

SOUND = re.compile(r'=> (snd|pc|pcm|wave|ich|adapter|stream)_')


def largest_block(output):
    """The largest block that a sound driver asked for and couldn't do without.

    What may fail and then be had in smaller pieces says __GFP_NORETRY. A program's own
    memory, which ALSA is the first to touch, is none of the driver's.
    """
    order = 0
    text = output[output.index('MEMORY\n'):output.index('\nEND\n')]
    for event in re.split(r'\n(?= +\S+-\d+ (?!.*<stack trace>))', text):
        match = re.search(r'order=(\d+) .*gfp_flags=(\S+)', event)
        if (match and SOUND.search(event) and 'handle_mm_fault' not in event
                and '__GFP_NORETRY' not in match[2]):
            order = max(order, int(match[1]))
    return 4096 << order


def accesses(driver, kernel):
    """What one guest with a traced card says of a driver."""
    script, result = Script(), {}
    for command in 'aplay', 'arecord':
        for period in CURVE_PERIODS if command == 'aplay' else (PERIOD,):
            for seconds in 2, 6:
                script.add((command, period, seconds), alsa(command, period, seconds))
    for queries in 0, QUERIES:
        script.add(('query', queries), stream('-p 8192 -b 16384', f'query {queries}'))
    for seconds in 2, 6:
        script.add(('quantum', seconds), stream(f'-n -t 21 -p {PERIOD} -b 8192 -s {seconds}'))
    lines = [TRACE_MEMORY, LOAD[driver], guest.UNMUTE,
             '$S limits >$OUT/limits; read _ bytes _ periods <$OUT/limits; cat $OUT/limits',
             stream('-s 0.5 -p $((bytes / 16)) -b $((bytes / 4))'), SHOW_MEMORY]
    lines += script.lines
    if driver == 'wavepci':
        lines += quiet_script()
    with tempfile.TemporaryDirectory(prefix='bench-') as out:
        machine = boot(None, '\n'.join(lines), out, kernel, trace=True)
        counts, output = script.counts(machine.trace), machine.output

    def per(name, count):
        more = counts[(*name, 6)].total() - counts[(*name, 2)].total()
        return more / count
    result['periods'] = {p: per(('aplay', p), 4 * RATE / p) for p in CURVE_PERIODS}
    result['playback'] = result['periods'][PERIOD]
    result['capture'] = per(('arecord', PERIOD), 4 * RATE / PERIOD)
    result['quantum'] = per(('quantum',), 4 * RATE / PERIOD)
    result['query'] = (counts['query', QUERIES].total() - counts['query', 0].total()) / QUERIES
    bytes_, periods = re.search(r'bytes (\d+) periods (\d+)', output).groups()
    result['largest buffer'], result['most periods'] = int(bytes_), int(periods)
    result['block'] = largest_block(output)
    result.update(quiet_rates(output))
    assert 'late 0' in output and not re.search(r'late [1-9]', output), output
    return result


def quiet_script():
    """Play without wakeups, and count the interrupts: in the end with a page a mapping."""
    def play(what, period, ring, seconds, look_ms):
        return [f'echo {what} {seconds}', INTERRUPTS,
                stream(f'-n -t {look_ms} -p {period} -b {ring} -s {seconds}'), INTERRUPTS]

    def rings(what):
        return [line for ring in QUIET_RINGS for seconds in (50, 150)
                for line in play(f'{what} {ring}', ring // 16, ring, seconds, 100)]
    lines = [line for period in QUIET_PERIODS for seconds in (2, 12)
             for line in play(f'quiet {period}', period, RATE, seconds, 20)]
    again = 'insmod "build/$(uname -r)/snd-wavepci-ich.ko" max_mapping=4096'
    return [*lines, *rings('ring'), 'rmmod snd-wavepci-ich', again, *rings('pages')]


def quiet_rates(output):
    """Interrupts a second: {'quiet': {period: rate}, 'ring': {frames: rate}, 'pages': ...}."""
    found = collections.defaultdict(dict)
    for what, size, seconds, before, after in re.findall(
            r'(quiet|ring|pages) (\d+) (\d+)\n.*?irqs (\d+)\n.*?irqs (\d+)', output, re.S):
        found[what, int(size)][int(seconds)] = int(after) - int(before)
    rates = collections.defaultdict(dict)
    for (what, size), counts_ in found.items():
        (short, few), (long, many) = sorted(counts_.items())
        rates[what][size] = (many - few) / (long - short)
    return rates


def fast_accesses(driver, kernel):
    """Accesses a period, playing and recording, where a processor is faster."""
    script = Script()
    for command in 'aplay', 'arecord':
        for seconds in 2, 6:
            script.add((command, seconds), alsa(command, PERIOD, seconds))
    with tempfile.TemporaryDirectory(prefix='bench-') as out:
        lines = [LOAD[driver], guest.UNMUTE, *script.lines]
        counts_ = script.counts(boot(None, '\n'.join(lines), out, kernel, flags=FAST,
                                     trace=True).trace)
    return {command: (counts_[command, 6].total() - counts_[command, 2].total())
            / (4 * RATE / PERIOD) for command in ('aplay', 'arecord')}


# --- the smallest period ------------------------------------------------------

def smallest_period(kernel, seconds=60):
    """{driver: the smallest period that plays without an xrun}, four to a buffer.

    The drivers take turns in one guest, under the same load, with longer and
    longer periods, until one plays to the end.
    """
    turns = ''.join(f'''
        if [ $found_{driver} = 0 ]; then
            {LOAD[driver]}
            until [ -e /dev/snd/pcmC0D0p ]; do :; done
            $S -x -p $period -b $((4 * period)) -s {seconds} play >late
            grep -q 'late 0' late && found_{driver}=$period
            {UNLOAD[driver]}
        fi''' for driver in DRIVERS)
    first, last, step = LOAD_PERIODS
    script = f'''cd /dev/shm; ln -s {ROOT}/build; found_mainline=0; found_wavepci=0
        $S burn {LOAD_PERCENT} & burner=$!
        for period in $(seq {first} {step} {last}); do {turns}
        done
        kill $burner
        echo found $found_mainline $found_wavepci'''
    with tempfile.TemporaryDirectory(prefix='bench-') as out:
        output = boot(None, script, out, kernel).output
    values = [int(value) for value in re.search(r'found (\d+) (\d+)', output).groups()]
    assert all(values), output
    return dict(zip(DRIVERS, values))


# --- instructions -----------------------------------------------------------

class Recorder:
    """A guest's script in which each part makes so many recordings."""

    def __init__(self):
        self.lines, self.names = [], []

    def add(self, name, command, recordings=1):
        self.lines.append(command)
        self.names += [name] * recordings

    def run(self, boot_guest, look):
        """Run it; {name: [what look() makes of a recording, ...]}."""
        result = collections.defaultdict(list)
        with tempfile.TemporaryDirectory(prefix='bench-', dir=BUILD) as out:
            recorded, symbols = Path(out) / 'recorded', Path(out) / 'symbols'
            script = '\n'.join([f'cp /proc/kallsyms {symbols}', *self.lines])
            with plugin(recorded):
                boot_guest(script, out)
            symbols = instructions.Symbols(symbols)
            found = list(instructions.recordings(recorded))
        assert len(found) == len(self.names), (len(found), self.names)
        for name, blocks in zip(self.names, found):
            result[name].append(look(name, blocks, symbols))
        return result


def card_interrupts(driver, blocks, symbols):
    found, disturbed = instructions.interrupts(blocks, symbols, HANDLER[driver])
    assert len(found) > 10 * disturbed, f'{disturbed} interrupts were disturbed'
    return found


def median_total(parts):
    return statistics.median(instructions.total(part) for part in parts)


def mappings(blocks, symbols):
    """GetMapping, when there is one, and ReleaseMapping, of an ordinary mapping.

    At the end of a packet there is more to do, the same whatever the ring: so
    take the lower quartile, which belongs to others in each of the rings.
    """
    next_ = symbols.address('wave_packet_next', 'snd_wavepci')
    got = [call for call in instructions.calls(
        blocks, symbols, ('wave_queue_get_mapping', 'snd_wavepci'))
           if any(block.address == next_ for block in call)]
    released = list(instructions.calls(
        blocks, symbols, ('wave_queue_release_mapping', 'snd_wavepci')))
    assert len(got) > 20 and len(released) > 20
    return sum(sorted(map(instructions.total, part))[len(part) // 4]
               for part in (got, released))


def counts(driver, kernel):
    """What one guest says of a driver's instructions."""
    def look(name, blocks, symbols):
        if name[0] in ('playback', 'capture'):
            found = card_interrupts(driver, blocks, symbols)
            middle = sorted(found, key=instructions.total)[len(found) // 2]
            return (median_total(found), len(found),
                    instructions.by_function(middle, symbols))
        if name[0] == 'query':
            return median_total(instructions.calls(blocks, symbols, POINTER[driver]))
        if name[0] == 'begin':
            kernel = [b for b in blocks if b.address >= instructions.KERNEL]
            return instructions.total(kernel), instructions.by_function(kernel, symbols)
        return mappings(blocks, symbols)

    recorder = Recorder()
    # Before anything else is played: the first time is a number of its own.
    for bytes_ in BEGIN_BYTES[driver]:
        recorder.add(('begin', bytes_), stream(
            f'-p {bytes_ // 16} -b {bytes_ // FRAME_BYTES}', 'begin'), OPENINGS)
    for period in CURVE_PERIODS:
        recorder.add(('playback', period),
                     stream(f'-m -s {100 * period / RATE} -p {period} -b {4 * period}'))
    recorder.add(('capture', PERIOD), stream(f'-c -m -s 2 -p {PERIOD} -b {BUFFER}'))
    recorder.add(('query',), stream('-p 8192 -b 16384', f'query {QUERIES}'))
    if driver == 'wavepci':
        for count, bytes_ in RINGS:
            frames = count * bytes_ // FRAME_BYTES
            recorder.add(('ring', count), f'''rmmod snd-wavepci-ich
                insmod "build/$(uname -r)/snd-wavepci-ich.ko" max_mapping={bytes_}
                ''' + stream(f'-m -t 10 -s {100 * bytes_ / FRAME_BYTES / RATE} '
                             f'-p {frames // 2} -b {frames}'))
    found = recorder.run(lambda script, out: boot(driver, script, out, kernel), look)
    # A slab that has to be made, or a switch to another task, isn't the driver's.
    begun = {b: min(found['begin', b][1:], key=lambda opening: opening[0])
             for b in BEGIN_BYTES[driver]}
    result = {
        'interrupt': found['playback', PERIOD][0][0],
        'interrupt, capture': found['capture', PERIOD][0][0],
        'interrupts': {p: found['playback', p][0][0] for p in CURVE_PERIODS},
        'functions': {'interrupt': found['playback', PERIOD][0][2],
                      'hw_params to RUN, 64 KiB': begun[65536][1]},
        'query': found[('query',)][0],
        'begin': {b: total for b, (total, _) in begun.items()},
        'begin, first': found['begin', 65536][0][0],
        'rings': {n: found['ring', n][0] for n, _ in RINGS if ('ring', n) in found},
    }
    return result


def many_cards(driver, kernel):
    """Instructions in the card's interrupts, for a period of one of n streams."""
    def look(count, blocks, symbols):
        found = [b for part in card_interrupts(driver, blocks, symbols) for b in part]
        elapsed = symbols.address('snd_pcm_period_elapsed_under_stream_lock', 'snd_pcm')
        periods = sum(block.address == elapsed for block in found)
        assert periods > 40 * count, (count, periods)
        return instructions.total(found) / periods

    recorder = Recorder()
    for count in CARDS:
        status = '/proc/asound/card{}/pcm0p/sub0/status'
        play = ''.join(f'$S -D hw:{card} -p {PERIOD} -b {BUFFER} -s 3600 play & all="$all $!"\n'
                       f'until grep -q RUNNING {status.format(card)}; do :; done\n'
                       for card in range(count))
        # They play for as long as it takes to start them all.
        recorder.add(count, f'all=\n{play}$S mark on\nsleep 1\n$S mark off\n'
                            'kill $all\nwait $all || true')
    found = recorder.run(
        lambda script, out: boot(driver, script, out, kernel, max(CARDS)), look)
    return {count: values[0] for count, values in found.items()}
