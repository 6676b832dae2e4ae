"""How plausible it is that a group of parts is this digit, something unreadable, or a mark between digits.

The scores of a reading's groups add up, and its probability is e^score by the sum over all readings of the line: a
semi-Markov conditional random field (Sarawagi & Cohen 2004), which LeCun et al. (1998, section VI) train as a graph
transformer network. `python -m model.segment` fits the weights on numbers in known people's hands, and writes
weights.json beside this file.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from model.reading.groups import NAMES, SHAPE_NAMES, Floats, Groups, features, may_be_mark, shapes
from model.reading.pieces import PieceLine
from model.recognize import Prediction

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.json")
UNREADABLE: Final = 10  # columns of the scores, behind those of the digits
MARK: Final = 11
KINDS: Final = ("digit", "unreadable", "mark")
MIN_PROBABILITY: Final = 1e-9
NEVER: Final = -1e9  # score of what cannot be


class Weights(NamedTuple):
    """The weights of what speaks for a group."""

    features: Floats  # (3, len(NAMES)) as any digit, unreadable, and mark
    shapes: Floats  # (10, len(SHAPE_NAMES)) as each digit
    probability: float  # of the logarithm of the digit's probability


def score(groups: Groups, line: PieceLine, prediction: Prediction) -> Floats:
    """The scores (n, 12) of n groups as each digit, unreadable, and as a mark."""
    weights = load_weights()
    digit, unreadable, mark = weights.features @ features(groups, line, prediction).T
    digits = weights.probability * np.log(np.maximum(prediction.probabilities, MIN_PROBABILITY))
    digits += shapes(groups, line) @ weights.shapes.T + digit[:, None]
    return np.column_stack([digits, unreadable, np.where(may_be_mark(groups, line), mark, NEVER)])


@functools.cache
def load_weights() -> Weights:
    """The weights that `python -m model.segment` wrote."""
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["weights"]
    return Weights(
        np.array([[stored[kind][name] for name in NAMES] for kind in KINDS]),
        np.array([[stored["shapes"][name][digit] for name in SHAPE_NAMES] for digit in range(10)]),
        stored["probability"],
    )
