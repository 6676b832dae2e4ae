"""Candidates: what is read in a picture if its ink is seen in one way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.localization.components import connected_components
from model.reading.cuts import SOLID
from model.reading.decode import Decoded, decode
from model.reading.groups import cut_out_whole, pictures_of
from model.reading.lattice import lattices
from model.reading.lines import usual_height
from model.reading.pieces import Pieces, written
from model.reading.reading import is_number
from model.reading.sights import Sight
from model.recognize import Recognizer


class Candidate(NamedTuple):
    """A reading of a picture."""

    sight: Sight
    pieces: Pieces
    lines: list[Decoded]  # from top to bottom

    @property
    def text(self) -> str:
        """Its lines, separated by newlines."""
        return "\n".join(line.paths[0].text for line in self.lines if line.paths[0].groups)

    @property
    def is_number(self) -> bool:
        """Whether it has digits, and nothing that is unreadable."""
        return is_number(self.text)

    @property
    def confidence(self) -> float:
        """The probability of the text."""
        return float(np.prod([line.probability(line.paths[0]) for line in self.lines]))


def read_sight(sight: Sight, recognizer: Recognizer) -> Candidate:
    """What is read in one way; of what the edge of a photograph cuts, only what continues a line."""
    pieces, found = lattices(sight.ink, recognizer, edge=sight.ink.flat)
    return Candidate(sight, pieces, [decode(lattice) for lattice in found])


def promise(sight: Sight, recognizer: Recognizer) -> float:
    """How much a full reading may be worth: the pieces that are digits less those that are none, by their heights."""
    components = connected_components(sight.ink.plane > SOLID)
    boxes = components.boxes[1:]
    used = written(boxes, sight.ink.plane.shape, edge=sight.ink.flat)
    if not len(used):
        return -np.inf
    cut = (cut_out_whole(sight.ink, components.labels, number + 1, boxes[number]) for number in used.tolist())
    verdicts = recognizer.read(pictures_of(cut)[0]).verdicts
    heights = (boxes[used, 1] - boxes[used, 0]) / usual_height(boxes[used])
    return float(np.where([verdict == "digit" for verdict in verdicts], heights, -heights).sum())
