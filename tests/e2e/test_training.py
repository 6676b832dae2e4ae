"""The page of the training: a drawing recognised at every checkpoint, the first layer, the curves, the mistakes."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Response, expect
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.checkpoints import EPOCHS, STEPS, weights_with_checkpoints
from tests.conftest import WEIGHTS, Server
from tests.e2e.actions import (
    FAILED,
    FRAMES,
    box_of,
    draw,
    hold_clock,
    inked,
    install_clock,
    placed,
    press,
    scroll_width,
    until,
)
from tests.e2e.test_access import SIZES, faults, small_targets

LAST = len(STEPS) - 1
SEVEN = re.compile(rf"After {EPOCHS} epochs: .* sure of a 7\.")
READ = re.compile(r"sure of an? \d")


@pytest.fixture(scope="module")
def training(tmp_path_factory):
    """The address of the page, of a server whose network has five checkpoints."""
    weights = weights_with_checkpoints(tmp_path_factory.mktemp("checkpoints"))
    server = Server(INKSCOPE_ACCESS_LOG="false", INKSCOPE_WEIGHTS=str(weights)).wait()
    yield f"{server.url}/training"
    server.stop()


@pytest.fixture
def page(open_page, training):
    page = open_page(url=training)
    expect(page.locator("#sentence")).to_have_text(READ)
    return page


def shares(page):
    """The ten probabilities on show, in percent."""
    return [float(text.strip("%>")) for text in page.locator("#bars .share").all_inner_texts()]


def opacity(page):
    """Of the first layer's pictures, on average."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelector(".filters canvas");
            const { width, height } = canvas;
            const shown = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
            shown.drawImage(canvas, 0, 0);
            const alpha = shown.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 3);
            return alpha.reduce((sum, value) => sum + value / alpha.length, 0);
        }"""
    )


def test_the_bars_of_each_checkpoint_are_what_the_server_answers(open_page, training):
    replies: list[Response] = []

    def note(page):
        page.on("response", lambda reply: replies.append(reply))  # noqa: PLW0108 - Playwright marks what it calls

    page = open_page(url=training, before=note)
    draw(page, placed(7))
    expect(page.locator("#sentence")).to_have_text(SEVEN)
    expect(page.locator("#announcer")).to_have_text(re.compile("7 (from|before)"))
    predicted = [reply for reply in replies if reply.url.endswith("/judge")][-1].json()["probabilities"]
    slider = page.locator("#checkpoint-slider")
    slider.press("Home")
    for checkpoint, probabilities in enumerate(predicted):
        assert slider.input_value() == str(checkpoint)
        assert shares(page) == pytest.approx([100 * share for share in probabilities], abs=0.11)
        assert page.locator("#answer").inner_text() == str(probabilities.index(max(probabilities)))
        assert slider.get_attribute("aria-valuetext") == page.locator("#sentence").inner_text()
        slider.press("ArrowRight")


def test_the_bars_stand_beside_their_rows_of_the_chart_and_the_first_layer_is_on_the_first_screen(page):
    chart, bars = box_of(page.locator("#checkpoint-chart")), page.locator("#bars li")
    for digit in (0, 9):
        bar = box_of(bars.nth(digit))
        assert bar["y"] == pytest.approx(chart["y"] + digit * (chart["height"] - 20) / 10, abs=2)
        assert bar["height"] == pytest.approx((chart["height"] - 20) / 10, abs=1)
    assert box_of(page.locator("#bars .track").first)["width"] > 100
    assert box_of(page.locator("#filters"))["y"] < 600


def test_checkpoints_are_reached_by_dragging_over_the_chart_and_one_at_a_time(page):
    box = page.locator("#checkpoint-chart").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 50)
    page.mouse.down()
    expect(page.locator("#sentence")).to_have_text(re.compile("Before the first step"))
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + 60, steps=4)
    expect(page.locator("#sentence")).to_have_text(re.compile(f"After {EPOCHS} epochs"))
    page.mouse.up()
    for checkpoint in (0, 1):  # less motion was asked for
        page.get_by_role("button", name="Next stage").click()
        expect(page.locator("#checkpoint-slider")).to_have_value(str(checkpoint))


def test_the_sample_goes_when_somebody_draws_and_a_cleared_drawing_can_be_brought_back(page):
    assert page.locator("#workspace[data-placeholder]").count() == 1
    draw(page, placed(1))
    expect(page.locator("#sentence")).to_have_text(re.compile("sure of a 1"))
    assert page.locator("#workspace[data-placeholder]").count() == 0
    page.get_by_role("button", name="Write a 4").click()
    expect(page.locator("#sentence")).to_have_text(re.compile("sure of a 4"))
    page.keyboard.press("Escape")
    expect(page.locator("#sentence")).to_have_text("Draw a digit.")
    assert inked(page) == 0
    assert page.locator("#bars").inner_text().count("–") == 10
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#sentence")).to_have_text(re.compile("sure of a 4"))


def test_the_training_is_played_to_its_end_and_can_be_paused(open_page, training):
    page = open_page(url=training, reduced_motion="no-preference", before=install_clock)
    play, slider = page.locator("#play"), page.locator("#checkpoint-slider")
    expect(page.locator("#sentence")).to_have_text(READ)
    hold_clock(page)
    play.click()
    expect(slider).to_have_value("0")
    page.clock.run_for(1000)
    expect(slider).to_have_value("2")
    play.click()
    expect(play).to_have_text("Play its training")
    page.clock.run_for(1000)
    expect(slider).to_have_value("2")
    play.click()
    page.clock.run_for(5000)
    expect(slider).to_have_value(f"{LAST}")
    expect(play).to_have_text("Play its training")
    slider.press("ArrowLeft")
    play.click()
    expect(slider).to_have_value(f"{LAST}")
    page.clock.run_for(1000)
    expect(play).to_have_text("Play its training")


def test_an_interrupted_sample_gives_the_drawing_back_and_keys_work_as_on_the_first_page(open_page, training):
    page = open_page(url=training, reduced_motion="no-preference", before=install_clock)
    draw(page, placed(4))
    hold_clock(page)
    page.clock.run_for(50)
    drawn = inked(page)
    page.get_by_role("button", name="Write a 1").click()
    page.clock.run_for(200)
    assert 0 < inked(page) < drawn
    for key, ink in (("z", drawn), ("Shift+Z", 0), ("z", drawn), ("y", 0), ("z", drawn)):
        page.keyboard.press(f"Control+{key}")
        page.clock.run_for(50)
        assert inked(page) == pytest.approx(ink, abs=2e-3)
    page.keyboard.press("Delete")
    press(page, placed(7)[0], lift=False)
    page.clock.run_for(50)
    seven = inked(page)
    page.keyboard.press("1")  # writes no sample under the pen
    page.mouse.up()
    page.clock.run_for(3000)
    assert inked(page) == pytest.approx(seven, abs=2e-3)


def test_the_first_layer_is_fetched_once_on_either_scale_and_each_neuron_can_be_enlarged(open_page, training):
    asked: list[str] = []

    def note(page):
        page.on("request", lambda request: asked.append(request.url.partition("/training/weights/")[2]))

    page = open_page(url=training, before=note)
    line = page.locator("#neuron-line")
    expect(line).to_have_text(f"Neuron 0, after {EPOCHS} epochs.")
    assert "0" not in asked
    slider = page.locator("#checkpoint-slider")
    for key, when in (("Home", "before the first step"), ("End", f"after {EPOCHS} epochs")) * 2:
        slider.press(key)
        expect(line).to_have_text(f"Neuron 0, {when}.")
    assert asked.count("0") == asked.count(f"{LAST}") == 1
    page.locator(".filters").press("ArrowRight")
    expect(line).to_have_text(f"Neuron 1, after {EPOCHS} epochs.")
    expect(page.locator("#announcer")).to_have_text(f"Neuron 1, after {EPOCHS} epochs.")
    box = page.locator(".filters").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    expect(line).to_have_text(f"Neuron 127, after {EPOCHS} epochs.")
    slider.press("Home")
    expect(line).to_have_text("Neuron 127, before the first step.")
    noise = opacity(page)
    page.get_by_label("All stages on one colour scale").check()
    assert any(opacity(page) < 0.7 * noise for _ in range(FRAMES))  # random weights are smaller than learned ones


def test_the_curves_are_read_by_key_and_follow_the_checkpoint_slider(page):
    report = json.loads(WEIGHTS.with_name("report.json").read_text())
    readout = page.locator(".curve-readout")
    expect(readout).to_have_text(re.compile(f"^Epoch {len(report['history'])}: "))
    slider = page.get_by_role("slider", name="Epoch whose numbers are read")
    slider.press("Home")
    first = report["history"][0]
    expect(readout).to_have_text(re.compile(rf"^Epoch 1: loss {first['loss']:.3g} in learning"))
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == readout.inner_text()
    assert readout.inner_text().startswith("Epoch 2: ")
    page.locator("#checkpoint-slider").press("ArrowLeft")
    before = min(EPOCHS * STEPS[-2] // STEPS[-1], len(report["history"]))
    expect(readout).to_have_text(re.compile(f"^Epoch {before}: "))
    hit = """[...document.querySelectorAll("#curves svg")].flatMap((svg) => ["train", "validation"].filter((kind) => {
        const { x, y, width, height } = svg.querySelector(`text.${kind}`).getBBox();
        const inside = (at) => at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + 0.8 * height;
        const curve = svg.querySelector(`path.${kind}`);
        return Array.from({ length: curve.getTotalLength() }, (_, i) => curve.getPointAtLength(i)).some(inside);
    }))"""
    assert page.evaluate(hit) == []
    page.locator("#curves summary").click()
    assert page.locator("#curves tbody tr").count() == len(report["history"])


def test_a_cell_opens_the_pictures_that_it_counts(page):
    confusion = json.loads(WEIGHTS.with_name("report.json").read_text())["mnist_test"]["confusion"]
    count, true, answer = max((confusion[true][answer], true, answer) for answer in range(10) for true in range(answer))
    pictures = page.locator("#confusion .pictures li")
    cell = page.get_by_role("button", name=re.compile(rf"of an? {true} (was|were) taken for an? {answer}\."))
    cell.click()
    expect(page.locator("#confusion .sentence")).to_have_text(cell.get_attribute("aria-label") or "")
    expect(pictures).to_have_count(count)
    expect(pictures.first).to_have_text(re.compile(rf"{true} read as {answer} .*% sure"))
    page.keyboard.press("ArrowDown")
    below = next(digit for digit in range(true + 1, 10) if confusion[digit][answer])
    words = re.compile("read right" if below == answer else rf"of an? {below} .* taken for an? {answer}\.")
    expect(page.locator("#confusion .sentence")).to_have_text(words)
    assert words.search(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def test_the_drawing_is_kept_from_page_to_page_and_back(open_page, training):
    page = open_page(url=training.removesuffix("training"))
    pages = page.get_by_role("navigation", name="Pages")
    draw(page, placed(7))
    pages.get_by_role("link", name="Training").click()
    expect(page.locator("#sentence")).to_have_text(SEVEN)
    assert page.locator("#workspace[data-placeholder]").count() == 0
    page.get_by_role("button", name="Write a 4").click()
    expect(page.locator("#sentence")).to_have_text(re.compile("sure of a 4"))
    pages.get_by_role("link", name="Draw").click()
    expect(page.locator("#answer")).to_have_text("4")


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, training, size, theme):
    page = open_page(url=training, viewport=SIZES[size], color_scheme=theme, bypass_csp=True)
    expect(page.locator("#confusion .pictures li").first).to_be_visible()
    expect(page.locator("#neuron-line")).not_to_be_empty()
    for summary in page.locator("details summary").all():
        summary.click()
    assert faults(page) == []
    assert small_targets(page) == []
    assert scroll_width(page) <= SIZES[size]["width"]
    longest = max(box_of(fill)["width"] for fill in page.locator(".per-digit .fill").all())
    assert longest > 40
    chart = box_of(page.locator(".reliability"))
    for word in map(box_of, page.locator(".reliability > text").all()):
        assert chart["x"] <= word["x"]
        assert word["x"] + word["width"] <= chart["x"] + chart["width"]
    page.emulate_media(forced_colors="active")
    for part in ("#checkpoint-slider", ".per-digit .fill.mnist >> nth=9", ".matrix [aria-pressed=true]"):
        shown = np.asarray(Image.open(io.BytesIO(page.locator(part).screenshot())).convert("L"))
        assert np.ptp(shown) > 127, part
    page.emulate_media(forced_colors="none")


def test_a_server_that_goes_away_is_reported_and_what_is_missing_comes_once_it_is_back(open_page, training):
    page = open_page(url=training, may_fail=FAILED)
    expect(page.locator("#sentence")).to_have_text(READ)
    until(page, "document.querySelectorAll('#confusion .pictures li').length > 0")
    expect(page.locator("#neuron-line")).not_to_be_empty()
    last = opacity(page)
    routes = ["**/training/*", "**/training/mistakes/**", "**/readyz"]
    for url in routes:
        page.route(url, lambda route: route.abort())
    page.locator("#checkpoint-slider").press("Home")
    page.locator(".matrix button").nth(3).click()
    expect(page.locator("#status")).to_contain_text("cannot be reached")
    expect(page.locator("#confusion .note")).to_contain_text("could not be fetched")
    page.locator("#clear").click()
    draw(page, placed(7))
    expect(page.locator("#sentence")).to_have_text("No answer yet.")
    for url in routes:
        page.unroute(url)
    expect(page.locator("#status")).to_have_text("")
    expect(page.locator("#sentence")).to_have_text(READ)
    until(page, "document.querySelectorAll('#confusion .pictures li').length > 0")
    assert any(opacity(page) != last for _ in range(FRAMES))


def test_a_sentence_takes_the_place_of_what_the_server_does_not_answer(open_page, training):
    def failing(page):
        for path in ("/training/history", "/model"):
            page.route(f"**{path}", lambda route: route.fulfill(status=204))

    page = open_page(url=training, routes=failing)
    for place in ("#status", "#curves", "#confusion"):
        expect(page.locator(place)).to_have_text("The server did not answer. Reload the page to try again.")


def test_without_checkpoints_figures_or_history_there_are_sentences_instead(open_page, training, tmp_path):
    (tmp_path / "digits.npz").write_bytes(WEIGHTS.read_bytes())
    with TestClient(create_app(Settings(weights=tmp_path / "digits.npz", access_log=False))) as bare:
        html = bare.get("/training").text

    def without(page):
        page.route(training, lambda route: route.fulfill(body=html, content_type="text/html"))

    page = open_page(url=training, routes=without)
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("No stages of this network’s training are stored").is_visible()
    assert page.get_by_text("Nothing is known of how these weights were trained").is_visible()
    assert page.get_by_text("No report about this network lies beside its weights").is_visible()
    assert page.locator("#pad, #checkpoint-slider, #confusion, #digits").count() == 0
