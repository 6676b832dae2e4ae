"""Whether a drawing is like anything that was learned, and whether the answer may be believed.

In the last hidden layer the training digits form ten clouds. A drawing far from all of them, measured in the
clouds' own spread (Mahalanobis distance to the nearest class mean; Lee et al. 2018), is nothing that the network
knows, however sure its softmax may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from model.network import Floats

Verdict = Literal["digit", "unsure", "not-a-digit", "blank"]
REAL_CALLED_NOVEL: Final = 0.01  # the share of validation digits that may be called `not-a-digit`
REAL_CALLED_UNSURE: Final = 0.01  # and `unsure`
RIDGE: Final = 0.01  # of the mean variance, added to each: neurons that hardly ever fire must not rule the distance
PREFIX: Final = "novelty_"


@dataclass(frozen=True)
class Judge:
    """Judges answers; what it needs travels in the weights file under the keys `novelty_…`."""

    whitening: NDArray[np.float32]  # (w, w): makes the clouds' common spread a unit sphere
    centers: NDArray[np.float32]  # (classes, w): the class means, whitened
    radius: float  # the distance with novelty 1/2, from which a drawing is no digit
    margin: float  # the lead of the best probability over the second below which the answer is unsure

    @classmethod
    def fit(cls, features: Floats, labels: NDArray[Any]) -> Judge:
        """From last-hidden-layer activations (n, w) of training digits; `calibrated` sets the two limits."""
        means = np.stack([features[labels == digit].mean(axis=0) for digit in range(int(labels.max()) + 1)])
        spread = np.cov((features - means[labels]).T.astype(np.float64))
        spread += np.eye(len(spread)) * RIDGE * np.trace(spread) / len(spread)
        values, vectors = np.linalg.eigh(spread)
        whitening = vectors / np.sqrt(values)
        return cls(whitening.astype(np.float32), (means @ whitening).astype(np.float32), 1.0, 0.0)

    def calibrated(self, features: Floats, probabilities: Floats) -> Judge:
        """The limits, from validation digits: so that few of them are called no digit, and few unsure."""
        radius = float(np.quantile(self.distance(features), 1 - REAL_CALLED_NOVEL))
        margin = float(np.quantile(lead(probabilities), REAL_CALLED_UNSURE))
        return Judge(self.whitening, self.centers, radius, margin)

    def distance(self, features: Floats) -> Floats:
        """The distance (n,) to the nearest class mean."""
        white = features @ self.whitening
        # |a − b|² = |a|² − 2a·b + |b|²; rounding may take it below zero.
        squares = (white**2).sum(axis=1)[:, None] - 2 * white @ self.centers.T + (self.centers**2).sum(axis=1)
        distances: Floats = np.sqrt(np.maximum(squares.min(axis=1), 0))
        return distances

    def novelty(self, features: Floats) -> Floats:
        """From 0, like the training digits, to 1, unlike them: d² / (d² + radius²), 1/2 at the limit."""
        squares = self.distance(features) ** 2
        return np.asarray(squares / (squares + np.float32(self.radius**2)))

    def verdicts(self, probabilities: Floats, novelty: Floats, inked: NDArray[np.bool_]) -> list[Verdict]:
        """One word for each answer."""
        names: tuple[Verdict, ...] = ("digit", "unsure", "not-a-digit", "blank")
        which = np.select([~inked, novelty > 0.5, lead(probabilities) < self.margin], [3, 2, 1], 0)
        return [names[i] for i in which]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For the weights file."""
        return {PREFIX + key: np.asarray(value, dtype=np.float32) for key, value in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], width: int, classes: int) -> Judge:
        """From the weights file.

        Raises:
            KeyError, ValueError: a key is missing, or does not fit a last hidden layer of that width.
        """
        whitening, centers = (
            _checked(arrays, key, (n, width)) for key, n in (("whitening", width), ("centers", classes))
        )
        radius, margin = (float(_checked(arrays, key, ())) for key in ("radius", "margin"))
        if radius <= 0:
            raise ValueError(f"{PREFIX}radius is {radius}, not a positive distance")
        return cls(whitening, centers, radius, margin)


def lead(probabilities: Floats) -> Floats:
    """How far the best probability is above the second, (n,)."""
    best_two = np.partition(probabilities, -2, axis=1)[:, -2:]
    return best_two[:, 1] - best_two[:, 0]


def _checked(arrays: Mapping[str, NDArray[Any]], key: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    array = arrays[PREFIX + key]
    if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
        raise ValueError(f"{PREFIX + key} is not finite float32 of the shape {shape}")
    return array
