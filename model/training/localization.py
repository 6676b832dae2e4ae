"""Fit the judge of proposals on generated photographs of validation people's digits."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import KINDS
from model.data.processes import in_processes
from model.localization.choice import ChoiceWeights
from model.localization.judge import NAMES, features, read_proposals
from model.localization.locate import MIN_CERTAINTY, see
from model.recognize import Recognizer
from model.training.choice import Examples, joined
from model.training.photographs import pictures_of

UNSURE_SHARE: Final = 0.015  # of the right answers


def collect(
    people: Sequence[PenDigit],
    recognizers: Sequence[Recognizer],
    count: int,
    seed: int,
    progress: Callable[[float], None] = lambda _: None,
) -> Examples:
    """The examples of `count` pictures of each kind, seen by each of the networks."""
    work = partial(_examples_of, people, recognizers, count, seed)
    return joined(in_processes(work, list(KINDS), progress), len(NAMES))


def _examples_of(
    people: Sequence[PenDigit], recognizers: Sequence[Recognizer], count: int, seed: int, name: str
) -> Examples:
    """The examples of one kind; a picture whose plain reading is believed has none."""
    found = []
    for digit, image in pictures_of(name, KINDS[name], people, count, seed):
        first = see(image, recognizers[0])
        for recognizer in recognizers:
            # What is proposed of a photograph does not depend on the network.
            if proposals := (see(image, recognizer) if first.ink.flat else first).proposals:
                prediction = read_proposals(proposals, recognizer)
                answers = prediction.probabilities.argmax(axis=1)
                correct = np.full(len(answers), fill_value=False) if digit is None else answers == digit
                found.append(Examples(features(proposals, prediction), correct, np.zeros(len(answers), dtype=np.intp)))
    return joined(found, len(NAMES))


def sure_limit(weights: ChoiceWeights, examples: Examples) -> float:
    """The certainty that a share of the right answers, `UNSURE_SHARE`, have less of."""
    odds = weights.odds(examples.features)
    right = np.bincount(examples.picture, np.where(examples.correct, odds, 0))
    certainty = right / (1 + np.bincount(examples.picture, odds))
    return float(np.quantile(certainty[certainty >= MIN_CERTAINTY], UNSURE_SHARE))
