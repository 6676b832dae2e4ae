"""Numbers for the tests of reading, written with simple strokes that the networks read surely."""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw

# Strokes in a box of height 1, x and y, y down; the widths make them stand apart.
DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.3, 0), (0.08, 0.2), (0, 0.5), (0.08, 0.8), (0.3, 1), (0.52, 0.8), (0.6, 0.5), (0.52, 0.2), (0.3, 0)]],
    "1": [[(0.1, 0), (0.1, 1)]],
    "2": [[(0, 0.2), (0.15, 0), (0.45, 0), (0.6, 0.2), (0.5, 0.45), (0, 1), (0.65, 1)]],
    "3": [[(0, 0.1), (0.3, 0), (0.55, 0.2), (0.2, 0.47), (0.55, 0.7), (0.3, 1), (0, 0.9)]],
    "4": [[(0.3, 0), (0, 0.6), (0.65, 0.6)], [(0.45, 0.25), (0.45, 1)]],
    "5": [[(0.1, 0), (0.05, 0.45), (0.35, 0.4), (0.55, 0.65), (0.35, 0.97), (0, 0.95)], [(0.1, 0), (0.55, 0)]],
    "6": [[(0.45, 0), (0.1, 0.35), (0, 0.7), (0.2, 1), (0.45, 0.95), (0.5, 0.7), (0.3, 0.55), (0.05, 0.7)]],
    "7": [[(0, 0), (0.6, 0), (0.2, 1)]],
    "8": [[(0.5, 0.1), (0.2, 0), (0.05, 0.2), (0.5, 0.7), (0.3, 1), (0.05, 0.8), (0.45, 0.3), (0.5, 0.1)]],
    "9": [[(0.5, 0.15), (0.25, 0), (0.05, 0.2), (0.2, 0.45), (0.5, 0.25), (0.5, 0.15), (0.45, 1)]],
}
HEIGHT = 60  # pixels of a digit
PEN = 7


def write(
    lines: Iterable[str],
    size: tuple[int, int] = (420, 140),
    start: tuple[int, int] = (30, 35),
    gap: float = 0.35,
    scale: float = 1,
    pen: float = PEN,
) -> Image.Image:
    """Black on white: lines of digits below each other, with a gap, in heights of a digit, after each."""
    image = Image.new("L", (round(size[0] * scale), round(size[1] * scale)), 255)
    draw, y = ImageDraw.Draw(image), float(start[1])
    for line in lines:
        x = float(start[0])
        for digit in line:
            for stroke in DIGITS.get(digit, []):
                stroked(draw, [((x + HEIGHT * u) * scale, (y + HEIGHT * v) * scale) for u, v in stroke], pen * scale)
            width = max((u for stroke in DIGITS.get(digit, []) for u, _ in stroke), default=0.5)
            x += HEIGHT * (width + gap)
        y += 1.7 * HEIGHT
    return image


def leaning(image: Image.Image, lean: float) -> Image.Image:
    """An image whose upright lines lean to the right, by this share of their height."""
    shear = (1.0, lean, -lean * image.height / 2, 0.0, 1.0, 0.0)
    return image.transform(image.size, Image.Transform.AFFINE, shear, Image.Resampling.BICUBIC, fillcolor=255)


def slashed(text: str, slash: Sequence[tuple[float, float]]) -> Image.Image:
    """The same of one line, with a thin slash in each zero."""
    image = write([text])
    draw, left = ImageDraw.Draw(image), 30.0
    for digit in text:
        if digit == "0":
            stroked(draw, [(left + HEIGHT * x, 35 + HEIGHT * y) for x, y in slash], 4)
        left += HEIGHT * (max(x for stroke in DIGITS[digit] for x, _ in stroke) + 0.35)
    return image


def stroked(draw: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], pen: float) -> None:
    """A line with round ends and corners."""
    draw.line(points, fill=0, width=round(pen))
    for x, y in points:
        draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=0)


def two_loops() -> Image.Image:
    """An eight of two loops that do not touch."""
    image = Image.new("L", (280, 280), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((115, 60, 165, 130), outline=0, width=10)
    draw.ellipse((105, 136, 175, 220), outline=0, width=10)
    return image


def photographed(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The image on cream paper under light that falls off to one side, with a camera's noise."""
    paper = 0.15 + 0.75 * np.asarray(image, dtype=float) / 255
    light = np.linspace(1, 0.65, image.width)[None] + rng.normal(0, 0.012, image.size[::-1])
    return Image.fromarray(np.clip(paper * light * 255, 0, 255).astype(np.uint8))
