"""Answers, verdicts and novelty, on a network whose answers can be worked out by hand."""

import numpy as np
import pytest

from model.network import Network, WeightsError
from model.novelty import Judge, lead
from model.recognize import Recognizer


def made(sizes=(784, 20, 12, 10), seed=0):
    rng = np.random.default_rng(seed)
    network = Network.create(sizes, rng)
    pictures = rng.integers(0, 256, (600, 784), dtype=np.uint8)
    features = network.forward(pictures / np.float32(255))[-2]
    judge = Judge.fit(features, np.arange(600) % 10).calibrated(features, rng.dirichlet(np.ones(10), 600))
    network.extras = judge.arrays()
    return Recognizer(network, judge), pictures


def test_a_batch_gives_each_picture_the_answer_that_it_gets_alone():
    recognizer, pictures = made()
    together = recognizer.read(pictures[:40])
    for i in range(40):
        alone = recognizer.read(pictures[i : i + 1])
        np.testing.assert_allclose(alone.probabilities[0], together.probabilities[i], atol=1e-6)
        assert alone.verdicts[0] == together.verdicts[i]
        assert alone.digit(0) == together.digit(i)


def test_probabilities_sum_to_one_and_layers_have_their_widths():
    recognizer, pictures = made()
    reading = recognizer.read(pictures[:7])
    np.testing.assert_allclose(reading.probabilities.sum(axis=1), 1, atol=1e-12)
    assert [layer.shape for layer in reading.activations] == [(7, 20), (7, 12)]


def test_a_blank_picture_is_blank_whatever_the_network_says():
    recognizer, pictures = made()
    reading = recognizer.read(np.stack([pictures[0], np.zeros(784, dtype=np.uint8)]))
    assert reading.verdicts[1] == "blank"
    assert reading.digit(1) is None
    assert reading.digit(0) is not None
    np.testing.assert_allclose(reading.probabilities[1], 0.1)
    assert reading.novelty[1] == 1


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
        ({"novelty_centers": None}, "novelty_centers"),
        ({"novelty_whitening": np.eye(3, dtype=np.float32)}, "novelty_whitening"),
        ({"novelty_radius": np.float32(np.nan)}, "novelty_radius"),
        ({"novelty_radius": np.float32(-1)}, "novelty_radius"),
    ],
)
def test_a_weights_file_without_a_sound_judge_is_refused(tmp_path, changes, fault):
    recognizer, _ = made()
    network = recognizer.network
    network.extras = {key: value for key, value in (network.extras | changes).items() if value is not None}
    network.save(tmp_path / "w.npz")
    with pytest.raises(WeightsError, match=fault):
        Recognizer.load(tmp_path / "w.npz")


def test_the_distance_is_that_of_mahalanobis_to_the_nearest_mean():
    rng = np.random.default_rng(2)
    labels = np.arange(4000) % 2
    features = rng.normal(size=(4000, 3)) @ np.diag([1, 2, 3]) + labels[:, None] * 20
    judge = Judge.fit(features, labels)
    means = np.stack([features[labels == k].mean(axis=0) for k in (0, 1)])
    inverse = np.linalg.inv(np.cov((features - means[labels]).T) + np.eye(3) * 0.01 * 14 / 3)
    point = np.array([[3.0, -1.0, 5.0]])
    expected = min(np.sqrt((point[0] - m) @ inverse @ (point[0] - m)) for m in means)
    assert judge.distance(point)[0] == pytest.approx(expected, rel=1e-2)


def test_the_limits_leave_out_the_share_of_validation_digits_that_they_should():
    rng = np.random.default_rng(3)
    features = rng.normal(size=(5000, 6))
    probabilities = rng.dirichlet(np.ones(10), 5000)
    judge = Judge.fit(features, np.arange(5000) % 10).calibrated(features, probabilities)
    assert (judge.novelty(features) > 0.5).mean() == pytest.approx(0.01, abs=0.002)
    verdicts = judge.verdicts(probabilities, np.zeros(5000), np.ones(5000, dtype=bool))
    assert verdicts.count("unsure") / 5000 == pytest.approx(0.01, abs=0.002)
    far = judge.novelty(features[:1] + 1000)
    assert 0.99 < far[0] <= 1


def test_the_lead_is_that_of_the_best_over_the_second():
    np.testing.assert_allclose(lead(np.array([[0.2, 0.7, 0.1], [0.5, 0.0, 0.5]])), [0.5, 0.0])


def test_verdicts_in_order_of_what_matters():
    judge = Judge(np.eye(2, dtype=np.float32), np.zeros((10, 2), dtype=np.float32), 1.0, 0.2)
    close, clear = [0.5, 0.45, 0.05], [0.9, 0.05, 0.05]
    verdicts = judge.verdicts(
        np.array([clear, close, clear, close]), np.array([0, 0, 0.9, 1]), np.array([True, True, True, False])
    )
    assert verdicts == ["digit", "unsure", "not-a-digit", "blank"]
