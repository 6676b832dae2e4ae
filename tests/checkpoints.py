"""A copy of the weights that ship for tests, with checkpoints that run from noise to these weights."""

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
EPOCHS = 240  # at the last of them


def weights_with_checkpoints(folder: Path) -> Path:
    """A weights file in a folder, with its checkpoints, mistakes and report; the same each time."""
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
