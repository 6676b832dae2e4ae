"""Choose a recipe by cross-validation over people: train without one site and a few writers, and measure on them.

    python -m model.crossvalidate recipes/candidates.toml --data DIR

The file names the candidates in the form of `python -m model.experiment`. Each candidate is trained once for each fold
(see `model/training/folds.py`). Folds that are done, in --runs, are not done again: the same command goes on after an
interruption, and the tables are written again from the answers: results.json and comparison.md, into a folder named as
the file, beside it.
"""

import argparse
import functools
import sys
from collections.abc import Sequence
from pathlib import Path

from model.data.dataset import DataConfig, Dataset, load_dataset
from model.data.files import DataError
from model.network import Network, WeightsError
from model.progress import Progress
from model.training.config import ConfigError, data_config, train_config
from model.training.fold_tables import compare_limits, compare_turns, write_tables
from model.training.folds import (
    Fold,
    Limits,
    answer,
    draw_held_out,
    fold_figures,
    is_answered,
    load_answers,
    make_folds,
    save_answers,
    train_fold,
)
from model.training.grid import Run, read_experiment


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what is missing, and write the tables; 0 if it could be done."""
    args = _parse(arguments)
    try:
        experiment = read_experiment(args.file, args.runs.resolve() / args.file.stem)
        folds = make_folds(args.data)
        for run in experiment.runs:
            _train_folds(run, folds, args.data)
    except (ConfigError, DataError, WeightsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    answers = {run.name: [load_answers(_path(run, fold)) for fold in folds] for run in experiment.runs}
    figures = {run.name: [fold_figures(fold, _limits(run)) for fold in answers[run.name]] for run in experiment.runs}
    last, command = experiment.runs[-1], f"python -m model.crossvalidate {args.file.as_posix()}"
    limits = compare_limits(answers[last.name], _limits(last))
    turns = compare_turns(answers[last.name], _limits(last))
    sys.stdout.write(write_tables(experiment.question, command, figures, limits, turns, args.file.with_suffix("")))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m model.crossvalidate", description=__doc__, formatter_class=shape)
    parser.add_argument("file", type=Path, metavar="FILE", help="the candidates, in TOML")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the data (default: data/)")
    parser.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="the answers (default: runs/)")
    return parser.parse_args(arguments)


def _train_folds(run: Run, folds: list[Fold], folder: Path) -> None:
    """Train a candidate on the folds that are not done."""
    todo = [fold for fold in folds if not is_answered(_path(run, fold))]
    if not todo:
        return
    config, progress = train_config(run.options), Progress(run.name)
    teacher = Network.load(run.options["teacher"]) if run.options["teacher"] else None
    dataset, held_out = _dataset(folder, data_config(run.options), config.seed), _held_out(folder)
    for number, fold in enumerate(todo):
        on_step = lambda share, number=number: progress.update((number + share) / len(todo))  # noqa: E731
        network, detector = train_fold(config, dataset, fold, on_step, teacher)
        save_answers(_path(run, fold), answer(network, detector, dataset, held_out, fold))
        figures = fold_figures(load_answers(_path(run, fold)), _limits(run))
        progress.line(f"{run.name}, {fold.site}: {figures['site_accuracy']:.2%} right, AUROC {figures['auroc']:.4f}")


# Candidates that follow each other often learn from the same drawings, which take a minute or more.
@functools.lru_cache(maxsize=1)
def _dataset(folder: Path, config: DataConfig, seed: int) -> Dataset:
    return load_dataset(folder, config, seed, Progress("drawing").update)


_held_out = functools.cache(draw_held_out)


def _limits(run: Run) -> Limits:
    return Limits(rejected_share=run.options["rejected_share"])


def _path(run: Run, fold: Fold) -> Path:
    return run.folder / f"{fold.site.replace(' ', '-')}.npz"


if __name__ == "__main__":
    raise SystemExit(main())
