"""The judge of proposals is fitted so that the correct ones of each picture win, or none where none is correct."""

import numpy as np
import pytest

from model.data.pendigits import PenDigit
from model.localization.judge import NAMES
from model.training.localization import UNSURE_SHARE, Examples, _examples_of, fit_weights, joined, sure_limit


def examples(pictures, rng):
    """Three proposals a picture: bias, a feature that tells the correct one, and one that tells nothing."""
    correct = np.tile([True, False, False], pictures)
    correct[: 3 * (pictures // 4)] = False  # in a quarter of the pictures none is correct
    told = np.where(correct, 2.0, rng.normal(-1, 0.3, len(correct)))
    x = np.stack([np.ones(len(correct)), told, rng.normal(size=len(correct))], axis=1)
    return Examples(x, correct, np.repeat(np.arange(pictures), 3))


def test_the_correct_proposals_win_and_none_wins_where_none_is_correct():
    made = examples(80, np.random.default_rng(0))
    logits = made.features @ fit_weights(made)
    assert (logits[made.correct] > 0).all()
    assert (logits[~made.correct] < 0).all()


def test_the_limit_of_certainty_leaves_out_a_small_share_of_the_right_answers():
    rng = np.random.default_rng(3)
    logits, right = rng.normal(4, 1, 1000), rng.random(1000) < 0.9
    limit = sure_limit(np.ones(1), Examples(logits[:, None], right, np.arange(1000)))
    certainty = 1 / (1 + np.exp(-logits))
    assert (certainty[right] < limit).mean() == pytest.approx(UNSURE_SHARE, abs=0.002)


def test_a_feature_that_tells_nothing_has_hardly_any_weight():
    weights = fit_weights(examples(400, np.random.default_rng(1)))
    assert abs(weights[2]) < 0.2 * abs(weights[1])


def test_joined_sets_keep_their_pictures_apart():
    one = examples(4, np.random.default_rng(2))
    both = joined([one, Examples(np.zeros((0, 3)), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.intp)), one])
    assert both.picture.tolist() == [*one.picture, *(one.picture + 4)]
    assert np.array_equal(both.features, np.concatenate([one.features, one.features]))


def test_nothing_joined_is_nothing():
    assert joined([]).features.shape == (0, len(NAMES))


@pytest.mark.parametrize(("kind", "some_are_correct"), [("plain", True), ("desk_alone", False)])
def test_a_photograph_gives_examples_of_which_those_are_correct_that_are_read_right(recognizer, kind, some_are_correct):
    seven = [PenDigit(7, 0, [np.array([(0.0, 0.0), (70.0, 0.0), (30.0, 100.0)])])]
    found = _examples_of(seven, [recognizer], 1, 5, kind)
    assert found.features.shape == (len(found.correct), len(NAMES))
    assert found.correct.any() == some_are_correct
    assert set(found.picture.tolist()) <= {0}
