"""Fit the judge of proposals on generated photographs of validation people's digits."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import KINDS
from model.data.processes import in_processes
from model.localization.judge import NAMES, Floats, features, odds_of, read_proposals
from model.localization.locate import MIN_CERTAINTY, see
from model.recognize import Recognizer
from model.training.photographs import pictures_of

STEPS: Final = 600  # of gradient ascent
RATE: Final = 0.3
UNSURE_SHARE: Final = 0.015  # of the right answers


class Examples(NamedTuple):
    """The proposals of some pictures, one after the other."""

    features: Floats  # (n, len(NAMES))
    correct: NDArray[np.bool_]  # (n,) whether the network takes it for the digit that was written
    picture: NDArray[np.intp]  # (n,) the number of the picture that each belongs to


def collect(
    people: Sequence[PenDigit],
    recognizers: Sequence[Recognizer],
    count: int,
    seed: int,
    progress: Callable[[float], None] = lambda _: None,
) -> Examples:
    """The examples of `count` pictures of each kind, seen by each of the networks."""
    return joined(in_processes(partial(_examples_of, people, recognizers, count, seed), list(KINDS), progress))


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
    return joined(found)


def joined(parts: Sequence[Examples], features: int = len(NAMES)) -> Examples:
    """Several sets of examples as one; without any, of so many features."""
    parts = [part for part in parts if len(part.picture)]
    if not parts:
        return Examples(np.zeros((0, features)), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.intp))
    first = np.cumsum([0, *(part.picture.max() + 1 for part in parts)])
    pictures = [part.picture + start for part, start in zip(parts, first, strict=False)]
    x, correct, _ = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Examples(x, correct, np.concatenate(pictures))


def fit_weights(examples: Examples, decay: float = 1e-3) -> Floats:
    """Weights (k,) of the features that make the correct proposals of each picture the most plausible.

    A picture's proposals and "none of them", whose logit is 0, share a probability of 1 (multinomial logit: Bishop
    2006, section 4.3.4). The mean log-probability of the correct ones is maximised, or of "none" where none is correct.
    Gradient ascent in steps of `RATE` with momentum and an L2 penalty `decay`; the features are scaled to a root mean
    square of 1 meanwhile.
    """
    x, correct, picture = examples
    scale = np.sqrt((x**2).mean(axis=0)) + 1e-9
    count = int(picture.max()) + 1
    none = np.bincount(picture, correct, count) == 0
    weights, velocity = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for _ in range(STEPS):
        odds = odds_of(x / scale, weights)
        share = odds / (1 + np.bincount(picture, odds, count))[picture]
        right = np.where(correct, odds, 0)
        wanted = right / (none + np.bincount(picture, right, count))[picture]
        gradient = (wanted - share) @ (x / scale) / count - decay * weights
        velocity = 0.9 * velocity + gradient
        weights = weights + RATE * velocity
    return np.asarray(weights / scale)


def sure_limit(weights: Floats, examples: Examples) -> float:
    """The certainty that a share of the right answers, `UNSURE_SHARE`, have less of."""
    odds = odds_of(examples.features, weights)
    right = np.bincount(examples.picture, np.where(examples.correct, odds, 0))
    certainty = right / (1 + np.bincount(examples.picture, odds))
    return float(np.quantile(certainty[certainty >= MIN_CERTAINTY], UNSURE_SHARE))
