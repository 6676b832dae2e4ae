"""The numbers of docs/maths.md, computed a second time in another way."""

from dataclasses import replace

import numpy as np
import pytest

from model import worked_example as lecture
from model.network import Network
from model.worked_example import LABEL


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
    weighted = sum(
        float(ink) * float(weight)
        for ink, weight in zip(example.x[0], example.network.weights[0][:, stated["neuron"]], strict=True)
    )
    assert stated["weighted"] == pytest.approx(weighted)
    assert stated["h"] == pytest.approx(max(0.0, stated["z"]))
    assert stated["z"] == pytest.approx(weighted + stated["bias"])


def test_a_persons_own_drawing_is_taken_to_be_what_the_network_reads(recognizer):
    picture = np.rint(lecture.hurried_seven().reshape(28, 28)[:, ::-1] * 255).astype(np.uint8).ravel()
    own = lecture.example_numbers(recognizer.network, picture)
    answer = int(np.argmax(own["forward"]["logits"]))
    np.testing.assert_allclose(own["forward"]["logits"], logits_of(recognizer.network, picture / 255), atol=1e-4)
    assert own["softmax"]["p_true"] == own["softmax"]["p"][answer] == max(own["softmax"]["p"])
    assert own["entropy"]["gradient_true"] == own["entropy"]["gradient"][answer] < 0


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


def test_the_inactive_neurons_are_counted(example):
    stated, h, inactive = lecture.activation_numbers(example), example.x[0], 0
    for W, b in zip(example.network.weights[:-1], example.network.biases[:-1], strict=True):
        z = h @ W + b
        inactive, h = inactive + int((z <= 0).sum()), np.maximum(z, 0)
    assert stated["silent"] == inactive == stated["neurons"] - stated["open"]


def test_the_examples_novelty_is_that_of_its_prediction(example, recognizer):
    stated = lecture.rejection_numbers(example)
    prediction = recognizer.read(np.rint(example.x * 255).astype(np.uint8))
    assert stated["novelty"] == pytest.approx(prediction.novelty[0], abs=1e-3)
    assert stated["ood_score"] == pytest.approx(stated["energy"] + stated["weight"] * stated["log_odds"])
    z = (stated["ood_score"] - stated["limit"]) / stated["scale"]
    assert stated["novelty"] == pytest.approx(1 / (1 + np.exp(-z)))


def test_an_unfinished_training_has_no_detector_to_tell_of(example):
    stated = lecture.rejection_numbers(replace(example, network=replace(example.network, extras={})))
    assert stated["ood_score"] is stated["limit"] is stated["novelty"] is None
    assert stated["inputs"] == sum(example.network.sizes[1:])


def test_calibration_and_energy(example):
    stated, powers = lecture.calibration(example), np.exp(example.logits[0])
    energy = -np.log(powers.sum()) + example.logits[0].mean()
    assert lecture.rejection_numbers(example)["energy"] == pytest.approx(energy)
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
    path = stated["path"]
    for t in (0.05, 0.33, 0.71):
        assert np.interp(t, path["at"], path["log_odds"]) == pytest.approx(odds(t * x), abs=1e-9)
    assert stated["breakpoints"] == len(path["at"]) - 2
