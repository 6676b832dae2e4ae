"""Sheets, boards and desks, as arrays of colour.

A picture is a float32 array (height, width, 3) of red, green and blue in 0–1; a plane (height, width) is a share of
each pixel. Every texture is made of smooth noise and lines; sizes are in shares of the picture's height.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Rng = np.random.Generator
Picture = NDArray[np.float32]
Plane = NDArray[np.float32]
Size = tuple[int, int]  # height, width
RULE_COLOURS: Final = ((0.45, 0.6, 0.85), (0.55, 0.55, 0.58), (0.45, 0.65, 0.6))
COLOURS: Final = ((0.75, 0.1, 0.12), (0.1, 0.45, 0.2), (0.1, 0.25, 0.75), (0.5, 0.15, 0.55), (0.9, 0.45, 0.1))


class Rules(NamedTuple):
    """How paper is ruled: the range of the lines' strength, and their tilt in degrees."""

    strength: tuple[float, float] = (0.3, 0.6)
    tilt: float = 0.5


FAINT: Final = Rules((0.15, 0.35))
STRONG: Final = Rules((0.7, 1.0))
TILTED: Final = Rules((0.3, 0.7), 6.0)
USUAL: Final = Rules()


def coordinates(size: Size) -> tuple[Plane, Plane]:
    """Each pixel's row (height, 1) and column (1, width)."""
    return np.arange(size[0], dtype=np.float32)[:, None], np.arange(size[1], dtype=np.float32)[None]


def smooth_noise(size: Size, grain: float | tuple[float, float], rng: Rng) -> Plane:
    """Noise of mean 0 and deviation about 1, whose features are `grain` pixels large (down, across)."""
    down, across = grain if isinstance(grain, tuple) else (grain, grain)
    coarse = rng.standard_normal((int(size[0] / down) + 3, int(size[1] / across) + 3), dtype=np.float32)
    window = (1, 1, 1 + size[1] / across, 1 + size[0] / down)
    return np.asarray(Image.fromarray(coarse).resize(size[::-1], Image.Resampling.BICUBIC, window))


def blurred(plane: Plane, radius: float) -> Plane:
    """The plane, in 0–1, blurred by a Gaussian of this deviation in pixels."""
    image = Image.fromarray(np.rint(plane * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def over(ground: Picture, colour: Picture | Sequence[float], share: Plane) -> Picture:
    """The ground with a colour over this share of each pixel."""
    mixed: Picture = ground + (np.asarray(colour, dtype=np.float32) - ground) * share[:, :, None]
    return mixed


def plain(size: Size, rng: Rng) -> Picture:
    """White or cream paper with a fine grain."""
    colour = rng.uniform(0.86, 0.97) + np.array([0.01, 0.0, -rng.uniform(0, 0.05)])
    return _surface(size, colour, 0.006, 1.5, rng)


def _surface(
    size: Size, colour: Sequence[float] | NDArray[np.float64], roughness: float, grain: float, rng: Rng
) -> Picture:
    noise = smooth_noise(size, grain, rng) * roughness
    return np.asarray(np.asarray(colour, dtype=np.float32) + noise[:, :, None], dtype=np.float32)


def parallel_lines(size: Size, spacing: float, thickness: float, angle: float, rng: Rng) -> Plane:
    """Lines at a spacing, both in pixels; `angle` is in radians from the horizontal."""
    y, x = coordinates(size)
    across = y * np.cos(angle) + x * np.sin(angle) + rng.uniform(0, spacing)
    off = np.abs(across % spacing - spacing / 2)
    return np.asarray(np.clip(thickness / 2 + 0.5 - off, 0, 1), dtype=np.float32)


def rule_colour(rng: Rng) -> tuple[float, float, float]:
    """Blue, grey or green-grey, as printers rule paper."""
    return RULE_COLOURS[rng.integers(3)]


def ruled(size: Size, rng: Rng, rules: Rules = USUAL, margin: bool = False) -> Picture:
    """Paper with horizontal lines, and with `margin` a red one down its left or right."""
    spacing, thickness = size[0] * rng.uniform(0.055, 0.13), max(1.0, size[0] / 480 * rng.uniform(0.8, 2))
    angle = np.radians(rng.uniform(-rules.tilt, rules.tilt))
    share = parallel_lines(size, spacing, thickness, angle, rng) * np.float32(rng.uniform(*rules.strength))
    sheet = over(plain(size, rng), rule_colour(rng), share)
    if not margin:
        return sheet
    y, x = coordinates(size)
    off = np.abs(x - size[1] * rng.choice([rng.uniform(0.08, 0.2), rng.uniform(0.8, 0.92)]) + y * np.sin(angle))
    return over(sheet, (0.85, 0.3, 0.35), np.clip(thickness / 2 + 0.5 - off, 0, 1) * np.float32(0.8))


def squared(size: Size, rng: Rng, rules: Rules = USUAL) -> Picture:
    """Paper with a grid of lines."""
    spacing, thickness = size[0] * rng.uniform(0.035, 0.09), max(1.0, size[0] / 480 * rng.uniform(0.8, 1.6))
    angle = np.radians(rng.uniform(-rules.tilt, rules.tilt))
    lines = [parallel_lines(size, spacing, thickness, angle + turn, rng) for turn in (0, np.pi / 2)]
    share = np.maximum(*lines) * np.float32(rng.uniform(*rules.strength))
    return over(plain(size, rng), rule_colour(rng), share)


def dotted(size: Size, rng: Rng) -> Picture:
    """Paper with a grid of dots."""
    spacing, thickness = size[0] * rng.uniform(0.035, 0.07), max(2.0, size[0] / 480 * rng.uniform(2, 3.5))
    angle = np.radians(rng.uniform(-2, 2))
    lines = [parallel_lines(size, spacing, thickness, angle + turn, rng) for turn in (0, np.pi / 2)]
    return over(plain(size, rng), (0.45, 0.47, 0.5), lines[0] * lines[1] * np.float32(rng.uniform(0.5, 0.9)))


def whiteboard(size: Size, rng: Rng) -> Picture:
    """A white board with pale traces of what was wiped off."""
    board = _surface(size, rng.uniform(0.88, 0.96) + np.array([0, 0.005, 0.015]), 0.004, 3, rng)
    traces = np.clip(smooth_noise(size, (size[0] / 4, size[1] / 1.5), rng) - 0.5, 0, 1) * np.float32(0.06)
    return over(board, (0.5, 0.55, 0.7), traces)


def chalkboard(size: Size, rng: Rng) -> Picture:
    """A green or black board with the smears of a wiping cloth."""
    colour = [(0.14, 0.32, 0.23), (0.1, 0.22, 0.19), (0.14, 0.15, 0.16)][rng.integers(3)]
    board = _surface(size, colour, 0.012, 1.5, rng)
    wiped = np.clip(smooth_noise(size, (size[0] / 9, size[1] / 2), rng), 0, 2) * np.float32(rng.uniform(0.02, 0.1))
    return over(board, (0.8, 0.83, 0.8), wiped)


def green_paper(size: Size, rng: Rng) -> Picture:
    """Green paper as light as the red of `COLOURS` on it."""
    return _surface(size, (0.3 + rng.uniform(-0.03, 0.03), 0.52, 0.3), 0.006, 1.5, rng)


def sticky_note(size: Size, rng: Rng) -> Picture:
    """A yellow, pink, green or blue note."""
    notes = [(0.97, 0.9, 0.45), (0.97, 0.62, 0.7), (0.7, 0.9, 0.5), (0.6, 0.82, 0.95)]
    return _surface(size, notes[rng.integers(4)], 0.005, 1.5, rng)


def dark_desk(size: Size, rng: Rng) -> Picture:
    """A dark brown or grey desk with a grain."""
    colour = np.array([(0.2, 0.14, 0.1), (0.13, 0.13, 0.14), (0.26, 0.2, 0.16)])[rng.integers(3)]
    return _surface(size, colour, rng.uniform(0.005, 0.04), rng.uniform(1, 4), rng)


def wooden_desk(size: Size, rng: Rng) -> Picture:
    """Wood: rings drawn out into long wavy stripes."""
    y, _ = coordinates(size)
    waves = y / size[0] * rng.uniform(8, 25) + smooth_noise(size, (size[0] / 4, size[1] / 2), rng)
    stripes = np.sin(2 * np.pi * waves) * 0.035 + smooth_noise(size, (1.5, size[1] / 6), rng) * 0.02
    colour = np.array([(0.62, 0.44, 0.27), (0.45, 0.29, 0.17), (0.75, 0.6, 0.42)])[rng.integers(3)]
    return np.asarray(colour * (1 + 2 * stripes[:, :, None]), dtype=np.float32)


def light_desk(size: Size, rng: Rng) -> Picture:
    """A white or pale grey desk, about as light as paper."""
    return _surface(size, rng.uniform(0.8, 0.97) + np.array([0, 0, rng.uniform(-0.04, 0.02)]), 0.006, 3, rng)


def cloth(size: Size, rng: Rng) -> Picture:
    """A checked tablecloth."""
    spacing = size[0] * rng.uniform(0.06, 0.14)
    bands = [parallel_lines(size, spacing, spacing / 2, turn, rng) for turn in (0.0, np.pi / 2)]
    ground = _surface(size, (0.88, 0.87, 0.84), 0.02, 1, rng)
    return over(ground, COLOURS[rng.integers(3)], (bands[0] + bands[1]) * np.float32(0.4))
