"""How it made up its mind: the river of probabilities, scrubbed, replayed and drawn on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.hands import final_answer, inked, placed, press, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESKTOP = {"width": 1280, "height": 800}
PAST = re.compile(r"^Moment (\d+) of \d+: ")
NOW = re.compile("^Now: ")


@pytest.fixture
def river(open_page):
    """A page with a drawing and the open panel."""
    return _river(open_page(viewport=DESKTOP, reduced_motion="reduce"))


def _river(page: Page) -> Page:
    rest, stem = placed(4)
    press(page, stem)
    expect(page.locator("#answer")).to_have_text("1")  # however few answers a busy machine gives: it changes its mind
    press(page, rest)
    expect(page.locator("#answer")).to_have_text("4")
    page.locator("#river summary").click()
    expect(place(page)).to_have_text(NOW)
    return page


def place(page: Page):
    return page.locator("#river .here p").first


def scrub(page: Page):
    return page.get_by_role("slider", name="Moment of the drawing")


def button(page: Page, name: str):
    return page.locator("#river").get_by_role("button", name=name, exact=True)


def drag(page: Page, start: float, end: float) -> None:
    """A hand on the band, from one share of its width to another."""
    page.locator("#river .band").scroll_into_view_if_needed()
    box = page.locator("#river .band").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=4)
    page.mouse.up()


def test_dragging_back_shows_that_moment_on_the_pad_and_in_the_bars_until_now_is_asked_for(river):
    whole = inked(river)
    drag(river, 0.9, 0.2)
    expect(place(river)).to_have_text(PAST)
    assert 0 < inked(river) < whole
    expect(river.locator(".sheet")).to_have_attribute("data-past", "")
    digit = re.search(r": .*?(\d)", place(river).inner_text())
    assert digit is not None
    expect(river.locator("#bars .best .digit")).to_have_text(digit[1])
    button(river, "Back to now").click()
    expect(place(river)).to_have_text(NOW)
    expect(button(river, "Back to now")).to_be_hidden()
    assert inked(river) == whole


def test_keys_go_from_moment_to_moment_and_each_listed_turn_leads_there(river):
    last = int(scrub(river).get_attribute("max"))
    scrub(river).focus()
    river.keyboard.press("ArrowLeft")
    expect(place(river)).to_have_text(re.compile(f"^Moment {last} of {last + 1}: "))
    expect(scrub(river)).to_have_attribute("aria-valuetext", re.compile(f"^Moment {last} of {last + 1}: "))
    river.keyboard.press("Home")
    expect(place(river)).to_have_text(re.compile(f"^Moment 1 of {last + 1}: "))
    river.keyboard.press("End")
    expect(place(river)).to_have_text(NOW)

    turns = river.locator("#river .flips button")
    before, after = turns.last.inner_text().split(" → ")
    turns.last.click()
    expect(river.locator("#bars .best .digit")).to_have_text(after)
    scrub(river).focus()
    river.keyboard.press("ArrowLeft")
    expect(river.locator("#bars .best .digit")).to_have_text(before)
    count = {1: "once", 2: "twice"}.get(turns.count(), f"{turns.count()} times")
    expect(river.locator("#river .sentence")).to_have_text(f"It changed its mind {count} on the way to 4.")


def test_what_is_switched_while_looking_back_counts_from_now_on_and_is_no_change_of_mind(river):
    told = river.locator("#river .sentence").inner_text()
    drag(river, 0.9, 0.2)
    expect(place(river)).to_have_text(PAST)
    river.locator("#network .tiles").last.click(position={"x": 5, "y": 5})
    river.get_by_role("button", name="Switch this neuron off").click()
    expect(place(river)).to_have_text(NOW)
    expect(river.locator("#status")).to_have_text(re.compile("^What you switched counts from now on"))
    expect(river.locator("#damage")).to_contain_text("1 neuron is switched off.")
    expect(river.locator("#network .off")).to_have_count(1)
    drag(river, 0.9, 0.2)
    expect(place(river)).to_have_text(PAST)
    expect(river.locator("#damage")).to_be_hidden()
    expect(river.locator("#network .off")).to_have_count(0)
    expect(river.locator("#status")).to_be_empty()
    expect(river.locator("#river .sentence")).to_contain_text(told.split(" on the way")[0])


def test_drawing_on_folding_and_clearing_end_the_look_back(river):
    drag(river, 0.5, 0.2)
    expect(place(river)).to_have_text(PAST)
    most = int(scrub(river).get_attribute("max"))
    press(river, [(0.1, 0.1), (0.2, 0.12)])
    until(river, f"Number(document.querySelector('#river .scrub').max) > {most}")
    expect(place(river)).to_have_text(NOW)
    assert inked(river, 0.05, 0.05, 0.25, 0.2) > 0

    river.evaluate("window.whole = document.querySelector('#pad').toDataURL()")
    drag(river, 0.5, 0.2)
    expect(place(river)).to_have_text(PAST)
    assert river.evaluate("document.querySelector('#pad').toDataURL() !== window.whole")
    river.locator("#river summary").click()
    until(river, "document.querySelector('#pad').toDataURL() === window.whole")

    river.locator("#river summary").click()
    river.locator("#clear").click()
    expect(river.locator("#river .sentence")).to_have_text(re.compile("^Draw something"))
    expect(river.locator("#river .band")).to_be_hidden()


def test_with_less_motion_it_goes_step_by_step_from_the_start_to_each_turn(river):
    turns = river.locator("#river .flips button").count()
    step = button(river, "Next step")
    step.click()
    expect(place(river)).to_have_text(re.compile("^Moment 1 of "))
    for _ in range(turns + 1):
        step.click()
    expect(place(river)).to_have_text(NOW)


def test_a_replay_runs_from_the_first_moment_to_now_and_can_be_stopped(open_page):
    page = _river(open_page(viewport=DESKTOP, reduced_motion="no-preference"))
    button(page, "Replay").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Stop")).to_be_visible()
    page.keyboard.press("Enter")
    expect(button(page, "Replay")).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")
    press(page, [(0.1, 0.9), (0.2, 0.92)])
    expect(place(page)).to_have_text(NOW)
    final_answer(page)  # a later one would end the replay
    page.evaluate(
        """() => {
            const [text] = document.querySelectorAll("#river .here p");
            window.seen = [];
            new MutationObserver(() => window.seen.push(text.textContent)).observe(text, { childList: true });
        }"""
    )
    button(page, "Replay").click()
    until(page, "window.seen.length > 3 && window.seen.at(-1).startsWith('Now')")
    expect(button(page, "Replay")).to_be_visible()
    moments = [int(found[1]) for text in page.evaluate("window.seen") if (found := PAST.match(text))]
    assert moments == sorted(moments)
    assert len(set(moments)) > 2


def test_a_phone_shows_it_without_scrolling_sideways(open_page):
    page = _river(open_page(viewport={"width": 390, "height": 844}, color_scheme="dark"))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for each in page.locator("#river button:visible, #river input").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 44
