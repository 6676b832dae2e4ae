"""The choice among candidates by their features: the logits of a network with one hidden layer.

A multinomial logit (Bishop 2006, "Pattern Recognition and Machine Learning", section 4.3.4): the candidates and "none
of them", whose logit is 0, share a probability of 1. `model/training/choice.py` fits the weights.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

MAX_LOGIT: Final = 50.0
DECIMALS: Final = 4  # of the weights in a file
Floats = NDArray[np.float64]


class ChoiceWeights(NamedTuple):
    """The weights of k features."""

    direct: Floats  # (k,) to the logit
    hidden: Floats  # (k, units) to the hidden units, which are tanh
    output: Floats  # (units,) from there to the logit

    def logits(self, described: Floats) -> Floats:
        """The logits (n,) of candidates with the features (n, k)."""
        return np.asarray(described @ self.direct + np.tanh(described @ self.hidden) @ self.output)

    def odds(self, described: Floats) -> Floats:
        """The odds of the candidates against there being none, (n,)."""
        return odds_of(self.logits(described))

    def named(self, names: Sequence[str]) -> dict[str, Any]:
        """The weights as a file has them: of each feature, the direct one and those to the hidden units."""
        rows = np.column_stack([self.direct, self.hidden]).round(DECIMALS).tolist()
        return {"features": dict(zip(names, rows, strict=True)), "output": self.output.round(DECIMALS).tolist()}

    @classmethod
    def of(cls, stored: Mapping[str, Any], names: Sequence[str]) -> Self:
        """The weights that a file has, in the order of the names."""
        rows = np.array([stored["features"][name] for name in names])
        return cls(rows[:, 0], rows[:, 1:], np.array(stored["output"]))


def odds_of(logits: Floats) -> Floats:
    """The odds (n,) of these logits, which may be of any size."""
    return np.asarray(np.exp(np.clip(logits, -MAX_LOGIT, MAX_LOGIT)))
