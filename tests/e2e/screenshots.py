"""Takes pictures of the page with a seven on it, for the README and the pages: `python -m tests.e2e.screenshots`."""

import io
import shutil
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import ROOT, Server
from tests.e2e.actions import SEVEN, draw
from tests.e2e.conftest import ARGUMENTS, DESKTOP

README, PUBLIC = ROOT / ".github", ROOT / "static" / "public"
PREVIEW: Any = {"width": 1200, "height": 630}  # as those show it to whom a link is sent
ICON: Any = {"width": 512, "height": 512}
PAPER = "<style>html { background: #f6f1e6 } body { margin: 0 }</style>"  # to the edge: phones cut it


def take(browser: Browser, url: str, path: Path, viewport: Any = DESKTOP, theme: Any = "light") -> None:
    """A picture of the page."""
    page = browser.new_page(viewport=viewport, color_scheme=theme)
    page.goto(url, wait_until="networkidle")
    draw(page, SEVEN)
    expect(page.locator("#answer")).to_have_text("7")
    page.wait_for_load_state("networkidle")
    page.mouse.move(1, 1)
    write(page.screenshot(), path)


def take_icon(browser: Browser, path: Path) -> None:
    """The icon as pixels, for phones."""
    page = browser.new_page(viewport=ICON)
    page.set_content(PAPER + (PUBLIC / "favicon.svg").read_text())
    write(page.screenshot(), path)


def write(screenshot: bytes, path: Path) -> None:
    """A PNG file of 256 colours, which takes a third of the bytes."""
    Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(256).save(path, optimize=True)


def main() -> None:
    """Write all pictures."""
    server = Server(INKSCOPE_ACCESS_LOG="false").wait()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for theme in ("light", "dark"):
            take(browser, server.url, README / f"screenshot-{theme}.png", theme=theme)
        take(browser, server.url, PUBLIC / "preview.png", PREVIEW)
        take_icon(browser, PUBLIC / "icon.png")
        browser.close()
    server.stop()


if __name__ == "__main__":
    main()
