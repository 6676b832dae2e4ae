"""Synthetic digits as pictures: handwritten ones in several inks, and printed ones.

An ink draws strokes that are in place on the pad: plainly, as an outline, in dashes or dots, in black pixels alone as
a fax has grey, or in grains as chalk and pencil leave it on a rough ground.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from model.data.hershey import DIGIT_FONTS, hershey_strokes
from model.data.printed import printed_digit
from model.data.strokes import PAD, StrokeAugmentation, lengths, points_at, render, vary
from model.data.synthetic import add_jitter, pick, synthetic_digit
from model.preprocess import preprocess

Rng = np.random.Generator
Picture = NDArray[np.uint8]
Stroke = NDArray[np.floating[Any]]
Draw = Callable[[list[Stroke], float, Rng], Image.Image]
PRINTED_SHARE: Final = 0.16
HERSHEY_SHARE: Final = 0.08  # of those that are drawn by strokes
TURNED_SHARE: Final = 0.08
ROTATION: Final = 30.0  # degrees, of those that are turned
LIKE_EACH_OTHER: Final = frozenset({1, 7})  # if turned, so they are not
MAX_WIDTH: Final = 0.5  # of the pen, in shorter sides of the drawing
HOLLOW: Final = (0.5, 0.8)  # share of an outlined stroke's width that is blank


class Ink(NamedTuple):
    """A way to draw strokes, and the widths of pen that suit it, in longer sides of the drawing."""

    draw: Draw
    width: tuple[float, float]


def synthetic_picture(digit: int, rng: Rng) -> Picture:
    """A random synthetic digit as the network sees it (28, 28), 255 = ink."""
    if rng.random() < PRINTED_SHARE:
        return printed_digit(digit, rng)
    drawing = hershey_digit(digit, rng) if rng.random() < HERSHEY_SHARE else synthetic_digit(digit, rng)
    ink = pick(INKS if digit != 1 else INKS[1:], rng)
    turned = digit not in LIKE_EACH_OTHER and rng.random() < TURNED_SHARE
    augmentation = StrokeAugmentation(
        width=ink.width if digit == 1 else _clear_width(ink, drawing),
        rotation=ROTATION if turned else StrokeAugmentation.rotation,
    )
    return preprocess(ink.draw(*vary(augmentation, drawing, rng), rng))


def _clear_width(ink: Ink, drawing: Sequence[Stroke]) -> tuple[float, float]:
    """The ink's widths, but for those that would fill the holes of a narrow digit."""
    size = np.ptp(np.concatenate(drawing), axis=0)
    low, high = ink.width
    return low, max(low, min(high, MAX_WIDTH * float(size.min() / size.max())))


def hershey_digit(digit: int, rng: Rng) -> list[Stroke]:
    """The strokes of the digit in a random Hershey font, with jitter."""
    return [add_jitter(stroke, rng) for stroke in hershey_strokes(str(digit), str(rng.choice(DIGIT_FONTS)))]


def plain(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:  # noqa: ARG001 - as every ink
    """Whole black strokes."""
    return render(strokes, width)


def outline(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:
    """The edge of thick strokes alone."""
    inner = render(strokes, width * rng.uniform(*HOLLOW))
    return ImageChops.lighter(render(strokes, width), ImageChops.invert(inner))


def dashes(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:
    """Strokes in pieces of one length."""
    dash, gap = width * rng.uniform(1.5, 4.0), width * rng.uniform(1.4, 2.2)  # round caps fill one width of the gap
    return render([piece for stroke in strokes for piece in cut(stroke, dash, gap)], width)


def dots(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:
    """Strokes as rows of dots."""
    pitch = width * rng.uniform(1.2, 2.0)
    return render([piece for stroke in strokes for piece in cut(stroke, 0.0, pitch)], width)


def dithered(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:
    """Grey strokes by black and white pixels (Floyd-Steinberg)."""
    grey = rng.uniform(0.0, 150.0)
    return render(strokes, width).point(lambda value: grey + value * (1 - grey / 255)).convert("1").convert("L")


def grains(strokes: list[Stroke], width: float, rng: Rng) -> Image.Image:
    """Strokes with gaps where a smooth noise is low."""
    side = PAD // int(rng.integers(1, 4))
    noise = Image.fromarray(rng.integers(0, 256, (side, side), dtype=np.uint8)).resize((PAD, PAD))
    missing = 255 * rng.uniform(0.1, 0.45)
    return ImageChops.lighter(render(strokes, width), noise.point(lambda value: 255 * (value < missing)))


def cut(stroke: Stroke, piece: float, gap: float) -> list[Stroke]:
    """The stroke in pieces with gaps between, both by length; a piece of length 0 is a point."""
    length = lengths(stroke)[-1]
    starts = np.arange(0, length + 1e-9, piece + gap)
    places = [np.linspace(start, min(start + piece, length), 6 if piece else 1) for start in starts]
    return [points_at(stroke, at) for at in places]


INKS: Final = (
    (Ink(outline, (0.16, 0.3)), 1.5),  # first, as a 1 is left out: without flag and foot, its outline is a narrow 0
    (Ink(plain, StrokeAugmentation.width), 16),
    (Ink(dashes, (0.03, 0.08)), 1),
    (Ink(dots, (0.03, 0.1)), 1),
    (Ink(dithered, (0.06, 0.3)), 1),
    (Ink(grains, (0.05, 0.3)), 1.5),
)
