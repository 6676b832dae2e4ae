"""How it sees your drawing: the steps as pictures, with and without each of them."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.actions import draw, placed, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
CORNER = {"left": 0.08, "top": 0.06, "width": 0.3, "height": 0.35}
TRIED = re.compile(r"/predict\?.*activations=false")
SKIPS = {"With both steps": "", "Without fitting": "fit", "Without centring": "centre", "Without either": "fit,centre"}


@pytest.fixture
def corner(open_page):
    """A small 7 in a corner, and the open panel."""
    page = open_page(viewport=DESKTOP, reduced_motion="reduce")
    draw(page, placed(7, **CORNER))
    expect(page.locator("#answer")).to_have_text("7")
    open_panel(page)
    return page


def open_panel(page: Page) -> None:
    page.locator("#preprocessing summary").click()
    expect(page.locator("#preprocessing .comparison td")).to_have_count(4)
    expect(page.locator("#preprocessing .comparison td", has_text="…")).to_have_count(0)


def stage(page: Page, number: int) -> np.ndarray:
    """A picture of the strip: how opaque each of its pixels is, (height, width)."""
    url = (
        page.locator("#preprocessing .preprocessing-steps canvas")
        .nth(number - 1)
        .evaluate("(canvas) => canvas.toDataURL()")
    )
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))
    return np.asarray(picture.convert("RGBA"))[:, :, 3] / 255.0


def caption(page: Page, number: int):
    return page.locator("#preprocessing .preprocessing-steps p").nth(number - 1)


def switch(page: Page, name: str):
    return page.get_by_role("checkbox", name=name)


def said(answer: dict[str, Any]) -> str:
    if answer["verdict"] == "not-a-digit":
        return f"no digit (closest: {answer['digit']})"
    share = answer["probabilities"][answer["digit"]]
    text = f"{answer['digit']} (" + (">99.9%)" if 0.9995 <= share < 1 else f"{100 * share:.1f}%)")
    return text + (", too close to call" if answer["verdict"] == "unsure" else "")


def test_the_answers_with_and_without_each_step_are_the_servers_own(corner, live_server):
    with corner.expect_request(TRIED) as asked:
        switch(corner, "Centre").uncheck()
    [image] = asked.value.post_data_json["images"]
    for row, (name, skip) in zip(corner.locator("#preprocessing .comparison tr").all(), SKIPS.items(), strict=True):
        url = f"{live_server}/predict?skip={skip}"
        answer = corner.request.post(url, data={"image": image}).json()
        expect(row).to_have_text(f"{name}{said(answer)}")


def test_the_steps_say_what_they_did_in_numbers(open_page):
    page = open_page(viewport=DESKTOP, reduced_motion="reduce")
    draw(page, placed(7, **CORNER))
    expect(page.locator("#answer")).to_have_text("7")
    with page.expect_response("**/explain") as reply:
        open_panel(page)
    placement = reply.value.json()["placement"]
    left, top, right, bottom = placement["box"]
    cell = placement["cell"]
    assert max(right - left, bottom - top) / cell == pytest.approx(20)
    across = ((left + right) / 2 - placement["left"]) / cell - 14
    down = ((top + bottom) / 2 - placement["top"]) / cell - 14
    expect(caption(page, 1)).to_contain_text(
        f"{round((right - left) / 1.12)}% × {round((bottom - top) / 1.12)}% of the pad"
    )
    expect(caption(page, 2)).to_contain_text(f"1 cell = {cell / 1.12:.1f}% of the pad")
    moved = re.findall(r"[\d.]+", caption(page, 3).locator("small").inner_text())
    assert [float(number) for number in moved] == pytest.approx([abs(across), abs(down)], abs=0.06)

    sides = np.flatnonzero((stage(page, 2) > 0.9).any(axis=1))
    assert (sides[-1] - sides[0]) / len(stage(page, 2)) == pytest.approx(20 / 28, abs=0.04)
    pixels = page.locator("#input").evaluate(
        "(input) => [...input.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 3)"
    )
    seen = np.asarray(Image.fromarray((stage(page, 4) * 255).astype(np.uint8)).resize((28, 28), Image.Resampling.BOX))
    np.testing.assert_allclose(seen.ravel(), pixels, atol=40)


def test_a_step_switched_off_changes_the_strip_and_the_whole_page_until_it_is_made_whole(corner):
    small = stage(corner, 4)
    switch(corner, "Fit to size").focus()
    corner.keyboard.press("Space")
    expect(caption(corner, 2)).to_contain_text("Not fitted")
    expect(corner.locator("#ablation")).to_be_visible()
    expect(corner.locator("#preprocessing [aria-current] th")).to_have_text("Without fitting")
    expect(corner.locator("#preprocessing [aria-current] td")).not_to_have_text("…")
    now = corner.locator("#preprocessing [aria-current] td").inner_text()
    expect(corner.locator("#preprocessing .sentence")).to_have_text(f"Without fitting it reads: {now}.")
    assert stage(corner, 4).sum() < small.sum() * 0.6

    corner.get_by_role("button", name="Make it whole").click()
    expect(switch(corner, "Fit to size")).to_be_checked()
    expect(caption(corner, 2)).to_contain_text("Cropped and shrunk")
    expect(corner.locator("#preprocessing [aria-current] th")).to_have_text("With both steps")
    np.testing.assert_allclose(stage(corner, 4), small)


def test_the_film_plays_when_opened_and_again_and_ends_with_every_step_shown(open_page):
    page = open_page(viewport=PHONE, reduced_motion="no-preference", color_scheme="dark")
    draw(page, placed(7))
    expect(page.locator("#answer")).to_have_text("7")
    open_panel(page)
    seen = "[...document.querySelectorAll('#preprocessing canvas')].map((canvas) => canvas.toDataURL()).join()"
    play = page.get_by_role("button", name="Play", exact=True)
    play.click()
    page.evaluate(f"window.starting = {seen}")
    until(page, f"{seen} !== window.starting")
    play.press("Enter")
    until(page, f"(window.last === {seen} ? window.same++ : (window.same = 0, window.last = {seen}), window.same > 8)")
    assert (stage(page, 4) > 0).any()
    assert (stage(page, 1) > 0).any()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_photo_a_blank_sheet_and_an_unknown_place_are_told_in_words(open_page):
    page = open_page(viewport=DESKTOP, reduced_motion="reduce", may_fail="Failed to load resource")
    page.locator("#preprocessing summary").click()
    picture = Image.new("L", (120, 60), 230)
    picture.paste(20, (80, 10, 86, 52))
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.locator("#photo").set_input_files({"name": "1.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(caption(page, 1)).to_contain_text("Your photo")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()  # less motion was asked for

    page.locator("#clear").click()
    expect(page.locator("#preprocessing .sentence")).to_have_text(re.compile("^Draw something"))
    expect(page.locator("#preprocessing .preprocessing-steps")).to_be_hidden()

    page.route("**/explain*", lambda route: route.fulfill(status=404, json={}))
    page.locator("#pad").press("4")
    expect(caption(page, 2)).to_contain_text("The steps between are not known")
    expect(caption(page, 4)).to_contain_text("784 numbers")
    assert (stage(page, 4) > 0).any()
