"""The tables of a cross-validation: means, their errors, and the gain over the first candidate fold by fold."""

import json

import pytest

from model.training.fold_tables import COLUMNS, summarize, write_tables


def figures(*accuracies):
    """A candidate's folds: every figure is the accuracy."""
    return [dict.fromkeys(COLUMNS, accuracy) for accuracy in accuracies]


def test_the_error_of_a_gain_is_that_of_the_differences_fold_by_fold():
    told = summarize({"before": figures(0.5, 0.7, 0.9), "after": figures(0.6, 0.8, 1.0)})
    assert told["before"]["over_folds"]["auroc"] == {"mean": 0.7, "error": pytest.approx(0.11547)}
    assert told["after"]["gain"]["auroc"] == {"mean": pytest.approx(0.1), "error": pytest.approx(0, abs=1e-6)}
    assert told["after"]["folds"] == figures(0.6, 0.8, 1.0)


def test_the_tables_are_written_for_people_and_for_programs(tmp_path):
    text = write_tables("Which?", "python -m this", {"a": figures(0.5, 0.7), "b": figures(0.6, 0.7)}, tmp_path)
    assert (tmp_path / "comparison.md").read_text() == text
    assert "| b | 65.00 ± 5.00 |" in text
    assert "| b | 5.00 ± 5.00 |" in text
    saved = json.loads((tmp_path / "results.json").read_text())
    assert saved["command"] == "python -m this"
    assert list(saved["candidates"]) == ["a", "b"]
