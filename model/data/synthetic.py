"""Synthetic digits: the ways of writing a digit that MNIST hardly has.

People slash their zeros, bar their sevens, give ones a flag and a foot, leave fours open and fives without a bar.
Each variant is a few pen strokes with random proportions; `strokes.draw_augmented` then varies pen, size, place, slant
and rotation, as it does for the strokes of real writers. Coordinates: x to the right, y down, about 0 to 1.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Stroke = NDArray[np.float64]
Variant = Callable[[Rng], list[Stroke]]
SPLINE_POINTS: Final = 8  # between two control points
DRIFT: Final = 0.025  # deviation of the slow displacement, in digit heights
ASPECT: Final = (0.5, 1.1)  # factor of the width; the strokes here are about as wide as high
JITTER: Final = 0.006  # deviation of each point, in digit heights


def synthetic_digit(digit: int, rng: Rng) -> list[Stroke]:
    """A random variant of a digit, with jitter: strokes as arrays (points, 2)."""
    variants, shares = zip(*VARIANTS[digit], strict=True)
    variant = variants[rng.choice(len(variants), p=np.array(shares) / sum(shares))]
    narrow = np.array([np.exp(rng.uniform(*np.log(ASPECT))), 1.0])
    return [add_jitter(stroke * narrow, rng) for stroke in variant(rng)]


def add_jitter(stroke: Stroke, rng: Rng) -> Stroke:
    """The stroke with a slow displacement, at times with fine jitter, at times with an overshoot at its end."""
    n = len(stroke)
    slow = rng.normal(0, DRIFT, (4, 2))
    at = np.linspace(0, 3, n)
    drift = np.stack([np.interp(at, range(4), slow[:, axis]) for axis in (0, 1)], axis=1)
    moved = stroke + drift + rng.normal(0, JITTER, (n, 2)) * (rng.random() < 0.3)
    if n > 2 and rng.random() < 0.15:  # the overshoot continues in the stroke's last direction
        direction = moved[-1] - moved[-2]
        length = np.hypot(*direction) + 1e-9
        moved = np.vstack([moved, moved[-1] + direction / length * rng.uniform(0.02, 0.1)])
    return moved


def curve(*points: Sequence[float]) -> Stroke:
    """A smooth stroke through control points (Catmull-Rom spline)."""
    p = np.array([points[0], *points, points[-1]], dtype=float)
    t = np.linspace(0, 1, SPLINE_POINTS, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, p[-1:]])


def line(*points: Sequence[float]) -> Stroke:
    """A stroke with corners, with points in between for the jitter."""
    p = np.array(points, dtype=float)
    at = np.linspace(0, len(p) - 1, 6 * (len(p) - 1) + 1)
    return np.stack([np.interp(at, range(len(p)), p[:, axis]) for axis in (0, 1)], axis=1)


def arc(center: Sequence[float], radii: Sequence[float], start: float, sweep: float) -> Stroke:
    """Part of an ellipse: degrees, 0 to the right, growing clockwise as y points down."""
    angles = np.radians(np.linspace(start, start + sweep, max(8, round(abs(sweep) / 12))))
    return np.stack([center[0] + radii[0] * np.cos(angles), center[1] + radii[1] * np.sin(angles)], axis=1)


def joined(*strokes: Stroke) -> Stroke:
    """Strokes drawn without lifting the pen."""
    return np.vstack(strokes)


def _loop(rng: Rng, center: Sequence[float] = (0.5, 0.5), radius: float = 0.5) -> Stroke:
    """A round stroke, which may stop before its start or overlap it."""
    width = radius * rng.uniform(0.5, 1.05)
    return arc(center, (width, radius), rng.uniform(-130, -50), -rng.uniform(335, 400))


def _zero_slashed(rng: Rng) -> list[Stroke]:
    """The slash stays inside or sticks out, mostly from low left to high right."""
    ring = _loop(rng)
    reach_x, reach_y = rng.uniform(0.15, 0.5), rng.uniform(0.25, 0.62)
    side = 1 if rng.random() < 0.85 else -1
    return [ring, line((0.5 - side * reach_x, 0.5 + reach_y), (0.5 + side * reach_x, 0.5 - reach_y))]


def _zero_slashed_far(rng: Rng) -> list[Stroke]:
    """The slash is steep, or flat down to a level bar; it stays inside or sticks out far."""
    width = rng.uniform(0.24, 0.5)
    ring = arc((0.5, 0.5), (width, 0.5), rng.uniform(-130, -50), -rng.uniform(335, 400))
    steep = rng.uniform(0.0, 0.16), rng.uniform(0.25, 0.72)
    flat = rng.uniform(0.5, 1.5) * width, rng.uniform(0.0, 0.15)
    across = np.array([rng.choice([-1, 1], p=[0.2, 0.8]), -1]) * (steep if rng.random() < 0.6 else flat)
    middle = rng.uniform(0.42, 0.58, 2)
    return [ring, line(tuple(middle - across), tuple(middle + across))]


def _zero_dotted(rng: Rng) -> list[Stroke]:
    dot = arc((rng.uniform(0.44, 0.56), rng.uniform(0.42, 0.58)), (0.03, 0.04), 0, 360)
    return [_loop(rng), dot]


def _zero_looped(rng: Rng) -> list[Stroke]:
    """The stroke begins with a small loop or tail at the top."""
    width = rng.uniform(0.28, 0.45)
    tail = curve((0.5 + width * 0.8, rng.uniform(-0.05, 0.1)), (0.55, 0.06), (0.42, 0.02))
    return [joined(tail, arc((0.5, 0.5), (width, 0.5), -100, -rng.uniform(340, 380)))]


def _stem(rng: Rng) -> tuple[tuple[float, float], tuple[float, float]]:
    lean = rng.uniform(-0.08, 0.35)
    return (0.5 + lean / 2, 0.0), (0.5 - lean / 2, 1.0)


def _one_flag(rng: Rng) -> list[Stroke]:
    top, bottom = _stem(rng)
    flag = (top[0] - rng.uniform(0.12, 0.42), top[1] + rng.uniform(0.1, 0.42))
    return [line(flag, top, bottom)]


def _one_long_flag(rng: Rng) -> list[Stroke]:
    """A long flag, steeper than a seven's bar ever is."""
    lean, reach = rng.uniform(-0.05, 0.12), rng.uniform(0.3, 0.55)
    top = (0.5 + lean / 2, 0.0)
    return [line((top[0] - reach, reach * rng.uniform(0.8, 1.2)), top, (0.5 - lean / 2, 1.0))]


def _one_hooked(rng: Rng) -> list[Stroke]:
    """The stroke turns to a side at the bottom."""
    top, bottom = _stem(rng)
    flag = [(top[0] - rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.3))] if rng.random() < 0.2 else []
    side, lift = -1 if flag or rng.random() < 0.2 else 1, rng.uniform(0.0, 0.12)  # flag and foot to the right: a 2
    low = (bottom[0] * 0.9 + top[0] * 0.1, 0.9)
    turn = curve(low, (bottom[0] + side * 0.04, 1.0), (bottom[0] + side * rng.uniform(0.1, 0.26), 1.0 - lift))
    return [joined(line(*flag, top, low), turn)]


def _one_upstroke(rng: Rng) -> list[Stroke]:
    """The flag comes up from the line, about as long as the stem, as schools in Germany and France teach it."""
    top, bottom = _stem(rng)
    reach, curvature = rng.uniform(0.45, 1.0), rng.uniform(0.0, 0.1)
    foot = (top[0] - rng.uniform(0.35, 0.8), top[1] + reach)
    middle = ((foot[0] + top[0]) / 2 + curvature, (foot[1] + top[1]) / 2 + curvature)
    return [joined(curve(foot, middle, top), line(top, bottom))]


def _one_foot(rng: Rng) -> list[Stroke]:
    top, bottom = _stem(rng)
    return [line(top, bottom), _foot(rng, bottom)]


def _one_flag_foot(rng: Rng) -> list[Stroke]:
    top, bottom = _stem(rng)
    flag = (top[0] - rng.uniform(0.1, 0.35), top[1] + rng.uniform(0.06, 0.34))
    return [line(flag, top, bottom), _foot(rng, bottom)]


def _foot(rng: Rng, bottom: Sequence[float]) -> Stroke:
    left, right = rng.uniform(0.15, 0.38), rng.uniform(0.15, 0.38)
    return line((bottom[0] - left, bottom[1] + rng.uniform(-0.03, 0.04)), (bottom[0] + right, bottom[1]))


def _two_plain(rng: Rng) -> list[Stroke]:
    right, turn = rng.uniform(0.7, 0.95), rng.uniform(0.2, 0.35)
    start = (rng.uniform(0.05, 0.2), rng.uniform(0.15, 0.32))
    bow = curve(start, (0.45, 0.0), (right, turn), (rng.uniform(0.45, 0.6), 0.62), (0.08, 0.98))
    return [joined(bow, line((0.08, 0.98), (rng.uniform(0.8, 1.0), rng.uniform(0.93, 1.02))))]


def _two_looped(rng: Rng) -> list[Stroke]:
    right = rng.uniform(0.7, 0.95)
    low = rng.uniform(0.9, 0.98)
    return [
        curve(
            (rng.uniform(0.05, 0.2), 0.25), (0.45, 0.0), (right, 0.28), (0.5, 0.65), (0.2, low), (0.08, 0.85),
            (0.22, rng.uniform(0.76, 0.84)), (0.5, 0.92), (rng.uniform(0.9, 1.1), rng.uniform(0.9, 1.0)),
        )
    ]  # fmt: skip


def _two_curled(rng: Rng) -> list[Stroke]:
    """Begun with a curl, and turned in a large loop at the bottom."""
    right, low, loop = rng.uniform(0.75, 0.95), rng.uniform(0.9, 1.0), rng.uniform(0.1, 0.26)
    curl = [(0.3, rng.uniform(0.25, 0.38)), (0.12, rng.uniform(0.25, 0.36)), (0.1, 0.14)]
    base = [(0.2, low), (0.02, low - loop / 2), (0.2, low - loop), (0.5, low - loop / 4), (rng.uniform(0.9, 1.1), low)]
    return [curve(*curl[int(rng.integers(0, 3)) :], (0.45, 0.0), (right, 0.26), (0.55, 0.66), *base)]


def _two_zed(rng: Rng) -> list[Stroke]:
    """Hardly any bow: a hooked top, a straight diagonal, a straight base."""
    top = curve((0.05, rng.uniform(0.12, 0.25)), (0.3, 0.02), (0.75, 0.05), (0.82, 0.2))
    return [joined(top, line((0.82, 0.2), (0.05, 1.0), (rng.uniform(0.85, 1.0), rng.uniform(0.95, 1.02))))]


def _three_round(rng: Rng) -> list[Stroke]:
    waist, pinch = rng.uniform(0.34, 0.52), rng.uniform(0.3, 0.55)
    start = (rng.uniform(0.0, 0.2), rng.uniform(0.06, 0.25))
    bottom = (rng.uniform(-0.1, 0.15), rng.uniform(0.8, 0.98))
    top = curve(start, (0.45, 0.0), (rng.uniform(0.65, 0.85), waist / 2), (pinch, waist))
    low = curve((pinch, waist), (rng.uniform(0.75, 0.95), (1 + waist) / 2), (rng.uniform(0.35, 0.55), 1.0), bottom)
    return [joined(top, low)]


def _three_looped(rng: Rng) -> list[Stroke]:
    """The stroke makes a loop at the waist, and may curl at both ends."""
    waist, loop = rng.uniform(0.36, 0.5), rng.uniform(0.1, 0.22)
    knot = [(0.45, waist + loop / 3), (0.45 - loop, waist), (0.45, waist - loop / 3)]
    start, end = (rng.uniform(0.0, 0.2), rng.uniform(0.1, 0.28)), (rng.uniform(-0.05, 0.15), rng.uniform(0.78, 0.95))
    low = [(rng.uniform(0.8, 0.98), (1.05 + waist) / 2), (0.45, 1.0), end]
    return [curve(start, (0.42, 0.0), (rng.uniform(0.72, 0.88), waist * 0.5), *knot, *low)]


def _three_flat(rng: Rng) -> list[Stroke]:
    waist = rng.uniform(0.36, 0.46)
    corner = (rng.uniform(0.75, 0.95), rng.uniform(-0.02, 0.04))
    top = line((rng.uniform(0.0, 0.15), 0.02), corner, (rng.uniform(0.35, 0.5), waist))
    low = curve((0.42, waist), (0.92, rng.uniform(0.6, 0.72)), (0.5, 1.0), (0.02, rng.uniform(0.82, 0.95)))
    return [joined(top, low)]


def _four_open(rng: Rng) -> list[Stroke]:
    level, stem = rng.uniform(0.5, 0.68), rng.uniform(0.62, 0.82)
    left = line((rng.uniform(0.12, 0.35), 0.0), (rng.uniform(0.0, 0.12), level), (rng.uniform(0.9, 1.1), level))
    return [left, line((stem, rng.uniform(0.05, 0.35)), (stem - rng.uniform(-0.05, 0.15), 1.0))]


def _four_cup(rng: Rng) -> list[Stroke]:
    """A cup and a stem beside it, which it touches or crosses, as a Russian Ч."""
    level, stem = rng.uniform(0.4, 0.62), rng.uniform(0.6, 0.85)
    left, right = rng.uniform(0.0, 0.2), stem + rng.uniform(-0.02, 0.25)
    lowest = level + rng.uniform(0.0, 0.06)
    cup = curve((left + rng.uniform(0.0, 0.15), 0.0), (left, level * 0.75), ((left + stem) / 2, lowest), (right, level))
    return [cup, line((stem + rng.uniform(-0.05, 0.12), rng.uniform(0.0, 0.25)), (stem, 1.0))]


def _four_closed(rng: Rng) -> list[Stroke]:
    level, stem = rng.uniform(0.6, 0.75), rng.uniform(0.62, 0.78)
    roof = line((stem, 0.0), (0.0, level), (rng.uniform(0.85, 1.05), level + rng.uniform(-0.04, 0.04)))
    return [roof, line((stem, rng.uniform(0.0, 0.06)), (stem + rng.uniform(-0.08, 0.04), 1.0))]


def _four_one_stroke(rng: Rng) -> list[Stroke]:
    """Never lifted: down, across, and with a loop or a sharp turn into the stem."""
    level, stem, tip = rng.uniform(0.5, 0.68), rng.uniform(0.6, 0.8), rng.uniform(0.0, 0.35)
    start = (rng.uniform(0.15, 0.5), 0.0)
    if rng.random() < 0.5:
        right = (rng.uniform(0.85, 1.0), level - rng.uniform(0.0, 0.08))
        turn = curve(
            (0.02, level), (0.5, level + 0.02), right, (stem + 0.12, tip), (stem, tip + 0.15), (stem - 0.05, 1.0)
        )
        return [joined(line(start, (0.02, level)), turn)]
    return [line(start, (0.02, level), (rng.uniform(0.75, 0.95), level), (stem, tip), (stem - 0.05, 1.0))]


def _five_body(rng: Rng, top: float) -> Stroke:
    left, waist = rng.uniform(0.05, 0.2), rng.uniform(0.38, 0.5)
    down = line((left + rng.uniform(0.0, 0.12), top), (left, waist))
    belly = curve((left, waist), (0.5, waist - 0.06), (0.9, 0.68), (0.5, 1.0), (0.0, rng.uniform(0.82, 0.95)))
    return joined(down, belly)


def _five_barred(rng: Rng) -> list[Stroke]:
    """Body first, bar after: it may sit apart, above or beside."""
    bar_left, bar_top = rng.uniform(0.05, 0.4), rng.uniform(-0.12, 0.06)
    return [
        _five_body(rng, 0.0),
        line((bar_left, bar_top), (rng.uniform(0.7, 1.0), bar_top + rng.uniform(-0.08, 0.05))),
    ]


def _five_one_stroke(rng: Rng) -> list[Stroke]:
    body = _five_body(rng, rng.uniform(-0.02, 0.05))
    return [joined(line((rng.uniform(0.75, 0.95), rng.uniform(-0.04, 0.06)), body[0]), body)]


def _five_without_bar(rng: Rng) -> list[Stroke]:
    stub = (rng.uniform(0.25, 0.45), rng.uniform(-0.02, 0.06))
    body = _five_body(rng, 0.03)
    return [joined(line(stub, body[0]), body)]


def _five_bare(rng: Rng) -> list[Stroke]:
    """Nothing at all at the top."""
    return [_five_body(rng, 0.0)]


def _six_open(rng: Rng) -> list[Stroke]:
    """Like a u whose left side is twice as high: the bowl stays open, or its end turns in a little."""
    rise, right = rng.uniform(0.45, 0.58), rng.uniform(0.7, 0.95)
    start = (rng.uniform(0.1, 0.5), 0.0)
    inwards = [(right - rng.uniform(0.1, 0.25), rise + rng.uniform(-0.06, 0.06))] if rng.random() < 0.7 else []
    return [curve(start, (0.06, 0.5), (0.12, 0.85), (0.4, 1.0), (right - 0.05, 0.85), (right, rise), *inwards)]


def _six_curled(rng: Rng) -> list[Stroke]:
    """From the top, with or without a hook that hangs from it, around into a bowl of any height."""
    top, bowl = rng.uniform(0.42, 0.66), rng.uniform(0.72, 0.9)
    middle = (1 + top) / 2
    hook = [(rng.uniform(0.7, 1.0), rng.uniform(0.12, 0.28))] if rng.random() < 0.4 else []
    start = (rng.uniform(0.5, 0.85), rng.uniform(0.0, 0.06))
    around = [(0.4, 1.0), (bowl, middle), (0.48, top), (rng.uniform(0.05, 0.2), middle)]
    return [curve(*hook, start, (0.22, rng.uniform(0.15, 0.3)), (0.04, 0.65), *around)]


def _six_straight(rng: Rng) -> list[Stroke]:
    start = (rng.uniform(0.3, 0.75), 0.0)
    stem = line(start, (0.12, rng.uniform(0.55, 0.7)))
    bowl = curve((0.12, 0.62), (0.08, 0.82), (0.4, 1.0), (0.82, 0.78), (0.5, rng.uniform(0.52, 0.6)), (0.1, 0.75))
    return [joined(stem, bowl)]


def _seven_hooked(rng: Rng) -> list[Stroke]:
    """A serif hangs from the bar's left end."""
    body = _seven_body(rng)
    hook = line((body[0][0] - rng.uniform(-0.02, 0.06), rng.uniform(0.1, 0.28)), body[0])
    strokes = [joined(hook, body)]
    return [*strokes, _seven_bar(rng)] if rng.random() < 0.5 else strokes


def _seven_body(rng: Rng) -> Stroke:
    corner, foot = (rng.uniform(0.75, 1.0), rng.uniform(-0.05, 0.06)), (rng.uniform(0.2, 0.55), 1.0)
    bar = line((rng.uniform(0.0, 0.12), rng.uniform(-0.02, 0.08)), corner)
    if rng.random() < 0.5:
        return joined(bar, line(corner, foot))
    return joined(bar, curve(corner, (0.62, rng.uniform(0.35, 0.5)), foot))


def _seven_bar(rng: Rng) -> Stroke:
    level, tilt = rng.uniform(0.4, 0.62), rng.uniform(-0.1, 0.1)
    return line((rng.uniform(0.18, 0.38), level + tilt), (rng.uniform(0.72, 0.98), level - tilt))


def _eight_loops(rng: Rng) -> list[Stroke]:
    """Two circles, one above the other, as children draw it."""
    split = rng.uniform(0.4, 0.5)
    top = _loop(rng, (0.5 + rng.uniform(-0.05, 0.05), split / 2), split / 2)
    return [top, _loop(rng, (0.5, (1 + split) / 2), (1 - split) / 2)]


def _eight_apart(rng: Rng) -> list[Stroke]:
    """Two loops that do not touch, or lie aslant."""
    split, gap, aside = rng.uniform(0.36, 0.5), rng.uniform(0.0, 0.1), rng.uniform(-0.12, 0.12)
    top, low = (split - gap / 2) / 2, (1 - split - gap / 2) / 2
    return [_loop(rng, (0.5 + aside, top), top), _loop(rng, (0.5 - aside, 1 - low), low)]


def _eight_one_stroke(rng: Rng) -> list[Stroke]:
    width, waist = rng.uniform(0.24, 0.38), rng.uniform(0.42, 0.5)
    start = (0.5 + width * 0.8, rng.uniform(0.08, 0.18))
    end = (0.5 + width * rng.uniform(0.5, 1.1), rng.uniform(0.0, 0.2))
    return [
        curve(
            start, (0.5, 0.0), (0.5 - width, 0.2), (0.5, waist), (0.5 + width, 0.76), (0.5, 1.0), (0.5 - width, 0.76),
            (0.5, waist + 0.02), (0.5 + width, 0.22), end,
        )
    ]  # fmt: skip


def _eight_open(rng: Rng) -> list[Stroke]:
    """Begun and ended at the top, right and left, and not closed."""
    width, waist, gap = rng.uniform(0.26, 0.42), rng.uniform(0.38, 0.52), rng.uniform(0.1, 0.35)
    right, left = 0.5 + width, 0.5 - width
    start, end = (
        (0.5 + gap, rng.uniform(0.0, 0.15)),
        (0.5 + gap * rng.uniform(-0.6, 0.4), rng.uniform(-0.05, 0.08)),
    )
    if rng.random() < 0.5:
        start, end = end, start
    down = [start, (left, waist * 0.45), (0.5, waist), (right, 0.76), (0.5, 1.0)]
    return [curve(*down, (left, 0.78), (0.5, waist + 0.04), (right, waist * 0.5), end)]


def _nine_straight(rng: Rng) -> list[Stroke]:
    return [joined(_nine_bowl(rng), line((0.82, 0.1), (0.8, 0.5), (rng.uniform(0.55, 0.85), 1.0)))]


def _nine_curled(rng: Rng) -> list[Stroke]:
    """A tail that curls back to the left, as a written g's."""
    turn, end = (rng.uniform(0.45, 0.65), 1.0), (rng.uniform(-0.1, 0.25), rng.uniform(0.72, 0.95))
    tail = curve((0.82, 0.15), (rng.uniform(0.78, 0.92), rng.uniform(0.55, 0.75)), turn, end)
    return [joined(_nine_bowl(rng), tail)]


def _nine_bowl(rng: Rng) -> Stroke:
    """A head of any size, which may stay open."""
    depth, open_by, left = rng.uniform(0.3, 0.56), rng.uniform(-0.06, 0.06), rng.uniform(0.05, 0.35)
    middle = (left + 0.8) / 2
    return curve(
        (0.82, 0.14 + open_by), (middle, 0.0), (left, depth / 2), (middle, depth), (0.8, depth / 2), (0.82, 0.12)
    )


VARIANTS: Final[dict[int, list[tuple[Variant, float]]]] = {
    0: [
        (_zero_slashed, 4), (_zero_slashed_far, 4), (_zero_dotted, 2), (_zero_looped, 1),
        (lambda rng: [_loop(rng)], 2),
    ],
    1: [
        (_one_flag_foot, 3), (_one_flag, 4), (_one_long_flag, 1.5), (_one_upstroke, 3), (_one_foot, 1),
        (_one_hooked, 2), (lambda rng: [line(*_stem(rng))], 2),
    ],
    2: [(_two_plain, 2), (_two_looped, 3), (_two_curled, 2), (_two_zed, 2)],
    3: [(_three_round, 4), (_three_flat, 4), (_three_looped, 2)],
    4: [(_four_one_stroke, 4), (_four_open, 2), (_four_cup, 2), (_four_closed, 2)],
    5: [(_five_barred, 4), (_five_without_bar, 2), (_five_bare, 1), (_five_one_stroke, 2)],
    6: [(_six_curled, 2), (_six_straight, 2), (_six_open, 1)],
    7: [(lambda rng: [_seven_body(rng), _seven_bar(rng)], 4), (_seven_hooked, 2), (lambda rng: [_seven_body(rng)], 1)],
    8: [(_eight_loops, 2), (_eight_apart, 1), (_eight_one_stroke, 1), (_eight_open, 1)],
    9: [(_nine_straight, 1), (_nine_curled, 1)],
}  # fmt: skip
