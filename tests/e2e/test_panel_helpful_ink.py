"""The panel of helpful ink: dots that help a digit, tried on the drawing, shown on the pad, added with a button."""

import json
import math
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.actions import (
    FAILED,
    FRAME,
    OVERLAID,
    choose_photo_of_a_one,
    draw_answered,
    final_answer,
    first,
    inked,
    placed,
    press,
    scroll_width,
    unfold,
    until,
)
from tests.e2e.answers import predicted
from tests.e2e.conftest import PHONE

PANEL = "#helpful-ink"
ITEMS = f"{PANEL} .suggestions li"
SENTENCE = f"{PANEL} .sentence"
SHARES = "#bars .share"
TRIED = re.compile(r"/predict\?.*activations=false")


@pytest.fixture
def drawn(open_page):
    """A 4 in two strokes."""
    page = open_page()
    draw_answered(page, placed(4), "4")
    return page


def open_panel(page: Page, digit: int = 9) -> list[dict[str, Any]]:
    """Opens the panel and asks for a digit; returns the answers to the dots that it tries."""
    unfold(page, "helpful-ink")
    expect(page.locator(SENTENCE)).not_to_be_empty()
    page.locator(PANEL).get_by_label("4", exact=True).check()
    expect(page.locator(SENTENCE)).to_contain_text("a 4")
    with page.expect_response(TRIED) as reply:
        page.locator(PANEL).get_by_label(str(digit), exact=True).check()
    predictions: list[dict[str, Any]] = reply.value.json()["predictions"]
    expect(page.locator(SENTENCE)).to_contain_text(f"a {digit}")  # until then the dots of the 4 are listed
    return predictions


def target_of(page: Page) -> int:
    return int(page.locator(PANEL).locator("input:checked").input_value())


def test_while_the_server_is_away_the_drawing_is_not_blamed(open_page):
    page = open_page(may_fail=FAILED)
    draw_answered(page, placed(4), "4")
    page.route("**/*", lambda route: route.abort())
    unfold(page, "helpful-ink")
    expect(page.locator(f"{PANEL} .away")).to_be_visible()
    expect(page.locator(SENTENCE)).to_have_text("")


def fine(share: float) -> str:
    """A percentage with the figures that count, as the panel writes it."""
    if share >= 0.0005:
        return ">99.9%" if 0.9995 <= share < 1 else f"{100 * share:.1f}%"
    if share < 1e-7:
        return "almost 0%"
    rounded = float(f"{100 * share:.1g}")
    return f"{rounded:.{math.ceil(-math.log10(rounded))}f}%"


def test_the_dots_that_truly_help_a_chosen_digit_are_listed_most_helpful_first(open_page, live_server):
    page = open_page()
    draw_answered(page, placed(4), "4")
    tried = open_panel(page)
    target = target_of(page)
    assert target != 4
    descending = sorted((answer["probabilities"][target] for answer in tried), reverse=True)
    ends = [re.compile(f"{target} (from .+ to |a little up, at ){re.escape(fine(share))}") for share in descending]
    shown = page.locator(ITEMS).count()
    assert 0 < shown <= len(tried)
    expect(page.locator(ITEMS)).to_have_text(ends[:shown])
    bar = page.locator(f"#bars [data-digit='{target}'] .share").inner_text()
    for share in descending[:shown]:
        assert 100 * share >= float(bar.strip(">%")) - 0.05


def test_an_added_dot_has_the_promised_effect_and_undo_takes_it_back(drawn):
    tried = open_panel(drawn)
    expect(drawn.locator(ITEMS).first).to_be_visible()
    target, before, ink = target_of(drawn), drawn.locator(SHARES).all_inner_texts(), inked(drawn)
    highest = max(answer["probabilities"][target] for answer in tried)
    with drawn.expect_response(TRIED):
        drawn.locator(PANEL).get_by_role("button", name=re.compile("^Add it: dot 1")).press("Enter")
    percent = f"{100 * highest:.1f}%"
    expect(drawn.locator(f"#bars [data-digit='{target}'] .share")).to_have_text(percent)
    expect(drawn.locator(PANEL).locator("input:checked")).to_be_focused()
    assert target_of(drawn) == target
    unfold(drawn, "helpful-ink")
    until(drawn, f"!{OVERLAID}")
    assert inked(drawn) > ink
    drawn.locator("#undo").click()
    expect(drawn.locator("#bars .share")).to_have_text(before)
    assert inked(drawn) == ink


def test_undo_by_key_takes_back_a_dot_added_to_the_sample_and_nothing_else(open_page):
    page = open_page()
    expect(page.locator("#answer")).to_have_text("3")
    before, ink = page.locator(SHARES).all_inner_texts(), inked(page)
    unfold(page, "helpful-ink")
    page.locator(PANEL).get_by_role("button", name=re.compile("^Add it: dot 1")).press("Enter")
    expect(page.locator("#undo")).to_be_enabled()
    unfold(page, "helpful-ink")  # its rings are no ink
    assert inked(page) > ink
    page.keyboard.press("Control+z")
    expect(page.locator("#bars .share")).to_have_text(before)
    assert inked(page) == ink


def test_numbered_rings_on_the_pad_show_where_until_the_panel_is_folded(drawn):
    open_panel(drawn)
    expect(drawn.locator(ITEMS).first).to_be_visible()
    drawn.evaluate(
        """() => {
            const { width, height } = document.querySelector("#overlay");
            window.bare = Object.assign(document.createElement("canvas"), { width, height }).toDataURL();
        }"""
    )
    painted = "document.querySelector('#overlay').toDataURL() !== window.bare"
    until(drawn, painted)
    unfold(drawn, "helpful-ink")
    until(drawn, f"!({painted})")


def test_rings_that_come_once_the_panel_is_folded_wait_until_it_is_open_again(drawn):
    held: list[Route] = []
    drawn.route(TRIED, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    unfold(drawn, "helpful-ink")
    tried = first(drawn, held)
    unfold(drawn, "helpful-ink")
    expect(drawn.locator(SENTENCE)).to_be_hidden()
    with drawn.expect_response(TRIED) as reply:
        tried.continue_()
    reply.value.finished()
    for _ in range(5):
        drawn.evaluate(FRAME)
    assert not drawn.evaluate(OVERLAID)
    unfold(drawn, "helpful-ink")
    until(drawn, OVERLAID)
    assert len(held) == 1  # they are not asked for again


def test_another_digit_is_chosen_with_keys_for_the_other_panels_too(drawn):
    open_panel(drawn)
    unfold(drawn, "pixel-attribution")
    target = target_of(drawn)
    drawn.locator(PANEL).locator("input:checked").press("ArrowRight")
    chosen = (target + 1) % 10
    expect(drawn.locator(PANEL).locator("input:checked")).to_have_value(f"{chosen}")
    expect(drawn.locator(SENTENCE)).to_contain_text("an 8" if chosen == 8 else f"a {chosen}")
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value(f"{chosen}")
    unfold(drawn, "helpful-ink")
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value(f"{chosen}")


def test_by_itself_it_helps_the_runner_up_and_changes_nothing_elsewhere(drawn, live_server):
    unfold(drawn, "pixel-attribution")
    unfold(drawn, "helpful-ink")
    probabilities = predicted(drawn, live_server)["probabilities"]
    runner_up = probabilities.index(sorted(probabilities)[-2])
    expect(drawn.locator(SENTENCE)).to_contain_text(re.compile(rf"an? {runner_up}"))
    assert target_of(drawn) == runner_up
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value("4")


def test_a_sentence_tells_that_no_dot_helps(drawn):
    def fail(route):
        count = len(json.loads(route.request.post_data)["images"])
        answer = {"digit": 4, "probabilities": [0.0] * 10, "verdict": "digit"}
        route.fulfill(json={"predictions": [answer] * count})

    drawn.route(TRIED, fail)
    unfold(drawn, "helpful-ink")
    expect(drawn.locator(SENTENCE)).to_contain_text("Nothing helps: every dot that looked promising was tried")
    expect(drawn.locator(ITEMS)).to_have_count(0)
    drawn.unroute(TRIED, fail)


def test_it_helps_the_runner_up_of_the_drawing_as_it_is_now(open_page):
    page = open_page()
    press(page, [(0.62, 0.25), (0.58, 0.4), (0.55, 0.55), (0.52, 0.7), (0.5, 0.85)])
    expect(page.locator("#answer")).to_have_text("1")
    for panel in ("pixel-attribution", "helpful-ink"):
        page.locator(f"#{panel} > summary").press("Enter")
    page.locator("#pixel-attribution fieldset").nth(1).get_by_label("7").check()
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("A 1 rather than a 7")
    press(page, [(0.25, 0.24), (0.45, 0.24), (0.62, 0.24)])
    expect(page.locator("#answer")).to_have_text("7")
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("but a 7")
    # Which digit that is may change with the last points of the stroke.
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^One dot|would make it more of an? [0-689]|^Nothing helps"))
    assert target_of(page) != 7


def test_photos_blank_pads_the_past_and_failing_servers_have_sentences(open_page):
    page = open_page(viewport=PHONE, may_fail=FAILED)
    for stroke in placed(4):  # an answer each: there is a past
        press(page, stroke)
        final_answer(page)
    page.route(TRIED, lambda route: route.fulfill(status=503, json={}))
    unfold(page, "helpful-ink")
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^The server did not try these dots"))
    assert scroll_width(page) == PHONE["width"]

    unfold(page, "timeline")
    page.get_by_role("slider", name="Moment of the drawing").press("ArrowLeft")
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^This is a moment of the past"))

    choose_photo_of_a_one(page)
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^Ink cannot be added to a photo"))

    page.locator("#clear").click()
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^Draw something"))
    press(page, [(0.5, 0.2), (0.5, 0.5)], lift=False)
    expect(page.locator(SENTENCE)).to_have_text(re.compile("^Lift the pen"))
    page.mouse.up()
