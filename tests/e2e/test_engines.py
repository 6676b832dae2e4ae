"""Photographs of five kinds, dropped in Firefox and in WebKit: each answer is the API's for the same file."""

import base64
import json
import time
import urllib.request

import pytest

from tests.e2e.photographs import HAND_OVER, Photograph, percent, photographs
from tests.e2e.webdriver import Engine, firefox, webkit

SECONDS = 30
BARS = "return [...document.querySelectorAll('#bars .share')].map((share) => share.textContent)"


@pytest.fixture(scope="module", params=[firefox, webkit], ids=lambda start: start.__name__)
def engine(request):
    with request.param() as engine:
        yield engine


@pytest.fixture
def page(engine: Engine, live_server):
    """The page, once the digit is there that is on the pad before anybody draws."""
    engine.open(live_server)
    until(engine, "return document.querySelector('#answer').textContent", "3")
    return engine


def until(engine, script, expected):
    """Waits for what a script returns."""
    end = time.monotonic() + SECONDS
    while (found := engine.run(script)) != expected:
        assert time.monotonic() < end, f"{found} is not {expected}"
        time.sleep(0.05)


def drop(page, photo: Photograph):
    content = base64.b64encode(photo.content).decode()
    page.run(f"({HAND_OVER})(...arguments)", "drop", content, photo.name, photo.kind)


def answer_of_the_api(server, photo):
    request = urllib.request.Request(f"{server}/predict", photo.content, {"Content-Type": photo.kind})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


@pytest.mark.parametrize("photo", photographs(), ids=lambda photo: photo.name)
def test_a_dropped_photo_has_the_answer_that_the_api_gives_for_its_file(page, live_server, photo):
    drop(page, photo)
    until(page, "return document.querySelector('#answer').textContent", str(photo.digit))
    expected = answer_of_the_api(live_server, photo)
    until(page, BARS, [percent(share) for share in expected["probabilities"]])


def test_a_photo_is_turned_and_the_cut_out_shown(page):
    phone, *_ = photographs()
    drop(page, phone)
    until(page, "return document.querySelector('#answer').textContent", str(phone.digit))
    box = page.run("return document.querySelector('.cutout').getBoundingClientRect().toJSON()")
    assert box["height"] > box["width"] > 0
    page.run("document.querySelector('#turn').click()")
    until(
        page,
        "const { height, width } = document.querySelector('.cutout').getBoundingClientRect(); return width > height",
        expected=True,
    )
