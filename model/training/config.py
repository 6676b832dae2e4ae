"""Options of a training: defaults, meanings and limits, read from the command line, a TOML recipe or config.json.

An option has one name: `batch_size` here and in config.json, `batch-size` in TOML, `--batch-size` on the command line.
Options are handed around as a dictionary; `train_config` and `data_config` make the typed halves of it.
"""

import argparse
import dataclasses
import difflib
import json
import shlex
import tomllib
from argparse import SUPPRESS, ArgumentTypeError
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

from model.data.augment import AugmentationConfig
from model.data.dataset import DataConfig
from model.network import Activation, Initialisation
from model.rejection import REJECTED_SHARE
from model.storage import READ_ERRORS, write_json

Options = dict[str, Any]
T = TypeVar("T")
IO_OPTIONS: Final = ("data", "charts", "test")  # options that say where and how, not what is learned
STORED_NAMES: Final = {  # of fields of `TrainConfig`, in weights files
    "ema_decay": "average",
    "rejected_share": "called_none",
    "distillation_weight": "teaching",
    "augmentation": "variation",
    "stroke_augmentation": "drawn_variation",
    "final_augmentation": "last_variation",
}


class ConfigError(Exception):
    """Options that cannot be used; the message names them, and the reason."""


@dataclass(frozen=True)
class Kind:
    """The values that an option may have."""

    words: str
    read: Callable[[str], Any]  # may raise ValueError
    allowed: Callable[[Any], bool] = lambda _: True
    metavar: str = "X"  # what stands for the value in --help

    def value(self, text: str) -> Any:  # noqa: ANN401 - of any kind
        """The value in a text; raises ArgumentTypeError if there is none."""
        with suppress(ValueError):
            if self.allowed(value := self.read(text)):
                return value
        raise ArgumentTypeError(f"{text!r} is not {self.words}")


def one_of(*names: str) -> Kind:
    """One of these names."""
    return Kind(f"one of {', '.join(names)}", str, names.__contains__, f"{{{','.join(names)}}}")


def _layers_fit(sizes: tuple[int, ...]) -> bool:
    return len(sizes) > 2 and sizes[0] == 784 and sizes[-1] == 10 and min(sizes) > 0


BOOLEAN: Final = Kind("true or false", lambda text: bool(("False", "True").index(text)), metavar="")
PATH: Final = Kind("a path", lambda text: Path(text).resolve(), metavar="PATH")
COUNT: Final = Kind("a whole number from 0 up", int, lambda n: n >= 0, "N")
POSITIVE: Final = Kind("a whole number from 1 up", int, lambda n: n >= 1, "N")
BATCH: Final = Kind("a whole number from 0 up, or all", lambda text: int(text.replace("all", "0")), COUNT.allowed, "N")
NUMBER: Final = Kind("a number from 0 up", float, lambda x: 0 <= x < float("inf"))
SHARE: Final = Kind("a number from 0 to 1", float, lambda x: 0 <= x <= 1)
BELOW_1: Final = Kind("a number from 0 to below 1", float, lambda x: 0 <= x < 1)
SIZES: Final = Kind(
    "a way from 784 pixels through a hidden layer to 10 digits, such as 784,128,64,10",
    lambda text: tuple(map(int, text.split(","))),
    _layers_fit,
    "N,N,…",
)


def option(default: Any, kind: Kind, meaning: str) -> Any:  # noqa: ANN401 - of any kind
    """A field of `TrainConfig` that is an option."""
    return field(default=default, metadata={"kind": kind, "meaning": meaning})


@dataclass(frozen=True)
class TrainConfig:
    """How to learn. The defaults make the small network that ships."""

    # the network
    sizes: tuple[int, ...] = option((784, 128, 64, 10), SIZES, "width of each layer, from pixels to digits")
    activation: Activation = option("relu", one_of(*get_args(Activation)), "of hidden layers")  # noqa: RUF009 - a field
    initialisation: Initialisation = option("he", one_of(*get_args(Initialisation)), "of the weights")  # noqa: RUF009
    # the optimiser and its learning rate
    epochs: int = option(130, POSITIVE, "passes over the training pictures")
    batch_size: int = option(256, BATCH, "pictures a step; 1: stochastic descent; all, or 0: batch descent")
    optimizer: Literal["sgd", "adam", "muon"] = option(
        "muon", one_of("sgd", "adam", "muon"), "makes a step of a gradient"
    )
    rate: float = option(0.002, NUMBER, "the learning rate, at its highest")
    momentum: float = option(0.9, BELOW_1, "of sgd; 0: none")
    nesterov: bool = option(False, BOOLEAN, "momentum of sgd in Nesterov's form")
    schedule: Literal["constant", "step", "cosine"] = option(
        "cosine", one_of("constant", "step", "cosine"), "how the learning rate falls"
    )
    warmup: int = option(200, COUNT, "steps in which the learning rate rises from zero")
    ema_decay: float = option(0.0, BELOW_1, "of the parameters' exponential moving average; 0: none")
    seed: int = option(0, COUNT, "the same seed gives the same network")
    # regularisation
    l2: float = option(0.0, NUMBER, "L2 weight decay")
    dropout: float = option(0.0, BELOW_1, "share of hidden neurons silenced at each step")
    label_smoothing: float = option(0.0, SHARE, "share of each target spread over all digits")
    distillation_weight: float = option(0.7, SHARE, "share of the teacher's answers in the targets, with --teacher")
    # what is called no digit
    rejected_share: float = option(
        REJECTED_SHARE, SHARE, "of the validation digits, may be called no digit; the less, the more letters pass"
    )
    # augmentation of the training pictures
    stroke_augmentation: float = option(0.6, NUMBER, "share of it for pictures that were drawn from strokes")
    final_augmentation: float = option(0.6, NUMBER, "share of it at the end; falls over the last fifth of the epochs")
    # None: pictures are learned as they are
    augmentation: AugmentationConfig | None = field(default_factory=AugmentationConfig)


@dataclass(frozen=True)
class Option:
    """One option of a training."""

    group: str  # in --help
    default: Any
    kind: Kind
    meaning: str


def _written(value: Any) -> str:  # noqa: ANN401 - of any option
    if isinstance(value, Path) and value.is_relative_to(Path.cwd()):
        value = value.relative_to(Path.cwd())
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


DATA: Final = "what to learn from"
_DATA = {
    "mnist": (POSITIVE, "times that each of MNIST's digits counts"),
    "pens": (COUNT, "times that each pen digit is drawn; 0: without them"),
    "unipen": (COUNT, "times that each digit of UNIPEN is drawn; 0: without them"),
    "unipen_letters": (COUNT, "times that each letter of UNIPEN is drawn, as no digit; 0: without them"),
    "synthetic": (COUNT, "synthetic digits, in ways of writing that MNIST hardly has"),
    "outliers": (COUNT, "letters, scribbles and other things that are no digit"),
    "cut_digits": (
        COUNT,
        "digits and parts that are none, cut out of numbers whose digits touch",
    ),
    "marked_digits": (SHARE, "share of people's zeros and sevens of one stroke that get a slash or a bar"),
    "varied_strokes": (SHARE, "share of people's digits whose strokes are varied one by one"),
    "digits": (COUNT, "how many of MNIST's digits, from the first; 0: all"),
    "validation_sets": (one_of("learned", "all"), "validation digits of what is learned from, or of every kind"),
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
_LEARNING = {f.name: f for f in dataclasses.fields(TrainConfig) if f.metadata}
OPTIONS: Final[dict[str, Option]] = {
    "data": Option("files", Path("data"), PATH, "folder with the data; what it lacks is downloaded"),
    "charts": Option("files", True, BOOLEAN, "draw charts"),
    "test": Option("files", True, BOOLEAN, "measure on the tests; else on validation digits alone, for choosing"),
    **{name: Option(DATA, getattr(DataConfig, name), *known) for name, known in _DATA.items()},
    "teacher": Option(DATA, None, PATH, "weights of a network whose answers are learned too"),
    **{name: Option("how to learn", f.default, **f.metadata) for name, f in _LEARNING.items()},
    "augment": Option("augmentation", True, BOOLEAN, "vary the training pictures"),
    **{n: Option("augmentation", getattr(AugmentationConfig, n), NUMBER, what) for n, what in _AUGMENTATION.items()},
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
    add, out = groups["files"].add_argument, "where weights, report and charts go (default: runs/latest)"
    add("--out", type=Path, default=Path("runs/latest"), metavar="PATH", help=f"{out}; weights: what ships")
    add("--resume", action="store_true", default=False, help="go on with the unfinished training in --out")
    add("--recipe", type=Path, default=None, metavar="PATH", help="options in TOML, such as recipes/wide.toml")
    for name, each in OPTIONS.items():
        if each.kind is BOOLEAN:
            groups[each.group].add_argument(_flag(name), action=argparse.BooleanOptionalAction, help=each.meaning)
        else:
            meaning = each.meaning if each.default is None else f"{each.meaning} (default: {_written(each.default)})"
            groups[each.group].add_argument(_flag(name), type=each.kind.value, metavar=each.kind.metavar, help=meaning)
    given = vars(parser.parse_args(arguments))
    folder, resume, recipe = (given.pop(name) for name in ("out", "resume", "recipe"))
    try:
        given = (read_recipe(recipe) if recipe else {}) | given
        return CommandLine(folder, resume, given, complete(given))
    except ConfigError as error:
        parser.error(str(error))


def complete(given: Mapping[str, Any]) -> Options:
    """All options: those given, and the defaults of the others.

    Raises:
        ConfigError: they do not go together.
    """
    options = {name: each.default for name, each in OPTIONS.items()} | dict(given)
    options["data"] = options["data"].resolve()
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
    return read_toml(path, read_options)


def read_toml(path: Path, make: Callable[[dict[str, Any]], T]) -> T:
    """What `make` makes of a TOML file.

    Raises:
        ConfigError: the file cannot be read, or `make` raised it; the message names the file.
    """
    try:
        return make(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def read_options(table: Mapping[str, Any], names: Iterable[str] = OPTIONS.keys() - IO_OPTIONS) -> Options:
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
            options[known[written]] = OPTIONS[known[written]].kind.value(_written(value))
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
    """The `TrainConfig` in the options."""
    augmentation = AugmentationConfig(**{name: options[name] for name in _AUGMENTATION}) if options["augment"] else None
    return TrainConfig(**{name: options[name] for name in _LEARNING}, augmentation=augmentation)


def data_config(options: Mapping[str, Any]) -> DataConfig:
    """The `DataConfig` in the options."""
    return DataConfig(**{name: options[name] for name in _DATA})


def stored_recipe(config: TrainConfig) -> dict[str, Any]:
    """The `recipe` in a weights file's `meta` and in report.json, whose keys stay what they were in the first files."""
    return {STORED_NAMES.get(name, name): value for name, value in dataclasses.asdict(config).items()}


def learning_options(options: Mapping[str, Any]) -> Options:
    """The options that decide what is learned: all but `IO_OPTIONS`."""
    return {name: value for name, value in options.items() if name not in IO_OPTIONS}


def flags(options: Mapping[str, Any]) -> list[str]:
    """Options as flags of a command line.

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
    changed = {name: value for name, value in learning_options(options).items() if value != OPTIONS[name].default}
    return shlex.join(["python", "-m", "model.train", *flags(changed)])


def run_options(args: CommandLine) -> Options:
    """The options of a training: written to its config.json or, if it is resumed, read from there.

    Raises:
        ConfigError: config.json cannot be read, or what is asked for contradicts it.
    """
    if not args.resume:
        write_config(args.out, args.options)
        return args.options
    options = read_config(args.out)
    for name, value in args.given.items():
        if name not in IO_OPTIONS and value != options[name]:
            known = shlex.join(flags({name: options[name]}))
            raise ConfigError(
                f"{_flag(name)} contradicts the training in {args.out}, which was begun "
                f"{f'with {known}' if known else 'without it'}: leave it out, or start another training with --out"
            )
    return options | args.given


def write_config(folder: Path, options: Options) -> None:
    """Write config.json: every option and, for people, the command."""
    write_json(folder / "config.json", {"command": command(options), **options})


def read_config(folder: Path) -> Options:
    """The options of the training in a folder, from its config.json.

    Raises:
        ConfigError: it cannot be read.
    """
    path = folder / "config.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        del known["command"]
        return complete(read_options({name: value for name, value in known.items() if value is not None}, OPTIONS))
    except (*READ_ERRORS, ConfigError) as error:
        raise ConfigError(f"{path} cannot be read ({error})") from None
