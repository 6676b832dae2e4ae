"""`python -m model.evaluate` writes the report and the pictures anew, or fails in a sentence."""

import json
import shutil
from unittest.mock import Mock

import numpy as np
import pytest

from model import evaluate
from model.data.numbers.kinds import KINDS as NUMBERS
from model.data.photographs.kinds import KINDS
from model.mistakes import Mistakes
from model.network import Network
from model.storage import mistakes_path
from model.training import evaluation, numbers, photographs
from tests.conftest import ROOT, WEIGHTS


def test_the_command_writes_the_report_and_the_pictures_anew(small, tmp_path, monkeypatch, capsys):
    for module in (evaluate, photographs):
        monkeypatch.setattr(module, "SETS", {"drawings": {"jagged": KINDS["jagged"]}})
    monkeypatch.setattr(numbers, "KINDS", {name: NUMBERS[name] for name in ("touching", *numbers.SINGLE)})
    monkeypatch.setattr(numbers, "SEVERAL", ("touching",))
    shutil.copy(WEIGHTS, tmp_path)
    shutil.copy(ROOT / "weights" / "report.json", tmp_path)
    where = ["--photographs", "2", "--numbers", "4", "--data", str(small), "--weights", str(tmp_path / "digits.npz")]
    assert evaluate.main(where) == 0
    assert "mnist_test" in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["history"]
    assert report["mnist_test_on_canvas"]["digits"] == 200
    assert report["pen_test"]["digits"] == 40 * evaluation.PEN_DRAWINGS
    assert set(report["pen_test_by"]["place"]) == {"middle", "corner"}
    assert report["pen_test"]["accuracy_per_writer"]["writers"] == 4
    assert report["mnist_test"]["accuracy_per_writer"] is None  # they are not known
    assert report["font_letters"]["letters"] == 60
    assert report["drawings"]["kinds"]["jagged"]["pictures"] == 2
    assert {name: row["pictures"] for name, row in report["numbers"]["groups"].items()} == {
        "touching": 4, "single": 22, "no number": 12
    }  # fmt: skip
    assert report["numbers"]["as_alone"]["single"]["pictures"] == 12
    assert report["numbers"]["told_several"]["touching"]["pictures"] == 2
    mistakes = Mistakes.load(mistakes_path(tmp_path / "digits.npz"), Network.load(tmp_path / "digits.npz"))
    assert mistakes is not None
    wrong = (mistakes.labels != mistakes.answers).sum()
    assert wrong == report["mnist_test"]["digits"] - np.trace(report["mnist_test"]["confusion"])


def test_a_folder_that_cannot_be_written_to_is_named_before_any_work(tmp_path, monkeypatch, capsys):
    shutil.copy(WEIGHTS, tmp_path)
    (tmp_path / ".writable").mkdir()  # in the way of the file that tries it, whoever runs the test
    monkeypatch.setattr(evaluate, "load_evaluation_sets", lambda _: pytest.fail("drawn in vain"))
    assert evaluate.main(["--weights", str(tmp_path / "digits.npz")]) == 1
    assert f"{tmp_path} cannot be written to" in capsys.readouterr().err


@pytest.mark.parametrize("in_the_way", [lambda path: path.write_text("[1]"), lambda path: path.mkdir()])
def test_whatever_is_in_the_reports_place_there_is_no_traceback(in_the_way, tmp_path, monkeypatch, capsys):
    shutil.copy(WEIGHTS, tmp_path)
    in_the_way(tmp_path / "report.json")
    monkeypatch.setattr(evaluate, "load_evaluation_sets", lambda _: Mock(digits={"mnist_test": None}))
    monkeypatch.setattr(evaluate, "load_mnist", Mock())
    monkeypatch.setattr(evaluate, "evaluate", lambda *_: {})
    monkeypatch.setattr(evaluate, "write_pictures", lambda *_: None)
    status = evaluate.main(["--photographs", "0", "--numbers", "0", "--weights", str(tmp_path / "digits.npz")])
    assert status == (tmp_path / "report.json").is_dir()
    assert ("report.json" in capsys.readouterr().err) == status


def test_weights_that_are_missing_are_named(tmp_path, capsys):
    assert evaluate.main(["--weights", str(tmp_path / "none.npz")]) == 1
    assert "none.npz" in capsys.readouterr().err
