"""A training that was killed goes on to the very result of one that was not."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest

from model import train
from model.checkpoints import Checkpoints, moments
from model.data.augment import Variation
from model.data.dataset import Dataset
from model.data.mnist import Digits
from model.network import Network
from model.train import Training
from model.training.config import given, parse
from model.training.loop import Diverged, TrainConfig
from model.training.state import ResumeError, SavedTraining, folder_lock, resume_path
from tests.conftest import ROOT

RECIPE = TrainConfig(sizes=(784, 12, 8, 10), epochs=6, batch_size=32, rate=0.01, variation=None, dropout=0.1)
WHAT = ["--mnist", "1", "--pens", "0", "--synthetic", "0", "--outliers", "0", "--digits", "600"]
QUICK = [*WHAT, "--epochs", "4", "--sizes", "784,12,10", "--no-augment", "--warmup", "0", "--no-charts"]


def shapes(count, seed):
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    pictures = rng.integers(0, 90, (count, 28, 28), dtype=np.uint8)
    pictures[np.arange(count), labels * 2 + 3] = 255
    return Digits(pictures.reshape(-1, 784), labels)


@pytest.fixture(scope="module")
def dataset():
    return Dataset(shapes(200, 0), {"mnist": shapes(60, 1)})


def outcome(training):
    """All that a training comes to, in one comparable value."""
    network = train.train(training)
    replay = training.checkpoints()
    lines = (training.folder / "history.jsonl").read_text()
    return network.theta.tobytes(), replay.thetas.tobytes(), replay.steps.tolist(), training.selection.history, lines


class Killed(BaseException):
    """As by the system: nothing catches it."""


def killed_in(training, epoch, monkeypatch):
    """Learn, and die after this epoch was judged and before it was kept."""
    keep = Training.keep

    def die(self):
        if self.state.epoch == epoch:
            raise Killed
        keep(self)

    with monkeypatch.context() as patched:
        patched.setattr(Training, "keep", die)
        with pytest.raises(Killed):
            train.train(training)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "sgd", "rate": 0.1, "nesterov": True, "l2": 0.001},
        {"optimizer": "sgd", "rate": 0.3, "momentum": 0.0, "average": 0.0},
        {"variation": Variation(), "batch_size": 64},
    ],
    ids=str,
)
def test_whenever_it_is_killed_it_goes_on_to_the_same_bits(changes, dataset, tmp_path, monkeypatch):
    config = dataclasses.replace(RECIPE, **changes)
    whole = outcome(Training(config, dataset, tmp_path / "whole"))
    for epoch in (3, 5):  # twice the same one
        training = Training(config, dataset, tmp_path / "killed")
        if epoch > 3:
            training.resume_from(SavedTraining.load(tmp_path / "killed"))
        killed_in(training, epoch, monkeypatch)
    training = Training(config, dataset, tmp_path / "killed")
    training.resume_from(SavedTraining.load(tmp_path / "killed"))
    assert training.state.epoch == 4
    assert outcome(training) == whole


def test_other_lessons_are_refused(dataset, tmp_path, monkeypatch):
    killed_in(Training(RECIPE, dataset, tmp_path), 3, monkeypatch)
    others = dataclasses.replace(dataset, train=shapes(200, 5))
    with pytest.raises(ResumeError, match=r"the lessons are not those.*remove .*resume\.npz"):
        Training(RECIPE, others, tmp_path).resume_from(SavedTraining.load(tmp_path))


SCRIPT = """
import os, signal, sys
from pathlib import Path
from model import evaluate, train
from model.data import dataset, mnist
from model.storage import sha256

folder, epoch, *arguments = sys.argv[1:]
mnist.SHA256 = {path.name: sha256(path.read_bytes()) for path in Path(folder).glob("*idx*")}
evaluate.letter_shards = dataset.draw_all = evaluate.draw_all = lambda *_: []
evaluate.concatenate = lambda _: mnist.load_mnist(Path(folder)).test
seen = train.append_history
def die_in_an_epoch(folder, line):
    seen(folder, line)
    if line["number"] == int(epoch):
        os.kill(os.getpid(), signal.SIGKILL)
train.append_history = die_in_an_epoch
sys.exit(train.main(["--data", folder, *arguments]))
"""


@pytest.fixture
def plain(monkeypatch):
    """Without drawings to be tested on: they are made by other processes, which take their time to start."""
    monkeypatch.setattr("model.evaluate.letter_shards", lambda *_: [])
    monkeypatch.setattr("model.evaluate.draw_all", lambda _: [])
    monkeypatch.setattr("model.evaluate.concatenate", lambda _: shapes(20, 3))
    monkeypatch.setattr("model.data.dataset.draw_all", lambda *_: [])


def test_after_kill_minus_nine_the_command_line_goes_on_to_the_same_weights(small, tmp_path, capsys):
    script, whole, out = tmp_path / "killed.py", tmp_path / "whole", tmp_path / "killed"
    script.write_text(SCRIPT)

    def run(epoch, *arguments):  # each in a process of its own, for the number of BLAS threads is part of the bits
        command = [sys.executable, str(script), str(small), str(epoch), *arguments]
        return subprocess.run(command, timeout=120, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode

    assert run(0, *QUICK, "--out", str(whole)) == 0
    assert run(3, *QUICK, "--out", str(out)) == -signal.SIGKILL
    assert train.main([*QUICK, "--data", str(small), "--out", str(out)]) == 1
    assert "unfinished" in capsys.readouterr().err
    assert train.main(["--resume", "--out", str(out), "--rate", "0.5"]) == 1
    assert "--rate contradicts" in capsys.readouterr().err
    assert run(0, "--resume", "--out", str(out)) == 0
    assert not resume_path(out).exists()
    first, again = (Network.load(folder / "digits.npz") for folder in (whole, out))
    np.testing.assert_array_equal(first.theta, again.theta)
    assert (whole / "history.jsonl").read_text() == (out / "history.jsonl").read_text()
    assert first.meta["command"] == again.meta["command"]


def test_what_ships_brings_its_education_along(small, plain, tmp_path):
    assert train.main([*QUICK, "--data", str(small), "--out", str(tmp_path)]) == 0
    network = Network.load(tmp_path / "digits.npz")
    replay = Checkpoints.load(tmp_path / "checkpoints.npz", network)
    assert replay is not None
    history = json.loads((tmp_path / "report.json").read_text())["history"]
    assert replay.steps[:-1].tolist() == [step for step in moments(history[-1]["steps"]) if step < replay.steps[-1]]
    assert replay.steps[-1] in [line["steps"] for line in history]
    np.testing.assert_allclose(replay.networks(network)[-1].theta, network.theta, atol=1e-3)


def test_two_do_not_train_in_one_folder(tmp_path, capsys):
    with folder_lock(tmp_path):
        assert train.main(["--out", str(tmp_path)]) == 1
    assert "another process is training" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn"])
def test_a_broken_state_is_named(tmp_path, capsys, content):
    resume_path(tmp_path).write_bytes(content)
    assert train.main(["--resume", "--out", str(tmp_path)]) == 1
    assert "resume.npz cannot be read" in capsys.readouterr().err


def test_nothing_to_go_on_with_is_said(tmp_path, capsys):
    assert train.main(["--resume", "--out", str(tmp_path)]) == 1
    assert "without --resume" in capsys.readouterr().err


def test_a_training_that_is_stopped_within_an_epoch_counts_whole_ones(dataset, tmp_path, monkeypatch):
    training = Training(RECIPE, dataset, tmp_path)

    def stop_in_the_third_epoch():
        if training.state.step > 16:  # an epoch is 7 steps
            raise train.StopRequested

    monkeypatch.setattr(train, "interruptible", lambda: contextlib.nullcontext(stop_in_the_third_epoch))
    train.train(training)
    assert training.state.step == 17
    replay = training.checkpoints()
    np.testing.assert_allclose(replay.epochs, replay.steps / 7)


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A folder to stand in, with a training in `out` that keeps its command line; nothing is drawn or learned."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train, "prepare", lambda _, said: mock.Mock(words=said))
    training = train.begin(parse(["--out", "out", "--teacher", "t.npz", "--sizes", "784,9,10", "--batch-size", "all"]))
    SavedTraining(list(training.words), {}, {}).save(tmp_path / "out")
    return ["--resume", "--out", "out"]


def test_the_same_knobs_again_are_no_contradiction(begun, tmp_path):
    for teacher in ("t.npz", "out/../t.npz", str(tmp_path / "t.npz")):
        again = [*begun, "--teacher", teacher, "--sizes", "784,9,10", "--batch-size", "all"]
        assert train.go_on(parse(again), given(again))[0]["teacher"] == (tmp_path / "t.npz").resolve()


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("--teacher u.npz", r"begun with --teacher \S+t\.npz"),
        ("--sizes 784,8,10", "begun with --sizes 784,9,10:"),
        ("--batch-size 3", "begun with --batch-size all:"),
        ("--nesterov", "begun without it:"),
    ],
)
def test_other_knobs_are_a_contradiction_and_the_first_ones_are_said(begun, other, sentence):
    again = [*begun, *other.split()]
    with pytest.raises(ResumeError, match=sentence):
        train.go_on(parse(again), given(again))


def test_ctrl_c_while_a_training_is_loaded_again_loses_nothing_and_says_so(dataset, tmp_path, monkeypatch, capsys):
    killed_in(Training(RECIPE, dataset, tmp_path), 3, monkeypatch)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "prepare", interrupted)
    assert train.main(["--resume", "--out", str(tmp_path)]) == 130
    said = capsys.readouterr().err
    assert f"--resume --out {tmp_path}` goes on" in said
    assert "nothing was learned" not in said
    assert resume_path(tmp_path).exists()


def test_an_explosion_ends_at_once_and_says_why(dataset, tmp_path):
    config = dataclasses.replace(RECIPE, optimizer="sgd", rate=1e6, warmup=0)
    training = Training(config, dataset, tmp_path)
    with pytest.raises(Diverged, match=r"step [2-9],.*--rate .*--momentum.*--warmup"):
        train.train(training)
    assert training.state.step < 9
