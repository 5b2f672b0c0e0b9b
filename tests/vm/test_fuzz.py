"""Calls of every kind to a card, while another stream plays and has to be heard."""

import os
import re

import pytest

import guest
import test_hda
from spared import newest, older, spare

pytestmark = pytest.mark.skipif(guest.DRIVER != 'wavepci', reason='our cards')

SOURCES = guest.ROOT / 'tests/fuzz'
# More of it: scripts/torture.
CALLS = int(os.environ.get('FUZZ_CALLS', 0))
# With an odd seed on one processor, repeatable; with an even one on two, where
# races are, in real time.
SEEDS = [pytest.param(seed, id=f'{seed}', marks=[] if seed % 2 else pytest.mark.realtime)
         for seed in range(1, 1 + int(os.environ.get('FUZZ_SEEDS', 1)))]

# It has to have come further than to the first look at the arguments: of so many calls
# one each of these works, whatever the threads do to each other.
WORKS = {'HW_PARAMS': 5000, 'START': 5000, 'MMAP': 5000, 'TIMER_START': 5000,
         'WRITEI': 20000, 'READI': 20000, 'LINK': 20000}

# The other stream is on the loopback's third pair of pins, which is spared, and it
# has the card's mixer locked. A second card without a listener has its mixer free.
LOOPBACK = '''modprobe -qa snd-pcm snd-ac97-codec || true     # or built in
    insmod "build/$(uname -r)/snd-wavepci.ko" verify={verify} ring_ms=0
    insmod "build/$(uname -r)/snd-wavepci-loopback.ko" pins=3 cards={loopbacks} streaming={streaming}'''
ICH = '''
    insmod "build/$(uname -r)/snd-wavepci-ich.ko" streaming={streaming}'''
CARDS = {'ich': (LOOPBACK + ICH, '--card 1'), 'hda': (LOOPBACK, '--card 1'),
         'loopback': (LOOPBACK, '--card 0 --spare 2')}

# What the kernel says of itself, whoever's card it is:
KNOWN = (
    # snd_pcm_lib_xfer() looks for the ring before it keeps hw_free out, and says so
    # in a kernel with CONFIG_SND_DEBUG when another thread has just taken it away;
    # an error is returned.
    re.compile(r'.*WARNING: .* at sound/core/pcm_lib\.c:\d+ __snd_pcm_lib_xfer.*\n'
               r'(.*\n)*?.*---\[ end trace .*\n'),
    # Where another processor has the lock of a group, snd_pcm_stream_group_ref()
    # takes that and then the stream's own, which for lockdep is the same kind of
    # lock. Not if we are in the stack. From there on, lockdep is silent: half of the
    # guests have one processor.
    re.compile(r'.*WARNING: possible recursive locking detected\n(.*\n){2}'
               r'.* is trying to acquire lock:\n.*snd_pcm_stream_group_ref.*\n(.*\n){2}'
               r'.*snd_pcm_stream_group_ref.*\n((?!.*\[snd_wavepci).*\n)*?.*</TASK>\n'),
)


@pytest.fixture(scope='session')
def programs(tmp_path_factory):
    directory = tmp_path_factory.mktemp('programs')
    fuzzer = [SOURCES / f'{name}.c' for name in ('fuzz', 'params', 'pcm', 'control', 'timer')]
    compiler = ['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-pthread', '-o']
    guest.on_host(*compiler, directory / 'fuzz', *fuzzer)
    guest.on_host(*compiler, directory / 'companion', SOURCES / 'companion.c',
                  guest.ROOT / 'tests/vm/pair.c', '-lasound')
    return directory


def settings(seed):
    """How to run it."""
    return ['--icount'] if seed % 2 else [], {
        'verify': seed % 2, 'streaming': seed // 2 % 2}


def check(machine):
    """Whether the calls all returned, the kernel has no complaint, and all was heard."""
    log = machine.log
    for known in KNOWN:
        log = known.sub('', log)
    assert not guest.reports(log), (
        f'the kernel complains:\n{guest.from_first_report(log)}{machine.leaks}')
    assert machine.status == 0, f'status {machine.status}:\n{machine.output}'
    rounds = re.search(r'^the other stream: (\d+) rounds, right$', machine.output, re.M)
    assert rounds and int(rounds[1]) > 0


@pytest.mark.parametrize('seed', SEEDS)
@pytest.mark.parametrize('card', CARDS)
def test_fuzz(kernel, card, seed, programs, tmp_path):
    spare(not CALLS and (older(kernel) and card != 'ich' or newest(kernel) and card != 'hda'))
    calls = CALLS or (5000 if '/' in kernel else 20000)
    options, parameters = settings(seed)
    load, arguments = CARDS[card]
    if card == 'hda':
        load += '\n' + test_hda.load_driver(kernel)
    script = (f'{programs}/companion 2 {programs}/fuzz {arguments} --seed {seed} '
              f'--calls {calls}')
    if card == 'loopback':
        script += (f'\n{programs}/fuzz --card 1 --seed {seed} --calls {calls // 10}'
                   ' >$OUT/second 2>&1 || { cat $OUT/second; exit 1; }')
    machine = guest.Guest(script, tmp_path, kernel=kernel, audio='none',
                          card=guest.MODELS[card],
                          load=load.format(loopbacks=1 + (card == 'loopback'),
                                           **parameters), timeout=200 + calls // 50,
                          options=['--quiet', '90', *options]).wait(check=False)
    print(machine.output)
    check(machine)
    table = dict(re.findall(r'^([A-Z_]+) +\d+ +(\d+)$', machine.output, re.M))
    for kind, least in WORKS.items():
        if kind == 'LINK' and not seed % 2 and kernel.startswith('6.1.'):
            continue        # see linked-pause in fuzz.h
        assert int(table[kind]) > 0 or calls < least, f'no {kind} has worked'
    done, = re.findall(r'^(\d+) calls, all returned$', machine.output, re.M)
    xruns, frames = re.search(r'^(\d+) xruns seen, (\d+) frames', machine.output, re.M).groups()
    assert int(done) >= calls and int(xruns) > 0 and int(frames) > 0
    if 'FUZZ_TOTALS' in os.environ:
        with open(os.environ['FUZZ_TOTALS'], 'a') as file:
            file.write(f'{card} {done} {xruns} {frames}\n')
