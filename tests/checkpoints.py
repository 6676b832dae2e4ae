"""A small education for tests: beside a copy of the weights that ship, stages that grow out of noise into them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from model.checkpoints import Checkpoints
from model.network import Network
from model.storage import checkpoints_path, mistakes_path
from tests.conftest import WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

STEPS = (0, 1, 20, 400, 8000)
EPOCHS = 240  # that the last of them is the end of


def weights_with_checkpoints(folder: Path) -> Path:
    """The weights file in a folder that knows its stages, its mistakes and its report; the same each time."""
    weights = folder / WEIGHTS.name
    for path in (WEIGHTS, mistakes_path(WEIGHTS), WEIGHTS.with_name("report.json")):
        shutil.copy(path, folder)
    network = Network.load(weights)
    noise = Network.create(network.sizes, np.random.default_rng(0)).theta
    shares = np.linspace(0, 1, len(STEPS))[:, None]
    thetas = ((1 - shares) * noise + shares * network.theta).astype(np.float16)
    steps = np.array(STEPS)
    Checkpoints(network.name, steps, steps / STEPS[-1] * EPOCHS, thetas).save(checkpoints_path(weights))
    return weights
