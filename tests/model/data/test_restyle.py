"""Digits in another style: what is added crosses what it should, and what is varied stays what and where it was."""

import numpy as np
import pytest

from model.data.dataset import NO_DIGIT, Sample, Shard
from model.data.restyle import bar, restyled, slash

ANGLES = np.linspace(0, 2 * np.pi, 40)
ZERO = np.stack([0.3 * np.cos(ANGLES), 0.5 * np.sin(ANGLES)], axis=1)
SEVEN = np.concatenate([np.linspace((-0.3, -0.5), (0.3, -0.5), 20), np.linspace((0.3, -0.5), (-0.1, 0.5), 30)])
SEEDS = range(100)


def test_slashes_lean_mostly_to_the_right_and_stay_inside_or_stick_out():
    lines = [slash(ZERO, np.random.default_rng(seed)) for seed in SEEDS]
    across = np.array([line[-1] - line[0] for line in lines])
    leans = np.degrees(np.arctan2(-across[:, 1], across[:, 0]))  # y is down
    assert 0.7 < np.mean((leans > 15) & (leans < 90)) < 0.95
    assert (leans < 15).any()
    assert (leans > 90).any()
    distances = np.array([np.hypot(line[:, 0] / 0.3, line[:, 1] / 0.5) for line in lines])
    assert (distances.min(axis=1) < 0.6).all()  # all go through the middle
    assert 0.1 < np.mean(distances[:, [0, -1]] < 1) < 0.5


def test_a_bar_crosses_the_stem_of_a_seven():
    for seed in SEEDS:
        line = bar(SEVEN, np.random.default_rng(seed))
        middle = line.mean(axis=0)
        stem = np.interp(middle[1], SEVEN[20:, 1], SEVEN[20:, 0])
        assert line[0, 0] < stem < line[-1, 0]
        assert -0.3 < middle[1] < 0.35


@pytest.mark.parametrize(("label", "drawing"), [(0, [ZERO]), (7, [SEVEN])], ids=["zero", "seven"])
def test_only_a_share_of_plain_zeros_and_sevens_gets_a_mark(label, drawing):
    rng = np.random.default_rng(0)
    counts = [len(restyled(label, drawing, 0.25, 0, rng)) for _ in range(400)]
    assert set(counts) == {1, 2}
    assert np.mean([count == 2 for count in counts]) == pytest.approx(0.25, abs=0.07)
    assert len(restyled(label, [*drawing, ZERO / 2], 1, 0, rng)) == 2  # it has a slash or bar of its own
    assert len(restyled(3, drawing, 1, 0, rng)) == 1


def test_nothing_changes_where_nothing_is_asked_for():
    drawing = [SEVEN * 700 + 200, np.array([[40.0, 50.0]])]
    for stroke, same in zip(drawing, restyled(7, drawing, 0, 0, np.random.default_rng(0)), strict=True):
        np.testing.assert_allclose(same, stroke, atol=1e-9)


def test_varied_strokes_stay_near_where_they_were_in_their_own_units():
    drawing = [SEVEN * 700 + 200, ZERO * 100 + 300, np.array([[40.0, 50.0]])]
    side = np.ptp(np.concatenate(drawing), axis=0).max()
    for seed in SEEDS:
        strokes = restyled(7, drawing, 0, 1, np.random.default_rng(seed))
        assert [len(stroke) > 1 for stroke in strokes] == [True, True, False]
        for stroke, before in zip(strokes, drawing, strict=True):
            away = np.linalg.norm(stroke.mean(axis=0) - before.mean(axis=0))
            assert 0 < away < 0.25 * side
            assert np.ptp(stroke, axis=0).max() < np.ptp(before, axis=0).max() + 0.3 * side


def test_long_strokes_are_turned_scaled_and_bent_and_end_elsewhere():
    line = np.linspace((0.0, 0.0), (0.0, 1.0), 30)
    every = [restyled(1, [line], 0, 1, np.random.default_rng(seed))[0] for seed in SEEDS]
    widths = [np.linalg.svd(stroke - stroke.mean(axis=0), compute_uv=False)[1] for stroke in every]
    assert min(widths) > 0.01  # a straight line has none
    lengths = [np.linalg.norm(stroke[-1] - stroke[0]) for stroke in every]
    assert min(lengths) < 0.9
    assert max(lengths) > 1.1


def test_short_strokes_are_moved_and_turned_alone():
    dash = np.array([[0.4, 0.5], [0.5, 0.5], [0.6, 0.5]])
    for seed in SEEDS:
        stroke = restyled(5, [np.linspace((0.0, 0.0), (0.0, 1.0), 30), dash], 0, 1, np.random.default_rng(seed))[1]
        assert len(stroke) == 3
        np.testing.assert_allclose(stroke[1], (stroke[0] + stroke[2]) / 2)
        assert abs(stroke[2, 1] - stroke[0, 1]) > 0


@pytest.mark.parametrize(
    "drawing",
    [[[[3, 4]]], [[[3, 4]] * 2], [[[3, 4], [3, 4]], [[5, 6]]], [[[0, 0], [9, 9]]], [[[0, 0], [9, 0], [9, 9]]]],
    ids=["a dot", "one point twice", "two dots", "two points", "three points"],
)
@pytest.mark.parametrize("label", [0, 7])
def test_any_drawing_can_be_restyled_and_the_same_seed_gives_the_same(drawing, label):
    strokes = [np.array(stroke, dtype=float) for stroke in drawing]
    for seed in range(20):
        found, again = (restyled(label, strokes, 1, 1, np.random.default_rng(seed)) for _ in range(2))
        assert all(np.isfinite(stroke).all() for stroke in found)
        for stroke, same in zip(found, again, strict=True):
            np.testing.assert_array_equal(stroke, same)


def test_a_lone_dot_stays_where_it_is():
    np.testing.assert_array_equal(restyled(1, [np.array([[3.0, 4.0]])], 0, 1, np.random.default_rng(0)), [[[3, 4]]])


def test_a_shard_restyles_digits_and_leaves_letters():
    shard = Shard((0, 0, 0), marked=1.0, varied=1.0)
    zero, letter = Sample(0, "pen 1", [ZERO]), Sample(NO_DIGIT, "site 1", [ZERO])
    assert len(shard.strokes_of(zero, np.random.default_rng(0))) == 2
    assert shard.strokes_of(letter, np.random.default_rng(0)) is letter.strokes
    assert Shard((0, 0, 0)).strokes_of(zero, np.random.default_rng(0)) is zero.strokes
