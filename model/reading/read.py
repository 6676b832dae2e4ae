"""Read the numbers in a picture.

>>> from pathlib import Path
>>> from PIL import Image
>>> from model.recognize import Recognizer
>>> read_numbers(Image.new("L", (200, 100), 255), Recognizer.load(Path("weights/digits.npz"))).text
''

A drawing by a program has a ground of one colour, which tells its ink. If what is read there is likely, there is no
more to do. Otherwise, and of photographs, the ink is seen in several ways, and the most plausible reading is taken.
What the network is sure to be one digit as a whole, such as an eight of two loops, is no other number.
"""

from __future__ import annotations

import heapq
import itertools
from typing import Final

from PIL import Image

from model.localization.locate import Unclear, plain_reading
from model.localization.views import is_ragged
from model.reading.assemble import assemble, one_digit
from model.reading.candidates import Candidate, promise, read_sight
from model.reading.choose import MIN_LOGIT, plausibility
from model.reading.lattice import is_one_digit
from model.reading.reading import Reading, TooManyDigits
from model.reading.sights import plain_ink, plain_sight, sights_of_drawing, sights_of_photo
from model.recognize import Recognizer

__all__ = ["TooManyDigits", "read_numbers"]
BELIEVED: Final = 0.5  # probability of a drawing's plain reading, from which there is no search
MANY: Final = 40  # digits of a drawing, from which it is not seen in other ways: that would take long
MAX_COVERAGE: Final = 0.5  # of a drawing, by ink; with more, such as inside a border, what is ground is not clear
MOST_SIGHTS: Final = 4  # of a photograph that are read, the most promising ones


def read_numbers(image: Image.Image, recognizer: Recognizer) -> Reading:
    """The numbers in a picture.

    Raises:
        TooManyDigits: there are too many.
    """
    reading = _likeliest(image, recognizer)
    if reading.is_several and len(reading.lines) == 1:
        return reading
    whole = _whole(image, recognizer)
    return reading if whole is None or whole.text == reading.text else whole


def _whole(image: Image.Image, recognizer: Recognizer) -> Reading | None:
    """All of the ink as one digit, if the network is sure of that."""
    try:
        picture, placement = plain_reading(image)
    except Unclear:
        return None
    prediction = recognizer.read(picture.reshape(1, -1))
    return one_digit(placement, prediction) if placement and is_one_digit(prediction)[0] else None


def _likeliest(image: Image.Image, recognizer: Recognizer) -> Reading:
    candidates = find_candidates(image, recognizer)
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
