"""What the network is not sure of is read again, turned and slanted; one exact picture is answered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from model.localization import turns as turning
from model.localization.judge import Limits, revise
from model.localization.locate import locate
from model.localization.turns import TURNS, Turn, choose, settle, turned
from model.preprocess import preprocess
from tests.model.localization.test_locate import drawing, quick
from tests.model.reading.writing import leaning, write

ONE = ((110, 90), (150, 50), (150, 230))  # with a flag


def tilted(points, degrees):
    """Points turned clockwise about the middle of the canvas."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    about = ((x - 140, y - 140) for x, y in points)
    return [(140 + x * cosine - y * sine, 140 + x * sine + y * cosine) for x, y in about]


def dot(row, column):
    picture = np.zeros((1, 28, 28), dtype=np.uint8)
    picture[0, row, column] = 200
    return picture.reshape(1, 784)


def place_of_ink(pictures):
    """The centre of mass, in cells down and to the right."""
    picture = pictures.reshape(28, 28) / pictures.sum()
    return [float((picture.sum(axis=axis) * np.arange(28)).sum()) for axis in (1, 0)]


@pytest.mark.parametrize(
    ("turn", "row", "column"),
    [
        (Turn(rotation=90), 13.5, 23.5),
        (Turn(rotation=-90), 13.5, 3.5),
        (Turn(slant=0.5), 3.5, 18.5),
        (Turn(slant=-0.5), 3.5, 8.5),
    ],
)
def test_ink_above_the_middle_turns_clockwise_to_the_right_and_is_slanted_to_the_right(turn, row, column):
    above = dot(3, 13) // 2 + dot(4, 13) // 2 + dot(3, 14) // 2 + dot(4, 14) // 2
    assert place_of_ink(turned(above, turn)) == pytest.approx([row, column], abs=0.05)


@given(npst.arrays(np.uint8, (2, 784)))
def test_without_a_turn_nothing_changes(pictures):
    np.testing.assert_array_equal(turned(pictures, Turn()), pictures)


@given(npst.arrays(np.uint8, (1, 784)), st.sampled_from(TURNS))
def test_to_turn_makes_no_ink(pictures, turn):
    found = turned(pictures, turn)
    assert found.max() <= pictures.max()
    assert turned(np.zeros_like(pictures), turn).max() == 0


@given(npst.arrays(np.float64, (5, 3, 10), elements=st.floats(1e-3, 1)), npst.arrays(np.bool_, (5, 3)))
def test_the_way_that_is_answered_shows_the_digit_of_the_mean_or_is_the_first(weights, is_digit):
    probabilities = weights / weights.sum(axis=2, keepdims=True)
    best, certainty = choose(probabilities, is_digit)
    mean = probabilities.mean(axis=0)
    for i, way in enumerate(best.tolist()):
        digit = mean[i].argmax()
        fits = [k for k in range(5) if is_digit[k, i] and probabilities[k, i].argmax() == digit]
        assert certainty[i] == mean[i].max()
        if probabilities[0, i].argmax() == digit or not fits:
            assert way == 0
        else:
            assert way in fits
            assert np.abs(probabilities[fits, i, digit] - certainty[i]).min() == abs(
                probabilities[way, i, digit] - certainty[i]
            )


@quick
@given(st.lists(st.tuples(st.integers(40, 240), st.integers(40, 240)), min_size=2, max_size=6, unique=True))
def test_one_line_on_a_clean_canvas_is_seen_as_it_is_or_turned_if_it_is_no_sure_digit(recognizer, points):
    image = drawing(points)
    plain = preprocess(image).reshape(1, 784)
    picture, placement = locate(image, recognizer)
    assert placement is not None
    turn = Turn(placement.rotation, placement.slant)
    np.testing.assert_array_equal(picture.reshape(1, 784), turned(plain, turn))
    assert turn == Turn() or recognizer.read(plain).verdicts != ["digit"]
    answered = settle(recognizer.read(plain), recognizer).prediction
    np.testing.assert_array_equal(answered.pictures, picture.reshape(1, 784))
    prediction = revise(recognizer.read(picture.reshape(1, 784)), [placement])
    assert answered.verdicts == prediction.verdicts
    assert turn == Turn() or answered.verdicts != ["not-a-digit"]


def test_what_the_network_takes_for_a_digit_is_answered_as_it_is(recognizer):
    prediction = recognizer.read(preprocess(drawing()).reshape(1, 784))
    assert prediction.verdicts == ["digit"]
    assert settle(prediction, recognizer) == (prediction, {}, {})


def test_a_one_that_leans_is_no_seven_and_remains_unsure(recognizer):
    images = (drawing(tilted(ONE, lean)) for lean in np.arange(20, 30, 0.25))
    read = ((image, recognizer.read(preprocess(image).reshape(1, 784))) for image in images)
    image, plain = next((image, plain) for image, plain in read if plain.digit(0) == 7)
    assert plain.verdicts == ["unsure"]
    picture, placement = locate(image, recognizer)
    prediction = revise(recognizer.read(picture.reshape(1, 784)), [placement])
    assert (prediction.digit(0), prediction.verdicts) == (1, ["unsure"])
    assert placement is not None
    assert placement.certainty < prediction.probabilities[0].max()
    assert placement.hypotheses == 1 + len(TURNS)


@pytest.mark.parametrize("name", ["certainty", "probability"])
def test_what_is_turned_is_unsure_below_either_limit(recognizer, monkeypatch, name):
    sixes = [
        leaning(write(["6"], (160, 140), (50, 40), pen=pen), lean)
        for lean in np.arange(-0.9, 0.9, 0.05)
        for pen in (4, 7, 10)
    ]
    pictures = np.concatenate([preprocess(six).reshape(1, 784) for six in sixes])
    plain = recognizer.read(pictures)
    monkeypatch.setattr(turning, "load_limits", lambda: Limits(0.0, 0.0))
    sure = settle(plain, recognizer)
    digits = [i for i in sure.turns if sure.prediction.verdicts[i] == "digit"]
    assert digits
    monkeypatch.setattr(turning, "load_limits", lambda: Limits(0.0, 0.0)._replace(**{name: 1.01}))
    verdicts = settle(plain, recognizer).prediction.verdicts
    assert {verdicts[i] for i in digits} == {"unsure"}
