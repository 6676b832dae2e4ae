"""Optimisers, which turn a gradient into a step, and schedules of the learning rate.

All work on flat vectors: `theta` (the parameters) is changed in place, `gradient` is only read; `rate` is the learning
rate of this step.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]
Block = tuple[int, int, int]
NEWTON_SCHULZ_STEPS: Final = 5  # iterations of the polynomial in `orthogonalize`
NEWTON_SCHULZ: Final = (3.4445, -4.775, 2.0315)  # its coefficients: small values grow fastest (Jordan et al. 2024)
MUON_SCALE: Final = 10  # of Muon's steps: each weight then moves about as far as by Adam


class Optimizer(Protocol):
    """What training needs of an optimiser."""

    def step(self, theta: Vector, gradient: Vector, rate: float) -> None:
        """Move `theta` downhill, in place."""


class SGD:
    """Gradient descent with momentum: v ← μ·v + g, θ ← θ − rate·v (Polyak 1964).

    Nesterov's form steps by g + μ·v instead, the gradient at the place that momentum is about to reach (Sutskever et
    al. 2013). What the gradient is taken over makes it batch, mini-batch or stochastic descent.
    """

    def __init__(self, momentum: float = 0.0, *, nesterov: bool = False) -> None:
        if nesterov and not momentum:
            raise ValueError("Nesterov's form needs a momentum above 0")
        self.momentum, self.nesterov = momentum, nesterov
        self.velocity: Vector | None = None

    def step(self, theta: Vector, gradient: Vector, rate: float) -> None:
        """Move `theta` downhill, in place."""
        kind = theta.dtype.type
        if not self.momentum:
            theta -= kind(rate) * gradient
            return
        if self.velocity is None:
            self.velocity = np.zeros_like(theta)
        self.velocity *= kind(self.momentum)
        self.velocity += gradient
        direction = gradient + kind(self.momentum) * self.velocity if self.nesterov else self.velocity
        theta -= kind(rate) * direction


class Adam:
    """Momentum on the gradient and on its square: θ ← θ − rate·m̂ / (√v̂ + ε) (Kingma & Ba 2015).

    m and v start at zero and are too small at first; m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ) correct that.
    """

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m: Vector | None = None
        self.v: Vector | None = None
        self.t = 0

    def step(self, theta: Vector, gradient: Vector, rate: float) -> None:
        """Move `theta` downhill, in place."""
        if self.m is None or self.v is None:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        kind = theta.dtype.type
        self.t += 1
        self.m += kind(1 - self.beta1) * (gradient - self.m)
        self.v += kind(1 - self.beta2) * (gradient * gradient - self.v)
        # Both corrections as scalars (Kingma & Ba 2015, end of section 2) save two passes over the vectors.
        correction = math.sqrt(1 - self.beta2**self.t)
        denominator = np.sqrt(self.v)
        denominator += kind(self.epsilon * correction)
        theta -= kind(rate * correction / (1 - self.beta1**self.t)) * self.m / denominator


class Muon(Adam):
    """Orthogonalized momentum: W ← W − 10·rate·√max(1, outputs / inputs)·E(m) (Jordan et al. 2024).

    m is the mean of recent gradients, in Nesterov's form. It has a few strong directions and many weak ones; E
    (`orthogonalize`) makes all about as strong, so that a step learns from each. Parameters outside the blocks (biases,
    the last layer) are updated by Adam.
    """

    def __init__(self, blocks: Sequence[Block], momentum: float = 0.95) -> None:
        super().__init__()
        self.blocks = np.array(blocks, dtype=np.int64).reshape(-1, 3)  # (n, 3): start, inputs, outputs
        self.momentum = momentum
        self.velocity: Vector | None = None
        self.rest: NDArray[np.int64] | None = None  # the indices outside the blocks

    def step(self, theta: Vector, gradient: Vector, rate: float) -> None:
        """Move `theta` downhill, in place."""
        if self.velocity is None or self.rest is None:
            self.velocity, self.rest = np.zeros_like(theta), self._rest(theta.size)
        kind = theta.dtype.type
        self.velocity += kind(1 - self.momentum) * (gradient - self.velocity)
        ahead = gradient + kind(self.momentum) * (self.velocity - gradient)
        for start, inputs, outputs in self.blocks.tolist():
            block = slice(start, start + inputs * outputs)
            length = kind(MUON_SCALE * rate * math.sqrt(max(1.0, outputs / inputs)))
            theta[block] -= length * orthogonalize(ahead[block].reshape(inputs, outputs)).ravel()
        others = theta[self.rest]
        super().step(others, gradient[self.rest], rate)
        theta[self.rest] = others

    def _rest(self, size: int) -> NDArray[np.int64]:
        in_blocks = [np.arange(start, start + inputs * outputs) for start, inputs, outputs in self.blocks.tolist()]
        return np.setdiff1d(np.arange(size), np.concatenate([[], *in_blocks]))


def orthogonalize(matrix: Vector) -> Vector:
    """The matrix with the same singular vectors and singular values near 1: UΣVᵀ → about UVᵀ.

    The Newton–Schulz iteration X ← aX + b(XXᵀ)X + c(XXᵀ)²X changes the singular values alone, to aσ + bσ³ + cσ⁵.

    >>> orthogonalize(np.diag([3.0, 0.3])).round(1).tolist()
    [[0.7, 0.0], [0.0, 0.7]]
    """
    a, b, c = (matrix.dtype.type(factor) for factor in NEWTON_SCHULZ)
    tall = matrix.shape[0] > matrix.shape[1]
    x = np.ascontiguousarray(matrix.T if tall else matrix)
    x = x / (np.linalg.norm(x) + x.dtype.type(1e-7))  # then no singular value is above 1
    for _ in range(NEWTON_SCHULZ_STEPS):
        squares = x @ x.T
        x = a * x + (b * squares + c * (squares @ squares)) @ x
    return x.T if tall else x


def constant(rate: float, *, warmup: int = 0) -> Callable[[int], float]:
    """The same rate at every step, after the warm-up."""
    return lambda step: rate * _warmup_factor(step, warmup)


def cosine(rate: float, total: int, *, warmup: int = 0) -> Callable[[int], float]:
    """From `rate` down to 0 along half a cosine over `total` steps (Loshchilov & Hutter 2017).

    >>> [round(cosine(1.0, total=4)(step), 2) for step in range(5)]
    [1.0, 0.85, 0.5, 0.15, 0.0]
    """

    def at(step: int) -> float:
        progress = min(1.0, max(0, step - warmup) / max(1, total - warmup))
        return rate * (1 + math.cos(math.pi * progress)) / 2 * _warmup_factor(step, warmup)

    return at


def step_decay(rate: float, every: int, factor: float = 0.1, *, warmup: int = 0) -> Callable[[int], float]:
    """`rate`, multiplied by `factor` after each `every` steps.

    >>> [step_decay(1.0, every=2, factor=0.5)(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    return lambda step: rate * factor ** (step // every) * _warmup_factor(step, warmup)


def _warmup_factor(step: int, warmup: int) -> float:
    """A linear rise over the first `warmup` steps: large steps from random weights can ruin the training."""
    return min(1.0, (step + 1) / warmup) if warmup else 1.0
