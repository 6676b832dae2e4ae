"""The page of the mathematics, as a class would use it."""

import math

import pytest
from playwright.sync_api import expect

from tests.e2e.actions import box_of, draw_answered, placed, scroll_width, until
from tests.e2e.test_access import SIZES, faults, small_targets


@pytest.fixture
def open_maths(open_page, live_server):
    def open_maths(**options):
        page = open_page(**options)
        page.goto(f"{live_server}/maths")
        page.evaluate("document.fonts.ready")
        return page

    return open_maths


def result(page, figure):
    return page.locator(f"#fig-{figure} .result").text_content()


def numbers(page, figure, name):
    """What a figure is drawn from."""
    return [float(number) for number in page.locator(f"#fig-{figure}").get_attribute(f"data-{name}").split()]


def test_the_page_is_reached_from_the_first_page_and_its_contents_lead_to_every_section_and_stay(open_page):
    page = open_page()
    page.get_by_role("link", name="Maths", exact=True).click()
    page.wait_for_url("**/maths")
    until(page, "document.querySelector('.contents').open")
    assert box_of(page.locator("#sample .picture"))["y"] < 300
    for link in page.locator(".contents a").all():
        link.click()
        place = page.evaluate("decodeURIComponent(location.hash.slice(1))")
        heading = page.evaluate("(id) => document.getElementById(id)?.textContent", place)
        assert heading == link.text_content()
        if heading != "Sources":  # too short to come to the top
            until(page, "document.querySelector('.contents [aria-current]')?.hash === location.hash")
    page.set_viewport_size(SIZES["phone"])
    contents = page.locator(".contents summary")
    expect(page.locator(".contents a").first).to_be_hidden()
    assert box_of(contents)["y"] == pytest.approx(0, abs=1)
    contents.click()
    page.get_by_role("link", name="8. Dropout").first.click()
    expect(page.locator(".contents a").first).to_be_hidden()
    heading = box_of(page.get_by_role("heading", name="8. Dropout"))
    assert heading["y"] >= box_of(contents)["height"]
    page.get_by_role("link", name="Draw", exact=True).click()
    page.wait_for_selector("#pad")


def test_the_persons_own_drawing_takes_the_place_of_the_seven_and_gives_it_back(open_page):
    page = open_page()
    draw_answered(page, placed(4), "4")
    page.get_by_role("link", name="Maths", exact=True).click()
    answer = page.locator("data[value='forward.answer']")
    expect(answer).to_have_text("4")
    assert page.locator("#sample figcaption").inner_text().startswith("Your drawing")
    page.locator("#ink").press("Home")
    assert "With 0% of the ink" in result(page, "fade")
    page.get_by_role("button", name="Show the hurried seven instead").click()
    expect(answer).to_have_text("7")
    assert page.evaluate("document.activeElement.textContent") == "Show your drawing instead"
    page.keyboard.press("Enter")
    expect(answer).to_have_text("4")
    assert "With 0% of the ink" in result(page, "fade")


def test_the_sliders_move_by_keyboard_and_show_the_result(open_maths):
    page = open_maths()
    page.locator("#temperature").press("Home")
    logits = numbers(page, "temperature", "logits")
    powers = [math.exp((logit - max(logits)) / 0.1) for logit in logits]
    share = page.locator("#fig-temperature .share").nth(logits.index(max(logits))).text_content()
    assert float(share.rstrip("%")) == pytest.approx(100 / sum(powers), abs=0.006)
    assert result(page, "temperature") == f"At T = 0.1, {logits.index(max(logits))} gets {share}."
    page.locator("#temperature").press("End")
    shares = [float(text.rstrip("%")) for text in page.locator("#fig-temperature .share").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=0.1)
    assert shares.index(max(shares)) == logits.index(max(logits))
    assert max(shares) < 50  # at ten degrees nothing stands out

    page.locator("#nudge").press("End")
    assert result(page, "nudge").startswith("ε = 10⁻¹²: ")
    assert page.locator("#nudge").get_attribute("aria-valuetext") == "10⁻¹²"

    page.locator("#scale").press("Home")
    assert "0.25 times He’s weights" in result(page, "layers")
    assert "·10⁻⁶" in result(page, "layers")

    page.locator("#ink").press("Home")
    assert "With 0% of the ink" in result(page, "fade")
    digit = "target" if numbers(page, "fade", "odds")[0] >= 0 else "against"
    assert f"for {page.locator('#fig-fade').get_attribute(f'data-{digit}')}; 0 corners" in result(page, "fade")


def test_the_valley_agrees_with_the_server_and_diverges_at_too_high_a_rate(open_maths):
    page = open_maths()
    page.mouse.move(0, 0)
    first = result(page, "valley")
    page.locator("#rate").press("ArrowRight")
    assert result(page, "valley") != first
    page.locator("#rate").press("ArrowLeft")
    assert result(page, "valley") == first.replace("momentum at", "momentum is at")
    page.get_by_role("radio", name="Momentum").press("ArrowRight")
    assert "Nesterov is at" in result(page, "valley")
    page.locator("#rate").press("End")
    assert "plain descent is out of the valley" in result(page, "valley")


# Formulas are laid out as they come into view.
SEE_ALL = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
        scrollTo({ top: y, behavior: "instant" });
        await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
    }
}"""


@pytest.mark.parametrize(("size", "theme"), [("phone", "dark"), ("desktop", "light")])
def test_axe_finds_nothing_and_only_wide_formulas_scroll(open_maths, theme, size):
    page = open_maths(viewport=SIZES[size], color_scheme=theme, bypass_csp=True)
    until(page, "document.querySelector('.code pre[tabindex]') || innerWidth > 1000")
    page.locator("#fig-nudge summary").click()
    page.evaluate(SEE_ALL)
    assert scroll_width(page) <= SIZES[size]["width"]
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((box) => box.scrollWidth > box.clientWidth + 1
            && /auto|scroll/.test(getComputedStyle(box).overflowX) && box.tabIndex < 0)
            .map((box) => box.outerHTML.slice(0, 80))"""
    )
    assert unreachable == []
    unmarked = page.evaluate(
        """() => [...document.querySelectorAll("main [role=region][tabindex]")]
            .filter((box) => getComputedStyle(box).backgroundImage === "none")
            .map((box) => box.outerHTML.slice(0, 80))"""
    )
    assert unmarked == []  # a line at its edge tells that it scrolls
    assert small_targets(page) == []
    # Thousands of letters and pixels with nothing to press: without them axe takes a third of the time.
    page.evaluate("document.querySelectorAll('math > *, .picture > *').forEach((part) => part.remove())")
    assert faults(page) == []


def test_without_scripts_everything_is_readable(open_maths):
    page = open_maths(java_script_enabled=False, viewport=SIZES["phone"])
    assert page.locator("#fig-valley .result").is_visible()
    assert not page.locator("#temperature").is_visible()
    assert page.locator("#fig-temperature .share").nth(7).text_content().endswith("%")
    assert page.locator("math").count() > 200
    page.get_by_role("link", name="Training").click()
    expect(page.get_by_role("link", name="a page of its own")).to_be_visible()
    expect(page.locator("#checkpoint-slider")).to_be_hidden()
    page.get_by_role("link", name="a page of its own").click()
    expect(page.get_by_role("heading", name="What it was trained on")).to_be_visible()
