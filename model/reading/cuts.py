"""Where a connected piece of ink may be cut into digits: ways from its top to its bottom that cross little ink.

Such a way is a seam, found by dynamic programming (Avidan & Shamir 2007, "Seam carving for content-aware image
resizing"), so that it leans with the writing. There are more of them than are needed, and the reader chooses: that is
over-segmentation (LeCun et al. 1998, "Gradient-based learning applied to document recognition", section V).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.preprocess import Plane

Columns = NDArray[np.intp]
SIDEWAYS: Final = 0.4  # of a pixel of full ink, what a step to the side costs: of equal ways, the straightest is taken
MIN_SHARE: Final = 0.04  # of the ink, on each side of a seam
MIN_APART: Final = 0.06  # of the piece's height, between two seams
MIN_BETWEEN: Final = 0.04  # … and of ink between them, in strokes as long as the piece is high
MAX_INK: Final = 6.0  # widths of the pen that a seam crosses


class Seam(NamedTuple):
    """A way through a piece of ink."""

    columns: Columns  # (height,) in each row, the first column on its right
    ink: float  # that it crosses, in pixels


def seams(ink: Plane, pen: float) -> list[Seam]:
    """The seams of a piece (height, width) in 0–1, from left to right; `pen` is the width of its strokes, in pixels.

    There is one through each column of the middle row; the cheapest are taken that are apart from each other.
    """
    middle = len(ink) // 2
    above, below = _cheapest(ink[: middle + 1]), _cheapest(ink[middle:][::-1])
    ways = np.concatenate([above.ways, below.ways[-2::-1]])
    costs = above.costs + below.costs - ink[middle]
    left = np.concatenate([np.zeros((len(ink), 1), dtype=np.float32), np.cumsum(ink, axis=1)], axis=1)
    place, mass = ways.mean(axis=0), np.take_along_axis(left, ways, axis=1).sum(axis=0)
    least, total = MIN_BETWEEN * pen * len(ink), float(ink.sum())
    chosen: list[int] = []
    for way in np.argsort(costs, kind="stable"):
        if costs[way] > MAX_INK * pen:
            break
        inside = MIN_SHARE * total < mass[way] < (1 - MIN_SHARE) * total
        apart = np.abs(place[chosen] - place[way]) > MIN_APART * len(ink)
        if inside and (apart & (np.abs(mass[chosen] - mass[way]) > least)).all():
            chosen.append(int(way))
    crossed = np.take_along_axis(ink, ways, axis=1).sum(axis=0)
    return [Seam(ways[:, way], float(crossed[way])) for way in sorted(chosen, key=lambda way: mass[way])]


class _Ways(NamedTuple):
    """The cheapest way from the first row to each column of the last."""

    ways: Columns  # (height, width)
    costs: NDArray[np.float32]  # (width,)


def _cheapest(ink: Plane) -> _Ways:
    height, width = ink.shape
    steps = np.zeros((height, width), dtype=np.int8)
    costs = np.full(width + 2, np.inf, dtype=np.float32)
    costs[1:-1] = ink[0]
    for row in range(1, height):
        options = np.stack([costs[:-2] + np.float32(SIDEWAYS), costs[1:-1], costs[2:] + np.float32(SIDEWAYS)])
        steps[row] = options.argmin(axis=0) - 1
        costs[1:-1] = options.min(axis=0) + ink[row]
    ways = np.empty((height, width), dtype=np.intp)
    ways[-1] = np.arange(width)
    for row in range(height - 1, 0, -1):
        ways[row - 1] = ways[row] + steps[row, ways[row]]
    return _Ways(ways, costs[1:-1])
