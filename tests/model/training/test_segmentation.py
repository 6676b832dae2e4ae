"""The fit of how numbers are cut: its slopes are right, and it learns to read a toy script."""

import numpy as np
import pytest

from model.reading.decode import best_paths
from model.reading.groups import Groups
from model.reading.judge import NEVER
from model.training import segmentation
from model.training.segmentation import Batch, Example, fit_weights


def example(text, count, rng, features=3, shapes=2):
    """A line of `count` pieces with groups of one and of two, and random features."""
    spans = [(start, end) for end in range(1, count + 1) for start in range(max(0, end - 2), end)]
    starts, ends = np.array(spans).T
    probabilities = rng.dirichlet(np.ones(10), len(spans))
    random = rng.normal(size=(len(spans), features)), rng.normal(size=(len(spans), shapes))
    return Example(starts, ends, *random, np.log(probabilities), rng.random(len(spans)) < 0.5, text)


@pytest.mark.parametrize("text", ["42", "7?", "", None])
def test_slopes_are_those_of_the_texts_probability(text):
    rng = np.random.default_rng(0)
    batch = Batch([example(text, 4, rng), example("31", 3, rng)])
    scores = rng.normal(size=(len(batch.line), 12))
    scores[~batch.may_be_mark, 11] = NEVER
    slope, _ = batch.slope(scores)
    marks = [(i, 11) for i in np.flatnonzero(batch.may_be_mark).tolist()]
    for place in [(0, 4), (2, 2), (3, 7), (5, 10), (6, 3), (1, 1), *marks]:
        step = np.zeros_like(scores)
        step[place] = 1e-5
        difference = batch.slope(scores + step)[1] - batch.slope(scores - step)[1]
        assert slope[place] == pytest.approx(difference / 2e-5, abs=1e-6)


def test_a_text_that_no_path_has_is_left_out():
    rng = np.random.default_rng(1)
    batch = Batch([example("12345", 3, rng)])
    slope, likelihood = batch.slope(rng.normal(size=(len(batch.line), 12)))
    assert likelihood == 0
    assert not slope.any()


def toy(text, rng):
    """Each digit is two pieces; a group of both, and no other, has the second feature and a sure probability."""
    starts, ends = np.array([(s, e) for e in range(1, 2 * len(text) + 1) for s in range(max(0, e - 2), e)]).T
    whole = (starts % 2 == 0) & (ends - starts == 2)
    probabilities = np.full((len(starts), 10), 0.02)
    probabilities[np.arange(len(starts)), rng.integers(0, 10, len(starts))] = 0.82
    for i in np.flatnonzero(whole):
        probabilities[i] = 0.02
        probabilities[i, int(text[starts[i] // 2])] = 0.82
    features = np.column_stack([np.ones(len(starts)), whole])
    may_be_mark = np.zeros(len(starts), dtype=bool)
    return Example(starts, ends, features, np.ones((len(starts), 1)), np.log(probabilities), may_be_mark, text)


def test_fitted_weights_read_texts_that_they_were_not_fitted_on(monkeypatch):
    monkeypatch.setattr(segmentation, "EPOCHS", 60)
    rng = np.random.default_rng(2)
    texts = ["".join(map(str, rng.integers(0, 10, rng.integers(1, 5)))) for _ in range(40)]
    done: list[float] = []
    weights = fit_weights([toy(text, rng) for text in texts[:30]], done.append)
    assert done[-1] == 1
    for text in texts[30:]:
        each = toy(text, rng)
        digit, unreadable, mark = weights.features @ each.features.T
        digits = weights.probability * each.log_probabilities + each.shapes @ weights.shapes.T + digit[:, None]
        boxes, pictures = np.zeros((len(each.starts), 4), dtype=int), np.zeros((0, 784), dtype=np.uint8)
        groups = Groups(each.starts, each.ends, boxes, pictures, [], np.ones(len(each.starts)))
        scores = np.column_stack([digits, unreadable, np.where(each.may_be_mark, mark, NEVER)])
        assert best_paths(groups, scores)[0].text == text
