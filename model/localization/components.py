"""Connected components of a mask: which pixels touch each other, and the box and the area of each such piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


class Runs(NamedTuple):
    """The runs of a mask's rows, in reading order.

    They are places in a plane with one column more at each side, which keeps the runs of neighbouring rows apart.
    """

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]  # excluded
    shape: tuple[int, int]  # of that plane

    @property
    def rows(self) -> NDArray[np.intp]:
        """The row of each."""
        return self.starts // self.shape[1]

    @property
    def first(self) -> NDArray[np.intp]:
        """The first column of each, in the mask."""
        return self.starts % self.shape[1] - 1

    @property
    def lengths(self) -> NDArray[np.intp]:
        """How many pixels each has."""
        return self.ends - self.starts

    def paint(self, values: NDArray[np.int32]) -> Labels:
        """A plane of the mask's shape with a value for the pixels of each run, 0 elsewhere."""
        plane = np.zeros(self.shape[0] * self.shape[1], dtype=np.int32)
        inside = np.zeros(plane.size + 1, dtype=np.int8)
        inside[self.starts], inside[self.ends] = 1, -1
        plane[np.cumsum(inside[:-1], dtype=np.int8) != 0] = np.repeat(values, self.lengths)
        return plane.reshape(self.shape)[:, 1:-1]


@dataclass(frozen=True)
class Components:
    """The k components of a mask, numbered from 1 in `labels`; entry 0 of each array is the rest and means nothing."""

    labels: Labels  # (height, width), 0: outside the mask
    boxes: NDArray[np.intp]  # (k + 1, 4): top, bottom, left, right; the ends are excluded
    areas: NDArray[np.intp]  # (k + 1,) pixels

    def __len__(self) -> int:
        return len(self.areas) - 1

    def select(self, chosen: NDArray[np.bool_]) -> Mask:
        """The pixels of the components for which `chosen` (k + 1,) is true."""
        chosen = chosen.copy()
        chosen[0] = False
        return np.asarray(chosen[self.labels])


def connected_components(mask: Mask) -> Components:
    """The components of a mask, whose pixels touch by a side or a corner.

    Each row is cut into runs; runs of neighbouring rows that touch get the same number. The numbers spread by
    minimum and pointer jumping (Shiloach & Vishkin 1982), which takes few rounds and no loop over pixels.
    """
    found = runs(mask)
    roots = _spread(len(found.starts), *_touching(found))
    numbers = np.unique(roots, return_inverse=True)[1].astype(np.int32) + 1
    return Components(found.paint(numbers), *_measure(numbers, found))


def runs(mask: Mask) -> Runs:
    """The runs of each row of a mask."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded.ravel(), prepend=0)
    return Runs(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), padded.shape)


def _touching(found: Runs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of runs that touch, one in the row above the other."""
    starts, ends, (_, stride) = found
    first = np.searchsorted(ends, starts + stride, side="left")
    after = np.searchsorted(starts, ends + stride, side="right")
    counts = np.maximum(after - first, 0)
    above = np.repeat(np.arange(len(starts)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return above, first[above] + offset


def _spread(count: int, above: NDArray[np.intp], below: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `count` runs, the smallest number of a run that it is joined to by pairs."""
    roots = np.arange(count)
    while True:
        low = np.minimum(roots[above], roots[below])
        before = roots.copy()
        np.minimum.at(roots, roots[above], low)
        np.minimum.at(roots, roots[below], low)
        roots = roots[roots]
        if np.array_equal(roots, before):
            return roots


def _measure(numbers: Labels, found: Runs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The boxes and areas of numbered runs."""
    count = int(numbers.max(initial=0)) + 1
    rows, left, right = found.rows, found.first, found.first + found.lengths
    boxes = np.zeros((count, 4), dtype=np.intp)
    boxes[:, (0, 2)] = np.iinfo(np.intp).max
    np.minimum.at(boxes[:, 0], numbers, rows)
    np.maximum.at(boxes[:, 1], numbers, rows + 1)
    np.minimum.at(boxes[:, 2], numbers, left)
    np.maximum.at(boxes[:, 3], numbers, right)
    areas = np.bincount(numbers, weights=found.lengths, minlength=count).astype(np.intp)
    return boxes, areas
