"""Teachers: networks whose answers another network learns together with the labels (distillation).

How a teacher divides its probability tells more about a drawing than the label does (Hinton et al. 2015).
"""

from pathlib import Path
from typing import Protocol

from model.network import Floats, Network, WeightsError
from model.training.convolution import ConvolutionalNetwork


class Teacher(Protocol):
    """What a training needs of its teacher."""

    @property
    def name(self) -> str:
        """The kind of network, its size, and the checksum of its file."""

    def probabilities(self, x: Floats) -> Floats:
        """Its answers to pictures (n, 784) in [0, 1]: (n, 10)."""


def load_teacher(path: Path) -> Teacher:
    """The network in a file of weights, of either kind.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    try:
        return Network.load(path)
    except WeightsError as error:
        try:
            return ConvolutionalNetwork.load(path)
        except WeightsError:
            raise error from None
