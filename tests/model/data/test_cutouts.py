"""Bad cut-outs of every kind."""

import numpy as np
import pytest

from model.data import cutouts
from model.preprocess import bounding_box, place

KINDS = (
    cutouts.framed_digit, cutouts.lined_digit, cutouts.stacked_digits, cutouts.two_digits, cutouts.half_digit,
    cutouts.crossing, cutouts.text, cutouts.texture, cutouts.sheet_edge,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_ink_and_the_same_for_the_same_seed(kind):
    for seed in range(20):
        ink = kind(np.random.default_rng(seed))
        assert 0 <= ink.min() < ink.max() <= 1
        np.testing.assert_array_equal(ink, kind(np.random.default_rng(seed)))


def test_a_cutout_is_a_picture_as_the_network_sees_it():
    rng = np.random.default_rng(0)
    for _ in range(50):
        picture = cutouts.cutout(rng)
        assert picture.shape == (784,)
        assert picture.dtype == np.uint8


def test_half_a_digit_is_never_as_narrow_as_a_1():
    for seed in range(50):
        box = bounding_box(cutouts.half_digit(np.random.default_rng(seed)))
        assert box
        assert box.right - box.left > cutouts.MIN_ASPECT * (box.bottom - box.top)


def test_a_frame_stays_around_its_digit(monkeypatch):
    """Preprocessing takes frames away, and what were left would be a digit that is called none."""
    monkeypatch.setattr(cutouts, "synthetic_digit", lambda *_: [np.array([[0, 0.0], [0.1, 1]])])
    for seed in range(20):
        picture = place(cutouts.framed_digit(np.random.default_rng(seed))).picture
        rows, columns = np.nonzero(picture)
        assert max(np.ptp(rows), np.ptp(columns)) >= 18
        assert np.ptp(columns) > 8


def test_a_digit_is_scaled_to_height_1_around_the_middle():
    points = np.concatenate(cutouts.unit_digit(4, np.random.default_rng(0)))
    assert np.ptp(points[:, 1]) == pytest.approx(1)
    np.testing.assert_allclose(points.min(axis=0), -points.max(axis=0))
