"""All numbers of the mathematics by section and name, and the file beside the weights that holds them."""

import json
from pathlib import Path

import numpy as np

from model.lecture import learning
from model.network import Network
from model.storage import numbers_path, write_atomic
from model.worked_example import Example, Numbers, example_numbers


def numbers(network: Network) -> Numbers:
    """Every number that the text states about a network; huge weights may make some of them infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        example = Example.of(network)
        return example_numbers(network) | {
            "batches": learning.batches(example),
            "descents": learning.descents(),
            "momentum": learning.momentum_sum(),
            "adam": learning.adam_start(),
            "muon": learning.orthogonalization(example),
            "schedule": learning.schedule(),
            "decay": learning.decay(example),
            "dropout": learning.dropout_numbers(example),
            "start": learning.initialisation(),
            "elastic": learning.elastic_distortion(example),
            "smoothing": learning.label_smoothing(),
            "recipe": learning.train_config(network.meta),
        }


def write_numbers(weights: Path, network: Network) -> None:
    """Write the numbers of a network beside its weights, where the server finds them."""
    content = {"model": network.name, "numbers": numbers(network)}
    write_atomic(numbers_path(weights), json.dumps(content).encode())
