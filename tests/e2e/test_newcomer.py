"""A first visit without instructions: draw, ask for the reasons, ablate a neuron, look back, share, reopen."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from model.network import Network
from tests.e2e.actions import (
    SEVEN,
    box_of,
    draw,
    final_answer,
    hold_clock,
    install_clock,
    number,
    press,
    unfold,
    until,
)
from tests.e2e.conftest import DESKTOP, PHONE


def test_every_feature_is_found_from_the_first_screen(open_page):
    page = open_page(permissions=("clipboard-read", "clipboard-write"))
    for stroke in reversed(SEVEN):  # the bar is no seven yet: there is an answer to look back at, however few there are
        press(page, stroke)
        answer = final_answer(page)
    assert answer == "7"

    page.get_by_role("button", name="Why?").click()
    expect(page.locator("#exact-reason")).to_contain_text("A 7 rather than")

    brightest = page.evaluate(
        """() => {
            const canvas = document.querySelector("[data-layer=hidden2]"), { width, height } = canvas;
            const copy = new OffscreenCanvas(width, height).getContext("2d");
            copy.drawImage(canvas, 0, 0);
            const alpha = [...copy.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 3);
            return alpha.indexOf(Math.max(...alpha));
        }"""
    )
    page.locator("[data-layer=hidden2]").scroll_into_view_if_needed()
    box = box_of(page.locator("[data-layer=hidden2]"))
    tile = box["width"] / 8
    page.mouse.click(box["x"] + (brightest % 8 + 0.5) * tile, box["y"] + (brightest // 8 + 0.5) * tile)
    expect(page.locator("#neuron .sentence")).to_contain_text(f"Neuron {brightest} of hidden layer 2 says")

    page.get_by_role("button", name=re.compile("Switch this neuron off")).click()
    expect(page.locator("#ablation")).to_contain_text("1 neuron is switched off.")
    expect(page.locator("#neuron .sentence")).not_to_contain_text(re.compile(r"says \d"))
    page.get_by_role("button", name="Make it whole").click()
    expect(page.locator("#ablation")).to_be_hidden()
    expect(page.locator("#neuron .sentence")).to_contain_text(re.compile(r"says \d"))

    unfold(page, "timeline")
    slider = page.locator("#timeline input[type=range]")
    slider.focus()
    whole = page.locator("#bars").inner_text()
    page.keyboard.press("Home")
    expect(page.locator("#bars")).not_to_have_text(whole)
    page.keyboard.press("End")
    until(page, "document.querySelector('#answer').textContent === '7'")

    unfold(page, "export")
    page.get_by_role("button", name="Copy a link to this drawing").click()
    expect(page.locator("#export .note")).to_have_text("The link is on the clipboard.")
    again = open_page()
    again.goto(page.evaluate("navigator.clipboard.readText()"))
    again.reload()
    assert final_answer(again) == "7"


def test_the_tour_closes_a_4_watches_it_flip_and_says_why(open_page):
    page = open_page()
    page.get_by_role("button", name="Take a tour").click()
    tour = page.get_by_role("complementary", name="Tour")
    expect(tour).to_contain_text("1 of 5.")
    expect(page.locator("#answer")).to_have_text("4")
    page.set_viewport_size(PHONE)
    for words in ("Here is a 4", "Close its top"):
        expect(tour).to_contain_text(words)
        bars = [box_of(bar) for bar in page.locator("#bars li").all()]
        assert max(bar["y"] + bar["height"] for bar in bars) <= box_of(tour)["y"], words
        page.keyboard.press("Enter")
    page.set_viewport_size(DESKTOP)
    expect(page.locator("#answer")).to_have_text("9")
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("A 9 rather than a 4")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .sentence")).to_contain_text("on the way to 9")
    page.keyboard.press("Enter")
    expect(page.locator("#tipping-point .sentence")).to_contain_text("9 becomes 4")
    page.keyboard.press("Enter")
    expect(tour).to_be_hidden()
    expect(page.locator("#pad")).to_be_focused()

    for one, other in ((4, 9), (1, 7), (3, 8)):
        page.get_by_role("button", name=f"Write one that could be {one} or {other}").click()
        final_answer(page)
        shares = [float(text.strip(">%")) for text in page.locator("#bars .share").all_inner_texts()]
        assert {shares.index(share) for share in sorted(shares)[-2:]} == {one, other}
        assert sorted(shares)[-2] > 5

    page.get_by_role("button", name="Bars as log-odds").click()
    expect(page.locator("#bars .share").nth(3)).to_have_text(re.compile(r"^[+−±]\d\.\d$"))
    log_odds = number(page.locator("#bars .share").nth(3).inner_text())
    assert log_odds == pytest.approx(math.log(shares[3] / (100 - shares[3])), abs=0.06)
    page.get_by_role("button", name="Bars as log-odds").click()
    expect(page.locator("#bars .share").nth(3)).to_have_text(f"{shares[3]:.1f}%")


@pytest.mark.parametrize("written_ms", [300, 900])
def test_the_tour_closes_a_4_however_little_of_it_is_written(open_page, written_ms):
    page = open_page(reduced_motion="no-preference", before=install_clock)
    hold_clock(page)
    page.get_by_role("button", name="Take a tour").click()
    expect(page.get_by_role("complementary", name="Tour")).to_contain_text("1 of 5.")
    with page.expect_response("**/predict*"):
        page.clock.run_for(written_ms)
    for _ in "23":
        page.keyboard.press("Enter")
    page.clock.resume()
    expect(page.locator("#answer")).to_have_text("9")
    page.get_by_role("button", name="End the tour").press("Escape")
    expect(page.get_by_role("complementary", name="Tour")).to_be_hidden()
    expect(page.locator("#answer")).to_have_text("9")


def test_a_network_that_cannot_be_explained_exactly_offers_no_reasons_and_works(open_page, serve_network):
    page = open_page(url=serve_network(Network.create((784, 12, 10), np.random.default_rng(0), "tanh")))
    draw(page, SEVEN)
    final_answer(page)
    expect(page.get_by_role("button", name="Why?")).to_have_count(0)
    expect(page.locator("#panels details")).to_have_count(3)
    page.locator(".tiles").click()
    expect(page.locator(".tiles")).to_have_accessible_name("Hidden layer 1: arrow keys go from neuron to neuron")
    expect(page.locator("#network .chosen")).to_have_count(0)
    unfold(page, "timeline")
    expect(page.locator("#timeline .sentence")).not_to_have_text("")
