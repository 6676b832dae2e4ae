"""Firefox and WebKitGTK, driven by the protocols that they speak: enough to open a page, draw on it and run scripts.

Firefox speaks Marionette (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html), WebKitGTK's own
driver WebDriver over HTTP (https://www.w3.org/TR/webdriver2/). Chromium does the same through Playwright, which the
other tests use with far more.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

from bench.servers import free_port, listens
from tests.e2e.actions import Fingers

Strokes = Sequence[Sequence[tuple[float, float]]]
SECONDS: Final = 60.0  # for a browser to start, and for a reply
MINI_BROWSER: Final = "*/webkit2gtk-4.?/MiniBrowser"  # in /usr/lib
KEYS: Final = {  # of the standard, section 15.4.2
    "Shift": "\ue008", "Tab": "\ue004", "Enter": "\ue007", "Space": " ",
    "Home": "\ue011", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
}  # fmt: skip
REST: Final = 100  # ms, for which a finger stays where it ends: after a flick, Chromium takes a tap for its halt
SCREEN: Final = (1920, 1080)
# What is on the console from now on, and what nobody caught; neither protocol tells.
NOTE_ERRORS: Final = """
    window.errors = [];
    console.error = console.warn = (...parts) => errors.push(parts.map(String).join(" "));
    addEventListener("error", ({ message }) => errors.push(message));
    addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
"""


class Engine(ABC):
    """A browser with one page."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self.errors()
        self.navigate(url)
        self.run(NOTE_ERRORS)

    def errors(self) -> list[str]:
        """What was wrong on the pages so far, each since it was loaded."""
        self.noted += self.run("return (window.errors ?? []).splice(0)")
        return self.noted

    @abstractmethod
    def navigate(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""

    @abstractmethod
    def run(self, script: str, *arguments: object) -> Any:
        """What a script on the page returns."""

    @abstractmethod
    def draw(self, strokes: Strokes, *, finger: bool = False) -> None:
        """Strokes with the mouse or a finger, through points of the window; one point is a click or a tap."""

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Keys one after the other, as Playwright names them: `press("Shift+Tab", "Enter", "7")`."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Make the window so large, or as near to that as the engine can."""


def pointer(strokes: Strokes, *, finger: bool = False) -> dict[str, Any]:
    """The actions that draw strokes, in both protocols."""
    actions: list[dict[str, Any]] = []
    for first, *rest in strokes:
        actions += [_moved(first), {"type": "pointerDown", "button": 0}]
        actions += [*map(_moved, rest), {"type": "pointerUp", "button": 0}]
    kind = "touch" if finger else "mouse"
    return {"actions": [{"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": actions}]}


def keyboard(keys: Sequence[str]) -> dict[str, Any]:
    """The actions that press keys, in both protocols."""
    actions = []
    for key in keys:
        held = [KEYS.get(each, each) for each in key.split("+")]
        actions += [{"type": "keyDown", "value": each} for each in held]
        actions += [{"type": "keyUp", "value": each} for each in reversed(held)]
    return {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}


def _moved(point: tuple[float, float]) -> dict[str, Any]:
    x, y = map(round, point)
    return {"type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y}


class Firefox(Engine):
    """Marionette: JSON in both directions, each message after its length in bytes."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.file = self.socket.makefile("rb")
        self._receive()  # its greeting
        self.command("WebDriver:NewSession", {})

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """The result of a command."""
        message = json.dumps([0, 1, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        assert error is None, error
        return result

    def _receive(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self.file.read(1)
        return json.loads(self.file.read(int(length[:-1])))

    def navigate(self, url: str) -> None:
        self.command("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        script_on_the_page = {"script": script, "args": arguments, "sandbox": None}
        return self.command("WebDriver:ExecuteScript", script_on_the_page)["value"]

    def draw(self, strokes: Strokes, *, finger: bool = False) -> None:
        self.command("WebDriver:PerformActions", pointer(strokes, finger=finger))

    def press(self, *keys: str) -> None:
        self.command("WebDriver:PerformActions", keyboard(keys))

    def resize(self, width: int, height: int) -> None:
        self.command("WebDriver:SetWindowRect", {"width": width, "height": height})

    def close(self) -> None:
        self.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.file.close()
        self.socket.close()


class WebKit(Engine):
    """WebDriver over HTTP."""

    def __init__(self, port: int, browser: str) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{port}/session"
        options = {"binary": browser, "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.url += "/" + self.command("", {"capabilities": capabilities})["sessionId"]

    def command(self, path: str, parameters: dict[str, Any] | None = None, method: str = "POST") -> Any:
        """The value that a command has."""
        body = None if parameters is None else json.dumps(parameters).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            return json.load(reply)["value"]

    def navigate(self, url: str) -> None:
        self.command("/url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        return self.command("/execute/sync", {"script": script, "args": arguments})

    def draw(self, strokes: Strokes, *, finger: bool = False) -> None:
        self.command("/actions", pointer(strokes, finger=finger))  # its fingers are mice

    def press(self, *keys: str) -> None:
        self.command("/actions", keyboard(keys))

    def resize(self, width: int, height: int) -> None:
        self.command("/window/rect", {"width": width, "height": height})

    def close(self) -> None:
        self.command("", method="DELETE")


class Chromium(Engine):
    """Playwright's page."""

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.page = browser.new_context(has_touch=True, reduced_motion="reduce").new_page()
        self.fingers = Fingers(self.page)

    def navigate(self, url: str) -> None:
        self.page.goto(url)

    def run(self, script: str, *arguments: object) -> Any:
        return self.page.evaluate(f"(arguments) => {{ {script} }}", arguments)

    def draw(self, strokes: Strokes, *, finger: bool = False) -> None:
        for points in strokes:
            (self._touch if finger else self._drag)(points)

    def _drag(self, points: Sequence[tuple[float, float]]) -> None:
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point)
        self.page.mouse.up()

    def _touch(self, points: Sequence[tuple[float, float]]) -> None:
        self.fingers.dispatch("touchStart", points[:1])
        for point in points[1:]:
            self.fingers.dispatch("touchMove", [point])
        self.page.wait_for_timeout(REST)
        self.fingers.dispatch("touchEnd", [])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})


@contextlib.contextmanager
def firefox() -> Iterator[Engine]:
    """Firefox without a window."""
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        (Path(profile) / "user.js").write_text(f'user_pref("marionette.port", {port});')
        command = [_found("firefox-esr", "firefox"), "--marionette", "--headless", "--profile", profile, "about:blank"]
        with _process(command, port, {"HOME": profile}):
            browser = Firefox(port)
            yield browser
            browser.close()


@contextlib.contextmanager
def webkit() -> Iterator[Engine]:
    """WebKitGTK's own small browser, on a display that nobody sees."""
    port = free_port()
    browser = str(next(Path("/usr/lib").glob(MINI_BROWSER)))
    # Its compositor, on a thread of its own, crashes at times in Mesa's software renderer.
    drawn = {"WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    command = [_found("WebKitWebDriver"), f"--port={port}"]
    with _display() as display, _process(command, port, {"DISPLAY": display, **drawn}):
        session = WebKit(port, browser)
        yield session
        session.close()


@contextlib.contextmanager
def _display() -> Iterator[str]:
    command = [_found("Xvfb"), "-displayfd", "1", "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as screen:
        assert screen.stdout is not None
        yield f":{screen.stdout.readline().strip()}"
        screen.terminate()


@contextlib.contextmanager
def _process(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """A program that listens to a port, as long as the `with` lasts."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=os.environ | environment, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if listens(port):
            return
        time.sleep(0.1)
    raise AssertionError("the browser does not start")


def _found(*names: str) -> str:
    path = next(filter(None, map(shutil.which, names)), None)
    assert path is not None, f"there is no {names[0]}: `make browsers` installs it"
    return path
