"""The pieces of a picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.localization.groups import around
from model.preprocess import extract_ink
from model.reading.groups import cut_out, parts_of, spans_of
from model.reading.pieces import cut_pieces, find_pieces, pen_width
from tests.model.reading.writing import PEN, write

MANY = 16


def whole(pieces):
    return np.zeros(len(pieces.boxes), dtype=bool)


def every(pieces):
    return np.ones(len(pieces.boxes), dtype=bool)


def test_the_pens_width_is_found():
    assert abs(pen_width(extract_ink(write(["2703"])).plane > 0.5) - PEN) < 1.5


def test_digits_that_stand_apart_are_a_piece_each():
    pieces = cut_pieces(find_pieces(extract_ink(write(["27", "03"], (420, 240))).plane, whole, MANY), MANY)
    assert [len(line.boxes) for line in pieces.lines] == [2, 2]
    assert [line.first for line in pieces.lines] == [1, 3]
    assert all(bound == 0 for line in pieces.lines for _, bound in line.cuts)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.text("0123456789", min_size=1, max_size=5), st.sampled_from([-0.1, 0.0, 0.3]))
def test_the_groups_before_and_behind_a_cut_share_out_the_ink(text, gap):
    ink = extract_ink(write([text], gap=gap))
    pieces = cut_pieces(find_pieces(ink.plane, every, MANY), MANY)
    (line,) = pieces.lines
    assert list(line.cuts) == sorted(line.cuts)
    assert ((pieces.labels > 0) >= (ink.plane > 0.3)).all()
    last = len(line.cuts) - 1
    for cut in range(1, last):
        parts = [cut_out(ink, pieces.labels, line, *span, around(line.boxes)) for span in ((0, cut), (cut, last))]
        assert np.allclose(
            parts[0].plane + parts[1].plane, cut_out(ink, pieces.labels, line, 0, last, around(line.boxes)).plane
        )


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.text("0123456789", min_size=2, max_size=4))
def test_the_box_of_a_part_holds_the_ink_between_its_bounds(text):
    ink = extract_ink(write([text], gap=-0.1))
    pieces = cut_pieces(find_pieces(ink.plane, every, MANY), MANY)
    (line,) = pieces.lines
    for start, end in spans_of(line):
        top, bottom, left, right = around(parts_of(line, start, end)).tolist()
        part = cut_out(ink, pieces.labels, line, start, end, around(line.boxes))
        rows, columns = np.nonzero(part.plane > 0.3)
        rows, columns = rows + int(part.top), columns + int(part.left)
        assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (top, bottom, left, right)


def test_specks_are_marks():
    image = write(["27"])
    image.paste(0, (300, 100, 304, 104))
    pieces = cut_pieces(find_pieces(extract_ink(image).plane, whole, MANY), MANY)
    assert len(pieces.lines[0].boxes) == 2
    assert len(pieces.marks) == 1


def test_an_empty_plane_has_none():
    pieces = cut_pieces(find_pieces(np.zeros((40, 60), dtype=np.float32), whole, MANY), MANY)
    assert pieces.lines == ()
    assert pieces.marks.shape == (0, 4)


def strokes(*lines):
    image = Image.new("L", (400, 400), 255)
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=0, width=2)
    return extract_ink(image).plane


def zigzags(count):
    corners = [(10 + 36 * (i % 10), 6 + 33 * (i // 10)) for i in range(count)]
    return strokes(*[[(x + 6 * step, y + step % 2 * 24) for step in range(5)] for x, y in corners])


@pytest.mark.parametrize(("count", "are_cut"), [(100, True), (110, False)])
def test_more_pieces_than_numbers_have_are_not_cut(count, are_cut):
    uncut = find_pieces(zigzags(count), every, MANY)
    assert sum(map(len, uncut.seams)) == count
    assert any(found for line in uncut.seams for found in line) == are_cut


def chevrons(count):
    return strokes(*[((10 + 12 * i, 10), (210 + 12 * i, 200), (10 + 12 * i, 390)) for i in range(count)])


@pytest.mark.parametrize(("count", "are_cut"), [(2, True), (12, False)])
def test_pieces_that_lie_around_each_other_are_not_cut(count, are_cut):
    uncut = find_pieces(chevrons(count), every, MANY)
    assert any(found for line in uncut.seams for found in line) == are_cut


def test_many_pieces_that_lie_around_each_other_are_no_writing():
    assert len(find_pieces(chevrons(12), every, MANY).lines) == 1
    assert find_pieces(chevrons(14), every, MANY).lines == ()


@pytest.mark.parametrize(("count", "are_cut"), [(2, True), (17, False)])
def test_pieces_of_more_rows_than_numbers_have_are_not_cut(count, are_cut):
    tall = [[(8 + 22 * i + step % 2 * 14, 10 + 19 * step) for step in range(21)] for i in range(count)]
    uncut = find_pieces(strokes(*tall), every, MANY)
    assert sum(map(len, uncut.seams)) == count
    assert any(found for line in uncut.seams for found in line) == are_cut
