"""The digit is taken that all ways of seeing a picture together find most probable."""

from types import SimpleNamespace

import numpy as np
import pytest

from model.localization import judge as judging
from model.localization.choice import ChoiceWeights


@pytest.fixture
def judged(monkeypatch, recognizer):
    """The judgement of proposals that are read as these digits, with these logits."""

    def of(digits, logits):
        answers = SimpleNamespace(probabilities=np.eye(10)[digits])
        monkeypatch.setattr(judging, "read_proposals", lambda *_: answers)
        monkeypatch.setattr(judging, "features", lambda *_: np.array(logits)[:, None])
        weights = ChoiceWeights(np.ones(1), np.zeros((1, 1)), np.zeros(1))
        monkeypatch.setattr(judging, "load_weights", lambda _: weights)
        return judging.judge([], recognizer, "drawings")

    return of


def test_a_digit_that_two_hypotheses_find_is_taken_before_one_that_is_likelier_alone(judged):
    found = judged([3, 8, 8], [0.6, 0.2, 0.3])
    odds = np.exp([0.6, 0.2, 0.3])
    assert found.best == 2
    assert found.certainty == pytest.approx(odds[1:].sum() / (1 + odds.sum()))
    assert found.probabilities == pytest.approx(odds / (1 + odds.sum()))


def test_hypotheses_that_are_each_less_likely_than_none_may_make_a_digit_likely_together(judged):
    assert judged([1, 1, 1], [-0.1, -0.2, -0.3]).certainty > 0.5
    assert judged([1, 1, 4], [-2, -3, -50]).certainty < 0.5
    assert judged([1], [2000.0]).certainty == pytest.approx(1)
