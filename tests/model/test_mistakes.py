"""Mistakes come back from their file, whole and for their own network alone."""

import dataclasses

import numpy as np
import pytest

from model.mistakes import Mistakes
from model.network import Network
from model.training.artifacts import make_mistakes
from tests.model.conftest import noise


@pytest.fixture
def made(network):
    return make_mistakes(network, noise(400), np.random.default_rng(0).dirichlet(np.ones(10), 400))


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
