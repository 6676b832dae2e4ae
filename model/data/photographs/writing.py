"""The writing on a sheet: pens, and the digit in its place.

A stroke is an array (points, 2) of x and y in the sheet's pixels, y down.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.data.photographs.papers import COLOURS, Picture, Plane, Rng, Size, over, smooth_noise
from model.data.strokes import rotation

Stroke = NDArray[np.float64]
OVERSAMPLING: Final = 2  # times the resolution at which strokes are drawn before averaging, for smooth edges


class Pen(NamedTuple):
    """A pen: its colour, its width in heights of the digit, and how evenly it covers."""

    colour: tuple[float, float, float]
    width: tuple[float, float] = (0.035, 0.1)
    cover: float = 0.95  # share of the ground's colour that it hides
    uneven: float = 0.25  # deviation of the cover along the stroke


BALLPOINT: Final = Pen((0.1, 0.13, 0.35))
FELT: Final = Pen((0.08, 0.08, 0.09), (0.08, 0.16), 0.97, 0.08)
PENCIL: Final = Pen((0.35, 0.35, 0.36), (0.03, 0.06), 0.8)
FAINT_PENCIL: Final = Pen((0.6, 0.6, 0.61), (0.03, 0.055), 0.75)
CHALK: Final = Pen((0.93, 0.93, 0.9), (0.05, 0.1), 0.8, 0.55)
BOARD_MARKER: Final = Pen((0.1, 0.12, 0.5), (0.05, 0.1), 0.9)
YELLOW_MARKER: Final = Pen((0.97, 0.92, 0.15), (0.1, 0.18), 0.9, 0.1)


@dataclass(frozen=True)
class Writing:
    """A digit in its place on a sheet."""

    strokes: Sequence[Stroke]  # (points, 2), x and y in the sheet's pixels
    pen: Pen
    middle: NDArray[np.float64]  # x, y of its box
    extent: NDArray[np.float64]  # width, height of its box

    @property
    def side(self) -> float:
        """The longer side of its box."""
        return float(self.extent.max())


def coverage(strokes: Sequence[Stroke], width: float, size: Size) -> Plane:
    """The share of each pixel that strokes cover; points are (x, y) and the width is in pixels. Caps are round."""
    height, breadth = size[0] * OVERSAMPLING, size[1] * OVERSAMPLING
    image = Image.new("L", (breadth, height))
    pen, radius = ImageDraw.Draw(image), max(width * OVERSAMPLING / 2, 0.5)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * OVERSAMPLING]
        if len(points) > 1:
            pen.line(points, fill=255, width=max(1, round(2 * radius)))
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(image.reduce(OVERSAMPLING), dtype=np.float32) / np.float32(255)


def write(sheet: Picture, strokes: Sequence[Stroke], pen: Pen, height: float, rng: Rng) -> Picture:
    """Strokes in pixels on a sheet; `height` of the digit, in pixels, sets the pen's width."""
    size = sheet.shape[0], sheet.shape[1]
    width = max(1.2, height * float(np.exp(rng.uniform(*np.log(pen.width)))))
    texture = 1 - pen.uneven * np.abs(smooth_noise(size, max(2.0, width * 0.7), rng))
    share = coverage(strokes, width, size) * np.clip(texture, 0.05, 1) * np.float32(pen.cover)
    colour = np.clip(np.array(pen.colour) + rng.normal(0, 0.02, 3), 0, 1)
    return over(sheet, colour.tolist(), share)


def place(
    strokes: Sequence[NDArray[np.floating[Any]]], pen: Pen, size: Size, share: float, region: float, rng: Rng
) -> Writing:
    """The strokes, slightly turned, in the middle `region` of the sheet; the longer side has a share of its height."""
    turn = rotation(np.radians(rng.uniform(-8, 8)))
    turned = [np.asarray(stroke, dtype=np.float64) @ turn.T for stroke in strokes]
    points = np.concatenate(turned)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min(share * size[0], region * min(size)) / max(*(high - low), 1e-6)
    extent, sheet = (high - low) * scale, np.array(size[::-1])
    middle = sheet / 2 + np.maximum(sheet * region - extent, 0) / 2 * rng.uniform(-1, 1, 2)
    moved = [(stroke - (low + high) / 2) * scale + middle for stroke in turned]
    return Writing(moved, pen, middle, extent)


def any_pen(rng: Rng) -> Pen:
    """A ballpoint, felt pen or pencil."""
    return (BALLPOINT, FELT, PENCIL, BALLPOINT._replace(colour=(0.12, 0.12, 0.13)))[rng.integers(4)]


def with_pen(pen: Pen) -> Callable[[Rng], Pen]:
    """Always this pen."""
    return lambda _: pen


def coloured_pen(rng: Rng) -> Pen:
    """A felt pen of any colour."""
    return FELT._replace(colour=COLOURS[rng.integers(len(COLOURS))])


def chalk(rng: Rng) -> Pen:
    """White chalk, or yellow."""
    return CHALK._replace(colour=(0.92, 0.86, 0.45)) if rng.random() < 0.2 else CHALK
