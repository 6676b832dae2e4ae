"""Rejection: is a drawing out of distribution, and is its answer certain enough?

Softmax always shares out a probability of 1, even for a drawing that is no digit. Two things together tell which it is:

- the free energy of the logits, −log Σ e^logit, is low for digits and high for outliers (Liu et al. 2020), on which the
  network is trained (see `model/data/outliers.py`); the logits are taken less their mean, since a shift of all of them
  changes no probability;
- a detector, a small network on top of the first, is trained to tell digits from outliers by the activations; Metzen,
  Genewein, Fischer & Bischoff (2017) find adversarial pictures so. Its log-odds are added to the energy, by a weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from model.network import Floats, Network, read_layers

Verdict = Literal["digit", "unsure", "not-a-digit", "several", "blank"]
# These are chosen by cross-validation over people (see `recipes/candidates/comparison.md`).
REJECTED_SHARE: Final = 0.002  # of the validation digits, called `not-a-digit`; of strangers', several times as many
UNSURE_SHARE: Final = 0.015  # of the validation digits, called `unsure`
TYPICAL_NOVELTY: Final = 0.02  # the median novelty of the validation digits
DETECTOR_WEIGHT: Final = 0.4  # of the detector's log-odds beside the energy; up to 1, people's letters are told as well
PREFIX: Final = "novelty_"
OUTPUTS: Final = 2  # of the detector: digit, no digit


@dataclass(frozen=True)
class Detector:
    """Tells digits from outliers by a network's activations; the weights file holds its layers under `novelty_…`."""

    network: Network  # detector_inputs → hidden → (digit, no digit)

    @classmethod
    def create(cls, sizes: Sequence[int], units: int, rng: np.random.Generator) -> Detector:
        """One that has learned nothing, with one hidden layer, for a network with these layers."""
        return cls(Network.create((sum(sizes[1:]), units, OUTPUTS), rng))

    def ood_score(self, activations: Sequence[Floats]) -> Floats:
        """The out-of-distribution score of pictures, (…); `activations` are every layer's, [x, h1, …, logits]."""
        return combined_score(activations[-1], self.log_odds(activations))

    def log_odds(self, activations: Sequence[Floats]) -> Floats:
        """The detector's log-odds that a picture is no digit, (…)."""
        logits = self.network.forward(detector_inputs(activations))[-1]
        return np.asarray(logits[..., 1] - logits[..., 0])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays for the weights file."""
        return dict(self.network.layer_arrays(PREFIX))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], sizes: Sequence[int]) -> Detector:
        """From the weights file of a network with these layers.

        Raises:
            KeyError, ValueError: a key is missing, or an array does not fit.
        """
        widths = (sum(sizes[1:]), arrays[f"{PREFIX}b1"].size, OUTPUTS)
        if not widths[1]:
            raise ValueError(f"{PREFIX}b1 is empty")
        return cls(Network(widths, read_layers(arrays, widths, PREFIX)))


def detector_inputs(activations: Sequence[Floats]) -> Floats:
    """The inputs of the detector, from the activations [x, h1, …, logits]: the hidden ones, and the sorted logits.

    The logits are taken less their mean, a shift that changes no probability, and from the largest to the smallest,
    since the position of a logit says only which digit it belongs to.
    """
    _, *hidden, logits = activations
    return np.concatenate([*hidden, np.sort(centred(logits))[..., ::-1]], axis=-1)


def combined_score(logits: Floats, log_odds: Floats, weight: float = DETECTOR_WEIGHT) -> Floats:
    """The energy of pictures' logits (…, classes) plus the weighted log-odds (…) that they are no digits."""
    return np.asarray(energy(logits) + weight * log_odds)


def centred(logits: Floats) -> Floats:
    """The logits less their mean; (…, classes), as they are."""
    return np.asarray(logits - logits.mean(axis=-1, keepdims=True))


def energy(logits: Floats) -> Floats:
    """The free energy −log Σ e^logit of the logits less their mean, (…).

    Its highest value, −log of the number of classes, is that of equal logits, as outliers have them (Jensen 1906). The
    largest logit is subtracted first, so that nothing overflows.

    >>> energy(np.array([[0.0, 0.0], [300.0, -300.0], [307.0, -293.0]])).round(4).tolist()
    [-0.6931, -300.0, -300.0]
    """
    logits = centred(logits)
    top = logits.max(axis=-1, keepdims=True)
    return np.asarray(-top[..., 0] - np.log(np.exp(logits - top).sum(axis=-1)))


@dataclass(frozen=True)
class Rejector:
    """Thresholds for verdicts; the weights file holds them under the keys `novelty_…`."""

    limit: float  # the out-of-distribution score with novelty 1/2; above it, a drawing is no digit
    scale: float  # of the logistic curve that turns scores into novelties
    margin: float  # of the largest probability over the second; below it, an answer is unsure

    @classmethod
    def fit(
        cls,
        ood_scores: Floats,
        probabilities: Floats,
        rejected_share: float = REJECTED_SHARE,
        unsure_share: float = UNSURE_SHARE,
    ) -> Rejector:
        """From the scores (n,) and probabilities (n, classes) of validation digits.

        These shares of them are rejected, and unsure.
        """
        limit = float(np.quantile(ood_scores, 1 - rejected_share))
        scale = (limit - float(np.median(ood_scores))) / np.log(1 / TYPICAL_NOVELTY - 1)
        return cls(limit, max(scale, 1e-6), float(np.quantile(top_margin(probabilities), unsure_share)))

    def novelty(self, ood_scores: Floats) -> Floats:
        """From 0, like the training digits, to 1, unlike them: 1 / (1 + e^((limit − score) / scale)), (n,)."""
        # 1 / (1 + e^−z) = (1 + tanh(z/2)) / 2, and tanh cannot overflow.
        return np.asarray(0.5 + 0.5 * np.tanh((ood_scores - self.limit) / (2 * self.scale)))

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


def top_margin(values: Floats) -> Floats:
    """The largest value of each row less the second largest, (n,)."""
    best_two = np.partition(values, -2, axis=1)[:, -2:]
    return best_two[:, 1] - best_two[:, 0]


def _number(arrays: Mapping[str, NDArray[Any]], key: str) -> float:
    array = arrays[PREFIX + key]
    if array.shape or array.dtype.kind != "f" or not np.isfinite(array):
        raise ValueError(f"{PREFIX + key} is not a finite number")
    return float(array)
