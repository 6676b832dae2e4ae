"""What serving costs: /predict against peers, in batches, at a steady rate, beside slow clients, after many requests.

wrk makes the maximum load; steady load times each request from when it was due.
"""

import asyncio
import base64
import contextlib
import importlib.util
import math
import os
import re
import select
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import orjson
from PIL import Image, ImageDraw

from bench.files import saved
from bench.servers import OURS, pin, resident, serving
from model import preprocess

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS: Final = 2.0  # of each rate in each round
FEW, MANY = 2_000, 200_000  # requests
BATCH: Final = 32
CONNECTIONS: Final = 8
_SCRIPT: Final = """
local file = io.open("{body}", "rb")
wrk.method, wrk.body = "POST", file:read("*a")
wrk.headers["Content-Type"] = "{kind}"
{headers}
"""
SLOW: Final = 500  # clients that send by single bytes, or do not read
SLOW_SECONDS: Final = 20.0  # that they would go on
GOOD_RATE: Final = 100.0  # requests of the good client
HEAD: Final = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
BIG: Final = b"GET /static-offline-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"


class MissingError(Exception):
    """A program that a benchmark needs is missing; the message explains how to install it."""


class Load(NamedTuple):
    """A request, and how many drawings are in it."""

    path: str
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    drawings: int = 1


def seven() -> Image.Image:
    """A seven, 280×280 pixels, dark on white."""
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line(((80, 60), (200, 60), (120, 230)), fill=0, width=20, joint="curve")
    return image


PNG: Final = saved(seven())
BASE64: Final = base64.b64encode(PNG).decode()
RAW: Final = Load("/predict", "image/png", PNG)
FORM: Final = Load(
    "/predict",
    "multipart/form-data; boundary=b",
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="7.png"\r\n\r\n' + PNG + b"\r\n--b--\r\n",
)
ONE: Final = Load("/predict", "application/json", orjson.dumps({"image": BASE64}))
ALL: Final = Load("/predict", "application/json", orjson.dumps({"images": [BASE64] * BATCH}), drawings=BATCH)


def _tensor(count: int) -> Load:
    pixels = preprocess(seven()).tobytes() * count
    size = {"parameters": {"binary_data_size": len(pixels)}}
    head = orjson.dumps(
        {
            "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [count, 784], **size}],
            "parameters": {"binary_data_output": True},
        }
    )
    length = (("Inference-Header-Content-Length", str(len(head))),)
    return Load("/v2/models/digits/infer", "application/octet-stream", head + pixels, length, count)


def peers() -> str:
    """/predict against a tutorial's server and LitServe."""
    loads: dict[str, tuple[list[str], Load]] = {"ours": (OURS, RAW), "tutorial": (["bench.peers", "tutorial"], FORM)}
    if lit := importlib.util.find_spec("litserve"):
        loads["LitServe"] = (["bench.litserve_peer"], ONE)
    found = rates(loads)
    text = f"{rates_text(found)}; {ratio(found, 'ours', 'tutorial'):.1f} × the tutorial (goal 1.7)"
    return text + (
        f", {ratio(found, 'ours', 'LitServe'):.1f} × LitServe (goal 4.5)" if lit else "; `make peers` adds LitServe"
    )


def batch() -> str:
    """Drawings a second in batches of 32 against one a request: as PNGs, and as tensors."""
    found = rates(
        {
            "1 PNG": (OURS, ONE),
            "32 PNGs": (OURS, ALL),
            "1 tensor": (OURS, _tensor(1)),
            "32 in a tensor": (OURS, _tensor(BATCH)),
        }
    )
    png, tensor = ratio(found, "32 PNGs", "1 PNG"), ratio(found, "32 in a tensor", "1 tensor")
    return f"drawings: {rates_text(found)}; {png:.1f} × as PNGs, {tensor:.1f} × as tensors (goals 3 and 4)"


def steady_rate() -> str:
    """The 99th percentile at half of the maximum rate."""
    pin(-1)
    with serving(OURS) as (host, _):
        most = rate(host, RAW, SECONDS)
        waits = asyncio.run(steady_load(host, RAW, most / 2, 10))
    p50, p99 = quantile(waits, 0.5), quantile(waits, 0.99)
    return f"p50 {p50 * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms at {most / 2:,.0f} requests/s: {p99 / p50:.1f} × (goal 3)"


def memory() -> str:
    """What is held after many requests against after few."""
    with serving(OURS) as (host, process):
        requests = 0.0
        held = []
        for until in (FEW, MANY):
            while requests < until:
                seconds = min(10, math.ceil((until - requests) / 1000))  # wrk takes whole ones
                requests += rate(host, RAW, seconds) * seconds
            held.append((requests, resident(process)))
    (few, before), (many, after) = held
    return (
        f"{before:.1f} MiB after {few:,.0f} requests, {after:.1f} after {many:,.0f}: {after / before:.3f} × (goal 1.05)"
    )


def rates(loads: Mapping[str, tuple[list[str], Load]]) -> dict[str, list[float]]:
    """Drawings a second, in rounds that load each in turn, so that a busy moment hits them alike."""
    found: dict[str, list[float]] = {name: [] for name in loads}
    with contextlib.ExitStack() as stack:
        modules = {tuple(module) for module, _ in loads.values()}
        hosts = {module: stack.enter_context(serving(list(module)))[0] for module in modules}
        for name, (module, load) in loads.items():
            rate(hosts[tuple(module)], load, 1)  # warm
            found[name].clear()
        for _ in range(ROUNDS):
            for name, (module, load) in loads.items():
                found[name].append(rate(hosts[tuple(module)], load, SECONDS) * load.drawings)
    return found


def rates_text(found: Mapping[str, list[float]]) -> str:
    """The median of each."""
    return ", ".join(f"{name} {statistics.median(rates):,.0f}/s" for name, rates in found.items())


def ratio(found: Mapping[str, list[float]], one: str, other: str) -> float:
    """The median of one's rate over the other's in the same round."""
    return statistics.median(a / b for a, b in zip(found[one], found[other], strict=True))


def slow() -> str:
    """The 99th percentile of a good client, alone and among slow ones; when the last slow one was closed."""
    pin(-1)
    return asyncio.run(_slow())


async def _slow() -> str:
    with serving(OURS) as (host, _):
        alone = await steady_load(host, RAW, GOOD_RATE, 15)
        clients = [asyncio.create_task(_slow_client(host, i)) for i in range(SLOW)]
        await asyncio.sleep(0.5)
        among = await steady_load(host, RAW, GOOD_RATE, 15)
        lives = await asyncio.gather(*clients)
    before, after = quantile(alone, 0.99), quantile(among, 0.99)
    return (
        f"a good client's p99 {before * 1000:.1f} ms alone, {after * 1000:.1f} ms among {SLOW} slow ones: "
        f"{after / before:.1f} × (goal 2); the last of these closed after {max(lives):.1f} s (goal 15)"
    )


async def _slow_client(host: str, i: int) -> float:
    """Seconds until the server closes the connection."""
    _, writer = await asyncio.open_connection(*host.split(":"), limit=1024)
    started = time.perf_counter()
    first = (HEAD, HEAD + b"Content-Length: 100000\r\n\r\n", BIG * 20)[i % 3]
    with contextlib.suppress(ConnectionError):
        writer.write(first)
        while time.perf_counter() - started < SLOW_SECONDS and not _closed(writer):
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


def rate(host: str, load: Load, seconds: float) -> float:
    """Requests a second of a server that is loads as fast as it answers; every answer has to be a success."""
    if shutil.which("wrk") is None:
        raise MissingError("there is no wrk: `apt-get install wrk`")
    with tempfile.TemporaryDirectory() as folder:
        body, script = Path(folder) / "body", Path(folder) / "load.lua"
        body.write_bytes(load.body)
        headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in load.headers)
        script.write_text(_SCRIPT.format(body=body, kind=load.kind, headers=headers))
        url = f"http://{host}{load.path}"
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script), url]
        text = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=lambda: pin(-1)).stdout
    if "Non-2xx" in text:
        raise RuntimeError(f"{load.path} refuses: {text}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert found is not None, text  # noqa: S101
    return float(found[1])


async def steady_load(host: str, load: Load, a_second: float, seconds: float, connections: int = 4) -> list[float]:
    """Seconds from when each request was due to its answer: a late one makes those behind it late, as it would."""
    count, started = int(a_second * seconds), time.perf_counter() + 0.1
    due = iter([started + i / a_second for i in range(count)])
    waits: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        for moment in due:
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            writer.write(request(load))
            await _answered(reader)
            waits.append(time.perf_counter() - moment)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return sorted(waits)


def quantile(waits: list[float], share: float) -> float:
    """A quantile of sorted times."""
    return waits[min(len(waits) - 1, int(share * len(waits)))]


def request(load: Load) -> bytes:
    """As it is sent."""
    head = (
        f"POST {load.path} HTTP/1.1\r\nHost: x\r\nContent-Type: {load.kind}\r\nContent-Length: {len(load.body)}\r\n\r\n"
    )
    return head.encode() + load.body


async def _answered(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode("latin-1"))
    found = re.search(rb"content-length: (\d+)", head)
    assert found is not None  # noqa: S101
    await reader.readexactly(int(found[1]))
