"""`python -m model.segment` fits how numbers are cut, on a few of them, and writes the weights."""

import json

import numpy as np
import pytest

from model import segment
from model.data.numbers.kinds import KINDS
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


def test_without_data_it_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("model.data.pendigits.download", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    assert segment.main(["--data", str(tmp_path)]) == 1
    assert "pen digits" in capsys.readouterr().err
