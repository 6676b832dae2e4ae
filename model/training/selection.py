"""Choices made on validation digits: the epoch whose network is kept, its temperature, and its limits of rejection."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import concatenate
from model.data.mnist import Digits
from model.network import Floats, Network, cross_entropy, one_hot, scale_pixels, softmax
from model.recognize import Recognizer
from model.rejection import Detector, Rejector

TEMPERATURES: Final = np.geomspace(0.4, 4, 121)
STRANGERS: Final = 1.1  # times the temperature of validation people; chosen by cross-validation over people
CALIBRATION: Final = ("mnist", "pen")  # the validation sets that people made


@dataclass(frozen=True)
class Epoch:
    """The figures of one pass over the training pictures."""

    number: int
    steps: int  # taken by then, since the start of the training
    rate: float
    loss: float
    accuracy: float  # on the augmented digits, while learning
    gradient_norm: float  # the length of the gradient, mean over the steps


class ModelSelection:
    """The best parameters so far, by the mean of the validation sets' accuracies, then losses; and the history."""

    def __init__(self, validation: dict[str, Digits]) -> None:
        self.sets = {name: (scale_pixels(part.pictures), part.labels) for name, part in validation.items()}
        self.theta: Floats | None = None
        self.score = (-1.0, 0.0)
        self.steps = 0  # of training that those had had
        self.history: list[dict[str, float]] = []

    def update(self, network: Network, epoch: Epoch) -> None:
        """Measure the network after an epoch, add a line to the history, and keep the network if it is the best."""
        layers = {name: network.forward(x) for name, (x, _) in self.sets.items()}
        logits = {name: (layers[name][-1], labels) for name, (_, labels) in self.sets.items()}
        right = {name: float((z.argmax(axis=1) == labels).mean()) for name, (z, labels) in logits.items()}
        loss = sum(cross_entropy(z, one_hot(labels)) for z, labels in logits.values()) / len(logits)
        accuracy = sum(right.values()) / len(right)
        if (accuracy, -loss) > self.score:
            self.score, self.theta, self.steps = (accuracy, -loss), network.theta.copy(), epoch.steps
        line = {**dataclasses.asdict(epoch), "validation_loss": loss, "validation_accuracy": accuracy}
        line |= {f"validation_accuracy_{name}": value for name, value in right.items()}
        line["dead_neurons"] = dead_share(list(layers.values())) if network.activation == "relu" else 0.0
        self.history.append({key: round(value, 6) for key, value in line.items()})

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The selection so far, as arrays."""
        saved = json.dumps({"score": self.score, "steps": self.steps, "history": self.history})
        return {"selection": np.array(saved), **({} if self.theta is None else {"selection.theta": self.theta})}

    def load_state_dict(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Restore what `state_dict` returned."""
        saved = json.loads(str(state["selection"]))
        self.score, self.steps, self.history = tuple(saved["score"]), saved["steps"], saved["history"]
        self.theta = state.get("selection.theta")


def dead_share(sets: list[list[Floats]]) -> float:
    """The share of the hidden ReLU neurons whose activation is 0 for every picture of every set.

    They pass no gradient on either: unless the weights below them change, they have nothing more to learn.
    """
    hidden = zip(*(layers[1:-1] for layers in sets), strict=True)
    alive = np.concatenate([np.logical_or.reduce([(h > 0).any(axis=0) for h in layer]) for layer in hidden])
    return float(1 - alive.mean())


def calibrate(network: Network, detector: Detector, validation: dict[str, Digits], rejected_share: float) -> Recognizer:
    """Fit the temperature, and the limits of the verdicts, on people's validation digits.

    Synthetic digits are left out: the network learned from others of their own kind, and is surer of them than of what
    people draw.
    """
    digits = concatenate(part for name, part in validation.items() if name in CALIBRATION)
    activations = network.forward(scale_pixels(digits.pictures))
    logits, ood_scores = activations[-1], detector.ood_score(activations)
    network.temperature = fit_temperature(logits, digits.labels)
    rejector = Rejector.fit(ood_scores, softmax(logits, network.temperature), rejected_share)
    network.extras = detector.arrays() | rejector.arrays()
    return Recognizer(network, detector, rejector)


def fit_temperature(logits: Floats, labels: NDArray[np.uint8], strangers: float = STRANGERS) -> float:
    """The temperature with the least cross-entropy on validation digits (Guo et al. 2017), times `strangers`.

    Validation writers are read better than people at large: their temperature alone would be too sure of strangers.
    """
    logits, targets = logits.astype(np.float64), one_hot(labels, logits.shape[1])
    return strangers * float(min(TEMPERATURES, key=lambda T: cross_entropy(logits / T, targets)))
