"""Every option of the training loop does what it should, and the same seed does the same."""

import dataclasses

import numpy as np
import pytest

from model.data.augment import AugmentationConfig
from model.data.mnist import Digits
from model.network import Network, one_hot
from model.optimizers import SGD
from model.training.config import TrainConfig
from model.training.loop import Diverged, largest_decay, run_epochs
from model.training.state import TrainingState
from tests.model import conftest

SMALL = TrainConfig(
    sizes=(784, 16, 12, 10), epochs=10, batch_size=32, rate=0.01, warmup=5, augmentation=None, ema_decay=0.9
)


@pytest.fixture(scope="module")
def shapes():
    return conftest.shapes(400, 0)


def trained(shapes, **changes):
    config = dataclasses.replace(SMALL, **changes)
    state = TrainingState.create(config, np.random.default_rng(config.seed))
    return state.network, list(run_epochs(state, shapes, config))


def accuracy(network, shapes):
    logits = network.forward(shapes.pictures / np.float32(255))[-1]
    return (logits.argmax(axis=1) == shapes.labels).mean()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "sgd", "rate": 0.1},
        {"optimizer": "sgd", "rate": 0.1, "nesterov": True},
        {"optimizer": "sgd", "rate": 0.3, "momentum": 0.0},
        {"optimizer": "sgd", "rate": 0.02, "momentum": 0.0, "batch_size": 1},
        {"batch_size": 0, "epochs": 120},
        {"activation": "tanh", "initialisation": "xavier"},
        {"activation": "sigmoid", "initialisation": "xavier", "epochs": 30},
        {"dropout": 0.2, "epochs": 12},
        {"label_smoothing": 0.1},
        {"schedule": "step"},
        {"schedule": "constant"},
        {"ema_decay": 0.0},
        {"augmentation": AugmentationConfig(), "epochs": 40},
        {"sizes": (784, 24, 10)},
    ],
    ids=str,
)
def test_every_way_of_learning_learns(shapes, changes):
    network, epochs = trained(shapes, **changes)
    assert accuracy(network, shapes) > 0.95
    assert epochs[-1].loss < epochs[0].loss
    assert [epoch.number for epoch in epochs] == list(range(1, len(epochs) + 1))


def test_the_same_seed_gives_the_same_network_and_another_seed_another(shapes):
    changes = {"augmentation": AugmentationConfig(), "dropout": 0.1, "epochs": 2}
    first, again, other = (trained(shapes, seed=seed, **changes)[0].theta for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


@pytest.mark.parametrize(
    ("changes", "drawn"),
    [({"stroke_augmentation": 0.0}, True), ({"final_augmentation": 0.0, "epochs": 1}, False)],
    ids=str,
)
def test_where_the_share_of_the_augmentation_is_0_pictures_are_learned_as_they_are(shapes, changes, drawn):
    config = dataclasses.replace(SMALL, augmentation=AugmentationConfig(), **changes)
    state = TrainingState.create(config, np.random.default_rng(SMALL.seed))
    list(run_epochs(state, shapes, config, drawn=np.full(len(shapes), drawn)))
    as_they_are, _ = trained(shapes, epochs=config.epochs)
    np.testing.assert_allclose(state.network.theta, as_they_are.theta, atol=1e-3)
    varied, _ = trained(shapes, augmentation=AugmentationConfig(), epochs=config.epochs, final_augmentation=1.0)
    assert np.abs(varied.theta - as_they_are.theta).max() > 0.01


def test_l2_makes_the_weights_smaller(shapes):
    norms = [sum(float((W**2).sum()) for W in trained(shapes, l2=l2)[0].weights) for l2 in (0.0, 0.01, 0.1)]
    assert norms[0] > norms[1] > norms[2]


def test_without_a_mean_the_network_ends_at_the_last_parameters(shapes):
    # A batch of everything and one epoch is one step: plain gradient descent, computed here.
    changes = {"optimizer": "sgd", "momentum": 0.0, "schedule": "constant", "warmup": 0, "batch_size": 0, "epochs": 1}
    network, _ = trained(shapes, ema_decay=0.0, **changes)
    start = Network.create(SMALL.sizes, np.random.default_rng(SMALL.seed))
    _, gradient = start.gradient(shapes.pictures * np.float32(1 / 255), one_hot(shapes.labels))
    np.testing.assert_allclose(network.theta, start.theta - np.float32(0.01) * gradient, atol=1e-6)


def test_an_epoch_has_the_gradients_length(shapes):
    changes = {"optimizer": "sgd", "batch_size": 0, "epochs": 1}
    _, (epoch,) = trained(shapes, **changes)
    start = Network.create(SMALL.sizes, np.random.default_rng(SMALL.seed))
    _, gradient = start.gradient(shapes.pictures * np.float32(1 / 255), one_hot(shapes.labels))
    assert epoch.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
    assert epoch.steps == 1


def test_too_long_steps_are_named_as_the_cause(shapes):
    with pytest.raises(Diverged, match="--rate"):
        trained(shapes, optimizer="sgd", rate=1e9, warmup=0)


def test_a_weight_decay_that_overshoots_is_named_as_the_cause(shapes):
    with pytest.raises(Diverged, match="--l2"):
        trained(shapes, optimizer="sgd", rate=1.0, l2=100.0, warmup=0, epochs=40)


@pytest.mark.parametrize(
    "changes", [{"rate": 1e30, "l2": 1.0}, {"optimizer": "sgd", "rate": 1e9, "l2": 1.5e-9}], ids=str
)
def test_a_weight_decay_that_is_not_the_cause_is_not_named(shapes, changes):
    with pytest.raises(Diverged, match="--rate") as raised:
        trained(shapes, warmup=0, **changes)
    assert "--l2" not in str(raised.value)


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.5, False), (0.9, False), (0.9, True)])
def test_from_the_limit_on_weight_decay_alone_makes_a_weight_grow(momentum, nesterov):
    config = dataclasses.replace(SMALL, optimizer="sgd", momentum=momentum, nesterov=nesterov)
    sizes = []
    for share in (0.98, 1.02):
        way, weight = SGD(momentum, nesterov=nesterov), np.ones(1)
        for _ in range(2000):
            way.step(weight, share * largest_decay(config) * weight, 1.0)
        sizes.append(abs(weight[0]))
    assert sizes[0] < 1e-3
    assert sizes[1] > 1e3


def test_first_weights_that_are_too_large_are_named_as_the_cause(shapes):
    state = TrainingState.create(SMALL, np.random.default_rng(0))
    state.learner.theta *= np.float32(1e30)
    with pytest.raises(Diverged, match="--initialisation"):
        list(run_epochs(state, shapes, SMALL))


def test_progress_rises_to_the_end(shapes):
    shares: list[float] = []
    list(run_epochs(TrainingState.create(SMALL, np.random.default_rng(0)), shapes, SMALL, shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_with_a_teacher_the_network_comes_closer_to_its_answers(shapes):
    teacher, _ = trained(shapes, epochs=2)
    x = shapes.pictures / np.float32(255)
    distances = []
    for weight in (0.0, 1.0):
        config = dataclasses.replace(SMALL, distillation_weight=weight)
        state = TrainingState.create(config, np.random.default_rng(9))
        list(run_epochs(state, shapes, config, teacher=teacher))
        distances.append(np.abs(state.network.probabilities(x) - teacher.probabilities(x)).mean())
    assert distances[1] < distances[0] / 2


def test_of_what_is_no_digit_the_network_learns_to_be_unsure(shapes):
    rng = np.random.default_rng(5)
    outliers = rng.integers(0, 90, (100, 784), dtype=np.uint8)
    mixed = Digits(np.concatenate([shapes.pictures, outliers]), np.append(shapes.labels, np.full(100, 10, np.uint8)))
    network, _ = trained(mixed, epochs=20)
    fresh = rng.integers(0, 90, (50, 784), dtype=np.uint8) / np.float32(255)
    assert network.probabilities(fresh).max(axis=1).mean() < 0.35
    assert accuracy(network, shapes) > 0.95
