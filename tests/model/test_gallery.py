"""The pictures of a neuron are those that a search through all of them finds."""

import numpy as np
import pytest

from model.explain import Unit
from model.gallery import PER_NEURON, Gallery
from model.network import Network, scale_pixels


@pytest.fixture(scope="module")
def digits():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (60, 784), dtype=np.uint8), (np.arange(60) % 10).astype(np.uint8)


@pytest.fixture(scope="module")
def network():
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


def test_the_pictures_that_activate_a_neuron_most_are_found(network, digits):
    gallery = Gallery.make(network, *digits)
    layers = network.forward(scale_pixels(digits[0]))
    for layer in (1, 2):
        for number in range(network.sizes[layer]):
            examples = gallery.examples(Unit(layer, number))
            expected = np.sort(layers[layer][:, number])[::-1][:PER_NEURON]
            np.testing.assert_allclose(examples.values, expected[expected > 0], rtol=1e-5)
            again = network.forward(scale_pixels(examples.pictures))[layer][:, number] if len(examples.pictures) else []
            np.testing.assert_allclose(again, examples.values, rtol=1e-4)
            for picture, label in zip(examples.pictures, examples.labels, strict=True):
                place = int(np.flatnonzero((digits[0] == picture).all(axis=1))[0])
                assert digits[1][place] == label


def test_a_typical_picture_of_each_digit_is_one_of_that_digit(network, digits):
    typical = Gallery.make(network, *digits).typical_digits
    assert typical.labels.tolist() == list(range(10))
    assert typical.pictures.shape == (10, 784)


def test_a_gallery_comes_back_from_its_file_and_only_for_its_own_network(network, digits, tmp_path):
    path = tmp_path / "digits.gallery.npz"
    made = Gallery.make(network, *digits)
    made.save(path)
    loaded = Gallery.load(path, network)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.examples(Unit(1, 3)).pictures, made.examples(Unit(1, 3)).pictures)
    np.testing.assert_array_equal(loaded.typical_digits.pictures, made.typical_digits.pictures)
    assert Gallery.load(path, Network(network.sizes, network.theta, fingerprint="another")) is None


@pytest.mark.parametrize(
    "wrong", [{"typical": np.array(3)}, {"labels": np.zeros(1, np.uint8)}, {"tops1": np.full((12, 9), 999)}]
)
def test_a_gallery_that_points_at_what_is_not_there_is_none(network, digits, tmp_path, wrong):
    path = tmp_path / "digits.gallery.npz"
    Gallery.make(network, *digits).save(path)
    with np.load(path) as file:
        arrays = {**file, **wrong}
    np.savez(path, **arrays)
    assert Gallery.load(path, network) is None
