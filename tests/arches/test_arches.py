"""Machines that none of the other guests is: the modules compile for them and play.

This builds kernels, and has a target of its own: make check-arches.
"""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / 'scripts/lib'), str(ROOT / 'tests/vm')]
import guest  # noqa: E402
import sound  # noqa: E402
from guest import on_host  # noqa: E402
from kernels import cpio  # noqa: E402

I386 = {'arch': 'i386', 'cross': '', 'flags': ['-m32', '-fno-pic', '-no-pie'],
        'image': 'arch/x86/boot/bzImage', 'console': 'ttyS0',
        'qemu': ['qemu-system-i386', '-machine', 'pc', '-cpu', 'max']}
ARM64 = {'arch': 'arm64', 'cross': 'aarch64-linux-gnu-', 'flags': [],
         'image': 'arch/arm64/boot/Image', 'console': 'ttyAMA0',
         'qemu': ['qemu-system-aarch64', '-machine', 'virt', '-cpu', 'cortex-a72']}
PC = ['CONFIG_M686=y', 'CONFIG_SERIAL_8250=y', 'CONFIG_SERIAL_8250_CONSOLE=y']
VIRT = ['CONFIG_SERIAL_AMBA_PL011=y', 'CONFIG_SERIAL_AMBA_PL011_CONSOLE=y',
        'CONFIG_PCI_HOST_GENERIC=y']
ARCHES = {
    'i386': {**I386, 'config': [*PC, 'CONFIG_HIGHMEM4G=y']},        # DMA addresses of 32 bits
    'i386-pae': {**I386, 'config': [*PC, 'CONFIG_HIGHMEM64G=y']},   # larger than a pointer
    'arm64': {**ARM64, 'config': [*VIRT, 'CONFIG_ARM64_64K_PAGES=y']},
}


class Arch:
    """A kernel of an architecture, and what is built for it."""

    def __init__(self, name):
        self.__dict__.update(ARCHES[name])
        self.build = ROOT / 'build' / name
        said = on_host(ROOT / 'scripts/lib/arch-kernel', self.arch, self.cross, *self.config)
        self.kernel = Path(said.splitlines()[-1])

    def modules(self):
        """Build the modules, all of them; what was said."""
        shutil.rmtree(self.build, ignore_errors=True)
        return on_host('make', '-s', '-C', ROOT, 'modules', f'KVER={self.build.name}',
                       f'KDIR={self.kernel}', f'ARCH={self.arch}', f'CROSS_COMPILE={self.cross}',
                       'KFLAGS=W=1 C=1 CF=-D__CHECK_ENDIAN__')

    def program(self, path):
        """The guest's program, compiled with nothing but what the kernel's tree has."""
        compiler = self.cross + 'gcc'
        own = on_host(compiler, '-print-file-name=include').strip()
        on_host(compiler, *self.flags, '-Os', '-Wall', '-Wextra', '-Werror', '-static', '-nostdlib',
                '-nostdinc', '-fno-stack-protector', '-I', self.kernel / 'tools/include/nolibc',
                '-I', self.kernel / 'usr/include', '-isystem', own, '-include', 'nolibc.h',
                '-o', path, ROOT / 'tests/arches/init.c')
        return path.read_bytes()

    def play(self, signal, out):
        """Boot a guest that plays a signal and ends; its console."""
        files = [('dev', 0o40755, b''), ('init', 0o100755, self.program(out / 'init')),
                 ('signal', 0o100644, signal.tobytes())]
        files += [(path.name, 0o100644, path.read_bytes()) for path in self.build.glob('*.ko')]
        (out / 'initramfs').write_bytes(cpio(files))
        on_host(*self.qemu, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot',
                '-m', '256', '-accel', 'tcg,thread=single', '-icount', 'shift=3,sleep=off',
                '-kernel', self.kernel / self.image, '-initrd', out / 'initramfs',
                '-append', f'console={self.console} panic=-1', '-serial', f'file:{out}/console',
                '-audiodev', f'wav,id=audio,path={out}/card.wav,out.fixed-settings=on,'
                'out.channels=2,out.format=s16,out.frequency=48000',
                '-device', 'AC97,audiodev=audio', timeout=900)
        return (out / 'console').read_text(errors='replace').replace('\r', '')


@pytest.mark.parametrize('name', ARCHES)
def test_plays(name, tmp_path):
    """Without a word from the compiler or sparse; and bit by bit."""
    arch = Arch(name)
    said = arch.modules()
    assert not re.findall('warning: .*|error: .*|WARNING: .*|ERROR: .*', said), said
    signal = np.concatenate([sound.signal(60000), np.zeros((48000, 2), np.int16)])
    log = arch.play(signal, tmp_path)
    assert f'played {len(signal)} frames\n' in log, log
    assert not guest.reports(log), log
    sound.check(guest.read_wav(tmp_path / 'card.wav'), signal[:60000])
