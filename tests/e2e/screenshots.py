"""Takes the README's pictures: `python -m tests.e2e.screenshots FOLDER` draws a seven on the page in both themes."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.conftest import Server
from tests.e2e.actions import SEVEN, draw
from tests.e2e.conftest import ARGUMENTS


def main(folder: Path) -> None:
    """Write screenshot-light.png and screenshot-dark.png."""
    server = Server(INKSCOPE_ACCESS_LOG="false").wait()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
            page.goto(server.url, wait_until="networkidle")
            draw(page, SEVEN)
            expect(page.locator("#answer")).to_have_text("7")
            page.wait_for_load_state("networkidle")
            page.mouse.move(1, 1)
            page.screenshot(path=folder / f"screenshot-{theme}.png")
        browser.close()
    server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
