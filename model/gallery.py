"""What lights a neuron: the training pictures that make it say most, and a typical picture of each digit.

A neuron's weights are hard to read; what it answers to is not. The pictures travel in a file beside the weights, each
stored once, and are few: a handful for every neuron.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.storage import READ_ERRORS, pack, unpack, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from model.explain import Unit
    from model.network import Floats, Network

PER_NEURON: Final = 6


@dataclass(frozen=True)
class NeuronExamples:
    """Some pictures (n, 784), their labels (n,), and what the neuron said to each (n,); nothing for typical ones."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    values: Floats


@dataclass(frozen=True)
class Gallery:
    """Pictures, and which of them each neuron of each hidden layer answers to most."""

    model: str
    pictures: NDArray[np.uint8]  # (m, 784)
    labels: NDArray[np.uint8]  # (m,)
    tops: list[NDArray[np.intp]]  # of each layer, (width, PER_NEURON), the loudest first
    values: list[Floats]  # as tops
    typical: NDArray[np.intp]  # (10,)

    def examples(self, unit: Unit) -> NeuronExamples:
        """The training pictures that light a neuron most; those that leave it dark are left out."""
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
        """From a file, if there is one and it is about this very network: it only adds detail."""
        try:
            arrays = unpack(path.read_bytes())
            layers = range(1, len(network.sizes) - 1)
            gallery = cls(
                str(arrays["model"]),
                arrays["pictures"],
                arrays["labels"],
                [arrays[f"tops{k}"].astype(np.intp) for k in layers],
                [arrays[f"values{k}"] for k in layers],
                arrays["typical"].astype(np.intp),
            )
        except READ_ERRORS:
            return None
        return gallery if gallery.model == network.name and gallery._is_valid(network) else None

    def _is_valid(self, network: Network) -> bool:
        """Whether there is something for every neuron, and everything that is pointed at is there."""
        widths = network.sizes[1:-1]
        return (
            self.pictures.shape == (len(self.labels), network.sizes[0])
            and self.typical.shape == (10,)
            and all(top.shape[:1] == (width,) for top, width in zip(self.tops, widths, strict=True))
            and all(top.shape == values.shape for top, values in zip(self.tops, self.values, strict=True))
            and all((places < len(self.labels)).all() for places in (*self.tops, self.typical))
        )
