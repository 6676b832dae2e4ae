"""The choice among candidates is fitted so that the correct ones of each picture win, or none where none is correct."""

import numpy as np

from model.localization.choice import ChoiceWeights
from model.training import choice
from model.training.choice import Examples, fit_choice, joined


def examples(pictures, rng):
    """Three proposals a picture: bias, a feature that tells the correct one, and one that tells nothing."""
    correct = np.tile([True, False, False], pictures)
    correct[: 3 * (pictures // 4)] = False  # in a quarter of the pictures none is correct
    told = np.where(correct, 2.0, rng.normal(-1, 0.3, len(correct)))
    x = np.stack([np.ones(len(correct)), told, rng.normal(size=len(correct))], axis=1)
    return Examples(x, correct, np.repeat(np.arange(pictures), 3))


def test_the_correct_proposals_win_and_none_wins_where_none_is_correct():
    made = examples(80, np.random.default_rng(0))
    logits = fit_choice(made, 8, np.random.default_rng(5)).logits(made.features)
    assert (logits[made.correct] > 0).all()
    assert (logits[~made.correct] < 0).all()


def test_what_only_two_features_tell_together_is_learned():
    rng = np.random.default_rng(1)
    told = rng.choice([-1.0, 1.0], (400, 2))
    made = Examples(np.column_stack([np.ones(400), told]), told[:, 0] != told[:, 1], np.arange(400))
    logits = fit_choice(made, 8, rng).logits(made.features)
    assert ((logits > 0) == made.correct).all()


def test_the_gradient_is_that_of_the_mean_log_probability():
    made, rng, k = examples(8, np.random.default_rng(3)), np.random.default_rng(4), 3
    theta = rng.normal(0, 0.5, k + (k + 1) * 8)

    def log_probability(theta):
        odds = choice.weights_of(theta, k).odds(made.features).reshape(8, 3)
        right = np.where(made.correct.reshape(8, 3), odds, 0).sum(axis=1)
        return np.log(np.where(right > 0, right, 1) / (1 + odds.sum(axis=1))).mean()

    step = 1e-6 * np.eye(len(theta))
    expected = [(log_probability(theta + each) - log_probability(theta - each)) / 2e-6 for each in step]
    np.testing.assert_allclose(choice.ascent(made, choice.weights_of(theta, k)), expected, atol=1e-8)


def test_without_hidden_units_it_is_a_sum_of_weighted_features():
    made = examples(80, np.random.default_rng(8))
    weights = fit_choice(made, 0, np.random.default_rng(9))
    np.testing.assert_allclose(weights.logits(made.features), made.features @ weights.direct)
    assert ((weights.logits(made.features) > 0) == made.correct).all()


def test_weights_are_what_they_were_after_a_file():
    made = examples(4, np.random.default_rng(6))
    weights = fit_choice(made, 8, np.random.default_rng(7))
    again = ChoiceWeights.of(weights.named(["bias", "told", "untold"]), ["bias", "told", "untold"])
    np.testing.assert_allclose(again.logits(made.features), weights.logits(made.features), atol=0.01)


def test_joined_sets_keep_their_pictures_apart():
    one = examples(4, np.random.default_rng(2))
    both = joined([one, joined([], 3), one], 3)
    assert both.picture.tolist() == [*one.picture, *(one.picture + 4)]
    assert np.array_equal(both.features, np.concatenate([one.features, one.features]))


def test_nothing_joined_is_nothing():
    assert joined([], 5).features.shape == (0, 5)


def test_without_examples_nothing_is_more_plausible_than_none():
    weights = fit_choice(joined([], 3), 4, np.random.default_rng(10))
    assert weights.odds(np.ones((2, 3))).tolist() == [1, 1]


def test_a_strong_penalty_leaves_hardly_any_weight():
    made = examples(80, np.random.default_rng(11))
    weak, strong = (fit_choice(made, 0, np.random.default_rng(12), decay).direct for decay in (1e-3, 10.0))
    assert np.abs(strong).max() < 0.1 * np.abs(weak).max()
