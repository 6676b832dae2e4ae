"""The out-of-distribution score, novelty and verdicts against their formulas."""

import numpy as np
import pytest

from model.network import softmax
from model.rejection import Rejector, energy, ood_score, top_margin


def test_the_energy_is_that_of_its_formula_and_never_overflows():
    logits = np.random.default_rng(2).normal(size=(5, 10))
    np.testing.assert_allclose(energy(logits), -np.log(np.exp(logits).sum(axis=1)))
    assert energy(np.array([[1e4, 0.0]]))[0] == -1e4


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_the_limits_leave_out_the_share_of_validation_digits_that_they_should(share):
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 3, size=(5000, 10))
    rejector = Rejector.fit(logits, softmax(logits), share, unsure_share=0.02)
    novelty = rejector.novelty(logits)
    assert (novelty > 0.5).mean() == pytest.approx(share, abs=0.002)
    assert np.median(novelty) == pytest.approx(0.02, abs=0.001)
    verdicts = rejector.verdicts(softmax(logits), np.zeros(5000), np.ones(5000, dtype=bool))
    assert verdicts.count("unsure") / 5000 == pytest.approx(0.02, abs=0.002)


def test_the_score_forgets_a_shift_of_all_logits_and_is_highest_where_they_are_equal():
    logits = np.random.default_rng(4).normal(0, 3, size=(50, 10))
    np.testing.assert_allclose(ood_score(logits + 7), ood_score(logits))
    np.testing.assert_allclose(ood_score(np.full((1, 10), -9.0)), -np.log(10))
    assert ood_score(logits).max() < -np.log(10)


def test_novelty_grows_as_logits_shrink_and_stays_between_0_and_1():
    rejector = Rejector(limit=-4.0, scale=1.0, margin=0.2)
    logits = np.eye(10)[:1] * np.array([[1e6], [20], [5], [1], [0]])
    novelty = rejector.novelty(logits)
    assert (np.diff(novelty) >= 0).all()
    assert novelty[0] == 0
    assert novelty[2] < 0.5
    assert novelty[-1] <= 1


def test_the_margin_is_that_of_the_best_over_the_second():
    np.testing.assert_allclose(top_margin(np.array([[0.2, 0.7, 0.1], [0.5, 0.0, 0.5]])), [0.5, 0.0])


def test_the_gravest_verdict_wins():
    rejector = Rejector(limit=-5.0, scale=1.0, margin=0.2)
    close, clear = [0.5, 0.45, 0.05], [0.9, 0.05, 0.05]
    verdicts = rejector.verdicts(
        np.array([clear, close, clear, close]), np.array([0, 0, 0.9, 1]), np.array([True, True, True, False])
    )
    assert verdicts == ["digit", "unsure", "not-a-digit", "blank"]
