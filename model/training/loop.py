"""Learning: pictures in random order, a batch at a time; a gradient, a step, again.

While one batch is learned from, the next ones are being varied on another core. Between two epochs everything that
the next one depends on is in one `TrainingState`, so that an interrupted training can go on as if it had not been.
"""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from model.checkpoints import CheckpointRecorder
from model.data.augment import Variation, augment
from model.network import Network, cross_entropy, one_hot, scale_pixels, weight_blocks
from model.optimizers import SGD, Adam, Muon, constant, cosine, step_decay
from model.rejection import REJECTED_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from model.data.mnist import Digits
    from model.network import Activation, Floats, Initialisation
    from model.optimizers import Optimizer

CHUNK: Final = 5120  # pictures varied at a time: a few batches ahead, little memory
EARLY: Final = 500  # steps in which a training without warm-up is most likely to explode
CALM_FROM: Final = 0.8  # share of the epochs after which the variation falls
STEP_EVERY: Final = 3  # the step schedule divides the rate this often - 1 times in a training
# Doubt may be added, never taken off: the few writers that are there for choosing are tamer than people at large.
TEMPERATURES: Final = np.geomspace(1, 4, 121)


class Diverged(Exception):  # noqa: N818 - what happened to the training
    """The loss, or the gradient, is no finite number any more; the message names the likely cause."""


@dataclass(frozen=True)
class TrainConfig:
    """Every knob of a training. The defaults are what ships."""

    sizes: tuple[int, ...] = (784, 128, 64, 10)
    activation: Activation = "relu"
    initialisation: Initialisation = "he"
    epochs: int = 200
    batch_size: int = 256  # 1: stochastic gradient descent; 0: batch, all pictures for one step
    optimizer: Literal["sgd", "adam", "muon"] = "muon"
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
    called_none: float = REJECTED_SHARE  # share of the validation digits that may be called no digit
    seed: int = 0
    variation: Variation | None = field(default_factory=Variation)  # of the training pictures
    drawn_variation: float = 0.6  # share of it for strokes, which were varied when they were drawn
    last_variation: float = 0.6  # share of it in the last epoch, to which it falls over the last fifth of them


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training pictures came to."""

    number: int
    steps: int  # taken by then, since the start of the training
    rate: float
    loss: float
    accuracy: float  # on the varied digits, while learning
    gradient_norm: float  # the length of the gradient, mean over the steps


@dataclass
class TrainingState:
    """A training between two epochs: all that the next one depends on, and what is kept of the way so far."""

    network: Network  # its parameters are the running mean: what is judged and kept
    learner: Network  # takes the steps
    optimizer: Optimizer
    generators: tuple[np.random.Generator, np.random.Generator, np.random.Generator]  # of order, variation, dropout
    checkpoints: CheckpointRecorder
    step: int = 0
    epoch: int = 0  # how many are done

    @classmethod
    def begin(cls, config: TrainConfig, rng: np.random.Generator) -> TrainingState:
        """Random weights, and nothing learned yet."""
        network = Network.create(config.sizes, rng, config.activation, config.initialisation)
        order, variation, dropout = rng.spawn(3)
        learner = Network(network.sizes, network.theta.copy(), network.activation)
        return cls(
            network, learner, _optimizer(config), (order, variation, dropout), CheckpointRecorder.begin(network.theta)
        )

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """All of it, as arrays."""
        generators = [generator.bit_generator.state for generator in self.generators]
        memory = {f"optimizer.{key}": np.asarray(v) for key, v in vars(self.optimizer).items() if v is not None}
        return {
            "mean": self.network.theta,
            "learner": self.learner.theta,
            "done": np.array([self.step, self.epoch]),
            "generators": np.array(json.dumps(generators)),
            **memory,
            **self.checkpoints.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Be again what `state` was taken of."""
        self.network.theta[:], self.learner.theta[:] = state["mean"], state["learner"]
        self.step, self.epoch = state["done"].tolist()
        for generator, known in zip(self.generators, json.loads(str(state["generators"])), strict=True):
            generator.bit_generator.state = known
        for key, value in state.items():
            if key.startswith("optimizer."):
                setattr(self.optimizer, key.removeprefix("optimizer."), value if value.ndim else value.item())
        self.checkpoints = CheckpointRecorder.from_state_dict(state)


def run_epochs(
    state: TrainingState,
    digits: Digits,
    config: TrainConfig,
    progress: Callable[[float], None] = lambda _: None,
    teacher: Network | None = None,
    drawn: NDArray[np.bool_] | None = None,
) -> Iterator[Epoch]:
    """Go on with a course to its last epoch, and yield after every one. `progress` hears how much of all is done.

    `drawn` (n,) marks the pictures that were drawn from strokes; they are varied less.

    Between two epochs `state.network` holds the averaged parameters, which are better than the last ones (Polyak &
    Juditsky 1992); learning itself goes on from the last ones.

    A teacher is a network whose answers are learned together with the labels (distillation; Hinton et al. 2015):
    how it divides its belief says more about a drawing than its name does.

    Raises:
        Diverged: the loss or the gradient is not finite.
    """
    network, learner, optimizer = state.network, state.learner, state.optimizer
    order_rng, variation_rng, dropout_rng = state.generators
    targets = one_hot(digits.labels, network.sizes[-1], config.label_smoothing)
    size = min(config.batch_size or len(digits), len(digits))
    strength = np.ones(len(digits)) if drawn is None else np.where(drawn, config.drawn_variation, 1.0)
    lesson = DataLoader(digits, targets, size, config, strength, order_rng, variation_rng, teacher)
    known = max(1, int((digits.labels < network.sizes[-1]).sum()))
    batches = -(-len(digits) // size)
    steps = batches * config.epochs
    rate = _schedule(config, steps)
    for number in range(state.epoch + 1, config.epochs + 1):
        loss, right, length = 0.0, 0, 0.0
        for x, t, labels in lesson.epoch(_calmed(config, number)):
            with np.errstate(over="ignore", invalid="ignore"):  # what overflows ends as Diverged
                logits, gradient = learner.gradient(x, t, config.l2, config.dropout, dropout_rng)
                batch_loss, batch_length = cross_entropy(logits, t), math.sqrt(np.vdot(gradient, gradient))
                if not math.isfinite(batch_loss + batch_length):
                    raise Diverged(_cause(config, state, number, rate(state.step)))
                optimizer.step(learner.theta, gradient, rate(state.step))
                state.step += 1
                _average(network.theta, learner.theta, config.average, state.step)
            state.checkpoints.record(state.step, steps, network.theta)
            loss += batch_loss * len(x)
            length += batch_length
            right += int((logits.argmax(axis=1) == labels).sum())  # what is no digit is never right
            progress(state.step / steps)
        if not np.isfinite(network.theta).all():  # the very last step can overflow too
            raise Diverged(_cause(config, state, number, rate(state.step - 1)))
        state.epoch = number
        yield Epoch(number, state.step, rate(state.step - 1), loss / len(digits), right / known, length / batches)


def fit_temperature(logits: Floats, labels: NDArray[np.uint8]) -> float:
    """The temperature, 1 or more, whose softmax is most honest: least cross-entropy on validation (Guo et al. 2017)."""
    targets = one_hot(labels, logits.shape[1])
    return float(min(TEMPERATURES, key=lambda T: cross_entropy(logits.astype(np.float64) / T, targets)))


@dataclass(frozen=True)
class DataLoader:
    """What is learned from, and how it is cut: `epoch` yields the batches (x, targets, labels) of one pass."""

    digits: Digits
    targets: NDArray[np.float32]
    size: int
    config: TrainConfig
    strength: NDArray[np.float64]  # (n,) of each picture's variation
    order_rng: np.random.Generator
    variation_rng: np.random.Generator
    teacher: Network | None

    def epoch(self, calm: float) -> Iterator[tuple[NDArray[np.float32], Floats, NDArray[np.uint8]]]:
        """One pass, with so much of every picture's variation."""
        # One worker varies the chunks, in order, so that the same seed gives the same pictures.
        order = self.order_rng.permutation(len(self.digits))
        length = -(-CHUNK // self.size) * self.size
        chunks = [order[start : start + length] for start in range(0, len(order), length)]
        with ThreadPoolExecutor(max_workers=1) as worker:
            coming = worker.submit(self._varied, chunks[0], calm)
            for chunk, following in zip(chunks, [*chunks[1:], None], strict=True):
                x, targets = coming.result()
                if following is not None:
                    coming = worker.submit(self._varied, following, calm)
                for start in range(0, len(chunk), self.size):
                    part = slice(start, start + self.size)
                    yield x[part], targets[part], self.digits.labels[chunk[part]]

    def _varied(self, chunk: NDArray[np.intp], calm: float) -> tuple[NDArray[np.float32], Floats]:
        """Pictures and targets. A teacher says what it sees in the pictures as they are after the variation."""
        x, targets = scale_pixels(self.digits.pictures[chunk]), self.targets[chunk]
        if self.config.variation:
            x = augment(x, self.config.variation, self.variation_rng, calm * self.strength[chunk])
        if self.teacher:
            share = self.config.teaching
            targets = (1 - share) * targets + share * self.teacher.probabilities(x)
        return x, targets.astype(np.float32, copy=False)


def _calmed(config: TrainConfig, epoch: int) -> float:
    """How much of the variation there is in an epoch: at the end, pictures look more as they will in earnest."""
    begun = (epoch / config.epochs - CALM_FROM) / (1 - CALM_FROM)
    return 1 + (config.last_variation - 1) * max(0.0, begun)


def _average(mean: Floats, theta: Floats, share: float, step: int) -> None:
    """Running mean ← share·mean + (1 − share)·θ; the share rises from zero: the random start is soon forgotten."""
    if not share:
        mean[:] = theta
        return
    share = min(share, (step - 1) / (step + 10))
    mean += mean.dtype.type(1 - share) * (theta - mean)


def _optimizer(config: TrainConfig) -> Optimizer:
    if config.optimizer == "adam":
        return Adam()
    if config.optimizer == "muon":  # the last layer's few outputs are no directions to even out
        return Muon(weight_blocks(config.sizes)[:-1])
    return SGD(config.momentum, nesterov=config.nesterov)


def _schedule(config: TrainConfig, steps: int) -> Callable[[int], float]:
    warmup = min(config.warmup, steps // 10)
    if config.schedule == "cosine":
        return cosine(config.rate, steps, warmup=warmup)
    if config.schedule == "step":
        return step_decay(config.rate, -(-steps // STEP_EVERY), warmup=warmup)
    return constant(config.rate, warmup=warmup)


def _cause(config: TrainConfig, state: TrainingState, number: int, rate: float) -> str:
    """Where the numbers left the finite ones, and what of the recipe most likely drove them there."""
    where = (
        f"The numbers grew beyond all bounds in epoch {number}, step {state.step + 1}, at a learning rate of {rate:g}"
    )
    if state.step == 0:
        return (
            f"{where}: before anything was learned. The first weights are too large for --sizes "
            f"{','.join(map(str, config.sizes))}; try another --initialisation (it is {config.initialisation})"
        )
    if config.optimizer == "sgd" and config.l2 * config.rate > _most_decay(config):
        return (
            f"{where}: the weight decay itself overshoots, for each step takes {config.l2 * config.rate:g} times the "
            f"weights away. Lower --l2 (it is {config.l2:g}) or --rate (it is {config.rate:g})"
        )
    advice = f"Lower --rate (it is {config.rate:g})"
    if config.optimizer == "sgd" and config.momentum > 0.5:
        longer = f"{1 / (1 - config.momentum):.3g} times as long in the end"
        advice += f", or --momentum: {config.momentum:g} makes the steps {longer}"
    if state.step <= EARLY and config.warmup < state.step:
        advice += f". It happened in the first steps, so more --warmup (it is {config.warmup} steps) may be enough"
    return f"{where}: the steps are too long for this network. {advice}"


def _most_decay(config: TrainConfig) -> float:
    """The largest rate · l2 under which SGD's weight decay, left alone, still ends at zero (Goh 2017 on momentum).

    Beyond it the step that takes a weight and its velocity on has an eigenvalue below -1.
    """
    limit = 2 + 2 * config.momentum
    return limit / (1 + 2 * config.momentum) if config.nesterov else limit
