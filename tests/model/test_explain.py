"""Every explanation against brute force: the same thing computed by running the network again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.explain import BLANK, Explainer, NotPiecewiseLinear, Unit, add_dab, next_class_change
from model.network import Network, initial_theta

EXACT = 1e-9
SHAPES = [(784, 128, 64, 10), (784, 20, 10), (784, 30, 20, 15, 10)]


def random_explainer(sizes=SHAPES[0], seed=0):
    """A random network with random biases; `Explainer.of` takes it as it takes trained ones."""
    rng = np.random.default_rng(seed)
    theta = initial_theta(sizes, "he", rng) + rng.normal(0, 0.05, initial_theta(sizes, "he", rng).size)
    return Explainer.of(Network(sizes, theta, temperature=1.3))


def picture(seed=0):
    """Ink on a third of the pixels, of any grey."""
    rng = np.random.default_rng(seed)
    return rng.random(784) * (rng.random(784) < 0.3)


@pytest.fixture(scope="module")
def shipped(recognizer):
    return Explainer.of(recognizer.network)


@pytest.fixture(scope="module")
def digits(mnist):
    return mnist.validation.pictures[:30] / 255.0


@pytest.mark.parametrize("sizes", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_the_parts_and_the_bias_add_up_to_the_logit_and_the_log_odds(sizes, seed):
    explainer, x = random_explainer(sizes, seed), picture(seed)
    attribution = explainer.attribution(explainer.forward(x))
    assert attribution.bias + attribution.parts.sum() == pytest.approx(attribution.log_odds, abs=EXACT)
    assert attribution.logit_parts.sum() + attribution.biases[attribution.target] == pytest.approx(
        attribution.logits[attribution.target], abs=EXACT
    )
    p = explainer.network.probabilities(x[None])[0]
    assert attribution.log_odds == pytest.approx(np.log(p[attribution.target] / p[attribution.against]), abs=EXACT)
    assert (attribution.parts[x == 0] == 0).all()


def test_a_part_is_what_the_logit_loses_while_the_pixel_fades_inside_the_region():
    explainer, x = random_explainer(), picture()
    attribution = explainer.attribution(explainer.forward(x))
    for i in np.flatnonzero(x)[:50]:
        less = x.copy()
        less[i] *= 1 - 1e-7
        lost = attribution.logits[attribution.target] - explainer.forward(less)[-1][attribution.target]
        assert lost / 1e-7 == pytest.approx(attribution.logit_parts[i], abs=1e-6)


def test_the_answer_is_weighed_against_its_runner_up_unless_told_otherwise():
    explainer = random_explainer()
    layers = explainer.forward(picture())
    ranking = np.argsort(-layers[-1])
    attribution = explainer.attribution(layers)
    assert (attribution.target, attribution.against) == (ranking[0], ranking[1])
    assert explainer.attribution(layers, target=int(ranking[4])).against == ranking[0]
    assert explainer.attribution(layers, against=int(ranking[0])).target == ranking[1]
    asked = explainer.attribution(layers, target=3, against=8)
    assert (asked.target, asked.against) == (3, 8)
    assert asked.log_odds == pytest.approx(-explainer.attribution(layers, target=8, against=3).log_odds, abs=EXACT)


def test_a_digit_of_the_shipped_network_is_explained_exactly(shipped, digits):
    for x in digits:
        layers = shipped.forward(x)
        for target in range(10):
            attribution = shipped.attribution(layers, target)
            assert attribution.bias + attribution.parts.sum() == pytest.approx(attribution.log_odds, abs=EXACT)
            assert attribution.log_odds == pytest.approx(
                (layers[-1][target] - layers[-1][attribution.against]) / shipped.network.temperature, abs=EXACT
            )


@pytest.mark.parametrize("sizes", SHAPES)
@pytest.mark.parametrize("damaged", [False, True])
def test_a_knockout_is_a_run_with_that_neuron_at_zero(sizes, damaged):
    explainer, x = random_explainer(sizes), picture()
    ablated = [[1, 4] for _ in sizes[1:-1]] if damaged else []
    layers = explainer.forward(x, ablated)
    attribution = explainer.attribution(layers)
    for layer, found in enumerate(explainer.ablations(layers, attribution, ablated)):
        for j in range(sizes[layer + 1]):
            more_off = [[*(ablated[k] if ablated else []), *([j] if k == layer else [])] for k in range(len(sizes) - 2)]
            logits = explainer.forward(x, more_off)[-1]
            expected = (logits[attribution.target] - logits[attribution.against]) / explainer.network.temperature
            assert found.log_odds[j] == pytest.approx(expected, abs=EXACT)
            assert found.digits[j] == logits.argmax()


def test_a_neuron_that_is_off_says_nothing():
    explainer, x = random_explainer(), picture()
    layers = explainer.forward(x, [[3, 5], [7]])
    assert layers[1][[3, 5]].tolist() == [0, 0]
    assert layers[2][7] == 0
    assert layers[1][4] == explainer.forward(x)[1][4]


@pytest.mark.parametrize("target", [None, 0, 1, 2, 3])
def test_suggested_ink_is_in_blank_places_and_does_what_it_says(shipped, digits, target):
    suggested = 0
    for x in digits[:10]:
        layers = shipped.forward(x)
        attribution = shipped.attribution(layers, target)
        dabs = shipped.helpful_ink(layers, attribution)
        suggested += len(dabs)
        assert [dab.log_odds for dab in dabs] == sorted((dab.log_odds for dab in dabs), reverse=True)
        for dab in dabs:
            assert x.reshape(28, 28)[dab.row, dab.column] < BLANK
            again = shipped.attribution(
                shipped.forward(add_dab(x.reshape(28, 28), dab.row, dab.column).ravel()),
                attribution.target,
                attribution.against,
            )
            assert again.log_odds == pytest.approx(dab.log_odds, abs=EXACT)
            assert again.log_odds > attribution.log_odds
            assert again.logits.argmax() == dab.digit
    assert suggested > 0


def test_a_picture_full_of_ink_has_no_place_for_more():
    explainer = random_explainer()
    layers = explainer.forward(np.ones(784))
    assert explainer.helpful_ink(layers, explainer.attribution(layers)) == []


@pytest.mark.parametrize("sizes", SHAPES)
def test_an_inspected_neuron_hears_says_and_argues_what_the_network_computes(sizes):
    explainer, x = random_explainer(sizes), picture()
    layers = explainer.forward(x)
    for layer in range(1, len(sizes) - 1):
        spoke = int(layers[layer].argmax())
        for j in (0, 1, spoke):
            found = explainer.explain_neuron(layers, Unit(layer, j))
            heard = layers[layer - 1] @ explainer.network.weights[layer - 1][:, j] + found.bias
            assert found.pre_activation == pytest.approx(heard, abs=EXACT)
            assert found.constant + found.slopes @ x == pytest.approx(heard, abs=EXACT)
            assert found.activation == pytest.approx(max(0.0, heard), abs=EXACT)
            parts = layers[layer - 1] * explainer.network.weights[layer - 1][:, j]
            np.testing.assert_allclose(found.input_parts, parts[found.inputs], atol=EXACT)
            assert np.abs(found.input_parts).min() >= np.sort(np.abs(parts))[-len(found.inputs)] - EXACT
        found = explainer.explain_neuron(layers, Unit(layer, spoke))
        nudged = layers[layer].copy()
        nudged[spoke] *= 1 - 1e-7
        said = explainer.network.forward(nudged[None], first=layer)[-1][0]
        np.testing.assert_allclose(
            (layers[-1] - said) / 1e-7, found.logit_weights * layers[layer][spoke], rtol=1e-5, atol=1e-5
        )


def test_in_the_first_layer_a_neuron_looks_for_its_own_weights():
    explainer = random_explainer()
    found = explainer.explain_neuron(explainer.forward(picture()), Unit(1, 9))
    np.testing.assert_array_equal(found.slopes, explainer.network.weights[0][:, 9])
    assert found.constant == found.bias


@pytest.mark.parametrize("sizes", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_a_path_says_between_its_points_what_dense_sampling_says(sizes, seed):
    explainer, start, end = random_explainer(sizes, seed), picture(seed), picture(seed + 100)
    path = explainer.path(start, end)
    assert path.at[0] == 0
    assert path.at[-1] == 1
    dense = np.linspace(0, 1, 2001)
    logits = explainer.network.forward(start + dense[:, None] * (end - start))[-1]
    for digit in range(10):
        np.testing.assert_allclose(np.interp(dense, path.at, path.logits[:, digit]), logits[:, digit], atol=EXACT)
    answers = logits.argmax(axis=1)
    said = np.full(len(dense), path.logits[0].argmax())
    for change in path.changes:
        said[dense > change.at] = change.after
    # A grid may miss an answer that lasts less than a step; it never contradicts one.
    sampled = [i for i in range(len(dense)) if min((abs(dense[i] - f.at) for f in path.changes), default=1) > EXACT]
    np.testing.assert_array_equal(said[sampled], answers[sampled])


def test_at_a_tipping_point_two_digits_are_equal(shipped, digits):
    changes = 0
    for start, end in zip(digits[:15], digits[15:], strict=True):
        path = shipped.path(start, end)
        digit = int(shipped.forward(start)[-1].argmax())
        for change in path.changes:
            assert change.before == digit
            logits = shipped.forward(start + change.at * (end - start))[-1]
            assert logits[change.before] == pytest.approx(logits[change.after], abs=EXACT)
            assert logits.max() == pytest.approx(logits[change.after], abs=EXACT)
            digit, changes = change.after, changes + 1
        assert digit == shipped.forward(end)[-1].argmax()
    assert changes > 5


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_every_path_ends_in_the_answer_of_its_end(seed, scale):
    explainer = random_explainer((784, 12, 9, 10), seed)
    start, end = picture(seed), scale * picture(seed + 1)
    path = explainer.path(start, end)
    last = path.changes[-1].after if path.changes else int(path.logits[0].argmax())
    assert path.logits[-1][last] == pytest.approx(path.logits[-1].max(), abs=EXACT)
    assert [f.at for f in path.changes] == sorted(f.at for f in path.changes)


@pytest.mark.parametrize("behind", [1e-16, 2e-16, 3e-16])
def test_a_leader_that_is_behind_by_a_rounding_is_overtaken_where_it_stands(behind):
    left, right = np.array([1 - behind, 1.0]), np.array([1 - 2e-16, 1.0])
    assert next_class_change(left, right, 0, 0.0) == (0.0, 1)
    assert next_class_change(left, right, 0, 0.5) == (0.5, 1)
    assert next_class_change(left, right, 1, 0.0) is None


def test_a_way_that_leads_nowhere_has_no_flips():
    explainer, x = random_explainer(), picture()
    path = explainer.path(x, x)
    assert path.at.tolist() == [0, 1]
    assert path.changes == []


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_network_that_bends_smoothly_is_not_explained(activation):
    network = Network.create((784, 5, 10), np.random.default_rng(0), activation)
    with pytest.raises(NotPiecewiseLinear, match=activation):
        Explainer.of(network)


def test_neurons_that_are_off_make_no_breakpoints():
    explainer, ablated = random_explainer((784, 20, 10)), [list(range(5))]
    whole, damaged = (explainer.path(picture(), picture(1), each) for each in ([], ablated))
    thinned = Explainer(Network((784, 20, 10), explainer.network.theta.copy()))
    thinned.network.weights[0][:, :5] = 0
    thinned.network.biases[0][:5] = 0
    np.testing.assert_allclose(damaged.at, thinned.path(picture(), picture(1)).at, atol=EXACT)
    assert len(damaged.at) < len(whole.at)
