"""Works timed in turn, so that a busy moment hits them alike, and the median of each."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def medians(*works: Callable[[], object], rounds: int, times: int = 1) -> list[float]:
    """Seconds that each takes, the median of rounds; in a round each is done so many times."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, seconds in zip(works, found, strict=True):
            started = time.perf_counter()
            for _ in range(times):
                work()
            seconds.append((time.perf_counter() - started) / times)
    return [statistics.median(seconds) for seconds in found]
