"""The example of docs/maths.md, second half: optimisers, regularisation, initialisation and augmentation."""

from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from model.data.augment import SIDE, AugmentationConfig, augment, elastic, gaussian
from model.network import Initialisation, Network, dropout_mask, one_hot, softmax, weight_blocks
from model.optimizers import MUON_SCALE, NEWTON_SCHULZ, NEWTON_SCHULZ_STEPS, SGD, Adam, Muon, Optimizer, cosine
from model.worked_example import Example, Numbers

Vector = NDArray[np.floating[Any]]
SEED: Final = 0
VARIED: Final = 1024  # augmented pictures whose gradients are compared
BATCHES: Final = (1, 16, 256)
DRAWN: Final = 2000  # random batches of each size
STEEP: Final = 25.0  # the curvature of the valley across, against 1 along it
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
SHOWN: Final = 4  # augmented pictures on the page


def batches(example: Example) -> Numbers:
    """The deviation of a batch's gradient from that of all pictures, for larger and larger batches of varied sevens.

    Batches are drawn with replacement. Without, large ones would deviate less than the root of their size says.
    """
    rng = np.random.default_rng(SEED)
    pictures = augment(np.repeat(example.x.astype(np.float32), VARIED, axis=0), AugmentationConfig(), rng)
    logits = example.network.forward(pictures.astype(np.float64))[-1]
    each = softmax(logits) - example.y  # each picture's gradient at the logits, which is also that of the last biases
    whole = each.mean(axis=0)
    strays = []
    for n in BATCHES:
        drawn = [each[rng.integers(VARIED, size=n)].mean(axis=0) for _ in range(DRAWN)]
        strays.append(float(np.sqrt(((np.array(drawn) - whole) ** 2).sum(axis=1).mean())))
    ratio = strays[0] / strays[1] if strays[1] else 0.0
    return {"pictures": VARIED, "sizes": BATCHES, "drawn": DRAWN, "strays": strays, "ratio": ratio}


def descents() -> Numbers:
    """Four optimisers in one valley, f(a, b) = (a² + STEEP·b²) / 2, from one start and with one learning rate."""
    optimizers: dict[str, Optimizer] = {
        "plain": SGD(),
        "momentum": SGD(MOMENTUM),
        "nesterov": SGD(MOMENTUM, nesterov=True),
        "adam": Adam(),
    }
    paths = {name: trajectory(optimizer, RATE) for name, optimizer in optimizers.items()}
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
    """The height at a place (2,)."""
    return float((place[0] ** 2 + STEEP * place[1] ** 2) / 2)


def trajectory(optimizer: Optimizer, rate: float) -> Vector:
    """The places of an optimiser in the valley, (STEPS + 1, 2)."""
    place = np.array(START)
    places = [place.copy()]
    for _ in range(STEPS):
        optimizer.step(place, place * np.array([1.0, STEEP]), rate)
        places.append(place.copy())
    return np.array(places)


def momentum_sum() -> Numbers:
    """The velocity under a constant gradient of 1, after 1, 2, 3 and many steps."""
    optimizer, theta = SGD(0.9), np.zeros(1)
    velocities = []
    for _ in range(200):
        before = theta[0]
        optimizer.step(theta, np.ones(1), 1.0)
        velocities.append(float(before - theta[0]))
    return {"first": velocities[:3], "last": velocities[-1]}


def adam_start() -> Numbers:
    """Adam's first step and its m and v, for gradients of 3 and 0.003: both steps are as long as the rate."""
    optimizers, moved = (Adam(), Adam()), []
    for optimizer, gradient in zip(optimizers, (3.0, 0.003), strict=True):
        theta = np.zeros(1)
        optimizer.step(theta, np.array([gradient]), 0.002)
        moved.append(float(-theta[0]))
    m, v = (float(vars(optimizers[0])[name][0]) for name in ("m", "v"))
    return {"rate": 0.002, "steps": moved, "m": m, "v": v}


def orthogonalization(example: Example, pictures: int = 64) -> Numbers:
    """The share of the strongest direction in the first layer's gradient, and a weak one in each iteration."""
    network = example.network
    same, rng = np.repeat(example.x.astype(np.float32), pictures, axis=0), np.random.default_rng(SEED)
    varied = augment(same, AugmentationConfig(), rng)
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
    """The penalty's part in the loss, and its effect on a weight of 1 in a thousand steps."""
    network, rate = example.network, 0.1
    added = network.loss(example.x, example.y, L2) - network.loss(example.x, example.y)
    optimizer, weight = SGD(), np.ones(1)
    for _ in range(1000):
        optimizer.step(weight, L2 * weight, rate)
    return {"l2": L2, "rate": rate, "added": added, "left": float(weight[0]), "factor": 1 - rate * L2}


def dropout_numbers(example: Example) -> Numbers:
    """One logit under many dropout masks: its mean is the logit without dropout."""
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
    """The signal's root mean square after each of ten ReLU layers, for each initialisation."""
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
    """The root mean square of elastic distortion, and some augmented pictures."""
    rng, config = np.random.default_rng(SEED), AugmentationConfig()
    field = elastic(FIELDS, config.smoothness, rng)
    blur = gaussian(SIDE, config.smoothness).astype(np.float64)
    varied = augment(np.repeat(example.x.astype(np.float32), SHOWN, axis=0), config, rng)
    return {
        "smoothness": config.smoothness,
        "pixels": config.elastic,
        "fields": FIELDS,
        "rms": float(np.sqrt((field.astype(np.float64) ** 2).mean())),
        "noise": float(np.sqrt(1 / 12)),
        "kept": float((blur**2).sum(axis=1).mean()),
        "varied": varied.tolist(),
    }


def label_smoothing(smoothing: float = 0.1) -> Numbers:
    """Targets with label smoothing, and the margin of the logits at which their gradient is 0."""
    other, true = one_hot(np.array([7]), 10, smoothing).astype(np.float64)[0, 6:8]
    return {"smoothing": smoothing, "true": true, "other": other, "margin": float(np.log(true / other))}


def train_config(meta: dict[str, Any]) -> Numbers:
    """How the network was trained, as far as its file says."""
    stored = meta.get("recipe")
    return stored if isinstance(stored, dict) else {}


def schedule() -> Numbers:
    """The cosine schedule at its quarters."""
    return {"shares": [cosine(1.0, total=4)(step) for step in range(5)]}
