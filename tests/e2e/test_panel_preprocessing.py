"""The panel of the preprocessing: its steps as pictures, with and without each of them."""

import base64
import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.actions import (
    FAILED,
    FRAMES,
    choose_photo_of_a_one,
    draw_answered,
    hold_clock,
    install_clock,
    placed,
    scroll_width,
    unfold,
)
from tests.e2e.conftest import PHONE

CORNER = {"left": 0.08, "top": 0.06, "width": 0.3, "height": 0.35}
TRIED = re.compile(r"/predict\?.*activations=false")
SKIPS = {"With both steps": "", "Without fitting": "fit", "Without centring": "centre", "Without either": "fit,centre"}


@pytest.fixture
def corner(open_page):
    """A small 7 in a corner, and the open panel."""
    page = open_page()
    draw_answered(page, placed(7, **CORNER), "7")
    open_panel(page)
    return page


def open_panel(page: Page) -> None:
    unfold(page, "preprocessing")
    expect(page.locator("#preprocessing .comparison td")).to_have_count(4)
    expect(page.locator("#preprocessing .comparison td", has_text="…")).to_have_count(0)


def step_image(page: Page, number: int) -> np.ndarray:
    """The opacity of each pixel of a step's picture, (height, width)."""
    url = (
        page.locator("#preprocessing .preprocessing-steps canvas")
        .nth(number - 1)
        .evaluate("(canvas) => canvas.toDataURL()")
    )
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))
    return np.asarray(picture.convert("RGBA"))[:, :, 3] / 255.0


def caption(page: Page, number: int):
    return page.locator("#preprocessing .preprocessing-steps p").nth(number - 1)


def said(answer: dict[str, Any]) -> str:
    if answer["verdict"] == "not-a-digit":
        return f"no digit (closest: {answer['digit']})"
    share = answer["probabilities"][answer["digit"]]
    text = f"{answer['digit']} (" + (">99.9%)" if 0.9995 <= share < 1 else f"{100 * share:.1f}%)")
    second, first = sorted(answer["probabilities"])[-2:]
    doubt = ", too close to call" if second >= first / 2 else ", not sure"
    return text + (doubt if answer["verdict"] == "unsure" else "")


def test_the_answers_with_and_without_each_step_are_the_servers_own(corner, live_server):
    with corner.expect_request(TRIED) as asked:
        corner.get_by_label("Centre", exact=True).uncheck()
    image = asked.value.post_data_buffer
    for row, (name, skip) in zip(corner.locator("#preprocessing .comparison tr").all(), SKIPS.items(), strict=True):
        url = f"{live_server}/predict?skip={skip}"
        answer = corner.request.post(url, data=image, headers={"Content-Type": "image/png"}).json()
        expect(row).to_have_text(f"{name}{said(answer)}")


def test_the_steps_give_their_effect_in_numbers(open_page):
    page = open_page()
    draw_answered(page, placed(7, **CORNER), "7")
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

    sides = np.flatnonzero((step_image(page, 2) > 0.9).any(axis=1))
    assert (sides[-1] - sides[0]) / len(step_image(page, 2)) == pytest.approx(20 / 28, abs=0.04)
    pixels = page.locator("#input").evaluate(
        "(input) => [...input.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 3)"
    )
    seen = np.asarray(
        Image.fromarray((step_image(page, 4) * 255).astype(np.uint8)).resize((28, 28), Image.Resampling.BOX)
    )
    np.testing.assert_allclose(seen.ravel(), pixels, atol=40)


def test_a_step_switched_off_changes_its_picture_and_the_page_until_it_is_restored(corner):
    small = step_image(corner, 4)
    corner.get_by_label("Fit to size", exact=True).focus()
    corner.keyboard.press("Space")
    expect(caption(corner, 2)).to_contain_text("Not fitted")
    expect(corner.locator("#ablation")).to_be_visible()
    expect(corner.locator("#preprocessing [aria-current] th")).to_have_text("Without fitting")
    expect(corner.locator("#preprocessing [aria-current] td")).not_to_have_text("…")
    now = corner.locator("#preprocessing [aria-current] td").inner_text()
    expect(corner.locator("#preprocessing .sentence")).to_have_text(f"Without fitting it reads: {now}.")
    assert step_image(corner, 4).sum() < small.sum() * 0.6

    corner.get_by_role("button", name="Make it whole").click()
    expect(corner.get_by_label("Fit to size", exact=True)).to_be_checked()
    expect(caption(corner, 2)).to_contain_text("Cropped and shrunk")
    expect(corner.locator("#preprocessing [aria-current] th")).to_have_text("With both steps")
    np.testing.assert_allclose(step_image(corner, 4), small)


def test_the_animation_plays_when_opened_and_again_and_ends_with_every_step_shown(open_page):
    page = open_page(viewport=PHONE, reduced_motion="no-preference", color_scheme="dark", before=install_clock)
    draw_answered(page, placed(7), "7")
    hold_clock(page)
    open_panel(page)

    def after(milliseconds: int) -> list[bytes]:
        """The four pictures then."""
        page.clock.run_for(milliseconds)
        return [step_image(page, number).tobytes() for number in range(1, 5)]

    play = page.get_by_role("button", name="Play", exact=True)
    for _ in range(FRAMES):  # the explanation may come after the answers, and is shown with a frame
        if "of the pad" in caption(page, 1).inner_text():
            break
        page.clock.run_for(20)
    half, whole = after(300), after(700)
    for way in (play.click, lambda: play.press("Enter")):
        assert half[0] == whole[0]
        assert half[1:] != whole[1:]
        way()
        half, again = after(300), after(700)
        assert again == whole
    assert (step_image(page, 4) > 0).any()
    assert (step_image(page, 1) > 0).any()
    assert scroll_width(page) == PHONE["width"]


def test_a_photo_a_blank_pad_and_an_unknown_placement_have_sentences(open_page):
    page = open_page(may_fail=FAILED)
    unfold(page, "preprocessing")
    choose_photo_of_a_one(page)
    expect(caption(page, 1)).to_contain_text("Your photo")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()  # less motion was asked for

    page.locator("#clear").click()
    expect(page.locator("#preprocessing .sentence")).to_have_text(re.compile("^Draw something"))
    expect(page.locator("#preprocessing .preprocessing-steps")).to_be_hidden()

    page.route("**/explain*", lambda route: route.fulfill(status=404, json={}))
    page.locator("#pad").press("4")
    expect(caption(page, 2)).to_contain_text("The steps between are not known")
    expect(caption(page, 4)).to_contain_text("784 numbers")
    assert (step_image(page, 4) > 0).any()
