"""A picture of any kind is the same for the same seed, and has a visible digit where it should."""

import dataclasses

import numpy as np
import pytest

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import KINDS
from model.data.photographs.photograph import fixed_size
from model.data.synthetic import synthetic_digit


def written(digit=3):
    return PenDigit(digit, 1, list(synthetic_digit(digit, np.random.default_rng(0))))


def small(kind):
    """What makes pictures of the kind with few pixels, which takes less time."""
    side = 480 if kind.group == "small" else 240
    return dataclasses.replace(kind.make, size=fixed_size(side, side))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_picture_depends_on_the_digit_and_the_seed_alone(kind):
    make = small(kind)
    first, same, other = (make(written(digit), np.random.default_rng(1)) for digit in (1, 1, 8))
    assert first.tobytes() == same.tobytes()
    if kind.has_digit:  # the same sheet, light and camera: what differs clearly is the writing
        one, eight = (np.asarray(image.convert("RGBA"), dtype=float) for image in (first, other))
        assert (np.abs(one - eight).max(axis=2) > 25).mean() > 0.001


def test_photographs_are_of_the_sizes_that_people_send():
    rng = np.random.default_rng(0)
    sizes = np.array([KINDS["plain"].make(written(), rng).size for _ in range(6)])
    assert sizes.min() >= 300
    assert sizes.max() <= 1334
    assert len(np.unique(sizes, axis=0)) > 3
