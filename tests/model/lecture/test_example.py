"""What the mathematics states in numbers, worked out a second time in another way."""

import numpy as np
import pytest

from model.lecture import example as lecture
from model.lecture import learning
from model.lecture.example import LABEL, Example
from model.network import Network
from model.optimizers import orthogonalize


@pytest.fixture(scope="module")
def example(recognizer):
    return Example.of(recognizer.network)


def logits_of(network, x):
    """The forward pass once more, with nothing but NumPy's basics."""
    h = x
    for k, (W, b) in enumerate(zip(network.weights, network.biases, strict=True)):
        z = np.einsum("i,ij->j", h, W.astype(np.float64)) + b
        h = z if k == len(network.weights) - 1 else np.where(z > 0, z, 0)
    return h


def loss_of(logits):
    powers = np.exp(logits)
    return -np.log(powers[LABEL] / powers.sum())


def slopes(function, at, nudge=1e-5):
    """By nudging each number up and down."""
    steps = np.eye(len(at)) * nudge
    return np.array([(function(at + step) - function(at - step)) / (2 * nudge) for step in steps])


def test_forward(example):
    stated = lecture.forward(example)
    np.testing.assert_allclose(stated["logits"], logits_of(example.network, example.x[0]), atol=1e-12)
    heard = sum(
        float(ink) * float(weight)
        for ink, weight in zip(example.x[0], example.network.weights[0][:, stated["neuron"]], strict=True)
    )
    assert stated["weighted"] == pytest.approx(heard)
    assert stated["h"] == pytest.approx(max(0.0, stated["z"]))
    assert stated["z"] == pytest.approx(heard + stated["bias"])


def test_softmax_and_cross_entropy(example):
    logits = example.logits[0]
    stated, entropy = lecture.softmax_numbers(example), lecture.cross_entropy_numbers(example)
    powers = np.exp(logits)
    np.testing.assert_allclose(stated["p"], powers / powers.sum(), atol=1e-14)
    np.testing.assert_allclose(stated["p_at_2"], np.sqrt(powers) / np.sqrt(powers).sum(), atol=1e-14)
    assert stated["sum"] == pytest.approx(powers.sum() / powers.max())
    assert entropy["loss"] == pytest.approx(loss_of(logits))
    np.testing.assert_allclose(entropy["gradient"], slopes(loss_of, logits), atol=1e-9)
    assert entropy["measured"] == pytest.approx(entropy["gradient_true"], rel=1e-7)


def test_the_slope_of_the_weight_is_what_a_nudge_measures(example):
    stated, network = lecture.backpropagation(example), example.network

    def loss(weight):
        changed = Network(network.sizes, network.theta.copy())
        changed.weights[0][stated["pixel"], stated["neuron"]] = weight[0]
        return loss_of(logits_of(changed, example.x[0]))

    assert stated["stated"] == pytest.approx(slopes(loss, np.array([stated["weight"]]))[0], rel=1e-6)
    assert stated["stated"] == pytest.approx(stated["ink"] * stated["delta"])
    assert stated["check"]["nudge"] == 1e-4
    assert stated["check"]["error"] < 1e-6
    errors = [row["error"] for row in stated["nudges"]]
    assert errors[0] > min(errors) < errors[-1]  # too large and too small are both worse
    assert stated["mean_error"] < 1e-12


def test_the_silent_neurons_are_counted(example):
    stated, h, silent = lecture.activation_numbers(example), example.x[0], 0
    for W, b in zip(example.network.weights[:-1], example.network.biases[:-1], strict=True):
        z = h @ W + b
        silent, h = silent + int((z <= 0).sum()), np.maximum(z, 0)
    assert stated["silent"] == silent == stated["neurons"] - stated["open"]


def test_the_examples_novelty_is_what_the_server_says_of_it(example, recognizer):
    stated = lecture.rejection_numbers(example)
    prediction = recognizer.read(np.rint(example.x * 255).astype(np.uint8))
    assert stated["novelty"] == pytest.approx(prediction.novelty[0], abs=1e-3)
    assert stated["ood_score"] == pytest.approx(stated["energy"] - stated["share"] * stated["margin"])
    z = (stated["ood_score"] - stated["limit"]) / stated["scale"]
    assert stated["novelty"] == pytest.approx(1 / (1 + np.exp(-z)))


@pytest.mark.parametrize("weight", [np.inf, 0.0])
def test_weights_beyond_all_numbers_or_none_at_all_spoil_no_page(weight):
    network = Network((784, 4, 10), np.full(784 * 4 + 4 + 40 + 10, weight, dtype=np.float32))
    with np.errstate(all="ignore"):
        assert not learning.orthogonalization(Example.of(network))["share"] > 0


def test_calibration_and_energy(example):
    stated, powers = lecture.calibration(example), np.exp(example.logits[0])
    assert lecture.rejection_numbers(example)["energy"] == pytest.approx(-np.log(powers.sum()))
    sharper = powers ** (1 / stated["temperature"])
    assert stated["after"] == pytest.approx(sharper.max() / sharper.sum())


def test_the_parts_are_ink_times_slope_and_add_up(example):
    stated, x, T = lecture.explanation(example), example.x[0], example.network.temperature

    def odds(picture):
        logits = logits_of(example.network, picture)
        return (logits[stated["target"]] - logits[stated["against"]]) / T

    inked = np.flatnonzero(x)[::9]
    measured = [(odds(x + step) - odds(x - step)) / 2e-7 * x[i] for i in inked for step in [1e-7 * np.eye(784)[i]]]
    np.testing.assert_allclose(np.array(stated["parts"])[inked], measured, atol=1e-6)
    assert stated["bias"] + sum(stated["parts"]) == pytest.approx(odds(x), abs=1e-10) == stated["log_odds"]
    way = stated["path"]
    for t in (0.05, 0.33, 0.71):
        assert np.interp(t, way["at"], way["log_odds"]) == pytest.approx(odds(t * x), abs=1e-9)
    assert stated["breakpoints"] == len(way["at"]) - 2


def test_descents_follow_their_formulas():
    stated, rate = learning.descents(), learning.RATE
    (a, b), steep, mu = learning.START, learning.STEEP, learning.MOMENTUM
    end = np.array([a * (1 - rate) ** 40, b * (1 - steep * rate) ** 40])
    np.testing.assert_allclose(stated["paths"]["plain"][-1], end, rtol=1e-9)
    places = [np.array([a, b])]
    for _ in range(40):  # Nesterov as it was invented: the gradient is taken at the place ahead
        last, before = places[-1], places[-2] if len(places) > 1 else places[-1]
        ahead = last + mu * (last - before)
        places.append(ahead - rate * np.array([1, steep]) * ahead)
    ahead = places[-1] + mu * (places[-1] - places[-2])
    np.testing.assert_allclose(stated["paths"]["nesterov"][-1], ahead, rtol=1e-9)
    sums = learning.momentum_sum()
    assert sums["first"] == pytest.approx([(1 - 0.9**t) / 0.1 for t in (1, 2, 3)])
    assert sums["last"] == pytest.approx(10)


def test_the_rounds_end_where_evening_out_ends(example):
    stated = learning.orthogonalization(example)
    assert stated["rounds"][-1] == pytest.approx(
        orthogonalize(np.diag([1.0, 0.01]))[1, 1], rel=1e-3
    )  # 0.01 of the whole
    assert 0 < stated["share"] < 1


def test_adam_begins_with_a_step_as_long_as_the_rate():
    stated = learning.adam_start()
    assert stated["steps"] == pytest.approx([0.002, 0.002], rel=1e-5)
    assert (stated["m"], stated["v"]) == pytest.approx((0.1 * 3, 0.001 * 9))


def test_larger_batches_stray_less_by_the_root_of_their_size(example):
    stated = learning.batches(example)
    sure = [stated["strays"][0] / stray for stray in stated["strays"]]
    assert stated["sizes"] == (1, 16, 256)
    assert sure == pytest.approx([1, 4, 16], rel=0.1)
    assert stated["ratio"] == sure[1]


def test_decay_and_dropout_do_what_their_formulas_say(example):
    decay, dropped = learning.decay(example), learning.dropout_numbers(example)
    squares = sum(float((W.astype(np.float64) ** 2).sum()) for W in example.network.weights)
    assert decay["added"] == pytest.approx(decay["l2"] / 2 * squares)
    assert decay["left"] == pytest.approx(decay["factor"] ** 1000)
    h, W = example.layers[-2][0], example.network.weights[-1][:, int(example.logits.argmax())]
    assert dropped["deviation"] == pytest.approx(np.sqrt(((h * W) ** 2).sum()), rel=0.05)  # q / (1 − q) is 1
    assert dropped["mean"] == pytest.approx(dropped["whole"], abs=3 * dropped["mean_error"])


def test_xavier_halves_the_variance_of_each_relu_layer():
    stated = learning.initialisation()
    he, xavier, small = (np.array(stated["spreads"][scheme]) for scheme in ("he", "xavier", "small"))
    np.testing.assert_allclose(xavier, he * 0.5 ** (np.arange(11) / 2), rtol=1e-4)  # the same draws, scaled
    np.testing.assert_allclose(small, he * (0.01 / np.sqrt(2 / 256)) ** np.arange(11), rtol=1e-4)
    assert 0.5 < he[-1] < 2
    assert stated["drawn_784"] == pytest.approx(stated["he_784"], rel=0.01)


def test_the_distortion_has_the_size_that_its_factor_promises(example):
    stated = learning.elastic_distortion(example)
    assert stated["rms"] == pytest.approx(1, abs=0.02)
    places = np.arange(28)
    blur = np.exp(-((places[:, None] - places) ** 2) / (2 * stated["smoothness"] ** 2))
    blur /= blur.sum(axis=1, keepdims=True)
    assert stated["kept"] == pytest.approx((blur**2).sum() / 28, rel=1e-5)
    assert stated["noise"] == pytest.approx(12**-0.5)


def test_soft_targets_and_the_memory_of_the_average(example, recognizer):
    soft = learning.label_smoothing()
    assert soft["true"] + 9 * soft["other"] == pytest.approx(1)
    scores = np.full(10, 0.0)
    scores[7] = soft["margin"]
    p = np.exp(scores) / np.exp(scores).sum()
    assert (p[7], p[0]) == pytest.approx((soft["true"], soft["other"]))
    config = learning.train_config({"recipe": {"average": 0.9}})
    assert 0.9 ** config["half_life"] == pytest.approx(0.5)
    assert learning.train_config({})["half_life"] is None
