"""Groups: the ink between two cuts of a line, which may be one digit, each as the network would see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Labels, Mask
from model.preprocess import SIDE, Box, Ink, Placement, Plane, place_on_image
from model.reading.lines import TALL, Boxes, Numbers
from model.reading.pieces import Piece, PieceLine, Pieces
from model.reading.strokes import shapes_of
from model.recognize import Prediction

MAX_JOINED: Final = 20  # pieces of a group
MAX_WIDTH: Final = 1.9  # of a group, in heights of the line
NAMES: Final = (  # of the features
    *("bias", "novel", "digit-like", "certainty", "higher", "lower", "wide", "wide squared", "broad", "narrow", "size"),
    *("stroke", "stroke squared", "parts", "gap within", "off the line"),
    *("seam before", "ink before", "gap before", "overlap before"),
    # Of a plain stroke, which may be a slash or a one.
    *("plain", "out above", "out below", "out on both sides", "leaning", "leaning squared", "leaning more", "taller"),
    *("bowed", "straight", "uneven", "other pen", "at an end", "leaning at an end", "clear"),
)
SHAPE_NAMES: Final = ("bias", "wide", "wide squared", "stroke", "stroke squared", "height")  # for each digit
SMALL: Final = 0.6  # heights of the line, the diagonal of a small mark
PLAIN: Final = 1.15  # diagonals of its box, the length of a plain stroke, such as a slash, if its pen is the usual one
MOST_BOWED: Final = 0.3  # heights
LEAST_BOWED: Final = 0.003  # heights: with less, a stroke is straight
MOST_UNEVEN: Final = 0.5
MOST_OTHER: Final = 0.5  # logarithm of a stroke's width by the usual one
MOST_NARROW: Final = 0.7  # of the feature "narrow": what is narrower has a thinner pen
LEANING: Final = 0.1  # of its height, by which a stroke that may be a slash leans to the right
OUT: Final = 0.1  # heights of the line, from which a stroke sticks out
FAR_OUT: Final = 0.3  # … so far that it is no tall one, even without another one at the other end of the line
MOST_OUT: Final = 0.5  # heights of the line
Floats = NDArray[np.float64]
Span = tuple[int, int]  # the numbers of the cuts before and behind a group


class Groups(NamedTuple):
    """The n groups of a line."""

    starts: Numbers  # (n,) of each, the number of the cut before it
    ends: Numbers  # … and of the cut behind it
    boxes: Boxes  # (n, 4), in the plane
    pictures: NDArray[np.uint8]  # (n, 784)
    placements: list[Placement]
    strokes: Floats  # (n,) length of its strokes, in heights of the line


def group_pieces(pieces: Pieces, line: PieceLine, spans: Sequence[Span], boxes: Boxes, ink: Ink) -> Groups:
    """The groups of a line between these cuts, with the boxes of their ink."""
    starts, ends = np.array(spans).T
    cut = (cut_out(ink, pieces.labels, line, *span, box) for span, box in zip(spans, boxes, strict=True))
    pictures, placements, inks = pictures_of(cut)
    return Groups(starts, ends, boxes, pictures, placements, inks / (pieces.pen * line.height))


def spans_of(line: PieceLine) -> Iterator[Span]:
    """The first and the last cut of each group: of all parts that are not too wide together, and between two gaps.

    So there is always a way through the line, by its gaps.
    """
    for end in range(1, len(line.cuts)):
        piece, _ = _last_part(line, end)
        nearest = line.cuts[end][1] == 0  # whether the next gap is the first one before the end, which is a gap
        for start in range(end - 1, -1, -1):
            if not nearest and line.cuts[start][0] < piece - MAX_JOINED:
                break
            parts, upright = parts_of(line, start, end), line.cuts[start][1] == 0
            fits = np.ptp(parts[:, 2:]) <= MAX_WIDTH * line.height
            if (fits and parts[:, 1].all()) or (nearest and upright):
                yield start, end
            if upright and not fits:
                break  # from further left, it is as wide or wider
            nearest = nearest and not upright


def parts_of(line: PieceLine, start: int, end: int) -> Boxes:
    """The boxes of the pieces between two cuts, or of the parts of them; 0 where there is none."""
    (piece, bound), (last, last_bound) = line.cuts[start], _last_part(line, end)
    if piece == last:
        return line.pieces[piece].boxes[[bound], [last_bound]]
    inner = [each.box for each in line.pieces[piece + 1 : last]]
    return np.array([line.pieces[piece].boxes[bound, -1], *inner, line.pieces[last].boxes[0, last_bound]])


def _last_part(line: PieceLine, end: int) -> tuple[int, int]:
    """The piece before a cut, and which of its bounds that is."""
    piece, bound = line.cuts[end]
    return (piece, bound) if bound else (piece - 1, -1)


def cut_out(ink: Ink, labels: Labels, line: PieceLine, start: int, end: int, box: NDArray[np.intp]) -> Ink:
    """The ink between two cuts of a line, in a box around it."""
    (piece, bound), (last, last_bound) = line.cuts[start], _last_part(line, end)
    place = Box(*box.tolist()).with_margin(labels.shape)
    number = place.crop(labels)
    mask = (number >= line.first + piece) & (number <= line.first + last)
    if bound:
        mask &= (number != line.first + piece) | ~_left_of(line.pieces[piece], bound, place)
    if last_bound > 0:
        mask &= (number != line.first + last) | _left_of(line.pieces[last], last_bound, place)
    plane: Plane = place.crop(ink.plane) * mask
    return _moved(ink, plane, place)


def _left_of(piece: Piece, bound: int, place: Box) -> Mask:
    """Which pixels of a place are on the left of a bound."""
    rows = np.clip(np.arange(place.top, place.bottom) - piece.top, 0, len(piece.columns[bound]) - 1)
    columns = np.arange(place.left, place.right)
    return np.asarray(columns < piece.columns[bound][rows][:, None])


def cut_out_whole(ink: Ink, labels: Labels, number: int, box: NDArray[np.intp]) -> Ink:
    """The ink of the piece with this label, in a box around it."""
    place = Box(*box.tolist()).with_margin(labels.shape)
    plane: Plane = place.crop(ink.plane) * (place.crop(labels) == number)
    return _moved(ink, plane, place)


def _moved(ink: Ink, plane: Plane, place: Box) -> Ink:
    left, top = ink.left + place.left * ink.scale, ink.top + place.top * ink.scale
    return ink._replace(plane=plane, extent=None, left=left, top=top)


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
    boxes = line.boxes
    level = np.average(boxes[:, :2].mean(axis=1), weights=boxes[:, 1] - boxes[:, 0]) / line.height
    within = np.array([_within(line, start, end) for start, end in zip(groups.starts, groups.ends, strict=True)])
    before = np.array([_before(line, boxes, start) for start in range(len(line.cuts) - 1)])[groups.starts]
    plain = _is_plain_piece(groups, line)
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
            np.where(plain, 0, np.clip(np.log(high / wide) - 1, 0, MOST_NARROW)),
            np.maximum(high, wide),
            groups.strokes,
            groups.strokes**2,
            within,
            np.abs((top + bottom) / 2 - level),
            before,
            _of_plain(groups, line, prediction, plain & ~_is_small(groups, line) & _is_upright(groups)),
        ]
    )


def shapes(groups: Groups, line: PieceLine) -> Floats:
    """The group's shape, which is weighed for each digit: (n, len(SHAPE_NAMES))."""
    top, bottom, left, right = groups.boxes.T / line.height
    wide, stroke = right - left, groups.strokes
    return np.column_stack([np.ones(len(wide)), wide, wide**2, stroke, stroke**2, np.log(bottom - top)])


def may_be_mark(groups: Groups, line: PieceLine) -> NDArray[np.bool_]:
    """Which groups (n,) are a connected piece that is small, or a plain stroke, unless that stands as a one does.

    Other ink is not to be passed over. What begins far above, and ends far below, the tall pieces beside it is no one;
    at both ends of a line, such strokes are the sides of a frame, and need not be as long.
    """
    plain = _is_plain_piece(groups, line)
    found = (_is_whole(groups, line) & _is_small(groups, line)) | (plain & ~_is_upright(groups))
    high = np.flatnonzero(plain & ~found)
    leans = shapes_of(groups.pictures[high]).lean > LEANING
    out = _out(groups, line, high).min(axis=1)
    first, last = groups.starts[high] == 0, groups.ends[high] == len(line.cuts) - 1
    is_pair = (first & (out > OUT)).any() and (last & (out > OUT)).any()
    found[high] = leans | (out > (OUT if is_pair else FAR_OUT))
    return found


def _is_whole(groups: Groups, line: PieceLine) -> NDArray[np.bool_]:
    """Which groups (n,) are one connected piece."""
    piece, bound = np.array(line.cuts).T
    gap = bound == 0
    return np.asarray(gap[groups.starts] & gap[groups.ends] & (piece[groups.ends] - piece[groups.starts] == 1))


def _is_small(groups: Groups, line: PieceLine) -> NDArray[np.bool_]:
    """Which groups (n,) are as small as a dot, a comma or a minus."""
    return np.asarray(_diagonals(groups, line) < SMALL)


def _is_plain_piece(groups: Groups, line: PieceLine) -> NDArray[np.bool_]:
    """Which groups (n,) are one connected piece, and a plain stroke from one end of its box to the other."""
    found = _is_whole(groups, line)
    longer = np.flatnonzero(found & (groups.strokes >= PLAIN * _diagonals(groups, line)))
    found[longer] = shapes_of(groups.pictures[longer]).is_even  # by another pen
    return found


def _is_upright(groups: Groups) -> NDArray[np.bool_]:
    """Which groups (n,) are at least as high as they are wide."""
    top, bottom, left, right = groups.boxes.T
    return np.asarray(bottom - top >= right - left)


def _diagonals(groups: Groups, line: PieceLine) -> Floats:
    """Of the groups' boxes (n,), in heights of the line."""
    top, bottom, left, right = groups.boxes.T / line.height
    return np.asarray(np.hypot(bottom - top, right - left))


def _of_plain(groups: Groups, line: PieceLine, prediction: Prediction, which: NDArray[np.bool_]) -> Floats:
    """What tells slashes from ones, of those pieces that are a plain stroke, high and not small: (n, 15), else 0.

    How far they stick out and lean, and how much more they lean and how much taller they are than what is usual in the
    line: a hand leans its slashes more than its ones. A one is rarely as straight and even as a slash, never as bowed
    as a parenthesis, and drawn by the pen of the others; and a slash is neither the first in its line nor the last, as
    the sides of a box are. How clearly the network sees a digit counts in another way than for other ink.
    """
    found = np.zeros((len(groups.starts), 15))
    plain = np.flatnonzero(which)
    if len(plain):
        top, bottom, _, _ = groups.boxes.T / line.height
        height = np.log(bottom - top)
        tall = _is_whole(groups, line) & (height >= np.log(TALL))
        tall[plain] |= not tall.any()
        shape = shapes_of(groups.pictures[plain])
        usual = np.median(shapes_of(groups.pictures[tall]).lean)
        out = _out(groups, line, plain)
        pen = np.log(groups.strokes[plain] / shape.length) - height[plain]
        at_end = (groups.starts[plain] == 0) | (groups.ends[plain] == len(line.cuts) - 1)
        found[plain] = np.column_stack(
            [
                np.ones(len(plain)),
                out,
                np.maximum(out.min(axis=1), 0),
                shape.lean,
                shape.lean**2,
                shape.lean - usual,
                height[plain] - np.median(height[tall]),
                np.minimum(shape.bow, MOST_BOWED),
                -np.log(np.maximum(shape.bow, LEAST_BOWED)),
                np.minimum(shape.uneven, MOST_UNEVEN),
                np.minimum(np.abs(pen), MOST_OTHER),
                at_end,
                shape.lean * at_end,
                np.log(prediction.probabilities[plain].max(axis=1)),
            ]
        )
    return found


def _out(groups: Groups, line: PieceLine, which: Numbers) -> Floats:
    """How far groups begin above, and end below, both tall pieces beside them: (n, 2), in heights of the line."""
    piece, bound = np.array(line.cuts).T
    first, end = piece[groups.starts[which]], groups.ends[which]
    last = piece[end] - (bound[end] == 0)
    top, bottom = line.boxes[:, 0], line.boxes[:, 1]
    tall = np.flatnonzero(bottom - top >= TALL * line.height)
    left, right = np.searchsorted(tall, first), np.searchsorted(tall, last, side="right") + 1
    tops = np.array([np.inf, *top[tall], np.inf])  # beside the first and the last, there is none
    bottoms = np.array([-np.inf, *bottom[tall], -np.inf])
    above = np.minimum(tops[left], tops[right]) - groups.boxes[which, 0]
    below = groups.boxes[which, 1] - np.maximum(bottoms[left], bottoms[right])
    out = np.column_stack([above, below]) / line.height
    return np.where(np.isfinite(out), np.clip(out, -MOST_OUT, MOST_OUT), 0.0)


def _within(line: PieceLine, start: int, end: int) -> tuple[float, float]:
    """The gaps between a group's parts, and the largest of them, to the side or up or down."""
    parts = parts_of(line, start, end)
    if len(parts) == 1:
        return 0.0, 0.0
    across = parts[1:, 2] - np.maximum.accumulate(parts[:-1, 3])
    down = np.maximum(parts[1:, 0] - parts[:-1, 1], parts[:-1, 0] - parts[1:, 1])
    return len(across), max(float(np.maximum(across, down).max()), 0.0) / line.height


def _before(line: PieceLine, boxes: Boxes, start: int) -> tuple[float, float, float, float]:
    """Whether a seam is before a group, the ink that it crosses, or the gap; and how far the left reaches over it."""
    piece, bound = line.cuts[start]
    if bound:
        return 1.0, min(line.ink(start), 4.0), 0.0, 0.0
    if not piece:
        return 0.0, 0.0, 0.0, 0.0
    gap = float(boxes[piece, 2] - boxes[:piece, 3].max()) / line.height
    return 0.0, 0.0, min(max(gap, 0.0), 0.6), min(max(-gap, 0.0), 1.0)
