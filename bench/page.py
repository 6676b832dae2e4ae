"""How many frames the page drops while somebody draws on it, in Chromium with its processor slowed down six times.

A bare canvas that only draws the line is measured beside it: what that drops, the machine drops. The time that
the page's main thread works for a point of the line, by its own clock, is steadier on a busy machine.
"""

import math
import shutil
import time
from collections.abc import Iterator
from statistics import median
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

from bench.servers import OURS, serving

SLOWER: Final = 6
SECONDS: Final = 4.0
WELCOME_MS: Final = 2500  # the digit that writes itself when the page opens is done by then
ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CASES: Final = {
    "all panels folded": (),
    "“Why this digit?” open": ("pixel-attribution",),
    "“Stroke by stroke” open too": ("pixel-attribution", "stroke-effects"),
}
RUNS: Final = 3  # the median is told
BARE: Final = """<canvas id="pad" width="400" height="400"></canvas><script>
  const pad = document.getElementById("pad"), context = pad.getContext("2d");
  context.lineWidth = 32; context.lineCap = "round";
  pad.onpointermove = ({ offsetX, offsetY }) => { context.lineTo(offsetX, offsetY); context.stroke(); };
</script>"""


class Run(NamedTuple):
    """What one line has cost."""

    dropped: float  # share of the frames
    work: float  # ms of the main thread a point
    answers: int
    explanations: int


def drawing() -> str:
    """A line for each case: frames dropped, the main thread's work, and how the answers kept up."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a tool of the tests: the others run without
    except ImportError:
        return "needs Playwright: make install"
    with serving(OURS, core=None) as (host, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        runs = [_round(browser, f"http://{host}") for _ in range(RUNS)]  # by turns: a machine's load changes
        browser.close()
    return f" (the median of {RUNS} rounds, and the least work; {SECONDS:g} s at {SLOWER}× slow-down)" + "".join(
        f"\n  {name}: {_median([each[name] for each in runs])}" for name in runs[0]
    )


def _round(browser: Browser, url: str) -> dict[str, Run]:
    cases: dict[str, tuple[str, ...] | None] = {"a bare canvas": None, **CASES}
    return {name: _case(browser, url, panels) for name, panels in cases.items()}


def _case(browser: Browser, url: str, panels: tuple[str, ...] | None) -> Run:
    """On a page of its own; None stands for the bare canvas."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    if panels is None:
        page.set_content(BARE)
    else:
        page.goto(url, wait_until="networkidle")
        page.wait_for_timeout(WELCOME_MS)
    try:
        return _drawn(page, panels or ())
    finally:
        page.close()


def _median(runs: list[Run]) -> str:
    dropped, _, answers, explanations = map(median, zip(*runs, strict=True))
    work = min(run.work for run in runs)  # other programs only add to it
    shares = ", ".join(f"{run.dropped:.1%}" for run in runs)
    return (
        f"{dropped:.1%} of the frames dropped ({shares}), {work:.1f} ms of work a point; "
        f"{answers:g} answers, {explanations:g} explanations"
    )


def _drawn(page: Page, panels: tuple[str, ...]) -> Run:
    page.evaluate("(ids) => ids.forEach((id) => (document.getElementById(id).open = true))", list(panels))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url))
    before = _worked(session)
    frames = [event["name"] for event in _traced(session, page) if event["name"] in {"DrawFrame", "DroppedFrame"}]
    work = (_worked(session) - before) * 1000 / (SECONDS * 60)
    asked = sum("/predict" in url for url in answers), sum("/explain" in url for url in answers)
    return Run(frames.count("DroppedFrame") / max(1, len(frames)), work, *asked)


def _worked(session: CDPSession) -> float:
    """Seconds that the page's main thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _traced(session: CDPSession, page: Page) -> list[dict[str, Any]]:
    """The browser's own events while a long stroke is drawn."""
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    categories = "disabled-by-default-devtools.timeline.frame,devtools.timeline.frame"
    session.send("Tracing.start", {"traceConfig": {"includedCategories": categories.split(",")}})
    draw(session, page)
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    return events


def draw(session: CDPSession, page: Page) -> None:
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
