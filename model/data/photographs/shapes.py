"""The shapes of ink in drawings: pen strokes whole, hollow, dashed or dotted, and printed digits.

A shape is a plane (height, width) in 0–1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs.papers import Plane, Rng, Size, blurred
from model.data.photographs.writing import BALLPOINT, Stroke, coverage, place
from model.data.printed import font_digit
from model.data.strokes import lengths, points_at, rotation

Shape = Callable[[PenDigit, Size, Rng], Plane]
Form = Callable[[int, Rng], Image.Image]


@dataclass(frozen=True)
class PenStrokes:
    """Pen strokes: the width of the pen and the longer side of the digit are shares of the digit's and the height."""

    width: tuple[float, float] = (0.05, 0.14)
    share: tuple[float, float] = (0.4, 0.75)
    region: float = 0.84
    turn: tuple[float, float] = (0, 0)  # degrees, either way

    def __call__(self, digit: PenDigit, size: Size, rng: Rng) -> Plane:
        """The ink."""
        strokes, width = self.placed(digit, size, rng)
        return coverage(strokes, width, size)

    def placed(self, digit: PenDigit, size: Size, rng: Rng) -> tuple[list[Stroke], float]:
        """The strokes in pixels, and the pen's width."""
        turn = rotation(np.radians(rng.uniform(*self.turn) * rng.choice([-1, 1])))
        turned = [stroke @ turn.T for stroke in digit.strokes]
        writing = place(turned, BALLPOINT, size, rng.uniform(*self.share), self.region, rng)
        return list(writing.strokes), writing.side * float(rng.uniform(*self.width))


USUAL_PEN: Final = PenStrokes()
THICK: Final = PenStrokes((0.16, 0.26))


def hair_thin(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """A pen of one pixel."""
    strokes, _ = PenStrokes().placed(digit, size, rng)
    return coverage(strokes, 1, size)


def jagged(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """Edges that are not smoothed."""
    return np.asarray(PenStrokes()(digit, size, rng) > 0.5, dtype=np.float32)


def hollow(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """The outline of thick strokes."""
    strokes, width = THICK.placed(digit, size, rng)
    line = max(2.0, width * rng.uniform(0.08, 0.2))
    return coverage(strokes, width, size) - coverage(strokes, width - 2 * line, size)


def dashed(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """Strokes in dashes."""
    strokes, width = PenStrokes((0.05, 0.1)).placed(digit, size, rng)
    length, gap = width * rng.uniform(1.5, 3), width * rng.uniform(1.4, 2)
    pieces = []
    for stroke in strokes:
        points = _evenly(stroke, width / 4)
        phase = np.arange(len(points)) * width / 4 % (length + gap)
        starts = np.flatnonzero(np.diff(phase < length, prepend=False))
        pieces += [piece for i, piece in enumerate(np.split(points, starts)) if i % 2]
    return coverage(pieces, width, size)


def dotted(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """Strokes of dots."""
    strokes, width = PenStrokes((0.05, 0.09)).placed(digit, size, rng)
    dots = [point[None] for stroke in strokes for point in _evenly(stroke, width * rng.uniform(1.3, 1.8))]
    return coverage(dots, width, size)


def _evenly(stroke: Stroke, step: float) -> Stroke:
    """Points at the same distance along a stroke."""
    return points_at(stroke, np.arange(0, lengths(stroke)[-1] + step, step))


def sprayed(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """An airbrush's specks, denser in the middle of the stroke."""
    strokes, width = THICK.placed(digit, size, rng)
    density = blurred(coverage(strokes, width, size), width / 4)
    return np.asarray(rng.random(size) < density**1.5 * 0.7, dtype=np.float32)


def printed(digit: PenDigit, size: Size, rng: Rng, form: Form = font_digit) -> Plane:
    """A printed digit in the middle; its longer side is half to four fifths of the height."""
    image = form(digit.digit, rng)
    image.thumbnail((round(size[1] * 0.8), round(size[0] * rng.uniform(0.5, 0.8))), Image.Resampling.BOX)
    plane = Image.new("L", size[::-1])
    plane.paste(image, ((size[1] - image.width) // 2, (size[0] - image.height) // 2))
    return np.asarray(plane, dtype=np.float32) / np.float32(255)


def one_over_another(digit: PenDigit, size: Size, rng: Rng) -> Plane:
    """The same digit twice, one above the other."""
    half = PenStrokes(share=(0.6, 0.75))(digit, (size[0] // 2, size[1]), rng)
    return np.pad(np.concatenate([half, half]), ((0, size[0] % 2), (0, 0)))
