"""Whether a drawing is like anything that was learned, and whether the answer may be believed.

Softmax divides a belief of 1 among ten digits, however little there is to believe. How much there is stands in the
logits before it: their free energy −log Σ e^logit is low for digits and high for what the network was taught to doubt
(Liu et al. 2020; the doubt itself is taught by `outliers`). And for a digit, one logit leads far before all others.
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
REJECTED_SHARE: Final = 0.01  # the share of validation digits called `not-a-digit`, unless told otherwise
UNSURE_SHARE: Final = 0.01  # and `unsure`
MARGIN_WEIGHT: Final = 0.3  # of logits; chosen on letters that a trial network had not learned from
TYPICAL_NOVELTY: Final = 0.02  # the novelty of the middle one of the validation digits
PREFIX: Final = "novelty_"


@dataclass(frozen=True)
class Rejector:
    """Judges answers; what it needs travels in the weights file under the keys `novelty_…`."""

    limit: float  # the doubt with novelty 1/2, from which a drawing is no digit
    scale: float  # of doubts, in the logistic curve that makes them novelties
    margin: float  # the lead of the best probability over the second below which the answer is unsure

    @classmethod
    def fit(cls, logits: Floats, probabilities: Floats, called_none: float = REJECTED_SHARE) -> Rejector:
        """From validation digits (n, classes): so that this share of them is called no digit, and few unsure."""
        ood_scores = ood_score(logits)
        limit = float(np.quantile(ood_scores, 1 - called_none))
        scale = (limit - float(np.median(ood_scores))) / np.log(1 / TYPICAL_NOVELTY - 1)
        return cls(limit, max(scale, 1e-6), float(np.quantile(top_margin(probabilities), UNSURE_SHARE)))

    def novelty(self, logits: Floats) -> Floats:
        """From 0, like the training digits, to 1, unlike them: 1 / (1 + e^((limit − doubt) / scale)), (n,)."""
        # By tanh, which cannot overflow: 1 / (1 + e^−z) = (1 + tanh(z/2)) / 2.
        return np.asarray(0.5 + 0.5 * np.tanh((ood_score(logits) - self.limit) / (2 * self.scale)))

    def verdicts(self, probabilities: Floats, novelty: Floats, inked: NDArray[np.bool_]) -> list[Verdict]:
        """One word for each answer."""
        names: tuple[Verdict, ...] = ("digit", "unsure", "not-a-digit", "blank")
        which = np.select([~inked, novelty > 0.5, top_margin(probabilities) < self.margin], [3, 2, 1], 0)
        return [names[i] for i in which]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For the weights file."""
        return {PREFIX + key: np.asarray(value, dtype=np.float32) for key, value in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Rejector:
        """From the weights file.

        Raises:
            KeyError, ValueError: a key is missing, or is no sensible number.
        """
        rejector = cls(*(_number(arrays, key) for key in ("limit", "scale", "margin")))
        if rejector.scale <= 0:
            raise ValueError(f"{PREFIX}scale is {rejector.scale}, not above 0")
        return rejector


def ood_score(logits: Floats) -> Floats:
    """The free energy less a share of the best logit's lead, (n,): the higher, the less like a digit."""
    return np.asarray(energy(logits) - MARGIN_WEIGHT * top_margin(logits))


def energy(logits: Floats) -> Floats:
    """The free energy −log Σ e^logit, (n,); the largest logit is taken out first, so that nothing overflows.

    >>> round(float(energy(np.zeros((1, 10)))[0]), 4)
    -2.3026
    """
    top = logits.max(axis=1, keepdims=True)
    return np.asarray(-top[:, 0] - np.log(np.exp(logits - top).sum(axis=1)))


def top_margin(values: Floats) -> Floats:
    """How far the best of a row of probabilities, or of logits, is above the second, (n,)."""
    best_two = np.partition(values, -2, axis=1)[:, -2:]
    return best_two[:, 1] - best_two[:, 0]


def _number(arrays: Mapping[str, NDArray[Any]], key: str) -> float:
    array = arrays[PREFIX + key]
    if array.shape or array.dtype.kind != "f" or not np.isfinite(array):
        raise ValueError(f"{PREFIX + key} is not a finite number")
    return float(array)
