"""Groups: neighbouring pieces of a line that may be one digit, each as the network would see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Labels
from model.localization.groups import around
from model.preprocess import SIDE, Ink, Placement, Plane, place_on_image
from model.reading.lines import Boxes, Numbers
from model.reading.pieces import PieceLine, Pieces
from model.recognize import Prediction

MAX_PIECES: Final = 20  # of a group
MAX_WIDTH: Final = 1.9  # of a group, in heights of the line
MARGIN: Final = 2  # pixels around a group that its strokes' soft edges reach
NAMES: Final = (  # of the features
    *("bias", "novel", "digit-like", "certainty", "higher", "lower", "wide", "wide squared", "broad", "narrow", "size"),
    *("stroke", "stroke squared", "parts", "gap within", "seams within", "ink within", "off the line"),
    *("seam before", "ink before", "gap before", "overlap before"),
)
SHAPE_NAMES: Final = ("bias", "wide", "wide squared", "stroke", "stroke squared", "height")  # for each digit
Floats = NDArray[np.float64]


class Groups(NamedTuple):
    """The n groups of a line."""

    starts: Numbers  # (n,) of each, the number of its first piece
    ends: Numbers  # … and of the piece behind its last
    boxes: Boxes  # (n, 4), in the plane
    pictures: NDArray[np.uint8]  # (n, 784)
    placements: list[Placement]
    strokes: Floats  # (n,) length of its strokes, in heights of the line


def group_pieces(pieces: Pieces, line: PieceLine, ink: Ink) -> Groups:
    """The groups of a line, by their ends; each piece is one, and all together are not too wide for a digit."""
    starts, ends = np.array(spans_of(line)).T
    boxes = np.array([around(line.boxes[start:end]) for start, end in zip(starts, ends, strict=True)])
    labels = zip(line.first + starts, line.first + ends - 1, boxes, strict=True)
    pictures, placements, inks = pictures_of(cut_out(ink, pieces.labels, *each) for each in labels)
    return Groups(starts, ends, boxes, pictures, placements, inks / (pieces.pen * line.height))


def spans_of(line: PieceLine) -> list[tuple[int, int]]:
    """The first piece of each group, and that behind its last."""
    left, right = line.boxes[:, 2], line.boxes[:, 3]
    found = []
    for end in range(1, len(left) + 1):
        start, reach = end - 1, int(right[end - 1])
        found.append((start, end))
        while start and end - start < MAX_PIECES:
            start -= 1
            reach = max(reach, int(right[start]))
            if reach - left[start:end].min() > MAX_WIDTH * line.height:
                break
            found.append((start, end))
    return found


def cut_out(ink: Ink, labels: Labels, first: int, last: int, box: NDArray[np.intp]) -> Ink:
    """The ink of the pieces with these labels, in a box around it."""
    top, left = max(int(box[0]) - MARGIN, 0), max(int(box[2]) - MARGIN, 0)
    part = np.s_[top : int(box[1]) + MARGIN, left : int(box[3]) + MARGIN]
    plane: Plane = ink.plane[part] * ((labels[part] >= first) & (labels[part] <= last))
    return ink._replace(plane=plane, extent=None, left=ink.left + left * ink.scale, top=ink.top + top * ink.scale)


def pictures_of(cut: Iterable[Ink]) -> tuple[NDArray[np.uint8], list[Placement], Floats]:
    """The pictures (n, 784) of n cut-outs, their placements and how much ink they have, (n,) pixels.

    They are cut out one after the other: all of them together would take a hundred times the picture's memory.
    """
    pictures, placements, inks = [], [], []
    for each in cut:
        picture, placement = place_on_image(each)
        if placement:  # each has ink
            pictures.append(picture.ravel())
            placements.append(placement)
            inks.append(float(each.plane.sum()))
    return np.array(pictures, dtype=np.uint8).reshape(-1, SIDE * SIDE), placements, np.array(inks)


def features(groups: Groups, line: PieceLine, prediction: Prediction) -> Floats:
    """What speaks for each group's being a digit, and against it: (n, len(NAMES)). Lengths are in line heights."""
    top, bottom, left, right = groups.boxes.T / line.height
    high, wide = bottom - top, right - left
    novelty = np.clip(prediction.novelty, 1e-6, 1 - 1e-6)
    oddity = np.log(novelty / (1 - novelty))
    level = np.average(line.boxes[:, :2].mean(axis=1), weights=line.boxes[:, 1] - line.boxes[:, 0]) / line.height
    within = np.array([_within(line, start, end) for start, end in zip(groups.starts, groups.ends, strict=True)])
    before = np.array([_before(line, start) for start in range(len(line.boxes))])[groups.starts]
    return np.column_stack(
        [
            np.ones(len(high)),
            np.maximum(oddity, 0),
            np.minimum(oddity, 0),
            np.log(prediction.probabilities.max(axis=1)),
            np.maximum(np.log(high), 0),
            np.maximum(-np.log(high), 0),
            wide,
            wide**2,
            np.maximum(wide / np.maximum(high, 0.3) - 1.1, 0),
            np.maximum(np.log(high / wide) - 1, 0),
            np.maximum(high, wide),
            groups.strokes,
            groups.strokes**2,
            within,
            np.abs((top + bottom) / 2 - level),
            before,
        ]
    )


def shapes(groups: Groups, line: PieceLine) -> Floats:
    """The group's shape, which is weighed for each digit: (n, len(SHAPE_NAMES))."""
    top, bottom, left, right = groups.boxes.T / line.height
    wide, stroke = right - left, groups.strokes
    return np.column_stack([np.ones(len(wide)), wide, wide**2, stroke, stroke**2, np.log(bottom - top)])


def _within(line: PieceLine, start: int, end: int) -> tuple[float, ...]:
    """Gaps between a group's pieces, the largest of them, seams between others, and the ink that those cross."""
    gaps = [_gap(line, start, i) for i in range(start + 1, end) if line.seams[i - 1] is None]
    crossed = [seam.ink for seam in line.seams[start : end - 1] if seam]
    return len(gaps), max(gaps, default=0.0), len(crossed), sum(crossed)


def _gap(line: PieceLine, start: int, i: int) -> float:
    """How far piece i is from those on its left, from `start`, to the side or up or down."""
    across = line.boxes[i, 2] - line.boxes[start:i, 3].max()
    down = max(line.boxes[i, 0] - line.boxes[i - 1, 1], line.boxes[i - 1, 0] - line.boxes[i, 1])
    return max(float(across), float(down), 0.0) / line.height


def _before(line: PieceLine, start: int) -> tuple[float, float, float, float]:
    """Whether a seam is before a piece, the ink that it crosses, or the gap; and how far the left reaches over it."""
    if not start:
        return 0.0, 0.0, 0.0, 0.0
    seam = line.seams[start - 1]
    gap = float(line.boxes[start, 2] - line.boxes[:start, 3].max()) / line.height
    overlap = min(max(-gap, 0.0), 1.0)
    return (1.0, min(seam.ink, 4.0), 0.0, overlap) if seam else (0.0, 0.0, min(max(gap, 0.0), 0.6), overlap)
