"""Measure a network on the test digits, and write its report and pictures anew.

python -m model.evaluate --data DIR     measures weights/digits.npz; writes weights/report.json and the pictures

Photographs and drawings of other programs (model/data/photographs) are made from the test writers' strokes.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from model.data.files import DataError
from model.data.mnist import load_mnist
from model.data.pendigits import load_pens
from model.data.photographs.kinds import SETS
from model.network import WeightsError
from model.recognize import Recognizer
from model.storage import read_report, report_path, require_writable, write_json
from model.training.artifacts import write_pictures
from model.training.evaluation import evaluate, load_evaluation_sets, summary
from model.training.photographs import PICTURES, evaluate_photographs, table

WEIGHTS: Final = Path("weights/digits.npz")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 0 if it could be done."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description="Measure a network on test digits.")
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is (default: data/)"
    )
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help=f"the network (default: {WEIGHTS})")
    parser.add_argument(
        "--photographs",
        type=int,
        default=PICTURES,
        metavar="N",
        help=f"photographs and drawings of each kind; 0: none are measured (default: {PICTURES})",
    )
    args = parser.parse_args(arguments)
    try:
        report = _evaluate(args.weights, args.data, args.photographs)
    except (WeightsError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{summary(report)}\n")
    if args.photographs:
        sys.stdout.writelines(f"\n{name}\n{table(report[name])}" for name in SETS)
    return 0


def _evaluate(weights: Path, data: Path, photographs: int) -> dict[str, Any]:
    """Measure, write, and return the figures; the report keeps its other parts, as that about the training."""
    recognizer = Recognizer.load(weights)
    require_writable(weights.parent, "name a copy of the weights, in another folder, with --weights")
    evaluation_sets = load_evaluation_sets(data)
    known = read_report(weights, recognizer.network.name) or {}
    kept = {name: known[name] for name in ("training", "history", *(() if photographs else SETS)) if name in known}
    report = {"model": recognizer.network.name} | evaluate(recognizer, evaluation_sets) | kept
    if photographs:
        report |= evaluate_photographs(recognizer, load_pens(data).test, photographs)
    write_json(report_path(weights), report)
    write_pictures(weights, recognizer, load_mnist(data).train, evaluation_sets.digits["mnist_test"])
    return report


if __name__ == "__main__":
    raise SystemExit(main())
