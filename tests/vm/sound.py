"""Test signals, and what became of them in the output of a card."""

import numpy as np


def signal(frames, seed=0):
    """Noise in which no frame is silent and no two close by are the same.

    The left channel goes through all 65536 values, in an order of the seed's,
    so that a lost, doubled or misplaced frame shows; the right one is random.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(65536)
    left = np.resize(order, frames)
    right = random.integers(0, 32768, frames) * 2 + 1
    return (np.stack([left, right], 1) - 32768).astype(np.int16)


def as_frames(samples):
    """One number for each stereo frame."""
    return np.ascontiguousarray(samples, np.int16).view(np.uint32).reshape(-1)


def find(frames, piece):
    """Where a short piece is found among frames: its first index, or None."""
    if len(frames) < len(piece) or not len(piece):
        return None
    hits = np.flatnonzero(frames[:len(frames) - len(piece) + 1] == piece[0])
    return next((int(hit) for hit in hits
                 if (frames[hit:hit + len(piece)] == piece).all()), None)


def describe(got, want):
    """In words, how got begins to differ from want; None if it doesn't."""
    common = min(len(got), len(want))
    wrong = np.flatnonzero(got[:common] != want[:common])
    if not len(wrong):
        return (f'ends after {len(got)} of {len(want)} frames'
                if len(got) < len(want) else None)
    at = int(wrong[0])
    value = [tuple(int(v) for v in x[at:at + 1].view(np.int16)) for x in (got, want)]
    text = f'frame {at} of {len(want)} is {value[0]} instead of {value[1]}'
    sound = np.flatnonzero(got[at:])
    quiet = int(sound[0]) if len(sound) else len(got) - at
    if quiet:
        text += f': {quiet} frames of silence'
    place = find(want, got[at + quiet:at + quiet + 4]) if quiet < len(got) - at else None
    if place is not None and place > at:
        text += f'; it continues after {place - at} lost frames'
    elif place is not None and place < at:
        text += f'; it continues with the last {at - place} frames again'
    elif place is not None and quiet:
        text += ' put in'
    return text


def check(samples, *signals):
    """Whether samples are these signals with nothing but silence around them.

    Returns where each begins; fails with a description of the first difference.
    """
    frames, at, places = as_frames(samples), 0, []
    for number, wanted in enumerate(signals, 1):
        want = as_frames(wanted)
        sound = np.flatnonzero(frames[at:])
        assert len(sound), f'signal {number} of {len(signals)} is missing: only silence'
        at += int(sound[0])
        trouble = describe(frames[at:at + len(want)], want)
        assert not trouble, f'signal {number} of {len(signals)}, at {at}: {trouble}'
        places.append(at)
        at += len(want)
    sound = np.flatnonzero(frames[at:])
    assert not len(sound), (f'{len(sound)} frames too many, from '
                            f'{int(sound[0])} after the last signal on')
    return places


def without_silence(samples):
    return samples[as_frames(samples) != 0]


def strip(samples):
    """Samples without the silence before and after."""
    sound = np.flatnonzero(as_frames(samples))
    return samples[sound[0]:sound[-1] + 1] if len(sound) else samples[:0]
