"""Made from a training for the pages: its checkpoints, the gallery of each neuron, the mistakes on a test set."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.checkpoints import Checkpoints
from model.data.mnist import Digits
from model.gallery import PER_NEURON, Gallery
from model.mistakes import Mistakes
from model.network import Floats, Network, scale_pixels
from model.recognize import Recognizer
from model.storage import gallery_path, mistakes_path

CHECKPOINTS: Final = 20  # of 109,386 numbers of two bytes each: 4.4 MB
# A network goes from guessing to reading between these steps; the share of the checkpoints that are taken before each.
LEARNING: Final = ((30, 3 / 18), (500, 11 / 18))
MAX_BYTES: Final = 5_000_000  # of all checkpoints; larger networks have fewer, but always the first and the last
BATCH: Final = 5000  # pictures sent through the network together
PER_CELL: Final = 24  # mistakes of a kind: a network that has learned little is wrong thousands of times
PER_DIGIT: Final = 12  # of the right answers


@functools.cache
def checkpoint_steps(steps: int, count: int = CHECKPOINTS) -> tuple[int, ...]:
    """After which of so many steps a checkpoint is taken: before the first, and then ever more rarely to the last.

    In a long training, almost half of them are taken while the network learns to read.

    >>> checkpoint_steps(100, count=4), checkpoint_steps(1000, count=20)[4:13]
    ((0, 1, 10, 100), (30, 43, 61, 86, 122, 174, 247, 352, 500))
    """
    knots = [(1, 0.0), *(LEARNING if steps > LEARNING[-1][0] else ()), (steps, 1.0)]
    logarithms, shares = np.log([step for step, _ in knots]), [share for _, share in knots]
    taken = np.exp(np.interp(np.linspace(0, 1, count - 1), shares, logarithms))
    return tuple(sorted({0, *taken.round().astype(int).tolist()}))


@dataclass
class CheckpointRecorder:
    """The parameters after some of a training's steps, the earliest first."""

    steps: list[int]
    thetas: list[NDArray[np.float16]]

    @classmethod
    def create(cls, theta: NDArray[np.floating[Any]]) -> CheckpointRecorder:
        """A recorder of the parameters before the first step."""
        return cls([0], [_half(theta)])

    def record(self, step: int, total: int, theta: NDArray[np.floating[Any]]) -> None:
        """Keep the parameters after this step of so many, if it is one of the `checkpoint_steps`."""
        if step in checkpoint_steps(total, max(3, min(CHECKPOINTS, MAX_BYTES // (2 * theta.size)))):
            self.steps.append(step)
            self.thetas.append(_half(theta))

    def up_to(self, network: Network, step: int, steps_per_epoch: float) -> Checkpoints:
        """The checkpoints of the network that was there after a step: those before it, and itself as the last."""
        before = [i for i, earlier in enumerate(self.steps) if earlier < step]
        steps = np.array([*(self.steps[i] for i in before), step])
        thetas = np.stack([*(self.thetas[i] for i in before), _half(network.theta)])
        return Checkpoints(network.name, steps, steps / steps_per_epoch, thetas)

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The checkpoints so far, as arrays."""
        return {"checkpoints.steps": np.array(self.steps), "checkpoints.thetas": np.stack(self.thetas)}

    @classmethod
    def from_state_dict(cls, state: Mapping[str, NDArray[Any]]) -> CheckpointRecorder:
        """The recorder that `state_dict` was called on."""
        return cls(state["checkpoints.steps"].tolist(), list(state["checkpoints.thetas"]))


def _half(theta: NDArray[np.floating[Any]]) -> NDArray[np.float16]:
    """As float16; larger values are clipped to its largest."""
    limit = np.finfo(np.float16).max
    return theta.clip(-limit, limit).astype(np.float16)


def make_gallery(network: Network, digits: Digits) -> Gallery:
    """The training digits that activate each hidden neuron most, and a typical one of each digit."""
    layers = _activations(network, digits.pictures)
    tops = [np.argsort(-layer, axis=0, kind="stable")[:PER_NEURON].T for layer in layers]
    values = [np.take_along_axis(layer.T, top, axis=1) for layer, top in zip(layers, tops, strict=True)]
    typical = _typical(layers[-1], digits.labels)
    used, places = np.unique(np.concatenate([*(top.ravel() for top in tops), typical]), return_inverse=True)
    *parts, typical = np.split(places, np.cumsum([top.size for top in tops]))
    tops = [part.reshape(top.shape) for part, top in zip(parts, tops, strict=True)]
    return Gallery(network.name, digits.pictures[used], digits.labels[used], tops, values, typical)


def _activations(network: Network, pictures: NDArray[np.uint8]) -> list[Floats]:
    """The activations of every hidden layer, each (n, width)."""
    starts = range(0, len(pictures), BATCH)
    parts = [network.forward(scale_pixels(pictures[start : start + BATCH]))[1:-1] for start in starts]
    return [np.concatenate(layer) for layer in zip(*parts, strict=True)]


def _typical(layer: Floats, labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """For each digit, the picture whose activations in the last hidden layer are nearest to their mean."""
    found = []
    for digit in range(10):
        own = np.flatnonzero(labels == digit)
        away = layer[own] - layer[own].mean(axis=0)
        found.append(own[np.square(away).sum(axis=1).argmin()])
    return np.array(found)


def make_mistakes(network: Network, test: Digits, probabilities: Floats) -> Mistakes:
    """The mistakes on a test set, from the network's probabilities (n, 10)."""
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    numbers = np.concatenate([_cell(test.labels, answers, confidence, *divmod(cell, 10)) for cell in range(100)])
    return Mistakes(
        network.name,
        numbers.astype(np.uint16),
        test.pictures[numbers],
        test.labels[numbers].astype(np.uint8),
        answers[numbers].astype(np.uint8),
        confidence[numbers].astype(np.float32),
    )


def _cell(
    labels: NDArray[np.uint8], answers: NDArray[np.intp], confidence: Floats, true: int, answer: int
) -> NDArray[np.intp]:
    """The indices of the test pictures in one cell of the confusion matrix, in the order in which they are shown."""
    here = np.flatnonzero((labels == true) & (answers == answer))
    surest_last = here[np.argsort(confidence[here], kind="stable")]
    return surest_last[:PER_DIGIT] if true == answer else surest_last[::-1][:PER_CELL]


def write_pictures(weights: Path, recognizer: Recognizer, learned: Digits, test: Digits | None) -> None:
    """The gallery beside the weights and, of a test set, the mistakes."""
    make_gallery(recognizer.network, learned).save(gallery_path(weights))
    if test:
        probabilities = recognizer.read(test.pictures).probabilities
        make_mistakes(recognizer.network, test, probabilities).save(mistakes_path(weights))
