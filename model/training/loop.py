"""The training loop: shuffled and augmented batches, and for each a gradient and an optimiser step.

`train` goes through the epochs: after each it selects the network, and saves everything that the next epoch
depends on. `run_epochs` goes through the steps. While one batch is learned from, other cores augment the next ones.
"""

import itertools
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.checkpoints import Checkpoints
from model.data.augment import augment
from model.data.dataset import Dataset
from model.data.mnist import Digits
from model.data.processes import processes
from model.network import Floats, Network, cross_entropy, one_hot, scale_pixels
from model.optimizers import constant, cosine, step_decay
from model.progress import Progress, clock
from model.storage import write_atomic
from model.training.config import TrainConfig
from model.training.plots import Charts
from model.training.selection import Epoch, ModelSelection
from model.training.state import TrainingState, load_state, origin_of, resume_command, resume_path, save_state

Batch = tuple[NDArray[np.float32], Floats, NDArray[np.uint8]]  # pictures, targets, labels
CHUNK: Final = 5120  # pictures augmented at a time: a few batches ahead, little memory
EARLY: Final = 500  # steps in which a training without warm-up is most likely to diverge
FINAL_FROM: Final = 0.8  # share of the epochs after which the augmentation falls
STEP_PARTS: Final = 3  # equal parts of a training, each with a rate of its own in the step schedule


class Diverged(Exception):  # noqa: N818 - what happened to the training
    """The loss, or the gradient, is no finite number any more; the message names the likely cause."""


@dataclass(frozen=True)
class Trained:
    """The result of a training."""

    network: Network  # the one selected on validation digits
    checkpoints: Checkpoints
    history: list[dict[str, float]]
    seconds: float  # without interruptions
    finished: bool  # whether all epochs are done


def train(
    config: TrainConfig,
    dataset: Dataset,
    folder: Path,
    charts: Charts,
    teacher: Network | None = None,
    *,
    resume: bool = False,
) -> Trained:
    """Train to the last epoch; KeyboardInterrupt ends it early, with the best network so far.

    Raises:
        Diverged: the loss or the gradient is not finite.
        KeyboardInterrupt: before the first epoch was done.
        ResumeError: what is in the folder cannot be resumed.
    """
    state = TrainingState.create(config, np.random.default_rng(config.seed))
    selection, origin = ModelSelection(dataset.validation), origin_of(dataset, teacher)

    def load_last_epoch() -> None:
        saved = load_state(folder, origin)
        state.load_state_dict(saved)
        selection.load_state_dict(saved)

    if resume:
        load_last_epoch()
    write_history(folder, selection.history)
    started = time.monotonic() - state.seconds
    progress = Progress("learning", done=state.epoch / config.epochs)
    on_step = lambda share: progress.update(share, _progress_text(selection.history, config))  # noqa: E731
    try:
        for epoch in run_epochs(state, dataset.train, config, on_step, teacher, dataset.drawn):
            selection.update(state.network, epoch)
            write_history(folder, selection.history)
            state.seconds = time.monotonic() - started
            save_state(folder, origin, state.state_dict() | selection.state_dict())
            if charts.due:
                charts.draw(selection.history, state.network, dataset.validation["mnist"])
    except Diverged:  # what led there leads there again
        resume_path(folder).unlink(missing_ok=True)
        raise
    except KeyboardInterrupt:  # anywhere in the epoch, of which nothing is kept
        if not resume_path(folder).exists():
            raise
        load_last_epoch()
        write_history(folder, selection.history)
        progress.line(f"stopped: keeping the best weights so far\n`{resume_command(folder)}` goes on")
    seconds = time.monotonic() - started
    progress.line(f"{_progress_text(selection.history, config)}, in {clock(seconds)}")
    return _select(state, selection, seconds, finished=state.epoch == config.epochs)


def _select(state: TrainingState, selection: ModelSelection, seconds: float, *, finished: bool) -> Trained:
    """The selected network, with its checkpoints."""
    state.network.theta[:] = selection.theta
    checkpoints = state.checkpoints.up_to(state.network, selection.steps, state.step / state.epoch)
    return Trained(state.network, checkpoints, selection.history, seconds, finished)


def run_epochs(
    state: TrainingState,
    digits: Digits,
    config: TrainConfig,
    on_step: Callable[[float], None] = lambda _: None,
    teacher: Network | None = None,
    drawn: NDArray[np.bool_] | None = None,
) -> Iterator[Epoch]:
    """Train from where the state is to the last epoch, and yield after each. `on_step` gets the share of steps done.

    `drawn` (n,) marks the pictures that were drawn from strokes; they are augmented less.

    Between two epochs `state.network` holds the averaged parameters, which are better than the last ones (Polyak &
    Juditsky 1992); learning itself goes on from the last ones.

    A teacher's answers are learned together with the labels.

    Raises:
        Diverged: the loss or the gradient is not finite.
    """
    network, learner, optimizer = state.network, state.learner, state.optimizer
    loader = DataLoader(digits, config, teacher, drawn)
    known = max(1, int((digits.labels < network.sizes[-1]).sum()))
    steps = loader.batches * config.epochs
    rate = learning_rate(config, steps)
    for number in range(state.epoch + 1, config.epochs + 1):
        loss, right, length = 0.0, 0, 0.0
        for x, t, labels in loader.epoch(augmentation_share(config, number), state.generators):
            with np.errstate(over="ignore", invalid="ignore"):  # what overflows ends as Diverged
                logits, gradient = learner.gradient(x, t, config.l2, config.dropout, state.generators["dropout"])
                batch_loss, batch_length = cross_entropy(logits, t), math.sqrt(np.vdot(gradient, gradient))
                if not math.isfinite(batch_loss + batch_length):
                    raise Diverged(_cause(config, state, number, rate(state.step)))
                optimizer.step(learner.theta, gradient, rate(state.step))
                state.step += 1
                update_average(network.theta, learner.theta, config.ema_decay, state.step)
            state.checkpoints.record(state.step, steps, network.theta)
            loss += batch_loss * len(x)
            length += batch_length
            right += int((logits.argmax(axis=1) == labels).sum())  # an outlier is never right
            on_step(state.step / steps)
        if not np.isfinite(network.theta).all():  # the very last step can overflow too
            raise Diverged(_cause(config, state, number, rate(state.step - 1)))
        state.epoch = number
        yield Epoch(
            number, state.step, rate(state.step - 1), loss / len(digits), right / known, length / loader.batches
        )


class DataLoader:
    """The training pictures in random order, augmented, in batches."""

    def __init__(
        self,
        digits: Digits,
        config: TrainConfig,
        teacher: Network | None,
        drawn: NDArray[np.bool_] | None,
        indices: NDArray[np.intp] | None = None,
    ) -> None:
        self.digits, self.config, self.teacher = digits, config, teacher
        self.indices = np.arange(len(digits)) if indices is None else indices  # of an epoch's pictures
        self.size = min(config.batch_size or len(self.indices), len(self.indices))
        self.batches = -(-len(self.indices) // self.size)
        self.targets = one_hot(digits.labels, config.sizes[-1], config.label_smoothing)
        drawn = np.zeros(len(digits), bool) if drawn is None else drawn
        self.strength = np.where(drawn, config.stroke_augmentation, 1.0)  # (n,) of each picture's augmentation

    def epoch(self, share: float, generators: dict[str, np.random.Generator]) -> Iterator[Batch]:
        """The batches of one pass, with this share of every picture's augmentation."""
        # Each chunk has a generator of its own: the same seed gives the same pictures on any number of cores.
        order = generators["order"].permutation(self.indices)
        length = -(-CHUNK // self.size) * self.size
        chunks = [order[start : start + length] for start in range(0, len(order), length)]
        seeds = generators["augmentation"].integers(2**63, size=len(chunks)).tolist()
        with ThreadPoolExecutor(workers := max(1, processes() - 1)) as pool:
            tasks = (
                (chunk, pool.submit(self._augmented, chunk, share, np.random.default_rng(seed)))
                for chunk, seed in zip(chunks, seeds, strict=True)
            )
            ahead = deque(itertools.islice(tasks, workers + 1))
            while ahead:
                chunk, task = ahead.popleft()
                x, targets = task.result()
                ahead.extend(itertools.islice(tasks, 1))
                for start in range(0, len(chunk), self.size):
                    part = slice(start, start + self.size)
                    yield x[part], targets[part], self.digits.labels[chunk[part]]

    def _augmented(
        self, chunk: NDArray[np.intp], share: float, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], Floats]:
        """Pictures and targets. A teacher answers to the pictures as they are after the augmentation."""
        x, targets = scale_pixels(self.digits.pictures[chunk]), self.targets[chunk]
        if self.config.augmentation:
            x = augment(x, self.config.augmentation, rng, share * self.strength[chunk])
        if self.teacher:
            weight = self.config.distillation_weight
            targets = (1 - weight) * targets + weight * self.teacher.probabilities(x)
        return x, targets.astype(np.float32, copy=False)


def augmentation_share(config: TrainConfig, epoch: int) -> float:
    """How much of the augmentation there is in an epoch: in the last ones, pictures look more like those to be read."""
    final = (epoch / config.epochs - FINAL_FROM) / (1 - FINAL_FROM)
    return 1 + (config.final_augmentation - 1) * max(0.0, final)


def update_average(mean: Floats, theta: Floats, decay: float, step: int) -> None:
    """Moving average ← decay·average + (1 − decay)·θ; the decay rises from zero: the random start is soon forgotten."""
    if not decay:
        mean[:] = theta
        return
    decay = min(decay, (step - 1) / (step + 10))
    mean += mean.dtype.type(1 - decay) * (theta - mean)


def learning_rate(config: TrainConfig, steps: int) -> Callable[[int], float]:
    """The learning rate at each of so many steps."""
    warmup = min(config.warmup, steps // 10)
    if config.schedule == "cosine":
        return cosine(config.rate, steps, warmup=warmup)
    if config.schedule == "step":
        return step_decay(config.rate, -(-steps // STEP_PARTS), warmup=warmup)
    return constant(config.rate, warmup=warmup)


def write_history(folder: Path, history: list[dict[str, float]]) -> None:
    """The epochs so far, as JSON lines."""
    write_atomic(folder / "history.jsonl", "".join(json.dumps(line) + "\n" for line in history).encode())


def _progress_text(history: list[dict[str, float]], config: TrainConfig) -> str:
    """The figures of the last epoch, in a line."""
    if not history:
        return ""
    line = history[-1]
    dead = f" dead {line['dead_neurons']:.0%}" if config.activation == "relu" else ""
    return (
        f"epoch {line['number']}/{config.epochs} loss {line['loss']:.4f} right {line['accuracy']:.2%} "
        f"validation loss {line['validation_loss']:.4f} right {line['validation_accuracy']:.2%} "
        f"gradient {line['gradient_norm']:.2g}{dead}"
    )


def _cause(config: TrainConfig, state: TrainingState, number: int, rate: float) -> str:
    """Where the numbers stopped being finite, and which option most likely is the cause."""
    where = (
        f"The numbers grew beyond all bounds in epoch {number}, step {state.step + 1}, at a learning rate of {rate:g}"
    )
    if state.step == 0:
        return (
            f"{where}: before anything was learned. The first weights are too large for --sizes "
            f"{','.join(map(str, config.sizes))}; try another --initialisation (it is {config.initialisation})"
        )
    if config.optimizer == "sgd" and config.l2 * config.rate > largest_decay(config):
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


def largest_decay(config: TrainConfig) -> float:
    """The largest rate · l2 under which SGD's weight decay, left alone, still ends at zero (Goh 2017 on momentum).

    Beyond it the step that takes a weight and its velocity on has an eigenvalue below -1.
    """
    limit = 2 + 2 * config.momentum
    return limit / (1 + 2 * config.momentum) if config.nesterov else limit
