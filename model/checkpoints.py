"""A network's education, kept: its parameters at about twenty moments, from the first steps of training to the last.

The steps between two of them grow by a constant factor, for a network learns most at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.network import Network, activate, layer_views, scale_pixels, softmax
from model.storage import READ_ERRORS, pack, unpack, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from model.network import Floats


@dataclass(frozen=True)
class Checkpoints:
    """The stages of one network's training, the earliest first; the last is the network that came of it."""

    model: str  # the name of the network that came of it
    steps: NDArray[np.int64]  # (stages,) taken by then
    epochs: NDArray[np.float64]  # (stages,) passes over the training pictures by then
    thetas: NDArray[np.float16]  # (stages, parameters)

    def __len__(self) -> int:
        return len(self.steps)

    def networks(self, network: Network) -> list[Network]:
        """The stages as networks of float32, shaped like the one that came of them."""
        thetas = self.thetas.astype(np.float32)
        return [Network(network.sizes, theta, network.activation, network.temperature) for theta in thetas]

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_atomic(path, pack(vars(self)))

    @classmethod
    def load(cls, path: Path, network: Network) -> Checkpoints | None:
        """From a file, if there is one and it is about this very network: it only adds detail."""
        try:
            arrays = unpack(path.read_bytes())
            found = cls(str(arrays["model"]), arrays["steps"], arrays["epochs"], arrays["thetas"])
        except READ_ERRORS:
            return None
        return found if found.model == network.name and found._is_valid(network) else None

    def _is_valid(self, network: Network) -> bool:
        """Whether the arrays are such as `save` writes, for a network of this size."""
        checkpoints = self.steps.shape
        shapes = self.epochs.shape, self.thetas.shape
        if len(checkpoints) != 1 or shapes != (checkpoints, (*checkpoints, network.theta.size)):
            return False
        if [array.dtype.kind for array in (self.steps, self.epochs)] != ["i", "f"] or self.thetas.dtype != np.float16:
            return False
        return len(self) > 0 and bool(np.isfinite(self.epochs).all() and np.isfinite(self.thetas).all())


@dataclass(frozen=True)
class CheckpointReplay:
    """The stages of one network, the earliest first. It keeps nothing between calls, so threads may share it."""

    network: Network  # the one that came of it: what the stages have in common
    checkpoints: Checkpoints
    weights: list[NDArray[np.float32]]  # of each layer, (stages, inputs, outputs)
    biases: list[NDArray[np.float32]]  # of each layer, (stages, 1, outputs)

    @classmethod
    def of(cls, checkpoints: Checkpoints, network: Network) -> CheckpointReplay:
        """All the stages in float32, stacked: 9 MB for twenty of the network that ships."""
        networks = [layer_views(theta.astype(np.float32), network.sizes) for theta in checkpoints.thetas]
        weights, biases = (list(zip(*layers, strict=True)) for layers in zip(*networks, strict=True))
        stacked = [np.stack(layer) for layer in weights], [np.stack(layer)[:, None] for layer in biases]
        return cls(network, checkpoints, *stacked)

    def __len__(self) -> int:
        return len(self.checkpoints)

    @property
    def multiplications(self) -> int:
        """How many one picture takes: every weight of every stage."""
        return sum(W.size for W in self.weights)

    def probabilities(self, pictures: NDArray[np.uint8]) -> Floats:
        """What every stage says to pictures (n, 784): probabilities (n, stages, classes); a blank one: all the same.

        The temperature is the finished network's. Each picture is a matrix of one row, for the reason that
        `Recognizer.read` gives.
        """
        x: Floats = scale_pixels(pictures)[:, None, None]  # (n, 1, 1, 784), against (stages, 784, outputs)
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            x = x @ W + b
            if k < len(self.weights):
                x = activate(x, self.network.activation)
        probabilities = softmax(x[:, :, 0].astype(np.float64), self.network.temperature)
        probabilities[pictures.max(axis=1) == 0] = 1 / probabilities.shape[-1]
        return probabilities

    def first_layer(self, stage: int) -> NDArray[np.float16]:
        """The weights into the first hidden layer at a stage, (inputs, outputs), as the checkpoint holds them."""
        n_in, n_out = self.network.sizes[:2]
        return self.checkpoints.thetas[stage, : n_in * n_out].reshape(n_in, n_out)
