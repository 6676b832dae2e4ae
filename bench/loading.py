"""How soon the pages are there: requests and bytes of a visit, and times with a slow phone's line and processor.

A visit is what a browser asks for until it has been quiet for a while. The slow phone is Lighthouse's: 1.6 Mbit/s down,
750 kbit/s up, 150 ms there and back, and a processor slowed down four times.
"""

import shutil
import statistics
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Request

from bench.page import ARGUMENTS
from bench.servers import OURS, serving

PAGES: Final = ("/", "/training", "/maths")
PHONE: Final[Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER: Final = 4
RUNS: Final = 5  # the median is printed
QUIET_MS: Final = 3000  # longer than the digit takes that writes itself, and whatever the idle page fetches
PAINTED_MS: Final = 2000  # longer than a page takes until it is painted
FIRST_PAINT: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# The pad takes strokes once the digit that invites is on it; a stroke of one's own is a 1.
INVITED: Final = "#workspace[data-placeholder]"


@dataclass(frozen=True)
class Visit:
    """What one visit cost."""

    requests: int
    kilobytes: float  # heads and bodies of the replies, as they were sent
    first_paint: float  # seconds
    answered: float  # seconds until a stroke has its answer, drawn as soon as the pad takes it


def run() -> str:
    """A line for each page and visit."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a tool of the tests: the others run without
    except ImportError:
        return "needs Playwright: make install"
    lines = []
    with serving(OURS, core=None) as (host, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for path in PAGES:
            runs = [_visits(browser, f"http://{host}{path}") for _ in range(RUNS)]
            for name, visits in zip(("first", "second"), zip(*runs, strict=True), strict=True):
                lines.append(f"\n  {path}, {name} visit: {_told(visits)}")
        browser.close()
    return "".join(lines)


def _told(visits: tuple[Visit, ...]) -> str:
    def median(name: str) -> float:
        return float(statistics.median(getattr(visit, name) for visit in visits))

    told = f"{median('requests'):.0f} requests, {median('kilobytes'):.0f} kB; on a slow phone painted after "
    told += f"{median('first_paint'):.2f} s"
    return told + (f", a stroke answered after {median('answered'):.2f} s" if median("answered") else "")


def _visits(browser: Browser, url: str) -> list[Visit]:
    """The first visit and the second: each once on a quick line, and once or twice on the slow phone."""
    quick, slow, drawn = (browser.new_context(**PHONE) for _ in range(3))
    pages = [(*fetched(quick, url), _painted(slow, url), _answered(drawn, url)) for _ in range(2)]
    for context in (quick, slow, drawn):
        context.close()
    return [Visit(*page) for page in pages]


def fetched(context: BrowserContext, url: str) -> tuple[int, float]:
    """Requests that reach the server, and the kilobytes of their replies, the workers' among them."""
    page, asked = context.new_page(), list[Request]()

    def note(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", note)  # Playwright marks its handlers, and a method of a list takes no mark
    page.goto(url, wait_until="load")
    page.wait_for_timeout(QUIET_MS)
    sizes = [request.sizes() for request in asked]
    sent = [size["responseHeadersSize"] + size["responseBodySize"] for size in sizes]
    sent = [size for size in sent if size > 0]  # a reply from the cache was not sent
    page.close()
    return len(sent), sum(sent) / 1000


def _painted(context: BrowserContext, url: str) -> float:
    """Seconds to the first paint.

    Nothing is asked of the page until then: Playwright's own script takes the slow processor a tenth of a second.
    """
    page = _on_slow_phone(context, url)
    page.wait_for_timeout(PAINTED_MS)
    while (painted := page.evaluate(FIRST_PAINT)) is None:
        page.wait_for_timeout(PAINTED_MS)
    page.close()
    return float(painted) / 1000


def _answered(context: BrowserContext, url: str) -> float:
    """Seconds to the answer to the first stroke, a 1 drawn as soon as the pad takes it; 0 on pages without a pad."""
    if not url.endswith("/"):
        return 0.0
    page = _on_slow_phone(context, url)
    page.locator(INVITED).wait_for(state="attached")
    box = page.locator("#pad").bounding_box()
    assert box is not None  # noqa: S101 - the page has a pad
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + side / 2, y + side / 5)
    page.mouse.down()
    page.mouse.move(x + side / 2, y + 4 * side / 5, steps=4)
    page.mouse.up()
    page.locator("#answer", has_text="1").wait_for()
    answered = float(page.evaluate("performance.now()"))
    page.close()
    return answered / 1000


def _on_slow_phone(context: BrowserContext, url: str) -> Page:
    """A page that has just been asked for."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="commit")
    return page
