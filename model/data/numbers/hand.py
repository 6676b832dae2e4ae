"""A hand that writes digits beside each other: apart, close, or so that they touch.

Strokes are arrays (points, 2) of x and y in pixels, y down. People wrote the pen digits one by one: their sizes are
kept, and they are set on a base line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.data.pendigits import PenDigit
from model.data.strokes import lengths, points_at, rotation
from model.data.synthetic import synthetic_digit

Rng = np.random.Generator
Stroke = NDArray[np.float64]
Strokes = list[Stroke]
Gap = Literal["apart", "close", "touching"]  # clear of each other's boxes; near without touching; the ink touches
Spacing = Literal["apart", "overlapping", "touching", "natural"]  # of a number; see `number_of`
PEN: Final = (0.05, 0.2)  # width in heights of a digit
GAP: Final = (0.08, 0.5)  # usual gap between two digits' boxes, in heights
CLEARANCE: Final = 0.04  # smallest gap, in heights
STEP_ASIDE: Final = 0.3  # by which a digit's middle lies to the right of that before it, in heights, at least


class Glyph(NamedTuple):
    """A digit, or with no character a mark between digits."""

    character: str
    strokes: Strokes


@dataclass(frozen=True)
class Hand:
    """How somebody writes one number."""

    digits: Sequence[PenDigit]  # all by this writer
    height: float  # pixels of a usual digit
    pen: float  # pixels
    unit: float  # the writer's usual height, in the tablet's units
    shape: NDArray[np.float64]  # (2, 2) slant and stretch
    slope: float  # of the base line
    gap: float  # pixels
    unsteady: float  # deviation of each digit from the base line, in heights

    @classmethod
    def of(cls, digits: Sequence[PenDigit], height: float, rng: Rng) -> "Hand":
        """A random way in which a writer may write, with digits about `height` pixels high."""
        slant, stretch = rng.uniform(-0.2, 0.35), np.exp(rng.uniform(-0.1, 0.1))
        return cls(
            digits,
            height,
            max(1.5, height * log_uniform(PEN, rng)),
            float(np.median([np.ptp(np.concatenate(pen.strokes)[:, 1]) for pen in digits])),
            np.array([[stretch, -slant], [0, 1 / stretch]]),
            float(rng.uniform(-0.08, 0.08)),
            height * log_uniform(GAP, rng),
            float(rng.uniform(0.0, 0.06)),
        )

    def digit(self, value: int, rng: Rng, synthetic: bool = False) -> Glyph:
        """One of the writer's digits of this value, or a variant that people have and this writer lacks."""
        written = [pen for pen in self.digits if pen.digit == value]
        if synthetic or not written:
            return Glyph(str(value), self.shaped(standing(synthetic_digit(value, rng)), rng))
        strokes = written[rng.integers(len(written))].strokes
        return Glyph(str(value), self.shaped(standing(strokes, self.unit), rng))

    def shaped(self, strokes: Strokes, rng: Rng) -> Strokes:
        """Strokes in heights, which stand on the base line, in pixels: slanted, and of not quite the same size."""
        turn, size = rotation(rng.normal(0, 0.03)), self.height * np.exp(rng.normal(0, 0.05))
        drop = np.array([0, rng.normal(0, self.unsteady) * self.height])
        return [stroke @ (turn @ self.shape).T * size + drop for stroke in strokes]


def log_uniform(ends: tuple[float, float], rng: Rng) -> float:
    """A number between two; its logarithm is evenly distributed."""
    return float(np.exp(rng.uniform(*np.log(ends))))


def standing(strokes: Sequence[NDArray[np.floating[Any]]], unit: float | None = None) -> Strokes:
    """The strokes in units, by default their height, with the lowest point at y = 0 and the leftmost at x = 0."""
    points = np.concatenate(list(strokes))
    low = np.array([points[:, 0].min(), points[:, 1].max()])
    return [(stroke - low) / (unit or max(float(np.ptp(points[:, 1])), 1e-6)) for stroke in strokes]


def moved(strokes: Strokes, x: float, y: float) -> Strokes:
    """The strokes, x to the right and y down."""
    return [stroke + np.array([x, y]) for stroke in strokes]


class Line(NamedTuple):
    """Glyphs in their places."""

    glyphs: list[Glyph]
    met: list[bool]  # of each gap, whether the glyphs are close to each other or touch


def number_of(hand: Hand, glyphs: Sequence[Glyph], spacing: Spacing, rng: Rng) -> Line | None:
    """The glyphs in a line; None if these cannot stand so.

    All gaps are clear if the number's spacing is `apart`. If it is `overlapping`, half of them are as close as digits
    stand without touching, and at least one pair's boxes overlap. If it is `touching`, about half of the pairs touch,
    and at least one. `natural` asks for nothing: a third of the gaps are close.
    """
    narrow: Gap = "touching" if spacing == "touching" else "close"
    share = {"apart": 0.0, "natural": 1 / 3}.get(spacing, 0.5)
    gaps: list[Gap] = [narrow if rng.random() < share else "apart" for _ in glyphs[1:]]
    if spacing in ("overlapping", "touching"):
        gaps[int(rng.integers(len(gaps)))] = narrow
    line = beside_each_other(hand, glyphs, gaps, rng)
    stands = {
        "touching": any(line.met),
        "overlapping": any(_overlap(hand, left, right) for left, right in pairwise(line.glyphs)),
    }
    return line if stands.get(spacing, True) else None


def beside_each_other(
    hand: Hand, glyphs: Sequence[Glyph], gaps: Sequence[Gap], rng: Rng, spaces: Sequence[float] = ()
) -> Line:
    """The glyphs from left to right, each as near to those before it as its gap says; `spaces` in pixels are added."""
    placed, met, inked = [glyphs[0]], [], points_along(glyphs[0].strokes, hand.pen)
    for i, glyph in enumerate(glyphs[1:]):
        raised = moved(glyph.strokes, 0, hand.slope * float(inked[:, 0].max()))
        points = points_along(raised, hand.pen)
        x, close = _offset(hand, inked, np.concatenate(placed[-1].strokes), points, gaps[i], rng)
        x += spaces[i] if spaces else 0.0
        placed.append(Glyph(glyph.character, moved(raised, x, 0)))
        inked = np.concatenate([inked, *moved([points], x, 0)])
        met.append(close)
    return Line(placed, met)


def _offset(hand: Hand, inked: Stroke, before: Stroke, points: Stroke, gap: Gap, rng: Rng) -> tuple[float, bool]:
    """How far to the right a glyph has to stand, with all ink and that of the glyph before it; whether they are close.

    In a line nobody writes a digit under or over another: its middle lies further to the right.
    """
    least = _middle(before) + STEP_ASIDE * hand.height - _middle(points)
    overlap = rng.uniform(0.1, 0.9) * hand.pen  # by up to about a pen's width
    away = hand.pen + rng.uniform(1.0, 2.0) * _clearance(hand)
    meeting = None if gap == "apart" else contact(inked, points, overlap if gap == "touching" else away)
    if meeting is not None:
        return max(meeting, least), meeting >= least
    beside = float(inked[:, 0].max() - points[:, 0].min()) + hand.pen + _clearance(hand)
    return max(beside + hand.gap * float(np.exp(rng.normal(0, 0.25))), least), False


def _middle(points: Stroke) -> float:
    """Of the columns that they take."""
    return float(points[:, 0].min() + points[:, 0].max()) / 2


def _clearance(hand: Hand) -> float:
    """Pixels between digits that do not touch, at least."""
    return max(3.0, CLEARANCE * hand.height)


def contact(inked: Stroke, points: Stroke, distance: float) -> float | None:
    """The offset to the right at which points that come from the right are first this near to any of `inked`."""
    up = np.abs(inked[:, None, 1] - points[None, :, 1])
    meets = up < distance
    if not meets.any():
        return None
    reach = inked[:, None, 0] - points[None, :, 0] + np.sqrt(np.maximum(distance**2 - up**2, 0))
    return float(reach[meets].max())


def points_along(strokes: Strokes, pen: float) -> Stroke:
    """Stroke on strokes, a quarter of a pen's width from each other, or a pixel."""
    step, found = max(1.0, pen / 4), []
    for stroke in strokes:
        length = float(lengths(stroke)[-1])
        found.append(points_at(stroke, np.linspace(0, length, int(length / step) + 2)))
    return np.concatenate(found)


def _overlap(hand: Hand, left: Glyph, right: Glyph) -> bool:
    """Whether the boxes of two glyphs' ink share a column of pixels."""
    ends = np.concatenate(left.strokes)[:, 0].max(), np.concatenate(right.strokes)[:, 0].min()
    return bool(ends[0] - ends[1] + hand.pen > 1)
