"""Lines of writing are told apart, and what is no writing."""

import numpy as np
import pytest

from model.reading.lines import continue_lines, is_no_writing, lines_of, usual_height
from model.reading.pieces import MAX_WRITTEN, written

ROWS = 300  # of a picture that leaves room


def box(left, top, width=20, height=40):
    return top, top + height, left, left + width


def no_writing(*boxes, rows=ROWS):
    return is_no_writing(np.array(boxes), rows).tolist()


def lines(*boxes):
    return [line.tolist() for line in lines_of(np.array(boxes))]


def test_two_lines_come_from_top_to_bottom_and_each_from_left_to_right():
    assert lines(box(50, 100), box(10, 10), box(10, 104), box(50, 14)) == [[1, 3], [2, 0]]


def test_a_rising_line_is_one():
    assert lines(*(box(40 * i, 200 - 20 * i) for i in range(6))) == [[0, 1, 2, 3, 4, 5]]


def test_a_wide_gap_does_not_break_a_line():
    assert lines(box(0, 0), box(500, 5)) == [[0, 1]]


def test_a_comma_belongs_to_the_line_that_is_nearest():
    assert lines(box(0, 0), box(0, 70), box(30, 38, 5, 8)) == [[0, 2], [1]]


def test_the_usual_height_is_that_of_most_of_the_writing():
    assert usual_height(np.array([box(0, 0, 4, 4), box(10, 0, 4, 4), box(20, 0), box(60, 0, 20, 44)])) == 40


def test_a_frame_around_digits_is_no_writing_and_a_dotted_zero_is_one():
    digits = [box(20, 20), box(60, 20)]
    assert no_writing(*digits, box(0, 0, 120, 90)) == [False, False, True]
    assert no_writing(box(0, 0, 30, 40), box(12, 17, 6, 6)) == [False, False]


def test_what_holds_a_stroke_is_a_zero_among_digits_of_its_height_and_a_frame_elsewhere():
    zero, stroke = box(0, 0, 30, 40), box(12, 8, 6, 24)
    assert no_writing(zero, stroke) == [True, False]
    assert no_writing(zero, stroke, box(50, 2)) == [False] * 3
    assert no_writing(zero, stroke, box(50, 10, 15, 20)) == [True, False, False]
    assert no_writing(box(0, 0, 40, 40), stroke, box(50, 2)) == [True, False, False]


def test_underlines_and_margin_lines_are_no_writing_and_a_one_is():
    found = no_writing(box(20, 20), box(60, 20), box(90, 20, 5), box(0, 70, 200, 6), box(5, 0, 4, 200))
    assert found == [False, False, False, True, True]


def test_a_low_line_from_edge_to_edge_is_a_margin_line_where_the_writing_has_room():
    digits = [box(20, 10), box(60, 10)]
    assert no_writing(*digits, box(5, 0, 4, 60), rows=60) == [False, False, True]
    assert no_writing(*digits, box(5, 1, 4, 59), rows=60) == [False] * 3  # it begins below the edge


@pytest.mark.parametrize(
    "others",
    [
        [box(20, 3), box(60, 3)],
        [box(20, 8, 30, 46)],
        [box(20, 25, 30, 4)],
        [box(50, 0, 4, 60)],
        [box(20, 15, 30, 30), box(60, 0, 4, 60)],
        [],
    ],
    ids=["lower digits", "a lower zero", "a minus", "another one", "a plus and a one", "nothing"],
)
def test_a_one_in_a_tight_crop_is_writing(others):
    assert not any(no_writing(box(5, 0, 4, 60), *others, rows=60))


def continues(*boxes):
    return continue_lines(np.array(boxes), np.array([box(50, 50), box(90, 48)])).tolist()


def test_what_the_edge_cuts_continues_a_line_if_it_is_as_high_and_near_beside_it():
    assert continues(box(125, 50, 15), box(0, 60, 30)) == [True, True]
    assert continues(box(125, 85, 15), box(125, 50, 15, 10)) == [False, False]  # below the line; low
    assert continues(box(125, 0, 15, 150), box(0, 60, 30 + 50, 40)) == [False, False]  # a desk, a rule
    assert continues(box(200, 50, 15)) == [False]  # far away


def test_what_continues_a_line_is_beside_a_rule_as_well():
    digits = np.array([box(40, 40), box(80, 40), box(0, 40, 15)])
    rule = box(150, 5, 5, 400)
    for boxes in (digits, np.array([*digits, rule])):
        assert written(boxes, (500, 500), edge=False).tolist() == [0, 1, 2]


def test_what_the_edge_cuts_leaves_the_rest_of_a_full_picture_readable():
    most = MAX_WRITTEN[True]
    inside = [box(10 + 30 * (i % 20), 10 + 50 * (i // 20)) for i in range(most)]
    cut = [box(0, 10 + 50 * i, 8) for i in range(5)]
    assert set(range(most)) <= set(written(np.array([*inside, *cut]), (2000, 2000), edge=False).tolist())
