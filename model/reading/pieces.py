"""The pieces of ink in a picture, in lines from left to right, cut wherever two digits may touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Labels, Mask, connected_components
from model.preprocess import Box, Plane, box_of
from model.reading.cuts import Columns, seams
from model.reading.lines import Boxes, Numbers, is_no_writing, lines_of, usual_height

SOLID: Final = 0.3  # ink from which neighbouring pixels are one piece
FAINT: Final = 0.05  # ink at a piece's soft edge, which belongs to it
SOFT: Final = 2  # pixels that such an edge is wide
MIN_HEIGHT: Final = 6  # pixels that digits usually have; lower ink is noise
SPECK: Final = 0.12  # of the digits' height: a piece with two shorter sides is none of a digit
MAX_PIECES: Final = (1024, 300)  # of a drawing, and of a photograph: one with more is no writing


class Boundary(NamedTuple):
    """A seam between two pieces."""

    columns: Columns  # in each row, the first column on its right, in the plane
    top: int  # its first row
    ink: float  # that it crosses, in widths of the pen


class PieceLine(NamedTuple):
    """The pieces of a line, from left to right."""

    boxes: Boxes
    height: float  # that its digits usually have, in pixels
    seams: tuple[Boundary | None, ...]  # between each piece and the next; None: a gap
    first: int  # number of the first piece in the labels


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


MayTouch = Callable[[WholePieces], NDArray[np.bool_]]  # which pieces (n,) may be several digits that touch


def find_pieces(plane: Plane, may_touch: MayTouch, *, edge: bool = True) -> Pieces:
    """The pieces of some ink (height, width) in 0–1, cut where they may touch; with those at the edge, or without."""
    solid = plane > SOLID
    components = connected_components(solid)
    boxes, pen = components.boxes[1:], pen_width(solid)
    used = written(boxes, solid.shape, edge=edge)
    labels, lines, count = np.zeros_like(components.labels), [], 0
    for members in lines_of(boxes[used]) if len(used) else ():
        numbers = used[members]
        whole = WholePieces(components.labels, numbers + 1, boxes[numbers], usual_height(boxes[numbers]))
        lines.append(_cut_line(whole, plane, pen, may_touch(whole), labels, count))
        count += len(lines[-1].boxes)
    unused = np.delete(boxes, used, axis=0)
    return Pieces(_with_soft_edges(labels, plane > FAINT), tuple(lines), unused, pen)


def pen_width(solid: Mask) -> float:
    """The usual width of the strokes, in pixels: twice their area by the length of their outline.

    An outline of pixels is 4/π times as long as the smooth one, on the average over all directions.
    """
    around = np.pad(solid, 1)
    outline = np.count_nonzero(around[:, 1:] != around[:, :-1]) + np.count_nonzero(around[1:] != around[:-1])
    return max(1.0, float(2 * np.count_nonzero(solid) / max(outline * np.pi / 4, 1)))


def written(boxes: Boxes, shape: tuple[int, ...], *, edge: bool) -> Numbers:
    """The numbers of the pieces that may be of digits."""
    top, bottom, left, right = boxes.T
    used = np.flatnonzero(edge | ((top > 0) & (left > 0) & (bottom < shape[0]) & (right < shape[1])))
    if not 0 < len(used) <= MAX_PIECES[not edge]:
        return np.zeros(0, dtype=np.intp)
    used = used[~is_no_writing(boxes[used])]
    usual = usual_height(boxes[used]) if len(used) else 0.0
    if usual < MIN_HEIGHT:
        return np.zeros(0, dtype=np.intp)
    sides = np.maximum(bottom - top, right - left)[used]
    return np.asarray(used[sides > SPECK * usual])


def _cut_line(
    whole: WholePieces, plane: Plane, pen: float, touching: NDArray[np.bool_], labels: Labels, count: int
) -> PieceLine:
    """The pieces of a line, cut, and numbered from `count` + 1 in `labels`."""
    boxes: list[NDArray[np.intp]] = []
    between: list[Boundary | None] = []
    for number, box, touches in zip(whole.numbers, whole.boxes, touching, strict=True):
        place = Box(*box.tolist())
        ink = place.crop(whole.labels) == number
        cuts = seams(place.crop(plane) * ink, pen) if touches else []
        side = np.arange(ink.shape[1])
        layer = np.zeros(ink.shape, dtype=np.int16)
        for cut in cuts:
            layer += side >= cut.columns[:, None]
        kept = np.flatnonzero(np.bincount(layer[ink], minlength=len(cuts) + 1))
        for i, each in enumerate(kept):
            part = ink & (layer == each)
            place.crop(labels)[part] = count + len(boxes) + 1
            if boxes:
                seam = min(cuts[kept[i - 1] : each], key=lambda cut: cut.ink) if i else None
                between.append(seam and Boundary(seam.columns + place.left, place.top, seam.ink / pen))
            boxes.append(_box_in(part, place))
    return PieceLine(np.array(boxes), whole.height, tuple(between), count + 1)


def _box_in(part: Mask, place: Box) -> NDArray[np.intp]:
    inner = box_of(part) or Box(0, 0, 0, 0)
    return np.array(
        [place.top + inner.top, place.top + inner.bottom, place.left + inner.left, place.left + inner.right]
    )


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
