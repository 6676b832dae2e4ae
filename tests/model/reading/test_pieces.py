"""The pieces of a picture."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.preprocess import extract_ink
from model.reading.pieces import find_pieces, pen_width
from tests.model.reading.writing import PEN, write


def whole(pieces):
    return np.zeros(len(pieces.boxes), dtype=bool)


def every(pieces):
    return np.ones(len(pieces.boxes), dtype=bool)


def test_the_pens_width_is_found():
    assert abs(pen_width(extract_ink(write(["2703"])).plane > 0.5) - PEN) < 1.5


def test_digits_that_stand_apart_are_a_piece_each():
    pieces = find_pieces(extract_ink(write(["27", "03"], (420, 240))).plane, whole)
    assert [len(line.boxes) for line in pieces.lines] == [2, 2]
    assert [line.first for line in pieces.lines] == [1, 3]
    assert all(seam is None for line in pieces.lines for seam in line.seams)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.text("0123456789", min_size=1, max_size=5), st.sampled_from([-0.1, 0.0, 0.3]))
def test_pieces_that_are_cut_share_out_the_ink_from_left_to_right(text, gap):
    plane = extract_ink(write([text], gap=gap)).plane
    pieces = find_pieces(plane, every)
    (line,) = pieces.lines
    assert len(line.seams) == len(line.boxes) - 1
    assert set(np.unique(pieces.labels)) <= set(range(len(line.boxes) + 1))
    for number, (top, bottom, left, right) in enumerate(line.boxes, start=1):
        rows, columns = np.nonzero((pieces.labels == number) & (plane > 0.3))
        assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (top, bottom, left, right)
    assert ((pieces.labels > 0) >= (plane > 0.3)).all()


def test_specks_are_marks():
    image = write(["27"])
    image.paste(0, (300, 100, 304, 104))
    pieces = find_pieces(extract_ink(image).plane, whole)
    assert len(pieces.lines[0].boxes) == 2
    assert len(pieces.marks) == 1


def test_an_empty_plane_has_none():
    pieces = find_pieces(np.zeros((40, 60), dtype=np.float32), whole)
    assert pieces.lines == ()
    assert pieces.marks.shape == (0, 4)
