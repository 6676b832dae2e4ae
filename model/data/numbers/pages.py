"""What a page holds: a number, two lines, a sum, a telephone number; a number with marks; signs and words.

A page is in pixels, y down, and has no edges yet; `pictures.py` draws it on a sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.data.hershey import HELD_OUT, hershey_strokes
from model.data.numbers.hand import (
    Gap,
    Glyph,
    Hand,
    Rng,
    Spacing,
    Stroke,
    Strokes,
    beside_each_other,
    contact,
    moved,
    number_of,
    points_along,
    standing,
)
from model.data.outliers import FONTS, scribble_strokes
from model.data.pendigits import PenDigit
from model.data.synthetic import add_jitter, arc, curve, line
from model.data.unipen import UnipenDrawing

GAPS: Final[tuple[Gap, ...]] = ("apart", "close", "touching")  # all there are, equally often beside plain ones
LENGTH: Final = (2, 6)  # digits of a number
PITCH: Final = (1.4, 2.2)  # from line to line, in heights
ASCENDERS: Final = frozenset("bdfhklt")
DESCENDERS: Final = frozenset("fgjpqy")
ALL_ONES: Final = 0.15  # of the numbers with plain ones, those that have no other digit
BENT: Final = 0.04  # standard deviation of a plain stroke's middle from its chord, in heights
X_HEIGHT: Final = 0.6  # of a letter without ascender, in heights of one with it


@dataclass(frozen=True)
class Page:
    """What was written."""

    text: str  # digits; lines are separated by newlines
    lines: list[list[Glyph]]
    height: float  # of a usual digit, in pixels
    pen: float  # width in pixels

    @property
    def strokes(self) -> Strokes:
        """All strokes."""
        return [stroke for glyphs in self.lines for glyph in glyphs for stroke in glyph.strokes]

    @property
    def digits(self) -> list[Strokes]:
        """The strokes of each digit, in the order of the text."""
        return [glyph.strokes for glyphs in self.lines for glyph in glyphs if glyph.character]

    def mapped(self, scale: float, offset: Sequence[float]) -> "Page":
        """The page, scaled and then moved."""
        lines = [
            [Glyph(character, [stroke * scale + offset for stroke in strokes]) for character, strokes in glyphs]
            for glyphs in self.lines
        ]
        return Page(self.text, lines, self.height * scale, self.pen * scale)


Write = Callable[[Sequence[PenDigit], float, Rng], Page]  # one writer's digits, and about how high they are to be


def page(hand: Hand, lines: list[list[Glyph]]) -> Page:
    """The page of some lines."""
    text = "\n".join("".join(glyph.character for glyph in glyphs) for glyphs in lines)
    return Page(text, lines, hand.height, hand.pen)


def one_digit(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """A single digit."""
    hand = Hand.of(people, height, rng)
    return page(hand, [[hand.digit(int(rng.integers(10)), rng)]])


def number(
    people: Sequence[PenDigit], height: float, rng: Rng, spacing: Spacing = "natural", variants: float = 0.0
) -> Page:
    """A number of 2 to 6 digits; a share of them are `variants`, such as slashed zeros and barred sevens."""
    hand = Hand.of(people, height, rng)
    return page(hand, [_number(hand, int(rng.integers(*LENGTH, endpoint=True)), spacing, rng, variants)])


def _number(hand: Hand, length: int, spacing: Spacing, rng: Rng, variants: float = 0.0) -> list[Glyph]:
    while True:
        digits = [hand.digit(int(rng.integers(10)), rng, rng.random() < variants) for _ in range(length)]
        if found := number_of(hand, digits, spacing, rng):
            return found.glyphs


def plain_ones(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """A number of 2 to 6 digits, some or all of them ones, by somebody who writes those as a plain stroke.

    Most such hands have taller ones than other digits, and some are straight, as programs draw them.
    """
    hand, lean = Hand.of(people, height, rng), rng.normal(0.05, 0.08)
    is_taller, is_straight = rng.random(2) < (0.6, 0.3)
    top, bottom = (rng.uniform(-1.2, -1.0), rng.uniform(0.0, 0.2)) if is_taller else (-1.0, 0.0)
    ends = (lean, top), (0.0, bottom)
    values = rng.integers(10, size=int(rng.integers(*LENGTH, endpoint=True)))
    values[slice(None) if rng.random() < ALL_ONES else rng.integers(len(values))] = 1
    digits = [
        Glyph("1", hand.shaped([line(*ends) if is_straight else _plain_stroke(*ends, rng)], rng))
        if value == 1
        else hand.digit(value, rng)
        for value in values.tolist()
    ]
    gaps: list[Gap] = [GAPS[rng.integers(len(GAPS))] for _ in digits[1:]]
    return page(hand, [beside_each_other(hand, digits, gaps, rng).glyphs])


def phone(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """A telephone number of 8 to 11 digits; after every two to four there is a space."""
    hand = Hand.of(people, height, rng)
    digits = [hand.digit(int(rng.integers(10)), rng) for _ in range(int(rng.integers(8, 12)))]
    ends = np.cumsum(rng.integers(2, 5, 4))
    spaces = [height * rng.uniform(0.6, 1.2) if i in ends else 0.0 for i in range(1, len(digits))]
    gaps: list[Gap] = ["close" if rng.random() < 1 / 3 and not space else "apart" for space in spaces]
    return page(hand, [beside_each_other(hand, digits, gaps, rng, spaces).glyphs])


def two_lines(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """Two numbers, one below the other."""
    hand = Hand.of(people, height, rng)
    lines = [_number(hand, int(rng.integers(2, 6)), "natural", rng) for _ in range(2)]
    return page(hand, _below_each_other(hand, lines, [0.0, height * rng.uniform(-0.5, 0.5)], rng))


def column(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """Three to five numbers whose last digits stand below each other; at times a line before the last, as in a sum."""
    hand = Hand.of(people, height, rng)
    lines = [_number(hand, int(rng.integers(2, 5)), "natural", rng) for _ in range(int(rng.integers(3, 6)))]
    rights = [float(np.concatenate(glyphs[-1].strokes)[:, 0].max()) for glyphs in lines]
    placed = _below_each_other(hand, lines, [-right for right in rights], rng)
    if rng.random() < 0.5:
        level = _lowest(placed[-2]) + hand.height * 0.25
        placed[-1] = [Glyph(text, moved(strokes, 0, hand.height * 0.5)) for text, strokes in placed[-1]]
        placed[-1].append(Glyph("", [add_jitter(line((-max(rights) - 5, level), (5, level)), rng)]))
    return page(hand, placed)


def _below_each_other(hand: Hand, lines: list[list[Glyph]], shifts: Sequence[float], rng: Rng) -> list[list[Glyph]]:
    """The lines at a regular pitch, moved to the right by `shifts`, and further down where ink would touch."""
    pitch, placed, inked = hand.height * rng.uniform(*PITCH), [], np.zeros((0, 2))
    for i, (glyphs, shift) in enumerate(zip(lines, shifts, strict=True)):
        points = np.concatenate([points_along(moved(glyph.strokes, shift, 0), hand.pen) for glyph in glyphs])
        nearest = contact(inked[:, ::-1], points[:, ::-1], hand.pen + hand.height * 0.1) if i else None
        level = max(i * pitch, nearest or 0.0)
        placed.append([Glyph(text, moved(strokes, shift, level)) for text, strokes in glyphs])
        inked = np.concatenate([inked, *moved([points], 0, level)])
    return placed


def _lowest(glyphs: list[Glyph]) -> float:
    return max(float(stroke[:, 1].max()) for glyph in glyphs for stroke in glyph.strokes)


def _apart(hand: Hand, glyphs: list[Glyph], rng: Rng) -> Page:
    """One line, with a gap between all."""
    return page(hand, [beside_each_other(hand, glyphs, ["apart"] * (len(glyphs) - 1), rng).glyphs])


def separated(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """A number with a dot, comma, minus or slash between two digits, or a minus before it."""
    hand = Hand.of(people, height, rng)
    glyphs = [hand.digit(int(rng.integers(10)), rng) for _ in range(int(rng.integers(2, 6)))]
    marks: list[Strokes] = [
        [np.array([(0.0, 0.0)])],
        [curve((0.06, -0.05), (0.08, 0.05), (0.0, 0.2))],
        [line((0.0, -0.45), (rng.uniform(0.25, 0.9), -0.45))],
        [_slash(rng)],
    ]
    chosen = int(rng.integers(len(marks)))
    place = int(rng.integers(0 if chosen == 2 else 1, len(glyphs)))
    glyphs.insert(place, Glyph("", hand.shaped(marks[chosen], rng)))
    return _apart(hand, glyphs, rng)


def date(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """Two or three numbers of one or two digits, with slashes between them."""
    hand = Hand.of(people, height, rng)
    glyphs: list[Glyph] = []
    for part in range(int(rng.integers(2, 4))):
        if part:
            glyphs.append(Glyph("", hand.shaped([_slash(rng)], rng)))
        glyphs += [hand.digit(int(rng.integers(10)), rng) for _ in range(int(rng.integers(1, 3)))]
    return _apart(hand, glyphs, rng)


def _slash(rng: Rng) -> Stroke:
    """A slash in heights, which begins above the digits and ends on or below the base line."""
    return _plain_stroke((rng.uniform(0.3, 0.6), -rng.uniform(1.0, 1.25)), (0.0, rng.uniform(0.0, 0.25)), rng)


def _plain_stroke(top: tuple[float, float], bottom: tuple[float, float], rng: Rng) -> Stroke:
    """A stroke without corners, which is seldom quite straight."""
    middle = (top[0] + bottom[0]) / 2 + rng.normal(0, BENT), (top[1] + bottom[1]) / 2
    return add_jitter(curve(top, middle, bottom), rng)


def word(people: Sequence[PenDigit], height: float, rng: Rng, letters: Sequence[UnipenDrawing]) -> Page:
    """Three to six lower-case letters by people of one of UNIPEN's sites."""
    hand = Hand.of(people, height, rng)
    site = letters[int(rng.integers(len(letters)))].site
    of_site = [letter for letter in letters if letter.site == site]
    return _symbols(
        hand, [_letter(of_site[int(rng.integers(len(of_site)))]) for _ in range(int(rng.integers(3, 7)))], rng
    )


def _letter(drawing: UnipenDrawing) -> Strokes:
    """A letter in heights, on the base line: UNIPEN's are all of one size."""
    tall, long = drawing.character in ASCENDERS, drawing.character in DESCENDERS
    height = (1.0 if tall else X_HEIGHT) + (0.4 if long else 0.0)
    return moved([stroke * height for stroke in standing(drawing.strokes)], 0, 0.4 * long)


def font_word(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """Three to six letters of a font of strokes, of those that no training has seen."""
    hand, font = Hand.of(people, height, rng), str(rng.choice(FONTS))
    chosen = rng.choice(sorted(HELD_OUT), int(rng.integers(3, 7)))
    letters = [(1.0 if letter in "AEKMRWhk" else X_HEIGHT, hershey_strokes(letter, font)) for letter in chosen.tolist()]
    return _symbols(hand, [[stroke * size for stroke in standing(strokes)] for size, strokes in letters], rng)


def scribbles(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """One to three wandering curves, zigzags or dashes."""
    hand = Hand.of(people, height, rng)
    drawn = [scribble_strokes(rng) for _ in range(int(rng.integers(1, 4)))]
    return _symbols(hand, [_of_longer_side(strokes) for strokes in drawn], rng)


def signs(people: Sequence[PenDigit], height: float, rng: Rng) -> Page:
    """One to four of + = ( ) × ÷ √."""
    hand = Hand.of(people, height, rng)
    return _symbols(hand, [_sign(rng) for _ in range(int(rng.integers(1, 5)))], rng)


def _sign(rng: Rng) -> Strokes:
    """A sign in heights, on the base line."""
    flat, bow = line((0.0, -0.4), (0.6, -0.4)), rng.uniform(0.15, 0.35)
    shapes: list[list[Stroke]] = [
        [flat, line((0.3, -0.7), (0.3, -0.1))],
        [line((0.0, y), (0.6, y)) for y in (-0.52, -0.28)],
        [curve((bow, -1.1), (0.0, -0.5), (bow, 0.1))],
        [curve((0.0, -1.1), (bow, -0.5), (0.0, 0.1))],
        [line((0.0, -0.7), (0.5, -0.1)), line((0.5, -0.7), (0.0, -0.1))],
        [flat, *(arc((0.3, y), (0.01, 0.01), 0, 360) for y in (-0.65, -0.15))],
        [line((0.0, -0.5), (0.12, -0.55), (0.3, 0.0), (0.5, -1.0), (rng.uniform(0.9, 1.6), -1.0))],
    ]
    return shapes[rng.integers(len(shapes))]


def _of_longer_side(strokes: Strokes) -> Strokes:
    """The strokes with a longer side of 1, on the base line."""
    width, height = np.ptp(np.concatenate(strokes), axis=0)
    return standing(strokes, float(max(width, height, 1e-6)))


def _symbols(hand: Hand, symbols: Sequence[Strokes], rng: Rng) -> Page:
    """Symbols beside each other, by an unsteady hand; the page's text is empty."""
    glyphs = [Glyph("", hand.shaped([add_jitter(s, rng) for s in strokes], rng)) for strokes in symbols]
    return _apart(hand, glyphs, rng)
