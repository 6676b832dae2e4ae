"""State of a training between two epochs, its file resume.npz, and the lock on its folder.

An interrupted training resumes as if it had not been: to the same bits, on the same machine with as many threads of
OpenBLAS.
"""

from __future__ import annotations

import json
import os
import shlex
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import Dataset
from model.network import Network, weight_blocks
from model.optimizers import SGD, Adam, Muon, Optimizer
from model.storage import READ_ERRORS, pack, unpack, write_atomic
from model.training.artifacts import CheckpointRecorder
from model.training.config import TrainConfig

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

Arrays = Mapping[str, NDArray[Any]]


class ResumeError(Exception):
    """A training cannot be started, or resumed, in this folder; the message explains why, and what to do."""


@dataclass
class TrainingState:
    """All that the next epoch depends on, and the checkpoints so far."""

    network: Network  # its parameters are the moving average: what is measured and kept
    learner: Network  # takes the steps
    optimizer: Optimizer
    generators: dict[str, np.random.Generator]  # of the order, the augmentation and dropout
    checkpoints: CheckpointRecorder
    step: int = 0
    epoch: int = 0  # how many are done
    seconds: float = 0.0  # that they took, without interruptions

    @classmethod
    def create(cls, config: TrainConfig, rng: np.random.Generator) -> TrainingState:
        """Random weights, and nothing learned yet."""
        network = Network.create(config.sizes, rng, config.activation, config.initialisation)
        learner = Network(network.sizes, network.theta.copy(), network.activation)
        generators = dict(zip(("order", "augmentation", "dropout"), rng.spawn(3), strict=True))
        return cls(network, learner, _optimizer(config), generators, CheckpointRecorder.create(network.theta))

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The whole state, as arrays."""
        generators = {name: generator.bit_generator.state for name, generator in self.generators.items()}
        optimizer = {f"optimizer.{key}": np.asarray(v) for key, v in vars(self.optimizer).items() if v is not None}
        return {
            "network": self.network.theta,
            "learner": self.learner.theta,
            "done": np.array([self.step, self.epoch]),
            "seconds": np.array(self.seconds),
            "generators": np.array(json.dumps(generators)),
            **optimizer,
            **self.checkpoints.state_dict(),
        }

    def load_state_dict(self, state: Arrays) -> None:
        """Restore what `state_dict` returned."""
        self.network.theta[:], self.learner.theta[:] = state["network"], state["learner"]
        self.step, self.epoch = state["done"].tolist()
        self.seconds = float(state["seconds"])
        for name, known in json.loads(str(state["generators"])).items():
            self.generators[name].bit_generator.state = known
        for key, value in state.items():
            if key.startswith("optimizer."):
                setattr(self.optimizer, key.removeprefix("optimizer."), value if value.ndim else value.item())
        self.checkpoints = CheckpointRecorder.from_state_dict(state)


def _optimizer(config: TrainConfig) -> Optimizer:
    if config.optimizer == "adam":
        return Adam()
    if config.optimizer == "muon":  # the last layer's few outputs are no directions to even out
        return Muon(weight_blocks(config.sizes)[:-1])
    return SGD(config.momentum, nesterov=config.nesterov)


def origin_of(dataset: Dataset, teacher: Network | None) -> dict[str, Any]:
    """Identifies the dataset and the teacher, which have to be the same when a training is resumed."""
    checksum = 0
    for digits in (dataset.train, *dataset.validation.values()):
        checksum = zlib.crc32(digits.labels.data, zlib.crc32(np.ascontiguousarray(digits.pictures).data, checksum))
    return {"dataset": checksum, "teacher": teacher.name if teacher else None}


def save_state(folder: Path, origin: dict[str, Any], state: Arrays) -> None:
    """Write resume.npz, whole or not at all."""
    write_atomic(resume_path(folder), pack({"origin": json.dumps(origin), **state}, compress=False))


def load_state(folder: Path, origin: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """Read resume.npz.

    Raises:
        ResumeError: it cannot be read, or it began with another origin.
    """
    path = resume_path(folder)
    try:
        state = unpack(path.read_bytes())
        known = json.loads(str(state.pop("origin")))
    except READ_ERRORS as error:
        raise ResumeError(f"{path} cannot be read ({error}): remove it and start anew") from None
    for what, value in origin.items():
        if known.get(what) != value:
            raise ResumeError(
                f"the {what} is not the one that the training in {folder} began with, so it cannot come to the same "
                f"result: start anew in another folder with --out, or remove {path}"
            )
    return state


def resume_path(folder: Path) -> Path:
    """Where the state of an unfinished training is."""
    return folder / "resume.npz"


def resume_command(folder: Path) -> str:
    """The command that goes on with it.

    >>> from pathlib import Path
    >>> resume_command(Path("two words"))
    "python -m model.train --resume --out 'two words'"
    """
    return shlex.join(["python", "-m", "model.train", "--resume", "--out", str(folder)])


def require_unfinished(folder: Path, expected: bool) -> None:
    """Make sure that there is something to resume or, before a new training, that there is not.

    Raises:
        ResumeError: it is not as expected.
    """
    if resume_path(folder).exists() == expected:
        return
    if expected:
        raise ResumeError(f"{folder} holds no unfinished training: start one without --resume")
    raise ResumeError(
        f"{folder} holds an unfinished training. `{resume_command(folder)}` goes on with it; "
        f"to give it up, remove {resume_path(folder)}, or name another folder with --out"
    )


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep other processes from training in the folder. The system takes the lock back whatever becomes of this one.

    Raises:
        ResumeError: another process trains there.
    """
    if fcntl is None:  # Windows: nothing guards the folder
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ResumeError(f"another process is training in {folder}: wait for it, or name another folder") from None
        yield
    finally:
        os.close(descriptor)
