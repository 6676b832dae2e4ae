"""Add ink here: dots that help a digit, tried on the drawing itself, shown on the pad and added with a button."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.actions import draw, inked, photo_of_a_one, placed, press, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TRIED = re.compile(r"/predict\?.*activations=false")


@pytest.fixture
def drawn(open_page):
    """A 4 in two strokes."""
    page = open_page(viewport=DESKTOP, reduced_motion="reduce")
    draw(page, placed(4))
    expect(page.locator("#answer")).to_have_text("4")
    return page


def open_panel(page: Page, digit: int = 9) -> list[dict[str, Any]]:
    """Opens the panel and asks for a digit; returns the answers to the dots that it tries."""
    page.locator("#helpful-ink summary").click()
    expect(sentence(page)).to_contain_text("a 4")  # the answer, unless another is asked for
    with page.expect_response(TRIED) as reply:
        panel(page).get_by_label(str(digit), exact=True).check()
    predictions: list[dict[str, Any]] = reply.value.json()["predictions"]
    return predictions


def panel(page: Page):
    return page.locator("#helpful-ink")


def items(page: Page):
    return page.locator("#helpful-ink .suggestions li")


def sentence(page: Page):
    return page.locator("#helpful-ink .sentence")


def shares(page: Page) -> list[str]:
    return page.locator("#bars .share").all_inner_texts()


def target_of(page: Page) -> int:
    return int(panel(page).locator("input:checked").get_attribute("value"))


def fine(share: float) -> str:
    """A percentage with the figures that count, as the panel writes it."""
    if share >= 0.0005:
        return ">99.9%" if 0.9995 <= share < 1 else f"{100 * share:.1f}%"
    if share < 1e-7:
        return "almost 0%"
    rounded = float(f"{100 * share:.1g}")
    return f"{rounded:.{math.ceil(-math.log10(rounded))}f}%"


def test_the_dots_that_truly_help_a_chosen_digit_are_listed_best_first(open_page, live_server):
    page = open_page(viewport=DESKTOP)
    draw(page, placed(4))
    expect(page.locator("#answer")).to_have_text("4")
    tried = open_panel(page)
    target = target_of(page)
    assert target != 4
    best_first = sorted((answer["probabilities"][target] for answer in tried), reverse=True)
    ends = [re.compile(f"{target} (from .+ to |a little up, at ){re.escape(fine(share))}") for share in best_first]
    shown = items(page).count()
    assert 0 < shown <= len(tried)
    expect(items(page)).to_have_text(ends[:shown])
    bar = page.locator(f"#bars [data-digit='{target}'] .share").inner_text()
    for share in best_first[:shown]:
        assert 100 * share >= float(bar.strip(">%")) - 0.05


def test_what_is_promised_comes_true_when_the_dot_is_added_and_undo_takes_it_back(drawn):
    tried = open_panel(drawn)
    expect(items(drawn).first).to_be_visible()
    target, before, ink = target_of(drawn), shares(drawn), inked(drawn)
    best = max(answer["probabilities"][target] for answer in tried)
    with drawn.expect_response(TRIED):
        panel(drawn).get_by_role("button", name=re.compile("^Add it: dot 1")).press("Enter")
    percent = f"{100 * best:.1f}%"
    expect(drawn.locator(f"#bars [data-digit='{target}'] .share")).to_have_text(percent)
    expect(panel(drawn).locator("input:checked")).to_be_focused()
    assert target_of(drawn) == target
    drawn.locator("#helpful-ink summary").click()
    until(drawn, "!document.querySelector('.pad-frame').hasAttribute('data-overlay')")
    assert inked(drawn) > ink
    drawn.locator("#undo").click()
    expect(drawn.locator("#bars .share")).to_have_text(before)
    assert inked(drawn) == ink


def test_undo_by_key_takes_back_a_dot_added_to_the_sample_and_nothing_else(open_page):
    page = open_page(viewport=DESKTOP)
    expect(page.locator("#answer")).to_have_text("3")
    before, ink = shares(page), inked(page)
    page.locator("#helpful-ink summary").click()
    panel(page).get_by_role("button", name=re.compile("^Add it: dot 1")).press("Enter")
    expect(page.locator("#undo")).to_be_enabled()
    page.locator("#helpful-ink summary").click()  # its rings are no ink
    assert inked(page) > ink
    page.keyboard.press("Control+z")
    expect(page.locator("#bars .share")).to_have_text(before)
    assert inked(page) == ink


def test_numbered_rings_on_the_pad_show_where_and_go_with_the_panel(drawn):
    open_panel(drawn)
    expect(items(drawn).first).to_be_visible()
    drawn.evaluate(
        """() => {
            const { width, height } = document.querySelector("#overlay");
            window.bare = Object.assign(document.createElement("canvas"), { width, height }).toDataURL();
        }"""
    )
    painted = "document.querySelector('#overlay').toDataURL() !== window.bare"
    until(drawn, painted)
    drawn.locator("#helpful-ink summary").click()
    until(drawn, f"!({painted})")


def test_another_digit_is_chosen_with_keys_for_the_other_panels_too(drawn):
    open_panel(drawn)
    drawn.locator("#pixel-attribution summary").click()
    target = target_of(drawn)
    panel(drawn).locator("input:checked").press("ArrowRight")
    chosen = (target + 1) % 10
    expect(panel(drawn).locator("input:checked")).to_have_value(f"{chosen}")
    expect(sentence(drawn)).to_contain_text("an 8" if chosen == 8 else f"a {chosen}")
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value(f"{chosen}")
    drawn.locator("#helpful-ink summary").click()
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value(f"{chosen}")


def test_by_itself_it_helps_the_answer_and_changes_nothing_elsewhere(drawn):
    drawn.locator("#pixel-attribution summary").click()
    drawn.locator("#helpful-ink summary").click()
    expect(sentence(drawn)).to_contain_text("a 4")
    assert target_of(drawn) == 4
    expect(drawn.locator("#pixel-attribution fieldset").first.locator("input:checked")).to_have_value("4")


def test_where_nothing_helps_it_says_so(drawn):
    def fail(route):
        count = len(json.loads(route.request.post_data)["images"])
        answer = {"digit": 4, "probabilities": [0.1] * 10, "verdict": "digit"}
        route.fulfill(json={"predictions": [answer] * count})

    drawn.route(TRIED, fail)
    drawn.locator("#helpful-ink summary").click()
    expect(sentence(drawn)).to_have_text(re.compile("^Nothing helps: every dot that looked promising was tried"))
    expect(items(drawn)).to_have_count(0)
    drawn.unroute(TRIED, fail)


def test_it_follows_the_runner_up_once_the_digit_that_is_weighed_against_leads(open_page):
    page = open_page(viewport=DESKTOP)
    press(page, [(0.62, 0.25), (0.58, 0.4), (0.55, 0.55), (0.52, 0.7), (0.5, 0.85)])
    expect(page.locator("#answer")).to_have_text("1")
    for panel in ("pixel-attribution", "helpful-ink"):
        page.locator(f"#{panel} > summary").click()
    page.locator("#pixel-attribution fieldset").nth(1).get_by_label("7").check()
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("A 1 rather than a 7")
    press(page, [(0.25, 0.24), (0.45, 0.24), (0.62, 0.24)])
    expect(page.locator("#answer")).to_have_text("7")
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("but a 7")
    target = int(page.locator("#helpful-ink fieldset input:checked").input_value())
    assert target != 7
    expect(sentence(page)).to_have_text(re.compile(f"^One dot|dots? would make it more of an? {target}|^Nothing helps"))


def test_photos_blank_sheets_the_past_and_silent_servers_are_told_in_words(open_page):
    page = open_page(viewport=PHONE, may_fail="Failed to load resource")
    draw(page, placed(4))
    expect(page.locator("#answer")).to_have_text("4")
    page.route(TRIED, lambda route: route.fulfill(status=503, json={}))
    page.locator("#helpful-ink summary").click()
    expect(sentence(page)).to_have_text(re.compile("^The server did not try these dots"))
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    page.locator("#timeline summary").click()
    page.get_by_role("slider", name="Moment of the drawing").press("ArrowLeft")
    expect(sentence(page)).to_have_text(re.compile("^This is a moment of the past"))

    page.locator("#photo").set_input_files({"name": "1.png", "mimeType": "image/png", "buffer": photo_of_a_one()})
    expect(sentence(page)).to_have_text(re.compile("^Ink cannot be added to a photo"))

    page.locator("#clear").click()
    expect(sentence(page)).to_have_text(re.compile("^Draw something"))
    press(page, [(0.5, 0.2), (0.5, 0.5)], lift=False)
    expect(sentence(page)).to_have_text(re.compile("^Lift the pen"))
    page.mouse.up()
