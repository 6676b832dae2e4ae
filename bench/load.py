"""Load for the servers: as much as they take, by wrk; or so many requests a second, each timed from when it was due."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from bench.servers import pin

CONNECTIONS: Final = 8
_SCRIPT: Final = """
local file = io.open("{body}", "rb")
wrk.method, wrk.body = "POST", file:read("*a")
wrk.headers["Content-Type"] = "{kind}"
{headers}
"""


class MissingError(Exception):
    """A program that a benchmark needs is not there; its words say what to do."""


class Ask(NamedTuple):
    """A request, and how many drawings are in it."""

    path: str
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    drawings: int = 1


def rate(host: str, ask: Ask, seconds: float) -> float:
    """Requests a second of a server that is asked as fast as it answers; every answer has to be a success."""
    if shutil.which("wrk") is None:
        raise MissingError("there is no wrk: `apt-get install wrk`")
    with tempfile.TemporaryDirectory() as folder:
        body, script = Path(folder) / "body", Path(folder) / "ask.lua"
        body.write_bytes(ask.body)
        headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in ask.headers)
        script.write_text(_SCRIPT.format(body=body, kind=ask.kind, headers=headers))
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script), f"http://{host}{ask.path}"]
        told = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=lambda: pin(-1)).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{ask.path} refuses: {told}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found is not None, told  # noqa: S101
    return float(found[1])


async def paced(host: str, ask: Ask, a_second: float, seconds: float, connections: int = 4) -> list[float]:
    """Seconds from when each request was due to its answer: a late one makes those behind it late, as it would."""
    count, started = int(a_second * seconds), time.perf_counter() + 0.1
    due = iter([started + i / a_second for i in range(count)])
    waits: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        for moment in due:
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            writer.write(_request(ask))
            await _answered(reader)
            waits.append(time.perf_counter() - moment)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return sorted(waits)


def quantile(waits: list[float], share: float) -> float:
    """Of sorted ones."""
    return waits[min(len(waits) - 1, int(share * len(waits)))]


def _request(ask: Ask) -> bytes:
    head = f"POST {ask.path} HTTP/1.1\r\nHost: x\r\nContent-Type: {ask.kind}\r\nContent-Length: {len(ask.body)}\r\n\r\n"
    return head.encode() + ask.body


async def _answered(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode("latin-1"))
    found = re.search(rb"content-length: (\d+)", head)
    assert found is not None  # noqa: S101
    await reader.readexactly(int(found[1]))
