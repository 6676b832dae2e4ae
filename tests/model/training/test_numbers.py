"""Texts are counted as right, or wrong and sure, by kind and group, with the writers' part in the uncertainty."""

import numpy as np
import pytest
from PIL import Image

from model.data.numbers.kinds import KINDS, Kind
from model.data.numbers.pictures import NumberPicture
from model.data.pendigits import PenDigit
from model.recognize import Recognizer
from model.training.numbers import agreement, measure, pictures_of, reader, table, told_several
from tests.conftest import WEIGHTS
from tests.model.reading.writing import write

PEOPLE = [PenDigit(digit, writer, [np.array([[0.0, 0.0], [digit, 9.0]])]) for writer in (1, 2) for digit in range(10)]


def shade(text):
    """Makes a picture whose grey is the writer, with a text."""
    return lambda people, _: NumberPicture(text, Image.new("L", (1, 1), people[0].writer), [], people[0].writer)


TWO = {"42": Kind("numbers", shade("42")), "7": Kind("numbers", shade("7"), 0.5), "none": Kind("none", shade(""))}


def of_first_writer(text, confidence=0.95):
    """Reads 42 in the second writer's pictures, and in the first one's this text."""
    return lambda image: (text, confidence) if image.getpixel((0, 0)) == 1 else ("42", 0.5)


def test_a_text_is_right_if_all_of_it_is():
    report = measure(of_first_writer("42"), TWO, PEOPLE, 10)
    assert report["kinds"]["42"] == {"pictures": 10, "right": 1, "standard_error": 0, "wrong_and_sure": 0}
    assert report["kinds"]["7"]["right"] == 0
    assert report["groups"]["numbers"]["right"] == pytest.approx(10 / 15, abs=1e-4)


def test_the_error_is_as_large_as_writers_differ():
    row = measure(of_first_writer("41"), TWO, PEOPLE, 40)["kinds"]["42"]
    assert row["right"] == 0.5
    assert row["standard_error"] == pytest.approx(0.5 / np.sqrt(2), abs=0.02)  # of two writers: one right, one wrong


@pytest.mark.parametrize(
    ("text", "confidence", "sure"), [("41", 0.95, 0.5), ("41", 0.85, 0), ("4?", 0.95, 0), ("", 1, 0), ("42", 1, 0)]
)
def test_a_wrong_number_above_the_confidence_is_wrong_and_sure(text, confidence, sure):
    assert measure(of_first_writer(text, confidence), TWO, PEOPLE, 10)["kinds"]["42"]["wrong_and_sure"] == sure


@pytest.mark.parametrize(("text", "right", "sure"), [("", 0.5, 0), ("?7", 0.5, 0), ("7", 0, 0.5)])
def test_where_there_is_no_number_it_is_right_to_read_none(text, right, sure):
    row = measure(of_first_writer(text), TWO, PEOPLE, 10)["kinds"]["none"]
    assert (row["right"], row["wrong_and_sure"]) == (right, sure)


def test_the_writers_come_in_turn_and_a_kind_alone_has_the_same_pictures():
    shown = [*pictures_of("apart", KINDS["apart"], PEOPLE, 4)]
    assert [each.writer for each in shown] == [1, 2, 1, 2]
    assert shown[3].image.tobytes() == [*pictures_of("apart", KINDS["apart"], PEOPLE, 4)][3].image.tobytes()
    other = [*pictures_of("apart", KINDS["apart"], PEOPLE, 4, seed=12)]
    assert shown[3].image.tobytes() != other[3].image.tobytes()


def test_the_product_reads_an_empty_picture_as_no_text():
    assert reader(Recognizer.load(WEIGHTS))(Image.new("L", (90, 40), 255)) == ("", 1.0)


def test_a_single_digit_is_compared_with_the_answer_to_one_digit():
    row = agreement(Recognizer.load(WEIGHTS), "single", PEOPLE, 2)
    assert row["pictures"] == 6
    assert 0 <= row["share"] <= 1


@pytest.mark.parametrize(("digits", "share"), [(1, 0), (2, 1)])
def test_it_is_counted_how_often_several_digits_are_told_to_be_several(recognizer, monkeypatch, digits, share):
    drawn = NumberPicture("42", write(["42"[:digits]], (200, 140)), [], 1)
    monkeypatch.setitem(KINDS, "touching", Kind("touching", lambda *_: drawn))
    assert told_several(recognizer, "touching", PEOPLE, 2) == {"pictures": 2, "share": share, "standard_error": 0}


def test_the_table_names_every_kind_and_group():
    report = measure(of_first_writer("42"), TWO, PEOPLE, 10)
    report["as_alone"] = {"single": {"pictures": 6, "share": 0.5, "standard_error": 0.1}}
    text = table(report)
    assert [line.split()[0] for line in text.splitlines()[1:] if line] == ["numbers", "none", *TWO, "single"]
    assert "50.0% ± 10.0%" in text
