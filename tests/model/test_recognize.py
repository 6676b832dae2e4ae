"""Predictions, alone and in batches; weights files that cannot serve."""

import numpy as np
import pytest

from model.network import Network, WeightsError, softmax
from model.recognize import Prediction, Recognizer
from model.rejection import Detector, Rejector


def random_recognizer(sizes=(784, 20, 12, 10), seed=0):
    rng = np.random.default_rng(seed)
    network = Network.create(sizes, rng)
    pictures = rng.integers(0, 256, (600, 784), dtype=np.uint8)
    activations = network.forward(pictures / np.float32(255))
    detector = Detector.create(sizes, 6, rng)
    rejector = Rejector.fit(detector.ood_score(activations), softmax(activations[-1]))
    network.extras = detector.arrays() | rejector.arrays()
    return Recognizer(network, detector, rejector), pictures


@pytest.mark.parametrize("size", [2, 3, 16, 40, 256])
@pytest.mark.parametrize("sizes", [(784, 20, 12, 10), (784, 128, 64, 10)])
def test_a_batch_gives_each_picture_the_answer_that_it_gets_alone(sizes, size):
    recognizer, pictures = random_recognizer(sizes)
    batch = recognizer.read(pictures[:size])
    for i in range(size):
        alone = recognizer.read(pictures[i : i + 1])
        np.testing.assert_array_equal(alone.probabilities[0], batch.probabilities[i])
        for single, layer in zip(alone.activations, batch.activations, strict=True):
            np.testing.assert_array_equal(single[0], layer[i])
        assert alone.novelty[0] == batch.novelty[i]
        assert alone.verdicts[0] == batch.verdicts[i]
        assert alone.digit(0) == batch.digit(i)


def test_predictions_are_joined_and_parts_of_them_taken_in_any_order():
    recognizer, pictures = random_recognizer()
    pictures[1] = 0
    whole = Prediction.joined([recognizer.read(pictures[:2]), recognizer.read(pictures[2:5])])
    assert vars(whole).keys() == vars(recognizer.read(pictures[:5])).keys()
    chosen = whole.take([4, 1])
    expected = recognizer.read(pictures[[4, 1]])
    for name in ("pictures", "probabilities", "novelty"):
        np.testing.assert_array_equal(getattr(chosen, name), getattr(expected, name))
    for layer, other in zip(chosen.activations, expected.activations, strict=True):
        np.testing.assert_array_equal(layer, other)
    assert chosen.verdicts == expected.verdicts


def test_probabilities_sum_to_one_and_layers_have_their_widths():
    recognizer, pictures = random_recognizer()
    prediction = recognizer.read(pictures[:7])
    np.testing.assert_allclose(prediction.probabilities.sum(axis=1), 1, atol=1e-12)
    assert [layer.shape for layer in prediction.activations] == [(7, 20), (7, 12)]


def test_a_blank_picture_is_blank_whatever_the_network_answers():
    recognizer, pictures = random_recognizer()
    prediction = recognizer.read(np.stack([pictures[0], np.zeros(784, dtype=np.uint8)]))
    assert prediction.verdicts[1] == "blank"
    assert prediction.digit(1) is None
    assert prediction.digit(0) is not None
    np.testing.assert_allclose(prediction.probabilities[1], 0.1)
    assert prediction.novelty[1] == 1


def test_a_network_of_any_sizes_can_be_loaded(tmp_path):
    recognizer, pictures = random_recognizer((784, 9, 8, 7, 10))
    recognizer.network.save(tmp_path / "w.npz")
    again = Recognizer.load(tmp_path / "w.npz").read(pictures[:3])
    assert [layer.shape[1] for layer in again.activations] == [9, 8, 7]
    np.testing.assert_array_equal(again.probabilities, recognizer.read(pictures[:3]).probabilities)
    np.testing.assert_allclose(again.novelty, recognizer.read(pictures[:3]).novelty, rtol=1e-5)  # limits: float32


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
        ({"novelty_b1": None}, "novelty_b1"),
        ({"novelty_b1": np.float32(1)}, "novelty_W1"),
        ({"novelty_b1": np.zeros(0, dtype=np.float32)}, "novelty_b1 is empty"),
        ({"novelty_W1": np.zeros((41, 6), dtype=np.float32)}, "novelty_W1"),
        ({"novelty_W2": np.full((6, 2), np.inf, dtype=np.float32)}, "novelty_W2"),
    ],
)
def test_a_weights_file_without_a_valid_detector_and_rejector_is_refused(tmp_path, changes, fault):
    recognizer, _ = random_recognizer()
    network = recognizer.network
    network.extras = {key: value for key, value in (network.extras | changes).items() if value is not None}
    network.save(tmp_path / "w.npz")
    with pytest.raises(WeightsError, match=fault):
        Recognizer.load(tmp_path / "w.npz")
