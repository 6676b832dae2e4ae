"""Takes the README's pictures: `python -m tests.e2e.screenshots FOLDER` draws a seven on the page in both themes."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import Server
from tests.e2e.conftest import ARGUMENTS

SEVEN = [(0.27, 0.25), (0.5, 0.235), (0.73, 0.23), (0.6, 0.5), (0.46, 0.82)]
BAR = [(0.4, 0.54), (0.72, 0.51)]


def draw(page: Page, stroke: list[tuple[float, float]]) -> None:
    """One stroke of the mouse over the pad; points in units of its side."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def main(folder: Path) -> None:
    """Write screenshot-light.png and screenshot-dark.png."""
    server = Server(INKSCOPE_ACCESS_LOG="false").wait()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
            page.goto(server.url, wait_until="networkidle")
            draw(page, SEVEN)
            draw(page, BAR)
            expect(page.locator("#answer")).to_have_text("7")
            page.wait_for_load_state("networkidle")
            page.mouse.move(1, 1)
            page.screenshot(path=folder / f"screenshot-{theme}.png")
        browser.close()
    server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
