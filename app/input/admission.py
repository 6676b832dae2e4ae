"""How much is taken on at a time: bytes in memory, and pictures too large to be read at once. More gets a 503."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeVar, TypeVarTuple

import anyio.to_thread
from anyio import CapacityLimiter

from app.middleware.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from app.settings import Settings
    from model.network import Ablated
    from model.recognize import Prediction, Recognizer

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

FREE: Final = 1 << 16  # bytes of each body that are always taken: what others hold keeps no small drawing out
# More, which takes longer than about 2 ms, leaves the event loop: it would hold up everybody else.
INLINE_MULTIPLICATIONS: Final = 10_000_000
RETRY_AFTER: Final = {"Retry-After": "1"}  # seconds: what is waited for takes far less


class Admission:
    """One application's settings, and what it has taken on."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.room = settings, settings.max_buffered_bytes
        # As many at a time as there are processors: more would only fill the memory.
        self.limiter = CapacityLimiter(os.cpu_count() or 1)

    async def read(self, recognizer: Recognizer, pictures: NDArray[np.uint8], off: Ablated = ()) -> Prediction:
        """What a network says of pictures (n, 784); in a thread where there are many, or the network is wide.

        Raises:
            Problem: 503 too much is waiting already.
        """
        if len(pictures) * recognizer.network.theta.size > INLINE_MULTIPLICATIONS:
            return await self.run(recognizer.read, pictures, off)
        return recognizer.read(pictures, off)

    async def run(self, work: Callable[[*Ts], T], *of: *Ts) -> T:
        """Work that is too long for the event loop, in a thread.

        Raises:
            Problem: 503 too much is waiting already.
        """
        if self.limiter.statistics().tasks_waiting >= self.settings.max_waiting:
            raise Problem(503, "Too many large pictures are waiting: try again, or send a smaller one", RETRY_AFTER)
        return await anyio.to_thread.run_sync(work, *of, limiter=self.limiter)


class BufferReservation:
    """Room for one body, as long as the `with` lasts."""

    def __init__(self, admission: Admission) -> None:
        self.admission, self.size, self.taken = admission, 0, 0

    def __enter__(self) -> BufferReservation:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.admission.room += self.taken

    def reserve(self, size: int) -> None:
        """Room for so many bytes more.

        Raises:
            Problem: 503 there is none.
        """
        self.size += size
        more = max(0, self.size - FREE) - self.taken
        if more > self.admission.room:
            raise Problem(503, "Too many large bodies are on their way: try again, or send a smaller one", RETRY_AFTER)
        self.admission.room -= more
        self.taken += more
