"""The pictures of a confusion matrix's cell are those that a search through the test set finds."""

import dataclasses

import numpy as np
import pytest

from model.data.mnist import Digits
from model.mistakes import PER_CELL, PER_DIGIT, Mistakes
from model.network import Network


@pytest.fixture(scope="module")
def network():
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


@pytest.fixture(scope="module")
def test_set():
    rng = np.random.default_rng(0)
    return Digits(rng.integers(0, 256, (400, 784), dtype=np.uint8), (np.arange(400) % 10).astype(np.uint8))


@pytest.fixture(scope="module")
def probabilities(test_set):
    """Every 0 is taken for a 6; everything else is read right, or taken for its neighbour; no two are equally sure."""
    answers = np.where(np.arange(400) % 3 == 0, (test_set.labels + 1) % 10, test_set.labels)
    answers[test_set.labels == 0] = 6
    confidence = np.random.default_rng(2).permutation(400) / 1000 + 0.5
    made = np.repeat(((1 - confidence) / 9)[:, None], 10, axis=1)
    made[np.arange(400), answers] = confidence
    return made


@pytest.mark.parametrize(("true", "answer"), [(0, 6), (3, 4), (9, 0)])
def test_a_cell_holds_its_most_confident_mistakes_first(network, test_set, probabilities, true, answer):
    cell = Mistakes.make(network, test_set, probabilities).cell(true, answer)
    there = np.flatnonzero((test_set.labels == true) & (probabilities.argmax(axis=1) == answer))
    expected = sorted(there, key=lambda i: -probabilities[i].max())[:PER_CELL]
    assert cell.numbers.tolist() == expected
    np.testing.assert_array_equal(cell.pictures, test_set.pictures[expected])
    np.testing.assert_allclose(cell.confidence, probabilities[expected].max(axis=1), rtol=1e-6)


def test_a_cell_on_the_diagonal_holds_the_right_answers_of_least_confidence(network, test_set, probabilities):
    cell = Mistakes.make(network, test_set, probabilities).cell(5, 5)
    there = np.flatnonzero((test_set.labels == 5) & (probabilities.argmax(axis=1) == 5))
    assert cell.numbers.tolist() == sorted(there, key=lambda i: probabilities[i].max())[:PER_DIGIT]


def test_a_cell_that_never_happened_is_empty(network, test_set, probabilities):
    assert len(Mistakes.make(network, test_set, probabilities).cell(1, 8).pictures) == 0


def test_mistakes_come_back_from_their_file_and_only_for_their_own_network(network, test_set, probabilities, tmp_path):
    made = Mistakes.make(network, test_set, probabilities)
    made.save(tmp_path / "digits.mistakes.npz")
    loaded = Mistakes.load(tmp_path / "digits.mistakes.npz", network)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.cell(0, 6).pictures, made.cell(0, 6).pictures)
    another = Network(network.sizes, network.theta, fingerprint="another")
    assert Mistakes.load(tmp_path / "digits.mistakes.npz", another) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("labels", lambda array: array[:-1]),
        ("pictures", lambda array: array[:, :100]),
        ("answers", lambda array: array[0]),
        ("numbers", lambda array: array.astype(float)),
        ("confidence", lambda array: array * np.float32("nan")),
    ],
)
def test_arrays_that_do_not_belong_together_are_none(network, test_set, probabilities, tmp_path, name, change):
    made = Mistakes.make(network, test_set, probabilities)
    dataclasses.replace(made, **{name: change(getattr(made, name))}).save(tmp_path / "digits.mistakes.npz")
    assert Mistakes.load(tmp_path / "digits.mistakes.npz", network) is None
