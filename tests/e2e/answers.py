"""What the server answers about the drawing on the page: the panels' numbers are checked against it."""

from typing import Any

from playwright.sync_api import Page


def seen(page: Page) -> list[int]:
    """The 784 pixels that the network sees."""
    pixels: list[int] = page.evaluate(
        """() => {
            const shown = new OffscreenCanvas(28, 28).getContext("2d", { willReadFrequently: true });
            shown.drawImage(document.querySelector("#input"), 0, 0);
            return Array.from(shown.getImageData(0, 0, 28, 28).data.filter((_, i) => i % 4 === 3));
        }"""
    )
    return pixels


def predicted(page: Page, server: str, **query: str) -> Any:
    """The server's answer to it."""
    return _asked(page, f"{server}/predict", query)


def explained(page: Page, server: str, **query: str) -> Any:
    """The server's explanation of it."""
    return _asked(page, f"{server}/explain", query)


def _asked(page: Page, address: str, query: dict[str, str]) -> Any:
    reply = page.request.post(address, params={**query}, data={"pixels": seen(page)})
    assert reply.ok, reply.text()
    return reply.json()
