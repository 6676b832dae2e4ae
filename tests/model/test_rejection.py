"""The detector's inputs and score, novelty and verdicts against their formulas."""

import numpy as np
import pytest

from model.network import Network, softmax
from model.rejection import DETECTOR_WEIGHT, Detector, Rejector, detector_inputs, energy, top_margin

SIZES = (784, 12, 8, 10)


def activations(n, seed=0):
    """Every layer's activations for n random pictures, and for each its logits shifted and their digits exchanged."""
    rng = np.random.default_rng(seed)
    network = Network.create(SIZES, rng)
    layers = network.forward(rng.random((n, 784), dtype=np.float32))
    return layers, [*layers[:-1], layers[-1][:, rng.permutation(10)] + np.float32(7)]


def test_the_detector_sees_hidden_activations_and_logits_without_their_digits():
    layers, same = activations(20)
    inputs = detector_inputs(layers)
    assert inputs.shape == (20, 12 + 8 + 10)
    np.testing.assert_array_equal(inputs[:, :12], layers[1])
    np.testing.assert_array_equal(inputs[:, 12:20], layers[2])
    assert (np.diff(inputs[:, 20:], axis=1) <= 0).all()
    np.testing.assert_allclose(inputs[:, 20:].sum(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(inputs, detector_inputs(same), atol=1e-5)


def test_the_energy_is_that_of_its_formula_and_never_overflows():
    logits = np.random.default_rng(2).normal(size=(5, 10))
    expected = -np.log(np.exp(logits - logits.mean(axis=1, keepdims=True)).sum(axis=1))
    np.testing.assert_allclose(energy(logits), expected)
    assert energy(np.array([[1e4, -1e4]]))[0] == -1e4


def test_the_energy_ignores_a_shift_of_all_logits_and_is_highest_where_they_are_equal():
    logits = np.random.default_rng(4).normal(0, 3, size=(50, 10))
    np.testing.assert_allclose(energy(logits + 7), energy(logits))
    np.testing.assert_allclose(energy(np.full((1, 10), -9.0)), -np.log(10))
    assert energy(logits).max() < -np.log(10)


def test_the_score_is_the_energy_and_the_weighted_log_odds_of_no_digit():
    detector = Detector.create(SIZES, 6, np.random.default_rng(3))
    layers, _ = activations(20)
    p = softmax(detector.network.forward(detector_inputs(layers))[-1])
    expected = energy(layers[-1]) + DETECTOR_WEIGHT * np.log(p[:, 1] / p[:, 0])
    np.testing.assert_allclose(detector.ood_score(layers), expected, rtol=1e-3, atol=1e-4)


def test_a_detector_comes_back_from_its_arrays_if_they_fit_the_network():
    detector = Detector.create(SIZES, 6, np.random.default_rng(3))
    layers, _ = activations(5)
    again = Detector.from_arrays(detector.arrays(), SIZES)
    np.testing.assert_array_equal(again.ood_score(layers), detector.ood_score(layers))
    with pytest.raises(ValueError, match="novelty_W1"):
        Detector.from_arrays(detector.arrays(), (784, 13, 8, 10))


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_the_limits_leave_out_the_share_of_validation_digits_that_they_should(share):
    rng = np.random.default_rng(3)
    scores, probabilities = rng.normal(-8, 3, 5000), softmax(rng.normal(0, 3, size=(5000, 10)))
    rejector = Rejector.fit(scores, probabilities, share, unsure_share=0.02)
    novelty = rejector.novelty(scores)
    assert (novelty > 0.5).mean() == pytest.approx(share, abs=0.002)
    assert np.median(novelty) == pytest.approx(0.02, abs=0.001)
    verdicts = rejector.verdicts(probabilities, np.zeros(5000), np.ones(5000, dtype=bool))
    assert verdicts.count("unsure") / 5000 == pytest.approx(0.02, abs=0.002)


def test_novelty_grows_with_the_score_and_stays_between_0_and_1():
    rejector = Rejector(limit=-4.0, scale=1.0, margin=0.2)
    novelty = rejector.novelty(np.array([-1e6, -20, -5, -3, 1e6]))
    assert (np.diff(novelty) >= 0).all()
    assert novelty[0] == 0
    assert novelty[2] < 0.5 < novelty[3]
    assert novelty[-1] == 1


def test_the_margin_is_that_of_the_best_over_the_second():
    np.testing.assert_allclose(top_margin(np.array([[0.2, 0.7, 0.1], [0.5, 0.0, 0.5]])), [0.5, 0.0])


def test_the_gravest_verdict_wins():
    rejector = Rejector(limit=-5.0, scale=1.0, margin=0.2)
    close, clear = [0.5, 0.45, 0.05], [0.9, 0.05, 0.05]
    verdicts = rejector.verdicts(
        np.array([clear, close, clear, close]), np.array([0, 0, 0.9, 1]), np.array([True, True, True, False])
    )
    assert verdicts == ["digit", "unsure", "not-a-digit", "blank"]
