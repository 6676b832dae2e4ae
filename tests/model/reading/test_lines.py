"""Lines of writing are told apart, and what is no writing."""

import numpy as np

from model.reading.lines import is_no_writing, lines_of, usual_height


def box(left, top, width=20, height=40):
    return top, top + height, left, left + width


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
    assert is_no_writing(np.array([*digits, box(0, 0, 120, 90)])).tolist() == [False, False, True]
    assert is_no_writing(np.array([box(0, 0, 30, 40), box(12, 17, 6, 6)])).tolist() == [False, False]


def test_what_holds_a_stroke_is_a_zero_among_digits_of_its_height_and_a_frame_elsewhere():
    zero, stroke = box(0, 0, 30, 40), box(12, 8, 6, 24)
    assert is_no_writing(np.array([zero, stroke])).tolist() == [True, False]
    assert is_no_writing(np.array([zero, stroke, box(50, 2)])).tolist() == [False] * 3
    assert is_no_writing(np.array([zero, stroke, box(50, 10, 15, 20)])).tolist() == [True, False, False]
    assert is_no_writing(np.array([box(0, 0, 40, 40), stroke, box(50, 2)])).tolist() == [True, False, False]


def test_underlines_and_margin_lines_are_no_writing_and_a_one_is():
    found = is_no_writing(np.array([box(20, 20), box(60, 20), box(90, 20, 5), box(0, 70, 200, 6), box(5, 0, 4, 200)]))
    assert found.tolist() == [False, False, False, True, True]
