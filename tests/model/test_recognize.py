"""Answers, verdicts and novelty, on a network whose answers can be worked out by hand."""

import numpy as np
import pytest

from model.network import Network, WeightsError, softmax
from model.recognize import Recognizer
from model.rejection import Rejector, energy, top_margin


def made(sizes=(784, 20, 12, 10), seed=0):
    rng = np.random.default_rng(seed)
    network = Network.create(sizes, rng)
    pictures = rng.integers(0, 256, (600, 784), dtype=np.uint8)
    logits = network.forward(pictures / np.float32(255))[-1]
    rejector = Rejector.fit(logits, softmax(logits))
    network.extras = rejector.arrays()
    return Recognizer(network, rejector), pictures


@pytest.mark.parametrize("size", [2, 3, 16, 40, 256])
@pytest.mark.parametrize("sizes", [(784, 20, 12, 10), (784, 128, 64, 10)])
def test_a_batch_gives_each_picture_the_answer_that_it_gets_alone(sizes, size):
    recognizer, pictures = made(sizes)
    concatenate = recognizer.read(pictures[:size])
    for i in range(size):
        alone = recognizer.read(pictures[i : i + 1])
        np.testing.assert_array_equal(alone.probabilities[0], concatenate.probabilities[i])
        for single, layer in zip(alone.activations, concatenate.activations, strict=True):
            np.testing.assert_array_equal(single[0], layer[i])
        assert alone.novelty[0] == concatenate.novelty[i]
        assert alone.verdicts[0] == concatenate.verdicts[i]
        assert alone.digit(0) == concatenate.digit(i)


def test_probabilities_sum_to_one_and_layers_have_their_widths():
    recognizer, pictures = made()
    prediction = recognizer.read(pictures[:7])
    np.testing.assert_allclose(prediction.probabilities.sum(axis=1), 1, atol=1e-12)
    assert [layer.shape for layer in prediction.activations] == [(7, 20), (7, 12)]


def test_a_blank_picture_is_blank_whatever_the_network_says():
    recognizer, pictures = made()
    prediction = recognizer.read(np.stack([pictures[0], np.zeros(784, dtype=np.uint8)]))
    assert prediction.verdicts[1] == "blank"
    assert prediction.digit(1) is None
    assert prediction.digit(0) is not None
    np.testing.assert_allclose(prediction.probabilities[1], 0.1)
    assert prediction.novelty[1] == 1


def test_any_sizes_serve(tmp_path):
    recognizer, pictures = made((784, 9, 8, 7, 10))
    recognizer.network.save(tmp_path / "w.npz")
    again = Recognizer.load(tmp_path / "w.npz").read(pictures[:3])
    assert [layer.shape[1] for layer in again.activations] == [9, 8, 7]
    np.testing.assert_array_equal(again.probabilities, recognizer.read(pictures[:3]).probabilities)
    np.testing.assert_allclose(again.novelty, recognizer.read(pictures[:3]).novelty, rtol=1e-6)


@pytest.mark.parametrize("sizes", [(784, 10), (783, 20, 10), (784, 20, 9)])
def test_a_network_for_something_else_is_refused(tmp_path, sizes):
    Network.create(sizes, np.random.default_rng(0)).save(tmp_path / "w.npz")
    with pytest.raises(WeightsError, match=r"w\.npz: sizes .* do not lead"):
        Recognizer.load(tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"novelty_limit": None}, "novelty_limit"),
        ({"novelty_scale": np.float32(0)}, "novelty_scale"),
        ({"novelty_margin": np.zeros(2, dtype=np.float32)}, "novelty_margin"),
        ({"novelty_limit": np.float32(np.nan)}, "novelty_limit"),
        ({"novelty_limit": np.array("x")}, "novelty_limit"),
    ],
)
def test_a_weights_file_without_a_sound_judge_is_refused(tmp_path, changes, fault):
    recognizer, _ = made()
    network = recognizer.network
    network.extras = {key: value for key, value in (network.extras | changes).items() if value is not None}
    network.save(tmp_path / "w.npz")
    with pytest.raises(WeightsError, match=fault):
        Recognizer.load(tmp_path / "w.npz")


def test_the_energy_is_that_of_its_formula_and_never_overflows():
    logits = np.random.default_rng(2).normal(size=(5, 10))
    np.testing.assert_allclose(energy(logits), -np.log(np.exp(logits).sum(axis=1)))
    assert energy(np.array([[1e4, 0.0]]))[0] == -1e4


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_the_limits_leave_out_the_share_of_validation_digits_that_they_should(share):
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 3, size=(5000, 10))
    rejector = Rejector.fit(logits, softmax(logits), share)
    novelty = rejector.novelty(logits)
    assert (novelty > 0.5).mean() == pytest.approx(share, abs=0.002)
    assert np.median(novelty) == pytest.approx(0.02, abs=0.001)
    verdicts = rejector.verdicts(softmax(logits), np.zeros(5000), np.ones(5000, dtype=bool))
    assert verdicts.count("unsure") / 5000 == pytest.approx(0.01, abs=0.002)


def test_novelty_grows_as_belief_shrinks_and_stays_between_0_and_1():
    rejector = Rejector(limit=-5.0, scale=1.0, margin=0.2)
    logits = np.eye(10)[:1] * np.array([[1e6], [20], [5], [1], [-1e6]])
    novelty = rejector.novelty(logits)
    assert (np.diff(novelty) >= 0).all()
    assert novelty[0] == 0
    assert novelty[2] < 0.6
    assert novelty[-1] <= 1


def test_the_lead_is_that_of_the_best_over_the_second():
    np.testing.assert_allclose(top_margin(np.array([[0.2, 0.7, 0.1], [0.5, 0.0, 0.5]])), [0.5, 0.0])


def test_verdicts_in_order_of_what_matters():
    rejector = Rejector(limit=-5.0, scale=1.0, margin=0.2)
    close, clear = [0.5, 0.45, 0.05], [0.9, 0.05, 0.05]
    verdicts = rejector.verdicts(
        np.array([clear, close, clear, close]), np.array([0, 0, 0.9, 1]), np.array([True, True, True, False])
    )
    assert verdicts == ["digit", "unsure", "not-a-digit", "blank"]
