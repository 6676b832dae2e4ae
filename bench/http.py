"""What serving costs: /predict against the least that is possible, against peers, in a batch, at a pace, for long."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib.util
import io
import math
import os
import statistics
from typing import TYPE_CHECKING, Final

import orjson
from PIL import Image, ImageDraw

from bench.load import Ask, paced, quantile, rate
from bench.servers import OURS, pin, resident, serving
from model import preprocess

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS: Final = 2.0  # of each rate in each round
FEW, MANY = 2_000, 200_000  # requests
BATCH: Final = 32


def seven() -> Image.Image:
    """A seven, 280×280 pixels, dark on white."""
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line(((80, 60), (200, 60), (120, 230)), fill=0, width=20, joint="curve")
    return image


def _png() -> bytes:
    content = io.BytesIO()
    seven().save(content, "PNG")
    return content.getvalue()


PNG: Final = _png()
BASE64: Final = base64.b64encode(PNG).decode()
RAW: Final = Ask("/predict", "image/png", PNG)
FORM: Final = Ask(
    "/predict",
    "multipart/form-data; boundary=b",
    b'--b\r\nContent-Disposition: form-data; name="image"; filename="7.png"\r\n\r\n' + PNG + b"\r\n--b--\r\n",
)
ONE: Final = Ask("/predict", "application/json", orjson.dumps({"image": BASE64}))
ALL: Final = Ask("/predict", "application/json", orjson.dumps({"images": [BASE64] * BATCH}), drawings=BATCH)


def _tensor(count: int) -> Ask:
    pixels = preprocess(seven()).tobytes() * count
    size = {"parameters": {"binary_data_size": len(pixels)}}
    head = orjson.dumps(
        {
            "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [count, 784], **size}],
            "parameters": {"binary_data_output": True},
        }
    )
    length = (("Inference-Header-Content-Length", str(len(head))),)
    return Ask("/v2/models/digits/infer", "application/octet-stream", head + pixels, length, count)


def floor() -> str:
    """/predict against a bare application."""
    found = _rates({"ours": (OURS, RAW), "floor": (["bench.floor"], RAW)})
    return f"{_told(found)}; {_ratio(found, 'ours', 'floor'):.2f} of the floor (goal 0.85)"


def peers() -> str:
    """/predict against a tutorial's server and LitServe."""
    asked: dict[str, tuple[list[str], Ask]] = {"ours": (OURS, RAW), "tutorial": (["bench.tutorial_peer"], FORM)}
    if lit := importlib.util.find_spec("litserve"):
        asked["LitServe"] = (["bench.litserve_peer"], ONE)
    found = _rates(asked)
    told = f"{_told(found)}; {_ratio(found, 'ours', 'tutorial'):.1f} × the tutorial (goal 2.5)"
    return told + (
        f", {_ratio(found, 'ours', 'LitServe'):.1f} × LitServe (goal 4.5)" if lit else "; `make peers` adds LitServe"
    )


def batch() -> str:
    """Drawings a second in batches of 32 against one a request: as PNGs, and as tensors."""
    found = _rates(
        {
            "1 PNG": (OURS, ONE),
            "32 PNGs": (OURS, ALL),
            "1 tensor": (OURS, _tensor(1)),
            "32 in a tensor": (OURS, _tensor(BATCH)),
        }
    )
    png, tensor = _ratio(found, "32 PNGs", "1 PNG"), _ratio(found, "32 in a tensor", "1 tensor")
    return f"drawings: {_told(found)}; {png:.1f} × as PNGs, {tensor:.1f} × as tensors (goal 4)"


def pace() -> str:
    """The 99th percentile at half of the maximum rate."""
    pin(-1)
    with serving(OURS) as (host, _):
        most = rate(host, RAW, SECONDS)
        waits = asyncio.run(paced(host, RAW, most / 2, 10))
    p50, p99 = quantile(waits, 0.5), quantile(waits, 0.99)
    return f"p50 {p50 * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms at {most / 2:,.0f} requests/s: {p99 / p50:.1f} × (goal 3)"


def memory() -> str:
    """What is held after many requests against after few."""
    with serving(OURS) as (host, process):
        asked = 0.0
        held = []
        for until in (FEW, MANY):
            while asked < until:
                seconds = min(10, math.ceil((until - asked) / 1000))  # wrk takes whole ones
                asked += rate(host, RAW, seconds) * seconds
            held.append((asked, resident(process)))
    (few, before), (many, after) = held
    return (
        f"{before:.1f} MiB after {few:,.0f} requests, {after:.1f} after {many:,.0f}: {after / before:.3f} × (goal 1.05)"
    )


def _rates(asked: Mapping[str, tuple[list[str], Ask]]) -> dict[str, list[float]]:
    """Drawings a second, in rounds that ask each in turn, so that a busy moment hits them alike."""
    found: dict[str, list[float]] = {name: [] for name in asked}
    with contextlib.ExitStack() as stack:
        modules = {tuple(module) for module, _ in asked.values()}
        hosts = {module: stack.enter_context(serving(list(module)))[0] for module in modules}
        for name, (module, ask) in asked.items():
            rate(hosts[tuple(module)], ask, 1)  # warm
            found[name].clear()
        for _ in range(ROUNDS):
            for name, (module, ask) in asked.items():
                found[name].append(rate(hosts[tuple(module)], ask, SECONDS) * ask.drawings)
    return found


def _told(found: Mapping[str, list[float]]) -> str:
    return ", ".join(f"{name} {statistics.median(rates):,.0f}/s" for name, rates in found.items())


def _ratio(found: Mapping[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(found[one], found[other], strict=True))
