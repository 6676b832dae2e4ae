"""The pictures behind a confusion matrix: misread test digits, and the least certain of those read right.

They are kept in a file beside the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.storage import load_companion, pack, write_atomic


@dataclass(frozen=True)
class Mistakes:
    """Test pictures (n, 784) with their labels, the network's answers and its confidence in them."""

    model: str
    numbers: NDArray[np.uint16]  # (n,) their indices in the test set
    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    confidence: NDArray[np.float32]

    def cell(self, true: int, answer: int) -> Mistakes:
        """One cell of the confusion matrix: the most confident mistakes first, or the least confident right answers."""
        chosen = (self.labels == true) & (self.answers == answer)
        columns = self.numbers, self.pictures, self.labels, self.answers, self.confidence
        return Mistakes(self.model, *(column[chosen] for column in columns))

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_atomic(path, pack(vars(self)))

    @classmethod
    def load(cls, path: Path, network: Network) -> Mistakes | None:
        """From a file; None if it is missing, damaged or about another network."""
        return load_companion(path, network.name, cls, cls._is_valid)

    def _is_valid(self) -> bool:
        """Whether types and shapes are those that `save` writes, and every number is finite."""
        n = self.numbers.size
        columns = self.numbers, self.labels, self.answers, self.confidence
        kinds = [array.dtype for array in (*columns, self.pictures)]
        if kinds != [np.uint16, np.uint8, np.uint8, np.float32, np.uint8]:
            return False
        shapes = {array.shape for array in columns}
        return shapes == {(n,)} and self.pictures.shape == (n, 784) and bool(np.isfinite(self.confidence).all())
