"""Options of a training: defaults, meanings and limits, read from the command line, a TOML recipe or config.json.

An option has one name: `batch_size` here and in config.json, `batch-size` in TOML, `--batch-size` on the command line.
Options are handed around as a dictionary; `train_config` and `data_config` make the typed halves of it.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import shlex
import tomllib
from argparse import SUPPRESS, ArgumentTypeError
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from model.data.augment import Variation
from model.data.dataset import DataConfig
from model.network import Activation, Initialisation
from model.rejection import REJECTED_SHARE
from model.storage import READ_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Options = dict[str, Any]

PLACES: Final = ("data", "charts", "test")  # options that say where and how, not what is learned
STORED_NAMES: Final = {  # of fields of `TrainConfig`, in weights files
    "ema_decay": "average",
    "rejected_share": "called_none",
    "distillation_weight": "teaching",
    "augmentation": "variation",
    "stroke_augmentation": "drawn_variation",
    "final_augmentation": "last_variation",
}


class ConfigError(Exception):
    """Options that cannot be used; the message says which, and why."""


def whole(low: int) -> Callable[[str], int]:
    """A whole number from `low` up."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < low:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {low} up")
        return int(text)

    return read


def number(high: float = float("inf"), *, below: bool = False) -> Callable[[str], float]:
    """A number from 0 to `high`, or below it."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not (0 <= value < high if below or high == float("inf") else 0 <= value <= high):
            bounds = "0 up" if high == float("inf") else f"0 to {'below ' * below}{high:g}"
            raise ArgumentTypeError(f"{text!r} is not a number from {bounds}")
        return value

    return read


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """One of these names."""

    def read(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(f"{text!r} is not one of {', '.join(names)}")
        return text

    return read


def layer_sizes(text: str) -> tuple[int, ...]:
    """Widths of layers, such as 784,128,64,10."""
    sizes = tuple(int(part) if part.isdecimal() else 0 for part in text.split(","))
    if len(sizes) < 3 or sizes[0] != 784 or sizes[-1] != 10 or min(sizes) < 1:
        raise ArgumentTypeError("from 784 pixels through a hidden layer to 10 digits, such as 784,128,64,10")
    return sizes


def batch_size(text: str) -> int:
    """A number of pictures; 0 or `all` for all of them."""
    return 0 if text == "all" else whole(0)(text)


def option(default: Any, read: Callable[[str], Any] | tuple[str, ...], meaning: str) -> Any:  # noqa: ANN401 - any type
    """A field of `TrainConfig`: `read` makes its value of a text, or names the values that it can have."""
    if isinstance(read, tuple):
        meaning = f"{meaning}: {', '.join(read)}"
        read = one_of(read)
    return field(default=default, metadata={"read": read, "meaning": meaning})


@dataclass(frozen=True)
class TrainConfig:
    """How to learn. The defaults make the small network that ships."""

    # the network
    sizes: tuple[int, ...] = option((784, 128, 64, 10), layer_sizes, "width of each layer, from pixels to digits")
    activation: Activation = option(  # noqa: RUF009 - a field, as here all are
        "relu", get_args(Activation), "function after each hidden layer"
    )
    initialisation: Initialisation = option("he", get_args(Initialisation), "of the weights")  # noqa: RUF009
    # the optimiser and its learning rate
    epochs: int = option(200, whole(1), "passes over the training pictures")
    batch_size: int = option(256, batch_size, "pictures a step; 1: stochastic descent; all (or 0): batch descent")
    optimizer: Literal["sgd", "adam", "muon"] = option("muon", ("sgd", "adam", "muon"), "how a gradient becomes a step")
    rate: float = option(0.002, number(), "learning rate, at its highest")
    momentum: float = option(0.9, number(1, below=True), "of sgd; 0: none")
    nesterov: bool = option(False, bool, "momentum of sgd in Nesterov's form")
    schedule: Literal["constant", "step", "cosine"] = option(
        "cosine", ("constant", "step", "cosine"), "how the learning rate falls"
    )
    warmup: int = option(200, whole(0), "steps in which the learning rate rises from zero")
    ema_decay: float = option(
        0.9995, number(1, below=True), "of the exponential moving average of the parameters; 0: keep the last ones"
    )
    seed: int = option(0, whole(0), "the same seed gives the same network")
    # regularisation
    l2: float = option(0.0, number(), "L2 weight decay")
    dropout: float = option(0.0, number(1, below=True), "share of hidden neurons silenced at each step")
    label_smoothing: float = option(0.0, number(1), "share of each target spread over all digits")
    distillation_weight: float = option(0.7, number(1), "share of the teacher's answers in the targets, with --teacher")
    # what counts as no digit
    rejected_share: float = option(
        REJECTED_SHARE,
        number(1),
        "share of the validation digits that may be called no digit: the less, the more letters are called digits",
    )
    # augmentation: how much of `augmentation` a picture gets
    stroke_augmentation: float = option(0.6, number(), "share of it for pictures that were drawn from strokes")
    final_augmentation: float = option(
        0.6, number(), "share of it in the last epoch, to which it falls over the last fifth of the epochs"
    )
    augmentation: Variation | None = field(default_factory=Variation)  # None: learn from the pictures as they are


@dataclass(frozen=True)
class Option:
    """One option of the table below."""

    group: str  # in --help
    default: Any
    read: Callable[[str], Any]  # the value in a text; raises ArgumentTypeError
    meaning: str

    @property
    def metavar(self) -> str:
        """What stands for the value in --help."""
        kinds = {int: "N", float: "X", tuple: "N,N,…", str: "NAME"}
        return kinds.get(type(self.default), "PATH")

    def value(self, known: Any) -> Any:  # noqa: ANN401 - as TOML or JSON has it
        """The value in a TOML or JSON file, checked like that of a flag.

        Raises:
            ArgumentTypeError: it is none.
        """
        if isinstance(self.default, bool) != isinstance(known, bool):
            raise ArgumentTypeError(f"{known!r} is not {'true or false' * isinstance(self.default, bool) or 'a value'}")
        if isinstance(known, bool):
            return known
        return self.read(",".join(map(str, known)) if isinstance(known, list) else str(known))

    def add_to(self, group: argparse._ArgumentGroup, name: str) -> None:
        """Make a flag of it."""
        if isinstance(self.default, bool):
            group.add_argument(_flag(name), action=argparse.BooleanOptionalAction, help=self.meaning)
        else:
            meaning = self.meaning if self.default is None else f"{self.meaning} (default: {_written(self.default)})"
            group.add_argument(_flag(name), type=self.read, metavar=self.metavar, help=meaning)


def _written(value: Any) -> str:  # noqa: ANN401 - of any option
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


_FILES = {
    "data": Option("files", Path("data"), Path, "folder with MNIST and the pen digits; what it lacks is downloaded"),
    "charts": Option("files", True, bool, "draw charts"),
    "test": Option("files", True, bool, "measure on the tests; without: on validation digits alone, for choosing"),
}
_DATA = {
    "mnist": (whole(1), "times that each of MNIST's digits counts"),
    "pens": (whole(0), "times that each pen digit is drawn; 0: without them"),
    "synthetic": (whole(0), "digits in habits of writing that are made on purpose"),
    "outliers": (whole(0), "letters, scribbles and other things that are no digit"),
    "digits": (whole(0), "how many of MNIST's digits, from the first; 0: all"),
    "validation_sets": (
        one_of(("learned", "all")),
        "validation digits of what is learned, or all",
    ),
}
_AUGMENTATION = {
    "rotation": "degrees at most",
    "shear": "pixels sideways for a pixel up, at most",
    "scale": "share of the size at most, each axis by its own",
    "shift": "pixels at most",
    "elastic": "pixels, root mean square, of the elastic distortion",
    "smoothness": "pixels, width of the Gaussian that smooths the elastic distortion",
    "thickness": "pixels grown or shrunk on every side, at most",
    "contrast": "curvature of the grey curve at most",
}
_LEARNING = [f for f in dataclasses.fields(TrainConfig) if f.metadata]
OPTIONS: Final[dict[str, Option]] = {
    **_FILES,
    **{f.name: Option("what to learn from", f.default, *_DATA[f.name]) for f in dataclasses.fields(DataConfig)},
    "teacher": Option("what to learn from", None, Path, "weights of a network whose answers are learned too"),
    **{f.name: Option("how to learn", f.default, f.metadata["read"], f.metadata["meaning"]) for f in _LEARNING},
    "augment": Option("augmentation", True, bool, "vary the training pictures"),
    **{
        f.name: Option("augmentation", f.default, number(), _AUGMENTATION[f.name])
        for f in dataclasses.fields(Variation)
    },
}


@dataclass(frozen=True)
class CommandLine:
    """What a command line asks for."""

    out: Path
    resume: bool
    given: Options  # the options that its flags and its recipe name
    options: Options  # all of them, the rest by default


def parse(arguments: Sequence[str] | None = None) -> CommandLine:
    """Read a command line; a wrong one ends the program with a sentence."""
    parser = argparse.ArgumentParser("python -m model.train", description="Train a network.", argument_default=SUPPRESS)
    groups = {name: parser.add_argument_group(name) for name in dict.fromkeys(o.group for o in OPTIONS.values())}
    add = groups["files"].add_argument
    add("--recipe", type=Path, metavar="FILE", help="options in TOML, such as recipes/wide.toml; flags win over it")
    add(
        "--out",
        type=Path,
        default=Path("runs/latest"),
        metavar="DIR",
        help="where weights, report and charts go (default: runs/latest); weights: what ships",
    )
    add("--resume", action="store_true", default=False, help="go on with the unfinished training in --out")
    for name, each in OPTIONS.items():
        each.add_to(groups[each.group], name)
    given = vars(parser.parse_args(arguments))
    out, resume, recipe = given.pop("out"), given.pop("resume"), given.pop("recipe", None)
    try:
        given = (read_recipe(recipe) if recipe else {}) | given
        return CommandLine(out, resume, given, complete(given))
    except ConfigError as error:
        parser.error(str(error))


def complete(given: Mapping[str, Any]) -> Options:
    """All options: those given, and the defaults of the others.

    Raises:
        ConfigError: they do not go together.
    """
    options = {name: each.default for name, each in OPTIONS.items()} | dict(given)
    if options["nesterov"] and not options["momentum"]:
        raise ConfigError("--nesterov needs a --momentum above 0")
    if not options["smoothness"]:
        raise ConfigError("--smoothness has to be above 0; --elastic 0 turns the distortion off")
    return options


def read_recipe(path: Path) -> Options:
    """The options in a TOML file.

    Raises:
        ConfigError: the file cannot be read, or names no option, or no value of one.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error})") from None
    try:
        return read_options(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def read_options(table: Mapping[str, Any], names: Iterable[str] = OPTIONS.keys() - PLACES) -> Options:
    """Options as TOML or JSON has them, such as {"batch-size": 64, "sizes": [784, 64, 10], "augment": False}.

    Raises:
        ConfigError: one is unknown, or its value is wrong.
    """
    known = {name.replace("_", "-"): name for name in names}
    options = {}
    for key, value in table.items():
        written = key.replace("_", "-")
        require_known(written, known, "option")
        try:
            options[known[written]] = OPTIONS[known[written]].value(value)
        except ArgumentTypeError as error:
            raise ConfigError(f"{written}: {error}") from None
    return options


def require_known(name: str, known: Iterable[str], what: str) -> None:
    """Make sure that a name is known.

    Raises:
        ConfigError: it is not; the message names the nearest one.
    """
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"is it {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
        raise ConfigError(f"there is no {what} {name}; {hint}")


def train_config(options: Mapping[str, Any]) -> TrainConfig:
    """How to learn."""
    augmentation = Variation(**{name: options[name] for name in _AUGMENTATION}) if options["augment"] else None
    return TrainConfig(**{f.name: options[f.name] for f in _LEARNING}, augmentation=augmentation)


def data_config(options: Mapping[str, Any]) -> DataConfig:
    """What to learn from."""
    return DataConfig(**{name: options[name] for name in _DATA})


def stored_recipe(config: TrainConfig) -> dict[str, Any]:
    """The `recipe` in a weights file's `meta` and in report.json, whose keys stay what they were in the first files."""
    return {STORED_NAMES.get(name, name): value for name, value in dataclasses.asdict(config).items()}


def learned_from(options: Mapping[str, Any]) -> Options:
    """The options that decide what is learned: all but `PLACES`."""
    return {name: value for name, value in options.items() if name not in PLACES}


def flags(options: Mapping[str, Any]) -> list[str]:
    """Options as they stand on a command line.

    >>> flags({"sizes": (784, 64, 10), "nesterov": True, "augment": False, "teacher": None})
    ['--sizes', '784,64,10', '--nesterov', '--no-augment']
    """
    words: list[str] = []
    for name, value in options.items():
        if isinstance(value, bool):
            words.append(_flag(name if value else f"no-{name}"))
        elif value is not None:
            words += [_flag(name), _written(value)]
    return words


def command(options: Mapping[str, Any]) -> str:
    """The command line that does this again: the options that differ from the defaults, places left out."""
    changed = {name: value for name, value in learned_from(options).items() if value != OPTIONS[name].default}
    return shlex.join(["python", "-m", "model.train", *flags(changed)])


def resolved(options: Mapping[str, Any]) -> Options:
    """The same options, with files that are found from any folder."""
    return {name: value.resolve() if isinstance(value, Path) else value for name, value in options.items()}


def to_json(options: Mapping[str, Any]) -> dict[str, Any]:
    """What config.json holds: the command, and every option."""
    known = json.loads(json.dumps(resolved(options), default=str))
    return {"command": command(options), **known}


def read_config(folder: Path) -> tuple[str, Options]:
    """The command and the options in the config.json of a training.

    Raises:
        ConfigError: it cannot be read.
    """
    path = folder / "config.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        written = str(known.pop("command"))
        given = {name: value for name, value in known.items() if value is not None}
        return written, complete(read_options(given, OPTIONS))
    except (*READ_ERRORS, AttributeError, ConfigError) as error:
        raise ConfigError(f"{path} cannot be read ({error})") from None
