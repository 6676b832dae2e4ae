"""Digits cut out of numbers have the labels of the digits that stand there, and parts of them are no digit."""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.numbers import cut_digits
from model.data.pendigits import PenDigit

CROSS: list[NDArray[np.floating[Any]]] = [np.array([[0, 0.5], [0.9, 0.5]]), np.array([[0.45, 0.0], [0.45, 1.0]])]
TURN = np.linspace(0, 2 * np.pi, 40)
RING: list[NDArray[np.floating[Any]]] = [np.stack([0.4 + 0.4 * np.cos(TURN), 0.5 + 0.5 * np.sin(TURN)], axis=1)]
PEOPLE = [PenDigit(digit, 0, RING if digit % 2 else CROSS) for digit in range(10)]


def lessons(count, seed=0):
    return list(itertools.islice(cut_digits.cut_digits(PEOPLE, 10, np.random.default_rng(seed)), count))


def has_hole(picture):
    """Whether paper in the middle is cut off from the picture's edge."""
    paper = np.pad(picture.reshape(28, 28) < 100, 1, constant_values=True)
    reached = np.zeros_like(paper)
    reached[0, 0] = True
    for _ in range(900):
        spread = reached.copy()
        spread[1:] |= reached[:-1]
        spread[:-1] |= reached[1:]
        spread[:, 1:] |= reached[:, :-1]
        spread[:, :-1] |= reached[:, 1:]
        reached = spread & paper
    return bool((paper & ~reached).sum() > 12)


def test_what_is_called_a_digit_is_that_digit():
    digits = [(picture, label) for picture, label in lessons(120) if label < 10]
    assert len(digits) > 40
    right = [has_hole(picture) == (label % 2 == 1) for picture, label in digits]
    assert np.mean(right) > 0.9  # a pen can be so wide that it fills a ring


def test_about_half_are_digits_and_the_rest_none():
    labels = np.array([label for _, label in lessons(200)])
    assert 0.35 < (labels < 10).mean() < 0.6
    assert set(labels) <= set(range(11))


def test_every_picture_is_as_the_network_sees_it_and_the_same_for_the_same_seed():
    for (picture, label), (again, same) in zip(lessons(60, 3), lessons(60, 3), strict=True):
        assert picture.shape == (784,)
        assert picture.dtype == np.uint8
        assert picture.any()
        assert label == same
        np.testing.assert_array_equal(picture, again)
