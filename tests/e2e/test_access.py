"""Everybody can use the page: axe-core finds no fault, in either theme, at either size, whatever is open."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.e2e.actions import SEVEN, box_of, draw_answered, scroll_width, unfold, until
from tests.e2e.conftest import DESKTOP, PHONE

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def faults(page: Page, *rules: str) -> list[str]:
    """The faults that axe-core finds, rule and element; by all rules, unless some are named."""
    page.add_script_tag(path=AXE)
    found: list[str] = page.evaluate(
        """async (rules) => {
            const only = rules.length ? { runOnly: rules } : {};
            const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
            return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
                `${id}: ${target.join(" ")}: ${failureSummary}`));
        }""",
        list(rules),
    )
    return found


def small_targets(page: Page) -> list[str]:
    """Targets smaller than 24 pixels in either direction (WCAG 2.2, 2.5.8)."""
    small: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, [tabindex='0'], label:has(input)")]
            .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
            .map((element) => ({ element, box: element.getBoundingClientRect() }))
            .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width}×${box.height}`)"""
    )
    return small


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_the_page_with_every_panel_open(open_page, size):
    page = open_page(viewport=SIZES[size], bypass_csp=True)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, "color-contrast") == []  # all that a theme changes
    draw_answered(page, SEVEN, "7")
    page.evaluate("document.querySelectorAll('#panels details').forEach((panel) => (panel.open = true))")
    until(page, "document.querySelector('#pixel-attribution .sentence')?.textContent.includes('rather than')")
    until(page, "document.querySelector('#stroke-effects .after')?.textContent !== ''")
    assert faults(page, "color-contrast") == []
    page.emulate_media(color_scheme="light")
    assert faults(page) == []
    assert small_targets(page) == []
    assert scroll_width(page) <= SIZES[size]["width"]


@pytest.mark.parametrize(("path", "size"), [("model", "phone"), ("nothing", "desktop")])
def test_axe_finds_nothing_on_pages_of_text_alone(open_page, live_server, path, size):
    page = open_page(url=f"{live_server}/{path}", viewport=SIZES[size], bypass_csp=True, may_fail="404")
    assert faults(page) == []
    assert scroll_width(page) <= SIZES[size]["width"]


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_a_number_and_its_cuts(open_page, size):
    page = open_page(viewport=SIZES[size], bypass_csp=True)
    page.get_by_label("a number", exact=True).check()
    page.get_by_role("button", name="Write 407").click()
    until(page, "document.querySelectorAll('#figures [role=radio]').length === 3")
    page.locator("#segmentation summary").click()
    until(page, "document.querySelectorAll('#segmentation .bar').length >= 3")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page, "color-contrast") == []
    # A bar is as wide as its ink; the cuts on both sides of it do the same.
    assert [target for target in small_targets(page) if 'class="bar' not in target] == []
    assert scroll_width(page) <= SIZES[size]["width"]


def test_what_is_switched_or_chosen_by_keys_is_said_and_the_focus_stays_on_the_page(open_page):
    page = open_page()
    draw_answered(page, SEVEN, "7")
    said = page.locator("#announcer")
    unfold(page, "neuron")
    switch = page.get_by_role("button", name="Switch this neuron off")
    switch.press("Enter")
    expect(said).to_have_text(re.compile(r"is switched off: it heard .* The answer is 7 \("))
    page.get_by_role("button", name="Switch this neuron on").press("Enter")
    expect(said).to_have_text(re.compile(r"argues most for .* The answer is 7 \("))

    unfold(page, "pixel-attribution")
    page.locator("#pixel-attribution fieldset").nth(1).get_by_label("0").check()
    expect(said).to_have_text(re.compile("^A 7 rather than a 0"))
    unfold(page, "helpful-ink")
    page.locator("#helpful-ink").get_by_label("9", exact=True).check()
    expect(said).to_have_text(re.compile("more of a 9|^Nothing helps"))
    unfold(page, "preprocessing")
    page.get_by_label("Fit to size").press(" ")
    expect(said).to_have_text(re.compile("it reads: "))

    page.get_by_role("button", name="Make it whole").press("Enter")
    expect(page.locator("#ablation")).to_be_hidden()
    until(page, "document.activeElement !== document.body")
    expect(said).to_have_text(re.compile("^This is a 7"))
    for _ in SEVEN:
        page.locator("#undo").press("Enter")
    expect(page.locator("#undo")).to_be_disabled()
    expect(page.locator("#pad")).to_be_focused()
    expect(page.locator(".pad-keys")).to_be_visible()  # told to those who see, too
    page.mouse.click(5, 5)
    expect(page.locator(".pad-keys")).to_be_hidden()


def colours(page: Page, selector: str) -> int:
    """How many colours an element shows: one, if nothing is seen."""
    picture = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")
    return len(picture.getcolors(maxcolors=picture.width * picture.height) or [])


def test_in_forced_colours_what_is_chosen_and_every_bar_and_slider_is_seen(page):
    draw_answered(page, SEVEN, "7")
    for panel in ("neuron", "helpful-ink", "timeline"):
        unfold(page, panel)
    expect(page.locator("#neuron .logit-bars .pro").first).to_be_visible()
    expect(page.locator(".suggestions .place").first).to_be_visible()
    page.emulate_media(forced_colors="active")
    look = "(each) => { const s = getComputedStyle(each); return s.backgroundColor + s.borderBottomColor; }"
    for group in (".mode", "#helpful-ink .digits", "#neuron .choice"):
        chosen, other = (page.locator(f"{group} input{kind} + span").first for kind in (":checked", ":not(:checked)"))
        assert chosen.evaluate(look) != other.evaluate(look), group
    for shown in ("#timeline .scrubber", "#neuron .logit-bars .pro .bar", "#neuron .feed .bar", "#bars .top .track"):
        assert colours(page, shown) > 1, shown
    page.emulate_media(forced_colors="none")


def test_whoever_asks_for_more_contrast_has_darker_words_and_lines(page):
    look = "getComputedStyle(document.querySelector({})).{}"
    seen = [look.format("'#reason'", "color"), look.format("'.pad-frame'", "borderTopColor")]
    usual = [page.evaluate(each) for each in seen]
    page.emulate_media(contrast="more")
    assert [page.evaluate(each) for each in seen] == ["rgb(61, 56, 47)", "rgb(122, 114, 100)"] != usual
    page.emulate_media(contrast="no-preference")


def test_bars_are_as_wide_as_their_column_and_no_words_lie_over_a_ring(page):
    draw_answered(page, SEVEN, "7")
    unfold(page, "neuron")
    unfold(page, "helpful-ink")
    assert box_of(page.locator("#neuron .logit-bars .pro .bar").first)["width"] > 60
    ring, place = page.locator(".suggestions li").first, page.locator(".suggestions .place").first
    assert box_of(place)["x"] >= box_of(ring)["x"] + 24
