"""The kernels scripts/vm boots, and what it makes of them in a cache."""

import contextlib
import glob
import gzip
import hashlib
import json
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

LIB = os.path.dirname(os.path.realpath(__file__))
CACHE = os.path.join(os.environ.get('XDG_CACHE_HOME')
                     or os.path.expanduser('~/.cache'), 'wavepci')
QEMU = 'qemu-system-x86_64'
SPECIAL = re.compile(r'-(rt|cloud)-')
MODULES = ('virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay')


def die(message, status=125):
    print('vm: ' + message, file=sys.stderr)
    sys.exit(status)


def version_key(release):
    return [(1, int(part), '') if part.isdigit() else (0, 0, part)
            for part in re.findall(r'\d+|\D+', release)]


def find_kernels():
    """Releases with an image that can be read: {release: (image, modules)}."""
    found, unreadable = {}, None
    places = [(path, '/lib/modules/' + path[len('/boot/vmlinuz-'):])
              for path in glob.glob('/boot/vmlinuz-*')]
    places += [(path, os.path.join(os.path.dirname(path), 'lib/modules',
                                   os.path.basename(os.path.dirname(path))))
               for path in glob.glob(CACHE + '/kernels/*/vmlinuz')]
    for image, modules in places:
        if not os.access(image, os.R_OK):
            unreadable = image
        elif os.path.isdir(modules):
            found.setdefault(os.path.basename(modules), (image, modules))
    return found, unreadable


def choose_kernel(wanted, modules_dir):
    """The image and modules directory (or None) for --kernel."""
    if wanted and '/' in wanted:
        if not os.access(wanted, os.R_OK):
            die(f'cannot read the kernel {wanted}')
        return wanted, modules_dir and os.path.abspath(modules_dir)
    found, unreadable = find_kernels()
    # Those for special purposes only by their whole name.
    releases = sorted((r for r in found if r == wanted or
                       (r.startswith(wanted or '') and not SPECIAL.search(r))),
                      key=version_key)
    if releases:
        image, modules = found[wanted if wanted in found else releases[-1]]
        return image, modules_dir and os.path.abspath(modules_dir) or modules
    package = 'linux-image-amd64'
    if wanted:
        short = re.match(r'\d+\.\d+', wanted)
        package = ('linux-image-' + wanted if wanted.endswith('-amd64') else
                   f'linux-image-{short[0]}-amd64' if short and short[0] != '6.1'
                   else package)
    if unreadable and not wanted:
        die(f'{unreadable} cannot be read; get a copy: scripts/kernel {package}')
    die(f'no kernel {wanted or "image in /boot"}; get one: scripts/kernel {package}')


def module_files(modules):
    """The files of MODULES and their dependencies, in the order to load them."""
    def name(path):
        return os.path.basename(path).split('.')[0].replace('-', '_')

    depends, order = {}, []
    if modules:
        with open(os.path.join(modules, 'modules.dep')) as dep:
            for line in dep:
                path, needs = line.split(':')
                depends[name(path)] = (path, needs.split())

    def add(module):
        if module in depends:            # what is missing must be built in
            path, needs = depends[module]
            for need in needs:
                add(name(need))
            if path not in order:
                order.append(path)

    for module in MODULES:
        add(module)
    return [os.path.join(modules, path) for path in order]


def unpack(path):
    with open(path, 'rb') as file:
        data = file.read()
    if path.endswith('.xz'):
        return lzma.decompress(data)
    if path.endswith('.gz'):
        return gzip.decompress(data)
    if path.endswith('.zst'):
        if not shutil.which('zstd'):
            die('zstd is missing: sudo apt-get install zstd')
        return subprocess.run(['zstd', '-dc'], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    return data


def cpio(files):
    """A newc archive of [(name, mode, data)]."""
    out = bytearray()
    for inode, (name, mode, data) in enumerate(
            files + [('TRAILER!!!', 0, b'')], 1):
        head = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b'070701' + b''.join(b'%08X' % n for n in head)
        out += name.encode() + b'\0'
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return bytes(out)


def save(path, data):
    """Write a file of the cache in one step."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path), delete=False) as tmp:
        tmp.write(data)
    os.replace(tmp.name, path)


def find_busybox():
    for path in ('/bin/busybox', '/usr/bin/busybox', '/bin/busybox-static'):
        if os.path.exists(path):
            with open(path, 'rb') as file:
                if b'ld-linux' not in file.read(4096):
                    return path
    die('a static busybox is missing: sudo apt-get install busybox-static')


def initramfs(modules):
    """The path of the initramfs for this modules directory, made when needed."""
    busybox, paths = find_busybox(), module_files(modules)
    init = os.path.join(LIB, 'guest-init1')
    key = [unpack(init)] + [(p, os.stat(p).st_mtime, os.stat(p).st_size)
                            for p in [busybox] + paths]
    digest = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
    release = os.path.basename(modules.rstrip('/')) if modules else 'builtin'
    path = os.path.join(CACHE, f'initramfs-{release}-{digest}')
    if not os.path.exists(path):
        for old in glob.glob(os.path.join(CACHE, glob.escape(f'initramfs-{release}-') + '*')):
            with contextlib.suppress(OSError):
                # Another tree may be about to boot with a new one.
                if os.stat(old).st_mtime < time.time() - 86400:
                    os.unlink(old)
        files = [(d, 0o40755, b'') for d in ('bin', 'dev', 'modules')]
        files += [('bin/busybox', 0o100755, unpack(busybox)),
                  ('init', 0o100755, unpack(init))]
        files += [('modules/%02d-%s.ko' % (i, os.path.basename(p).split('.')[0]),
                   0o100644, unpack(p)) for i, p in enumerate(paths)]
        save(path, cpio(files))
    return path


def vmlinux(image):
    """The kernel inside a bzImage, which boots seconds sooner under TCG."""
    stat = os.stat(image)
    digest = hashlib.sha256(f'{image} {stat.st_mtime} {stat.st_size}'.encode())
    path = os.path.join(CACHE, 'vmlinux-' + digest.hexdigest()[:16])
    if os.path.exists(path):
        return path
    with open(image, 'rb') as file:
        data = file.read()
    offset, length = struct.unpack_from('<II', data, 0x248)
    payload = data[((data[0x1f1] or 4) + 1) * 512 + offset:][:length]
    if payload.startswith(b'\xfd7zXZ'):
        kernel = lzma.LZMADecompressor().decompress(payload)
    elif payload.startswith(b'\x1f\x8b'):
        kernel = zlib.decompressobj(wbits=31).decompress(payload)
    elif payload.startswith(b'\x28\xb5\x2f\xfd') and shutil.which('zstd'):
        kernel = subprocess.run(['zstd', '-dc'], input=payload[:-4], check=True,
                                stdout=subprocess.PIPE).stdout
    else:
        return image
    if not re.search(rb'\x04\0\0\0[\x04\x08]\0\0\0\x12\0\0\0Xen\0', kernel):
        return image                     # no PVH entry, which QEMU needs
    save(path, kernel)
    return path


def kvm_works(image):
    """Whether a kernel boots under KVM, found out once per boot of this machine."""
    if not os.access('/dev/kvm', os.R_OK | os.W_OK):
        return False
    version = subprocess.run([QEMU, '--version'], stdout=subprocess.PIPE, text=True)
    with open('/proc/sys/kernel/random/boot_id') as file:
        key = file.read().strip() + ' ' + version.stdout.split('\n')[0]
    cache = os.path.join(CACHE, 'kvm.json')
    with contextlib.suppress(OSError, ValueError, KeyError):
        with open(cache) as file:
            return json.load(file)[key]
    with tempfile.NamedTemporaryFile() as log:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [QEMU, '-accel', 'kvm', '-cpu', 'host', '-m', '256', '-nodefaults',
                 '-display', 'none', '-no-reboot', '-serial', 'file:' + log.name,
                 '-kernel', image, '-append', 'console=ttyS0 panic=-1'],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10)
        works = b'Unable to mount root fs' in log.read()   # all that it lacks
    save(cache, json.dumps({key: works}).encode())
    return works
