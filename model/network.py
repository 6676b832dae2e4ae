"""The network: a chain of matrix products, each followed by an activation function, and backpropagation through it.

A neuron adds up its inputs, each times a weight, and a bias. That sum z is its pre-activation; the activation function
makes its activation h = f(z) of it. A layer is many neurons with the same inputs: one matrix product for all of them,
and for all pictures at once. Column j of W holds the weights of neuron j, row i of x is picture i. The shapes, for n
pictures and a network of sizes 784 → 128 → 64 → 10:

    x       (n, 784)    pixels in [0, 1], 1 = ink
    W1, b1  (784, 128), (128,)      z1 = x·W1 + b1      h1 = f(z1)
    W2, b2  (128, 64),  (64,)       z2 = h1·W2 + b2     h2 = f(z2)
    W3, b3  (64, 10),   (10,)       logits = h2·W3 + b3
    p = softmax(logits)             loss = −mean Σ t·log p   (cross-entropy against the targets t)

The logits are ten scores, one for each digit; softmax turns them into probabilities. The targets t are 1 for the true
digit and 0 for the others. The loss measures in one number how wrong the network is; its gradient gives, for each
parameter, how fast the loss grows with it. Learning takes small steps against the gradient: see `optimizers.py`.

All parameters are in one flat vector, `theta`; the weights and biases are views of it, other shapes of the same memory.
So an optimiser updates everything with one vector operation, and needs to know nothing of layers.

Reading order: `activate`, `softmax`, `cross_entropy`, `Network.forward`, `Network.gradient`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from model.storage import READ_ERRORS, pack, short_sha256, unpack, write_atomic

FORMAT: Final = 1  # the `format` key of the weights file
ZERO: Final = np.zeros((), dtype=np.float32)  # a plain 0 would be converted to an array at each call
Floats = NDArray[np.floating[Any]]
Activation = Literal["relu", "tanh", "sigmoid"]
Initialisation = Literal["he", "xavier", "small"]
Ablated = Sequence[list[int]]  # for each hidden layer, the ablated neurons, from 0


class WeightsError(Exception):
    """A weights file that cannot be used; the message names the file and the fault."""


def activate(z: Floats, activation: Activation) -> Floats:
    """The activation function, applied in place: ReLU max(0, z), tanh z, or the sigmoid 1 / (1 + e^−z).

    Without it, two layers could do no more than one: (x·W1)·W2 = x·(W1·W2).

    >>> activate(np.array([-2.0, 0.0, 3.0]), "relu").tolist()
    [0.0, 0.0, 3.0]
    """
    if activation == "relu":
        return np.maximum(z, ZERO, out=z)
    if activation == "tanh":
        return np.tanh(z, out=z)
    # σ(z) = (1 + tanh(z/2)) / 2 is the same function, and cannot overflow.
    return np.add(np.tanh(z * z.dtype.type(0.5), out=z), 1, out=z) * z.dtype.type(0.5)


def activation_gradient(h: Floats, activation: Activation) -> Floats:
    """The derivative f′(z), in terms of the activation h = f(z), which backpropagation already has.

    ReLU′ is 1 where h > 0, else 0; tanh′ = 1 − tanh²; σ′ = σ·(1 − σ).

    >>> activation_gradient(np.array([0.0, 3.0]), "relu").tolist()
    [0.0, 1.0]
    """
    if activation == "relu":
        return (h > 0).astype(h.dtype)
    if activation == "tanh":
        return 1 - h * h
    return h * (1 - h)


def scale_pixels(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pixels 0–255 scaled to 0–1, without centring, so that a blank pixel contributes nothing to any sum."""
    return pictures * np.float32(1 / 255)


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities e^(l/T) / Σ e^(l/T) along the last axis: all above 0, summing to 1, in the order of the logits l.

    A temperature T above 1 makes them more equal, one below 1 less. The largest logit m is subtracted first, so that
    nothing overflows; the quotient stays the same, since e^(l − m) = e^l / e^m in numerator and denominator.

    >>> softmax(np.array([0.0, np.log(3.0)])).round(4).tolist()
    [0.25, 0.75]
    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    scaled = logits / logits.dtype.type(temperature)
    p: Floats = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def cross_entropy(logits: Floats, targets: Floats) -> float:
    """Mean over the pictures of −Σ t·log softmax(l). Both are (n, classes); each row of `targets` is a distribution.

    With t = 1 for the true digit and 0 for the others, this is −log of the true digit's probability: 0 if that is 1,
    and the larger the smaller it is. Computed by log softmax(l) = l − log Σ e^l, which takes no logarithm of zero.

    >>> round(cross_entropy(np.zeros((1, 10)), np.eye(10)[:1]), 4)  # uniform probabilities cost log 10
    2.3026
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(targets * log_p).sum(axis=-1).mean())


def one_hot(labels: NDArray[np.integer[Any]], classes: int = 10, smoothing: float = 0.0) -> NDArray[np.float32]:
    """Labels (n,) as target distributions (n, classes); `smoothing` is the share spread over all classes.

    A label ≥ classes stands for none of them: its target is uniform.

    >>> one_hot(np.array([1, 2]), 2).tolist()
    [[0.0, 1.0], [0.5, 0.5]]
    """
    targets = np.full((len(labels), classes), smoothing / classes, dtype=np.float32)
    known = np.flatnonzero(labels < classes)
    targets[known, labels[known]] += np.float32(1 - smoothing)
    targets[labels >= classes] = 1 / classes
    return targets


def initial_theta(sizes: Sequence[int], scheme: Initialisation, rng: np.random.Generator) -> NDArray[np.float32]:
    """Random weights and zero biases, as one flat vector.

    The weights are random because neurons that start equal get equal gradients and stay equal. Their variance keeps the
    signal's size from layer to layer, since a sum of `inputs` products has `inputs` times the variance of one:
    "he" is 2/inputs, for ReLU, which zeroes half of the signal (He et al. 2015); "xavier" is 2/(inputs + outputs), for
    symmetric activations, a compromise between the signal forwards and the gradient backwards (Glorot & Bengio 2010).
    "small" is a deviation of 0.01, to see what goes wrong without.
    """
    parts = []
    for n_in, n_out in itertools.pairwise(sizes):
        deviation = {"he": np.sqrt(2 / n_in), "xavier": np.sqrt(2 / (n_in + n_out)), "small": 0.01}[scheme]
        parts += [rng.standard_normal(n_in * n_out) * deviation, np.zeros(n_out)]
    return np.concatenate(parts).astype(np.float32)


def layer_views(theta: Floats, sizes: Sequence[int]) -> tuple[list[Floats], list[Floats]]:
    """The weight matrices (inputs, outputs) and biases (outputs,) of a flat vector, as views of it.

    >>> theta = np.zeros(2 * 3 + 3)
    >>> (W,), (b,) = layer_views(theta, (2, 3))
    >>> W[1, 0] = 7
    >>> theta.tolist()
    [0.0, 0.0, 0.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    weights, biases, end = [], [], 0
    for start, n_in, n_out in weight_blocks(sizes):
        middle, end = start + n_in * n_out, start + n_in * n_out + n_out
        weights.append(theta[start:middle].reshape(n_in, n_out))
        biases.append(theta[middle:end])
    if end != theta.size:
        raise ValueError(f"sizes {tuple(sizes)} need {end} parameters, not {theta.size}")
    return weights, biases


def weight_blocks(sizes: Sequence[int]) -> list[tuple[int, int, int]]:
    """For each weight matrix, its start in the flat vector, its inputs and its outputs; its biases follow it.

    >>> weight_blocks((784, 128, 64, 10))
    [(0, 784, 128), (100480, 128, 64), (108736, 64, 10)]
    """
    ends = itertools.accumulate((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes))
    return [(start, *pair) for start, pair in zip([0, *ends], itertools.pairwise(sizes), strict=False)]


@dataclass
class Network:
    """A multi-layer perceptron: each neuron is connected to all of the layer before.

    It keeps nothing between calls, so threads may share it.
    """

    sizes: tuple[int, ...]
    theta: Floats
    activation: Activation = "relu"
    temperature: float = 1.0
    extras: dict[str, NDArray[Any]] = field(default_factory=dict)  # further arrays of the file, for rejection
    meta: dict[str, Any] = field(default_factory=dict)  # how it was trained, as JSON
    fingerprint: str = "unsaved"  # the first 8 hex digits of the file's SHA-256, once saved or loaded

    def __post_init__(self) -> None:
        self.weights, self.biases = layer_views(self.theta, self.sizes)

    @classmethod
    def create(
        cls,
        sizes: Sequence[int],
        rng: np.random.Generator,
        activation: Activation = "relu",
        initialisation: Initialisation = "he",
    ) -> Network:
        """An untrained network.

        >>> Network.create((784, 128, 64, 10), np.random.default_rng(0)).theta.size
        109386
        """
        return cls(tuple(sizes), initial_theta(sizes, initialisation, rng), activation)

    @property
    def name(self) -> str:
        """The sizes and the fingerprint, such as `digits-784-128-64-10@1f3a9c2e`."""
        return f"digits-{'-'.join(map(str, self.sizes))}@{self.fingerprint}"

    def forward(self, x: Floats, ablated: Ablated = (), first: int = 0) -> list[Floats]:
        """Every layer's activations for pictures x (…, inputs): [x, h1, …, logits].

        `ablated` lists the neurons of each hidden layer whose activation is set to 0. `first` is the layer that x
        belongs to: 0 for pictures, k to continue from h_k.
        """
        activations = [x]
        for k in range(first, len(self.weights) - 1):
            h = activate(activations[-1] @ self.weights[k] + self.biases[k], self.activation)
            if ablated:
                h[..., ablated[k]] = 0
            activations.append(h)
        activations.append(activations[-1] @ self.weights[-1] + self.biases[-1])
        return activations

    def probabilities(self, x: Floats) -> Floats:
        """Softmax of the logits at the network's temperature, (n, classes)."""
        return softmax(self.forward(x)[-1], self.temperature)

    def loss(self, x: Floats, targets: Floats, l2: float = 0.0) -> float:
        """Cross-entropy of pictures (n, inputs) against targets (n, classes), plus l2/2 · Σ W².

        The second part, "L2" or weight decay, makes large weights costly.
        """
        penalty = sum(float(np.vdot(W, W)) for W in self.weights) if l2 else 0.0
        return cross_entropy(self.forward(x)[-1], targets) + l2 / 2 * penalty

    def gradient(
        self, x: Floats, targets: Floats, l2: float = 0.0, dropout: float = 0.0, rng: np.random.Generator | None = None
    ) -> tuple[Floats, Floats]:
        """Backpropagation: the logits (n, classes), and the gradient of `loss`, flat like `theta`.

        With z = h·W + b in each layer and δ = ∂loss/∂z, the chain rule gives, from the last layer to the first,

            δ = (softmax(logits) − t) / n       at the output
            ∂loss/∂W = hᵀ·δ + l2·W              h: the layer's input
            ∂loss/∂b = Σ over the pictures of δ
            δ of the layer below = (δ·Wᵀ) ⊙ f′

        δ (n, neurons) is how fast the loss grows with each neuron's pre-activation, for each picture; at the output it
        is prediction minus target. A weight multiplies an input, so its gradient is that input times δ, summed over
        the pictures: again a matrix product. The layer below acts through all of its outgoing weights, so its
        δ is δ sent back through them, times the derivative f′ of its activation (⊙: element by element).

        Dropout sets each hidden activation to 0 with probability `dropout`, anew for each picture, and scales the
        others by 1 / (1 − dropout), so that nothing need be scaled at inference (inverted dropout, Srivastava et al.
        2014). It needs `rng`.
        """
        inputs, slopes = [x], []
        for W, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            h = activate(inputs[-1] @ W + b, self.activation)
            s = activation_gradient(h, self.activation)
            if dropout:
                mask = dropout_mask(h, dropout, rng)
                h, s = h * mask, s * mask
            inputs.append(h)
            slopes.append(s)
        logits = inputs[-1] @ self.weights[-1] + self.biases[-1]
        return logits, self._backward(inputs, slopes, (softmax(logits) - targets) / len(x), l2)

    def _backward(self, inputs: list[Floats], slopes: list[Floats], delta: Floats, l2: float) -> Floats:
        """The chain rule, from the last layer to the first; `delta` is δ at the output."""
        flat = np.empty_like(self.theta)
        grad_W, grad_b = layer_views(flat, self.sizes)
        for k in reversed(range(len(self.weights))):
            np.matmul(inputs[k].T, delta, out=grad_W[k])
            if l2:
                grad_W[k] += self.theta.dtype.type(l2) * self.weights[k]
            delta.sum(axis=0, out=grad_b[k])
            if k:
                delta = (delta @ self.weights[k].T) * slopes[k - 1]
        return flat

    def layer_arrays(self, prefix: str = "") -> dict[str, NDArray[np.float32]]:
        """W1, b1, … for a file, in float32."""
        arrays: dict[str, NDArray[np.float32]] = {}
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            arrays |= {f"{prefix}W{k}": W.astype(np.float32), f"{prefix}b{k}": b.astype(np.float32)}
        return arrays

    def save(self, path: Path) -> None:
        """Write the weights file, whole or not at all.

        An .npz file with `format`, `sizes`, `activation`, `temperature`, `meta` (a JSON object), W1, b1, … in float32,
        and the `extras`.
        """
        arrays: dict[str, Any] = {
            "format": FORMAT,
            "sizes": self.sizes,
            "activation": self.activation,
            "temperature": np.float64(self.temperature),
            "meta": json.dumps(self.meta),
            **self.extras,
            **self.layer_arrays(),
        }
        content = pack(arrays, compress=False)
        write_atomic(path, content)
        self.fingerprint = short_sha256(content)

    @classmethod
    def load(cls, path: Path) -> Network:
        """The network of a weights file.

        Raises:
            WeightsError: the file is missing, damaged, of another format, or its arrays do not fit together.
        """
        try:
            content = path.read_bytes()
            arrays = unpack(content)
        except FileNotFoundError:
            raise WeightsError(f"{path}: there is no such weights file; `make weights` trains one") from None
        except READ_ERRORS as error:
            raise WeightsError(f"{path}: not a readable .npz file ({error})") from None
        try:
            network = _assemble(arrays)
        except (ValueError, TypeError, KeyError) as error:
            raise WeightsError(f"{path}: {describe_error(error)}") from None
        network.fingerprint = short_sha256(content)
        return network


def dropout_mask(h: Floats, dropout: float, rng: np.random.Generator | None) -> Floats:
    """0 with probability `dropout`, else 1 / (1 − dropout), in the shape of h."""
    if rng is None:
        raise ValueError("dropout needs a random generator: pass rng")
    kept = rng.random(h.shape, dtype=np.float32) >= dropout
    return kept.astype(h.dtype) / h.dtype.type(1 - dropout)


def _assemble(arrays: Mapping[str, NDArray[Any]]) -> Network:
    """A network from the arrays of a file, each of them checked."""
    if int(arrays["format"]) != FORMAT:
        raise ValueError(f"its format is {int(arrays['format'])}, this version reads {FORMAT}")
    sizes = tuple(int(size) for size in arrays["sizes"])
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes {sizes} are no layers")
    activation = cast("Activation", str(arrays["activation"]))
    if activation not in get_args(Activation):
        raise ValueError(f"its activation {activation!r} is not one of {', '.join(get_args(Activation))}")
    temperature = float(arrays["temperature"])
    if not 0 < temperature < np.inf:
        raise ValueError(f"its temperature {temperature} is not a positive number")
    theta = read_layers(arrays, sizes)
    known = {"format", "sizes", "activation", "temperature", "meta"}
    known |= {f"{kind}{k}" for kind in "Wb" for k in range(1, len(sizes))}
    meta = json.loads(str(arrays["meta"]))
    if not isinstance(meta, dict):
        raise ValueError("its meta is not a JSON object")  # noqa: TRY004 - a fault of the file, like the others
    extras = {key: array for key, array in arrays.items() if key not in known}
    return Network(sizes, theta, activation, temperature, extras, meta)


def read_layers(arrays: Mapping[str, NDArray[Any]], sizes: Sequence[int], prefix: str = "") -> NDArray[np.float32]:
    """The parameters of a network from W1, b1, … of a file, flat.

    Raises:
        KeyError, ValueError: one is missing; it is not float32, of another shape, or not finite.
    """
    parts = []
    for k, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        for key, shape in ((f"{prefix}W{k}", (n_in, n_out)), (f"{prefix}b{k}", (n_out,))):
            parts.append(_checked(arrays[key], key, shape).ravel())
    return np.concatenate(parts)


def _checked(array: NDArray[Any], key: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if array.dtype != np.float32:
        raise ValueError(f"{key} holds {array.dtype}, not float32")
    if array.shape != shape:
        raise ValueError(f"{key} has the shape {array.shape}, but its sizes need {shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{key} holds numbers that are not finite")
    return array


def describe_error(error: Exception) -> str:
    """What is wrong with a file, in words; a KeyError alone would print only the key."""
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
