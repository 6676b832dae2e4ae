"""Straight lines across a sheet are found, and strokes that cross them stay whole."""

import numpy as np
import pytest

from model.localization.components import connected_components
from model.localization.lines import straight_lines


def ruled(tilt):
    """Rules 20 pixels apart, two pixels thick, rising by `tilt` degrees."""
    rows, columns = np.indices((200, 240))
    return ((rows + columns * np.tan(np.radians(tilt))) % 20) < 2


@pytest.mark.parametrize("tilt", [-8, -2.25, 0, 1, 10])
@pytest.mark.parametrize("upright", [False, True])
def test_rules_are_found_whatever_their_tilt(tilt, upright):
    rules = ruled(tilt).T if upright else ruled(tilt)
    found = straight_lines(np.ascontiguousarray(rules))
    assert not (found & ~rules).any()
    assert found.sum() > 0.9 * rules.sum()


def test_a_stroke_across_rules_is_not_cut():
    rows, columns = np.indices((200, 240))
    stroke = (np.abs(columns - 120 - (rows - 100) / 3) < 5) & (rows > 40) & (rows < 160)
    left = (ruled(0) | stroke) & ~straight_lines(ruled(0) | stroke)
    assert left[stroke].mean() > 0.95  # its edges lose a pixel beside the rules
    assert left.sum() < 1.1 * stroke.sum()
    assert connected_components(left & stroke).areas[1:].max() > 0.99 * left[stroke].sum()


def test_a_drawing_without_lines_has_none():
    rows, columns = np.indices((200, 240))
    ring = np.abs(np.hypot(rows - 100, columns - 120) - 60) < 6
    assert not straight_lines(ring).any()
