"""Checkpoints come back from their file, for their own network alone, and are replayed at once as one by one."""

import dataclasses

import numpy as np
import pytest

from model.checkpoints import CheckpointReplay, Checkpoints
from model.network import Network, scale_pixels


@pytest.fixture
def kept(network):
    thetas = np.stack([network.theta * share for share in (0, 0.5, 1)]).astype(np.float16)
    return Checkpoints(network.name, np.array([0, 1, 9]), np.array([0, 0.1, 1.0]), thetas)


def test_every_checkpoint_comes_back_as_a_network(kept, network, tmp_path):
    kept.save(tmp_path / "checkpoints.npz")
    loaded = Checkpoints.load(tmp_path / "checkpoints.npz", network)
    assert loaded is not None
    assert loaded.steps.tolist() == [0, 1, 9]
    assert loaded.epochs.tolist() == [0, 0.1, 1.0]
    last = loaded.networks(network)[-1]
    assert last.theta.dtype == np.float32
    np.testing.assert_allclose(last.theta, network.theta, atol=1e-3)


def test_those_of_another_network_are_none(kept, network, tmp_path):
    kept.save(tmp_path / "checkpoints.npz")
    another = Network(network.sizes, network.theta, fingerprint="another")
    assert Checkpoints.load(tmp_path / "checkpoints.npz", another) is None


BROKEN = {
    "steps": [np.int64(9), np.array([0.0, 1.0, 9.0]), np.array([0, 9])],
    "epochs": [np.float64(1), np.array([0, np.nan, 1.0]), np.array([["a"]] * 3)],
    "thetas": [
        np.full((3, 10), np.nan, np.float16),
        np.float16(0),
        np.pad(np.full((3, 1), np.nan, np.float16), ((0, 0), (0, 9613))),
    ],
}


@pytest.mark.parametrize(("name", "array"), [(name, array) for name, arrays in BROKEN.items() for array in arrays])
def test_arrays_that_training_never_writes_are_none(kept, network, tmp_path, name, array):
    dataclasses.replace(kept, **{name: array}).save(tmp_path / "checkpoints.npz")
    assert Checkpoints.load(tmp_path / "checkpoints.npz", network) is None


def test_a_single_array_is_no_file_of_checkpoints(network, tmp_path):
    np.save(tmp_path / "checkpoints.npy", network.theta)
    assert Checkpoints.load(tmp_path / "checkpoints.npy", network) is None


@pytest.fixture(scope="module", params=["relu", "tanh"])
def replay(request):
    network = Network.create((784, 12, 8, 10), np.random.default_rng(1), request.param)
    network.temperature = 1.7
    rng = np.random.default_rng(2)
    thetas = np.stack([rng.standard_normal(network.theta.size) * 0.1 for _ in range(4)]).astype(np.float16)
    return CheckpointReplay.of(Checkpoints(network.name, np.arange(4), np.arange(4) / 10, thetas), network)


def test_every_checkpoint_answers_as_its_network_does_alone(replay):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 784), dtype=np.uint8)
    probabilities = replay.probabilities(pictures)
    assert probabilities.shape == (3, 4, 10)
    for i, network in enumerate(replay.checkpoints.networks(replay.network)):
        np.testing.assert_allclose(probabilities[:, i], network.probabilities(scale_pixels(pictures)), rtol=1e-4)


def test_a_picture_has_the_same_numbers_alone_and_in_a_batch(replay):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 784), dtype=np.uint8)
    np.testing.assert_array_equal(replay.probabilities(pictures)[1], replay.probabilities(pictures[1:2])[0])


def test_a_blank_picture_has_uniform_probabilities(replay):
    assert (replay.probabilities(np.zeros((1, 784), dtype=np.uint8)) == 0.1).all()


def test_the_first_layer_of_a_checkpoint_is_that_of_its_network(replay):
    for i, network in enumerate(replay.checkpoints.networks(replay.network)):
        np.testing.assert_array_equal(replay.first_layer(i), network.weights[0])
