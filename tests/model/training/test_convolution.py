"""Gradients of convolutions against central differences; their weights files; one learns."""

import numpy as np
import pytest

from model.network import Network, WeightsError, cross_entropy, one_hot
from model.training.convolution import LAYERS, Convolution, ConvolutionalNetwork, add_squares, squares
from tests.model.conftest import noise

OVERLAPPING = (Convolution(8, 4, 2), Convolution(3, 2, 3), Convolution(2, 1, 4), Convolution(1, 1, 3))
BESIDE_EACH_OTHER = (Convolution(7, 7, 3), Convolution(4, 1, 3))
STEP = 1e-6


def tiny(layers):
    network = ConvolutionalNetwork.create(layers, np.random.default_rng(1))
    theta = network.theta + np.random.default_rng(2).normal(0, 0.1, network.theta.size)
    return ConvolutionalNetwork(network.layers, theta.astype(np.float64))


@pytest.mark.parametrize("layers", [OVERLAPPING, BESIDE_EACH_OTHER], ids=["overlapping", "beside each other"])
def test_the_gradient_equals_central_differences(layers):
    network, rng = tiny(layers), np.random.default_rng(3)
    x, targets = rng.random((4, 784)), one_hot(rng.integers(0, 3, 4), 3).astype(np.float64)
    logits, gradient = network.gradient(x, targets)
    np.testing.assert_array_equal(logits, network.logits(x))
    slopes = np.empty_like(gradient)
    for i, value in enumerate(network.theta.copy()):
        network.theta[i] = value + STEP
        above = cross_entropy(network.logits(x), targets)
        network.theta[i] = value - STEP
        slopes[i] = (above - cross_entropy(network.logits(x), targets)) / (2 * STEP)
        network.theta[i] = value
    np.testing.assert_allclose(gradient, slopes, atol=1e-8)


def test_a_pixel_gets_the_sum_of_what_all_its_squares_get():
    layer, h = Convolution(3, 2, 1), np.arange(2 * 7 * 7 * 2.0).reshape(2, 7, 7, 2)
    how_often = add_squares(np.ones_like(squares(h, layer)), layer, h.shape)
    np.testing.assert_array_equal(add_squares(squares(h, layer), layer, h.shape), h * how_often)
    assert how_often[0, :, 0, 0].tolist() == [1, 1, 2, 1, 2, 1, 1]


def test_a_square_is_a_row_of_its_pixels_with_their_channels_together():
    h = np.arange(4 * 4 * 2.0).reshape(1, 4, 4, 2)
    np.testing.assert_array_equal(squares(h, Convolution(2, 2, 1))[0, 1, 0], h[0, 2:4, 0:2].ravel())


def test_a_layer_of_squares_of_one_place_is_one_of_the_ordinary_network():
    network = ConvolutionalNetwork.create((Convolution(28, 1, 5), Convolution(1, 1, 10)), np.random.default_rng(4))
    x = np.random.default_rng(5).random((3, 784), dtype=np.float32)
    ordinary = Network((784, 5, 10), network.theta)
    np.testing.assert_allclose(network.logits(x), ordinary.forward(x)[-1], rtol=1e-4)


def test_many_pictures_are_answered_as_each_alone():
    network = ConvolutionalNetwork.create(LAYERS, np.random.default_rng(6))
    x = noise(70).pictures / np.float32(255)
    np.testing.assert_allclose(network.logits(x)[-1:], network.logits(x[-1:]), atol=1e-4)
    np.testing.assert_allclose(network.probabilities(x).sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("layers", "fault"),
    [([(5, 2, 4), (13, 1, 10)], "a square of 13 does not fit"), ([(5, 2, 10)], "12 × 12 places are left, not one")],
)
def test_layers_that_do_not_fit_are_refused(layers, fault):
    with pytest.raises(ValueError, match=fault):
        ConvolutionalNetwork.create([Convolution(*layer) for layer in layers], np.random.default_rng(0))


def test_a_saved_network_answers_as_before(tmp_path):
    network, path = ConvolutionalNetwork.create(OVERLAPPING, np.random.default_rng(7)), tmp_path / "teacher.npz"
    network.temperature, network.meta = 1.5, {"epochs": 3}
    network.save(path)
    loaded = ConvolutionalNetwork.load(path)
    x = noise(3).pictures / np.float32(255)
    np.testing.assert_array_equal(loaded.probabilities(x), network.probabilities(x))
    assert (loaded.meta, loaded.layers, loaded.name) == (network.meta, network.layers, network.name)


def test_a_file_of_another_kind_is_named(tmp_path, network):
    network.save(tmp_path / "digits.npz")
    with pytest.raises(WeightsError, match=r"digits\.npz: the key .*layers.* is missing"):
        ConvolutionalNetwork.load(tmp_path / "digits.npz")
    with pytest.raises(WeightsError, match=r"none\.npz"):
        ConvolutionalNetwork.load(tmp_path / "none.npz")
