"""Outliers: drawings that are no digit, such as letters, random symbols, scribbles, shapes, blots and bad cut-outs.

Training on outliers with a uniform target is outlier exposure (Hendrycks et al. 2019): the network learns to reject
others, too. The detector (`model/training/detector.py`) learns from the same ones. Letters come from the Hershey fonts,
which consist of single pen strokes. Letters that look like a digit (O, l, S, Z, B, g…) are left out.
"""

import string
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from model.data.cutouts import cutout
from model.data.hershey import HELD_OUT, hershey_strokes
from model.data.strokes import StrokeAugmentation, draw_augmented, rotation
from model.data.synthetic import add_jitter, arc, curve, line, pick
from model.preprocess import preprocess

Rng = np.random.Generator
Stroke = NDArray[np.float64]
Picture = NDArray[np.uint8]
LIKE_A_DIGIT: Final = frozenset("OoIliSsZzBbgqDQGJ")
FONTS: Final = ("futural", "rowmans", "cursive", "scripts", "scriptc", "timesi")
AUGMENTATION: Final = StrokeAugmentation(rotation=15.0)
ANCHORS: Final = np.array([(x, y) for x in (0.0, 0.35, 0.7) for y in (0.0, 0.5, 1.0)])  # of random symbols


def outlier(rng: Rng) -> Picture:
    """A random outlier of any kind (784,), without the held-out letters."""
    kinds: list[tuple[Callable[[Rng], Picture], float]] = [
        (training_letter, 10),
        (random_symbol, 10),
        (scribble, 5),
        (shape, 4),
        (blot, 2),
        (cutout, 15),
    ]
    picture = pick(kinds, rng)(rng)
    return picture if picture.any() else outlier(rng)


def training_letter(rng: Rng) -> Picture:
    """A random letter of those for training."""
    return draw_letter([c for c in string.ascii_letters if c not in LIKE_A_DIGIT | HELD_OUT], rng)


def held_out_letter(rng: Rng) -> Picture:
    """A random letter of those held out from training."""
    return draw_letter(sorted(HELD_OUT), rng)


def random_symbol(rng: Rng) -> Picture:
    """Three or four lines, curves and angles between the corners and middles of a box.

    There are far more such symbols than letters, so that rejecting them generalises to unknown letters. Two strokes
    would too often look like a seven.
    """
    return _draw([_symbol_stroke(rng) for _ in range(int(rng.integers(3, 5)))], rng)


def _symbol_stroke(rng: Rng) -> Stroke:
    start, end, corner = rng.permutation(ANCHORS)[:3]
    choice = rng.random()
    if choice < 0.5:
        return line(start, end)
    if choice < 0.7:
        return line(start, corner, end)
    aside = (end - start)[::-1] * (1, -1) * rng.choice([-1, 1]) * rng.uniform(0.3, 0.7)
    return curve(start, (start + end) / 2 + aside, end)


def scribble(rng: Rng) -> Picture:
    """A wandering curve, a zigzag, or a dash."""
    return _draw(scribble_strokes(rng), rng)


def scribble_strokes(rng: Rng) -> list[Stroke]:
    """The strokes of a scribble."""
    choice = rng.random()
    if choice < 0.45:
        strokes = [curve(*rng.random((int(rng.integers(4, 14)), 2))) for _ in range(int(rng.integers(1, 3)))]
    elif choice < 0.8:
        turns = int(rng.integers(5, 16))
        x, y = np.linspace(0, 1, turns), np.arange(turns) % 2 + rng.normal(0, 0.15, turns)
        strokes = [line(*np.stack([x, y * rng.uniform(0.3, 1.2)], axis=1))]
    else:
        tilt = rng.uniform(-0.2, 0.2)
        strokes = [line((0, tilt), (1, -tilt))]
    angle = rng.choice([0, 90, 180]) * (choice < 0.8)
    return [_rotate(stroke, angle) for stroke in strokes]


def shape(rng: Rng) -> Picture:
    """A cross, tick, triangle, square, star, heart, arrow, spiral, house, question mark, smile or grid."""
    corners = 2 * np.pi * np.arange(6) / 5 * 2 - np.pi / 2
    turn = np.linspace(0, rng.uniform(2.5, 4) * 2 * np.pi, 60)
    square = line((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    shapes: list[list[Stroke]] = [
        [line((0, 0), (1, 1)), line((1, 0), (0, 1))],
        [line((0.5, 0), (0.5, 1)), line((0, 0.5), (1, 0.5))],
        [line((0, 0.6), (0.35, 1), (1, 0))],
        [line((0.5, 0), (1, 1), (0, 1), (0.5, 0))],
        [square],
        [line(*np.stack([np.cos(corners), np.sin(corners)], axis=1))],
        [curve((0.5, 1), (0, 0.4), (0.2, 0), (0.5, 0.3), (0.8, 0), (1, 0.4), (0.5, 1))],
        [line((0, 0.5), (1, 0.5)), line((0.7, 0.2), (1, 0.5), (0.7, 0.8))],
        [np.stack([turn * np.cos(turn), turn * np.sin(turn)], axis=1) / 12],
        [square, line((0, 0), (0.5, -0.6), (1, 0))],
        [curve((0.2, 0.2), (0.5, 0), (0.8, 0.25), (0.5, 0.5), (0.5, 0.7)), arc((0.5, 0.95), (0.03, 0.03), 0, 360)],
        [arc((0.5, 0.5), (0.5, 0.5), 0, 360), arc((0.5, 0.55), (0.3, 0.25), 20, 140), line((0.35, 0.3), (0.35, 0.4)),
         line((0.65, 0.3), (0.65, 0.4))],
        [line((0.3, 0), (0.3, 1)), line((0.7, 0), (0.7, 1)), line((0, 0.3), (1, 0.3)), line((0, 0.7), (1, 0.7))],
        [line((0, 0.35), (1, 0.35)), line((0, 0.65), (1, 0.65))],
    ]  # fmt: skip
    return _draw(shapes[rng.integers(len(shapes))], rng)


def blot(rng: Rng) -> Picture:
    """A filled box or disc, coarse noise, or a blurred stain, like a photo of nothing."""
    choice, size = rng.random(), int(rng.integers(30, 100))
    height, width = size, max(8, int(size * rng.uniform(0.5, 1)))
    if choice < 0.35:
        rows, columns = np.indices((height, width))
        disc = ((rows / height - 0.5) ** 2 + (columns / width - 0.5) ** 2 < 0.25) | (rng.random() < 0.5)
        return _preprocessed(Image.fromarray(np.pad(disc * np.uint8(255), 10)).rotate(rng.uniform(-20, 20)))
    grain = int(rng.integers(2, 12))
    noise = rng.random((int(rng.integers(3, 30)),) * 2) ** rng.uniform(0.5, 3)
    image = Image.fromarray((noise * 255).astype(np.uint8)).resize((112, 112), Image.Resampling.BICUBIC)
    if choice < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(grain / 3))
    return _preprocessed(image.point(lambda value: 255 * (value > 128)) if choice > 0.85 else image)


def draw_letter(characters: list[str], rng: Rng) -> Picture:
    """One of the letters, in a random font; a blank picture if the font lacks it."""
    font = str(rng.choice(FONTS))
    strokes = hershey_strokes(str(rng.choice(characters)), font)
    return _draw(strokes, rng) if strokes else np.zeros(784, dtype=np.uint8)


def _rotate(stroke: Stroke, degrees: float) -> Stroke:
    return np.asarray(stroke @ rotation(np.radians(degrees)).T)


def _draw(strokes: list[Stroke], rng: Rng) -> Picture:
    return draw_augmented(AUGMENTATION, [add_jitter(stroke, rng) for stroke in strokes], rng).ravel()


def _preprocessed(image: Image.Image) -> Picture:
    return preprocess(image).ravel()
