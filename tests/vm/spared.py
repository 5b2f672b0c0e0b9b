"""What `make check` leaves out where others show the same; `make torture` doesn't."""

import os

import pytest

EVERYWHERE = bool(os.environ.get('EVERYWHERE'))


def spare(where, reason='one of these will do there'):
    """Skip a test there, unless it is to run everywhere."""
    if where and not EVERYWHERE:
        pytest.skip(f'{reason}: EVERYWHERE=1')
