"""People's digits restyled: written as other people might have, of whom the data has few.

Few of those who wrote the data slash their zeros, and each of them in one way: a network that has not seen a writer's
slash reads a 4, 7, 8 or 9. So some zeros get a slash, some sevens a bar, and strokes are varied one by one: moved,
turned, scaled and bent, with ends that stop early or run on. The drawing as a whole is varied later, by `strokes.vary`.
Coordinates here: the drawing's longer side is 1, y down.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.strokes import lengths, points_at, rotation

Rng = np.random.Generator
Stroke = NDArray[np.float64]
# Lengths are in longer sides of the drawing.
MOVED: Final = 0.03  # deviation of a stroke's place, if there are several
TURNED: Final = 4.0  # degrees, deviation
SCALED: Final = 0.06  # deviation of the logarithm of the size
SHORT: Final = 0.25  # length up to which a stroke is not bent, and keeps its ends
BENT: Final = 0.025  # deviation of the slowest of the waves that bend a stroke
STEP: Final = 0.03  # length between the points of a bent stroke
RUN_ON: Final = 0.08  # largest length beyond an end
STOPPED: Final = 0.1  # largest share of a stroke's points that is left out at an end


def restyled(
    label: int, drawing: Sequence[NDArray[np.floating[Any]]], marked: float, varied: float, rng: Rng
) -> list[Stroke]:
    """The drawing of a digit in another style, where it was and in its own units.

    `marked` is the probability that a zero or seven of one stroke gets a slash or a bar; `varied` is the probability
    that the strokes are varied.
    """
    points = np.concatenate(list(drawing))
    low, high = points.min(axis=0), points.max(axis=0)
    middle, side = (low + high) / 2, float(max(*(high - low), 1e-6))
    strokes = [(np.asarray(stroke, dtype=np.float64) - middle) / side for stroke in drawing]
    if len(strokes) == 1 and label in MARKS and rng.random() < marked:
        strokes.append(MARKS[label](strokes[0], rng))
    if rng.random() < varied:
        strokes = [_varied(stroke, len(strokes) > 1, rng) for stroke in strokes]
    return [stroke * side + middle for stroke in strokes]


def slash(zero: Stroke, rng: Rng) -> Stroke:
    """A line through a zero, steep or level, most often from low left to high right; it stays inside or sticks out."""
    extent = np.maximum(np.ptp(zero, axis=0), 1e-6)
    angle = rng.uniform(-10, 20) if rng.random() < 0.15 else np.clip(rng.normal(55, 15), 15, 95)
    across = _direction(180 - angle if rng.random() < 0.1 else angle)
    radius = 1 / np.linalg.norm(across / (extent / 2))  # of the ellipse in the zero's box, in this direction
    reach = rng.uniform(0.75, 1.0, 2) if rng.random() < 0.3 else rng.uniform(1.0, 1.9, 2)
    middle = (zero.min(axis=0) + zero.max(axis=0)) / 2 + rng.normal(0, 0.12, 2) * extent
    line = _line(middle - across * radius * reach[0], middle + across * radius * reach[1])
    bow = np.sin(np.linspace(0, np.pi, len(line))) * rng.normal(0, 0.05) * radius
    return np.asarray(line + bow[:, None] * np.array([-across[1], across[0]]))


def bar(seven: Stroke, rng: Rng) -> Stroke:
    """A short level line through a seven's stem."""
    top, height = float(seven[:, 1].min()), float(max(np.ptp(seven[:, 1]), 1e-6))
    level = top + height * rng.uniform(0.38, 0.65)
    stem = seven[len(seven) * 3 // 10 :]  # what comes before it is the seven's own bar
    middle = stem[np.abs(stem[:, 1] - level).argmin()] + rng.normal(0, 0.04, 2) * height
    across = _direction(rng.normal(5, 12))
    left, right = rng.uniform(0.15, 0.4, 2) * height
    return _line(middle - across * left, middle + across * right)


MARKS: Final[Mapping[int, Callable[[Stroke, Rng], Stroke]]] = {0: slash, 7: bar}


def _varied(stroke: Stroke, is_moved: bool, rng: Rng) -> Stroke:
    """The stroke moved, if it is one of several, turned, scaled, bent, and with other ends."""
    middle = stroke.mean(axis=0)
    place = middle + rng.normal(0, MOVED, 2) * is_moved
    turn, size = rotation(np.radians(rng.normal(0, TURNED))), np.exp(rng.normal(0, SCALED))
    shape = (stroke - middle) @ turn * size
    length = float(lengths(shape)[-1])
    if length > SHORT:
        shape = _with_other_ends(_bent(shape, length, rng), rng)
    return np.asarray(place + shape)


def _bent(stroke: Stroke, length: float, rng: Rng) -> Stroke:
    """The stroke, displaced by a few slow waves along its length."""
    count = max(8, int(length / STEP))
    at = np.linspace(0, 1, count)
    waves = np.arange(1, int(length / 0.5) + 3)
    sizes = rng.normal(0, BENT, (len(waves), 2)) / np.sqrt(waves)[:, None]
    return points_at(stroke, at * length) + np.cos(np.pi * at[:, None] * waves) @ sizes


def _with_other_ends(stroke: Stroke, rng: Rng) -> Stroke:
    """The stroke, of which half of the ends stop early or run on; one of few points hardly stops."""
    for _ in range(2):
        change = rng.uniform(-1, 1) * (rng.random() < 0.5)
        if change < 0:
            stroke = stroke[int(-change * STOPPED * len(stroke)) :]
        elif change > 0:
            ahead = stroke[0] - stroke[3]
            stroke = np.vstack([stroke[0] + ahead / max(np.linalg.norm(ahead), 1e-6) * change * RUN_ON, stroke])
        stroke = stroke[::-1]
    return stroke


def _direction(degrees: float) -> NDArray[np.float64]:
    """The unit vector at an angle from the x axis, upwards."""
    angle = np.radians(degrees)
    return np.array([np.cos(angle), -np.sin(angle)])


def _line(start: NDArray[np.float64], end: NDArray[np.float64]) -> Stroke:
    return start + (end - start) * np.linspace(0, 1, 12)[:, None]
