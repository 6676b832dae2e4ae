"""What a version of the model has answered under /v2, in the words of Triton's statistics extension."""

import itertools
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

_COMPUTE: Final = ("compute_input", "compute_infer", "compute_output")
_ALL: Final = ("success", "fail", "queue", *_COMPUTE, "cache_hit", "cache_miss")


@dataclass
class Duration:
    """How often something took time, and how long all together."""

    count: int = 0
    ns: int = 0

    def add(self, ns: int) -> None:
        """Once more."""
        self.count += 1
        self.ns += ns


class ModelStatistics:
    """One version's. The event loop alone changes it."""

    def __init__(self) -> None:
        self.last, self.drawings = 0, 0
        self.requests: dict[str, Duration] = {name: Duration() for name in _ALL}
        self.batches: defaultdict[int, dict[str, Duration]] = defaultdict(
            lambda: {name: Duration() for name in _COMPUTE}
        )

    def succeed(self, drawings: int, times: Sequence[int]) -> None:
        """A request was answered; the times (ns) when it came, was begun, parsed, recognised and written."""
        self.last, self.drawings = time.time_ns() // 1_000_000, self.drawings + drawings
        self.requests["success"].add(times[-1] - times[0])
        steps = [later - earlier for earlier, later in itertools.pairwise(times)]
        for name, ns in zip(("queue", *_COMPUTE), steps, strict=True):
            self.requests[name].add(ns)
        for name, ns in zip(_COMPUTE, steps[1:], strict=True):
            self.batches[drawings][name].add(ns)

    def fail(self, ns: int) -> None:
        """A request was refused after so long."""
        self.requests["fail"].add(ns)

    def described(self, name: str, version: str) -> dict[str, Any]:
        """As JSON has it."""
        batches = sorted(self.batches.items())
        return {
            "name": name,
            "version": version,
            "last_inference": self.last,
            "inference_count": self.drawings,
            "execution_count": self.requests["success"].count,
            "inference_stats": _described(self.requests),
            "response_stats": {},
            "batch_stats": [{"batch_size": size} | _described(durations) for size, durations in batches],
            "memory_usage": [],
        }


def _described(durations: dict[str, Duration]) -> dict[str, Any]:
    return {name: asdict(duration) for name, duration in durations.items()}
