"""Outliers are pictures with ink, and never the letters that are held out."""

import numpy as np

from model.data import outliers
from model.data.hershey import HELD_OUT


def test_outliers_are_pictures_with_ink():
    rng = np.random.default_rng(0)
    pictures = np.stack([outliers.outlier(rng) for _ in range(120)])
    assert pictures.shape == (120, 784)
    assert pictures.dtype == np.uint8
    assert (pictures.max(axis=1) > 0).all()


def test_letters_that_are_held_out_are_never_learned(monkeypatch):
    asked: list[str] = []

    def recorded(characters, _):
        asked.extend(characters)
        return np.ones(784, dtype=np.uint8)

    monkeypatch.setattr(outliers, "draw_letter", recorded)
    outliers.training_letter(np.random.default_rng(0))
    assert not set(asked) & HELD_OUT
    assert not set(asked) & outliers.LIKE_A_DIGIT
    asked.clear()
    outliers.held_out_letter(np.random.default_rng(0))
    assert set(asked) == HELD_OUT
