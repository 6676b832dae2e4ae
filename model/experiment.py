"""Ask a question of several trainings that differ in a few knobs, and compare what came of them.

    python -m model.experiment experiments/momentum.toml --data DIR

A file says the question and the runs; its keys are the knobs of `python -m model.train`:

    question = "Does momentum help?"
    [common]                          # for every run
    epochs = 8
    [[run]]                           # one run each…
    name = "no momentum"
    momentum = 0.0
    [grid]                            # … and/or one for each combination
    rate = [0.01, 0.1]
    seed = [0, 1, 2]                  # runs that differ in the seed alone are one line: their mean and their spread

The runs take all cores, a process each, in folders of their own in runs/. What is finished is not done again, what
was interrupted goes on. A run is known by its knobs alone: after a change of the code or the data, remove the runs in
runs/ that it touches. comparison.md, comparison.png and results.json come into a folder named as the file, beside it.
Only validation digits are looked at: an experiment is for choosing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from model.data.dataset import WORKERS
from model.progress import Progress
from model.storage import write_atomic
from model.train import DIVERGED, STOPPED
from model.training.comparison import FIGURES, Comparison, Line, write
from model.training.config import (
    ConfigError,
    complete,
    flags,
    read_config,
    read_options,
    require_known,
    without_places,
)
from model.training.state import ResumeError, folder_lock, resume_path

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLES: Final = {"question", "judge", "chart", "common", "run", "grid"}
METRIC: Final = "validation_accuracy"
CHART: Final = ("loss", "validation_loss")
NEEDS: Final = {  # the figures that not every run has, and the knob that is above 0 where they are
    "validation_accuracy_pen": "pens",
    "validation_accuracy_synthetic": "synthetic",
}


class ExperimentError(Exception):
    """An experiment's file that cannot be run; the message says what is wrong with it."""


@dataclass(frozen=True)
class Run:
    """One training: the line of the comparison that it belongs to, its options and its folder."""

    name: str
    options: dict[str, Any]
    folder: Path

    @property
    def finished(self) -> bool:
        """Whether it came to an end, good or bad, with these very knobs, whatever the code was then."""
        ended = (self.folder / "report.json").exists() and not resume_path(self.folder).exists()
        return self._same() and (ended or self.explosion() is not None)

    def explosion(self) -> str | None:
        """The sentence that it ended with, if it exploded."""
        path = self.folder / "exploded.txt"
        return path.read_text().strip() if path.exists() else None

    def history(self) -> list[dict[str, float]]:
        """Its epochs."""
        return [json.loads(line) for line in (self.folder / "history.jsonl").read_text().splitlines()]

    def command(self, places: list[str]) -> list[str]:
        """What begins it, or goes on with it. What another recipe left in its folder is given up.

        Raises:
            Unresumable: another process trains there.
        """
        if self.folder.exists() and not self._same():
            with folder_lock(self.folder):
                shutil.rmtree(self.folder, ignore_errors=True)
        how = ["--resume"] if resume_path(self.folder).exists() else flags(without_places(self.options))
        return [sys.executable, "-m", "model.train", *how, *places, "--no-test", "--out", str(self.folder)]

    def _same(self) -> bool:
        try:
            return without_places(read_config(self.folder)) == without_places(self.options)
        except ConfigError:
            return False


@dataclass(frozen=True)
class Experiment:
    """A question, and the runs that answer it."""

    question: str
    runs: list[Run]
    metric: str  # the figure that the runs are ranked by
    chart: list[str]  # the figures that are drawn


def read(path: Path, runs: Path) -> Experiment:
    """The experiment in a file; its runs go into a folder in `runs`.

    Raises:
        BadExperiment: the file is missing, is no TOML, or a knob is wrong.
    """
    try:
        known = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(f"{path}: cannot be read ({error})") from None
    try:
        return _experiment(known, runs / path.stem)
    except ExperimentError as error:
        raise ExperimentError(f"{path}: {error}") from None


def read_all(paths: list[Path], runs: Path) -> list[tuple[Path, Experiment]]:
    """The experiments in several files.

    Raises:
        BadExperiment: one of them is wrong, or two of them would train in one folder.
    """
    stems = [path.stem for path in paths]
    for path in paths:
        if stems.count(path.stem) > 1:
            raise ExperimentError(f"{path}: another file is named {path.stem}, too, and its runs would be in the way")
    return [(path, read(path, runs)) for path in paths]


def _experiment(known: dict[str, Any], folder: Path) -> Experiment:
    _require(known, TABLES, "table")
    _require_kinds(known)
    metric, chart = known.get("judge", METRIC), known.get("chart", CHART)
    _require([metric, *chart], FIGURES, "figure")
    made = [_run(name, knobs, folder) for name, knobs in _knobs_of_all(known)]
    if len({run.folder for run in made}) < max(2, len(made)):
        raise ExperimentError("a comparison needs two runs or more, each with a name of its own")
    _require_names(made)
    for run in made:
        _require_figures(run, {metric, *chart})
    return Experiment(known["question"], made, metric, list(chart))


def _require_names(runs: list[Run]) -> None:
    """Make sure that runs of one name, which are one line of the comparison, differ in the seed alone."""
    recipes: dict[str, dict[str, Any]] = {}
    for run in runs:
        config = run.options | {"seed": None}
        if recipes.setdefault(run.name, config) != config:
            raise ExperimentError(
                f"{run.name}: runs of one name differ in the seed alone; give each recipe its own name"
            )


def _require_figures(run: Run, asked: set[str]) -> None:
    """Make sure that a run will have the figures that are asked for."""
    for figure, knob in NEEDS.items():
        if figure in asked and not run.options[knob] and run.options["validation_sets"] != "all":
            hint = 'set validation-sets = "all"'
            raise ExperimentError(f"{run.name}: with {knob} = 0 there is no figure {figure}: {hint}")


def _require_kinds(known: dict[str, Any]) -> None:
    """Make sure that everything is of the kind that TOML shall have it in."""
    if not isinstance(known.get("question"), str):
        raise ExperimentError('it asks nothing: begin it with question = "…"')
    for table in ("common", "grid"):
        if not isinstance(known.get(table, {}), dict):
            raise ExperimentError(f"write [{table}], once: it is one table")
    runs = known.get("run", [])
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise ExperimentError("write [[run]], once for each of them: runs are several")
    if not isinstance(known.get("judge", ""), str):
        raise ExperimentError('name one figure: judge = "…"')
    chart = known.get("chart", [])
    if not isinstance(chart, list) or not all(isinstance(figure, str) for figure in chart):
        raise ExperimentError('name the figures in a list: chart = ["…"]')


def _knobs_of_all(known: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """The name and the knobs of every run: each [[run]] with each combination of [grid]."""
    grid = {key: values if isinstance(values, list) else [values] for key, values in known.get("grid", {}).items()}
    for run in known.get("run", [{}]):
        for values in itertools.product(*grid.values()):
            cell = dict(zip(grid, values, strict=True))
            said = [f"{key} {value}" for key, value in cell.items() if key != "seed"]
            name = ", ".join([*([str(run["name"])] if "name" in run else []), *said])
            yield name or "the one", known.get("common", {}) | {k: v for k, v in run.items() if k != "name"} | cell


def _run(name: str, knobs: dict[str, Any], folder: Path) -> Run:
    try:
        options = complete(read_options(knobs))
    except ConfigError as error:
        raise ExperimentError(f"{name}: {error}") from None
    seed = f" seed {knobs['seed']}" if "seed" in knobs else ""
    return Run(name, options, folder / "".join(c if c.isalnum() or c in ".-" else "-" for c in f"{name}{seed}"))


def _require(names: Iterable[str], known: Iterable[str], what: str) -> None:
    try:
        for name in names:
            require_known(name, known, what)
    except ConfigError as error:
        raise ExperimentError(str(error)) from None


class Crew:
    """Trainings at work, each in a process of its own; an end to one of us is an end to all."""

    def __init__(self, places: list[str], processes: int) -> None:
        self.places, self.processes = places, processes
        self.running: set[subprocess.Popen[bytes]] = set()
        self.gate, self.stopped = threading.Lock(), False

    def train(self, run: Run) -> str | None:
        """Train, and let what is said go into log.txt; a sentence if it failed."""
        try:
            command = run.command(self.places)
        except ResumeError as error:
            return f"{run.name}: {error}"
        run.folder.mkdir(parents=True, exist_ok=True)
        with (run.folder / "log.txt").open("a+") as log:
            status = self.status(command, log)
            log.seek(0)
            last = (log.read().splitlines() or ["it said nothing"])[-1]
        if status == DIVERGED:
            write_atomic(run.folder / "exploded.txt", last.encode())
        if status in {0, DIVERGED} and run.finished:
            return None
        if status == STOPPED:
            return f"{run.name}: unfinished; the same command goes on with it ({last})"
        return f"{run.name}: failed ({last}); {run.folder / 'log.txt'} says more"

    def status(self, command: list[str], log: TextIO) -> int:
        """Do it, on its share of the cores; its exit status. After `stop` nothing begins any more."""
        cores = (os.cpu_count() or 1) // self.processes
        share = os.environ | {"OPENBLAS_NUM_THREADS": "1", WORKERS: str(max(1, cores))}
        with self.gate:
            if self.stopped:
                return STOPPED
            process = subprocess.Popen(command, stdout=log, stderr=log, env=share)  # noqa: S603
            self.running.add(process)
        with process:
            status = process.wait()
        self.running.discard(process)
        return status

    def stop(self) -> None:
        """Ask all to end; they keep their state."""
        with self.gate:
            self.stopped = True
            for process in [*self.running]:
                process.terminate()


def carry_out(experiment: Experiment, crew: Crew) -> list[str]:
    """Do what is not done yet; returns a sentence for each run that failed."""
    todo = [run for run in experiment.runs if not run.finished]
    progress, failures = Progress("experiment"), []
    progress.line(f"{experiment.question} {len(todo)} of {len(experiment.runs)} runs to do")
    pool = ThreadPoolExecutor(crew.processes)
    try:
        for done, (run, failure) in enumerate(zip(todo, pool.map(crew.train, todo), strict=True), start=1):
            progress.line(f"{done}/{len(todo)} {failure or run.name}")
            failures += [failure] if failure else []
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        crew.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return failures


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def lines_of(experiment: Experiment) -> list[Line]:
    """What came of the runs; those of one name, which differ in the seed alone, are one line."""
    lines: dict[str, Line] = {}
    for run in experiment.runs:
        line = lines.setdefault(run.name, Line(run.name))
        line.histories.append(run.history())
        line.explosions += [sentence] if (sentence := run.explosion()) else []
    return list(lines.values())


def main(arguments: list[str] | None = None) -> int:
    """Run and compare; 0 if every run came to its end."""
    summary, _, details = (__doc__ or "").partition("\n")
    shape = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(
        "python -m model.experiment", description=summary, epilog=details, formatter_class=shape
    )
    options.add_argument("files", nargs="+", type=Path, metavar="FILE", help="experiments, in TOML")
    options.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is (default: data/)"
    )
    options.add_argument(
        "--runs", type=Path, default=Path("runs"), metavar="DIR", help="where runs go (default: runs/)"
    )
    options.add_argument("--out", type=Path, metavar="DIR", help="where results go (default: beside the file)")
    options.add_argument("--no-charts", action="store_true", help="write no charts")
    options.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="at a time (default: cores)"
    )
    chosen = options.parse_args(arguments)
    if chosen.processes < 1:
        options.error("--processes has to be 1 or more")
    places = ["--data", str(chosen.data), *(["--no-charts"] if chosen.no_charts else [])]
    signal.signal(signal.SIGTERM, _interrupt)
    failures = []
    try:
        for path, experiment in read_all(chosen.files, chosen.runs):
            failed = carry_out(experiment, Crew(places, chosen.processes))
            failures += failed
            if not failed:
                command = f"python -m model.experiment {path.as_posix()}"
                comparison = Comparison(experiment.question, experiment.metric, lines_of(experiment), command)
                write(comparison, [] if chosen.no_charts else experiment.chart, (chosen.out or path.parent) / path.stem)
    except ExperimentError as error:
        failures.append(str(error))
    except KeyboardInterrupt:
        sys.stderr.write("stopped: the same command goes on\n")
        return STOPPED
    sys.stderr.write("".join(f"{failure}\n" for failure in failures))
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
