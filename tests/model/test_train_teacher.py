"""The convolutional teacher is trained by one command, and its answers are learned by another."""

import dataclasses
import json

import numpy as np
import pytest

from model import train, train_teacher
from model.data.dataset import Dataset
from model.network import Network
from model.train_teacher import learn
from model.training.config import TrainConfig
from model.training.convolution import LAYERS, ConvolutionalNetwork
from model.training.loop import DataLoader
from model.training.teacher import load_teacher
from tests.model.conftest import noise, shapes

RECIPE = """
epochs = 2
batch-size = 64
mnist = 1
pens = 1
synthetic = 20
outliers = 20
cut-digits = 20
"""
CONFIG = TrainConfig(epochs=4, batch_size=32, rate=0.003, warmup=5, ema_decay=0.9, augmentation=None)


@pytest.fixture
def trained():
    def train_one(config):
        network = ConvolutionalNetwork.create(LAYERS, np.random.default_rng(config.seed))
        assert list(learn(network, Dataset(shapes(400, 0), {}), config)) == list(range(1, config.epochs + 1))
        return network

    return train_one


def test_it_learns_to_tell_shapes_apart(trained):
    figures = train_teacher.validation_figures(trained(CONFIG), {"shapes": shapes(100, 1)})
    assert figures["shapes"]["accuracy"] > 0.95


def test_the_same_seed_gives_the_same_teacher(trained):
    first, again, other = (
        trained(dataclasses.replace(CONFIG, epochs=1, seed=seed, augmentation=TrainConfig().augmentation)).theta
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_its_answers_are_part_of_the_targets(trained):
    teacher, digits = trained(CONFIG), noise(20)
    config = dataclasses.replace(CONFIG, distillation_weight=1.0)
    loader = DataLoader(digits, config, teacher, None)
    x, targets, _ = next(loader.epoch(1, {name: np.random.default_rng(0) for name in ("order", "augmentation")}))
    np.testing.assert_allclose(targets, teacher.probabilities(x), atol=1e-6)


def test_the_command_writes_a_teacher_whose_answers_a_training_learns(small, tmp_path):
    recipe, out = tmp_path / "recipe.toml", tmp_path / "teacher"
    recipe.write_text(RECIPE)
    assert train_teacher.main(["--data", str(small), "--recipe", str(recipe), "--out", str(out)]) == 0
    teacher = load_teacher(out / "teacher.npz")
    report = json.loads((out / "report.json").read_text())
    assert report["model"] == teacher.name
    assert report["options"]["epochs"] == len(report["history"]) == 2
    assert report["history"][-1]["mnist"]["accuracy"] > 0.9
    student = [
        "--data",
        str(small),
        "--out",
        str(tmp_path),
        "--teacher",
        str(out / "teacher.npz"),
        "--recipe",
        str(recipe),
    ]
    assert train.main([*student, "--sizes", "784,8,10", "--no-charts"]) == 0
    assert Network.load(tmp_path / "digits.npz").meta["teacher"] == teacher.name


def test_a_recipe_that_cannot_be_read_is_named(tmp_path, capsys):
    assert train_teacher.main(["--recipe", str(tmp_path / "none.toml"), "--out", str(tmp_path)]) == 1
    assert "none.toml" in capsys.readouterr().err


def test_ctrl_c_ends_it_with_a_sentence_and_without_a_file(tmp_path, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(train_teacher, "load_dataset", interrupted)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)
    assert train_teacher.main(["--recipe", str(recipe), "--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "stopped: nothing was kept\n"
    assert not list((tmp_path / "out").iterdir())
