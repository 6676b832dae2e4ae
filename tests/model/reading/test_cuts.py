"""Seams: where a connected piece may be cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.reading.cuts import seams

MANY = 16


def rings(bridge):
    """Two squares, 40 high and 30 wide, 10 apart, which a bar of `bridge` rows joins in the middle."""
    ink = np.zeros((40, 70), dtype=np.float32)
    for left in (0, 40):
        ink[:, left : left + 30] = 1
        ink[5:-5, left + 5 : left + 25] = 0
    ink[20 - bridge // 2 : 20 - bridge // 2 + bridge, 30:40] = 1
    return ink


def test_a_bar_between_two_shapes_is_the_cheapest_place_to_cut():
    found = min(seams(rings(4), 5.0, MANY), key=lambda seam: seam.ink)
    assert found.ink == 4
    assert (found.columns >= 30).all()
    assert (found.columns <= 40).all()


def test_a_leaning_gap_is_followed():
    rows, columns = np.indices((40, 60))
    ink = ((columns < 40 - rows // 2) | (columns > 46 - rows // 2)).astype(np.float32)
    ink[20, 25:40] = 1  # one row joins both sides
    found = min(seams(ink, 5.0, MANY), key=lambda seam: seam.ink)
    assert found.ink < 3  # a step to the side costs a little
    assert found.columns[5] - found.columns[35] > 8


def test_a_stroke_that_reaches_over_the_next_shape_is_followed():
    ink = np.zeros((40, 60), dtype=np.float32)
    ink[:, 5:9] = ink[4:8, 5:50] = 1  # like a 7's bar
    ink[14:, 30:34] = ink[36:, 30:55] = 1  # below it, and joined to it
    ink[8:14, 31] = 1
    found = min(seams(ink, 4.0, MANY), key=lambda seam: seam.ink)
    left = np.arange(60) < found.columns[:, None]
    assert left[4:8, 5:50].all()
    assert not left[14:, 30:55].any()


def test_where_two_strokes_lie_on_each_other_it_is_cheap_to_cut():
    ink = np.zeros((40, 60), dtype=np.float32)
    ink[:, 10:16] = ink[:, 40:46] = ink[17:23, 10:46] = 1
    ink[10:30, 24:34] = 1  # wider than the pen
    through = [seam.ink for seam in seams(ink, 6.0, MANY) if 26 <= seam.columns[20] <= 32]
    assert through
    assert min(through) < 20 / 2  # it crosses 20 rows of ink


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 50))
def test_seams_are_ways_from_top_to_bottom_that_leave_ink_on_both_sides(seed, height, width):
    ink = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    for seam in seams(ink, 2.0, MANY):
        assert seam.columns.shape == (height,)
        left = np.arange(width) < seam.columns[:, None]
        assert 0 < ink[left].sum() < ink.sum()
        assert seam.ink >= 0


def test_the_cheapest_seams_come_first_and_fewer_are_the_first_of_more():
    found = seams(rings(4), 5.0, MANY)
    assert len(found) > 2
    assert found[0].ink == min(seam.ink for seam in found)
    for seam, first in zip(seams(rings(4), 5.0, 2), found, strict=False):
        np.testing.assert_array_equal(seam.columns, first.columns)
    for seam in found:
        left = (rings(4) * (np.arange(70) < seam.columns[:, None])).sum()
        assert seam.share == pytest.approx(left / rings(4).sum())
