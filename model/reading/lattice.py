"""The lattices of some ink: of each line, the pieces, their groups, and what the network makes of those."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.groups import around
from model.preprocess import Ink
from model.reading.groups import Groups, Span, cut_out_whole, group_pieces, parts_of, pictures_of, spans_of
from model.reading.lines import Boxes, areas
from model.reading.pieces import PieceLine, Pieces, WholePieces, cut_pieces, find_pieces
from model.reading.reading import TooManyDigits
from model.recognize import Prediction, Recognizer

SURE: Final = 0.95  # probability from which, and …
FAMILIAR: Final = 0.2  # … novelty up to which ink is believed to be one digit
TOO_WIDE: Final = 1.1  # heights of its line, from which a piece is not
SMALL: Final = (0.5, 0.6)  # height and width, in heights of the line, below which a piece is not two digits
# Of a drawing, and of a photograph: if there are more, there are fewer seams, or none.
MAX_GROUPS: Final = (1200, 500)  # each of about 0.2 ms …
MAX_PIXELS: Final = (1 << 26, 1 << 25)  # … and 4 ns for each pixel of its box
PER_HEIGHT: Final = (16, 5, 0)  # seams of a piece for each height that it is wide


class Lattice(NamedTuple):
    """A line of pieces, and its groups."""

    line: PieceLine
    groups: Groups
    prediction: Prediction  # of the groups


def lattices(ink: Ink, recognizer: Recognizer, *, edge: bool = True) -> tuple[Pieces, list[Lattice]]:
    """The pieces of some ink, and the lattice of each line; of those at its edge, all or only what continues a line.

    Raises:
        TooManyDigits: it is a drawing of more than can be read.
    """
    may_touch = partial(_may_touch, ink, recognizer)
    uncut = find_pieces(ink.plane, may_touch, PER_HEIGHT[0], edge=edge)
    for per_height in PER_HEIGHT:
        pieces = cut_pieces(uncut, per_height)
        found = _spans(pieces.lines, MAX_GROUPS[not edge], MAX_PIXELS[not edge])
        if found is not None:
            break
    else:
        if edge:
            raise TooManyDigits
        return pieces._replace(lines=()), []
    read = []
    for line, (spans, boxes) in zip(pieces.lines, found, strict=True):
        groups = group_pieces(pieces, line, spans, boxes, ink)
        read.append(Lattice(line, groups, recognizer.read(groups.pictures)))
    return pieces, read


def _spans(lines: Sequence[PieceLine], most: int, pixels: int) -> list[tuple[list[Span], Boxes]] | None:
    """The groups of each line, with their boxes; None if there are more than so many, or they have more pixels."""
    found = []
    for line in lines:
        spans = list(itertools.islice(spans_of(line), most + 1))
        boxes = np.array([around(parts_of(line, *span)) for span in spans])
        most, pixels = most - len(spans), pixels - int(areas(boxes).sum())
        if min(most, pixels) < 0:
            return None
        found.append((spans, boxes))
    return found


def _may_touch(ink: Ink, recognizer: Recognizer, whole: WholePieces) -> NDArray[np.bool_]:
    """The pieces that the network does not take for one digit, and those that are too wide for one."""
    top, bottom, left, right = whole.boxes.T / whole.height
    high, wide = bottom - top, right - left
    small = (high < SMALL[0]) & (wide < SMALL[1])
    cut = (
        cut_out_whole(ink, whole.labels, number, box) for number, box in zip(whole.numbers, whole.boxes, strict=True)
    )
    believed = is_one_digit(recognizer.read(pictures_of(cut)[0])) & (wide < TOO_WIDE)
    return np.asarray(~small & ~believed)


def is_one_digit(prediction: Prediction) -> NDArray[np.bool_]:
    """Which pictures (n,) the network is sure to be one digit, as those that it learned."""
    return np.asarray((prediction.probabilities.max(axis=1) > SURE) & (prediction.novelty < FAMILIAR))
