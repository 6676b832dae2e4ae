"""Photographs, made as they come about: a sheet, the writing on it, the sheet before the camera, light, the camera."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs.light import USUAL_CAMERA, Camera, even_light, expose
from model.data.photographs.papers import (
    Picture,
    Plane,
    Rng,
    Size,
    blurred,
    dark_desk,
    light_desk,
    over,
    plain,
    ruled,
    wooden_desk,
)
from model.data.photographs.writing import Pen, Writing, any_pen, place, write
from model.data.strokes import rotation

Ground = Callable[[Size, Rng], Picture]


def lay(sheet: Picture, desk: Picture, corners: NDArray[np.float64], rng: Rng) -> Picture:
    """The sheet on the desk, with a shadow; its corners (4, 2) go round from the top left."""
    height, width = sheet.shape[:2]
    size = desk.shape[1], desk.shape[0]
    factors = perspective(corners, np.array([(0, 0), (width, 0), (width, height), (0, height)]) + 1.0)
    planes = [np.pad(sheet[:, :, band], 1, mode="edge") for band in range(3)]
    edge = np.pad(np.ones((height, width), dtype=np.float32), 1)
    moved = [
        np.asarray(
            Image.fromarray(plane).transform(size, Image.Transform.PERSPECTIVE, factors, Image.Resampling.BILINEAR)
        )
        for plane in (*planes, edge)
    ]
    shade = np.roll(blurred(moved[3], 0.01 * height), rng.integers(-1, 3, 2) * height // 200, axis=(0, 1))
    return over(desk * (1 - np.float32(rng.uniform(0, 0.5)) * shade[:, :, None]), np.stack(moved[:3], axis=2), moved[3])


def perspective(target: NDArray[np.float64], source: NDArray[np.float64]) -> list[float]:
    """The eight factors, in Pillow's order, of the map that takes four points of the target to the source's."""
    rows, values = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(factor) for factor in np.linalg.solve(np.array(rows), np.array(values))]


def on_desk(sheet: Picture, rng: Rng, desk: Ground = dark_desk, tilt: float = 5.0) -> Picture:
    """The sheet on a desk, of which one to four sides are seen; `tilt` is in degrees, either way."""
    seen = np.zeros(4, dtype=bool)  # left, top, right, bottom
    seen[rng.permutation(4)[: rng.integers(1, 5)]] = True
    return _laid(sheet, desk, np.where(seen, rng.uniform(0.03, 0.16, 4), -0.12), tilt, 0.01, rng)


def strip_of_desk(sheet: Picture, rng: Rng) -> Picture:
    """A straight strip of a dark desk along one or two sides."""
    seen = rng.permutation(4)[: rng.integers(1, 3)]
    margins = np.full(4, -0.02)
    margins[seen] = rng.uniform(0.02, 0.12, len(seen))
    return _laid(sheet, dark_desk, margins, 0, 0, rng)


def in_perspective(sheet: Picture, rng: Rng) -> Picture:
    """The sheet seen from the side, on any desk."""
    desk = (dark_desk, wooden_desk, light_desk, light_desk)[rng.integers(4)]
    return _laid(sheet, desk, rng.uniform(-0.03, 0.12, 4), 6, 0.09, rng)


def note_on_a_page(sheet: Picture, rng: Rng) -> Picture:
    """A small sheet in the middle of a page, board or desk."""
    ground = (plain, dark_desk, wooden_desk, ruled, light_desk)[rng.integers(5)]
    return _laid(sheet, ground, rng.uniform(0.12, 0.25, 4), 12, 0.02, rng)


def _laid(sheet: Picture, desk: Ground, margins: NDArray[np.float64], tilt: float, skew: float, rng: Rng) -> Picture:
    """The sheet with margins (left, top, right, bottom) in shares of the picture; negative ones lie outside."""
    height, width = sheet.shape[:2]
    left, top, right, bottom = margins * (width, height, width, height)
    corners = np.array([(left, top), (width - right, top), (width - right, height - bottom), (left, height - bottom)])
    middle = np.array([width, height]) / 2
    turned = (corners - middle) @ rotation(np.radians(rng.uniform(-tilt, tilt))).T + middle
    return lay(sheet, desk((height, width), rng), turned + rng.normal(0, 1, (4, 2)) * skew * min(width, height), rng)


def usual_size(rng: Rng) -> Size:
    """A square, or 3:4 either way; 300 to 1000 pixels high, small ones more often."""
    height = int(np.exp(rng.uniform(np.log(300), np.log(1000))))
    return height, max(300, int(height * rng.choice([0.75, 1, 1, 4 / 3])))


def fixed_size(height: int, width: int) -> Callable[[Rng], Size]:
    """Always this size."""
    return lambda _: (height, width)


def cell_size(rng: Rng) -> Size:
    """A small square."""
    side = int(rng.integers(60, 240))
    return side, side


@dataclass(frozen=True)
class Photograph:
    """What the photographs of a kind consist of; called, it makes one."""

    sheet: Ground = plain
    written: bool = True  # False: the sheet stays empty
    pen: Callable[[Rng], Pen] = any_pen
    share: tuple[float, float] = (0.25, 0.6)  # of the sheet's height, the digit's longer side
    region: float = 0.84  # of the sheet's sides, in which the digit lies
    beside: Callable[[Picture, Writing, Rng], Picture] | None = None
    layout: Callable[[Picture, Rng], Picture] | None = None  # None: the sheet fills the picture
    light: Callable[[Size, Rng], Plane] = even_light
    veil: Callable[[Picture, Rng], Picture] | None = None
    camera: Camera = USUAL_CAMERA
    size: Callable[[Rng], Size] = usual_size
    enlarged: int = 1  # pixels of the camera a side, for each of the scene's

    def __call__(self, digit: PenDigit, rng: Rng) -> Image.Image:
        """A photograph, RGB."""
        sheet = self.sheet(self.size(rng), rng)
        return self._taken(self._written(sheet, digit, rng) if self.written else sheet, rng)

    def _written(self, sheet: Picture, digit: PenDigit, rng: Rng) -> Picture:
        size = sheet.shape[0], sheet.shape[1]
        writing = place(digit.strokes, self.pen(rng), size, rng.uniform(*self.share), self.region, rng)
        sheet = write(sheet, writing.strokes, writing.pen, writing.side, rng)
        return self.beside(sheet, writing, rng) if self.beside else sheet

    def _taken(self, sheet: Picture, rng: Rng) -> Image.Image:
        seen = self.layout(sheet, rng) if self.layout else sheet
        lit: Picture = seen * self.light((seen.shape[0], seen.shape[1]), rng)[:, :, None]
        lit = self.veil(lit, rng) if self.veil else lit
        return expose(lit.repeat(self.enlarged, axis=0).repeat(self.enlarged, axis=1), rng, self.camera)
