"""A picture of a number shows what its text says, where its boxes say, and its digits stand as its kind says."""

import itertools

import numpy as np
import pytest

from model.data.numbers.kinds import KINDS, without_number
from model.data.numbers.pictures import NumberDrawing, sides
from model.data.pendigits import PenDigit
from model.data.photographs.writing import coverage
from model.data.synthetic import synthetic_digit
from model.data.unipen import UnipenDrawing
from model.localization.components import connected_components
from model.preprocess import INK_THRESHOLD, extract_ink

RNG = np.random.default_rng(5)
PEOPLE = [PenDigit(i % 10, 7, [stroke * 200 for stroke in synthetic_digit(i % 10, RNG)]) for i in range(40)]
LETTERS = [UnipenDrawing(letter, 0, [np.array([[0, 0], [900, 1000]])]) for letter in "akp"]
NO_NUMBER = without_number(LETTERS)


def made(kind, seed):
    return kind.make(PEOPLE, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", (KINDS | NO_NUMBER).values(), ids=KINDS | NO_NUMBER)
def test_a_picture_depends_on_the_writer_and_the_seed_alone(kind):
    first, same, other = (made(kind, seed) for seed in (1, 1, 2))
    assert first.image.tobytes() == same.image.tobytes()
    assert first.text == same.text
    assert first.image.tobytes() != other.image.tobytes()
    assert first.writer == 7


@pytest.mark.parametrize("kind", [kind for name, kind in KINDS.items() if name != "photographed_desk"])
def test_every_digit_of_the_text_has_a_box_within_the_picture(kind):
    for seed in range(4):
        shown = made(kind, seed)
        left, top, right, bottom = np.array(shown.boxes).T
        assert len(shown.boxes) == len(shown.text.replace("\n", ""))
        assert (np.minimum(left, top) >= 0).all()
        assert (right <= shown.image.width).all()
        assert (bottom <= shown.image.height).all()
        assert (np.minimum(right - left, bottom - top) > 0).all()


@pytest.mark.parametrize("name", ["apart", "touching", "plain_ones", "two_lines", "phone", "single"])
def test_the_boxes_hold_all_ink_of_a_drawing_without_marks(name):
    for seed in range(4):
        shown = made(KINDS[name], seed)
        ink = extract_ink(shown.image)
        near = 2 * ink.scale
        rows, columns = np.nonzero(ink.plane > INK_THRESHOLD)
        y, x = ink.top + rows * ink.scale, ink.left + columns * ink.scale
        inside = [
            (left - near <= x) & (x <= right + near) & (top - near <= y) & (y <= bottom + near)
            for left, top, right, bottom in shown.boxes
        ]
        assert np.any(inside, axis=0).all()


@pytest.mark.parametrize("seed", range(8))
def test_a_number_with_plain_ones_has_one_and_all_of_them_are_a_single_stroke(seed):
    make = KINDS["plain_ones"].make
    assert isinstance(make, NumberDrawing)
    page, _ = make.placed(PEOPLE, np.random.default_rng(seed))
    ones = [strokes for glyphs in page.lines for character, strokes in glyphs if character == "1"]
    assert ones
    for (stroke,) in ones:
        assert np.hypot(*np.diff(stroke, axis=0).T).sum() < 1.3 * np.hypot(*(stroke[-1] - stroke[0]))


@pytest.mark.parametrize("seed", range(8))
def test_the_sides_of_a_box_begin_above_the_writing_and_end_below_it(seed):
    kind = KINDS["sides"].make
    assert isinstance(kind, NumberDrawing)
    rng = np.random.default_rng(seed)
    page, size = kind.placed(PEOPLE, rng)
    ink = coverage(page.strokes, page.pen, size)
    added = sides(ink, rng) > ink
    rows, writing = np.flatnonzero(added.any(axis=1)), np.flatnonzero((ink > INK_THRESHOLD).any(axis=1))
    assert rows[0] < writing[0]
    assert rows[-1] > writing[-1]


def pieces(name, seed):
    """The numbers of the connected pieces of ink on which each digit lies, and the columns between which it does."""
    make = KINDS[name].make
    assert isinstance(make, NumberDrawing)
    page, size = make.placed(PEOPLE, np.random.default_rng(seed))
    labels = connected_components(coverage(page.strokes, page.pen, size) > INK_THRESHOLD).labels
    points = [np.concatenate(strokes).astype(int) for strokes in page.digits]
    columns = [np.concatenate(strokes)[:, 0] for strokes in page.digits]
    return (
        [set(labels[at[:, 1], at[:, 0]].tolist()) for at in points],
        [(x.min() - page.pen / 2, x.max() + page.pen / 2) for x in columns],
    )


@pytest.mark.parametrize("seed", range(8))
def test_digits_that_are_apart_leave_a_gap_between_their_boxes(seed):
    _, columns = pieces("apart", seed)
    assert all(left[1] + 1 < right[0] for left, right in itertools.pairwise(columns))


@pytest.mark.parametrize("seed", range(8))
def test_the_boxes_of_overlapping_digits_overlap_and_their_ink_does_not_touch(seed):
    found, columns = pieces("overlapping", seed)
    assert sum(map(len, found)) == len(set.union(*found))
    assert any(left[1] > right[0] + 1 for left, right in itertools.pairwise(columns))


@pytest.mark.parametrize("seed", range(8))
def test_of_touching_digits_two_neighbours_at_least_are_one_piece_of_ink(seed):
    found, _ = pieces("touching", seed)
    assert any(left & right for left, right in itertools.pairwise(found))


def test_about_half_of_the_pairs_of_touching_digits_touch():
    touching = [
        bool(left & right)
        for seed in range(40)
        for found in [pieces("touching", seed)[0]]
        for left, right in itertools.pairwise(found)
    ]
    assert 0.4 < np.mean(touching) < 0.75


def test_numbers_have_two_to_six_digits_and_four_on_average():
    lengths = [len(made(KINDS["apart"], seed).text) for seed in range(200)]
    assert set(lengths) == {2, 3, 4, 5, 6}
    assert np.mean(lengths) == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize(("name", "lines"), [("two_lines", {2}), ("column", {3, 4, 5}), ("phone", {1})])
def test_lines_are_separated_by_newlines(name, lines):
    assert {len(made(KINDS[name], seed).text.split("\n")) for seed in range(20)} == lines


def test_the_lines_of_a_column_end_below_each_other():
    for seed in range(5):
        shown = made(KINDS["column"], seed)
        ends = np.cumsum([len(line) for line in shown.text.split("\n")]) - 1
        rights = np.array(shown.boxes)[ends, 2]
        assert np.ptp(rights) < 1


def test_drawings_are_dark_on_light_and_light_on_dark():
    grounds = {extract_ink(made(KINDS["apart"], seed).image).ground for seed in range(20)}
    assert grounds == {"dark on light", "light on dark"}


@pytest.mark.parametrize("kind", NO_NUMBER.values(), ids=NO_NUMBER)
def test_what_is_no_number_has_no_text(kind):
    shown = made(kind, 3)
    assert (shown.text, shown.boxes) == ("", [])


@pytest.mark.parametrize("name", ["separators", "dates", "underlined", "margin_line", "sides", "framed", "specks"])
def test_marks_are_ink_outside_of_every_digits_box(name):
    shown = made(KINDS[name], 4)
    ink = extract_ink(shown.image).plane if name != "framed" else np.asarray(shown.image.convert("L"), dtype=float)
    for left, top, right, bottom in shown.boxes:
        ink[max(0, int(top) - 1) : int(bottom) + 2, max(0, int(left) - 1) : int(right) + 2] = np.median(ink)
    assert np.abs(ink - np.median(ink)).max() > 0.5
