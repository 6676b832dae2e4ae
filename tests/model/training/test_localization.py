"""The judge of proposals is fitted on photographs of which it is known what was written."""

import numpy as np
import pytest

from model.data.pendigits import PenDigit
from model.localization.choice import ChoiceWeights
from model.localization.judge import NAMES
from model.training.choice import Examples
from model.training.localization import UNSURE_SHARES, _examples_of, sure_limits


def test_the_limits_leave_out_small_shares_of_the_right_answers():
    rng = np.random.default_rng(3)
    logits, right, probability = rng.normal(4, 1, 2000), rng.random(2000) < 0.9, rng.uniform(0.8, 1, 2000)
    described = np.zeros((4000, len(NAMES)))  # of each picture, what it shows, and what nobody believes
    described[::2, NAMES.index("strength")] = logits
    described[1::2, NAMES.index("strength")] = -40
    described[::2, NAMES.index("certainty")] = np.log(probability)
    weights = ChoiceWeights(np.eye(len(NAMES))[NAMES.index("strength")], np.zeros((len(NAMES), 0)), np.zeros(0))
    correct = np.column_stack([right, right]).ravel()
    found = sure_limits(
        {"drawings": weights}, {"drawings": Examples(described, correct, np.repeat(np.arange(2000), 2))}
    )
    certain = 1 / (1 + np.exp(-logits)) >= found.certainty
    assert (~certain[right]).mean() == pytest.approx(UNSURE_SHARES.certainty, abs=0.002)
    assert (probability[right & certain] < found.probability).mean() == pytest.approx(
        UNSURE_SHARES.probability, abs=0.002
    )


@pytest.mark.parametrize(("kind", "some_are_correct"), [("plain", True), ("desk_alone", False)])
def test_a_photograph_gives_examples_of_which_those_are_correct_that_are_read_right(recognizer, kind, some_are_correct):
    seven = [PenDigit(7, 0, [np.array([(0.0, 0.0), (70.0, 0.0), (30.0, 100.0)])])]
    found = _examples_of(seven, [recognizer], 1, 5, kind)["photographs"]
    assert found.features.shape == (len(found.correct), len(NAMES))
    assert found.correct.any() == some_are_correct
    assert set(found.picture.tolist()) <= {0}
