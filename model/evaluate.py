"""Measure a network on the test digits, and write its report and pictures anew.

python -m model.evaluate --data DIR     measures weights/digits.npz; writes weights/report.json and the pictures

Photographs and drawings of other programs (model/data/photographs), and whole numbers (model/data/numbers), are made
from the test writers' strokes.
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
from model.data.unipen import load_unipen
from model.network import WeightsError
from model.recognize import Recognizer
from model.storage import read_report, report_path, require_writable, write_json
from model.training import numbers, photographs
from model.training.artifacts import write_pictures
from model.training.evaluation import evaluate, load_evaluation_sets, summary

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
        default=photographs.PICTURES,
        metavar="N",
        help=f"photographs and drawings of each kind; 0: none are measured (default: {photographs.PICTURES})",
    )
    parser.add_argument(
        "--numbers",
        type=int,
        default=numbers.PICTURES,
        metavar="N",
        help=f"pictures of each kind of numbers; 0: none are measured (default: {numbers.PICTURES})",
    )
    args = parser.parse_args(arguments)
    try:
        report = _evaluate(args)
    except (WeightsError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    tables = [summary(report)]
    if args.photographs:
        tables += [f"{name}\n{photographs.table(report[name])}" for name in SETS]
    if args.numbers:
        tables.append(f"numbers\n{numbers.table(report['numbers'])}")
    sys.stdout.write("\n\n".join(tables) + "\n")  # at once: `make weights` evaluates two networks at a time
    return 0


def _evaluate(args: argparse.Namespace) -> dict[str, Any]:
    """Measure, write, and return the figures; the report keeps its other parts, as that about the training."""
    recognizer = Recognizer.load(args.weights)
    require_writable(args.weights.parent, "name a copy of the weights, in another folder, with --weights")
    evaluation_sets = load_evaluation_sets(args.data)
    report = {"model": recognizer.network.name} | evaluate(recognizer, evaluation_sets)
    if args.photographs:
        report |= photographs.evaluate_photographs(recognizer, load_pens(args.data).test, args.photographs)
    if args.numbers:
        people, letters = load_pens(args.data).test, load_unipen(args.data).letters
        report["numbers"] = numbers.evaluate_numbers(recognizer, people, letters, args.numbers)
    known = read_report(args.weights, recognizer.network.name) or {}
    report |= {name: known[name] for name in ("training", "history", *SETS, "numbers") if name in known.keys() - report}
    write_json(report_path(args.weights), report)
    write_pictures(args.weights, recognizer, load_mnist(args.data).train, evaluation_sets.digits["mnist_test"])
    return report


if __name__ == "__main__":
    raise SystemExit(main())
