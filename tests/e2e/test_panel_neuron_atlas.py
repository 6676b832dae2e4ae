"""The panel that ablates neurons, one by one and many at once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import box_of, draw, number, opened, placed, scroll_width
from tests.e2e.answers import explained, predicted
from tests.e2e.conftest import DESKTOP, PHONE


def ranked(explanation: Any) -> list[tuple[str, float, int]]:
    """What the server knows: each neuron, what its loss would change, and the answer without it."""
    found = [
        (f"{each['layer']}.{i}", log_odds - explanation["log_odds"], digit)
        for each in explanation["knockouts"]
        for i, (log_odds, digit) in enumerate(zip(each["log_odds"], each["digits"], strict=True))
    ]
    return sorted(found, key=lambda each: (each[2] == explanation["digit"], each[1]))


def grid(body: Locator, layer: int) -> Locator:
    return body.locator(".tiles").nth(layer - 1)


def tile(page: Page, body: Locator, unit: str, columns: int = 8) -> tuple[float, float]:
    """The middle of a neuron's tile, brought into view."""
    layer, place = (int(part) for part in unit.removeprefix("hidden").split("."))
    box = grid(body, layer)
    size = box.evaluate("(box) => box.clientWidth") / columns
    box.scroll_into_view_if_needed()
    at = box_of(box)
    return at["x"] + (place % columns + 0.5) * size, at["y"] + (place // columns + 0.5) * size


def test_the_five_that_matter_most_are_named_with_the_servers_numbers(page, live_server):
    body = opened(page, "neuron-atlas")
    truth = explained(page, live_server)
    expect(body.locator(".sentence")).to_have_text(
        re.compile(r"^All 192 neurons are on, and the answer is 7 \(.+%\)\.$")
    )
    lines = body.locator(".top-neurons li")
    expect(lines).to_have_count(5)
    for line, (unit, change, digit) in zip(lines.all_inner_texts(), ranked(truth)[:5], strict=True):
        instead = "still 7" if digit == 7 else f"{digit} instead of 7"
        found = re.fullmatch(r"(\S+): without it (.+) \((.+)\)", line)
        assert found is not None, line
        assert found[1] == unit
        assert found[2] == instead
        assert number(found[3]) == pytest.approx(change, abs=0.051)


def test_a_click_on_a_tile_switches_its_neuron_off_and_another_on_again(page, live_server):
    body = opened(page, "neuron-atlas")
    whole = explained(page, live_server)
    unit = ranked(whole)[0][0]
    page.mouse.move(*tile(page, body, unit))
    expect(body.locator(".readout")).to_contain_text(f"{unit}: without it")
    page.mouse.click(*tile(page, body, unit))
    expect(page.locator("#ablation")).to_contain_text("1 neuron is switched off.")
    expect(body.locator(".sentence")).to_contain_text("1 of 192 neurons is off: the answer is")
    expect(body.locator(".sentence")).to_contain_text("with all of them on it")
    expect(body.locator(".tiles > .ablated")).to_have_count(1)
    now = explained(page, live_server, off=unit)
    assert ranked(now)[0][0] in body.locator(".top-neurons li").first.inner_text()
    page.mouse.click(*tile(page, body, unit))
    expect(body.locator(".sentence")).to_contain_text("All 192 neurons are on")
    expect(body.locator(".tiles > .ablated")).to_have_count(0)


def test_without_the_ten_most_important_the_whole_page_shows_the_answer_of_the_rest(page, live_server):
    body = opened(page, "neuron-atlas")
    ablated = ",".join(unit for unit, _, _ in ranked(explained(page, live_server))[:10])
    body.get_by_role("button", name="Switch off the ten most important").click()
    left = predicted(page, live_server, off=ablated)
    expect(body.locator(".sentence")).to_contain_text("10 of 192 neurons are off: the answer is ")
    expect(body.locator(".neuron-atlas .note").first).to_contain_text(
        "in the network as it is now, with the others off"
    )
    expect(page.locator("#bars .share").nth(7)).to_have_text(f"{100 * left['probabilities'][7]:.1f}%")
    expect(page.locator("#announcer")).to_contain_text("10 of 192 neurons are off")
    page.get_by_role("button", name="Make it whole").click()
    expect(body.locator(".sentence")).to_contain_text("All 192 neurons are on, and the answer is 7")


def test_a_random_ten_are_switched_off_each_time_until_all_are_switched_on(page):
    body = opened(page, "neuron-atlas")
    mend = body.get_by_role("button", name="Switch on all")
    expect(mend).to_be_disabled()
    for count in (10, 20):
        body.get_by_role("button", name="Switch off a random ten").click()
        expect(body.locator(".sentence")).to_contain_text(f"{count} of 192 neurons are off")
        expect(body.locator(".tiles > .ablated")).to_have_count(count)
    mend.click()
    expect(body.locator(".sentence")).to_contain_text("All 192 neurons are on")


def test_the_tiles_are_used_with_the_keyboard(page):
    body = opened(page, "neuron-atlas")
    grid(body, 1).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#announcer")).to_contain_text("hidden1.17: without it")
    page.keyboard.press("Enter")
    expect(page.locator("#ablation")).to_contain_text("1 neuron is switched off.")
    expect(body.locator(".readout")).to_have_text("hidden1.17: off; press it to switch it on.")
    expect(body.locator(".sentence")).to_contain_text("1 of 192 neurons is off")
    body.locator(".top-neurons button").first.focus()
    page.keyboard.press("Enter")
    expect(body.locator(".sentence")).to_contain_text("2 of 192 neurons are off")


def test_on_a_blank_pad_it_asks_for_a_drawing_and_ablated_neurons_stay_ablated(page):
    body = opened(page, "neuron-atlas")
    body.locator(".top-neurons button").first.click()
    expect(body.locator(".sentence")).to_contain_text("1 of 192 neurons is off")
    page.locator("#clear").click()
    expect(body.locator(".sentence")).to_have_text("Draw something, and see which neurons its answer hangs on.")
    expect(body.locator("button:visible, canvas:visible")).to_have_count(0)
    draw(page, placed(1))
    expect(body.locator(".sentence")).to_contain_text("1 of 192 neurons is off: the answer is")


@pytest.mark.parametrize(("viewport", "least"), [(DESKTOP, 20), (PHONE, 40)])
def test_the_tiles_are_large_enough_and_the_page_as_wide_as_the_window(open_page, viewport, least):
    page = open_page(viewport=viewport)
    body = opened(page, "neuron-atlas")
    box = box_of(grid(body, 1))
    assert box["width"] / 8 >= least
    assert scroll_width(page) == viewport["width"]
