"""Safari 15.4 of 2022, played by Chromium: without what came later, the pages still answer and are readable.

Versions: https://github.com/mdn/browser-compat-data
"""

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.actions import OVERLAID, SEVEN, box_of, draw_answered, final_answer, opened, start_anew, until
from tests.e2e.photographs import photographs

# Runs before each script, in the worker too.
WITHOUT = """
    for (const name of ["CompressionStream", "DecompressionStream", "OffscreenCanvas", "requestIdleCallback"])
        delete globalThis[name];
    for (const [owner, ...names] of [
        [AbortSignal, "any", "timeout"], [Promise, "try", "withResolvers"], [Object, "groupBy"],
        [URL, "canParse", "parse"],
        [Array.prototype, "toReversed", "toSorted", "toSpliced", "with"], [Array, "fromAsync"],
        [globalThis.CanvasRenderingContext2D?.prototype, "reset", "roundRect"],
        [globalThis.PointerEvent?.prototype, "getCoalescedEvents"],
        [globalThis.Document?.prototype, "startViewTransition"], [globalThis.Element?.prototype, "checkVisibility"],
    ]) for (const name of names) if (owner) delete owner[name];
"""
LATER_STYLES = re.compile(r"light-dark\(|color-mix\(|\bround\(|(?<=\d)cqi|container-type|(?<=@)(?:container|property)")


def play_an_older_browser(page: Page) -> None:
    """Takes functions away, and calls styles by names that no browser knows."""

    def scripts(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=WITHOUT + reply.text())

    def styles(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=LATER_STYLES.sub("unknown-", reply.text()))

    page.route("**/*.js", scripts)
    page.route("**/*.css", styles)


def test_an_older_safari_reads_drawings_and_photos_and_has_the_colours_of_its_theme(open_page, live_server):
    page = open_page(color_scheme="dark", before=play_an_older_browser)
    assert page.evaluate("['OffscreenCanvas', 'CompressionStream'].filter((name) => name in globalThis)") == []
    draw_answered(page, SEVEN, "7")
    colours = page.evaluate(
        "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.documentElement))"
    )
    assert colours == ["rgb(241, 235, 223)", "rgb(23, 21, 18)"]
    assert box_of(page.locator(".tiles").first)["width"] > 80
    start_anew(page)
    jpeg, *_ = photographs()
    page.locator("#photo").set_input_files({"name": jpeg.name, "mimeType": jpeg.kind, "buffer": jpeg.content})
    assert final_answer(page) == str(jpeg.digit)
    opened(page, "pixel-attribution")
    until(page, OVERLAID)
    page.goto(f"{live_server}/training")
    expect(page.locator("#answer")).to_have_text("7")
