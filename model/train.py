"""Train a network and save what it learned.

    python -m model.train --data DIR        the recipe that ships
    python -m model.train --help            every knob

Writes into --out: digits.npz (the weights), report.json (its figures and the history of the training) and, with
matplotlib, the charts. Ctrl-C stops the learning, not the saving: the best weights so far are kept.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core multiplies while the other varies the pictures

import argparse
import dataclasses
import shlex
import signal
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from model.augment import Variation
from model.data import SHA256 as MNIST_SHA256
from model.data import DataError
from model.evaluate import load_trials, report_on, summary, write_pictures, write_report
from model.files import require_folder
from model.learn import Diverged, Epoch, Recipe, fit_temperature, learn
from model.lessons import Amounts, Lessons, load_lessons, together
from model.network import Activation, Initialisation, Network, WeightsError, cross_entropy, one_hot, scaled, softmax
from model.novelty import Judge
from model.pen import SHA256 as PEN_SHA256
from model.plots import ChartsNeedMatplotlib, draw_all
from model.progress import Progress, clock
from model.recognize import Recognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from model.data import Digits
    from model.evaluate import Trials
    from model.network import Floats


class Best:
    """The best parameters so far, by the mean of the validation sets' accuracies, then losses; and the history."""

    def __init__(self, validation: dict[str, Digits]) -> None:
        self.sets = {name: (scaled(part.pictures), part.labels) for name, part in validation.items()}
        self.theta: Floats | None = None
        self.score = (-1.0, 0.0)
        self.history: list[dict[str, float]] = []

    def see(self, network: Network, epoch: Epoch) -> dict[str, float]:
        """Judge the network after an epoch, and keep it if it is the best."""
        logits = {name: (network.forward(x)[-1], labels) for name, (x, labels) in self.sets.items()}
        right = {name: float((z.argmax(axis=1) == labels).mean()) for name, (z, labels) in logits.items()}
        loss = sum(cross_entropy(z, one_hot(labels)) for z, labels in logits.values()) / len(logits)
        accuracy = sum(right.values()) / len(right)
        if (accuracy, -loss) > self.score:
            self.score, self.theta = (accuracy, -loss), network.theta.copy()
        line = {**dataclasses.asdict(epoch), "validation_loss": loss, "validation_accuracy": accuracy}
        line |= {f"validation_accuracy_{name}": value for name, value in right.items()}
        self.history.append({key: round(value, 6) for key, value in line.items()})
        return line


class Stop(Exception):  # noqa: N818 - a wish, not an error
    """The person, or the system, asked for an end."""


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Within it, Ctrl-C and SIGTERM do not break in: they make the next call of what it yields raise Stop."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    def check() -> None:
        if asked:
            raise Stop

    before = {name: signal.signal(name, ask) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield check
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def train(recipe: Recipe, lessons: Lessons, teacher: Network | None = None) -> tuple[Network, list[dict[str, float]]]:
    """The best network that the recipe leads to, by validation, and the history of the epochs.

    Ctrl-C or SIGTERM ends the learning early, with the best so far.

    Raises:
        Stop: it was asked for before the first epoch was done.
        Diverged: the loss is not finite.
    """
    rng = np.random.default_rng(recipe.seed)
    network = Network.create(recipe.sizes, rng, recipe.activation, recipe.initialisation)
    best, progress, started, said = Best(lessons.validation), Progress("learning"), time.monotonic(), ""

    def hear(fraction: float) -> None:
        progress.update(fraction, said)
        check()

    with stoppable() as check:
        try:
            for epoch in learn(network, lessons.train, recipe, rng, hear, teacher):
                said = _epoch_in_words(best.see(network, epoch), recipe)
        except Stop:
            if best.theta is None:
                raise
            progress.line("stopped: keeping the best weights so far")
    progress.line(f"{said}, in {clock(time.monotonic() - started)}")
    network.theta[:] = best.theta
    return network, best.history


def _epoch_in_words(line: dict[str, float], recipe: Recipe) -> str:
    return (
        f"epoch {line['number']}/{recipe.epochs} loss {line['loss']:.4f} right {line['accuracy']:.2%} "
        f"validation loss {line['validation_loss']:.4f} right {line['validation_accuracy']:.2%}"
    )


def finish(network: Network, lessons: Lessons) -> Recognizer:
    """Fit on validation digits what makes answers honest: the temperature, and the limits of the verdicts."""
    chosen_by = together(lessons.validation.values())
    logits = network.forward(scaled(chosen_by.pictures))[-1]
    network.temperature = fit_temperature(logits, chosen_by.labels)
    judge = Judge.fit(logits, softmax(logits, network.temperature))
    network.extras = judge.arrays()
    return Recognizer(network, judge)


def save(
    recognizer: Recognizer, trials: Trials, history: list[dict[str, float]], meta: dict[str, Any], out: Path
) -> dict[str, Any]:
    """Measure, then write the weights, the report and the pictures that the page shows; returns the report."""
    figures = report_on(recognizer, trials)
    accuracies = {name: figures[name]["accuracy"] for name in trials.digits}
    recognizer.network.meta = meta | {
        "epochs": len(history),
        "data": {**MNIST_SHA256, **PEN_SHA256},
        "accuracy": accuracies,
    }
    recognizer.network.save(out / "digits.npz")
    report = {"model": recognizer.network.name, **figures, "training": meta, "history": history}
    write_report(out / "report.json", report)
    write_pictures(out / "digits.npz", recognizer, trials)
    return report


def parser() -> argparse.ArgumentParser:
    """Every knob, with its default from `Recipe` and `Variation`."""
    shape = argparse.ArgumentDefaultsHelpFormatter
    made = argparse.ArgumentParser("python -m model.train", description="Train a network.", formatter_class=shape)
    add = made.add_argument_group("files").add_argument
    add(
        "--data",
        type=Path,
        default=Path("data"),
        metavar="DIR",
        help="where MNIST and the pen digits are; what it lacks is downloaded",
    )
    add("--out", type=Path, default=Path("weights"), metavar="DIR", help="where the weights, report and charts go")
    add("--no-charts", action="store_true", help="write no charts")
    add = made.add_argument_group("what to learn from").add_argument
    add("--mnist", type=_whole(1), default=Amounts.mnist, help="times that each of MNIST's digits counts")
    add("--pens", type=_whole(0), default=Amounts.pens, help="times that each pen digit is drawn; 0: without them")
    add("--styles", type=_whole(0), default=Amounts.styles, help="digits in habits made on purpose")
    add(
        "--doodles",
        type=_whole(0),
        default=Amounts.doodles,
        help="letters, scribbles and other things that are no digit",
    )
    add("--teacher", type=Path, metavar="FILE", help="weights of a network whose answers are learned too")
    add("--teaching", type=_number(1), default=Recipe.teaching, help="the teacher's share of the targets")
    add = made.add_argument_group("network").add_argument
    add("--sizes", type=_sizes, default=Recipe.sizes, metavar="N,N,…", help="width of each layer, pixels to digits")
    add("--activation", choices=get_args(Activation), default=Recipe.activation, help="the bend after hidden layers")
    add("--initialisation", choices=get_args(Initialisation), default=Recipe.initialisation, help="of the weights")
    add = made.add_argument_group("learning").add_argument
    add("--epochs", type=_whole(1), default=Recipe.epochs, help="passes over the training pictures")
    add("--batch-size", type=_batch_size, default=Recipe.batch_size, help="pictures a step; 1: stochastic; all: batch")
    add("--optimizer", choices=("sgd", "adam"), default=Recipe.optimizer, help="how a gradient becomes a step")
    add("--rate", type=_number(), default=Recipe.rate, help="the learning rate, at its highest")
    add("--momentum", type=_number(1, below=True), default=Recipe.momentum, help="of sgd; 0: none")
    add("--nesterov", action="store_true", help="momentum in Nesterov's form")
    add("--schedule", choices=("constant", "step", "cosine"), default=Recipe.schedule, help="the rate's course")
    add("--warmup", type=_whole(0), default=Recipe.warmup, help="steps in which the rate rises from zero")
    add(
        "--average",
        type=_number(1, below=True),
        default=Recipe.average,
        help="of the running mean of the parameters; 0: no mean",
    )
    add("--seed", type=_whole(0), default=Recipe.seed, help="the same seed gives the same network")
    add = made.add_argument_group("regularisation").add_argument
    add("--l2", type=_number(), default=Recipe.l2, help="L2 weight decay")
    add(
        "--dropout",
        type=_number(1, below=True),
        default=Recipe.dropout,
        help="share of hidden neurons silenced at each step",
    )
    add("--label-smoothing", type=_number(1), default=Recipe.label_smoothing, help="share spread over all digits")
    add = made.add_argument_group("variation of the training pictures").add_argument
    add("--no-augment", action="store_true", help="none: learn from the pictures as they are")
    for field in dataclasses.fields(Variation):
        add(f"--{field.name}", type=_number(), default=field.default, help=_VARIATION[field.name])
    return made


_VARIATION = {
    "rotation": "degrees at most",
    "shear": "pixels sideways for a pixel up, at most",
    "scale": "share of the size at most, each axis by its own",
    "shift": "pixels at most",
    "elastic": "pixels, root mean square, of the elastic distortion",
    "smoothness": "pixels, width of the Gaussian that smooths the elastic distortion",
    "thickness": "pixels grown or shrunk on every side, at most",
    "contrast": "bend of the grey curve at most",
}


def _whole(low: int) -> Callable[[str], int]:
    """A whole number from `low` up."""

    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < low:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} up")
        return int(text)

    return whole


def _number(high: float = float("inf"), *, below: bool = False) -> Callable[[str], float]:
    """A number from 0 to `high`, or below it."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not (0 <= value < high if below or high == float("inf") else 0 <= value <= high):
            bounds = "0 up" if high == float("inf") else f"0 to {'below ' * below}{high:g}"
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {bounds}")
        return value

    return number


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) if part.isdecimal() else 0 for part in text.split(","))
    if len(sizes) < 3 or sizes[0] != 784 or sizes[-1] != 10 or min(sizes) < 1:
        raise argparse.ArgumentTypeError("from 784 pixels through a hidden layer to 10 digits, such as 784,128,64,10")
    return sizes


def _batch_size(text: str) -> int:
    return 0 if text == "all" else _whole(1)(text)


def _recipe(chosen: dict[str, Any]) -> Recipe:
    variation = Variation(**{field.name: chosen[field.name] for field in dataclasses.fields(Variation)})
    knobs = {field.name: chosen[field.name] for field in dataclasses.fields(Recipe) if field.name != "variation"}
    return Recipe(**knobs, variation=None if chosen["no_augment"] else variation)


def _command(chosen: dict[str, Any]) -> str:
    """The command line that would do this again: what differs from the defaults, places of files apart."""
    words = ["python", "-m", "model.train"]
    for action in parser()._actions:
        if action.dest in {"help", "data", "out", "no_charts"} or chosen[action.dest] == action.default:
            continue
        words.append(action.option_strings[0])
        if action.nargs != 0:
            value = chosen[action.dest]
            words.append(",".join(map(str, value)) if isinstance(value, tuple) else str(value))
    return shlex.join(words)


def _load(chosen: dict[str, Any]) -> Lessons:
    amounts = Amounts(**{field.name: chosen[field.name] for field in dataclasses.fields(Amounts)})
    progress = Progress("drawing")
    lessons = load_lessons(chosen["data"], amounts, chosen["seed"], progress.update)
    progress.line(f"{len(lessons.train):,} pictures to learn from")
    return lessons


def _draw(report: dict[str, Any], recognizer: Recognizer, trials: Trials, out: Path) -> None:
    try:
        draw_all(report, recognizer, trials.digits["mnist_test"], out)
    except ChartsNeedMatplotlib as error:
        sys.stderr.write(f"{error}\n")


def main(arguments: list[str] | None = None) -> int:
    """Train, measure, write; 0 if it could be done."""
    options = parser()
    chosen = vars(options.parse_args(arguments))
    if chosen["nesterov"] and not chosen["momentum"]:
        options.error("--nesterov needs a --momentum above 0")
    if not chosen["smoothness"]:
        options.error("--smoothness has to be above 0; --elastic 0 turns the distortion off")
    recipe = _recipe(chosen)
    started = time.monotonic()
    try:
        require_folder(chosen["out"])
        teacher = Network.load(chosen["teacher"]) if chosen["teacher"] else None
        lessons = _load(chosen)
        network, history = train(recipe, lessons, teacher)
    except (DataError, WeightsError, Diverged, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (Stop, KeyboardInterrupt):
        sys.stderr.write("stopped before the first epoch was done: nothing was written\n")
        return 130
    meta = {
        "seed": recipe.seed,
        "command": _command(chosen),
        "recipe": dataclasses.asdict(recipe),
        "amounts": {field.name: chosen[field.name] for field in dataclasses.fields(Amounts)},
        "teacher": teacher.name if teacher else None,
        "seconds": round(time.monotonic() - started),
        "date": datetime.now(UTC).date().isoformat(),
    }
    with stoppable():  # what has been learned is saved, whatever is asked for meanwhile
        recognizer, trials = finish(network, lessons), load_trials(chosen["data"], pens=chosen["pens"] > 0)
        report = save(recognizer, trials, history, meta, chosen["out"])
        if not chosen["no_charts"]:
            _draw(report, recognizer, trials, chosen["out"])
    sys.stdout.write(f"{summary(report)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
