"""POST /read: the numbers in a picture, in every form, digit by digit; order, boxes and text hold for any drawing."""

import base64
import io
import itertools
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.api import read as route
from app.api.openapi import SEVEN_PIXELS
from model.data.strokes import render
from model.reading.read import TooManyDigits, read_numbers
from model.recognize import Recognizer
from tests.app.api.test_predict import WRONG, raw
from tests.app.conftest import encoded, seven
from tests.app.middleware.test_metrics import metrics
from tests.conftest import ROOT


def seventy_seven():
    """Two sevens beside each other."""
    image = Image.new("L", (280, 280), 255)
    for x in (20, 160):
        ImageDraw.Draw(image).line(((x, 60), (x + 90, 60), (x + 40, 230)), fill=0, width=16, joint="curve")
    return image


PNG = encoded(seventy_seven())
BASE64 = base64.b64encode(PNG).decode()
FORMS = {
    "raw": raw(PNG),
    "multipart": {"files": {"image": ("number.png", PNG, "image/png")}},
    "base64": {"json": {"image": BASE64}},
    "data URL": {"json": {"image": f"data:image/png;base64,{BASE64}"}},
}


def read(client, image, query=""):
    reply = client.post(f"/read{query}", **raw(encoded(image)))
    assert reply.status_code == 200, reply.text
    return reply.json()


def digits_of(answer):
    return [digit for line in answer["lines"] for digit in line["digits"]]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_number_gives_the_same_answer(client, form):
    reply = client.post("/read", **FORMS[form])
    assert reply.json()["text"] == "77"
    assert reply.content == client.post("/read", **FORMS["raw"]).content


def test_pixels_are_read_as_an_image_of_them_is(client):
    reply = client.post("/read", json={"pixels": SEVEN_PIXELS})
    image = Image.fromarray(np.array(SEVEN_PIXELS, dtype=np.uint8).reshape(28, 28))
    assert reply.json() == read(client, image)
    assert reply.json()["text"] == "7"


def test_a_batch_is_answered_in_its_order(client):
    images = [base64.b64encode(encoded(image)).decode() for image in (seven(), seventy_seven(), Image.new("L", (9, 9)))]
    readings = client.post("/read", json={"images": images}).json()["readings"]
    assert [reading["text"] for reading in readings] == ["7", "77", ""]
    assert readings[1] == read(client, seventy_seven())


def test_the_answer_is_the_readers(client, recognizer):
    expected, answer = read_numbers(seventy_seven(), recognizer), read(client, seventy_seven())
    assert (answer["text"], answer["model"]) == (expected.text, recognizer.network.name)
    assert answer["confidence"] == pytest.approx(expected.confidence)
    (line,), (of_line,) = expected.lines, answer["lines"]
    assert (of_line["text"], of_line["confidence"]) == (line.text, pytest.approx(line.confidence))
    for i, digit in enumerate(of_line["digits"]):
        assert digit["probabilities"] == expected.prediction.probabilities[i].tolist()
        assert digit["verdict"] == expected.prediction.verdicts[i]
        left, top, right, bottom = line.placements[i].box
        assert digit["box"] == [left, top, right - left, bottom - top]
        assert tuple(digit["placement"]["box"]) == (left, top, right, bottom)


def test_a_digit_is_what_predict_says_of_it(client):
    (digit,), answer = (
        digits_of(read(client, seven(), "?activations=true")),
        client.post("/predict", **raw(encoded(seven()))).json(),
    )
    for key in ("digit", "confidence", "probabilities", "verdict", "novelty", "input", "activations"):
        assert digit[key] == answer[key]
    certain = digit["placement"].pop("certainty")  # by all ways of cutting it, of which there is hardly another
    assert certain == pytest.approx(answer["placement"].pop("certainty"), abs=1e-3)
    assert digit["placement"] == answer["placement"]


def test_nothing_written_is_an_empty_text_without_lines(client):
    answer = read(client, Image.new("L", (60, 40), 255))
    assert (answer["text"], answer["lines"], answer["alternatives"]) == ("", [], [])


def test_what_is_long_comes_on_request(client):
    short, long = (read(client, seventy_seven(), query) for query in ("", "?activations=true&segmentation=true"))
    assert not {"input", "activations"} & set(digits_of(short)[0])
    assert "segmentation" not in short["lines"][0]
    for digit in digits_of(long):
        assert len(digit.pop("input")) == 784
        assert [len(part["values"]) for part in digit.pop("activations")] == [128, 64]
    found = long["lines"][0].pop("segmentation")
    assert long == short
    assert found["best"][0] == 0
    assert found["best"][-1] == len(found["cuts"]) - 1
    ways = {(group["start"], group["end"]) for group in found["groups"]}
    assert set(itertools.pairwise(found["best"])) <= ways


def test_another_network_answers_by_its_name(client):
    wide = Recognizer.load(ROOT / "weights" / "digits-wide.npz")
    answer = read(client, seventy_seven(), "?network=wide")
    assert answer["model"] == wide.network.name
    assert answer["text"] == read_numbers(seventy_seven(), wide).text


def test_neurons_that_are_off_change_the_digits_and_not_their_places(client, recognizer):
    whole = read(client, seventy_seven(), "?activations=true&segmentation=true")
    off = ",".join(f"hidden2.{i}" for i in range(64))
    answer = read(client, seventy_seven(), f"?activations=true&segmentation=true&off={off}")
    pictures = np.array([digit["input"] for digit in digits_of(whole)], dtype=np.uint8)
    expected = recognizer.read(pictures, [[], list(range(64))])
    assert [digit["probabilities"] for digit in digits_of(answer)] == expected.probabilities.tolist()
    assert [digit["digit"] for digit in digits_of(answer)] != [7, 7]
    for digit, before in zip(digits_of(answer), digits_of(whole), strict=True):
        assert digit["placement"] == before["placement"]
    assert answer["lines"][0]["segmentation"] == whole["lines"][0]["segmentation"]
    assert answer["confidence"] == pytest.approx(np.prod([digit["confidence"] for digit in digits_of(answer)]))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("network=huge", "network: 'huge'"),
        ("off=hidden1.128", "'hidden1.128'"),
        ("activations=perhaps", "activations"),
        ("segmentation=2", "segmentation"),
    ],
)
def test_a_wrong_query_is_named(client, query, named):
    reply = client.post(f"/read?{query}", **FORMS["raw"])
    assert reply.status_code == 422
    assert named in reply.json()["detail"]


@pytest.mark.parametrize("case", WRONG)
def test_everything_wrong_gets_the_answer_that_predict_gives(client, case):
    request, status = WRONG[case]
    reply = client.post("/read", **request)
    assert reply.status_code == status
    assert reply.json() == client.post("/predict", **request).json()


def test_too_many_digits_in_a_picture_are_refused_and_the_picture_is_named(client, monkeypatch):
    def refuse(*_):
        raise TooManyDigits

    monkeypatch.setattr(route, "read_numbers", refuse)
    reply = client.post("/read", json={"images": [BASE64]})
    assert reply.status_code == 422
    sentence = "images[0]: The picture holds more than 256 digits, or as much other ink: send it in parts."
    assert reply.json()["detail"] == sentence


def test_too_many_digits_in_a_batch_are_refused(client, monkeypatch):
    monkeypatch.setattr(route, "MAX_BATCH_DIGITS", 5)
    assert client.post("/read", json={"images": [BASE64] * 2}).status_code == 200
    reply = client.post("/read", json={"images": [BASE64] * 3})
    assert reply.status_code == 422
    assert "more than 5 digits together" in reply.json()["detail"]


def test_digits_are_counted_by_their_verdicts(fresh):
    fresh.post("/read", json={"images": [BASE64] * 3})
    seen = metrics(fresh)
    assert seen["inkscope_requests_total", "/read", "200", "POST"] == 1
    assert seen["inkscope_drawings_total", "digit"] == 6


def test_boxes_lie_on_the_picture_that_was_sent_where_that_is_decoded_at_half_its_size(client):
    large = seventy_seven().resize((2240, 2240), Image.Resampling.NEAREST)
    reply = client.post("/read?segmentation=true", **raw(encoded(large, "JPEG"), "image/jpeg"))
    answer, small = reply.json(), read(client, seventy_seven(), "?segmentation=true")
    assert answer["text"] == "77"
    for found, expected in zip(digits_of(answer), digits_of(small), strict=True):
        np.testing.assert_allclose(found["box"], np.multiply(expected["box"], 8), atol=17)
    first, last = (answer["lines"][0]["segmentation"]["cuts"][i]["points"][0][0] for i in (0, -1))
    assert first == pytest.approx(8 * 20, abs=90)
    assert last == pytest.approx(8 * 250, abs=90)


def test_a_photo_is_read_upright_as_its_exif_says(client):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: shown a quarter turn clockwise
    content = io.BytesIO()
    seventy_seven().rotate(90, expand=True).save(content, "JPEG", exif=exif, quality=95)
    assert client.post("/read", **raw(content.getvalue(), "image/jpeg")).json()["text"] == "77"


VARIANTS = json.loads((ROOT / "tests" / "fixtures" / "handwriting.json").read_text())
SIDE = 80  # pixels of a digit's pad
many = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
written = st.tuples(st.sampled_from(sorted(VARIANTS)), st.integers(0, 19), st.integers(0, 12))


def number(digits, line_height=SIDE):
    """A line of digits by people, each in a pad of its own, so many pixels lower."""
    sheet = Image.new("L", (SIDE * len(digits), line_height + 14), 255)
    for i, (name, which, lower) in enumerate(digits):
        strokes = VARIANTS[name]["drawings"][which]
        sheet.paste(render([np.array(stroke) for stroke in strokes], 0.06, SIDE), (SIDE * i, lower))
    return sheet


def moved(image, place, size):
    sheet = Image.new("L", size, 255)
    sheet.paste(image, place)
    return sheet


@many
@given(st.lists(written, min_size=1, max_size=5))
def test_boxes_lie_in_the_picture_and_digits_in_the_order_of_the_text(client, digits):
    image = number(digits)
    answer = read(client, image)
    assert answer["text"] == "\n".join(line["text"] for line in answer["lines"])
    for line in answer["lines"]:
        boxes = [line["box"], *(digit["box"] for digit in line["digits"])]
        for x, y, width, height in boxes:
            assert 0 <= x < x + width <= image.width
            assert 0 <= y < y + height <= image.height
        assert [x for x, *_ in boxes[1:]] == sorted(x for x, *_ in boxes[1:])
        for character, digit in zip(line["text"], line["digits"], strict=True):
            assert character in {str(digit["digit"]), "?"}
    tops = [line["box"][1] for line in answer["lines"]]
    assert tops == sorted(tops)


@many
@given(st.lists(written, min_size=1, max_size=4), st.integers(0, 60), st.integers(0, 60))
def test_moving_a_drawing_does_not_change_the_text(client, digits, x, y):
    image = number(digits)
    size = (image.width + 60, image.height + 60)
    first, second = (read(client, moved(image, place, size)) for place in ((0, 0), (x, y)))
    assert first["text"] == second["text"]
    for before, after in zip(digits_of(first), digits_of(second), strict=True):
        np.testing.assert_allclose(np.subtract(after["box"], before["box"]), [x, y, 0, 0], atol=1e-6)


@many
@given(st.lists(written, min_size=1, max_size=4))
def test_a_drawing_of_twice_the_size_has_the_same_text(client, digits):
    image = number(digits)
    double = image.resize((2 * image.width, 2 * image.height), Image.Resampling.NEAREST)
    assert read(client, double)["text"] == read(client, image)["text"]


HOSTILE = {
    "one pixel": Image.new("L", (1, 1)),
    "a row": Image.fromarray(np.random.default_rng(0).integers(0, 256, (1, 4000), dtype=np.uint8)),
    "a column": Image.fromarray(np.random.default_rng(0).integers(0, 256, (4000, 1), dtype=np.uint8)),
    "noise": Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 300), dtype=np.uint8)),
    "specks": Image.fromarray((np.random.default_rng(0).random((600, 600)) < 0.01).astype(np.uint8) * 255),
    "all black": Image.new("RGB", (400, 400)),
    "transparent": Image.new("RGBA", (400, 400)),
    "a chess board": Image.fromarray(np.kron(np.indices((40, 40)).sum(0) % 2, np.ones((9, 9))).astype(np.uint8) * 255),
    "as large as may be": Image.new("1", (2000, 2000)),
    "stripes": Image.fromarray((np.arange(500) % 4 // 2 * 255).astype(np.uint8)[None].repeat(500, axis=0)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_picture_makes_the_server_fail(client, name):
    reply = client.post("/read?activations=true&segmentation=true", **raw(encoded(HOSTILE[name])))
    assert reply.status_code in {200, 422}
    assert client.post("/predict", **raw(encoded(HOSTILE[name]))).status_code == 200


@many
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32), st.floats(0, 1))
def test_no_scatter_of_ink_makes_the_server_fail(client, width, height, seed, share):
    assume(width * height > 1)
    ink = np.random.default_rng(seed).random((height, width)) < share
    reply = client.post("/read?segmentation=true", **raw(encoded(Image.fromarray(ink))))
    assert reply.status_code in {200, 422}
