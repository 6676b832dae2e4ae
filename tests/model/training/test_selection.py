"""Choices made on validation digits, against cases whose answer is known."""

import numpy as np
import pytest

from model.network import Network, cross_entropy, one_hot, softmax
from model.training.selection import dead_share, fit_temperature


def test_dead_are_the_neurons_that_are_0_for_every_picture_of_every_set():
    network = Network.create((784, 8, 4, 10), np.random.default_rng(0))
    network.biases[0][:3] = -1e3
    network.biases[0][3:], network.biases[1][:] = 1e3, 1e6
    sets = [network.forward(np.random.default_rng(i).random((5, 784), dtype=np.float32)) for i in range(2)]
    assert dead_share(sets) == pytest.approx(3 / 12)
    sets[0][1][2, 0] = 0.1  # one of them is active once
    assert dead_share(sets) == pytest.approx(2 / 12)


@pytest.mark.parametrize("true", [0.5, 1.0, 1.4, 2.5])
def test_the_temperature_that_made_the_labels_is_found_and_raised_for_strangers(true):
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (20000, 10))
    p = softmax(logits, true)
    labels = (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1).clip(0, 9).astype(np.uint8)
    found = fit_temperature(logits, labels, strangers=1)
    assert found == pytest.approx(true, rel=0.06)
    assert cross_entropy(logits / found, one_hot(labels)) <= cross_entropy(logits, one_hot(labels)) + 1e-4
    assert fit_temperature(logits, labels, strangers=1.5) == 1.5 * found
