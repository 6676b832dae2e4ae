"""Mistakes come back from their file, whole and for their own network alone."""

import dataclasses

import numpy as np
import pytest

from model.data.mnist import Digits
from model.mistakes import Mistakes
from model.network import Network
from model.training.artifacts import make_mistakes


@pytest.fixture(scope="module")
def network():
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


@pytest.fixture(scope="module")
def made(network):
    rng = np.random.default_rng(0)
    test_set = Digits(rng.integers(0, 256, (400, 784), dtype=np.uint8), (np.arange(400) % 10).astype(np.uint8))
    return make_mistakes(network, test_set, rng.dirichlet(np.ones(10), 400))


def test_mistakes_come_back_from_their_file_and_only_for_their_own_network(network, made, tmp_path):
    made.save(tmp_path / "digits.mistakes.npz")
    loaded = Mistakes.load(tmp_path / "digits.mistakes.npz", network)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.cell(0, 6).pictures, made.cell(0, 6).pictures)
    another = Network(network.sizes, network.theta, fingerprint="another")
    assert Mistakes.load(tmp_path / "digits.mistakes.npz", another) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("labels", lambda array: array[:-1]),
        ("pictures", lambda array: array[:, :100]),
        ("answers", lambda array: array[0]),
        ("numbers", lambda array: array.astype(float)),
        ("confidence", lambda array: array * np.float32("nan")),
    ],
)
def test_arrays_that_do_not_belong_together_are_none(network, made, tmp_path, name, change):
    dataclasses.replace(made, **{name: change(getattr(made, name))}).save(tmp_path / "digits.mistakes.npz")
    assert Mistakes.load(tmp_path / "digits.mistakes.npz", network) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no file at all"])
def test_a_missing_or_broken_file_is_none(network, tmp_path, content):
    path = tmp_path / "digits.mistakes.npz"
    assert Mistakes.load(path, network) is None
    path.write_bytes(content)
    assert Mistakes.load(path, network) is None
