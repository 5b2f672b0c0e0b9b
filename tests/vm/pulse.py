"""A private PulseAudio: the world that an emulated card plays and records in."""

import os
import subprocess
import time

from guest import URGENT


def wait_for(condition, seconds, what):
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f'{what}: not within {seconds} seconds'
        time.sleep(0.05)


class Pulse:
    """A private PulseAudio: what is played to `mic` is what the card records,
    and what the card plays goes to `speaker`."""

    def __init__(self, path):
        self.socket, self.log = path / 'socket', path / 'log'
        self.env = {**os.environ, 'HOME': str(path), 'XDG_RUNTIME_DIR': str(path),
                    'PULSE_RUNTIME_PATH': str(path), 'PULSE_SERVER': f'unix:{self.socket}'}
        sink = 'load-module module-null-sink rate=48000 format=s16le channels=2 sink_name='
        (path / 'setup').write_text(
            f'load-module module-native-protocol-unix auth-anonymous=1 socket={self.socket}\n'
            f'{sink}speaker\n{sink}mic\nset-default-sink speaker\n')
        with self.log.open('w') as log:
            self.process = subprocess.Popen(
                [*URGENT, 'pulseaudio', '-n', '-F', path / 'setup', '--daemonize=no',
                 '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'],
                env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.socket.exists, 10, 'PulseAudio')
        self.audio = f'pa:unix:{self.socket}:mic.monitor'
        self.recorder = None

    def play(self, wav):
        """Play a file to the microphone, in the background."""
        return subprocess.Popen([*URGENT, 'paplay', '--device=mic', wav], env=self.env)

    def record(self, path):
        """Write what the speaker plays to a file of raw samples, until the next call."""
        if self.recorder:
            self.recorder.terminate()
            self.recorder.wait()
        self.recorder = subprocess.Popen(
            [*URGENT, 'parec', '--device=speaker.monitor', '--rate=48000', '--channels=2',
             '--format=s16le', '--raw', path], env=self.env)

    def stop(self):
        for process in filter(None, (self.recorder, self.process)):
            process.terminate()
            process.wait()
