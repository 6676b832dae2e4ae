"""`python -m model.localize` fits the judge of proposals and writes its weights."""

import json

import numpy as np

from model import localize
from model.localization.judge import NAMES
from model.training.choice import Examples
from model.training.localization import IMAGES


def toy(people, recognizers, count, seed, progress):
    """Two drawings and two photographs with two proposals, the first one of each correct."""
    rng = np.random.default_rng(count + seed + len(people) + len(recognizers))
    progress(1.0)
    correct, picture = np.array([1, 0, 1, 0], dtype=bool), np.array([0, 0, 1, 1])
    described = -np.abs(rng.normal(size=(4, len(NAMES))))  # one of them is the logarithm of a probability
    return {kind: Examples(described, correct, picture) for kind in IMAGES}


def test_the_command_writes_a_weight_for_each_feature_and_what_they_were_fitted_on(small, tmp_path, monkeypatch):
    monkeypatch.setattr(localize, "collect", toy)
    monkeypatch.setattr(localize, "WEIGHTS_FILE", tmp_path / "weights.json")
    assert localize.main(["--data", str(small)]) == 0
    written = json.loads((tmp_path / "weights.json").read_text())
    assert all(list(written[kind]["features"]) == list(NAMES) for kind in IMAGES)
    assert written["pictures"] == 4
    assert all(0 < limit <= 1 for limit in written["limits"].values())
    assert [name.split("@")[0] for name in written["networks"]] == ["digits-784-128-64-10", "digits-784-512-256-10"]


def test_without_data_it_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("model.data.pendigits.download", lambda *_: (_ for _ in ()).throw(OSError("no network")))
    assert localize.main(["--data", str(tmp_path)]) == 1
    assert "pen digits" in capsys.readouterr().err
