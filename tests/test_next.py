"""The modules compiled by the headers of kernels to come."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / 'build/next'
CARDS = ('ich', 'hda', 'loopback')


def test_next():
    """Nothing that later kernels took away is called or linked to."""
    headers = subprocess.run([ROOT / 'scripts/lib/next-kernel'], text=True, check=True,
                             stdout=subprocess.PIPE).stdout.splitlines()[-1]
    shutil.rmtree(BUILD, ignore_errors=True)
    made = subprocess.run(['make', '-C', ROOT, 'modules', 'KVER=next', f'KDIR={ROOT / headers}',
                           'KFLAGS=KCFLAGS=-Werror'], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = made.stdout
    assert made.returncode == 0 and 'WARNING' not in said, said
    assert 'newer than any kernel that they were tried with' in said
    for name in ['', *(f'-{card}' for card in CARDS)]:
        assert (BUILD / f'snd-wavepci{name}.ko').exists()
