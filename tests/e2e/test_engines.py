"""The pages in three engines, as a visitor, a pupil on a phone, a teacher and a person with a keyboard use them."""

import base64
import json
import time
import urllib.request

import pytest

from tests.e2e.actions import SEVEN, placed, written
from tests.e2e.conftest import PHONE
from tests.e2e.photographs import HAND_OVER, Photograph, percent, photographs
from tests.e2e.webdriver import Chromium, Engine, firefox, webkit

SECONDS = 30
DESKTOP, PROJECTOR = (1280, 860), (1920, 1080)  # some engines' windows have a frame in that
ANSWER = "return document.querySelector('#answer').textContent"
BARS = "return [...document.querySelectorAll('#bars .share')].map((share) => share.textContent)"
TOP = "return document.querySelector('#bars .top').dataset.digit"
FIGURES = "return [...document.querySelectorAll('#figures .line')].map((line) => line.textContent)"
MOVE = """
    const slider = document.querySelector(arguments[0]);
    slider.value = slider[arguments[1]];
    slider.dispatchEvent(new Event("input", { bubbles: true }));
"""
BOX = "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()"
FOCUSED = "return document.activeElement.matches(arguments[0])"
MOST_STOPS = 60  # of the Tab key
IN_VIEW = """
    const { top, bottom, left, right } = document.querySelector(arguments[0]).getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && bottom > top;
"""
OPEN = "document.querySelectorAll('#panels details:not([open]) > summary').forEach((summary) => summary.click())"
# What each panel shows of a seven. `all` finds elements in it, `said` matches its text, `painted` canvases.
FOUND = """
    const body = document.querySelector(`#${arguments[0]} .body`);
    const all = (selector) => [...body.querySelectorAll(selector)];
    const said = (pattern) => pattern.test(body.innerText);
    const painted = (selector) => all(selector).length > 0 && all(selector).every((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0));
"""
PANELS = {
    "pixel-attribution": r"said(/A 7 rather than a \d/) && painted('.heatmap') && all('.sum tr').length === 4",
    "stroke-effects": r"all('.stroke-list li').length === 2 && said(/[+−]\d.*without it/s)",
    "timeline": r"painted('.stacked-area') && said(/Now: 7/)",
    "segmentation": r"said(/One digit alone is not cut/)",
    "neuron": r"said(/Neuron \d+ of hidden layer 2/) && painted('.heatmap') && painted('.pictures canvas')",
    "neuron-atlas": r"painted('.tiles canvas') && all('.top-neurons .line').length === 5",
    "helpful-ink": r"said(/more of/) && all('.suggestions li').length + said(/Nothing helps/) > 0",
    "tipping-point": r"painted('.stacked-area') && said(/% (faded|of the way)/)",
    "preprocessing": r"painted('.preprocessing-steps canvas') && said(/Dark on light/)",
    "forward-pass": r"said(/is inked/) && all('math').some((math) => math.getBoundingClientRect().width > 40)",
    "export": r"all('button').length === 4 && all('button:disabled').length === 0",
}


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def any_engine(request):
    if request.param == "chromium":
        chromium = Chromium(request.getfixturevalue("browser"))
        yield chromium
        chromium.page.context.close()
    else:
        with {"firefox": firefox, "webkit": webkit}[request.param]() as engine:
            yield engine


@pytest.fixture
def engine(any_engine: Engine, live_server):
    """It starts without a drawing, and no error may be on the console."""
    any_engine.resize(*DESKTOP)
    yield any_engine
    errors, any_engine.noted = any_engine.errors(), []
    any_engine.open(f"{live_server}/metrics")  # a text: a page would save its drawing when it is left
    any_engine.run("localStorage.clear(), sessionStorage.clear()")
    assert errors == []


@pytest.fixture
def page(engine: Engine, live_server):
    """The first page, once the digit is there that is on the pad before anybody draws."""
    engine.open(live_server)
    until(engine, ANSWER, "3")
    return engine


def until(engine, script, expected, *arguments):
    """Waits for what a script returns."""
    end = time.monotonic() + SECONDS
    while (found := engine.run(script, *arguments)) != expected:
        assert time.monotonic() < end, f"{found} is not {expected}: {script}"
        time.sleep(0.03)


def draw(engine, strokes, *, finger=False):
    """With the mouse, or a finger; the points are in heights of the sheet."""
    pad = engine.run(BOX, "#pad")
    place = [
        [(pad["left"] + x * pad["height"], pad["top"] + y * pad["height"]) for x, y in points] for points in strokes
    ]
    engine.draw(place, finger=finger)


def click(engine, selector, *, finger=False):
    """Where it is, once it is in view."""
    engine.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'nearest' })", selector)
    box = engine.run(BOX, selector)
    engine.draw([[(box["left"] + box["width"] / 2, box["top"] + box["height"] / 2)]], finger=finger)


def tab_to(engine, selector, key="Tab"):
    """With the keyboard, as far as that is; something always has the focus on the way."""
    for _ in range(MOST_STOPS):
        engine.press(key)
        assert engine.run("return document.activeElement !== document.body")
        if engine.run(FOCUSED, selector):
            return
    raise AssertionError(f"{selector} is not reached")


def drop(page, photo: Photograph):
    content = base64.b64encode(photo.content).decode()
    page.run(f"({HAND_OVER})(...arguments)", "drop", content, photo.name, photo.kind)


def answer_of_the_api(server, photo):
    request = urllib.request.Request(f"{server}/predict", photo.content, {"Content-Type": photo.kind})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def test_a_drawing_is_read_shown_in_every_panel_shared_and_reopened(page):
    draw(page, SEVEN)
    until(page, ANSWER, "7")
    page.run(OPEN)
    for panel, shown in PANELS.items():
        until(page, f"{FOUND} return {shown}", True, panel)
    page.run("document.querySelector('#export button').click()")
    link = page.run("return location.href")
    page.run("document.querySelector('#clear').click()")
    until(page, ANSWER, "–")
    page.open("about:blank")
    page.open(link)
    until(page, ANSWER, "7")


def test_a_dropped_photo_has_the_answer_that_the_api_gives_for_its_file_and_is_turned(page, live_server):
    for photo in reversed(photographs()):
        drop(page, photo)
        expected = answer_of_the_api(live_server, photo)
        assert expected["digit"] == photo.digit
        until(page, BARS, [percent(share) for share in expected["probabilities"]])
    upright = page.run(BOX, ".cutout")
    assert upright["height"] > upright["width"] > 0
    page.run("document.querySelector('#turn').click()")
    until(
        page,
        "const { height, width } = document.querySelector('.cutout').getBoundingClientRect(); return width > height",
        expected=True,
    )


def test_numbers_are_written_read_and_cut(page):
    page.run("document.querySelector('input[name=mode][value=number]').click()")
    draw(page, written("427"))
    until(page, FIGURES, ["427"])
    scroll_bar = (
        "const { offsetWidth, clientWidth } = document.querySelector('#figures'); return offsetWidth - clientWidth"
    )
    assert page.run(scroll_bar) == 0
    page.run("document.querySelector('#figures button').click()")
    until(page, TOP, "4")
    until(page, "return document.querySelectorAll('.figure-box[data-chosen]').length", 1)
    sheet, box = page.run(BOX, "#pad"), page.run(BOX, ".figure-box")
    assert box["left"] == pytest.approx(sheet["left"] + 0.2 * sheet["height"], abs=0.1 * sheet["height"])
    page.run("document.querySelector('#clear').click()")
    draw(page, [*written("42", top=0.08, height=0.36), *written("27", top=0.56, height=0.36)])
    until(page, FIGURES, ["42", "27"])
    page.run("document.querySelector('#cuts-button').click()")
    until(page, "return document.querySelectorAll('#segmentation .bar').length >= 2", expected=True)


def test_a_person_with_a_keyboard_alone_draws_asks_why_opens_a_neuron_and_writes_a_number(page):
    tab_to(page, "#pad")
    page.press(*["ArrowUp"] * 9, *["ArrowLeft"] * 5, "Space", *["ArrowRight"] * 10)
    page.press(*["ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"] * 6, "Space")
    until(page, ANSWER, "7")
    tab_to(page, "#reasons-button")
    page.press("Enter")
    until(page, f"{FOUND} return {PANELS['pixel-attribution']}", True, "pixel-attribution")
    until(page, FOCUSED, True, "#pixel-attribution > summary")
    tab_to(page, "#neuron > summary")
    page.press("Enter")
    until(page, f"{FOUND} return {PANELS['neuron']}", True, "neuron")
    tab_to(page, "#neuron input[type=radio]")
    page.press("ArrowLeft")
    until(page, f"{FOUND} return said(/Neuron \\d+ of hidden layer 1/)", True, "neuron")
    tab_to(page, "input[name=mode]", "Shift+Tab")
    page.press("ArrowRight")
    tab_to(page, "#pad")
    page.press("4", "2")
    until(page, FIGURES, ["742"])
    tab_to(page, "#figures button")
    page.press("Home")
    until(page, TOP, "7")
    tab_to(page, "#cuts-button")
    page.press("Enter")
    until(page, "return document.querySelectorAll('#segmentation .bar').length >= 2", expected=True)
    assert page.run("return document.activeElement.closest('#segmentation') !== null")


def test_a_pupil_on_a_phone_draws_with_a_finger_reads_why_and_goes_back_to_the_pad(page):
    page.resize(**PHONE)
    draw(page, SEVEN, finger=True)
    until(page, ANSWER, "7")
    for each in ("#pad", "#answer", "#bars"):
        assert page.run(IN_VIEW, each)
    click(page, "#reasons-button", finger=True)
    until(page, f"{FOUND} return {PANELS['pixel-attribution']}", True, "pixel-attribution")
    until(page, IN_VIEW, True, "#short-answer button")
    assert page.run("return document.querySelector('#short-answer [data-words=verdict]').innerText") == "This is a 7."
    click(page, "#short-answer button", finger=True)
    until(page, IN_VIEW, True, "#pad")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_a_teacher_at_a_projector_has_letters_for_the_last_row_and_all_in_view(page, live_server):
    page.resize(*PROJECTOR)
    draw(page, SEVEN)
    until(page, ANSWER, "7")
    click(page, "#present")
    page.open(live_server)
    until(page, ANSWER, "7")
    assert page.run("return parseFloat(getComputedStyle(document.querySelector('.layer small')).fontSize)") >= 20
    for each in (".pad-frame", "#answer", ".network", "#bars"):
        assert page.run(IN_VIEW, each), each


def test_the_training_is_looked_back_on_for_a_drawing(engine, live_server):
    engine.open(f"{live_server}/training")
    until(engine, ANSWER, "5")  # the sample
    draw(engine, placed(7))
    until(engine, ANSWER, "7")
    until(engine, "return document.querySelectorAll('#filters canvas, #neuron').length >= 2", expected=True)
    at_the_end = engine.run(BARS)
    engine.run(MOVE, "#checkpoint-slider", "min")
    assert engine.run(BARS) != at_the_end
    until(engine, "return document.querySelectorAll('.matrix button').length > 0", expected=True)
    engine.run("document.querySelector('.matrix button').click()")
    until(engine, "return document.querySelectorAll('.behind canvas').length > 0", expected=True)


def test_the_mathematics_is_set_and_its_figures_move(engine, live_server):
    engine.open(f"{live_server}/maths")
    wide, high = (engine.run(f"{BOX}.{side}", ".formula math") for side in ("width", "height"))
    assert wide > high > 10
    result = "return document.querySelector('#fig-temperature .result').textContent"
    before = engine.run(result)
    engine.run(MOVE, "#temperature", "max")
    assert engine.run(result) != before
