"""The command line as a person uses it, on a small stand-in for MNIST."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from model import data, train
from model.data import to_idx
from model.files import sha256
from model.network import Network
from model.recognize import Recognizer
from tests.conftest import ROOT

QUICK = ["--epochs", "3", "--rate", "0.01", "--batch-size", "64"]


def digits(n, seed):
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 10).astype(np.uint8)
    pictures = np.zeros((n, 28, 28), dtype=np.uint8)
    pictures[:, 4:24, 10:18] = rng.integers(0, 60, (n, 20, 8))
    for i, label in enumerate(labels):
        pictures[i, label * 2 + 4 : label * 2 + 6, 4:24] = 255
    return pictures, labels


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for part, n in (("train", 5600), ("t10k", 200)):
        pictures, labels = digits(n, n)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(to_idx(pictures))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(labels))
    return folder


@pytest.fixture
def small(folder, monkeypatch):
    monkeypatch.setattr(data, "SHA256", {path.name: sha256(path.read_bytes()) for path in folder.iterdir()})
    return folder


def test_training_writes_weights_a_report_and_charts(small, tmp_path, capsys):
    assert train.main([*QUICK, "--data", str(small), "--out", str(tmp_path), "--seed", "3"]) == 0
    names = ["confusion.png", "curves.png", "digits.npz", "report.json", "samples.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    recognizer = Recognizer.load(tmp_path / "digits.npz")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["model"] == recognizer.network.name
    assert len(report["history"]) == 3
    assert report["mnist_test"]["digits"] == 200
    assert np.array(report["mnist_test"]["confusion"]).sum() == 200
    assert recognizer.network.meta["seed"] == 3
    assert recognizer.network.meta["accuracy"]["mnist_test"] == report["mnist_test"]["accuracy"]
    assert f"{report['mnist_test']['accuracy']:.2%}" in capsys.readouterr().out


def test_the_command_in_the_report_says_what_was_changed_and_no_place(small, tmp_path):
    train.main(
        [*QUICK, "--data", str(small), "--out", str(tmp_path), "--no-charts", "--sizes", "784,8,10", "--nesterov"]
    )
    command = Network.load(tmp_path / "digits.npz").meta["command"]
    assert command == ("python -m model.train --sizes 784,8,10 --epochs 3 --batch-size 64 --rate 0.01 --nesterov")


def test_the_same_seed_writes_the_same_parameters(small, tmp_path):
    for name in ("a", "b"):
        train.main([*QUICK, "--data", str(small), "--out", str(tmp_path / name), "--no-charts"])
    first, again = (Network.load(tmp_path / name / "digits.npz").theta for name in ("a", "b"))
    np.testing.assert_array_equal(first, again)


def test_without_data_it_fails_in_a_sentence(small, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(data, "MIRRORS", ())
    monkeypatch.setattr(data, "_wheel", lambda _: (_ for _ in ()).throw(data.DataError("no index")))
    assert train.main(["--data", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["--sizes 784,10", "--epochs 0", "--activation gelu", "--batch-size -1"])
def test_a_wrong_knob_is_refused_with_help(wrong, capsys):
    with pytest.raises(SystemExit):
        train.main(wrong.split())
    assert wrong.split()[0] in capsys.readouterr().err


def test_the_help_explains_every_knob(capsys):
    with pytest.raises(SystemExit):
        train.main(["--help"])
    text = capsys.readouterr().out
    for action in train.parser()._actions:
        assert action.help
        assert action.option_strings[-1] in text


SCRIPT = """
import os, signal, sys
from model import data, train
from model.files import sha256
from pathlib import Path
folder = Path(sys.argv[1])
data.SHA256 = {path.name: sha256(path.read_bytes()) for path in folder.iterdir()}
see = train.Best.see
def stop_in_the_third_epoch(self, network, epoch):
    if epoch.number == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGINT)
    return see(self, network, epoch)
train.Best.see = stop_in_the_third_epoch
sys.exit(train.main(["--data", str(folder), "--out", sys.argv[2], "--epochs", "100000", "--no-charts"]))
"""


def test_ctrl_c_keeps_the_best_weights_so_far(folder, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(tmp_path), "3"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert "keeping the best" in done.stderr
    assert len(json.loads((tmp_path / "report.json").read_text())["history"]) == 3
    assert Recognizer.load(tmp_path / "digits.npz").network.meta["epochs"] == 3


def test_ctrl_c_before_the_first_epoch_writes_nothing(small, tmp_path, monkeypatch, capsys):
    def interrupted(*args):
        os.kill(os.getpid(), signal.SIGINT)
        args[-1](0.0)
        yield

    monkeypatch.setattr(train, "learn", interrupted)
    assert train.main(["--data", str(small), "--out", str(tmp_path)]) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
