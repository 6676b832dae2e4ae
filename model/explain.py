"""Exact explanations: inside the region that a drawing falls in, a ReLU network is a linear map.

A ReLU passes a pre-activation on, or passes 0. With masks m_k = 1 for the active neurons of layer k, else 0,

    logits = x·A + c      A = W1·diag(m1)·W2·diag(m2)·W3  (784, 10)      c: the part of the biases  (10,)

This is an identity, not an approximation (Montúfar et al. 2014 count the regions). So the part of pixel i in logit d
is x_i·A_id; the parts and c_d add up to the logit. By softmax, log p_t/p_a = (logit_t − logit_a) / T at temperature T:
the log-odds of two digits are sums of the same parts.

What leaves the region (a neuron ablated, ink added, a stroke faded) is not estimated from A but computed again.
Everything is in float64, for one picture x (784,) with pixels in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.network import Ablated, Floats, Network, activate

SIDE: Final = 28
DAB: Final = np.array([[0.5, 1.0, 0.5], [1.0, 1.0, 1.0], [0.5, 1.0, 0.5]])  # the smallest mark of a pen
BLANK: Final = 0.5  # a pixel with less ink is blank
CANDIDATES: Final = 12  # places with the largest gains by the linear map, of which each is tried
SUGGESTED: Final = 5  # places that are returned at most
MIN_DISTANCE: Final = 3  # pixels between two dabs
STRONGEST_INPUTS: Final = 8  # of the layer before, listed for a neuron


class NotPiecewiseLinear(ValueError):  # noqa: N818 - what the network is
    """The network has a smooth activation function, so no linear regions."""


class Unit(NamedTuple):
    """A hidden neuron: its layer, from 1, and its number in the layer, from 0."""

    layer: int
    number: int


@dataclass(frozen=True)
class Attribution:
    """The sum behind the log-odds of one digit against another: `bias + ink = log_odds`, `ink` the sum of `parts`."""

    target: int
    against: int
    log_odds: float  # log p_target / p_against, at the network's temperature
    bias: float
    ink: float
    slopes: Floats  # (784,) what full ink in a pixel adds to the log-odds
    parts: Floats  # (784,) of each pixel in the log-odds
    logit_parts: Floats  # (784,) of each pixel in the target's logit
    logits: Floats  # (10,)
    biases: Floats  # (10,) the part of the biases in each logit


@dataclass(frozen=True)
class Ablations:
    """The answers with one neuron of a layer ablated, for each of its neurons."""

    digits: NDArray[np.intp]  # (width,)
    log_odds: Floats  # (width,) of `target` against `against`


@dataclass(frozen=True)
class Dab:
    """A little ink around a blank pixel, and its effect."""

    row: int
    column: int
    log_odds: float  # of `target` against `against`, with it
    digit: int  # the answer with it


@dataclass(frozen=True)
class NeuronAttribution:
    """One neuron and this drawing: `pre_activation = constant + Σ x·slopes`; `activation` is its ReLU."""

    unit: Unit
    bias: float
    pre_activation: float
    activation: float
    constant: float  # the part of the biases, of this layer and of those before it
    slopes: Floats  # (784,) what full ink in a pixel adds to the pre-activation; for layer 1 the weights
    inputs: NDArray[np.intp]  # the neurons of the layer before with the largest parts; for layer 1 pixels
    input_parts: Floats  # of each of them in the pre-activation
    logit_weights: Floats  # (10,) what an activation of 1 adds to each logit


class ClassChange(NamedTuple):
    """The answer changes at the share `at` of the way."""

    at: float
    before: int
    after: int


@dataclass(frozen=True)
class Path:
    """The straight line from one picture to another; between neighbours of `at`, every logit is linear."""

    at: Floats  # (m,) from 0 to 1
    logits: Floats  # (m, 10)
    changes: list[ClassChange]


@dataclass(frozen=True)
class Explainer:
    """Explains the answers of one network, exactly. It keeps nothing between calls, so threads may share it."""

    network: Network

    @classmethod
    def of(cls, network: Network) -> Explainer:
        """The explainer of a ReLU network.

        Raises:
            NotPiecewiseLinear: it has another activation function.
        """
        if network.activation != "relu":
            raise NotPiecewiseLinear(f"only a network of ReLUs can be explained exactly, not of {network.activation}")
        return cls(Network(network.sizes, network.theta.astype(np.float64), "relu", network.temperature))

    @property
    def multiplications(self) -> int:
        """The multiplications of a whole explanation, roughly.

        All weights are used once for the answer, for each digit's linear map and for each dab; those of the layers
        after the next, once for each ablated neuron.
        """
        each = [W.size for W in self.network.weights]
        passes = 1 + self.network.sizes[-1] + CANDIDATES
        ablations = sum(width * sum(each[k + 1 :]) for k, width in enumerate(self.network.sizes[1:-1], start=1))
        return passes * sum(each) + ablations

    def forward(self, x: Floats, ablated: Ablated = ()) -> list[Floats]:
        """Every layer's activations [x, h1, …, logits], each (width,)."""
        return [layer[0] for layer in self.network.forward(x[None], ablated)]

    def attribution(self, layers: list[Floats], target: int | None = None, against: int | None = None) -> Attribution:
        """Every pixel's part in the log-odds of `target` against `against`, from the result of `forward`.

        By default each of the two is the likeliest digit that is not the other one.
        """
        x, logits = layers[0], layers[-1]
        target = _likeliest(logits, besides=against) if target is None else target
        against = _likeliest(logits, besides=target) if against is None else against
        A, c = self._linear_map(layers, len(layers) - 1)
        slopes = self._log_odds(A, target, against)
        parts = x * slopes
        return Attribution(
            target=target,
            against=against,
            log_odds=float(self._log_odds(logits, target, against)),
            bias=float(self._log_odds(c, target, against)),
            ink=float(parts.sum()),
            slopes=slopes,
            parts=parts,
            logit_parts=x * A[:, target],
            logits=logits,
            biases=c,
        )

    def ablations(self, layers: list[Floats], attribution: Attribution, ablated: Ablated = ()) -> list[Ablations]:
        """The effect of ablating each hidden neuron alone, in addition to `ablated`; one pass for each layer."""
        found = []
        for k in range(1, len(layers) - 1):
            logits = self._ablated_logits(layers, k, ablated)
            found.append(
                Ablations(logits.argmax(axis=1), self._log_odds(logits, attribution.target, attribution.against))
            )
        return found

    def helpful_ink(self, layers: list[Floats], attribution: Attribution, ablated: Ablated = ()) -> list[Dab]:
        """Where a dab of ink raises the log-odds most, the largest effect first. Each was tried, so all of them do."""
        x = layers[0].reshape(SIDE, SIDE)
        places = _candidate_places(x, attribution.slopes.reshape(SIDE, SIDE))
        if not places:
            return []
        pictures = np.stack([add_dab(x, *place).ravel() for place in places])
        logits = self.network.forward(pictures, ablated)[-1]
        log_odds, digits = self._log_odds(logits, attribution.target, attribution.against), logits.argmax(axis=1)
        best_first = [i for i in np.argsort(-log_odds) if log_odds[i] > attribution.log_odds]
        return [Dab(places[i][0], places[i][1], float(log_odds[i]), int(digits[i])) for i in best_first[:SUGGESTED]]

    def explain_neuron(self, layers: list[Floats], unit: Unit) -> NeuronAttribution:
        """One hidden neuron: its slopes, pre-activation, activation and effect on the logits."""
        k, j = unit
        W, b = self.network.weights[k - 1], self.network.biases[k - 1]
        slopes, constant = self._linear_map(layers, k, [j])
        parts = layers[k - 1] * W[:, j]
        inputs = np.argsort(-np.abs(parts))[:STRONGEST_INPUTS]
        return NeuronAttribution(
            unit=unit,
            bias=float(b[j]),
            pre_activation=float(parts.sum() + b[j]),
            activation=float(layers[k][j]),
            constant=float(constant[0]),
            slopes=slopes[:, 0],
            inputs=inputs,
            input_parts=parts[inputs],
            logit_weights=self._logit_weights(layers, k)[j],
        )

    def path(self, start: Floats, end: Floats, ablated: Ablated = ()) -> Path:
        """The logits and answers on the straight line from one picture (784,) to another.

        A logit is linear along the way until some neuron's pre-activation crosses zero. The crossings are found layer
        by layer: between two of them, the next layer's pre-activations are linear too, so their zeros are known.
        """
        at = np.array([0.0, 1.0])
        for k in range(len(self.network.weights) - 1):
            layers = self.network.forward(start + at[:, None] * (end - start), ablated)
            sums = layers[k] @ self.network.weights[k] + self.network.biases[k]
            if ablated:
                sums[:, ablated[k]] = 1  # an ablated neuron crosses nothing
            at = np.union1d(at, _zero_crossings(at, sums))
        logits = self.network.forward(start + at[:, None] * (end - start), ablated)[-1]
        return Path(at, logits, _class_changes(at, logits))

    def _linear_map(
        self, layers: list[Floats], k: int, columns: list[int] | slice = slice(None)
    ) -> tuple[Floats, Floats]:
        """Pre-activations of layer k as a linear map of the picture: A (784, columns) and c (columns,)."""
        weights, biases = self.network.weights, self.network.biases
        A, c = weights[k - 1][:, columns], biases[k - 1][columns]
        for below in range(k - 1, 0, -1):
            A = (layers[below] > 0)[:, None] * A
            c = c + biases[below - 1] @ A
            A = weights[below - 1] @ A
        return A, c

    def _logit_weights(self, layers: list[Floats], k: int) -> Floats:
        """What an activation of 1 adds to each logit, for each neuron of layer k, (width, 10)."""
        M = self.network.weights[-1]
        for above in range(len(layers) - 2, k, -1):
            M = self.network.weights[above - 1] @ ((layers[above] > 0)[:, None] * M)
        return M

    def _ablated_logits(self, layers: list[Floats], k: int, ablated: Ablated) -> Floats:
        """Logits (width, 10) with each neuron of layer k ablated alone."""
        W, b = self.network.weights[k], self.network.biases[k]
        sums = layers[k] @ W + b - layers[k][:, None] * W
        if k == len(layers) - 2:
            return sums
        h = activate(sums, "relu")
        if ablated:
            h[:, ablated[k]] = 0
        return self.network.forward(h, ablated, first=k + 1)[-1]

    def _log_odds(self, logits: Floats, target: int, against: int) -> Floats:
        """The log-odds from logits (…, 10), or from parts that add up to logits."""
        return np.asarray((logits[..., target] - logits[..., against]) / self.network.temperature)


def add_dab(x: Floats, row: int, column: int) -> Floats:
    """A picture (28, 28) with a dab of ink around a pixel that is not on its border."""
    inked = x.copy()
    around = inked[row - 1 : row + 2, column - 1 : column + 2]
    np.maximum(around, DAB, out=around)
    return inked


def _likeliest(logits: Floats, besides: int | None) -> int:
    ranking = np.argsort(-logits, kind="stable")
    return int(ranking[0] if ranking[0] != besides else ranking[1])


def _candidate_places(x: Floats, slopes: Floats) -> list[tuple[int, int]]:
    """Blank pixels, apart from each other, where a dab would raise a linear function with these slopes most."""
    gains = np.zeros((SIDE - 2, SIDE - 2))
    for (row, column), ink in np.ndenumerate(DAB):
        part = slice(row, row + SIDE - 2), slice(column, column + SIDE - 2)
        gains += np.maximum(ink - x[part], 0) * slopes[part]
    gains[x[1:-1, 1:-1] >= BLANK] = -np.inf
    places: list[tuple[int, int]] = []
    while len(places) < CANDIDATES and gains.max() > 0:
        row, column = (int(i) for i in np.unravel_index(gains.argmax(), gains.shape))
        places.append((row + 1, column + 1))
        gains[
            max(0, row - MIN_DISTANCE + 1) : row + MIN_DISTANCE,
            max(0, column - MIN_DISTANCE + 1) : column + MIN_DISTANCE,
        ] = -np.inf
    return places


def _zero_crossings(at: Floats, sums: Floats) -> Floats:
    """Where the straight lines between neighbouring rows of pre-activations (m, width) cross zero."""
    left, right = sums[:-1], sums[1:]
    row, unit = np.nonzero(left * right < 0)
    share = left[row, unit] / (left[row, unit] - right[row, unit])
    return np.asarray(at[row] + share * (at[row + 1] - at[row]))


def _class_changes(at: Floats, logits: Floats) -> list[ClassChange]:
    """Where the largest logit changes, given that all are linear between neighbours of `at`."""
    changes, digit = [], int(logits[0].argmax())
    for i in range(len(at) - 1):
        share = 0.0
        while (following := next_class_change(logits[i], logits[i + 1], digit, share)) is not None:
            share, after = following
            changes.append(ClassChange(float(at[i] + share * (at[i + 1] - at[i])), digit, after))
            digit = after
    return changes


def next_class_change(left: Floats, right: Floats, digit: int, share: float) -> tuple[float, int] | None:
    """The first share of the way, from `share` on, at which another line rises above the digit's; and its digit."""
    margin_left = np.maximum(left[digit] - left, 0)  # rounding may put the digit behind another
    margin_right = right[digit] - right
    rising = np.flatnonzero(margin_right < 0)
    if not rising.size:
        return None
    crossings = np.maximum(margin_left[rising] / (margin_left[rising] - margin_right[rising]), share)
    # Of lines that cross at the same place, the steepest is the highest after it.
    first = min(range(rising.size), key=lambda i: (crossings[i], margin_right[rising[i]]))
    return float(crossings[first]), int(rising[first])
