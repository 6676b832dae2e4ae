"""`python -m model.segment` fits how numbers are cut, on a few of them, and writes the weights."""

import json

import numpy as np
import pytest

from model import segment
from model.data.numbers.kinds import KINDS
from model.data.unipen import UnipenDrawing
from model.reading import choose
from model.reading.groups import NAMES, SHAPE_NAMES
from model.training import segmentation, segmentation_examples


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Few kinds, few steps, one process, and weights that nothing reads."""
    monkeypatch.setenv("INKSCOPE_WORKERS", "1")
    monkeypatch.setattr(segmentation, "EPOCHS", 2)
    monkeypatch.setattr(segment, "WEIGHTS_FILE", tmp_path / "weights.json")
    kinds = {name: KINDS[name] for name in ("apart", "two_lines", "photographed_ruled")}
    monkeypatch.setattr(segmentation_examples, "KINDS", kinds)
    monkeypatch.setattr(segmentation_examples, "without_number", lambda _: {})
    monkeypatch.setattr(segmentation_examples, "in_processes", lambda work, names, _: list(map(work, names)))
    return tmp_path / "weights.json"


def test_the_command_writes_a_weight_for_each_feature_and_what_they_were_fitted_on(small, few):
    assert segment.main(["--data", str(small), "--pictures", "6"]) == 0
    written = json.loads(few.read_text())
    assert list(written["weights"]["digit"]) == list(NAMES)
    assert list(written["weights"]["shapes"]) == list(SHAPE_NAMES)
    assert list(written["sights"]["features"]) == list(choose.NAMES)
    assert written["lines"] > 6
    assert written["pictures"] > 0
    assert np.isfinite(list(written["weights"]["digit"].values())).all()
    assert np.isfinite(list(written["sights"]["features"].values())).all()


@pytest.mark.parametrize("order", ["as written", "by digit"])
def test_digits_of_a_site_are_those_of_writers_with_some_of_each_digit(order):
    stroke = np.array([[0, 0], [10, 1000]])
    of_sites = [UnipenDrawing(str(i % 10), site, [stroke]) for site, n in ((0, 120), (3, 20)) for i in range(n)]
    if order == "by digit":
        of_sites.sort(key=lambda drawing: drawing.character)
    writers: dict[int, list[int]] = {}
    for digit in segmentation_examples.hands(of_sites):
        assert np.ptp(np.concatenate(digit.strokes)[:, 1]) == 1
        writers.setdefault(digit.writer, []).append(digit.digit)
    assert [len(writers[writer]) for writer in sorted(writers)] == [60, 20, 60]
    assert all(len(set(written)) == 10 for written in writers.values())


def test_without_data_it_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("model.data.pendigits.download", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    assert segment.main(["--data", str(tmp_path)]) == 1
    assert "pen digits" in capsys.readouterr().err
