"""The standard error of an accuracy, against formulas, and the writers in it."""

import numpy as np
import pytest

from model.training.uncertainty import over_writers, standard_error


def test_a_writer_of_one_digit_each_gives_the_error_of_independent_pictures():
    right = np.random.default_rng(0).random(400) < 0.9
    alone = standard_error(right, np.array([f"pen {i}" for i in range(400)]))
    assert alone == pytest.approx(standard_error(right), rel=0.06)


def test_copies_of_a_writers_pictures_tell_nothing_new():
    right, writers = np.arange(40) % 4 > 0, np.array([f"pen {i // 4}" for i in range(40)])
    right[:12] = False  # three writers of ten whom nobody can read
    thrice = standard_error(np.repeat(right, 3), np.repeat(writers, 3))
    assert thrice == standard_error(right, writers)
    assert thrice > 2 * standard_error(np.repeat(right, 3))


def test_the_worst_median_and_best_writers_are_told():
    right = np.array([False, True, True, True, True, False, False, False, True])
    writers = np.array(["a", "a", "b", "b", "c", "d", "d", "d", "d"])
    told = over_writers(right, writers)
    assert told == {"writers": 4, "worst": 0.25, "median": 0.75, "best": 1.0}
