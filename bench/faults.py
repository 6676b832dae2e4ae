"""What clients notice when servers behind nginx are killed and replaced: `python -m bench faults`.

`make up` runs, with nginx as it ships, under constant load: servers are killed (SIGKILL) and replaced (SIGUSR1), then
again beside hostile requests. Then many browsers draw at once, and two servers are measured against one.
"""

import asyncio
import math
import os
import random
import time
from itertools import cycle
from statistics import median
from typing import Final, NamedTuple

import orjson

from bench.files import saved
from bench.hostile import Row, ask
from bench.hostile_cases import Case, cases
from bench.nginx import nginx
from bench.serving import BASE64, RAW, ROUNDS, Load, quantile, rate, request, seven
from bench.stack import Client, Stack, Tally, constant_load, stack

SHARE: Final = float(os.environ.get("BENCH_SHARE", "1"))  # of the faults and requests below
KILLS, REPLACEMENTS, REQUESTS = 50, 20, 100_000
LOADED: Final = 0.4  # of what both servers can answer
PAUSE: Final = 2.0  # seconds from the end of one fault to the next
BACK: Final = 2.0  # seconds until all servers listen again
# Who send hostile requests, and seconds that each waits between two. More than the servers can keep up with would
# make the others wait for so long that both servers are killed under them.
HOSTILE, BETWEEN = 2, 0.5
ADDRESS: Final = "127.0.9.9"  # of all of them
BROWSERS, SECONDS = 300, 30.0
STROKE, INTERVAL = 10, 0.1  # pictures of a stroke at most, and seconds between two
REST: Final = (2.0, 6.0)  # seconds between two strokes
PAGE: Final = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
JSON: Final = Load("/predict", "application/json", orjson.dumps({"image": BASE64}))
EXPLAIN: Final = Load("/explain", "image/png", RAW.body)
READ: Final = Load("/read", "image/png", RAW.body)
SIDE: Final = 112  # pixels of a picture that the page sends
MIX: Final = [*(request(load) for load in (RAW, JSON, RAW, EXPLAIN, RAW, RAW, READ, RAW, RAW)), PAGE]


class Faults(NamedTuple):
    """What the clients got meanwhile, and how long servers were away."""

    tally: Tally
    killed: list[float]
    replaced: list[float]

    def rows(self, beside: str) -> list[Row]:
        """Of the table."""
        asked, failed = self.tally.statuses.total(), self.tally.failed
        what = f"{len(self.killed)} kills and {len(self.replaced) // 2} replacements of both servers{beside}"
        told = f"{failed:,} of {asked:,} requests failed ({self.tally}); {_waits(self.tally)}"
        return [
            Row(what, told, "none", failed == 0),
            _away(f"a killed server is back{beside}", self.killed),
            _away(f"a replaced server is back{beside}", self.replaced),
        ]


def _waits(tally: Tally) -> str:
    waits = sorted(tally.waits)
    return f"p50 {quantile(waits, 0.5) * 1000:.0f} ms, p99 {quantile(waits, 0.99) * 1000:.0f} ms"


def _away(what: str, seconds: list[float]) -> Row:
    told = f"after {median(seconds):.2f} s (median), {max(seconds):.2f} s (longest)"
    return Row(what, told, f"≤ {BACK:g} s", max(seconds) <= BACK)


async def hurt(found: Stack, kills: int, replacements: int, requests: int, load: float = LOADED) -> Faults:
    """Kill and replace servers under constant load, and go on until so many requests are answered."""
    stop, rng = asyncio.Event(), random.Random(1)  # noqa: S311 - no secret
    per_second = load * await most(found)
    loading = asyncio.create_task(constant_load(found.port, cycle(MIX), per_second, stop))
    started, killed, replaced = time.monotonic(), list[float](), list[float]()
    faults = ["kill"] * kills + ["replace"] * replacements
    rng.shuffle(faults)
    for fault in faults:
        await asyncio.sleep(PAUSE)
        if fault == "kill":
            killed.append(await found.kill(rng.choice(found.servers)))
        else:
            replaced += await found.replace_all()
    await asyncio.sleep(max(PAUSE, started + requests / per_second - time.monotonic()))
    stop.set()
    return Faults(await loading, killed, replaced)


async def most(found: Stack) -> float:
    """Requests a second that are answered by eight clients who ask as fast as they can."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(SECONDS / 10, stop.set)
    tally = await constant_load(found.port, cycle(MIX), math.inf, stop)
    return tally.statuses[200] / (SECONDS / 10)


async def hurt_beside_hostile(found: Stack, kills: int, replacements: int, requests: int) -> Faults:
    """The same while others send what costs most, and what no parser takes."""
    every = cases()
    random.Random(1).shuffle(every)  # noqa: S311 - no secret
    hostile = [asyncio.create_task(_hostile(found, every[number::HOSTILE])) for number in range(HOSTILE)]
    try:
        return await hurt(found, kills, replacements, requests, LOADED / 2)  # they take their share
    finally:
        for task in hostile:
            task.cancel()


async def _hostile(found: Stack, every: list[Case]) -> None:
    for case in cycle(every):
        await ask(f"127.0.0.1:{found.port}", case, ADDRESS)
        await asyncio.sleep(BETWEEN)


async def draw(found: Stack) -> Tally:
    """Browsers of as many addresses, each with one request in flight, as the page has."""
    drawing = request(RAW._replace(body=saved(seven().resize((SIDE, SIDE)))))
    tally, end = Tally(), time.monotonic() + SECONDS

    async def browser(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 - no secret
        client = Client(found.port, f"127.0.{number // 200 + 1}.{number % 200 + 1}")
        await asyncio.sleep(rng.uniform(0, REST[1]))
        while time.monotonic() < end:
            await _stroke(client, drawing, tally)
            await asyncio.sleep(rng.uniform(*REST))
        client.close()

    await asyncio.gather(*(browser(number) for number in range(BROWSERS)))
    return tally


async def _stroke(client: Client, drawing: bytes, tally: Tally) -> None:
    """A picture at each interval, left out while the one before is not answered."""
    started = time.perf_counter()
    while (passed := time.perf_counter() - started) < STROKE * INTERVAL:
        asked = time.perf_counter()
        tally.add(await client.ask(drawing), time.perf_counter() - asked)
        await asyncio.sleep(INTERVAL - (time.perf_counter() - started - passed) % INTERVAL)


def crowd(found: Stack) -> Row:
    """Many browsers that draw in bursts."""
    tally = asyncio.run(draw(found))
    told = f"{len(tally.waits) / SECONDS:,.0f} drawings/s, {_waits(tally)}; {tally.failed} failed ({tally})"
    what = f"{BROWSERS} browsers draw, {1 / INTERVAL:g} pictures a second in strokes"
    return Row(what, told, "none fails", not tally.failed)


def two_against_one(found: Stack) -> Row:
    """Drawings a second by turns, so that a busy moment hits both. All of the load comes from one address."""
    endless = {"rate=650r/s": "rate=100000r/s"}
    with nginx(*found.servers, **endless) as (both, _), nginx(found.servers[0], **endless) as (alone, _):
        rates = [[rate(f"127.0.0.1:{port}", RAW, 3.0) for port in (both, alone)] for _ in range(ROUNDS)]
    two, one = (median(column) for column in zip(*rates, strict=True))
    ratio = median(a / b for a, b in rates)
    told = f"{two:,.0f} against {one:,.0f} drawings/s: {ratio:.2f} ×, the load beside them on {os.cpu_count()} cores"
    return Row("two servers against one", told, "≥ 1.6 ×", ratio >= 1.6)


def run() -> str:
    """The table."""
    some = [max(1, round(number * SHARE)) for number in (KILLS, REPLACEMENTS, REQUESTS)]
    with stack(2) as found:
        rows = asyncio.run(hurt(found, *some)).rows("")
        rows += asyncio.run(hurt_beside_hostile(found, *(max(1, number // 5) for number in some))).rows(
            ", beside hostile requests"
        )
        rows += [crowd(found), two_against_one(found)]
    return "\n| | measured | goal | |\n|---|---|---|---|\n" + "\n".join(
        f"| {row.what} | {row.measured} | {row.goal} | {'✓' if row.sound else '✗'} |" for row in rows
    )
