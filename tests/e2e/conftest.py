"""A real browser for the page's tests; whatever it complains about fails the test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("The page's tests need Chromium: `make chromium` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """Opens the page: `open_page(viewport=..., before=function of the page)`, with any context option.

    `url` is that of another page or server; `may_fail` names the part of a console error that the test provokes itself.
    """
    contexts, errors = [], []

    def open_page(*, url=live_server, may_fail=None, before=None, **options):
        options.setdefault("reduced_motion", "reduce")  # else a digit writes itself first, in every test
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
        page.on("console", lambda message: _note(message, may_fail, errors))
        if before:
            before(page)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page):
    return open_page()


def _note(message: ConsoleMessage, may_fail: str | None, errors: list[str]) -> None:
    if message.type in {"error", "warning"} and not (may_fail and may_fail in message.text):
        errors.append(f"{message.type}: {message.text}")
