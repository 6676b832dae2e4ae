"""The panels of attribution, by pixel and by stroke, with drawings and links."""

import base64
import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.actions import (
    FAILED,
    FRAME,
    FRAMES,
    OVERLAID,
    SEVEN,
    draw,
    draw_answered,
    final_answer,
    hold_clock,
    inked,
    install_clock,
    number,
    placed,
    press,
    start_anew,
    unfold,
    until,
)

REASON = "#pixel-attribution .sentence"
LINES = "document.querySelector('#connections').innerHTML.split('M').length"
COLOURED = """() => {
    const overlay = document.querySelector("#overlay");
    const copy = new OffscreenCanvas(overlay.width, overlay.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(overlay, 0, 0);
    const { data } = copy.getImageData(0, 0, overlay.width, overlay.height);
    return data.filter((value, i) => i % 4 === 3 && value > 20).length;
}"""


MIDDLE = """() => {
    const overlay = document.querySelector("#overlay");
    const copy = new OffscreenCanvas(overlay.width, overlay.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(overlay, 0, 0);
    const { data } = copy.getImageData(0, 0, overlay.width, overlay.height);
    let [count, x, y] = [0, 0, 0];
    for (let i = 0; i < overlay.width * overlay.height; i++) {
        if (data[4 * i + 3] > 20) [count, x, y] = [count + 1, x + i % overlay.width, y + Math.floor(i / overlay.width)];
    }
    return [x / count / overlay.width, y / count / overlay.height];
}"""  # of what is painted on the overlay, in fractions of the pad
PICTURE_SIZE, MARGIN = 112, 4  # pixels of the pad's picture that is sent, and around it


def coloured(page: Page) -> int:
    """Pixels of the overlay that are painted."""
    shown: int = page.evaluate(f"({COLOURED})()")
    return shown


@pytest.fixture
def explained(page):
    draw_answered(page, SEVEN, "7")
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(REASON)).to_contain_text("A 7 rather than")
    return page


def test_the_reason_names_a_stroke_and_its_terms_add_up_to_the_log_odds(explained):
    expect(explained.locator(REASON)).to_contain_text(re.compile(r"because of the (bar|long stroke): \+\d"))
    *terms, total = (number(text) for text in explained.locator("#pixel-attribution .sum td").all_inner_texts())
    assert sum(terms) == pytest.approx(total, abs=1e-6)
    assert total > 0
    assert terms[0] > 0 > terms[1]
    expect(explained.locator("#pixel-attribution .note")).to_contain_text("times as likely as")


def test_the_reason_is_beside_the_answer_while_the_panel_is_open(explained):
    expect(explained.locator("#exact-reason")).to_have_text(explained.locator(REASON).inner_text())
    explained.get_by_role("button", name="Why?").click()
    expect(explained.locator("#exact-reason")).to_have_text("")


def test_the_attribution_colours_the_drawing_until_it_is_folded(explained):
    until(explained, OVERLAID)
    assert coloured(explained) > 200
    explained.get_by_role("button", name="Why?").click()
    until(explained, f"!{OVERLAID}")
    assert coloured(explained) == 0


def test_on_a_picture_that_was_turned_the_colours_lie_where_the_ink_was_drawn(open_page):
    places: list[dict[str, float]] = []

    def turn(route: Route) -> None:
        reply = route.fetch()
        body = reply.json()
        places.append(body["placement"])
        body["placement"]["rotation"] = 90
        body["parts"] = [5 if i == 4 * 28 + 14 else 0 for i in range(784)]  # a cell above the middle
        route.fulfill(response=reply, json=body)

    page = open_page()
    page.route("**/explain*", turn)
    draw_answered(page, SEVEN, "7")
    page.get_by_role("button", name="Why?").click()
    until(page, OVERLAID)
    final_answer(page)
    left, top, cell = (places[-1][key] for key in ("left", "top", "cell"))
    before = [left + 4.5 * cell - MARGIN, top + 13.5 * cell - MARGIN]
    assert page.evaluate(MIDDLE) == pytest.approx([place / PICTURE_SIZE for place in before], abs=0.01)


def test_the_panel_shows_the_servers_numbers(explained):
    with explained.expect_response(re.compile(r"/explain\?against=2")) as caught:
        explained.locator("#pixel-attribution fieldset").nth(1).get_by_label("2").check()
    explanation = caught.value.json()
    assert explanation["bias"] + sum(explanation["parts"]) == pytest.approx(explanation["log_odds"], abs=1e-9)
    expect(explained.locator("#pixel-attribution .sum .total td")).to_have_text(f"+{explanation['log_odds']:.2f}")


def test_another_digit_can_be_explained(explained):
    explained.locator("#pixel-attribution fieldset").nth(0).get_by_label("1").check()
    expect(explained.locator(REASON)).to_contain_text("Not a 1 but a 7")
    explained.locator("#pixel-attribution fieldset").nth(1).get_by_label("4").check()
    expect(explained.locator(REASON)).to_contain_text(re.compile("A 1 rather than a 4|Not a 1 but a 4"))


def test_reasons_change_with_the_drawing_and_disappear_with_it(explained):
    before = explained.locator("#pixel-attribution .sum").inner_text()
    draw(explained, [[(0.3, 0.8), (0.75, 0.82)]])
    expect(explained.locator("#pixel-attribution .sum")).not_to_have_text(before)
    explained.keyboard.press("Escape")
    expect(explained.locator(REASON)).to_have_text("Draw something, and its reasons stand here.")
    expect(explained.get_by_role("button", name="Why?")).to_be_hidden()
    until(explained, f"!{OVERLAID}")


def test_without_an_explanation_there_are_no_reasons_not_even_old_ones(open_page):
    page = open_page(may_fail=FAILED)
    draw(page, SEVEN)
    unfold(page, "pixel-attribution")
    expect(page.locator(REASON)).to_contain_text("A 7 rather than")
    page.route("**/explain*", lambda route: route.fulfill(status=503, json={}))
    draw(page, [[(0.3, 0.8), (0.75, 0.82)]])
    expect(page.locator(REASON)).to_have_text(re.compile("^The server gave no reasons"))
    expect(page.locator("#pixel-attribution .sum")).to_be_hidden()
    expect(page.locator("#exact-reason")).to_be_empty()
    until(page, f"!{OVERLAID}")
    page.unroute("**/explain*")
    page.keyboard.press("Control+z")
    expect(page.locator(REASON)).to_contain_text("A 7 rather than")


def test_each_stroke_has_its_attribution_and_they_add_up_to_the_ink(explained):
    unfold(explained, "stroke-effects")
    items = explained.locator("#stroke-effects li")
    expect(items).to_have_count(2)
    attribution = [number(text) for text in explained.locator("#stroke-effects .part").all_inner_texts()]
    pro, con, *_ = (number(text) for text in explained.locator("#pixel-attribution .sum td").all_inner_texts())
    assert sum(attribution) == pytest.approx(pro + con, abs=0.15)  # each is read to one place


def test_the_answer_without_a_stroke_is_that_of_the_drawing_without_it(page):
    draw_answered(page, placed(4), "4")
    unfold(page, "stroke-effects")
    expect(page.locator("#stroke-effects .after").nth(1)).to_contain_text("without it:")
    after = page.locator("#stroke-effects .after").nth(1).inner_text()
    page.keyboard.press("Control+z")  # takes the second stroke back
    expect(page.locator("#stroke-effects li")).to_have_count(1)
    verdict = page.locator("#verdict").inner_text()
    if "no digit" in after:
        assert verdict == "This does not look like a digit to me."
    else:
        assert page.locator("#answer").inner_text() == after.removeprefix("without it: ")[0]


def test_the_answers_without_a_stroke_are_not_kept_for_another_drawing(page):
    draw(page, placed(4))
    unfold(page, "stroke-effects")
    expect(page.locator("#stroke-effects .after").first).to_contain_text("without it:")
    press(page, [(0.1, 0.1), (0.15, 0.2), (0.2, 0.3)], lift=False)
    expect(page.locator("#stroke-effects li")).to_have_count(3)
    assert page.locator("#stroke-effects .after").all_inner_texts() == ["", "", ""]
    page.mouse.up()
    expect(page.locator("#stroke-effects .after").nth(2)).to_contain_text("without it:")


def test_pointing_at_a_stroke_shows_it_on_the_pad(page):
    draw(page, SEVEN)
    unfold(page, "stroke-effects")
    expect(page.locator("#stroke-effects li")).to_have_count(2)
    page.locator("#stroke-effects li").nth(1).focus()
    until(page, OVERLAID)
    second = coloured(page)
    page.locator("#stroke-effects li").nth(0).focus()
    until(page, f"({COLOURED})() !== {second}")
    assert coloured(page) > second > 0


# -- taking it along --------------------------------------------------------------------------------------------------


def test_a_link_reopens_the_drawing(open_page):
    page = open_page(permissions=("clipboard-read", "clipboard-write"))
    draw_answered(page, SEVEN, "7")
    shares = page.locator("#bars .share").all_inner_texts()
    unfold(page, "export")
    page.get_by_role("button", name="Copy a link to this drawing").click()
    expect(page.locator("#export .note")).to_have_text("The link is on the clipboard.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url == page.locator("#export textarea").input_value()
    again = open_page()
    again.goto(link)
    again.reload()  # only the fragment was other
    assert final_answer(again) == "7"
    assert again.locator("#bars .share").all_inner_texts() == shares
    assert abs(inked(again) - inked(page)) < 0.01

    start_anew(again)
    draw_answered(again, placed(4), "4")
    assert "#d=" not in again.url  # it would bring the seven back
    again.get_by_role("link", name="Training").click()
    expect(again.locator("#answer")).to_have_text("4")
    again.go_back()
    assert final_answer(again) == "4"
    again.reload()
    assert final_answer(again) == "4"


def test_a_link_is_to_what_is_on_the_pad_though_no_answer_has_come(open_page):
    page = open_page(may_fail=FAILED)
    draw(page, SEVEN[:1])
    final_answer(page)
    unfold(page, "export")
    page.context.set_offline(True)
    press(page, SEVEN[1])
    expect(page.get_by_role("status").first).to_contain_text("cannot be reached")
    page.get_by_role("button", name="Copy a link to this drawing").click()
    link = page.locator("#export textarea").input_value()
    page.context.set_offline(False)
    again = open_page(url=link)
    assert final_answer(again) == "7"
    expect(unfold(again, "stroke-effects").locator(".stroke-list li")).to_have_count(len(SEVEN))


def test_a_linked_drawing_is_written_stroke_by_stroke_and_can_be_looked_back_at(page, open_page):
    draw_answered(page, SEVEN, "7")
    whole = inked(page)
    unfold(page, "export")
    page.get_by_role("button", name="Copy a link to this drawing").click()
    link = page.locator("#export textarea").input_value()
    again = open_page(before=install_clock)
    history = unfold(again, "timeline").locator(".sentence")
    expect(again.locator("#answer")).to_have_text("3")
    for _ in range(5):
        again.evaluate(FRAME)  # those of this answer: an hour between them would count as its delay
    again.emulate_media(reduced_motion="no-preference")
    hold_clock(again)
    again.goto(link)
    verdict = again.locator("#verdict")
    verdict.evaluate("(verdict) => void (verdict.textContent = '')")
    again.clock.run_for(300)
    expect(verdict).not_to_be_empty()  # about the half of it, however slow the machine is
    assert 0.2 < inked(again) / whole < 0.8
    again.clock.resume()
    until(again, "document.querySelector('#announcer').textContent.startsWith('This is a 7')")
    assert any(abs(inked(again) - whole) < 0.01 for _ in range(FRAMES))
    assert again.url == link
    expect(history).not_to_contain_text("So far there is one answer")
    again.locator("#undo").click()  # all of it is one step
    again.evaluate(FRAME)  # until then the preview shows its last stroke, too
    assert inked(again) == 0


def test_an_address_may_name_a_panel_or_a_neuron(open_page, live_server):
    page = open_page(url=f"{live_server}/#neuron=hidden1.17")
    expect(page.locator("#neuron .sentence")).to_contain_text("Neuron 17 of hidden layer 1")
    page.goto(f"{live_server}/#why")
    expect(page.locator("#pixel-attribution .sentence")).to_contain_text("rather than")
    page.goto(f"{live_server}/#timeline")
    expect(page.locator("#timeline .body")).to_be_visible()


def test_a_link_that_is_no_drawing_says_so_and_opens_the_page_as_usual(open_page, live_server):
    page = open_page(url=f"{live_server}/#d=nonsense")
    expect(page.locator("#status")).to_contain_text("This link is damaged or was cut short")
    expect(page.locator("#answer")).to_have_text("3")
    expect(page.locator("#workspace")).to_have_attribute("data-placeholder", "")


# A drawing of 300 dots as share-link.js writes it: a version, and for each the pen, the number of points and a point.
DOTS = "#d=" + base64.urlsafe_b64encode(bytes([1]) + bytes([160, 1, 1, 0, 0]) * 300).decode()
TOO_LARGE = re.compile("^The drawing in this link is too large to be opened here")


@pytest.mark.parametrize(("path", "answer"), [("/", "3"), ("/training", "5")])
def test_a_link_that_holds_too_much_is_refused_in_a_sentence(open_page, live_server, path, answer):
    page = open_page(url=f"{live_server}{path}{DOTS}")
    expect(page.locator("#status")).to_have_text(TOO_LARGE)
    expect(page.locator("#answer")).to_have_text(answer)  # the placeholder
    press(page, [(0.5, 0.5)])
    expect(page.locator("#status")).to_be_empty()


def test_a_link_that_holds_too_much_keeps_the_drawing_on_the_pad(page):
    draw_answered(page, placed(7), "7")
    page.evaluate(f"location.hash = '{DOTS}'")
    expect(page.locator("#status")).to_have_text(TOO_LARGE)
    expect(page.locator("#answer")).to_have_text("7")


def test_the_request_for_python_gives_the_answer_on_the_page(open_page):
    page = open_page(permissions=("clipboard-read", "clipboard-write"))
    draw_answered(page, SEVEN, "7")
    unfold(page, "export")
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator("#export .note")).to_contain_text("Python is on the clipboard")
    program = page.evaluate("navigator.clipboard.readText()")
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.split()[0] == "7"


def test_the_request_for_curl_is_one_that_the_server_answers(page):
    draw_answered(page, SEVEN, "7")
    unfold(page, "export")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#export textarea")).to_have_value(re.compile("^curl "))
    command = page.locator("#export textarea").input_value()
    parts = re.fullmatch(r"curl '(.+)' --header '(.+): (.+)' --data @- <<'END'\n(.+)\nEND", command)
    assert parts
    address, name, value, body = parts.groups()
    assert page.request.post(address, headers={name: value}, data=json.loads(body)).json()["digit"] == 7


def test_without_access_to_the_clipboard_the_page_shows_what_to_copy(page):
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
    draw_answered(page, SEVEN, "7")
    unfold(page, "export")
    page.get_by_role("button", name="Copy a link").click()
    expect(page.locator("#export .note")).to_contain_text("copy it from the field")
    assert "#d=" in page.locator("#export textarea").input_value()


# -- ablation ---------------------------------------------------------------------------------------------------------


def test_a_tile_is_reached_by_keys_and_describes_its_effect(page):
    draw_answered(page, SEVEN, "7")
    until(page, f"{LINES} > 20")  # the weights into the last two layers are there
    tiles = page.get_by_role("application", name=re.compile("Hidden layer 1"))
    tiles.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    said = re.compile(r"^Neuron 9 (is at rest|says \d+\.\d\d: most for \d, most against \d)\.$")
    expect(page.locator("#announcer")).to_have_text(said)
    expect(tiles).to_have_accessible_description(said)
    expect(tiles.locator(".cursor")).to_have_count(1)
    expect(page.locator(".neuron-tip")).to_contain_text("Neuron 9 of hidden layer 1")
    page.keyboard.press("Escape")
    expect(page.locator(".neuron-tip")).to_be_hidden()
    expect(tiles).to_have_accessible_description("")
    assert page.locator("#answer").inner_text() == "7"


def test_panels_cost_nothing_while_they_are_folded(open_page):
    asked = []
    page = open_page(before=lambda page: page.on("request", lambda request: asked.append(request.url)))
    until(page, "document.querySelector('#connections .for').getAttribute('d') !== ''")  # the placeholder's
    assert not [url for url in asked if "/model/weights/1" in url]
    draw_answered(page, SEVEN, "7")
    assert not [url for url in asked if "/explain" in url and "/static/" not in url]
    assert not [url for url in asked if "/model/" in url and "bits=16" not in url]
