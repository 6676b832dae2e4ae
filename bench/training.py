"""An epoch of 60,000 pictures at batch 128, SGD with momentum and L2: ours against PyTorch, scikit-learn and nn_digits.

All on one thread, in turn, each as a beginner would write it with that library. PyTorch and nn_digits start from our
weights, and have to come where we come with a few steps before any clock runs. What is not installed is left out.
Seconds are the processor's: what else the machine does counts less.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.mnist import Digits
from model.network import Network, one_hot, scale_pixels
from model.optimizers import SGD
from model.training.config import TrainConfig
from model.training.loop import run_epochs
from model.training.state import TrainingState

Floats = NDArray[np.floating[Any]]
PICTURES, BATCH, ROUNDS = 60_000, 128, 7
RATE, MOMENTUM, L2 = 0.05, 0.9, 1e-4
SIZES = (784, 128, 64, 10)
OURS, PASS = "ours", "our whole pass"  # the steps alone; with shuffling, loss and accuracy, as `run_epochs` does it


class Workload:
    """Pictures with as much ink as MNIST's, their labels, and the order in which they are learned."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(0)
        ink = rng.random((count, 784), dtype=np.float32) < 0.2
        pictures = rng.integers(1, 256, (count, 784), dtype=np.uint8) * ink
        self.digits = Digits(pictures, rng.integers(0, 10, count, dtype=np.uint8))
        self.x, self.targets = scale_pixels(pictures), one_hot(self.digits.labels)
        self.order = rng.permutation(count)

    def batches(self) -> Iterator[NDArray[np.intp]]:
        """The places of each batch's pictures."""
        return (self.order[start : start + BATCH] for start in range(0, len(self.order), BATCH))


@dataclass(frozen=True)
class Runner:
    """One library's training: an epoch, its parameters, and the goal: how many times the seconds of `against`."""

    epoch: Callable[[], object]
    parameters: Callable[[], list[Floats]] = list
    goal: float = 0.0
    against: str = OURS


def run() -> str:
    """A line with the seconds of an epoch and the ratios."""
    work, missing = Workload(PICTURES), []
    runners: dict[str, Runner] = {}
    for make in (_ours, _torch, _sklearn, _digits):
        try:
            _check(make)
            runners |= make(work)
        except ImportError as error:
            missing.append(str(error.name))
    seconds = _least(runners)
    parts = [f"{seconds[OURS]:.2f} s ({PASS} {seconds[PASS]:.2f} s)"]
    for name, runner in runners.items():
        if runner.goal:
            ratio = seconds[name] / seconds[runner.against]
            parts.append(f"{name} {seconds[name]:.2f} s, {ratio:.2f} times {runner.against} (goal {runner.goal:g})")
    if missing:
        parts.append(f"no {', '.join(missing)} here: the Makefile says at `peers` how to get what is missing")
    return "; ".join(parts)


def _check(make: Callable[[Workload], dict[str, Runner]]) -> None:
    """The same few steps have to lead to the same parameters, or the work is not the same."""
    work = Workload(3 * BATCH)
    own = _ours(work)[OURS]
    own.epoch()
    for runner in make(work).values():
        runner.epoch()
        for mine, theirs in zip(own.parameters(), runner.parameters(), strict=False):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)


def _least(runners: dict[str, Runner]) -> dict[str, float]:
    """Seconds of the processor that each takes, the least of rounds taken in turn: that round was disturbed least."""
    seconds = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS):
        for name, runner in runners.items():
            started = time.process_time()
            runner.epoch()
            seconds[name] = min(seconds[name], time.process_time() - started)
    return seconds


def _ours(work: Workload) -> dict[str, Runner]:
    network, optimizer = _network(), SGD(MOMENTUM)
    config = TrainConfig(
        SIZES, optimizer="sgd", rate=RATE, l2=L2, batch_size=BATCH, epochs=1, ema_decay=0, augmentation=None
    )

    def epoch() -> None:
        for part in work.batches():
            _, gradient = network.gradient(work.x[part], work.targets[part], L2)
            optimizer.step(network.theta, gradient, RATE)

    def whole() -> None:
        list(run_epochs(TrainingState.create(config, np.random.default_rng(0)), work.digits, config))

    return {OURS: Runner(epoch, lambda: [*network.weights, *network.biases]), PASS: Runner(whole)}


def _network() -> Network:
    return Network.create(SIZES, np.random.default_rng(0))


def _torch(work: Workload) -> dict[str, Runner]:
    import torch  # noqa: PLC0415 - a peer that may be missing
    from torch import nn  # noqa: PLC0415

    torch.set_num_threads(1)
    layers = [nn.Linear(n_in, n_out) for n_in, n_out in itertools.pairwise(SIZES)]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    with torch.no_grad():
        for layer, W in zip(layers, _network().weights, strict=True):
            layer.weight.copy_(torch.from_numpy(W.T))
            layer.bias.zero_()
    weights, biases = [layer.weight for layer in layers], [layer.bias for layer in layers]
    groups = [{"params": weights, "weight_decay": L2}, {"params": biases}]
    optimizer, cross_entropy = torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM), nn.CrossEntropyLoss()
    x, labels = torch.from_numpy(work.x), torch.from_numpy(work.digits.labels.astype(np.int64))
    batches = [torch.from_numpy(part) for part in work.batches()]

    def epoch() -> None:
        for part in batches:
            optimizer.zero_grad()
            cross_entropy(model(x[part]), labels[part]).backward()
            optimizer.step()

    def parameters() -> list[Floats]:
        return [*(W.detach().numpy().T for W in weights), *(b.detach().numpy() for b in biases)]

    return {"PyTorch": Runner(epoch, parameters, goal=1.5)}


def _sklearn(work: Workload) -> dict[str, Runner]:
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 - a peer that may be missing

    options = {"learning_rate_init": RATE, "momentum": MOMENTUM, "nesterovs_momentum": False, "alpha": L2 * BATCH}
    model = MLPClassifier(SIZES[1:-1], solver="sgd", batch_size=BATCH, random_state=0, **options)
    classes = np.arange(10)
    return {"scikit-learn": Runner(lambda: model.partial_fit(work.x, work.digits.labels, classes=classes), goal=2)}


def _digits(work: Workload) -> dict[str, Runner]:
    from nn_digits.neural_net.network import NeuralNetwork  # noqa: PLC0415 - a peer that may be missing
    from nn_digits.neural_net.training import Trainer  # noqa: PLC0415

    model = NeuralNetwork(SIZES)
    model.weights = [W.copy() for W in _network().weights]

    def epoch() -> None:
        for part in work.batches():
            model.train_step(work.x[part], work.targets[part], RATE, MOMENTUM, L2)

    photos = np.concatenate([work.digits.pictures, work.digits.pictures[: len(work.digits) // 9]]).reshape(-1, 28, 28)
    labels = np.concatenate([work.digits.labels, work.digits.labels[: len(work.digits) // 9]])
    trainer = Trainer(SIZES[1:-1], photos_and_digits=(photos, labels))  # it keeps a tenth of them for validation

    def whole() -> None:
        trainer.run_epoch(RATE, batch=BATCH, momentum=MOMENTUM, l2=L2, rotation=0, shift=0)

    return {
        "neural-network-digits": Runner(epoch, lambda: [*model.weights, *model.biases], goal=2),
        "its whole pass": Runner(whole, goal=2, against=PASS),
    }
