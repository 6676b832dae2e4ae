"""The command line as a person uses it, on a small data set in MNIST's format."""

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

from model import train
from model.data.dataset import DataConfig, Dataset, load_dataset
from model.data.files import DataError
from model.data.unipen import UnipenMissing
from model.gallery import Gallery
from model.network import Network
from model.recognize import Recognizer
from model.storage import gallery_path
from model.training import loop, plots
from model.training.config import TrainConfig, flags, parse
from model.training.evaluation import load_evaluation_sets
from tests.conftest import ROOT
from tests.model.conftest import NO_STROKES, shapes, train_in_process

pytestmark = pytest.mark.slow

WHAT = flags(
    {"mnist": 1, "pens": 1, "unipen": 1, "unipen_letters": 1, "synthetic": 20, "outliers": 20, "cut_digits": 20}
)
QUICK = [*WHAT, "--sizes", "784,16,12,10", "--epochs", "3", "--rate", "0.01", "--batch-size", "64"]


def test_training_writes_weights_a_report_and_charts(small, tmp_path, capsys):
    assert train.main([*QUICK, "--data", str(small), "--out", str(tmp_path), "--seed", "3"]) == 0
    charts = {"confusion.png", "curves.png", "samples.png", "weights.png"}
    kept = {"checkpoints.npz", "config.json", "digits.npz", "history.jsonl", "report.json"}
    pictures = {"digits.gallery.npz", "digits.maths.json", "digits.mistakes.npz"}
    assert {path.name for path in tmp_path.iterdir()} == charts | kept | pictures
    recognizer = Recognizer.load(tmp_path / "digits.npz")
    report = json.loads((tmp_path / "report.json").read_text())
    assert [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()] == report["history"]
    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 3
    assert report["model"] == recognizer.network.name
    assert len(report["history"]) == 3
    assert report["mnist_test"]["digits"] == 200
    assert np.array(report["mnist_test"]["confusion"]).sum() == 200
    assert recognizer.network.meta["seed"] == 3
    assert recognizer.network.meta["accuracy"]["mnist_test"] == report["mnist_test"]["accuracy"]
    assert f"{report['mnist_test']['accuracy']:.2%}" in capsys.readouterr().out


def test_only_so_many_of_mnists_digits_are_learned_where_that_is_asked_for(small):
    data_config = DataConfig(
        mnist=2, digits=30, pens=0, unipen=0, unipen_letters=0, synthetic=0, outliers=0, cut_digits=0
    )
    assert len(load_dataset(small, data_config, 0).train) == 60


@pytest.mark.parametrize(("wait", "times"), [(0.0, 3), (1e9, 0)])
def test_the_charts_are_brought_up_to_date_while_learning_goes_on(wait, times, monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr(plots, "REFRESH", wait)
    monkeypatch.setattr(plots, "PATIENCE", 0)
    monkeypatch.setattr(plots, "draw_all", lambda history, _, digits, __: drawn.append((len(history), len(digits))))
    config, digits = TrainConfig(sizes=(784, 8, 10), epochs=3, augmentation=None), shapes(100, 0)
    loop.train(config, Dataset(digits, {"mnist": digits[:20]}), tmp_path, plots.Charts(tmp_path / "digits.npz"))
    assert drawn == [(epoch, 20) for epoch in (1, 2, 3)][:times]


def test_the_command_in_the_report_has_the_changed_options_and_no_place(small, tmp_path):
    train.main(
        [*QUICK, "--data", str(small), "--out", str(tmp_path), "--no-charts", "--sizes", "784,8,10", "--nesterov"]
    )
    command = Network.load(tmp_path / "digits.npz").meta["command"]
    how = "--sizes 784,8,10 --epochs 3 --batch-size 64 --rate 0.01 --nesterov"
    assert command == f"python -m model.train {' '.join(WHAT)} {how}"


def test_only_what_is_asked_to_writes_over_what_ships():
    assert parse([]).out == Path("runs/latest")
    assert "/runs/" in (ROOT / ".gitignore").read_text().splitlines()
    assert runs_of(ROOT, "runs/small.trained")[-1].split(" --out ")[1].split()[0] == "weights"


def runs_of(folder, target, module="model.train"):
    """The lines with which `make` would run a command in a folder."""
    command = ["make", "--dry-run", target]
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return [line for line in lines.replace("\\\n", "").splitlines() if f"-m {module} " in line]


def test_what_make_weights_left_unfinished_it_goes_on_with(tmp_path):
    for folder in ("weights", "runs/wide", "requirements"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements" / "dev.txt").touch()
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    small, wide = runs_of(tmp_path, "weights")
    assert small.endswith("--out weights --recipe recipes/small.toml")
    assert wide.endswith("--out runs/wide --recipe recipes/wide.toml")
    (tmp_path / "runs" / "small.trained").touch()
    (tmp_path / "runs" / "wide" / "resume.npz").touch()
    (wide,) = runs_of(tmp_path, "weights")
    assert wide.endswith("--resume")
    evaluated = [line.split("--weights ")[1] for line in runs_of(tmp_path, "weights", "model.evaluate")]
    assert evaluated == ["weights/digits.npz", "weights/digits-wide.npz"]


def test_the_same_seed_writes_the_same_parameters(small, tmp_path):
    for name in ("a", "b"):
        train.main([*QUICK, "--data", str(small), "--out", str(tmp_path / name), "--no-charts"])
    first, again = (Network.load(tmp_path / name / "digits.npz") for name in ("a", "b"))
    np.testing.assert_array_equal(first.theta, again.theta)
    assert "novelty_W1" in first.extras
    for key, array in first.extras.items():
        np.testing.assert_array_equal(array, again.extras[key])


def test_without_data_it_fails_in_a_sentence(tmp_path, capsys, monkeypatch):
    def missing(*_):
        raise DataError("MNIST is missing: name its folder with --data")

    monkeypatch.setattr(train, "load_dataset", missing)
    assert train.main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "MNIST is missing: name its folder with --data\n"


def test_without_unipen_it_says_what_that_costs_and_how_to_go_on(tmp_path, capsys, monkeypatch):
    def missing(*_):
        raise UnipenMissing("no strokes: --unipen 0")

    figure = {"mean": 0.0101, "error": 0.002}
    results = {"candidates": {"before": {}, "with UNIPEN": {"gain": {"site_accuracy": figure, "auroc": figure}}}}
    monkeypatch.setattr(train, "load_dataset", missing)
    monkeypatch.setattr(train, "CANDIDATES", tmp_path / "results.json")
    command = ["--data", str(tmp_path), "--out", str(tmp_path)]
    assert train.main(command) == 1
    assert capsys.readouterr().err == "no strokes: --unipen 0\n"
    (tmp_path / "results.json").write_text(json.dumps(results))
    assert train.main(command) == 1
    assert "1.0 ± 0.2 % more of strangers' digits are misread" in capsys.readouterr().err


def test_ctrl_c_keeps_the_best_weights_so_far(small_folder, tmp_path):
    endless = [*QUICK, "--epochs", "100000", "--no-charts", "--out", str(tmp_path)]
    done = train_in_process(small_folder, *endless, signal=signal.SIGINT, epoch=3)
    assert done.returncode == 130, done.stderr
    assert "keeping the best" in done.stderr
    assert len((tmp_path / "history.jsonl").read_text().splitlines()) == 2  # those whose state was saved
    assert len(json.loads((tmp_path / "report.json").read_text())["history"]) == 2
    assert Recognizer.load(tmp_path / "digits.npz").network.meta["epochs"] == 2
    assert f"--resume --out {tmp_path}` goes on" in done.stderr
    assert (tmp_path / "resume.npz").exists()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_the_tests_are_drawn_stops_them_and_resuming_measures(
    name, small, tmp_path, monkeypatch, capsys
):
    where = ["--data", str(small), "--out", str(tmp_path), "--no-charts"]

    def interrupted(*arguments, **options):
        os.kill(os.getpid(), getattr(signal, name))
        return load_evaluation_sets(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(train, "load_evaluation_sets", interrupted)
        assert train.main([*QUICK, *where]) == 130
    message = capsys.readouterr().err
    assert "the weights are saved" in message
    assert f"--resume --out {tmp_path}` goes on" in message
    kept = Network.load(tmp_path / "digits.npz")
    assert kept.meta["epochs"] == 3
    assert not (tmp_path / "report.json").exists()
    assert train.main([*where, "--resume"]) == 0
    assert json.loads((tmp_path / "report.json").read_text())["mnist_test"]["digits"] == 200
    np.testing.assert_array_equal(Network.load(tmp_path / "digits.npz").theta, kept.theta)
    assert not (tmp_path / "resume.npz").exists()


def test_a_signal_while_the_detector_learns_saves_no_weights_and_resuming_does(small, tmp_path, monkeypatch, capsys):
    where = ["--data", str(small), "--out", str(tmp_path), "--no-charts"]
    with monkeypatch.context() as patched:
        patched.setattr(train, "train_detector", lambda *_: os.kill(os.getpid(), signal.SIGINT))
        assert train.main([*QUICK, *where]) == 130
    message = capsys.readouterr().err
    assert "stopped before the detector was trained" in message
    assert f"--resume --out {tmp_path}` goes on" in message
    assert not (tmp_path / "digits.npz").exists()
    assert train.main([*where, "--resume"]) == 0
    assert Recognizer.load(tmp_path / "digits.npz").network.meta["epochs"] == 3


def test_ctrl_c_before_the_first_epoch_writes_nothing(small, tmp_path, monkeypatch, capsys):
    def interrupted(*_):
        os.kill(os.getpid(), signal.SIGINT)
        yield

    monkeypatch.setattr(loop, "run_epochs", interrupted)
    assert train.main([*QUICK, "--data", str(small), "--out", str(tmp_path)]) == 130
    assert "nothing was learned" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "history.jsonl"]


def test_a_teachers_answers_are_learned_too(small, tmp_path):
    where = ["--data", str(small), "--no-charts"]
    assert train.main([*QUICK, *where, "--out", str(tmp_path / "teacher")]) == 0
    teacher = str(tmp_path / "teacher" / "digits.npz")
    how = ["--out", str(tmp_path / "student"), "--teacher", teacher, "--sizes", "784,8,10"]
    assert train.main([*QUICK, *where, *how]) == 0
    meta = Network.load(tmp_path / "student" / "digits.npz").meta
    assert meta["teacher"] == Network.load(tmp_path / "teacher" / "digits.npz").name


def test_a_teacher_that_is_not_there_is_named(small, tmp_path, capsys):
    where = ["--data", str(small), "--out", str(tmp_path)]
    assert train.main([*where, "--teacher", str(tmp_path / "none.npz")]) == 1
    assert "none.npz" in capsys.readouterr().err


def test_without_pen_digits_nothing_of_them_is_needed(small, tmp_path):
    for path in small.iterdir():
        if "idx" in path.name:
            (tmp_path / path.name).symlink_to(path)
    where = ["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--no-charts"]
    assert train.main([*QUICK, *flags(NO_STROKES), *where]) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert "pen_test" not in report
    assert report["mnist_test"]["digits"] == 200


@pytest.mark.parametrize("digits", ["5", "0"])
def test_without_tests_neurons_are_shown_by_all_of_mnist_each_picture_once(small, tmp_path, digits):
    what = [
        "--mnist",
        "3",
        "--pens",
        "0",
        "--synthetic",
        "0",
        "--outliers",
        "0",
        "--cut-digits",
        "0",
        "--digits",
        digits,
        "--no-augment",
    ]
    how = ["--epochs", "1", "--sizes", "784,8,10", "--no-test", "--no-charts"]
    assert train.main([*what, *how, "--data", str(small), "--out", str(tmp_path)]) == 0
    gallery = Gallery.load(gallery_path(tmp_path / "digits.npz"), Network.load(tmp_path / "digits.npz"))
    assert gallery is not None
    assert gallery.typical_digits.labels.tolist() == list(range(10))
    assert len(np.unique(gallery.pictures, axis=0)) == len(gallery.pictures)


def test_a_folder_that_cannot_be_written_to_is_named_before_any_work(small, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert train.main(["--data", str(small), "--out", str(tmp_path / "file")]) == 1
    assert "cannot be written to" in capsys.readouterr().err
