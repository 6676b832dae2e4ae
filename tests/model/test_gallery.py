"""A gallery comes back from its file, whole and for its own network alone."""

import numpy as np
import pytest

from model.explain import Unit
from model.gallery import Gallery
from model.network import Network
from model.training.artifacts import make_gallery
from tests.model.conftest import noise


@pytest.fixture
def made(network):
    return make_gallery(network, noise(60))


def test_a_gallery_comes_back_from_its_file_and_only_for_its_own_network(network, made, tmp_path):
    path = tmp_path / "digits.gallery.npz"
    made.save(path)
    loaded = Gallery.load(path, network)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.examples(Unit(1, 3)).pictures, made.examples(Unit(1, 3)).pictures)
    np.testing.assert_array_equal(loaded.typical_digits.pictures, made.typical_digits.pictures)
    assert Gallery.load(path, Network(network.sizes, network.theta, fingerprint="another")) is None


@pytest.mark.parametrize(
    "wrong", [{"typical": np.array(3)}, {"labels": np.zeros(1, np.uint8)}, {"tops1": np.full((12, 9), 999)}]
)
def test_a_gallery_that_points_at_what_is_not_there_is_none(network, made, tmp_path, wrong):
    path = tmp_path / "digits.gallery.npz"
    made.save(path)
    with np.load(path) as file:
        arrays = {**file, **wrong}
    np.savez(path, **arrays)
    assert Gallery.load(path, network) is None
