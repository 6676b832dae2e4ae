"""Lines of writing: which pieces of ink stand beside each other."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.intp]  # (n, 4): top, bottom, left, right; the ends are excluded
Numbers = NDArray[np.intp]
TALL: Final = 0.45  # of the usual height, from which a piece belongs to a line for its own sake
BESIDE: Final = 0.4  # of the lower of two pieces' heights, that is beside the other, in a line
LENGTH: Final = 2.5  # usual heights, from which a thin piece is a line on the paper
THIN: Final = 0.2  # of the length of such a line, its thickness
FILLED: Final = (0.3, 0.2)  # of a frame's height, that of the one piece in it, or of each of several; a dot is less
LONGER: Final = 1.5  # usual heights, the length of a margin line, at least; a tall one is shorter
ROOM: Final = 0.15  # usual heights, above and below the writing beside a margin line; a tight crop leaves less
NARROWEST: Final = 0.25  # sides of what continues a line at the edge of a photograph, the shorter by the longer; …
LARGEST: Final = 1.5  # … usual heights, the longer side, and …
FARTHEST: Final = 1.5  # … its distance from the line
AMONG: Final = 1.2  # usual heights of what stands outside, up to which a narrow frame of one piece is a slashed zero


def usual_height(boxes: Boxes) -> float:
    """The height that half of the writing has or exceeds, in pixels; pieces count by their heights."""
    heights = np.sort(boxes[:, 1] - boxes[:, 0])
    return float(heights[np.searchsorted(np.cumsum(heights), heights.sum() / 2)])


def areas(boxes: Boxes) -> Numbers:
    """Of each box (n,), in pixels."""
    top, bottom, left, right = boxes.T
    return np.asarray((bottom - top) * (right - left))


def is_no_writing(boxes: Boxes, rows: int) -> NDArray[np.bool_]:
    """Which pieces of a picture with so many rows are frames around others, or lines such as underlines and margins."""
    top, bottom, left, right = boxes.T
    high, wide = bottom - top, right - left
    one, several = (np.count_nonzero(is_around(boxes[:, None], boxes, share), axis=1) for share in FILLED)
    outside = boxes[~is_around(boxes[:, None], boxes).any(axis=0) & (one == 0)]
    zeros = (wide < high) & (high <= AMONG * (usual_height(outside) if len(outside) else 0.0))
    frames = ((one > 0) & ~zeros) | (several > 1)
    thin = np.minimum(high, wide) < THIN * np.maximum(high, wide)
    usual = usual_height(boxes[~frames & ~thin] if (~frames & ~thin).any() else boxes[~frames])
    lines = thin & (np.maximum(high, wide) > LENGTH * usual)
    return np.asarray(frames | lines | _is_margin(boxes, thin, rows))


def _is_margin(boxes: Boxes, thin: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    """Which piece, if it is the only one, goes from the top of a picture to its bottom beside writing that has room."""
    top, bottom, _, _ = boxes.T
    found = thin & (top <= 0) & (bottom >= rows)
    others = boxes[~thin]  # beside a minus, it is a one
    if np.count_nonzero(found) != 1 or not len(others):
        return np.zeros_like(found)
    usual = usual_height(others)
    tall = others[others[:, 1] - others[:, 0] >= TALL * usual]
    room = min(tall[:, 0].min(), rows - tall[:, 1].max())
    return np.asarray(found & (rows >= LONGER * usual) & (room > ROOM * usual))


def is_around(outer: Boxes, inner: Boxes, share: float = 0.0) -> NDArray[np.bool_]:
    """Which boxes (…, 4) have another one inside, if that is at least as high as this share of them; both broadcast."""
    top, bottom, left, right = np.moveaxis(outer, -1, 0)
    upper, lower, start, end = np.moveaxis(inner, -1, 0)
    inside = (top < upper) & (bottom > lower) & (left < start) & (right > end)
    return np.asarray(inside & (lower - upper >= share * (bottom - top)))


def lines_of(boxes: Boxes) -> Iterator[Numbers]:
    """The numbers of the pieces of each line, from top to bottom; in a line, from left to right by their middles.

    Each tall piece is followed by the nearest on its right that stands beside it, so that a line may rise or fall.
    Other pieces belong to the line of the nearest tall one.
    """
    top, bottom, left, right = boxes.T
    high, middle = bottom - top, left + right
    tall = np.flatnonzero(high >= TALL * usual_height(boxes))
    line = np.arange(len(boxes))
    order = tall[np.argsort(middle[tall], kind="stable")]
    for i, piece in enumerate(order):
        later = order[i + 1 :]
        shared = np.minimum(bottom[piece], bottom[later]) - np.maximum(top[piece], top[later])
        beside = later[shared >= BESIDE * np.minimum(high[piece], high[later])]
        if len(beside):
            following = beside[np.argmin(np.maximum(left[beside] - right[piece], 0))]
            line[line == line[following]] = line[piece]
    for piece in np.setdiff1d(np.arange(len(boxes)), tall):
        line[piece] = line[tall[np.argmin(_distances(boxes[piece], boxes[tall]))]]
    levels = {number: np.average((top + bottom)[line == number], weights=high[line == number]) for number in set(line)}
    for number in sorted(levels, key=levels.__getitem__):
        members = np.flatnonzero(line == number)
        yield members[np.argsort(middle[members], kind="stable")]


def continue_lines(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which pieces (n,) are about as high as these others, and near one of them, beside it; a strip is no digit."""
    usual, sides = usual_height(others), boxes[:, 1::2] - boxes[:, ::2]
    long = sides.max(axis=1)
    found = (sides[:, 0] >= TALL * usual) & (long < LARGEST * usual) & (sides.min(axis=1) >= NARROWEST * long)
    tall = others[others[:, 1] - others[:, 0] >= TALL * usual]
    top, bottom, left, right = boxes[found].T[..., None]
    upper, lower, start, end = tall.T
    shared = np.minimum(bottom, lower) - np.maximum(top, upper)
    beside = shared >= BESIDE * np.minimum(bottom - top, lower - upper)
    near = np.maximum(start - right, left - end) < FARTHEST * usual
    found[found] = (beside & near).any(axis=1)
    return np.asarray(found)


def _distances(box: NDArray[np.intp], others: Boxes) -> NDArray[np.float64]:
    """From a box to others, in pixels; one that is beside it is nearer than one above or below."""
    down = np.maximum(np.maximum(box[0] - others[:, 1], others[:, 0] - box[1]), 0)
    across = np.maximum(np.maximum(box[2] - others[:, 3], others[:, 2] - box[3]), 0)
    return np.asarray(np.hypot(across, 2 * down))
