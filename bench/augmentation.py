"""How many pictures a second the shipped variation makes on one core, and how that compares with a step of learning."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from model.augment import Variation, augment
from model.learn import Recipe
from model.network import Network, one_hot

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES, ROUNDS = 5120, 7


def run() -> str:
    """A line with the rate and the ratio."""
    rng, recipe = np.random.default_rng(0), Recipe()
    pictures = rng.random((PICTURES, 784), dtype=np.float32)
    targets = one_hot(rng.integers(0, 10, PICTURES))
    network = Network.create(recipe.sizes, rng)

    def learn() -> None:
        for start in range(0, PICTURES, recipe.batch_size):
            part = slice(start, start + recipe.batch_size)
            network.gradient(pictures[part], targets[part])

    vary, step = _medians(lambda: augment(pictures, Variation(), rng), learn)
    return f"{PICTURES / vary:,.0f} images/s on one core (goal 20,000); {vary / step:.2f} of their gradients' time"


def _medians(*works: Callable[[], object]) -> list[float]:
    """Seconds of each, the median of rounds taken in turn, so that a busy moment hits them alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, seconds in zip(works, times, strict=True):
            started = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in times]
