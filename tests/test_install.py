"""The modules installed by make, by DKMS and from the package, and taken out again.

Everything happens below a directory that stands for a machine's root: DKMS is
shown its parts in place of the machine's own, in a mount namespace. The modules
that `make` left in build/ are what is installed; DKMS builds its own.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / 'scripts/lib'), str(ROOT / 'tests/vm')]
from guest import on_host  # noqa: E402
from kernels import choose_kernel  # noqa: E402
from spared import newest, spare  # noqa: E402

pytestmark = pytest.mark.xdist_group('install')    # one builds the package for all
SERIES = ('6.1.', '6.12.')
MODULES = ('snd-wavepci', 'snd-wavepci-ich', 'snd-wavepci-loopback', 'snd-wavepci-hda')
CONF = dict(re.findall(r'^(\w+)="(.*)"', (ROOT / 'dkms.conf').read_text(), re.M))
VERSION = CONF['PACKAGE_VERSION']
OPTIONS = CONF['BUILD_EXCLUSIVE_CONFIG'].split()
CHOICE = 'etc/modprobe.d/wavepci.conf'
MAINLINE = '''# Written by wavepci-bind --boot mainline; see wavepci-bind(8).
# The cards are snd-intel8x0's: nobody loads the other by itself.
blacklist snd-wavepci-ich
blacklist snd-wavepci-hda
'''
# What DKMS and depmod are to see of a box, instead of the machine's own.
SHOWN = ('lib/modules', 'var/lib/dkms', 'etc/modprobe.d')


def make(*arguments, status=0):
    return on_host('make', '-s', '-C', ROOT, *arguments, status=status)


def modules_of(series):
    """The modules of a kernel of this series, a directory named after its release."""
    return Path(choose_kernel(series, None)[1])


def tree(root):
    """Every file below a directory: its path there, and what is in it."""
    return {str(path.relative_to(root)):
            os.readlink(path) if path.is_symlink() else hashlib.sha256(path.read_bytes()).digest()
            for path in Path(root).rglob('*') if path.is_symlink() or path.is_file()}


def fill_headers(path, version='6.12.0', options=OPTIONS):
    """Make a directory look like the headers of a kernel, as far as anyone asks first."""
    (path / 'include/config').mkdir(parents=True)
    (path / 'Makefile').write_text('')
    (path / 'include/config/kernel.release').write_text(version + '\n')
    for config in '.config', 'include/config/auto.conf':
        (path / config).write_text(''.join(f'{option}=y\n' for option in options))


class Box:
    """A directory like the root of a machine on which no driver of ours ever was."""

    def __init__(self, root):
        self.root = root
        for shown in SHOWN:
            (root / shown).mkdir(parents=True)

    def add_kernel(self, series):
        """Put a kernel there, as far as sound goes; its release."""
        modules = modules_of(series)
        release = modules.name
        there = self.root / 'lib/modules' / release
        shutil.copytree(modules / 'kernel/sound', there / 'kernel/sound')
        for name in 'modules.order', 'modules.builtin':
            shutil.copy(modules / name, there)
        (there / 'build').symlink_to(Path('/lib/modules', release, 'build').resolve())
        on_host('depmod', '-b', self.root, release)
        return release

    def inside(self, *command):
        """The command which runs a command where the machine's directories are the box's."""
        mounts = ''.join(f'mount --bind {self.root / shown} /{shown}\n' for shown in SHOWN)
        return [*map(str, ('unshare', '--map-root-user', '--mount', 'sh', '-ec',
                           mounts + 'exec "$@"', 'sh', *command))]

    def add_source(self, source):
        """Have DKMS know the modules, as of the source in usr/src of a package."""
        on_host(*self.inside('dkms', 'add', '-m', 'wavepci', '-v', VERSION, '--sourcetree', source))

    def dkms_command(self, action, release):
        return self.inside('dkms', action, '-m', 'wavepci', '-v', VERSION, '-k', release)

    def dkms(self, action, release, **options):
        return on_host(*self.dkms_command(action, release), **options)

    def state(self, release):
        """What DKMS says of the modules for a kernel."""
        return self.dkms('status', release).strip().rpartition(': ')[2]

    def loaded_for(self, release, module):
        """The files that modprobe would load for a module."""
        said = on_host('modprobe', '-d', self.root, '-S', release, '--show-depends', module)
        return re.findall(r'^insmod (\S+)', said, re.M)


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path / 'box')


@pytest.fixture(scope='module')
def package(tmp_path_factory):
    """The unpacked Debian package, and what was said while it was made."""
    said = make('deb')
    unpacked = tmp_path_factory.mktemp('package')
    on_host('dpkg-deb', '-x', ROOT / f'build/wavepci-dkms_{VERSION}_all.deb', unpacked)
    return unpacked, said


# --- make install ---------------------------------------------------------

@pytest.mark.parametrize('series', SERIES)
def test_make(box, series):
    """It installs what it says, does so again, and leaves nothing when it's undone."""
    release = box.add_kernel(series)
    places = f'KVER={release}', f'DESTDIR={box.root}'
    before = tree(box.root)
    said = make('install', *places)
    installed = tree(box.root)
    indexes = {f'lib/modules/{release}/{path.name}'
               for path in (box.root / 'lib/modules' / release).glob('modules.*')}
    updates = {f'lib/modules/{release}/updates/wavepci/{name}.ko' for name in MODULES}
    assert installed.keys() - before.keys() == updates | {
        'usr/local/sbin/wavepci-bind', 'usr/local/share/man/man8/wavepci-bind.8', CHOICE}
    assert {path for path in before if before[path] != installed[path]} <= indexes
    assert (box.root / CHOICE).read_text() == MAINLINE
    assert f'installed for kernel {release}; at boot the cards go to: mainline' in said
    for name in MODULES[1:]:
        files = box.loaded_for(release, name)
        assert files[-2:] == [f'{box.root}/lib/modules/{release}/updates/wavepci/{file}.ko'
                              for file in (MODULES[0], name)]

    make('install', *places)
    assert tree(box.root) == installed, 'the second time makes a difference'
    assert f'removed from kernel {release}' in make('uninstall', *places)
    assert tree(box.root) == before
    assert not (box.root / 'lib/modules' / release / 'updates').exists()


def test_choice_stays(box):
    """Installed anew, over an old version, the cards stay whose they were."""
    release = modules_of(SERIES[-1]).name
    places = f'KVER={release}', f'DESTDIR={box.root}'
    make('install', *places)
    on_host(ROOT / 'scripts/bind', '--boot', 'wavepci',
            env={**os.environ, 'DESTDIR': str(box.root)})
    chosen = (box.root / CHOICE).read_text()
    assert 'at boot the cards go to: wavepci' in make('install', *places)
    assert (box.root / CHOICE).read_text() == chosen


def test_make_beside_dkms(box):
    """Where DKMS has installed the modules, make leaves everything as it is."""
    release = modules_of(SERIES[-1]).name
    theirs = box.root / f'lib/modules/{release}/updates/dkms/snd-wavepci-ich.ko.xz'
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    before = tree(box.root)
    said = make('install', f'KVER={release}', f'DESTDIR={box.root}', status=2)
    assert f'DKMS has installed {theirs}' in said and 'dkms remove' in said
    assert tree(box.root) == before


def test_not_built(box, tmp_path):
    """Modules that nobody built can't be installed, and it says how to build them."""
    fill_headers(tmp_path / 'headers')
    said = make('install', 'KVER=6.12.0-unbuilt', f'KDIR={tmp_path}/headers',
                f'DESTDIR={box.root}', status=2)
    assert 'run make first, with KVER=6.12.0-unbuilt' in said
    assert not tree(box.root)


# --- the package ----------------------------------------------------------

def test_package(package):
    """It has all that DKMS needs, wavepci-bind, its manual, and nothing else."""
    unpacked, said = package
    source = f'usr/src/wavepci-{VERSION}'
    sources = [path.relative_to(ROOT) for top in ('src', 'include')
               for path in (ROOT / top).rglob('*') if path.is_file()]
    assert tree(unpacked).keys() == {
        f'{source}/{path}' for path in (*sources, 'Makefile', 'dkms.conf', 'scripts/bind',
                                        'scripts/lib/check-kernel',
                                        'scripts/lib/has-hda')} | {
        'usr/sbin/wavepci-bind', 'usr/share/man/man8/wavepci-bind.8.gz',
        'usr/share/lintian/overrides/wavepci-dkms',
        'usr/share/doc/wavepci-dkms/changelog.gz', 'usr/share/doc/wavepci-dkms/copyright'}
    for program in 'usr/sbin/wavepci-bind', f'{source}/scripts/bind':
        assert (unpacked / program).stat().st_mode & 0o777 == 0o755
    assert not re.findall('^[EW]: .*', said, re.M), said    # of lintian


# --- DKMS -----------------------------------------------------------------

def interrupt_build(box, release):
    """Kill DKMS while it compiles."""
    build = box.root / f'var/lib/dkms/wavepci/{VERSION}/build/build' / release
    with subprocess.Popen(box.dkms_command('build', release), stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:
        while not [*build.glob('src/portcls/*.o')]:
            assert process.poll() is None, 'it ended before it had compiled anything'
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    assert not [*build.glob('*.ko')], 'it was too late to interrupt it'


@pytest.mark.parametrize('series', SERIES)
def test_dkms(box, package, series):
    """From add to remove, with a build that was interrupted, and once too often."""
    spare(newest(series))
    release = box.add_kernel(series)
    modules = box.root / 'lib/modules'
    before = tree(modules)
    box.add_source(package[0] / 'usr/src')
    interrupt_build(box, release)
    assert box.state(release) == 'added'
    box.dkms('build', release)
    assert box.state(release) == 'built'
    assert tree(modules) == before

    box.dkms('install', release)
    assert box.state(release) == 'installed'
    new = tree(modules).keys() - before.keys()
    assert {re.sub(r'\.ko(\.\w+)?$', '', path) for path in new} == {
        f'{release}/updates/dkms/{name}' for name in MODULES}
    for name in MODULES[1:]:
        files = box.loaded_for(release, name)
        assert [re.sub(r'\.ko.*', '', file) for file in files[-2:]] == [
            f'{modules}/{release}/updates/dkms/{file}' for file in (MODULES[0], name)]
    signers = on_host('modinfo', '-F', 'signer', *(modules / path for path in new))
    assert signers.splitlines() == ['DKMS module signing key'] * len(MODULES)
    assert (box.root / CHOICE).read_text() == MAINLINE

    installed = tree(box.root)
    assert 'already installed' in box.dkms('install', release)
    assert tree(box.root) == installed
    box.dkms('remove', release)
    assert tree(modules) == before
    assert not [*(box.root / 'var/lib/dkms').rglob(release)]


@pytest.mark.parametrize('release, options', [
    ('6.12.0-nosound', [option for option in OPTIONS if option != 'CONFIG_SND']),
    ('6.12.0-nopci', [option for option in OPTIONS if option != 'CONFIG_PCI']),
    ('6.0.19-old', OPTIONS)])
def test_dkms_skips(box, package, release, options):
    """A kernel that can't have the modules is left out, and DKMS says that it is."""
    fill_headers(box.root / 'lib/modules' / release / 'build', release, options)
    box.add_source(package[0] / 'usr/src')
    before = tree(box.root)
    said = box.dkms('build', release, status=77)    # by which dpkg knows it
    assert 'BUILD_EXCLUSIVE directive which does not match this kernel' in said
    new = tree(box.root).keys() - before.keys()
    assert {path for path in new if '/mok.' not in path} == set()


# --- what can't be built for ----------------------------------------------

def judge(release, path, **env):
    """Whether check-kernel takes a kernel, and what it says of it: one line at most."""
    ended = subprocess.run([ROOT / 'scripts/lib/check-kernel', release, path], text=True,
                           capture_output=True, check=False, env={**os.environ, **env})
    assert ended.returncode in (0, 1) and not ended.stdout
    assert not ended.stderr or re.fullmatch(f'kernel {re.escape(release)}: .+\n', ended.stderr)
    return ended.returncode == 0, ended.stderr


def refusal(release, path):
    """What check-kernel says against a kernel."""
    taken, said = judge(release, path)
    assert not taken
    return said


def test_no_headers(tmp_path):
    assert 'sudo apt-get install linux-headers-6.12.0-x' in refusal('6.12.0-x', tmp_path / 'no')


@pytest.mark.parametrize('lacking', ['auto.conf', 'kernel.release'])
def test_unprepared(tmp_path, lacking):
    fill_headers(tmp_path / 'linux')
    (tmp_path / 'linux/include/config' / lacking).unlink()
    said = refusal('6.12.0', tmp_path / 'linux')
    assert f'{tmp_path}/linux' in said and 'make modules_prepare' in said


@pytest.mark.parametrize('option', OPTIONS)
def test_lacks_option(tmp_path, option):
    fill_headers(tmp_path / 'linux', options=[o for o in OPTIONS if o != option])
    said = refusal('6.12.0', tmp_path / 'linux')
    assert option in said.replace(',', ' ').split() and 'take a kernel with sound' in said


@pytest.mark.parametrize('there', [[], ['clang'], ['clang', 'clang-16']])
def test_clang(tmp_path, there):
    """What clang has built takes modules that clang has built, of its version if it can."""
    fill_headers(tmp_path / 'linux', options=[*OPTIONS, 'CONFIG_CC_IS_CLANG'])
    with (tmp_path / 'linux/include/config/auto.conf').open('a') as file:
        file.write('CONFIG_CLANG_VERSION=160006\n')
    (tmp_path / 'bin').mkdir()
    for name in ['sh', 'grep', 'sed', *there]:
        (tmp_path / 'bin' / name).symlink_to(shutil.which(name) or '/bin/true')
    path = {'PATH': str(tmp_path / 'bin')}
    taken, said = judge('6.12.0', tmp_path / 'linux', **path)
    assert taken == bool(there) and ('apt-get install clang' in said) == (not there)
    compiler = on_host(ROOT / 'scripts/lib/compiler', tmp_path / 'linux', env=path,
                       status=0 if there else 1)
    assert compiler == {0: '', 1: 'LLVM=1\n', 2: 'LLVM=-16\n'}[len(there)]


OLD, TRIED, NEW = '6.1 or later is needed', '', 'newer than any kernel'


@pytest.mark.parametrize('version, words', [
    ('4.19.0-27-amd64', OLD), ('5.10.0-30-amd64', OLD), ('6.0.19', OLD),
    ('6.1.0-56-amd64', TRIED), ('6.9.7', TRIED), ('6.10.0', TRIED),
    ('6.12.117+deb12-amd64', TRIED), ('6.13.0', NEW), ('7.0.0-rc1', NEW), ('10.2', NEW)])
def test_version(tmp_path, version, words):
    """DKMS and make agree on what is too old; what is new is built, and that is said."""
    fill_headers(tmp_path / 'linux', version)
    taken, said = judge(version, tmp_path / 'linux')
    assert taken == (words != OLD)
    assert words in said and bool(said) == bool(words)
    assert bool(re.search(CONF['BUILD_EXCLUSIVE_KERNEL'], version)) == taken


# --- what modinfo says ----------------------------------------------------

def modinfo(field, path):
    """What a module says of itself in fields of this name."""
    return on_host('modinfo', '-F', field, path).splitlines()


# index:Number of the card (-1 to 31, -1: the next free one). (array of int)
PARM = re.compile(r'(\w+):([A-Z].{10,}) \((.+)\)\.? \((array of )?\w+\)')


@pytest.mark.parametrize('name', MODULES)
@pytest.mark.parametrize('series', SERIES)
def test_modinfo(series, name):
    """Every module says what it is, and of each parameter what it means and may be."""
    release = modules_of(series).name
    module = ROOT / 'build' / release / f'{name}.ko'
    assert modinfo('license', module) == ['GPL'] and modinfo('version', module) == [VERSION]
    assert modinfo('author', module) and modinfo('description', module)
    assert modinfo('vermagic', module)[0].split()[0] == release
    parms = modinfo('parm', module)
    assert parms
    for parm in parms:
        match = PARM.fullmatch(parm)
        assert match, f'{parm} tells neither what it is nor what it may be'
        assert re.search(r'\d+ (to|or) \d+|up to \d+', match[3]), f'no range in {parm}'


@pytest.mark.parametrize('series', SERIES)
def test_cards(series):
    """The cards of the ich module: mainline's, but those with other registers, and the
    440MX, whose memory mustn't be cached."""
    modules = modules_of(series)
    ours = modinfo('alias', ROOT / 'build' / modules.name / 'snd-wavepci-ich.ko')
    theirs = modinfo('alias', next(modules.rglob('snd-intel8x0.ko*')))
    left = 'pci:v00001039d00007012', 'pci:v000010B9d00005455', 'pci:v00008086d00007195'
    assert sorted(ours) == sorted(alias for alias in theirs if not alias.startswith(left))
    assert any(alias.startswith('pci:v00008086d00002415') for alias in ours)
