"""The digits of a test that were misread, kept as pictures; and of those read right, the ones that were least sure.

A confusion matrix counts; the pictures say what the counts are made of. They travel in a file beside the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.storage import READ_ERRORS, pack, unpack, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from model.network import Network


@dataclass(frozen=True)
class Mistakes:
    """Test pictures (n, 784) with what they are, what they were taken for, and how sure of it the network was."""

    model: str
    numbers: NDArray[np.uint16]  # (n,) their places in the test set, from 0
    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    confidence: NDArray[np.float32]

    def cell(self, true: int, answer: int) -> Mistakes:
        """Those of one cell of the confusion matrix: the surest mistakes first, or the least sure right answers."""
        here = np.flatnonzero((self.labels == true) & (self.answers == answer))
        return Mistakes(
            self.model,
            self.numbers[here],
            self.pictures[here],
            self.labels[here],
            self.answers[here],
            self.confidence[here],
        )

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_atomic(path, pack(vars(self)))

    @classmethod
    def load(cls, path: Path, network: Network) -> Mistakes | None:
        """From a file, if there is one and it is about this very network: it only adds detail."""
        try:
            arrays = unpack(path.read_bytes())
            names = ("numbers", "pictures", "labels", "answers", "confidence")
            found = cls(str(arrays["model"]), *(arrays[name] for name in names))
        except READ_ERRORS:
            return None
        return found if found.model == network.name and found._is_valid() else None

    def _is_valid(self) -> bool:
        """Whether the arrays are such as `save` writes."""
        n = self.numbers.size
        columns = self.numbers, self.labels, self.answers, self.confidence
        kinds = [array.dtype for array in (*columns, self.pictures)]
        if kinds != [np.uint16, np.uint8, np.uint8, np.float32, np.uint8]:
            return False
        shapes = {array.shape for array in columns}
        return shapes == {(n,)} and self.pictures.shape == (n, 784) and bool(np.isfinite(self.confidence).all())
