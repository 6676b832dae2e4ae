"""The panel of the timeline of probabilities: scrubbed, replayed and drawn on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import (
    box_of,
    final_answer,
    hold_clock,
    inked,
    install_clock,
    placed,
    press,
    scroll_width,
    unfold,
    until,
)
from tests.e2e.conftest import PHONE

PAST = re.compile(r"^Moment (\d+) of \d+: ")
PLACE = "#timeline .here div > p:first-child"
SLIDER = "#timeline .scrubber"
NOW = re.compile("^Now: ")


@pytest.fixture
def timeline(open_page):
    """A page with a drawing and the open panel."""
    return opened_timeline(open_page())


def opened_timeline(page: Page) -> Page:
    rest, stem = placed(4)
    press(page, stem)
    expect(page.locator("#answer")).to_have_text("1")  # however few answers a busy machine gives: it changes its mind
    press(page, rest)
    assert final_answer(page) == "4"  # a later answer would end a look back
    unfold(page, "timeline")
    expect(page.locator(PLACE)).to_have_text(NOW)
    return page


def button(page: Page, name: str):
    return page.locator("#timeline").get_by_role("button", name=name, exact=True)


def drag(page: Page, start: float, end: float) -> None:
    """Drags over the areas, from one share of its width to another."""
    page.locator("#timeline .stacked-area").scroll_into_view_if_needed()
    box = box_of(page.locator("#timeline .stacked-area"))
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=4)
    page.mouse.up()


def test_dragging_back_shows_that_moment_on_the_pad_and_in_the_bars_until_the_return_to_now(timeline):
    whole = inked(timeline)
    drag(timeline, 0.9, 0.2)
    expect(timeline.locator(PLACE)).to_have_text(PAST)
    assert 0 < inked(timeline) < whole
    expect(timeline.locator(".pad-frame")).to_have_attribute("data-past", "")
    digit = re.search(r": .*?(\d)", timeline.locator(PLACE).inner_text())
    assert digit is not None
    expect(timeline.locator("#bars .top .digit")).to_have_text(digit[1])
    button(timeline, "Back to now").click()
    expect(timeline.locator(PLACE)).to_have_text(NOW)
    expect(button(timeline, "Back to now")).to_be_hidden()
    assert inked(timeline) == whole


def test_keys_go_from_moment_to_moment_and_each_listed_flip_leads_there(timeline):
    last = int(timeline.locator(SLIDER).get_attribute("max"))
    timeline.locator(SLIDER).focus()
    timeline.keyboard.press("ArrowLeft")
    expect(timeline.locator(PLACE)).to_have_text(re.compile(f"^Moment {last} of {last + 1}: "))
    expect(timeline.locator(SLIDER)).to_have_attribute("aria-valuetext", re.compile(f"^Moment {last} of {last + 1}: "))
    timeline.keyboard.press("Home")
    expect(timeline.locator(PLACE)).to_have_text(re.compile(f"^Moment 1 of {last + 1}: "))
    timeline.keyboard.press("End")
    expect(timeline.locator(PLACE)).to_have_text(NOW)

    flips = timeline.locator("#timeline .flips button")
    before, after = flips.last.inner_text().split(" → ")
    flips.last.click()
    expect(timeline.locator("#bars .top .digit")).to_have_text(after)
    timeline.locator(SLIDER).focus()
    timeline.keyboard.press("ArrowLeft")
    expect(timeline.locator("#bars .top .digit")).to_have_text(before)
    count = {1: "once", 2: "twice"}.get(flips.count(), f"{flips.count()} times")
    expect(timeline.locator("#timeline .sentence")).to_have_text(f"It changed its mind {count} on the way to 4.")


def test_a_switch_while_looking_back_counts_from_now_on_and_is_no_flip(timeline):
    told = timeline.locator("#timeline .sentence").inner_text()
    drag(timeline, 0.9, 0.2)
    expect(timeline.locator(PLACE)).to_have_text(PAST)
    timeline.locator("#network .tiles").last.click(position={"x": 5, "y": 5})
    timeline.get_by_role("button", name="Switch this neuron off").click()
    expect(timeline.locator(PLACE)).to_have_text(NOW)
    expect(timeline.locator("#status")).to_have_text(re.compile("^What you switched counts from now on"))
    expect(timeline.locator("#ablation")).to_contain_text("1 neuron is switched off.")
    expect(timeline.locator("#network .ablated")).to_have_count(1)
    drag(timeline, 0.9, 0.2)
    expect(timeline.locator(PLACE)).to_have_text(PAST)
    expect(timeline.locator("#ablation")).to_be_hidden()
    expect(timeline.locator("#network .ablated")).to_have_count(0)
    expect(timeline.locator("#status")).to_be_empty()
    expect(timeline.locator("#timeline .sentence")).to_contain_text(told.split(" on the way")[0])


def test_drawing_folding_and_clearing_end_the_look_back(timeline):
    drag(timeline, 0.5, 0.2)
    expect(timeline.locator(PLACE)).to_have_text(PAST)
    most = int(timeline.locator(SLIDER).get_attribute("max"))
    press(timeline, [(0.1, 0.1), (0.2, 0.12)])
    final_answer(timeline)
    until(timeline, f"Number(document.querySelector('#timeline .scrubber').max) > {most}")
    expect(timeline.locator(PLACE)).to_have_text(NOW)
    assert inked(timeline, 0.05, 0.05, 0.25, 0.2) > 0

    timeline.evaluate("window.whole = document.querySelector('#pad').toDataURL()")
    drag(timeline, 0.5, 0.2)
    expect(timeline.locator(PLACE)).to_have_text(PAST)
    assert timeline.evaluate("document.querySelector('#pad').toDataURL() !== window.whole")
    unfold(timeline, "timeline")
    until(timeline, "document.querySelector('#pad').toDataURL() === window.whole")

    unfold(timeline, "timeline")
    timeline.locator("#clear").click()
    expect(timeline.locator("#timeline .sentence")).to_have_text(re.compile("^Draw something"))
    expect(timeline.locator("#timeline .stacked-area")).to_be_hidden()


def test_with_less_motion_it_goes_step_by_step_from_the_start_to_each_flip(timeline):
    labels = timeline.locator("#timeline .flips button").evaluate_all("(flips) => flips.map((flip) => flip.ariaLabel)")
    flips = [int(label.rpartition(" ")[2]) for label in labels]
    last = int(timeline.locator(SLIDER).get_attribute("max")) + 1
    for moment in [1, *(flip for flip in flips if flip < last), last]:  # the last flip may be the last moment
        button(timeline, "Next step").click()
        expect(timeline.locator(PLACE)).to_have_text(NOW if moment == last else re.compile(f"^Moment {moment} of "))


def test_a_replay_runs_from_the_first_moment_to_now_and_can_be_stopped(open_page):
    page = opened_timeline(open_page(reduced_motion="no-preference", before=install_clock))
    page.evaluate("window.scrollTo(0, 0)")
    for y in (0.9, 0.95):  # an answer each, however busy the machine is
        press(page, [(0.1, y), (0.2, y + 0.02)])
        final_answer(page)  # a later one would end the replay
    hold_clock(page)
    last = 1 + int(page.locator(SLIDER).get_attribute("max") or 0)
    assert last > 3
    button(page, "Replay").focus()
    for name in ("Stop", "Replay"):
        page.keyboard.press("Enter")
        expect(button(page, name)).to_be_visible()
    button(page, "Replay").click()
    moments = []
    while button(page, "Stop").is_visible():
        page.clock.run_for(20)
        if found := PAST.match(page.locator(PLACE).inner_text()):
            moments.append(int(found[1]))
    assert moments == sorted(moments)
    assert moments[0] == 1
    assert 2 < len(set(moments)) < last  # of two answers in one frame, the later one is shown
    expect(page.locator(PLACE)).to_have_text(NOW)


def test_a_phone_shows_it_without_scrolling_sideways(open_page):
    page = opened_timeline(open_page(viewport=PHONE, color_scheme="dark"))
    assert scroll_width(page) == 390
    for each in page.locator("#timeline button:visible, #timeline input").all():
        box = box_of(each)
        assert box["height"] >= 44
