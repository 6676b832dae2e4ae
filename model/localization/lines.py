"""Straight lines across a sheet, such as rules, squares and margins, found in a mask so that they can be taken out.

A line is where many thin runs of ink lie one beside the other on a straight way: a Hough transform (Duda & Hart 1972)
over few angles, of the runs' middles instead of all pixels. Only thin runs are taken out, so that a stroke which
crosses a line is not cut.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Mask, runs

ANGLES: Final = np.tan(np.radians(np.arange(-12, 12.25, 0.5)))  # slopes of the lines that are looked for
MIN_COVERAGE: Final = 0.4  # of the picture's width that a line inks
MAX_THICKNESS: Final = 48  # a line is thinner than one such part of the longer side, and two pixels
ROUNDS: Final = 4  # of a search for lines of one angle


def straight_lines(mask: Mask) -> Mask:
    """The pixels of nearly level and nearly upright lines."""
    return _level_lines(mask) | _level_lines(np.ascontiguousarray(mask.T)).T


def _level_lines(mask: Mask) -> Mask:
    columns = runs(np.ascontiguousarray(mask.T))
    length = columns.lengths
    thin = length <= max(mask.shape) / MAX_THICKNESS + 2
    on_line = np.zeros(len(length), dtype=bool)
    on_line[thin] = _on_lines(columns.rows[thin], (columns.first + length / 2)[thin], mask.shape[1])
    if on_line.any():
        on_line &= length <= 1.7 * np.median(length[on_line]) + 1
    return np.ascontiguousarray(columns.paint(on_line.astype(np.int32)).T != 0)


def _on_lines(x: NDArray[np.intp], y: NDArray[np.float64], width: int) -> NDArray[np.bool_]:
    """Which of the points (x, y) lie on a line with points in enough of the columns."""
    found = np.zeros(len(x), dtype=bool)
    for _ in range(ROUNDS):
        left = ~found
        if left.sum() < MIN_COVERAGE * width:
            break
        slope = max(ANGLES, key=lambda slope: _counts(x[left], y[left], slope)[0].max())
        counts, height = _counts(x[left], y[left], slope)
        dense = counts >= MIN_COVERAGE * width
        if not dense.any():
            break
        found[left] = _within_one(dense.astype(np.intp))[height] > 0
    return found


def _counts(x: NDArray[np.intp], y: NDArray[np.float64], slope: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """How many points lie on each parallel of a slope, give or take one pixel; and each point's parallel."""
    height = np.rint(y - x * slope).astype(np.intp)
    height -= height.min()
    return _within_one(np.bincount(height)), height


def _within_one(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each place, the sum over itself and its two neighbours."""
    return np.convolve(counts, np.ones(3, dtype=np.intp), "same") if len(counts) > 2 else counts
