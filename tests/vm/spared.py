"""What `make check` leaves out where others show the same; `make torture` doesn't."""

import os

import pytest

EVERYWHERE = bool(os.environ.get('EVERYWHERE'))


def older(kernel):
    """Whether it is the oldest: what differs in ALSA there shows in one test of each kind."""
    return kernel.startswith('6.1.')


def newest(kernel):
    """Whether it is the one on which all is shown."""
    return kernel.startswith('6.12.')


def spare(where, reason='one of these will do there'):
    """Skip a test there, unless it is to run everywhere."""
    if where and not EVERYWHERE:
        pytest.skip(f'{reason}: EVERYWHERE=1')
