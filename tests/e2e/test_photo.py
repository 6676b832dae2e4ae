"""Photos: chosen, dropped and pasted; sent as they are; the cut-out on them, and others by mouse and keys."""

import base64
import itertools
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.actions import (
    FAILED,
    OVERLAID,
    box_of,
    draw_answered,
    final_answer,
    inked,
    on_screen,
    placed,
    scroll_width,
    start_anew,
    unfold,
    until,
)
from tests.e2e.conftest import PHONE
from tests.e2e.photographs import HAND_OVER, Photograph, lit, percent, photographs, saved, written

REASON = "#pixel-attribution .sentence"
PREDICT = re.compile(r"/predict($|\?)")
PHOTOGRAPHS = {photograph.name: photograph for photograph in photographs()}
FIVE = PHOTOGRAPHS["phone.jpg"]


def two_digits() -> Image.Image:
    """A large 4 at the left, a 2 at the right."""
    sheet = written(4, 1200, 900, 30, 210, thickness=0.025, middle=(0.25, 0.5))
    sheet.paste(written(2, 600, 900, 30, 210, thickness=0.025, middle=(0.5, 0.5)), (600, 0))
    return sheet


TWO = Photograph("two.png", "image/png", saved(two_digits(), "PNG"), 4)


def choose(page: Page, photo: Photograph) -> None:
    page.locator("#photo").set_input_files({"name": photo.name, "mimeType": photo.kind, "buffer": photo.content})


def hand_over(page: Page, event: str, content: bytes, name: str, kind: str) -> None:
    """Drops or pastes a file."""
    page.evaluate(f"(given) => ({HAND_OVER})(...given)", [event, base64.b64encode(content).decode(), name, kind])


def shares(page: Page) -> list[str]:
    """The ten probabilities on the page."""
    return page.locator("#bars .share").all_inner_texts()


def test_a_photo_has_the_answer_on_the_page_that_the_api_gives_for_its_file(page, live_server):
    for name, photo in PHOTOGRAPHS.items():
        page.locator("#clear").click()
        hand_over(page, "drop", photo.content, name, photo.kind)
        expect(page.locator("#answer"), name).to_have_text(str(photo.digit))
        headers = {"Content-Type": photo.kind}
        answer = page.request.post(f"{live_server}/predict", data=photo.content, headers=headers).json()
        assert answer["digit"] == photo.digit
        assert shares(page) == [percent(share) for share in answer["probabilities"]]


def test_a_photo_can_be_chosen_and_pasted_whatever_it_is_called(page):
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    for kind in ("image/jpeg", "image/jpg", ""):
        start_anew(page)
        hand_over(page, "paste", FIVE.content, "five", kind)
        expect(page.locator("#answer"), kind).to_have_text("5")


@pytest.mark.parametrize("name", ["phone.jpg", "note.jpg"])
def test_a_photo_is_there_after_a_reload_until_it_is_cleared(page, name):
    photo, there = PHOTOGRAPHS[name], page.locator(".pad-frame[data-photo]")
    choose(page, photo)
    expect(page.locator("#answer")).to_have_text(str(photo.digit))
    before = shares(page)
    until(page, "sessionStorage.getItem('inkscope-photo')")
    page.reload()
    expect(page.locator("#answer")).to_have_text(str(photo.digit))
    expect(there).to_be_visible()
    assert shares(page) == before or len(photo.content) > 1_000_000  # which is kept as it is shown
    page.locator("#clear").click()
    page.reload()
    expect(page.locator("#verdict")).to_have_text(re.compile("This is a"))  # of the sample
    expect(there).to_have_count(0)


def test_a_photo_is_sent_once_and_explained_by_what_the_network_saw_of_it(page):
    sent = []

    def note(route):
        sent.append((urlsplit(route.request.url).path, len(route.request.post_data_buffer or b"")))
        route.continue_()

    expect(page.locator("#answer")).to_have_text("3")
    unfold(page, "pixel-attribution")
    page.route(re.compile("/(predict|explain)"), note)
    choose(page, FIVE)
    expect(page.locator(REASON)).to_contain_text("A 5 rather than")
    until(page, OVERLAID)
    explained = [size for path, size in sent if path == "/explain"]
    assert [size for path, size in sent if path == "/predict"] == [len(FIVE.content)]
    assert explained
    assert max(explained) < 10_000
    unfold(page, "stroke-effects")
    expect(page.locator("#stroke-effects .note")).to_contain_text("A photo has no strokes")


def test_what_the_server_would_not_read_is_shrunk_first(page):
    large = written(5, 3000, 2000, 20, 205, thickness=0.03)
    choose(page, Photograph("large.png", "image/png", saved(large, "PNG"), 5))
    assert final_answer(page) == "5"


def test_less_is_sent_of_a_photo_that_the_server_refuses(open_page):
    sizes = []

    def refuse(route):
        sizes.append(len(route.request.post_data_buffer or b""))
        if sizes[-1] == len(FIVE.content):
            route.fulfill(status=413, json={"detail": "The image takes 90 MiB to decode."})
        else:
            route.continue_()

    page = open_page(may_fail=FAILED, routes=lambda page: page.route(PREDICT, refuse))
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    expect(page.locator("#status")).to_have_text("")
    assert 0 < sizes[-1] < len(FIVE.content) / 4


def test_less_is_sent_of_a_photo_where_the_way_is_too_slow(open_page):
    def lose(route):
        sent = len(route.request.post_data_buffer or b"")
        route.abort() if sent == len(FIVE.content) else route.continue_()

    page = open_page(may_fail=FAILED, routes=lambda page: page.route(PREDICT, lose))
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    expect(page.locator("#status")).to_have_text("")


def test_a_photo_is_copied_as_a_request_of_a_readable_length_and_not_as_a_link(page):
    unfold(page, "export")
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    expect(page.locator("#export .note")).to_contain_text("A link holds strokes, and a photo has none")
    expect(page.get_by_role("button", name="Copy a link")).to_be_disabled()
    page.get_by_role("button", name="Copy as curl").click()
    text = page.get_by_label("What was copied")
    expect(text).to_be_visible()
    assert 1000 < len(text.input_value()) < len(FIVE.content) / 4


def test_the_cut_out_is_shown_where_the_digit_is(page):
    choose(page, PHOTOGRAPHS["screenshot.png"])
    expect(page.locator("#answer")).to_have_text("2")
    cutout, pad = box_of(page.locator(".cutout")), box_of(page.locator("#pad"))
    middle = (cutout["x"] + cutout["width"] / 2, cutout["y"] + cutout["height"] / 2)
    assert middle == pytest.approx((pad["x"] + pad["width"] / 2, pad["y"] + pad["height"] / 2), abs=12)
    assert cutout["height"] / pad["height"] == pytest.approx(0.76 / 3, abs=0.05)
    start_anew(page)
    expect(page.locator(".cutout")).to_be_hidden()
    expect(page.get_by_role("button", name="Turn the photo")).to_be_hidden()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x, y), target = on_screen(page, [start, end])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*target, steps=5)
    page.mouse.up()


def test_a_box_that_is_dragged_is_read_and_undo_brings_the_whole_photo_back(page):
    choose(page, TWO)
    expect(page.locator("#photo-hint")).to_be_visible()
    before = inked(page)
    drag(page, (0.62, 0.2), (0.9, 0.8))
    expect(page.locator("#answer")).to_have_text("2")
    drag(page, (0.1, 0.1), (0.11, 0.5))  # too narrow: a touch
    expect(page.locator("#answer")).to_have_text("2")
    page.keyboard.press("Control+z")
    assert inked(page) == pytest.approx(before, abs=0.01)
    drag(page, (0.4, 0.75), (0.1, 0.2))
    expect(page.locator("#answer")).to_have_text("4")


def test_a_box_is_drawn_by_keys(page):
    choose(page, TWO)
    expect(page.locator(".cutout")).to_be_visible()
    pad = page.locator("#pad")
    for key in ["Shift+ArrowLeft"] * 14 + ["ArrowRight"] * 4:
        pad.press(key)
    expect(page.locator(".cutout[data-draft]")).to_be_visible()
    pad.press("Escape")
    expect(page.locator(".cutout[data-draft]")).to_have_count(0)
    assert inked(page) > 0.3
    for key in ["Shift+ArrowLeft"] * 30 + ["ArrowRight"] * 16 + ["Shift+ArrowRight"] * 9:
        pad.press(key)
    pad.press("Enter")
    expect(page.locator("#answer")).to_have_text("2")


def test_another_place_where_a_digit_may_be_is_chosen(open_page):
    def also(route):
        reply = route.fetch()
        answer = reply.json()
        if answer["placement"]:
            answer["placement"] |= {"alternatives": [[760, 280, 1040, 620]], "removed": ["lines"], "hypotheses": 2}
        route.fulfill(response=reply, json=answer)

    page = open_page()
    unfold(page, "preprocessing")
    expect(page.locator("#preprocessing .finding")).to_contain_text("Dark on light.")
    page.route(re.compile("/predict$"), also)  # not the comparisons, which ask with a query
    choose(page, TWO)
    expect(page.locator("#preprocessing .finding")).to_contain_text("Left out: ruled lines. Two ways of seeing it")
    page.get_by_role("button", name="Read what is here instead").click()
    expect(page.locator("#answer")).to_have_text("2")


def test_a_photo_is_turned_by_button_and_by_key(page):
    sideways = lit(written(7, 600, 600, 20, 205, thickness=0.04)).rotate(90)
    choose(page, Photograph("sideways.jpg", "image/jpeg", saved(sideways, "JPEG"), 7))
    assert final_answer(page) != "7"
    page.get_by_role("button", name="Turn the photo").click()
    expect(page.locator("#answer")).to_have_text("7")
    page.locator("#pad").press("r")
    expect(page.locator("#answer")).not_to_have_text("7")
    for _ in range(3):
        page.locator("#pad").press("r")
    expect(page.locator("#answer")).to_have_text("7")


def test_a_photo_without_writing_says_so(page):
    empty = lit(Image.new("L", (400, 300), 200))
    choose(page, Photograph("empty.png", "image/png", saved(empty, "PNG"), 0))
    expect(page.locator("#verdict")).to_have_text("No writing was found on this photo.")
    expect(page.locator("#announcer")).to_contain_text("Drag a box around the digit")


def test_a_cleared_photo_makes_room_for_a_drawing_and_undo_restores_what_was_there(page):
    draw_answered(page, placed(1), "1")
    drawn = inked(page)
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    start_anew(page)
    draw_answered(page, placed(7), "7")
    for answer, ink in (("–", 0.0), ("5", None), ("1", drawn)):
        page.keyboard.press("Control+z")
        expect(page.locator("#answer")).to_have_text(answer)
        assert inked(page) == ink or (ink is None and inked(page) > 0.5)


def test_a_phone_has_everything_about_a_photo_in_its_width(open_page):
    page = open_page(viewport=PHONE, has_touch=True)
    choose(page, FIVE)
    expect(page.locator("#answer")).to_have_text("5")
    expect(page.get_by_role("button", name="Turn the photo")).to_be_in_viewport()
    expect(page.locator("#bars li").last).to_be_in_viewport()
    assert scroll_width(page) == PHONE["width"]


def test_a_file_that_the_server_would_refuse_or_that_is_no_picture_is_refused_in_a_sentence(page):
    blank = Image.new("L", (60, 60), 255)
    refused = [(saved(blank, form), kind) for form, kind in (("GIF", "image/gif"), ("GIF", ""), ("AVIF", "image/avif"))]
    for event, (content, kind) in itertools.product(("drop", "paste"), [*refused, (b"no picture", "image/png")]):
        hand_over(page, event, content, "picture", kind)
        expect(page.locator("#status"), kind).to_contain_text("cannot be opened as a picture: choose a PNG, JPEG")
        draw_answered(page, [[(0.5, 0.2), (0.5, 0.8)]], "1")
        expect(page.locator("#status")).to_have_text("")
        start_anew(page)
