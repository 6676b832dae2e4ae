"""Digits as reading cuts them out of numbers, and groups of pieces that are no digit, of numbers whose digits touch.

Whoever reads such a number sees its digits with bits of their neighbours, or without a bit of their own, and many
groups that are half a digit, or one and a half. The network has to know both, since its answers choose where the number
is cut (LeCun et al. 1998, "Gradient-based learning applied to document recognition", section VI).
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.data.cutouts import MIN_ASPECT
from model.data.numbers.hand import log_uniform
from model.data.numbers.pages import Page, number
from model.data.pendigits import PenDigit
from model.data.photographs.writing import coverage
from model.localization.groups import around
from model.preprocess import Ink, Plane
from model.reading.groups import cut_out, parts_of, pictures_of, spans_of
from model.reading.lattice import PER_HEIGHT
from model.reading.pieces import PieceLine, Pieces, cut_pieces, find_pieces

Rng = np.random.Generator
HEIGHT: Final = (28.0, 64.0)  # of a usual digit, in pixels
MARGIN: Final = 4  # pixels around the number
SAME: Final = 0.87  # share of the ink of a digit or group, whichever has more, that both have, if they are the same …
WHOLE: Final = 0.92  # … and share of the digit's ink that the group then has
PART: Final = 0.6  # share of that ink below which a group is no digit
# Of a group that is no digit, and of one that looks like one too much, or that was not cut, and is not to be learned.
NONE, UNCERTAIN = -1, -2


def cut_digits(people: Sequence[PenDigit], no_digit: int, rng: Rng) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Pictures (784,) without end, of one writer's digits; their labels, about as often `no_digit` as not."""
    while True:
        page = _moved(number(people, log_uniform(HEIGHT, rng), rng, "touching"))
        plane = _drawn(page, page.strokes)
        uncut = find_pieces(plane, lambda whole: np.ones(len(whole.boxes), dtype=bool), PER_HEIGHT[0])
        pieces = cut_pieces(uncut, PER_HEIGHT[0])
        inks = np.array([np.minimum(plane, _drawn(page, strokes)) for strokes in page.digits])
        for line in pieces.lines:
            spans = list(spans_of(line))
            found = _digits_of(spans, line, pieces, plane, inks)
            digits, others = np.flatnonzero(found >= 0), np.flatnonzero(found == NONE)
            for i in [*digits, *rng.permutation(others)[: max(1, len(digits))]]:
                label = int(page.text[found[i]]) if found[i] >= 0 else no_digit
                yield pictures_of([_cut_out(spans[i], line, pieces, plane)])[0][0], label


def _digits_of(
    spans: Sequence[tuple[int, int]], line: PieceLine, pieces: Pieces, plane: Plane, inks: NDArray[np.float32]
) -> NDArray[np.intp]:
    """Which digit each group is that was cut from another, or NONE, or UNCERTAIN."""
    every = np.array([plane, *inks])
    own, *common = np.array([_ink_in(_cut_out(span, line, pieces, np.ones_like(plane)), every) for span in spans]).T
    totals = inks.sum(axis=(1, 2))[:, None]
    share = np.array(common) / np.maximum(totals, own)
    best = share.argmax(axis=0)
    each = np.arange(len(best))
    is_digit = (share[best, each] > SAME) & (np.array(common)[best, each] > WHOLE * totals[best, 0])
    boxes = np.array([around(parts_of(line, *span)) for span in spans])
    wide = boxes[:, 3] - boxes[:, 2] > MIN_ASPECT * (boxes[:, 1] - boxes[:, 0])
    none = np.where((share[best, each] < PART) & wide, NONE, UNCERTAIN)
    cut = np.array([line.cuts[start][1] > 0 or line.cuts[end][1] > 0 for start, end in spans])
    return np.where(is_digit & cut, best, none)


def _ink_in(group: Ink, planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much ink planes (n, height, width) have where a group has any."""
    (height, width), top, left = group.plane.shape, int(group.top), int(group.left)
    ink: NDArray[np.float32] = np.tensordot(planes[:, top : top + height, left : left + width], group.plane, 2)
    return ink


def _cut_out(span: tuple[int, int], line: PieceLine, pieces: Pieces, plane: Plane) -> Ink:
    return cut_out(Ink(plane), pieces.labels, line, *span, around(parts_of(line, *span)))


def _moved(page: Page) -> Page:
    """The page, so that its ink begins at the margin."""
    return page.mapped(1, MARGIN + page.pen / 2 - np.concatenate(page.strokes).min(axis=0))


def _drawn(page: Page, strokes: Sequence[NDArray[np.float64]]) -> Plane:
    """The ink of some of its strokes, on a sheet that holds all."""
    width, height = np.ceil(np.concatenate(page.strokes).max(axis=0) + page.pen / 2 + MARGIN).astype(int).tolist()
    return coverage(strokes, page.pen, (height, width))
