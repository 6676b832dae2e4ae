"""The detector learns to tell outliers from digits by a network's activations, and leaves the network as it is."""

import dataclasses

import numpy as np
import pytest

from model.data.augment import AugmentationConfig
from model.data.dataset import NO_DIGIT, Dataset
from model.data.mnist import Digits
from model.network import Network, scale_pixels
from model.optimizers import Adam
from model.rejection import Detector, detector_inputs, energy
from model.training import detector, loop
from model.training.config import TrainConfig
from model.training.detector import REPETITIONS, SPREAD, UNITS, repeated_indices, train_detector
from tests.model.conftest import noise, shapes

CONFIG = TrainConfig(sizes=(784, 12, 8, 10), augmentation=None)


def digits_and_outliers(count, seed):
    """As many pictures of noise, labelled as none, as of digits."""
    digits, none = shapes(count, seed), noise(count, seed)
    labels = np.concatenate([digits.labels, np.full(count, NO_DIGIT, dtype=np.uint8)])
    return Digits(np.concatenate([digits.pictures, none.pictures]), labels)


@pytest.fixture
def dataset():
    return Dataset(digits_and_outliers(300, 1), {})


def test_what_is_no_digit_has_the_higher_score_and_the_network_stays_as_it_was(network):
    before = network.theta.copy()
    trained = train_detector(network, Dataset(digits_and_outliers(2000, 1), {}), CONFIG)
    np.testing.assert_array_equal(network.theta, before)
    unseen = digits_and_outliers(300, 2)
    scores = trained.log_odds(network.forward(scale_pixels(unseen.pictures)))
    assert ((scores > 0) == (unseen.labels == NO_DIGIT)).mean() > 0.9


def test_the_seed_alone_decides(network, dataset):
    first, again, other = (
        train_detector(network, dataset, dataclasses.replace(CONFIG, seed=seed)).network.theta for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_scale_of_its_inputs_is_part_of_its_weights(network, dataset, monkeypatch):
    monkeypatch.setattr(detector, "EPOCHS", 0)
    scaled = train_detector(network, dataset, CONFIG)
    inputs = detector_inputs(network.forward(scale_pixels(dataset.train.pictures)))
    fresh = Detector.create(network.sizes, UNITS, np.random.default_rng((CONFIG.seed, detector.SEED)))
    expected = fresh.network.forward((inputs - inputs.mean(axis=0)) / (inputs.std(axis=0) + SPREAD))[-1]
    np.testing.assert_allclose(scaled.network.forward(inputs)[-1], expected, rtol=1e-3, atol=1e-4)


def test_every_step_learns_and_tells_how_far_it_is(network, dataset, monkeypatch):
    rates: list[float] = []
    shares: list[float] = []

    monkeypatch.setattr(Adam, "step", lambda *arguments: rates.append(arguments[-1]))
    train_detector(network, dataset, CONFIG, shares.append)
    assert len(rates) == len(shares) == detector.EPOCHS * 3  # 600 pictures, in batches of 256
    assert min(rates) > 0
    assert shares[-1] == 1


def test_pictures_are_augmented_as_at_the_end_of_the_training(network, monkeypatch):
    strengths = set()

    def augment(pictures, _, __, strength):
        strengths.update(np.round(strength, 6).tolist())
        return pictures

    monkeypatch.setattr(loop, "augment", augment)
    config = dataclasses.replace(
        CONFIG, augmentation=AugmentationConfig(), final_augmentation=0.5, stroke_augmentation=0.6
    )
    train_detector(network, Dataset(digits_and_outliers(50, 1), {}, np.arange(100) < 30), config)
    assert strengths == {0.5, 0.3}


def test_without_outliers_the_energy_alone_is_the_score(network):
    digits = shapes(300, 1)
    layers = network.forward(scale_pixels(digits.pictures))
    trained = train_detector(network, Dataset(digits, {}), CONFIG)
    np.testing.assert_array_equal(trained.ood_score(layers), energy(layers[-1]))


def test_a_network_of_any_depth_has_one(dataset):
    network = Network.create((784, 9, 8, 7, 10), np.random.default_rng(0))
    assert train_detector(network, dataset, CONFIG).network.sizes == (9 + 8 + 7 + 10, UNITS, 2)


def test_outliers_made_of_peoples_strokes_are_repeated():
    digits = digits_and_outliers(50, 1)
    writers = np.array(["site 1"] * 50 + [""] * 20 + ["site 2"] * 30)  # of digits, made up, and of people
    indices, counts = np.unique(repeated_indices(Dataset(digits, {}, None, writers)), return_counts=True)
    np.testing.assert_array_equal(indices, np.arange(100))
    assert counts.tolist() == [1] * 70 + [REPETITIONS] * 30
