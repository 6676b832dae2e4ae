"""Ink that stands out from its surroundings, whatever the light."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.localization.morphology import ink_map, running

PLANES = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


@given(PLANES, st.integers(1, 15))
def test_the_running_maximum_is_that_of_each_window(plane, window):
    padded = np.pad(plane, (window // 2, (window - 1) // 2), "edge")
    expected = np.lib.stride_tricks.sliding_window_view(padded, (window, window)).max(axis=(2, 3))
    assert np.array_equal(running(np.maximum, plane, window), expected)


def sheet(paper, stroke):
    """A sheet with a stroke of five pixels' width across its middle, on light that falls off to the right."""
    plane = np.full((60, 80), paper, dtype=np.uint8)
    plane[28:33, 10:70] = stroke
    return plane


@pytest.mark.parametrize(("ground", "paper", "stroke"), [("dark on light", 200, 50), ("light on dark", 50, 200)])
def test_a_stroke_stands_out_and_the_ground_does_not(ground, paper, stroke):
    contrast = ink_map([sheet(paper, stroke)], ground, 15)
    assert np.array_equal(contrast > 0, sheet(paper, stroke) == stroke)
    assert contrast.max() == 150


def test_the_edge_between_two_grounds_is_no_ink():
    plane = np.full((60, 80), 220, dtype=np.uint8)
    plane[:, 50:] = 60  # a desk
    assert not ink_map([plane], "dark on light", 15).any()
    assert not ink_map([plane], "light on dark", 15).any()


def test_light_that_falls_off_is_no_ink():
    plane = np.tile(np.linspace(250, 100, 80).astype(np.uint8), (60, 1))
    assert not ink_map([plane], "dark on light", 15)[:, :-15].any()  # at the edge, what is narrower may go on outside


def test_ink_as_light_as_the_paper_is_seen_by_its_colour():
    blue = sheet(220, 40)
    red = np.full_like(blue, 220)
    assert ink_map([red, red, blue], "dark on light", 15).max() == 180
