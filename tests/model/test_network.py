"""Gradients against central differences; weights files with every kind of fault."""

import json

import numpy as np
import pytest

from model.network import Network, WeightsError, activate, cross_entropy, initial_theta, layer_views, one_hot, softmax
from model.storage import write_atomic

SIZES = (12, 7, 5, 4)
STEP = 1e-6


def tiny(activation="relu", sizes=SIZES, dtype=np.float64):
    rng = np.random.default_rng(1)
    theta = initial_theta(sizes, "xavier", rng) + rng.normal(0, 0.1, initial_theta(sizes, "xavier", rng).size)
    return Network(sizes, theta.astype(dtype), activation)


def batch(n=6, inputs=12, classes=4):
    rng = np.random.default_rng(2)
    return rng.random((n, inputs)), one_hot(rng.integers(0, classes, n), classes).astype(np.float64)


def central_differences(network, loss):
    slopes = np.empty_like(network.theta)
    for i, value in enumerate(network.theta.copy()):
        network.theta[i] = value + STEP
        above = loss()
        network.theta[i] = value - STEP
        slopes[i] = (above - loss()) / (2 * STEP)
        network.theta[i] = value
    return slopes


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize(
    "network",
    [
        *map(tiny, ("relu", "tanh", "sigmoid")),
        *(tiny(sizes=sizes) for sizes in ((12, 4), (12, 9, 4), (12, 8, 7, 6, 4))),
    ],
    ids=lambda network: f"{network.activation} {len(network.sizes)}",
)
def test_the_gradient_equals_central_differences(network, l2):
    x, targets = batch()
    _, gradient = network.gradient(x, targets, l2)
    np.testing.assert_allclose(gradient, central_differences(network, lambda: network.loss(x, targets, l2)), atol=1e-8)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_with_dropout_the_gradient_is_that_of_the_thinned_network(activation):
    network, (x, targets) = tiny(activation), batch()

    def thinned_loss():
        logits, _ = network.gradient(x, targets, dropout=0.4, rng=np.random.default_rng(3))
        return cross_entropy(logits, targets)

    _, gradient = network.gradient(x, targets, dropout=0.4, rng=np.random.default_rng(3))
    np.testing.assert_allclose(gradient, central_differences(network, thinned_loss), atol=1e-8)


def test_the_gradient_at_the_logits_is_p_minus_y():
    rng = np.random.default_rng(4)
    logits, targets = rng.normal(size=(3, 4)), batch(3)[1]
    slopes = np.empty_like(logits)
    for i in np.ndindex(logits.shape):
        change = np.zeros_like(logits)
        change[i] = STEP
        slopes[i] = (cross_entropy(logits + change, targets) - cross_entropy(logits - change, targets)) / (2 * STEP)
    np.testing.assert_allclose(slopes, (softmax(logits) - targets) / len(logits), atol=1e-9)


def test_soft_targets_have_the_right_gradient_too():
    network, (x, _) = tiny(), batch()
    targets = softmax(np.random.default_rng(5).normal(size=(len(x), 4)))
    _, gradient = network.gradient(x, targets)
    np.testing.assert_allclose(gradient, central_differences(network, lambda: network.loss(x, targets)), atol=1e-8)


def test_forward_returns_every_layer():
    network, (x, _) = tiny(), batch()
    activations = network.forward(x)
    assert [a.shape for a in activations] == [(6, size) for size in SIZES]
    np.testing.assert_array_equal(activations[0], x)
    np.testing.assert_allclose(activations[1], np.maximum(x @ network.weights[0] + network.biases[0], 0))


def test_forward_changes_neither_its_input_nor_the_network():
    network, (x, _) = tiny(), batch()
    before = x.copy(), network.theta.copy()
    network.forward(x)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(network.theta, before[1])


def test_dropout_is_for_training_alone_and_needs_a_generator():
    network, (x, targets) = tiny(), batch()
    np.testing.assert_array_equal(network.forward(x)[-1], network.forward(x)[-1])
    with pytest.raises(ValueError, match="generator"):
        network.gradient(x, targets, dropout=0.5)


def test_dropout_keeps_the_expected_signal():
    network = tiny(sizes=(12, 4000, 4))
    x, targets = batch()
    rng = np.random.default_rng(6)
    logits = np.mean([network.gradient(x, targets, dropout=0.5, rng=rng)[0] for _ in range(60)], axis=0)
    np.testing.assert_allclose(logits, network.forward(x)[-1], atol=0.35)


@pytest.mark.parametrize(("activation", "expected"), [("relu", 0.0), ("tanh", -1.0), ("sigmoid", 0.0)])
def test_no_activation_overflows(activation, expected):
    assert activate(np.array([-1e4]), activation)[0] == pytest.approx(expected)


def test_softmax_is_shifted_so_that_it_cannot_overflow():
    p = softmax(np.array([[1e4, 1e4 - 1, -1e4]]))
    np.testing.assert_allclose(p, [[1 / (1 + np.exp(-1)), np.exp(-1) / (1 + np.exp(-1)), 0]])


def test_a_higher_temperature_makes_softmax_more_even():
    logits = np.array([2.0, 0.0])
    assert softmax(logits, 4.0)[0] < softmax(logits)[0] < softmax(logits, 0.5)[0]


def test_label_smoothing_spreads_a_share_over_all_classes():
    np.testing.assert_allclose(one_hot(np.array([2]), 4, 0.2), [[0.05, 0.05, 0.85, 0.05]], rtol=1e-6)


@pytest.mark.parametrize(("scheme", "variance"), [("he", 2 / 784), ("xavier", 2 / (784 + 500)), ("small", 1e-4)])
def test_initial_weights_have_the_variance_of_their_scheme(scheme, variance):
    weights, biases = layer_views(initial_theta((784, 500), scheme, np.random.default_rng(7)), (784, 500))
    assert weights[0].var() == pytest.approx(variance, rel=0.02)
    assert not biases[0].any()


def test_he_keeps_the_signal_through_many_relu_layers_and_small_loses_it():
    x = np.random.default_rng(8).normal(size=(50, 300))
    sizes = (300,) * 9
    he, small = (Network.create(sizes, np.random.default_rng(9), "relu", scheme) for scheme in ("he", "small"))
    assert 0.3 < he.forward(x)[-1].std() / x.std() < 3
    assert small.forward(x)[-1].std() < 1e-4


def test_a_saved_network_comes_back_the_same(tmp_path):
    network = tiny(dtype=np.float32)
    network.temperature, network.extras, network.meta = 1.25, {"novelty_radius": np.float32(3)}, {"seed": 1}
    network.save(tmp_path / "a" / "w.npz")
    again = Network.load(tmp_path / "a" / "w.npz")
    np.testing.assert_array_equal(again.theta, network.theta)
    assert (again.sizes, again.activation, again.temperature) == (SIZES, "relu", 1.25)
    assert again.meta == {"seed": 1}
    assert again.extras["novelty_radius"] == 3
    assert again.name == network.name == f"digits-12-7-5-4@{network.fingerprint}"
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["w.npz"]


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w.npz"
    write_atomic(path, b"old")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        tiny(dtype=np.float32).save(path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["w.npz"]


def contents(**changes):
    network = tiny(dtype=np.float32)
    arrays = {"format": 1, "sizes": SIZES, "activation": "relu", "temperature": 1.0, "meta": json.dumps({})}
    for k, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        arrays |= {f"W{k}": W, f"b{k}": b}
    arrays |= changes
    return {key: value for key, value in arrays.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"W2": None}, "the key 'W2' is missing"),
        ({"W2": np.zeros((7, 6), np.float32)}, r"W2 has the shape \(7, 6\)"),
        ({"W2": np.zeros((7, 5))}, "W2 holds float64"),
        ({"b1": np.full(7, np.nan, np.float32)}, "b1 holds numbers that are not finite"),
        ({"format": 2}, "its format is 2"),
        ({"format": "x"}, "w.npz"),
        ({"sizes": (12,)}, "no layers"),
        ({"activation": "gelu"}, "activation 'gelu'"),
        ({"temperature": np.nan}, "temperature nan"),
        ({"temperature": 0.0}, "temperature 0.0"),
        ({"meta": "{"}, "w.npz"),
        ({"meta": "[]"}, "meta is not a JSON object"),
        ({"meta": np.array([None])}, "w.npz"),
    ],
)
def test_a_wrong_weights_file_is_named_with_its_fault(tmp_path, changes, fault):
    path = tmp_path / "w.npz"
    np.savez(path, **contents(**changes))
    with pytest.raises(WeightsError, match=fault) as caught:
        Network.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_weights_file_says_how_to_make_one(tmp_path):
    with pytest.raises(WeightsError, match="make weights"):
        Network.load(tmp_path / "none.npz")


@pytest.mark.parametrize("cut", [0, 1, 100, 1000, -1, -30, None])
def test_a_truncated_or_corrupted_weights_file_is_refused(tmp_path, cut):
    path = tmp_path / "w.npz"
    np.savez(path, **contents())
    content = bytearray(path.read_bytes())[:cut]
    if cut is None:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="not a readable"):
        Network.load(path)
