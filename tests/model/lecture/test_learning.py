"""The numbers of docs/maths.md on training, computed a second time in another way."""

import numpy as np
import pytest

from model.lecture import learning
from model.network import Network
from model.optimizers import orthogonalize
from model.worked_example import Example


@pytest.mark.parametrize("weight", [np.inf, 0.0])
def test_weights_beyond_all_numbers_or_none_at_all_are_no_error(weight):
    network = Network((784, 4, 10), np.full(784 * 4 + 4 + 40 + 10, weight, dtype=np.float32))
    with np.errstate(all="ignore"):
        assert not learning.orthogonalization(Example.of(network))["share"] > 0


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


def test_the_iterations_end_where_orthogonalizing_ends(example):
    stated = learning.orthogonalization(example)
    assert stated["rounds"][-1] == pytest.approx(
        orthogonalize(np.diag([1.0, 0.01]))[1, 1], rel=1e-3
    )  # 0.01 of the whole
    assert 0 < stated["share"] < 1


def test_adam_begins_with_a_step_as_long_as_the_rate():
    stated = learning.adam_start()
    assert stated["steps"] == pytest.approx([0.002, 0.002], rel=1e-5)
    assert (stated["m"], stated["v"]) == pytest.approx((0.1 * 3, 0.001 * 9))


def test_larger_batches_deviate_less_by_the_root_of_their_size(example):
    stated = learning.batches(example)
    ratios = [stated["strays"][0] / stray for stray in stated["strays"]]
    assert stated["sizes"] == (1, 16, 256)
    assert ratios == pytest.approx([1, 4, 16], rel=0.1)
    assert stated["ratio"] == ratios[1]


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


def test_soft_targets_and_the_recipe_are_told(example, recognizer):
    smoothing = learning.label_smoothing()
    assert smoothing["true"] + 9 * smoothing["other"] == pytest.approx(1)
    scores = np.full(10, 0.0)
    scores[7] = smoothing["margin"]
    p = np.exp(scores) / np.exp(scores).sum()
    assert (p[7], p[0]) == pytest.approx((smoothing["true"], smoothing["other"]))
    assert learning.train_config({"recipe": {"average": 0.9}}) == {"average": 0.9}
    assert learning.train_config({}) == {}
