"""Read the numbers in a picture.

>>> from pathlib import Path
>>> from PIL import Image
>>> from model.recognize import Recognizer
>>> read_numbers(Image.new("L", (200, 100), 255), Recognizer.load(Path("weights/digits.npz"))).text
''

A drawing by a program has a ground of one colour, which tells its ink. If what is read there is likely, there is no
more to do. Otherwise, and of photographs, the ink is seen in several ways, and the most plausible reading is taken.
What the network is sure to be one digit as a whole, such as an eight of two loops, is no other number; and a drawing
that holds one digit has the verdict that it has as one.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import replace
from typing import Final, NamedTuple

from PIL import Image

from model.localization.judge import SAME_PLACE, are_same, revise
from model.localization.locate import Unclear, locate, plain_reading
from model.localization.views import is_ragged
from model.preprocess import Placement, Preprocessed
from model.reading.assemble import assemble, one_digit
from model.reading.candidates import Candidate, promise, read_sight
from model.reading.choose import MIN_LOGIT, plausibility
from model.reading.lattice import is_one_digit
from model.reading.reading import Reading, TooManyDigits, is_number
from model.reading.sights import plain_ink, plain_sight, sights_of_drawing, sights_of_photo
from model.recognize import Prediction, Recognizer

__all__ = ["TooManyDigits", "read_numbers"]
BELIEVED: Final = 0.5  # probability of a drawing's plain reading, from which there is no search
MANY: Final = 40  # digits of a drawing, from which it is not seen in other ways: that would take long
MAX_COVERAGE: Final = 0.5  # of a drawing, by ink; with more, such as inside a border, what is ground is not clear
MOST_SIGHTS: Final = 4  # of a photograph that are read, the most promising ones


def read_numbers(image: Image.Image, recognizer: Recognizer, located: Preprocessed | None = None) -> Reading:
    """The numbers in a picture; `located` is what `locate` finds in it, where that is known.

    Raises:
        TooManyDigits: there are too many.
    """
    candidates = find_candidates(image, recognizer)
    is_drawing, reading = candidates[0].sight.ink.flat, _likeliest(candidates, recognizer)
    if not is_drawing or (reading.is_several and len(reading.lines) == 1):
        return reading
    one = _whole(image, recognizer)
    if one is None and reading.count == 1:
        one = _alone(located or locate(image, recognizer), reading, recognizer)
    if one is None:
        return reading
    if reading.text != str(one.prediction.digit(0)):
        return one_digit(*one)
    return replace(reading, prediction=replace(reading.prediction, verdicts=one.prediction.verdicts))


class _One(NamedTuple):
    """Ink that is read as one digit."""

    placement: Placement
    prediction: Prediction


def _whole(image: Image.Image, recognizer: Recognizer) -> _One | None:
    """All of the ink, if the network is sure that it is one digit."""
    try:
        picture, placement = plain_reading(image)
    except Unclear:
        return None
    prediction = recognizer.read(picture.reshape(1, -1))
    return _One(placement, prediction) if placement and is_one_digit(prediction)[0] else None


def _alone(located: Preprocessed, reading: Reading, recognizer: Recognizer) -> _One | None:
    """What is read where one digit is expected, with the verdict on that; None if it is none.

    Beside signs that cannot be read, such as those of a formula, no digit is expected.
    """
    picture, placement = located
    if placement is None or not (is_number(reading.text) or _is_all(placement, reading)):
        return None
    prediction = revise(recognizer.read(picture.reshape(1, -1)), [placement])
    return _One(placement, prediction) if prediction.verdicts[0] != "not-a-digit" else None


def _is_all(placement: Placement, reading: Reading) -> bool:
    """Whether what was found is where the one thing that was read is, without marks."""
    return not reading.marks and bool(are_same([placement.box, reading.lines[0].box], SAME_PLACE)[0, 1])


def _likeliest(candidates: list[Candidate], recognizer: Recognizer) -> Reading:
    logits = plausibility(candidates)
    best = int(logits.argmax())
    if logits[best] < MIN_LOGIT:
        best = 0  # of a drawing, what it looks like at first
        if not candidates[0].sight.ink.flat:
            candidates[0] = candidates[0]._replace(lines=[])
    sight, pieces, lines = candidates[best]
    return assemble(sight.ink, pieces, lines, recognizer)


def find_candidates(image: Image.Image, recognizer: Recognizer) -> list[Candidate]:
    """The readings of a picture, the plain one first; only that of a drawing if it is likely."""
    ink = plain_ink(image)
    plain, mask = read_sight(plain_sight(ink), recognizer), ink.plane > 0
    covers = bool(mask.mean() > MAX_COVERAGE)
    if not ink.flat:
        sights = sights_of_photo(image)
    elif not covers and ((plain.is_number and plain.confidence >= BELIEVED) or len(plain.text) > MANY):
        return [plain]
    else:
        photo = sights_of_photo(image) if covers or is_ragged(mask) else ()
        sights = itertools.chain(sights_of_drawing(ink), photo)
    # One sight after the other: all of them together would take 2 MB each.
    promising = heapq.nlargest(MOST_SIGHTS, sights, key=lambda sight: promise(sight, recognizer))
    return [plain, *(read_sight(sight, recognizer) for sight in promising)]
