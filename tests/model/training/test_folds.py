"""Folds hold out each person once, train on the others alone, and their figures follow from the answers."""

import numpy as np
import pytest

from model.data.dataset import NO_DIGIT, DataConfig, Dataset, load_dataset
from model.localization.turns import TURNS
from model.rejection import Detector
from model.training.config import TrainConfig
from model.training.folds import (
    Fold,
    Limits,
    answer,
    draw_held_out,
    fold_figures,
    make_folds,
    train_fold,
    with_turns,
)
from tests.model.conftest import shapes

pytestmark = pytest.mark.slow


def test_every_site_and_every_pen_writer_is_held_out_once(small):
    folds = make_folds(small)
    assert [fold.site for fold in folds] == [f"site {k}" for k in range(7)]
    everybody = sorted(writer for fold in folds for writer in fold.writers)
    assert everybody == sorted(["pen 1", "pen 2", "pen 4", *(f"site {k}" for k in range(7))])


def test_the_held_out_drawings_are_always_the_same_and_each_belongs_to_one_fold(small):
    first, again = draw_held_out(small), draw_held_out(small)
    np.testing.assert_array_equal(first.digits.pictures, again.digits.pictures)
    parts = [first.by(fold) for fold in make_folds(small)]
    assert (np.sum(parts, axis=0) == 1).all()
    assert (first.digits.labels == NO_DIGIT).sum() == 2 * 14


def test_a_fold_learns_nothing_of_its_writers(small):
    dataset, fold = load_dataset(small, DataConfig(1, 1, 1, 1, 0, 0, 0), seed=1), Fold("site 2", frozenset({"site 2"}))
    config = TrainConfig(sizes=(784, 8, 10), epochs=1, optimizer="adam")
    learned = []
    for shade in (0, 255):  # the held-out pictures made all white, then all black
        pictures = dataset.train.pictures.copy()
        pictures[dataset.writers == "site 2"] = shade
        changed = Dataset(type(dataset.train)(pictures, dataset.train.labels), {}, dataset.drawn, dataset.writers)
        learned.append(train_fold(config, changed, fold, lambda _: None))
    (network, detector), (same_network, same_detector) = learned
    np.testing.assert_array_equal(network.theta, same_network.theta)
    np.testing.assert_array_equal(detector.network.theta, same_detector.network.theta)


def test_answers_are_those_to_the_writers_of_the_fold(small, network):
    held_out, fold = draw_held_out(small), make_folds(small)[3]
    detector = Detector.create(network.sizes, 4, np.random.default_rng(0))
    validation = {"mnist": shapes(20, 1), "pen": shapes(30, 2), "synthetic": shapes(40, 3)}
    answers = answer(network, detector, Dataset(shapes(10, 0), validation), held_out, fold)
    assert set(answers["writers"]) == fold.writers & {"site 3", "pen 1", "pen 2", "pen 4"}
    assert len(answers["logits"]) == len(answers["labels"]) == held_out.by(fold).sum()
    assert answers["turned"].shape == (len(TURNS), len(answers["labels"]), 10)
    assert answers["log_odds"].shape == answers["labels"].shape
    assert answers["turned_log_odds"].shape == answers["turned"].shape[:2]
    assert len(answers["validation_logits"]) == 20 + 30  # synthetic digits are not people's
    assert answers["validation_log_odds"].shape == (20 + 30,)


def test_the_figures_follow_from_the_answers():
    sure, other = np.eye(10)[0] * 20, np.eye(10)[1] * 20
    answers = {
        "logits": np.array([sure, sure, other, np.zeros(10), sure, other]),
        "log_odds": np.array([-9.0, -9, -9, 3, -9, -9]),
        "labels": np.array([0, 0, 0, NO_DIGIT, 0, 0]),
        "writers": np.array(["site 1"] * 4 + ["pen 5"] * 2),
        "validation_logits": np.array([sure] * 99 + [other]),
        "validation_log_odds": np.linspace(-12, -1, 100),
        "validation_labels": np.array([0] * 99 + [1], dtype=np.uint8),
        "mnist": np.array(50),
    }
    figures = fold_figures(answers, Limits(rejected_share=0.01))
    assert figures["site_accuracy"] == pytest.approx(2 / 3)
    assert figures["pen_accuracy"] == pytest.approx(1 / 2)
    assert figures["mnist_accuracy"] == 1
    assert figures["auroc"] == 1
    assert figures["letters_called_digit"] == figures["digits_refused"] == 0
    assert figures["calibration_error"] == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.parametrize(("weight", "refused"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_detector_counts_as_much_as_its_weight_for_scores_and_verdicts(weight, refused):
    sure = np.eye(10)[0] * 20
    answers = {
        "logits": np.array([sure] * 4),
        "log_odds": np.array([-9.0, 9, 9, -9]),
        "labels": np.array([0, 0, NO_DIGIT, 0]),
        "writers": np.array(["site 1"] * 3 + ["pen 5"]),
        "validation_logits": np.array([sure] * 100),
        "validation_log_odds": np.linspace(-9.5, -8.5, 100),
        "validation_labels": np.zeros(100, dtype=np.uint8),
        "mnist": np.array(50),
    }
    figures = fold_figures(answers, Limits(detector_weight=weight))
    assert figures["auroc"] == pytest.approx(0.5 + 0.25 * refused)
    assert figures["digits_refused"] == pytest.approx(0.5 * refused)
    assert figures["letters_called_digit"] == 1 - refused


def test_what_is_not_sure_is_answered_as_all_ways_say_and_the_rest_as_it_was():
    sure, torn, other = np.eye(10)[0] * 20, np.eye(10)[0] * 20 + np.eye(10)[1] * 19.9, np.eye(10)[1] * 20
    answers = {
        "logits": np.array([sure, torn]),
        "log_odds": np.full(2, -9.0),
        "turned": np.stack([[other, other]] * len(TURNS)),
        "turned_log_odds": np.linspace(-12, -9, len(TURNS))[:, None] * [1, 1],
        "validation_logits": np.eye(10) * 20,
        "validation_log_odds": np.linspace(-12, -1, 10),
        "validation_labels": np.arange(10, dtype=np.uint8),
    }
    read_again = with_turns(answers, Limits(), [0, 1])
    assert read_again["logits"].argmax(axis=1).tolist() == [0, 1]
    assert read_again["agreed"].tolist() == [True, False]  # two of three ways
    assert read_again["log_odds"].tolist() == [-9, -12]  # of the first turn
    np.testing.assert_array_equal(with_turns(answers, Limits(), [])["logits"], answers["logits"])
