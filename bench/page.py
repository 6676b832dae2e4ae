"""How many frames the page drops while somebody draws on it, in Chromium with its processor slowed down six times.

A bare canvas that does nothing but draw the line is measured beside it: what that drops, the machine drops.
"""

import math
import shutil
import time
from collections.abc import Iterator
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

from bench.servers import OURS, serving

SLOWER: Final = 6
SECONDS: Final = 4.0
WELCOME_MS: Final = 2500  # the digit that writes itself when the page opens is done by then
ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CASES: Final = {"all panels folded": (), "“Why this digit?” open": ("why",), "why and strokes open": ("why", "strokes")}
BARE: Final = """<canvas id="pad" width="400" height="400"></canvas><script>
  const pad = document.getElementById("pad"), context = pad.getContext("2d");
  context.lineWidth = 32; context.lineCap = "round";
  pad.onpointermove = ({ offsetX, offsetY }) => { context.lineTo(offsetX, offsetY); context.stroke(); };
</script>"""


def drawing() -> str:
    """A line for each case: frames shown and dropped, and how the answers kept up."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a tool of the tests: the others run without
    except ImportError:
        return "needs Playwright: make install"
    with serving(OURS, core=None) as (host, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        bare = browser.new_page(viewport={"width": 1280, "height": 800})
        bare.set_content(BARE)
        lines = [f"\n  a bare canvas: {_drawn(bare, ())}"]
        for name, panels in CASES.items():
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"http://{host}", wait_until="networkidle")
            page.wait_for_timeout(WELCOME_MS)
            lines.append(f"\n  {name}: {_drawn(page, panels)}")
            page.close()
        browser.close()
    return "".join(lines)


def _drawn(page: Page, panels: tuple[str, ...]) -> str:
    page.evaluate("(ids) => ids.forEach((id) => (document.getElementById(id).open = true))", list(panels))
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url))
    events = _traced(session, page)
    frames = [event for event in events if event["name"] in {"DrawFrame", "DroppedFrame"}]
    dropped = sum(event["name"] == "DroppedFrame" for event in frames)
    asked = sum("/predict" in url for url in answers), sum("/explain" in url for url in answers)
    return (
        f"{len(frames) - dropped} frames shown, {dropped} dropped ({dropped / max(1, len(frames)):.1%}) in "
        f"{SECONDS:g} s at {SLOWER}× slow-down; {asked[0]} answers, {asked[1]} explanations"
    )


def _traced(session: CDPSession, page: Page) -> list[dict[str, Any]]:
    """The browser's own events while a long stroke is drawn."""
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    categories = "disabled-by-default-devtools.timeline.frame,devtools.timeline.frame"
    session.send("Tracing.start", {"traceConfig": {"includedCategories": categories.split(",")}})
    _draw(session, page)
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    return events


def _draw(session: CDPSession, page: Page) -> None:
    """One stroke round and round, a point every 60th of a second."""
    box = page.locator("#pad").bounding_box()
    assert box is not None  # noqa: S101 - the page has a pad
    side, started = box["width"], time.monotonic()
    for number, (x, y) in enumerate(_spiral()):
        kind = "mouseMoved" if number else "mousePressed"
        point = {"x": box["x"] + x * side, "y": box["y"] + y * side, "button": "left", "buttons": 1, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind, **point})
        page.wait_for_timeout(max(0.0, (started + (number + 1) / 60 - time.monotonic()) * 1000))
    session.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **point})


def _spiral() -> Iterator[tuple[float, float]]:
    steps = int(SECONDS * 60)
    for i in range(steps):
        angle, radius = i / 25, 0.1 + 0.3 * i / steps
        yield 0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)
