"""How many digits stand in a picture: it is read as a number where one digit does not seem to be all there is."""

from collections.abc import Container
from contextlib import suppress

from PIL import Image

from model.localization.judge import revise
from model.localization.locate import MAX_ALTERNATIVES, Unclear, is_all, is_stacked, locate, plain_reading
from model.preprocess import Preprocessed, Step, preprocess_with_placement
from model.reading.lattice import is_one_digit
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import Reading
from model.recognize import Recognizer


def look(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """As `locate`; its placement says how many digits stand there, where there may be several."""
    with suppress(Unclear):
        plain = plain_reading(image)
        if is_all(plain, recognizer):
            return preprocess_with_placement(image, skip) if skip else plain
    return search(image, recognizer, skip)


def search(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """The same of an image whose plain reading is not believed."""
    found = locate(image, recognizer, skip)
    if _is_one(found, recognizer):
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


def _is_one(found: Preprocessed, recognizer: Recognizer) -> bool:
    """Whether the network takes it for a digit, and none stands elsewhere: a frame may be a zero with a slash.

    Of two parts one above the other, such as the loops of an eight, it has to be sure.
    """
    elsewhere = found.placement and (found.placement.alternatives or "frame" in found.placement.removed)
    if elsewhere:
        return False
    prediction = revise(recognizer.read(found.picture.reshape(1, -1)), [found.placement])
    is_sure = not is_stacked(found.picture) or bool(is_one_digit(prediction)[0])
    return is_sure and prediction.verdicts[0] == "digit"


def _first_digit(reading: Reading) -> Preprocessed:
    """The first of several digits; the others are other places."""
    placements = [placement for line in reading.lines for placement in line.placements]
    others = tuple(placement.box for placement in placements[1 : 1 + MAX_ALTERNATIVES])
    return Preprocessed(reading.prediction.pictures[0].reshape(28, 28), placements[0]._replace(alternatives=others))
