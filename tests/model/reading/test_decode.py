"""The best paths: against every path there is."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.reading.decode import SYMBOLS, best_paths, marginals, next_way
from model.reading.groups import Groups
from model.reading.judge import MARK


def groups_of(count, reach=2):
    spans = [(start, end) for end in range(1, count + 1) for start in range(max(0, end - reach), end)]
    starts, ends = np.array(spans).T
    count = len(spans)
    pictures = np.zeros((count, 784), dtype=np.uint8)
    return Groups(starts, ends, np.zeros((count, 4), dtype=int), pictures, [], np.ones(count))


def every_path(groups, scores):
    """The weight of each text, by brute force."""
    count = int(groups.ends.max())
    weights: dict[str, float] = {}

    def extend(at, text, weight):
        if at == count:
            weights[text] = weights.get(text, 0) + weight
            return
        for group in np.flatnonzero(groups.starts == at):
            for label in range(12):
                symbol = "" if label == MARK else SYMBOLS[label]
                extend(groups.ends[group], text + symbol, weight * np.exp(scores[group, label]))

    extend(0, "", 1.0)
    return weights


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_the_likeliest_text_and_its_probability_are_those_of_all_paths(seed, count):
    groups = groups_of(count)
    scores = np.random.default_rng(seed).normal(0, 6, (len(groups.starts), 12))
    paths, (_, total) = best_paths(groups, scores), marginals(groups, scores)
    weights = every_path(groups, scores)
    assert np.isclose(total, np.log(sum(weights.values())))
    likeliest = max(weights, key=weights.__getitem__)
    assert paths[0].text == likeliest
    assert np.exp(paths[0].score) == pytest.approx(weights[likeliest], rel=0.05)  # the beam drops a little
    assert [path.score for path in paths] == sorted((path.score for path in paths), reverse=True)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_every_gap_between_two_cuts_lies_in_one_group_with_one_label(seed, count):
    groups = groups_of(count, reach=4)
    shares, _ = marginals(groups, np.random.default_rng(seed).normal(0, 6, (len(groups.starts), 12)))
    over = (groups.starts <= np.arange(count)[:, None]) & (np.arange(count)[:, None] < groups.ends)
    assert over @ shares.sum(axis=1) == pytest.approx(np.ones(count))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_next_way_is_the_likeliest_of_the_others(seed, count):
    groups = groups_of(count, reach=3)
    scores = np.random.default_rng(seed).normal(0, 6, (len(groups.starts), 12))
    likeliest = dict(
        zip(zip(groups.starts.tolist(), groups.ends.tolist(), strict=True), scores.max(axis=1), strict=True)
    )
    inner = itertools.chain.from_iterable(itertools.combinations(range(1, count), k) for k in range(count))
    ways = [(0, *cuts, count) for cuts in inner]
    totals = {
        way: sum(likeliest[part] for part in itertools.pairwise(way))
        for way in ways
        if all(part in likeliest for part in itertools.pairwise(way))
    }
    ranked = sorted(totals, key=totals.__getitem__, reverse=True)
    assert next_way(groups, scores, ranked[0]) == (ranked[1] if len(ranked) > 1 else ())


def test_a_path_says_which_groups_it_goes_through():
    groups = groups_of(3)
    scores = np.full((len(groups.starts), 12), -20.0)
    scores[(groups.starts == 0) & (groups.ends == 2), 4] = 5
    scores[groups.ends - groups.starts == 1, MARK] = [-20, -20, 5]
    path = best_paths(groups, scores)[0]
    assert path.text == "4"
    assert [(groups.starts[i], groups.ends[i]) for i in path.groups] == [(0, 2)]
    assert [(groups.starts[i], groups.ends[i]) for i in path.marks] == [(2, 3)]


def test_texts_differ_from_each_other():
    groups = groups_of(4)
    paths = best_paths(groups, np.random.default_rng(1).normal(size=(len(groups.starts), 12)))
    assert all(one.text != other.text for one, other in itertools.combinations(paths, 2))
