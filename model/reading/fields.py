"""A reading as JSON has it, in the API and in the terminal: boxes are x, y, width and height."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from model.preprocess import BoxOnImage, Placement
from model.reading.reading import UNREADABLE, Line, Reading, Segmentation

Json = dict[str, Any]


def numbered(reading: Reading) -> Iterator[tuple[Line, list[tuple[int, Placement]]]]:
    """Each line, and its digits: their numbers in the prediction, and their places."""
    numbers = count()
    for line in reading.lines:
        yield line, [(next(numbers), placement) for placement in line.placements]


def reading_fields(
    reading: Reading, digit: Callable[[int], Json], scale: int = 1, *, segmentation: bool = False
) -> Json:
    """A reading, with what `digit` says of each digit in its prediction; lengths are larger by a scale."""
    lines = [
        {
            "text": line.text,
            "box": _rectangle(line.box, scale),
            "confidence": line.confidence,
            "digits": [
                _as_read(digit(i), symbol) | _place(placement.in_image(0, 0, scale))
                for symbol, (i, placement) in zip(line.text, digits, strict=True)
            ],
        }
        | ({"segmentation": _segmentation(line.segmentation, scale)} if segmentation else {})
        for line, digits in numbered(reading)
    ]
    return {
        "text": reading.text,
        "confidence": reading.confidence,
        "lines": lines,
        "alternatives": [alternative._asdict() for alternative in reading.alternatives],
        "marks": [{"box": _rectangle(box, scale)} for box in reading.marks],
    }


def _as_read(digit: Json, symbol: str) -> Json:
    """What is said of a digit, with the digit and the verdict that it has in the text, where its shape counts too."""
    if symbol == UNREADABLE:
        return digit | {"verdict": "not-a-digit"}
    if symbol == str(digit["digit"]) and digit["verdict"] != "not-a-digit":
        return digit
    return digit | {"digit": int(symbol), "confidence": digit["probabilities"][int(symbol)], "verdict": "unsure"}


def _place(placement: Placement) -> Json:
    return {"box": _rectangle(placement.box), "placement": placement._asdict()}


def _segmentation(found: Segmentation, scale: int) -> Json:
    return {
        "cuts": [{"points": [(scale * x, scale * y) for x, y in cut.points], "ink": cut.ink} for cut in found.cuts],
        "groups": [group._asdict() | {"box": _rectangle(group.box, scale)} for group in found.groups],
        "best": found.best,
        "second": found.second,
    }


def _rectangle(box: BoxOnImage, scale: int = 1) -> list[float]:
    left, top, right, bottom = (scale * side for side in box)
    return [left, top, right - left, bottom - top]
