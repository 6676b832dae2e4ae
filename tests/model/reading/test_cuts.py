"""Seams: where a connected piece may be cut."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.reading.cuts import seams


def rings(bridge):
    """Two squares, 40 high and 30 wide, 10 apart, which a bar of `bridge` rows joins in the middle."""
    ink = np.zeros((40, 70), dtype=np.float32)
    for left in (0, 40):
        ink[:, left : left + 30] = 1
        ink[5:-5, left + 5 : left + 25] = 0
    ink[20 - bridge // 2 : 20 - bridge // 2 + bridge, 30:40] = 1
    return ink


def test_a_bar_between_two_shapes_is_the_cheapest_place_to_cut():
    found = min(seams(rings(4), 5.0), key=lambda seam: seam.ink)
    assert found.ink == 4
    assert (found.columns >= 30).all()
    assert (found.columns <= 40).all()


def test_a_leaning_gap_is_followed():
    rows, columns = np.indices((40, 60))
    ink = ((columns < 40 - rows // 2) | (columns > 46 - rows // 2)).astype(np.float32)
    ink[20, 25:40] = 1  # one row joins both sides
    found = min(seams(ink, 5.0), key=lambda seam: seam.ink)
    assert found.ink <= 1
    assert found.columns[5] - found.columns[35] > 10


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 50))
def test_seams_are_ways_from_top_to_bottom_that_leave_ink_on_both_sides(seed, height, width):
    ink = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    for seam in seams(ink, 2.0):
        assert seam.columns.shape == (height,)
        assert (np.abs(np.diff(seam.columns)) <= 1).all()
        left = np.arange(width) < seam.columns[:, None]
        assert 0 < ink[left].sum() < ink.sum()
        assert np.isclose(seam.ink, ink[np.arange(height), seam.columns].sum(), rtol=1e-5)


def test_seams_are_in_order_from_left_to_right():
    shares = [(np.arange(70) < seam.columns[:, None]).sum() for seam in seams(rings(4), 5.0)]
    assert len(shares) > 1
    assert shares == sorted(shares)
