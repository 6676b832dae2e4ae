"""What the network learns from: MNIST, real pen strokes, habits made on purpose, and things that are no digit.

    python -m model.data.dataset --data DIR     fetch the data that DIR lacks, and check what it has

Strokes are drawn several times, each time with a new random `strokes.StrokeAugmentation`. Drawing takes a minute or two
and runs on all cores; the same seed gives the same dataset on any number of them.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from model.data.mnist import DataError, Digits, load_mnist
from model.data.outliers import held_out_letter, outlier
from model.data.pendigits import Pens, load_pens
from model.data.strokes import StrokeAugmentation, draw_augmented
from model.data.synthetic import synthetic_digit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from model.data.pendigits import PenDigit

    Rng = np.random.Generator
    Drawn = tuple[NDArray[np.uint8], int]  # a picture (28, 28) or (784,), and its label

NO_DIGIT: Final = 10  # the label of what is none
WORKERS: Final = "LESSONS_WORKERS"  # the environment variable that says how many processes draw; else one a core
SHARD_SIZE: Final = 500  # drawings that one process makes at a time, with a generator of their own
VALIDATION_DRAWINGS: Final = 3  # of each pen digit that is there for choosing
VALIDATION_SYNTHETIC: Final = 3000  # digits in habits made on purpose, for choosing


@dataclass(frozen=True)
class DataConfig:
    """How much of what is learned from; all but MNIST can be 0."""

    mnist: int = 3  # times that each of MNIST's digits counts
    pens: int = 8  # times that each pen digit is drawn
    synthetic: int = 40_000  # digits in habits made on purpose
    outliers: int = 25_000  # things that are no digit
    digits: int = 0  # of MNIST's digits alone; 0: all
    validation_sets: Literal["learned", "all"] = (
        "learned"  # validation digits of what is learned from, or of every kind
    )


@dataclass(frozen=True)
class Dataset:
    """What to learn from (label 10: no digit), and what to choose by."""

    train: Digits
    validation: dict[str, Digits]
    drawn: NDArray[np.bool_] | None = (
        None  # (n,) which of `train` were drawn by some `StrokeAugmentation`; None: none of them
    )


@dataclass(frozen=True)
class Shard:
    """A few drawings to be made: of these pen digits, else so many styles, doodles or letters."""

    seed: tuple[int, int, int]
    pens: list[PenDigit] = field(default_factory=list)
    augmentation: StrokeAugmentation = field(default_factory=StrokeAugmentation)
    synthetic: int = 0
    outliers: int = 0
    letters: int = 0

    def drawings(self) -> Iterator[Drawn]:
        """The drawings, one after the other, from one generator."""
        rng = np.random.default_rng(self.seed)
        for pen in self.pens:
            yield draw_augmented(self.augmentation, pen.strokes, rng), pen.digit
        for i in range(self.synthetic):
            yield draw_augmented(self.augmentation, synthetic_digit(i % 10, rng), rng), i % 10
        for _ in range(self.outliers):
            yield outlier(rng), NO_DIGIT
        for _ in range(self.letters):
            yield held_out_letter(rng), NO_DIGIT

    def draw(self) -> Digits:
        """All of them."""
        pictures, labels = zip(*self.drawings(), strict=True)
        return Digits(np.stack(pictures).reshape(-1, 784), np.array(labels, dtype=np.uint8))


def load_dataset(
    folder: Path, data_config: DataConfig, seed: int, progress: Callable[[float], None] = lambda _: None
) -> Dataset:
    """Everything to learn from and to choose by, from a folder with MNIST and the pen digits.

    Raises:
        DataError: data is missing, or not what it should be.
    """
    mnist = load_mnist(folder)
    by_all = data_config.validation_sets == "all"
    pens = load_pens(folder) if data_config.pens or by_all else Pens([], [], [])
    synthetic = VALIDATION_SYNTHETIC if data_config.synthetic or by_all else 0
    chosen_by = {
        "pen": pendigit_shards(pens.validation, VALIDATION_DRAWINGS, (seed, 1)),
        "synthetic": [Shard((seed, 5, i), synthetic=n) for i, n in _shard_sizes(synthetic)],
    }
    shards = [
        *itertools.chain(*chosen_by.values()),
        *pendigit_shards(pens.train, data_config.pens, (seed, 2)),
        *(Shard((seed, 3, i), synthetic=n) for i, n in _shard_sizes(data_config.synthetic)),
        *(Shard((seed, 4, i), outliers=n) for i, n in _shard_sizes(data_config.outliers)),
    ]
    drawn = draw_all(shards, progress)
    validation = {"mnist": mnist.validation}
    for name, part in chosen_by.items():
        if part:
            validation[name], drawn = concatenate(drawn[: len(part)]), drawn[len(part) :]
    learned = concatenate([mnist.train[: data_config.digits or None]] * data_config.mnist)
    train = concatenate([learned, *drawn])
    return Dataset(train, validation, np.arange(len(train)) >= len(learned))


def pendigit_shards(
    pens: list[PenDigit], times: int, seed: tuple[int, int], augmentation: StrokeAugmentation | None = None
) -> list[Shard]:
    """Sheets with every pen digit so many times."""
    every = [pen for pen in pens for _ in range(times)]
    parts = (every[start : start + SHARD_SIZE] for start in range(0, len(every), SHARD_SIZE))
    return [
        Shard((*seed, i), pens=part, augmentation=augmentation or StrokeAugmentation()) for i, part in enumerate(parts)
    ]


def letter_shards(count: int, seed: tuple[int, int]) -> list[Shard]:
    """Sheets of letters that training never sees."""
    return [Shard((*seed, i), letters=n) for i, n in _shard_sizes(count)]


def draw_all(shards: list[Shard], progress: Callable[[float], None] = lambda _: None) -> list[Digits]:
    """Draw sheets on all cores, or by as many processes as `WORKERS` says, in their order."""
    workers = int(os.environ.get(WORKERS, os.cpu_count() or 1))
    # Started afresh, not forked: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_exit_with_parent) as pool:
        drawn = []
        for digits in pool.map(Shard.draw, shards):
            drawn.append(digits)
            progress(len(drawn) / len(shards))
        return drawn


def _exit_with_parent() -> None:
    """A terminal sends Ctrl-C to all processes: the parent alone decides what it means. Its end is the end of all.

    A parent that is killed cannot tell its workers, which would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after_the_parent, daemon=True).start()


def _end_after_the_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def concatenate(parts: Iterable[Digits]) -> Digits:
    """One after the other."""
    parts = list(parts)
    return Digits(np.concatenate([part.pictures for part in parts]), np.concatenate([part.labels for part in parts]))


def _shard_sizes(count: int) -> list[tuple[int, int]]:
    """(number, size) of the sheets that make up a count."""
    return [(i, min(SHARD_SIZE, count - start)) for i, start in enumerate(range(0, count, SHARD_SIZE))]


def main(arguments: list[str] | None = None) -> int:
    """Fetch and check the data; 0 if all is there."""
    parser = argparse.ArgumentParser(
        prog="python -m model.data.dataset", description="Fetch and check the training data."
    )
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the folder (default: data/)")
    chosen = parser.parse_args(arguments)
    try:
        mnist, pens = load_mnist(chosen.data), load_pens(chosen.data)
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, parts in (("MNIST", vars(mnist)), ("pen digits", vars(pens))):
        counts = ", ".join(f"{len(part):,} {use}" for use, part in parts.items())
        sys.stdout.write(f"{name}: {counts}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
