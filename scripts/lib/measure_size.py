"""How large the modules of both drivers are, and the parts that ours can do without."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from kernels import find_kernels, unpack
from measure import ROOT

OURS = 'snd-wavepci', 'snd-wavepci-ich'
PARTS = re.search(r'^PARTS := (.*)', (ROOT / 'Makefile').read_text(), re.M)[1].split()


def text_and_data(files):
    total = 0
    for file in files:
        with tempfile.NamedTemporaryFile(suffix='.ko') as plain:
            plain.write(unpack(str(file)))
            plain.flush()
            text, data = subprocess.check_output(['size', plain.name], text=True
                                                 ).splitlines()[1].split()[:2]
        total += int(text) + int(data)
    return total


def mainline(release):
    directory = Path(find_kernels()[0][release][1])
    return text_and_data([next(directory.rglob('snd-intel8x0.ko*'))])


def ours(directory):
    """What port and miniport share is ours."""
    return text_and_data([Path(directory) / f'{name}.ko' for name in OURS])


def without(parts, release):
    """Our modules, but for these parts."""
    with tempfile.TemporaryDirectory() as directory:
        kept = ' '.join(part for part in PARTS if part not in parts)
        subprocess.run(['make', '-s', 'modules', f'KVER={release}', f'PARTS={kept}',
                        f'BUILD={os.path.relpath(directory, ROOT)}'], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
        return ours(directory)


def sizes(release):
    """{'mainline': bytes, 'wavepci': bytes, 'least': bytes, 'parts': {part: bytes}}"""
    whole = ours(ROOT / f'build/{release}')
    return {'mainline': mainline(release), 'wavepci': whole, 'least': without(PARTS, release),
            'parts': {part: whole - without([part], release) for part in PARTS}}
