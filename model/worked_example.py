"""The example of docs/maths.md, first half: one hurried seven, or another drawing, taken through every formula.

Each function computes the numbers of one section, by name, for a network of any weights, widths and activation. It
calls the code that the text quotes and has no formulas of its own. All in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.explain import Explainer
from model.network import Floats, Network, activation_gradient, cross_entropy, one_hot, scale_pixels, softmax
from model.preprocess import preprocess
from model.rejection import DETECTOR_WEIGHT, TYPICAL_NOVELTY, Detector, Rejector, energy

Numbers = dict[str, Any]

LABEL: Final = 7
STROKE: Final = ((38, 34), (72, 20), (56, 56), (50, 94))  # a seven whose bar is so short that it could be a one
CANVAS, PEN = 112, 14
NUDGES: Final = tuple(10.0**-k for k in range(1, 13))  # changes of one weight, to measure a slope
REACH: Final = 4.0  # half the range of that weight in the curve of the loss
CURVE: Final = 81  # points of a drawn curve


def hurried_seven() -> Floats:
    """The example's picture (784,) in [0, 1], preprocessed."""
    image = Image.new("L", (CANVAS, CANVAS), 0)
    pen, radius = ImageDraw.Draw(image), PEN / 2
    pen.line(STROKE, fill=255, width=PEN, joint="curve")
    for x, y in (STROKE[0], STROKE[-1]):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return scale_pixels(preprocess(image).ravel()).astype(np.float64)


def example_numbers(network: Network, picture: NDArray[np.uint8] | None = None) -> Numbers:
    """The numbers of the hurried seven, or of a picture (784,) that has some ink; huge weights make some infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        example = Example.of(network, picture)
        explained = {"explain": explanation(example)} if network.activation == "relu" else {}
        return explained | {
            "forward": forward(example),
            "softmax": softmax_numbers(example),
            "entropy": cross_entropy_numbers(example),
            "backprop": backpropagation(example),
            "activation": activation_numbers(example),
            "calibration": calibration(example),
            "rejection": rejection_numbers(example),
            "picture": example.x[0].tolist(),
        }


@dataclass(frozen=True)
class Example:
    """The network in float64, the picture (1, 784), its target (1, classes), and every layer's activations."""

    network: Network
    x: Floats
    y: Floats
    layers: list[Floats]

    @classmethod
    def of(cls, network: Network, picture: NDArray[np.uint8] | None = None) -> Example:
        """The hurried seven in a network for digits; or a picture (784,), the answer to which is taken to be right."""
        theta = network.theta.astype(np.float64)
        double = Network(network.sizes, theta, network.activation, network.temperature, network.extras)
        x = hurried_seven() if picture is None else scale_pixels(picture).astype(np.float64)
        layers = double.forward(x[None])
        label = LABEL if picture is None else layers[-1][0].argmax()
        y = one_hot(np.array([label]), network.sizes[-1]).astype(np.float64)
        return cls(double, x[None], y, layers)

    @property
    def label(self) -> int:
        """The right digit."""
        return int(self.y.argmax())

    @property
    def logits(self) -> Floats:
        """The logits (1, classes)."""
        return self.layers[-1]


def forward(example: Example) -> Numbers:
    """The pre-activation of the first layer's most active neuron, as a sum, and the ten logits."""
    network, x, h = example.network, example.x[0], example.layers[1][0]
    strongest = int(h.argmax())
    W, b = network.weights[0][:, strongest], float(network.biases[0][strongest])
    return {
        "sizes": network.sizes,
        "parameters": network.theta.size,
        "products": sum(W.size for W in network.weights),
        "inked": int((x > 0).sum()),
        "neuron": strongest,
        "weighted": float(x @ W),
        "bias": b,
        "z": float(x @ W) + b,
        "h": float(h[strongest]),
        "logits": example.logits[0].tolist(),
        "answer": int(example.logits.argmax()),
    }


def softmax_numbers(example: Example) -> Numbers:
    """The probabilities, and that a shift of all logits does not change them."""
    logits = example.logits[0]
    p = softmax(logits)
    shifted = softmax(logits + 1000)
    return {
        "p": p.tolist(),
        "p_true": float(p[example.label]),
        "largest": float(logits.max()),
        "sum": float(np.exp(logits - logits.max()).sum()),
        "shift_error": float(np.abs(p - shifted).max()),
        "p_at_2": softmax(logits, 2.0).tolist(),
    }


def cross_entropy_numbers(example: Example) -> Numbers:
    """The loss, its gradient p − y at the logits, and the same measured by changing one logit."""
    logits, y = example.logits, example.y
    nudge = np.zeros_like(logits)
    nudge[0, example.label] = 1e-5
    measured = (cross_entropy(logits + nudge, y) - cross_entropy(logits - nudge, y)) / 2e-5
    gradient = softmax(logits) - y
    return {
        "loss": cross_entropy(logits, y),
        "ignorance": cross_entropy(np.zeros_like(logits), y),
        "gradient": gradient[0].tolist(),
        "gradient_sum": abs(float(gradient.sum())),
        "gradient_true": float(gradient[0, example.label]),
        "measured": measured,
    }


def backpropagation(example: Example) -> Numbers:
    """One weight's gradient, by backpropagation and measured with smaller and smaller changes; the loss along it."""
    network, x, y = example.network, example.x, example.y
    _, gradient = network.gradient(x, y)
    first = network.weights[0].size
    place = int(np.abs(gradient[:first]).argmax())
    pixel, neuron = divmod(place, network.sizes[1])
    stated = float(gradient[place])

    def loss(change: float) -> float:
        theta = network.theta.copy()
        theta[place] += change
        return Network(network.sizes, theta, network.activation).loss(x, y)

    rows = []
    for nudge in NUDGES:
        change = loss(nudge) - loss(-nudge)
        rows.append({"nudge": nudge, "change": change, "measured": change / (2 * nudge)})
        rows[-1]["error"] = abs(rows[-1]["measured"] / stated - 1) if stated else 0.0
    at = np.linspace(-REACH, REACH, CURVE)
    return {
        "pixel": pixel,
        "row": pixel // 28,
        "column": pixel % 28,
        "neuron": neuron,
        "ink": float(x[0, pixel]),
        "delta": stated / float(x[0, pixel]) if x[0, pixel] else 0.0,
        "weight": float(network.theta[place]),
        "stated": stated,
        "check": rows[3],
        "nudges": rows,
        "curve": {"at": at.tolist(), "loss": [loss(change) for change in at]},
        **_sum_over_pictures(example),
    }


def _sum_over_pictures(example: Example) -> Numbers:
    """The gradient of two pictures is the mean of their gradients; the second one is the mirror image."""
    x, y = example.x, example.y
    mirrored = x.reshape(28, 28)[:, ::-1].reshape(1, -1)
    _, both = example.network.gradient(np.concatenate([x, mirrored]), np.concatenate([y, y]))
    (_, one), (_, other) = example.network.gradient(x, y), example.network.gradient(mirrored, y)
    return {"mean_error": float(np.abs(both - (one + other) / 2).max())}


def activation_numbers(example: Example) -> Numbers:
    """The hidden neurons that are inactive, and those that let the gradient through."""
    hidden = example.layers[1:-1]
    return {
        "neurons": sum(h.size for h in hidden),
        "silent": sum(int((h == 0).sum()) for h in hidden),
        "open": sum(int((activation_gradient(h, example.network.activation) != 0).sum()) for h in hidden),
        "steepest": max(float(activation_gradient(h, example.network.activation).max()) for h in hidden),
    }


def calibration(example: Example) -> Numbers:
    """The confidence with and without the temperature."""
    logits, T = example.logits, example.network.temperature
    before, after = softmax(logits)[0], softmax(logits, T)[0]
    return {"temperature": T, "before": float(before.max()), "after": float(after.max())}


def rejection_numbers(example: Example) -> Numbers:
    """The example's energy, log-odds, score and novelty, and the limits; None where training is unfinished."""
    network = example.network
    numbers: Numbers = {"typical": TYPICAL_NOVELTY, "weight": DETECTOR_WEIGHT, "inputs": sum(network.sizes[1:])}
    numbers["energy"] = float(energy(example.logits)[0])
    if not network.extras:
        return numbers | dict.fromkeys(("units", "log_odds", "ood_score", "limit", "scale", "novelty"))
    detector = Detector.from_arrays(network.extras, network.sizes)
    rejector, score = Rejector.from_arrays(network.extras), detector.ood_score(example.layers)
    return numbers | {
        "units": detector.network.sizes[1],
        "log_odds": float(detector.log_odds(example.layers)[0]),
        "ood_score": float(score[0]),
        "limit": rejector.limit,
        "scale": rejector.scale,
        "novelty": float(rejector.novelty(score)[0]),
    }


def explanation(example: Example) -> Numbers:
    """The attribution of the answer, and the straight line from a blank picture to the example."""
    explainer, x = Explainer.of(example.network), example.x[0]
    layers = explainer.forward(x)
    attribution, path = explainer.attribution(layers), explainer.path(np.zeros_like(x), x)
    odds = (path.logits[:, attribution.target] - path.logits[:, attribution.against]) / example.network.temperature
    return {
        "target": attribution.target,
        "against": attribution.against,
        "bias": attribution.bias,
        "ink": attribution.ink,
        "sum": attribution.bias + attribution.ink,
        "log_odds": attribution.log_odds,
        "error": abs(attribution.bias + attribution.ink - attribution.log_odds),
        "odds": float(np.exp(attribution.log_odds)),
        "parts": attribution.parts.tolist(),
        "breakpoints": len(path.at) - 2,
        "flips": [flip._asdict() for flip in path.changes],
        "path": {"at": path.at.tolist(), "log_odds": odds.tolist()},
    }
