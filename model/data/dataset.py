"""The dataset: MNIST, pen digits, synthetic digits and outliers for training, and the validation sets.

Strokes are drawn several times, each time with another random augmentation. Drawing takes a minute or two and runs in
one process a core, shard by shard; the same seed gives the same dataset on any number of cores.
"""

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from model.data.mnist import Digits, load_mnist
from model.data.outliers import held_out_letter, outlier
from model.data.pendigits import PenDigit, Pens, load_pens
from model.data.pictures import synthetic_picture
from model.data.strokes import StrokeAugmentation, draw_augmented

Rng = np.random.Generator
Drawn = tuple[NDArray[np.uint8], int]  # a picture (28, 28) or (784,), and its label
NO_DIGIT: Final = 10  # the label of outliers
WORKERS: Final = "INKSCOPE_WORKERS"  # environment variable: the number of processes that draw; default: one a core
SHARD_SIZE: Final = 500  # drawings in a shard, which has a random generator of its own
VALIDATION_DRAWINGS: Final = 3  # of each pen digit for validation
VALIDATION_SYNTHETIC: Final = 3000  # synthetic digits for validation


@dataclass(frozen=True)
class DataConfig:
    """How much of each kind of data to train on; all but `mnist` can be 0."""

    mnist: int = 3  # repetitions of each MNIST digit
    pens: int = 8  # drawings of each pen digit
    synthetic: int = 40_000
    outliers: int = 25_000
    digits: int = 0  # the first so many MNIST digits alone; 0: all
    validation_sets: Literal["learned", "all"] = "learned"  # of the kinds in training, or of every kind


@dataclass(frozen=True)
class Dataset:
    """Training pictures (label 10: no digit), and validation pictures by kind."""

    train: Digits
    validation: dict[str, Digits]
    drawn: NDArray[np.bool_] | None = None  # (n,) which of `train` were drawn with an augmentation; None: none


@dataclass(frozen=True)
class Shard:
    """A few drawings to make: of pen digits, or a number of synthetic digits, outliers or held-out letters."""

    seed: tuple[int, int, int]
    pens: list[PenDigit] = field(default_factory=list)
    augmentation: StrokeAugmentation = field(default_factory=StrokeAugmentation)
    synthetic: int = 0
    outliers: int = 0
    letters: int = 0

    def drawings(self) -> Iterator[Drawn]:
        """The drawings, one by one, from one random generator."""
        rng = np.random.default_rng(self.seed)
        for pen in self.pens:
            yield draw_augmented(self.augmentation, pen.strokes, rng), pen.digit
        for i in range(self.synthetic):
            yield synthetic_picture(i % 10, rng), i % 10
        for _ in range(self.outliers):
            yield outlier(rng), NO_DIGIT
        for _ in range(self.letters):
            yield held_out_letter(rng), NO_DIGIT

    def draw(self) -> Digits:
        """All drawings."""
        pictures, labels = zip(*self.drawings(), strict=True)
        return Digits(np.stack(pictures).reshape(-1, 784), np.array(labels, dtype=np.uint8))


def load_dataset(
    folder: Path, data_config: DataConfig, seed: int, progress: Callable[[float], None] = lambda _: None
) -> Dataset:
    """The training and validation data, from a folder with MNIST and the pen digits.

    Raises:
        DataError: data is missing or damaged.
    """
    mnist = load_mnist(folder)
    of_every_kind = data_config.validation_sets == "all"
    pens = load_pens(folder) if data_config.pens or of_every_kind else Pens([], [], [])
    synthetic = VALIDATION_SYNTHETIC if data_config.synthetic or of_every_kind else 0
    validation_shards = {
        "pen": pendigit_shards(pens.validation, VALIDATION_DRAWINGS, (seed, 1)),
        "synthetic": [Shard((seed, 5, i), synthetic=n) for i, n in _shard_sizes(synthetic)],
    }
    shards = [
        *itertools.chain(*validation_shards.values()),
        *pendigit_shards(pens.train, data_config.pens, (seed, 2)),
        *(Shard((seed, 3, i), synthetic=n) for i, n in _shard_sizes(data_config.synthetic)),
        *(Shard((seed, 4, i), outliers=n) for i, n in _shard_sizes(data_config.outliers)),
    ]
    drawn = draw_all(shards, progress)
    validation = {"mnist": mnist.validation}
    for name, part in validation_shards.items():
        if part:
            validation[name], drawn = concatenate(drawn[: len(part)]), drawn[len(part) :]
    repeated = concatenate([mnist.train[: data_config.digits or None]] * data_config.mnist)
    train = concatenate([repeated, *drawn])
    return Dataset(train, validation, np.arange(len(train)) >= len(repeated))


def pendigit_shards(
    pens: list[PenDigit], times: int, seed: tuple[int, int], augmentation: StrokeAugmentation | None = None
) -> list[Shard]:
    """Shards that draw every pen digit `times` times."""
    every = [pen for pen in pens for _ in range(times)]
    parts = (every[start : start + SHARD_SIZE] for start in range(0, len(every), SHARD_SIZE))
    return [
        Shard((*seed, i), pens=part, augmentation=augmentation or StrokeAugmentation()) for i, part in enumerate(parts)
    ]


def letter_shards(count: int, seed: tuple[int, int]) -> list[Shard]:
    """Shards of held-out letters."""
    return [Shard((*seed, i), letters=n) for i, n in _shard_sizes(count)]


def draw_all(shards: list[Shard], progress: Callable[[float], None] = lambda _: None) -> list[Digits]:
    """Draw shards in as many processes as `WORKERS` says, or one a core; the results keep their order."""
    workers = int(os.environ.get(WORKERS, os.cpu_count() or 1))
    # Spawned, not forked: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_exit_with_parent) as pool:
        drawn = []
        for digits in pool.map(Shard.draw, shards):
            drawn.append(digits)
            progress(len(drawn) / len(shards))
        return drawn


def _exit_with_parent() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent; and exit when the parent ends.

    The workers of a parent that was killed would otherwise wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def concatenate(parts: Iterable[Digits]) -> Digits:
    """Several sets as one."""
    parts = list(parts)
    return Digits(np.concatenate([part.pictures for part in parts]), np.concatenate([part.labels for part in parts]))


def _shard_sizes(count: int) -> list[tuple[int, int]]:
    """(number, size) of the shards that make up a count."""
    return [(i, min(SHARD_SIZE, count - start)) for i, start in enumerate(range(0, count, SHARD_SIZE))]
