"""What the network is not sure to be one digit is said to be several ones where a reader finds them."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.localization import judge
from model.localization.judge import revise
from model.localization.locate import locate
from model.reading import read, several
from model.reading.read import TooManyDigits, read_numbers
from model.reading.several import look
from tests.model.reading.writing import photographed, slashed, two_loops, write


def sevens(count):
    """So many sevens in a row."""
    image = Image.new("L", (110 * count + 30, 280), 255)
    for x in range(20, 110 * count, 110):
        ImageDraw.Draw(image).line(((x, 60), (x + 80, 60), (x + 40, 230)), fill=0, width=16, joint="curve")
    return image


def counted(image, recognizer):
    """How many digits are said to stand in an image that is not blank."""
    placement = look(image, recognizer).placement
    assert placement is not None
    return placement.digits


@pytest.mark.parametrize("count", [2, 3, 7])
def test_several_digits_are_counted(recognizer, count):
    assert counted(sevens(count), recognizer) == count
    picture, placement = look(sevens(count), recognizer)
    np.testing.assert_array_equal(picture, locate(sevens(count), recognizer).picture)
    prediction = recognizer.read(picture.reshape(1, 784))
    assert revise(prediction, [placement]).verdicts == ["several"]


@pytest.mark.parametrize("text", ["66", "33", "53", "64"])
def test_two_digits_one_above_the_other_are_two(recognizer, text):
    assert counted(write(text, (120, 200), (40, 20)), recognizer) == 2


CLOSE = [("41", 0.2), ("16", 0.05), ("95", 0.05), ("95", 0.0), ("93", -0.05), ("17", -0.05)]


@pytest.mark.parametrize(("text", "gap"), CLOSE)
def test_two_digits_are_two_though_together_they_look_like_one(both, text, gap):
    assert counted(write([text], (160, 140), gap=gap), both) == 2


@pytest.mark.parametrize("skip", [["centre"], ["fit"], ["fit", "centre"]], ids=" ".join)
def test_steps_that_are_left_out_of_the_picture_do_not_change_how_many_digits_there_are(recognizer, skip):
    image = write(["93"], (160, 140), gap=-0.05)
    picture, placement = look(image, recognizer, skip)
    np.testing.assert_array_equal(picture, locate(image, recognizer, skip).picture)
    assert placement is not None
    assert placement.digits == 2


@pytest.mark.parametrize("text", ["12", "16", "41", "71"])
def test_a_digit_beside_the_likeliest_one_is_counted_though_it_was_left_out(both, text):
    assert counted(photographed(write([text], (200, 140)), np.random.default_rng(0)), both) == 2


@pytest.mark.parametrize("beside", [(60, 110, 140, 112), (50, 70, 58, 70)], ids=["underline", "dash"])
def test_a_sure_digit_is_not_parted_by_what_was_left_out_beside_it(both, beside):
    image = write(["6"], (200, 140), start=(75, 35))
    ImageDraw.Draw(image).line(beside, fill=0, width=5)
    assert counted(photographed(image, np.random.default_rng(1)), both) == 1


def test_a_digit_that_no_gap_goes_through_is_not_parted_from_top_to_bottom(recognizer, monkeypatch):
    close = write(["41"], (160, 140), gap=0.2)
    two_lines = read_numbers(write(["7", "1"], (160, 240)), recognizer)
    assert two_lines.text == "7\n1"
    monkeypatch.setattr(several, "read_numbers", lambda *_: two_lines)
    assert counted(close, recognizer) == 1
    assert counted(write("66", (120, 200), (40, 20)), recognizer) == 2


@pytest.mark.parametrize("bar", [(0, 60, 10, 140), (0, 0, 30, 140)])
@pytest.mark.parametrize("digit", "0235789")
def test_a_border_that_the_picture_cuts_off_is_no_digit_beside_one(both, digit, bar):
    image = write([digit], (200, 140), start=(75, 35))
    ImageDraw.Draw(image).rectangle(bar, fill=90)
    assert counted(image, both) == 1


@pytest.mark.parametrize(
    "image",
    [sevens(1), two_loops(), Image.new("L", (50, 50)), Image.new("L", (1, 1))],
    ids=["one", "two loops", "none", "a pixel"],
)
def test_one_digit_and_none_are_what_they_were(recognizer, image):
    found, expected = look(image, recognizer), locate(image, recognizer)
    np.testing.assert_array_equal(found.picture, expected.picture)
    assert found.placement == expected.placement
    prediction = recognizer.read(found.picture.reshape(1, 784))
    assert revise(prediction, [found.placement]) is prediction


def test_a_digit_for_which_few_hypotheses_speak_is_unsure(recognizer):
    picture, placement = look(sevens(1), recognizer)
    prediction = recognizer.read(picture.reshape(1, 784))
    assert prediction.verdicts == ["digit"]
    assert placement is not None
    assert revise(prediction, [placement._replace(certainty=0.5)]).verdicts == ["unsure"]
    assert revise(prediction, [placement]).verdicts == ["digit"]


def test_a_digit_chosen_among_several_is_unsure_if_it_is_less_probable_than_most(recognizer, monkeypatch):
    picture, placement = look(sevens(1), recognizer)
    prediction = recognizer.read(picture.reshape(1, 784))
    assert placement is not None
    monkeypatch.setattr(judge, "load_limits", lambda: judge.Limits(0.5, float(prediction.probabilities.max()) + 0.01))
    assert revise(prediction, [placement._replace(hypotheses=3)]).verdicts == ["unsure"]
    assert revise(prediction, [placement._replace(hypotheses=1)]).verdicts == ["digit"]
    monkeypatch.setattr(judge, "load_limits", lambda: judge.Limits(0.5, float(prediction.probabilities.max()) - 0.01))
    assert revise(prediction, [placement._replace(hypotheses=3)]).verdicts == ["digit"]


def test_a_digit_is_not_read_as_a_number(recognizer, monkeypatch):
    monkeypatch.setattr(several, "read_numbers", lambda *_: pytest.fail("it was read"))
    assert counted(sevens(1), recognizer) == 1


@pytest.mark.parametrize("text", ["77", "7?7"], ids=["uncertain", "not all digits"])
def test_a_reading_that_is_not_believed_changes_nothing(recognizer, monkeypatch, text):
    def read(*given):
        reading = read_numbers(*given)
        (line,) = reading.lines
        return replace(reading, lines=(line._replace(text=text, confidence=0.1 if text == "77" else 1.0),))

    monkeypatch.setattr(several, "read_numbers", read)
    assert counted(sevens(2), recognizer) == 1


def test_a_number_whose_zero_looks_like_a_frame_is_several_digits(recognizer):
    assert counted(slashed("20", [(0.36, 0.22), (0.24, 0.78)]), recognizer) == 2


def test_more_digits_than_can_be_read_are_not_counted(recognizer, monkeypatch):
    def refuse(*_):
        raise TooManyDigits

    monkeypatch.setattr(several, "read_numbers", refuse)
    assert counted(sevens(2), recognizer) == 1


def test_digits_on_a_photograph_are_several_though_one_of_them_is_found(recognizer):
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:280, :360]
    paper = 215 - 25 * x / 360 - 20 * y / 280 + rng.normal(0, 2, x.shape)
    ink = np.asarray(sevens(3).resize((360, 280)), dtype=float) / 255
    photograph = Image.fromarray((paper * (0.3 + 0.7 * ink)).clip(0, 255).astype(np.uint8))
    picture, placement = locate(photograph, recognizer)
    assert placement is not None
    assert len(placement.alternatives) == 2
    assert recognizer.read(picture.reshape(1, 784)).verdicts == ["digit"]
    assert counted(photograph, recognizer) == 3


def test_a_drawing_that_is_read_as_a_number_too_is_searched_once(recognizer, monkeypatch):
    image = write(["2"], start=(30, -24))  # its upper third is cut off
    expected = look(image, recognizer)
    monkeypatch.setattr(read, "locate", lambda *_: pytest.fail("it was searched again"))
    assert look(image, recognizer).placement == expected.placement
