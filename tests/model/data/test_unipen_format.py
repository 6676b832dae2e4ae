"""The UNIPEN format: statements, points, components and what delimitations name."""

import numpy as np
import pytest

from model.data.unipen_format import UnipenFile, points, select, statements

HEADER = """.VERSION 1.0
.COMMENT made by hand,
 and it says 1 2 3
.COORD T X Y
"""
INK = """.INCLUDE site/header.doc
.PEN_DOWN
 0 10 5
 1 20 5
.PEN_UP
 2 30 30
.PEN_DOWN
 3 40 1
.DT 100
.PEN_DOWN
 4 50 0
 5 60 -2
 6 70 0
.PEN_UP
"""
PAGE = r""".INCLUDE site/ink.dat
.INCLUDE site/lexicon.lex
.HIERARCHY PAGE CHARACTER
.SEGMENT PAGE 0-2 ? "all of it"
.SEGMENT CHARACTER 0 OK "1"
.SEGMENT CHARACTER 1-2 ? "a"
.SEGMENT CHARACTER 0,2 "x"
.SEGMENT CHARACTER 0:1-2:0 GOOD "\""
.SEGMENT CHARACTER 2-3 BAD "b"
"""


@pytest.fixture
def tree(tmp_path):
    for name, text in (("header.doc", HEADER), ("ink.dat", INK)):
        (tmp_path / "include" / "site").mkdir(parents=True, exist_ok=True)
        (tmp_path / "include" / "site" / name).write_text(text)
    (tmp_path / "page.dat").write_text(PAGE)
    return tmp_path


def characters(tree):
    file = UnipenFile(tree / "include")
    file.read(tree / "page.dat")
    return {each.label: [stroke[:, 0].tolist() for stroke in each.strokes] for each in file.characters()}


def test_segments_name_components_of_included_files_counted_over_pen_down_alone(tree):
    found = characters(tree)
    assert found["1"] == [[10, 20]]
    assert found["a"] == [[40], [50, 60, 70]]
    assert found["x"] == [[10, 20], [50, 60, 70]]


def test_a_segment_may_begin_and_end_within_components_and_a_label_may_be_escaped(tree):
    assert characters(tree)['"'] == [[20], [40], [50]]


def test_a_character_of_which_a_component_is_missing_is_left_out(tree):
    assert "b" not in characters(tree)


def test_segments_of_other_levels_are_no_characters(tree):
    assert len(characters(tree)) == 4


def test_a_file_that_includes_itself_ends(tree):
    (tree / "include" / "site" / "header.doc").write_text(HEADER + ".INCLUDE site/header.doc\n")
    assert characters(tree)["1"] == [[10, 20]]


def test_a_component_of_the_file_itself_comes_after_those_included_before_it(tree):
    (tree / "page.dat").write_text('.INCLUDE site/ink.dat\n.PEN_DOWN\n 9 8 7\n.SEGMENT CHARACTER 3 ? "c"\n')
    assert characters(tree) == {"c": [[8]]}


def test_columns_are_those_of_coord_y_points_down_and_half_a_point_is_left_out():
    np.testing.assert_array_equal(points("0 10 5 1 20 -5 2 30", ["T", "X", "Y"]), [[10, -5], [20, 5]])
    np.testing.assert_array_equal(points("1.5 2 +3 4"), [[1.5, -2], [3, -4]])
    assert points("").shape == (0, 2)


def test_a_statement_goes_on_over_lines_up_to_the_next_keyword():
    assert dict(statements("ignored\n.COMMENT one\n two .PEN_DOWN\n.PEN_UP\n")) == {
        "COMMENT": "one\n two .PEN_DOWN\n",
        "PEN_UP": "",
    }


def test_a_part_within_one_component_keeps_both_of_its_ends():
    (stroke,) = select([points("1 0 2 0 3 0 4 0")], "0:1-0:2")
    assert stroke[:, 0].tolist() == [2, 3]
