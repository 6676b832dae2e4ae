"""Checkpoints come back from their file as the networks that they were, and only for their own network."""

import dataclasses

import numpy as np
import pytest

from model.checkpoints import Checkpoints
from model.network import Network


@pytest.fixture
def network():
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


@pytest.fixture
def kept(network):
    thetas = np.stack([network.theta * share for share in (0, 0.5, 1)]).astype(np.float16)
    return Checkpoints(network.name, np.array([0, 1, 9]), np.array([0, 0.1, 1.0]), thetas)


def test_every_stage_comes_back_as_a_network(kept, network, tmp_path):
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
    assert (
        Checkpoints.load(tmp_path / "checkpoints.npz", Network(network.sizes, network.theta, fingerprint="x")) is None
    )


BROKEN = {
    "steps": [np.int64(9), np.array([0.0, 1.0, 9.0]), np.array([0, 9])],
    "epochs": [np.float64(1), np.array([0, np.nan, 1.0]), np.array([["a"]] * 3)],
    "thetas": [np.full((3, 10), np.nan, np.float16), np.float16(0)],
}


@pytest.mark.parametrize(("name", "array"), [(name, array) for name, arrays in BROKEN.items() for array in arrays])
def test_arrays_that_training_never_writes_are_none(kept, network, tmp_path, name, array):
    dataclasses.replace(kept, **{name: array}).save(tmp_path / "checkpoints.npz")
    assert Checkpoints.load(tmp_path / "checkpoints.npz", network) is None


def test_a_parameter_that_is_no_number_makes_them_none(kept, network, tmp_path):
    kept.thetas[1, 5] = np.nan
    kept.save(tmp_path / "checkpoints.npz")
    assert Checkpoints.load(tmp_path / "checkpoints.npz", network) is None


def test_a_single_array_is_no_file_of_checkpoints(network, tmp_path):
    np.save(tmp_path / "checkpoints.npy", network.theta)
    assert Checkpoints.load(tmp_path / "checkpoints.npy", network) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no file at all"])
def test_a_missing_or_broken_file_is_none(network, tmp_path, content):
    path = tmp_path / "checkpoints.npz"
    assert Checkpoints.load(path, network) is None
    path.write_bytes(content)
    assert Checkpoints.load(path, network) is None
