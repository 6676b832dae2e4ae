"""Learning: pictures in random order, a batch at a time; a gradient, a step, again.

While one batch is learned from, the next ones are being varied on another core.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from model.augment import Variation, augment
from model.network import Network, cross_entropy, one_hot, scaled
from model.optimizers import SGD, Adam, constant, cosine, staircase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from model.data import Digits
    from model.network import Activation, Floats, Initialisation
    from model.optimizers import Optimizer

CHUNK: Final = 5120  # pictures varied at a time: a few batches ahead, little memory
STEP_EVERY: Final = 3  # the step schedule divides the rate this often - 1 times in a training
TEMPERATURES: Final = np.geomspace(0.25, 4, 241)


class Diverged(Exception):  # noqa: N818 - what happened to the training
    """The loss is no number any more; the message names the likely cause."""


@dataclass(frozen=True)
class Recipe:
    """Every knob of a training. The defaults are what ships."""

    sizes: tuple[int, ...] = (784, 128, 64, 10)
    activation: Activation = "relu"
    initialisation: Initialisation = "he"
    epochs: int = 240
    batch_size: int = 256  # 1: stochastic gradient descent; 0: batch, all pictures for one step
    optimizer: Literal["sgd", "adam"] = "adam"
    rate: float = 0.002
    momentum: float = 0.9  # sgd
    nesterov: bool = False  # sgd
    schedule: Literal["constant", "step", "cosine"] = "cosine"
    warmup: int = 200  # steps
    l2: float = 0.0
    dropout: float = 0.0
    label_smoothing: float = 0.0
    teaching: float = 0.7  # with a teacher: its share of the targets
    average: float = 0.9995  # share of the old in the running mean of the parameters; 0: no mean, the last ones
    seed: int = 0
    variation: Variation | None = field(default_factory=Variation)  # of the training pictures


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training pictures came to."""

    number: int
    rate: float
    loss: float
    accuracy: float  # on the varied digits, while learning


def learn(
    network: Network,
    digits: Digits,
    recipe: Recipe,
    rng: np.random.Generator,
    progress: Callable[[float], None] = lambda _: None,
    teacher: Network | None = None,
) -> Iterator[Epoch]:
    """Train a network in place, and yield after every epoch. `progress` hears how much of everything is done.

    Between two epochs `network.theta` holds the averaged parameters, which are better than the last ones (Polyak &
    Juditsky 1992); learning itself goes on from the last ones.

    A teacher is a network whose answers are learned together with the labels (distillation; Hinton et al. 2015):
    how it divides its belief says more about a drawing than its name does.

    Raises:
        Diverged: the loss is not finite.
    """
    order_rng, variation_rng, dropout_rng = rng.spawn(3)
    targets = one_hot(digits.labels, network.sizes[-1], recipe.label_smoothing)
    size = min(recipe.batch_size or len(digits), len(digits))
    lesson = _Lesson(digits, targets, size, recipe.variation, order_rng, variation_rng, teacher, recipe.teaching)
    known = max(1, int((digits.labels < network.sizes[-1]).sum()))
    steps = -(-len(digits) // size) * recipe.epochs
    rate, optimizer = _schedule(recipe, steps), _optimizer(recipe)
    mean, learner = network.theta, Network(network.sizes, network.theta.copy(), network.activation)
    step = 0
    for number in range(1, recipe.epochs + 1):
        loss, right = 0.0, 0
        for x, t, labels in lesson.epoch():
            logits, gradient = learner.gradient(x, t, recipe.l2, recipe.dropout, dropout_rng)
            optimizer.step(learner.theta, gradient, rate(step))
            step += 1
            _average(mean, learner.theta, recipe.average, step)
            loss += cross_entropy(logits, t) * len(x)
            right += int((logits.argmax(axis=1) == labels).sum())  # what is no digit is never right
            progress(step / steps)
        if not np.isfinite(loss):
            raise Diverged(_cause(recipe, number))
        yield Epoch(number, rate(step - 1), loss / len(digits), right / known)


def fit_temperature(logits: Floats, labels: NDArray[np.uint8]) -> float:
    """The temperature whose softmax is most honest on validation digits: least cross-entropy (Guo et al. 2017)."""
    targets = one_hot(labels, logits.shape[1])
    return float(min(TEMPERATURES, key=lambda T: cross_entropy(logits.astype(np.float64) / T, targets)))


@dataclass(frozen=True)
class _Lesson:
    """What is learned from, and how it is cut: `epoch` yields the batches (x, targets, labels) of one pass."""

    digits: Digits
    targets: NDArray[np.float32]
    size: int
    variation: Variation | None
    order_rng: np.random.Generator
    variation_rng: np.random.Generator
    teacher: Network | None
    teaching: float

    def epoch(self) -> Iterator[tuple[NDArray[np.float32], Floats, NDArray[np.uint8]]]:
        # One worker varies the chunks, in order, so that the same seed gives the same pictures.
        order = self.order_rng.permutation(len(self.digits))
        length = -(-CHUNK // self.size) * self.size
        chunks = [order[start : start + length] for start in range(0, len(order), length)]
        with ThreadPoolExecutor(max_workers=1) as worker:
            coming = worker.submit(self._varied, chunks[0])
            for chunk, following in zip(chunks, [*chunks[1:], None], strict=True):
                x, targets = coming.result()
                if following is not None:
                    coming = worker.submit(self._varied, following)
                for start in range(0, len(chunk), self.size):
                    part = slice(start, start + self.size)
                    yield x[part], targets[part], self.digits.labels[chunk[part]]

    def _varied(self, chunk: NDArray[np.intp]) -> tuple[NDArray[np.float32], Floats]:
        """Pictures and targets. A teacher says what it sees in the pictures as they are after the variation."""
        x, targets = scaled(self.digits.pictures[chunk]), self.targets[chunk]
        if self.variation:
            x = augment(x, self.variation, self.variation_rng)
        if self.teacher:
            targets = (1 - self.teaching) * targets + self.teaching * self.teacher.probabilities(x)
        return x, targets.astype(np.float32, copy=False)


def _average(mean: Floats, theta: Floats, share: float, step: int) -> None:
    """Running mean ← share·mean + (1 − share)·θ; the share rises from zero: the random start is soon forgotten."""
    share = min(share, (step - 1) / (step + 10))
    mean += mean.dtype.type(1 - share) * (theta - mean)


def _optimizer(recipe: Recipe) -> Optimizer:
    if recipe.optimizer == "adam":
        return Adam()
    return SGD(recipe.momentum, nesterov=recipe.nesterov)


def _schedule(recipe: Recipe, steps: int) -> Callable[[int], float]:
    warmup = min(recipe.warmup, steps // 10)
    if recipe.schedule == "cosine":
        return cosine(recipe.rate, steps, warmup=warmup)
    if recipe.schedule == "step":
        return staircase(recipe.rate, -(-steps // STEP_EVERY), warmup=warmup)
    return constant(recipe.rate, warmup=warmup)


def _cause(recipe: Recipe, number: int) -> str:
    return (
        f"The loss stopped being a number in epoch {number}: the steps are too long for this network. "
        f"Lower --rate (it is {recipe.rate:g}), or give it more --warmup (it is {recipe.warmup} steps)"
    )
