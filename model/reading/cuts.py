"""Where a connected piece of ink may be cut into digits: ways from its top to its bottom that cross little ink.

Such a way is a seam, found by dynamic programming (Avidan & Shamir 2007, "Seam carving for content-aware image
resizing"). It goes down, and in each row as far to the side as it wants, so that it leads around strokes that reach
over or under others. Ink that is wider than a stroke costs it little: there two strokes cross or touch. There are more
seams than are needed, and the reader chooses: that is over-segmentation (LeCun et al. 1998, "Gradient-based learning
applied to document recognition", section V).
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Mask
from model.preprocess import Plane

Columns = NDArray[np.intp]
Costs = NDArray[np.float32]
SOLID: Final = 0.3  # ink from which neighbouring pixels are one piece
SIDEWAYS: Final = 0.1  # of a pixel of full ink, what a step to the side costs: of equal ways, the straightest is taken
WIDE: Final = 0.02  # of a pixel of ink, what one costs that is further inside than the middle of a stroke
VIA: Final = 12  # rows through whose columns seams are led
MAX_WAYS: Final = 6000  # the cheapest of them, and …
MAX_STEPS: Final = 1 << 20  # … rows of all of them together: a square of 290 pixels has fewer
MOST: Final = 96  # seams of a piece
MIN_SHARE: Final = 0.04  # of the ink, on each side of a seam
MIN_BETWEEN: Final = 0.2  # ink on different sides of two seams, in strokes as long as the piece is high
MAX_COST: Final = 6.0  # widths of the pen


class Seam(NamedTuple):
    """A way through a piece of ink."""

    columns: Columns  # (height,) in each row, the first column on its right
    ink: float  # what it costs to cross: pixels of ink, those of crossings and touching strokes counting less
    share: float  # of the ink, on its left


def seams(ink: Plane, pen: float, most: int) -> list[Seam]:
    """The seams of a piece (height, width) in 0–1, the cheapest first; `pen` is the width of its strokes, in pixels.

    There is one through each column of some rows; `most` are taken that are apart from each other.
    """
    height = len(ink)
    weighed = ink * np.where(_depths(ink > SOLID) > pen / 2 + 0.5, np.float32(WIDE), np.float32(1))
    ways, costs = _through_rows(weighed, MAX_COST * pen)
    before = np.concatenate([np.zeros((height, 1), dtype=np.float32), np.cumsum(ink, axis=1)], axis=1)
    left = np.take_along_axis(before, ways, axis=1)
    share = left.sum(axis=0) / max(float(ink.sum()), 1e-6)
    useful = np.flatnonzero((share > MIN_SHARE) & (share < 1 - MIN_SHARE))
    chosen: list[int] = []
    while len(useful) and len(chosen) < most:
        best = useful[0]
        chosen.append(int(best))
        useful = useful[np.abs(left[:, useful] - left[:, [best]]).sum(axis=0) > MIN_BETWEEN * pen * height]
    return [Seam(ways[:, way], float(costs[way]), float(share[way])) for way in chosen]


def most_seams(size: tuple[int, ...], per_height: float) -> int:
    """How many seams a piece (height, width) may have, if there are `per_height` for each height that it is wide."""
    height, width = size
    return math.ceil(min(per_height * max(1.0, width / height), MOST))


def _depths(solid: Mask) -> NDArray[np.intp]:
    """How many pixels inside the ink each is: by sides, and by sides and corners, in turn; discs become octagons."""
    depths, inside = solid.astype(np.intp), np.pad(solid, 1)
    for step in range(max(solid.shape)):
        sides = inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
        corners = inside[:-2, :-2] & inside[2:, :-2] & inside[:-2, 2:] & inside[2:, 2:]
        inside[1:-1, 1:-1] &= sides & corners if step % 2 else sides
        if not inside.any():
            break
        depths += inside[1:-1, 1:-1]
    return depths


def _through_rows(costs: Costs, most: float) -> tuple[Columns, Costs]:
    """The cheapest ways (height, n) through each column of some rows that cost less than `most`, and what they cost."""
    height, width = costs.shape
    (down, up), (above, below) = _cheapest(costs)
    rows = np.unique(np.linspace(0.08 * height, 0.92 * height, VIA).astype(int))
    totals = (down + up[::-1] - costs)[rows].ravel()
    chosen = np.argsort(totals, kind="stable")[: min(np.count_nonzero(totals < most), MAX_WAYS, MAX_STEPS // height)]
    via, column = rows[chosen // width], chosen % width
    ways = np.empty((height, len(chosen)), dtype=np.intp)
    ways[via, np.arange(len(chosen))] = column
    for row in range(1, height):
        done, undone = np.flatnonzero(via < row), np.flatnonzero(via >= height - row)
        ways[row, done] = below[height - row, ways[row - 1, done]]
        ways[height - 1 - row, undone] = above[height - row, ways[height - row, undone]]
    return ways, totals[chosen]


def _cheapest(costs: Costs) -> tuple[Costs, NDArray[np.int32]]:
    """What the cheapest way to each pixel costs, and its column in the row before: (2, height, width).

    It comes from the first row, and of the second ones from the last, as if the piece stood on its head. These and the
    two sides are one operation a row, since most of the time is spent on beginning operations.
    """
    totals = np.stack([costs, costs[::-1]])
    before, last = np.zeros(totals.shape, dtype=np.int32), costs.shape[1] - 1
    aside = np.minimum(totals[:, 1:], totals[:, :-1]) + np.float32(SIDEWAYS)
    for row in range(1, len(costs)):
        least, column = _reached(_both_sides(totals[:, row - 1]), _both_sides(aside[:, row - 1]))
        (from_left, from_right), (left, right) = least, column
        nearer = from_right[:, ::-1] < from_left
        before[:, row] = np.where(nearer, last - right[:, ::-1], left)
        totals[:, row] += np.where(nearer, from_right[:, ::-1], from_left)
    return totals, before


def _both_sides(rows: Costs) -> Costs:
    """Rows of pixels (…, width), and the same from right to left."""
    return np.array([rows, rows[..., ::-1]])


def _reached(totals: Costs, aside: Costs) -> tuple[Costs, Columns]:
    """What each pixel costs from the best of those on its left and itself, and which that is; `aside`: of a step."""
    along = np.cumsum(aside, axis=-1)
    cost = totals - along
    least = np.minimum.accumulate(cost, axis=-1)
    return least + along, np.maximum.accumulate(np.where(cost == least, np.arange(cost.shape[-1]), 0), axis=-1)
