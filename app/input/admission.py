"""How much is taken on at a time: bodies and decoded pictures in memory, work in threads. More waits, or gets a 503."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Final, TypeVar, TypeVarTuple

import anyio.to_thread
import numpy as np
from anyio import CapacityLimiter
from numpy.typing import NDArray
from starlette.requests import Request

from app.input.container import Budgets, processors, trim_memory
from app.middleware.problems import Problem
from app.middleware.request_limit import network_of
from app.settings import Settings
from model.network import Ablated
from model.recognize import Prediction, Recognizer

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

FREE: Final = 1 << 16  # bytes of each body that are always taken: what others hold keeps no small drawing out
# More, which takes longer than about 2 ms, leaves the event loop: it would hold up everybody else.
INLINE_MULTIPLICATIONS: Final = 10_000_000
NICE: Final = 5  # of threads, as `nice` counts
TRIMMED: Final = 1 << 24  # bytes of a picture after which the freed memory is given back
DECODE_SECONDS: Final = 5.0  # how long a thread waits for memory; a picture takes a tenth of that at most
RETRY_AFTER: Final = {"Retry-After": "1"}  # seconds: what is waited for takes far less


class Admission:
    """One application's settings, and what it has taken on."""

    def __init__(self, settings: Settings, slots: int | None = None) -> None:
        self.settings, self.budgets = settings, Budgets.of(settings)
        self.room, self.held = self.budgets.buffered, Counter[str]()
        self.decoding = DecodeBudget(self.budgets.decoded)
        # As many at a time as there are processors: more would only fill the memory.
        slots = slots or processors()
        self.queue, self.limiter = FairQueue(slots, settings.max_waiting), CapacityLimiter(slots)

    async def read(
        self, recognizer: Recognizer, pictures: NDArray[np.uint8], ablated: Ablated = (), client: str = ""
    ) -> Prediction:
        """What a network says of pictures (n, 784); in a thread where there are many, or the network is wide.

        Raises:
            Problem: 503 too much is waiting already.
        """
        if len(pictures) * recognizer.network.theta.size > INLINE_MULTIPLICATIONS:
            return await self.run(recognizer.read, pictures, ablated, client=client)
        return recognizer.read(pictures, ablated)

    async def run(self, work: Callable[[*Ts], T], *of: *Ts, client: str = "") -> T:
        """Work that is too long for the event loop, in a thread, when it is this client's turn.

        Raises:
            Problem: 503 too much is waiting already.
        """
        async with self.queue.slot(client):
            return await anyio.to_thread.run_sync(_in_background, work, *of, limiter=self.limiter)


def _in_background(work: Callable[[*Ts], T], *of: *Ts) -> T:
    """Work in a thread of low priority: who waits for a processor is the event loop, and with it everybody else."""
    if sys.platform == "linux" and os.getpriority(os.PRIO_PROCESS, thread := threading.get_native_id()) < NICE:
        os.setpriority(os.PRIO_PROCESS, thread, NICE)
    return work(*of)


def client_of(request: Request) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one, since each home has 2^64 of them.

    A proxy's `X-Forwarded-For` has been heeded by then, if `FORWARDED_ALLOW_IPS` trusts the proxy.
    """
    return network_of(request.client.host) if request.client else ""


class FairQueue:
    """Slots for work, given in turn to the clients that wait: who sends many requests waits for itself alone."""

    def __init__(self, slots: int, most: int) -> None:
        self.free, self.most = slots, most
        self.waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # the next client first

    @contextlib.asynccontextmanager
    async def slot(self, client: str) -> AsyncIterator[None]:
        """One slot, as long as the `with` lasts.

        Raises:
            Problem: 503 too many wait already; where another client has more waiting, its last one is told so instead.
        """
        if self.free:
            self.free -= 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, client: str) -> None:
        own = self.waiting.get(client, ())
        if sum(map(len, self.waiting.values())) >= self.most:
            longest = max(self.waiting.values(), key=len)
            if len(longest) <= len(own) + 1:
                raise self._full()
            longest.pop().set_exception(self._full())
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """To the client whose turn it is; after that it is the others' turn."""
        while self.waiting:
            client, turns = self.waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self.waiting[client] = turns
            if not turn.done():  # cancelled: its connection is gone
                turn.set_result(None)
                return
        self.free += 1

    @staticmethod
    def _full() -> Problem:
        return Problem(503, "Too many large pictures are waiting: try again, or send a smaller one", RETRY_AFTER)


class DecodeBudget:
    """Bytes that pictures may take while they are decoded and preprocessed, all threads together."""

    def __init__(self, size: int) -> None:
        self.size = self.room = size
        self.changed = threading.Condition()

    @contextlib.contextmanager
    def reserved(self, size: int) -> Iterator[None]:
        """So many bytes, as long as the `with` lasts; waits for them, in a thread.

        Raises:
            Problem: 413 more than there are at all, 503 they did not come free.
        """
        if size > self.size:
            raise Problem(
                413, f"The image takes {size >> 20} MiB to decode; there are {self.size >> 20}: send it smaller"
            )
        with self.changed:
            if not self.changed.wait_for(lambda: self.room >= size, DECODE_SECONDS):
                raise Problem(503, "There is no memory for the picture now: try again, or send it smaller", RETRY_AFTER)
            self.room -= size
        try:
            yield
        finally:
            with self.changed:
                self.room += size
                self.changed.notify_all()
            if size > TRIMMED:
                trim_memory()


class BufferReservation:
    """Room for one body, as long as the `with` lasts."""

    def __init__(self, admission: Admission, client: str = "") -> None:
        self.admission, self.client, self.size, self.taken = admission, client, 0, 0

    def __enter__(self) -> BufferReservation:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self.taken:
            trim_memory()
        self._take(-self.taken)

    def reserve(self, size: int) -> None:
        """Room for so many bytes more. A client may hold as much as it leaves to the others.

        Raises:
            Problem: 413 there never is, 503 there is none now.
        """
        self.size += size
        more = max(0, self.size - FREE) - self.taken
        if more > self.admission.budgets.buffered - 2 * self.taken:
            raise Problem(413, "There is never room for so large a body: send a smaller picture, or the file itself")
        if more and more + self.admission.held[self.client] > self.admission.room:
            raise Problem(503, "Too many large bodies are on their way: try again, or send a smaller one", RETRY_AFTER)
        self._take(more)

    def _take(self, more: int) -> None:
        if not more:
            return
        self.taken += more
        self.admission.room -= more
        self.admission.held[self.client] += more
        if not self.admission.held[self.client]:
            del self.admission.held[self.client]
