"""The shape of a stroke from top to bottom: how far it leans and bows, how even it is, and how long."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.preprocess import SIDE

ENDS: Final = 2.0  # rows at either end, where a stroke is round
FEWEST: Final = 3  # rows between them, with which it can be told how even a stroke is
EVEN: Final = (0.1, 0.5)  # of its ink by row, the deviation by rows, and that within rows: below both, it is one stroke
Floats = NDArray[np.float64]


class StrokeShapes(NamedTuple):
    """The shapes of n drawings, each taken for one stroke whose columns are a parabola of its rows."""

    lean: Floats  # (n,) to the right, in heights: the slope of the regression of its ink's columns on their rows
    bow: Floats  # (n,) how far the middle is beside the line between the ends, in heights
    uneven: Floats  # (n,) standard deviation of its ink by row, by the mean, without the ends; 1 where it is too low
    spread: Floats  # (n,) standard deviation of its ink around the parabola, by the mean ink of a row; 0.29: one run
    length: Floats  # (n,) in heights

    @property
    def is_even(self) -> NDArray[np.bool_]:
        """Which are one stroke of the same width everywhere."""
        return np.asarray((self.uneven < EVEN[0]) & (self.spread < EVEN[1]))


def shapes_of(pictures: NDArray[np.uint8]) -> StrokeShapes:
    """The shapes of the ink in n pictures (n, 784); of none, all are finite."""
    ink = pictures.reshape(-1, SIDE, SIDE) / 255.0
    rows = columns = np.arange(SIDE, dtype=np.float64)
    mass = ink.sum(axis=2)
    total = np.maximum(mass.sum(axis=1), 1e-9)
    share = mass / total[:, None]
    centre = ink @ columns / np.maximum(mass, 1e-9)
    y = rows - (share @ rows)[:, None]
    square = np.maximum((share * y**2).sum(axis=1), 1e-9)
    skew = (share * y**3).sum(axis=1) / square
    curved = y**2 - skew[:, None] * y - square[:, None]  # orthogonal to 1 and y
    slope = (share * y * centre).sum(axis=1) / square
    bend = (share * curved * centre).sum(axis=1) / np.maximum((share * curved**2).sum(axis=1), 1e-9)
    height = np.sqrt(12 * square)  # of ink that is even by row
    fitted = (share * centre).sum(axis=1)[:, None] + slope[:, None] * y + bend[:, None] * curved
    direction = slope[:, None] + bend[:, None] * (2 * y - skew[:, None])
    inner = np.abs(y) < (height / 2 - ENDS)[:, None]
    count = inner.sum(axis=1)
    mean = np.maximum((mass * inner).sum(axis=1) / np.maximum(count, 1), 1e-9)
    deviation = np.sqrt((inner * (mass - mean[:, None]) ** 2).sum(axis=1) / np.maximum(count, 1))
    aside = (ink * (columns - fitted[:, :, None]) ** 2).sum(axis=(1, 2)) / total
    return StrokeShapes(
        -slope,
        np.abs(bend) * height / 4,
        np.where(count >= FEWEST, deviation / mean, 1.0),
        np.sqrt(aside) / mean,
        (share * np.hypot(1, direction)).sum(axis=1),
    )
