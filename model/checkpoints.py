"""Checkpoints: a network's parameters at about twenty steps of its training, in a file beside the weights.

The number of steps between them grows, since a network learns most at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.network import Floats, Network, activate, scale_pixels, softmax
from model.storage import load_companion, pack, write_atomic


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one network's training, the earliest first; the last is the finished network."""

    model: str  # the name of the finished network
    steps: NDArray[np.int64]  # (checkpoints,) steps of training by then
    epochs: NDArray[np.float64]  # (checkpoints,) passes over the training pictures by then
    thetas: NDArray[np.float16]  # (checkpoints, parameters)

    def __len__(self) -> int:
        return len(self.steps)

    def networks(self, network: Network) -> list[Network]:
        """The checkpoints as networks of float32, shaped like the finished one."""
        thetas = self.thetas.astype(np.float32)
        return [Network(network.sizes, theta, network.activation, network.temperature) for theta in thetas]

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_atomic(path, pack(vars(self)))

    @classmethod
    def load(cls, path: Path, network: Network) -> Checkpoints | None:
        """From a file; None if it is missing, damaged or about another network."""
        return load_companion(path, network.name, cls, lambda found: found._is_valid(network))

    def _is_valid(self, network: Network) -> bool:
        """Whether types and shapes are those that `save` writes for this network, and every number is finite."""
        checkpoints = self.steps.shape
        shapes = self.epochs.shape, self.thetas.shape
        if len(checkpoints) != 1 or shapes != (checkpoints, (*checkpoints, network.theta.size)):
            return False
        if [array.dtype.kind for array in (self.steps, self.epochs)] != ["i", "f"] or self.thetas.dtype != np.float16:
            return False
        return len(self) > 0 and bool(np.isfinite(self.epochs).all() and np.isfinite(self.thetas).all())


@dataclass(frozen=True)
class CheckpointReplay:
    """All checkpoints of one network, run at once. It keeps nothing between calls, so threads may share it."""

    network: Network  # the finished one, for what all have in common
    checkpoints: Checkpoints
    weights: list[Floats]  # of each layer, (checkpoints, inputs, outputs)
    biases: list[Floats]  # of each layer, (checkpoints, 1, outputs)

    @classmethod
    def of(cls, checkpoints: Checkpoints, network: Network) -> CheckpointReplay:
        """All checkpoints in float32, stacked: 9 MB for twenty of the network that ships."""
        networks = checkpoints.networks(network)
        weights = [np.stack(layer) for layer in zip(*(each.weights for each in networks), strict=True)]
        biases = [np.stack(layer)[:, None] for layer in zip(*(each.biases for each in networks), strict=True)]
        return cls(network, checkpoints, weights, biases)

    def __len__(self) -> int:
        return len(self.checkpoints)

    @property
    def multiplications(self) -> int:
        """The multiplications that one picture takes: every weight of every checkpoint."""
        return sum(W.size for W in self.weights)

    def probabilities(self, pictures: NDArray[np.uint8]) -> Floats:
        """Every checkpoint's probabilities for pictures (n, 784): (n, checkpoints, classes), uniform for a blank one.

        The temperature is the finished network's. Each picture is a matrix of one row, as in `Recognizer.read`.
        """
        x: Floats = scale_pixels(pictures)[:, None, None]  # (n, 1, 1, 784), against (checkpoints, 784, outputs)
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            x = x @ W + b
            if k < len(self.weights):
                x = activate(x, self.network.activation)
        probabilities = softmax(x[:, :, 0].astype(np.float64), self.network.temperature)
        probabilities[pictures.max(axis=1) == 0] = 1 / probabilities.shape[-1]
        return probabilities

    def first_layer(self, checkpoint: int) -> NDArray[np.float16]:
        """The weights into the first hidden layer at a checkpoint, (inputs, outputs), as its file holds them."""
        n_in, n_out = self.network.sizes[:2]
        return self.checkpoints.thetas[checkpoint, : n_in * n_out].reshape(n_in, n_out)
