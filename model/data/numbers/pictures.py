"""Pictures of a page: drawn as the page's pad draws, or photographed on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PIL import Image

from model.data.numbers.hand import Strokes, log_uniform
from model.data.numbers.pages import BENT, Page, Write
from model.data.pendigits import PenDigit
from model.data.photographs import drawings
from model.data.photographs.drawings import Colour
from model.data.photographs.light import even_light, expose
from model.data.photographs.papers import Picture, Plane, Rng, Size, over, plain
from model.data.photographs.photograph import usual_size
from model.data.photographs.writing import Pen, any_pen, coverage, write
from model.data.strokes import PAD, StrokeAugmentation, render, vary
from model.data.synthetic import curve, synthetic_digit
from model.preprocess import BoxOnImage

SHEET: Final = 120  # pixels: the height of every second drawing
HEIGHTS: Final = (60.0, 400.0)  # of the others
SHARE: Final = (0.4, 0.7)  # of the picture's height, a digit's height
MARGIN: Final = (0.1, 0.8)  # around the writing, in heights of a digit
COLOURS: Final = (
    drawings.black_on_white,
    drawings.black_on_white,
    drawings.white_on_black,
    drawings.coloured,
    drawings.light_on_dark,
)


@dataclass(frozen=True)
class NumberPicture:
    """A picture, and what is written in it."""

    text: str  # digits, without spaces and marks; lines are separated by newlines; empty: there is no digit
    image: Image.Image
    boxes: list[BoxOnImage]  # of the digits' ink, in the order of the text
    writer: int


@dataclass(frozen=True)
class NumberDrawing:
    """What the drawings of a kind consist of; called with one writer's digits, it makes one."""

    write: Write
    beside: Callable[[Plane, Rng], Plane] | None = None
    margin: tuple[float, float] = MARGIN

    def __call__(self, people: Sequence[PenDigit], rng: Rng) -> NumberPicture:
        """A drawing, RGB."""
        page, size = self.placed(people, rng)
        ink = coverage(page.strokes, page.pen, size)
        ink = self.beside(ink, rng) if self.beside else ink
        ground, colour = COLOURS[rng.integers(len(COLOURS))](rng)
        return _picture(page, _drawn(ink, ground, colour, rng), people)

    def placed(self, people: Sequence[PenDigit], rng: Rng) -> tuple[Page, Size]:
        """A page in the drawing's pixels, and the drawing's size: as high as a pad, if that is enough for it."""
        height = SHEET if rng.random() < 0.5 else log_uniform(HEIGHTS, rng)
        page = self.write(people, height * rng.uniform(*SHARE), rng)
        points = np.concatenate(page.strokes)
        low, high = points.min(axis=0) - page.pen / 2, points.max(axis=0) + page.pen / 2
        left, top, right, bottom = page.height * rng.uniform(*self.margin, 4)
        spare = max(0.0, height - (high[1] - low[1] + top + bottom))
        moved = page.mapped(1, np.array([left, top + spare * rng.random()]) - low)
        return moved, (round(high[1] - low[1] + top + bottom + spare), round(high[0] - low[0] + left + right))


@dataclass(frozen=True)
class NumberPhotograph:
    """What the photographs of a kind consist of; called with one writer's digits, it makes one."""

    write: Write
    sheet: Callable[[Size, Rng], Picture] = plain
    share: tuple[float, float] = (0.5, 0.9)  # of the sheet's sides, that the writing takes at most
    size: Callable[[Rng], Size] = usual_size
    pen: Callable[[Rng], Pen] = any_pen
    layout: Callable[[Picture, Rng], Picture] | None = None  # None: the sheet fills the picture
    light: Callable[[Size, Rng], Plane] = even_light

    def __call__(self, people: Sequence[PenDigit], rng: Rng) -> NumberPicture:
        """A photograph, RGB; where the digits lie on it is not known if the sheet is laid out."""
        size, pen = self.size(rng), self.pen(rng)
        page = _fitted(self.write(people, 100.0, rng), size, rng.uniform(*self.share), rng)
        width = page.pen / page.height
        sheet = write(self.sheet(size, rng), page.strokes, pen._replace(width=(width, width)), page.height, rng)
        seen = self.layout(sheet, rng) if self.layout else sheet
        lit: Picture = seen * self.light(size, rng)[:, :, None]
        taken = _picture(page, expose(lit, rng), people)
        return replace(taken, boxes=[]) if self.layout else taken


@dataclass(frozen=True)
class DigitOnPad:
    """Drawings of one digit as training draws them on the pad; called with one writer's digits, it makes one."""

    variants: bool = False  # digits as people write them and MNIST has not, instead of the writer's

    def __call__(self, people: Sequence[PenDigit], rng: Rng) -> NumberPicture:
        """A drawing, grey."""
        pen = people[int(rng.integers(len(people)))]
        drawing = synthetic_digit(pen.digit, rng) if self.variants else pen.strokes
        strokes, width = vary(StrokeAugmentation(), drawing, rng)
        box = _box([np.asarray(stroke * PAD) for stroke in strokes], width * PAD)
        return NumberPicture(str(pen.digit), render(strokes, width), [box], pen.writer)


def _fitted(page: Page, size: Size, share: float, rng: Rng) -> Page:
    """The page, so large that it takes a share of the sheet's width or height, anywhere on the sheet."""
    points, sheet = np.concatenate(page.strokes), np.array(size[::-1])
    low, extent = points.min(axis=0) - page.pen / 2, np.ptp(points, axis=0) + page.pen
    scale = float((share * sheet / extent).min())
    free = sheet - extent * scale
    return page.mapped(scale, free * rng.uniform(0.1, 0.9, 2) - low * scale)


def _drawn(ink: Plane, ground: Colour, colour: Colour, rng: Rng) -> Image.Image:
    drawn = over(drawings.flat((ink.shape[0], ink.shape[1]), ground, rng), colour, ink)
    return Image.fromarray(np.rint(np.clip(drawn, 0, 1) * 255).astype(np.uint8))


def _picture(page: Page, image: Image.Image, people: Sequence[PenDigit]) -> NumberPicture:
    return NumberPicture(page.text, image, [_box(strokes, page.pen) for strokes in page.digits], people[0].writer)


def _box(strokes: Strokes, pen: float) -> BoxOnImage:
    points = np.concatenate(strokes)
    (left, top), (right, bottom) = points.min(axis=0) - pen / 2, points.max(axis=0) + pen / 2
    return float(left), float(top), float(right), float(bottom)


def margin_line(ink: Plane, rng: Rng) -> Plane:
    """A line from top to bottom to the left or right of the writing, as on ruled paper."""
    left, _, right, _ = _extent(ink)
    x = left * rng.uniform(0.3, 0.7) if rng.random() < 0.7 else right + (ink.shape[1] - right) * rng.uniform(0.3, 0.7)
    tilt = ink.shape[0] * rng.uniform(-0.02, 0.02)
    line = np.array([(x - tilt, -9.0), (x + tilt, ink.shape[0] + 9.0)])
    return np.maximum(ink, coverage([line], max(1.0, ink.shape[0] * rng.uniform(0.01, 0.03)), _size(ink)))


def sides(ink: Plane, rng: Rng) -> Plane:
    """Upright lines on both sides of the writing, or on one, which begin above it and end below: the sides of a box.

    Every second picture has them by hand: not quite straight.
    """
    left, top, right, bottom = _extent(ink)
    bent, lines = (bottom - top) * BENT * (rng.random() < 0.5), []
    for x in (left - rng.uniform(0.3, 0.8) * left, right + rng.uniform(0.3, 0.8) * (ink.shape[1] - right)):
        above, below = rng.uniform(0.15, 0.45, 2) * (bottom - top)
        upper, lower = (x + rng.normal(0, 2), top - above), (x + rng.normal(0, 2), bottom + below)
        lines.append(curve(upper, ((upper[0] + lower[0]) / 2 + rng.normal(0, 1) * bent, (top + bottom) / 2), lower))
    chosen = lines if rng.random() < 0.7 else [lines[rng.integers(2)]]
    return np.maximum(ink, coverage(chosen, max(1.0, (bottom - top) * rng.uniform(0.03, 0.1)), _size(ink)))


def specks(ink: Plane, rng: Rng) -> Plane:
    """Specks, far smaller than a digit."""
    at = rng.random((int(rng.integers(3, 20)), 1, 2)) * ink.shape[::-1]
    return np.maximum(ink, coverage(list(at), max(1.0, ink.shape[0] * rng.uniform(0.008, 0.02)), _size(ink)))


def _extent(ink: Plane) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the writing; of the whole plane if it has none."""
    return Image.fromarray(ink > 0.5).getbbox() or (0, 0, *_size(ink)[::-1])


def _size(ink: Plane) -> Size:
    return ink.shape[0], ink.shape[1]
