"""An interrupted training resumes to the very result of one that was not interrupted."""

import dataclasses
import json
import signal
from pathlib import Path

import numpy as np
import pytest

from model import train
from model.checkpoints import Checkpoints
from model.data.augment import AugmentationConfig
from model.data.dataset import Dataset
from model.network import Network
from model.progress import Progress
from model.training import loop
from model.training.artifacts import checkpoint_steps
from model.training.config import ConfigError, TrainConfig, flags, parse, run_options
from model.training.plots import Charts
from model.training.state import ResumeError, folder_lock, resume_path, save_state
from tests.model.conftest import NO_STROKES, shapes, train_in_process

pytestmark = pytest.mark.slow

CONFIG = TrainConfig(sizes=(784, 12, 8, 10), epochs=6, batch_size=32, rate=0.01, augmentation=None, dropout=0.1)
WHAT = flags({"mnist": 1, **NO_STROKES, "synthetic": 0, "outliers": 0, "cut_digits": 0, "digits": 600})
QUICK = [*WHAT, "--epochs", "4", "--sizes", "784,12,10", "--no-augment", "--warmup", "0", "--no-charts"]


@pytest.fixture(scope="module")
def dataset():
    return Dataset(shapes(200, 0), {"mnist": shapes(60, 1)})


def trained(config, dataset, folder, **options):
    return loop.train(config, dataset, folder, Charts(folder / "digits.npz", enabled=False), **options)


def outcome(config, dataset, folder, **options):
    """All that a training comes to, in one comparable value."""
    made = trained(config, dataset, folder, **options)
    lines = (folder / "history.jsonl").read_text()
    checkpoints = made.checkpoints.thetas.tobytes(), made.checkpoints.steps.tolist()
    return made.network.theta.tobytes(), checkpoints, made.history, lines, made.finished


class Killed(BaseException):
    """As by the system: nothing catches it."""


def killed_in(epoch, config, dataset, folder, monkeypatch, **options):
    """Learn, and die after this epoch was measured and before its state was saved."""

    def die(folder, origin, state):
        if state["done"][1] == epoch:
            raise Killed
        save_state(folder, origin, state)

    with monkeypatch.context() as patched:
        patched.setattr(loop, "save_state", die)
        with pytest.raises(Killed):
            trained(config, dataset, folder, **options)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "sgd", "rate": 0.1, "nesterov": True, "l2": 0.001},
        {"optimizer": "sgd", "rate": 0.3, "momentum": 0.0, "ema_decay": 0.0},
        {"augmentation": AugmentationConfig(), "batch_size": 64},
    ],
    ids=str,
)
def test_whenever_it_is_killed_it_goes_on_to_the_same_bits(changes, dataset, tmp_path, monkeypatch):
    config = dataclasses.replace(CONFIG, **changes)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    killed_in(3, config, dataset, killed, monkeypatch)
    killed_in(5, config, dataset, killed, monkeypatch, resume=True)
    assert len((killed / "history.jsonl").read_text().splitlines()) == 5
    assert outcome(config, dataset, killed, resume=True) == outcome(config, dataset, whole)


@pytest.mark.parametrize(
    ("train_set", "teacher", "sentence"),
    [
        (shapes(200, 5), None, r"the dataset is not the one.*remove .*resume\.npz"),
        (shapes(200, 0), Network.create(CONFIG.sizes, np.random.default_rng(3)), "the teacher is not the one"),
    ],
    ids=["dataset", "teacher"],
)
def test_another_dataset_or_teacher_is_refused(train_set, teacher, sentence, dataset, tmp_path, monkeypatch):
    killed_in(3, CONFIG, dataset, tmp_path, monkeypatch)
    another = dataclasses.replace(dataset, train=train_set)
    with pytest.raises(ResumeError, match=sentence):
        trained(CONFIG, another, tmp_path, teacher=teacher, resume=True)


def test_after_kill_minus_nine_the_command_line_goes_on_to_the_same_weights(small, tmp_path, capsys):
    # Each in a process of its own: the number of BLAS threads is part of the bits.
    whole, out = tmp_path / "whole", tmp_path / "killed"
    assert train_in_process(small, *QUICK, "--out", str(whole)).returncode == 0
    killed = train_in_process(small, *QUICK, "--out", str(out), signal=signal.SIGKILL, epoch=3)
    assert killed.returncode == -signal.SIGKILL
    assert train.main([*QUICK, "--data", str(small), "--out", str(out)]) == 1
    assert "unfinished" in capsys.readouterr().err
    assert train.main(["--resume", "--out", str(out), "--rate", "0.5"]) == 1
    assert "--rate contradicts" in capsys.readouterr().err
    assert train_in_process(small, "--resume", "--out", str(out)).returncode == 0
    assert not resume_path(out).exists()
    first, again = (Network.load(folder / "digits.npz") for folder in (whole, out))
    np.testing.assert_array_equal(first.theta, again.theta)
    assert (whole / "history.jsonl").read_text() == (out / "history.jsonl").read_text()
    assert first.meta["command"] == again.meta["command"]


def test_the_weights_come_with_their_checkpoints(small, tmp_path):
    assert train.main([*QUICK, "--no-test", "--data", str(small), "--out", str(tmp_path)]) == 0
    network = Network.load(tmp_path / "digits.npz")
    replay = Checkpoints.load(tmp_path / "checkpoints.npz", network)
    assert replay is not None
    history = json.loads((tmp_path / "report.json").read_text())["history"]
    before = [step for step in checkpoint_steps(history[-1]["steps"]) if step < replay.steps[-1]]
    assert replay.steps[:-1].tolist() == before
    assert replay.steps[-1] in [line["steps"] for line in history]
    np.testing.assert_allclose(replay.networks(network)[-1].theta, network.theta, atol=1e-3)


def test_two_do_not_train_in_one_folder(tmp_path, capsys):
    with folder_lock(tmp_path):
        assert train.main(["--out", str(tmp_path)]) == 1
    assert "another process is training" in capsys.readouterr().err


def test_a_lock_that_blocks_elsewhere_is_not_taken_for_another_training(tmp_path):
    with pytest.raises(BlockingIOError), folder_lock(tmp_path):
        raise BlockingIOError


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn"])
def test_a_broken_state_is_named(small, tmp_path, capsys, content):
    run_options(parse([*QUICK, "--data", str(small), "--out", str(tmp_path)]))
    resume_path(tmp_path).write_bytes(content)
    assert train.main(["--resume", "--out", str(tmp_path)]) == 1
    assert "resume.npz cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("unfinished", "sentence"), [(True, "config.json cannot be read"), (False, "without --resume")]
)
def test_what_cannot_be_resumed_is_named(unfinished, sentence, tmp_path, capsys):
    if unfinished:
        resume_path(tmp_path).write_bytes(b"")
    assert train.main(["--resume", "--out", str(tmp_path)]) == 1
    assert sentence in capsys.readouterr().err


def test_a_training_that_is_stopped_within_an_epoch_counts_whole_ones(dataset, tmp_path, monkeypatch):
    def interrupted_in_the_third_epoch(_, fraction, __):
        if fraction * CONFIG.epochs * 7 > 16:  # an epoch is 7 steps
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "update", interrupted_in_the_third_epoch)
    made = trained(CONFIG, dataset, tmp_path)
    assert not made.finished
    assert len(made.history) == 2
    np.testing.assert_allclose(made.checkpoints.epochs, made.checkpoints.steps / 7)


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """Change to a folder whose `out` holds the config.json of a training."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recipe.toml").write_text("epochs = 7")
    options = ["--teacher", "t.npz", "--sizes", "784,9,10", "--batch-size", "all", "--recipe", "recipe.toml"]
    run_options(parse(["--out", "out", *options]))
    return ["--resume", "--out", "out"]


def test_the_same_options_again_are_no_contradiction(begun, tmp_path):
    for teacher in ("t.npz", "out/../t.npz", str(tmp_path / "t.npz")):
        again = [*begun, "--teacher", teacher, "--sizes", "784,9,10", "--batch-size", "all", "--recipe", "recipe.toml"]
        assert run_options(parse(again))["teacher"] == (tmp_path / "t.npz").resolve()


def test_resuming_keeps_the_places_unless_others_are_given(begun, tmp_path):
    options = run_options(parse(begun))
    assert (options["data"], options["test"]) == (tmp_path / "data", True)
    options = run_options(parse([*begun, "--data", "else", "--no-test"]))
    assert (options["data"], options["test"]) == (tmp_path / "else", False)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("--teacher u.npz", r"begun with --teacher t\.npz:"),
        ("--sizes 784,8,10", "begun with --sizes 784,9,10:"),
        ("--batch-size 3", "begun with --batch-size 0:"),
        ("--nesterov", "begun with --no-nesterov:"),
        ("--epochs 8", "begun with --epochs 7:"),
    ],
)
def test_other_options_are_a_contradiction_and_the_first_ones_are_named(begun, other, sentence):
    with pytest.raises(ConfigError, match=sentence):
        run_options(parse([*begun, *other.split()]))


def test_ctrl_c_while_a_training_is_loaded_again_loses_nothing_and_says_so(begun, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    save_state(Path("out"), {}, {})
    monkeypatch.setattr(Network, "load", interrupted)
    assert train.main(begun) == 130
    message = capsys.readouterr().err
    assert "--resume --out out` goes on" in message
    assert "nothing was learned" not in message
    assert resume_path(Path("out")).exists()


def test_a_training_that_diverges_ends_at_once_and_says_why(dataset, tmp_path):
    config = dataclasses.replace(CONFIG, optimizer="sgd", rate=1e6, warmup=0)
    with pytest.raises(loop.Diverged, match=r"step [2-9],.*--rate .*--momentum.*--warmup"):
        trained(config, dataset, tmp_path)
    assert not resume_path(tmp_path).exists()
