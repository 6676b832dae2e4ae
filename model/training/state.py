"""An interrupted training goes on as if it had not been: after every epoch its whole state is in one file.

"The same result" means the same bits, on the same machine with as many threads of OpenBLAS.
"""

from __future__ import annotations

import json
import os
import shlex
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.storage import READ_ERRORS, pack, unpack, write_atomic

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from model.data.dataset import Dataset


class ResumeError(Exception):
    """A training cannot be begun, or gone on with, in this folder; the message says why and what to do."""


@dataclass(frozen=True)
class SavedTraining:
    """A training between two epochs: the command line it was begun with, what it learns from, and its state."""

    words: list[str]  # every knob, with its value
    origin: dict[str, Any]  # what else has to be the same for the same result
    state: dict[str, NDArray[Any]]

    def save(self, folder: Path) -> None:
        """Write the file, whole or not at all."""
        about = json.dumps({"words": self.words, "origin": self.origin})
        write_atomic(resume_path(folder), pack({"about": about, **self.state}, compress=False))

    @classmethod
    def load(cls, folder: Path) -> SavedTraining:
        """What is unfinished in a folder.

        Raises:
            Unresumable: it cannot be read.
        """
        path = resume_path(folder)
        try:
            state = unpack(path.read_bytes())
            about = json.loads(str(state.pop("about")))
            return cls(about["words"], about["origin"], state)
        except READ_ERRORS as error:
            raise ResumeError(f"{path} cannot be read ({error}): remove it and start anew") from None


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


def require_unfinished(folder: Path) -> None:
    """Make sure that there is something to go on with.

    Raises:
        Unresumable: there is not.
    """
    if not resume_path(folder).exists():
        raise ResumeError(f"{folder} holds no unfinished training: start one without --resume")


def require_no_unfinished(folder: Path) -> None:
    """Make sure that a new training does not wipe out one that could go on.

    Raises:
        Unresumable: there is one.
    """
    if resume_path(folder).exists():
        raise ResumeError(
            f"{folder} holds an unfinished training. `{resume_command(folder)}` goes on with it; "
            f"to give it up, remove {resume_path(folder)}, or name another folder with --out"
        )


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Within it no other process trains in the folder. The system takes the lock back whatever becomes of this one.

    Raises:
        Unresumable: another one does.
    """
    if fcntl is None:  # Windows: nothing guards the folder
        yield
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        _lock(place, folder)
        yield
    finally:
        os.close(place)


def _lock(place: int, folder: Path) -> None:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResumeError(f"another process is training in {folder}: wait for it, or name another folder") from None


def checksum(dataset: Dataset) -> int:
    """What tells these lessons from others."""
    value = 0
    for digits in (dataset.train, *dataset.validation.values()):
        value = zlib.crc32(digits.labels.data, zlib.crc32(np.ascontiguousarray(digits.pictures).data, value))
    return value
