"""Measure a network on digits it has never seen, and write down what came of it.

python -m model.evaluate --data DIR     measures weights/digits.npz; writes weights/report.json and its charts
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
from PIL import Image

from model.data import DataError, Digits, load_mnist
from model.files import write_whole
from model.network import WeightsError
from model.novelty import Verdict
from model.preprocess import preprocess
from model.recognize import Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.network import Floats
    from model.recognize import Reading

BINS: Final = 15  # of the calibration error
CANVAS: Final = 280
DRAWN_SEED: Final = 7
WEIGHTS: Final = Path("weights/digits.npz")


def measure(recognizer: Recognizer, digits: Digits) -> dict[str, Any]:
    """Accuracy, per digit too; confusion[true][answer]; calibration error; how the verdicts fell."""
    reading = recognizer.read(digits.pictures)
    answers = reading.probabilities.argmax(axis=1)
    right = answers == digits.labels
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (digits.labels, answers), 1)
    own = reading.probabilities[np.arange(len(digits)), digits.labels]
    return {
        "digits": len(digits),
        "accuracy": round(float(right.mean()), 6),
        "accuracy_per_digit": [round(float(right[digits.labels == d].mean()), 6) for d in range(10)],
        "loss": round(float(-np.log(np.maximum(own, 1e-12)).mean()), 6),
        "calibration_error": round(calibration_error(reading.probabilities, right), 6),
        "verdicts": _shares(reading),
        "confusion": confusion.tolist(),
    }


def _shares(reading: Reading) -> dict[str, float]:
    return {name: round(reading.verdicts.count(name) / len(reading.verdicts), 6) for name in get_args(Verdict)}


def calibration_error(probabilities: Floats, right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error: how far confidence is from the share of right answers, bin by bin of confidence.

    >>> calibration_error(np.array([[0.5, 0.5]] * 2), np.array([True, False]))
    0.0
    """
    confidence = probabilities.max(axis=1)
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    gaps = np.bincount(bin_of, weights=confidence, minlength=bins) - np.bincount(bin_of, weights=right, minlength=bins)
    return float(np.abs(gaps).sum() / counts.sum())


def drawn(digits: Digits, rng: np.random.Generator) -> Digits:
    """The digits as if on a canvas, at random place, size and polarity, sent through `preprocess`."""
    pictures = [_on_canvas(picture.reshape(28, 28), rng) for picture in digits.pictures]
    return Digits(np.stack([preprocess(image).ravel() for image in pictures]), digits.labels)


def _on_canvas(picture: NDArray[np.uint8], rng: np.random.Generator) -> Image.Image:
    side = int(rng.integers(60, CANVAS))
    left, top = rng.integers(0, CANVAS - side, 2, endpoint=True)
    canvas = Image.new("L", (CANVAS, CANVAS), 0)
    canvas.paste(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC), (int(left), int(top)))
    return canvas.point(lambda value: 255 - value) if rng.random() < 0.5 else canvas


def report_on(recognizer: Recognizer, test: Digits) -> dict[str, Any]:
    """The figures of the report: on MNIST's test set as it is, and drawn on a canvas."""
    return {
        "mnist_test": measure(recognizer, test),
        "mnist_test_on_canvas": measure(recognizer, drawn(test, np.random.default_rng(DRAWN_SEED))),
    }


def write_report(path: Path, report: dict[str, Any]) -> None:
    """As JSON that a person can read, a line an entry."""
    write_whole(path, (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode())


def summary(report: dict[str, Any]) -> str:
    """The report's figures in a few lines."""
    lines = [report["model"]]
    for key, figures in report.items():
        if isinstance(figures, dict) and "accuracy" in figures:
            lines.append(
                f"  {key:22} {figures['accuracy']:.2%} right, calibration error {figures['calibration_error']:.2%}, "
                f"called not a digit {figures['verdicts']['not-a-digit']:.2%}"
            )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; 0 if it could be done."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description="Measure a network on test digits.")
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is (default: data/)"
    )
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help=f"the network (default: {WEIGHTS})")
    chosen = parser.parse_args(arguments)
    try:
        recognizer, mnist = Recognizer.load(chosen.weights), load_mnist(chosen.data)
    except (WeightsError, DataError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    path = chosen.weights.with_name("report.json")
    report = {"model": recognizer.network.name, **report_on(recognizer, mnist.test)}
    write_report(path, _training_of(path, recognizer) | report)
    sys.stdout.write(f"{summary(report)}\n")
    return 0


def _training_of(path: Path, recognizer: Recognizer) -> dict[str, Any]:
    """What training wrote into the report of this very network; measuring anew leaves it as it is."""
    try:
        old = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return old if old.get("model") == recognizer.network.name else {}


if __name__ == "__main__":
    raise SystemExit(main())
