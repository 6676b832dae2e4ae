"""Photographs dropped, and numbers written, in Firefox and in WebKit: each answer is the API's for the same file."""

import base64
import json
import time
import urllib.request

import pytest

from tests.e2e.actions import written
from tests.e2e.photographs import HAND_OVER, Photograph, percent, photographs
from tests.e2e.webdriver import Engine, firefox, webkit

SECONDS = 30
FIGURES = "return [...document.querySelectorAll('#figures .line')].map((line) => line.textContent)"
# A mouse writes strokes, in heights of the sheet.
WRITE = """
    const pad = document.querySelector("#pad");
    for (const stroke of arguments[0]) {
        const { left, top, height } = pad.getBoundingClientRect();
        const send = (kind, [x, y], buttons) => pad.dispatchEvent(new PointerEvent(kind, {
            clientX: left + x * height, clientY: top + y * height, pointerId: 1, pointerType: "mouse", isPrimary: true,
            button: kind === "pointermove" ? -1 : 0, buttons, bubbles: true, cancelable: true,
        }));
        send("pointerdown", stroke[0], 1);
        stroke.slice(1).forEach((point) => send("pointermove", point, 1));
        send("pointerup", stroke.at(-1), 0);
    }
"""
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


@pytest.fixture
def wide(page):
    """The page with a sheet for a number; the next test finds the other one again."""
    page.run("document.querySelector('input[name=mode][value=number]').click()")
    yield page
    page.run("sessionStorage.clear(); document.querySelector('input[name=mode][value=digit]').click()")


def test_a_number_is_written_and_read_and_its_figures_are_chosen(wide):
    wide.run(WRITE, written("427"))
    until(wide, FIGURES, ["427"])
    wide.run("document.querySelector('#figures button').click()")
    until(wide, "return document.querySelector('#bars .top').dataset.digit", "4")
    until(wide, "return document.querySelectorAll('.figure-box[data-chosen]').length", 1)
    place = "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()"
    sheet, box = wide.run(place, "#pad"), wide.run(place, ".figure-box")
    assert box["left"] == pytest.approx(sheet["left"] + 0.2 * sheet["height"], abs=0.1 * sheet["height"])


def test_two_lines_are_read_and_cut(wide):
    wide.run(WRITE, [*written("42", top=0.08, height=0.36), *written("27", top=0.56, height=0.36)])
    until(wide, FIGURES, ["42", "27"])
    wide.run("document.querySelector('#cuts-button').click()")
    until(wide, "return document.querySelectorAll('#segmentation .bar').length >= 2", expected=True)
