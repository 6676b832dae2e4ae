"""Habits made on purpose are strokes of the digit they say; what is no digit is none."""

import numpy as np
import pytest

from model.data import outliers, synthetic
from model.data.strokes import StrokeAugmentation, draw_augmented


@pytest.mark.parametrize("digit", range(10))
def test_every_habit_makes_strokes_of_a_sensible_size(digit):
    rng = np.random.default_rng(digit)
    for _ in range(200):
        strokes = synthetic.synthetic_digit(digit, rng)
        points = np.concatenate(strokes)
        assert all(stroke.ndim == 2 and stroke.shape[1] == 2 and len(stroke) > 1 for stroke in strokes)
        assert np.isfinite(points).all()
        assert 0.8 < np.ptp(points[:, 1]) < 1.5
        assert np.ptp(points[:, 0]) < 1.5


def test_the_same_seed_writes_the_same():
    first, again = (synthetic.synthetic_digit(5, np.random.default_rng(3)) for _ in range(2))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("digit", range(10))
def test_the_network_that_ships_reads_the_habits(recognizer, digit):
    rng = np.random.default_rng(100 + digit)
    pictures = np.stack(
        [draw_augmented(StrokeAugmentation(), synthetic.synthetic_digit(digit, rng), rng).ravel() for _ in range(100)]
    )
    answers = recognizer.read(pictures).probabilities.argmax(axis=1)
    assert (answers == digit).mean() >= 0.95


def test_a_curve_goes_through_its_points_and_a_line_keeps_its_corners():
    points = [(0, 0), (1, 0.5), (0.2, 1)]
    for stroke in (synthetic.curve(*points), synthetic.line(*points)):
        for point in points:
            assert np.hypot(*(stroke - point).T).min() < 1e-9


def test_an_arc_keeps_to_its_ellipse():
    stroke = synthetic.arc((0.5, 0.4), (0.3, 0.2), 0, 360)
    np.testing.assert_allclose(((stroke - (0.5, 0.4)) ** 2 / (0.09, 0.04)).sum(axis=1), 1)


def test_doodles_are_pictures_with_ink():
    rng = np.random.default_rng(0)
    pictures = np.stack([outliers.outlier(rng) for _ in range(120)])
    assert pictures.shape == (120, 784)
    assert pictures.dtype == np.uint8
    assert (pictures.max(axis=1) > 0).all()


def test_letters_that_are_held_out_are_never_learned(monkeypatch):
    asked: list[str] = []

    def watched(characters, _):
        asked.extend(characters)
        return np.ones(784, dtype=np.uint8)

    monkeypatch.setattr(outliers, "_glyph", watched)
    outliers.training_letter(np.random.default_rng(0))
    assert not set(asked) & outliers.HELD_OUT
    assert not set(asked) & outliers.LIKE_A_DIGIT
    asked.clear()
    outliers.held_out_letter(np.random.default_rng(0))
    assert set(asked) == outliers.HELD_OUT
