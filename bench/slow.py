"""500 slow clients, that send their heads or bodies by drops, or do not read: whether a good one notices."""

from __future__ import annotations

import asyncio
import contextlib
import select
import time
from typing import Final

from bench.http import RAW
from bench.load import paced, quantile
from bench.servers import OURS, pin, serving

SLOW: Final = 500
PATIENT: Final = 20.0  # seconds that they would go on
A_SECOND: Final = 100.0  # requests of the good one
HEAD: Final = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
BIG: Final = b"GET /static-offline-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"


def run() -> str:
    """A line with both percentiles, and the time after which the last slow one was closed."""
    pin(-1)
    return asyncio.run(_run())


async def _run() -> str:
    with serving(OURS) as (host, _):
        alone = await paced(host, RAW, A_SECOND, 15)
        slow = [asyncio.create_task(_slow(host, i)) for i in range(SLOW)]
        await asyncio.sleep(0.5)
        among = await paced(host, RAW, A_SECOND, 15)
        lives = await asyncio.gather(*slow)
    before, after = quantile(alone, 0.99), quantile(among, 0.99)
    return (
        f"a good client's p99 {before * 1000:.1f} ms alone, {after * 1000:.1f} ms among {SLOW} slow ones: "
        f"{after / before:.1f} × (goal 2); the last of these closed after {max(lives):.1f} s (goal 15)"
    )


async def _slow(host: str, i: int) -> float:
    """How long the server bears it."""
    _, writer = await asyncio.open_connection(*host.split(":"), limit=1024)
    started = time.perf_counter()
    first = (HEAD, HEAD + b"Content-Length: 100000\r\n\r\n", BIG * 20)[i % 3]
    with contextlib.suppress(ConnectionError):
        writer.write(first)
        while time.perf_counter() - started < PATIENT and not _closed(writer):
            if i % 3 < 2:
                writer.write(b"x")
            await asyncio.sleep(0.5)
    life = time.perf_counter() - started
    writer.transport.abort()
    return life


def _closed(writer: asyncio.StreamWriter) -> bool:
    """Whether the server ended it: those who do not read would not notice."""
    file = writer.get_extra_info("socket").fileno()
    if writer.transport.is_closing() or file < 0:
        return True
    ended = select.poll()
    ended.register(file, select.POLLRDHUP)
    return bool(ended.poll(0))
