"""Checkpoints are taken at the right steps; pictures beside the weights are those that a plain search finds."""

import numpy as np
import pytest

from model.explain import Unit
from model.gallery import PER_NEURON
from model.network import scale_pixels
from model.training.artifacts import PER_CELL, PER_DIGIT, checkpoint_steps, make_gallery, make_mistakes
from tests.model.conftest import noise


@pytest.mark.parametrize("steps", [1, 2, 7, 100, 200_000])
def test_the_first_and_the_last_step_are_kept_and_no_more_than_twenty(steps):
    kept = checkpoint_steps(steps)
    assert (kept[0], kept[-1]) == (0, steps)
    assert len(kept) == len(set(kept)) <= 20
    assert list(kept) == sorted(kept)


def test_almost_half_of_the_checkpoints_are_taken_while_a_network_learns_to_read():
    kept = checkpoint_steps(200_000)
    assert len(kept) == 20
    assert sum(30 <= step <= 500 for step in kept) == 9


@pytest.fixture
def digits():
    return noise(60)


@pytest.fixture
def test_set():
    return noise(400)


@pytest.fixture
def probabilities(test_set):
    """Every 0 is taken for a 6; everything else is read right, or taken for its neighbour; no two are equally sure."""
    answers = np.where(np.arange(400) % 3 == 0, (test_set.labels + 1) % 10, test_set.labels)
    answers[test_set.labels == 0] = 6
    sure = np.random.default_rng(2).permutation(400) / 1000 + 0.5
    made = np.repeat(((1 - sure) / 9)[:, None], 10, axis=1)
    made[np.arange(400), answers] = sure
    return made


def test_the_strongest_pictures_of_a_neuron_are_found(network, digits):
    gallery = make_gallery(network, digits)
    layers = network.forward(scale_pixels(digits.pictures))
    for layer in (1, 2):
        for number in range(network.sizes[layer]):
            examples = gallery.examples(Unit(layer, number))
            strongest = np.sort(layers[layer][:, number])[::-1][:PER_NEURON]
            np.testing.assert_allclose(examples.values, strongest[strongest > 0], rtol=1e-5)
            again = network.forward(scale_pixels(examples.pictures))[layer][:, number] if len(examples.pictures) else []
            np.testing.assert_allclose(again, examples.values, rtol=1e-4)
            for picture, label in zip(examples.pictures, examples.labels, strict=True):
                place = int(np.flatnonzero((digits.pictures == picture).all(axis=1))[0])
                assert digits.labels[place] == label


def test_a_typical_picture_of_each_digit_is_one_of_that_digit(network, digits):
    typical = make_gallery(network, digits).typical_digits
    assert typical.labels.tolist() == list(range(10))
    assert typical.pictures.shape == (10, 784)


@pytest.mark.parametrize(("true", "answer"), [(0, 6), (3, 4), (9, 0)])
def test_a_cell_holds_its_surest_mistakes_first(network, test_set, probabilities, true, answer):
    cell = make_mistakes(network, test_set, probabilities).cell(true, answer)
    there = np.flatnonzero((test_set.labels == true) & (probabilities.argmax(axis=1) == answer))
    expected = sorted(there, key=lambda i: -probabilities[i].max())[:PER_CELL]
    assert cell.numbers.tolist() == expected
    np.testing.assert_array_equal(cell.pictures, test_set.pictures[expected])
    np.testing.assert_allclose(cell.confidence, probabilities[expected].max(axis=1), rtol=1e-6)


def test_a_cell_on_the_diagonal_holds_the_right_answers_that_were_least_sure(network, test_set, probabilities):
    cell = make_mistakes(network, test_set, probabilities).cell(5, 5)
    there = np.flatnonzero((test_set.labels == 5) & (probabilities.argmax(axis=1) == 5))
    assert cell.numbers.tolist() == sorted(there, key=lambda i: probabilities[i].max())[:PER_DIGIT]


def test_a_cell_that_never_happened_is_empty(network, test_set, probabilities):
    assert len(make_mistakes(network, test_set, probabilities).cell(1, 8).pictures) == 0
