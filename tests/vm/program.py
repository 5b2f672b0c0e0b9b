"""Programs in C for a guest."""

import fcntl
import shutil
from pathlib import Path

import guest

SOURCE = 'linux-source-6.12'


def build(out, *sources, libraries=()):
    """Compile sources of this directory; the program is called like the first one."""
    here = Path(__file__).parent
    program = out / Path(sources[0]).stem
    guest.on_host('gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-pthread',
                  '-o', program, *(here / source for source in sources), *libraries)
    return program


def selftests():
    """The kernel's own tests of sound, from Debian's source; the directory they are in."""
    out = guest.ROOT / 'build/selftests'
    out.parent.mkdir(exist_ok=True)
    with (out.parent / 'selftests.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / 'pcm-test').exists():
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            guest.on_host('tar', '-xf', f'/usr/src/{SOURCE}.tar.xz', '-C', out,
                          '--strip-components=4', f'{SOURCE}/tools/testing/selftests/alsa',
                          f'{SOURCE}/tools/testing/selftests/kselftest.h')
            for name in 'mixer-test', 'pcm-test':
                guest.on_host('gcc', '-O2', '-w', '-I', out, '-o', out / f'{name}.new',
                              *(out / f'alsa/{file}.c' for file in (name, 'conf')),
                              '-lasound', '-pthread')
                (out / f'{name}.new').rename(out / name)
    return out
