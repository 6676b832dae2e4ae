"""How many digits stand in a picture: it is read as a number where one digit does not seem to be all there is."""

from collections.abc import Container
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.localization.judge import revise
from model.localization.locate import MAX_ALTERNATIVES, Unclear, is_stacked, locate, plain_reading
from model.preprocess import SIDE, Preprocessed, Step, preprocess_with_placement
from model.reading.lattice import is_one_digit
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import Reading
from model.recognize import Prediction, Recognizer

LEFT_OUT: Final = frozenset({"edge", "frame", "lines", "other", "underline"})  # ink that may be another digit
MIN_WIDTH: Final = 0.5  # heights, of two digits beside each other: two ones that touch are hardly narrower


def look(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """As `locate`; its placement says how many digits stand there, where there may be several."""
    with suppress(Unclear):
        plain = plain_reading(image)
        if plain.placement is None or is_one(recognizer.read(plain.picture.reshape(1, -1)), 0):
            return preprocess_with_placement(image, skip) if skip else plain
    return search(image, recognizer, skip)


def search(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """The same of an image whose plain reading is not believed."""
    found = locate(image, recognizer, skip)
    if _is_all(found, recognizer):
        return found
    try:
        reading = read_numbers(image, recognizer, found)
    except TooManyDigits:
        return found
    if not reading.is_several:
        return found
    if found.placement is None:
        found = _first_digit(reading)
    return found._replace(placement=found.placement and found.placement._replace(digits=reading.count))


def is_one(prediction: Prediction, i: int) -> bool:
    """Whether the network takes picture i for a digit; of one that may be two, it has to be sure."""
    if prediction.verdicts[i] != "digit":
        return False
    return bool(is_one_digit(prediction)[i]) or not _may_be_two(prediction.pictures[i].reshape(SIDE, SIDE))


def _may_be_two(picture: NDArray[np.uint8]) -> bool:
    """Whether a picture (28, 28) has two parts one above the other, such as an eight's loops, or is as wide as two."""
    rows, columns = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
    return is_stacked(picture) or bool(np.ptp(columns) + 1 >= MIN_WIDTH * (np.ptp(rows) + 1))


def _is_all(found: Preprocessed, recognizer: Recognizer) -> bool:
    """Whether it is a digit, and none stands elsewhere or was left out: a frame may be a zero with a slash."""
    placement = found.placement
    is_part = placement and (placement.alternatives or not LEFT_OUT.isdisjoint(placement.removed))
    return not is_part and is_one(revise(recognizer.read(found.picture.reshape(1, -1)), [placement]), 0)


def _first_digit(reading: Reading) -> Preprocessed:
    """The first of several digits; the others are other places."""
    placements = [placement for line in reading.lines for placement in line.placements]
    others = tuple(placement.box for placement in placements[1 : 1 + MAX_ALTERNATIVES])
    return Preprocessed(reading.prediction.pictures[0].reshape(28, 28), placements[0]._replace(alternatives=others))
