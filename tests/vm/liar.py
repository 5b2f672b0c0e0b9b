"""A driver with a liar between itself and its card; see tests/liar/liar.c."""

import os
import subprocess
import sys
from pathlib import Path

import guest

sys.path.append(str(guest.ROOT / 'scripts/lib'))
from kernels import choose_kernel      # noqa: E402

NAM, NABM = 'nam', 'nabm'
FOREVER = 0
ALL = 0xffffffff

# Registers of the bus master space; a channel's begin at its own.
IN, OUT = 0x00, 0x10
CIV, LVI, SR, PICB, PIV, CR = 4, 5, 6, 8, 10, 11
GLOB_CNT, GLOB_STA, CAS = 0x2c, 0x30, 0x34


def lie(kind, space, first, last, keep, bits, after=0, count=FOREVER, every=1):
    """A lie in the words of the module's parameter."""
    return (f'{kind} {space} {first:x} {last:x} {keep & ALL:x} {bits & ALL:x} '
            f'{after} {count} {every}')


def read(register, size, value, keep=0, **when):
    """Reading a bus master register gives a value, whatever it is."""
    return lie('r', NABM, register, register + size - 1, keep, value, **when)


def gone(**when):
    """The card isn't there: all ones are read, and what is written is lost."""
    return [lie('g', NAM, 0, 0x3ff, 0, ALL, **when), lie('g', NABM, 0, 0xff, 0, ALL, **when),
            lie('d', NAM, 0, 0x3ff, 0, 0, **when), lie('d', NABM, 0, 0xff, 0, 0, **when)]


def tree(kernel):
    """What one of scripts/vm's kernels builds modules with, and where ours are."""
    if '/' in kernel:
        headers = Path(kernel).parents[3]
        release = (headers / 'include/config/kernel.release').read_text().strip()
    else:
        release = Path(choose_kernel(kernel, None)[1]).name
        headers = Path('/lib/modules') / release / 'build'
    return headers, guest.ROOT / 'build' / release


def build_module(kernel, name, links, *arguments):
    """Build what is linked from a directory of that name, beside our modules."""
    headers, modules = tree(kernel)
    directory = modules / name
    directory.mkdir(parents=True, exist_ok=True)
    for link, path in links.items():
        link = directory / link
        if not link.is_symlink():
            link.symlink_to(os.path.relpath(path, directory))
    made = subprocess.run(['make', '-s', '-C', headers, f'M={directory}', *arguments,
                           f'KBUILD_EXTRA_SYMBOLS={modules}/src/Module.symvers', 'modules'],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    assert made.returncode == 0, made.stdout


def sources(*directories):
    """The files of directories of this tree, by their names."""
    return {path.name: path for name in directories
            for path in sorted((guest.ROOT / name).iterdir())}


def build(kernel, card='ich'):
    """Build a driver with the liar for one of scripts/vm's kernels; its file.

    The name in the guest, where $(uname -r) is the kernel's release.
    """
    links = sources(f'src/{card}', 'tests/liar')
    links['Kbuild.driver'] = guest.ROOT / f'src/{card}/Kbuild'
    build_module(kernel, f'liar-{card}', links, f'LIAR={card}')
    return f'build/$(uname -r)/liar-{card}/snd-wavepci-{card}.ko'
