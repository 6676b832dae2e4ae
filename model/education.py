"""Every stage of a network's education at once: a picture passes through all of them in the same matrix products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.network import activate, layer_views, scaled, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.checkpoints import Checkpoints
    from model.network import Floats, Network


@dataclass(frozen=True)
class Education:
    """The stages of one network, the earliest first. It keeps nothing between calls, so threads may share it."""

    network: Network  # the one that came of it: what the stages have in common
    checkpoints: Checkpoints
    weights: list[NDArray[np.float32]]  # of each layer, (stages, inputs, outputs)
    biases: list[NDArray[np.float32]]  # of each layer, (stages, 1, outputs)

    @classmethod
    def of(cls, checkpoints: Checkpoints, network: Network) -> Education:
        """All the stages in float32, stacked: 9 MB for twenty of the network that ships."""
        stages = [layer_views(theta.astype(np.float32), network.sizes) for theta in checkpoints.thetas]
        weights, biases = (list(zip(*layers, strict=True)) for layers in zip(*stages, strict=True))
        stacked = [np.stack(layer) for layer in weights], [np.stack(layer)[:, None] for layer in biases]
        return cls(network, checkpoints, *stacked)

    def __len__(self) -> int:
        return len(self.checkpoints)

    @property
    def multiplications(self) -> int:
        """How many one picture takes: every weight of every stage."""
        return sum(W.size for W in self.weights)

    def judge(self, pictures: NDArray[np.uint8]) -> Floats:
        """What every stage says to pictures (n, 784): probabilities (n, stages, classes); a blank one: all the same.

        The temperature is the finished network's. Each picture is a matrix of one row, for the reason that
        `Recognizer.read` gives.
        """
        x: Floats = scaled(pictures)[:, None, None]  # (n, 1, 1, 784), against (stages, 784, outputs)
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
