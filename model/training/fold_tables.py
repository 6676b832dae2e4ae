"""The tables of a cross-validation over people: each figure with its standard error over the folds."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from model.storage import write_atomic, write_json

Figures = dict[str, list[dict[str, float]]]  # by candidate: the figures of each fold
COLUMNS: Final = {
    "site_accuracy": "right, unseen sites",
    "pen_accuracy": "right, unseen pen writers",
    "mnist_accuracy": "right, MNIST validation",
    "auroc": "AUROC, letters",
    "letters_called_digit": "letters called digit",
    "digits_refused": "digits refused",
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


def write_tables(question: str, command: str, figures: Figures, folder: Path) -> str:
    """Write results.json and comparison.md into a folder; returns the latter."""
    candidates = summarize(figures)
    write_json(folder / "results.json", {"question": question, "command": command, "candidates": candidates})
    lines = [f"# {question}", "", *_table(candidates, "over_folds"), "", "Gain over the first, fold by fold:", ""]
    lines += [*_table(candidates, "gain"), "", f"Mean ± standard error over the folds. Made by `{command}`.", ""]
    text = "\n".join(lines)
    write_atomic(folder / "comparison.md", text.encode())
    return text


def _table(candidates: dict[str, Any], part: str) -> list[str]:
    rows = [
        [name, *(f"{100 * c[part][key]['mean']:.2f} ± {100 * c[part][key]['error']:.2f}" for key in COLUMNS)]
        for name, c in candidates.items()
    ]
    head = ["candidate", *(f"{title} (%)" for title in COLUMNS.values())]
    rule = ["---"] + ["--:"] * len(COLUMNS)
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]
