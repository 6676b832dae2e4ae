"""Cross-validation over people: each fold holds out one site of UNIPEN and a few pen writers, and trains on the rest.

What people at a site that training never saw write tells how well a recipe reads strangers, which the few validation
writers do not. A fold's answers are kept as logits, so that temperature and limits can be compared without training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import (
    NO_DIGIT,
    Dataset,
    concatenate,
    draw_all,
    pen_samples,
    sample_shards,
    unipen_samples,
)
from model.data.mnist import Digits
from model.data.pendigits import load_pens
from model.data.unipen import load_unipen
from model.network import Floats, Network, scale_pixels, softmax
from model.rejection import Rejector
from model.storage import pack, unpack, write_atomic
from model.training.config import TrainConfig
from model.training.evaluation import Reliability, auroc
from model.training.loop import run_epochs
from model.training.selection import CALIBRATION, fit_temperature
from model.training.state import TrainingState

SITES: Final = 7
SEED: Final = 11  # of the held-out drawings
DRAWINGS: Final = 2  # of each held-out digit and letter

Logits = dict[str, NDArray[Any]]  # by set: the logits (n, 10), the labels (n,) and the writers (n,)


@dataclass(frozen=True)
class Fold:
    """The writers who are held out together."""

    site: str
    writers: frozenset[str]  # the site, and some of the pen writers


@dataclass(frozen=True)
class HeldOut:
    """The drawings of everybody who is held out in some fold."""

    digits: Digits  # label 10: a letter
    writers: NDArray[np.str_]

    def by(self, fold: Fold) -> NDArray[np.bool_]:
        """Which drawings are those of a fold."""
        return np.isin(self.writers, list(fold.writers))


def make_folds(folder: Path) -> list[Fold]:
    """A fold for each site. The pen writers whom validation leaves are dealt out to them in turn."""
    pens = sorted({sample.writer for sample in pen_samples(load_pens(folder).train)})
    return [Fold(f"site {k}", frozenset({f"site {k}", *pens[k::SITES]})) for k in range(SITES)]


def draw_held_out(folder: Path) -> HeldOut:
    """Everybody's digits and letters, drawn by a seed of their own anywhere, in any size and with any pen.

    Raises:
        DataError: data is missing, or not what it should be.
    """
    unipen = load_unipen(folder)
    samples = [*unipen_samples(unipen.digits + unipen.letters), *pen_samples(load_pens(folder).train)]
    shards = sample_shards(samples, DRAWINGS, (SEED, 0))
    return HeldOut(concatenate(draw_all(shards)), np.array([writer for shard in shards for writer in shard.writers()]))


def train_fold(
    config: TrainConfig,
    dataset: Dataset,
    fold: Fold,
    on_step: Callable[[float], None],
    teacher: Network | None = None,
) -> Network:
    """A network that has learned from everybody but the writers of a fold."""
    learned = dataset.without(fold.writers)
    state = TrainingState.create(config, np.random.default_rng(config.seed))
    for _ in run_epochs(state, learned.train, config, on_step, teacher, learned.drawn):
        pass
    return state.network


def answer(network: Network, dataset: Dataset, held_out: HeldOut, fold: Fold) -> Logits:
    """The logits for the fold's held-out writers, and for the validation digits of people."""
    chosen = held_out.by(fold)
    known = concatenate(part for name, part in dataset.validation.items() if name in CALIBRATION)
    return {
        "logits": network.forward(scale_pixels(held_out.digits.pictures[chosen]))[-1],
        "labels": held_out.digits.labels[chosen],
        "writers": held_out.writers[chosen],
        "validation_logits": network.forward(scale_pixels(known.pictures))[-1],
        "validation_labels": known.labels,
        "mnist": np.array(len(dataset.validation["mnist"])),
    }


def save_answers(path: Path, answers: Logits) -> None:
    """Write a fold's answers, whole or not at all."""
    write_atomic(path, pack(answers))


def load_answers(path: Path) -> Logits:
    """Read a fold's answers."""
    return unpack(path.read_bytes())


def fold_figures(answers: Logits, rejected_share: float) -> dict[str, float]:
    """What a recipe achieved on the people of one fold; the limits are fitted on the validation digits."""
    temperature = fit_temperature(answers["validation_logits"], answers["validation_labels"])
    validation = answers["validation_logits"]
    rejector = Rejector.fit(validation, softmax(validation, temperature), rejected_share)
    at_site = np.char.startswith(answers["writers"], "site")
    letter = answers["labels"] == NO_DIGIT
    site = _read(answers["logits"][at_site & ~letter], temperature, rejector)
    letters = _read(answers["logits"][at_site & letter], temperature, rejector)
    right = site.answers == answers["labels"][at_site & ~letter]
    pen = answers["logits"][~at_site].argmax(axis=1) == answers["labels"][~at_site]
    mnist = slice(0, int(answers["mnist"]))
    known = validation[mnist].argmax(axis=1) == answers["validation_labels"][mnist]
    return {
        "site_accuracy": float(right.mean()),
        "pen_accuracy": float(pen.mean()),
        "mnist_accuracy": float(known.mean()),
        "auroc": auroc(site.novelty, letters.novelty),
        "letters_called_digit": letters.share("digit"),
        "digits_refused": site.share("not-a-digit"),
        "calibration_error": Reliability.of(site.probabilities, right).error,
        "temperature": temperature,
    }


@dataclass(frozen=True)
class _Reading:
    probabilities: Floats
    novelty: Floats
    verdicts: list[Any]

    @property
    def answers(self) -> NDArray[np.intp]:
        return np.asarray(self.probabilities.argmax(axis=1))

    def share(self, verdict: str) -> float:
        return self.verdicts.count(verdict) / len(self.verdicts)


def _read(logits: Floats, temperature: float, rejector: Rejector) -> _Reading:
    probabilities, novelty = softmax(logits.astype(np.float64), temperature), rejector.novelty(logits)
    return _Reading(probabilities, novelty, rejector.verdicts(probabilities, novelty, np.ones(len(logits), bool)))
