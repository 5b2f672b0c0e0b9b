# SPDX-License-Identifier: GPL-2.0
"""A whole Debian system in QEMU, which runs one script after the other."""

import shutil
import socket
import subprocess
import time

import guest

QEMU = ['setpriv', '--pdeathsig', 'KILL', 'qemu-system-x86_64', '-nodefaults',
        '-no-user-config', '-display', 'none', '-machine', 'pc', '-m', '2048',
        '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2',
        '-device', 'virtio-serial-pci',
        '-chardev', 'socket,id=agent,path=agent,server=on,wait=off',
        '-device', 'virtserialport,chardev=agent,name=agent',
        '-drive', 'file=disk,if=virtio,cache=unsafe', '-serial', 'file:console',
        '-virtfs', 'local,path=share,mount_tag=share,security_model=none']
SHAPE = '{0}.fixed-settings=on,{0}.channels=2,{0}.format=s16,{0}.frequency=48000'

# An emulated processor is slow, and a busy machine makes it slower.
PATIENCE = 3600


class System:
    """A system on a copy of a disk image; use as a context manager.

    It has two AC'97 cards. What the first one plays goes to a file; the second
    one is connected to PulseAudio. Whatever it does, between reboots too, goes
    on in one QEMU.
    """

    def __init__(self, out, image, pulse):
        self.out, self.console = out, out / 'console'
        self.number, self.heard_bytes, self.kernel = 0, 0, None
        (out / 'share').mkdir()
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-b', image, '-F', 'raw',
                        out / 'disk'], check=True)
        command = [*QEMU, '-audiodev', 'wav,id=heard,path=card.wav,' + SHAPE.format('out'),
                   '-device', 'AC97,audiodev=heard,addr=0x10', '-audiodev',
                   # PulseAudio drops what isn't fetched within twice the latency.
                   f'pa,id=spoken,server=unix:{pulse},in.name=mic.monitor,in.latency=2000000,'
                   + SHAPE.format('in') + ',' + SHAPE.format('out'),
                   '-device', 'AC97,audiodev=spoken,addr=0x11']
        with (out / 'qemu').open('w') as log:
            self.process = subprocess.Popen(command, cwd=out, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        self.port, self.received = socket.socket(socket.AF_UNIX), b''
        self.connect()
        self.booted()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def connect(self):
        while True:
            try:
                return self.port.connect(str(self.out / 'agent'))
            except (FileNotFoundError, ConnectionRefusedError):
                assert self.process.poll() is None, (self.out / 'qemu').read_text()
                time.sleep(0.05)

    def line(self):
        """The next line that the guest says."""
        end = time.monotonic() + PATIENCE
        while b'\n' not in self.received:
            self.port.settimeout(max(end - time.monotonic(), 0.1))
            data = self.port.recv(4096)
            assert data, 'QEMU has ended: ' + (self.out / 'qemu').read_text()[-1000:]
            self.received += data
        line, _, self.received = self.received.partition(b'\n')
        return line.decode()

    def booted(self):
        """Wait for a boot, and until all devices have their drivers."""
        word = ''
        while word != 'boot':
            word, self.kernel = self.line().split()
        self.run('udevadm settle')

    def share(self, path, name):
        """Let the guest have a file, as /run/share/NAME."""
        shutil.copy(path, self.out / 'share' / name)

    def start(self, script):
        """Let root run a script."""
        self.number += 1
        (self.out / f'share/{self.number}').write_text(f'set -e\n{script}\n')
        self.port.sendall(b'%d\n' % self.number)

    def finish(self, status=0):
        """Wait for the end of the script, with this status; its output."""
        number, got = self.line().split()
        output = (self.out / f'share/{number}.out').read_text(errors='replace')
        print(output)
        assert int(number) == self.number and int(got) == status, f'status {got}:\n{output}'
        return output

    def run(self, script, status=0):
        self.start(script)
        return self.finish(status)

    def reboot(self):
        self.start('systemctl reboot')      # it may be gone before it says so
        self.booted()

    def complaints(self):
        """What the kernels said was wrong, from the first boot on."""
        return guest.reports(self.console.read_text(errors='replace'))

    def heard(self):
        """What the first card has played since this was last asked."""
        samples = guest.read_wav(self.out / 'card.wav', 44 + self.heard_bytes)
        self.heard_bytes += samples.nbytes
        return samples
