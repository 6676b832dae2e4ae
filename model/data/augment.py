"""Augmentation: random rotation, shear, scale, shift, elastic distortion, thickness and contrast, batch by batch.

Position and shape are varied by one displacement field, so that a picture is resampled once:

    source of a pixel = affine map of its place + smooth random displacement

The smooth part is elastic distortion (Simard, Steinkraus & Platt 2003): white noise blurred by a Gaussian.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Batch = NDArray[np.float32]
SIDE = 28
PADDING = 2  # blank pixels around a picture, for sources outside it
PADDED = SIDE + 2 * PADDING
CHUNK = 128  # pictures at a time: their arrays stay in the processor's cache


@dataclass(frozen=True)
class AugmentationConfig:
    """The largest random change of each kind (uniform), or its deviation (elastic)."""

    rotation: float = 12.0  # degrees
    shear: float = 0.25  # horizontal pixels per vertical pixel
    scale: float = 0.12  # share of the size, each axis independently
    shift: float = 1.5  # pixels
    elastic: float = 1.2  # pixels, root mean square
    smoothness: float = 4.0  # pixels, the Gaussian's σ
    thickness: float = 0.6  # share of one pixel, thicker or thinner at each side
    contrast: float = 0.3  # the a of a grey p that becomes p + a·p·(1 − p)


def augment(
    pictures: Batch,
    config: AugmentationConfig,
    rng: np.random.Generator,
    strength: NDArray[np.floating[Any]] | None = None,
) -> Batch:
    """Pictures (n, 784) in [0, 1], each varied independently.

    `strength` (n,) is the share of the augmentation that each picture gets, from 0 to 1; 1 by default.
    """
    strength = np.ones(len(pictures)) if strength is None else strength
    out = np.empty_like(pictures)
    for start in range(0, len(pictures), CHUNK):
        part, share = pictures[start : start + CHUNK].reshape(-1, SIDE, SIDE), strength[start : start + CHUNK]
        part = thicken(part, share * rng.uniform(-config.thickness, config.thickness, len(part)))
        part = warp(part, displacements(share, config, rng))
        part = change_contrast(part, share * rng.uniform(-config.contrast, config.contrast, len(part)))
        out[start : start + CHUNK] = part.reshape(-1, SIDE * SIDE)
    return out


def displacements(strength: NDArray[np.floating[Any]], config: AugmentationConfig, rng: np.random.Generator) -> Batch:
    """The source of each pixel relative to its place, in pixels: (n, 2, 28, 28), rows first.

    `strength` (n,) is each picture's share of the augmentation.
    """
    n = len(strength)
    angle = np.radians(strength * rng.uniform(-config.rotation, config.rotation, n))
    shear = strength * rng.uniform(-config.shear, config.shear, n)
    zoom = 1 + strength * rng.uniform(-config.scale, config.scale, (2, n))
    cos, sin = np.cos(angle), np.sin(angle)
    # The random choice is symmetric, so it does not matter whether this is the map or its inverse.
    linear = np.array([[cos * zoom[0], sin * zoom[0]], [(shear * cos - sin) * zoom[1], (shear * sin + cos) * zoom[1]]])
    linear = np.moveaxis(linear, -1, 0) - np.eye(2)
    each = strength[:, None, None, None]
    shift = each * rng.uniform(-config.shift, config.shift, (n, 2, 1, 1))
    affine = np.tensordot(linear, _GRID, axes=1) + shift
    if not config.elastic:
        return affine.astype(np.float32)
    field = elastic(n, config.smoothness, rng)
    field *= (each * config.elastic).astype(np.float32)
    field += affine.astype(np.float32)
    return field


def elastic(n: int, smoothness: float, rng: np.random.Generator) -> Batch:
    """Smooth random fields (n, 2, 28, 28) of root mean square 1: noise blurred along both axes by a Gaussian."""
    blur = gaussian(SIDE, smoothness)
    noise = rng.random((n, 2, SIDE, SIDE), dtype=np.float32)
    noise -= np.float32(0.5)
    # Uniform noise on ±1/2 has variance 1/12; blurring multiplies it by Σ blur² along each axis.
    gain = np.sqrt(12.0) / (blur**2).sum(axis=1).mean()
    field: Batch = (blur @ noise) @ (blur.T * np.float32(gain))
    return field


def gaussian(side: int, sigma: float) -> Batch:
    """The matrix (side, side) that blurs a row of pixels: B[i, j] ∝ exp(−(i − j)² / 2σ²), rows sum to 1."""
    places = np.arange(side)
    weights = np.exp(-((places[:, None] - places) ** 2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def warp(pictures: Batch, moved: Batch) -> Batch:
    """Pictures (n, 28, 28) resampled at place + displacement, with bilinear interpolation."""
    n = len(pictures)
    padded = np.zeros((n, PADDED, PADDED), dtype=np.float32)
    padded[:, PADDING:-PADDING, PADDING:-PADDING] = pictures
    places = moved + _PLACES
    np.clip(places, 0, np.float32(PADDED - 1.001), out=places)
    corner = places.astype(np.int32)
    places -= corner
    down, right = places[:, 0], places[:, 1]
    index = corner[:, 0] * PADDED + corner[:, 1]
    index += (np.arange(n, dtype=np.int32) * (PADDED * PADDED))[:, None, None]
    flat = padded.ravel()
    top_left, top_right = flat.take(index), flat[1:].take(index)
    low_left, low_right = flat[PADDED:].take(index), flat[PADDED + 1 :].take(index)
    top_right -= top_left
    low_right -= low_left
    top_left += right * top_right
    low_left += right * low_right
    low_left -= top_left
    moved_pictures: Batch = top_left + down * low_left
    return moved_pictures


def thicken(pictures: Batch, strength: NDArray[np.floating[Any]]) -> Batch:
    """Each picture (28, 28) blended with itself, dilated (strength > 0) or eroded (< 0) by a pixel on every side."""
    out = pictures.copy()
    for sign, spread in ((1, np.maximum), (-1, np.minimum)):
        chosen = np.flatnonzero(strength * sign > 0)
        part = pictures[chosen]
        changed = part.copy()
        for here, there in _NEIGHBOURS:
            spread(changed[here], part[there], out=changed[here])
        changed -= part
        changed *= np.abs(strength[chosen]).astype(np.float32)[:, None, None]
        out[chosen] += changed
    return out


def change_contrast(pictures: Batch, strength: NDArray[np.floating[Any]]) -> Batch:
    """Greys changed to p + a·p·(1 − p), which keeps black and white."""
    curve = 1 - pictures
    curve *= pictures
    curve *= strength.astype(np.float32)[:, None, None]
    curve += pictures
    return curve


_CENTRED = np.arange(SIDE) - (SIDE - 1) / 2
_GRID = np.stack(np.meshgrid(_CENTRED, _CENTRED, indexing="ij"))  # (2, 28, 28): row and column, relative to the middle
_PLACES = (_GRID + (SIDE - 1) / 2 + PADDING).astype(np.float32)
_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
_NEIGHBOURS = (
    ((_ALL, _FIRST), (_ALL, _LAST)),
    ((_ALL, _LAST), (_ALL, _FIRST)),
    ((_ALL, _ALL, _FIRST), (_ALL, _ALL, _LAST)),
    ((_ALL, _ALL, _LAST), (_ALL, _ALL, _FIRST)),
)
