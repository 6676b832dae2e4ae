"""Read the numbers in a picture."""

from typing import Final

import numpy as np
from PIL import Image

from model.localization.components import connected_components
from model.preprocess import INK_THRESHOLD, Box, Ink, Plane, Preprocessed, extract_ink, place_on_image
from model.reading.reading import UNREADABLE, Cut, Group, Line, Reading, Segmentation
from model.recognize import Recognizer

MAX_DIGITS: Final = 256  # in a picture


class TooManyDigits(ValueError):  # noqa: N818 - what is the case
    """A picture holds more than `MAX_DIGITS` digits."""


def read_numbers(image: Image.Image, recognizer: Recognizer) -> Reading:
    """The numbers in a picture.

    Raises:
        TooManyDigits: there are more than `MAX_DIGITS`.
    """
    ink = extract_ink(image)
    components = connected_components(ink.plane > INK_THRESHOLD)
    boxes = components.boxes[1:]
    order = np.argsort(boxes[:, 2] + boxes[:, 3])
    found = [_cut_out(ink, components.labels == number + 1, Box(*boxes[number].tolist())) for number in order]
    placements = tuple(each.placement for each in found if each.placement)
    prediction = recognizer.read(
        np.array([each.picture.ravel() for each in found if each.placement], dtype=np.uint8).reshape(-1, 784)
    )
    if not placements:
        return Reading((), prediction, (), ())
    text = "".join(
        UNREADABLE if verdict == "not-a-digit" else str(p.argmax())
        for verdict, p in zip(prediction.verdicts, prediction.probabilities, strict=True)
    )
    left, top, right, bottom = (np.array([p.box for p in placements])[:, i] for i in range(4))
    box = float(left.min()), float(top.min()), float(right.max()), float(bottom.max())
    middles = [box[0], *((right[:-1] + left[1:]) / 2).tolist(), box[2]]
    cuts = tuple(Cut(((float(x), box[1]), (float(x), box[3])), 0) for x in middles)
    confidence = [float(p.max()) for p in prediction.probabilities]
    groups = tuple(
        Group(
            i,
            i + 1,
            p.box,
            int(prediction.probabilities[i].argmax()),
            confidence[i],
            prediction.verdicts[i],
            float(np.log(confidence[i])),
        )
        for i, p in enumerate(placements)
    )
    line = Line(
        text, float(np.prod(confidence)), box, placements, Segmentation(cuts, groups, tuple(range(len(cuts))), ())
    )
    return Reading((line,), prediction, (), ())


def _cut_out(ink: Ink, chosen: np.ndarray, box: Box) -> Preprocessed:
    plane: Plane = box.crop(ink.plane) * box.crop(chosen)
    return place_on_image(
        Ink(plane, ink.left + box.left * ink.scale, ink.top + box.top * ink.scale, ink.scale, ink.ground)
    )
