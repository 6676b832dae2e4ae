"""Fit the choice among candidates, from pictures whose correct candidates are known."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.choice import ChoiceWeights, Floats, odds_of
from model.optimizers import Adam, cosine

STEPS: Final = 500
RATE: Final = 0.02
WARMUP: Final = 50  # steps


class Examples(NamedTuple):
    """The candidates of some pictures, one after the other."""

    features: Floats  # (n, k)
    correct: NDArray[np.bool_]  # (n,) whether it is what was written
    picture: NDArray[np.intp]  # (n,) the number of the picture that each belongs to

    @property
    def pictures(self) -> int:
        """How many pictures there are."""
        return int(self.picture.max(initial=-1)) + 1


def joined(parts: Sequence[Examples], features: int) -> Examples:
    """Several sets of examples as one; without any, of so many features."""
    parts = [part for part in parts if len(part.picture)]
    if not parts:
        return Examples(np.zeros((0, features)), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.intp))
    first = np.cumsum([0, *(part.pictures for part in parts)])
    pictures = [part.picture + start for part, start in zip(parts, first, strict=False)]
    x, correct, _ = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Examples(x, correct, np.concatenate(pictures))


def fit_choice(examples: Examples, units: int, rng: np.random.Generator, decay: float = 1e-3) -> ChoiceWeights:
    """The weights, with so many hidden units, that make the correct candidates of each picture the most plausible.

    The mean log-probability of the correct ones is maximised, or of "none" where none is correct, with an L2 penalty
    `decay`. The features are scaled to a root mean square of 1 meanwhile. Without examples, all weights are 0.
    """
    k = examples.features.shape[1]
    if not examples.pictures:
        return weights_of(np.zeros(k + (k + 1) * units), k)
    scale = np.sqrt((examples.features**2).mean(axis=0)) + 1e-9
    scaled = examples._replace(features=examples.features / scale)
    hidden, output = rng.normal(0, 1 / np.sqrt(k), k * units), rng.normal(0, 0.1 / np.sqrt(max(units, 1)), units)
    theta = np.concatenate([np.zeros(k), hidden, output])
    optimizer, rate = Adam(), cosine(RATE, STEPS, warmup=WARMUP)
    for step in range(STEPS):
        optimizer.step(theta, decay * theta - ascent(scaled, weights_of(theta, k)), rate(step))
    fitted = weights_of(theta, k)
    return ChoiceWeights(fitted.direct / scale, fitted.hidden / scale[:, None], fitted.output)


def weights_of(theta: Floats, k: int) -> ChoiceWeights:
    """All weights, in one vector, of k features."""
    units = (len(theta) - k) // (k + 1)
    return ChoiceWeights(theta[:k], theta[k : k + k * units].reshape(k, units), theta[k + k * units :])


def ascent(examples: Examples, weights: ChoiceWeights) -> Floats:
    """The gradient of the mean log-probability by all weights, in one vector."""
    x, correct, picture = examples
    count = examples.pictures
    active = np.tanh(x @ weights.hidden)
    odds = odds_of(x @ weights.direct + active @ weights.output)
    share = odds / (1 + np.bincount(picture, odds, count))[picture]
    right = np.where(correct, odds, 0)
    none = np.bincount(picture, correct, count) == 0
    delta = (right / (none + np.bincount(picture, right, count))[picture] - share) / count
    hidden = x.T @ (np.outer(delta, weights.output) * (1 - active**2))
    return np.concatenate([x.T @ delta, hidden.ravel(), active.T @ delta])
