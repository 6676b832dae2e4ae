"""The writing on a sheet: pens, the digit in its place, and what people draw beside a digit.

A stroke is an array (points, 2) of x and y in the sheet's pixels, y down.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.data.photographs.papers import COLOURS, Picture, Plane, Rng, Size, coordinates, over, smooth_noise

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
CHALK: Final = Pen((0.93, 0.93, 0.9), (0.05, 0.1), 0.8, 0.45)
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


def smear(sheet: Picture, middle: NDArray[np.float64], reach: float, rng: Rng) -> Picture:
    """A palm has drawn a grey veil over the sheet, from `middle` (x, y), `reach` pixels long."""
    size = sheet.shape[0], sheet.shape[1]
    y, x = coordinates(size)
    angle = rng.uniform(-0.5, 0.5)
    along = (x - middle[0]) * np.cos(angle) + (y - middle[1]) * np.sin(angle)
    across = (y - middle[1]) * np.cos(angle) - (x - middle[0]) * np.sin(angle)
    streaks = np.clip(1 + 0.5 * smooth_noise(size, (reach / 12, reach), rng), 0, 2)
    veil = np.exp(-((along / reach) ** 2) - (across / reach * 2.5) ** 2) * streaks
    return over(sheet, (0.35, 0.35, 0.37), np.asarray(veil * rng.uniform(0.1, 0.3), dtype=np.float32))


def rotation(degrees: float) -> NDArray[np.float64]:
    """The matrix (2, 2) that turns points (n, 2) clockwise: `points @ matrix.T`."""
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def place(
    strokes: Sequence[NDArray[np.floating[Any]]], pen: Pen, size: Size, share: float, region: float, rng: Rng
) -> Writing:
    """The strokes, slightly turned, in the middle `region` of the sheet; the longer side has a share of its height."""
    turn = rotation(rng.uniform(-8, 8))
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


def _drift(points: int, bends: int, size: float, rng: Rng) -> Stroke:
    """A hand's slow deviations along a line of so many points, (points, 2)."""
    knots = rng.normal(0, size, (bends, 2)).astype(np.float32)
    return np.asarray(Image.fromarray(knots).resize((2, points), Image.Resampling.BICUBIC), dtype=np.float64)


def _by_hand(corners: NDArray[np.float64], wobble: float, rng: Rng) -> Stroke:
    """A line through these points, with deviations of so many pixels."""
    at = np.linspace(0, len(corners) - 1, 16 * (len(corners) - 1) + 1)
    line = np.stack([np.interp(at, range(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)
    return np.asarray(line + _drift(len(at), 2 * len(corners), wobble, rng), dtype=np.float64)


def circle(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """A circle around the digit, by hand: its end may miss its start or run past it."""
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi * rng.uniform(0.98, 1.06), 80)
    radii = np.hypot(*writing.extent) / 2 + writing.side * rng.uniform(0.1, 0.25, 2)
    ring = writing.middle + radii * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    wobble = _drift(len(ring), 6, writing.side * rng.uniform(0, 0.03), rng)
    return write(sheet, [ring + wobble], _thin(writing.pen), writing.side, rng)


def box(sheet: Picture, writing: Writing, rng: Rng, wobble: float = 0.0) -> Picture:
    """A box around the digit, ruled or, with a wobble in longer sides of the digit, by hand."""
    reach = writing.extent / 2 + writing.side * rng.uniform(0.15, 0.35, 2)
    corners = writing.middle + reach * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    edge = _by_hand(corners + rng.normal(0, wobble * writing.side, corners.shape), wobble * writing.side / 3, rng)
    return write(sheet, [edge], _thin(writing.pen), writing.side, rng)


def rounded_box(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """A box with round corners."""
    reach = writing.extent / 2 + writing.side * rng.uniform(0.18, 0.35, 2)
    radius = reach.min() * rng.uniform(0.2, 0.5)
    angles = np.radians([[*range(start, start + 91, 10)] for start in (0, 90, 180, 270)])
    signs = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    arcs = [
        sign * (reach - radius) + radius * np.stack([np.cos(a), np.sin(a)], axis=1)
        for sign, a in zip(signs, angles, strict=True)
    ]
    edge = writing.middle + np.concatenate([*arcs, arcs[0][:1]])
    return write(sheet, [edge], _thin(writing.pen), writing.side, rng)


def underline(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """One or two lines under the digit."""
    lines = []
    for i in range(int(rng.integers(1, 3))):
        level = writing.middle[1] + writing.extent[1] / 2 + writing.side * (0.15 + 0.12 * i + rng.uniform(0, 0.05))
        reach = writing.side * rng.uniform(0.35, 0.6)
        ends = np.array([(writing.middle[0] - reach, level), (writing.middle[0] + reach, level)])
        lines.append(_by_hand(ends + rng.normal(0, writing.side * 0.015, (2, 2)), writing.side * 0.006, rng))
    return write(sheet, lines, writing.pen, writing.side, rng)


def stray_dots(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """One to three dots far away from the digit, near the sheet's corners."""
    height, width = sheet.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        corner = rng.choice([rng.uniform(0.06, 0.15), rng.uniform(0.85, 0.94)], 2)
        sheet = write(sheet, [np.array([corner * (width, height)])], writing.pen, writing.side, rng)
    return sheet


def palm_smear(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """Ink or graphite, drawn over the sheet by a palm."""
    return smear(sheet, writing.middle + rng.normal(0, 0.4, 2) * writing.side, writing.side * rng.uniform(0.5, 1), rng)


def sudoku_lines(sheet: Picture, _: Writing, rng: Rng) -> Picture:
    """Remnants of a cell's thick lines along one to four sides of the picture."""
    height, width = sheet.shape[:2]
    pen, thickness = Pen((0.05, 0.05, 0.06), (1, 1), 1, 0), min(height, width) * rng.uniform(0.01, 0.05)
    inset = rng.uniform(0, 0.05, 4) * (width, height, width, height)
    ends = [
        [(inset[0], 0), (inset[0], height)],
        [(0, inset[1]), (width, inset[1])],
        [(width - inset[2], 0), (width - inset[2], height)],
        [(0, height - inset[3]), (width, height - inset[3])],
    ]
    chosen = rng.permutation(4)[: rng.integers(1, 5)]
    return write(sheet, [np.array(ends[i]) for i in chosen], pen, thickness, rng)


def _thin(pen: Pen) -> Pen:
    return pen._replace(width=(0.025, 0.06))
