"""Whole numbers, by mouse, finger and keys: what stands there is read, figure by figure, and how its ink was cut."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from tests.e2e.actions import (
    HEIGHT,
    WIDTH,
    Fingers,
    Point,
    box_of,
    final_answer,
    press,
    scroll_width,
    unfold,
    written,
)
from tests.e2e.conftest import DESKTOP, PHONE


def on_sheet(page: Page, stroke: list[Point]) -> list[Point]:
    """A stroke in fractions of the sheet, which grows as one writes."""
    box = box_of(page.locator("#pad"))
    return [(x * box["height"] / box["width"], y) for x, y in stroke]


def write(page: Page, strokes: list[list[Point]]) -> None:
    """Writes with the mouse, and waits for the answer to all of it."""
    for stroke in strokes:
        press(page, on_sheet(page, stroke))
    final_answer(page)


def choose_mode(page: Page, mode: str = "a number") -> None:
    page.get_by_label(mode, exact=True).check()


@pytest.fixture
def wide(open_page):
    """The page with a sheet for a number, on a desktop."""
    page = open_page(viewport=DESKTOP)
    choose_mode(page)
    return page


def expect_number(page: Page, text: str) -> None:
    """The figures that stand there, line by line."""
    expect(page.locator("#figures .line")).to_have_text(text.split("\n"))


def figure(page: Page, index: int):
    return page.locator("#figures [role=radio]").nth(index)


@pytest.mark.parametrize("text", ["42", "2026", "27"])
def test_a_number_is_read_as_it_stands_there(wide, text):
    write(wide, written(text))
    expect_number(wide, text)
    expect(wide.locator("#verdict")).to_contain_text(text)
    expect(wide.locator(".figure-box")).to_have_count(len(text))


def test_a_number_written_with_a_finger_on_a_phone_is_read_and_its_bars_are_in_view(open_page):
    page = open_page(viewport=PHONE, has_touch=True)
    choose_mode(page)
    finger = Fingers(page)
    for stroke in written("42", left=0.1):
        finger.draw([on_sheet(page, stroke)])
    final_answer(page)
    expect_number(page, "42")
    for size in (PHONE, {"width": 390, "height": 664}, {"width": 320, "height": 568}):
        page.set_viewport_size(size)
        assert scroll_width(page) <= size["width"]
        for each in (page.locator("#pad"), page.locator("#figures"), page.locator("#bars")):
            box = box_of(each)
            assert box["y"] + box["height"] <= size["height"]


def test_touching_neighbours_are_cut(wide):
    write(wide, written("337", gap=-0.1))
    expect_number(wide, "337")


def test_two_lines_are_read_one_below_the_other(wide):
    write(wide, [*written("42", top=0.08, height=0.36), *written("27", top=0.56, height=0.36)])
    expect_number(wide, "42\n27")
    expect(wide.locator("#verdict")).to_have_text("These are 2 lines of numbers.")


LETTERS: dict[str, list[list[Point]]] = {  # in fractions of their box
    "K": [[(0, 0), (0, 1)], [(1, 0), (0, 0.55), (1, 1)]],
    "E": [[(1, 0), (0, 0)], [(0, 0), (0, 1)], [(0, 1), (1, 1)], [(0, 0.5), (0.8, 0.5)]],
    "N": [[(0, 1), (0, 0), (1, 1), (1, 0)]],
}


def test_a_word_of_letters_is_no_number(wide):
    for i, letter in enumerate("KEEN"):
        write(wide, [[(0.2 + 0.55 * i + 0.42 * x, 0.22 + 0.56 * y) for x, y in stroke] for stroke in LETTERS[letter]])
    expect(wide.locator("#verdict")).to_have_text(re.compile("find no digits|not look like a number"))


def test_a_screen_reader_hears_the_number_once(wide):
    write(wide, written("42"))
    expect(wide.locator("#announcer")).to_have_text(re.compile("^This is 42\\. four, two\\. "))


def test_the_last_figure_is_shown_and_another_is_chosen_by_keys_and_by_its_ink(wide):
    write(wide, written("42"))
    expect(figure(wide, 1)).to_be_checked()
    expect(wide.locator("#bars .top")).to_have_attribute("data-digit", "2")
    figure(wide, 1).focus()
    wide.keyboard.press("ArrowLeft")
    expect(figure(wide, 0)).to_be_focused()
    expect(figure(wide, 0)).to_be_checked()
    expect(wide.locator("#bars .top")).to_have_attribute("data-digit", "4")
    expect(wide.locator("#figure-words")).to_contain_text("Figure 1 of 2: this is a 4.")
    wide.locator(".figure-box").nth(1).click()
    expect(wide.locator("#bars .top")).to_have_attribute("data-digit", "2")
    expect(wide.locator(".figure-box[data-chosen]")).to_have_count(1)


def test_a_chosen_figure_stays_chosen_while_one_writes_on(wide):
    write(wide, written("42"))
    expect_number(wide, "42")
    figure(wide, 0).click()
    write(wide, written("7", left=1.3))
    expect_number(wide, "427")
    expect(figure(wide, 0)).to_be_checked()
    expect(wide.locator("#bars .top")).to_have_attribute("data-digit", "4")


def test_undo_takes_the_last_figure_back(wide):
    write(wide, written("42"))
    expect_number(wide, "42")
    wide.keyboard.press("Control+z")
    expect_number(wide, "4")
    wide.keyboard.press("Escape")
    expect(wide.locator("#figures")).to_be_hidden()
    expect(wide.locator("#verdict")).to_have_text("Write a number.")
    expect(wide.locator(".figure-box")).to_have_count(0)


def test_the_boxes_lie_around_the_ink_and_move_with_the_sheet(open_page):
    page = open_page(viewport=PHONE, has_touch=True)
    choose_mode(page)
    write(page, written("4", left=0.1))
    expect_number(page, "4")
    place = "(each) => document.querySelector(each).getBoundingClientRect().toJSON()"
    sheet, box = page.evaluate(place, "#pad"), page.evaluate(place, ".figure-box")  # another answer makes another box
    left, top = (box["x"] - sheet["x"]) / sheet["height"], (box["y"] - sheet["y"]) / sheet["height"]
    assert left == pytest.approx(0.1 + 0.12 * WIDTH, abs=0.08)
    assert top == pytest.approx(0.22, abs=0.08)
    assert box["height"] / sheet["height"] == pytest.approx(HEIGHT, abs=0.12)
    assert page.evaluate("document.querySelector('#sheet').contains(document.querySelector('.figure-box'))")


def test_the_number_is_copied_as_text(wide):
    wide.evaluate("navigator.clipboard.writeText = (text) => ((window.copied = text), Promise.resolve())")
    write(wide, written("42"))
    expect_number(wide, "42")
    wide.get_by_role("button", name="Copy", exact=True).click()
    expect(wide.locator("#status")).to_have_text("42 is on the clipboard.")
    assert wide.evaluate("window.copied") == "42"


def test_every_panel_is_about_the_chosen_figure(wide):
    write(wide, written("42"))
    figure(wide, 0).click()
    for panel in ("pixel-attribution", "stroke-effects", "timeline", "preprocessing", "tipping-point"):
        unfold(wide, panel)
    expect(wide.locator("#pixel-attribution .sentence")).to_contain_text("A 4 rather than")
    expect(wide.locator("#stroke-effects .stroke-list li")).to_have_count(2)
    expect(wide.locator("#stroke-effects .after").first).to_contain_text("without it:")
    expect(wide.locator("#timeline .here p").first).to_contain_text("Now: 4")
    expect(wide.locator("#preprocessing .sentence")).to_contain_text("it reads: 4")
    expect(wide.locator("#preprocessing .step-switches label").first).to_be_hidden()
    figure(wide, 1).click()
    expect(wide.locator("#pixel-attribution .sentence")).to_contain_text("A 2 rather than")
    expect(wide.locator("#stroke-effects .stroke-list li")).to_have_count(1)


def test_a_moment_of_the_past_shows_the_number_as_it_was(wide):
    write(wide, written("4"))
    expect_number(wide, "4")
    write(wide, written("2", left=0.7))
    expect_number(wide, "42")
    figure(wide, 0).click()
    unfold(wide, "timeline")
    slider = wide.get_by_label("Moment of the drawing")
    slider.press("Home")
    expect(wide.locator("#figures")).not_to_have_text("42")
    expect(wide.locator(".pad-frame")).to_have_attribute("data-past", "")
    slider.press("End")
    expect_number(wide, "42")


def as_digit(digit: int) -> dict[str, object]:
    """What a group says that was read as a digit."""
    return {"confidence": 0.9, "verdict": "digit", "digit": digit, "text": str(digit)}


def cut_differently(route: Route) -> None:
    """The server's answer, with a candidate cut through the first digit and one that was no good."""
    reply = route.fetch()
    reading = reply.json()
    for line in reading["lines"]:
        (x, y, width, height), digits = line["box"], line["digits"]
        left, _, first, _ = digits[0]["box"]
        places = [(x, 0), (left + first / 2, 0.9), *[(d["box"][0] - 2, 0) for d in digits[1:]], (x + width, 0)]
        whole = [as_digit(digits[0]["digit"]) | {"start": 0, "end": 2, "box": digits[0]["box"], "score": -0.1}]
        halves = [as_digit(1) | {"start": i, "end": i + 1, "box": line["box"], "score": -2.0} for i in range(2)]
        rest = enumerate(digits[1:], start=2)
        others = [as_digit(d["digit"]) | {"start": i, "end": i + 1, "box": d["box"], "score": -0.2} for i, d in rest]
        line["segmentation"] = {
            "cuts": [{"points": [[at, y], [at, y + height]], "ink": ink} for at, ink in places],
            "groups": [halves[0], *whole, halves[1], *others],
            "best": [0, *range(2, len(places))],
            "second": [*range(len(places))],
        }
    route.fulfill(response=reply, json=reading)


@pytest.fixture
def cut(open_page):
    """A 42 whose 4 could also have been cut into two, with its panel open."""
    page = open_page(viewport=DESKTOP, routes=lambda page: page.route("**/read?*", cut_differently))
    choose_mode(page)
    write(page, written("42"))
    expect(page.locator("#announcer")).to_contain_text("This is 42.")  # a later answer takes moved cuts back
    page.get_by_role("button", name="How it cut the ink", exact=True).click()
    return page


def reading(page: Page):
    return page.locator(".own-reading")


def test_the_cuts_are_shown_with_what_was_read_between_them(cut):
    expect(cut.locator("#segmentation .sentence")).to_contain_text("It reads 42")
    expect(cut.locator("#segmentation .handle")).to_have_count(2)
    expect(cut.locator("#segmentation .handle[aria-pressed=true]")).to_have_count(1)
    expect(cut.locator("#segmentation .bar[aria-pressed=true] b")).to_have_text(["4", "2"])
    expect(cut.locator("#segmentation .note").first).to_contain_text("in 2 places, 1 of them through ink")


def test_other_cuts_by_a_handle_by_a_bar_and_of_the_runner_up_show_their_reading_and_its_odds(cut):
    cut.locator("#segmentation .handle").first.click()
    expect(reading(cut)).to_have_text("Your cuts read 112: 49 times less likely than its own cuts.")
    cut.get_by_role("button", name="Its own cuts").click()
    expect(reading(cut)).to_have_text("Drag a cut, or choose a cut or a bar, and see what would be read.")
    cut.locator("#segmentation .bar[aria-pressed=false]").first.click()
    expect(reading(cut)).to_contain_text("Your cuts read 112")
    cut.get_by_role("button", name="Its own cuts").click()
    cut.get_by_role("button", name="The runner-up’s cuts").click()
    expect(reading(cut)).to_contain_text("Your cuts read 112")


def test_a_cut_is_moved_by_keys_and_by_dragging(cut):
    handles = cut.locator("#segmentation .handle")
    handles.nth(1).press("ArrowLeft")
    expect(handles.nth(0)).to_be_focused()
    expect(handles.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(reading(cut)).to_contain_text("was not read as one digit")
    start, end = box_of(handles.nth(0)), box_of(handles.nth(1))
    cut.mouse.move(start["x"] + 12, start["y"] + 14)
    cut.mouse.down()
    cut.mouse.move(end["x"] + 12, end["y"] + 14, steps=5)
    cut.mouse.up()
    expect(handles.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(reading(cut)).to_contain_text("Drag a cut")


def test_for_one_digit_the_panel_says_how_to_get_to_a_number(page):
    unfold(page, "segmentation")
    expect(page.locator("#segmentation .sentence")).to_contain_text("Choose “a number” above the pad")


def sheet_of_numbers(lines: list[str]) -> bytes:
    """A photograph of ink on paper, a line below the other."""
    picture = Image.new("L", (900, 240 * len(lines)), 235)
    pen = ImageDraw.Draw(picture)
    for row, text in enumerate(lines):
        for stroke in written(text, left=0.4, top=0.2, height=0.6):
            pen.line([(240 * x, 240 * (row + y)) for x, y in stroke], fill=40, width=14, joint="curve")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def test_a_photo_of_two_lines_is_read_as_lines(wide):
    photo = {"name": "sheet.png", "mimeType": "image/png", "buffer": sheet_of_numbers(["420", "96"])}
    wide.locator("#photo").set_input_files([photo])
    expect_number(wide, "420\n96")
    wide.locator(".figure-box").nth(3).click()
    expect(figure(wide, 3)).to_be_checked()
    expect(wide.locator("#bars .top")).to_have_attribute("data-digit", "9")


def test_several_digits_where_one_is_read_are_offered_as_a_number(open_page):
    page = open_page(viewport=DESKTOP)
    write(page, written("42", left=0.1, height=0.45))
    expect(page.locator("#verdict")).to_have_text("Two digits: read them as a number.")
    page.get_by_role("button", name="Read as a number").click()
    expect_number(page, "42")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_long_number_fits(open_page, viewport):
    page = open_page(viewport=viewport)
    choose_mode(page)
    page.locator("#pad").focus()
    page.keyboard.type("31415926")
    expect_number(page, "31415926")
    line, button = box_of(page.locator("#figures .line")), box_of(figure(page, 7))
    assert button["y"] < line["y"] + button["height"] / 2, "wrapped"
    assert scroll_width(page) <= viewport["width"]


def test_a_photo_of_several_digits_is_read_as_a_number_at_a_button(open_page):
    page = open_page(viewport=PHONE)
    photo = {"name": "sheet.png", "mimeType": "image/png", "buffer": sheet_of_numbers(["420"])}
    page.locator("#photo").set_input_files([photo])
    expect(page.locator("#verdict")).to_have_text("Three digits: read them as a number.")
    page.get_by_role("button", name="Read as a number").click()
    expect_number(page, "420")


def test_the_link_and_the_requests_are_those_of_the_whole_number(wide):
    wide.evaluate("navigator.clipboard.writeText = (text) => ((window.copied = text), Promise.resolve())")
    write(wide, written("42"))
    expect_number(wide, "42")
    panel = unfold(wide, "export")
    panel.get_by_role("button", name="Copy as curl").click()
    expect(panel.locator("textarea")).to_have_value(re.compile("/read' --header"))
    panel.get_by_role("button", name="Copy a link").click()
    expect(panel.locator("textarea")).to_have_value(re.compile("#d="))
    link = panel.locator("textarea").input_value()
    wide.goto("about:blank")
    wide.goto(link)
    expect_number(wide, "42")


def test_a_finger_chooses_a_figure_by_its_ink(open_page):
    page = open_page(viewport=PHONE, has_touch=True)
    choose_mode(page)
    write(page, written("42", left=0.1))
    expect_number(page, "42")
    page.locator(".figure-box").first.tap()
    expect(figure(page, 0)).to_be_checked()
    expect_number(page, "42")


def test_a_figure_that_is_chosen_beside_the_answer_is_brought_into_view(open_page):
    page = open_page(viewport=PHONE)
    choose_mode(page)
    page.locator("#pad").focus()
    page.keyboard.type("3141592")
    expect_number(page, "3141592")
    first = page.locator(".figure-box").first
    expect(first).not_to_be_in_viewport()
    figure(page, 6).focus()
    page.keyboard.press("Home")
    expect(first).to_be_in_viewport()


def test_a_stroke_that_begins_in_the_box_of_another_figure_is_drawn(wide):
    write(wide, written("42"))
    expect_number(wide, "42")
    write(wide, [[(0.4, 0.3), (0.42, 0.5), (0.41, 0.7)]])
    assert wide.locator("#undo").is_enabled()
    expect(wide.locator("#figures")).to_be_visible()
    for _ in range(4):  # the strokes of the 4, of the 2, and this one
        wide.keyboard.press("Control+z")
    expect(wide.locator("#undo")).to_be_disabled()
