"""`python -m bench.hostile` sends hostile requests to a server of its own, in the memory of a 256 MB container.

Prints a table of what they cost, and fails above its bounds: some 500 hostile cases, alone (statuses, processor time,
how long the event loop is held) and 40 at once (peak memory); a thousand silent sockets; and a crowd, of which three in
ten are hostile. A case above a bound is named. The server is in a cgroup of that memory where one can be made.
"""

import argparse
import asyncio
import collections
import contextlib
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from app.input.container import Budgets
from app.settings import Settings
from bench.files import saved
from bench.hostile_cases import Case, cases, lit
from bench.mutations import pictures
from bench.nginx import nginx
from bench.servers import OURS, serving
from deploy.up import program

MEMORY: Final = 256 << 20
PEAK: Final = 200.0  # MiB
HOLD: Final = 0.02  # seconds that one request may hold the event loop
PROCESSOR: Final = 0.5  # seconds for one request
TRIES: Final = 10  # for a figure above its bound: a busy machine is slow once, a bad request each time
TOGETHER: Final = 40
CROWD: Final = 60
WITHIN: Final = {"drawings": 0.1, "photos": 1.0}  # seconds, of 99 in 100
SILENT, GOOD = 1000, 312
CGROUPS: Final = Path("/sys/fs/cgroup")


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    goal: str
    sound: bool


async def ask(host: str, case: Case, address: str = "127.0.0.1") -> int:
    """The status of the answer, all of it read; 0 if there is none."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection(*host.split(":"), local_addr=(address, 0))
        head = f"POST {case.path} HTTP/1.1\r\nHost: x\r\nContent-Type: {case.kind}\r\nContent-Length: {len(case.body)}"
        writer.write(f"{head}\r\n{case.headers}Connection: close\r\n\r\n".encode() + case.body)
        answer = await reader.read(-1)
        return int(answer.split(b" ", 2)[1])
    except (OSError, IndexError, ValueError):
        return 0
    finally:
        if writer is not None:
            writer.close()


async def longest_wait(host: str, pid: int, done: asyncio.Event) -> float:
    """How long the slowest of small requests waited, one after the other on one connection.

    Only as far as the server worked meanwhile, in whatever thread: what it waits for other processes is not its fault.
    """
    reader, writer = await asyncio.open_connection(*host.split(":"))
    longest = 0.0
    while not done.is_set():
        started, worked = time.perf_counter(), threads_seconds(pid)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0]))
        longest = max(longest, min(time.perf_counter() - started, threads_seconds(pid) - worked))
        await asyncio.sleep(0.002)
    writer.close()
    return longest


def memory(pid: int, key: str) -> float:
    """A line of the process' status, in MiB; infinitely many of a process that has ended."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
        return next((int(line.split()[1]) / 1024 for line in status if line.startswith(key)), math.inf)
    return math.inf


def forget_peak(pid: int) -> None:
    """The peak of memory begins anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def processor(pid: int) -> float:
    """Seconds of processor time that a process took so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads_seconds(pid: int) -> float:
    """The same, of the threads that it has now, exactly."""
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def alone(host: str, pid: int, case: Case) -> tuple[int, float, float]:
    """Its status, seconds of processor time, and seconds that others waited; a few times if it is slow."""
    seconds = hold = math.inf
    for _ in range(TRIES):
        done = asyncio.Event()
        waiting = asyncio.create_task(longest_wait(host, pid, done))
        await asyncio.sleep(0.02)
        started = processor(pid)
        status = await ask(host, case)
        seconds = min(seconds, processor(pid) - started)
        done.set()
        hold = min(hold, await waiting)
        if hold < HOLD and seconds < PROCESSOR:
            break
    return status, seconds, hold


async def one_by_one(host: str, pid: int, every: Sequence[Case], *, all_told: bool) -> list[Row]:
    """Each alone, and after forty alike ones all of them at once; then the worst of them at once, forty times."""
    peak, costs, holds = 0.0, dict[str, float](), dict[str, float]()
    statuses: collections.Counter[int] = collections.Counter()
    forget_peak(pid)
    for start in range(0, len(every), TOGETHER):
        for case in (group := every[start : start + TOGETHER]):
            status, costs[case.name], holds[case.name] = await alone(host, pid, case)
            statuses[status] += 1
            sound = 0 < status < 500 and costs[case.name] <= PROCESSOR and holds[case.name] <= HOLD
            if all_told or not sound:
                _tell(
                    f"{case.name:48s} {len(case.body):9,d} B  {status}  {costs[case.name]:5.2f} s  "
                    f"holds {holds[case.name] * 1000:5.1f} ms{'' if sound else '  ABOVE A BOUND'}"
                )
        worst = max(group, key=lambda case: costs[case.name])
        for crowded in (group, [worst] * TOGETHER):
            await asyncio.gather(*(ask(host, case) for case in crowded))
        peak = max(peak, memory(pid, "VmHWM"))
        _tell(f"{start + len(group)} of {len(every)} cases: peak {peak:.0f} MiB")
    dearest, longest = max(costs, key=costs.__getitem__), max(holds, key=holds.__getitem__)
    answers = ", ".join(f"{status or 'none'}: {times}" for status, times in sorted(statuses.items()))
    fine = all(0 < status < 500 for status in statuses)
    return [
        Row(
            f"worst of {len(every)} hostile cases, {TOGETHER} at once",
            f"peak {peak:.0f} MiB; {answers}",
            f"never ended; peak ≤ {PEAK:.0f} MiB; no 5xx",
            fine and peak <= PEAK,
        ),
        Row(
            "worst CPU for one request under the limits",
            f"{costs[dearest]:.2f} s ({dearest})",
            f"≤ {PROCESSOR} s",
            costs[dearest] <= PROCESSOR,
        ),
        Row(
            "longest hold of the event loop",
            f"{holds[longest] * 1000:.1f} ms ({longest})",
            f"≤ {HOLD * 1000:.0f} ms",
            holds[longest] <= HOLD,
        ),
    ]


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


async def silent(host: str) -> int:
    """How many of so many good requests are answered beside a thousand connections of one address that say nothing."""
    quiet = [await asyncio.open_connection(*host.split(":")) for _ in range(SILENT)]
    drawing, hands = Case("drawing", "/predict", "image/png", pictures()[0]), asyncio.Semaphore(6)

    async def good(address: str) -> bool:
        async with hands:
            return await ask(host, drawing, address) == 200

    served = await asyncio.gather(*(good(f"127.0.0.{1 + i % 2}") for i in range(GOOD)))
    for _, writer in quiet:
        writer.close()
    return sum(served)


def silent_rows(host: str) -> list[Row]:
    """Of the server alone, and behind the nginx that ships."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * SILENT)), hard))
    what, served = f"{SILENT:,} silent sockets from one address, ", asyncio.run(silent(host))
    rows = [Row(f"{what}alone", f"{served} of {GOOD} served", "≥ 95 %", served >= 0.95 * GOOD)]
    if program() is None:
        return [*rows, Row(f"{what}behind nginx", "there is no nginx here", "all", sound=False)]
    with nginx(int(host.partition(":")[2])) as (port, _):
        served = asyncio.run(silent(f"127.0.0.1:{port}"))
    return [*rows, Row(f"{what}behind nginx", f"{served} of {GOOD} served", "all", served == GOOD)]


async def crowd(host: str, pid: int, every: Sequence[Case], seconds: float) -> list[Row]:
    """Many connections at once, three of ten hostile; whether nobody else notices."""
    end, rng = time.monotonic() + seconds, np.random.default_rng(1)
    statuses: collections.Counter[int] = collections.Counter()
    waits: dict[str, list[float]] = {"drawings": [], "photos": []}

    async def hostile() -> None:
        while time.monotonic() < end:
            statuses[await ask(host, every[int(rng.integers(len(every)))])] += 1

    async def good(what: str, case: Case, pause: float, address: str) -> None:
        while time.monotonic() < end:
            await asyncio.sleep(pause * rng.uniform(0.5, 1.5))
            started = time.perf_counter()
            status = await ask(host, case, address)
            waits[what].append(time.perf_counter() - started if status == 200 else math.inf)
            statuses[status] += 1

    drawing = Case("drawing", "/predict", "image/png", pictures()[0])
    photo = Case("photo", "/predict", "image/jpeg", saved(lit(1200), "JPEG"))
    forget_peak(pid)
    await asyncio.gather(
        *(hostile() for _ in range(CROWD * 3 // 10)),
        *(good("drawings", drawing, 0.5, f"127.0.1.{i + 1}") for i in range(CROWD * 6 // 10)),
        *(good("photos", photo, 3.0, f"127.0.2.{i + 1}") for i in range(CROWD // 10)),
    )
    answers = ", ".join(f"{status or 'none'}: {times:,}" for status, times in sorted(statuses.items()))
    peak, only_503 = memory(pid, "VmHWM"), all(0 < status < 500 or status == 503 for status in statuses)
    what = f"{CROWD} connections in parallel for {seconds:.0f} s, 30 % hostile"
    rows = [Row(what, f"peak {peak:.0f} MiB; {answers}", "lives; no 5xx but 503", only_503 and peak <= PEAK)]
    for kind, bound in WITHIN.items():
        slow = float(np.percentile(waits[kind], 99))
        told = f"p99 {slow * 1000:.0f} ms of {len(waits[kind]):,}"
        rows.append(Row(f"a good client's {kind} meanwhile", told, f"p99 ≤ {bound * 1000:.0f} ms", slow <= bound))
    return rows


def budgets(size: int = MEMORY) -> dict[str, str]:
    """The environment of a server in a container of that memory."""
    shares = Budgets.of(Settings(), size)
    return {f"INKSCOPE_MAX_{name.upper()}_BYTES": str(bytes_) for name, bytes_ in shares._asdict().items()}


@contextlib.contextmanager
def cgroup(size: int) -> Iterator[Path | None]:
    """A cgroup, of version 1 or 2, whose processes have so much memory and no swap; None where none can be made."""
    tree, limit, swap = CGROUPS / "memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
    if not tree.exists():
        tree, limit, swap = CGROUPS, "memory.max", "memory.swap.max"
    folder = tree / f"inkscope-bench-{os.getpid()}"
    try:
        folder.mkdir()
        (folder / limit).write_text(str(size), encoding="ascii")
    except OSError as error:
        _tell(f"The server has its budgets, but no limit of memory: no cgroup can be made ({error})")
        with contextlib.suppress(OSError):
            folder.rmdir()
        yield None
        return
    with contextlib.suppress(OSError):  # no swap is counted here
        (folder / swap).write_text("0" if swap.endswith("max") else str(size), encoding="ascii")
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()


def megabytes(text: str) -> int:
    """Bytes, of docker's way to write them.

    >>> megabytes("256m") >> 20
    256
    """
    return int(text.lower().removesuffix("m")) << 20


def main() -> int:
    """0 if all is within the bounds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--crowd", type=float, default=300, help="seconds; 0: none")
    arguments.add_argument("--cases", type=int, default=None, help="only so many of them; 0: none")
    arguments.add_argument("--memory", type=megabytes, default=MEMORY, help="of the server, as docker has it: 256m")
    arguments.add_argument("--verbose", action="store_true", help="a line for each case")
    given = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # not without its server and cgroup
    every, rows = cases(), list[Row]()
    environment = budgets(given.memory) | {"FORWARDED_ALLOW_IPS": "127.0.0.1"}
    with cgroup(given.memory) as group, serving(OURS, None, group, **environment) as (host, pid):
        chosen = every if given.cases is None else every[:: max(1, len(every) // max(1, given.cases))]
        try:
            if given.cases != 0:
                rows += asyncio.run(one_by_one(host, pid, chosen, all_told=given.verbose))
            rows += silent_rows(host)
            if given.crowd:
                rows += asyncio.run(crowd(host, pid, every, given.crowd))
        except (OSError, EOFError) as error:
            rows.append(Row("the server", f"has ended, or answers no more: {error}", "lives", sound=False))
    sys.stdout.write("| | measured | goal | |\n|---|---|---|---|\n")
    sys.stdout.writelines(
        f"| {row.what} | {row.measured} | {row.goal} | {'✓' if row.sound else '✗'} |\n" for row in rows
    )
    return 0 if all(row.sound for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
