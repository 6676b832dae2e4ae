"""The panel of one neuron."""

import re
import time
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import (
    FAILED,
    FRAME,
    box_of,
    draw,
    draw_answered,
    final_answer,
    number,
    opened,
    placed,
    press,
    scroll_width,
    unfold,
    until,
)
from tests.e2e.answers import explained, predicted
from tests.e2e.conftest import PHONE

LINES = """[...document.querySelectorAll("#connections path")]
    .reduce((lines, path) => lines + (path.getAttribute("d") ?? "").split("M").length - 1, 0)"""
GALLERY = {"pictures": [[255] * 784] * 7, "labels": [7, 7, 1, 9, 8, 7, 4], "values": [9.81, 9, 8, 7, 6, 5, 4]}


def with_gallery(page: Page) -> None:
    page.route("**/model/gallery/**", lambda route: route.fulfill(json=GALLERY))


@pytest.fixture
def page(open_page):
    return open_page(routes=with_gallery)


def strongest(answer: Any, layer: int) -> int:
    return int(np.argmax(answer["activations"][layer]["values"]))


def column(body: Locator, table: str, cell: str) -> list[float]:
    return [number(text) for text in body.locator(f"{table} tbody {cell}").all_inner_texts()]


def tile(page: Page, unit: int, columns: int = 8, rows: int = 16) -> tuple[float, float]:
    box = box_of(page.locator("[data-layer=hidden1]"))
    x, y = (unit % columns + 0.5) / columns, (unit // columns + 0.5) / rows
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def click_tile(page: Page, unit: int) -> None:
    page.mouse.click(*tile(page, unit))


def lines(page: Page) -> list[str]:
    """The connections: the path of each kind and width."""
    paths: list[str] = page.locator("#connections path").evaluate_all(
        "(paths) => paths.map((path) => path.getAttribute('d'))"
    )
    return paths


def test_the_strongest_neuron_of_the_last_layer_comes_first_with_what_it_adds_to_each_score(page, live_server):
    body = opened(page, "neuron")
    brightest = strongest(predicted(page, live_server), 1)
    expect(body.locator(".sentence")).to_contain_text(f"Neuron {brightest} of hidden layer 2 says")
    expect(body.get_by_label("Neuron", exact=True)).to_have_value(str(brightest))
    expect(body.get_by_role("radio", name="Hidden layer 2")).to_be_checked()
    truth = explained(page, live_server, unit=f"hidden2.{brightest}")["unit"]
    rows = np.reshape(column(body, ".logit-bars", "td:not(.bar)"), (10, 2))
    votes = np.array(truth["votes"]) - np.mean(truth["votes"])
    assert rows[:, 1] == pytest.approx(votes, abs=0.00051)
    assert rows[:, 0] == pytest.approx(rows[:, 1] * round(truth["value"], 2), abs=0.0051)


def test_a_neuron_that_is_pointed_at_shows_what_it_looks_for_and_only_its_connections(page, live_server):
    draw(page, placed(7))
    final_answer(page)
    answer = predicted(page, live_server)
    unit = strongest(answer, 0)
    until(page, f"{LINES} > 40")  # those from the picture too
    every = lines(page)
    page.mouse.move(*tile(page, unit))
    tip = page.locator(".neuron-tip")
    expect(tip.locator("canvas")).to_be_visible()
    said = explained(page, live_server, unit=f"hidden1.{unit}")["unit"]["votes"]
    value = answer["activations"][0]["values"][unit]
    expect(tip).to_contain_text(f"says {value:.2f}: most for {np.argmax(said)}, most against {np.argmin(said)}")
    corner = box_of(page.locator("#connections"))
    x, y = tile(page, unit)
    its = f"{x - corner['x']:.1f} {y - corner['y']:.1f}"
    own = "".join(lines(page)).split("M")[1:]
    assert own
    assert all(line.startswith(its) or line.endswith(its) for line in own)
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    assert lines(page) == every
    page.mouse.move(*tile(page, unit))
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")  # wherever the focus is
    expect(tip).to_be_hidden()
    assert page.locator("#answer").inner_text() == "7"


def test_a_finger_that_stays_on_a_neuron_looks_and_one_that_taps_opens_it(open_page):
    def losing(page: Page) -> None:
        with_gallery(page)
        page.route("**/model/weights/1?*", lambda route: route.abort())

    page = open_page(has_touch=True, routes=losing, may_fail=FAILED)
    draw(page, placed(7))
    final_answer(page)
    session = page.context.new_cdp_session(page)
    x, y = tile(page, 33)
    down = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}], "timestamp": time.time() - 1}
    session.send("Input.dispatchTouchEvent", down)
    tip = page.locator(".neuron-tip")
    expect(tip).to_contain_text("What it looks for did not come.")
    expect(tip.locator("canvas")).to_be_hidden()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(tip).to_be_hidden()
    assert not page.locator("#neuron").evaluate("(panel) => panel.open")
    page.touchscreen.tap(x, y)
    expect(page.locator("#neuron .sentence")).to_contain_text("Neuron 33")


def test_a_tile_opens_its_neuron_and_the_sum_is_the_servers_and_adds_up(page, live_server):
    draw(page, placed(7))
    final_answer(page)
    unit = strongest(predicted(page, live_server), 0)
    click_tile(page, unit)
    body = page.locator("#neuron .body")
    expect(body.locator(".sentence")).to_contain_text(f"Neuron {unit} of hidden layer 1 says")
    truth = explained(page, live_server, unit=f"hidden1.{unit}")["unit"]
    raises, lowers, bias, pre_activation, activation = (
        number(text) for text in body.locator(".sum td").all_inner_texts()
    )
    assert raises + lowers + bias == pytest.approx(pre_activation, abs=1e-9)
    assert (pre_activation, activation) == pytest.approx((truth["total"], truth["value"]), abs=0.0051)
    assert bias == pytest.approx(truth["bias"], abs=0.011)


def test_each_listed_input_opens_that_neuron(page, live_server):
    body = opened(page, "neuron")
    unit = f"hidden2.{strongest(predicted(page, live_server), 1)}"
    feed = explained(page, live_server, unit=unit)["unit"]["feeds"][0]
    first = body.locator(".feed").first
    expect(first).to_contain_text(f"hidden1.{feed['number']}")
    assert number(first.locator(".part").inner_text()) == pytest.approx(feed["part"], abs=0.0051)
    first.click()
    expect(body.locator(".sentence")).to_contain_text(f"Neuron {feed['number']} of hidden layer 1")
    expect(body.locator(".feed:visible")).to_have_count(0)


def test_a_neurons_parts_stay_in_their_column_and_its_mark_in_the_network_goes_when_the_panel_is_folded(page):
    body = opened(page, "neuron")
    expect(body.locator(".feed .part").first).to_be_visible()
    wider = "(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.textContent)"
    assert body.locator(".feed .part").evaluate_all(wider) == []
    expect(page.locator("#network .chosen")).to_be_visible()
    unfold(page, "neuron")
    expect(page.locator("#network .chosen")).to_be_hidden()


def test_any_neuron_is_reached_with_the_keyboard(page, live_server):
    body = opened(page, "neuron")
    body.get_by_role("radio", name="Hidden layer 2").focus()
    page.keyboard.press("ArrowLeft")
    brightest = strongest(predicted(page, live_server), 0)
    expect(body.locator(".sentence")).to_contain_text(f"Neuron {brightest} of hidden layer 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("127")
    page.keyboard.press("Enter")
    expect(body.locator(".sentence")).to_contain_text("Neuron 127 of hidden layer 1")
    expect(page.locator("#announcer")).to_contain_text("Neuron 127 of hidden layer 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # round and round
    expect(body.locator(".sentence")).to_contain_text("Neuron 0 of hidden layer 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(body.locator(".sentence")).to_contain_text(f"Neuron {brightest} of hidden layer 1")


def test_a_neuron_that_is_opened_by_key_takes_the_focus_along(page):
    draw_answered(page, placed(7), "7")
    page.get_by_role("application", name=re.compile("Hidden layer 1")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#neuron > summary")).to_be_focused()
    expect(page.locator("#neuron > summary")).to_be_in_viewport()
    page.locator("#neuron .switch, #neuron button").first.focus()
    page.keyboard.press("Escape")  # in a panel, it clears nothing
    page.evaluate(FRAME)
    assert page.locator("#answer").inner_text() == "7"


def test_a_neuron_with_a_negative_sum_is_inactive(page, live_server):
    body = opened(page, "neuron")
    inactive = next(i for i, value in enumerate(predicted(page, live_server)["activations"][1]["values"]) if value == 0)
    body.get_by_label("Neuron", exact=True).fill(str(inactive))
    page.keyboard.press("Enter")
    expect(body.locator(".sentence")).to_have_text(
        re.compile(rf"Neuron {inactive} of hidden layer 2 heard −\d+\.\d\d, less than zero, so it says nothing\.")
    )
    expect(body.locator(".logit-bars tbody td").nth(1)).to_have_text("nothing")


def test_a_neuron_is_switched_off_and_on_again(page):
    body = opened(page, "neuron")
    expect(body.locator(".sentence")).to_contain_text(" says ")
    before = body.locator(".sentence").inner_text()
    body.get_by_role("button", name="Switch this neuron off").click()
    expect(body.locator(".sentence")).to_contain_text("is switched off: it heard")
    expect(page.locator("#ablation")).to_contain_text("1 neuron is switched off.")
    body.get_by_role("button", name="Switch this neuron on").click()
    expect(body.locator(".sentence")).to_have_text(before)


def test_the_picture_of_a_deep_neuron_changes_with_the_drawing(page):
    body = opened(page, "neuron")
    canvas = "document.querySelector('#neuron .heatmap').toDataURL()"
    expect(body.locator(".top-pictures b").first).to_be_visible()
    page.evaluate(f"window.before = {canvas}")
    press(page, [(0.3, 0.85), (0.7, 0.85)])
    until(page, f"{canvas} !== window.before")


def test_on_a_phone_six_training_pictures_are_shown_with_their_labels(open_page):
    page = open_page(viewport=PHONE, routes=with_gallery)
    body = opened(page, "neuron")
    expect(body.locator(".pictures li")).to_have_text(
        ["a 7 9.8", "a 7 9.0", "a 1 8.0", "a 9 7.0", "an 8 6.0", "a 7 5.0"]
    )
    expect(body.get_by_role("img", name="A training picture: an 8")).to_be_visible()
    assert scroll_width(page) == PHONE["width"]


def test_without_pictures_the_panel_shows_a_sentence_until_the_next_drawing_brings_them(open_page):
    page = open_page(
        may_fail=FAILED,
        routes=lambda page: page.route("**/model/gallery/**", lambda route: route.fulfill(status=404, body="{}")),
    )
    body = opened(page, "neuron")
    expect(body.locator(".top-pictures")).to_have_text(re.compile("^No training pictures are to be had"))
    page.unroute("**/model/gallery/**")
    with_gallery(page)
    press(page, [(0.1, 0.1), (0.2, 0.12)])
    expect(body.locator(".pictures li")).to_have_count(6)


def test_on_a_blank_pad_it_asks_for_a_drawing(page):
    body = opened(page, "neuron")
    page.locator("#clear").click()
    expect(body.locator(".sentence")).to_have_text("Draw something, and look inside any neuron that hears it.")
    expect(body.locator("canvas:visible, button:visible")).to_have_count(0)
    draw(page, placed(1))
    expect(body.locator(".sentence")).to_contain_text("of hidden layer 2")
