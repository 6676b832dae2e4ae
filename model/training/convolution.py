"""A convolutional network: each neuron sees a small square, and the same weights look at every place of the picture.

From the same pictures it learns to read new people better than dense layers do, since a stroke a little further to the
left is the same stroke to it. It does not ship: it teaches one that does (distillation, see `DataLoader`).

A convolution is one matrix product, like a layer of `model.network`, once every square is a row of a matrix
(`squares`; "im2col", Chellapilla et al. 2006). A square as large as what it looks at has one place: that layer is
connected to everything, and a layer of squares of one place is an ordinary one, so that one rule makes all layers. A
stride of 2 halves the sides, for which others take pooling (Springenberg et al. 2015). With the layers below, for n
pictures (n, 28, 28, 1):

    size  stride  squares            W           activations
    4     2       (n·13·13, 16)      (16, 24)    (n, 13, 13, 24)
    3     2       (n·6·6, 216)       (216, 48)   (n, 6, 6, 48)
    3     1       (n·4·4, 432)       (432, 96)   (n, 4, 4, 96)
    4     1       (n, 1536)          (1536, 128) (n, 1, 1, 128)
    1     1       (n, 128)           (128, 10)   (n, 1, 1, 10): the logits
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from model.network import Floats, WeightsError, activate, describe_error, softmax
from model.storage import READ_ERRORS, pack, short_sha256, unpack, write_atomic

SIDE: Final = 28
CHUNK: Final = 64  # pictures at a time: their squares stay in the processor's cache


class Convolution(NamedTuple):
    """The shape of one layer."""

    size: int  # of the square that a neuron sees
    stride: int  # from one square to the next
    channels: int  # neurons that see the same square


LAYERS: Final = tuple(itertools.starmap(Convolution, [(4, 2, 24), (3, 2, 48), (3, 1, 96), (4, 1, 128), (1, 1, 10)]))


def squares(h: Floats, layer: Convolution) -> Floats:
    """Every square of h (n, side, side, channels) as a row: (n, places, places, size · size · channels)."""
    size, stride = layer.size, layer.stride
    windows = sliding_window_view(h, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    rows: Floats = windows.transpose(0, 1, 2, 4, 5, 3).reshape(*windows.shape[:3], -1)
    return rows


def add_squares(rows: Floats, layer: Convolution, shape: tuple[int, ...]) -> Floats:
    """The squares put back where `squares` took them from, in h's shape: where they overlap, they add up.

    A pixel is in several squares, so its gradient is the sum of what it gets through each of them.
    """
    n, places = rows.shape[:2]
    by_offset = rows.reshape(n, places, places, layer.size, layer.size, -1)
    h, last = np.zeros(shape, rows.dtype), layer.stride * (places - 1) + 1
    for i, j in np.ndindex(layer.size, layer.size):
        h[:, i : i + last : layer.stride, j : j + last : layer.stride] += by_offset[:, :, :, i, j]
    return h


def weight_shapes(layers: Sequence[Convolution]) -> list[tuple[int, int]]:
    """The shape of each layer's weights.

    Raises:
        ValueError: the squares do not fit, or the last layer has more than one place.

    >>> weight_shapes(LAYERS)
    [(16, 24), (216, 48), (432, 96), (1536, 128), (128, 10)]
    """
    shapes, side, channels = [], SIDE, 1
    for layer in layers:
        shapes.append((layer.size**2 * channels, layer.channels))
        side, channels = (side - layer.size) // layer.stride + 1, layer.channels
        if side < 1:
            raise ValueError(f"a square of {layer.size} does not fit")
    if side != 1:
        raise ValueError(f"{side} × {side} places are left, not one")
    return shapes


@dataclass
class ConvolutionalNetwork:
    """Convolutions with ReLU between them; all parameters are in one flat vector, as in `model.network`."""

    layers: tuple[Convolution, ...]
    theta: Floats
    temperature: float = 1.0
    meta: dict[str, Any] = field(default_factory=dict)  # how it was trained, as JSON
    fingerprint: str = "unsaved"  # the first 8 hex digits of the file's SHA-256, once saved or loaded

    def __post_init__(self) -> None:
        self.weights, self.biases = self._views(self.theta)

    @classmethod
    def create(cls, layers: Sequence[Convolution], rng: np.random.Generator) -> ConvolutionalNetwork:
        """An untrained network; "he" as in `model.network.initial_theta`."""
        shapes = weight_shapes(layers)
        parts = [(rng.standard_normal(shape) * math.sqrt(2 / shape[0]), np.zeros(shape[1])) for shape in shapes]
        theta = np.concatenate([each.ravel() for part in parts for each in part])
        return cls(tuple(layers), theta.astype(np.float32))

    @property
    def name(self) -> str:
        """The channels and the fingerprint, such as `convolutional-24-48-96-128-10@1f3a9c2e`."""
        return f"convolutional-{'-'.join(str(layer.channels) for layer in self.layers)}@{self.fingerprint}"

    def logits(self, x: Floats) -> Floats:
        """Ten scores for each picture: x (n, 784) in [0, 1] → (n, 10)."""
        parts = [self._forward(x[start : start + CHUNK])[1][-1] for start in range(0, len(x), CHUNK)]
        return np.concatenate(parts).reshape(len(x), -1)

    def probabilities(self, x: Floats) -> Floats:
        """Softmax of the logits at the network's temperature, (n, 10)."""
        return softmax(self.logits(x), self.temperature)

    def gradient(self, x: Floats, targets: Floats) -> tuple[Floats, Floats]:
        """Backpropagation: the logits (n, 10), and the gradient of the cross-entropy, flat like `theta`.

        As in `Network.gradient`, with the squares as the layer's input; δ of the squares, δ·Wᵀ, is added up to that of
        the layer below.
        """
        inputs, activations = self._forward(x)
        logits = activations[-1].reshape(len(x), -1)
        flat = np.empty_like(self.theta)
        grad_W, grad_b = self._views(flat)
        delta: Floats = (softmax(logits) - targets) / len(x)
        for k in reversed(range(len(self.layers))):
            rows, delta = _matrix(inputs[k]), _matrix(delta)
            np.matmul(rows.T, delta, out=grad_W[k])
            delta.sum(axis=0, out=grad_b[k])
            if k:
                h, through = activations[k - 1], (delta @ self.weights[k].T).reshape(inputs[k].shape)
                delta = add_squares(through, self.layers[k], h.shape)
                delta *= h > 0
        return logits, flat

    def _forward(self, x: Floats) -> tuple[list[Floats], list[Floats]]:
        """Each layer's squares and its activations (n, places, places, …), without ReLU in the last."""
        inputs, activations = [], []
        h = x.reshape(-1, SIDE, SIDE, 1)
        for layer, W, b in zip(self.layers, self.weights, self.biases, strict=True):
            rows = squares(h, layer)
            z = _matrix(rows) @ W
            z += b
            h = (z if W is self.weights[-1] else activate(z, "relu")).reshape(*rows.shape[:3], -1)
            inputs.append(rows)
            activations.append(h)
        return inputs, activations

    def _views(self, flat: Floats) -> tuple[list[Floats], list[Floats]]:
        """The weights and the biases of each layer, as views of a flat vector."""
        weights, biases, end = [], [], 0
        for rows, columns in weight_shapes(self.layers):
            middle, start, end = end + rows * columns, end, end + (rows + 1) * columns
            weights.append(flat[start:middle].reshape(rows, columns))
            biases.append(flat[middle:end])
        if end != flat.size:
            raise ValueError(f"its layers need {end} parameters, not {flat.size}")
        return weights, biases

    def save(self, path: Path) -> None:
        """Write an .npz file with `layers`, `theta`, `temperature` and `meta`, whole or not at all."""
        described = {"layers": np.array(self.layers), "temperature": self.temperature, "meta": json.dumps(self.meta)}
        content = pack({"theta": self.theta, **described}, compress=False)
        write_atomic(path, content)
        self.fingerprint = short_sha256(content)

    @classmethod
    def load(cls, path: Path) -> ConvolutionalNetwork:
        """The network of a file that `save` wrote.

        Raises:
            WeightsError: the file is missing, damaged or of another kind; the message names it and the fault.
        """
        try:
            content = path.read_bytes()
            arrays = unpack(content)
            layers = tuple(itertools.starmap(Convolution, arrays["layers"].tolist()))
            meta = json.loads(str(arrays["meta"]))
            return cls(layers, arrays["theta"], float(arrays["temperature"]), meta, short_sha256(content))
        except READ_ERRORS as error:
            raise WeightsError(f"{path}: {describe_error(error)}") from None


def _matrix(values: NDArray[Any]) -> NDArray[Any]:
    """The same numbers with the last axis as columns."""
    return values.reshape(-1, values.shape[-1])
