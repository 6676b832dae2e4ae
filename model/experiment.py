"""Answer a question by several trainings that differ in a few options, and compare them.

    python -m model.experiment experiments/momentum.toml --data DIR

A file holds the question and the runs; its keys are the options of `python -m model.train`:

    question = "Does momentum help?"
    [common]                          # for every run
    epochs = 8
    [[run]]                           # one run each…
    name = "no momentum"
    momentum = 0.0
    [grid]                            # … and/or one for each combination
    rate = [0.01, 0.1]
    seed = [0, 1, 2]                  # runs that differ in the seed alone are one line: their mean and their spread

Each run is a process, with a folder of its own in runs/. Finished runs are not done again, interrupted ones go on. A
run is known by its options alone: after a change of the code or the data, remove its folder. comparison.md, .png and
results.json come into a folder named as the file, beside it. Only validation digits are looked at: an experiment is for
choosing.

With --scheduler ADDRESS, the runs go to a Dask cluster: `python -m dask scheduler` on one machine, which prints the
address, and, in the project's folder, `python -m dask worker ADDRESS --nthreads N` on each; --processes is that N.
--data and --runs are then folders that all machines share, under one path.
"""

import argparse
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from model.data.processes import WORKERS
from model.progress import Progress
from model.storage import write_atomic
from model.train import DIVERGED, STOPPED
from model.training.comparison import DIVERGENCE, compare, write
from model.training.config import ConfigError, flags, learning_options
from model.training.grid import Experiment, Run, read_experiment
from model.training.state import resume_path

POLL: Final = 0.5  # seconds between two looks for the file that stops a run


def main(arguments: list[str] | None = None) -> int:
    """Run and compare; 0 if every run came to its end."""
    args = _parse(arguments)
    places = ["--data", str(args.data.resolve()), *["--no-charts"] * args.no_charts]
    failures = []
    try:
        experiments = [read_experiment(path, args.runs.resolve() / path.stem) for path in args.files]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # raises KeyboardInterrupt
        with _executor(args.scheduler, args.processes) as executor:
            for path, experiment in zip(args.files, experiments, strict=True):
                failures += (failed := train_all(experiment, executor, args.processes, places))
                if not failed:
                    runs = [(run.name, run.folder) for run in experiment.runs]
                    command = f"python -m model.experiment {path.as_posix()}"
                    comparison = compare(experiment.question, experiment.metric, runs, command)
                    chart = [] if args.no_charts else experiment.chart
                    write(comparison, chart, (args.out or path.parent) / path.stem)
    except ConfigError as error:
        failures.append(str(error))
    except KeyboardInterrupt:
        sys.stderr.write("stopped: the same command goes on\n")
        return STOPPED
    sys.stderr.write("".join(f"{failure}\n" for failure in failures))
    return 1 if failures else 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m model.experiment", description=__doc__, formatter_class=shape)
    add, cores = parser.add_argument, os.cpu_count() or 1
    add("files", nargs="+", type=Path, metavar="FILE", help="experiments, in TOML")
    add("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is (default: data/)")
    add("--runs", type=Path, default=Path("runs"), metavar="DIR", help="where runs go (default: runs/)")
    add("--out", type=Path, metavar="DIR", help="where results go (default: beside the file)")
    add("--no-charts", action="store_true", help="write no charts")
    add("--processes", type=int, default=cores, metavar="N", help="runs at a time on a machine (default: cores)")
    add("--scheduler", metavar="ADDRESS", help="of a Dask cluster that does the runs, such as tcp://host:8786")
    args = parser.parse_args(arguments)
    if args.processes < 1:
        parser.error("--processes has to be 1 or more")
    if len({path.stem for path in args.files}) < len(args.files):
        parser.error("two files have one name: they would train in one folder")
    return args


@contextmanager
def _executor(scheduler: str | None, processes: int) -> Iterator[Executor]:
    """The executor of the runs: threads that wait for processes, or a Dask cluster."""
    if scheduler is None:
        with ThreadPoolExecutor(processes) as threads:
            yield threads
        return
    try:
        from distributed import Client  # noqa: PLC0415 - an extra: only a cluster needs it

        client = Client(scheduler)
    except (ImportError, OSError, ValueError) as error:
        raise ConfigError(f"--scheduler {scheduler}: {error} (Dask comes with `pip install distributed`)") from None
    with client, client.get_executor(pure=False) as cluster:
        yield cluster


def train_all(experiment: Experiment, executor: Executor, processes: int, places: list[str]) -> list[str]:
    """Do the runs that are not finished; returns a sentence for each that failed.

    An interruption stops all of them through a file, which every machine of a cluster sees.
    """
    todo = [run for run in experiment.runs if not run.finished]
    progress, failures = Progress("experiment"), []
    progress.line(f"{experiment.question} {len(todo)} of {len(experiment.runs)} runs to do")
    stop = experiment.runs[0].folder.with_name(f"stop-{uuid.uuid4().hex}")
    futures = {}
    try:
        for run in todo:
            futures[executor.submit(train, run, processes, places, stop)] = run
        for done, future in enumerate(as_completed(futures), start=1):
            name = futures[future].name
            try:
                failure = future.result()
            except Exception as error:  # noqa: BLE001 - such as the death of a cluster's worker
                failure = f"{name}: failed ({error!r})"
            progress.line(f"{done}/{len(todo)} {failure or name}")
            failures += [failure] if failure else []
    except BaseException:
        write_atomic(stop, b"")
        wait(futures)
        stop.unlink()
        raise
    return failures


def train(run: Run, processes: int, places: list[str], stop: Path) -> str | None:
    """Do one run, on whatever machine this is; its output goes into log.txt. Returns a sentence if it failed."""
    if stop.exists():
        return f"{run.name}: not begun"
    how = ["--resume"] if resume_path(run.folder).exists() else flags(learning_options(run.options))
    command = [sys.executable, "-m", "model.train", *how, *places, "--no-test", "--out", str(run.folder)]
    run.folder.mkdir(parents=True, exist_ok=True)
    with (run.folder / "log.txt").open("a+", encoding="utf-8") as log:
        status = execute(command, log, processes, stop)
        log.seek(0)
        last = (log.read().splitlines() or ["it said nothing"])[-1]
    if status == DIVERGED:
        write_atomic(run.folder / DIVERGENCE, last.encode())
    if status in {0, DIVERGED} and run.finished:
        return None
    if status == STOPPED:
        return f"{run.name}: unfinished; the same command goes on with it ({last})"
    return f"{run.name}: failed ({last}); {run.folder / 'log.txt'} says more"


def execute(command: list[str], log: TextIO, processes: int, stop: Path) -> int:
    """Run a command on its share of the cores, until it ends or the file `stop` appears; its exit status."""
    cores = max(1, (os.cpu_count() or 1) // processes)
    share = os.environ | {"OPENBLAS_NUM_THREADS": "1", WORKERS: str(cores)}
    with subprocess.Popen(command, stdout=log, stderr=log, env=share) as process:  # noqa: S603
        while not stop.exists():
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL)
        process.terminate()  # a training keeps its state
        return process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
