"""The KUnit tests in tests/kunit, in a guest with the debug kernel."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / 'tests/vm'))
import guest  # noqa: E402

pytestmark = pytest.mark.xdist_group('kunit')     # one guest for all of them
MODULES = ROOT / 'build/kunit'
SOURCES = sorted((ROOT / 'tests/kunit').glob('*.c'))
SUITES = [name for path in SOURCES
          for name in re.findall(r'\.name = "(wavepci-.*)"', path.read_text())]
CASES = sum(len(re.findall(r'\bKUNIT_CASE(?:_SLOW)?\(', path.read_text())) for path in SOURCES)
RESULT = re.compile(r'^(?:\[ *[\d.]+\] )?( *)(ok|not ok) \d+ (\S+)(?: # (SKIP.*))?$')


def make(*arguments):
    """Run make; what it says only matters when it fails."""
    made = subprocess.run(['make', '-s', '-C', *map(str, arguments)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert made.returncode == 0, made.stdout


def build():
    """Build the port and its tests for the debug kernel; its directory."""
    script = subprocess.run([ROOT / 'scripts/debug-kernel'], text=True, check=True,
                            stdout=subprocess.PIPE)
    kernel = Path(script.stdout.splitlines()[-1])
    make(ROOT, 'modules', 'KVER=kunit', f'KDIR={kernel}')
    tests = MODULES / 'tests/kunit'
    tests.mkdir(parents=True, exist_ok=True)
    subprocess.run(['cp', '-rsf', ROOT / 'tests/kunit', tests.parent], check=True)
    make(kernel, f'M={tests}', f'KBUILD_EXTRA_SYMBOLS={MODULES}/src/Module.symvers', 'modules')
    return kernel


def parse(log):
    """Each run of a suite in the kernel log: (suite, {case: 'ok', 'not ok' or 'SKIP'})."""
    runs, cases = [], {}
    for line in log.replace('\r', '').splitlines():
        match = RESULT.match(line)
        if not match:
            continue
        indent, result, name, skip = match.groups()
        if indent:
            cases[name] = 'SKIP' if skip else result
        else:
            runs.append((name, cases))
            cases = {}
    return runs


def details(log, suite):
    """The parts of the log that are about a suite."""
    text = log.replace('\r', '')
    runs = re.findall(rf'# Subtest: {suite}\n.*?ok \d+ {suite}$', text, re.S | re.M)
    return '\n'.join(runs or text.splitlines()[-60:])


# How often a card with two filters comes and goes: scripts/torture.
ROUNDS = os.environ.get('WAVEPCI_ROUNDS', 5)
# All suites; the verifier's once more, with it; and an object is forgotten.
VERIFIER = 'wavepci-verifier'
# insmod sleeps until all tests have run: with many rounds that is no hung task.
LOAD = f'''tests={MODULES}/tests/kunit
    [ {ROUNDS} -lt 100 ] || echo 0 >/proc/sys/kernel/hung_task_timeout_secs
    insmod {MODULES}/snd-wavepci.ko
    insmod $tests/snd-wavepci-kunit.ko rounds={ROUNDS}
    rmmod snd-wavepci-kunit snd-wavepci
    printf {VERIFIER} >/sys/module/kunit/parameters/filter_glob
    insmod {MODULES}/snd-wavepci.ko verify=1
    insmod $tests/snd-wavepci-kunit.ko verify=1
    rmmod snd-wavepci-kunit snd-wavepci
    echo forgetting an object >/dev/kmsg
    insmod {MODULES}/snd-wavepci.ko verify=1
    insmod $tests/snd-wavepci-leak.ko
    rmmod snd-wavepci-leak snd-wavepci'''


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """The guest after all tests have been run in it."""
    kernel = build()
    return guest.Guest('', tmp_path_factory.mktemp('kunit'), load=LOAD, card='none',
                       kernel=kernel / 'arch/x86/boot/bzImage',
                       timeout=600 + int(ROUNDS)).wait(check=False)


@pytest.mark.parametrize('suite', SUITES)
def test_suite(run, suite):
    runs = [cases for name, cases in parse(run.log) if name == suite]
    assert len(runs) == 1 + (suite == VERIFIER), (
        f'{suite} did not run to its end:\n{details(run.log, suite)}')
    for cases in runs:
        failed = [case for case, result in cases.items() if result == 'not ok']
        assert not failed, f'{len(failed)} of {len(cases)}: {failed}\n{details(run.log, suite)}'


def test_all_there(run, record_property):
    """Every case has run, none is left out, and nothing went wrong otherwise."""
    suites = {}
    for name, cases in parse(run.log):
        suites.setdefault(name, {}).update(cases)
    results = [result for cases in suites.values() for result in cases.values()]
    record_property('cases', len(results))
    skipped = results.count('SKIP')
    print(f'{len(results)} cases in {len(suites)} suites, {skipped} skipped')
    assert len(results) == CASES
    assert not skipped, f'{skipped} skipped'
    assert run.status == 0, f'status {run.status}:\n{run.output}'


def test_leak_reported(run):
    log = run.log.replace('\r', '').partition('forgetting an object\n')[2]
    assert [re.sub(r'^\[ *[\d.]+\] ', '', line) for line in guest.reports(log)] == [
        'snd-wavepci: 1 objects were never released',
        'snd-wavepci: verifier: an object of class "forgotten object": rule leak broken']


def test_no_report(run):
    """Outside the suite that counts the verifier's reports itself there is none."""
    log = run.log.replace('\r', '').partition('forgetting an object\n')[0]
    reports, suite = [], None
    for line in log.splitlines():
        started = re.search(r'# Subtest: (wavepci-.*)', line)
        ended = re.search(r'\] (not )?ok \d+ wavepci-', line)
        suite = started[1] if started else None if ended else suite
        if not (suite == VERIFIER and 'verifier: ' in line):
            reports += guest.reports(line)
    assert not reports, 'the kernel complains:\n' + run.log
