"""The page in a real browser, drawn on with real pointers."""

import itertools
import json
import math
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.middleware.security_headers import FIRST
from model.network import Network
from tests.conftest import WEIGHTS
from tests.e2e.actions import (
    DIGITS,
    FAILED,
    FRAME,
    FRAMES,
    Fingers,
    Point,
    box_of,
    clean,
    draw,
    draw_answered,
    final_answer,
    first,
    hold_clock,
    inked,
    install_clock,
    on_screen,
    placed,
    press,
    scroll_width,
    start_anew,
    unfold,
    until,
)
from tests.e2e.conftest import DESKTOP, PHONE, SHORT_PHONE

# Where each digit is drawn.
BY_MOUSE = {
    0: {},
    1: {"left": 0.05, "top": 0.1, "width": 0.4, "height": 0.4},
    2: {"left": 0.5, "top": 0.45, "width": 0.4, "height": 0.5},
    3: {"left": 0.1, "top": 0.05, "width": 0.75, "height": 0.9},
    4: {"left": 0.3, "top": 0.3, "width": 0.45, "height": 0.5},
}
BY_TOUCH = {
    5: {},
    6: {"left": 0.45, "top": 0.05, "width": 0.4, "height": 0.5},
    7: {"left": 0.08, "top": 0.4, "width": 0.4, "height": 0.5},
    8: {"left": 0.12, "top": 0.06, "width": 0.7, "height": 0.86},
    9: {"left": 0.4, "top": 0.4, "width": 0.4, "height": 0.5},
}
LINES = """[...document.querySelectorAll("#connections .for")]
    .reduce((lines, path) => lines + (path.getAttribute("d") ?? "").split("M").length - 1, 0)"""


def bars(page: Page) -> list[str]:
    return page.locator("#bars .share").all_inner_texts()


def tiles(page: Page, layer: str) -> object:
    return page.locator(f"[data-layer={layer}]").evaluate("(canvas) => canvas.toDataURL()")


def fake_answer(digit: int, **changes: object) -> dict[str, object]:
    """An answer for tests that replace the server."""
    answer = {
        "digit": digit,
        "confidence": 0.91,
        "probabilities": [0.91 if i == digit else 0.01 for i in range(10)],
        "verdict": "digit",
        "novelty": 0.1,
        "activations": [{"layer": "hidden1", "values": [1.0] * 128}, {"layer": "hidden2", "values": [1.0] * 64}],
        "input": [128] * 784,
        "model": Network.load(WEIGHTS).name,  # the page asks the real server for this one's parameters
    }
    return answer | changes


def answering(**changes: object) -> Callable[[Page], None]:
    """A fake server that always gives the same answer."""

    def routes(page: Page) -> None:
        page.route("**/predict", lambda route: route.fulfill(json=fake_answer(4, **changes)))

    return routes


# -- recognising ------------------------------------------------------------------------------------------------------


def test_digits_drawn_with_the_mouse_are_recognised(page):
    read = {}
    for digit, place in BY_MOUSE.items():
        start_anew(page)
        draw(page, placed(digit, **place))
        read[digit] = final_answer(page)
    assert read == {digit: str(digit) for digit in BY_MOUSE}


def test_digits_drawn_with_a_finger_are_recognised(open_page):
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=3)
    read = {}
    for digit, place in BY_TOUCH.items():
        start_anew(page)
        Fingers(page).draw(placed(digit, **place))
        read[digit] = final_answer(page)
    assert read == {digit: str(digit) for digit in BY_TOUCH}


def test_a_sample_writes_the_digit_of_its_button(page):
    read = {}
    for digit in range(10):
        page.get_by_role("button", name=f"Write a {digit}").click()
        read[digit] = final_answer(page)
    assert read == {digit: str(digit) for digit in range(10)}


def test_a_digit_is_drawn_with_the_keyboard_alone(page):
    page.locator("#pad").focus()
    for key in ["ArrowUp"] * 9 + ["ArrowLeft"] * 5 + ["Space"] + ["ArrowRight"] * 10:
        page.keyboard.press(key)
    for _ in range(6):
        for key in ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"]:
            page.keyboard.press(key)
    page.keyboard.press("Space")
    assert final_answer(page) == "7"


def test_a_digit_key_on_the_pad_writes_that_sample(page):
    page.locator("#pad").focus()
    page.keyboard.press("5")
    assert final_answer(page) == "5"


def test_the_eraser_end_of_a_pen_erases(page):
    press(page, [(0.2, 0.5), (0.8, 0.5)])
    page.locator("#pad").evaluate(
        """(pad) => {
            const { left, top, width } = pad.getBoundingClientRect();
            const send = (type, y, buttons) => pad.dispatchEvent(new PointerEvent(type, {
                pointerId: 7, isPrimary: true, pointerType: "pen", button: type === "pointermove" ? -1 : 5, buttons,
                clientX: left + width / 2, clientY: top + y * width }));
            send("pointerdown", 0.3, 32);
            send("pointermove", 0.5, 32);
            send("pointerup", 0.7, 0);
        }"""
    )
    assert inked(page, 0.48, 0.48, 0.52, 0.52) == 0
    assert inked(page, 0.25, 0.48, 0.35, 0.52) == 1


# -- while drawing ----------------------------------------------------------------------------------------------------


def test_bars_and_tiles_change_while_the_stroke_is_still_going_on(page):
    seven = placed(7)[0]
    press(page, seven[:3], lift=False)
    expect(page.locator("#workspace")).not_to_have_attribute("data-placeholder", "")
    until(page, "document.querySelector('#bars .top') !== null")
    page.evaluate("window.before = document.querySelector('#bars').innerText")
    before = tiles(page, "hidden1"), tiles(page, "hidden2")
    for point in on_screen(page, seven[3:]):
        page.mouse.move(*point, steps=6)
    until(page, "document.querySelector('#bars').innerText !== window.before")
    page.evaluate(FRAME)  # the network's turn comes a frame after that of the bars
    assert tiles(page, "hidden1") != before[0]
    assert tiles(page, "hidden2") != before[1]
    assert page.locator("#announcer").inner_text() == ""  # the stroke has not ended
    page.mouse.up()
    assert final_answer(page) == "7"


def test_a_slow_old_answer_never_overwrites_a_newer_one(open_page):
    held: list[Route] = []

    def hold_the_first(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    page = open_page(may_fail=FAILED)
    expect(page.locator("#answer")).to_have_text("3")  # the placeholder
    page.route("**/predict", hold_the_first)
    draw(page, placed(1))
    old = first(page, held)
    page.locator("#clear").click()
    draw_answered(page, placed(7), "7")
    old.fulfill(body=json.dumps(fake_answer(1)), content_type="application/json")
    press(page, placed(7)[0][:2])  # a later answer passes through the same channel
    assert final_answer(page) == "7"


@pytest.mark.parametrize("verdict", ["digit", "blank"])
def test_while_one_answer_is_slow_only_the_latest_drawing_waits(open_page, verdict):
    held: list[Route] = []
    page = open_page()
    expect(page.locator("#answer")).to_have_text("3")
    page.route("**/predict", lambda route: route.continue_() if held else held.append(route))
    start, *rest = placed(7)[0]
    press(page, [start], lift=False)
    answer = first(page, held)
    for point in on_screen(page, rest):
        page.mouse.move(*point)
    page.mouse.up()
    answer.fulfill(body=json.dumps(fake_answer(1, verdict=verdict)), content_type="application/json")
    assert final_answer(page) == "7"


def test_the_answer_is_announced_at_the_end_of_a_stroke_only(open_page):
    page = open_page(routes=answering())
    press(page, placed(4)[0], lift=False)
    expect(page.locator("#answer")).to_have_text("4")
    assert page.locator("#announcer").inner_text() == ""
    page.mouse.up()
    expect(page.locator("#announcer")).to_have_text("This looks like a 4. 91.0% sure. Runner-up: 0 at 1.0%.")


# -- tools ------------------------------------------------------------------------------------------------------------


def test_undo_and_redo_take_back_a_stroke_and_put_it_back(page):
    press(page, [(0.2, 0.3), (0.8, 0.3)])
    press(page, [(0.2, 0.7), (0.8, 0.7)])
    page.locator("#undo").click()
    assert inked(page, 0.3, 0.69, 0.7, 0.71) == 0
    assert inked(page, 0.3, 0.29, 0.7, 0.31) == 1
    page.keyboard.press("Control+Shift+Z")
    assert inked(page, 0.3, 0.69, 0.7, 0.71) == 1
    page.keyboard.press("Control+Z")
    page.keyboard.press("Control+Z")
    clean(page)
    expect(page.locator("#undo")).to_be_disabled()
    expect(page.locator("#answer")).to_have_text("–")


def test_the_eraser_removes_ink_and_the_pen_adds_it(page):
    press(page, [(0.2, 0.5), (0.8, 0.5)])
    page.locator("#eraser").click()
    expect(page.locator("#eraser")).to_have_attribute("aria-pressed", "true")
    press(page, [(0.5, 0.3), (0.5, 0.7)])
    page.mouse.move(0, 0)
    assert inked(page, 0.49, 0.45, 0.51, 0.55) == 0
    page.locator("#pen").click()
    press(page, [(0.4, 0.5), (0.6, 0.5)])
    assert inked(page, 0.49, 0.49, 0.51, 0.51) == 1


def test_the_erasers_ring_is_as_large_as_what_it_erases_and_whole_at_the_pads_edge(page):
    ring = page.locator(".pen-mark span")
    page.mouse.move(*on_screen(page, [(0.99, 0.5)])[0])
    expect(ring).to_be_hidden()
    page.locator("#eraser").click()
    page.mouse.move(*on_screen(page, [(0.99, 0.5)])[0])
    expect(ring).to_be_visible()
    pad, shown, around = (box_of(page.locator(each)) for each in ("#pad", ".pen-mark span", ".pen-mark"))
    assert shown["width"] == pytest.approx(0.08 * pad["height"], abs=1)
    assert pad["x"] + pad["width"] < shown["x"] + shown["width"] <= around["x"] + around["width"]


def test_erasing_everything_leaves_the_blank_state(page):
    press(page, [(0.45, 0.5), (0.55, 0.5)])
    assert final_answer(page) != ""
    page.locator("#brush").press("End")
    page.locator("#eraser").click()
    press(page, [(0.3, 0.5), (0.7, 0.5)])
    expect(page.locator("#verdict")).to_have_text("Draw a digit.")


def test_clear_leaves_the_blank_state_without_asking_the_server(page):
    asked: list[str] = []
    for means in ("button", "Escape", "Delete"):
        draw_answered(page, placed(7), "7")
        page.mouse.move(0, 0)
        page.route("**/predict", lambda route: asked.append(route.request.url))
        if means == "button":
            page.locator("#clear").click()
        else:
            page.keyboard.press(means)
        expect(page.locator("#answer"), means).to_have_text("–")
        expect(page.locator("#verdict")).to_have_text("Draw a digit.")
        expect(page.locator("#announcer")).to_have_text("The pad is clear.")
        assert bars(page) == ["–"] * 10
        clean(page)
        page.unroute("**/predict")
    assert asked == []


def test_a_larger_brush_leaves_more_ink(page):
    stroke = [(0.2, 0.5), (0.8, 0.5)]
    page.locator("#brush").press("Home")
    press(page, stroke)
    thin = inked(page)
    page.locator("#clear").click()
    page.locator("#brush").press("End")
    press(page, stroke)
    assert inked(page) > 3 * thin


def test_a_click_leaves_a_dot(page):
    press(page, [(0.5, 0.5)])
    assert inked(page, 0.49, 0.49, 0.51, 0.51) == 1


# -- pointers ---------------------------------------------------------------------------------------------------------


def test_a_stroke_that_leaves_the_pad_goes_on_when_it_comes_back(page):
    press(page, [(0.5, 0.2), (1.3, 0.2), (1.3, 0.8), (0.5, 0.8)])
    assert inked(page, 0.6, 0.19, 0.9, 0.21) == 1
    assert inked(page, 0.6, 0.79, 0.9, 0.81) == 1
    assert inked(page, 0.1, 0.1, 0.4, 0.9) == 0


def test_the_right_button_draws_nothing(page):
    page.locator("#clear").click()
    [start, end] = on_screen(page, [(0.2, 0.5), (0.8, 0.5)])
    page.mouse.move(*start)
    page.mouse.down(button="right")
    page.mouse.move(*end)
    page.mouse.up(button="right")
    page.mouse.move(0, 0)
    page.evaluate(FRAME)
    until(page, "document.querySelector('#undo').disabled")
    clean(page)


def test_a_cancelled_touch_ends_its_stroke_and_the_next_one_draws(open_page):
    page = open_page(has_touch=True)
    finger = Fingers(page)
    finger.send("touchStart", (0.2, 0.2))
    finger.send("touchMove", (0.5, 0.2))
    finger.send("touchCancel")
    expect(page.locator("#undo")).to_be_enabled()
    finger.draw([[(0.2, 0.8), (0.8, 0.8)]])
    assert inked(page, 0.25, 0.19, 0.45, 0.21) == 1
    assert inked(page, 0.25, 0.79, 0.75, 0.81) == 1
    assert inked(page, 0.4, 0.4, 0.6, 0.6) == 0


def test_a_second_finger_is_ignored(open_page):
    page = open_page(has_touch=True)
    finger = Fingers(page)
    finger.send("touchStart", (0.2, 0.2))
    finger.send("touchStart", (0.2, 0.2), (0.2, 0.8))
    finger.send("touchMove", (0.5, 0.2), (0.5, 0.8))
    finger.send("touchMove", (0.8, 0.2), (0.8, 0.8))
    finger.send("touchEnd")
    expect(page.locator("#undo")).to_be_enabled()
    assert inked(page, 0.25, 0.19, 0.75, 0.21) == 1
    assert inked(page, 0.0, 0.5, 1.0, 1.0) == 0


def test_a_palm_before_and_between_strokes_of_a_pen_leaves_no_ink_and_a_finger_draws_later(page):
    page.locator("#pad").evaluate(
        """(pad) => {
            const { left, top, width } = pad.getBoundingClientRect();
            const send = (type, pointerType, pointerId, x, y, time) => {
                const event = new PointerEvent(type, {
                    pointerId, pointerType, isPrimary: true, button: type === "pointermove" ? -1 : 0,
                    buttons: 1, clientX: left + x * width, clientY: top + y * width });
                Object.defineProperty(event, "timeStamp", { value: time });
                pad.dispatchEvent(event);
            };
            const draw = (pointer, id, y, time, end = "pointerup") => {
                send("pointerdown", pointer, id, 0.2, y, time);
                send("pointermove", pointer, id, 0.5, y, time + 100);
                send(end, pointer, id, 0.8, y, time + 200);
            };
            draw("touch", 1, 0.9, 10_000, "pointercancel"); // the system takes it for a palm
            draw("touch", 2, 0.8, 10_300); // and this one not
            send("pointerdown", "touch", 3, 0.5, 0.7, 10_600); // this one stays
            draw("pen", 4, 0.1, 10_700);
            send("pointermove", "touch", 3, 0.9, 0.7, 11_000);
            draw("touch", 5, 0.6, 11_500);
            draw("pen", 4, 0.2, 12_000);
            draw("touch", 6, 0.5, 16_000);
        }"""
    )
    assert [inked(page, 0.25, y - 0.01, 0.75, y + 0.01) for y in (0.1, 0.2, 0.5)] == [1, 1, 1]
    assert inked(page, 0.0, 0.56, 1.0, 1.0) == 0
    page.locator("#undo").click()
    assert inked(page, 0.0, 0.3, 1.0, 1.0) == 0  # no palm comes back


def test_the_page_scrolls_on_a_phone_everywhere_but_on_the_pad(page):
    actions = page.evaluate(
        "['#pad', 'body', '#bars'].map((s) => getComputedStyle(document.querySelector(s)).touchAction)"
    )
    assert actions == ["none", "auto", "auto"]


# -- the server is away, or refuses ----------------------------------------------------------------------------------


def test_an_unreachable_server_is_reported_and_the_page_recovers_by_itself(open_page):
    page = open_page(may_fail=FAILED)
    panels = ["pixel-attribution", "neuron", "helpful-ink", "forward-pass"]
    routes = ["**/predict", "**/readyz", "**/explain*"]
    for url in routes:
        page.route(url, lambda route: route.abort())
    for panel in panels:
        unfold(page, panel)
    draw(page, placed(7))
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    expect(page.locator("#verdict")).to_have_text("No answer yet.")
    for panel in panels:
        expect(page.locator(f"#{panel} .away")).to_be_visible()
        expect(page.locator(f"#{panel} .body")).to_be_hidden()
    before = inked(page)
    press(page, [(0.3, 0.55), (0.65, 0.55)])
    assert inked(page) > before
    for url in routes:
        page.unroute(url)
    expect(page.locator("#status")).to_have_text("")
    expect(page.locator("#answer")).to_have_text("7")
    for panel in panels:
        expect(page.locator(f"#{panel} .away")).to_be_hidden()
        expect(page.locator(f"#{panel} .body .sentence:visible").first).not_to_be_empty()


def test_losing_the_network_is_reported_the_same_way(open_page):
    page = open_page(may_fail=FAILED)
    page.context.set_offline(True)
    draw(page, placed(7))
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    expect(page.locator("#answer")).to_have_text("7")
    expect(page.get_by_role("status")).to_have_text("")


def test_a_refusal_shows_the_servers_own_sentence(open_page):
    page = open_page(may_fail=FAILED)
    body = json.dumps({"title": "Too large", "status": 413, "detail": "The picture is too large."})
    page.route(
        "**/predict", lambda route: route.fulfill(status=413, body=body, content_type="application/problem+json")
    )
    press(page, placed(7)[0])
    expect(page.get_by_role("status")).to_have_text("The picture is too large.")
    page.unroute("**/predict")
    press(page, placed(7)[0])
    expect(page.get_by_role("status")).to_have_text("")


# -- verdicts ---------------------------------------------------------------------------------------------------------


def test_a_drawing_that_is_no_digit_gets_no_answer(open_page):
    page = open_page(routes=answering(verdict="not-a-digit"))
    press(page, placed(4)[0])
    expect(page.locator("#verdict")).to_have_text("This does not look like a digit to me.")
    expect(page.locator("#answer")).to_have_text("–")
    expect(page.locator("#reason")).to_contain_text("closest is 4")


def test_a_close_call_names_both_digits(open_page):
    shares = [0.0] * 4 + [0.55] + [0.0] * 4 + [0.45]
    page = open_page(routes=answering(verdict="unsure", probabilities=shares))
    press(page, placed(4)[0])
    expect(page.locator("#verdict")).to_have_text("Too close to call between 4 and 9.")
    expect(page.locator("#bars [data-digit='9'] .share")).to_have_text("45.0%")


def test_a_digit_drawn_over_the_pads_edges_with_the_thickest_brush_is_recognised(page):
    page.locator("#brush").fill("16")
    draw(page, [[(0.01, 0.03), (0.5, 0.03), (1.05, 0.03), (0.8, 0.5), (0.5, 1.05)]])
    expect(page.locator("#answer")).to_have_text("7")


def test_clearing_selects_the_pen_again(page):
    draw(page, placed(1))
    page.locator("#eraser").click()
    page.locator("#clear").click()
    expect(page.locator("#pen")).to_have_attribute("aria-pressed", "true")
    draw_answered(page, placed(1), "1")


def in_the_middle(strokes: Iterable[Iterable[Point]]) -> list[list[Point]]:
    """Strokes in hundredths of their box, where a digit is drawn."""
    return [[(0.25 + x / 200, 0.2 + y / 160) for x, y in stroke] for stroke in strokes]


WRITING_VARIANTS = {
    "a slashed zero": (0, [DIGITS[0][0], [(16, 92), (84, 8)]]),
    "a crossed seven": (7, [DIGITS[7][0], [(30, 52), (80, 48)]]),
    "a one with flag and foot": (1, [[(26, 30), (52, 2), (51, 50), (50, 98)], [(24, 98), (78, 97)]]),
    "a four in one stroke": (4, [[(38, 4), (28, 30), (14, 58), (46, 61), (82, 56), (72, 26), (66, 50), (63, 98)]]),
}


def test_variants_of_writing_are_recognised(page):
    for name, (digit, strokes) in WRITING_VARIANTS.items():
        start_anew(page)
        draw(page, in_the_middle(strokes))
        expect(page.locator("#answer"), name).to_have_text(str(digit))


TURNS = [2.4 * k for k in range(14)]
NO_DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "a letter": [[(10, 100), (12, 0), (50, 70), (88, 0), (90, 100)]],
    "a scribble": [[(50 + 45 * math.cos(turn), 50 + 45 * math.sin(1.7 * turn)) for turn in TURNS]],
    "a zigzag": [[(5 + 9 * i, 95 if i % 2 else 5) for i in range(11)]],
}
SMILE = [DIGITS[0][0], [(38, 34), (38, 40)], [(62, 34), (62, 40)], [(32, 64), (42, 74), (58, 74), (68, 64)]]


NO_DIGIT = "This does not look like a digit to me."


def test_letters_and_scribbles_are_called_no_digit(page):
    for what, strokes in NO_DIGITS.items():
        start_anew(page)
        draw(page, in_the_middle(strokes))
        expect(page.locator("#verdict"), what).to_have_text(NO_DIGIT)
        expect(page.locator("#reason"), what).to_contain_text("closest is")


def test_a_smile_in_a_circle_is_no_digit_or_doubted(page):  # one or the other, by a pixel
    draw(page, in_the_middle(SMILE))
    final_answer(page)  # those before it are about a part of the smile
    expect(page.locator("#verdict")).to_have_text(re.compile(rf"{NO_DIGIT}|Perhaps an? \d, but I am not sure"))
    refused = page.locator("#verdict").inner_text() == NO_DIGIT
    expect(page.locator("#reason")).to_contain_text(
        re.compile("closest is" if refused else "next is|Other ways of seeing it")
    )


def test_the_page_shows_a_model_with_other_layers(open_page):
    sizes = [784, 37, 500, 12, 10]
    rng = np.random.default_rng(0)
    layers = [
        {"layer": f"hidden{k}", "values": rng.normal(size=width).tolist()} for k, width in enumerate(sizes[1:-1], 1)
    ]

    def parameters(route):
        k = int(urlsplit(route.request.url).path.split("/")[-1])
        values = rng.normal(size=(sizes[k - 1], sizes[k]))
        route.fulfill(body=values.astype("<f2").tobytes(), content_type="application/octet-stream")

    def routes(page):
        answering(activations=layers, model="digits-other@12345678")(page)
        page.route("**/model/weights/*?*", parameters)

    page = open_page(routes=routes)
    draw(page, placed(4))
    expect(page.locator("[data-layer]")).to_have_count(3)
    expect(page.locator("#network figcaption small")).to_have_text(
        ["28 × 28 pixels", "37 neurons", "500 neurons", "12 neurons"]
    )
    until(page, f"{LINES} > 20")
    assert scroll_width(page) <= DESKTOP["width"]
    boxes = [box.bounding_box() for box in page.locator("#input, [data-layer]").all()]
    for left, right in itertools.pairwise(boxes):
        assert left["x"] + left["width"] < right["x"]


def test_the_strongest_connections_join_the_layers_to_the_answer(open_page):
    page = open_page()
    draw(page, placed(7))
    until(page, f"{LINES} > 20")
    assert page.locator("#connections .zoom").get_attribute("d").count("M") == 2


# -- how it looks -----------------------------------------------------------------------------------------------------


def bottom_of(page: Page, selector: str) -> float:
    boxes = [each.bounding_box() for each in page.locator(selector).all()]
    return max(box["y"] + box["height"] for box in boxes if box)


def test_at_1280_by_800_the_first_screen_shows_everything_up_to_the_first_panel(open_page):
    page = open_page()
    for strokes in ([], placed(7)):
        if strokes:
            draw(page, strokes)
            final_answer(page)
        assert scroll_width(page) == DESKTOP["width"]
        assert bottom_of(page, "#pad, #bars li, [data-layer], .chip, #pixel-attribution > summary") <= DESKTOP["height"]


@pytest.mark.parametrize("viewport", [PHONE, SHORT_PHONE])
@pytest.mark.parametrize("verdict", ["digit", "unsure", "not-a-digit", "several", None])
def test_on_a_phone_canvas_answer_and_bars_are_in_view(open_page, verdict, viewport):
    page = open_page(viewport=viewport, has_touch=True, routes=answering(verdict=verdict or "digit"))
    if verdict:
        Fingers(page).draw(placed(4))
        final_answer(page)
    assert bottom_of(page, "#pad, #answer, #verdict, #bars li") <= viewport["height"]
    assert scroll_width(page) == viewport["width"]
    for each in page.locator("button:visible, #brush, summary").all():
        box = each.bounding_box()
        assert box["height"] >= 44, each.inner_text()


@pytest.mark.parametrize("viewport", [PHONE, SHORT_PHONE])
def test_on_a_phone_no_bar_moves_whatever_is_said_above_it(open_page, viewport):
    page = open_page(viewport=viewport)
    tops = {}
    for said, strokes in (
        ("Draw a digit.", []),
        ("This is a 7.", placed(7)),
        (NO_DIGIT, in_the_middle(NO_DIGITS["a letter"])),
    ):
        start_anew(page)
        draw(page, strokes)
        expect(page.locator("#verdict")).to_have_text(said)
        tops[said] = box_of(page.locator("#bars"))["y"]
    assert len(set(tops.values())) == 1, tops


def test_no_width_scrolls_sideways(page):
    widths = [1920, 1440, 1120, 1024, 768, 600, 360, 320]
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAME)
        found.append(scroll_width(page))
    assert found == widths


@pytest.mark.parametrize("density", [1, 2])
def test_a_resize_keeps_the_drawing_sharp(open_page, density):
    page = open_page(device_scale_factor=density)
    draw(page, placed(7))
    before = inked(page), inked(page, 0.5, 0.0, 1.0, 0.5)
    page.set_viewport_size({"width": 700, "height": 600})
    until(page, "(pad => pad.width === Math.round(pad.clientWidth * devicePixelRatio))(document.querySelector('#pad'))")
    assert inked(page) == pytest.approx(before[0], rel=0.03)
    assert inked(page, 0.5, 0.0, 1.0, 0.5) == pytest.approx(before[1], rel=0.05)
    page.locator("#undo").click()
    clean(page)


def test_the_placeholder_goes_away_at_the_first_touch(open_page):
    page = open_page()
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.get_by_text("Draw a digit here")).to_be_visible()
    press(page, [(0.1, 0.1)])
    assert inked(page, 0.25, 0.15, 1.0, 1.0) == 0
    page.locator("#undo").click()
    clean(page)  # and does not come back


def held(page: Page) -> None:
    """The page's time stands still from the start."""
    install_clock(page)
    hold_clock(page)


def test_the_sample_writes_itself_and_the_answer_moves_with_it(open_page):
    page = open_page(reduced_motion="no-preference", before=held)
    page.clock.run_for(300)
    expect(page.locator("#verdict")).not_to_have_text("Draw a digit.")  # about the half of it
    page.clock.run_for(100)  # the bars have a frame of their own
    unfinished, ink = bars(page), inked(page)
    page.clock.resume()
    expect(page.locator("#answer")).to_have_text("3")
    until(page, "document.querySelector('#bars .top .share').textContent.startsWith('>')")
    assert bars(page) != unfinished
    assert any(inked(page) > 1.5 * ink > 0 for _ in range(FRAMES))  # it may be sure before it is whole


def test_with_reduced_motion_the_sample_is_there_at_once(open_page):
    page = open_page()
    at_first = inked(page)
    expect(page.locator("#answer")).to_have_text("3")
    assert at_first > 0
    assert inked(page) == at_first


def test_with_reduced_motion_nothing_moves(open_page):
    page = open_page()
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
    )
    assert moving == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_has_enough_contrast_on_paper_and_pad(open_page, scheme):
    page = open_page(color_scheme=scheme)
    colours, grounds = ["--ink", "--soft", "--for", "--against"], ["--paper", "--surface"]
    rgb = page.evaluate(
        """(names) => names.map((name) => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `var(${name})`;
            return getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
        })""",
        colours + grounds,
    )
    light = dict(zip(colours + grounds, map(luminance, rgb), strict=True))
    for colour, ground in itertools.product(colours, grounds):
        ink, paper = light[colour], light[ground]
        assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, f"{colour} on {ground}"


def luminance(rgb: list[float]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_theme_is_chosen_and_remembered(open_page):
    page = open_page(color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.locator("#theme").click()
    assert page.evaluate(paper) == light
    page.locator("#theme").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()


def test_ink_takes_the_colour_of_a_theme_chosen_later(open_page):
    page = open_page(color_scheme="light")
    press(page, [(0.2, 0.5), (0.8, 0.5)])
    page.evaluate("window.before = document.querySelector('#pad').toDataURL()")
    page.emulate_media(color_scheme="dark")
    until(page, "document.querySelector('#pad').toDataURL() !== window.before")


def test_forbidden_storage_and_a_worker_that_does_not_load_break_nothing(open_page):
    forbid = """
        Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } });
        const Real = Worker;
        window.Worker = function (url, options) { return new Real('/static/missing.js', options); };
    """
    page = open_page(may_fail=FAILED, before=lambda page: page.add_init_script(forbid))
    page.locator("#theme").click()
    draw_answered(page, placed(7), "7")


# -- for everybody ----------------------------------------------------------------------------------------------------


def test_everything_that_can_be_used_has_a_name(page):
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, a, input, [role=img], [role=application]")]
            .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.[0]?.textContent.trim()))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []


def test_layers_and_picture_tell_what_they_show(page):
    draw(page, placed(7))
    final_answer(page)
    expect(page.locator("#input")).to_have_attribute("aria-label", re.compile(r"28 by 28 picture .* ink on \d+%"))
    expect(page.locator("[data-layer=hidden1]")).to_have_attribute(
        "aria-label", re.compile(r"\d+ of 128 neurons active")
    )


def test_a_script_that_does_not_load_is_told_and_so_is_a_panel(open_page):
    tried: list[str] = []

    def refuse(route):
        tried.append(route.request.url)
        route.abort()

    def fail(script):
        return lambda page: page.route(f"**/assets/{script}-*.js", refuse)

    page = open_page(routes=fail("main"), may_fail="ERR_FAILED")
    expect(page.get_by_role("alert")).to_contain_text("did not load")
    page.unroute_all()
    fail("panels")(page)
    page.reload()
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.locator("#forward-pass summary").click()
    expect(page.locator("#forward-pass .body")).to_contain_text("did not load")
    before = len(tried)
    draw(page, placed(7))  # the rest of the page works
    assert final_answer(page)
    assert len(tried) == before  # not again with every answer


def source(url: str) -> str:
    """The page as the server sends it."""
    with urlopen(url) as reply:
        html: str = reply.read().decode()
    return html


def test_without_scripts_the_page_states_its_needs(live_server):
    assert re.search(r"<noscript>.*Drawing needs JavaScript.*</noscript>", source(live_server))


def test_no_request_leaves_for_another_host(open_page, live_server):
    asked = []
    page = open_page(before=lambda page: page.on("request", lambda request: asked.append(request.url)))
    draw(page, placed(7))
    final_answer(page)
    until(page, f"{LINES} > 20")
    assert asked
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(live_server).netloc}


@pytest.mark.parametrize("path", ["/", "/training"])
def test_no_style_is_inline_and_one_script(live_server, path):
    html = source(live_server + path).replace(f"<script>{FIRST}</script>", "", 1)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
