"""Measure a network on digits it has never seen: the test sets, and the figures of report.json.

Three kinds of pictures: MNIST's test set; the strokes of 14 writers whom training never saw, drawn on a pad with any
pen, anywhere, in any size; and letters of fonts that training never saw, which ought to be called no digit. Letters by
people are few, and all are learned from: what becomes of those of unseen people, cross-validation tells.

MNIST's own pictures are read by the network alone, and all others as a drawing is read: what is not sure, turned too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.data.dataset import Sample, Shard, concatenate, draw_all, letter_shards, pen_samples, sample_shards
from model.data.mnist import Digits, load_mnist
from model.data.pendigits import load_pens
from model.data.strokes import StrokeAugmentation
from model.localization.turns import settle
from model.network import Floats
from model.preprocess import preprocess
from model.recognize import Prediction, Recognizer
from model.rejection import Verdict
from model.training.uncertainty import over_writers, standard_error

Read = Callable[[NDArray[np.uint8]], Prediction]  # of pictures (n, 784)
BINS: Final = 15  # of the calibration error
CANVAS: Final = 280
DRAWN_SEED: Final = 7
LETTERS: Final = 4000
PEN_DRAWINGS: Final = 3  # of each test writer's digit
SWEEPS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("place", "middle", {"place": (0.0, 0.0)}),
    ("place", "corner", {"place": (1.0, 1.0)}),
    ("size", "smallest fifth", {"size": (0.3, 0.42)}),
    ("size", "largest fifth", {"size": (0.78, 0.9)}),
    ("pen", "thinnest", {"width": (0.04, 0.05)}),
    ("pen", "middle", {"width": (0.1, 0.11)}),
    ("pen", "thickest", {"width": (0.25, 0.3)}),
    ("rotation", "none", {"rotation": 0.0}),
    ("rotation", "up to 20°", {"rotation": 20.0}),
)


def measure(
    prediction: Prediction, labels: NDArray[np.uint8], writers: NDArray[np.str_] | None = None
) -> dict[str, Any]:
    """Accuracy, its standard error, per digit and per writer; loss; calibration; verdicts; confusion[true][answer].

    `writers` (n,) says who wrote each, where that is known.
    """
    right = prediction.probabilities.argmax(axis=1) == labels
    own = prediction.probabilities[np.arange(len(labels)), labels]
    bins = Reliability.of(prediction.probabilities, right)
    return {
        "digits": len(labels),
        "accuracy": round(float(right.mean()), 6),
        "standard_error": round(standard_error(right, writers), 6),
        "accuracy_per_writer": None if writers is None else over_writers(right, writers),
        "accuracy_per_digit": [round(float(right[labels == d].mean()), 6) for d in range(10)],
        "loss": round(float(-np.log(np.maximum(own, 1e-12)).mean()), 6),
        "calibration_error": round(bins.error, 6),
        "reliability": bins.rounded(),
        "verdicts": _shares(prediction),
        "confusion": confusion_matrix(prediction.probabilities, labels).tolist(),
    }


def confusion_matrix(probabilities: Floats, labels: NDArray[np.uint8]) -> NDArray[np.int_]:
    """Counts [true][answer], (10, 10)."""
    matrix = np.zeros((10, 10), dtype=int)
    np.add.at(matrix, (labels, probabilities.argmax(axis=1)), 1)
    return matrix


def _shares(prediction: Prediction) -> dict[str, float]:
    return {name: round(prediction.verdicts.count(name) / len(prediction.verdicts), 6) for name in get_args(Verdict)}


@dataclasses.dataclass(frozen=True)
class Reliability:
    """Answers in bins of equal width by their confidence: how many, how sure on average, and what share was right.

    A network is calibrated if, in each bin, confidence and share are the same.
    """

    counts: NDArray[np.intp]  # (bins,)
    confidence: Floats  # (bins,) the mean; NaN in an empty bin
    right: Floats  # (bins,) the share; NaN in an empty bin

    @classmethod
    def of(cls, probabilities: Floats, right: NDArray[np.bool_], bins: int = BINS) -> Reliability:
        """From answers (n, classes) and whether each was right."""
        confidence = probabilities.max(axis=1)
        bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
        counts = np.bincount(bin_of, minlength=bins)
        with np.errstate(invalid="ignore"):  # an empty bin has no mean
            means = [np.bincount(bin_of, weights=what, minlength=bins) / counts for what in (confidence, right)]
        return cls(counts, *means)

    @property
    def error(self) -> float:
        """Expected calibration error: how far confidence is from the share of right answers, over all answers.

        >>> Reliability.of(np.array([[0.5, 0.5]] * 2), np.array([True, False])).error
        0.0
        """
        gaps = np.nan_to_num(np.abs(self.confidence - self.right))
        return float((self.counts * gaps).sum() / self.counts.sum())

    def rounded(self) -> dict[str, list[Any]]:
        """The bins for the report; the mean of an empty one is null."""
        means = {"confidence": self.confidence, "right": self.right}
        written = {
            name: [None if np.isnan(value) else round(float(value), 6) for value in values]
            for name, values in means.items()
        }
        return {"counts": self.counts.tolist(), **written}


def drawn_on_canvas(digits: Digits, rng: np.random.Generator) -> Digits:
    """The digits as if on a canvas, at random place, size and polarity, sent through `preprocess`."""
    pictures = [_on_canvas(picture.reshape(28, 28), rng) for picture in digits.pictures]
    return Digits(np.stack([preprocess(image).ravel() for image in pictures]), digits.labels)


def _on_canvas(picture: NDArray[np.uint8], rng: np.random.Generator) -> Image.Image:
    side = int(rng.integers(60, CANVAS))
    left, top = rng.integers(0, CANVAS - side, 2, endpoint=True)
    canvas = Image.new("L", (CANVAS, CANVAS), 0)
    canvas.paste(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC), (int(left), int(top)))
    return canvas.point(lambda value: 255 - value) if rng.random() < 0.5 else canvas


@dataclasses.dataclass(frozen=True)
class EvaluationSets:
    """The sets that a network is measured on."""

    digits: dict[str, Digits]
    writers: dict[str, NDArray[np.str_]] = dataclasses.field(default_factory=dict)  # (n,) of those that are known
    sweeps: dict[str, dict[str, Digits]] = dataclasses.field(default_factory=dict)  # pen writers: what, how, drawings
    letters: Digits | None = None  # of fonts; None: the network is not asked about them


def load_evaluation_sets(folder: Path, *, pens: bool = True) -> EvaluationSets:
    """The evaluation sets, from a folder with MNIST and, unless they are left out, the pen digits.

    Everything is drawn from a seed of its own: it is always the same.

    Raises:
        DataError: data is missing, or not what it should be.
    """
    mnist, pen_test = load_mnist(folder), pen_samples(load_pens(folder).test) if pens else []
    plans = {("letters", "all"): letter_shards(LETTERS, (DRAWN_SEED, 1)), **_pen_plans(pen_test)}
    drawings = iter(draw_all([shard for shards in plans.values() for shard in shards]))
    made = {key: concatenate([next(drawings) for _ in shards]) for key, shards in plans.items()}
    letters = made.pop(("letters", "all"))
    on_canvas = drawn_on_canvas(mnist.test, np.random.default_rng(DRAWN_SEED))
    digits, writers = {"mnist_test": mnist.test, "mnist_test_on_canvas": on_canvas}, {}
    if pen_test:
        digits["pen_test"] = made.pop(("all", "all"))
        writers["pen_test"] = np.array([sample.writer for sample in pen_test for _ in range(PEN_DRAWINGS)])
        writers["pen_test_by"] = np.array([sample.writer for sample in pen_test])
    sweeps: dict[str, dict[str, Digits]] = {}
    for (what, how), swept in made.items():
        sweeps.setdefault(what, {})[how] = swept
    return EvaluationSets(digits, writers, sweeps, letters)


def _pen_plans(samples: list[Sample]) -> dict[tuple[str, str], list[Shard]]:
    """The shards that draw the test writers' digits: any way, and by each of `SWEEPS`; none without samples."""
    if not samples:
        return {}
    plans = {("all", "all"): sample_shards(samples, PEN_DRAWINGS, (DRAWN_SEED, 0))}
    for i, (what, how, change) in enumerate(SWEEPS, start=2):
        augmentation = dataclasses.replace(StrokeAugmentation(), **change)
        plans[what, how] = sample_shards(samples, 1, (DRAWN_SEED, i), augmentation)
    return plans


def evaluate(recognizer: Recognizer, evaluation_sets: EvaluationSets) -> dict[str, Any]:
    """The figures of the report."""

    def read(pictures: NDArray[np.uint8]) -> Prediction:
        return settle(recognizer.read(pictures), recognizer).prediction

    predictions = {
        name: (recognizer.read if name == "mnist_test" else read)(digits.pictures)
        for name, digits in evaluation_sets.digits.items()
    }
    figures: dict[str, Any] = {
        name: measure(prediction, evaluation_sets.digits[name].labels, evaluation_sets.writers.get(name))
        for name, prediction in predictions.items()
    }
    figures["pen_test_by"] = {
        what: {how: _accuracy(read, digits, evaluation_sets.writers["pen_test_by"]) for how, digits in parts.items()}
        for what, parts in evaluation_sets.sweeps.items()
    }
    if evaluation_sets.letters is None:
        return figures
    letters = read(evaluation_sets.letters.pictures)
    known = np.concatenate([prediction.novelty for prediction in predictions.values()])
    figures["font_letters"] = {
        "letters": len(evaluation_sets.letters),
        "auroc": round(auroc(known, letters.novelty), 6),
        "verdicts": _shares(letters),
        "over_90_percent_confident": round(float((letters.probabilities.max(axis=1) > 0.9).mean()), 6),
    }
    return figures


def auroc(low: Floats, high: Floats) -> float:
    """The probability that one of `high` is above one of `low`: 1 if a score tells them apart, 1/2 if it guesses.

    >>> auroc(np.array([0.1, 0.4]), np.array([0.3, 0.9]))
    0.75
    """
    both = np.concatenate([low, high])
    order = np.searchsorted(np.sort(both), both, "left") + np.searchsorted(np.sort(both), both, "right")
    ranks = (order[len(low) :] + 1) / 2
    return float((ranks.sum() - len(high) * (len(high) + 1) / 2) / (len(low) * len(high)))


def _accuracy(read: Read, digits: Digits, writers: NDArray[np.str_]) -> dict[str, float]:
    right = read(digits.pictures).probabilities.argmax(axis=1) == digits.labels
    error = standard_error(right, writers)
    return {"accuracy": round(float(right.mean()), 6), "standard_error": round(error, 6)}


def summary(report: dict[str, Any]) -> str:
    """The report's figures in a few lines."""
    lines = [report["model"]]
    for key, figures in report.items():
        if isinstance(figures, dict) and "accuracy" in figures:
            right = f"{figures['accuracy']:.2%} ± {figures['standard_error']:.2%} right"
            lines.append(
                f"  {key:22} {right}, calibration error {figures['calibration_error']:.2%}, "
                f"called not a digit {figures['verdicts']['not-a-digit']:.2%}"
            )
    if letters := report.get("font_letters"):
        lines.append(
            f"  letters of fonts       called digit {letters['verdicts']['digit']:.2%}, AUROC {letters['auroc']:.4f}"
        )
    return "\n".join(lines)
