"""All stages at once say what each stage's network says alone."""

import numpy as np
import pytest

from model.checkpoints import CheckpointReplay, Checkpoints
from model.network import Network, scale_pixels


@pytest.fixture(scope="module", params=["relu", "tanh"])
def replay(request):
    network = Network.create((784, 12, 8, 10), np.random.default_rng(1), request.param)
    network.temperature = 1.7
    rng = np.random.default_rng(2)
    thetas = np.stack([rng.standard_normal(network.theta.size) * 0.1 for _ in range(4)]).astype(np.float16)
    return CheckpointReplay.of(Checkpoints(network.name, np.arange(4), np.arange(4) / 10, thetas), network)


def test_every_stage_says_what_its_network_says_alone(replay):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 784), dtype=np.uint8)
    judged = replay.probabilities(pictures)
    assert judged.shape == (3, 4, 10)
    for stage, network in enumerate(replay.checkpoints.networks(replay.network)):
        np.testing.assert_allclose(judged[:, stage], network.probabilities(scale_pixels(pictures)), rtol=1e-4)


def test_a_picture_has_the_same_numbers_alone_and_among_others(replay):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 784), dtype=np.uint8)
    np.testing.assert_array_equal(replay.probabilities(pictures)[1], replay.probabilities(pictures[1:2])[0])


def test_a_blank_picture_is_every_digit_alike(replay):
    assert (replay.probabilities(np.zeros((1, 784), dtype=np.uint8)) == 0.1).all()


def test_the_first_layer_of_a_stage_is_that_of_its_network(replay):
    for stage, network in enumerate(replay.checkpoints.networks(replay.network)):
        np.testing.assert_array_equal(replay.first_layer(stage), network.weights[0])
