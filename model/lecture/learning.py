"""The numbers of the mathematics, second half: how steps are taken, what is added to the loss, how weights begin.

As in `worked`: each function works one section out by calling the code that the text quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np

from model.data.augment import SIDE, Variation, augment, elastic, gaussian
from model.network import Initialisation, Network, dropout_mask, one_hot, softmax, weight_blocks
from model.optimizers import MUON_SCALE, NEWTON_SCHULZ, NEWTON_SCHULZ_STEPS, SGD, Adam, Muon, cosine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.lecture.example import Example, Numbers
    from model.optimizers import Optimizer

    Vector = NDArray[np.floating[Any]]

SEED: Final = 0
VARIED: Final = 1024  # pictures whose gradients are compared
BATCHES: Final = (1, 16, 256)
DRAWN: Final = 2000  # batches of each size
STEEP: Final = 25.0  # how much steeper the valley is across than along
START: Final = (-9.0, 2.0)
RATE: Final = 0.035
STEPS: Final = 40
MOMENTUM: Final = 0.8
L2: Final = 1e-3
LAYERS: Final = 10
WIDTH: Final = 256
DROPOUT: Final = 0.5
MASKS: Final = 10_000
FIELDS: Final = 256
SHOWN: Final = 4  # varied pictures on the page


def batches(example: Example) -> Numbers:
    """How far the gradient of a batch strays from that of all pictures, for ever larger batches of varied sevens.

    Batches are drawn with replacement: cut from the pictures, large ones would stray less than the root of their size
    promises, for together they are all there is.
    """
    rng = np.random.default_rng(SEED)
    pictures = augment(np.repeat(example.x.astype(np.float32), VARIED, axis=0), Variation(), rng)
    logits = example.network.forward(pictures.astype(np.float64))[-1]
    each = softmax(logits) - example.y  # a picture's gradient at the logits, which is that of the last biases, too
    whole = each.mean(axis=0)
    strays = []
    for n in BATCHES:
        drawn = [each[rng.integers(VARIED, size=n)].mean(axis=0) for _ in range(DRAWN)]
        strays.append(float(np.sqrt(((np.array(drawn) - whole) ** 2).sum(axis=1).mean())))
    ratio = strays[0] / strays[1] if strays[1] else 0.0
    return {"pictures": VARIED, "sizes": BATCHES, "drawn": DRAWN, "strays": strays, "ratio": ratio}


def descents() -> Numbers:
    """Four ways down one valley, f(a, b) = (a² + 25·b²) / 2, from one place with one learning rate."""
    ways: dict[str, Optimizer] = {
        "plain": SGD(),
        "momentum": SGD(MOMENTUM),
        "nesterov": SGD(MOMENTUM, nesterov=True),
        "adam": Adam(),
    }
    paths = {name: trajectory(way, RATE) for name, way in ways.items()}
    return {
        "rate": RATE,
        "momentum": MOMENTUM,
        "steep": STEEP,
        "steps": STEPS,
        "start": START,
        "limit": 2 / STEEP,
        "paths": {name: path.tolist() for name, path in paths.items()},
        "heights": {name: valley(path[-1]) for name, path in paths.items()},
        "start_height": valley(np.array(START)),
    }


def valley(place: Vector) -> float:
    """Of the valley."""
    return float((place[0] ** 2 + STEEP * place[1] ** 2) / 2)


def trajectory(optimizer: Optimizer, rate: float) -> Vector:
    """The places that an optimiser visits in the valley, (STEPS + 1, 2)."""
    place = np.array(START)
    places = [place.copy()]
    for _ in range(STEPS):
        optimizer.step(place, place * np.array([1.0, STEEP]), rate)
        places.append(place.copy())
    return np.array(places)


def momentum_sum() -> Numbers:
    """What a gradient that is always 1 comes to under momentum: the velocity after 1, 2, 3, and many steps."""
    way, theta = SGD(0.9), np.zeros(1)
    velocities = []
    for _ in range(200):
        before = theta[0]
        way.step(theta, np.ones(1), 1.0)
        velocities.append(float(before - theta[0]))
    return {"first": velocities[:3], "last": velocities[-1]}


def adam_start() -> Numbers:
    """Adam's first step and memory, for a gradient of 3 and one of 0.003: both steps are as long as the rate."""
    moved, memories = [], []
    for gradient in (3.0, 0.003):
        way, theta = Adam(), np.zeros(1)
        way.step(theta, np.array([gradient]), 0.002)
        moved.append(float(-theta[0]))
        memories.append((0.0 if way.m is None else float(way.m[0]), 0.0 if way.v is None else float(way.v[0])))
    return {"rate": 0.002, "steps": moved, "m": memories[0][0], "v": memories[0][1]}


def orthogonalization(example: Example, pictures: int = 64) -> Numbers:
    """How unevenly the first layer's gradient spreads over its directions, and what the rounds make of a weak one."""
    network = example.network
    varied = augment(
        np.repeat(example.x.astype(np.float32), pictures, axis=0), Variation(), np.random.default_rng(SEED)
    )
    _, gradient = network.gradient(varied.astype(np.float64), np.repeat(example.y, pictures, axis=0))
    _, inputs, outputs = weight_blocks(network.sizes)[0]
    block = gradient[: inputs * outputs].reshape(inputs, outputs)
    strengths = np.linalg.svd(block, compute_uv=False) ** 2 if np.isfinite(block).all() else np.full(1, np.nan)
    a, b, c = NEWTON_SCHULZ
    rounds = [0.01]
    for _ in range(NEWTON_SCHULZ_STEPS):
        rounds.append(a * rounds[-1] + b * rounds[-1] ** 3 + c * rounds[-1] ** 5)
    return {
        "momentum": Muon(()).momentum,
        "reach": MUON_SCALE,
        "quintic": NEWTON_SCHULZ,
        "turns": NEWTON_SCHULZ_STEPS,
        "pictures": pictures,
        "share": float(strengths[0] / strengths.sum()) if strengths.any() else 0.0,
        "rounds": rounds[1:],
    }


def decay(example: Example) -> Numbers:
    """What the penalty adds to the loss, and what it alone does to a weight of 1 in a thousand steps."""
    network, rate = example.network, 0.1
    added = network.loss(example.x, example.y, L2) - network.loss(example.x, example.y)
    way, weight = SGD(), np.ones(1)
    for _ in range(1000):
        way.step(weight, L2 * weight, rate)
    return {"l2": L2, "rate": rate, "added": added, "left": float(weight[0]), "factor": 1 - rate * L2}


def dropout_numbers(example: Example) -> Numbers:
    """A sum of the last layer with neurons dropout_numbers at random, over many masks: its mean is the sum without."""
    network, rng = example.network, np.random.default_rng(SEED)
    h, W, b = example.layers[-2][0], network.weights[-1], network.biases[-1]
    unit = int(example.logits.argmax())
    masks = dropout_mask(np.ones((MASKS, h.size)), DROPOUT, rng)
    sums = (masks * h) @ W[:, unit] + b[unit]
    return {
        "dropout": DROPOUT,
        "masks": MASKS,
        "whole": float(example.logits[0, unit]),
        "mean": float(sums.mean()),
        "deviation": float(sums.std()),
        "mean_error": float(sums.std() / np.sqrt(MASKS)),
    }


def initialisation() -> Numbers:
    """The size of the signal (root mean square) after each of ten ReLU layers, for each way to begin."""
    spreads: dict[str, list[float]] = {}
    for scheme in get_args(Initialisation):
        rng = np.random.default_rng(SEED)
        network = Network.create((WIDTH,) * (LAYERS + 2), rng, "relu", scheme)
        activations = network.forward(rng.standard_normal((WIDTH, WIDTH)).astype(np.float32))[:-1]
        spreads[scheme] = [float(np.sqrt((h.astype(np.float64) ** 2).mean())) for h in activations]
    deviation = Network.create((784, 128), np.random.default_rng(SEED)).weights[0].std()
    return {
        "width": WIDTH,
        "layers": LAYERS,
        "spreads": spreads,
        "last": {scheme: spread[-1] for scheme, spread in spreads.items()},
        "he_784": float(np.sqrt(2 / 784)),
        "drawn_784": float(deviation),
    }


def elastic_distortion(example: Example) -> Numbers:
    """The distortion's root mean square, and some varied pictures."""
    rng, variation = np.random.default_rng(SEED), Variation()
    field = elastic(FIELDS, variation.smoothness, rng)
    blur = gaussian(SIDE, variation.smoothness).astype(np.float64)
    varied = augment(np.repeat(example.x.astype(np.float32), SHOWN, axis=0), variation, rng)
    return {
        "smoothness": variation.smoothness,
        "pixels": variation.elastic,
        "fields": FIELDS,
        "rms": float(np.sqrt((field.astype(np.float64) ** 2).mean())),
        "noise": float(np.sqrt(1 / 12)),
        "kept": float((blur**2).sum(axis=1).mean()),
        "varied": varied.tolist(),
    }


def label_smoothing(smoothing: float = 0.1) -> Numbers:
    """Targets with label smoothing, and the lead in logits at which learning from them comes to rest."""
    target = one_hot(np.array([7]), 10, smoothing).astype(np.float64)[0]
    return {
        "smoothing": smoothing,
        "true": target[7],
        "other": target[0],
        "margin": float(np.log(target[7] / target[0])),
    }


def train_config(meta: dict[str, Any]) -> Numbers:
    """What the loaded network was trained with, as far as its file says."""
    stored = meta.get("recipe")
    config: dict[str, Any] = stored if isinstance(stored, dict) else {}
    keys = (
        "optimizer",
        "rate",
        "batch_size",
        "l2",
        "dropout",
        "label_smoothing",
        "average",
        "initialisation",
        "called_none",
    )
    share = float(config.get("average") or 0)
    halves = float(np.log(0.5) / np.log(share)) if 0 < share < 1 else None
    return {key: config.get(key) for key in keys} | {"half_life": halves}


def schedule() -> Numbers:
    """The cosine at its quarters."""
    return {"shares": [cosine(1.0, total=4)(step) for step in range(5)]}
