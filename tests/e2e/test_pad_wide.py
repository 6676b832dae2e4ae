"""The wide sheet for a number: it grows, scrolls and remembers, drawn on with a real mouse, a real finger and keys."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import (
    DIGITS,
    FRAMES,
    STEPS,
    Fingers,
    Point,
    box_of,
    choose_photo_of_a_one,
    final_answer,
    hold_clock,
    install_clock,
    placed,
    press,
    scroll_width,
    until,
)
from tests.e2e.conftest import DESKTOP, PHONE

LANDSCAPE = {"width": 844, "height": 390}
WIDTH = "document.querySelector('#pad').clientWidth / document.querySelector('#pad').clientHeight"
VIEW = "document.querySelector('.sheet-view')"


def take_number(page: Page) -> Page:
    """Takes the sheet for a number, without the sample that is there first."""
    page.get_by_role("radio", name="a number").check()
    page.locator("#clear").click()
    return page


def aspect(page: Page) -> float:
    """The sheet's width by its height."""
    box = box_of(page.locator("#pad"))
    return box["width"] / box["height"]


def on_sheet(page: Page, points: Iterable[Point]) -> list[Point]:
    """Points in fractions of the sheet's height as points of the window, wherever it is scrolled to."""
    box = box_of(page.locator("#pad"))
    return [(box["x"] + x * box["height"], box["y"] + y * box["height"]) for x, y in points]


def write(page: Page, digits: str, left: float = 0.15) -> None:
    """A number with the mouse; the sheet is as scrolled as it is."""
    for i, digit in enumerate(digits):
        for stroke in placed(int(digit), left + 0.5 * i, 0.2, 0.36, 0.6):
            first, *rest = on_sheet(page, stroke)
            page.mouse.move(*first)
            page.mouse.down()
            for point in rest:
                page.mouse.move(*point, steps=STEPS)
            page.mouse.up()


def inked_at(page: Page, x: float, y: float = 0.5, side: float = 0.03) -> float:
    """The share of a small square of the sheet that shows ink."""
    share: float = page.locator("#pad").evaluate(
        """(pad, [x, y, side]) => {
            const [left, top, size] = [x - side / 2, y - side / 2, side].map((value) => Math.round(value * pad.height));
            const shown = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
            shown.drawImage(pad, -left, -top);
            const alpha = shown.getImageData(0, 0, size, size).data.filter((_, i) => i % 4 === 3);
            return alpha.filter((value) => value > 127).length / alpha.length;
        }""",
        [x, y, side],
    )
    return share


def scrolled(page: Page) -> float:
    """How much of the sheet is out of view on the left, in pixels."""
    left: float = page.evaluate(f"{VIEW}.scrollLeft")
    return left


PAUSE_MS = 700  # static/js/drawing/sheet.js: once the pen has rested so long, the sheet moves
LINE = [(0.3, 0.5), (0.9, 0.5)]


# -- the sheet --------------------------------------------------------------------------------------------------------


def test_a_number_has_the_whole_width_of_a_desktop_and_the_answer_is_in_view_below(page):
    take_number(page)
    frame = box_of(page.locator(".pad-frame"))
    assert frame["width"] > 0.9 * DESKTOP["width"]
    assert aspect(page) == pytest.approx(frame["width"] / frame["height"], rel=0.01)
    for what in ("#input", "#answer", "#bars li:last-child", "#undo"):
        box = box_of(page.locator(what))
        assert frame["y"] + frame["height"] < box["y"] + box["height"] <= DESKTOP["height"], what
    assert scroll_width(page) == DESKTOP["width"]
    expect(page.locator("#on")).to_be_hidden()


@pytest.mark.parametrize("viewport", [PHONE, LANDSCAPE])
def test_on_a_phone_the_sheet_has_the_whole_width_and_the_answer_is_below_it(open_page, viewport):
    page = take_number(open_page(viewport=viewport, has_touch=True))
    frame = box_of(page.locator(".pad-frame"))
    assert frame["width"] > 0.9 * viewport["width"]
    assert aspect(page) >= 2
    for what in ("#answer", "#undo"):
        box = box_of(page.locator(what))
        assert box["y"] + box["height"] <= viewport["height"], what
    assert scroll_width(page) == viewport["width"]


def test_the_sheet_grows_where_there_is_no_room_for_another_digit_and_undo_takes_it_back(open_page):
    page = take_number(open_page(viewport=PHONE))
    assert aspect(page) == pytest.approx(2, abs=0.03)
    write(page, "1")
    assert aspect(page) == pytest.approx(2, abs=0.03)
    write(page, "1", 1.4)
    assert aspect(page) == pytest.approx(3, abs=0.03)
    page.locator("#undo").click()
    assert aspect(page) == pytest.approx(2, abs=0.03)
    page.locator("#redo").click()
    assert aspect(page) == pytest.approx(3, abs=0.03)
    page.locator("#clear").click()
    assert aspect(page) == pytest.approx(2, abs=0.03)


def test_a_stroke_over_the_right_edge_is_there_once_the_sheet_has_grown(open_page):
    page = take_number(open_page(viewport=PHONE))
    first, *rest = on_sheet(page, [(1.7, 0.5), (1.9, 0.5), (2.3, 0.5)])
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=STEPS)
    page.mouse.up()
    assert inked_at(page, 2.2) == 1
    assert inked_at(page, 2.7) == 0


def test_after_a_pause_the_sheet_makes_room_to_the_right_and_the_buttons_bring_the_start_back(open_page):
    page = take_number(open_page(viewport=PHONE, before=install_clock))
    expect(page.locator("#back")).to_be_hidden()
    hold_clock(page)
    write(page, "1111")
    page.clock.run_for(PAUSE_MS - 50)
    assert scrolled(page) == 0  # a digit may not be whole yet
    page.clock.resume()
    until(page, f"{VIEW}.scrollLeft > 20")
    expect(page.locator("#back")).to_be_enabled()
    page.locator("#back").click()
    until(page, f"{VIEW}.scrollLeft === 0")
    expect(page.locator("#back")).to_be_disabled()
    page.locator("#on").click()
    until(page, f"{VIEW}.scrollLeft > 0")


def test_a_new_stroke_keeps_the_sheet_where_it_is(open_page):
    page = take_number(open_page(viewport=PHONE, before=install_clock))
    hold_clock(page)
    write(page, "1", 1.4)
    first, second = on_sheet(page, LINE)
    page.mouse.move(*first)
    page.mouse.down()
    page.clock.run_for(PAUSE_MS + 200)
    page.mouse.move(*second, steps=STEPS)
    assert scrolled(page) == 0
    page.mouse.up()
    assert inked_at(page, 0.6) == 1


def test_a_wheel_and_keys_scroll_a_sheet_that_is_wider_than_the_pad(open_page):
    page = take_number(open_page(viewport=PHONE))
    write(page, "1", 1.4)
    page.locator("#pad").focus()
    page.keyboard.press("PageDown")
    until(page, f"{VIEW}.scrollLeft > 20")
    page.keyboard.press("PageUp")
    until(page, f"{VIEW}.scrollLeft === 0")
    page.mouse.move(*on_sheet(page, [(0.5, 0.5)])[0])
    page.mouse.wheel(0, 60)
    until(page, f"{VIEW}.scrollLeft === 60")
    assert page.evaluate("scrollY") == 0


def test_ink_lies_under_the_pen_on_a_scrolled_sheet(open_page):
    page = take_number(open_page(viewport=PHONE))
    write(page, "1", 1.4)
    page.locator("#on").click()
    until(page, f"{VIEW}.scrollLeft + {VIEW}.clientWidth >= {VIEW}.scrollWidth - 1")
    page.mouse.move(*on_sheet(page, [(2.4, 0.3)])[0])
    page.mouse.down()
    page.mouse.move(*on_sheet(page, [(2.4, 0.7)])[0], steps=STEPS)
    page.mouse.up()
    assert inked_at(page, 2.4) == 1
    assert inked_at(page, 1.2) == 0


def test_a_sheet_ends_at_eight_times_its_height(open_page):
    page = take_number(open_page(viewport=PHONE))
    page.route("**/read?*", lambda _: None)  # never answered: an answer may be announced after what is looked for
    page.locator("#pad").focus()
    for _ in range(33):
        page.keyboard.press("1")
    expect(page.locator("#announcer")).to_have_text("The sheet is full.")
    assert aspect(page) == pytest.approx(8, abs=0.1)


# -- pointers and keys ------------------------------------------------------------------------------------------------


def test_a_finger_writes_a_number_on_a_phone(open_page):
    page = take_number(open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=3))
    box = box_of(page.locator("#pad"))
    wide = box["width"] / box["height"]
    for digit, left in ((4, 0.15), (2, 0.7)):
        strokes = [[(x / wide, y) for x, y in stroke] for stroke in placed(digit, left, 0.2, 0.36, 0.6)]
        Fingers(page).draw(strokes)
    for digit, left in ((4, 0.15), (2, 0.7)):
        x, y = DIGITS[digit][0][2]
        assert inked_at(page, left + 0.36 * x / 100, 0.2 + 0.6 * y / 100, 0.02) == 1
    assert page.evaluate("scrollY") == 0


def test_the_keyboard_writes_digits_one_after_the_other_and_its_cursor_is_kept_in_view(open_page):
    page = take_number(open_page(viewport=PHONE))
    page.locator("#pad").focus()
    for digit in "20268":
        page.keyboard.press(digit)
    assert aspect(page) > 3
    until(page, f"{VIEW}.scrollLeft > 0")
    page.keyboard.press("Escape")
    for _ in range(16):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    assert inked_at(page, 2.0, 0.57, 0.02) > 0.9


def test_the_choice_of_a_sheet_is_a_group_of_two_that_arrow_keys_change(page):
    group = page.get_by_role("group", name="What you draw")
    expect(group.get_by_role("radio", name="one digit")).to_be_checked()
    group.get_by_role("radio", name="one digit").press("ArrowRight")
    expect(group.get_by_role("radio", name="a number")).to_be_checked()
    expect(page.locator("#announcer")).to_contain_text("takes a number")
    expect(page.get_by_text("Write a number here")).to_be_visible()


def test_the_eraser_and_the_brush_work_on_the_wide_sheet(page):
    take_number(page)
    press_line = on_sheet(page, [(2.0, 0.5), (3.0, 0.5)])
    for tool in ("pen", "eraser"):
        page.locator(f"#{tool}").click()
        start, end = press_line if tool == "pen" else on_sheet(page, [(2.5, 0.3), (2.5, 0.7)])
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=STEPS)
        page.mouse.up()
    assert inked_at(page, 2.5) == 0
    assert inked_at(page, 2.2) == 1


# -- one digit and a number -------------------------------------------------------------------------------------------


def test_a_digit_stays_at_the_left_of_a_number_and_comes_back(page):
    press(page, [(0.2, 0.5), (0.8, 0.5)])
    page.get_by_role("radio", name="a number").check()
    assert inked_at(page, 0.5) == 1
    assert inked_at(page, 1.5) == 0
    page.get_by_role("radio", name="one digit").check()
    assert aspect(page) == pytest.approx(1, abs=0.01)
    assert inked_at(page, 0.5) == 1


def test_a_number_is_cleared_for_one_digit_and_undo_brings_it_back_with_its_sheet(page):
    take_number(page)
    write(page, "111")
    page.get_by_role("radio", name="one digit").check()
    assert inked_at(page, 0.33) == 0
    page.locator("#undo").click()
    expect(page.get_by_role("radio", name="a number")).to_be_checked()
    assert aspect(page) > 2
    assert inked_at(page, 0.33) == 1


def test_a_number_that_was_cleared_for_one_digit_is_kept_when_the_page_is_loaded_again(page):
    take_number(page)
    write(page, "111")
    page.get_by_role("radio", name="one digit").check()
    page.reload()
    expect(page.locator("#answer")).to_have_text("3")  # the placeholder
    page.get_by_role("radio", name="a number").check()
    until(page, f"{WIDTH} > 2")
    assert inked_at(page, 0.33) == 1
    expect(page.locator("#workspace")).not_to_have_attribute("data-placeholder", "")


def test_each_sheet_keeps_its_own_brush(page):
    brush = page.locator("#brush")
    brush.fill("12")
    page.get_by_role("radio", name="a number").check()
    expect(brush).to_have_value("6")
    page.get_by_role("radio", name="one digit").check()
    expect(brush).to_have_value("12")


def test_samples_are_numbers_on_the_wide_sheet(page):
    take_number(page)
    expect(page.get_by_role("button", name="Write a 7")).to_be_hidden()
    page.get_by_role("button", name="Write 2026").click()
    until(page, "!document.querySelector('#undo').disabled")
    assert sum(inked_at(page, 0.1 + 0.05 * i) > 0 for i in range(40)) > 4


def test_the_choice_and_the_number_are_kept_from_page_to_page_and_a_digit_apart(page):
    press(page, [(0.2, 0.3), (0.8, 0.3)])
    take_number(page)
    write(page, "11")
    page.get_by_role("link", name="Training").click()
    expect(page.locator("#answer")).not_to_have_text("–")
    page.get_by_role("link", name="Draw").click()
    expect(page.get_by_role("radio", name="a number")).to_be_checked()
    assert inked_at(page, 0.33) == 1
    assert inked_at(page, 0.83) == 1


# -- links, photos and the past ---------------------------------------------------------------------------------------


def test_a_link_opens_a_number_as_wide_as_it_is_anywhere(page, open_page):
    take_number(page)
    write(page, "1", 3.6)
    final_answer(page)  # the link is to what has been answered
    page.locator("#export > summary").click()
    page.get_by_role("button", name="Copy a link").click()
    until(page, "location.hash.startsWith('#d=')")
    phone = open_page(url=page.url, viewport=PHONE)
    expect(phone.get_by_role("radio", name="a number")).to_be_checked()
    until(phone, f"{VIEW}.scrollWidth > 2 * {VIEW}.clientWidth")
    assert any(inked_at(phone, 3.78) == 1 for _ in range(FRAMES))


def test_a_photo_fills_the_wide_pad_as_large_as_fits(page):
    take_number(page)
    choose_photo_of_a_one(page)  # twice as wide as high
    until(page, "document.querySelector('.pad-frame').hasAttribute('data-photo')")
    middle = aspect(page) / 2
    assert inked_at(page, middle - 0.95) == inked_at(page, middle + 0.95) == 1
    assert inked_at(page, middle - 1.05) == inked_at(page, middle + 1.05) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_number_is_drawn_again_in_the_colours_of_another_theme(open_page, scheme):
    page = take_number(open_page(color_scheme=scheme))
    write(page, "1", 2.0)
    page.locator("#theme").click()
    page.locator("#theme").click()
    colour = page.locator("#pad").evaluate(
        """(pad) => [...pad.getContext("2d").getImageData(2.18 * pad.height, pad.height / 2, 1, 1).data.slice(0, 3)]
            .join() === getComputedStyle(pad).color.match(/\\d+/g).slice(0, 3).join()"""
    )
    assert colour


def test_a_window_made_narrow_keeps_the_number_and_scrolls_it(page):
    take_number(page)
    write(page, "1111")
    page.set_viewport_size(PHONE)
    until(page, f"{VIEW}.scrollWidth > {VIEW}.clientWidth")
    assert inked_at(page, 0.33) == 1
    assert inked_at(page, 1.83) == 1
    assert scroll_width(page) == PHONE["width"]


def test_the_sheet_stays_in_view_while_panels_are_read_and_hides_nothing_that_keys_reach(page):
    take_number(page)
    write(page, "11")
    page.locator("#pixel-attribution > summary").click()
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("rather than")  # it grows no more
    page.locator("footer a").last.focus()
    frame = box_of(page.locator(".pad-frame"))
    assert 0 <= frame["y"] < 100
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        below = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert below >= frame["y"] + frame["height"]


def test_no_width_scrolls_the_page_sideways_and_no_tool_is_cut_off(page):
    take_number(page)
    write(page, "1111")
    widths = [2560, 1920, 1440, 1120, 1024, 768, 600, 360, 320]
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert scroll_width(page) == width
        for tool in page.locator(".pad-head button:visible, .mode label, .tools button, #brush").all():
            box = box_of(tool)
            assert box["x"] >= 0, width
            assert box["x"] + box["width"] <= width, width
