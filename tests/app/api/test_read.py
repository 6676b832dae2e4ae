"""POST /read: the numbers in a picture, in every form, digit by digit."""

import base64

import pytest
from PIL import Image, ImageDraw

from tests.app.api.test_predict import WRONG, raw
from tests.app.conftest import encoded, seven


def seventy_seven():
    """Two sevens beside each other, and 20 pixels between them."""
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


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_number_gives_the_same_answer(client, form):
    reply = client.post("/read", **FORMS[form])
    assert reply.json()["text"] == "77"
    assert reply.content == client.post("/read", **FORMS["raw"]).content


def test_a_batch_is_answered_in_its_order(client):
    images = [base64.b64encode(encoded(image)).decode() for image in (seven(), seventy_seven(), Image.new("L", (9, 9)))]
    readings = client.post("/read", json={"images": images}).json()["readings"]
    assert [reading["text"] for reading in readings] == ["7", "77", ""]
    assert readings[1] == read(client, seventy_seven())


@pytest.mark.parametrize("case", WRONG)
def test_everything_wrong_gets_the_answer_that_predict_gives(client, case):
    request, status = WRONG[case]
    reply = client.post("/read", **request)
    assert reply.status_code == status
    assert reply.json() == client.post("/predict", **request).json()
