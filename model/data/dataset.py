"""The dataset: MNIST, people's pen strokes, synthetic digits, cut digits and outliers for training; validation sets.

Strokes are drawn several times, each time with another random augmentation; some digits are restyled before. Drawing
takes a few minutes and runs in one process a core, shard by shard; the same seed gives the same dataset on any number
of cores.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from model.data.inks import synthetic_picture
from model.data.mnist import Digits, load_mnist
from model.data.numbers.cut_digits import cut_digits
from model.data.outliers import held_out_letter, outlier
from model.data.pendigits import PenDigit, Pens, load_pens
from model.data.processes import in_processes
from model.data.restyle import restyled
from model.data.strokes import StrokeAugmentation, draw_augmented
from model.data.unipen import Unipen, UnipenDrawing, load_unipen

Rng = np.random.Generator
Drawn = tuple[NDArray[np.uint8], int]  # a picture (28, 28) or (784,), and its label
NO_DIGIT: Final = 10  # the label of outliers
SHARD_SIZE: Final = 500  # drawings in a shard, which has a random generator of its own
VALIDATION_DRAWINGS: Final = 3  # of each pen digit for validation
VALIDATION_SYNTHETIC: Final = 3000  # synthetic digits for validation


@dataclass(frozen=True)
class DataConfig:
    """How much of each kind of data to train on; all but `mnist` can be 0."""

    mnist: int = 3  # repetitions of each MNIST digit
    pens: int = 10  # drawings of each pen digit
    unipen: int = 10  # drawings of each of UNIPEN's digits
    unipen_letters: int = 10  # drawings of each of UNIPEN's letters, as outliers
    synthetic: int = 50_000
    outliers: int = 35_000
    cut_digits: int = 60_000  # and other groups, cut out of numbers whose digits touch
    marked_digits: float = 0.2  # share of people's zeros and sevens of one stroke that get a slash or a bar
    varied_strokes: float = 0.6  # share of people's digits whose strokes are varied one by one
    digits: int = 0  # the first so many MNIST digits alone; 0: all
    validation_sets: Literal["learned", "all"] = "learned"  # of the kinds in training, or of every kind


@dataclass(frozen=True)
class Sample:
    """One character that somebody wrote, with its label; `writer` is a person, "pen 3", or people, "site 5"."""

    label: int
    writer: str
    strokes: list[NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Dataset:
    """Training pictures (label 10: no digit), and validation pictures by kind."""

    train: Digits
    validation: dict[str, Digits]
    drawn: NDArray[np.bool_] | None = None  # (n,) which of `train` were drawn with an augmentation; None: none
    writers: NDArray[np.str_] | None = None  # (n,) who wrote each of `train`, as in `Sample`; "": it is not known

    def without(self, writers: Collection[str]) -> Dataset:
        """The dataset without the training pictures of these writers."""
        if self.writers is None or self.drawn is None:
            return self
        kept = ~np.isin(self.writers, list(writers))
        train = Digits(self.train.pictures[kept], self.train.labels[kept])
        return Dataset(train, self.validation, self.drawn[kept], self.writers[kept])


@dataclass(frozen=True)
class Shard:
    """A few drawings to make: of people's samples, or a number of synthetic digits, outliers or held-out letters."""

    seed: tuple[int, int, int]
    samples: list[Sample] = field(default_factory=list)
    augmentation: StrokeAugmentation = field(default_factory=StrokeAugmentation)
    marked: float = 0.0  # see `DataConfig.marked_digits`
    varied: float = 0.0  # see `DataConfig.varied_strokes`
    synthetic: int = 0
    outliers: int = 0
    letters: int = 0

    def drawings(self) -> Iterator[Drawn]:
        """The drawings, one by one, from one random generator."""
        rng = np.random.default_rng(self.seed)
        for sample in self.samples:
            yield draw_augmented(self.augmentation, self.strokes_of(sample, rng), rng), sample.label
        for i in range(self.synthetic):
            yield synthetic_picture(i % 10, rng), i % 10
        for _ in range(self.outliers):
            yield outlier(rng), NO_DIGIT
        for _ in range(self.letters):
            yield held_out_letter(rng), NO_DIGIT

    def strokes_of(self, sample: Sample, rng: Rng) -> Sequence[NDArray[np.floating[Any]]]:
        """A sample's strokes; those of some digits in another style, for training. Letters stay as they are."""
        if sample.label == NO_DIGIT or not (self.marked or self.varied):
            return sample.strokes
        return restyled(sample.label, sample.strokes, self.marked, self.varied, rng)

    def draw(self) -> Digits:
        """All drawings."""
        pictures, labels = zip(*self.drawings(), strict=True)
        return Digits(np.stack(pictures).reshape(-1, 784), np.array(labels, dtype=np.uint8))

    def writers(self) -> list[str]:
        """Who wrote what each drawing is of."""
        made_up = self.synthetic + self.outliers + self.letters
        return [sample.writer for sample in self.samples] + [""] * made_up


@dataclass(frozen=True)
class CutShard(Shard):
    """Digits, and groups that are none, to cut out of numbers: the samples are one writer's digits."""

    cut: int = 0

    def drawings(self) -> Iterator[Drawn]:
        """The groups, one by one."""
        rng = np.random.default_rng(self.seed)
        # Restyled once for all numbers: a hand keeps its style. A slash that sticks out below lifts its zero.
        people = [PenDigit(sample.label, 0, list(self.strokes_of(sample, rng))) for sample in self.samples]
        return itertools.islice(cut_digits(people, NO_DIGIT, rng), self.cut)

    def writers(self) -> list[str]:
        """Who wrote what each group is of."""
        return [self.samples[0].writer] * self.cut


def load_dataset(
    folder: Path, data_config: DataConfig, seed: int, progress: Callable[[float], None] = lambda _: None
) -> Dataset:
    """The training and validation data, from a folder with MNIST, the pen digits and UNIPEN's strokes.

    Raises:
        DataError: data is missing or damaged.
    """
    mnist = load_mnist(folder)
    of_every_kind = data_config.validation_sets == "all"
    pens = load_pens(folder) if data_config.pens or of_every_kind else Pens([], [], [])
    synthetic = VALIDATION_SYNTHETIC if data_config.synthetic or of_every_kind else 0
    validation_shards = {
        "pen": sample_shards(pen_samples(pens.validation), VALIDATION_DRAWINGS, (seed, 1)),
        "synthetic": [Shard((seed, 5, i), synthetic=n) for i, n in _shard_sizes(synthetic)],
    }
    learned = _training_shards(folder, data_config, pens.train, seed)
    drawn = draw_all([*itertools.chain(*validation_shards.values()), *learned], progress)
    validation = {"mnist": mnist.validation}
    for name, part in validation_shards.items():
        if part:
            validation[name], drawn = concatenate(drawn[: len(part)]), drawn[len(part) :]
    repeated = concatenate([mnist.train[: data_config.digits or None]] * data_config.mnist)
    train = concatenate([repeated, *drawn])
    writers = [""] * len(repeated) + [writer for shard in learned for writer in shard.writers()]
    return Dataset(train, validation, np.arange(len(train)) >= len(repeated), np.array(writers))


def _training_shards(folder: Path, data_config: DataConfig, pens: list[PenDigit], seed: int) -> list[Shard]:
    """Everything that is drawn for training."""
    with_unipen = data_config.unipen or data_config.unipen_letters
    unipen = load_unipen(folder) if with_unipen else Unipen([], [])
    digits = pen_samples(pens) if data_config.pens else []
    digits += unipen_samples(unipen.digits) if data_config.unipen else []
    shards = [
        *sample_shards(pen_samples(pens), data_config.pens, (seed, 2)),
        *sample_shards(unipen_samples(unipen.digits), data_config.unipen, (seed, 6)),
        *sample_shards(unipen_samples(unipen.letters), data_config.unipen_letters, (seed, 7)),
        *(Shard((seed, 3, i), synthetic=n) for i, n in _shard_sizes(data_config.synthetic)),
        *(Shard((seed, 4, i), outliers=n) for i, n in _shard_sizes(data_config.outliers)),
        *cut_shards(digits, data_config.cut_digits, (seed, 8)),
    ]
    return [replace(each, marked=data_config.marked_digits, varied=data_config.varied_strokes) for each in shards]


def pen_samples(pens: list[PenDigit]) -> list[Sample]:
    """The pen digits as samples."""
    return [Sample(pen.digit, f"pen {pen.writer}", pen.strokes) for pen in pens]


def unipen_samples(drawings: list[UnipenDrawing]) -> list[Sample]:
    """UNIPEN's drawings as samples; its letters are no digits."""
    return [
        Sample(int(each.character) if each.character.isdecimal() else NO_DIGIT, f"site {each.site}", each.strokes)
        for each in drawings
    ]


def sample_shards(
    samples: list[Sample], times: int, seed: tuple[int, int], augmentation: StrokeAugmentation | None = None
) -> list[Shard]:
    """Shards that draw every sample `times` times."""
    every = [sample for sample in samples for _ in range(times)]
    parts = (every[start : start + SHARD_SIZE] for start in range(0, len(every), SHARD_SIZE))
    return [
        Shard((*seed, i), samples=part, augmentation=augmentation or StrokeAugmentation())
        for i, part in enumerate(parts)
    ]


def letter_shards(count: int, seed: tuple[int, int]) -> list[Shard]:
    """Shards of held-out letters."""
    return [Shard((*seed, i), letters=n) for i, n in _shard_sizes(count)]


def cut_shards(samples: list[Sample], count: int, seed: tuple[int, int]) -> list[Shard]:
    """Shards of so many digits cut out of numbers; each writer has a share of them as of the samples."""
    sizes = _shard_sizes(count if samples else 0)
    writers = [samples[i * len(samples) // len(sizes)].writer for i, _ in sizes]
    by_writer = {name: [sample for sample in samples if sample.writer == name] for name in dict.fromkeys(writers)}
    return [CutShard((*seed, i), by_writer[name], cut=n) for (i, n), name in zip(sizes, writers, strict=True)]


def draw_all(shards: list[Shard], progress: Callable[[float], None] = lambda _: None) -> list[Digits]:
    """Draw shards; the results keep their order."""
    return in_processes(Shard.draw, shards, progress)


def concatenate(parts: Iterable[Digits]) -> Digits:
    """Several sets as one."""
    parts = list(parts)
    return Digits(np.concatenate([part.pictures for part in parts]), np.concatenate([part.labels for part in parts]))


def _shard_sizes(count: int) -> list[tuple[int, int]]:
    """(number, size) of the shards that make up a count."""
    return [(i, min(SHARD_SIZE, count - start)) for i, start in enumerate(range(0, count, SHARD_SIZE))]
