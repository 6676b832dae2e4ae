"""What the server itself says about the drawing on the page: what the panels' numbers are checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.e2e.actions import final_answer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE = 20_000  # ms for an answer and its explanation to come, on a machine that has other things to do


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


def opened(page: Page, panel: str, digit: int = 7) -> Locator:
    """A panel, opened with a sample on the pad. The page has to be still, else the sample writes itself."""
    page.get_by_role("button", name=f"Write a {digit}").click()
    final_answer(page)
    page.locator(f"#{panel} summary").click()
    body = page.locator(f"#{panel} .body")
    expect(body.locator(".sentence:visible").first).not_to_be_empty()
    return body


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").replace("±", "").replace("+", "").replace(",", ""))
