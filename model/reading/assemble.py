"""Put a reading together from the best paths of its lines, with places in the image's pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from model.localization.groups import around
from model.preprocess import BoxOnImage, Ink, Placement
from model.reading.decode import SYMBOLS, Decoded, Path, next_way
from model.reading.lines import Boxes, Numbers, areas
from model.reading.pieces import PieceLine, Pieces
from model.reading.reading import MAX_DIGITS, Alternative, Cut, Group, Line, Reading, Segmentation, TooManyDigits
from model.recognize import Prediction, Recognizer

MIN_ALTERNATIVE: Final = 0.005  # probability of another reading, for it to be told
MAX_ALTERNATIVES: Final = 4
MAX_MARKS: Final = 256  # the largest ones: a dithered picture has tens of thousands of dots
LABELS: Final = (*SYMBOLS, "")  # of the scores of a group
SEAM_POINTS: Final = 24  # of a cut through ink, at most


def assemble(ink: Ink, pieces: Pieces, decoded: Sequence[Decoded], recognizer: Recognizer) -> Reading:
    """The reading of some ink.

    Raises:
        TooManyDigits: there are more than `MAX_DIGITS`.
    """
    marks = np.concatenate([pieces.marks, *(each.lattice.groups.boxes[list(each.paths[0].marks)] for each in decoded)])
    lines = [each for each in decoded if each.paths[0].groups]
    if sum(len(line.paths[0].groups) for line in lines) > MAX_DIGITS:
        raise TooManyDigits
    largest = np.sort(np.argsort(-areas(marks), kind="stable")[:MAX_MARKS])
    placed = tuple(_on_image(box, ink) for box in marks[largest])
    read = [line.lattice.prediction.take(line.paths[0].groups) for line in lines]
    prediction = Prediction.joined(read) if read else recognizer.read(np.zeros((0, 784), dtype=np.uint8))
    return Reading(tuple(_line(line, ink) for line in lines), prediction, _alternatives(lines), placed)


def one_digit(placement: Placement, prediction: Prediction) -> Reading:
    """The reading of ink that is one digit, without a cut."""
    digit, confidence = int(prediction.probabilities[0].argmax()), float(prediction.probabilities[0].max())
    left, top, right, bottom = placement.box
    placement = placement._replace(certainty=confidence)
    sides = tuple(Cut(((x, top), (x, bottom)), 0.0) for x in (left, right))
    score = float(np.log(confidence))
    group = Group(0, 1, placement.box, digit, confidence, prediction.verdicts[0], str(digit), score)
    segmentation = Segmentation(sides, (group,), (0, 1), ())
    return Reading((Line(str(digit), confidence, placement.box, (placement,), segmentation),), prediction, (), ())


def _line(decoded: Decoded, ink: Ink) -> Line:
    best, groups = decoded.paths[0], decoded.lattice.groups
    used = list(best.groups)
    box = _on_image(around(groups.boxes[used]), ink)
    placements = tuple(
        groups.placements[group]._replace(certainty=decoded.certainty(group, symbol))
        for group, symbol in zip(used, best.text, strict=True)
    )
    return Line(best.text, decoded.probability(best), box, placements, _segmentation(decoded, ink))


def _alternatives(lines: Sequence[Decoded]) -> tuple[Alternative, ...]:
    """Other readings of the picture: of one line, or of all, with the line changed that loses least by it."""
    texts = [line.paths[0].text for line in lines]
    whole = float(np.prod([line.probability(line.paths[0]) for line in lines]))
    found = [
        Alternative("\n".join([*texts[:i], path.text, *texts[i + 1 :]]), whole * float(np.exp(path.score - best.score)))
        for i, line in enumerate(lines)
        for best in line.paths[:1]
        for path in line.paths[1:]
    ]
    found = [each for each in found if each.confidence >= MIN_ALTERNATIVE]
    return tuple(sorted(found, key=lambda each: -each.confidence)[:MAX_ALTERNATIVES])


def _segmentation(decoded: Decoded, ink: Ink) -> Segmentation:
    line, groups, prediction = decoded.lattice
    cuts = tuple(_cut(line, i, ink) for i in range(len(line.cuts)))
    best_digits = decoded.scores[:, :10].argmax(axis=1)
    shown = tuple(
        Group(
            int(groups.starts[i]),
            int(groups.ends[i]),
            _on_image(groups.boxes[i], ink),
            int(best_digits[i]),
            float(prediction.probabilities[i, best_digits[i]]),
            prediction.verdicts[i],
            LABELS[int(decoded.scores[i].argmax())],
            float(decoded.scores[i].max()),
        )
        for i in np.lexsort([groups.ends, groups.starts])
    )
    best = _cuts_of(decoded.paths[0], groups.starts, groups.ends, len(cuts) - 1)
    return Segmentation(cuts, shown, best, next_way(groups, decoded.scores, best))


def _cuts_of(path: Path, starts: Numbers, ends: Numbers, count: int) -> tuple[int, ...]:
    """The numbers of the cuts that a path uses."""
    used = [*path.groups, *path.marks]
    return tuple(sorted({0, count, *starts[used].tolist(), *ends[used].tolist()}))


def _cut(line: PieceLine, i: int, ink: Ink) -> Cut:
    """Cut i of a line: along its seam, or upright in the middle of the gap."""
    boxes, (number, bound) = line.boxes, line.cuts[i]
    if not bound:
        left = boxes[:number, 3].max() if number else boxes[:, 2].min()
        right = boxes[number:, 2].min() if number < len(boxes) else left
        x = float(left + (right if number else left)) / 2
        return Cut((_point(x, boxes[:, 0].min(), ink), _point(x, boxes[:, 1].max(), ink)), 0.0)
    piece = line.pieces[number]
    columns = piece.columns[bound]
    rows = np.unique(np.linspace(0, len(columns) - 1, SEAM_POINTS).astype(int)).tolist()
    return Cut(tuple(_point(float(columns[row]), piece.top + row, ink) for row in rows), piece.inks[bound])


def _point(x: float, y: float, ink: Ink) -> tuple[float, float]:
    return ink.left + x * ink.scale, ink.top + y * ink.scale


def _on_image(box: Boxes, ink: Ink) -> BoxOnImage:
    """A box of the plane, in the image's pixels."""
    top, bottom, left, right = box.tolist()
    return (*_point(left, top, ink), *_point(right, bottom, ink))
