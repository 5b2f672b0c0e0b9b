# SPDX-License-Identifier: GPL-2.0
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / 'tests/vm')]
from pulse import Pulse  # noqa: E402
from system import System  # noqa: E402


def output(*command):
    """The last line of what a command of the project says."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope='session')
def image():
    return Path(output('scripts/lib/debian-image'))


@pytest.fixture(scope='session')
def packages():
    """Two versions of the package, one after the other: [(version, path), ...]."""
    first = ROOT / output('make', '-s', 'deb')
    version = first.name.split('_')[1]
    following = re.sub(r'\d+$', lambda last: str(int(last[0]) + 1), version)
    return [(version, first), (following, ROOT / output('make', '-s', 'deb',
                                                        f'VERSION={following}'))]


@pytest.fixture(scope='module')
def pulse(tmp_path_factory):
    daemon = Pulse(tmp_path_factory.mktemp('pulse'))
    yield daemon
    daemon.stop()


@pytest.fixture(scope='module')
def system(image, packages, pulse, tmp_path_factory):
    """A fresh system with two cards, one to be heard and one to be spoken to."""
    with System(tmp_path_factory.mktemp('system'), image, pulse.socket) as machine:
        for number, (_, path) in enumerate(packages):
            machine.share(path, f'{number}.deb')
        yield machine
