"""How many digits stand in a picture: it is read as a number where one digit does not seem to be all there is."""

from collections.abc import Container
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.localization.judge import are_same, revise
from model.localization.locate import MAX_ALTERNATIVES, Unclear, is_stacked, locate, plain_reading
from model.preprocess import Placement, Preprocessed, Step, preprocess_with_placement
from model.reading.lattice import is_one_digit
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import Reading
from model.recognize import Prediction, Recognizer

OTHER_INK: Final = frozenset({"lines", "other", "underline"})  # that was left out, and may be another digit
SAME_BOX: Final = 0.8  # of two boxes' area together that both cover, from which they are of the same digit


def look(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """As `locate`; its placement says how many digits stand there, where there may be several."""
    with suppress(Unclear):
        plain = plain_reading(image)
        if plain.placement is None or are_one(recognizer.read(plain.picture.reshape(1, -1)))[0]:
            return preprocess_with_placement(image, skip) if skip else plain
    return search(image, recognizer, skip)


def search(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """The same of an image whose plain reading is not believed."""
    found = _count(locate(image, recognizer), image, recognizer)
    if not skip or found.placement is None:
        return found
    picture, placement = locate(image, recognizer, skip)
    if placement is None:
        return found
    return Preprocessed(picture, placement._replace(digits=found.placement.digits))


def are_one(prediction: Prediction) -> NDArray[np.bool_]:
    """Which pictures (n,) hold one digit: the network is sure of it. Two close ones may look much like a third."""
    return np.asarray(is_one_digit(prediction) & np.array([verdict == "digit" for verdict in prediction.verdicts]))


def _count(found: Preprocessed, image: Image.Image, recognizer: Recognizer) -> Preprocessed:
    """What was found in an image, with the number of digits that stand there, if they can be read."""
    prediction = recognizer.read(found.picture.reshape(1, -1))
    alone = found.placement if _is_alone(found.placement, prediction) else None
    if alone and OTHER_INK.isdisjoint(alone.removed):
        return found
    try:
        reading = read_numbers(image, recognizer, found)
    except TooManyDigits:
        return found
    if not reading.is_several or (alone and not _holds(reading, alone)) or _is_parted(found, prediction, reading):
        return found
    if found.placement is None:
        found = _first_digit(reading)
    return found._replace(placement=found.placement and found.placement._replace(digits=reading.count))


def _is_alone(placement: Placement | None, prediction: Prediction) -> bool:
    """Whether the network is sure that it is one digit, and no place looks like another: a frame may be a zero."""
    if placement is None or placement.alternatives or "frame" in placement.removed:
        return False
    return bool(are_one(revise(prediction, [placement]))[0])


def _is_parted(found: Preprocessed, prediction: Prediction, reading: Reading) -> bool:
    """Whether a reading parts what is a digit to the network from top to bottom, though no gap goes through it."""
    is_all = found.placement and not found.placement.alternatives and not found.placement.removed
    if not is_all or prediction.verdicts[0] != "digit":
        return False
    return len(reading.lines) > 1 and not is_stacked(found.picture)


def _holds(reading: Reading, placement: Placement) -> bool:
    """Whether one of the digits that were read stands where this one does: it is not a part of it."""
    boxes = [placement.box, *(each.box for line in reading.lines for each in line.placements)]
    return bool(are_same(boxes, SAME_BOX)[0, 1:].any())


def _first_digit(reading: Reading) -> Preprocessed:
    """The first of several digits; the others are other places."""
    placements = [placement for line in reading.lines for placement in line.placements]
    others = tuple(placement.box for placement in placements[1 : 1 + MAX_ALTERNATIVES])
    return Preprocessed(reading.prediction.pictures[0].reshape(28, 28), placements[0]._replace(alternatives=others))
