"""The KUnit tests in tests/kunit, in a guest with the debug kernel."""

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
    """What the kernel log says of each suite: {case: 'ok', 'not ok' or 'SKIP'}."""
    suites, cases = {}, {}
    for line in log.replace('\r', '').splitlines():
        match = RESULT.match(line)
        if not match:
            continue
        indent, result, name, skip = match.groups()
        if indent:
            cases[name] = 'SKIP' if skip else result
        else:
            suites[name], cases = cases, {}
    return suites


def details(log, suite):
    """The part of the log that is about a suite."""
    lines = log.replace('\r', '').splitlines()
    begin = [n for n, line in enumerate(lines) if line.endswith(f'# Subtest: {suite}')]
    end = [n for n, line in enumerate(lines) if re.search(rf'ok \d+ {suite}$', line)]
    return '\n'.join(lines[begin[0]:end[0]] if begin and end else lines[-60:])


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """The guest after all tests have been run in it."""
    kernel = build()
    load = f'''insmod {MODULES}/snd-wavepci.ko
        insmod {MODULES}/tests/kunit/snd-wavepci-kunit.ko
        rmmod snd-wavepci-kunit
        rmmod snd-wavepci'''
    return guest.Guest('', tmp_path_factory.mktemp('kunit'), load=load, card='none',
                       kernel=kernel / 'arch/x86/boot/bzImage', timeout=600).wait(check=False)


@pytest.mark.parametrize('suite', SUITES)
def test_suite(run, suite):
    cases = parse(run.log).get(suite)
    assert cases, f'{suite} did not run to its end:\n{details(run.log, suite)}'
    failed = [case for case, result in cases.items() if result == 'not ok']
    assert not failed, f'{len(failed)} of {len(cases)}: {failed}\n{details(run.log, suite)}'


def test_all_there(run, record_property):
    """Every case has run, none is left out, and nothing went wrong otherwise."""
    results = [result for cases in parse(run.log).values() for result in cases.values()]
    record_property('cases', len(results))
    skipped = results.count('SKIP')
    print(f'{len(results)} cases in {len(parse(run.log))} suites, {skipped} skipped')
    assert len(results) == CASES
    assert not skipped, f'{skipped} skipped'
    assert run.status == 0, f'status {run.status}:\n{run.output}'
    assert 'objects were never released' not in run.log


def test_no_report(run):
    assert not guest.reports(run.log), 'the kernel complains:\n' + run.log
