import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import guest  # noqa: E402
from pulse import Pulse  # noqa: E402

SERIES = ('6.1.', '6.12.')
CACHE = Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache') / 'wavepci/kernels'


def pytest_addoption(parser):
    parser.addoption('--kernel', action='append', help='the kernel, or the beginning '
                     'of its release, to test on; may be repeated (default: 6.1 and '
                     '6.12, those there are)')


def pytest_configure(config):
    config.addinivalue_line('markers', 'realtime: needs this machine for itself')
    config.addinivalue_line('markers', 'leaks(sought): whether a debug kernel '
                            'looks for lost memory; it does where nothing is said')


def there(series):
    """Whether scripts/vm would find a kernel."""
    return bool('/' in series or [*Path('/boot').glob(f'vmlinuz-{series}*')]
                or [*CACHE.glob(f'{series}*')])


def pytest_generate_tests(metafunc):
    if 'kernel' in metafunc.fixturenames:
        kernels = metafunc.config.getoption('--kernel')
        metafunc.parametrize('kernel', kernels or [s for s in SERIES if there(s)],
                             ids=lambda kernel: 'debug' if '/' in kernel else None)


@pytest.fixture(autouse=True)
def seek_leaks(request, monkeypatch):
    mark = request.node.get_closest_marker('leaks')
    monkeypatch.setattr(guest, 'LEAKS_SOUGHT', not mark or mark.args[0])


@pytest.fixture
def pulse(tmp_path_factory):
    if not shutil.which('pulseaudio') or not shutil.which('paplay'):
        pytest.skip('no PulseAudio: sudo apt-get install pulseaudio')
    daemon = Pulse(tmp_path_factory.mktemp('pulse'))
    yield daemon
    daemon.stop()


def pytest_report_header():
    return f'driver: {guest.DRIVER}'
