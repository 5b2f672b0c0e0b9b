"""The same of scripts/bench for HD Audio: snd-hda-intel and ours on one model.

What of a ring's length and of many cards is the port's own is measured with the
AC'97 card; here is what the driver of another card adds to it.
"""

import tempfile

import guest
import instructions
import measure
from measure import BUFFER, PERIOD, QUERIES, RATE, Recorder, Script, alsa, stream

DRIVERS = measure.DRIVERS
CODEC = 'hda-duplex,use-timer=off,mixer=off'
LOAD = {
    'mainline': '''modprobe -a snd-hda-codec-generic
        modprobe snd-hda-intel power_save=0
        until [ -e /proc/asound/card0/pcm0p ]; do :; done''',
    'wavepci': '''modprobe -a snd-hda-codec-generic
        insmod "build/$(uname -r)/snd-wavepci.ko"
        insmod "build/$(uname -r)/snd-wavepci-hda.ko" power_save=0''',
}
HANDLER = {'mainline': ('azx_interrupt', 'snd_hda_codec'),
           'wavepci': measure.HANDLER['wavepci']}
POINTER = {'mainline': ('azx_pcm_pointer', 'snd_hda_codec'),
           'wavepci': measure.POINTER['wavepci']}
SECONDS = 2, 6
BOTH = f'''$S -D hw:0,2 -p {PERIOD} -b {BUFFER} -s 3600 play & other=$!
until grep -q RUNNING /proc/asound/card0/pcm2p/sub0/status; do :; done
{{}}
kill $other
wait $other || true'''


def boot(script, out, kernel, load='', **options):
    return guest.run(script, out, kernel=kernel, card=CODEC, audio=None, timeout=900,
                     load=f'S={measure.STREAM}\n{load}',
                     options=['--icount', '--card', CODEC], **options)


def accesses(driver, kernel):
    """Register accesses, as in measure.accesses(): by one stream, and beside another."""
    script = Script()
    for seconds in SECONDS:
        script.add(('one', seconds), alsa('aplay', PERIOD, seconds))
        script.add(('quantum', seconds),
                   stream(f'-n -t 21 -p {PERIOD} -b 8192 -s {seconds}'))
    for queries in 0, QUERIES:
        script.add(('query', queries), stream('-p 8192 -b 16384', f'query {queries}'))
    both = Script()
    both.names = script.names
    for seconds in SECONDS:
        both.add(('two', seconds), alsa('aplay', PERIOD, seconds))
    lines = [*script.lines, BOTH.format('\n'.join(both.lines))]
    with tempfile.TemporaryDirectory(prefix='bench-') as out:
        machine = boot('\n'.join([LOAD[driver], *lines]), out, kernel, trace=True)
        counts = script.counts(machine.trace)

    def per(name, count):
        few, many = (counts[name, seconds].total() for seconds in SECONDS)
        return (many - few) / count
    periods = (SECONDS[1] - SECONDS[0]) * RATE / PERIOD
    return {'playback': per('one', periods), 'quantum': per('quantum', periods),
            # Of one of the two: the other one's periods are among them.
            'two': per('two', 2 * periods),
            'query': (counts['query', QUERIES].total() - counts['query', 0].total())
            / QUERIES}


def counts(driver, kernel):
    """Instructions from interrupt to return, and for a position."""
    def look(name, blocks, symbols):
        if name == 'query_instructions':
            return measure.median_total(instructions.calls(blocks, symbols, POINTER[driver]))
        found, disturbed = instructions.interrupts(blocks, symbols, HANDLER[driver])
        assert len(found) > 10 * disturbed, f'{disturbed} interrupts were disturbed'
        return measure.median_total(found)

    recorder = Recorder()
    recorder.add('interrupt', stream(f'-m -s {100 * PERIOD / RATE} -p {PERIOD} -b {BUFFER}'))
    recorder.add('query_instructions',
                 stream('-p 8192 -b 16384', f'query {QUERIES}'))
    found = recorder.run(lambda script, out: boot(script, out, kernel, LOAD[driver]), look)
    return {name: values[0] for name, values in found.items()}
