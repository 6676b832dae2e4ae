"""Checkpoints: a network's parameters at about twenty steps of its training, in a file beside the weights.

The number of steps between them grows by a constant factor, since a network learns most at first.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.network import Network, activate, layer_views, scale_pixels, softmax
from model.storage import load_companion, pack, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from model.network import Floats

CHECKPOINTS: Final = 20  # of 109,386 numbers of two bytes each: 4.4 MB
BYTES: Final = (
    5_000_000  # of all stages: larger networks have fewer of them, but never fewer than the first and the last
)


def moments(steps: int, checkpoints: int = CHECKPOINTS) -> list[int]:
    """After which of so many steps a checkpoint is taken: before the first, and then ever more rarely to the last.

    >>> moments(1000, checkpoints=5)
    [0, 1, 10, 100, 1000]
    """
    return sorted({0, *np.geomspace(1, steps, checkpoints - 1).round().astype(int).tolist()})


@dataclass
class CheckpointRecorder:
    """What a training keeps of its way: the parameters after some of its steps, the earliest first."""

    steps: list[int]
    thetas: list[NDArray[np.float16]]

    @classmethod
    def begin(cls, theta: NDArray[np.floating[Any]]) -> CheckpointRecorder:
        """Before the first step."""
        return cls([0], [_half(theta)])

    def record(self, step: int, of: int, theta: NDArray[np.floating[Any]]) -> None:
        """Keep the parameters after this step of so many, if it is one of their `moments`."""
        if step in _moments(of, max(3, min(CHECKPOINTS, BYTES // (2 * theta.size)))):
            self.steps.append(step)
            self.thetas.append(_half(theta))

    def up_to(self, theta: NDArray[np.floating[Any]], step: int, model: str, epoch_steps: float) -> Checkpoints:
        """The education of the network that was there after a step: what came before it, and itself as the last."""
        before = [i for i, earlier in enumerate(self.steps) if earlier < step]
        steps = np.array([*(self.steps[i] for i in before), step])
        thetas = np.stack([*(self.thetas[i] for i in before), _half(theta)])
        return Checkpoints(model, steps, steps / epoch_steps, thetas)

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """All of it, as arrays."""
        return {"stages.steps": np.array(self.steps), "stages.thetas": np.stack(self.thetas)}

    @classmethod
    def from_state_dict(cls, state: Mapping[str, NDArray[Any]]) -> CheckpointRecorder:
        """What `state` was taken of."""
        return cls(state["stages.steps"].tolist(), list(state["stages.thetas"]))


@functools.cache
def _moments(steps: int, checkpoints: int) -> frozenset[int]:
    return frozenset(moments(steps, checkpoints))


def _half(theta: NDArray[np.floating[Any]]) -> NDArray[np.float16]:
    """In two bytes a number; what is too large for them is cut to the largest."""
    limit = np.finfo(np.float16).max
    return theta.clip(-limit, limit).astype(np.float16)


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
    weights: list[NDArray[np.float32]]  # of each layer, (checkpoints, inputs, outputs)
    biases: list[NDArray[np.float32]]  # of each layer, (checkpoints, 1, outputs)

    @classmethod
    def of(cls, checkpoints: Checkpoints, network: Network) -> CheckpointReplay:
        """All checkpoints in float32, stacked: 9 MB for twenty of the network that ships."""
        networks = [layer_views(theta.astype(np.float32), network.sizes) for theta in checkpoints.thetas]
        weights, biases = (list(zip(*layers, strict=True)) for layers in zip(*networks, strict=True))
        stacked = [np.stack(layer) for layer in weights], [np.stack(layer)[:, None] for layer in biases]
        return cls(network, checkpoints, *stacked)

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
