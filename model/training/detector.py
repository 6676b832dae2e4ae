"""Train the detector, which tells digits from outliers by what a trained network's neurons do."""

import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import NO_DIGIT, Dataset
from model.network import Floats, Network, one_hot, scale_pixels
from model.optimizers import Adam, cosine
from model.rejection import Detector, detector_inputs
from model.training.config import TrainConfig
from model.training.loop import DataLoader

SEED: Final = 9  # beside the training's, and unlike those of the drawings
# In the folds of the cross-validation, 16 and 64 hidden neurons, and 12 epochs, were no better. Repeating the outliers
# made of people's strokes raised the AUROC of the small network's letters by 0.1 to 0.3 points.
UNITS: Final = 32
EPOCHS: Final = 5
REPETITIONS: Final = 4  # of outliers made of people's strokes: letters, and groups cut out of numbers
BATCH_SIZE: Final = 256
LEARNING_RATE: Final = 0.003
MEASURED: Final = 5120  # pictures whose activations set the scale of the inputs
SPREAD: Final = 0.1  # added to an input's deviation, so that a neuron that is hardly ever active is not blown up


def train_detector(
    network: Network, dataset: Dataset, config: TrainConfig, on_step: Callable[[float], None] = lambda _: None
) -> Detector:
    """A detector for the network, which stays as it is, from the pictures that it was trained on.

    They are augmented as at the end of that training. Without an outlier among them there is nothing to learn: the
    log-odds are 0 for every picture then. `on_step` gets the share of steps done.
    """
    rng = np.random.default_rng((config.seed, SEED))
    detector, optimizer = Detector.create(network.sizes, UNITS, rng), Adam()
    learner, step, indices = detector.network, 0, repeated_indices(dataset)
    if not (dataset.train.labels == NO_DIGIT).any():
        learner.theta[:] = 0
        return detector
    mean, spread = _scale_of_inputs(network, dataset.train.pictures[rng.permutation(indices)[:MEASURED]])
    batches = dataclasses.replace(config, batch_size=BATCH_SIZE)
    loader = DataLoader(dataset.train, batches, None, dataset.drawn, indices)
    generators = dict(zip(("order", "augmentation"), rng.spawn(2), strict=True))
    rate = cosine(LEARNING_RATE, steps := EPOCHS * loader.batches)
    for _ in range(EPOCHS):
        for x, _, labels in loader.epoch(config.final_augmentation, generators):
            inputs = (detector_inputs(network.forward(x)) - mean) / spread
            _, gradient = learner.gradient(inputs, one_hot((labels == NO_DIGIT).astype(np.uint8), learner.sizes[-1]))
            optimizer.step(learner.theta, gradient, rate(step))
            step += 1
            on_step(step / steps)
    # (a − m)/s · W + b = a · W/s + (b − m · W/s): the detector takes the activations as they are.
    learner.weights[0] /= spread[:, None]
    learner.biases[0] -= mean @ learner.weights[0]
    return detector


def repeated_indices(dataset: Dataset) -> NDArray[np.intp]:
    """The indices of the training pictures; those of outliers made of people's strokes come several times."""
    indices = np.arange(len(dataset.train))
    if dataset.writers is None:
        return indices
    by_people = indices[(dataset.train.labels == NO_DIGIT) & (dataset.writers != "")]
    return np.concatenate([indices, np.repeat(by_people, REPETITIONS - 1)])


def _scale_of_inputs(network: Network, pictures: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """The mean and the deviation of each of the detector's inputs."""
    inputs = detector_inputs(network.forward(scale_pixels(pictures)))
    return inputs.mean(axis=0), inputs.std(axis=0) + inputs.dtype.type(SPREAD)
