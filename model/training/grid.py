"""Experiments: a question and the runs that answer it, read from TOML. `model.experiment` shows such a file."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.storage import sha256
from model.training.comparison import DIVERGENCE, FIGURES
from model.training.config import (
    ConfigError,
    Options,
    complete,
    flags,
    learning_options,
    read_options,
    read_toml,
    require_known,
)
from model.training.state import resume_path

KEYS: Final[dict[str, tuple[Any, str]]] = {  # of a file: the default, whose type a value has, and the error otherwise
    "question": ("", 'it asks nothing: begin it with question = "…"'),
    "metric": ("validation_accuracy", 'name one figure: metric = "…"'),
    "chart": (["loss", "validation_loss"], 'name the figures in a list: chart = ["…"]'),
    "common": ({}, "write [common], once: it is one table"),
    "grid": ({}, "write [grid], once: it is one table"),
    "run": ([{}], "write [[run]], once for each of them: runs are several"),
}
# Figures that not every run has, and the option that is above 0 where they are.
NEEDS: Final = {"validation_accuracy_pen": "pens", "validation_accuracy_synthetic": "synthetic"}


@dataclass(frozen=True)
class Run:
    """One training. Runs of one name differ in the seed alone; each choice of options has a folder of its own."""

    name: str
    options: Options
    folder: Path

    @property
    def finished(self) -> bool:
        """Whether it came to its end, or diverged."""
        ended = (self.folder / "report.json").exists() and not resume_path(self.folder).exists()
        return ended or (self.folder / DIVERGENCE).exists()


@dataclass(frozen=True)
class Experiment:
    """A question, and the runs that answer it."""

    question: str
    runs: list[Run]
    metric: str  # the figure that ranks the runs
    chart: list[str]  # the figures that are drawn


def read_experiment(path: Path, folder: Path) -> Experiment:
    """The experiment in a file; its runs go into `folder`.

    Raises:
        ConfigError: the file cannot be read, or is wrong; the message names it.
    """
    return read_toml(path, lambda table: _experiment(_complete(table), folder))


def _experiment(known: dict[str, Any], folder: Path) -> Experiment:
    experiment = Experiment(known["question"], list(_runs(known, folder)), known["metric"], known["chart"])
    _check(experiment)
    return experiment


def _complete(table: dict[str, Any]) -> dict[str, Any]:
    """The table with all its keys, each of the right type."""
    known = table | {key: default for key, (default, _) in KEYS.items() if key not in table}
    for key, value in known.items():
        require_known(key, KEYS, "table")
        default, error = KEYS[key]
        pairs = [(value, default), *(zip(value, itertools.cycle(default)) if isinstance(value, list) else [])]
        if value == "" or any(type(given) is not type(right) for given, right in pairs):
            raise ConfigError(error)
    return known


def _runs(known: dict[str, Any], folder: Path) -> Iterator[Run]:
    """Each [[run]] with each combination of [grid]."""
    grid = {key: values if isinstance(values, list) else [values] for key, values in known["grid"].items()}
    for run, values in itertools.product(known["run"], itertools.product(*grid.values())):
        cell = dict(zip(grid, values, strict=True))
        table = known["common"] | run | cell
        label = [str(table.pop("name"))] if "name" in run else []
        name = ", ".join([*label, *(f"{key} {value}" for key, value in cell.items() if key != "seed")]) or "run"
        try:
            options = complete(read_options(table))
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}") from None
        digest = sha256("\n".join(flags(learning_options(options))).encode())[:8]
        yield Run(name, options, folder / re.sub(r"[^\w.-]|_", "-", f"{name} seed {options['seed']} {digest}"))


def _check(experiment: Experiment) -> None:
    """Make sure that the runs can be compared, by figures that all of them have."""
    runs, figures = experiment.runs, [experiment.metric, *experiment.chart]
    for figure in figures:
        require_known(figure, FIGURES, "figure")
    if len({run.folder for run in runs}) < max(2, len(runs)):
        raise ConfigError("a comparison needs two runs or more, each with a name of its own")
    first = {run.name: run.options for run in reversed(runs)}
    for run in runs:
        if run.options | {"seed": 0} != first[run.name] | {"seed": 0}:
            raise ConfigError(f"{run.name}: runs of one name differ in the seed alone; give each recipe its own name")
        for figure, option in NEEDS.items():
            if figure in figures and not run.options[option] and run.options["validation_sets"] != "all":
                none = f"with {option} = 0 there is no figure {figure}"
                raise ConfigError(f'{run.name}: {none}: set validation-sets = "all"')
