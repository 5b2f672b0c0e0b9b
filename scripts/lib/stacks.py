"""What a guest that hangs is doing, or waiting for, into its console log."""

import contextlib
import json
import os
import socket
import time

# An NMI that nobody asked for is a panic, and that shows where all tasks wait and
# what all processors do.
KERNEL_ARGS = 'unknown_nmi_panic panic_print=0x41'
SETTLED = 15    # seconds; the kernel waits up to 10 for a processor to answer
LONGEST = 90


class Monitor:
    """QEMU's machine protocol, on a socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.lines = self.socket.makefile('r')
        self.lines.readline()       # the greeting
        self.ask('qmp_capabilities')

    def ask(self, command, **arguments):
        """Run a command and return what it returns, or None after an error."""
        request = {'execute': command, 'arguments': arguments}
        self.socket.sendall(json.dumps(request).encode())
        for line in self.lines:
            answer = json.loads(line)
            if 'event' not in answer:
                return answer.get('return')
        return None


def qemu_args(path):
    """The arguments for a QEMU that show_stacks() can talk to."""
    return ['-qmp', f'unix:{path},server=on,wait=off']


def wait_until_settled(process, log):
    """Wait until the log doesn't grow any more, or QEMU has ended."""
    end, settled, size = time.monotonic() + LONGEST, 0, 0
    while process.poll() is None and time.monotonic() < end:
        now = os.path.getsize(log)
        if now != size:
            size, settled = now, time.monotonic() + SETTLED
        elif time.monotonic() > settled:
            break
        time.sleep(0.2)


def show_stacks(process, path, log):
    """Have the guest write all stacks into its log; returns what it wrote.

    Where the guest doesn't even take an NMI, that is the registers as QEMU has
    them.
    """
    before = os.path.getsize(log) if os.path.exists(log) else 0
    registers = ''
    with contextlib.suppress(OSError, ValueError):
        monitor = Monitor(path)
        registers = monitor.ask('human-monitor-command',
                                **{'command-line': 'info registers -a'}) or ''
        monitor.ask('inject-nmi')
        wait_until_settled(process, log)
    with open(log, 'a+', errors='replace') as file:
        file.seek(before)
        text = file.read().replace('\r', '')
        if 'Call Trace' not in text:
            file.write(registers)
            text += registers
    return text
