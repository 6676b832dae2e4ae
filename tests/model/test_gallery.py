"""A gallery comes back from its file, whole and for its own network alone."""

import numpy as np
import pytest

from model.data.mnist import Digits
from model.explain import Unit
from model.gallery import Gallery
from model.network import Network
from model.training.artifacts import make_gallery


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(0)
    return Digits(rng.integers(0, 256, (60, 784), dtype=np.uint8), (np.arange(60) % 10).astype(np.uint8))


@pytest.fixture(scope="module")
def network():
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


def test_a_gallery_comes_back_from_its_file_and_only_for_its_own_network(network, dataset, tmp_path):
    path = tmp_path / "digits.gallery.npz"
    made = make_gallery(network, dataset)
    made.save(path)
    loaded = Gallery.load(path, network)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.examples(Unit(1, 3)).pictures, made.examples(Unit(1, 3)).pictures)
    np.testing.assert_array_equal(loaded.typical_digits.pictures, made.typical_digits.pictures)
    assert Gallery.load(path, Network(network.sizes, network.theta, fingerprint="another")) is None


@pytest.mark.parametrize(
    "wrong", [{"typical": np.array(3)}, {"labels": np.zeros(1, np.uint8)}, {"tops1": np.full((12, 9), 999)}]
)
def test_a_gallery_that_points_at_what_is_not_there_is_none(network, dataset, tmp_path, wrong):
    path = tmp_path / "digits.gallery.npz"
    make_gallery(network, dataset).save(path)
    with np.load(path) as file:
        arrays = {**file, **wrong}
    np.savez(path, **arrays)
    assert Gallery.load(path, network) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no file at all"])
def test_a_missing_or_broken_gallery_is_none(network, tmp_path, content):
    path = tmp_path / "digits.gallery.npz"
    assert Gallery.load(path, network) is None
    path.write_bytes(content)
    assert Gallery.load(path, network) is None
