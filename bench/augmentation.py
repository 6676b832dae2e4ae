"""How many pictures a second the shipped variation makes on one core, and how that compares with a step of learning."""

from __future__ import annotations

import numpy as np

from bench.clock import medians
from model.data.augment import Variation, augment
from model.network import Network, one_hot
from model.training.config import TrainConfig

PICTURES, ROUNDS = 5120, 7


def run() -> str:
    """A line with the rate and the ratio."""
    rng, config = np.random.default_rng(0), TrainConfig()
    pictures = rng.random((PICTURES, 784), dtype=np.float32)
    targets = one_hot(rng.integers(0, 10, PICTURES))
    network = Network.create(config.sizes, rng)

    def run_epochs() -> None:
        for start in range(0, PICTURES, config.batch_size):
            part = slice(start, start + config.batch_size)
            network.gradient(pictures[part], targets[part])

    vary, step = medians(lambda: augment(pictures, Variation(), rng), run_epochs, rounds=ROUNDS)
    return f"{PICTURES / vary:,.0f} images/s on one core (goal 20,000); {vary / step:.2f} of their gradients' time"
