"""Run a shell script in scripts/vm's guest and look at what the card did."""

import collections
import os
import re
import subprocess
import wave
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DRIVER = os.environ.get('WAVEPCI_DRIVER', 'wavepci')
# Parameters that the loopback card is to have in every test: scripts/torture.
LOOPBACK = os.environ.get('WAVEPCI_LOOPBACK', '')
SLEEPING = 'may_sleep=1' in LOOPBACK

# How the guest, in the root of the source tree, loads each driver; ours offers rings of
# any length, to be tried.
LOAD = {
    'mainline': 'modprobe snd-intel8x0',
    'wavepci': '''modprobe -qa snd-pcm snd-ac97-codec || true     # or built in
        insmod "build/$(uname -r)/snd-wavepci.ko" verify=1 ring_ms=0
        insmod "build/$(uname -r)/snd-wavepci-ich.ko"''',
}
# The emulated card of each driver. A codec that uses a timer loses what it has at
# each stop.
MODELS = {'ich': 'ac97', 'hda': 'hda-duplex,use-timer=off', 'loopback': 'none'}
# What works in real time goes first, if that's allowed, and nobody wants it last.
URGENT = ['nice', '-n', '-15'] if os.geteuid() == 0 and os.nice(0) <= 0 else []
UNMUTE = '''amixer -c 0 -q sset Master 100% unmute
    amixer -c 0 -q sset PCM 100% unmute
    amixer -c 0 -q sset Capture 100% cap'''

# Whether a debug kernel looks for lost memory, which doubles what everything costs it:
# the mark `leaks` in conftest.py.
LEAKS_SOUGHT = True
UNLOAD = '''
loaded=$(sed -n 's/^\\(snd_wavepci[^ ]*\\).*/\\1/p' /proc/modules)
[ -z "$loaded" ] || rmmod $loaded
'''
# What is not reported until it is five seconds old, and found lost in two scans.
SEEK_LEAKS = '''
leaks=/sys/kernel/debug/kmemleak
if [ -e $leaks ]; then
    echo scan > $leaks
    sleep 6
    echo scan > $leaks
    cat $leaks > "$OUT/leaks"
fi'''

REPORT = re.compile(r'(?<!: )WARNING:|\bBUG:|\bOops\b|Call Trace|KASAN|UBSAN|KCSAN|'
                    r'circular locking|recursive locking|inconsistent lock|'
                    r'suspicious RCU|blocked for more than|rcu.*detected stall|'
                    r'verifier:|never released|kmemleak: \d+ new|soft lockup|'
                    r'general protection fault|refcount_t|list_(add|del) corr')
ACCESS = re.compile(r"memory_region_ops_(read|write) .*addr 0x([0-9a-f]+) .*"
                    r"name '(?:ac97-)?(nam|nabm|intel-hda)'")
SIZE = {'nam': 0x400, 'nabm': 0x100, 'intel-hda': 0x4000}


def reports(log):
    """The lines of a kernel log that begin a report of something wrong."""
    return [line for line in log.splitlines() if REPORT.search(line)
            and not re.search(r'KASAN.*init|KernelAddressSanitizer initialized', line)]


def from_first_report(log):
    """A kernel log from a little before the first report on."""
    lines, first = log.splitlines(), reports(log)[0]
    return '\n'.join(lines[max(0, lines.index(first) - 10):])


def read_wav(path, header=44):
    """The frames of a 16-bit stereo file, also of one not finished yet."""
    data = Path(path).read_bytes()[header:]
    return np.frombuffer(data[:len(data) // 4 * 4], '<i2').reshape(-1, 2)


class Guest:
    """A guest that runs a script; use as a context manager or call wait().

    The script runs with `sh -e` in the root of the source tree, the driver
    loaded and the card unmuted, and may write to the directory $OUT, which the
    host sees as self.out.  At its end the modules are unloaded, and with
    LEAKS_SOUGHT a debug kernel looks for memory that they lost.  Afterwards there are status,
    output, log, samples (what the card played, with audio='wav') and accesses
    (with trace=True).
    """

    def __init__(self, script, out, *, kernel=None, card='ac97', audio='wav',
                 rate=48000, trace=False, load=LOAD[DRIVER] + '\n' + UNMUTE,
                 timeout=240, options=()):
        self.out = Path(out)
        self.wav, self.trace = self.out / 'card.wav', self.out / 'trace'
        self.console = self.out / 'console'
        if audio == 'wav':
            audio = f'wav:{self.wav}:{rate}'
        script = f'set -e\nOUT={self.out}\n{load}\n{script}\n{UNLOAD}'
        script += SEEK_LEAKS if LEAKS_SOUGHT else ''
        (self.out / 'script').write_text(
            re.sub(r'(snd-wavepci-loopback\.ko"?)', rf'\1 {LOOPBACK}', script))
        command = [*URGENT, ROOT / 'scripts/vm', '--out', self.out, '--log', self.console,
                   '--cwd', ROOT, '--card', card, *options]
        command += ['--audio', audio] if card != 'none' and audio else []
        command += ['--kernel', kernel] if kernel else []
        if '/' in str(kernel):
            timeout *= 4
            command += ['--mem', '512']
            command += [] if LEAKS_SOUGHT else ['--append', 'kmemleak=off']
            if '--icount' in options:
                # Looking at everything it does, such a kernel needs some eight
                # times the instructions: then let it have them in the same time.
                command += ['--shift', '0']
                # ACPI takes half a minute; a second processor takes ACPI, and so
                # does an IOMMU.
                command += ['--append', 'acpi=off'] if '--iommu' not in options else []
        command += ['--trace', self.trace] if trace else []
        command += ['--timeout', str(timeout)]
        self.process = subprocess.Popen(
            [*command, 'sh', self.out / 'script'], text=True, errors='replace',
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.status = self.output = self.log = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            self.process.terminate()
        self.wait(check=not kind)

    def wait(self, check=True):
        """Wait for the end, which with check has to be a good one."""
        if self.status is None:
            self.output = self.process.communicate()[0]
            self.status = self.process.returncode
            self.log = (self.console.read_text(errors='replace')
                        if self.console.exists() else '')
            # Kept with the console, for whoever looks into a failure.
            (self.out / 'output').write_text(self.output)
        if check:
            assert not reports(self.log), (
                f'{self.output}\nthe kernel complains:\n'
                + from_first_report(self.log) + self.leaks)
            assert self.status == 0, f'status {self.status}:\n{self.output}'
        return self

    @property
    def leaks(self):
        """What memory was lost, and who had allocated it."""
        file = self.out / 'leaks'
        return file.read_text() if file.exists() else ''

    @property
    def samples(self):
        return read_wav(self.wav)

    @property
    def accesses(self):
        """How often each register was used: {('nabm', 0x16, 'read'): 3, ...}."""
        count = collections.Counter()
        with self.trace.open(errors='replace') as file:
            for line in file:
                match = ACCESS.search(line)
                if match:
                    kind, address, region = match.groups()
                    count[region, int(address, 16) % SIZE[region], kind] += 1
        return count


def run(script, out, **options):
    """Run a script in a guest to its end, which has to be a good one."""
    return Guest(script, out, **options).wait()


def on_host(*command, status=0, **options):
    """Run a command here, which has to end with this status; all that it says."""
    ended = subprocess.run([*map(str, command)], text=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                           **options)
    assert ended.returncode == status, f'status {ended.returncode}:\n{ended.stdout}'
    return ended.stdout


def write_wav(path, samples, rate=48000):
    with wave.open(str(path), 'wb') as file:
        file.setparams((2, 2, rate, 0, 'NONE', ''))
        file.writeframes(samples.astype('<i2').tobytes())
