"""Rejection: is a drawing out of distribution, and is its answer certain enough?

Softmax always shares out a probability of 1, even for a drawing that is no digit. The logits tell the two apart: their
free energy −log Σ e^logit is low for digits and high for outliers (Liu et al. 2020), with which the network is trained
(see `model/data/outliers.py`). It is that of the logits less their mean: a shift of all logits changes no probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from model.network import Floats

Verdict = Literal["digit", "unsure", "not-a-digit", "several", "blank"]
# These are chosen by cross-validation over people (see `recipes/candidates/comparison.md`).
REJECTED_SHARE: Final = 0.002  # of the validation digits, called `not-a-digit`; of strangers', several times as many
UNSURE_SHARE: Final = 0.015  # of the validation digits, called `unsure`
TYPICAL_NOVELTY: Final = 0.02  # the median novelty of the validation digits
PREFIX: Final = "novelty_"


@dataclass(frozen=True)
class Rejector:
    """Thresholds for verdicts; the weights file holds them under the keys `novelty_…`."""

    limit: float  # the out-of-distribution score with novelty 1/2; above it, a drawing is no digit
    scale: float  # of the logistic curve that turns scores into novelties
    margin: float  # of the largest probability over the second; below it, an answer is unsure

    @classmethod
    def fit(
        cls,
        logits: Floats,
        probabilities: Floats,
        rejected_share: float = REJECTED_SHARE,
        unsure_share: float = UNSURE_SHARE,
    ) -> Rejector:
        """From validation digits (n, classes), of which these shares are rejected, and unsure."""
        ood_scores = ood_score(logits)
        limit = float(np.quantile(ood_scores, 1 - rejected_share))
        scale = (limit - float(np.median(ood_scores))) / np.log(1 / TYPICAL_NOVELTY - 1)
        return cls(limit, max(scale, 1e-6), float(np.quantile(top_margin(probabilities), unsure_share)))

    def novelty(self, logits: Floats) -> Floats:
        """From 0, like the training digits, to 1, unlike them: 1 / (1 + e^((limit − score) / scale)), (n,)."""
        # 1 / (1 + e^−z) = (1 + tanh(z/2)) / 2, and tanh cannot overflow.
        return np.asarray(0.5 + 0.5 * np.tanh((ood_score(logits) - self.limit) / (2 * self.scale)))

    def verdicts(self, probabilities: Floats, novelty: Floats, inked: NDArray[np.bool_]) -> list[Verdict]:
        """One verdict for each answer: blank before not-a-digit before unsure."""
        strange, close = novelty > 0.5, top_margin(probabilities) < self.margin
        return [
            "blank" if not is_inked else "not-a-digit" if is_strange else "unsure" if is_close else "digit"
            for is_inked, is_strange, is_close in zip(inked.tolist(), strange.tolist(), close.tolist(), strict=True)
        ]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays for the weights file."""
        return {PREFIX + key: np.asarray(value, dtype=np.float32) for key, value in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Rejector:
        """From the weights file.

        Raises:
            KeyError, ValueError: a key is missing, or no valid number.
        """
        rejector = cls(*(_number(arrays, key) for key in ("limit", "scale", "margin")))
        if rejector.scale <= 0:
            raise ValueError(f"{PREFIX}scale is {rejector.scale}, not above 0")
        return rejector


def ood_score(logits: Floats) -> Floats:
    """The out-of-distribution score, (n,): the energy of the logits less their mean; higher: less like a digit.

    Its highest value, −log of the number of classes, is that of equal logits, as outliers have them (Jensen 1906).
    """
    return energy(logits - logits.mean(axis=1, keepdims=True))


def energy(logits: Floats) -> Floats:
    """The free energy −log Σ e^logit, (n,); the largest logit is subtracted first, so that nothing overflows.

    >>> round(float(energy(np.zeros((1, 10)))[0]), 4)
    -2.3026
    """
    top = logits.max(axis=1, keepdims=True)
    return np.asarray(-top[:, 0] - np.log(np.exp(logits - top).sum(axis=1)))


def top_margin(values: Floats) -> Floats:
    """The largest value of each row less the second largest, (n,)."""
    best_two = np.partition(values, -2, axis=1)[:, -2:]
    return best_two[:, 1] - best_two[:, 0]


def _number(arrays: Mapping[str, NDArray[Any]], key: str) -> float:
    array = arrays[PREFIX + key]
    if array.shape or array.dtype.kind != "f" or not np.isfinite(array):
        raise ValueError(f"{PREFIX + key} is not a finite number")
    return float(array)
