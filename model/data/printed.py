"""Printed digits: fonts, seven segments, blocks and pixels.

Each is a picture of black on white, upright and large, which `printed_digit` turns, slants and stretches at random.
The fonts come with matplotlib and Pillow (DejaVu, STIX, Computer Modern, Aileron).
"""

import functools
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from model.data.files import DataError
from model.data.strokes import OVERSAMPLING, PAD, StrokeAugmentation, random_linear
from model.preprocess import place

Rng = np.random.Generator
Picture = NDArray[np.uint8]
Polygon = NDArray[np.float64]  # (corners, 2)
HEIGHT: Final = 240  # pixels of an upright digit
MARGIN: Final = 160  # pixels around it, for what a rotation moves
AUGMENTATION: Final = StrokeAugmentation(rotation=8.0, slant=0.15)
TURNED: Final = StrokeAugmentation(rotation=30.0, slant=0.05)
TURNED_SHARE: Final = 0.15
LIKE_EACH_OTHER: Final = frozenset({1, 7})  # if turned, so they are not
FONTS: Final = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique", "DejaVuSansMono",
    "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic",
    "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta", "cmr10", "cmb10", "cmss10", "cmtt10",
)  # fmt: skip
SEGMENTS: Final = {  # ends of each segment, in columns and rows: a to g as in data sheets
    "a": ((0, 0), (1, 0)), "b": ((1, 0), (1, 1)), "c": ((1, 1), (1, 2)), "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)), "f": ((0, 0), (0, 1)), "g": ((0, 1), (1, 1)),
}  # fmt: skip
LIT: Final[dict[int, tuple[str, ...]]] = {
    0: ("abcdef",), 1: ("bc",), 2: ("abged",), 3: ("abgcd",), 4: ("fgbc",), 5: ("afgcd",),
    6: ("afgecd", "fgecd"), 7: ("abc", "fabc"), 8: ("abcdefg",), 9: ("abcdfg", "abcfg"),
}  # fmt: skip
BLOCKS: Final = (  # three columns and five rows, row by row
    "###/#.#/#.#/#.#/###", "##./.#./.#./.#./###", "###/..#/###/#../###", "###/..#/.##/..#/###", "#.#/#.#/###/..#/..#",
    "###/#../###/..#/###", "###/#../###/#.#/###", "###/..#/..#/..#/..#", "###/#.#/###/#.#/###", "###/#.#/###/..#/###",
)  # fmt: skip
PIXELS: Final = (  # five columns and seven rows, as displays of dots have them
    ".###./#...#/#...#/#...#/#...#/#...#/.###.", "..#../.##../..#../..#../..#../..#../.###.",
    ".###./#...#/....#/..##./.#.../#..../#####", ".###./#...#/....#/..##./....#/#...#/.###.",
    "...#./..##./.#.#./#..#./#####/...#./...#.", "#####/#..../####./....#/....#/#...#/.###.",
    "..##./.#.../#..../####./#...#/#...#/.###.", "#####/....#/...#./..#../.#.../.#.../.#...",
    ".###./#...#/#...#/.###./#...#/#...#/.###.", ".###./#...#/#...#/.####/....#/...#./.##..",
)  # fmt: skip


def printed_digit(digit: int, rng: Rng) -> Picture:
    """A random printed form of a digit (28, 28), a share of them turned by up to 30°."""
    forms: list[tuple[Callable[[int, Rng], Image.Image], float]] = [
        (font_digit, 4), (segment_digit, 3), (block_digit, 1.5), (pixel_digit, 1.5),
    ]  # fmt: skip
    shares = np.array([share for _, share in forms])
    image = forms[rng.choice(len(forms), p=shares / shares.sum())][0](digit, rng)
    turned = digit not in LIKE_EACH_OTHER and rng.random() < TURNED_SHARE
    return _on_pad(image, TURNED if turned else AUGMENTATION, rng)


def font_digit(digit: int, rng: Rng) -> Image.Image:
    """The digit of a random font."""
    font = _font(int(rng.integers(len(FONTS) + 1)))
    image = Image.new("L", (2 * HEIGHT, 2 * HEIGHT), 0)
    ImageDraw.Draw(image).text((HEIGHT / 4, HEIGHT / 4), str(digit), fill=255, font=font)
    return image.crop(image.getbbox())


def segment_digit(digit: int, rng: Rng) -> Image.Image:
    """The digit of seven segments, which are bars with or without points, apart or touching; upright or slanted."""
    width, thickness, gap = rng.uniform(0.4, 0.7), rng.uniform(0.05, 0.13), rng.uniform(0.0, 0.025)
    point = thickness if rng.random() < 0.6 else 0.0
    lit = LIT[digit][int(rng.integers(len(LIT[digit])))]
    slant = rng.uniform(0.0, 0.25) if rng.random() < 0.4 else 0.0
    polygons = []
    for ends in (SEGMENTS[name] for name in lit):
        start, end = np.array(ends) * (width, 0.5)
        polygons.append(_bar(start, end, thickness, gap, point) @ np.array([[1, 0], [-slant, 1]]))
    return _filled(polygons)


def _bar(start: Polygon, end: Polygon, thickness: float, gap: float, point: float) -> Polygon:
    """A bar between two points, `gap` short of them, pointed at its ends or square beyond them."""
    along = (end - start) / np.hypot(*(end - start))
    aside = along[::-1] * (-1, 1) * thickness / 2
    start, end = start + along * gap, end - along * gap
    reach = along * (point / 2 or -thickness / 2)
    return np.array(
        [start, start + reach + aside, end - reach + aside, end, end - reach - aside, start + reach - aside]
    )


def block_digit(digit: int, rng: Rng) -> Image.Image:
    """The digit of bars that are far thicker than its holes, or about as thick."""
    across, down = rng.uniform(0.8, 1.2, 3), rng.uniform(0.8, 1.2, 5)
    across[1] *= rng.uniform(0.25, 1.2)
    down[[1, 3]] *= rng.uniform(0.3, 1.2)
    return _mosaic(BLOCKS[digit], across * rng.uniform(0.45, 0.85) / across.sum(), down / down.sum())


def pixel_digit(digit: int, rng: Rng) -> Image.Image:
    """The digit of a dot matrix, whose squares may lie apart."""
    gap = rng.uniform(0.05, 0.3) if rng.random() < 0.3 else 0.0
    return _mosaic(PIXELS[digit], np.full(5, rng.uniform(0.1, 0.16)), np.full(7, 1 / 7), gap)


def _mosaic(rows: str, across: NDArray[np.float64], down: NDArray[np.float64], gap: float = 0.0) -> Image.Image:
    """Rectangles where `rows` has a #, of these widths and heights; `gap` is a share of them."""
    x, y = np.append(0, np.cumsum(across)), np.append(0, np.cumsum(down))
    polygons = []
    for row, line in enumerate(rows.split("/")):
        for column in (i for i, mark in enumerate(line) if mark == "#"):
            right, low = x[column + 1] - gap * across[column], y[row + 1] - gap * down[row]
            polygons.append(np.array([(x[column], y[row]), (right, y[row]), (right, low), (x[column], low)]))
    return _filled(polygons)


def _filled(polygons: Sequence[Polygon]) -> Image.Image:
    """Filled polygons, white on black, cropped to what they cover."""
    points = np.concatenate(polygons)
    low = points.min(axis=0)
    scale = HEIGHT / np.ptp(points[:, 1])
    size = np.ceil(np.ptp(points, axis=0) * scale).astype(int) + 1
    image = Image.new("L", (int(size[0]), int(size[1])), 0)
    for polygon in polygons:
        ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in (polygon - low) * scale], fill=255)
    return image


def _on_pad(image: Image.Image, augmentation: StrokeAugmentation, rng: Rng) -> Picture:
    """The picture (28, 28) of an upright white digit, varied and in one of the sizes that digits have on the pad."""
    scale = rng.uniform(*augmentation.size) * PAD * OVERSAMPLING / max(image.size)
    inverse = np.linalg.inv(random_linear(augmentation, rng) * scale)
    side = round(max(image.size) * scale) + 2 * MARGIN
    shift = np.array(image.size) / 2 - inverse @ (side / 2, side / 2)
    (a, b), (d, e) = inverse
    moved = image.transform(
        (side, side), Image.Transform.AFFINE, (a, b, shift[0], d, e, shift[1]), Image.Resampling.BILINEAR
    )
    return place(np.asarray(moved.reduce(OVERSAMPLING), dtype=np.float32) / np.float32(255)).picture


@functools.cache
def _font(number: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font after those of matplotlib."""
    if number == len(FONTS):
        return ImageFont.load_default(HEIGHT)
    package = importlib.util.find_spec("matplotlib")
    if package is None or package.origin is None:
        raise DataError("Printed digits need the package matplotlib: `make install` installs it") from None
    folder = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(folder / f"{FONTS[number]}.ttf", HEIGHT)
