"""Strokes drawn as the pad draws them, by hands that differ."""

import dataclasses

import numpy as np
import pytest

from model.data.strokes import StrokeAugmentation, draw_augmented, render
from model.preprocess import preprocess

DIAGONAL = [np.array([[0.2, 0.2], [0.8, 0.8]])]
STILL = StrokeAugmentation(size=(0.5, 0.5), width=(0.1, 0.1), rotation=0, slant=0, stretch=0, place=(0, 0))


def test_ink_is_dark_on_white_and_as_wide_as_the_pen():
    pixels = np.asarray(render([np.array([[0.1, 0.5], [0.9, 0.5]])], width=0.1, pad=100))
    assert pixels.shape == (100, 100)
    assert pixels[50, 50] == 0
    assert pixels[0, 0] == 255
    assert (255 - pixels[:, 50].astype(float)).sum() / 255 == pytest.approx(10, abs=1)


def test_caps_are_round_and_edges_smooth():
    pixels = np.asarray(render([np.array([[0.5, 0.5]])], width=0.4, pad=100))
    ink = (255 - pixels.astype(float)) / 255
    assert ink.sum() == pytest.approx(np.pi * 20**2, rel=0.05)
    assert ((pixels > 0) & (pixels < 255)).any()


@pytest.mark.parametrize(
    "drawing",
    [DIAGONAL, [np.array([[0.5, 0.5]])], [np.array([[1.0, 1.0], [1.0, 1.0]])]],
    ids=["line", "point", "twice"],
)
def test_any_drawing_gives_a_picture(drawing):
    for seed in range(20):
        picture = draw_augmented(StrokeAugmentation(), drawing, np.random.default_rng(seed))
        assert picture.shape == (28, 28)
        assert picture.max() == 255


def test_a_still_hand_draws_the_strokes_as_they_are():
    picture = draw_augmented(STILL, DIAGONAL, np.random.default_rng(0))
    again = preprocess(render(DIAGONAL, width=0.06))
    assert np.abs(picture.astype(int) - again).mean() < 3


def test_the_same_seed_gives_the_same_drawing_and_another_seed_another():
    first, again, other = (
        draw_augmented(StrokeAugmentation(), DIAGONAL, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, 1.0)])
@pytest.mark.parametrize("size", [0.35, 0.9])
def test_nothing_is_drawn_over_the_pads_edge(place, size, monkeypatch):
    seen = []

    def watched(drawing, width):
        seen.append((drawing, width))
        return render(drawing, width)

    monkeypatch.setattr("model.data.strokes.render", watched)
    augmentation = dataclasses.replace(StrokeAugmentation(), size=(size, size), place=place)
    for seed in range(30):
        draw_augmented(augmentation, DIAGONAL, np.random.default_rng(seed))
    for drawing, width in seen:
        points = np.concatenate(drawing)
        assert points.min() >= width / 2 - 1e-9
        assert points.max() <= 1 - width / 2 + 1e-9


def test_a_thicker_pen_leaves_more_ink():
    inks = [
        draw_augmented(dataclasses.replace(STILL, width=(w, w)), DIAGONAL, np.random.default_rng(0)).sum()
        for w in (0.05, 0.2)
    ]
    assert inks[1] > 2 * inks[0]
