"""`make up` as a whole, servers behind nginx, and clients that load it at a constant rate and count what fails."""

import asyncio
import collections
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from app.settings import ROOT
from bench.servers import listens
from bench.serving import MissingError
from deploy.up import program

LOOK: Final = 0.02  # seconds between two looks at whether a server listens
PATIENCE: Final = 30.0  # seconds that an answer may take


class Stack(NamedTuple):
    """`make up`: its process, the port of nginx, and those of the servers."""

    process: subprocess.Popen[bytes]
    port: int
    servers: Sequence[int]

    def pid(self, server: int) -> int:
        """The process that has a server's port."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        for pid in map(int, children.split()):
            with contextlib.suppress(OSError):
                if b"PORT=%d" % server in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                    return pid
        raise ProcessLookupError(server)

    async def kill(self, server: int) -> float:
        """End a server at once. Returns for how many seconds it did not listen."""
        os.kill(pid := self.pid(server), signal.SIGKILL)
        return await _absence(server, pid)

    async def replace_all(self) -> list[float]:
        """One server after the other. Returns for how many seconds each did not listen."""
        absences = [asyncio.create_task(_absence(server, self.pid(server))) for server in self.servers]
        self.process.send_signal(signal.SIGUSR1)
        return await asyncio.gather(*absences)


async def _absence(server: int, process: int) -> float:
    # Of an absence that is shorter than a look on a busy machine, nothing is seen but that the process is another.
    while Path(f"/proc/{process}").exists() and listens(server):  # noqa: ASYNC110, ASYNC240 - another process' doing
        await asyncio.sleep(LOOK)
    started = time.monotonic()
    while not listens(server):  # noqa: ASYNC110
        await asyncio.sleep(LOOK)
    return time.monotonic() - started


@contextlib.contextmanager
def stack(servers: int, **environment: str) -> Iterator[Stack]:
    """`make up` on free ports, all of them ready."""
    if program() is None:
        raise MissingError("there is no nginx: `apt-get install nginx-light`")
    first = _free_ports(servers + 1)
    own = {"PORT": str(first), "INKSCOPE_ACCESS_LOG": "false", "OPENBLAS_NUM_THREADS": "1", **environment}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "deploy.up", "--servers", str(servers), "--folder", folder]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
        try:
            found = Stack(process, first, range(first + 1, first + 1 + servers))
            _wait((first, *found.servers), process)
            yield found
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _free_ports(number: int) -> int:
    """The first of so many in a row that nobody listens on, below those that the system gives to clients."""
    for first in random.sample(range(10_000, 30_000), 100):
        if not any(listens(port) for port in range(first, first + number)):
            return first
    raise RuntimeError("there are no free ports")


def _wait(ports: Sequence[int], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    for port in ports:
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("`make up` does not start")
            time.sleep(LOOK)


class Tally:
    """The answers that clients got, by status (0: none), and how long each took from when its request was due."""

    def __init__(self) -> None:
        self.statuses = collections.Counter[int]()
        self.waits: list[float] = []

    def add(self, status: int, seconds: float) -> None:
        """An answer."""
        self.statuses[status] += 1
        self.waits.append(seconds)

    @property
    def failed(self) -> int:
        """How many were no success."""
        return self.statuses.total() - self.statuses[200]

    def __str__(self) -> str:
        return ", ".join(f"{status or 'none'}: {times:,}" for status, times in sorted(self.statuses.items()))


class Client:
    """One who keeps a connection, as browsers do, and makes a new one only where the last was closed on its request."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self.port, self.address = port, address
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """The status of the whole answer; 0 if there is none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._asked(request)
        except (OSError, EOFError, ValueError):  # a TimeoutError is an OSError
            self.close()
            return 0

    async def _asked(self, request: bytes) -> int:
        if self.streams is None or self.streams[0].at_eof():
            self.close()
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.address, 0))
        reader, writer = self.streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r")[0]))
        if b"connection: close" in head:
            self.close()
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Leave."""
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


async def constant_load(
    port: int, requests: Iterator[bytes], per_second: float, stop: asyncio.Event, clients: int = 8
) -> Tally:
    """Requests at a constant rate, until told to stop: a late answer makes those behind it late, as it would."""
    tally, started, sent = Tally(), time.perf_counter() + 0.1, 0

    async def client() -> None:
        nonlocal sent
        own = Client(port)
        while not stop.is_set():
            due, sent = started + sent / per_second, sent + 1
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tally.add(await own.ask(next(requests)), time.perf_counter() - due)
        own.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return tally
