"""Recognition: pictures in; probabilities, verdicts, novelty and activations out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.network import Ablated, Floats, Network, WeightsError, describe_error, scale_pixels, softmax
from model.rejection import Detector, Rejector, Verdict


@dataclass(frozen=True)
class Prediction:
    """The answers to n pictures, in their order."""

    pictures: NDArray[np.uint8]  # (n, 784)
    activations: list[Floats]  # of the hidden layers, first to last, (n, width)
    probabilities: Floats  # (n, classes), float64: they sum to 1
    novelty: Floats  # (n,)
    verdicts: list[Verdict]

    @classmethod
    def joined(cls, parts: Sequence[Prediction]) -> Prediction:
        """The answers of several predictions, one after the other; there is at least one."""
        return cls(
            np.concatenate([part.pictures for part in parts]),
            [np.concatenate(layers) for layers in zip(*(part.activations for part in parts), strict=True)],
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.novelty for part in parts]),
            [verdict for part in parts for verdict in part.verdicts],
        )

    def take(self, numbers: Sequence[int]) -> Prediction:
        """The answers to the pictures with these numbers."""
        chosen = np.asarray(numbers, dtype=np.intp)
        return Prediction(
            self.pictures[chosen],
            [layer[chosen] for layer in self.activations],
            self.probabilities[chosen],
            self.novelty[chosen],
            [self.verdicts[i] for i in numbers],
        )

    def digit(self, i: int) -> int | None:
        """The answer to picture i; None if it is blank."""
        return None if self.verdicts[i] == "blank" else int(self.probabilities[i].argmax())


@dataclass(frozen=True)
class Recognizer:
    """A network, its detector and its rejector. It keeps nothing between calls, so threads may share it."""

    network: Network
    detector: Detector
    rejector: Rejector

    @classmethod
    def load(cls, path: Path) -> Recognizer:
        """From a weights file.

        Raises:
            WeightsError: the file cannot be used; the message names it and the fault.
        """
        network = Network.load(path)
        try:
            _require_digits(network.sizes)
            detector = Detector.from_arrays(network.extras, network.sizes)
            return cls(network, detector, Rejector.from_arrays(network.extras))
        except (KeyError, ValueError) as error:
            raise WeightsError(f"{path}: {describe_error(error)}") from None

    def read(self, pictures: NDArray[np.uint8], ablated: Ablated = ()) -> Prediction:
        """Recognise pictures (n, 784), 255 = ink, with these neurons ablated.

        The network gets n matrices of one row, (n, 1, 784), not one of n rows: the rounding of a product depends on its
        number of rows, and a picture must have the same numbers alone and in a batch.

        The detector never saw ablated neurons in training, so novelty tells less with them.
        """
        layers = self.network.forward(scale_pixels(pictures)[:, None], ablated)
        activations = [layer[:, 0] for layer in layers]
        inked = pictures.max(axis=1) > 0
        probabilities = softmax(activations[-1].astype(np.float64), self.network.temperature)
        probabilities[~inked] = 1 / probabilities.shape[1]
        novelty = self.rejector.novelty(self.detector.ood_score(layers)[:, 0])
        novelty[~inked] = 1
        verdicts = self.rejector.verdicts(probabilities, novelty, inked)
        return Prediction(pictures, activations[1:-1], probabilities, novelty, verdicts)


def _require_digits(sizes: tuple[int, ...]) -> None:
    if len(sizes) < 3 or sizes[0] != 784 or sizes[-1] != 10:
        raise ValueError(f"sizes {sizes} do not lead from 784 pixels through a hidden layer to 10 digits")
