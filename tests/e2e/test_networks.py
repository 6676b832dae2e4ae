"""The switch between the networks: the drawing stays, the other one answers, and everything else is asked of it too."""

import re

from playwright.sync_api import expect

from tests.e2e.actions import draw_answered, placed, scroll_width, unfold, until


def test_the_wide_network_recognises_the_same_drawing_and_explains_its_own_answer(open_page):
    asked: list[str] = []

    def listen(page):
        page.on("request", lambda request: asked.append(request.url))

    page = open_page(before=listen)
    draw_answered(page, placed(3), "3")
    assert page.locator(".network-switch [aria-current]").text_content() == "small: see every neuron"

    page.get_by_role("link", name="wide: sharper eye").click()
    expect(page).to_have_url(re.compile(r"\?network=wide$"))
    expect(page.locator("#answer")).to_have_text("3")
    assert page.locator(".layer small").all_text_contents() == ["512 neurons", "256 neurons"]
    assert page.locator(".network-switch [aria-current]").text_content() == "wide: sharper eye"

    page.get_by_role("link", name="Training").click()
    expect(page.get_by_role("heading", name="The time machine")).to_be_visible()
    expect(page.locator("#curves svg").first).to_be_visible()
    page.goto(page.url.split("/training")[0])  # the address as one types it
    expect(page).to_have_url(re.compile(r"/\?network=wide$"))
    expect(page.locator("#answer")).to_have_text("3")

    asked.clear()
    unfold(page, "pixel-attribution")
    until(page, "document.querySelector('#pixel-attribution .sentence')?.textContent.includes('rather than')")
    assert [url for url in asked if "/explain" in url]
    assert scroll_width(page) <= 1280
    assert all("network=wide" in url for url in asked if "/explain" in url or "/predict" in url)
