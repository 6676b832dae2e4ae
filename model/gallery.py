"""The training pictures that activate each neuron most, and a typical picture of each digit.

They are kept in a file beside the weights: a handful for every neuron, each stored once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.explain import Unit
from model.network import Floats, Network
from model.storage import load_companion, pack, write_atomic

PER_NEURON: Final = 6


@dataclass(frozen=True)
class NeuronExamples:
    """Pictures (n, 784), their labels (n,), and the neuron's activation for each (n,); empty for typical ones."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    values: Floats


@dataclass(frozen=True)
class Gallery:
    """Pictures, and which of them activate each neuron of each hidden layer most."""

    model: str
    pictures: NDArray[np.uint8]  # (m, 784)
    labels: NDArray[np.uint8]  # (m,)
    tops: list[NDArray[np.intp]]  # of each layer, (width, PER_NEURON), the strongest first
    values: list[Floats]  # as tops
    typical: NDArray[np.intp]  # (10,)

    def examples(self, unit: Unit) -> NeuronExamples:
        """The training pictures that activate a neuron most; those that do not activate it are left out."""
        values = self.values[unit.layer - 1][unit.number]
        places = self.tops[unit.layer - 1][unit.number][values > 0]
        return NeuronExamples(self.pictures[places], self.labels[places], values[values > 0])

    @property
    def typical_digits(self) -> NeuronExamples:
        """A typical picture of each digit, 0 to 9."""
        return NeuronExamples(self.pictures[self.typical], self.labels[self.typical], np.zeros(0))

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        arrays: dict[str, Any] = {"model": self.model, "pictures": self.pictures, "labels": self.labels}
        arrays["typical"] = self.typical.astype(np.uint16)
        for k, (top, values) in enumerate(zip(self.tops, self.values, strict=True), start=1):
            arrays |= {f"tops{k}": top.astype(np.uint16), f"values{k}": values.astype(np.float32)}
        write_atomic(path, pack(arrays))

    @classmethod
    def load(cls, path: Path, network: Network) -> Gallery | None:
        """From a file; None if it is missing, damaged or about another network."""
        layers = range(1, len(network.sizes) - 1)

        def make(**arrays: Any) -> Gallery:  # noqa: ANN401 - a name and arrays
            return cls(
                arrays["model"],
                arrays["pictures"],
                arrays["labels"],
                [arrays[f"tops{k}"].astype(np.intp) for k in layers],
                [arrays[f"values{k}"] for k in layers],
                arrays["typical"].astype(np.intp),
            )

        return load_companion(path, network.name, make, lambda gallery: gallery._is_valid(network))

    def _is_valid(self, network: Network) -> bool:
        """Whether every neuron has its pictures, and every index is that of a picture."""
        widths = network.sizes[1:-1]
        return (
            self.pictures.shape == (len(self.labels), network.sizes[0])
            and self.typical.shape == (10,)
            and all(top.shape[:1] == (width,) for top, width in zip(self.tops, widths, strict=True))
            and all(top.shape == values.shape for top, values in zip(self.tops, self.values, strict=True))
            and all((places < len(self.labels)).all() for places in (*self.tops, self.typical))
        )
