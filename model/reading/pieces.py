"""The connected pieces of ink in a picture, in lines from left to right, and where they may be cut into digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Labels, Mask, connected_components
from model.preprocess import Box, Plane
from model.reading.cuts import SOLID, Columns, Seam, most_seams, seams
from model.reading.lines import (
    FILLED,
    Boxes,
    Numbers,
    areas,
    continue_lines,
    is_around,
    is_no_writing,
    lines_of,
    usual_height,
)

FAINT: Final = 0.05  # ink at a piece's soft edge, which belongs to it
SOFT: Final = 2  # pixels that such an edge is wide
MAX_TOUCHING: Final = 100  # pieces that are cut: with more, and …
MAX_AREA: Final = 1.5  # … with boxes larger than so many times the picture together, they are hatching, not numbers
MAX_ROWS: Final = (6000, 2000)  # of all that are cut, in a drawing, and in a photograph: each takes some 50 µs
CELLS: Final = 1 << 18  # pixels of rows between two bounds that are counted at once
MIN_HEIGHT: Final = 6  # pixels that digits usually have; lower ink is noise
SPECK: Final = 0.12  # of the digits' height: a piece with two shorter sides is none of a digit
MAX_WRITTEN: Final = (1024, 300)  # pieces of a drawing, and of a photograph: one with more is no writing
MAX_NESTED: Final = 6  # times the picture that their boxes are together: more lie around each other, and are no writing
LEAST: Final = 0.4  # ink between two seams that bound a part, in strokes as long as the piece is high
ASTRAY: Final = 0.05  # … and ink that lies behind the first of them and before the second, at most


class Piece(NamedTuple):
    """A connected piece of ink, and its seams: of the n bounds of its parts, the first and last are its sides."""

    columns: Columns  # (n, height) of each bound, the first column on its right, in the plane
    inks: tuple[float, ...]  # (n,) that each crosses, in widths of the pen; 0: a side
    boxes: Boxes  # (n, n, 4) of the part between two bounds; without height where there is none
    top: int  # its first row

    @property
    def box(self) -> NDArray[np.intp]:
        """Of the whole piece."""
        whole: NDArray[np.intp] = self.boxes[0, -1]
        return whole


class PieceLine(NamedTuple):
    """The pieces of a line, from left to right, and its cuts: before each piece, along its seams, behind the last."""

    pieces: tuple[Piece, ...]
    height: float  # that its digits usually have, in pixels
    first: int  # number of the first piece in the labels
    cuts: tuple[tuple[int, int], ...]  # of each, the number of the piece, and that of the bound

    @property
    def boxes(self) -> Boxes:
        """Of the pieces."""
        return np.array([piece.box for piece in self.pieces])

    def ink(self, cut: int) -> float:
        """What a cut crosses, in widths of the pen; 0: it lies in a gap."""
        piece, bound = self.cuts[cut]
        return self.pieces[piece].inks[bound] if bound else 0.0


class Pieces(NamedTuple):
    """The pieces of a picture."""

    labels: Labels  # (height, width), 0: none; those of the first line are 1, 2, 3 …, those of the next follow
    lines: tuple[PieceLine, ...]  # from top to bottom
    marks: Boxes  # of other ink: specks, frames and underlines
    pen: float  # width of the strokes, in pixels


class WholePieces(NamedTuple):
    """The connected pieces of a line, not cut yet."""

    labels: Labels  # of the picture
    numbers: Numbers  # (n,) of the pieces in the labels
    boxes: Boxes  # (n, 4)
    height: float


class Uncut(NamedTuple):
    """The connected pieces of a picture, not cut yet."""

    plane: Plane
    lines: tuple[WholePieces, ...]
    seams: tuple[list[list[Seam]], ...]  # of each piece of each line, the cheapest first
    labels: Labels  # as those of the pieces
    marks: Boxes
    pen: float


MayTouch = Callable[[WholePieces], NDArray[np.bool_]]  # which pieces (n,) may be several digits that touch


def find_pieces(plane: Plane, may_touch: MayTouch, per_height: float, *, edge: bool = True) -> Uncut:
    """The pieces of some ink (height, width) in 0–1, and where they may be cut.

    Those at the edge are among them, or only such as continue a line. Those that may touch have `per_height` seams for
    each height that they are wide.
    """
    solid = plane > SOLID
    components = connected_components(solid)
    boxes, pen = components.boxes[1:], pen_width(solid)
    used = written(boxes, solid.shape, edge=edge)
    members = [used[line] for line in lines_of(boxes[used])] if len(used) else []
    wholes = [
        WholePieces(components.labels, chosen + 1, boxes[chosen], usual_height(boxes[chosen])) for chosen in members
    ]
    cut = _to_be_cut(wholes, may_touch, plane.size, MAX_ROWS[not edge])
    found = tuple(_seams(whole, plane, pen, which, per_height) for whole, which in zip(wholes, cut, strict=True))
    numbers = np.zeros(len(boxes) + 1, dtype=np.int32)
    for first, chosen in enumerate(np.concatenate(members) if members else (), start=1):
        numbers[chosen + 1] = first
    labels = _with_soft_edges(numbers[components.labels], plane > FAINT)
    return Uncut(plane, tuple(wholes), found, labels, np.delete(boxes, used, axis=0), pen)


def _to_be_cut(wholes: Sequence[WholePieces], may_touch: MayTouch, size: int, most: int) -> list[NDArray[np.bool_]]:
    """Which pieces of each line may be several digits; none where these are too many, or have more than `most` rows."""
    touching = [may_touch(whole) for whole in wholes]
    boxes = np.concatenate([np.zeros((0, 4), dtype=np.intp), *(each.boxes for each in wholes)])[
        np.concatenate([np.zeros(0, dtype=bool), *touching])
    ]
    rows = (boxes[:, 1] - boxes[:, 0]).sum()
    if len(boxes) > MAX_TOUCHING or rows > most or areas(boxes).sum() > MAX_AREA * size:
        return [np.zeros_like(which) for which in touching]
    return touching


def _seams(whole: WholePieces, plane: Plane, pen: float, cut: NDArray[np.bool_], per_height: float) -> list[list[Seam]]:
    found = []
    for i, is_cut in enumerate(cut.tolist()):
        ink = _ink_of(whole, plane, i) if is_cut else None
        found.append([] if ink is None else seams(ink, pen, most_seams(ink.shape, per_height)))
    return found


def _ink_of(whole: WholePieces, plane: Plane, piece: int) -> Plane:
    """The ink of one piece, in its box."""
    place = Box(*whole.boxes[piece].tolist())
    ink: Plane = place.crop(plane) * (place.crop(whole.labels) == whole.numbers[piece])
    return ink


def cut_pieces(uncut: Uncut, per_height: float) -> Pieces:
    """The pieces, cut along the cheapest seams, so many for each height that a piece is wide."""
    lines, first = [], 1
    for whole, found in zip(uncut.lines, uncut.seams, strict=True):
        lines.append(_line(whole, uncut, found, per_height, first))
        first += len(whole.numbers)
    return Pieces(uncut.labels, tuple(lines), uncut.marks, uncut.pen)


def pen_width(solid: Mask) -> float:
    """The usual width of the strokes, in pixels: twice their area by the length of their outline.

    An outline of pixels is 4/π times as long as the smooth one, on the average over all directions.
    """
    around = np.pad(solid, 1)
    outline = np.count_nonzero(around[:, 1:] != around[:, :-1]) + np.count_nonzero(around[1:] != around[:-1])
    return max(1.0, float(2 * np.count_nonzero(solid) / max(outline * np.pi / 4, 1)))


def written(boxes: Boxes, shape: tuple[int, ...], *, edge: bool) -> Numbers:
    """The numbers of the pieces that may be of digits: with those at the edge, or only with such as continue a line."""
    top, bottom, left, right = boxes.T
    inside = (top > 0) & (left > 0) & (bottom < shape[0]) & (right < shape[1])
    used = np.flatnonzero(edge | inside)
    if not 0 < len(used) <= MAX_WRITTEN[not edge]:
        return np.zeros(0, dtype=np.intp)
    used = used[~is_no_writing(boxes[used], shape[0])]
    if not edge and len(used):
        outside = np.flatnonzero(~inside)
        used = np.sort(np.concatenate([used, outside[continue_lines(boxes[outside], boxes[used])]]))
    usual = usual_height(boxes[used]) if len(used) else 0.0
    if usual < MIN_HEIGHT:
        return np.zeros(0, dtype=np.intp)
    sides = np.maximum(bottom - top, right - left)[used]
    used = used[sides > SPECK * usual]
    return np.asarray(used if areas(boxes[used]).sum() <= MAX_NESTED * math.prod(shape) else used[:0])


def _line(whole: WholePieces, uncut: Uncut, found: list[list[Seam]], per_height: float, first: int) -> PieceLine:
    """The pieces of a line, numbered from `first` in the labels."""
    pieces = []
    for i, (box, of_piece) in enumerate(zip(whole.boxes, found, strict=True)):
        place = Box(*box.tolist())
        taken = sorted(of_piece[: most_seams(place.size, per_height)], key=lambda seam: seam.share)
        if taken:
            pieces.append(_piece(_ink_of(whole, uncut.plane, i), place, taken, uncut.pen))
        else:
            pieces.append(_without_seams(place))
    before, after = whole.boxes[:-1], whole.boxes[1:]
    around = is_around(before, after, FILLED[0]) | is_around(after, before, FILLED[0])
    nested = [False, *around.tolist()]  # in the piece before, or around it
    cuts = [(i, bound) for i, piece in enumerate(pieces) for bound in range(nested[i], len(piece.inks) - 1)]
    return PieceLine(tuple(pieces), whole.height, first, (*cuts, (len(pieces), 0)))


def _without_seams(place: Box) -> Piece:
    """A piece without seams."""
    columns = np.repeat([[place.left], [place.right]], place.bottom - place.top, axis=1)
    boxes = np.zeros((2, 2, 4), dtype=np.intp)
    boxes[0, 1] = place.top, place.bottom, place.left, place.right
    return Piece(columns, (0.0, 0.0), boxes, place.top)


def _piece(ink: Plane, place: Box, found: Sequence[Seam], pen: float) -> Piece:
    """A piece with its ink (height, width), in its place, and its bounds."""
    height, width = ink.shape
    sides = np.zeros(height, dtype=np.intp), np.full(height, width)
    columns = np.array([sides[0], *(seam.columns for seam in found), sides[1]])
    boxes = _parts(ink > SOLID, columns, pen * height)
    boxes[boxes[..., 1] > 0] += np.array([place.top, place.top, place.left, place.left])
    return Piece(columns + place.left, (0.0, *(seam.ink / pen for seam in found), 0.0), boxes, place.top)


def _parts(solid: Mask, columns: Columns, stroke: float) -> Boxes:
    """The boxes (n, n, 4) of the ink between two bounds; empty where there is not enough, or where they cross."""
    height, width = solid.shape
    rows, places = np.arange(height), np.arange(width + 1)
    before: Columns = np.pad(np.cumsum(solid, axis=1, dtype=np.intp), ((0, 0), (1, 0)))[rows, columns]  # (n, height)
    next_ink = np.minimum.accumulate(np.where(np.pad(solid, ((0, 0), (0, 1))), places, width)[:, ::-1], axis=1)[:, ::-1]
    last_ink = np.maximum.accumulate(np.where(np.pad(solid, ((0, 0), (1, 0))), places, 0), axis=1)
    nearest, farthest = next_ink[rows, columns], last_ink[rows, columns]
    at_once = max(1, CELLS // before.size)
    found = [
        _between(before[start : start + at_once], before, nearest[start : start + at_once], farthest, width, stroke)
        for start in range(0, len(columns), at_once)
    ]
    boxes, enough = (np.concatenate(parts) for parts in zip(*found, strict=True))
    whole = np.zeros_like(enough)
    whole[0, -1] = True
    boxes[~(whole | np.triu(enough, 1))] = 0
    return boxes


def _between(
    starts: Columns, ends: Columns, nearest: Columns, farthest: Columns, width: int, stroke: float
) -> tuple[Boxes, NDArray[np.bool_]]:
    """The boxes (starts, ends, 4) of the ink between two bounds, and whether there is enough, and little astray.

    `starts` and `ends` are the pixels of ink before each bound, by rows; `nearest` and `farthest` the first column with
    ink behind a start, and the last one before an end.
    """
    pixels = ends - starts[:, None]  # (start, end, height)
    used = pixels > 0
    boxes = np.stack(
        [
            used.argmax(axis=2),
            pixels.shape[2] - used[..., ::-1].argmax(axis=2),
            np.where(used, nearest[:, None], width).min(axis=2),
            np.where(used, farthest, 0).max(axis=2),
        ],
        axis=2,
    )
    enough = pixels.sum(axis=2) > LEAST * stroke
    return boxes, enough & (-np.minimum(pixels, 0).sum(axis=2) <= ASTRAY * stroke)


def _with_soft_edges(labels: Labels, inked: Mask) -> Labels:
    """The labels, grown over fainter ink around them."""
    grown = np.pad(labels, 1)
    flat, width = grown.ravel(), grown.shape[1]
    faint = np.flatnonzero(np.pad(inked & (labels == 0), 1))
    for _ in range(SOFT):
        around = np.max([flat[faint + step] for step in (-width, -1, 1, width)], axis=0) if len(faint) else faint
        flat[faint] = around
        faint = faint[around == 0]
    return np.ascontiguousarray(grown[1:-1, 1:-1])
