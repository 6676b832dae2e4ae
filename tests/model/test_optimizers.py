"""Each optimiser and schedule against its formula."""

import numpy as np
import pytest

from model.optimizers import SGD, Adam, Muon, constant, cosine, orthogonalize, step_decay

GRADIENTS = [np.array([1.0, -2.0]), np.array([0.5, 4.0]), np.array([-3.0, 0.25])]


def run(optimizer, rate=0.1):
    theta = np.array([1.0, 1.0])
    for gradient in GRADIENTS:
        optimizer.step(theta, gradient.copy(), rate)
    return theta


def test_plain_gradient_descent_subtracts_the_gradients():
    np.testing.assert_allclose(run(SGD()), 1 - 0.1 * sum(GRADIENTS))


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_equals_its_formula(nesterov):
    theta, velocity = np.array([1.0, 1.0]), np.zeros(2)
    for gradient in GRADIENTS:
        velocity = 0.9 * velocity + gradient
        theta = theta - 0.1 * (gradient + 0.9 * velocity if nesterov else velocity)
    np.testing.assert_allclose(run(SGD(0.9, nesterov=nesterov)), theta)


def test_nesterov_without_momentum_is_refused():
    with pytest.raises(ValueError, match="momentum"):
        SGD(nesterov=True)


def test_adam_equals_its_formula():
    theta, m, v = np.array([1.0, 1.0]), np.zeros(2), np.zeros(2)
    for t, gradient in enumerate(GRADIENTS, start=1):
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        theta = theta - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    np.testing.assert_allclose(run(Adam()), theta, rtol=1e-9)


def test_muon_orthogonalizes_the_momentum_of_its_blocks_and_leaves_the_rest_to_adam():
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(3, 2 * 8 + 3))  # a matrix (2, 8) between one number and two that are in no block
    theta, velocity = np.ones(19), np.zeros((2, 8))
    muon, adam, rest = Muon([(1, 2, 8)]), Adam(), np.ones(3)
    for gradient in gradients:
        velocity = 0.95 * velocity + 0.05 * gradient[1:17].reshape(2, 8)
        ahead = 0.05 * gradient[1:17].reshape(2, 8) + 0.95 * velocity
        before = theta.copy()
        muon.step(theta, gradient, 0.01)
        adam.step(rest, gradient[[0, 17, 18]], 0.01)
        moved = (before - theta)[1:17].reshape(2, 8)
        np.testing.assert_allclose(moved, 10 * 0.01 * 2 * orthogonalize(ahead), rtol=1e-9)  # 2 = √(8 / 2)
        np.testing.assert_allclose(theta[[0, 17, 18]], rest)


@pytest.mark.parametrize("shape", [(784, 128), (64, 128), (5, 5), (1, 7)])
def test_orthogonalizing_keeps_the_singular_vectors_and_brings_the_values_near_one(shape):
    matrix = np.random.default_rng(1).normal(size=shape)
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    diagonal = left.T @ orthogonalize(matrix) @ right.T
    np.testing.assert_allclose(diagonal, np.diag(np.diag(diagonal)), atol=1e-9)
    assert np.diag(diagonal).min() > 0.3
    assert np.diag(diagonal).max() < 1.25


@pytest.mark.parametrize("optimizer", [SGD(), SGD(0.9), SGD(0.9, nesterov=True), Adam(), Muon([(0, 1, 2)]), Muon([])])
def test_every_optimizer_finds_the_bottom_of_a_bowl_and_leaves_the_gradient_alone(optimizer):
    theta = np.array([3.0, -2.0], dtype=np.float32)
    for step in range(500):
        gradient = 2 * theta
        before = gradient.copy()
        optimizer.step(theta, gradient, cosine(0.1, 500)(step))
        np.testing.assert_array_equal(gradient, before)
    np.testing.assert_allclose(theta, 0, atol=1e-2)
    assert theta.dtype == np.float32


def test_warmup_rises_in_a_line_and_then_the_schedule_begins():
    rate = cosine(1.0, total=110, warmup=10)
    assert [round(rate(step), 6) for step in (0, 4, 9, 10)] == [0.1, 0.5, 1.0, 1.0]
    assert rate(60) == pytest.approx(0.5)
    assert rate(110) == pytest.approx(0)
    assert rate(1000) == pytest.approx(0)


def test_constant_and_step_decay():
    assert [constant(0.5, warmup=2)(step) for step in (0, 1, 2, 99)] == [0.25, 0.5, 0.5, 0.5]
    assert step_decay(1.0, every=3, factor=0.1)(7) == pytest.approx(0.01)
