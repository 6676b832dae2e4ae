"""What stands beside a digit on a sheet: circles, boxes, lines, dots and smears. A mark is drawn after the digit."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.data.photographs.papers import Picture, Rng, coordinates, over, smooth_noise
from model.data.photographs.writing import Pen, Stroke, Writing, write


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


def specks(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """Dust and fibres all over the sheet, far smaller than the digit."""
    at = rng.random((int(rng.integers(5, 40)), 1, 2)) * sheet.shape[1::-1]
    return write(sheet, list(at), writing.pen._replace(width=(0.008, 0.025)), writing.side, rng)


def palm_smear(sheet: Picture, writing: Writing, rng: Rng) -> Picture:
    """Graphite, drawn over the sheet by a palm: a grey veil with streaks."""
    size, reach = (sheet.shape[0], sheet.shape[1]), writing.side * rng.uniform(0.5, 1)
    y, x = coordinates(size)
    angle, middle = rng.uniform(-0.5, 0.5), writing.middle + rng.normal(0, 0.4, 2) * writing.side
    along = (x - middle[0]) * np.cos(angle) + (y - middle[1]) * np.sin(angle)
    across = (y - middle[1]) * np.cos(angle) - (x - middle[0]) * np.sin(angle)
    streaks = np.clip(1 + 0.5 * smooth_noise(size, (reach / 12, reach), rng), 0, 2)
    veil = np.exp(-((along / reach) ** 2) - (across / reach * 2.5) ** 2) * streaks
    return over(sheet, (0.35, 0.35, 0.37), np.asarray(veil * rng.uniform(0.1, 0.3), dtype=np.float32))


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
