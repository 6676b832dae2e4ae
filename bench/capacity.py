"""`python -m bench.capacity` measures what a person who draws costs the server, and writes docs/capacity.json.

Costs are processor time, as the kernel counts it for the server's process: a busy machine changes them less than rates.
The page says what it asks for while somebody draws; wrk then asks the like of a server with the settings of a pod.
"""

import json
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Request, sync_playwright

from app.settings import ROOT
from bench.files import saved
from bench.hostile import processor
from bench.loading import PHONE, fetched
from bench.page import ARGUMENTS, SECONDS, WELCOME_MS, draw
from bench.servers import OURS, resident, serving
from bench.serving import Load, rate

REPORT: Final = ROOT / "docs" / "capacity.json"
SIDE: Final = 120  # pixels of the picture that the page sends: 112, and a margin of 4
ROUNDS: Final = 8  # the cheapest is told: other programs on the machine only add to it
LOAD_SECONDS: Final = 2
VISITS: Final = 3  # likewise; and the server's first visitor pays for what it keeps
POD: Final = {"INKSCOPE_ACCESS_LOG": "true", "INKSCOPE_MAX_REQUESTS_PER_CLIENT": "1000000"}


def measured() -> dict[str, Any]:
    """All figures, as the report holds them."""
    with serving(OURS, None, None, **POD) as (host, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        visit = min((_visit(browser, host, pid) for _ in range(VISITS)), key=lambda visit: visit["seconds"])
        drawing = _drawing(browser, f"http://{host}/")
        browser.close()
        return {"machine": _machine(), "visit": visit, "drawing": drawing | _cost(host, pid)}


def _visit(browser: Browser, host: str, pid: int) -> dict[str, float]:
    """What a first visit takes."""
    before = processor(pid)
    requests, kilobytes = fetched(browser.new_context(**PHONE), f"http://{host}/")
    return {"requests": requests, "bytes_sent": round(1000 * kilobytes), "seconds": processor(pid) - before}


def _drawing(browser: Browser, url: str) -> dict[str, float]:
    """Bytes of a request for an answer, and of its reply, while a line is drawn on the page."""
    page, asked = browser.new_page(viewport={"width": 1280, "height": 800}), list[Request]()
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(WELCOME_MS)

    def note(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", note)
    draw(page.context.new_cdp_session(page), page)
    page.wait_for_timeout(1000)
    answers = [request for request in asked if "/predict" in request.url]
    received, sent = (sum(sizes) / len(answers) for sizes in zip(*map(_bytes, answers), strict=True))
    return {"answers_a_second": len(answers) / SECONDS, "bytes_received": round(received), "bytes_sent": round(sent)}


def _bytes(request: Request) -> tuple[int, int]:
    """Of a request and of its reply. Playwright does not count the body that a worker sends: its header says it."""
    sizes = request.sizes()
    body = int(request.all_headers()["content-length"])
    return sizes["requestHeadersSize"] + body, sizes["responseHeadersSize"] + sizes["responseBodySize"]


def _cost(host: str, pid: int) -> dict[str, float]:
    """Seconds of a core for a drawing, at full load, and the memory that the process then holds."""
    image = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(image).line(((34, 26), (86, 26), (51, 99)), fill=0, width=8, joint="curve")
    load = Load("/predict", "image/png", saved(image), (("Accept-Encoding", "gzip, deflate, br, zstd"),))
    seconds = []
    for _ in range(ROUNDS):
        before = processor(pid)
        drawings = rate(host, load, LOAD_SECONDS) * LOAD_SECONDS
        seconds.append((processor(pid) - before) / drawings)
    return {"seconds": min(seconds), "process_mib": round(resident(pid))}


def _machine() -> str:
    names = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{names[0] if names else platform.machine()}, CPython {platform.python_version()}"


def main() -> int:
    """Write the report; always 0."""
    REPORT.write_text(json.dumps(measured(), indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{REPORT.relative_to(ROOT)}: `python -m tools.capacity` makes the page from it\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
