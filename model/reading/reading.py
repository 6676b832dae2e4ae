"""What was read in a picture: lines of digits, each with its place; marks; other readings; and how the ink was cut."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from model.preprocess import BoxOnImage, Placement
from model.recognize import Prediction
from model.rejection import Verdict

MAX_DIGITS: Final = 256  # in a picture
UNREADABLE: Final = "?"  # in a text, a group of ink that is no digit
MIN_CONFIDENCE: Final = 0.75  # of a reading of several digits, in each (geometric mean), for them to be believed
Point = tuple[float, float]  # x, y in the image's pixels


def is_number(text: str) -> bool:
    """Whether a text has digits, and nothing that is unreadable.

    >>> [is_number(text) for text in ("42", "4?", "")]
    [True, False, False]
    """
    return bool(text) and UNREADABLE not in text


class TooManyDigits(ValueError):  # noqa: N818 - what is the case
    """A picture holds more than `MAX_DIGITS` digits."""

    def __init__(self) -> None:
        super().__init__(f"The picture holds more than {MAX_DIGITS} digits, or as much other ink: send it in parts")


class Cut(NamedTuple):
    """A way from the top of a line to its bottom, on which its ink may be cut."""

    points: tuple[Point, ...]
    ink: float  # that it goes through, in widths of the pen, where strokes cross or touch less; 0: it lies in a gap


class Group(NamedTuple):
    """The ink between two cuts, read as one digit."""

    start: int  # number of the cut before it
    end: int  # … and behind it
    box: BoxOnImage
    digit: int  # the likeliest one
    confidence: float  # its probability
    verdict: Verdict
    text: str  # what it is most plausibly: a digit, `UNREADABLE`, or nothing, for a mark
    score: float  # log of its factor, as that, in the odds of every reading that it is part of


class Segmentation(NamedTuple):
    """The ways to cut a line: each reading is a way from its first cut to its last, from group to group."""

    cuts: tuple[Cut, ...]
    groups: tuple[Group, ...]  # by start, then end
    best: tuple[int, ...]  # numbers of the cuts of the likeliest reading, with the first and the last
    second: tuple[int, ...]  # … of the likeliest one that is cut in another way; empty if there is none


class Line(NamedTuple):
    """A line of digits, from left to right."""

    text: str  # digits, and `UNREADABLE`
    confidence: float  # probability of the text
    box: BoxOnImage
    placements: tuple[Placement, ...]  # of its digits
    segmentation: Segmentation


class Alternative(NamedTuple):
    """Another reading of the picture."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What was read in a picture; no lines if nothing is written."""

    lines: tuple[Line, ...]  # from top to bottom
    prediction: Prediction  # of all digits, in the order of the lines
    alternatives: tuple[Alternative, ...]  # the likeliest first
    marks: tuple[BoxOnImage, ...]  # the largest ink that is no part of a digit, such as a comma or an underline

    @property
    def text(self) -> str:
        """The lines, separated by newlines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """The probability of the text; 1 if nothing is written."""
        product = 1.0
        for line in self.lines:
            product *= line.confidence
        return product

    @property
    def count(self) -> int:
        """How many digits there are, unreadable ones too."""
        return sum(len(line.text) for line in self.lines)

    @property
    def is_several(self) -> bool:
        """Whether there are several digits, and it is likely that they are these."""
        return self.count > 1 and is_number(self.text) and self.confidence >= MIN_CONFIDENCE**self.count
