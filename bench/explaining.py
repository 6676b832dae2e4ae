"""What an explanation costs: processor time of one `/explain` with everything, on one core, beside one `/predict`."""

from __future__ import annotations

import asyncio
import io
import statistics
import time
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from app.main import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

ROUNDS: Final = 300
GOAL_MS: Final = 3.0


def run() -> str:
    """A line with both times and their ratio."""
    return asyncio.run(_measured())


async def _measured() -> str:
    application = create_app(Settings(access_log=False))
    async with application.router.lifespan_context(application):
        explain, predict = await _medians(application, "/explain?unit=hidden2.17", "/predict")
    return (
        f"{explain:.2f} ms of processor time for one explanation with everything (goal {GOAL_MS:g}); "
        f"{explain / predict:.1f} times an answer's"
    )


async def _medians(application: ASGIApp, *targets: str) -> list[float]:
    """Milliseconds of each, the median of rounds taken in turn, so that a busy moment hits them alike."""
    body = _drawing()
    times: dict[str, list[float]] = {target: [] for target in targets}
    for _ in range(ROUNDS):
        for target, seconds in times.items():
            started = time.process_time()
            await _call(application, target, body)
            seconds.append(time.process_time() - started)
    return [1000 * statistics.median(seconds) for seconds in times.values()]


async def _call(application: ASGIApp, target: str, body: bytes) -> None:
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"content-type", b"image/png"), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await application(scope, receive, send)
    if statuses != [200]:
        raise RuntimeError(f"{target} answered {statuses}")


def _drawing() -> bytes:
    """A seven as the page sends it."""
    image = Image.new("L", (120, 120), 255)
    ImageDraw.Draw(image).line([(34, 29), (86, 27), (60, 92)], fill=0, width=9, joint="curve")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
