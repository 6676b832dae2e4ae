"""The drawing and its answer stay in sight, wherever the page is scrolled to, at every size."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import box_of, draw_answered, placed, scroll_width, unfold, until
from tests.e2e.conftest import DESKTOP, PHONE, SHORT_PHONE

NO_OBSERVER = "window.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} }"
# What the tour tells to watch, or to use, step by step.
WATCHED = [
    (".pad-frame", "#bars li"),
    (".pad-frame", "#bars li"),
    ("#pixel-attribution .heatmap",),
    ("#timeline .stacked-area", "#timeline .scrubber"),
    ("#tipping-point .stacked-area", "#tipping-point .scrubber"),
]


def in_view(page: Page, *selectors: str) -> None:
    """Each is wholly in the window, and nothing of the page lies over its middle."""
    until(page, "(y => new Promise(requestAnimationFrame).then(() => y === scrollY))(scrollY)")
    for selector in selectors:
        for element in page.locator(selector).all():
            expect(element).to_be_in_viewport(ratio=0.99)
            assert element.evaluate(
                """(element) => {
                    const { left, top, width, height } = element.getBoundingClientRect();
                    const found = document.elementFromPoint(left + width / 2, top + height / 2);
                    return element.contains(found) || found.contains(element);
                }"""
            ), selector


def cut(short_answer: Locator) -> list[str]:
    """Those of its sentences that are not shown whole."""
    words = short_answer.locator("[data-words=verdict], [data-words=reason]")
    larger = "each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight"
    found: list[str] = words.evaluate_all(f"(all) => all.filter((each) => {larger}).map((each) => each.textContent)")
    return found


def test_while_panels_are_read_the_pad_stays_with_the_digit_and_its_bars_under_it(page):
    draw_answered(page, placed(4), "4")
    short = page.locator("#short-answer")
    expect(short).to_be_hidden()
    for height in (800, 720, 600):
        page.set_viewport_size({"width": 1280, "height": height})
        unfold(page, "forward-pass")
        expect(short.locator("[data-words=verdict]")).to_have_text("This is a 4.")
        in_view(page, ".pad-frame", "#short-answer button", "#short-answer li", "#forward-pass > summary")
        unfold(page, "forward-pass")
    assert short.locator("li").all_inner_texts() == page.locator("#bars li").all_inner_texts()
    page.locator("#clear").click()
    expect(short.locator("[data-words=verdict]")).to_have_text("Draw a digit.")


@pytest.mark.parametrize("look", ["", "?present"])
def test_at_the_end_of_the_page_the_short_answer_stands_above_the_footer(open_page, live_server, look):
    page = open_page(url=f"{live_server}/{look}")
    draw_answered(page, placed(4), "4")
    unfold(page, "timeline")
    for width, height in [
        *((1280, 656), (1280, 680), (1280, 720), (1280, 800), (1366, 657), (1440, 700)),
        *((1536, 730), (1536, 864), (1920, 940), (1920, 1080), (2560, 1080)),
    ]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        in_view(page, ".pad-frame", "#short-answer button", "#short-answer li")
        footer = box_of(page.locator("footer"))["y"]
        ends = [box["y"] + box["height"] for box in map(box_of, page.locator("#short-answer li").all())]
        assert max(ends) <= footer, (width, height)


def test_the_sheet_stays_with_the_number_that_is_read(page):
    page.get_by_role("radio", name="a number").check()
    page.get_by_role("button", name="Write 407").click()
    expect(page.locator("#figures .line")).to_have_text("407")
    unfold(page, "forward-pass")
    expect(page.locator("#short-answer [data-words=answer]")).to_have_text("407")
    in_view(page, ".pad-frame", "#short-answer button", "#forward-pass > summary")


def test_on_a_phone_a_strip_has_the_drawing_and_its_answer_and_leads_back_to_the_pad(open_page):
    page = open_page(viewport=PHONE, has_touch=True)
    draw_answered(page, placed(4), "4")
    strip = page.get_by_role("button", name="Back to the pad")
    expect(strip).to_be_hidden()
    page.locator("#reasons-button").tap()
    expect(strip).to_contain_text("This is a 4. >99.9% sure.", use_inner_text=True)
    expect(page.locator("#pixel-attribution > summary")).to_be_focused()  # else the next Tab would lead back up
    in_view(page, "#short-answer button", "#pixel-attribution > summary", "#pixel-attribution .sentence")
    assert cut(strip) == []
    below = box_of(page.locator("#pixel-attribution > summary"))["y"]
    assert 56 <= below < PHONE["height"] / 3
    assert strip.locator("canvas").evaluate(
        "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    )
    strip.tap()
    expect(strip).to_be_hidden()
    in_view(page, "#pad", "#answer")
    expect(page.locator("#pad")).to_be_focused()


def test_pad_tools_digit_and_all_ten_bars_are_in_view_at_every_size(page):
    draw_answered(page, placed(4), "4")
    for width, height in [(320, 568), (375, 667), (640, 400), (844, 390), (820, 1180), (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        in_view(page, ".pad-frame", ".tools > *", "#answer", "#bars li")
        assert scroll_width(page) == width
        header = page.locator("header")
        assert box_of(header)["height"] >= header.evaluate("(each) => each.scrollHeight"), width


def test_large_letters_for_a_class_are_turned_on_by_key_and_remembered(page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    draw_answered(page, placed(4), "4")
    letters = "parseFloat(getComputedStyle(document.querySelector('.layer small')).fontSize)"
    before = page.evaluate(letters), box_of(page.locator("[data-layer=hidden1]"))["width"]
    button = page.get_by_role("button", name="Large letters")
    button.press("Enter")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    draw_answered(page, placed(4), "4")
    after = page.evaluate(letters), box_of(page.locator("[data-layer=hidden1]"))["width"]
    assert after[0] >= 22  # a fiftieth of the screen's height
    assert after[1] > 1.3 * before[1]
    in_view(page, ".pad-frame", ".tools > *", "#answer", "#reasons-button", ".layer", "#bars li")
    button.press("Enter")
    assert page.evaluate(letters) == before[0]


def test_large_letters_are_offered_to_a_small_projector_and_all_words_are_whole(page):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="Large letters").click()
    draw_answered(page, placed(4), "4")
    assert scroll_width(page) == 1024
    in_view(page, ".pad-frame", ".tools > *", "#answer", "#bars li", ".chips.for-digit > *")
    page.set_viewport_size({"width": 1280, "height": 720})
    unfold(page, "timeline")
    expect(page.locator("#short-answer button")).to_be_visible()
    assert cut(page.locator("#short-answer")) == []
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("radio", name="a number").check()
    page.get_by_role("button", name="Write 407").click()
    expect(page.locator("#figures .line")).to_have_text("407")
    caption, network = (box_of(page.locator(each)) for each in (".network-input figcaption", "#network"))
    assert caption["x"] >= network["x"]


@pytest.mark.parametrize("viewport", [SHORT_PHONE, PHONE, {"width": 1280, "height": 720}, DESKTOP])
def test_the_tour_covers_nothing_that_it_tells_to_watch(open_page, viewport):
    page = open_page(viewport=viewport)
    page.get_by_role("button", name="Take a tour").click()
    tour = page.get_by_role("complementary", name="Tour")
    for step, watched in enumerate(WATCHED, 1):
        expect(tour).to_contain_text(f"{step} of 5.")
        expect(page.locator("#answer")).to_have_text("4" if step < 3 else "9")
        in_view(page, *watched)
        box = box_of(tour)
        for element in page.locator(", ".join([*watched, "#short-answer button", "#short-answer li"])).all():
            if not element.is_visible():
                continue
            seen = box_of(element)
            above, below = (one["y"] + one["height"] <= other["y"] for one, other in ((seen, box), (box, seen)))
            assert above or below or seen["x"] + seen["width"] <= box["x"], (step, element)
        page.keyboard.press("Enter")


def test_paper_has_drawing_network_answer_and_open_panels_dark_on_white(open_page):
    page = open_page(color_scheme="dark")
    draw_answered(page, placed(4), "4")
    unfold(page, "stroke-effects")
    ink = """(id) => {
        const canvas = document.querySelector(id), { width, height } = canvas;
        const shown = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        shown.drawImage(canvas, 0, 0);
        const { data } = shown.getImageData(0, 0, width, height);
        return Math.max(...data.filter((_, i) => i % 4 === 0 && data[i + 3] > 250));
    }"""
    on_screen = page.evaluate(ink, "#pad")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert max(page.evaluate(ink, canvas) for canvas in ("#pad", "#input")) < 60 < on_screen
    for shown in ("#pad", "#input", ".tiles", "#answer", "#bars li", "#stroke-effects .body"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in ("header nav", "#theme", ".tools", ".samples", "#short-answer", "#connections", "#timeline"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(ink, "#pad") == on_screen


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_paper_has_the_whole_sheet_with_the_ink_under_its_boxes(open_page, viewport):
    page = open_page(viewport=viewport, before=lambda page: page.add_init_script(NO_OBSERVER))  # paper runs no script
    page.get_by_role("radio", name="a number").check()
    page.get_by_role("button", name="Write 407").click()
    expect(page.locator(".figure-box")).to_have_count(3)

    def shares() -> list[float]:
        """Where the boxes begin and how wide they are, in widths of the ink's canvas."""
        pad = box_of(page.locator("#pad"))
        boxes = map(box_of, page.locator(".figure-box").all())
        return [share / pad["width"] for box in boxes for share in (box["x"] - pad["x"], box["width"])]

    on_screen = shares()
    page.emulate_media(media="print")
    pad, frame = (box_of(page.locator(each)) for each in ("#pad", ".pad-frame"))
    assert pad["width"] / pad["height"] == pytest.approx(page.evaluate("pad.width / pad.height"), rel=0.01)
    assert frame["x"] <= pad["x"]
    assert pad["x"] + pad["width"] <= frame["x"] + frame["width"]
    assert shares() == pytest.approx(on_screen, abs=0.005)
