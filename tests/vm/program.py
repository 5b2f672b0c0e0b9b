"""Programs in C for a guest."""

from pathlib import Path

import guest


def build(out, *sources, libraries=()):
    """Compile sources of this directory; the program is called like the first one."""
    here = Path(__file__).parent
    program = out / Path(sources[0]).stem
    guest.on_host('gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-pthread',
                  '-o', program, *(here / source for source in sources), *libraries)
    return program
