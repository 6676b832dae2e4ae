"""`python -m bench.fuzz_bodies` sends damaged bodies of every form to a server of its own, and judges each answer.

300,000 unless told otherwise. No 5xx, every refusal a problem in the shape of its route, none that holds the event loop
for more than 20 ms, and no more memory than fits a container of 256 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import math
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import orjson

from bench.hostile import budgets, memory
from bench.mutations import Body, bodies, mutated
from bench.servers import OURS, pin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOWEST: Final = 0.25  # seconds
HOLD: Final = 0.02  # seconds of the event loop's processor time
PEAK: Final = 200.0  # MiB
TRIES: Final = 4  # for an answer that is too slow: a busy machine is slow once, a bad body each time
CLIENTS: Final = 1  # at a time: another one's requests would count as this one's hold of the event loop


@dataclass
class Found:
    """What came of it."""

    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    longest_hold: float = 0.0
    peak: float = 0.0  # MiB


async def ask(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], body: Body) -> tuple[int, str, bytes]:
    """Status, content type and body of the answer, on a connection that stays."""
    reader, writer = streams
    head = f"POST {body.path} HTTP/1.1\r\nHost: x\r\nContent-Type: {body.kind}\r\nContent-Length: {len(body.content)}"
    writer.write(head.encode() + b"\r\n\r\n" + body.content)
    await writer.drain()
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    return int(first.split()[1]), headers["content-type"], await reader.readexactly(int(headers["content-length"]))


def fault(body: Body, status: int, kind: str, content: bytes) -> str | None:
    """What is wrong with an answer."""
    answer = orjson.loads(content)
    if status >= 500:
        return f"{status}: {answer}"
    if status == 200:
        return None if isinstance(answer, dict) and len(answer) > 0 else "an empty answer"
    if body.path.startswith("/v2"):
        return None if kind == "application/json" and list(answer) == ["error"] else f"no error of the protocol: {kind}"
    sound = kind == "application/problem+json" and answer["status"] == status and answer["detail"]
    return None if sound else f"no problem: {kind} {answer}"


def loop_seconds(pid: int) -> float:
    """Processor time of a process' first thread, in which its event loop runs."""
    with open(f"/proc/{pid}/task/{pid}/schedstat", encoding="ascii") as schedule:  # noqa: PTH123
        return int(schedule.read().split()[0]) / 1e9


async def client(host: str, pid: int, source: Iterator[Body], found: Found) -> None:
    """One after the other."""
    streams = await asyncio.open_connection(*host.split(":"))
    for body in source:
        seconds = hold = math.inf
        for _ in range(TRIES):
            started, held = time.perf_counter(), loop_seconds(pid)
            status, kind, content = await ask(streams, body)
            seconds, hold = min(seconds, time.perf_counter() - started), min(hold, loop_seconds(pid) - held)
            if seconds < SLOWEST and hold < HOLD:
                break
        found.slowest, found.longest_hold = max(found.slowest, seconds), max(found.longest_hold, hold)
        if seconds >= SLOWEST or hold >= HOLD:
            found.faults.append(f"{body.kind} slow: {seconds:.3f} s, {hold:.3f} of the loop {body.content[:60]!r}")
        found.statuses[status] += 1
        if wrong := fault(body, status, kind, content):
            found.faults.append(f"{body.kind} {wrong} {body.content[:60]!r}")
    streams[1].close()


def damaged(count: int, seed: int) -> Iterator[Body]:
    """So many bodies, the same for the same seed."""
    rng, whole = np.random.default_rng(seed), bodies()
    for i in range(count):
        yield mutated(whole[i % len(whole)], rng)


async def run(count: int, seed: int = 1) -> Found:
    """Send them all."""
    found = Found()
    with serving(OURS, 0, None, **budgets()) as (host, pid):
        source = damaged(count, seed)
        await asyncio.gather(*(client(host, pid, source, found) for _ in range(CLIENTS)))
        found.peak = memory(pid, "VmHWM")
    if found.peak > PEAK:
        found.faults.append(f"a peak of {found.peak:.0f} MiB")
    return found


def main() -> int:
    """0 if nothing was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=300_000)
    count = arguments.parse_args().count
    pin(-1)
    found = asyncio.run(run(count))
    told = ", ".join(f"{status}: {times:,}" for status, times in sorted(found.statuses.items()))
    sys.stdout.write(
        f"{count:,} bodies: {told}; slowest {found.slowest * 1000:.0f} ms (goal {SLOWEST * 1000:.0f}), longest hold "
        f"{found.longest_hold * 1000:.1f} ms (goal {HOLD * 1000:.0f}), peak {found.peak:.0f} MiB (goal {PEAK:.0f})\n"
    )
    sys.stdout.writelines(f"FAULT {wrong}\n" for wrong in found.faults[:20])
    return 1 if found.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
