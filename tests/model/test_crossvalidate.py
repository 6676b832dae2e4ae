"""The command that cross-validates candidates over people, on a small data set."""

import json
from unittest.mock import patch

import pytest

from model import crossvalidate
from model.training import folds

pytestmark = pytest.mark.slow

CANDIDATES = """
question = "Do UNIPEN's digits help?"
[common]
mnist = 1
pens = 1
unipen-letters = 1
synthetic = 10
outliers = 10
cut-digits = 10
epochs = 1
sizes = [784, 8, 10]
optimizer = "adam"
[[run]]
name = "without"
unipen = 0
[[run]]
name = "with"
unipen = 2
"""


def test_candidates_are_measured_on_every_fold_once(small, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(folds, "SITES", 3)  # the data set has three pen writers to hold out
    (tmp_path / "which.toml").write_text(CANDIDATES)
    command = [str(tmp_path / "which.toml"), "--data", str(small), "--runs", str(tmp_path / "runs")]
    assert crossvalidate.main(command) == 0
    table = capsys.readouterr().out
    results = json.loads((tmp_path / "which" / "results.json").read_text())
    assert [len(candidate["folds"]) for candidate in results["candidates"].values()] == [3, 3]
    next((tmp_path / "runs" / "which").glob("with-*/site-2.npz")).unlink()
    with patch.object(crossvalidate, "train_fold", wraps=folds.train_fold) as train:
        assert crossvalidate.main(command) == 0
    assert [call.args[2].site for call in train.call_args_list] == ["site 2"]
    assert capsys.readouterr().out == table  # the same seed gives the same answers


def test_missing_data_and_wrong_files_are_told_in_a_sentence(small, tmp_path, capsys):
    assert crossvalidate.main([str(tmp_path / "none.toml"), "--data", str(small)]) == 1
    assert "none.toml" in capsys.readouterr().err
