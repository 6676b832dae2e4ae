"""Whole numbers are read, and what is no number is not taken for one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from model.localization.components import connected_components
from model.localization.judge import revise
from model.reading import lattice
from model.reading.assemble import MAX_MARKS
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import is_number
from model.reading.several import look
from model.reading.sights import plain_ink, sights_of_drawing
from tests.model.reading.writing import DIGITS, HEIGHT, PEN, leaning, photographed, slashed, stroked, two_loops, write

quick = settings(max_examples=25, deadline=None, derandomize=True)
TEXTS = st.text("0123456789", min_size=1, max_size=5)


@pytest.mark.parametrize("text", ["42", "2026", "407", "31415"])
def test_numbers_are_read(recognizer, text):
    reading = read_numbers(write([text]), recognizer)
    assert reading.text == text
    assert reading.confidence > 0.5
    assert reading.marks == ()


SLASHES = [((0.55, -0.2), (0, 1.2)), ((0.4, -0.15), (0.1, 1.15)), ((0.35, -0.1), (0.12, 1.05))]


@pytest.mark.parametrize("text", ["38 64", "25 09", "31 5"])
@pytest.mark.parametrize(("top", "bottom"), SLASHES)
def test_a_slash_between_digits_is_a_mark(both, text, top, bottom):
    image = write([text])
    left = 30 + HEIGHT * sum(max(x for stroke in DIGITS[digit] for x, _ in stroke) + 0.35 for digit in text[:2])
    stroked(ImageDraw.Draw(image), [(left + HEIGHT * x, 35 + HEIGHT * y) for x, y in (top, bottom)], PEN)
    reading = read_numbers(image, both)
    assert reading.text == text.replace(" ", "")
    assert len(reading.marks) == 1


@pytest.mark.parametrize("width", [0.4, 0.6, 0.9, 1.2])
@pytest.mark.parametrize("fall", [-0.1, 0.0, 0.1])
def test_a_dash_between_digits_is_a_mark(both, width, fall):
    image = write(["38   64"], (800, 140), gap=0.4)
    middle, level = 30 + HEIGHT * (0.55 + 0.5 + 0.8 + 3 * 0.9 / 2), 35 + HEIGHT / 2
    across, down = width * HEIGHT / 2, fall * HEIGHT / 2
    stroked(ImageDraw.Draw(image), [(middle - across, level - down), (middle + across, level + down)], PEN)
    reading = read_numbers(image, both)
    assert (reading.text, len(reading.marks)) == ("3864", 1)


# A thin stroke that leans more may as well be a slash.
LEANING = [*itertools.product((3, PEN, 11), (-0.1, 0.0, 0.1)), *itertools.product((PEN, 11), (0.2, 0.3))]


@pytest.mark.parametrize("text", ["31415", "101", "2011", "41"])
@pytest.mark.parametrize(("pen", "lean"), LEANING)
def test_ones_are_read_with_any_pen_and_however_the_writing_leans(both, text, lean, pen):
    reading = read_numbers(leaning(write([text], (600, 140), (60, 40), gap=0.5, pen=pen), lean), both)
    assert (reading.text, reading.marks) == (text, ())


@pytest.mark.parametrize(("text", "pen"), [("101", 4), ("141", 3), ("2011", 4), ("31415", 4)])
def test_ones_of_a_thin_pen_are_read_on_paper(both, text, pen):
    image = photographed(write([text], (560, 140), (60, 35), gap=0.5, pen=pen), np.random.default_rng(1))
    assert read_numbers(image, both).text == text


@pytest.mark.parametrize("lean", [0.0, 0.1])
def test_ones_of_a_thin_pen_are_no_rules_to_take_out(lean):
    image = leaning(write(["31415"], (600, 140), (60, 40), gap=0.5, pen=3), lean)
    assert not any(sight.removed == ("lines",) for sight in sights_of_drawing(plain_ink(image)))
    ImageDraw.Draw(image).line([(0, 128), (599, 128)], fill=0, width=3)
    (ruled,) = [sight for sight in sights_of_drawing(plain_ink(image)) if sight.removed == ("lines",)]
    assert len(connected_components(ruled.ink.plane > 0.5)) == len("31415")


@pytest.mark.parametrize("text", ["22", "42", "407"])
@pytest.mark.parametrize("x", [15, 245])
@pytest.mark.parametrize("pen", [2, 3, 6])
def test_a_line_from_the_top_of_the_picture_to_its_bottom_is_no_one(both, text, x, pen):
    image = write([text], (260, 120), (50, 30))
    ImageDraw.Draw(image).line([(x, -9), (x + 2, 129)], fill=0, width=pen)
    assert read_numbers(image, both).text == text


@pytest.mark.parametrize("out", [0, 6, 8, 10])
@pytest.mark.parametrize("room", [0, 30])
def test_a_one_that_is_taller_than_the_zero_beside_it_is_read(both, out, room):
    image = Image.new("L", (200, 56 + 2 * (out + room)), 255)
    draw = ImageDraw.Draw(image)
    draw.line((60, room, 60, 56 + 2 * out + room - 1), fill=0, width=5)
    draw.ellipse((90, out + room, 125, out + room + 55), outline=0, width=5)
    assert read_numbers(image, both).text == "10"


@pytest.mark.parametrize("edge", ["left", "right"])
@pytest.mark.parametrize("text", ["407", "258", "574"])  # what is left of them is one piece
def test_a_digit_that_the_edge_of_a_photograph_cuts_is_not_left_out(both, text, edge):
    image = write([text], gap=0.4)
    left, right = np.flatnonzero((np.asarray(image) == 0).any(axis=0))[[0, -1]]
    columns = (left + 8, 0, image.width, image.height) if edge == "left" else (0, 0, right - 8, image.height)
    reading = read_numbers(photographed(image, np.random.default_rng(1)).crop(columns), both)
    assert len(reading.text) == len(text)
    whole = slice(1, None) if edge == "left" else slice(-1)
    assert reading.text[whole] == text[whole]


def parenthesis(x, bow, lean=0.0):
    """A stroke, 80 pixels high, whose middle is this share of them to the right of its ends."""
    y = np.linspace(0, 1, 30)
    return list(zip(x + 80 * (4 * bow * y * (1 - y) - lean * y), 30 + 80 * y, strict=True))


@pytest.mark.parametrize("bow", [-0.3, -0.2, 0.2, 0.3])
@pytest.mark.parametrize("lean", [-0.2, 0.0, 0.2])
def test_a_parenthesis_behind_signs_is_no_one(both, bow, lean):
    image = Image.new("L", (420, 140), 255)
    signs = [[(x, 55 + at), (x + 40, 55 + at)] for x in (60, 140) for at in (0, 18)]
    for stroke in [*signs, parenthesis(260, bow, lean)]:
        stroked(ImageDraw.Draw(image), stroke, PEN)
    assert not is_number(read_numbers(image, both).text)


@pytest.mark.parametrize("bow", [-0.3, -0.2, 0.2, 0.3])
def test_parentheses_beside_each_other_are_no_ones(both, bow):
    image = Image.new("L", (420, 140), 255)
    for x in (100, 180, 260):
        stroked(ImageDraw.Draw(image), parenthesis(x, bow), PEN)
    assert not is_number(read_numbers(image, both).text)


def test_an_upright_stroke_is_a_one_wherever_it_stands(recognizer):
    reading = read_numbers(write(["31415"], (560, 140), gap=0.6), recognizer)
    assert (reading.text, reading.marks) == ("31415", ())
    assert reading.confidence > 0.9


def test_lines_are_read_from_top_to_bottom(recognizer):
    assert read_numbers(write(["42", "2026", "7"], (420, 350)), recognizer).text == "42\n2026\n7"


def test_neighbours_that_touch_are_cut(recognizer):
    reading = read_numbers(write(["74"], gap=-0.1), recognizer)
    assert reading.text == "74"
    (line,) = reading.lines
    assert any(line.segmentation.cuts[i].ink > 0 for i in line.segmentation.best[1:-1])


def test_the_parts_of_a_digit_are_joined(recognizer):
    image = write(["2"])
    body = [(110, 48), (106, 66), (128, 62), (140, 76), (130, 92), (104, 94)]
    for stroke in (body, [(112, 36), (144, 35)]):
        stroked(ImageDraw.Draw(image), stroke, 7)
    reading = read_numbers(image, recognizer)
    assert reading.text == "25"
    segmentation = reading.lines[0].segmentation
    assert [segmentation.cuts[cut].ink for cut in segmentation.best] == [0, 0, 0]


def test_groups_of_too_many_pixels_have_fewer_cuts(recognizer, monkeypatch):
    ink = plain_ink(write(["74"], gap=-0.1))
    cuts = []
    for most in (1 << 26, 100_000, 20_000):
        monkeypatch.setattr(lattice, "MAX_PIXELS", (most, most))
        (_, (line, *_)) = lattice.lattices(ink, recognizer)
        cuts.append(len(line.line.cuts))
    assert cuts[0] > cuts[1] > cuts[2] == 2
    monkeypatch.setattr(lattice, "MAX_PIXELS", (100, 100))
    with pytest.raises(TooManyDigits):
        lattice.lattices(ink, recognizer)


@pytest.mark.parametrize("ground", ["white on black", "shadow"])
def test_any_ground_will_do(recognizer, ground):
    image = write(["2703"])
    shown = ImageChops.invert(image) if ground == "white on black" else photographed(image, np.random.default_rng(3))
    assert read_numbers(shown, recognizer).text == "2703"


def test_lines_of_the_paper_are_no_ones(recognizer):
    image = write(["2703"])
    draw = ImageDraw.Draw(image)
    draw.line((12, 0, 14, 140), fill=0, width=3)
    draw.line((20, 112, 300, 114), fill=0, width=4)
    assert read_numbers(image, recognizer).text == "2703"


@pytest.mark.parametrize(("text", "box"), [("273", (8, 8, 260, 128)), ("7", (8, 8, 90, 128)), ("7", (12, 17, 84, 113))])
def test_a_frame_is_left_out(recognizer, text, box):
    image = write([text])
    ImageDraw.Draw(image).rectangle(box, outline=0, width=4)
    assert read_numbers(image, recognizer).text == text


@pytest.mark.parametrize("text", ["3", "42", "407"])
@pytest.mark.parametrize("pen", [3, PEN - 2, 12])
def test_the_sides_of_a_box_are_no_ones(both, text, pen):
    image = write([text], (400, 160))
    draw = ImageDraw.Draw(image)
    rows, columns = np.nonzero(np.asarray(image) == 0)
    for x in (columns.min() - 20, columns.max() + 20):
        draw.line([(x, rows.min() - 24), (x + 3, rows.max() + 24)], fill=0, width=pen)
    assert read_numbers(image, both).text == text


@pytest.mark.parametrize("digit", ["4", "7"])
def test_a_ring_around_a_digit_is_no_zero_beside_it(recognizer, digit):
    image = write([digit], (160, 160), (60, 50))
    ImageDraw.Draw(image).ellipse((10, 10, 150, 150), outline=0, width=5)
    assert read_numbers(image, recognizer).text == digit


@pytest.mark.parametrize("colour", [0, 128])
def test_a_border_along_the_edge_of_the_picture_is_not_the_ground(recognizer, colour):
    image = write(["2703"], scale=2)
    ImageDraw.Draw(image).rectangle((0, 0, 839, 279), outline=colour, width=9)
    assert read_numbers(image.resize((420, 140), Image.Resampling.BOX), recognizer).text == "2703"


def test_each_digit_says_how_certain_it_is_that_it_is_cut_out_and_read_as_that(recognizer):
    (clear,), (unclear,) = (read_numbers(write([text]), recognizer).lines for text in ("42", "11"))
    sure = [placement.certainty for placement in clear.placements]
    assert min(sure) > 0.99
    assert max(placement.certainty for placement in unclear.placements) < min(sure)


def test_ways_to_cut_a_digit_that_read_the_same_make_it_no_less_certain(recognizer):
    (line,) = read_numbers(write(["23"], gap=0), recognizer).lines
    assert line.text == "23"
    assert min(placement.certainty for placement in line.placements) > 0.9


@pytest.mark.parametrize("text", ["0", "407", "2026", "100"])
@pytest.mark.parametrize("slash", [[(0.36, 0.22), (0.24, 0.78)], [(0.38, 0.25), (0.22, 0.75)]])
def test_a_slash_that_does_not_touch_its_zero_makes_no_one_of_it(recognizer, text, slash):
    assert read_numbers(slashed(text, slash), recognizer).text == text


def test_a_zero_that_holds_a_stroke_and_is_wide_for_its_line_is_read_at_all(recognizer):
    image = Image.new("L", (900, 420), 255)
    draw = ImageDraw.Draw(image)
    for x in range(20, 660, 80):
        draw.line(((x, 20), (x + 52, 20), (x + 24, 115)), fill=0, width=6)
    draw.ellipse((20, 220, 105, 320), outline=0, width=6)
    draw.line(((70, 240), (55, 300)), fill=0, width=6)
    for x in range(130, 280, 15):
        draw.line(((x, 260), (x, 280)), fill=0, width=5)
    assert read_numbers(image, recognizer).text.startswith("77777777")


def test_an_eight_of_two_loops_is_no_zero_above_another(recognizer):
    (line,) = read_numbers(two_loops(), recognizer).lines
    assert (line.text, line.box) == ("8", line.placements[0].box)
    assert line.segmentation.best == (0, 1)
    assert [cut.points[0][0] for cut in line.segmentation.cuts] == [line.box[0], line.box[2]]


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (500, 3), (200, 100)])
def test_nothing_is_read_where_nothing_is_written(recognizer, size):
    reading = read_numbers(Image.new("RGB", size, "white"), recognizer)
    assert (reading.text, reading.lines, reading.confidence) == ("", (), 1.0)


def test_of_many_specks_the_largest_are_told_as_marks(recognizer):
    image = Image.new("L", (420, 140), 255)
    for x, y in itertools.product(range(10, 410, 8), range(10, 130, 8)):
        side = 3 if (x + y) % 80 == 20 else 1
        ImageDraw.Draw(image).rectangle((x, y, x + side, y + side), fill=0)
    marks = read_numbers(image, recognizer).marks
    large = {(x, y) for x, y in itertools.product(range(10, 410, 8), range(10, 130, 8)) if (x + y) % 80 == 20}
    assert len(marks) == MAX_MARKS < 50 * 15
    assert large <= {(left, top) for left, top, _, _ in marks}


def test_a_long_line_is_read_as_a_short_one_is(recognizer):
    assert read_numbers(write(["7" * 60], (3100, 120), (20, 20), gap=0.2), recognizer).text == "7" * 60


def test_more_digits_than_allowed_are_refused(recognizer):
    image = write(["7" * 52] * 5, (2600, 560), (20, 20), gap=0.2)
    with pytest.raises(TooManyDigits, match="256"):
        read_numbers(image, recognizer)


@quick
@given(TEXTS)
def test_places_lie_in_the_picture_and_in_order(recognizer, text):
    image = write([text])
    reading = read_numbers(image, recognizer)
    for line in reading.lines:
        assert len(line.text) == len(line.placements)
        lefts = [placement.box[0] for placement in line.placements]
        assert lefts == sorted(lefts)
        for left, top, right, bottom in (line.box, *(placement.box for placement in line.placements)):
            assert 0 <= left < right <= image.width
            assert 0 <= top < bottom <= image.height
    assert len(reading.prediction.pictures) == sum(len(line.text) for line in reading.lines)


@quick
@given(TEXTS, st.integers(0, 60), st.integers(0, 30))
def test_moving_a_drawing_does_not_change_what_is_read(recognizer, text, x, y):
    still, moved = write([text], (480, 180)), write([text], (480, 180), (30 + x, 35 + y))
    one, other = read_numbers(still, recognizer), read_numbers(moved, recognizer)
    assert one.text == other.text
    assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


@quick
@given(TEXTS, st.sampled_from([0.7, 1.2]))
def test_scaling_a_drawing_does_not_change_what_is_read(recognizer, text, scale):
    one, other = read_numbers(write([text]), recognizer), read_numbers(write([text], scale=scale), recognizer)
    if min(one.confidence, other.confidence) > 0.9:
        assert one.text == other.text


@quick
@given(TEXTS)
def test_the_readings_of_a_line_are_ways_through_its_groups(recognizer, text):
    for line in read_numbers(write([text], gap=0.0), recognizer).lines:
        cuts, groups, best, second = line.segmentation
        spans = {(group.start, group.end) for group in groups}
        for way in filter(None, (best, second)):
            assert (way[0], way[-1]) == (0, len(cuts) - 1)
            assert {*itertools.pairwise(way)} <= spans
        assert best != second


@quick
@given(TEXTS)
def test_probabilities_of_readings_are_at_most_1_together(recognizer, text):
    reading = read_numbers(write([text], gap=-0.05), recognizer)
    assert reading.confidence + sum(each.confidence for each in reading.alternatives) <= 1 + 1e-9
    assert all(each.text != reading.text for each in reading.alternatives)


@pytest.mark.parametrize("digit", DIGITS)
def test_one_digit_stays_one(recognizer, digit):
    assert read_numbers(write([digit], (120, 130)), recognizer).text == digit


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("top", [35, -1], ids=["whole", "cut off by the edge"])
def test_one_digit_is_read_as_where_one_is_expected(recognizer, digit, top):
    image = write([digit], start=(30, top))
    picture, placement = look(image, recognizer)
    expected = revise(recognizer.read(picture.reshape(1, 784)), [placement])
    prediction = read_numbers(image, recognizer).prediction
    assert (prediction.digit(0), prediction.verdicts) == (expected.digit(0), expected.verdicts)
