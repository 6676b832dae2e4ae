"""The panel of the tipping point: fading strokes, drawings that turn into other digits, and where the answer flips."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Response, expect

from model.explain import Explainer
from tests.e2e.actions import FAILED, choose_photo_of_a_one, draw_answered, placed, scroll_width, unfold
from tests.e2e.conftest import PHONE

SENTENCE = "#tipping-point .sentence"
PLACE = "#tipping-point .here p"
CLOSE = 1e-6  # of the path: nearer to a tipping point than any sample


@pytest.fixture
def drawn(open_page):
    page = open_page()
    route_typical_digits(page)
    return _drawn(page)


def _drawn(page: Page) -> Page:
    """A 4 in two strokes."""
    draw_answered(page, placed(4), "4")
    return page


FADE = "Fade a stroke"


def typical() -> list[list[int]]:
    """A picture for each digit: a ring for the 0, anything for the others."""
    pictures: list[list[int]] = np.random.default_rng(0).integers(0, 256, size=(10, 784)).tolist()
    rows, columns = np.indices((28, 28)) - 13.5
    ring = np.abs(np.hypot(rows, columns * 1.3) - 8) < 1.5
    return [(255 * ring).ravel().astype(int).tolist(), *pictures[1:]]


def route_typical_digits(page: Page) -> None:
    gallery = {"pictures": typical(), "labels": list(range(10)), "values": []}
    page.route("**/model/gallery/typical*", lambda route: route.fulfill(json=gallery))


def open_panel(page: Page, way: str = "Turn it into another digit") -> Response:
    """Opens the panel and chooses what changes; returns the reply about its path."""
    with page.expect_response("**/explain/path*") as reply:
        unfold(page, "tipping-point")
        expect(page.get_by_label("Turn it into another digit")).to_be_checked()
    if way == FADE:
        with page.expect_response("**/explain/path*") as reply:
            page.get_by_label(FADE).check()
    return reply.value


def told(flips: list[dict[str, Any]], how: str) -> list[str]:
    return [f"At {100 * flip['at']:.1f}% {how}, {flip['before']} becomes {flip['after']}" for flip in flips]


def test_the_places_where_a_fading_stroke_tips_the_answer_are_the_servers_own(open_page):
    page = open_page()
    draw_answered(page, placed(4), "4")
    path = open_panel(page, FADE).json()
    expected = told(path["flips"], "faded")
    first = f"{expected[0]}." if expected else re.compile("^Even without it, it stays ")
    expect(page.locator(SENTENCE)).to_have_text(first)
    expect(page.locator("#tipping-point .tipping-points li")).to_have_text(expected)
    expect(page.locator("#tipping-point .note").last).to_contain_text(f"{len(path['at']) - 2} times on the way")

    page.get_by_role("slider", name="Place on the way").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(PLACE)).to_have_text(re.compile("^0.1% faded: 4 \\("))
    page.keyboard.press("End")
    logits = np.array(path["logits"][-1]) / path["temperature"]
    shares = np.exp(logits - logits.max())
    share = 100 * shares.max() / shares.sum()
    end = f"100.0% faded: {shares.argmax()} (" + (">99.9%)" if share >= 99.95 else f"{share:.1f}%)")
    expect(page.locator(PLACE)).to_have_text(end)
    expect(page.get_by_role("slider", name="Place on the way")).to_have_attribute("aria-valuetext", end)


def test_a_drawing_that_turns_into_another_digit_tips_where_the_panel_shows(drawn, recognizer):
    open_panel(drawn)
    expect(drawn.locator(PLACE)).to_have_text(re.compile("^0.0% of the way: 4 \\("))
    with drawn.expect_response("**/explain/path*") as reply:
        drawn.get_by_role("group", name="Which digit").get_by_role("radio", name="0", exact=True).check()
    sent, flips = reply.value.request.post_data_json, reply.value.json()["flips"]
    start, end = (np.array(sent[name], dtype=float) for name in ("from", "to"))
    assert sent["to"] == typical()[0]
    assert flips
    network = Explainer.of(recognizer.network)
    for flip in flips:
        before, there, after = (
            network.forward((start + (flip["at"] + step) * (end - start)) / 255)[-1] for step in (-CLOSE, 0, CLOSE)
        )
        assert (before.argmax(), after.argmax()) == (flip["before"], flip["after"])
        assert there[flip["before"]] == pytest.approx(there[flip["after"]], abs=1e-9)

    flip = drawn.locator("#tipping-point .tipping-points button").first
    expect(flip).to_have_text(told(flips[:1], "of the way"))
    flip.click()
    expect(drawn.locator(PLACE)).to_have_text(
        re.compile(f"^{100 * flips[0]['at']:.1f}% of the way: {flips[0]['after']} \\(")
    )


def test_the_way_never_leads_to_the_digit_that_the_drawing_is_already(drawn):
    open_panel(drawn)
    ways = drawn.get_by_role("group", name="Which digit")
    next_best = ways.get_by_role("radio", checked=True).get_attribute("value")
    assert next_best not in {None, "0", "4", "7"}
    drawn.get_by_role("button", name=f"Write a {next_best}").click()
    expect(ways.get_by_label(str(next_best))).to_be_disabled()
    expect(ways.get_by_label(str(next_best))).not_to_be_checked()
    ways.get_by_label("0").check()
    drawn.get_by_role("button", name="Write a 4").click()
    expect(ways.get_by_label("4")).to_be_disabled()
    expect(ways.get_by_label("0")).to_be_checked()


def test_strokes_are_chosen_with_keys_and_what_they_fade_to_adds_up_to_the_drawing(drawn):
    first = open_panel(drawn, FADE).request.post_data_json
    strokes = drawn.get_by_role("group", name="Which stroke").get_by_role("radio")
    expect(strokes).to_have_count(2)
    strokes.first.focus()
    with drawn.expect_response("**/explain/path*") as reply:
        drawn.keyboard.press("ArrowRight")
    expect(strokes.last).to_be_checked()
    second = reply.value.request.post_data_json
    assert first
    assert second
    np.testing.assert_allclose(np.array(first["to"]) + np.array(second["to"]), first["from"], atol=1e-9)


def test_no_flip_a_photo_and_a_blank_pad_have_sentences(drawn):
    path = {"at": [0, 1], "logits": [[0] * 4 + [9] + [0] * 5] * 2, "flips": [], "temperature": 1}
    drawn.route("**/explain/path*", lambda route: route.fulfill(json=path))
    open_panel(drawn, FADE)
    expect(drawn.locator(SENTENCE)).to_have_text("Even without it, it stays 4.")
    expect(drawn.locator("#tipping-point .tipping-points li")).to_have_count(0)
    drawn.unroute("**/explain/path*")

    choose_photo_of_a_one(drawn)
    expect(drawn.locator(SENTENCE)).to_have_text(re.compile("^A photo has no strokes to fade"))
    drawn.get_by_label("Turn it into another digit").check()
    expect(drawn.locator(PLACE)).to_have_text(re.compile("^0.0% of the way: 1 \\("))

    drawn.locator("#clear").click()
    expect(drawn.locator(SENTENCE)).to_have_text(re.compile("^Draw something"))
    expect(drawn.locator("#tipping-point .stacked-area")).to_be_hidden()


def test_a_server_without_typical_digits_or_an_answer_has_a_sentence(open_page):
    page = _drawn(open_page(viewport=PHONE, may_fail=FAILED))
    for url in ["**/explain/path*", "**/model/gallery/typical*"]:
        page.route(url, lambda route: route.fulfill(status=404, json={}))
    unfold(page, "tipping-point")
    expect(page.locator(SENTENCE)).to_have_text(re.compile("typical digits are not to be had"))
    page.get_by_label(FADE).check()
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^The server has no answer"))
    assert scroll_width(page) == PHONE["width"]
