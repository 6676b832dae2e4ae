"""Every knob of a training on the command line: its name, its meaning, its default, and what it may not be."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from model.data.augment import Variation
from model.data.dataset import DataConfig
from model.network import Activation, Initialisation
from model.training.loop import TrainConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLACES: Final = ("help", "data", "out", "no_charts", "no_test", "resume")  # where and how, not what is learned


def parser() -> argparse.ArgumentParser:
    """Every knob, with its default from `TrainConfig` and `Variation`."""
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
    add(
        "--out",
        type=Path,
        default=Path("runs/latest"),
        metavar="DIR",
        help="where the weights, report and charts go; weights: what ships",
    )
    add("--no-charts", action="store_true", help="write no charts")
    add("--no-test", action="store_true", help="measure on validation digits alone: for choosing, not for reporting")
    add("--resume", action="store_true", help="go on with the unfinished training in --out, by its own recipe")
    add = made.add_argument_group("what to learn from").add_argument
    add("--mnist", type=_whole(1), default=DataConfig.mnist, help="times that each of MNIST's digits counts")
    add("--digits", type=_whole(0), default=DataConfig.digits, help="so many of MNIST's digits alone; 0: all")
    add("--pens", type=_whole(0), default=DataConfig.pens, help="times that each pen digit is drawn; 0: without them")
    add("--synthetic", type=_whole(0), default=DataConfig.synthetic, help="digits in habits made on purpose")
    add(
        "--outliers",
        type=_whole(0),
        default=DataConfig.outliers,
        help="letters, scribbles and other things that are no digit",
    )
    add(
        "--validation-sets",
        choices=("learned", "all"),
        default=DataConfig.validation_sets,
        help="validation digits to choose by",
    )
    add("--teacher", type=Path, metavar="FILE", help="weights of a network whose answers are learned too")
    add("--teaching", type=_number(1), default=TrainConfig.teaching, help="the teacher's share of the targets")
    add = made.add_argument_group("network").add_argument
    add(
        "--sizes", type=_sizes, default=TrainConfig.sizes, metavar="N,N,…", help="width of each layer, pixels to digits"
    )
    add(
        "--activation",
        choices=get_args(Activation),
        default=TrainConfig.activation,
        help="the bend after hidden layers",
    )
    add("--initialisation", choices=get_args(Initialisation), default=TrainConfig.initialisation, help="of the weights")
    add = made.add_argument_group("learning").add_argument
    add("--epochs", type=_whole(1), default=TrainConfig.epochs, help="passes over the training pictures")
    add(
        "--batch-size",
        type=_batch_size,
        default=TrainConfig.batch_size,
        help="pictures a step; 1: stochastic; all: batch",
    )
    add(
        "--optimizer",
        choices=("sgd", "adam", "muon"),
        default=TrainConfig.optimizer,
        help="how a gradient becomes a step",
    )
    add("--rate", type=_number(), default=TrainConfig.rate, help="the learning rate, at its highest")
    add("--momentum", type=_number(1, below=True), default=TrainConfig.momentum, help="of sgd; 0: none")
    add("--nesterov", action="store_true", help="momentum in Nesterov's form")
    add("--schedule", choices=("constant", "step", "cosine"), default=TrainConfig.schedule, help="the rate's course")
    add("--warmup", type=_whole(0), default=TrainConfig.warmup, help="steps in which the rate rises from zero")
    add(
        "--average",
        type=_number(1, below=True),
        default=TrainConfig.average,
        help="of the running mean of the parameters; 0: no mean",
    )
    add("--seed", type=_whole(0), default=TrainConfig.seed, help="the same seed gives the same network")
    add(
        "--called-none",
        type=_number(1),
        default=TrainConfig.called_none,
        help="share of the validation digits that may be called no digit: the less, the more letters are called digits",
    )
    add = made.add_argument_group("regularisation").add_argument
    add("--l2", type=_number(), default=TrainConfig.l2, help="L2 weight decay")
    add(
        "--dropout",
        type=_number(1, below=True),
        default=TrainConfig.dropout,
        help="share of hidden neurons silenced at each step",
    )
    add("--label-smoothing", type=_number(1), default=TrainConfig.label_smoothing, help="share spread over all digits")
    add = made.add_argument_group("variation of the training pictures").add_argument
    add("--no-augment", action="store_true", help="none: learn from the pictures as they are")
    add("--drawn-variation", type=_number(), default=TrainConfig.drawn_variation, help="share of it for strokes")
    add("--last-variation", type=_number(), default=TrainConfig.last_variation, help="share of it in the last epoch")
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


def parse(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """The knobs that a command line chooses; a wrong one ends the program with a sentence."""
    options = parser()
    chosen = vars(options.parse_args(arguments))
    if chosen["nesterov"] and not chosen["momentum"]:
        options.error("--nesterov needs a --momentum above 0")
    if not chosen["smoothness"]:
        options.error("--smoothness has to be above 0; --elastic 0 turns the distortion off")
    return chosen


def given(arguments: Sequence[str] | None = None) -> set[str]:
    """The names of the knobs that a command line really mentions."""
    options = parser()
    for action in options._actions:
        action.default = argparse.SUPPRESS
    return set(vars(options.parse_args(arguments)))


def train_config(chosen: dict[str, Any]) -> TrainConfig:
    """How to learn."""
    variation = Variation(**{field.name: chosen[field.name] for field in dataclasses.fields(Variation)})
    knobs = {field.name: chosen[field.name] for field in dataclasses.fields(TrainConfig) if field.name != "variation"}
    return TrainConfig(**knobs, variation=None if chosen["no_augment"] else variation)


def data_config_of(chosen: dict[str, Any]) -> DataConfig:
    """What to learn from."""
    return DataConfig(**{field.name: chosen[field.name] for field in dataclasses.fields(DataConfig)})


def configuration(chosen: dict[str, Any]) -> dict[str, Any]:
    """What config.json says: every knob, places of files apart, as JSON has it."""
    knobs = {key: value for key, value in chosen.items() if key not in PLACES}
    return {"command": command(chosen), **json.loads(json.dumps(knobs, default=str))}


def command(chosen: dict[str, Any]) -> str:
    """The command line that would do this again: what differs from the defaults, places of files apart."""
    differing = {action.dest for action in parser()._actions if chosen.get(action.dest) != action.default}
    return shlex.join(["python", "-m", "model.train", *words(chosen, differing - {*PLACES})])


def words(chosen: dict[str, Any], names: set[str]) -> list[str]:
    """The knobs of these names as they stand on a command line."""
    said: list[str] = []
    for action in parser()._actions:
        value = chosen.get(action.dest)
        if action.dest not in names or value is None or value is False:
            continue
        said.append(action.option_strings[0])
        if action.dest == "batch_size" and value == 0:
            said.append("all")
        elif action.nargs != 0:
            said.append(",".join(map(str, value)) if isinstance(value, tuple) else str(value))
    return said
