"""The tables of a cross-validation over people: each figure with its standard error over the folds."""

import dataclasses
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.localization.turns import TURNS
from model.storage import write_atomic, write_json
from model.training.folds import Answers, Limits, fold_figures, with_turns

Figures = dict[str, list[dict[str, float]]]  # by candidate: the figures of each fold
CHOICES: Final = {  # of `Limits`, to choose from, and the figures that tell
    "rejected_share": ([0.001, 0.002, 0.003, 0.005, 0.01], ["digits_refused", "letters_called_digit"]),
    "unsure_share": ([0.005, 0.01, 0.015, 0.02, 0.03], ["digits_unsure", "letters_called_digit"]),
    "strangers": ([0.9, 1.0, 1.1, 1.2, 1.3], ["calibration_error"]),
    "detector_weight": ([0.0, 0.2, 0.4, 0.7, 1.0], ["auroc", "digits_refused", "letters_called_digit"]),
}
WAYS: Final[dict[str, list[int]]] = {  # numbers of `TURNS`
    "as it was found": [],
    "turned": [i for i, turn in enumerate(TURNS) if turn.rotation],
    "slanted": [i for i, turn in enumerate(TURNS) if turn.slant],
    "both, a little": [i for i, turn in enumerate(TURNS) if abs(turn.rotation) < 10 and abs(turn.slant) < 0.3],
    "both, a little and more": list(range(len(TURNS))),
}
COLUMNS: Final = {
    "site_accuracy": "right, unseen sites",
    "pen_accuracy": "right, unseen pen writers",
    "mnist_accuracy": "right, MNIST validation",
    "auroc": "AUROC, letters",
    "letters_called_digit": "letters called digit",
    "digits_refused": "digits refused",
    "digits_unsure": "digits unsure",
    "calibration_error": "calibration error",
}


def mean_and_error(values: list[float]) -> dict[str, float]:
    """The mean, and its standard error.

    >>> mean_and_error([1.0, 2.0, 3.0])
    {'mean': 2.0, 'error': 0.57735}
    """
    return {
        "mean": round(float(np.mean(values)), 6),
        "error": round(float(np.std(values, ddof=1) / np.sqrt(len(values))), 6),
    }


def summarize(figures: Figures) -> dict[str, Any]:
    """Each candidate's figures over the folds, and how far it is from the first one, fold by fold."""
    first = next(iter(figures.values()))
    return {
        name: {
            "folds": folds,
            "over_folds": {key: mean_and_error([fold[key] for fold in folds]) for key in folds[0]},
            "gain": {
                key: mean_and_error([fold[key] - base[key] for fold, base in zip(folds, first, strict=True)])
                for key in folds[0]
            },
        }
        for name, folds in figures.items()
    }


def compare_limits(answers: list[Answers], limits: Limits) -> dict[str, list[dict[str, Any]]]:
    """For each of `CHOICES`, one changed and the others as they are: the figures over the folds."""
    return {
        name: [
            {"value": value, **_figures(answers, dataclasses.replace(limits, **{name: value}), keys)}
            for value in values
        ]
        for name, (values, keys) in CHOICES.items()
    }


def compare_turns(answers: list[Answers], limits: Limits) -> Figures:
    """The figures of each fold, if what the network is not sure of is read in each of `WAYS`."""
    return {
        name: [fold_figures(with_turns(fold, limits, turns), limits) for fold in answers]
        for name, turns in WAYS.items()
    }


def _figures(answers: list[Answers], limits: Limits, keys: list[str]) -> dict[str, dict[str, float]]:
    folds = [fold_figures(fold, limits) for fold in answers]
    return {key: mean_and_error([fold[key] for fold in folds]) for key in keys}


def write_tables(
    question: str, command: str, figures: Figures, limits: dict[str, Any], turns: Figures, folder: Path
) -> str:
    """Write results.json and comparison.md into a folder; returns the latter."""
    candidates, ways, last = summarize(figures), summarize(turns), list(figures)[-1]
    results = {"question": question, "command": command, "candidates": candidates, "limits": limits, "turns": ways}
    write_json(folder / "results.json", results)
    lines = [f"# {question}", "", *_table(candidates, "over_folds")]
    lines += ["", "Gain over the first, fold by fold:", "", *_table(candidates, "gain")]
    lines += ["", f"Limits, for “{last}”, one changed at a time:", "", *_limits(limits)]
    lines += ["", f"Gain for “{last}” by reading what is not sure again:", "", *_table(ways, "gain")]
    lines += ["", f"Mean ± standard error over the folds. Made by `{command}`.", ""]
    text = "\n".join(lines)
    write_atomic(folder / "comparison.md", text.encode())
    return text


def _table(candidates: dict[str, Any], part: str) -> list[str]:
    rows = [[name, *(_cell(c[part][key]) for key in COLUMNS)] for name, c in candidates.items()]
    head = ["candidate", *(f"{title} (%)" for title in COLUMNS.values())]
    rule = ["---"] + ["--:"] * len(COLUMNS)
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]


def _limits(limits: dict[str, Any]) -> list[str]:
    rows = [
        [name, f"{choice['value']:g}", ", ".join(f"{COLUMNS[key]} {_cell(choice[key])}" for key in CHOICES[name][1])]
        for name, choices in limits.items()
        for choice in choices
    ]
    return [f"| {' | '.join(row)} |" for row in (["limit", "value", "figures (%)"], ["---", "--:", "---"], *rows)]


def _cell(figure: dict[str, float]) -> str:
    return f"{100 * figure['mean']:.2f} ± {100 * figure['error']:.2f}"
