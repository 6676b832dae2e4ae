"""Drawings by other programs: sharp edges, flat colours, cards, screenshots, pixels.

A drawing is a shape of ink over a ground, perhaps on a card; then what is done to the file as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from model.data.pendigits import PenDigit
from model.data.photographs.light import through_jpeg
from model.data.photographs.papers import Picture, Plane, Rng, Size, blurred, coordinates, over
from model.data.photographs.shapes import USUAL_PEN, Shape
from model.data.photographs.writing import coverage

Colour = tuple[float, float, float]
WHITE: Final = (1.0, 1.0, 1.0)
BLACK: Final = (0.0, 0.0, 0.0)


def sharp_frame(ink: Plane, rng: Rng) -> Plane:
    """A frame near the picture's edge or on it."""
    return np.maximum(ink, _frame(ink.shape, 0, rng))


def rounded_frame(ink: Plane, rng: Rng) -> Plane:
    """A frame with round corners."""
    return np.maximum(ink, _frame(ink.shape, min(ink.shape) * rng.uniform(0.05, 0.2), rng))


def ring(ink: Plane, rng: Rng) -> Plane:
    """A circle around the digit."""
    return np.maximum(ink, _frame(ink.shape, max(ink.shape), rng))


def _frame(size: tuple[int, ...], radius: float, rng: Rng) -> Plane:
    """A frame's outline; a radius of more than half its side makes a circle."""
    thickness, inset = min(size) * rng.uniform(0.008, 0.03), min(size) * rng.choice([0.0, rng.uniform(0.01, 0.06)])
    outside, inside = _card(size, inset, radius), _card(size, inset + thickness, radius - thickness)
    return np.asarray(np.clip(outside - inside, 0, 1), dtype=np.float32)


def _card(size: tuple[int, ...], inset: float, radius: float) -> Plane:
    """A rectangle of round corners, `inset` from the edges of the middle square or of the picture."""
    y, x = coordinates((size[0], size[1]))
    half = np.array([size[1], size[0]]) / 2 - inset if radius < min(size) / 2 else np.full(2, min(size) / 2 - inset)
    radius = max(0.0, min(radius, float(half.min())))
    far_x = np.maximum(np.abs(x + 0.5 - size[1] / 2) - (half[0] - radius), 0)
    far_y = np.maximum(np.abs(y + 0.5 - size[0] / 2) - (half[1] - radius), 0)
    return np.asarray(np.clip(radius + 0.5 - np.hypot(far_x, far_y), 0, 1), dtype=np.float32)


def line_below(ink: Plane, rng: Rng) -> Plane:
    """A line under the digit."""
    left, top, right, bottom = Image.fromarray(ink > 0.5).getbbox() or (0, 0, *ink.shape[::-1])
    level = min(bottom + (bottom - top) * rng.uniform(0.08, 0.2), ink.shape[0] - 2)
    tilt = (right - left) * rng.uniform(-0.03, 0.03)
    line = np.array([(left - 4, level - tilt), (right + 4, level + tilt)])
    return np.maximum(ink, coverage([line], (bottom - top) * rng.uniform(0.03, 0.08), (ink.shape[0], ink.shape[1])))


def black_on_white(rng: Rng) -> tuple[Colour, Colour]:  # noqa: ARG001 - a choice of colours
    """Black on white: the colours of the ground and of the ink."""
    return WHITE, BLACK


def white_on_black(rng: Rng) -> tuple[Colour, Colour]:  # noqa: ARG001
    """White on black."""
    return BLACK, WHITE


def white_on_colour(rng: Rng) -> tuple[Colour, Colour]:
    """White on a strong colour."""
    return _colour(rng, 0.0, 0.6), WHITE


def light_on_dark(rng: Rng) -> tuple[Colour, Colour]:
    """A light colour on a dark one."""
    return _colour(rng, 0.0, 0.35), _colour(rng, 0.7, 1.0)


def coloured(rng: Rng) -> tuple[Colour, Colour]:
    """A dark colour on a light one."""
    return _colour(rng, 0.75, 1.0), _colour(rng, 0.0, 0.55)


def low_contrast(rng: Rng) -> tuple[Colour, Colour]:
    """Two greys that differ by a tenth to a quarter of white."""
    ground, step = rng.uniform(0.3, 0.7), rng.uniform(0.1, 0.25) * rng.choice([-1, 1])
    return (ground,) * 3, (ground + step,) * 3


def _colour(rng: Rng, low: float, high: float) -> Colour:
    red, green, blue = rng.uniform(low, high, 3)
    return float(red), float(green), float(blue)


def flat(size: Size, colour: Colour, rng: Rng) -> Picture:  # noqa: ARG001 - a ground
    """One colour."""
    return np.broadcast_to(np.asarray(colour, dtype=np.float32), (*size, 3))


def gradient(size: Size, colour: Colour, rng: Rng) -> Picture:
    """A colour that becomes another, somewhat darker or lighter, from one side to the other."""
    y, x = coordinates(size)
    angle = rng.uniform(0, 2 * np.pi)
    along = (x / size[1] - 0.5) * np.cos(angle) + (y / size[0] - 0.5) * np.sin(angle)
    towards = np.asarray(colour) + (0.5 - np.mean(colour)) * rng.uniform(0.4, 0.8)
    return over(flat(size, colour, rng), towards.tolist(), np.asarray(along + 0.5, dtype=np.float32))


def checkerboard(size: Size, colour: Colour, rng: Rng) -> Picture:
    """White and grey squares, by which programs show transparency."""
    y, x = coordinates(size)
    side = int(rng.integers(6, 17))
    grey = np.asarray((y // side + x // side) % 2, dtype=np.float32)
    return over(flat(size, colour, rng), (0.8, 0.8, 0.8), grey)


def disc(size: Size, rng: Rng) -> Plane:
    """A disc that fills most of the picture."""
    return _card(size, min(size) * rng.uniform(0.02, 0.1), max(size))


def tile(size: Size, rng: Rng) -> Plane:
    """A square with round corners."""
    return _card(size, min(size) * rng.uniform(0.02, 0.1), min(size) * rng.uniform(0.08, 0.25))


def on_a_page(image: Image.Image, rng: Rng) -> Image.Image:
    """A screenshot: the canvas on a larger white page."""
    return _on_page(image, (255, 255, 255), 0, rng)


def with_toolbar(image: Image.Image, rng: Rng) -> Image.Image:
    """A screenshot: the canvas on a grey page, with a toolbar of buttons above it."""
    height = int(rng.integers(24, 49))
    page = _on_page(image, (int(rng.integers(190, 240)),) * 3, height, rng)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, page.width, height), fill=(int(rng.integers(60, 250)),) * 3)
    for i in range(int(rng.integers(3, 9))):
        left = 8 + i * height
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        draw.rounded_rectangle((left, 6, left + height - 14, height - 6), 3, fill=colour)
    return page


def _on_page(image: Image.Image, colour: tuple[int, ...], bar: int, rng: Rng) -> Image.Image:
    left, top, right, bottom = (int(side) for side in rng.uniform(0.05, 0.3, 4) * min(image.size))
    page = Image.new("RGB", (image.width + left + right, image.height + top + bottom + bar), colour)
    page.paste(image, (left, top + bar))
    return page


def dithered(image: Image.Image, rng: Rng) -> Image.Image:  # noqa: ARG001 - a finish
    """Black and white dots, by which one bit shows greys."""
    return image.convert("1")


def enlarged(image: Image.Image, rng: Rng) -> Image.Image:
    """A tiny icon enlarged: every pixel a block."""
    return icon(image, rng).resize(image.size, Image.Resampling.NEAREST)


def blurry(image: Image.Image, rng: Rng) -> Image.Image:
    """A tiny icon enlarged and smoothed."""
    return icon(image, rng).resize(image.size, Image.Resampling.BICUBIC)


def icon(image: Image.Image, rng: Rng) -> Image.Image:
    """A tiny icon."""
    side = int(rng.integers(18, 33))
    return image.resize((side, side), Image.Resampling.BOX)


def bad_jpeg(image: Image.Image, rng: Rng) -> Image.Image:
    """A drawing saved as a JPEG."""
    return through_jpeg(image, int(rng.integers(20, 60)))


def palette(image: Image.Image, rng: Rng) -> Image.Image:
    """At most sixteen colours."""
    return image.quantize(int(rng.integers(2, 17)))


def cast_shadow(image: Image.Image, rng: Rng) -> Image.Image:
    """The ink has a soft shadow to its lower right."""
    offset = max(2, int(image.height * rng.uniform(0.01, 0.03)))
    ink = 1 - np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
    shade = Image.fromarray(np.rint(255 * (1 - 0.5 * blurred(ink, offset))).astype(np.uint8))
    moved = ImageChops.offset(shade, offset, offset)
    return ImageChops.multiply(image, moved.convert("RGB"))


def square(rng: Rng) -> Size:
    """A canvas of 140 to 800 pixels."""
    side = int(np.exp(rng.uniform(np.log(140), np.log(800))))
    return side, side


@dataclass(frozen=True)
class Drawing:
    """What the drawings of a kind consist of; called, it makes one."""

    shape: Shape = USUAL_PEN
    colours: Callable[[Rng], tuple[Colour, Colour]] = black_on_white
    ground: Callable[[Size, Colour, Rng], Picture] = flat
    beside: Callable[[Plane, Rng], Plane] | None = None
    card: Callable[[Size, Rng], Plane] | None = None  # what the ground covers; None: all
    transparent: bool = False  # around the card; without one, around the ink
    page: Colour = WHITE  # around the card
    finish: Callable[[Image.Image, Rng], Image.Image] | None = None
    size: Callable[[Rng], Size] = square

    def __call__(self, digit: PenDigit, rng: Rng) -> Image.Image:
        """A drawing of the digit, RGB or RGBA unless the finish makes it another."""
        size, (ground, colour) = self.size(rng), self.colours(rng)
        ink = self.shape(digit, size, rng)
        ink = self.beside(ink, rng) if self.beside else ink
        drawn = over(self.ground(size, ground, rng), colour, ink)
        opaque = self.card(size, rng) if self.card else ink
        if self.card and not self.transparent:
            drawn = over(flat(size, self.page, rng), drawn, opaque)
        image = Image.fromarray(np.rint(np.clip(drawn, 0, 1) * 255).astype(np.uint8))
        if self.transparent:
            image.putalpha(Image.fromarray(np.rint(opaque * 255).astype(np.uint8)))
        return self.finish(image, rng) if self.finish else image
