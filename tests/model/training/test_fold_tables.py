"""The tables of a cross-validation: means, their errors, and the gain over the first candidate fold by fold."""

import json

import numpy as np
import pytest

from model.data.dataset import NO_DIGIT
from model.localization.turns import TURNS
from model.training.fold_tables import CHOICES, COLUMNS, compare_limits, compare_turns, summarize, write_tables
from model.training.folds import Limits

ANSWERS = {  # of a network that is sure of the zeros at a site, and not of a letter
    "logits": np.array([np.eye(10)[0] * 20, np.zeros(10), np.eye(10)[0] * 20]),
    "turned": np.stack([[np.eye(10)[0] * 20, np.zeros(10), np.eye(10)[0] * 20]] * len(TURNS)),
    "log_odds": np.array([-9.0, 5.0, -9.0]),
    "turned_log_odds": np.array([[-9.0, 5.0, -9.0]] * len(TURNS)),
    "labels": np.array([0, NO_DIGIT, 0]),
    "writers": np.array(["site 1", "site 1", "pen 5"]),
    "validation_logits": np.eye(10) * 20,
    "validation_log_odds": np.linspace(-12.0, -1.0, 10),
    "validation_labels": np.arange(10, dtype=np.uint8),
    "mnist": np.array(5),
}


def figures(*accuracies):
    """A candidate's folds: every figure is the accuracy."""
    return [dict.fromkeys(COLUMNS, accuracy) for accuracy in accuracies]


def test_the_error_of_a_gain_is_that_of_the_differences_fold_by_fold():
    told = summarize({"before": figures(0.5, 0.7, 0.9), "after": figures(0.6, 0.8, 1.0)})
    assert told["before"]["over_folds"]["auroc"] == {"mean": 0.7, "error": pytest.approx(0.11547)}
    assert told["after"]["gain"]["auroc"] == {"mean": pytest.approx(0.1), "error": pytest.approx(0, abs=1e-6)}
    assert told["after"]["folds"] == figures(0.6, 0.8, 1.0)


def test_the_tables_are_written_for_people_and_for_programs(tmp_path):
    limits = compare_limits([ANSWERS] * 2, Limits())
    candidates = {"a": figures(0.5, 0.7), "b": figures(0.6, 0.7)}
    text = write_tables(
        "Which?", "python -m this", candidates, limits, compare_turns([ANSWERS] * 2, Limits()), tmp_path
    )
    assert (tmp_path / "comparison.md").read_text() == text
    assert "| b | 65.00 ± 5.00 |" in text
    assert "| b | 5.00 ± 5.00 |" in text
    assert "| rejected_share | 0.001 | digits refused 0.00 ± 0.00, letters called digit 0.00 ± 0.00 |" in text
    assert "| turned | 0.00 ± 0.00 |" in text
    saved = json.loads((tmp_path / "results.json").read_text())
    assert saved["command"] == "python -m this"
    assert list(saved["candidates"]) == ["a", "b"]
    assert [choice["value"] for choice in saved["limits"]["rejected_share"]] == CHOICES["rejected_share"][0]
