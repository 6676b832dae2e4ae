"""Pen strokes rendered as the page's pad draws them, with round caps and smooth edges, and preprocessed.

A drawing is a list of strokes; a stroke is an array (points, 2) of x and y, in units of the pad's side, y down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.preprocess import preprocess

Stroke = NDArray[np.floating[Any]]
Drawing = Sequence[Stroke]
PAD: Final = 112  # pixels of the picture that the page sends
OVERSAMPLING: Final = 3  # times the resolution at which strokes are drawn before averaging, for smooth edges


@dataclass(frozen=True)
class StrokeAugmentation:
    """Ranges of the random variations of a drawing; single numbers are the largest deviation either way."""

    size: tuple[float, float] = (0.3, 0.9)  # the drawing's longer side, in pads
    width: tuple[float, float] = (0.04, 0.3)  # of the pen, in longer sides of the drawing
    rotation: float = 10.0  # degrees
    slant: float = 0.25  # horizontal offset per height
    stretch: float = 0.2  # log ratio of the axes
    place: tuple[float, float] = (0.0, 1.0)  # offset from the pad's middle, as a share of the free space


def render(drawing: Drawing, width: float, pad: int = PAD) -> Image.Image:
    """The strokes in black on white, (pad, pad); `width` is the pen's, in pads. A stroke of one point is a dot."""
    image = Image.new("L", (pad * OVERSAMPLING, pad * OVERSAMPLING), 255)
    pen, radius = ImageDraw.Draw(image), width * pad * OVERSAMPLING / 2
    for stroke in drawing:
        points = [(float(x), float(y)) for x, y in np.asarray(stroke) * (pad * OVERSAMPLING)]
        if len(points) > 1:
            pen.line(points, fill=0, width=max(1, round(2 * radius)))
        for x, y in points:  # round joins and caps
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return image.reduce(OVERSAMPLING)


def lengths(stroke: Stroke) -> NDArray[np.float64]:
    """The length of the stroke up to each of its points, (points,)."""
    return np.append(0.0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T)))


def points_at(stroke: Stroke, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points (n, 2) at these lengths (n,) along a stroke."""
    along = lengths(stroke)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def draw_augmented(augmentation: StrokeAugmentation, drawing: Drawing, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The strokes, randomly varied and drawn on the pad, as a 28×28 picture."""
    return preprocess(render(*vary(augmentation, drawing, rng)))


def vary(augmentation: StrokeAugmentation, drawing: Drawing, rng: np.random.Generator) -> tuple[list[Stroke], float]:
    """The strokes, randomly varied and placed on the pad, and the pen's width, both in pads."""
    points = np.concatenate(list(drawing))
    low, high = points.min(axis=0), points.max(axis=0)
    side = float(max(*(high - low), 1e-6))
    matrix = random_linear(augmentation, rng) / side
    varied = [(np.asarray(stroke) - (low + high) / 2) @ matrix.T for stroke in drawing]
    size = rng.uniform(*augmentation.size)
    width = size * np.exp(rng.uniform(*np.log(augmentation.width)))
    spread = np.concatenate(varied) * size
    extent = np.ptp(spread, axis=0)
    scale = min(1.0, (1 - width) / max(*extent, 1e-6))  # a rotation may have made it too large for the pad
    middle = (spread.min(axis=0) + spread.max(axis=0)) / 2 * scale
    room = np.maximum(1 - width - extent * scale, 0) / 2
    place = 0.5 + room * rng.uniform(*augmentation.place, 2) * rng.choice([-1, 1], 2)
    return [stroke * size * scale - middle + place for stroke in varied], width


def random_linear(augmentation: StrokeAugmentation, rng: np.random.Generator) -> NDArray[np.float64]:
    """A random rotation, slant and stretch, (2, 2)."""
    turn = rotation(np.radians(rng.uniform(-augmentation.rotation, augmentation.rotation)))
    slant = rng.uniform(-augmentation.slant, augmentation.slant)
    stretch = np.exp(rng.uniform(-augmentation.stretch, augmentation.stretch) / 2)
    combined: NDArray[np.float64] = turn @ np.array([[stretch, -slant], [0, 1 / stretch]])
    return combined


def rotation(angle: float) -> NDArray[np.float64]:
    """The matrix (2, 2) that turns points (n, 2) clockwise by an angle in radians: `points @ matrix.T`."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
