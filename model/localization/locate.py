"""Locate the writing in any picture: the plain reading first, and others where it is not clear what is ground or digit.

A drawing by a program has a ground of one colour. If the network takes it for a digit, and it is not in two parts one
above the other, there is no more to do. Otherwise its parts without frames and lines are read too, and of anything
else, such as a photograph, the proposals; that of the likeliest digit is taken (`model/localization/judge.py`). If the
network is not sure of it, it is read again, turned a little (`model/localization/turns.py`).
"""

import statistics
from collections.abc import Container
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.localization.judge import Judgement, judge, shared_areas
from model.localization.proposals import Proposal, propose, propose_parts
from model.localization.turns import settle_one
from model.localization.views import is_ragged, plain_view
from model.preprocess import (
    BOX,
    INK_THRESHOLD,
    SIDE,
    BoxOnImage,
    Ink,
    Preprocessed,
    Step,
    extract_ink,
    extract_plain_ink,
    place_on_image,
)
from model.recognize import Recognizer

MAX_COVERAGE: Final = 0.4  # of the 20×20 box: more ink than most pens leave
MIN_MEAN: Final = 0.5  # ink of the inked cells: less than most pens leave
MAX_GAP_INK: Final = 0.25  # of the inked rows' median of strongest ink: a row with less parts what is above and below
MIN_PART: Final = 0.3  # of the ink's height: what is above such a row, and below, for each to be a digit perhaps
MIN_CERTAINTY: Final = 0.5  # of the digit that is meant; below it, nothing is taken for writing
MAX_ALTERNATIVES: Final = 5
MAX_OVERLAP: Final = 0.3  # of the smaller of two boxes, for them to be two places
SMALL: Final = 1 << 14  # pixels of an image whose ink is found soon, whatever is on it
BLANK: Final = Preprocessed(np.zeros((SIDE, SIDE), dtype=np.uint8), None)


class Unclear(Exception):  # noqa: N818 - no error: a search follows
    """The plain reading of an image is not believed: it has to be searched, which takes longer."""


class Hypotheses(NamedTuple):
    """The ways of seeing an image."""

    ink: Ink  # that the preprocessing finds
    proposals: list[Proposal]  # none if all of the ink is believed; of a drawing, the first one is all of it


def locate(image: Image.Image, recognizer: Recognizer, skip: Container[Step] = ()) -> Preprocessed:
    """The picture of what is written in an image, and where it is; blank if nothing looks like writing.

    Steps in `skip` are left out of the picture, not of the search; without one of them, it is not turned either.
    """
    found = _choose(image, recognizer, skip)
    return found if skip else settle_one(found, recognizer)


def _choose(image: Image.Image, recognizer: Recognizer, skip: Container[Step]) -> Preprocessed:
    """The most plausible place, and its picture."""
    ink, proposals = see(image, recognizer)
    if not proposals:
        return place_on_image(ink, skip) if ink.flat else BLANK
    judged = judge(proposals, recognizer, "drawings" if ink.flat else "photographs")
    is_found = judged.certainty >= MIN_CERTAINTY
    if ink.flat and (judged.best == 0 or not is_found):
        picture, placement = place_on_image(ink, skip)
        return Preprocessed(picture, placement and placement._replace(certainty=judged.certainty))
    return _found(proposals, judged, skip) if is_found else BLANK


def _found(proposals: list[Proposal], judged: Judgement, skip: Container[Step]) -> Preprocessed:
    """The best proposal, with what is known of the others; those less plausible than that there is none say nothing."""
    best = proposals[judged.best]
    picture, placement = best.without(skip) if skip else best[:2]
    none = 1 - judged.probabilities.sum()
    order = [i for i in np.argsort(-judged.probabilities) if judged.probabilities[i] >= none]
    others = _other_places([each.placement.box for each in [best, *(proposals[i] for i in order)]])
    found = placement and placement._replace(hypotheses=len(proposals), alternatives=others, certainty=judged.certainty)
    return Preprocessed(picture, found)


def plain_reading(image: Image.Image) -> Preprocessed:
    """The picture of a drawing, which is all there is to see in the image if it is believed.

    Raises:
        Unclear: the image has to be searched, whatever the network says of it.
    """
    ink = extract_plain_ink(image) or (extract_ink(image) if image.width * image.height <= SMALL else None)
    plain = ink and place_on_image(ink)
    if ink is None or plain is None or _may_be_part(ink, plain, image):
        raise Unclear
    return plain


def _is_all(plain: Preprocessed, recognizer: Recognizer) -> bool:
    """Whether a plain reading is all there is to see: nothing, or what the network takes for a digit."""
    return plain.placement is None or recognizer.read(plain.picture.reshape(1, -1)).verdicts[0] == "digit"


def see(image: Image.Image, recognizer: Recognizer) -> Hypotheses:
    """The ways of seeing an image; more than the plain one only where that is not believed."""
    ink = extract_ink(image)
    if not ink.flat:
        return Hypotheses(ink, propose(image))
    plain = place_on_image(ink)
    if not _may_be_part(ink, plain, image) and _is_all(plain, recognizer):
        return Hypotheses(ink, [])
    proposals = propose_parts(ink, plain)
    is_cut_off = _reaches_edge(plain, image) and not _is_all(plain, recognizer)
    if _covers_much(plain) or _is_grey(plain) or is_cut_off or is_ragged(plain_view(ink).mask):
        proposals += propose(image)
    return Hypotheses(ink, proposals)


def _may_be_part(ink: Ink, plain: Preprocessed, image: Image.Image) -> bool:
    """Whether the ink may be more than one digit, or less: a photograph, a page, two digits, or cut by the edge."""
    return not ink.flat or _covers_much(plain) or _reaches_edge(plain, image) or is_stacked(plain.picture)


def is_stacked(picture: NDArray[np.uint8]) -> bool:
    """Whether a row with hardly any ink parts a picture (28, 28): two digits may stand one above the other."""
    ink = picture.max(axis=1).tolist()  # a list: so few numbers cost NumPy, and every drawing, several times as much
    rows = [row for row, most in enumerate(ink) if most]
    if not rows:
        return False
    height = rows[-1] + 1 - rows[0]
    limit = MAX_GAP_INK * statistics.median(ink[row] for row in rows)
    gaps = (above for above in range(height) if ink[rows[0] + above] < limit)
    return any(min(above, height - 1 - above) >= MIN_PART * height for above in gaps)


def _reaches_edge(plain: Preprocessed, image: Image.Image) -> bool:
    if plain.placement is None:
        return False
    left, top, right, bottom = plain.placement.box
    return left <= 0 or top <= 0 or right >= image.width or bottom >= image.height


def _covers_much(plain: Preprocessed) -> bool:
    """Whether so much is inked that it may be a disc, a tile or a page with a digit on it."""
    return float(plain.picture.sum()) > MAX_COVERAGE * 255 * BOX * BOX


def _is_grey(plain: Preprocessed) -> bool:
    """Whether so much is inked faintly that it may be a sheet, or a grey of dots, with a digit on it."""
    inked = plain.picture[plain.picture > INK_THRESHOLD * 255]
    return len(inked) > MAX_COVERAGE * BOX * BOX and float(inked.mean()) < MIN_MEAN * 255


def _other_places(boxes: list[BoxOnImage]) -> tuple[BoxOnImage, ...]:
    """The boxes that hardly overlap the first one or each other."""
    shared, area = shared_areas(boxes)
    apart = shared <= MAX_OVERLAP * np.minimum(area[:, None], area)
    places = [0]
    for i in range(1, len(boxes)):
        if len(places) <= MAX_ALTERNATIVES and apart[i, places].all():
            places.append(i)
    return tuple(boxes[i] for i in places[1:])
