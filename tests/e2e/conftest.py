"""A real browser for the page's tests; any console error fails the test."""

import functools
import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from model.network import Network
from tests.conftest import Server, untrained_rejection

expect.set_options(timeout=20_000)  # for an answer and its explanation, on a machine that has other things to do
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SHORT_PHONE: ViewportSize = {"width": 320, "height": 568}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Reduced motion: otherwise a digit writes itself first, in every test.
LOOK = {"viewport": DESKTOP, "color_scheme": "light", "reduced_motion": "reduce"}
BLANK = "<link rel='icon' href='data:,'>"  # asks for no other icon


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.fail("The page's tests need Chromium: `make browsers` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Tab:
    """A page that is opened once and shared by many tests: a new one costs twice the work of most tests."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.page = browser.new_context(**options).new_page()
        self.errors: list[str] = []
        self.may_fail: str | None = None
        self.page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not (self.may_fail and self.may_fail in message.text):
            self.errors.append(f"{message.type}: {message.text}")

    def prepare(self, may_fail: str | None, viewport: ViewportSize, color_scheme: Any, reduced_motion: Any) -> Page:
        """The page, as good as new; `may_fail` is a part of the console errors that are allowed."""
        self.may_fail = may_fail
        self.errors.clear()
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        return self.page

    def clean_up(self) -> None:
        """Scripts, routes, storage and pressed buttons end with the test."""
        self.page.unroute_all()
        self.page.context.set_offline(False)
        # In a document without scripts: pages save their drawing when they are left, and lose what is cleared then.
        self.page.route("**/blank", lambda route: route.fulfill(body=BLANK, content_type="text/html"))
        if self.page.url.startswith("http"):
            self.page.goto(self.page.evaluate("location.origin") + "/blank")
            self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.unroute_all()
        self.page.mouse.up()
        self.page.mouse.move(0, 0)


@pytest.fixture(scope="session")
def shared_tab(browser):
    """One for each kind of context: `shared_tab(has_touch=True)`."""
    return functools.cache(functools.partial(Tab, browser))


@pytest.fixture
def open_page(browser, shared_tab, live_server):
    """Opens the page: `open_page(viewport=..., routes=function of the page)`, with any context option.

    `url` is that of another page or server; `may_fail` names the part of a console error that the test provokes itself.
    What a test does `before` the page is opened, routes aside, cannot be undone: it gets a page of its own.
    """
    shared: list[Tab] = []
    own: list[Tab] = []

    def open_page(*, url=live_server, may_fail=None, routes=None, before=None, **options):
        look = {name: options.pop(name, value) for name, value in LOOK.items()}
        if before or (tab := shared_tab(**options)) in shared:
            own.append(tab := Tab(browser, **options))
        else:
            shared.append(tab)
        page = tab.prepare(may_fail, **look)
        for prepare in filter(None, (routes, before)):
            prepare(page)
        page.goto(url)
        return page

    yield open_page
    for tab in shared:
        tab.clean_up()
    for tab in own:
        tab.page.unroute_all(behavior="ignoreErrors")  # a reply that is still on its way would fail in the next test
        tab.page.context.close()
    assert [error for tab in shared + own for error in tab.errors] == []


@pytest.fixture
def serve_network(tmp_path):
    """Serves a network of any shape: `serve_network(network)` is the server's URL."""
    servers: list[Server] = []

    def serve_network(network: Network) -> str:
        network.extras = untrained_rejection(network.sizes)
        network.save(tmp_path / "network.npz")
        servers.append(Server(INKSCOPE_WEIGHTS=str(tmp_path / "network.npz"), INKSCOPE_ACCESS_LOG="false").wait())
        return servers[-1].url

    yield serve_network
    for server in servers:
        server.stop()


@pytest.fixture
def page(open_page):
    return open_page()
