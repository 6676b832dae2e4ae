"""Light on a picture, and the camera that takes it. Light multiplies: a shadow darkens paper and ink alike."""

import io
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from model.data.photographs.papers import (
    Picture,
    Plane,
    Rng,
    Size,
    blurred,
    coordinates,
    over,
    parallel_lines,
    smooth_noise,
)
from model.data.photographs.writing import coverage


def _towards(size: Size, angle: float) -> Plane:
    """How far each pixel lies in a direction: −1 at one end of the picture, 1 at the other."""
    y, x = coordinates(size)
    along = (x / size[1] * 2 - 1) * np.cos(angle) + (y / size[0] * 2 - 1) * np.sin(angle)
    return np.asarray(along / (abs(np.cos(angle)) + abs(np.sin(angle))), dtype=np.float32)


def even_light(size: Size, rng: Rng) -> Plane:
    """Light that falls off a little to one side."""
    return 1 - np.float32(rng.uniform(0.01, 0.125)) * (1 + _towards(size, rng.uniform(0, 2 * np.pi)))


def _shadow_edge(size: Size, softness: float, rng: Rng) -> Plane:
    """A shadow with a straight edge somewhere in the picture's middle, `softness` of its size wide."""
    along = _towards(size, rng.uniform(0, 2 * np.pi)) - np.float32(rng.uniform(-0.35, 0.35))
    shade = 0.5 + 0.5 * np.tanh(along / np.float32(softness))
    return np.asarray(1 - rng.uniform(0.3, 0.6) * shade, dtype=np.float32)


def soft_shadow(size: Size, rng: Rng) -> Plane:
    """A shadow with a wide edge."""
    return even_light(size, rng) * _shadow_edge(size, rng.uniform(0.12, 0.4), rng)


def hard_shadow(size: Size, rng: Rng) -> Plane:
    """A shadow with a sharp edge."""
    return even_light(size, rng) * _shadow_edge(size, rng.uniform(0.003, 0.03), rng)


def hand_shadow(size: Size, rng: Rng) -> Plane:
    """The shadow of a hand with its fingers, reaching in from below."""
    side = min(size)
    wrist = np.array([size[1] * rng.uniform(0.2, 0.8), size[0] * rng.uniform(0.85, 1.1)])
    angles = rng.uniform(-2.1, -1.0) + np.linspace(-0.5, 0.5, 4)
    fingers = [
        np.stack([wrist, wrist + side * rng.uniform(0.45, 0.7) * np.array([np.cos(a), np.sin(a)])]) for a in angles
    ]
    palm = coverage([np.stack([wrist, wrist + 1])], side * 0.45, size)
    hand = blurred(np.maximum(palm, coverage(fingers, side * 0.1, size)), side * rng.uniform(0.005, 0.03))
    return np.asarray(even_light(size, rng) * (1 - rng.uniform(0.3, 0.55) * hand), dtype=np.float32)


def dark_corners(size: Size, rng: Rng) -> Plane:
    """Light from the middle, or from beside it."""
    y, x = coordinates(size)
    middle = rng.uniform(0.35, 0.65, 2)
    far = (x / size[1] - middle[0]) ** 2 + (y / size[0] - middle[1]) ** 2
    return np.asarray(1 - np.clip(far * rng.uniform(0.9, 1.6), 0, 0.75), dtype=np.float32)


def lamp(size: Size, rng: Rng) -> Plane:
    """A lamp's bright pool, in which paper is overexposed, and dusk around it."""
    y, x = coordinates(size)
    middle, reach = rng.uniform(0.2, 0.8, 2), rng.uniform(0.2, 0.5)
    far = (x / size[1] - middle[0]) ** 2 + (y / size[0] - middle[1]) ** 2
    return np.asarray(rng.uniform(0.7, 0.95) + rng.uniform(0.2, 0.5) * np.exp(-far / reach**2), dtype=np.float32)


def crumpled(size: Size, rng: Rng, depth: float = 1.0) -> Plane:
    """Paper that was crumpled: creases, lit on one side and dark on the other, and dents between them."""
    dents = smooth_noise(size, min(size) / rng.uniform(4, 9), rng) * np.float32(0.09 * depth)
    light = even_light(size, rng) + dents
    for _ in range(int(rng.integers(4, 9))):
        far = _towards(size, rng.uniform(0, 2 * np.pi)) - np.float32(rng.uniform(-0.7, 0.7))
        fold = np.sign(far) * np.exp(-np.abs(far) / np.float32(rng.uniform(0.05, 0.4)))
        light += np.float32(depth * rng.uniform(0.04, 0.16)) * fold
    return np.clip(light, 0.25, 1.15)


def very_crumpled(size: Size, rng: Rng) -> Plane:
    """Deeper creases."""
    return crumpled(size, rng, rng.uniform(1.3, 1.9))


def blinds(size: Size, rng: Rng) -> Plane:
    """Sunlight through blinds: parallel hard shadows."""
    spacing = min(size) * rng.uniform(0.12, 0.3)
    bars = parallel_lines(size, spacing, spacing / 2, rng.uniform(-1, 1), rng)
    return np.asarray(1 - rng.uniform(0.2, 0.45) * blurred(bars, spacing * 0.06), dtype=np.float32)


def glare(picture: Picture, rng: Rng) -> Picture:
    """A window or lamp mirrored in a glossy surface: a white veil over a part of it."""
    size = picture.shape[0], picture.shape[1]
    y, x = coordinates(size)
    middle, reach = rng.uniform(0.15, 0.85, 2), rng.uniform(0.12, 0.3, 2)
    far = ((x / size[1] - middle[0]) / reach[0]) ** 2 + ((y / size[0] - middle[1]) / reach[1]) ** 2
    veil = 1 / (1 + np.maximum(far, 0) ** rng.uniform(1, 3)) * rng.uniform(0.3, 0.65)
    return over(picture, (1.0, 1.0, 1.0), np.asarray(veil, dtype=np.float32))


class Camera(NamedTuple):
    """Ranges of a camera's faults."""

    blur: tuple[float, float] = (0.3, 1.0)  # deviation in pixels
    noise: tuple[float, float] = (0.004, 0.02)  # deviation, of white
    quality: tuple[int, int] = (70, 95)  # of JPEG


USUAL_CAMERA: Final = Camera()


def expose(picture: Picture, rng: Rng, camera: Camera = USUAL_CAMERA) -> Image.Image:
    """The picture as a camera sees it, through JPEG."""
    balance = rng.uniform(0.94, 1.04) * (1 + rng.normal(0, 0.015, 3))
    shown = np.clip(picture * balance.astype(np.float32), 0, 1)
    image = Image.fromarray(np.rint(shown * 255).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(*camera.blur))))
    grain = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(255 * rng.uniform(*camera.noise))
    noisy = Image.fromarray(np.rint(np.clip(soft + grain, 0, 255)).astype(np.uint8))
    return through_jpeg(noisy, int(rng.integers(*camera.quality, endpoint=True)))


def through_jpeg(image: Image.Image, quality: int) -> Image.Image:
    """The image, saved as a JPEG and read again."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    read = Image.open(file)
    read.load()
    return read
