"""Cross-validation over people: each fold holds out one site of UNIPEN and a few pen writers, and trains on the rest.

What people at a site that training never saw write tells how well a recipe reads strangers, which the few validation
writers do not. A fold's answers are kept as logits, so that temperature and limits can be compared without training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from model.localization.judge import load_limits
from model.localization.turns import TURNS, choose, turned
from model.network import Floats, Network, scale_pixels, softmax
from model.rejection import DETECTOR_WEIGHT, REJECTED_SHARE, UNSURE_SHARE, Detector, Rejector, combined_score
from model.storage import pack, unpack, write_atomic
from model.training.config import TrainConfig
from model.training.detector import train_detector
from model.training.evaluation import Reliability, auroc
from model.training.loop import run_epochs
from model.training.selection import CALIBRATION, STRANGERS, fit_temperature
from model.training.state import TrainingState

SITES: Final = 7
SEED: Final = 11  # of the held-out drawings
DRAWINGS: Final = 2  # of each held-out digit and letter

# Logits (n, 10) and the detector's log-odds (n,), those of the pictures turned, (turns, n, …), labels and writers (n,);
# and of validation digits.
Answers = dict[str, NDArray[Any]]


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
) -> tuple[Network, Detector]:
    """A network, and its detector, that have learned from everybody but the writers of a fold."""
    learned = dataset.without(fold.writers)
    state = TrainingState.create(config, np.random.default_rng(config.seed))
    for _ in run_epochs(state, learned.train, config, lambda share: on_step(share / 2), teacher, learned.drawn):
        pass
    return state.network, train_detector(state.network, learned, config, lambda share: on_step((1 + share) / 2))


def answer(network: Network, detector: Detector, dataset: Dataset, held_out: HeldOut, fold: Fold) -> Answers:
    """The logits and log-odds for the fold's held-out writers, and for the validation digits of people."""
    chosen = held_out.by(fold)
    known = concatenate(part for name, part in dataset.validation.items() if name in CALIBRATION)
    pictures = held_out.digits.pictures[chosen]

    def read(some: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        activations = network.forward(scale_pixels(some))
        return activations[-1], detector.log_odds(activations)

    logits, log_odds = read(pictures)
    turned_logits, turned_log_odds = zip(*(read(turned(pictures, turn)) for turn in TURNS), strict=True)
    validation_logits, validation_log_odds = read(known.pictures)
    return {
        "logits": logits,
        "log_odds": log_odds,
        "turned": np.stack(turned_logits),
        "turned_log_odds": np.stack(turned_log_odds),
        "labels": held_out.digits.labels[chosen],
        "writers": held_out.writers[chosen],
        "validation_logits": validation_logits,
        "validation_log_odds": validation_log_odds,
        "validation_labels": known.labels,
        "mnist": np.array(len(dataset.validation["mnist"])),
    }


def save_answers(path: Path, answers: Answers) -> None:
    """Write a fold's answers, whole or not at all."""
    write_atomic(path, pack(answers))


def is_answered(path: Path) -> bool:
    """Whether a fold's answers are there, in today's form."""
    return path.exists() and "turned_log_odds" in load_answers(path)


def load_answers(path: Path) -> Answers:
    """Read a fold's answers."""
    return unpack(path.read_bytes())


@dataclass(frozen=True)
class Limits:
    """What is chosen by the answers, without training anew."""

    rejected_share: float = REJECTED_SHARE
    unsure_share: float = UNSURE_SHARE
    strangers: float = STRANGERS
    detector_weight: float = DETECTOR_WEIGHT


def fold_figures(answers: Answers, limits: Limits) -> dict[str, float]:
    """What a recipe achieved on the people of one fold; the limits are fitted on the validation digits."""
    at_site, letter = np.char.startswith(answers["writers"], "site"), answers["labels"] == NO_DIGIT
    at, letters = at_site & ~letter, at_site & letter
    logits, right = answers["logits"], answers["logits"].argmax(axis=1) == answers["labels"]
    scores = combined_score(logits, answers["log_odds"], limits.detector_weight)
    probabilities, verdicts = _calibrated(answers, limits)(logits, answers["log_odds"])
    is_digit = (verdicts == "digit") & answers.get("agreed", np.array(True))
    mnist = slice(0, int(answers["mnist"]))
    return {
        "site_accuracy": float(right[at].mean()),
        "pen_accuracy": float(right[~at_site].mean()),
        "mnist_accuracy": _accuracy(answers["validation_logits"][mnist], answers["validation_labels"][mnist]),
        "auroc": auroc(scores[at], scores[letters]),
        "letters_called_digit": float(is_digit[letters].mean()),
        "digits_refused": float((verdicts == "not-a-digit")[at].mean()),
        "digits_unsure": float((~is_digit & (verdicts != "not-a-digit"))[at].mean()),
        "calibration_error": Reliability.of(probabilities[at], right[at]).error,
    }


def with_turns(answers: Answers, limits: Limits, turns: Sequence[int]) -> Answers:
    """The answers if what the network is not sure of is read in these of `TURNS`, too, as `settle` does."""
    ways = np.stack([answers["logits"], *answers["turned"][list(turns)]])
    log_odds = np.stack([answers["log_odds"], *answers["turned_log_odds"][list(turns)]])
    read = map(_calibrated(answers, limits), ways, log_odds)
    probabilities, verdicts = (np.stack(each) for each in zip(*read, strict=True))
    best, mean = choose(probabilities, verdicts != "not-a-digit")
    best[verdicts[0] == "digit"] = 0
    chosen = best, np.arange(len(best))
    is_sure = load_limits().are_met(mean, probabilities[chosen].max(axis=1))
    return answers | {
        "logits": ways[chosen],
        "log_odds": log_odds[chosen],
        "agreed": (best == 0) | is_sure,  # False: the verdict is no better than `unsure`
    }


def _calibrated(answers: Answers, limits: Limits) -> Callable[[Floats, Floats], tuple[Floats, NDArray[np.str_]]]:
    """Makes probabilities and verdicts of logits and log-odds, as the fold's network would if it shipped."""
    known = answers["validation_logits"]
    temperature = fit_temperature(known, answers["validation_labels"], limits.strangers)
    probabilities = softmax(known, temperature)
    scores = combined_score(known, answers["validation_log_odds"], limits.detector_weight)
    rejector = Rejector.fit(scores, probabilities, limits.rejected_share, limits.unsure_share)

    def read(logits: Floats, log_odds: Floats) -> tuple[Floats, NDArray[np.str_]]:
        probabilities = softmax(logits.astype(np.float64), temperature)
        novelty = rejector.novelty(combined_score(logits, log_odds, limits.detector_weight))
        return probabilities, np.array(rejector.verdicts(probabilities, novelty, np.ones(len(logits), dtype=bool)))

    return read


def _accuracy(logits: Floats, labels: NDArray[np.uint8]) -> float:
    return float((logits.argmax(axis=1) == labels).mean())
