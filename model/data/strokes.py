"""Pen strokes become pictures as the page's pad draws them: round caps, smooth edges, then the one `preprocess`.

A drawing is a list of strokes; a stroke is an array (points, 2) of x and y, in units of the pad's side, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image, ImageDraw

from model.preprocess import preprocess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Stroke = NDArray[np.floating[Any]]
    Drawing = Sequence[Stroke]

PAD: Final = 112  # pixels of the picture that the page sends
FINE: Final = 3  # times finer drawn, then averaged: that is what smooths the edges


@dataclass(frozen=True)
class StrokeAugmentation:
    """How differently the same strokes may be drawn; each number is the most, each drawing's own is uniform."""

    size: tuple[float, float] = (0.3, 0.9)  # longer side, in pads
    width: tuple[float, float] = (0.04, 0.3)  # of the pen, in longer sides
    rotation: float = 10.0  # degrees
    slant: float = 0.25  # sideways for up
    stretch: float = 0.2  # one axis against the other
    place: tuple[float, float] = (0.0, 1.0)  # share of the way from the pad's middle to its edges


def render(drawing: Drawing, width: float, pad: int = PAD) -> Image.Image:
    """Dark ink on white, (pad, pad); `width` is the pen's, in pads. A stroke of one point is a dot."""
    image = Image.new("L", (pad * FINE, pad * FINE), 255)
    pen, radius = ImageDraw.Draw(image), width * pad * FINE / 2
    for stroke in drawing:
        points = [(float(x), float(y)) for x, y in np.asarray(stroke) * (pad * FINE)]
        if len(points) > 1:
            pen.line(points, fill=0, width=max(1, round(2 * radius)))
        for x, y in points:  # round joins and caps
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return image.reduce(FINE)


def draw_augmented(augmentation: StrokeAugmentation, drawing: Drawing, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The 28×28 that the network sees of the strokes, drawn with a variation, anywhere on the pad."""
    points = np.concatenate(list(drawing))
    low, high = points.min(axis=0), points.max(axis=0)
    side = float(max(*(high - low), 1e-6))
    matrix = _linear(augmentation, rng) / side
    varied = [(np.asarray(stroke) - (low + high) / 2) @ matrix.T for stroke in drawing]
    size = rng.uniform(*augmentation.size)
    width = size * np.exp(rng.uniform(*np.log(augmentation.width)))
    spread = np.concatenate(varied) * size
    extent = np.ptp(spread, axis=0)
    scale = min(1.0, (1 - width) / max(*extent, 1e-6))  # what a turn has made too large is drawn smaller
    middle = (spread.min(axis=0) + spread.max(axis=0)) / 2 * scale
    room = np.maximum(1 - width - extent * scale, 0) / 2
    place = 0.5 + room * rng.uniform(*augmentation.place, 2) * rng.choice([-1, 1], 2)
    return preprocess(render([stroke * size * scale - middle + place for stroke in varied], width))


def _linear(augmentation: StrokeAugmentation, rng: np.random.Generator) -> NDArray[np.float64]:
    """A random turn, slant and stretch, (2, 2)."""
    angle = np.radians(rng.uniform(-augmentation.rotation, augmentation.rotation))
    slant = rng.uniform(-augmentation.slant, augmentation.slant)
    stretch = np.exp(rng.uniform(-augmentation.stretch, augmentation.stretch) / 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    made: NDArray[np.float64] = turn @ np.array([[stretch, -slant], [0, 1 / stretch]])
    return made
