"""Bad cut-outs: what a search for writing in a photograph may offer to the network, and is not one whole digit.

A digit with its frame, underline or ruled lines; two digits, side by side or one above the other; half a digit; pieces
of lines, text, texture and of a sheet's edge. What could pass for another digit is left out: half an 8 is a 3 or a 0,
a 1 in a circle is a slashed zero, and an underlined 1 has a foot.
"""

import itertools
import string
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.data.hershey import HELD_OUT, hershey_strokes
from model.data.strokes import StrokeAugmentation, render, vary
from model.data.synthetic import add_jitter, arc, line, synthetic_digit
from model.preprocess import Box, Plane, bounding_box, place

Rng = np.random.Generator
Stroke = NDArray[np.float64]
Picture = NDArray[np.uint8]
AUGMENTATION: Final = StrokeAugmentation(size=(0.6, 0.9), width=(0.02, 0.12))
TEXT_AUGMENTATION: Final = StrokeAugmentation(size=(0.8, 0.9), width=(0.008, 0.03))
SURROUNDED: Final = np.arange(2, 10)  # digits that stay what they are beside lines: a 0 or 1 would become another
HALVES: Final = {  # the half that is kept, and the digits of which it is no digit
    "left": (0, 2, 3, 4, 8),
    "right": (0,),
    "top": (0, 5),
    "bottom": (0, 2, 5),
}
MIN_ASPECT: Final = 0.4  # width by height of a box below which anything may be a 1
TEXT_FONTS: Final = ("futural", "rowmans", "timesr", "scripts", "timesi", "futuram")


def cutout(rng: Rng) -> Picture:
    """A random bad cut-out (784,) uint8, 255 = ink."""
    kinds: list[tuple[Callable[[Rng], Plane], float]] = [
        (framed_digit, 3), (lined_digit, 3), (stacked_digits, 2), (two_digits, 3), (half_digit, 3), (crossing, 2),
        (text, 2), (texture, 2), (sheet_edge, 1),
    ]  # fmt: skip
    shares = np.array([share for _, share in kinds])
    return place(kinds[rng.choice(len(kinds), p=shares / shares.sum())][0](rng)).picture.ravel()


def framed_digit(rng: Rng) -> Plane:
    """A digit in a circle or in a box, of which one to three sides may be missing."""
    digit = unit_digit(int(rng.choice(SURROUNDED)), rng)
    x, y = rng.uniform(0.7, 1.1, 2)
    if rng.random() < 0.4:
        return _ink([*digit, add_jitter(arc((0, 0), (max(x, 0.8), max(y, 0.8)), rng.uniform(0, 360), 365), rng)], rng)
    corners = [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)]
    sides = [line(*ends) for ends in itertools.pairwise(corners)]
    kept = rng.permutation(4)[: 4 if rng.random() < 0.5 else int(rng.integers(1, 4))]
    return _ink([*digit, *(add_jitter(sides[side], rng) for side in kept)], rng)


def lined_digit(rng: Rng) -> Plane:
    """A digit with an underline, with a line through it, or on ruled or squared paper."""
    digit = unit_digit(int(rng.choice(SURROUNDED[SURROUNDED != 7])), rng)  # a bar through a 7 is part of it
    choice, spacing = rng.random(), rng.uniform(0.3, 0.6)
    if choice < 0.4:
        levels = [rng.uniform(0.58, 0.85)]
    elif choice < 0.7:
        levels = [rng.uniform(-0.45, 0.45)]
    else:
        levels = list(rng.uniform(0, spacing) + spacing * np.arange(-2, 2))
    reach = rng.uniform(0.6, 1.5, 2)
    lines = [line((-reach[0], level), (reach[1], level)) for level in levels]
    if choice > 0.85:
        lines += [stroke[:, ::-1] for stroke in lines]
    return _ink([*digit, *lines], rng)


def stacked_digits(rng: Rng) -> Plane:
    """Two digits, one above the other."""
    upper, lower = (unit_digit(int(digit), rng) for digit in rng.choice(SURROUNDED, 2))
    below = np.array([rng.uniform(-0.3, 0.3), 1 + rng.uniform(0.03, 0.4)])
    return _ink([*upper, *(stroke + below for stroke in lower)], rng)


def two_digits(rng: Rng) -> Plane:
    """Two digits side by side, touching or apart; one of them may be cut off at the edge."""
    digits = rng.integers(0, 10, 2)
    left, right = (unit_digit(int(digit), rng) for digit in digits)
    gap = rng.uniform(0.15 if 1 in digits else -0.03, 0.4)  # a 1 that touches a 0 makes a 6, 9 or slashed zero
    end, start = np.concatenate(left)[:, 0].max(), np.concatenate(right)[:, 0].min()
    beside = np.array([end - start + gap, rng.uniform(-0.1, 0.1)])
    ink = _ink([*left, *(stroke + beside for stroke in right)], rng)
    return _cut(ink, str(rng.choice(["left", "right"])), rng.uniform(0.65, 0.85)) if rng.random() < 0.3 else ink


def half_digit(rng: Rng) -> Plane:
    """A digit of which a half, more or less, is cut off."""
    side = str(rng.choice(list(HALVES)))
    half = _cut(_ink(synthetic_digit(int(rng.choice(HALVES[side])), rng), rng), side, rng.uniform(0.4, 0.55))
    return half if _is_wide(half) else half_digit(rng)


def crossing(rng: Rng) -> Plane:
    """Pieces of ruled or squared paper: parallel lines, a crossing, a corner."""
    across, down = int(rng.integers(1, 4)), int(rng.integers(0, 3))
    if across == down == 1 and rng.random() < 0.5:  # but for the corner of a 7
        corner = [line((0, 0), (0, 1), (1, 1)), line((0, 1), (0, 0), (1, 0)), line((0, 1), (1, 1), (1, 0))]
        return _ink([corner[rng.integers(3)] * rng.uniform(0.6, 1.2, 2)], rng)
    levels, places = (np.linspace(0, 1, n + 2)[1:-1] + rng.uniform(-0.1, 0.1) for n in (across, down))
    lines = [line((0, level), (1, level)) for level in levels] + [line((place, 0), (place, 1)) for place in places]
    return _ink([stroke * rng.uniform(0.8, 1.2, 2) for stroke in lines], rng)


def text(rng: Rng) -> Plane:
    """A window on one to three lines of letters."""
    font, letters = str(rng.choice(TEXT_FONTS)), sorted(set(string.ascii_letters) - HELD_OUT)
    strokes = []
    for row in range(int(rng.integers(1, 4))):
        word = hershey_strokes("".join(rng.choice(letters, 6)), font)
        height = np.ptp(np.concatenate(word)[:, 1])
        strokes += [stroke / height + (rng.uniform(-0.5, 0.5), 1.5 * row) for stroke in word]
    ink = _ink(strokes, rng, TEXT_AUGMENTATION)
    return _cut(ink, str(rng.choice(["left", "right"])), rng.uniform(0.5, 1.0))


def texture(rng: Rng) -> Plane:
    """Smooth noise of several scales, in a round window, as paper, smears and blurred things leave it."""
    stretch = int(rng.choice([1, 1, 3]))
    noise = np.sum([_noise(n, n * stretch, rng) / n**0.5 for n in (3, 6, 12, 24)], axis=0)
    rows, columns = np.indices(noise.shape) / 27.5 - 1
    window = np.clip(1.5 - 1.5 * np.hypot(rows / rng.uniform(0.5, 1), columns / rng.uniform(0.5, 1)), 0, 1)
    level = np.quantile(noise[window > 0], rng.uniform(0.3, 0.8))
    return np.asarray(np.clip((noise - level) * rng.uniform(2, 8), 0, 1) * window, dtype=np.float32)


def sheet_edge(rng: Rng) -> Plane:
    """A half plane or a corner, with a sharp or blurred edge."""
    rows, columns = np.indices((56, int(rng.integers(40, 90))), dtype=np.float32)
    angles = rng.uniform(0, 2 * np.pi) + np.array([0, np.pi / 2])
    half_planes = [
        (rows - 28) * np.sin(angle) + (columns - columns.max() / 2) * np.cos(angle) - rng.uniform(-15, 8)
        for angle in angles[: int(rng.integers(1, 3))]
    ]
    ink = np.asarray(np.clip(np.min(half_planes, axis=0) / rng.uniform(0.5, 6), 0, 1), dtype=np.float32)
    return ink if _is_wide(ink) else sheet_edge(rng)


def unit_digit(digit: int, rng: Rng) -> list[Stroke]:
    """A synthetic digit, its height 1 and its middle at (0, 0)."""
    strokes = synthetic_digit(digit, rng)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(stroke - (low + high) / 2) / (high - low)[1] for stroke in strokes]


def _ink(strokes: list[Stroke], rng: Rng, augmentation: StrokeAugmentation = AUGMENTATION) -> Plane:
    """The ink of strokes, varied and drawn on the pad. Preprocessing would take a frame away."""
    image = render(*vary(augmentation, strokes, rng))
    return 1 - np.asarray(image, dtype=np.float32) / np.float32(255)


def _cut(ink: Plane, side: str, share: float) -> Plane:
    """What a share of the ink's box shows, from one side."""
    top, bottom, left, right = bounding_box(ink) or Box(0, 1, 0, 1)
    height, width = round((bottom - top) * share), round((right - left) * share)
    boxes = {
        "left": Box(top, bottom, left, left + width),
        "right": Box(top, bottom, right - width, right),
        "top": Box(top, top + height, left, right),
        "bottom": Box(bottom - height, bottom, left, right),
    }
    return np.asarray(boxes[side].crop(ink))


def _is_wide(ink: Plane) -> bool:
    """Whether there is ink, in a box that is too wide for a 1."""
    box = bounding_box(ink)
    return box is not None and box.right - box.left > MIN_ASPECT * (box.bottom - box.top)


def _noise(rows: int, columns: int, rng: Rng) -> NDArray[np.float32]:
    image = Image.fromarray(rng.random((rows, columns), dtype=np.float32))
    return np.asarray(image.resize((56, 56), Image.Resampling.BICUBIC))
