"""Synthetic digits as pictures, and the inks in which strokes are drawn."""

import numpy as np
import pytest

from model.data import pictures
from model.data.strokes import PAD, render

LINE = [np.array([[0.2, 0.5], [0.8, 0.5]])]


def darkness(image):
    return 1 - np.asarray(image, dtype=float) / 255


@pytest.mark.parametrize("digit", range(10))
def test_a_synthetic_digit_is_a_picture_and_the_same_for_the_same_seed(digit):
    for seed in range(20):
        picture = pictures.synthetic_picture(digit, np.random.default_rng(seed))
        assert picture.shape == (28, 28)
        assert picture.max() == 255
        np.testing.assert_array_equal(picture, pictures.synthetic_picture(digit, np.random.default_rng(seed)))


def test_an_outline_is_hollow_and_as_large_as_the_whole_stroke():
    ink = darkness(pictures.outline(LINE, 0.3, np.random.default_rng(0)))
    whole = darkness(render(LINE, 0.3))
    assert ink[PAD // 2, PAD // 2] == 0
    np.testing.assert_array_equal(ink.any(axis=0), whole.any(axis=0))
    np.testing.assert_array_equal(ink.any(axis=1), whole.any(axis=1))


@pytest.mark.parametrize("ink", [pictures.dashes, pictures.dots])
def test_dashes_and_dots_leave_gaps_along_the_stroke_and_touch_its_start(ink):
    for seed in range(10):
        row = darkness(ink(LINE, 0.05, np.random.default_rng(seed)))[PAD // 2] > 0.5
        assert row[round(0.2 * PAD)]
        assert np.count_nonzero(np.diff(row.astype(int)) == 1) >= 3


def test_dithered_ink_is_black_or_white_and_grey_on_the_whole():
    shares = []
    for seed in range(10):
        ink = darkness(pictures.dithered(LINE, 0.3, np.random.default_rng(seed)))
        assert set(np.unique(ink)) == {0, 1}
        shares.append(ink.sum() / darkness(render(LINE, 0.3)).sum())
    assert 0.3 < min(shares) < max(shares) < 1.1


def test_grains_take_ink_away_and_put_none_beside_the_stroke():
    whole = darkness(render(LINE, 0.3))
    for seed in range(10):
        ink = darkness(pictures.grains(LINE, 0.3, np.random.default_rng(seed)))
        assert (ink <= whole).all()
        assert 0.4 < ink.sum() / whole.sum() < 0.98


def test_a_stroke_is_cut_by_length():
    corner = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    pieces = pictures.cut(corner, 0.4, 0.4)
    np.testing.assert_allclose([piece[0] for piece in pieces], np.array([[0, 0], [0.8, 0], [1, 0.6]]))
    np.testing.assert_allclose([piece[-1] for piece in pieces], np.array([[0.4, 0], [1, 0.2], [1, 1]]), atol=1e-12)
    assert [piece.tolist() for piece in pictures.cut(corner, 0, 1)] == [[[0, 0]], [[1, 0]], [[1, 1]]]
