"""The judge of proposals is fitted on photographs of which it is known what was written."""

import numpy as np
import pytest

from model.data.pendigits import PenDigit
from model.localization.choice import ChoiceWeights
from model.localization.judge import NAMES
from model.training.choice import Examples
from model.training.localization import UNSURE_SHARE, _examples_of, sure_limit


def test_the_limit_of_certainty_leaves_out_a_small_share_of_the_right_answers():
    rng = np.random.default_rng(3)
    logits, right = rng.normal(4, 1, 1000), rng.random(1000) < 0.9
    weights = ChoiceWeights(np.ones(1), np.zeros((1, 0)), np.zeros(0))
    limit = sure_limit({"drawings": weights}, {"drawings": Examples(logits[:, None], right, np.arange(1000))})
    certainty = 1 / (1 + np.exp(-logits))
    assert (certainty[right] < limit).mean() == pytest.approx(UNSURE_SHARE, abs=0.002)


@pytest.mark.parametrize(("kind", "some_are_correct"), [("plain", True), ("desk_alone", False)])
def test_a_photograph_gives_examples_of_which_those_are_correct_that_are_read_right(recognizer, kind, some_are_correct):
    seven = [PenDigit(7, 0, [np.array([(0.0, 0.0), (70.0, 0.0), (30.0, 100.0)])])]
    found = _examples_of(seven, [recognizer], 1, 5, kind)["photographs"]
    assert found.features.shape == (len(found.correct), len(NAMES))
    assert found.correct.any() == some_are_correct
    assert set(found.picture.tolist()) <= {0}
