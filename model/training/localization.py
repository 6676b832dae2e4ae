"""Fit the judge of proposals on generated photographs and drawings of validation people's digits."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import KINDS
from model.data.processes import in_processes
from model.localization.choice import ChoiceWeights, Floats
from model.localization.judge import NAMES, Kind, Limits, features, read_proposals
from model.localization.locate import MIN_CERTAINTY, see
from model.recognize import Recognizer
from model.training.choice import Examples, fit_choice, joined
from model.training.photographs import pictures_of

IMAGES: Final[tuple[Kind, ...]] = ("drawings", "photographs")
UNITS: Final = 16  # hidden ones of the choice in photographs
UNSURE_SHARES: Final = Limits(0.03, 0.02)  # of the right answers; with larger ones, fewer are wrong and sure


def collect(
    people: Sequence[PenDigit],
    recognizers: Sequence[Recognizer],
    count: int,
    seed: int,
    progress: Callable[[float], None] = lambda _: None,
) -> dict[Kind, Examples]:
    """The examples of `count` pictures of each kind, seen by each of the networks: of drawings, and of photographs."""
    work = partial(_examples_of, people, recognizers, count, seed)
    parts = in_processes(work, list(KINDS), progress)
    return {kind: joined([part[kind] for part in parts], len(NAMES)) for kind in IMAGES}


def _examples_of(
    people: Sequence[PenDigit], recognizers: Sequence[Recognizer], count: int, seed: int, name: str
) -> dict[Kind, Examples]:
    """The examples of one kind; a picture whose plain reading is believed has none."""
    found: dict[Kind, list[Examples]] = {kind: [] for kind in IMAGES}
    for digit, image in pictures_of(name, KINDS[name], people, count, seed):
        first = see(image, recognizers[0])
        for recognizer in recognizers:
            # What is proposed of a photograph does not depend on the network.
            if proposals := (see(image, recognizer) if first.ink.flat else first).proposals:
                prediction = read_proposals(proposals, recognizer)
                answers = prediction.probabilities.argmax(axis=1)
                correct = np.full(len(answers), fill_value=False) if digit is None else answers == digit
                described, picture = features(proposals, prediction), np.zeros(len(answers), dtype=np.intp)
                found["drawings" if first.ink.flat else "photographs"].append(Examples(described, correct, picture))
    return {kind: joined(parts, len(NAMES)) for kind, parts in found.items()}


def fit(examples: Mapping[Kind, Examples], rng: np.random.Generator) -> dict[Kind, ChoiceWeights]:
    """The weights for drawings, and for photographs.

    Too few drawings are searched to fit weights to them alone: theirs are fitted to both, without hidden units.
    """
    both = joined(list(examples.values()), len(NAMES))
    return {"drawings": fit_choice(both, 0, rng), "photographs": fit_choice(examples["photographs"], UNITS, rng)}


def sure_limits(weights: Mapping[Kind, ChoiceWeights], examples: Mapping[Kind, Examples]) -> Limits:
    """The limits of certainty and of probability that these shares of the right answers, `UNSURE_SHARES`, are below.

    The second one is of those that are certain.
    """
    found = np.concatenate([_of_right(weights[kind], part) for kind, part in examples.items()])
    certainty = float(np.quantile(found[:, 0], UNSURE_SHARES.certainty))
    certain = found[found[:, 0] >= certainty]
    return Limits(certainty, float(np.quantile(certain[:, 1], UNSURE_SHARES.probability)))


def _of_right(weights: ChoiceWeights, examples: Examples) -> Floats:
    """Of each picture whose digit is certain enough to be answered: the certainty, and the probability, (n, 2)."""
    odds = weights.odds(examples.features)
    right = np.where(examples.correct, odds, 0)
    certainty = np.bincount(examples.picture, right) / (1 + np.bincount(examples.picture, odds))
    order = np.argsort(right, kind="stable")
    best = np.zeros(len(certainty), dtype=np.intp)
    best[examples.picture[order]] = order  # the last one of each picture, which is its most plausible
    probability = np.exp(examples.features[best, NAMES.index("certainty")])
    return np.column_stack([certainty, probability])[certainty >= MIN_CERTAINTY]
